/* An order file as commands for the engine, and what is to be said about it. Pure: the file's bytes and what is the case
   go in, so that the command line, the API and the fuzzer use the same function.

   Nothing that is in the shop already is changed by a file: what it says otherwise is a finding. So the same file
   twice is no command the second time. An order whose file cannot be understood is left out whole. */
#ifndef FLOW_ORDERS_IMPORT_H
#define FLOW_ORDERS_IMPORT_H

#include "engine/state.h"
#include "orders/findings.h"
#include "orders/sheet.h"

struct import_options {
    struct sheet_options sheet;
    enum date_order dates; /* how the file's dates are written; DATES_UNKNOWN: by what they tell */
    bool update;           /* take changed addresses */
};

struct import_result {
    struct findings findings;
    const struct order_format *format; /* NULL: nothing could be read */
    struct message *commands;          /* for shop_stage, in order; their texts are not interned */
    int command_count, command_capacity;
    int orders, lines; /* the file's */
    int taken, held;   /* lines that are new; of those, held */
    int known;         /* lines that were there already */
    int passed_over;   /* orders that are cancelled, shipped, on hold or not paid there */
    int left_out;      /* orders with an error */
};

/* The result and all it points to lives in the arena. */
void orders_import(const struct state *state, const char *text, size_t length,
                   const struct import_options *options, struct arena *arena,
                   struct import_result *result);

/* {"format":"shopify","orders":2,...,"findings":[...]} */
void import_write(struct buffer *out, const struct import_result *result);
/* "3 orders, 5 lines: 4 taken (1 held), 1 there already; ..." */
void import_print(struct buffer *out, const struct import_result *result);

#endif
