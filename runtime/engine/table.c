#include "engine/table.h"

#include "base/memory.h"

#include <stdlib.h>

static uint32_t hash_of(const char *first, const char *second)
{
    uint64_t hash = ((uint64_t)(uintptr_t)first >> 3) * 0x9E3779B97F4A7C15u;
    hash ^= (uint64_t)(uintptr_t)second >> 3;
    return (uint32_t)(hash * 0xD6E8FEB86659FD93u >> 32);
}

static struct table_slot *find(const struct table *table, const char *first, const char *second)
{
    uint32_t at = hash_of(first, second) & (table->capacity - 1);
    while (table->slots[at].thing &&
           (table->slots[at].first != first || table->slots[at].second != second))
        at = (at + 1) & (table->capacity - 1);
    return &table->slots[at];
}

void *table_get(const struct table *table, const char *first, const char *second)
{
    return table->capacity ? find(table, first, second)->thing : NULL;
}

static void grow(struct table *table)
{
    struct table larger = {.capacity = table->capacity ? 2 * table->capacity : 64,
                           .count = table->count};
    larger.slots = memory_zeroed(larger.capacity, sizeof *larger.slots);
    for (uint32_t i = 0; i < table->capacity; i++)
        if (table->slots[i].thing)
            *find(&larger, table->slots[i].first, table->slots[i].second) = table->slots[i];
    free(table->slots);
    *table = larger;
}

void table_put(struct table *table, const char *first, const char *second, void *thing)
{
    if (4 * (table->count + 1) > 3 * table->capacity)
        grow(table);
    *find(table, first, second) = (struct table_slot){first, second, thing};
    table->count++;
}

void table_free(struct table *table)
{
    free(table->slots);
    *table = (struct table){0};
}
