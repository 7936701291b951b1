/* What a field's phrase takes at a place: its words, operators and slots that may come next. */
#ifndef FLOW_LSP_EXPECTS_H
#define FLOW_LSP_EXPECTS_H

#include "flowc/lsp/context.h"
#include "spec/phrase.h"

enum { EXPECTS_AT_MOST = 32 };

struct expect {
    const char *word;             /* a word or an operator, as it is typed; NULL for a slot */
    const struct slot_type *type; /* of a slot; NULL for a word, and for "special" */
    const char *special;          /* "rule", "member", "unit", "case", "axis"; NULL */
};

struct expects {
    struct expect items[EXPECTS_AT_MOST];
    int count;
    const char *axis; /* whose cases are asked: the word behind `by`; NULL for any */
};

/* Of the entry in hand, behind its head. */
void expects_at(const struct context *context, const struct field_row *field, struct arena *arena,
                struct expects *expects);
/* The element of the phrase that stands at the place, for a signature: an index into phrase_of(field)->slots, -1. */
int slot_at(const struct context *context, const struct field_row *field);

#endif
