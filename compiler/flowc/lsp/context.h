/* Where a place stands: in which block, in which entry, behind which items. Made from what stands before it alone. */
#ifndef FLOW_LSP_CONTEXT_H
#define FLOW_LSP_CONTEXT_H

#include "schema/schema.h"
#include "syntax/ahead.h"

enum { BLOCKS_DEEP = 16 };

struct block_around {
    enum kind kind;   /* KIND_none where it is none we know */
    const char *name; /* of what the block belongs to; NULL */
};

struct context {
    struct ahead ahead;
    const char *text;                        /* of the document */
    struct block_around blocks[BLOCKS_DEEP]; /* outermost first */
    int depth;
    int entry; /* the first token of the entry in hand, an index; ahead.count at the begin of one */
    uint32_t word_begin; /* of the name that is being written, dots included */
    uint32_t offset;     /* where it ends */
};

/* The arena and the names are the caller's, as is the text. */
void context_at(struct context *context, const char *text, uint32_t length, uint32_t offset,
                struct arena *arena, struct interner *names);

static inline enum kind context_kind(const struct context *context)
{
    return context->depth ? context->blocks[context->depth - 1].kind : KIND_none;
}
/* How many tokens of the entry stand before the place. */
static inline int context_items(const struct context *context)
{
    return context->ahead.count - context->entry;
}
/* As it is written: `do` is do_ in the table, for C. */
const char *field_name(const struct field_row *field);
/* A token of the entry in hand as text, in the arena. */
const char *context_item(const struct context *context, int index, struct arena *arena);
/* Whether a token of the entry in hand is this word. */
bool context_item_is(const struct context *context, int index, const char *word);
/* The field that is being written, NULL where it is none. */
const struct field_row *context_field(const struct context *context, struct arena *arena);
/* The product around it, or whose workflow, release or price it is; NULL. */
const char *context_product(const struct context *context);

#endif
