/* Private to source/: one function a format. */
#ifndef FLOW_SOURCE_RENDER_PRIVATE_H
#define FLOW_SOURCE_RENDER_PRIVATE_H

#include "source/render.h"

typedef void render_function(struct buffer *out, const struct diagnostics *list,
                             const struct source_set *sources,
                             const struct render_options *options);
render_function render_human, render_short, render_json, render_sarif, render_github;

/* Where a span begins, and one past its end. Both without a source where it is nowhere. */
struct range_shown {
    struct position begin, end;
};
struct range_shown range_of(const struct source_set *sources, struct span span);

extern const char *const severity_names[]; /* error, warning, note */
extern const char *const certainty_names[];

/* "name":"text", with what JSON must escape. */
void json_field(struct buffer *out, const char *name, const char *text);

#endif
