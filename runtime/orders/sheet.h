/* An order file as orders with lines, whatever its format: what stands in the cells, not yet what it means. */
#ifndef FLOW_ORDERS_SHEET_H
#define FLOW_ORDERS_SHEET_H

#include "orders/findings.h"
#include "orders/formats.h"
#include "orders/values.h"

/* A cell's text, cleaned, "" where it says nothing. */
struct placed {
    const char *text;
    int line, column;
};

/* A cell of an `ask:NAME` column. */
struct said_answer {
    const struct said_answer *next;
    const char *name;
    struct placed value;
};

struct sheet_line {
    struct sheet_line *next;
    const char *name;                              /* what tells it from the others of its order */
    struct placed cells[ROLE_COUNT - ORDER_ROLES]; /* by role: sheet_cell */
    const struct said_answer *answers;
    int line; /* where its row begins */
};

struct sheet_order {
    struct sheet_order *next;
    const char *name;
    struct placed cells[ORDER_ROLES];
    struct placed due; /* of the first line that says one */
    struct sheet_line *lines, **tail;
    int line_count;
    int line;   /* where its first row begins */
    bool told;  /* something of it contradicts itself, and that was said */
    bool apart; /* its rows do not stand together */
};

struct sheet {
    const struct order_format *format; /* NULL: nothing could be read */
    struct sheet_order *orders;        /* as the file has them */
    int order_count, line_count;
    enum date_order dates; /* what all its dates tell together */
};

struct sheet_options {
    const char *format; /* NULL: found by the header */
    const char *prefix; /* before each order's number; NULL */
};

/* Reads the file. Everything lives in the arena. False where it cannot be taken at all: the findings say why. */
bool sheet_read(struct sheet *sheet, const char *text, size_t length,
                const struct sheet_options *options, struct arena *arena,
                struct findings *findings);

/* Whether it can name an order or a line: one line of at most 60 bytes. */
bool sheet_is_name(const char *name);

static inline const struct placed *sheet_cell(const struct sheet_line *line, enum order_role role)
{
    return &line->cells[role - ORDER_ROLES];
}

#endif
