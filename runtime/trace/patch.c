#include "trace/patch.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- editing ---- */

static int by_place(const void *a, const void *b)
{
    const struct patch_edit *one = a, *other = b;
    return one->span.begin < other->span.begin ? -1 : one->span.begin > other->span.begin;
}

static uint32_t width_of(const char *text, size_t length)
{
    uint32_t width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    return width;
}

/* Where the comment of the line begins that text stands in, counted from there; the line's end where it has none. */
static size_t comment_at(const char *text, size_t length)
{
    bool quoted = false;
    size_t i = 0;
    for (; i < length && text[i] != '\n' && text[i] != '\r'; i++) {
        if (text[i] == '\\' && quoted)
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (text[i] == '#' && !quoted)
            return i;
    }
    return length;
}

/* Adds the rest of a line up to the next edit; a comment in it moves back by as much as the line grew, if there are blanks
   enough, and forward where it shrank and other lines seem to hold its column. */
static void add_rest(struct buffer *out, const char *text, size_t length, long grown)
{
    size_t comment = comment_at(text, length), blanks = 0;

    while (comment < length && blanks < comment && text[comment - 1 - blanks] == ' ')
        blanks++;
    if (comment == length || blanks <= 2) {
        buffer_add(out, text, length);
        return;
    }
    buffer_add(out, text, comment - blanks);
    long wanted = (long)blanks - grown;
    for (long i = 0; i < (wanted > 2 ? wanted : 2); i++)
        buffer_add_char(out, ' ');
    buffer_add(out, text + comment, length - comment);
}

/* One file's edits, in order. */
static void edit_file(struct buffer *out, const struct source *source,
                      const struct patch_edit *edits, int count)
{
    uint32_t done = 0;
    long grown = 0;

    for (int i = 0; i < count; i++) {
        uint32_t begin = edits[i].span.begin - source->base;
        uint32_t end = edits[i].span.end - source->base;
        assert(begin >= done);
        add_rest(out, source->text + done, begin - done, grown);
        if (memchr(source->text + done, '\n', begin - done))
            grown = 0;
        buffer_add_text(out, edits[i].text);
        grown += (long)width_of(edits[i].text, strlen(edits[i].text)) -
                 (long)width_of(source->text + begin, end - begin);
        done = end;
    }
    add_rest(out, source->text + done, source->length - done, grown);
}

int patch_apply(const struct source_set *sources, struct patch_edit *edits, int count,
                struct arena *arena, struct patched_file **files)
{
    int file_count = 0;

    qsort(edits, (size_t)count, sizeof *edits, by_place);
    *files = ARENA_ARRAY(arena, struct patched_file, count + 1);
    for (int i = 0, end; i < count; i = end) {
        const struct source *source = source_of(sources, edits[i].span.begin);
        struct buffer text = {0};
        end = i + 1;
        while (end < count && source_of(sources, edits[end].span.begin) == source)
            end++;
        edit_file(&text, source, edits + i, end - i);
        (*files)[file_count++] = (struct patched_file){
            source, arena_copy_text(arena, buffer_text(&text), text.length), text.length};
        buffer_free(&text);
    }
    return file_count;
}

/* ---- the difference ---- */

struct line {
    const char *text;
    size_t length; /* with its end, where it has one */
};

static struct line next_line(const char *text, size_t length, size_t *at)
{
    const char *begin = text + *at, *end = memchr(begin, '\n', length - *at);
    struct line line = {begin, end ? (size_t)(end - begin) + 1 : length - *at};
    *at += line.length;
    return line;
}

static struct line *split(struct arena *arena, const char *text, size_t length, int *count)
{
    size_t at = 0;
    int lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    struct line *list = ARENA_ARRAY(arena, struct line, lines);
    for (*count = 0; at < length; (*count)++)
        list[*count] = next_line(text, length, &at);
    return list;
}

static bool differ(const struct line *a, const struct line *b)
{
    return a->length != b->length || memcmp(a->text, b->text, a->length) != 0;
}

static void add_line(struct buffer *out, char mark, const struct line *line)
{
    buffer_add_char(out, mark);
    buffer_add(out, line->text, line->length);
    if (!line->length || line->text[line->length - 1] != '\n')
        buffer_add_text(out, "\n\\ No newline at end of file\n");
}

enum { CONTEXT = 3 };

/* A hunk from line `begin` up to `end`: what was before what is now, run by run. */
static void add_hunk(struct buffer *out, const struct line *before, const struct line *after,
                     int begin, int end)
{
    buffer_addf(out, "@@ -%d,%d +%d,%d @@\n", begin + 1, end - begin, begin + 1, end - begin);
    for (int i = begin, run; i < end; i = run) {
        for (run = i; run < end && differ(&before[run], &after[run]); run++)
            add_line(out, '-', &before[run]);
        for (int k = i; k < run; k++)
            add_line(out, '+', &after[k]);
        if (run == i)
            add_line(out, ' ', &before[run++]);
    }
}

void patch_diff(struct buffer *out, const char *name, const struct source *before,
                const char *after, size_t after_length)
{
    struct arena arena = {0};
    int count, after_count, end = 0;
    const struct line *old = split(&arena, before->text, before->length, &count);
    const struct line *new = split(&arena, after, after_length, &after_count);
    bool named = false;

    assert(count == after_count);
    for (int i = 0; i < count; i++) {
        if (!differ(&old[i], &new[i]))
            continue;
        if (!named)
            buffer_addf(out, "--- a/%s\n+++ b/%s\n", name, name);
        named = true;
        int begin = i > CONTEXT ? i - CONTEXT : 0, last = i;
        for (int k = i; k < count && k <= last + 2 * CONTEXT; k++)
            if (differ(&old[k], &new[k]))
                last = k;
        end = last + CONTEXT + 1 < count ? last + CONTEXT + 1 : count;
        add_hunk(out, old, new, begin, end);
        i = end - 1;
    }
    arena_free(&arena);
}
