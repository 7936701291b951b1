/* Private to the verb `orders`: its options, and what its words do. */
#ifndef FLOW_FLOWD_ORDERS_H
#define FLOW_FLOWD_ORDERS_H

#include "flowd/flowd.h"
#include "orders/papers.h"

struct orders_desk {
    struct desk desk;
    const char *format, *dates, *prefix;    /* import, export */
    const char *sku, *ask, *count, *reason; /* mend, cancel */
    const char *out, *parcel, *paper;       /* export, papers */
    struct customs customs;
    bool dry_run, update, open, held;
};

/* A word of the verb: what stands behind it is in `arguments`. Returns the exit status. */
typedef int orders_word(struct orders_desk *at, int count, char **arguments);
orders_word orders_import_files, orders_list, orders_show, orders_mend, orders_cancel,
    orders_export, orders_packing_list, orders_invoice;

/* The order of that name in the shop that is open; NULL after saying that there is none. */
const struct order *order_asked(struct orders_desk *at, const char *name);
/* Says that the arguments do not fit; EXIT_USAGE. */
int orders_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
