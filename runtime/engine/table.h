/* A hash table of things by one or two interned names; and by nothing else, so that no order of memory leaks out. */
#ifndef FLOW_ENGINE_TABLE_H
#define FLOW_ENGINE_TABLE_H

#include <stdint.h>

struct table_slot {
    const char *first, *second;
    void *thing; /* NULL: empty */
};

/* Zero-initialise; things are the caller's. */
struct table {
    struct table_slot *slots;
    uint32_t capacity, count; /* the capacity is a power of two */
};

/* NULL where there is none. `second` is NULL for a table by one name. */
void *table_get(const struct table *table, const char *first, const char *second);
/* There must be none of these names yet. */
void table_put(struct table *table, const char *first, const char *second, void *thing);
void table_free(struct table *table);

#endif
