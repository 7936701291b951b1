/* One line each: `path:line:column: error[rule]: message`, and GitHub's annotations. */
#include "source/render_private.h"
#include "source/visible.h"

#include <string.h>

void render_short(struct buffer *out, const struct diagnostics *list,
                  const struct source_set *sources, const struct render_options *options)
{
    int shown = 0;
    for (int i = 0; i < list->count; i++) {
        const struct diagnostic *d = list->items[i];
        struct position at = position_of(sources, d->span.begin);
        if (options->max_errors && shown++ >= options->max_errors)
            break;
        if (at.source) {
            add_visible(out, at.source->path, strlen(at.source->path));
            buffer_addf(out, ":%u:%u: ", at.line, at.column);
        }
        buffer_addf(out, "%s[%s]: ", severity_names[d->severity], rule_rows[d->rule].name);
        add_visible(out, d->message, strlen(d->message));
        buffer_add_char(out, '\n');
    }
}

/* ---- GitHub's workflow commands ---- */

/* They escape %, CR and LF in a message, and : and , in a property too. */
static void add_escaped(struct buffer *out, const char *text, bool property)
{
    struct buffer clean = {0};
    const char *special = property ? "%\r\n:," : "%\r\n";
    for (size_t length; *text; text += length) {
        length = strcspn(text, special);
        buffer_clear(&clean);
        add_visible(&clean, text, length);
        buffer_add(out, buffer_text(&clean), clean.length);
        if (text[length])
            buffer_addf(out, "%%%02X", (unsigned char)text[length++]);
    }
    buffer_free(&clean);
}

/* Columns only within one line: GitHub takes no others. */
static void add_properties(struct buffer *out, const struct range_shown *range)
{
    bool one_line = range->begin.line == range->end.line;
    buffer_add_text(out, "file=");
    add_escaped(out, range->begin.source->path, true);
    buffer_addf(out, ",line=%u", range->begin.line);
    if (one_line)
        buffer_addf(out, ",col=%u", range->begin.column);
    buffer_addf(out, ",endLine=%u", range->end.line);
    if (one_line)
        buffer_addf(out, ",endColumn=%u", range->end.column);
    buffer_add_char(out, ',');
}

void render_github(struct buffer *out, const struct diagnostics *list,
                   const struct source_set *sources, const struct render_options *options)
{
    (void)options;
    for (int i = 0; i < list->count; i++) {
        const struct diagnostic *d = list->items[i];
        struct range_shown range = range_of(sources, d->span);
        const char *command = d->severity == SEVERITY_NOTE ? "notice" : severity_names[d->severity];
        buffer_addf(out, "::%s ", command);
        if (range.begin.source)
            add_properties(out, &range);
        buffer_addf(out, "title=%s::", rule_rows[d->rule].name);
        add_escaped(out, d->message, false);
        if (d->help) {
            buffer_add_text(out, "%0Ahelp: ");
            add_escaped(out, d->help, false);
        }
        buffer_add_char(out, '\n');
    }
}
