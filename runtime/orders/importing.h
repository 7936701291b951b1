/* Private to orders/: an import under way. */
#ifndef FLOW_ORDERS_IMPORTING_H
#define FLOW_ORDERS_IMPORTING_H

#include "orders/catalogue.h"
#include "orders/import.h"

struct importing {
    const struct state *state;
    const struct import_options *options;
    struct import_result *result;
    struct sheet *sheet;
    struct arena *arena;
    struct catalogue catalogue;
    enum date_order dates;
    struct interner names;
    struct table seen;      /* the file's lines by order and name */
    struct table suggested; /* catalogue entries by the SKU that was written */
    int suggestion_count;
    int shipped_lines; /* of orders that are not shipped whole */
};

/* Adds a command, its texts "" and its numbers 0; to be filled in. */
struct message *import_command(struct importing *at, enum message_kind kind);

/* About a line, at a cell of it; the cell NULL or not there: at its row. */
struct about about_line(const struct sheet_order *order, const struct sheet_line *line,
                        const struct placed *cell);

/* ---- import_line.c ---- */
/* What the file says of a line becomes commands or findings. False after an error: its order is left out. */
bool import_line(struct importing *at, const struct sheet_order *order,
                 const struct sheet_line *line);
/* The three letters that the order says, "" where it does not. */
const char *order_currency(struct importing *at, const struct sheet_order *order);
/* The SKU that a line asks for; NULL where there is none. */
const struct catalogue_entry *line_entry(struct importing *at, const struct sheet_line *line,
                                         bool *many);
/* The line in the shop, NULL. */
const struct order_line *line_in_shop(const struct importing *at, const char *order,
                                      const char *line);

/* ---- answers.c ---- */
/* What the customer gave for the product's `asks`. `known` is the line in the shop, NULL for a new one. */
void import_answers(struct importing *at, const struct sheet_order *order,
                    const struct sheet_line *line, const struct catalogue_entry *entry,
                    const struct order_line *known);

#endif
