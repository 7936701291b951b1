#include "engine/table.h"

#include "base/memory.h"

#include <stdlib.h>

void *table_get(const struct table *table, const char *first, const char *second)
{
    return map_get(&table->by_name, second, first);
}

void table_put(struct table *table, const char *first, const char *second, void *thing)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 64;
        table->things =
            memory_resize(table->things, sizeof *table->things * (size_t)table->capacity);
    }
    table->things[table->count++] = thing;
    map_put(&table->by_name, second, first, thing);
}

void table_free(struct table *table)
{
    map_free(&table->by_name);
    free(table->things);
    *table = (struct table){0};
}
