/* Source files and places in them. All files of a compilation share one line of positions, so that a
   span is two numbers and knows its file. */
#ifndef FLOW_SOURCE_SOURCE_H
#define FLOW_SOURCE_SOURCE_H

#include "base/arena.h"
#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    uint32_t begin; /* position of the first byte; 0 is nowhere */
    uint32_t end;   /* one past the last */
};

#define SPAN_NONE ((struct span){0, 0})

struct source {
    const char *path;   /* as it is to be shown: relative to where the command runs */
    const char *folder; /* names in the file are relative to this */
    const char *text;   /* NUL-terminated; NULs inside are possible in bad input */
    uint32_t length;
    uint32_t base;   /* position of its first byte */
    bool shared;     /* from specs/ or FLOW_PATH: not the user's file */
    uint32_t *lines; /* offsets of line starts, made when first asked for */
    uint32_t line_count;
    uint32_t *characters; /* how many begin before each full KiB, made when first asked for */
};

struct source_set {
    struct arena *arena;
    struct source **files;
    int count;
    int capacity;
    uint32_t next_base;
};

struct position {
    const struct source *source; /* NULL where the span is nowhere */
    uint32_t line;               /* from 1 */
    uint32_t column;             /* from 1, in characters (Unicode code points) */
};

void source_set_open(struct source_set *set, struct arena *arena);
void source_set_close(struct source_set *set); /* frees the texts */

/* Takes over text (freed with the set). NULL when 4 GB of positions are used up. */
struct source *source_add(struct source_set *set, const char *path, const char *folder, char *text,
                          size_t length);
const struct source *source_of(const struct source_set *set, uint32_t position);
/* The line of a position in this file, from 1: cheaper than its column. */
uint32_t source_line_number(const struct source *source, uint32_t position);
struct position position_of(const struct source_set *set, uint32_t position);
/* The text of a line without its end; length by reference. */
const char *source_line(const struct source *source, uint32_t line, uint32_t *length);
/* The bytes of a span, inside the file's text. */
const char *span_text(const struct source_set *set, struct span span);

static inline struct span span_join(struct span a, struct span b)
{
    if (!a.begin)
        return b;
    if (!b.begin)
        return a;
    return (struct span){a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

#endif
