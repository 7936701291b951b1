/* The tree of a document by itself, for whoever asks about its shape: outline, folding, tokens. */
#ifndef FLOW_LSP_PARSED_H
#define FLOW_LSP_PARSED_H

#include "flowc/lsp/documents.h"
#include "schema/schema.h"
#include "syntax/tree.h"

struct parsed {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics unheard;
    struct source *source;
    struct file_tree *tree;
};

void parsed_open(struct parsed *parsed, const struct document *document);
void parsed_close(struct parsed *parsed);
/* What an entry declares in a block of that kind (KIND_none: at the top); KIND_none where it is a field. */
enum kind kind_declared(const struct entry *entry, enum kind around);
/* Where a position stands in the text. */
static inline uint32_t parsed_offset(const struct parsed *parsed, uint32_t position)
{
    return position - parsed->source->base;
}

#endif
