/* The driver around the parser: it pushes tokens, and after a mistake hands in nothing until the entry's
   end or its block, so that one mistake costs one entry and gives one message. */
#include "base/memory.h"
#include "grammar/flow_parser.h"
#include "syntax/reader.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FILE_BYTES 100000000u

int flow_scan(FLOW_STYPE *value, struct reader *reader, void *scanner);

static void add_token(struct token_list *list, struct token token)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 256;
        list->items = memory_resize(list->items, list->capacity * sizeof *list->items);
    }
    list->items[list->count++] = token;
}

static int next_token(struct reader *reader, void *scanner, FLOW_STYPE *value)
{
    if (reader->last != TOK_END)
        reader->previous_end = reader->end;
    if (reader->place == 0)
        reader->lost_group = 0;
    bool begins = reader->place == 0 && reader->depth == 0;
    reader->before = reader->last;
    int token = flow_scan(value, reader, scanner);
    if (begins && token != TOK_END)
        reader->is_let = token == TOK_LET;
    if (begins && (token == TOK_NAME || token == TOK_LET))
        reader->tree = strcmp(value->word.name, "workflow") ? reader->arena : reader->workflows;
    if (reader->tokens)
        add_token(reader->tokens, (struct token){token, reader->begin, reader->end});
    reader->last = token;
    if (token == TOK_END || token == TOK_LBRACE)
        reader->place = 0;
    else
        reader->place++;
    return token;
}

/* What the parser gets after a mistake: the END of the entry, or the `{` of its block. */
static int skip_entry(struct reader *reader, void *scanner, FLOW_STYPE *value)
{
    int token;
    reader->skipping = true;
    do
        token = next_token(reader, scanner, value);
    while (token != TOK_END && token != TOK_LBRACE && token != TOK_FILE_END);
    reader->skipping = false;
    return token;
}

/* A name that begins the next entry: nothing but an end was expected, or it begins a line inside a
   parenthesis that was never closed. */
static bool is_next_entry(const struct reader *reader, int token)
{
    if (token != TOK_NAME && token != TOK_LET)
        return false;
    bool in_group = reader->depth && reader->frames[reader->depth - 1].kind == FRAME_GROUP;
    return reader->end_missing || (in_group && reader->begin == reader->line);
}

static void end_entry_before(struct reader *reader, void *scanner)
{
    while (reader->depth && reader->frames[reader->depth - 1].kind == FRAME_GROUP)
        reader->depth--;
    scanner_rewind(reader, scanner);
    reader->last = TOK_END;
    reader->place = 0;
}

static void read_all(struct reader *reader, uint32_t offset)
{
    void *scanner = scanner_open(reader, offset);
    flow_pstate *parser = flow_pstate_new();
    if (!parser)
        memory_exhausted();
    FLOW_STYPE value = {.op = OP_NONE};
    struct span span = reader_span(reader, offset, offset);
    int token = reader->phrase ? TOK_START_PHRASE : TOK_START_FILE;
    int status = flow_push_parse(parser, token, &value, &span, reader);
    while (status == YYPUSH_MORE) {
        token = next_token(reader, scanner, &value);
        for (;;) {
            span = reader_span(reader, reader->begin, reader->end);
            reader->refused = token == TOK_FLOW_error;
            reader->end_missing = false;
            status = flow_push_parse(parser, token, &value, &span, reader);
            if (status != YYPUSH_MORE || !reader->refused || token == TOK_END ||
                token == TOK_LBRACE)
                break;
            if (is_next_entry(reader, token)) {
                end_entry_before(reader, scanner);
                token = TOK_END;
            } else {
                token = skip_entry(reader, scanner, &value);
            }
        }
    }
    flow_pstate_delete(parser);
    scanner_close(reader, scanner);
}

/* ---- bytes ---- */

/* Length of the UTF-8 character at text, 0 if there is none. */
static uint32_t character_length(const unsigned char *text, uint32_t left)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t length, least;
    } forms[] = {{0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if ((text[0] & forms[i].mask) != forms[i].lead)
            continue;
        if (forms[i].length > left)
            return 0;
        uint32_t code = text[0] & (unsigned char)~forms[i].mask;
        for (uint32_t k = 1; k < forms[i].length; k++) {
            if ((text[k] & 0xC0) != 0x80)
                return 0;
            code = code << 6 | (text[k] & 0x3F);
        }
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        return code >= forms[i].least && code <= 0x10FFFF && !surrogate ? forms[i].length : 0;
    }
    return 0;
}

/* Offset of the first byte that is no text, or length. */
static uint32_t first_bad_byte(const char *text, uint32_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t at = 0;
    while (at < length) {
        uint64_t eight;
        if (length - at >= 8) { /* eight of plain ASCII at once, none of them NUL */
            memcpy(&eight, text + at, 8);
            uint64_t high = 0x8080808080808080u;
            if (!((eight | (eight - 0x0101010101010101u)) & high)) {
                at += 8;
                continue;
            }
        }
        uint32_t step = bytes[at] == 0     ? 0
                        : bytes[at] < 0x80 ? 1
                                           : character_length(bytes + at, length - at);
        if (!step)
            return at;
        at += step;
    }
    return length;
}

static bool is_readable(struct source *source, struct diagnostics *diagnostics)
{
    struct span begin = {source->base, source->base};
    if (source->length > MAX_FILE_BYTES) {
        report(diagnostics, RULE_syntax, begin, "the file is larger than 100 MB");
        return false;
    }
    uint32_t bad = first_bad_byte(source->text, source->length);
    if (bad == source->length)
        return true;
    struct span place = {source->base + bad, source->base + bad + 1};
    struct diagnostic *d;
    if (source->text[bad]) {
        d = report(diagnostics, RULE_syntax, place,
                   "not UTF-8: the byte 0x%02x begins no character",
                   (unsigned char)source->text[bad]);
        set_help(diagnostics, d, "save the file as UTF-8");
    } else {
        d = report(diagnostics, RULE_syntax, place, "a NUL byte");
        set_help(diagnostics, d, "this is no text file");
    }
    return false;
}

/* ---- the interface ---- */

static struct reader new_reader(struct source *source, struct arena *arena, struct interner *names,
                                struct diagnostics *diagnostics)
{
    return (struct reader){.text = source->text,
                           .limit = source->length,
                           .base = source->base,
                           .arena = arena,
                           .workflows = arena,
                           .tree = arena,
                           .names = names,
                           .diagnostics = diagnostics};
}

/* What was reported before a pass, to take back what it reported. */
struct counts {
    int count, errors, warnings;
    struct muted *muted;
    int muted_count;
};

static struct counts counts_of(const struct diagnostics *list)
{
    return (struct counts){list->count, list->errors, list->warnings, list->muted,
                           list->muted_count};
}

static void take_back(struct diagnostics *list, struct counts before)
{
    list->count = before.count;
    list->errors = before.errors;
    list->warnings = before.warnings;
    list->muted = before.muted;
    list->muted_count = before.muted_count;
}

/* Where braces did not balance: the next pass, with the place mended that indentation points at. False where
   there is nothing to mend. */
static bool mend(const struct reader *pass, struct reader *next)
{
    bool missing = pass->unclosed;
    bool opens =
        pass->deeper.offset && (!pass->late.offset || pass->deeper.offset < pass->late.offset);
    const struct mend *sign = missing ? &pass->early : opens ? &pass->deeper : &pass->late;
    if (!pass->unbalanced || !sign->offset || pass->mend_count == MAX_MENDS)
        return false;
    next->mend_count = pass->mend_count;
    memcpy(next->mends, pass->mends, sizeof next->mends);
    next->mends[next->mend_count++] = *sign;
    return true;
}

static struct file_tree *parse_whole(struct source *source, struct arena *arena,
                                     struct arena *workflows, struct interner *names,
                                     struct diagnostics *diagnostics, struct token_list *tokens)
{
    struct file_tree *tree = ARENA_NEW(arena, struct file_tree);
    tree->source = source;
    tree->fatal = !is_readable(source, diagnostics);
    if (tree->fatal)
        return tree;
    bool marked = source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0;
    struct reader reader = new_reader(source, arena, names, diagnostics);
    struct counts before = counts_of(diagnostics);
    for (;;) {
        reader.tokens = tokens;
        reader.workflows = workflows;
        reader.begin = reader.end = reader.line = marked ? 3 : 0;
        read_all(&reader, reader.begin);
        struct reader again = new_reader(source, arena, names, diagnostics);
        if (!mend(&reader, &again))
            break;
        take_back(diagnostics, before);
        if (tokens)
            tokens->count = 0;
        reader = again;
    }
    tree->entries = reader.entries;
    return tree;
}

struct file_tree *parse(struct source *source, struct arena *arena, struct interner *names,
                        struct diagnostics *diagnostics)
{
    return parse_tokens(source, arena, names, diagnostics, NULL);
}

struct file_tree *parse_apart(struct source *source, struct arena *arena, struct arena *workflows,
                              struct interner *names, struct diagnostics *diagnostics)
{
    return parse_whole(source, arena, workflows, names, diagnostics, NULL);
}

struct file_tree *parse_tokens(struct source *source, struct arena *arena, struct interner *names,
                               struct diagnostics *diagnostics, struct token_list *tokens)
{
    return parse_whole(source, arena, arena, names, diagnostics, tokens);
}

struct node *parse_items(struct source *source, uint32_t offset, uint32_t length,
                         struct arena *arena, struct interner *names,
                         struct diagnostics *diagnostics)
{
    struct reader reader = new_reader(source, arena, names, diagnostics);
    reader.phrase = true;
    reader.begin = reader.end = reader.line = offset;
    reader.limit = offset + length;
    reader.place = 1; /* there is no head, but an END to come */
    int errors = diagnostics->errors;
    read_all(&reader, offset);
    return diagnostics->errors == errors ? reader.items : NULL;
}

void quantity_texts(const struct source_set *sources, const struct node *node, struct span *digits,
                    struct span *unit)
{
    const char *text = span_text(sources, node->span);
    uint32_t length = node->span.end - node->span.begin, at = 0;
    while (at < length && ((text[at] >= '0' && text[at] <= '9') || text[at] == '.'))
        at++;
    *digits = (struct span){node->span.begin, node->span.begin + at};
    while (at < length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r'))
        at++;
    *unit = (struct span){node->span.begin + at, node->span.end};
}
