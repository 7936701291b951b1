/* An arena: memory that lives as long as one compilation and is freed whole. */
#ifndef FLOW_BASE_ARENA_H
#define FLOW_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *next;                 /* first free byte of the newest block */
    char *end;
};

/* Allocates size bytes, aligned to 8 and zeroed. Never returns NULL: see memory.h. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copies text[0..length) and ends it with a NUL. */
char *arena_copy_text(struct arena *arena, const char *text, size_t length);

/* printf into the arena; the result is NUL-terminated. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Frees everything; the arena is then empty and may be used again. */
void arena_free(struct arena *arena);
/* Gives the blocks back to the system that were full before the one in which `until` stands; nothing where that is not
   in a large block. Only for an arena of small things. */
void arena_release(struct arena *arena, const void *until);
/* Empties it, and keeps a small block for what comes next. */
void arena_clear(struct arena *arena);

/* A zeroed object of the given type. */
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
/* A zeroed array of count objects of the given type. */
#define ARENA_ARRAY(arena, type, count)                                                            \
    ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

#endif
