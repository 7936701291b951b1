/* Interned names: equal names are one pointer, so that names compare with ==. */
#ifndef FLOW_BASE_INTERN_H
#define FLOW_BASE_INTERN_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct interner {
    struct arena *arena; /* owns the texts */
    const char **slots;
    uint32_t *hashes;
    uint32_t capacity; /* a power of two */
    uint32_t count;
};

void interner_open(struct interner *interner, struct arena *arena);
void interner_close(struct interner *interner);

/* The one NUL-terminated copy of text[0..length). */
const char *intern(struct interner *interner, const char *text, size_t length);
const char *intern_text(struct interner *interner, const char *text);
/* The same, or NULL where the name was never interned. */
const char *intern_find(const struct interner *interner, const char *text, size_t length);

#endif
