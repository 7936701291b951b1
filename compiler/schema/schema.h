/* The schema as data: kinds, fields, phrases, from kinds.def. */
#ifndef FLOW_SCHEMA_SCHEMA_H
#define FLOW_SCHEMA_SCHEMA_H

#include "schema/kinds.def"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All kinds: the top-level ones, `do` inside steps and standards, `let`, then the steps. */
enum kind {
    KIND_none,
#define K(name, named, documentation) KIND_##name,
    TOP_KINDS(K)
#undef K
        KIND_let,
    KIND_do,
#define K(name, outcomes, documentation) KIND_##name,
    STEP_KINDS(K)
#undef K
        KIND_COUNT
};

#define KIND_FIRST_STEP KIND_batch
static inline bool kind_is_step(enum kind kind)
{
    return kind >= KIND_FIRST_STEP && kind < KIND_COUNT;
}

enum outcome {
    OUTCOME_PASS,
    OUTCOME_APPROVE,
    OUTCOME_REWORK,
    OUTCOME_FAILURE,
    OUTCOME_REJECT,
    OUTCOME_REFUSE,
    OUTCOME_COUNT
};
#define OUTCOMES_PASS (1u << OUTCOME_PASS)
#define OUTCOMES_WORK (1u << OUTCOME_PASS | 1u << OUTCOME_FAILURE)
#define OUTCOMES_INSPECT (1u << OUTCOME_PASS | 1u << OUTCOME_REWORK | 1u << OUTCOME_REJECT)
#define OUTCOMES_GATE (1u << OUTCOME_APPROVE | 1u << OUTCOME_REFUSE)

enum field_flag { REQUIRED = 1, INTERNAL = 2, REPEATED = 4, HAS_BLOCK = 8 };

struct field_row {
    const char *name;
    enum kind kind;     /* of the block */
    const char *phrase; /* for people and, unless special, for the binder */
    unsigned flags;
    const char *documentation;
    const char *type; /* name of the row's struct */
    uint16_t offset;  /* of the member in the block's struct */
    uint16_t row_size;
    bool special; /* a function reads it */
};

struct kind_row {
    const char *name;
    bool named;        /* declared by a name of its own */
    bool top;          /* may stand at the top of a file */
    unsigned outcomes; /* of a step */
    const char *documentation;
    const struct field_row *fields;
    int field_count;
};

extern const struct kind_row kind_rows[KIND_COUNT];
extern const char *const outcome_names[OUTCOME_COUNT];

/* The kind of that name, KIND_none if there is none. */
enum kind kind_find(const char *name);
/* The field of a kind, NULL if it has none of that name. */
const struct field_row *field_find(enum kind kind, const char *name);
/* Whether any kind has a field of that name, or is so called. */
bool schema_knows_word(const char *word);
/* The nearest field, kind of step allowed there too, for "did you mean"; NULL if none is near. */
const char *field_suggest(enum kind kind, const char *word);
const char *kind_suggest(const char *word, bool steps);

/* The phrase as it is shown to people: without the leading "!". */
static inline const char *field_phrase(const struct field_row *field)
{
    return field->phrase[0] == '!' ? field->phrase + 1 : field->phrase;
}

#endif
