#include "source/source.h"

#include "base/memory.h"
#include "base/utf8.h"

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
        free(set->files[i]->characters);
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

/* ---- lines and columns ---- */

#define MARK (UINT32_C(1) << 10) /* bytes between two counts of characters */
static const char byte_order_mark[] = "\xEF\xBB\xBF";

/* Whether a character begins at offset: not inside one that began up to three bytes before. */
static bool begins(const struct source *source, uint32_t offset)
{
    if (((unsigned char)source->text[offset] & 0xC0) != 0x80)
        return true;
    for (uint32_t back = 1; back <= 3 && back <= offset; back++) {
        uint32_t lead = offset - back;
        size_t size;
        if (((unsigned char)source->text[lead] & 0xC0) == 0x80)
            continue;
        utf8_read(source->text + lead, source->length - lead, &size);
        return size <= back;
    }
    return true;
}

/* Characters that begin in [from, to). */
static uint32_t count_characters(const struct source *source, uint32_t from, uint32_t to)
{
    uint32_t count = 0;
    for (uint32_t i = from; i < to; i++)
        count += begins(source, i);
    return count;
}

/* Counts at regular places, so that a column in a line of megabytes is found without walking it. */
static void make_characters(struct source *source)
{
    uint32_t marks = source->length / MARK + 1;
    source->characters = memory_alloc(sizeof *source->characters * marks);
    source->characters[0] = 0;
    for (uint32_t i = 1; i < marks; i++)
        source->characters[i] =
            source->characters[i - 1] + count_characters(source, (i - 1) * MARK, i * MARK);
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

static uint32_t characters_between(const struct source *source, uint32_t from, uint32_t to)
{
    if (to - from < MARK)
        return count_characters(source, from, to);
    if (!source->characters)
        make_characters((struct source *)(uintptr_t)source);
    uint32_t first = from / MARK, last = to / MARK;
    return source->characters[last] + count_characters(source, last * MARK, to) -
           source->characters[first] - count_characters(source, first * MARK, from);
}

/* A byte order mark is no character of the first line. */
static uint32_t line_begin(const struct source *source, uint32_t line)
{
    bool marked = line == 1 && source->length >= 3 && !memcmp(source->text, byte_order_mark, 3);
    return marked ? 3 : lines_of(source)[line - 1];
}

uint32_t source_line_number(const struct source *source, uint32_t position)
{
    const uint32_t *lines = lines_of(source);
    uint32_t low = 0, high = source->line_count, offset = position - source->base;
    while (low < high) { /* the last line that begins at or before it */
        uint32_t middle = low + (high - low) / 2;
        if (lines[middle] <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct position position_of(const struct source_set *set, uint32_t position)
{
    const struct source *source = source_of(set, position);
    if (!source)
        return (struct position){0};
    uint32_t line = source_line_number(source, position), offset = position - source->base;
    uint32_t begin = line_begin(source, line);
    uint32_t column = offset > begin ? characters_between(source, begin, offset) + 1 : 1;
    return (struct position){source, line, column};
}

const char *source_line(const struct source *source, uint32_t line, uint32_t *length)
{
    const uint32_t *lines = lines_of(source);
    *length = 0;
    if (line < 1 || line > source->line_count)
        return "";
    uint32_t begin = line_begin(source, line);
    uint32_t end = line < source->line_count ? lines[line] - 1 : source->length;
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
