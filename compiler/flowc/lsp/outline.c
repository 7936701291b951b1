/* documentSymbol, workspace/symbol, foldingRange: the shape of files. */
#include "flowc/lsp/methods.h"
#include "flowc/lsp/parsed.h"

#include <ctype.h>
#include <string.h>

/* As the protocol numbers them. */
enum {
    SYMBOL_NAMESPACE = 3,
    SYMBOL_CLASS = 5,
    SYMBOL_METHOD = 6,
    SYMBOL_PROPERTY = 7,
    SYMBOL_FIELD = 8,
    SYMBOL_CONSTANT = 14,
    SYMBOL_OBJECT = 19,
    SYMBOL_EVENT = 24,
    SYMBOL_STRUCT = 23
};

static int symbol_kind(enum kind kind)
{
    if (kind_is_step(kind))
        return SYMBOL_METHOD;
    return kind == KIND_product || kind == KIND_part                           ? SYMBOL_CLASS
           : kind == KIND_workflow                                             ? SYMBOL_NAMESPACE
           : kind == KIND_let                                                  ? SYMBOL_CONSTANT
           : kind == KIND_release || kind == KIND_price || kind == KIND_packet ? SYMBOL_STRUCT
                                                                               : SYMBOL_OBJECT;
}

/* ---- one document ---- */

struct outline {
    struct server *server;
    struct parsed parsed;
    const struct lined_text *lined;
};

static json_t *entry_range(const struct outline *outline, const struct entry *entry, bool whole)
{
    struct span head = entry_head_span(entry);
    const struct node *name = entry->items;
    struct span shown = entry->kind == ENTRY_LET          ? head
                        : name && name->kind == NODE_NAME ? name->span
                                                          : head;
    uint32_t end = entry->block_end ? entry->block_end + 1 : entry->span.end;
    if (end > outline->parsed.source->base + outline->parsed.source->length)
        end = outline->parsed.source->base + outline->parsed.source->length;
    struct span span = whole ? (struct span){entry->span.begin, end} : shown;
    return lined_range(outline->server, outline->lined, parsed_offset(&outline->parsed, span.begin),
                       parsed_offset(&outline->parsed, span.end));
}

static const char *title_of(const struct entry *entry)
{
    for (const struct node *item = entry->items; item; item = item->next)
        if (item->kind == NODE_TEXT && item->pieces && item->pieces->text)
            return item->pieces->text;
    return NULL;
}

static json_t *entries_symbols(const struct outline *outline, const struct entry *entries,
                               enum kind around);

static json_t *entry_symbol(const struct outline *outline, const struct entry *entry,
                            enum kind kind, enum kind around)
{
    bool dimension = around == KIND_part && entry->head && !strcmp(entry->head, "dimension");
    const struct node *item = entry->items;
    if (kind == KIND_none && !(dimension && item && item->kind == NODE_NAME))
        return NULL;
    const char *name = entry->kind == ENTRY_LET ? entry->head : item->name,
               *title = title_of(entry);
    struct arena *scratch = &outline->server->scratch;
    const char *word = dimension ? "dimension" : kind_rows[kind].name;
    json_t *symbol = json_pack(
        "{s:s, s:i, s:s, s:o, s:o}", "name", name, "kind",
        dimension ? SYMBOL_PROPERTY : symbol_kind(kind), "detail",
        title && !dimension ? arena_printf(scratch, "%s: %s", word, title) : word, "range",
        entry_range(outline, entry, true), "selectionRange", entry_range(outline, entry, false));
    json_t *children = dimension ? NULL : entries_symbols(outline, entry->block, kind);
    if (json_array_size(children))
        json_object_set(symbol, "children", children);
    json_decref(children);
    return symbol;
}

static json_t *entries_symbols(const struct outline *outline, const struct entry *entries,
                               enum kind around)
{
    json_t *symbols = json_array();
    for (const struct entry *entry = entries; entry; entry = entry->next) {
        json_t *symbol = entry_symbol(outline, entry, kind_declared(entry, around), around);
        if (symbol)
            json_array_append_new(symbols, symbol);
    }
    return symbols;
}

json_t *lsp_document_symbol(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct document *document = asked_document(server, params, trouble);
    if (!document)
        return NULL;
    if (is_yaml(document->path))
        return json_array();
    struct outline outline = {.server = server, .lined = document_lines(document)};
    parsed_open(&outline.parsed, document);
    json_t *symbols = entries_symbols(&outline, outline.parsed.tree->entries, KIND_none);
    parsed_close(&outline.parsed);
    return symbols;
}

/* ---- folding ---- */

static void fold(const struct outline *outline, json_t *ranges, uint32_t begin, uint32_t end,
                 const char *kind)
{
    struct place from = place_of(outline->lined, begin, true);
    struct place to = place_of(outline->lined, end, true);
    if (to.line <= from.line)
        return;
    json_t *range =
        json_pack("{s:I, s:I}", "startLine", (json_int_t)from.line, "endLine", (json_int_t)to.line);
    if (kind)
        json_object_set_new(range, "kind", json_string(kind));
    json_array_append_new(ranges, range);
}

static void fold_entries(const struct outline *outline, json_t *ranges, const struct entry *entries)
{
    const struct entry *first_use = NULL, *last_use = NULL;
    for (const struct entry *entry = entries; entry; entry = entry->next) {
        const struct source *source = outline->parsed.source;
        if (entry->has_block && entry->block_end) {
            uint32_t end = parsed_offset(&outline->parsed, entry->block_end);
            uint32_t begin = parsed_offset(&outline->parsed, entry->span.end);
            bool brace = end < source->length && end && source->text[end] == '}';
            while (brace && end && strchr(" \t\r", source->text[end - 1]))
                end--;
            /* the line of the brace stays */
            fold(outline, ranges, begin,
                 brace && end && source->text[end - 1] == '\n' ? end - 1 : end, NULL);
            fold_entries(outline, ranges, entry->block);
        } else if (entry->span.end > entry->span.begin) {
            fold(outline, ranges, parsed_offset(&outline->parsed, entry->span.begin),
                 parsed_offset(&outline->parsed, entry->span.end), NULL);
        }
        if (entry->head && strcmp(entry->head, "use") == 0) {
            first_use = first_use ? first_use : entry;
            last_use = entry;
        }
    }
    if (first_use)
        fold(outline, ranges, parsed_offset(&outline->parsed, first_use->span.begin),
             parsed_offset(&outline->parsed, last_use->span.end), "imports");
}

/* Lines that begin with '#', two or more. */
static void fold_comments(const struct outline *outline, json_t *ranges)
{
    const struct lined_text *lined = outline->lined;
    uint32_t begin = UINT32_MAX;
    for (uint32_t line = 0; line <= lined->line_count; line++) {
        const char *at = line < lined->line_count ? lined->text + lined->lines[line] : "";
        bool comment = at[strspn(at, " \t")] == '#';
        if (comment && begin == UINT32_MAX)
            begin = line;
        if (!comment && begin != UINT32_MAX) {
            if (line - begin > 1)
                json_array_append_new(ranges, json_pack("{s:I, s:I, s:s}", "startLine",
                                                        (json_int_t)begin, "endLine",
                                                        (json_int_t)line - 1, "kind", "comment"));
            begin = UINT32_MAX;
        }
    }
}

json_t *lsp_folding(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct document *document = asked_document(server, params, trouble);
    if (!document)
        return NULL;
    json_t *ranges = json_array();
    struct outline outline = {.server = server, .lined = document_lines(document)};
    if (is_yaml(document->path))
        return ranges;
    parsed_open(&outline.parsed, document);
    fold_entries(&outline, ranges, outline.parsed.tree->entries);
    fold_comments(&outline, ranges);
    parsed_close(&outline.parsed);
    return ranges;
}

/* ---- the workspace ---- */

/* Whether the letters of the query stand in the name, in their order. */
static bool matches(const char *name, const char *query)
{
    for (; *query; query++, name++) {
        while (*name && tolower((unsigned char)*name) != tolower((unsigned char)*query))
            name++;
        if (!*name)
            return false;
    }
    return true;
}

enum { SYMBOLS_AT_MOST = 1000 };

static void add_symbols(struct server *server, const char *query, json_t *symbols, json_t *seen)
{
    const struct spec *spec = server->resident.session.spec;
    for (int i = 0; i < spec->declaration_count && json_array_size(symbols) < SYMBOLS_AT_MOST;
         i++) {
        const struct declaration *what = spec->declarations[i];
        bool named = kind_rows[what->kind].named || what->kind == KIND_let ||
                     kind_is_step(what->kind) || what->kind == KIND_workflow;
        if (!named || what->source->shared || !matches(what->name, query))
            continue;
        const char *key = arena_printf(&server->scratch, "%s:%u", what->source->path,
                                       (unsigned)(what->name_span.begin - what->source->base));
        if (json_object_get(seen, key))
            continue;
        json_object_set_new(seen, key, json_true());
        json_array_append_new(
            symbols,
            json_pack("{s:s, s:i, s:o, s:s}", "name", what->name, "kind", symbol_kind(what->kind),
                      "location", span_location(server, what->name_span), "containerName",
                      what->owner ? what->owner->name : kind_rows[what->kind].name));
    }
}

json_t *lsp_workspace_symbol(struct server *server, const json_t *params, struct trouble *trouble)
{
    const char *query = json_string_value(json_object_get(params, "query"));
    json_t *symbols = json_array(), *seen = json_object();
    (void)trouble;
    for (int i = 0; i < server->roots.count; i++)
        if (resident_of(server, server->roots.items[i]->path))
            add_symbols(server, query ? query : "", symbols, seen);
    json_decref(seen);
    return symbols;
}
