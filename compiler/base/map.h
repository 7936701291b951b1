/* A hash table from two pointers to a third, for interned names and their scope: what is pointed to is not looked at. It
   cannot be walked, so that no order of memory leaks out. */
#ifndef FLOW_BASE_MAP_H
#define FLOW_BASE_MAP_H

#include <stdint.h>

struct map_slot {
    const void *scope, *name;
    void *value; /* NULL: empty */
};

/* Zero-initialise; the values are the caller's. */
struct map {
    struct map_slot *slots;
    uint32_t capacity, count; /* the capacity is a power of two */
};

/* NULL where there is none. The scope may be NULL. */
void *map_get(const struct map *map, const void *scope, const void *name);
/* In place of the value that is there. */
void map_put(struct map *map, const void *scope, const void *name, void *value);
void map_free(struct map *map);

#endif
