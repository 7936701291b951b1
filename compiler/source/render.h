/* Drawing diagnostics: for people, one line each, JSON, SARIF 2.1.0, GitHub annotations. */
#ifndef FLOW_SOURCE_RENDER_H
#define FLOW_SOURCE_RENDER_H

#include "base/buffer.h"
#include "source/diagnostic.h"

enum render_format { RENDER_HUMAN, RENDER_SHORT, RENDER_JSON, RENDER_SARIF, RENDER_GITHUB };

struct render_options {
    enum render_format format;
    bool color;
    int max_errors;      /* human and short: how many to show, 0 for all */
    const char *version; /* of the tool, for SARIF */
    const char *scope;   /* human: "3 products in 5 files"; NULL: no word where all is well */
};

/* The list must be sorted. Adds the whole text to out. */
void render_diagnostics(struct buffer *out, const struct diagnostics *list,
                        const struct source_set *sources, const struct render_options *options);

#endif
