/* Orders as files: ShipStation's columns with tracking, and our own, which the import reads again. */
#ifndef FLOW_ORDERS_EXPORT_H
#define FLOW_ORDERS_EXPORT_H

#include "orders/catalogue.h"
#include "orders/owed.h"

/* Whether an order is to be in the file; NULL: all are. */
typedef bool order_filter(const struct order *order, const void *data);

/* A row for what each parcel that has left holds of a line, with its carrier and tracking, and one for what of the line is still
   owed. An order is "Shipped" when nothing of it is owed. */
void export_shipstation(struct buffer *out, const struct owed_book *book, order_filter *filter,
                        const void *data);

/* A row a line: what was ordered, as the import reads it, the answers as `ask:NAME` columns; then where its units are. */
void export_own(struct buffer *out, const struct owed_book *book, order_filter *filter,
                const void *data);

/* ---- addresses ---- */

struct postal_address {
    const char *name, *company, *street1, *street2, *city, *state, *postal_code, *country, *phone,
        *email; /* "" where it is not said */
};
/* What stands in an order's address, in the arena. */
struct postal_address order_address_of(const struct order *order, struct arena *arena);

/* ---- what a parcel holds of a line ---- */
int64_t parcel_count_of(const struct parcel *parcel, const struct order_line *line);
/* What people call what a line asks for: the product's title, or the SKU of one that is not made. */
const char *line_title(const struct catalogue *catalogue, const struct order_line *line);
/* The latest answer of that name, "". */
const char *line_answer(const struct order_line *line, const char *name);
/* Whether no later answer of its name was given. */
bool is_latest_answer(const struct order_line *line, const struct answered_ask *ask);

#endif
