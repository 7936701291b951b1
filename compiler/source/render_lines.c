/* One line each: `path:line:column: error[rule]: message`, and GitHub's annotations. */
#include "source/render_private.h"

#include <string.h>

/* A message stays on its line, whatever the file had in it. */
static void add_plain(struct buffer *out, const char *text)
{
    for (; *text; text++)
        buffer_add_char(out, (unsigned char)*text < 0x20 ? ' ' : *text);
}

void render_short(struct buffer *out, const struct diagnostics *list, const struct source_set *sources,
                  const struct render_options *options)
{
    int shown = 0;
    for (int i = 0; i < list->count; i++) {
        const struct diagnostic *d = list->items[i];
        struct position at = position_of(sources, d->span.begin);
        if (options->max_errors && shown++ >= options->max_errors)
            break;
        if (at.source)
            buffer_addf(out, "%s:%u:%u: ", at.source->path, at.line, at.column);
        buffer_addf(out, "%s[%s]: ", severity_names[d->severity], rule_rows[d->rule].name);
        add_plain(out, d->message);
        buffer_add_char(out, '\n');
    }
}

/* GitHub's workflow commands escape %, CR and LF in a message, and : and , in a property too. */
static void add_escaped(struct buffer *out, const char *text, bool property)
{
    for (; *text; text++) {
        bool special = *text == '%' || *text == '\r' || *text == '\n' || (property && (*text == ':' || *text == ','));
        if (special)
            buffer_addf(out, "%%%02X", (unsigned char)*text);
        else
            buffer_add_char(out, *text);
    }
}

void render_github(struct buffer *out, const struct diagnostics *list, const struct source_set *sources,
                   const struct render_options *options)
{
    (void)options;
    for (int i = 0; i < list->count; i++) {
        const struct diagnostic *d = list->items[i];
        struct range_shown range = range_of(sources, d->span);
        buffer_addf(out, "::%s ", d->severity == SEVERITY_NOTE ? "notice" : severity_names[d->severity]);
        if (range.begin.source) {
            buffer_add_text(out, "file=");
            add_escaped(out, range.begin.source->path, true);
            buffer_addf(out, ",line=%u,endLine=%u", range.begin.line, range.end.line);
            if (range.begin.line == range.end.line) /* GitHub takes columns within one line only */
                buffer_addf(out, ",col=%u,endColumn=%u", range.begin.column, range.end.column);
            buffer_add_char(out, ',');
        }
        buffer_addf(out, "title=%s::", rule_rows[d->rule].name);
        add_escaped(out, d->message, false);
        if (d->help) {
            buffer_add_text(out, "%0Ahelp: ");
            add_escaped(out, d->help, false);
        }
        buffer_add_char(out, '\n');
    }
}
