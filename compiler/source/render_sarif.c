/* SARIF 2.1.0, with what GitHub's code scanning asks for: rules with texts, relative places, fingerprints. */
#include "base/file.h"
#include "source/render_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- rules ---- */

static void add_text_object(struct buffer *out, const char *name, const char *text)
{
    buffer_addf(out, "\"%s\":{", name);
    json_field(out, "text", text);
    buffer_add_char(out, '}');
}

static const char *level_of(int severity)
{
    return severity == SEVERITY_ERROR ? "error" : severity == SEVERITY_WARNING ? "warning" : "note";
}

/* The rules that occur, in the order of rules.def; index[rule] is where each stands. */
static void add_rules(struct buffer *out, const struct diagnostics *list, int index[RULE_COUNT])
{
    bool occurs[RULE_COUNT] = {false};
    int count = 0;
    for (int i = 0; i < list->count; i++)
        occurs[list->items[i]->rule] = true;
    buffer_add_text(out, "\"rules\":[");
    for (int i = 0; i < RULE_COUNT; i++) {
        if (!occurs[i])
            continue;
        const struct rule_row *rule = &rule_rows[i];
        buffer_add_text(out, count ? ",\n{" : "\n{");
        index[i] = count++;
        json_field(out, "id", rule->name);
        buffer_add_char(out, ',');
        add_text_object(out, "shortDescription", rule->summary);
        buffer_add_char(out, ',');
        add_text_object(out, "fullDescription", rule->summary);
        buffer_addf(out,
                    ",\"help\":{\"text\":\"flowc explain "
                    "%s\"},\"defaultConfiguration\":{\"level\":\"%s\"},",
                    rule->name, level_of(rule->severity));
        buffer_addf(out, "\"properties\":{\"tags\":[\"%s\"]}}", rule->family);
    }
    buffer_add_char(out, ']');
}

/* ---- places ---- */

/* A path as a relative URI reference. */
static void add_uri(struct buffer *out, const char *path)
{
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    for (; *path; path++)
        if (isalnum((unsigned char)*path) || strchr("-._~/", *path))
            buffer_add_char(out, *path);
        else
            buffer_addf(out, "%%%02X", (unsigned char)*path);
}

static void add_place(struct buffer *out, const struct source_set *sources, struct span span,
                      const char *message)
{
    struct range_shown range = range_of(sources, span);
    buffer_add_char(out, '{');
    if (message) {
        add_text_object(out, "message", message);
        buffer_add_char(out, ',');
    }
    buffer_add_text(out, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
    add_uri(out, range.begin.source->path);
    buffer_addf(
        out,
        "\"},\"region\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u}}}",
        range.begin.line, range.begin.column, range.end.line, range.end.column);
}

static int add_related(struct buffer *out, const struct source_set *sources,
                       const struct remark *remarks, int count)
{
    for (; remarks; remarks = remarks->next) {
        if (!position_of(sources, remarks->span.begin).source)
            continue;
        buffer_add_text(out, count++ ? "," : ",\"relatedLocations\":[");
        add_place(out, sources, remarks->span, remarks->text);
    }
    return count;
}

/* ---- fingerprints: the rule, the line without its indent, and the how-manieth of these ---- */

#define LINE_LOOKED_AT                                                                             \
    1000 /* a line of megabytes with a thousand mistakes is not read a thousand times */

static const char *looked_at(const struct source *source, uint32_t position, uint32_t *length)
{
    const char *line = source_line(source, source_line_number(source, position), length);
    if (*length > LINE_LOOKED_AT)
        *length = LINE_LOOKED_AT;
    return line;
}

static int fingerprint_rank(const struct diagnostics *list, const struct source_set *sources,
                            int of, const char *line, uint32_t length)
{
    int rank = 1;
    for (int i = of;
         i-- > 0 && of - i < 200;) { /* far ones of the same text are rare: they share a rank */
        uint32_t other_length;
        const struct source *source = source_of(sources, list->items[i]->span.begin);
        if (!source || list->items[i]->rule != list->items[of]->rule)
            continue;
        const char *other = looked_at(source, list->items[i]->span.begin, &other_length);
        rank += other_length == length && memcmp(other, line, length) == 0;
    }
    return rank;
}

static void add_fingerprint(struct buffer *out, const struct diagnostics *list,
                            const struct source_set *sources, int of)
{
    const struct source *source = source_of(sources, list->items[of]->span.begin);
    uint32_t length;
    const char *line = looked_at(source, list->items[of]->span.begin, &length);
    int rank = fingerprint_rank(list, sources, of, line, length);
    while (length && isspace((unsigned char)*line))
        line++, length--;
    struct buffer text = {0};
    buffer_addf(&text, "%s\n%s\n", rule_rows[list->items[of]->rule].name, path_base(source->path));
    buffer_add(&text, line, length);
    char hex[65];
    sha256_hex(text.text, text.length, hex);
    buffer_addf(out, ",\"partialFingerprints\":{\"primaryLocationLineHash\":\"%.16s:%d\"}", hex,
                rank);
    buffer_free(&text);
}

/* ---- fixes ---- */

static void add_fix_changes(struct buffer *out, const struct source_set *sources,
                            const struct fix *fix)
{
    struct range_shown first = range_of(sources, fix->edits->span);
    buffer_add_char(out, '{');
    add_text_object(out, "description", fix->title);
    buffer_add_text(out, ",\"artifactChanges\":[{\"artifactLocation\":{\"uri\":\"");
    add_uri(out, first.begin.source->path);
    buffer_add_text(out, "\"},\"replacements\":[");
    for (const struct edit *edit = fix->edits; edit; edit = edit->next) {
        struct range_shown range = range_of(sources, edit->span);
        buffer_addf(out,
                    "%s{\"deletedRegion\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,"
                    "\"endColumn\":%u},",
                    edit == fix->edits ? "" : ",", range.begin.line, range.begin.column,
                    range.end.line, range.end.column);
        add_text_object(out, "insertedContent", edit->text);
        buffer_add_char(out, '}');
    }
    buffer_add_text(out, "]}]}");
}

static void add_sarif_fixes(struct buffer *out, const struct source_set *sources,
                            const struct fix *fixes)
{
    int count = 0;
    for (; fixes; fixes = fixes->next) {
        if (!fixes->edits || !position_of(sources, fixes->edits->span.begin).source)
            continue;
        buffer_add_text(out, count++ ? "," : ",\"fixes\":[");
        add_fix_changes(out, sources, fixes);
    }
    if (count)
        buffer_add_char(out, ']');
}

/* ---- the whole ---- */

static void add_message(struct buffer *out, const struct diagnostic *d)
{
    buffer_add_text(out, "\"message\":{\"text\":\"");
    buffer_add_json(out, d->message, strlen(d->message));
    if (d->help) {
        buffer_add_text(out, "; ");
        buffer_add_json(out, d->help, strlen(d->help));
    }
    buffer_add_text(out, "\"}");
}

static void add_result(struct buffer *out, const struct diagnostics *list,
                       const struct source_set *sources, int i, const int index[RULE_COUNT])
{
    const struct diagnostic *d = list->items[i];
    buffer_addf(out, "{\"ruleId\":\"%s\",\"ruleIndex\":%d,\"level\":\"%s\",",
                rule_rows[d->rule].name, index[d->rule], level_of(d->severity));
    add_message(out, d);
    if (position_of(sources, d->span.begin).source) {
        buffer_add_text(out, ",\"locations\":[");
        add_place(out, sources, d->span, NULL);
        buffer_add_char(out, ']');
        add_fingerprint(out, list, sources, i);
    } else {
        buffer_add_text(out, ",\"locations\":[]");
    }
    int related = add_related(out, sources, d->labels, 0);
    if (add_related(out, sources, d->notes, related))
        buffer_add_char(out, ']');
    add_sarif_fixes(out, sources, d->fixes);
    buffer_add_char(out, '}');
}

void render_sarif(struct buffer *out, const struct diagnostics *list,
                  const struct source_set *sources, const struct render_options *options)
{
    int index[RULE_COUNT] = {0};
    buffer_add_text(
        out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
             "\"runs\":[{\"tool\":{\"driver\":{\"name\":\"flowc\",");
    json_field(out, "version", options->version && *options->version ? options->version : "0");
    buffer_add_char(out, ',');
    add_rules(out, list, index);
    buffer_add_text(out, "}},\"automationDetails\":{\"id\":\"flowc/check/\"},"
                         "\"columnKind\":\"unicodeCodePoints\",\"results\":[");
    for (int i = 0; i < list->count; i++) {
        buffer_add_text(out, i ? ",\n" : "\n");
        add_result(out, list, sources, i, index);
    }
    buffer_add_text(out, "]}]}\n");
}
