#include "base/intern.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void interner_open(struct interner *interner, struct arena *arena)
{
    *interner = (struct interner){.arena = arena, .capacity = 1024};
    interner->slots = memory_zeroed(interner->capacity, sizeof *interner->slots);
    interner->hashes = memory_zeroed(interner->capacity, sizeof *interner->hashes);
}

void interner_close(struct interner *interner)
{
    free(interner->slots);
    free(interner->hashes);
    *interner = (struct interner){0};
}

/* FNV-1a: names are short. */
static uint32_t hash_of(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static uint32_t slot_of(const struct interner *interner, const char *text, size_t length,
                        uint32_t hash)
{
    uint32_t i = hash & (interner->capacity - 1);
    for (;; i = (i + 1) & (interner->capacity - 1)) {
        const char *found = interner->slots[i];
        if (!found ||
            (interner->hashes[i] == hash && strncmp(found, text, length) == 0 && !found[length]))
            return i;
    }
}

static void grow(struct interner *interner)
{
    struct interner bigger = *interner;
    bigger.capacity *= 2;
    bigger.slots = memory_zeroed(bigger.capacity, sizeof *bigger.slots);
    bigger.hashes = memory_zeroed(bigger.capacity, sizeof *bigger.hashes);
    for (uint32_t i = 0; i < interner->capacity; i++) {
        if (!interner->slots[i])
            continue;
        uint32_t to = interner->hashes[i] & (bigger.capacity - 1);
        while (bigger.slots[to])
            to = (to + 1) & (bigger.capacity - 1);
        bigger.slots[to] = interner->slots[i];
        bigger.hashes[to] = interner->hashes[i];
    }
    free(interner->slots);
    free(interner->hashes);
    *interner = bigger;
}

const char *intern(struct interner *interner, const char *text, size_t length)
{
    length = strnlen(text, length); /* a name ends at a NUL: bad input has been reported by then */
    uint32_t hash = hash_of(text, length);
    uint32_t i = slot_of(interner, text, length, hash);
    if (interner->slots[i])
        return interner->slots[i];
    if (interner->count * 4 >= interner->capacity * 3) {
        grow(interner);
        i = slot_of(interner, text, length, hash);
    }
    interner->slots[i] = arena_copy_text(interner->arena, text, length);
    interner->hashes[i] = hash;
    interner->count++;
    return interner->slots[i];
}

const char *intern_text(struct interner *interner, const char *text)
{
    return intern(interner, text, strlen(text));
}

const char *intern_find(const struct interner *interner, const char *text, size_t length)
{
    length = strnlen(text, length);
    return interner->slots[slot_of(interner, text, length, hash_of(text, length))];
}
