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

static void take_out(struct chain *chain, struct chain_link *link)
{
    *(link->before ? &link->before->next : &chain->first) = link->next;
    *(link->next ? &link->next->before : &chain->last) = link->before;
    *link = (struct chain_link){0};
}

void chain_keep(struct chain *chain, struct chain_link *link, void *thing, bool in)
{
    if (link->thing && !in)
        take_out(chain, link);
    if (link->thing || !in)
        return;
    *link = (struct chain_link){.before = chain->last, .thing = thing};
    *(chain->last ? &chain->last->next : &chain->first) = link;
    chain->last = link;
}
