#include "orders/catalogue.h"

#include "orders/values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A shop with more SKUs than that suggests nothing: looking through them for each wrong line would take minutes. */
enum { SUGGESTED_AMONG_AT_MOST = 20000 };

static uint32_t hash_of(const char *sku)
{
    uint32_t hash = 2166136261u;
    for (; *sku; sku++)
        hash = (hash ^ (uint32_t)tolower((unsigned char)*sku)) * 16777619u;
    return hash ^ hash >> 15;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct product_state *const *)a)->name,
                  (*(const struct product_state *const *)b)->name);
}

/* The products with a spec, by name. */
static const struct product_state **sorted_products(const struct state *state, struct arena *arena,
                                                    int *count)
{
    const struct product_state **list =
        ARENA_ARRAY(arena, const struct product_state *, state->products.count + 1);
    *count = 0;
    for (int i = 0; i < state->products.count; i++) {
        const struct product_state *product = state->products.things[i];
        if (product->current)
            list[(*count)++] = product;
    }
    qsort(list, (size_t)*count, sizeof *list, by_name);
    return list;
}

static void add_product(struct catalogue *catalogue, const struct product_state *product)
{
    const struct revision *revision = product->current;
    for (long i = 0; i < revision->made->sku_count; i++) {
        struct catalogue_entry *entry = &catalogue->entries[catalogue->count++];
        *entry = (struct catalogue_entry){
            .made = revision->made, .spec = revision->spec, .product = product->name};
        sku_at(revision->made, i, &entry->cases);
        entry->sku = sku_code(revision->spec, &entry->cases, catalogue->arena);
    }
}

void catalogue_open(struct catalogue *catalogue, const struct state *state, struct arena *arena)
{
    int product_count;
    long skus = 0;
    *catalogue = (struct catalogue){.arena = arena, .capacity = 16};
    const struct product_state **products = sorted_products(state, arena, &product_count);
    for (int i = 0; i < product_count; i++)
        skus += products[i]->current->made->sku_count;
    catalogue->entries = ARENA_ARRAY(arena, struct catalogue_entry, skus + 1);
    for (int i = 0; i < product_count; i++)
        add_product(catalogue, products[i]);
    while (catalogue->capacity < 2 * (uint32_t)catalogue->count)
        catalogue->capacity *= 2;
    catalogue->slots = ARENA_ARRAY(arena, int32_t, catalogue->capacity);
    for (int i = 0; i < catalogue->count; i++) {
        uint32_t at = hash_of(catalogue->entries[i].sku) & (catalogue->capacity - 1);
        while (catalogue->slots[at])
            at = (at + 1) & (catalogue->capacity - 1);
        catalogue->slots[at] = i + 1;
    }
}

const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue, const char *sku,
                                             bool *many)
{
    const struct catalogue_entry *exact = NULL, *folded = NULL;
    int exact_count = 0, folded_count = 0;
    uint32_t at = hash_of(sku) & (catalogue->capacity - 1);

    for (; catalogue->slots[at]; at = (at + 1) & (catalogue->capacity - 1)) {
        const struct catalogue_entry *entry = &catalogue->entries[catalogue->slots[at] - 1];
        if (strcmp(entry->sku, sku) == 0) {
            exact = entry;
            exact_count++;
        } else if (strcasecmp(entry->sku, sku) == 0) {
            folded = entry;
            folded_count++;
        }
    }
    *many = exact_count > 1 || (!exact_count && folded_count > 1);
    if (*many)
        return NULL;
    return exact ? exact : folded;
}

static bool says_product(const struct catalogue_entry *entry, const char *text, struct arena *arena)
{
    if (!*text)
        return false;
    const char *number = entry->made->number
                             ? value_string(entry->spec, &entry->made->number->value, NULL, arena)
                             : "";
    return same_words(text, entry->product) || strcasecmp(text, number) == 0 ||
           same_words(text, declaration_title(entry->spec, &entry->made->base, NULL, arena));
}

/* The product that was named instead of a SKU, where that leaves no choice. */
static const struct catalogue_entry *only_sku_of(const struct catalogue *catalogue, const char *sku,
                                                 const char *name)
{
    struct arena scratch = {0};
    const struct catalogue_entry *found = NULL;
    for (int i = 0; i < catalogue->count && !found; i++) {
        const struct catalogue_entry *entry = &catalogue->entries[i];
        if (i && entry->made == entry[-1].made)
            continue;
        if (says_product(entry, sku, &scratch) || says_product(entry, name, &scratch))
            found = entry;
    }
    arena_free(&scratch);
    return found && found->made->sku_count == 1 ? found : NULL;
}

const struct catalogue_entry *catalogue_suggest(const struct catalogue *catalogue, const char *sku,
                                                const char *name)
{
    const struct catalogue_entry *best = NULL;
    int nearest = 0;

    if (catalogue->count > SUGGESTED_AMONG_AT_MOST)
        return NULL;
    if (strlen(sku) <= 100) /* a longer one is no SKU, and takes long to compare */
        for (int i = 0; i < catalogue->count && *sku; i++) {
            const struct catalogue_entry *entry = &catalogue->entries[i];
            int distance = same_words(entry->sku, sku) ? 0 : edit_distance(entry->sku, sku);
            if (close_enough(sku, distance) && (!best || distance < nearest)) {
                best = entry;
                nearest = distance;
            }
        }
    return best ? best : only_sku_of(catalogue, sku, name);
}
