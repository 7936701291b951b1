#include "source/render_private.h"

#include <string.h>

static void add_range(struct buffer *out, const struct source_set *sources, struct span span)
{
    struct range_shown range = range_of(sources, span);
    if (!range.begin.source) {
        buffer_add_text(out,
                        "\"file\":null,\"line\":0,\"column\":0,\"end_line\":0,\"end_column\":0");
        return;
    }
    json_field(out, "file", range.begin.source->path);
    buffer_addf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u",
                range.begin.line, range.begin.column, range.end.line, range.end.column);
}

static void add_remarks(struct buffer *out, const char *name, const struct remark *remarks,
                        const struct source_set *sources)
{
    buffer_addf(out, ",\"%s\":[", name);
    for (const struct remark *remark = remarks; remark; remark = remark->next) {
        buffer_add_text(out, remark == remarks ? "{" : ",{");
        json_field(out, "message", remark->text);
        buffer_add_char(out, ',');
        add_range(out, sources, remark->span);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void add_fixes(struct buffer *out, const struct fix *fixes, const struct source_set *sources)
{
    buffer_add_text(out, ",\"fixes\":[");
    for (const struct fix *fix = fixes; fix; fix = fix->next) {
        buffer_add_text(out, fix == fixes ? "{" : ",{");
        json_field(out, "title", fix->title);
        buffer_add_char(out, ',');
        json_field(out, "certainty", certainty_names[fix->certainty]);
        buffer_add_text(out, ",\"edits\":[");
        for (const struct edit *edit = fix->edits; edit; edit = edit->next) {
            buffer_add_text(out, edit == fix->edits ? "{" : ",{");
            add_range(out, sources, edit->span);
            buffer_add_char(out, ',');
            json_field(out, "replacement", edit->text);
            buffer_add_char(out, '}');
        }
        buffer_add_text(out, "]}");
    }
    buffer_add_char(out, ']');
}

void render_json(struct buffer *out, const struct diagnostics *list,
                 const struct source_set *sources, const struct render_options *options)
{
    (void)options;
    buffer_add_text(out, "{\"format_version\":\"1.0\",\"diagnostics\":[");
    for (int i = 0; i < list->count; i++) {
        const struct diagnostic *d = list->items[i];
        buffer_add_text(out, i ? ",\n{" : "\n{");
        json_field(out, "rule", rule_rows[d->rule].name);
        buffer_add_char(out, ',');
        json_field(out, "severity", severity_names[d->severity]);
        buffer_add_char(out, ',');
        json_field(out, "message", d->message);
        buffer_add_char(out, ',');
        add_range(out, sources, d->span);
        if (d->help) {
            buffer_add_char(out, ',');
            json_field(out, "help", d->help);
        }
        add_remarks(out, "labels", d->labels, sources);
        add_remarks(out, "notes", d->notes, sources);
        add_fixes(out, d->fixes, sources);
        buffer_add_char(out, '}');
    }
    buffer_add_text(out, list->count ? "\n]}\n" : "]}\n");
}
