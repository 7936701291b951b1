/* Small changes to source files: pieces of lines replaced where they stand, and the whole as a unified diff. */
#ifndef FLOW_TRACE_PATCH_H
#define FLOW_TRACE_PATCH_H

#include "base/buffer.h"
#include "source/source.h"

/* What stands in the span becomes the text; an empty span inserts. Neither has a line end in it. */
struct patch_edit {
    struct span span;
    const char *text;
};

struct patched_file {
    const struct source *source;
    char *text; /* in the arena */
    size_t length;
};

/* Does all edits, which must not overlap; sorts them. A comment at the end of a changed line stays in its column where
   there is room. Returns the number of files that were changed, in the order of the sources; they live in the arena. */
int patch_apply(const struct source_set *sources, struct patch_edit *edits, int count,
                struct arena *arena, struct patched_file **files);

/* Adds the unified diff of one file, "--- a/NAME" and "+++ b/NAME", three lines of context; nothing where they are alike.
   Both have the same number of lines. `git apply` and `patch -p1` take it. */
void patch_diff(struct buffer *out, const char *name, const struct source *before,
                const char *after, size_t after_length);

#endif
