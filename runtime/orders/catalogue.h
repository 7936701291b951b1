/* The SKUs that the shop makes, for finding what an order means. */
#ifndef FLOW_ORDERS_CATALOGUE_H
#define FLOW_ORDERS_CATALOGUE_H

#include "engine/state.h"

struct catalogue_entry {
    const char *sku;            /* as the spec writes it */
    const struct product *made; /* of the product's current revision */
    const struct spec *spec;
    const char *product; /* its name, interned in the state */
    struct sku cases;
};

struct catalogue {
    struct arena *arena;
    struct catalogue_entry *entries; /* by product's name, then as the spec has them */
    int count;
    int32_t *slots; /* a hash table over the SKUs, whatever their case */
    uint32_t capacity;
};

/* Of all products that were adopted. Lives in the arena, and as long as the state stays as it is. */
void catalogue_open(struct catalogue *catalogue, const struct state *state, struct arena *arena);

/* The entry of that SKU: as it is written or, where nothing else is meant, in another case. NULL where there is none; then
   `many` says whether it is because two products have it. */
const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue, const char *sku,
                                             bool *many);

/* The SKU that may have been meant: a misspelt one; that of a product whose number, name or title was written, where it
   has only one SKU. NULL where nothing is near. */
const struct catalogue_entry *catalogue_suggest(const struct catalogue *catalogue, const char *sku,
                                                const char *name);

#endif
