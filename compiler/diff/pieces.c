/* Cutting a file into pieces, and comparing them. */
#include "diff/pieces.h"

#include "base/memory.h"

#include <string.h>

struct cutter {
    const char *text;
    uint32_t base; /* position of its first byte */
    struct arena *arena;
};

static struct stretch stretch_of(const struct cutter *cutter, uint32_t begin, uint32_t end)
{
    return (struct stretch){cutter->text + begin, end - begin};
}

/* ---- where things stand ---- */

/* A let's span begins with its name. */
static uint32_t begin_of(const struct cutter *cutter, const struct entry *entry)
{
    const char *text = cutter->text;
    uint32_t at = entry->span.begin - cutter->base;

    if (entry->kind != ENTRY_LET)
        return at;
    while (at > 3 && memcmp(text + at - 3, "let", 3) != 0)
        at--;
    return at > 3 ? at - 3 : 0;
}

static uint32_t line_end(const struct cutter *cutter, uint32_t at, uint32_t limit)
{
    const char *newline = memchr(cutter->text + at, '\n', limit - at);
    return newline ? (uint32_t)(newline - cutter->text) + 1 : limit;
}

/* A gap between entries: the rest of a line, whole lines, and the beginning of one. */
static void cut_gap(const struct cutter *cutter, uint32_t begin, uint32_t end, bool line_begins,
                    struct stretch *rest, struct stretch *lead, struct stretch *indent)
{
    uint32_t first = line_begins ? begin : line_end(cutter, begin, end), last = end;

    while (last > first && cutter->text[last - 1] != '\n')
        last--;
    *rest = stretch_of(cutter, begin, first);
    *lead = stretch_of(cutter, first, last);
    *indent = stretch_of(cutter, last, end);
}

/* ---- what a piece is known by ---- */

static const char *text_of(const struct cutter *cutter, struct span span)
{
    uint32_t begin = span.begin - cutter->base, end = span.end - cutter->base;
    return arena_copy_text(cutter->arena, cutter->text + begin, end - begin);
}

static bool is_name(const struct node *node)
{
    return node && (node->kind == NODE_NAME || node->kind == NODE_MEMBER);
}

/* "hook" of `hook x 1`, "bore" of `bore 4.2 mm ...`, "" of a text or a number. */
static const char *row_name(const struct cutter *cutter, const struct entry *entry)
{
    const struct node *node = entry->items;
    while (node && node->kind == NODE_BINARY && node->left)
        node = node->left;
    return is_name(node) ? text_of(cutter, node->span) : "";
}

/* All names up to the first thing that is none: `for large` of a sell line, the names of a packet. */
static const char *names_of(const struct cutter *cutter, const struct entry *entry)
{
    struct span span = SPAN_NONE;
    for (const struct node *node = entry->items;
         is_name(node) || (node && node->kind == NODE_COMMA); node = node->next)
        span = span_join(span, node->span);
    return span.begin ? text_of(cutter, span) : "";
}

static bool declares(const struct entry *entry, const struct entry *parent, enum kind kind)
{
    if (!parent)
        return true;
    enum kind of = kind_find(parent->head);
    return (of == KIND_workflow && kind_is_step(kind)) || (of == KIND_product && entry->has_block);
}

static void set_key(const struct cutter *cutter, const struct entry *entry,
                    const struct entry *parent, struct piece *piece)
{
    enum kind kind = kind_find(entry->head);
    const char *name = names_of(cutter, entry);

    piece->head = entry->head;
    piece->named = true;
    if (entry->kind == ENTRY_LET) {
        piece->key = arena_printf(cutter->arena, "let %s", entry->head);
    } else if (entry->kind == ENTRY_ROUTE) {
        piece->key = arena_printf(cutter->arena, "-> %s", entry->head);
    } else if (declares(entry, parent, kind)) {
        piece->in_order = kind_is_step(kind);
        piece->named = name[0] || strcmp(entry->head, "use") != 0;
        piece->key =
            arena_printf(cutter->arena, "%s %s", piece->in_order ? "step" : entry->head, name);
    } else {
        enum kind of = kind_find(parent->head);
        const struct field_row *field = of == KIND_none ? NULL : field_find(of, entry->head);
        const char *row = strcmp(entry->head, "sell") == 0 ? name : row_name(cutter, entry);
        bool repeated = field && field->flags & REPEATED;
        piece->in_order = strcmp(entry->head, "do") == 0;
        piece->named = !repeated || row[0];
        piece->key = arena_printf(cutter->arena, "%s %s", entry->head, repeated ? row : "");
    }
}

/* ---- cutting ---- */

static void cut_block(const struct cutter *cutter, const struct entry *parent,
                      const struct entry *entries, uint32_t begin, uint32_t end, bool line_begins,
                      struct piece *block);

static uint32_t cut_entry(const struct cutter *cutter, const struct entry *entry,
                          const struct entry *parent, struct piece *piece)
{
    uint32_t begin = begin_of(cutter, entry), end = entry->span.end - cutter->base;

    set_key(cutter, entry, parent, piece);
    piece->body = stretch_of(cutter, begin, end);
    if (!entry->has_block)
        return end;
    uint32_t brace = end, close = entry->block_end - cutter->base;
    while (brace < close && cutter->text[brace] != '{')
        brace++;
    piece->has_block = true;
    piece->on_one_line = !memchr(cutter->text + brace, '\n', close - brace);
    piece->open = stretch_of(cutter, end, brace + 1);
    cut_block(cutter, entry, entry->block, brace + 1, close, false, piece);
    return close + 1;
}

static void cut_block(const struct cutter *cutter, const struct entry *parent,
                      const struct entry *entries, uint32_t begin, uint32_t end, bool line_begins,
                      struct piece *block)
{
    struct piece **next = &block->children;
    struct stretch *rest = &block->open, line, lead, indent;
    uint32_t at = begin;

    for (const struct entry *entry = entries; entry; entry = entry->next) {
        struct piece *piece = ARENA_NEW(cutter->arena, struct piece);
        cut_gap(cutter, at, begin_of(cutter, entry), line_begins, &line, &piece->lead,
                &piece->indent);
        if (rest == &block->open && rest->at) /* behind the `{` */
            rest->length += line.length;
        else
            *rest = line;
        at = cut_entry(cutter, entry, parent, piece);
        rest = &piece->trail;
        line_begins = false;
        *next = piece;
        next = &piece->next;
    }
    cut_gap(cutter, at, end, line_begins, &line, &lead, &indent);
    if (rest == &block->open && rest->at)
        rest->length += line.length;
    else
        *rest = line;
    block->tail = (struct stretch){lead.at, lead.length + indent.length};
}

static bool any_failed(const struct entry *entries)
{
    for (const struct entry *entry = entries; entry; entry = entry->next)
        if (entry->failed || entry->kind == ENTRY_ERROR || any_failed(entry->block))
            return true;
    return false;
}

static struct piece *cut_file(const struct merge_side *side, struct source *source,
                              struct arena *arena, struct interner *names)
{
    struct diagnostics diagnostics = {.arena = arena};
    struct file_tree *tree = parse(source, arena, names, &diagnostics);

    if (tree->fatal || diagnostics.errors || any_failed(tree->entries))
        return NULL;
    struct cutter cutter = {side->text, source->base, arena};
    struct piece *file = ARENA_NEW(arena, struct piece);
    struct buffer whole = {0};
    cut_block(&cutter, NULL, tree->entries, 0, source->length, true, file);
    pieces_write(&whole, file, (const char *const[]){"", ""}, 7);
    /* What was cut wrong would be lost: then it is merged as a text. */
    bool good = whole.length == side->length &&
                (!whole.length || memcmp(whole.text, side->text, whole.length) == 0);
    buffer_free(&whole);
    return good ? file : NULL;
}

struct piece *pieces_of(const struct merge_side *side, struct arena *arena)
{
    struct interner names;
    struct source_set sources;
    char *copy = memory_zeroed(1, side->length + 2);

    if (side->length)
        memcpy(copy, side->text, side->length);
    interner_open(&names, arena);
    source_set_open(&sources, arena);
    struct source *source = source_add(&sources, side->name, ".", copy, side->length);
    struct piece *file = source ? cut_file(side, source, arena, &names) : NULL;
    source_set_close(&sources);
    interner_close(&names);
    return file;
}

/* ---- comparing ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where the text ends that begins there. One that quotes values may hold other texts: then all to the end counts. */
static size_t after_text(struct stretch text, size_t at)
{
    size_t quotes = text.length - at >= 3 && memcmp(text.at + at, "\"\"\"", 3) == 0 ? 3 : 1;

    for (at += quotes; at < text.length; at++) {
        if (text.at[at] == '{')
            return text.length;
        if (text.at[at] == '\\')
            at++;
        else if (text.length - at >= quotes && memcmp(text.at + at, "\"\"\"", quotes) == 0)
            return at + quotes;
    }
    return text.length;
}

/* One blank between words, but texts as they are; a comment ends with its line. */
static void add_normal(struct buffer *out, struct stretch text)
{
    for (size_t i = 0, end; i < text.length; i = end) {
        end = i + 1;
        if (is_blank(text.at[i])) {
            if (out->length && !is_blank(out->text[out->length - 1]))
                buffer_add_char(out, ' ');
            continue;
        }
        if (text.at[i] == '"')
            end = after_text(text, i);
        if (text.at[i] != '#') {
            buffer_add(out, text.at + i, end - i);
            continue;
        }
        while (end < text.length && text.at[end] != '\n')
            end++;
        size_t last = end;
        while (is_blank(text.at[last - 1]))
            last--;
        buffer_add(out, text.at + i, last - i);
        buffer_add_char(out, '\n');
    }
    while (out->length && is_blank(out->text[out->length - 1]))
        out->text[--out->length] = '\0';
}

bool stretch_same(struct stretch a, struct stretch b)
{
    struct buffer x = {0}, y = {0};

    if (a.length == b.length && (!a.length || memcmp(a.at, b.at, a.length) == 0))
        return true;
    add_normal(&x, a);
    add_normal(&y, b);
    bool same = x.length == y.length && strcmp(buffer_text(&x), buffer_text(&y)) == 0;
    buffer_free(&x);
    buffer_free(&y);
    return same;
}

struct stretch trail_comment(struct stretch trail)
{
    while (trail.length && (is_blank(*trail.at) || *trail.at == ';'))
        trail.at++, trail.length--;
    return trail;
}

bool piece_body_same(const struct piece *a, const struct piece *b)
{
    if (!stretch_same(a->body, b->body) || a->has_block != b->has_block)
        return false;
    if (!a->has_block)
        return true;
    const struct piece *x = a->children, *y = b->children;
    for (; x && y; x = x->next, y = y->next)
        if (!piece_same(x, y))
            return false;
    return !x && !y && stretch_same(a->tail, b->tail) && stretch_same(a->open, b->open);
}

bool piece_same(const struct piece *a, const struct piece *b)
{
    if (!a || !b)
        return a == b;
    return stretch_same(a->lead, b->lead) &&
           stretch_same(trail_comment(a->trail), trail_comment(b->trail)) && piece_body_same(a, b);
}
