/* What an approval stands on, field by field (made by emit/fingerprint.c), and what changed between two of them. */
#ifndef FLOW_SPEC_FINGERPRINT_H
#define FLOW_SPEC_FINGERPRINT_H

#include "base/arena.h"
#include "base/buffer.h"

struct fingerprint_field {
    const char *name;      /* "dimension bore of part hook" */
    const char *words;     /* its value for people: "4.2 mm (4.10 mm .. 4.50 mm) critical" */
    const char *canonical; /* its part of the text that is hashed: equal where nothing changed */
};
struct fingerprint_fields {
    struct fingerprint_field *items; /* in the order of the text */
    int count, capacity;
    char hex[65]; /* the fingerprint itself */
    struct arena *arena;
};

/* Told of each field that is otherwise; "nothing" where one side has none. */
typedef void fingerprint_change(const char *name, const char *before, const char *after,
                                void *data);
void fingerprint_visit_changes(const struct fingerprint_fields *before,
                               const struct fingerprint_fields *after, fingerprint_change *visit,
                               void *data);
/* "dimension bore of part hook: OLD -> NEW; ...", at most so many, and how many more there are. Adds nothing where nothing
   changed. */
void fingerprint_changes(struct buffer *out, const struct fingerprint_fields *before,
                         const struct fingerprint_fields *after, int at_most);

#endif
