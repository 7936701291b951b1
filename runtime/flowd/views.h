/* What verbs show of the shop: tables for people, JSON for programs. Each opens the shop, and returns the exit status. */
#ifndef FLOW_FLOWD_VIEWS_H
#define FLOW_FLOWD_VIEWS_H

#include "flowd/flowd.h"

#include <jansson.h>

typedef int look(struct desk *desk, int count, char **arguments);
look list_batches, show_batch, fill_batch, list_lots, list_products, list_people, list_needs,
    list_jobs, show_job, check_reorder;

struct grid;
/* Prints it, or where it has nothing below its heading a line instead. Returns the exit status. */
int print_grid(const struct grid *grid, const char *if_empty);
/* Prints it and forgets it. */
int print_json(json_t *value);

/* The things of a table in the order of their names, with numbers in them as numbers; and how many. In the arena. */
void **in_order(const struct table *table, struct arena *arena, int *count);

/* "screen 3, cleanup 5, done 2": where the units of a batch are. In the arena. */
const char *where_units_are(const struct batch *batch, struct arena *arena);
/* "filling", "running", "closed", "cancelled". */
const char *batch_word(const struct batch *batch);

#endif
