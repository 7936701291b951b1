/* A table of things by one or two interned names, which are found by their names and walked in the order they came. */
#ifndef FLOW_ENGINE_TABLE_H
#define FLOW_ENGINE_TABLE_H

#include "base/map.h"

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

#endif
