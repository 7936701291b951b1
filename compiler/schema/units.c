#include "schema/units.h"

#include "source/diagnostic.h"

#include <string.h>

/* value in base units = number * numerator / denominator (+ offset); base units: mm g s K deg. */
struct unit_row {
    const char *name;
    struct dimension dimension;
    int64_t numerator, denominator;
    enum { PLAIN, CELSIUS, FAHRENHEIT, PERCENT, WORKDAY } sort;
};

#define LENGTH                                                                                     \
    {                                                                                              \
        1, 0, 0, 0, 0, 0                                                                           \
    }
#define VOLUME                                                                                     \
    {                                                                                              \
        3, 0, 0, 0, 0, 0                                                                           \
    }
#define MASS                                                                                       \
    {                                                                                              \
        0, 1, 0, 0, 0, 0                                                                           \
    }
#define TIME                                                                                       \
    {                                                                                              \
        0, 0, 1, 0, 0, 0                                                                           \
    }
#define TEMPERATURE                                                                                \
    {                                                                                              \
        0, 0, 0, 1, 0, 0                                                                           \
    }
#define ANGLE                                                                                      \
    {                                                                                              \
        0, 0, 0, 0, 1, 0                                                                           \
    }
#define POWER                                                                                      \
    {                                                                                              \
        2, 1, -3, 0, 0, 0                                                                          \
    }
#define ENERGY                                                                                     \
    {                                                                                              \
        2, 1, -2, 0, 0, 0                                                                          \
    }
#define FORCE                                                                                      \
    {                                                                                              \
        1, 1, -2, 0, 0, 0                                                                          \
    }
#define PRESSURE                                                                                   \
    {                                                                                              \
        -1, 1, -2, 0, 0, 0                                                                         \
    }
#define PER_TIME                                                                                   \
    {                                                                                              \
        0, 0, -1, 0, 0, 0                                                                          \
    }
#define NO_DIMENSION                                                                               \
    {                                                                                              \
        0, 0, 0, 0, 0, 0                                                                           \
    }

static const struct unit_row unit_rows[] = {
    {"um", LENGTH, 1, 1000, PLAIN},
    {"mm", LENGTH, 1, 1, PLAIN},
    {"cm", LENGTH, 10, 1, PLAIN},
    {"m", LENGTH, 1000, 1, PLAIN},
    {"in", LENGTH, 254, 10, PLAIN},
    {"ft", LENGTH, 3048, 10, PLAIN},
    {"ml", VOLUME, 1000, 1, PLAIN},
    {"l", VOLUME, 1000000, 1, PLAIN},
    {"g", MASS, 1, 1, PLAIN},
    {"kg", MASS, 1000, 1, PLAIN},
    {"mg", MASS, 1, 1000, PLAIN},
    {"oz", MASS, 45359237, 1600000, PLAIN}, /* 1/16 of the pound of 0.45359237 kg */
    {"lb", MASS, 45359237, 100000, PLAIN},
    {"s", TIME, 1, 1, PLAIN},
    {"min", TIME, 60, 1, PLAIN},
    {"h", TIME, 3600, 1, PLAIN},
    {"day", TIME, 86400, 1, PLAIN},
    {"workday", TIME, 28800, 1, WORKDAY},
    {"week", TIME, 604800, 1, PLAIN},
    {"degC", TEMPERATURE, 1, 1, CELSIUS},
    {"°C", TEMPERATURE, 1, 1, CELSIUS},
    {"degF", TEMPERATURE, 5, 9, FAHRENHEIT},
    {"K", TEMPERATURE, 1, 1, PLAIN},
    {"deg", ANGLE, 1, 1, PLAIN},
    {"W", POWER, 1000000000, 1, PLAIN}, /* kg m^2/s^3 in g mm^2/s^3 */
    {"kW", POWER, 1000000000000, 1, PLAIN},
    {"Wh", ENERGY, 3600000000000, 1, PLAIN},
    {"kWh", ENERGY, 3600000000000000, 1, PLAIN},
    {"N", FORCE, 1000000, 1, PLAIN},
    {"kN", FORCE, 1000000000, 1, PLAIN},
    {"bar", PRESSURE, 100000, 1, PLAIN},
    {"rpm", PER_TIME, 1, 60, PLAIN},
    {"%", NO_DIMENSION, 1, 100, PERCENT},
};

#define UNIT_ROWS ((int)(sizeof unit_rows / sizeof *unit_rows))

/* ISO 4217: the codes by their number of decimals. Source: the published list of active codes, funds and metals left out. */
static const char *const currencies_without[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                 "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                                 "VND", "VUV", "XAF", "XOF", "XPF", NULL};
static const char *const currencies_with_three[] = {"BHD", "IQD", "JOD", "KWD",
                                                    "LYD", "OMR", "TND", NULL};
static const char *const currencies_with_two[] = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF",
    "CNY", "COP", "CRC", "CUC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB",
    "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HRK",
    "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU",
    "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB",
    "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG",
    "SEK", "SGD", "SHP", "SLE", "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB",
    "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VED", "VES",
    "WST", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG", "ZWL", NULL};

static bool in_list(const char *const *list, const char code[4])
{
    for (; *list; list++)
        if (memcmp(*list, code, 3) == 0)
            return true;
    return false;
}

int currency_decimals(const char code[4])
{
    for (int i = 0; i < 3; i++)
        if (code[i] < 'A' || code[i] > 'Z')
            return -1;
    if (code[3])
        return -1;
    if (in_list(currencies_with_two, code))
        return 2;
    if (in_list(currencies_without, code))
        return 0;
    return in_list(currencies_with_three, code) ? 3 : -1;
}

static bool is_currency(const char *text, size_t length, char code[4])
{
    if (length != 3)
        return false;
    memcpy(code, text, 3);
    code[3] = 0;
    return currency_decimals(code) >= 0;
}

static const struct unit_row *find_row(const char *text, size_t length)
{
    for (int i = 0; i < UNIT_ROWS; i++)
        if (unit_rows[i].name[0] == text[0] && strlen(unit_rows[i].name) == length &&
            memcmp(unit_rows[i].name, text, length) == 0)
            return &unit_rows[i];
    return NULL;
}

bool unit_is_name(const char *text, size_t length)
{
    char code[4];
    return length && (find_row(text, length) || is_currency(text, length, code));
}

const char *unit_name_at(int i)
{
    return i >= 0 && i < UNIT_ROWS ? unit_rows[i].name : NULL;
}

const char *unit_suggest(const char *word)
{
    static const char *const spoken[][2] = {
        {"hr", "h"},       {"hrs", "h"},      {"hour", "h"},      {"hours", "h"},
        {"mins", "min"},   {"minute", "min"}, {"minutes", "min"}, {"sec", "s"},
        {"secs", "s"},     {"second", "s"},   {"seconds", "s"},   {"days", "day"},
        {"weeks", "week"}, {"gram", "g"},     {"grams", "g"},     {"kgs", "kg"},
        {"inch", "in"},    {"inches", "in"},  {"feet", "ft"},     {"C", "degC"},
        {"F", "degF"},     {"percent", "%"},  {"degrees", "deg"}, {"micron", "um"},
        {"microns", "um"}, {"liter", "l"},    {"litre", "l"},     {"mL", "ml"},
        {"L", "l"},        {"Kg", "kg"},
    };
    for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
        if (strcmp(spoken[i][0], word) == 0)
            return spoken[i][1];
    const char *best = NULL;
    int nearest = 2;
    for (int i = 0; i < UNIT_ROWS; i++) {
        int distance = edit_distance(word, unit_rows[i].name);
        if (distance < nearest && strlen(word) > 1) {
            nearest = distance;
            best = unit_rows[i].name;
        }
    }
    return best;
}

static struct rational power_of(struct rational base, int exponent)
{
    struct rational result = RATIONAL_ONE;
    for (int i = 0; i < exponent; i++)
        result = rational_multiply(result, base);
    return result;
}

static bool is_name_byte(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 0x80 || c == '_' || c == '%' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* One factor: name[^n], multiplied into the unit or divided out of it. */
static bool add_factor(struct unit *unit, const char *name, size_t length, int exponent, bool below,
                       struct rational workday_s)
{
    char code[4];
    const struct unit_row *row = find_row(name, length);
    struct dimension dimension = {0, 0, 0, 0, 0, 1};
    struct rational scale = RATIONAL_ONE;
    if (row) {
        dimension = row->dimension;
        scale =
            row->sort == WORKDAY ? workday_s : rational_fraction(row->numerator, row->denominator);
        unit->percent = row->sort == PERCENT;
        unit->absolute = row->sort == CELSIUS || row->sort == FAHRENHEIT;
        if (row->sort == CELSIUS)
            unit->offset = rational_fraction(27315, 100);
        if (row->sort == FAHRENHEIT)
            unit->offset = rational_divide(rational_fraction(45967, 100), rational_fraction(9, 5));
    } else if (is_currency(name, length, code)) {
        if (unit->currency[0] && strcmp(unit->currency, code))
            return false;
        memcpy(unit->currency, code, 4);
    } else {
        return false;
    }
    scale = power_of(scale, exponent);
    unit->scale =
        below ? rational_divide(unit->scale, scale) : rational_multiply(unit->scale, scale);
    int8_t *into = (int8_t *)&unit->dimension;
    const int8_t *from = (const int8_t *)&dimension;
    for (size_t i = 0; i < sizeof dimension; i++)
        into[i] = (int8_t)(into[i] + (below ? -exponent : exponent) * from[i]);
    return true;
}

bool unit_parse(const char *text, size_t length, struct rational workday_s, struct unit *unit,
                size_t *bad_begin, size_t *bad_end)
{
    *unit = (struct unit){.scale = RATIONAL_ONE, .offset = RATIONAL_ZERO};
    bool below = false;
    int factors = 0;
    size_t i = 0;
    while (i < length) {
        size_t begin = i;
        while (i < length && is_name_byte(text[i]))
            i++;
        size_t end = i;
        int exponent = 1;
        if (i + 1 < length && text[i] == '^' && text[i + 1] >= '1' && text[i + 1] <= '9') {
            exponent = text[i + 1] - '0';
            i += 2;
        }
        if (end == begin || ++factors > 8 ||
            !add_factor(unit, text + begin, end - begin, exponent, below, workday_s)) {
            *bad_begin = begin;
            *bad_end = end > begin ? end : begin + 1;
            return false;
        }
        while (i < length && (text[i] == ' ' || text[i] == '\t'))
            i++;
        if (i < length && (text[i] == '/' || text[i] == '*')) {
            below = text[i] == '/';
            i++;
            while (i < length && (text[i] == ' ' || text[i] == '\t'))
                i++;
        }
    }
    if (factors > 1) /* a rate of temperature is a difference: no zero point */
        unit->offset = RATIONAL_ZERO, unit->absolute = false, unit->percent = false;
    return factors > 0;
}
