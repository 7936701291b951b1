#include "source/diagnostic.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most texts are short: they are formatted once, on the stack, and copied. */
static const char *format_in(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static const char *format_in(struct arena *arena, const char *format, va_list arguments)
{
    char small[256];
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(small, sizeof small, format, arguments);
    size_t size = length < 0 ? 0 : (size_t)length;
    char *text = arena_copy_text(arena, small, size < sizeof small ? size : 0);
    if (size >= sizeof small) {
        text = arena_alloc(arena, size + 1);
        vsnprintf(text, size + 1, format, again);
    }
    va_end(again);
    return text;
}

/* More mistakes than anybody mends at once; each thing that is said looks through them. */
#define MUTED_AT_MOST 200

static void add_muted(struct diagnostics *list, struct span span, bool while_bound)
{
    if (list->muted_count++ >= MUTED_AT_MOST)
        return;
    struct muted *muted = ARENA_NEW(list->arena, struct muted);
    *muted = (struct muted){list->muted, span, while_bound};
    list->muted = muted;
}

void mute(struct diagnostics *list, struct span span)
{
    add_muted(list, span, false);
}

void mute_while_bound(struct diagnostics *list, struct span span)
{
    add_muted(list, span, true);
}

void unmute(struct diagnostics *list)
{
    for (struct muted **at = &list->muted; *at;)
        if ((*at)->while_bound)
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

bool is_muted(const struct diagnostics *list, struct span span)
{
    for (const struct muted *muted = list->muted; muted; muted = muted->next)
        if (span.begin >= muted->span.begin && span.begin < muted->span.end)
            return true;
    return false;
}

static void keep(struct diagnostics *list, struct diagnostic *diagnostic)
{
    if (is_muted(list, diagnostic->span))
        return;
    if (list->count == list->capacity) {
        int capacity = list->capacity ? list->capacity * 2 : 16;
        struct diagnostic **items = ARENA_ARRAY(list->arena, struct diagnostic *, capacity);
        if (list->count)
            memcpy(items, list->items, sizeof *items * (size_t)list->count);
        list->items = items;
        list->capacity = capacity;
    }
    diagnostic->order = list->count;
    list->items[list->count++] = diagnostic;
    list->errors += diagnostic->severity == SEVERITY_ERROR;
    list->warnings += diagnostic->severity == SEVERITY_WARNING;
}

struct diagnostic *report(struct diagnostics *list, enum rule rule, struct span span,
                          const char *format, ...)
{
    struct diagnostic *diagnostic = ARENA_NEW(list->arena, struct diagnostic);
    diagnostic->rule = rule;
    diagnostic->severity = (enum severity)rule_rows[rule].severity;
    diagnostic->span = span;
    va_list arguments;
    va_start(arguments, format);
    diagnostic->message = format_in(list->arena, format, arguments);
    va_end(arguments);
    keep(list, diagnostic);
    return diagnostic;
}

static void append_remark(struct remark **end, struct remark *remark)
{
    while (*end)
        end = &(*end)->next;
    *end = remark;
}

void add_label(struct diagnostics *list, struct diagnostic *diagnostic, struct span span,
               const char *format, ...)
{
    va_list arguments;
    struct remark *remark = ARENA_NEW(list->arena, struct remark);
    va_start(arguments, format);
    *remark = (struct remark){NULL, span, format_in(list->arena, format, arguments)};
    va_end(arguments);
    append_remark(&diagnostic->labels, remark);
}

void add_note(struct diagnostics *list, struct diagnostic *diagnostic, struct span span,
              const char *format, ...)
{
    va_list arguments;
    struct remark *remark = ARENA_NEW(list->arena, struct remark);
    va_start(arguments, format);
    *remark = (struct remark){NULL, span, format_in(list->arena, format, arguments)};
    va_end(arguments);
    append_remark(&diagnostic->notes, remark);
}

void set_help(struct diagnostics *list, struct diagnostic *diagnostic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diagnostic->help = format_in(list->arena, format, arguments);
    va_end(arguments);
}

void add_fix(struct diagnostics *list, struct diagnostic *diagnostic, enum certainty certainty,
             struct span span, const char *replacement, const char *title_format, ...)
{
    va_list arguments;
    struct fix *fix = ARENA_NEW(list->arena, struct fix), **end = &diagnostic->fixes;
    va_start(arguments, title_format);
    fix->title = format_in(list->arena, title_format, arguments);
    va_end(arguments);
    fix->certainty = certainty;
    fix->edits = ARENA_NEW(list->arena, struct edit);
    fix->edits->span = span;
    fix->edits->text = arena_copy_text(list->arena, replacement, strlen(replacement));
    while (*end)
        end = &(*end)->next;
    *end = fix;
}

/* ---- sorting ---- */

/* What it is sorted by, worked out once. */
struct key {
    struct diagnostic *diagnostic;
    const char *path; /* files in the order of their paths, whichever was read first */
    bool dropped;
};

static int compare_places(const struct key *a, const struct key *b)
{
    int order = a->path == b->path ? 0 : strcmp(a->path, b->path);
    const struct diagnostic *left = a->diagnostic, *right = b->diagnostic;
    if (order)
        return order;
    if (left->span.begin != right->span.begin)
        return left->span.begin < right->span.begin ? -1 : 1;
    return (left->rule > right->rule) - (left->rule < right->rule);
}

static int compare_messages(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    int order = compare_places(a, b);
    if (!order)
        order = strcmp(a->diagnostic->message, b->diagnostic->message);
    return order ? order : a->diagnostic->order - b->diagnostic->order;
}

static int compare(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    int order = compare_places(a, b);
    return order ? order : a->diagnostic->order - b->diagnostic->order;
}

static bool same(const struct key *a, const struct key *b)
{
    return compare_places(a, b) == 0 && strcmp(a->diagnostic->message, b->diagnostic->message) == 0;
}

void diagnostics_sort(struct diagnostics *list, const struct source_set *sources)
{
    size_t count = (size_t)list->count;
    struct key *keys = memory_alloc(sizeof *keys * count);
    for (size_t i = 0; i < count; i++) {
        const struct source *source = source_of(sources, list->items[i]->span.begin);
        keys[i] = (struct key){list->items[i], source ? source->path : "", false};
    }
    qsort(keys, count, sizeof *keys, compare_messages); /* equal ones side by side */
    for (size_t i = 1; i < count; i++)
        keys[i].dropped = same(&keys[i - 1], &keys[i]);
    qsort(keys, count, sizeof *keys, compare);
    list->count = list->errors = list->warnings = 0;
    for (size_t i = 0; i < count; i++) {
        if (keys[i].dropped)
            continue;
        list->items[list->count++] = keys[i].diagnostic;
        list->errors += keys[i].diagnostic->severity == SEVERITY_ERROR;
        list->warnings += keys[i].diagnostic->severity == SEVERITY_WARNING;
    }
    free(keys);
}

/* ---- near words ---- */

/* Longer words are no misspellings of each other. */
#define WORD_AT_MOST 64

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

int edit_distance(const char *a, const char *b)
{
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > WORD_AT_MOST || length_b > WORD_AT_MOST)
        return strcmp(a, b) ? (int)(length_a > length_b ? length_a : length_b) : 0;
    int rows[3][WORD_AT_MOST + 1];
    int *before = rows[0], *last = rows[1], *here = rows[2];
    for (size_t j = 0; j <= length_b; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= length_a; i++) {
        here[0] = (int)i;
        for (size_t j = 1; j <= length_b; j++) {
            int ca = tolower((unsigned char)a[i - 1]), cb = tolower((unsigned char)b[j - 1]);
            here[j] = smaller(smaller(last[j] + 1, here[j - 1] + 1), last[j - 1] + (ca != cb));
            bool swapped = i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
                           cb == tolower((unsigned char)a[i - 2]);
            if (swapped)
                here[j] = smaller(here[j], before[j - 2] + 1);
        }
        int *spare = before;
        before = last;
        last = here;
        here = spare;
    }
    return last[length_b];
}

bool close_enough(const char *word, int distance)
{
    int limit = (int)strlen(word) / 3;
    return distance <= (limit > 1 ? limit : 1);
}
