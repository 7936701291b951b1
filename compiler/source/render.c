#include "source/render_private.h"

#include <string.h>

const char *const severity_names[] = {"error", "warning", "note"};
const char *const certainty_names[] = {"certain", "likely", "has_blanks"};

static render_function *const formats[] = {
    [RENDER_HUMAN] = render_human, [RENDER_SHORT] = render_short,   [RENDER_JSON] = render_json,
    [RENDER_SARIF] = render_sarif, [RENDER_GITHUB] = render_github,
};

void render_diagnostics(struct buffer *out, const struct diagnostics *list,
                        const struct source_set *sources, const struct render_options *options)
{
    formats[options->format](out, list, sources, options);
}

struct range_shown range_of(const struct source_set *sources, struct span span)
{
    struct range_shown range;
    range.begin = position_of(sources, span.begin);
    range.end = span.end > span.begin ? position_of(sources, span.end) : range.begin;
    if (!range.end.source || range.end.source != range.begin.source)
        range.end = range.begin;
    return range;
}

void json_field(struct buffer *out, const char *name, const char *text)
{
    buffer_addf(out, "\"%s\":\"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}
