#include "source/source.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void source_set_open(struct source_set *set, struct arena *arena)
{
    *set = (struct source_set){.arena = arena, .next_base = 1};
}

void source_set_close(struct source_set *set)
{
    for (int i = 0; i < set->count; i++) {
        free((char *)(uintptr_t)set->files[i]->text);
        free(set->files[i]->lines);
    }
    free(set->files);
    *set = (struct source_set){0};
}

struct source *source_add(struct source_set *set, const char *path, const char *folder, char *text,
                          size_t length)
{
    if (length >= UINT32_MAX - set->next_base - 1)
        return NULL;
    if (set->count == set->capacity) {
        set->capacity = set->capacity ? set->capacity * 2 : 16;
        set->files = memory_resize(set->files, sizeof *set->files * (size_t)set->capacity);
    }
    struct source *source = ARENA_NEW(set->arena, struct source);
    source->path = path;
    source->folder = folder;
    source->text = text;
    source->length = (uint32_t)length;
    source->base = set->next_base;
    set->next_base += (uint32_t)length + 1; /* its end is a place of its own */
    set->files[set->count++] = source;
    return source;
}

const struct source *source_of(const struct source_set *set, uint32_t position)
{
    int low = 0, high = set->count;
    if (!position)
        return NULL;
    while (low < high) { /* the last file that begins at or before it */
        int middle = (low + high) / 2;
        if (set->files[middle]->base <= position)
            low = middle + 1;
        else
            high = middle;
    }
    const struct source *source = low ? set->files[low - 1] : NULL;
    return source && position - source->base <= source->length ? source : NULL;
}

static void make_lines(struct source *source)
{
    uint32_t capacity = source->length / 24 + 16;
    source->lines = memory_alloc(sizeof *source->lines * capacity);
    source->lines[source->line_count++] = 0;
    const char *at = source->text, *end = source->text + source->length;
    while ((at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        if (source->line_count == capacity)
            source->lines = memory_resize(source->lines, sizeof *source->lines * (capacity *= 2));
        source->lines[source->line_count++] = (uint32_t)(at - source->text);
    }
}

/* A table made once: a place is then a binary search. */
static const uint32_t *lines_of(const struct source *source)
{
    if (!source->lines)
        make_lines((struct source *)(uintptr_t)source);
    return source->lines;
}

uint32_t source_line_number(const struct source *source, uint32_t position)
{
    const uint32_t *lines = lines_of(source);
    uint32_t low = 0, high = source->line_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (lines[middle] <= position - source->base)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct position position_of(const struct source_set *set, uint32_t position)
{
    struct source *source = (struct source *)(uintptr_t)source_of(set, position);
    if (!source)
        return (struct position){0};
    uint32_t line = source_line_number(source, position), offset = position - source->base;
    uint32_t column = 1, at = source->lines[line - 1];
    if (line == 1 && source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0 &&
        offset >= 3)
        at = 3; /* a byte order mark is no character of the line */
    if (source->counted_to > at && source->counted_to <= offset)
        at = source->counted_to, column = source->column;
    for (; at < offset; at++)
        column += ((unsigned char)source->text[at] & 0xC0) != 0x80;
    source->counted_to = offset;
    source->column = column;
    return (struct position){source, line, column};
}

const char *source_line(const struct source *source, uint32_t line, uint32_t *length)
{
    const uint32_t *lines = lines_of(source);
    if (line < 1 || line > source->line_count) {
        *length = 0;
        return "";
    }
    uint32_t begin = lines[line - 1],
             end = line < source->line_count ? lines[line] - 1 : source->length;
    if (line == 1 && end >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0)
        begin = 3;
    if (end > begin && source->text[end - 1] == '\r')
        end--;
    *length = end - begin;
    return source->text + begin;
}

const char *span_text(const struct source_set *set, struct span span)
{
    const struct source *source = source_of(set, span.begin);
    return source ? source->text + (span.begin - source->base) : "";
}
