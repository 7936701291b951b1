/* textDocument/semanticTokens/full: what each word is, as the schema and the spec know it. */
#include "flowc/lsp/methods.h"
#include "flowc/lsp/parsed.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* In the order of the legend in lifecycle.c. */
enum token_type {
    TOKEN_KEYWORD,
    TOKEN_TYPE,
    TOKEN_CLASS,
    TOKEN_PROPERTY,
    TOKEN_FUNCTION,
    TOKEN_VARIABLE,
    TOKEN_ENUM_MEMBER,
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_COMMENT,
    TOKEN_OPERATOR,
    TOKEN_EVENT
};
enum { MODIFIER_DECLARATION = 1, MODIFIER_DOCUMENTATION = 2, MODIFIER_SHARED = 4 };

struct colored {
    uint32_t begin, end; /* offsets */
    uint8_t type, modifiers;
};

struct coloring {
    struct server *server;
    struct parsed parsed;
    const struct resident *resident; /* NULL where there is none */
    const struct source *source;     /* the document's, in the resident spec */
    struct colored *items;
    uint32_t count, capacity;
};

static void color(struct coloring *coloring, struct span span, enum token_type type,
                  unsigned modifiers)
{
    if (span.end <= span.begin)
        return;
    if (coloring->count == coloring->capacity) {
        coloring->capacity = coloring->capacity ? coloring->capacity * 2 : 256;
        coloring->items =
            memory_resize(coloring->items, sizeof *coloring->items * coloring->capacity);
    }
    coloring->items[coloring->count++] = (struct colored){
        parsed_offset(&coloring->parsed, span.begin), parsed_offset(&coloring->parsed, span.end),
        (uint8_t)type, (uint8_t)modifiers};
}

/* ---- names ---- */

/* A name is what it is bound to; a word of a phrase that is bound to nothing is a keyword. */
static void color_name(struct coloring *coloring, struct span span)
{
    const struct mention *mention =
        coloring->source
            ? resident_mention(coloring->resident, coloring->source->base +
                                                       parsed_offset(&coloring->parsed, span.begin))
            : NULL;
    if (!mention || mention->own.begin ||
        mention->span.begin - coloring->source->base !=
            parsed_offset(&coloring->parsed, span.begin)) {
        color(coloring, span, TOKEN_ENUM_MEMBER, 0);
        return;
    }
    enum kind kind = mention->what->kind;
    enum token_type type = mention->member      ? TOKEN_PROPERTY
                           : kind_is_step(kind) ? TOKEN_FUNCTION
                           : kind == KIND_let   ? TOKEN_VARIABLE
                                                : TOKEN_CLASS;
    color(coloring, span, type, mention->what->source->shared ? MODIFIER_SHARED : 0);
}

static void color_node(struct coloring *coloring, const struct node *node);

static void color_list(struct coloring *coloring, const struct node *node)
{
    for (; node; node = node->next)
        color_node(coloring, node);
}

static void color_number(struct coloring *coloring, const struct node *node)
{
    struct span digits, unit;
    quantity_texts(&coloring->parsed.sources, node, &digits, &unit);
    color(coloring, digits, TOKEN_NUMBER, 0);
    if (node->kind == NODE_QUANTITY)
        color(coloring, unit, TOKEN_TYPE, 0);
}

/* A text in pieces: what stands between its expressions. */
static void color_text(struct coloring *coloring, const struct node *node)
{
    uint32_t at = node->span.begin;
    for (const struct text_piece *piece = node->pieces; piece; piece = piece->next) {
        if (!piece->expression)
            continue;
        color(coloring, (struct span){at, piece->expression->span.begin}, TOKEN_STRING, 0);
        color_node(coloring, piece->expression);
        at = piece->expression->span.end;
    }
    color(coloring, (struct span){at, node->span.end}, TOKEN_STRING, 0);
}

static void color_member(struct coloring *coloring, const struct node *node)
{
    uint32_t length = (uint32_t)strlen(node->name);
    color_node(coloring, node->left);
    color_name(coloring, (struct span){node->span.end - length, node->span.end});
}

static void color_by(struct coloring *coloring, const struct node *node)
{
    color(coloring, (struct span){node->span.begin, node->span.begin + 2}, TOKEN_KEYWORD, 0);
    for (const struct node *at = node->left; at; at = at->next) {
        color(coloring, at->left->span,
              at->left->kind == NODE_TEXT ? TOKEN_STRING : TOKEN_ENUM_MEMBER, 0);
        color_node(coloring, at->right);
    }
}

static void color_node(struct coloring *coloring, const struct node *node)
{
    switch ((enum node_kind)node->kind) {
    case NODE_NAME:
        color_name(coloring, node->span);
        break;
    case NODE_MEMBER:
        color_member(coloring, node);
        break;
    case NODE_NUMBER:
        color_number(coloring, node);
        break;
    case NODE_QUANTITY:
        for (; node; node = node->more)
            color_number(coloring, node);
        break;
    case NODE_TEXT:
        color_text(coloring, node);
        break;
    case NODE_DATE:
        color(coloring, node->span, TOKEN_NUMBER, 0);
        break;
    case NODE_BINARY: /* a long sum leans to the left */
        for (; node->kind == NODE_BINARY; node = node->left)
            color_node(coloring, node->right);
        color_node(coloring, node);
        break;
    case NODE_BOUND:
        color(coloring, (struct span){node->span.begin, node->left->span.begin}, TOKEN_KEYWORD, 0);
        color_node(coloring, node->left);
        break;
    case NODE_NEGATE:
    case NODE_GROUP:
        color_node(coloring, node->left);
        break;
    case NODE_CALL:
        color_list(coloring, node->left);
        break;
    case NODE_BY:
        color_by(coloring, node);
        break;
    case NODE_CASE:
    case NODE_COMMA:
    case NODE_ERROR:
        break;
    }
}

/* ---- entries ---- */

static void color_entries(struct coloring *coloring, const struct entry *entries, enum kind around)
{
    for (const struct entry *entry = entries; entry; entry = entry->next) {
        const struct node *items = entry->items;
        enum kind kind = kind_declared(entry, around);
        bool declares = kind != KIND_none && kind != KIND_let;
        struct span head = entry_head_span(entry);
        if (entry->kind == ENTRY_LET) {
            color(coloring, head, TOKEN_VARIABLE, MODIFIER_DECLARATION);
        } else if (entry->head) {
            enum token_type type = entry->kind == ENTRY_ROUTE ? TOKEN_EVENT
                                   : declares                 ? TOKEN_KEYWORD
                                                              : TOKEN_PROPERTY;
            color(coloring, head, type, 0);
        }
        if (declares) {
            color(coloring, items->span, kind_is_step(kind) ? TOKEN_FUNCTION : TOKEN_CLASS,
                  MODIFIER_DECLARATION);
            items = items->next;
        }
        color_list(coloring, items);
        color_entries(coloring, entry->block, kind);
    }
}

static int by_place(const void *left, const void *right)
{
    const struct colored *a = left, *b = right;
    return (a->begin > b->begin) - (a->begin < b->begin);
}

/* ---- as the protocol writes them ---- */

struct encoding {
    const struct server *server;
    const struct lined_text *lined;
    json_t *data;
    struct place last;
};

static void encode(struct encoding *encoding, uint32_t begin, uint32_t end,
                   const struct colored *item)
{
    struct place from = place_of(encoding->lined, begin, encoding->server->utf8);
    struct place to = place_of(encoding->lined, end, encoding->server->utf8);
    uint32_t lines = from.line - encoding->last.line;
    json_int_t five[5] = {lines, lines ? from.character : from.character - encoding->last.character,
                          (json_int_t)to.character - from.character, item->type, item->modifiers};
    if (five[2] <= 0)
        return;
    for (int i = 0; i < 5; i++)
        json_array_append_new(encoding->data, json_integer(five[i]));
    encoding->last = from;
}

/* A token of several lines is one for each. */
static void encode_lines(struct encoding *encoding, const struct colored *item)
{
    const char *text = encoding->lined->text;
    uint32_t begin = item->begin;
    for (uint32_t at = begin; at <= item->end; at++)
        if (at == item->end || text[at] == '\n' || text[at] == '\r') {
            encode(encoding, begin, at, item);
            begin = at + 1;
        }
}

json_t *lsp_semantic_tokens(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    if (!asked_spec(server, params, &asked, trouble))
        return NULL;
    json_t *data = json_array();
    if (is_yaml(asked.document->path))
        return json_pack("{s:o}", "data", data);
    struct coloring coloring = {
        .server = server, .resident = asked.resident, .source = asked.source};
    parsed_open(&coloring.parsed, asked.document);
    color_entries(&coloring, coloring.parsed.tree->entries, KIND_none);
    if (coloring.count)
        qsort(coloring.items, coloring.count, sizeof *coloring.items, by_place);
    struct encoding encoding = {server, document_lines(asked.document), data, {0, 0}};
    uint32_t end = 0;
    for (uint32_t i = 0; i < coloring.count; i++)
        if (coloring.items[i].begin >= end) {
            encode_lines(&encoding, &coloring.items[i]);
            end = coloring.items[i].end;
        }
    parsed_close(&coloring.parsed);
    free(coloring.items);
    return json_pack("{s:o}", "data", data);
}
