#include "syntax/reader.h"

#include <string.h>

/* ---- reading: pieces keep their raw bytes ---- */

static const char *line_end(const struct reader *reader, uint32_t at)
{
    const char *end = memchr(reader->text + at, '\n', reader->limit - at);
    return end ? end : reader->text + reader->limit;
}

/* Where an unclosed text is taken to end: with its line, but before what opens or closes a block there, so
   that the mistake stays one. */
static uint32_t unclosed_end(const struct reader *reader, uint32_t begin)
{
    const char *first = reader->text + begin, *end = line_end(reader, begin);
    uint32_t open = reader->depth;
    bool block_opened = false;
    for (;;) {
        const char *last = end;
        while (last > first && strchr(" \t\r", last[-1]))
            last--;
        if (last == first)
            return (uint32_t)(end - reader->text);
        bool closes = last[-1] == '}' && open && reader->frames[open - 1].kind == FRAME_BLOCK &&
                      reader->frames[open - 1].begin >= reader->line;
        bool opens = last[-1] == '{' && !block_opened;
        if (!closes && !opens)
            return (uint32_t)(last - reader->text);
        block_opened = true;
        open -= closes;
        end = last - 1;
    }
}

static bool quote_follows(const struct reader *reader, uint32_t at)
{
    return memchr(reader->text + at, '"', (size_t)(line_end(reader, at) - reader->text) - at);
}

/* The byte behind the escape at `at`. */
static uint32_t read_escape(struct reader *reader, bool is_long, uint32_t at, struct node *node)
{
    char c = at + 1 < reader->limit ? reader->text[at + 1] : '\n';
    if (strchr("\"\\n{", c) && c)
        return at + 2;
    if (c == '\n' && !is_long)
        return at + 1; /* the text has no end: that is said */
    uint32_t end = at + 2 < reader->limit ? at + 2 : reader->limit;
    while (end < reader->limit && (reader->text[end] & 0xC0) == 0x80)
        end++;
    node->failed = 1;
    struct diagnostic *d =
        c == '\n' || c == '\r'
            ? mistake(reader, at, at + 1, "a '\\' at the end of a line")
            : mistake(reader, at, end, "unknown escape '%.*s'", (int)(end - at), reader->text + at);
    if (d)
        set_help(reader->diagnostics, d,
                 "a text knows \\\" \\\\ \\n and \\{; a backslash itself is \\\\");
    return at + 1;
}

/* Whether the text's quote comes before the `}` of the `{` at `at`: then what follows is no expression. A quote behind
   an operator or at the expression's begin opens a text inside of it. */
static bool brace_never_closes(const struct reader *reader, uint32_t at)
{
    /* no further than needed: a line may have a hundred thousand of them */
    const char *end = reader->text + reader->limit;
    for (const char *c = reader->text + at + 1; c < end && *c != '\n' && *c != '}'; c++) {
        if (*c != '"')
            continue;
        const char *before = c - 1;
        while (strchr(" \t", *before))
            before--;
        return !strchr("{(,>+-*/:", *before);
    }
    return false;
}

static void report_open_brace(struct reader *reader, uint32_t at)
{
    struct diagnostic *d = mistake(reader, at, at + 1, "this '{' is not closed in its text");
    if (!d)
        return;
    set_help(reader->diagnostics, d, "close it with '}', or write '\\{' for the sign itself");
    add_fix(reader->diagnostics, d, FIX_LIKELY, reader_span(reader, at, at), "\\",
            "write the sign itself");
}

enum text_end read_text_piece(struct reader *reader, bool is_long, uint32_t begin, uint32_t at,
                              struct node **node, uint32_t *end)
{
    const char *text = reader->text;
    uint32_t from = at;
    enum text_end result = TEXT_UNCLOSED;
    *node = new_node(reader, NODE_TEXT, SPAN_NONE);
    while (at < reader->limit) {
        char c = text[at];
        if (c == '\\') {
            at = read_escape(reader, is_long, at, *node);
        } else if (c == '{' && !is_long && brace_never_closes(reader, at)) {
            report_open_brace(reader, at++);
            (*node)->failed = 1;
        } else if (c == '{') {
            if (is_long || from != begin + 1 || quote_follows(reader, at))
                result = TEXT_EXPRESSION;
            break;
        } else if (c == '"' && (!is_long || (reader->limit - at >= 3 && text[at + 1] == '"' &&
                                             text[at + 2] == '"'))) {
            result = TEXT_CLOSED;
            break;
        } else if (c == '\n' && !is_long) {
            break;
        } else {
            at++;
        }
    }
    *end = at + (result == TEXT_CLOSED && is_long ? 3 : 1);
    if (result == TEXT_UNCLOSED) {
        at = *end = is_long ? reader->limit : unclosed_end(reader, from);
        report_unclosed_text(reader, begin, at, is_long);
        (*node)->failed = 1;
    }
    (*node)->span = reader_span(reader, reader->begin, *end);
    struct text_piece *piece = ARENA_NEW(reader->tree, struct text_piece);
    piece->text = text + from;
    piece->length = at - from;
    (*node)->pieces = piece;
    return result;
}

/* ---- joining ---- */

struct node *add_piece(struct node *text, const struct node *piece)
{
    piece->pieces->next = text->pieces;
    text->pieces = piece->pieces;
    text->failed |= piece->failed;
    return text;
}

struct node *add_expression(struct reader *reader, struct node *text, struct node *expression)
{
    struct text_piece *piece = ARENA_NEW(reader->tree, struct text_piece);
    piece->expression = expression;
    piece->next = text->pieces;
    text->pieces = piece;
    text->failed |= expression->failed;
    return nested_node(reader, text, expression);
}

struct node *end_text(struct reader *reader, struct node *text, const struct node *tail,
                      struct span span)
{
    text->span = span;
    finish_text(reader, add_piece(text, tail));
    return text;
}

/* ---- finishing: indent and escapes ---- */

struct margin { /* the white space that every line of a text begins with */
    const char *text;
    size_t length;
    bool known;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_line_end(const char *at, const char *end)
{
    return at < end && (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

static void narrow_margin(struct margin *margin, const char *line, size_t blanks)
{
    if (!margin->known)
        *margin = (struct margin){line, blanks, true};
    size_t same = 0;
    while (same < blanks && same < margin->length && margin->text[same] == line[same])
        same++;
    margin->length = same;
}

static struct margin common_margin(const struct text_piece *pieces)
{
    struct margin margin = {NULL, 0, false};
    bool line_begins = false; /* what stands beside the opening quotes has no indent */
    for (const struct text_piece *piece = pieces; piece; piece = piece->next) {
        const char *at = piece->text, *end = at ? at + piece->length : at;
        while (at < end) {
            const char *line = at;
            while (line_begins && at < end && is_blank(*at))
                at++;
            bool nothing = at == end ? !piece->next : is_line_end(at, end);
            if (line_begins && !nothing)
                narrow_margin(&margin, line, (size_t)(at - line));
            at = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
            line_begins = at != NULL;
            at = at ? at + 1 : end;
        }
        if (!piece->text)
            line_begins = false;
    }
    return margin;
}

/* The first newline behind the opening quotes and the last before the closing ones are not meant. */
static void drop_outer_newlines(struct text_piece *pieces, bool *line_begins)
{
    const char *at = pieces->text, *end = at + pieces->length;
    while (at < end && is_blank(*at))
        at++;
    if ((*line_begins = is_line_end(at, end))) {
        at += *at == '\r' ? 2 : 1;
        pieces->length = (uint32_t)(end - at);
        pieces->text = at;
    }
    struct text_piece *last = pieces;
    while (last->next)
        last = last->next;
    at = end = last->text + last->length;
    while (at > last->text && is_blank(at[-1]))
        at--;
    if (at > last->text && at[-1] == '\n') {
        at -= at - 1 > last->text && at[-2] == '\r' ? 2 : 1;
        last->length = (uint32_t)(at - last->text);
    } else if (at == last->text && last == pieces && *line_begins)
        last->length = 0;
}

static const char *skip_margin(const char *at, const char *end, const struct margin *margin)
{
    for (size_t i = 0; i < margin->length && at < end && *at == margin->text[i]; i++)
        at++;
    return at;
}

static char unescaped(char c)
{
    return c == 'n' ? '\n' : c;
}

/* The piece's text as it is meant, in the arena. */
static void finish_piece(struct reader *reader, struct text_piece *piece,
                         const struct margin *margin, bool line_begins)
{
    const char *at = piece->text, *end = at + piece->length;
    char *begin = arena_alloc(reader->arena, piece->length + 1), *out = begin;
    if (line_begins)
        at = skip_margin(at, end, margin);
    while (at < end) {
        if (*at == '\\' && at + 1 < end && strchr("\"\\n{", at[1])) {
            *out++ = unescaped(at[1]);
            at += 2;
            continue;
        }
        if (*at == '\r' && is_line_end(at, end))
            at++;
        *out++ = *at++;
        if (at[-1] == '\n')
            at = skip_margin(at, end, margin);
    }
    *out = '\0';
    piece->text = begin;
    piece->length = (uint32_t)(out - begin);
}

static struct text_piece *in_order(struct text_piece *reversed)
{
    struct text_piece *pieces = NULL;
    while (reversed) {
        struct text_piece *next = reversed->next;
        reversed->next = pieces;
        pieces = reversed;
        reversed = next;
    }
    return pieces;
}

void finish_text(struct reader *reader, struct node *text)
{
    struct text_piece *pieces = in_order(text->pieces);
    struct margin margin = {NULL, 0, false};
    bool line_begins = false;
    uint32_t begin = text->span.begin - reader->base;
    if (reader->limit - begin >= 3 && memcmp(reader->text + begin, "\"\"\"", 3) == 0) {
        margin = common_margin(pieces);
        drop_outer_newlines(pieces, &line_begins);
    }
    struct text_piece **link = &pieces;
    for (struct text_piece *piece = pieces; piece; piece = piece->next) {
        if (piece->text)
            finish_piece(reader, piece, &margin, line_begins);
        line_begins = false;
        if (piece->expression || piece->length || (piece == pieces && !piece->next)) {
            *link = piece;
            link = &piece->next;
        }
    }
    *link = NULL;
    text->pieces = pieces;
}
