/* Phrases, compiled from the notation of kinds.def: `<duration> [per <basis>]`. */
#ifndef FLOW_SPEC_PHRASE_H
#define FLOW_SPEC_PHRASE_H

#include "schema/schema.h"
#include "schema/units.h"

enum slot_class {
    SLOT_QUANTITY, /* of a dimension */
    SLOT_RATIO,
    SLOT_COUNT, /* a whole number */
    SLOT_NUMBER,
    SLOT_TEXT,
    SLOT_FILE,
    SLOT_DATE,
    SLOT_NEW,  /* a name made here */
    SLOT_NAME, /* a word that is no reference: PLA, DAP */
    SLOT_WORD, /* a word of label, void_on, group */
    SLOT_CASE,
    SLOT_BASIS,
    SLOT_CURRENCY,
    SLOT_REFERENCE /* of a kind */
};

struct slot_type {
    const char *name;
    enum slot_class class;
    struct dimension dimension;
    enum kind kind; /* REFERENCE; KIND_none with `any_step` for <step> */
};

#define SLOT_TYPES_AT_MOST 3
struct slot {
    const struct slot_type *types[SLOT_TYPES_AT_MOST]; /* NULL-filled */
    const char *const *words; /* one of these, NULL-ended; then types[0] is NULL */
};

enum element_kind {
    ELEMENT_WORD,
    ELEMENT_SLOT,
    ELEMENT_OPERATOR,
    ELEMENT_OPTIONAL,
    ELEMENT_EITHER
};

struct element {
    enum element_kind kind;
    uint8_t slot;     /* SLOT: its number */
    uint8_t operator; /* OPERATOR: enum node_op */
    uint8_t length;   /* OPTIONAL: elements of the group; EITHER: of the first alternative */
    uint8_t other;    /* EITHER: elements of the second */
    const char *word; /* WORD */
};

#define ELEMENTS_AT_MOST 12
#define SLOTS_AT_MOST 5

struct phrase {
    struct element elements[ELEMENTS_AT_MOST];
    struct slot slots[SLOTS_AT_MOST];
    int element_count, slot_count;
    int repeat_from; /* the element a list goes on from, -1 where it is no list */
    bool plain_text; /* the whole phrase is one <text>: a YAML scalar is taken as it stands */
};

/* The compiled phrase of a field that is not special. Compiled once a process. */
const struct phrase *phrase_of(const struct field_row *field);
const struct slot_type *slot_type_find(const char *name, size_t length);
/* Whether the name is a basis: unit, plate, batch, order, sample, run. */
bool is_basis_word(const char *name);

#endif
