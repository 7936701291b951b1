/* A table of things by one or two interned names, which are found by their names and walked in the order they came. */
#ifndef FLOW_ENGINE_TABLE_H
#define FLOW_ENGINE_TABLE_H

#include "base/map.h"

#include <stdbool.h>

/* Zero-initialise; the things are the caller's. */
struct table {
    struct map by_name;
    void **things; /* things[0] came first */
    int count, capacity;
};

/* NULL where there is none. `second` is NULL for a table by one name. */
void *table_get(const struct table *table, const char *first, const char *second);
/* There must be none of these names yet. */
void table_put(struct table *table, const char *first, const char *second, void *thing);
void table_free(struct table *table);

/* Things in the order in which they were put in, of which any is taken out at once. A link is part of its thing. */
struct chain_link {
    struct chain_link *next, *before;
    void *thing; /* NULL: in no chain */
};
struct chain {
    struct chain_link *first, *last;
};
/* At its end, or takes it out; what is as it is wanted stays so. */
void chain_keep(struct chain *chain, struct chain_link *link, void *thing, bool in);

#endif
