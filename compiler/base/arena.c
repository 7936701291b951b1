#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct arena_block {
    struct arena_block *older;
    size_t mapped; /* bytes to unmap; 0 where it came from malloc */
};

/* Small specs stay in small blocks; large ones get large blocks on large pages, since touching a million small pages
   costs more than filling them. */
#define FIRST_BLOCK ((size_t)128 << 10)
#define LARGE_BLOCK ((size_t)2 << 20)

static void *keep(struct arena *arena, struct arena_block *block, size_t mapped)
{
    block->older = arena->blocks;
    block->mapped = mapped;
    arena->blocks = block;
    return block + 1;
}

/* Fresh pages of the system are zero. */
static void *map_block(struct arena *arena, size_t size)
{
    size += sizeof(struct arena_block);
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        memory_exhausted();
    madvise(block, size, MADV_HUGEPAGE); /* a wish: nothing is lost where it is not granted */
    return keep(arena, block, size);
}

static void *new_block(struct arena *arena, size_t size)
{
    if (size >= LARGE_BLOCK)
        return map_block(arena, size);
    return keep(arena, memory_zeroed(1, sizeof(struct arena_block) + size), 0);
}

/* Each block is twice the one before, up to the large ones. */
static size_t next_size(const struct arena *arena)
{
    size_t size = FIRST_BLOCK;
    for (const struct arena_block *block = arena->blocks; block && size < LARGE_BLOCK;
         block = block->older)
        size *= 2;
    return size < LARGE_BLOCK ? size : LARGE_BLOCK - sizeof(struct arena_block);
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
    size_t block = next_size(arena);
    if (size > block / 4) /* a large one gets a block of its own; the current one goes on */
        return new_block(arena, size);
    arena->next = block + sizeof(struct arena_block) == LARGE_BLOCK ? map_block(arena, block)
                                                                    : new_block(arena, block);
    arena->end = arena->next + block;
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
        if (arena->blocks->mapped)
            munmap(arena->blocks, arena->blocks->mapped);
        else
            free(arena->blocks);
        arena->blocks = older;
    }
    *arena = (struct arena){0};
}

void arena_release(struct arena *arena, const void *until)
{
    struct arena_block *block = arena->blocks;
    while (block && block->mapped &&
           ((const char *)until < (char *)block ||
            (const char *)until >= (char *)block + block->mapped))
        block = block->older;
    if (!block || !block->mapped)
        return;
    struct arena older = {.blocks = block->older};
    block->older = NULL;
    arena_free(&older);
}

#if defined(__SANITIZE_ADDRESS__)
void arena_clear(struct arena *arena)
{
    arena_free(arena); /* so that whoever still holds something of it is found */
}
#else
void arena_clear(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    bool small = block && !block->older && !block->mapped && (char *)(block + 1) <= arena->next &&
                 arena->next <= arena->end;
    if (!small) {
        arena_free(arena);
        return;
    }
    memset(block + 1, 0, (size_t)(arena->next - (char *)(block + 1)));
    arena->next = (char *)(block + 1);
}
#endif
