/* What fields hold. A row is one fact; its members, in order, are the slots of the field's phrase. Rows of a
   field are chained by next (a list `a, b` and a repeated field alike); a field that is not there is NULL. */
#ifndef FLOW_SPEC_ROWS_H
#define FLOW_SPEC_ROWS_H

#include "base/rational.h"
#include "schema/units.h"
#include "source/source.h"

#include <stdbool.h>
#include <stdint.h>

enum value_kind {
    VALUE_ABSENT,    /* an optional slot that was not written */
    VALUE_POISON,    /* was wrong and has been reported: stay silent about it */
    VALUE_NUMBER,    /* a quantity, a ratio, money or a bare number: number, dimension, unit */
    VALUE_TEXT,      /* text */
    VALUE_DATE,      /* date */
    VALUE_WORD,      /* word: a name that stands for itself (a case, a basis, a field's name) */
    VALUE_REFERENCE, /* declaration: a station, part, item, step, ... */
    VALUE_MEMBER,    /* member: a dimension of a part, a field of something */
    VALUE_SIZE,      /* size: a dimension's size with its limits */
    VALUE_CHOICE     /* choice: another value for each case of an axis (value_for resolves it) */
};

enum value_flag {
    VALUE_INTERNAL = 1, /* reckoned from an internal field: origin says the way */
    VALUE_WRITTEN = 2,  /* a literal: prints as written */
    VALUE_PERCENT = 4   /* written as %: prints as % */
};

struct date {
    int year, month, day;
};

struct value {
    uint8_t kind;  /* enum value_kind */
    uint8_t flags; /* enum value_flag */
    struct dimension dimension;
    struct span span; /* where it is used */
    union {
        struct rational
            number; /* in base units (schema/units.h); money in its own currency's unit */
        const struct text *text;
        struct date date;
        const char *word; /* interned; a number as a case is written shortest: "16.5" */
        const struct declaration *declaration;
        const struct member *member;
        const struct size *size;
        const struct choice *choice;
    };
    const struct origin *origin; /* NULL where nothing internal went in */
    uint32_t written_begin;      /* position of the literal, for printing as written */
    uint16_t written_length;
    uint16_t unit; /* index of its unit: spec_unit() */
};

/* A text and what it quotes: pieces are either plain or a value. */
struct text_part {
    const struct text_part *next;
    const char *text; /* NULL for a value */
    uint32_t length;
    struct value value;
};

struct text {
    const struct text_part *parts; /* NULL where it quotes nothing */
    bool quotes;                   /* has at least one {...} */
    const char *plain;             /* the whole text where it quotes nothing, else NULL */
};

struct choice_case {
    const char *key; /* the case's word */
    struct span span;
    struct value value;
};

struct choice {
    const char *axis; /* the axis's name; which product's, depends on who asks */
    struct span span;
    int count;
    struct choice_case *cases; /* as written */
};

/* declaration.name: either a dimension of a part, or a field's row. */
struct member {
    const struct declaration *declaration;
    const char *name;
    const struct dimension_row *dimension; /* NULL if it is no dimension */
    const struct field_row *field;         /* NULL if it is a dimension */
};

/* How an internal value came here, latest first: `{fee}` <- let fee <- bench.rate */
struct origin {
    const struct origin *from; /* NULL at the source */
    const struct origin *also; /* where two internal values met: the other one */
    struct span span;
    const char *what;                      /* "bench.rate", "fee" */
    const struct declaration *declaration; /* at the source: whose field */
    const struct field_row *field;         /* at the source: which field */
};

enum size_form {
    SIZE_LIMITS,  /* nominal with a lower and an upper limit (+/-, + -, within) */
    SIZE_AT_MOST, /* only an upper limit: a run-out, a flatness */
    SIZE_AT_LEAST,
    SIZE_SCALE, /* lower .. upper on a named scale: 40 .. 44 "HRC" */
    SIZE_BARE   /* a nominal alone: general tolerances apply */
};

struct size {
    enum size_form form;
    struct value nominal; /* ABSENT for AT_MOST, AT_LEAST, SCALE */
    struct value lower;   /* ABSENT where there is none */
    struct value upper;
    const char *scale; /* "HRC", else NULL */
    struct span span;  /* from nominal to limits, for printing as written */
};

/* Every row begins so. */
#define ROW(type)                                                                                  \
    const struct type *next;                                                                       \
    struct span span /* of the row as written */

struct row {
    ROW(row);
};

struct simple {
    ROW(simple);
    struct value value;
};
struct flag {
    ROW(flag);
};
struct exchange {
    ROW(exchange);
    struct value currency, money;
};
struct holds {
    ROW(holds);
    struct value length, ratio;
};
struct extent {
    ROW(extent);
    struct value x, y, z;
};
struct keep_out {
    ROW(keep_out);
    struct value width, depth, x, y;
};
struct per {
    ROW(per);
    struct value amount, basis;
};
struct counted {
    ROW(counted);
    struct value what, count;
};
struct portion {
    ROW(portion);
    struct value material, mass;
};
struct consumption {
    ROW(consumption);
    struct value what, count, per_units, basis;
};
struct range {
    ROW(range);
    struct value from, to;
};
struct photo {
    ROW(photo);
    struct value quality, file;
};
struct programming {
    ROW(programming);
    struct value amount, station;
};
struct ask {
    ROW(ask);
    struct value name, title, limit;
};
struct approval {
    ROW(approval);
    struct value name, role;
};
struct delivery {
    ROW(delivery);
    struct value date, place, incoterm;
};
struct allowance {
    ROW(allowance);
    struct value rule; /* WORD */
    struct value reason;
    bool *used; /* it allowed something; shared by the copies that `like` makes */
};
struct disclosure {
    ROW(disclosure);
    struct value what, reason;
}; /* what: WORD "item.cost" or MEMBER */
struct parameter {
    ROW(parameter);
    struct value name, title;
    int32_t unit; /* -1 without */
};

struct dimension_row {
    ROW(dimension_row);
    struct value name;  /* WORD */
    struct value size;  /* SIZE, or CHOICE of SIZE */
    struct value class; /* WORD critical, major, minor; ABSENT */
    struct value gauge; /* TEXT or ABSENT */
    const struct declaration *part;
};

struct axis {
    ROW(axis);
    struct value name; /* WORD */
    int count;
    struct value *cases; /* WORD each; kind of writing is in the span */
};

struct stack_term {
    const struct stack_term *next;
    bool subtracted;
    struct value dimension; /* MEMBER */
};

struct stack {
    ROW(stack);
    struct value name; /* WORD */
    const struct stack_term *terms;
    bool at_least; /* else at most */
    struct value limit;
};

struct sell_break {
    const struct sell_break *next;
    struct span span;
    struct value quantity, price;
};

struct sell_case {
    const struct sell_case *next;
    struct value value;      /* WORD */
    const struct axis *axis; /* of the product; NULL after an error */
};

struct sell {
    ROW(sell);
    const struct sell_case *cases; /* NULL: for all */
    const struct sell_break *breaks;
};

struct fee {
    ROW(fee);
    struct value name, ratio, fixed; /* fixed: a order */
};

struct charge_term {
    const struct charge_term *next;
    struct value money, basis; /* basis: WORD or part REFERENCE */
};

struct charge {
    ROW(charge);
    const struct charge_term *terms;
    struct value least; /* ABSENT if unsaid */
};

enum sample_form {
    SAMPLE_ALL,
    SAMPLE_FIRST,
    SAMPLE_FIRST_PER_BATCH,
    SAMPLE_EVERY,
    SAMPLE_PER_BATCH,
    SAMPLE_AQL,
    SAMPLE_ZERO_AQL,
    SAMPLE_ZERO_LTPD
};

struct sample {
    ROW(sample);
    enum sample_form form;
    struct value number; /* n, the AQL or the ratio; ABSENT for all */
    const char *level;   /* "I" "II" "III" "S1".."S4"; "II" if unsaid */
};

enum check_form { CHECK_COUNT, CHECK_DEFECTS, CHECK_DIMENSION, CHECK_TEXT };

struct check {
    ROW(check);
    enum check_form form;
    struct value name;            /* WORD: "count", the check's name; for a dimension its MEMBER */
    struct value text;            /* COUNT, TEXT */
    const struct simple *defects; /* DEFECTS: REFERENCEs */
    struct value class;           /* TEXT: WORD or ABSENT */
};

#endif
