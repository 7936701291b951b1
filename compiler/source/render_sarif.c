/* SARIF 2.1.0, with what GitHub's code scanning asks for: rules with texts, relative places, fingerprints. */
#include "base/memory.h"
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

static void add_rule(struct buffer *out, const struct rule_row *rule)
{
    buffer_add_char(out, '{');
    json_field(out, "id", rule->name);
    buffer_add_char(out, ',');
    add_text_object(out, "shortDescription", rule->summary);
    buffer_add_char(out, ',');
    add_text_object(out, "fullDescription", rule->summary);
    buffer_addf(out, ",\"help\":{\"text\":\"`flowc explain %s` says why, and how to mend it.\"},",
                rule->name);
    buffer_addf(out, "\"defaultConfiguration\":{\"level\":\"%s\"},",
                severity_names[rule->severity]);
    buffer_addf(out, "\"properties\":{\"tags\":[\"%s\"]}}", rule->family);
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
        buffer_add_text(out, count ? ",\n" : "\n");
        index[i] = count++;
        add_rule(out, &rule_rows[i]);
    }
    buffer_add_char(out, ']');
}

/* ---- places ---- */

/* A path as a URI: relative to where the command ran, as GitHub wants it, unless it cannot be. */
static void add_uri(struct buffer *out, const char *path)
{
    buffer_add_text(out, "\"artifactLocation\":{\"uri\":\"");
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    if (path[0] == '/')
        buffer_add_text(out, "file://");
    for (; *path; path++)
        if (isalnum((unsigned char)*path) || strchr("-._~/", *path))
            buffer_add_char(out, *path);
        else
            buffer_addf(out, "%%%02X", (unsigned char)*path);
    buffer_add_text(out, "\"}");
}

static void add_region(struct buffer *out, const char *name, const struct range_shown *range)
{
    buffer_addf(out, "\"%s\":{\"startLine\":%u,\"startColumn\":%u,", name, range->begin.line,
                range->begin.column);
    buffer_addf(out, "\"endLine\":%u,\"endColumn\":%u}", range->end.line, range->end.column);
}

static void add_place(struct buffer *out, const struct source_set *sources, struct span span,
                      const char *message)
{
    struct range_shown range = range_of(sources, span);
    buffer_add_char(out, '{');
    if (message && *message) {
        add_text_object(out, "message", message);
        buffer_add_char(out, ',');
    }
    buffer_add_text(out, "\"physicalLocation\":{");
    add_uri(out, range.begin.source->path);
    buffer_add_char(out, ',');
    add_region(out, "region", &range);
    buffer_add_text(out, "}}");
}

/* GitHub shows no result without a place: one that has none stands at the top of the first file. */
static void add_locations(struct buffer *out, const struct source_set *sources, struct span span)
{
    if (!source_of(sources, span.begin) && sources->count)
        span = (struct span){sources->files[0]->base, sources->files[0]->base};
    buffer_add_text(out, ",\"locations\":[");
    if (source_of(sources, span.begin))
        add_place(out, sources, span, NULL);
    buffer_add_char(out, ']');
}

static int add_related(struct buffer *out, const struct source_set *sources,
                       const struct remark *remarks, int count)
{
    for (; remarks; remarks = remarks->next) {
        if (!source_of(sources, remarks->span.begin))
            continue;
        buffer_add_text(out, count++ ? "," : ",\"relatedLocations\":[");
        add_place(out, sources, remarks->span, remarks->text);
    }
    return count;
}

/* ---- fingerprints: the rule and the line's text, so that a result is known again when lines move ---- */

struct fingerprint {
    const struct source *source;
    uint64_t hash; /* 0 where there is no place */
    int rank;      /* the how-manieth of these in its file */
};

#define LINE_LOOKED_AT 1000 /* a line of megabytes with a thousand mistakes is not read whole */

/* FNV-1a. */
static uint64_t hash_more(uint64_t hash, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return hash;
}

static struct fingerprint fingerprint_of(const struct source_set *sources,
                                         const struct diagnostic *d)
{
    const struct source *source = source_of(sources, d->span.begin);
    const char *rule = rule_rows[d->rule].name;
    uint32_t length;
    if (!source)
        return (struct fingerprint){0};
    const char *line = source_line(source, source_line_number(source, d->span.begin), &length);
    length = length < LINE_LOOKED_AT ? length : LINE_LOOKED_AT;
    while (length && isspace((unsigned char)*line))
        line++, length--;
    while (length && isspace((unsigned char)line[length - 1]))
        length--;
    uint64_t hash = hash_more(UINT64_C(14695981039346656037), rule, strlen(rule) + 1);
    hash = hash_more(hash, line, length);
    return (struct fingerprint){source, hash ? hash : 1, 1};
}

/* One for each result. Ranks come from a table of those met before: 100,000 results take no 100,000 squared looks. */
static struct fingerprint *fingerprints_of(const struct diagnostics *list,
                                           const struct source_set *sources)
{
    size_t count = (size_t)list->count, capacity = 16;
    while (capacity < 2 * count)
        capacity *= 2;
    struct fingerprint *prints = memory_zeroed(count, sizeof *prints);
    struct fingerprint *met = memory_zeroed(capacity, sizeof *met);
    for (size_t i = 0; i < count; i++) {
        prints[i] = fingerprint_of(sources, list->items[i]);
        size_t slot = (size_t)prints[i].hash & (capacity - 1);
        while (met[slot].hash &&
               (met[slot].hash != prints[i].hash || met[slot].source != prints[i].source))
            slot = (slot + 1) & (capacity - 1);
        if (met[slot].hash)
            prints[i].rank = met[slot].rank + 1;
        met[slot] = prints[i];
    }
    free(met);
    return prints;
}

/* ---- fixes ---- */

/* The edits of one file, as far as they stand side by side. Returns the first of another. */
static const struct edit *add_change(struct buffer *out, const struct source_set *sources,
                                     const struct edit *edit)
{
    const struct source *source = source_of(sources, edit->span.begin);
    const char *separator = "{";
    add_uri(out, source->path);
    buffer_add_text(out, ",\"replacements\":[");
    for (; edit && source_of(sources, edit->span.begin) == source; edit = edit->next) {
        struct range_shown range = range_of(sources, edit->span);
        buffer_add_text(out, separator);
        add_region(out, "deletedRegion", &range);
        buffer_add_char(out, ',');
        add_text_object(out, "insertedContent", edit->text);
        buffer_add_char(out, '}');
        separator = ",{";
    }
    buffer_add_char(out, ']');
    return edit;
}

static bool has_places(const struct source_set *sources, const struct fix *fix)
{
    bool good = fix->edits;
    for (const struct edit *edit = fix->edits; edit; edit = edit->next)
        good &= source_of(sources, edit->span.begin) != NULL;
    return good;
}

static void add_fixes(struct buffer *out, const struct source_set *sources, const struct fix *fixes)
{
    int count = 0;
    for (; fixes; fixes = fixes->next) {
        if (!has_places(sources, fixes))
            continue;
        buffer_add_text(out, count++ ? ",{" : ",\"fixes\":[{");
        add_text_object(out, "description", fixes->title);
        buffer_add_text(out, ",\"artifactChanges\":[");
        for (const struct edit *edit = fixes->edits; edit;) {
            buffer_add_text(out, edit == fixes->edits ? "{" : ",{");
            edit = add_change(out, sources, edit);
            buffer_add_char(out, '}');
        }
        buffer_add_text(out, "]}");
    }
    if (count)
        buffer_add_char(out, ']');
}

/* ---- the whole ---- */

static void add_line(struct buffer *out, const char *kind, const char *text)
{
    buffer_addf(out, "\\n%s: ", kind);
    buffer_add_json(out, text, strlen(text));
}

/* What has a place is a related location; the rest is part of the message. */
static void add_message(struct buffer *out, const struct source_set *sources,
                        const struct diagnostic *d)
{
    const char *message = *d->message ? d->message : rule_rows[d->rule].summary;
    buffer_add_text(out, "\"message\":{\"text\":\"");
    buffer_add_json(out, message, strlen(message));
    for (const struct remark *note = d->notes; note; note = note->next)
        if (!source_of(sources, note->span.begin))
            add_line(out, "note", note->text);
    if (d->help)
        add_line(out, "help", d->help);
    buffer_add_text(out, "\"}");
}

static void add_result(struct buffer *out, const struct source_set *sources,
                       const struct diagnostic *d, const struct fingerprint *print, int rule_index)
{
    buffer_addf(out, "{\"ruleId\":\"%s\",\"ruleIndex\":%d,\"level\":\"%s\",",
                rule_rows[d->rule].name, rule_index, severity_names[d->severity]);
    add_message(out, sources, d);
    add_locations(out, sources, d->span);
    if (print->hash)
        buffer_addf(out, ",\"partialFingerprints\":{\"primaryLocationLineHash\":\"%016llx:%d\"}",
                    (unsigned long long)print->hash, print->rank);
    int related = add_related(out, sources, d->labels, 0);
    if (add_related(out, sources, d->notes, related))
        buffer_add_char(out, ']');
    add_fixes(out, sources, d->fixes);
    buffer_add_char(out, '}');
}

void render_sarif(struct buffer *out, const struct diagnostics *list,
                  const struct source_set *sources, const struct render_options *options)
{
    int index[RULE_COUNT] = {0};
    struct fingerprint *prints = fingerprints_of(list, sources);
    buffer_add_text(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",");
    buffer_add_text(out, "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{");
    json_field(out, "name", "flowc");
    if (options->version && *options->version) {
        buffer_add_char(out, ',');
        json_field(out, "version", options->version);
    }
    buffer_add_char(out, ',');
    add_rules(out, list, index);
    buffer_add_text(out, "}},\"automationDetails\":{\"id\":\"flowc/check/\"},");
    buffer_add_text(out, "\"columnKind\":\"unicodeCodePoints\",\"results\":[");
    for (int i = 0; i < list->count; i++) {
        buffer_add_text(out, i ? ",\n" : "\n");
        add_result(out, sources, list->items[i], &prints[i], index[list->items[i]->rule]);
    }
    buffer_add_text(out, "]}]}\n");
    free(prints);
}
