#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *older;
};

#define BLOCK_SIZE ((size_t)256 << 10)

/* calloc gives zeroed pages from the system without touching them. */
static void *new_block(struct arena *arena, size_t size)
{
    struct arena_block *block = memory_zeroed(1, sizeof *block + size);
    block->older = arena->blocks;
    arena->blocks = block;
    return block + 1;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > PTRDIFF_MAX / 2)
        memory_exhausted();
    size = (size + 7) & ~(size_t)7;
    if (size <= (size_t)(arena->end - arena->next)) {
        void *result = arena->next;
        arena->next += size;
        return result;
    }
    if (size > BLOCK_SIZE / 4) /* a large one gets a block of its own; the current one goes on */
        return new_block(arena, size);
    arena->next = new_block(arena, BLOCK_SIZE);
    arena->end = arena->next + BLOCK_SIZE;
    void *result = arena->next;
    arena->next += size;
    return result;
}

char *arena_copy_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = arena_alloc(arena, (size_t)(length < 0 ? 0 : length) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *older = arena->blocks->older;
        free(arena->blocks);
        arena->blocks = older;
    }
    *arena = (struct arena){0};
}
