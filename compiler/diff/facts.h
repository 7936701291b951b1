/* What a declaration says, as a tree of facts that can be laid beside another's. Private to diff/. */
#ifndef FLOW_DIFF_FACTS_H
#define FLOW_DIFF_FACTS_H

#include "emit/model.h"

enum fact_form {
    FACT_VALUE, /* value */
    FACT_WORD,  /* what is no value: a form, a flag */
    FACT_LIST,
    FACT_OBJECT
};

struct fact {
    struct fact *next, *children, *last;
    enum fact_form form;
    const char *key; /* of the field or slot; NULL inside a list */
    const char
        *name; /* what the row of a list is known by, in canonical form; NULL: only its place */
    const struct value *value;
    const char *words;     /* as people read it; of a list or object, of all in it */
    const char *canonical; /* equal where it says the same */
    const char *digest;    /* of the bytes of the files it names; NULL where it names none */
    const char *written;   /* as it stands in the source; NULL where it does not */
    struct span span;
    bool inherited; /* stands in another declaration, which this one is like */
    const struct fact *parent;
};

/* The facts of a declaration, one child a field that is there, and its title, routes and documentation. In the arena. */
struct fact *facts_of(const struct spec *spec, const struct declaration *declaration,
                      struct arena *arena);
/* Those of one value alone. */
struct fact *fact_of_value(const struct spec *spec, const struct value *value, const char *key,
                           struct arena *arena);
/* The child of that key, NULL. */
const struct fact *fact_child(const struct fact *fact, const char *key);

#endif
