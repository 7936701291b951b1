#include "base/map.h"

#include "base/memory.h"

#include <stdlib.h>

static uint32_t slot_hash(const void *scope, const void *name)
{
    uint64_t h = ((uint64_t)(uintptr_t)scope >> 3) * 0x9E3779B97F4A7C15u;
    h ^= (uint64_t)(uintptr_t)name >> 3;
    h *= 0xD6E8FEB86659FD93u;
    return (uint32_t)(h >> 32);
}

static struct map_slot *find(const struct map *map, const void *scope, const void *name)
{
    uint32_t i = slot_hash(scope, name) & (map->capacity - 1);
    while (map->slots[i].value && (map->slots[i].name != name || map->slots[i].scope != scope))
        i = (i + 1) & (map->capacity - 1);
    return &map->slots[i];
}

void *map_get(const struct map *map, const void *scope, const void *name)
{
    return map->capacity ? find(map, scope, name)->value : NULL;
}

static void grow(struct map *map)
{
    struct map bigger = {.capacity = map->capacity ? map->capacity * 2 : 64};
    bigger.slots = memory_zeroed(bigger.capacity, sizeof *bigger.slots);
    for (uint32_t i = 0; i < map->capacity; i++)
        if (map->slots[i].value)
            *find(&bigger, map->slots[i].scope, map->slots[i].name) = map->slots[i];
    bigger.count = map->count;
    free(map->slots);
    *map = bigger;
}

void map_put(struct map *map, const void *scope, const void *name, void *value)
{
    if (map->count * 4 >= map->capacity * 3)
        grow(map);
    struct map_slot *slot = find(map, scope, name);
    if (!slot->value)
        map->count++;
    *slot = (struct map_slot){scope, name, value};
}

void map_free(struct map *map)
{
    free(map->slots);
    *map = (struct map){0};
}
