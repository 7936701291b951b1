#include "syntax/reader.h"

#include <string.h>

/* Beyond this a tree is refused, so that whoever walks it may recurse. One less than a byte holds. */
#define MAX_DEPTH 254

struct node *new_node(struct reader *reader, enum node_kind kind, struct span span)
{
    /* most nodes are leaves: they go without the last member */
    bool leaf = kind == NODE_NAME || kind == NODE_NUMBER || kind == NODE_TEXT ||
                kind == NODE_DATE || kind == NODE_COMMA;
    struct node *node =
        arena_alloc(reader->tree, leaf ? offsetof(struct node, left) : sizeof(struct node));
    node->kind = (uint8_t)kind;
    node->span = span;
    return node;
}

struct node *name_node(struct reader *reader, const char *name, struct span span)
{
    struct node *node = new_node(reader, NODE_NAME, span);
    node->name = name;
    return node;
}

struct node *nested_node(struct reader *reader, struct node *node, const struct node *operand)
{
    node->failed |= operand->failed;
    if (operand->depth < node->depth)
        return node;
    if (operand->depth < MAX_DEPTH) {
        node->depth = (uint8_t)(operand->depth + 1);
        return node;
    }
    report_nesting(reader, node->span.begin - reader->base, node->span.end - reader->base);
    struct node *error = new_node(reader, NODE_ERROR, node->span);
    error->failed = 1;
    return error;
}

struct node *binary_node(struct reader *reader, enum node_op op, struct span span,
                         struct node *left, struct node *right)
{
    if (left->kind == NODE_ERROR) { /* too deep already: said once */
        left->span = span;
        return left;
    }
    struct node *node = new_node(reader, NODE_BINARY, span);
    node->op = (uint8_t)op;
    node->left = left;
    node->right = right;
    node = nested_node(reader, node, left);
    return node->kind == NODE_ERROR ? node : nested_node(reader, node, right);
}

struct node *prefix_node(struct reader *reader, enum node_kind kind, enum node_op op,
                         struct span span, struct node *operand)
{
    struct node *node = new_node(reader, kind, span);
    node->op = (uint8_t)op;
    node->left = operand;
    for (; operand && node->kind != NODE_ERROR; operand = operand->next)
        node = nested_node(reader, node, operand);
    return node;
}

struct node *by_node(struct reader *reader, const char *name, struct span span, struct node *cases)
{
    struct node *node = prefix_node(reader, NODE_BY, OP_NONE, span, cases);
    if (node->kind == NODE_BY)
        node->name = name;
    return node;
}

struct node *path_node(struct reader *reader, uint32_t begin, uint32_t end)
{
    struct node *node = NULL;
    for (uint32_t at = begin, next; at < end; at = next + 1) {
        next = after_name(reader, at);
        struct node *left = node;
        node = new_node(reader, left ? NODE_MEMBER : NODE_NAME, reader_span(reader, begin, next));
        node->name = intern(reader->names, reader->text + at, next - at);
        if (!left)
            continue;
        node->left = left;
        node = nested_node(reader, node, left);
        if (node->kind == NODE_ERROR)
            return NULL;
    }
    return node;
}

struct node *chain_quantities(struct node *first, struct node *next)
{
    if (!first->left)
        first->left = first; /* the last of the chain, until it is whole */
    first->left->more = next;
    first->left = next;
    return first;
}

struct node_list one_name(struct reader *reader, struct word word, struct span span)
{
    struct node *node = name_node(reader, word.name, span);
    return (struct node_list){node, node};
}

struct node_list add_node(struct node_list list, struct node *node)
{
    list.last->next = node;
    list.last = node;
    return list;
}

static const struct node *last_quantity(const struct node *node)
{
    while (node->kind == NODE_QUANTITY && node->more)
        node = node->more;
    return node;
}

struct entry *new_entry(struct reader *reader, enum entry_kind kind, struct word head,
                        struct span head_span, struct node_list items)
{
    struct entry *entry = ARENA_NEW(reader->tree, struct entry);
    entry->kind = (uint8_t)kind;
    entry->head = head.name;
    entry->documentation = head.documentation;
    entry->span = head_span;
    entry->items = items.first;
    for (const struct node *node = items.first; node; node = node->next)
        entry->failed |= node->failed;
    if (items.last)
        entry->span.end = last_quantity(items.last)->span.end;
    return entry;
}

struct entry *new_let(struct reader *reader, struct word name, struct span name_span,
                      struct node *value)
{
    bool failed = !value;
    if (failed) {
        value = new_node(reader, NODE_ERROR, name_span);
        value->failed = 1;
    }
    struct entry *entry =
        new_entry(reader, ENTRY_LET, name, name_span, (struct node_list){value, value});
    entry->failed |= failed;
    return entry;
}

struct entry *broken_entry(struct reader *reader, struct word head, struct span head_span,
                           struct node_list items, struct span error)
{
    struct entry *entry = new_entry(reader, ENTRY_ERROR, head, head_span, items);
    entry->span = span_join(entry->span, error);
    entry->failed = 1;
    return entry;
}

struct entry *with_block(struct entry *entry, struct block block)
{
    entry->has_block = 1;
    entry->block = block.entries;
    entry->block_end = block.end;
    entry->failed |= block.unclosed;
    return entry;
}

struct entry_list add_entry(struct entry_list list, struct entry *entry)
{
    if (!list.first)
        return (struct entry_list){entry, entry};
    list.last->next = entry;
    list.last = entry;
    return list;
}
