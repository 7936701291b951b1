/* The checked model, walked field by field as the schema lists them: what spec.json writes, the fingerprint hashes, and
   what a product uses is found by. A new field appears in all three by itself; a new type of row is a line in
   model.c. */
#ifndef FLOW_EMIT_MODEL_H
#define FLOW_EMIT_MODEL_H

#include "spec/spec.h"

/* Called in the order of the schema. key is NULL inside a list. */
struct model_visitor {
    void (*open)(struct model_visitor *visitor, const char *key, bool list);
    void (*close)(struct model_visitor *visitor, bool list);
    void (*value)(struct model_visitor *visitor, const char *key, const struct value *value);
    /* What is no value: a form, a flag's "true". */
    void (*word)(struct model_visitor *visitor, const char *key, const char *word);
    /* Fields that are passed over; NULL visits all. */
    bool (*wants)(struct model_visitor *visitor, const struct field_row *field);
    const struct spec *spec;
};

/* The field's name without the underscore that keeps it from being a word of C. In the arena. */
const char *model_field_name(const struct field_row *field, struct arena *arena);
/* Whether a field has many rows: it may be repeated, or its phrase is a list. */
bool model_is_list(const struct field_row *field);

/* The rows of one field of a block (struct part, struct step, struct instruction, ...); nothing where it is absent. */
void model_visit_field(struct model_visitor *visitor, const void *block,
                       const struct field_row *field);
/* All fields of a block that the visitor wants. */
void model_visit_fields(struct model_visitor *visitor, const void *block, enum kind kind);
/* Whether the type of row is known here; a test asks it of every field. */
bool model_knows_type(const char *type);

/* A value in the form in which it is hashed and compared: equal where it says the same, in whatever units and order it
   was written. docs/fingerprint.md describes it. */
void value_canonical(struct buffer *out, const struct spec *spec, const struct value *value);

/* What a product is made of: itself, its blocks and steps, and all that their values name, and so on; as declared. */
struct model_uses {
    const struct declaration **items;
    int count;
};
struct model_uses model_uses_of(const struct spec *spec, const struct product *product,
                                struct arena *arena);

#endif
