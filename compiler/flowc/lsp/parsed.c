#include "flowc/lsp/parsed.h"

#include "base/memory.h"

#include <string.h>

void parsed_open(struct parsed *parsed, const struct document *document)
{
    memset(parsed, 0, sizeof *parsed);
    size_t length = document->text.length;
    char *text = memory_zeroed(length + 2, 1);
    memcpy(text, buffer_text(&document->text), length);
    interner_open(&parsed->names, &parsed->arena);
    source_set_open(&parsed->sources, &parsed->arena);
    parsed->unheard.arena = &parsed->arena;
    parsed->source = source_add(&parsed->sources, document->path, ".", text, length);
    parsed->tree = parse(parsed->source, &parsed->arena, &parsed->names, &parsed->unheard);
}

enum kind kind_declared(const struct entry *entry, enum kind around)
{
    const struct node *name = entry->items;
    enum kind kind = entry->head ? kind_find(entry->head) : KIND_none;
    if (entry->kind == ENTRY_LET)
        return KIND_let;
    if (entry->kind == ENTRY_ROUTE || !name || name->kind != NODE_NAME || kind == KIND_do)
        return KIND_none;
    bool inside = around == KIND_workflow || around == KIND_product;
    return around == KIND_none ? (kind_is_step(kind) ? KIND_none : kind)
           : inside && (kind_is_step(kind) || (kind == KIND_part && around == KIND_product))
               ? kind
               : KIND_none;
}

void parsed_close(struct parsed *parsed)
{
    source_set_close(&parsed->sources);
    interner_close(&parsed->names);
    arena_free(&parsed->arena);
}
