#include "syntax/format.h"
#include "base/memory.h"
#include "grammar/flow_parser.h"
#include "syntax/format_lines.h"
#include "syntax/reader.h"

#include <stdlib.h>
#include <string.h>

#define INDENT 2
#define WIDEST 100         /* a block stays on its line up to here */
#define LONGEST_FLAT 1000u /* bytes of source that a block on one line may have */

/* How an entry stands in columns with those around it, and how many blanks divide its cells. */
enum layout {
    LAYOUT_PLAIN,     /* alone */
    LAYOUT_FIELD,     /* name | value */
    LAYOUT_ROUTE,     /* outcome | -> step */
    LAYOUT_LET,       /* let name | = value */
    LAYOUT_DIMENSION, /* dimension name | size | class | gauge */
    LAYOUT_ROW,       /* kind name | title | { block on this line } */
    LAYOUT_COUNT
};

static const uint32_t layout_gaps[LAYOUT_COUNT] = {1, 2, 1, 1, 2, 1};

#define MAX_CELLS 4

struct row {              /* an entry while it is laid out */
    uint32_t first, end;  /* its tokens, without the block */
    uint32_t open, close; /* its braces; 0 for none */
    enum layout layout;
    bool blank_before, flat;
    uint32_t cells[MAX_CELLS + 1]; /* the tokens they begin with; the last is where the row ends */
    uint32_t widths[MAX_CELLS];    /* what they are filled up to */
};

struct rows {
    struct row *items;
    uint32_t count, capacity;
};

struct formatter {
    const char *text;
    uint32_t length;
    struct token *tokens; /* texts are one token each, END_OF_FILE is the last */
    uint32_t count;
    uint32_t *closing; /* of a LBRACE, its RBRACE */
    struct format_lines lines;
    bool opened; /* the last line opened a block: no blank line after it */
};

/* ---- tokens ---- */

/* Texts with values in them become one token; braces get their partners. */
static void gather(struct formatter *f, struct token_list *list)
{
    uint32_t open[MAX_NESTING], depth = 0, texts = 0;
    f->tokens = list->items;
    f->closing = memory_zeroed(list->count, sizeof *f->closing);
    for (uint32_t i = 0; i < list->count; i++) {
        struct token token = list->items[i];
        bool inside = texts > 0;
        texts += token.kind == TOK_TEXT_HEAD;
        texts -= token.kind == TOK_TEXT_TAIL;
        if (inside) {
            f->tokens[f->count - 1].end = token.end;
            continue;
        }
        if (token.kind == TOK_TEXT_HEAD)
            token.kind = TOK_TEXT;
        if (token.kind == TOK_LBRACE)
            open[depth++] = f->count;
        if (token.kind == TOK_RBRACE)
            f->closing[open[--depth]] = f->count;
        f->tokens[f->count++] = token;
    }
}

static bool has_newline(const struct formatter *f, uint32_t begin, uint32_t end)
{
    return memchr(f->text + begin, '\n', end - begin);
}

static bool is_word(const struct formatter *f, uint32_t i, const char *word)
{
    size_t length = strlen(word);
    return f->tokens[i].end - f->tokens[i].begin == length &&
           memcmp(f->text + f->tokens[i].begin, word, length) == 0;
}

/* Whether a blank stands between a token and the one before it, in the entry that begins at first. */
static bool is_spaced(const struct formatter *f, uint32_t first, uint32_t i)
{
    int kind = f->tokens[i].kind, before = f->tokens[i - 1].kind;
    if (kind == TOK_COMMA || kind == TOK_CASE_COMMA || kind == TOK_RPAREN || kind == TOK_COLON ||
        before == TOK_LPAREN || before == TOK_FUNCTION)
        return false;
    bool sign =
        before == TOK_MINUS && (i - 1 <= first + 1 || token_continues(f->tokens[i - 2].kind));
    return !sign;
}

static void add_token(const struct formatter *f, struct buffer *out, uint32_t i)
{
    const struct token *token = &f->tokens[i];
    const char *at = f->text + token->begin, *end = f->text + token->end;
    if (token->kind == TOK_BOUND) {
        buffer_add_text(out, end[-3] == 'a' ? "at least" : "at most");
    } else if (token->kind == TOK_QUANTITY) {
        const char *unit = at;
        while ((*unit >= '0' && *unit <= '9') || *unit == '.')
            unit++;
        buffer_add(out, at, (size_t)(unit - at));
        while (*unit == ' ' || *unit == '\t' || *unit == '\r')
            unit++;
        buffer_add(out, " ", *unit != '%');
        buffer_add(out, unit, (size_t)(end - unit));
    } else {
        for (; at < end; at++)
            if (*at != '\r' || at + 1 == end || at[1] != '\n')
                buffer_add_char(out, *at);
    }
}

/* ---- blocks on one line ---- */

static void add_flat(const struct formatter *f, struct buffer *out, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        if (i > first && is_spaced(f, first, i))
            buffer_add_char(out, ' ');
        add_token(f, out, i);
    }
}

static uint32_t next_entry(const struct formatter *f, uint32_t i)
{
    while (f->tokens[i].kind == TOK_END)
        i++;
    return i;
}

static uint32_t entry_end(const struct formatter *f, uint32_t i)
{
    for (;; i++) {
        int kind = f->tokens[i].kind;
        if (kind == TOK_END || kind == TOK_LBRACE || kind == TOK_RBRACE || kind == TOK_FILE_END)
            return i;
    }
}

/* " { a; b }" */
static void add_flat_block(const struct formatter *f, struct buffer *out, uint32_t open)
{
    uint32_t close = f->closing[open];
    buffer_add_text(out, "{");
    for (uint32_t i = next_entry(f, open + 1), first = i; i < close; i = next_entry(f, i)) {
        buffer_add_text(out, i == first ? " " : "; ");
        uint32_t end = entry_end(f, i);
        add_flat(f, out, i, end);
        i = end;
        if (f->tokens[end].kind == TOK_LBRACE) {
            buffer_add_char(out, ' ');
            add_flat_block(f, out, end);
            i = f->closing[end] + 1;
        }
    }
    buffer_add_text(out, " }");
}

/* Whether an entry and its block stand on one line and may stay there. */
static bool is_flat(const struct formatter *f, const struct row *row, uint32_t indent)
{
    uint32_t begin = f->tokens[row->first].begin, end = f->tokens[row->close].end;
    if (end - begin > LONGEST_FLAT || has_newline(f, begin, end))
        return false;
    struct buffer flat = {0};
    add_flat(f, &flat, row->first, row->end);
    buffer_add_char(&flat, ' ');
    add_flat_block(f, &flat, row->open);
    bool fits = indent + text_width(flat.text, flat.length) <= WIDEST;
    buffer_free(&flat);
    return fits;
}

/* ---- columns ---- */

/* The token of a dimension that says its class or gauge, `from` on. */
static uint32_t find_word(const struct formatter *f, uint32_t from, uint32_t end,
                          const char *const *words)
{
    for (uint32_t i = from; i < end; i++)
        for (const char *const *word = words; *word; word++)
            if (f->tokens[i].kind == TOK_NAME && is_word(f, i, *word))
                return i;
    return end;
}

static void set_cells(const struct formatter *f, struct row *row)
{
    static const char *const classes[] = {"critical", "major", "minor", "gauge", NULL};
    static const char *const gauge[] = {"gauge", NULL};
    static const uint32_t first_cell[LAYOUT_COUNT] = {0, 1, 1, 2, 2, 2};
    uint32_t *cells = row->cells, end = row->end;
    for (int i = 0; i <= MAX_CELLS; i++)
        cells[i] = end;
    cells[0] = row->first;
    if (first_cell[row->layout] && row->first + first_cell[row->layout] < end)
        cells[1] = row->first + first_cell[row->layout];
    if (row->layout == LAYOUT_DIMENSION) {
        cells[2] = find_word(f, cells[1], end, classes);
        cells[3] = find_word(f, cells[2], end, gauge);
    }
}

static uint32_t cell_width(const struct formatter *f, const struct row *row, int cell)
{
    struct buffer flat = {0};
    for (uint32_t i = row->cells[cell]; i < row->cells[cell + 1]; i++) {
        if (i > row->cells[cell] && is_spaced(f, row->first, i))
            buffer_add_char(&flat, ' ');
        add_token(f, &flat, i);
    }
    uint32_t width = text_width(buffer_text(&flat), flat.length);
    buffer_free(&flat);
    return width;
}

/* Whether something stands to the right of a cell. */
static bool is_last_cell(const struct row *row, int cell)
{
    return row->cells[cell + 1] == row->end && row->layout != LAYOUT_ROW;
}

/* Fills the cells of rows of one layout up to the widest of them. */
static void align(const struct formatter *f, struct row *rows, uint32_t count, enum layout layout)
{
    uint32_t widths[MAX_CELLS] = {0};
    for (uint32_t i = 0; i < count; i++)
        for (int cell = 0; cell < MAX_CELLS && rows[i].layout == layout; cell++) {
            if (is_last_cell(&rows[i], cell))
                break;
            uint32_t width = cell_width(f, &rows[i], cell);
            if (width)
                width += layout_gaps[layout];
            widths[cell] = width > widths[cell] ? width : widths[cell];
        }
    for (uint32_t i = 0; i < count; i++)
        if (rows[i].layout == layout)
            memcpy(rows[i].widths, widths, sizeof widths);
}

/* Rows with blocks on their line stand in columns where all of them still fit. */
static void align_block_rows(const struct formatter *f, struct row *rows, uint32_t count,
                             uint32_t indent)
{
    align(f, rows, count, LAYOUT_ROW);
    uint32_t before = indent, widest = 0;
    for (int cell = 0; cell < MAX_CELLS; cell++)
        before += rows[0].widths[cell];
    for (uint32_t i = 0; i < count; i++) {
        struct buffer block = {0};
        add_flat_block(f, &block, rows[i].open);
        widest = block.length > widest ? (uint32_t)block.length : widest;
        buffer_free(&block);
    }
    for (uint32_t i = 0; i < count && before + widest > WIDEST; i++)
        rows[i].layout = LAYOUT_PLAIN;
}

static bool same_head(const struct formatter *f, const struct row *a, const struct row *b)
{
    const struct token *x = &f->tokens[a->first], *y = &f->tokens[b->first];
    return x->end - x->begin == y->end - y->begin &&
           memcmp(f->text + x->begin, f->text + y->begin, x->end - x->begin) == 0;
}

/* Lays out the rows between two blank lines. */
static void align_group(const struct formatter *f, struct row *rows, uint32_t count,
                        uint32_t indent)
{
    for (enum layout layout = LAYOUT_FIELD; layout < LAYOUT_ROW; layout++)
        align(f, rows, count, layout);
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && rows[i].layout == LAYOUT_ROW &&
                          rows[end].layout == LAYOUT_ROW && same_head(f, &rows[i], &rows[end]);)
            end++;
        if (rows[i].layout == LAYOUT_ROW)
            align_block_rows(f, rows + i, end - i, indent);
    }
}

/* ---- collecting ---- */

static bool has_blank_line(const struct formatter *f, uint32_t begin, uint32_t end)
{
    bool newline = false;
    for (uint32_t i = begin; i < end; i++) {
        if (f->text[i] == '\n' && newline)
            return true;
        if (f->text[i] == '\n')
            newline = true;
        else if (!strchr(" \t\r", f->text[i]))
            newline = false;
    }
    return false;
}

static enum layout layout_of(const struct formatter *f, const struct row *row, uint32_t indent)
{
    const struct token *token = &f->tokens[row->first];
    uint32_t count = row->end - row->first;
    if (row->open) {
        bool named = row->flat && count >= 2 && token[1].kind == TOK_NAME;
        return named && (count == 2 || (count == 3 && token[2].kind == TOK_TEXT)) ? LAYOUT_ROW
                                                                                  : LAYOUT_PLAIN;
    }
    if (token->kind == TOK_LET)
        return LAYOUT_LET;
    if (count > 1 && token[1].kind == TOK_ARROW)
        return LAYOUT_ROUTE;
    if (is_word(f, row->first, "dimension"))
        return has_newline(f, token->begin, f->tokens[row->end - 1].end) ? LAYOUT_PLAIN
                                                                         : LAYOUT_DIMENSION;
    return indent ? LAYOUT_FIELD : LAYOUT_PLAIN;
}

/* The entries from token i to the end of their block. */
static struct rows collect(const struct formatter *f, uint32_t i, uint32_t indent)
{
    struct rows rows = {NULL, 0, 0};
    uint32_t previous = i ? f->tokens[i - 1].end : 0;
    for (i = next_entry(f, i); f->tokens[i].kind != TOK_RBRACE && f->tokens[i].kind != TOK_FILE_END;
         i = next_entry(f, i)) {
        if (rows.count == rows.capacity) {
            rows.capacity = rows.capacity ? rows.capacity * 2 : 16;
            rows.items = memory_resize(rows.items, rows.capacity * sizeof *rows.items);
        }
        struct row *row = &rows.items[rows.count++];
        *row = (struct row){.first = i, .end = entry_end(f, i)};
        row->blank_before = has_blank_line(f, previous, f->tokens[i].begin);
        i = row->end;
        if (f->tokens[i].kind == TOK_LBRACE) {
            row->open = i;
            row->close = f->closing[i];
            row->flat = is_flat(f, row, indent);
            i = row->close + 1;
        }
        row->layout = layout_of(f, row, indent);
        set_cells(f, row);
        previous = f->tokens[i - 1].end;
    }
    for (uint32_t begin = 0, end; begin < rows.count; begin = end) {
        for (end = begin + 1; end < rows.count && !rows.items[end].blank_before;)
            end++;
        align_group(f, rows.items + begin, end - begin, indent);
    }
    return rows;
}

/* ---- writing ---- */

static void write_block(struct formatter *f, uint32_t i, uint32_t indent);

static void open_line(struct formatter *f, uint32_t indent)
{
    begin_line(&f->lines, indent);
    f->opened = false;
}

/* The comments between two offsets: one beside what stands before it stays there, the others get lines of
   their own. Blank lines are kept, but not behind a `{`. Gives whether one stands at the end. */
static bool add_comments(struct formatter *f, uint32_t begin, uint32_t end, uint32_t indent)
{
    uint32_t newlines = 0;
    for (uint32_t i = begin; i < end; i++) {
        newlines += f->text[i] == '\n';
        if (f->text[i] != '#')
            continue;
        uint32_t stop = i;
        while (stop < end && f->text[stop] != '\n')
            stop++;
        uint32_t length = stop - i;
        while (strchr(" \t\r", f->text[i + length - 1]))
            length--;
        if (newlines || !f->lines.count) {
            if (newlines > 1 && !f->opened && !last_is_blank(&f->lines))
                open_line(f, 0);
            open_line(f, indent);
            buffer_add(&f->lines.content, f->text + i, length);
            end_line(&f->lines);
        } else {
            comment_line(&f->lines, f->text + i, length);
        }
        newlines = 0;
        i = stop - 1;
    }
    return newlines > 1;
}

/* To a column, or one blank on. */
static void pad_to(struct formatter *f, uint32_t column)
{
    uint32_t at = line_column(&f->lines);
    add_blanks(&f->lines, column > at ? column - at : 1);
}

/* An entry's tokens in their columns; its own line breaks stay. */
static void write_row(struct formatter *f, const struct row *row, uint32_t indent)
{
    static const uint32_t value[LAYOUT_COUNT] = {1, 1, 2, 3, 1, 1};
    uint32_t cell = 0, cell_column = indent, value_column = indent + INDENT;
    open_line(f, indent);
    for (uint32_t i = row->first; i < row->end; i++) {
        bool begins = false; /* a cell */
        for (; cell < MAX_CELLS - 1 && row->cells[cell + 1] <= i; begins = true)
            cell_column += row->widths[cell++];
        uint32_t before = i > row->first ? f->tokens[i - 1].end : f->tokens[i].begin;
        if (has_newline(f, before, f->tokens[i].begin)) {
            end_line(&f->lines);
            add_comments(f, before, f->tokens[i].begin, value_column);
            open_line(f, value_column);
        } else if (begins) {
            pad_to(f, cell_column);
        } else if (i > row->first && is_spaced(f, row->first, i)) {
            add_blanks(&f->lines, 1);
        }
        if (i == row->first + value[row->layout])
            value_column = line_column(&f->lines);
        add_token(f, &f->lines.content, i);
    }
}

/* The `{` behind a row, and what stands on its line. */
static void write_flat_block(struct formatter *f, const struct row *row, uint32_t indent)
{
    uint32_t column = indent;
    for (int cell = 0; cell < MAX_CELLS && row->layout == LAYOUT_ROW; cell++)
        column += row->widths[cell];
    pad_to(f, column);
    add_flat_block(f, &f->lines.content, row->open);
}

/* A comma at an entry's end would take the next line in. */
static bool needs_semicolon(const struct formatter *f, const struct row *row)
{
    uint32_t last = row->close ? row->close : row->end - 1;
    const struct token *end = &f->tokens[last + 1];
    return token_continues(f->tokens[last].kind) && end->kind == TOK_END &&
           f->text[end->begin] == ';' && end->end > end->begin;
}

static void write_entry(struct formatter *f, const struct row *row, uint32_t indent)
{
    write_row(f, row, indent);
    if (row->flat) {
        write_flat_block(f, row, indent);
    } else if (row->open) {
        buffer_add_text(&f->lines.content, " {");
        end_line(&f->lines);
        f->opened = true;
        write_block(f, row->open + 1, indent + INDENT);
        open_line(f, indent);
        buffer_add_text(&f->lines.content, "}");
    }
    if (needs_semicolon(f, row))
        buffer_add_char(&f->lines.content, ';');
    end_line(&f->lines);
}

/* The entries from token i to the end of their block. */
static void write_block(struct formatter *f, uint32_t i, uint32_t indent)
{
    struct rows rows = collect(f, i, indent);
    uint32_t previous = i ? f->tokens[i - 1].end : 0;
    for (uint32_t k = 0; k < rows.count; k++) {
        const struct row *row = &rows.items[k];
        bool blank = add_comments(f, previous, f->tokens[row->first].begin, indent);
        if (blank && !f->opened && !last_is_blank(&f->lines))
            open_line(f, 0);
        write_entry(f, row, indent);
        i = row->close ? row->close + 1 : row->end;
        previous = f->tokens[i - 1].end;
    }
    free(rows.items);
    add_comments(f, previous, f->tokens[next_entry(f, i)].begin, indent);
}

bool format_source(struct source *source, struct arena *arena, struct interner *names,
                   struct diagnostics *diagnostics, struct buffer *out)
{
    struct token_list tokens = {NULL, 0, 0};
    int errors = diagnostics->errors;
    parse_tokens(source, arena, names, diagnostics, &tokens);
    bool readable = diagnostics->errors == errors;
    if (readable) {
        struct formatter f = {.text = source->text, .length = source->length};
        gather(&f, &tokens);
        write_block(&f, 0, 0);
        write_lines(&f.lines, out);
        free_lines(&f.lines);
        free(f.closing);
    }
    free(tokens.items);
    return readable;
}
