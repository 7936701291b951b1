/* Units and dimensions. Every quantity is kept in its dimension's base unit: mm, mm^2, mm^3, g, s, K, rad is
   never used (deg), W, W*s, N, bar, per second; money in its own currency. */
#ifndef FLOW_SCHEMA_UNITS_H
#define FLOW_SCHEMA_UNITS_H

#include "base/rational.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exponents of the independent dimensions. Two quantities may be added when these are equal. */
enum base_dimension {
    BASE_LENGTH,
    BASE_MASS,
    BASE_TIME,
    BASE_TEMPERATURE,
    BASE_ANGLE,
    BASE_MONEY,
    BASE_COUNT
};

struct dimension {
    int8_t length, mass, time, temperature, angle, money;
};

#define DIMENSION_NONE ((struct dimension){0, 0, 0, 0, 0, 0})
static inline bool dimension_equal(struct dimension a, struct dimension b)
{
    return a.length == b.length && a.mass == b.mass && a.time == b.time &&
           a.temperature == b.temperature && a.angle == b.angle && a.money == b.money;
}

/* A unit as written ("USD/kg", "g/cm^3"): value in base units = number * scale + offset. */
struct unit {
    const char *text; /* as it is printed after a number, "%" and the like included */
    struct dimension dimension;
    struct rational scale;
    struct rational offset; /* degC, degF only */
    bool absolute;          /* a temperature on a scale: may not be added to another */
    bool percent;
    char currency[4]; /* "" without money */
};

/* True for a word that is a unit by itself: "mm", "min", "USD", "degC". length in bytes. */
bool unit_is_name(const char *text, size_t length);

/* Reads a unit expression: name[^n] (('*'|'/') name[^n])*. workday_s: seconds of a workday (the shop's week / 5).
   On failure returns false, and bad_begin/bad_end are the offsets of the word that is no unit. */
bool unit_parse(const char *text, size_t length, struct rational workday_s, struct unit *unit,
                size_t *bad_begin, size_t *bad_end);

/* Decimals a currency is printed with (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD; -1 for no currency. */
int currency_decimals(const char code[4]);

/* The nearest unit name to a misspelt one, or NULL. */
const char *unit_suggest(const char *word);

/* The i-th unit name that is no currency (for documentation and completion), NULL past the end. */
const char *unit_name_at(int i);

#endif
