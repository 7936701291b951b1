/* A tree as text, without its spans, so that tests can compare trees and show them. */
#ifndef FLOW_TESTS_TREE_TEXT_H
#define FLOW_TESTS_TREE_TEXT_H

#include "base/buffer.h"
#include "syntax/tree.h"

static void add_span(struct buffer *out, const struct source_set *set, struct span span)
{
    buffer_add(out, span_text(set, span), span.end - span.begin);
}

static void add_node_text(struct buffer *out, const struct source_set *set,
                          const struct node *node);

static void add_quantity_text(struct buffer *out, const struct source_set *set,
                              const struct node *node)
{
    for (const struct node *part = node; part; part = part->more) {
        struct span digits, unit;
        quantity_texts(set, part, &digits, &unit);
        buffer_add_text(out, part == node ? "<" : " ");
        add_span(out, set, digits);
        buffer_add_char(out, ' ');
        add_span(out, set, unit);
    }
    buffer_add_char(out, '>');
}

static void add_pieces_text(struct buffer *out, const struct source_set *set,
                            const struct node *node)
{
    buffer_add_text(out, node->failed ? "!\"" : "\"");
    for (const struct text_piece *piece = node->pieces; piece; piece = piece->next) {
        if (piece->text) {
            buffer_add(out, piece->text, piece->length);
            continue;
        }
        buffer_add_char(out, '{');
        add_node_text(out, set, piece->expression);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, '"');
}

/* (operator operand...) */
static void add_operation_text(struct buffer *out, const struct source_set *set,
                               const struct node *node)
{
    static const char *const operators[] = {"",         "+",       "-",      "*",   "/",
                                            "..",       "+/-",     "within", "x",   "->",
                                            "at least", "at most", "min",    "max", "ceil"};
    static const char *const kinds[] = {[NODE_NEGATE] = "negate",
                                        [NODE_GROUP] = "group",
                                        [NODE_BY] = "by ",
                                        [NODE_CASE] = "case",
                                        [NODE_ERROR] = "error"};
    buffer_add_char(out, '(');
    bool named = node->kind != NODE_BINARY && node->kind != NODE_CALL && node->kind != NODE_BOUND;
    buffer_add_text(out, named ? kinds[node->kind] : operators[node->op]);
    if (node->kind == NODE_BY)
        buffer_add_text(out, node->name);
    for (const struct node *left = node->left; left; left = left->next) {
        buffer_add_char(out, ' ');
        add_node_text(out, set, left);
    }
    if (node->kind == NODE_BINARY || node->kind == NODE_CASE) {
        buffer_add_char(out, ' ');
        add_node_text(out, set, node->right);
    }
    buffer_add_char(out, ')');
}

static void add_node_text(struct buffer *out, const struct source_set *set, const struct node *node)
{
    switch ((enum node_kind)node->kind) {
    case NODE_NAME:
        buffer_add_text(out, node->name);
        break;
    case NODE_MEMBER:
        add_node_text(out, set, node->left);
        buffer_add_char(out, '.');
        buffer_add_text(out, node->name);
        break;
    case NODE_NUMBER:
    case NODE_DATE:
        add_span(out, set, node->span);
        break;
    case NODE_QUANTITY:
        add_quantity_text(out, set, node);
        break;
    case NODE_TEXT:
        add_pieces_text(out, set, node);
        break;
    case NODE_COMMA:
        buffer_add_char(out, ',');
        break;
    default:
        add_operation_text(out, set, node);
    }
}

static void add_items_text(struct buffer *out, const struct source_set *set,
                           const struct node *items)
{
    for (const struct node *node = items; node; node = node->next) {
        if (node != items)
            buffer_add_char(out, ' ');
        add_node_text(out, set, node);
    }
}

/* "head items { entries }; head items": a route's head has "->" behind it, a let's "let" before it, a line that could
   not be read "error", a failed entry "!", documentation "##". */
static void add_entries_text(struct buffer *out, const struct source_set *set,
                             const struct entry *entries)
{
    for (const struct entry *entry = entries; entry; entry = entry->next) {
        buffer_add_text(out, entry == entries ? "" : "; ");
        if (entry->documentation)
            buffer_addf(out, "##%s## ", entry->documentation);
        buffer_add_text(out, entry->kind == ENTRY_ERROR ? "error " : entry->failed ? "!" : "");
        buffer_add_text(out, entry->kind == ENTRY_LET ? "let " : "");
        buffer_add_text(out, entry->head ? entry->head : "-");
        buffer_add_text(out, entry->kind == ENTRY_ROUTE ? " -> " : entry->items ? " " : "");
        add_items_text(out, set, entry->items);
        if (!entry->has_block)
            continue;
        buffer_add_text(out, " {");
        add_entries_text(out, set, entry->block);
        buffer_add_text(out, "}");
    }
}

#endif
