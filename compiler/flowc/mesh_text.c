/* A report, in words and as JSON. */
#include "flowc/mesh_report.h"

#include "geometry/flaws.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *verdict_of(const struct mesh_report *report)
{
    static const char *const words[] = {[MESH_READ] = "broken",
                                        [MESH_ABSENT] = "absent",
                                        [MESH_MALFORMED] = "malformed",
                                        [MESH_FOREIGN] = "unknown"};
    return mesh_report_is_good(report) ? "solid" : words[report->status];
}

/* ---- for people ---- */

/* With two decimals; a small one with four digits that count. */
static void add_figure(struct buffer *out, double figure)
{
    buffer_addf(out, fabs(figure) >= 0.9995 || figure == 0 ? "%.2f" : "%.4g", figure);
}

static void add_size(struct buffer *out, const char *name, const double size[3], const char *after)
{
    buffer_addf(out, "  %-10s ", name);
    for (int axis = 0; axis < 3; axis++) {
        buffer_add_text(out, axis ? " x " : "");
        add_figure(out, size[axis]);
    }
    buffer_addf(out, " mm%s\n", after);
}

static void add_measures(struct buffer *out, const struct mesh_report *report)
{
    const struct mesh_facts *facts = &report->facts;
    double size[3], turned[3] = {report->turned.width, report->turned.depth, 0};
    for (int axis = 0; axis < 3; axis++)
        size[axis] = facts->high[axis] - facts->low[axis];
    turned[2] = size[2];
    if (report->title[0])
        buffer_addf(out, "  %-10s %s\n", "title", report->title);
    if (report->designer[0])
        buffer_addf(out, "  %-10s %s\n", "designer", report->designer);
    buffer_addf(out, "  %-10s %u in %u shell%s\n", "triangles", facts->triangles, facts->shells,
                facts->shells == 1 ? "" : "s");
    add_size(out, "size", size, "");
    if (turned[0] * turned[1] < size[0] * size[1] * 0.99) {
        char angle[64];
        snprintf(angle, sizeof angle, ", turned by %.1f deg about z", report->turned.angle_deg);
        add_size(out, "at least", turned, angle);
    }
    if (facts->closed) {
        buffer_addf(out, "  %-10s ", "volume");
        add_figure(out, facts->volume_mm3);
        buffer_add_text(out, " mm^3\n");
    }
    buffer_addf(out, "  %-10s ", "surface");
    add_figure(out, facts->area_mm2);
    buffer_add_text(out, " mm^2\n");
}

struct style {
    const char *error, *warning, *good, *help, *end;
};

static const struct style plain = {"", "", "", "", ""},
                          colored = {"\x1b[1;31m", "\x1b[1;33m", "\x1b[32m", "\x1b[36m", "\x1b[0m"};

static void add_line(struct buffer *out, const char *color, const char *end, const char *label,
                     const char *text)
{
    buffer_addf(out, "  %s%s%s: %s\n", color, label, end, text);
}

static void add_flaws(struct buffer *out, const struct mesh_facts *facts, const struct style *style)
{
    struct buffer text = {0};
    for (enum flaw flaw = 0; flaw < FLAW_COUNT; flaw++) {
        bool bad = flaw < FLAW_WITHIN;
        if (!facts->flaws[flaw].count)
            continue;
        buffer_clear(&text);
        flaw_describe(&text, facts, flaw);
        add_line(out, bad ? style->error : style->warning, style->end, bad ? "error" : "warning",
                 text.text);
        add_line(out, style->help, style->end, "help", flaw_rows[flaw].remedy);
    }
    if (flaw_worst(facts) == FLAW_COUNT && !mesh_is_solid(facts)) {
        buffer_clear(&text);
        mesh_describe_flaws(&text, facts);
        add_line(out, style->error, style->end, "error", text.text);
        add_line(out, style->help, style->end, "help", mesh_remedy(facts));
    }
    buffer_free(&text);
}

/* Bodies that overlap print; walls that cross themselves come out as some slicer likes. */
static void add_crossings(struct buffer *out, const struct crossings *crossings,
                          const struct style *style)
{
    struct buffer text = {0};
    if (!crossings->pairs && crossings->complete)
        return;
    buffer_addf(&text, "%s%llu pair%s of triangles go%s through one another",
                crossings->complete ? "" : "at least ", (unsigned long long)crossings->pairs,
                crossings->pairs == 1 ? "" : "s", crossings->pairs == 1 ? "es" : "");
    if (crossings->pairs) {
        buffer_add_text(&text, crossings->pairs == 1 ? ", at " : ", the first at ");
        place_describe(&text, crossings->at);
    }
    add_line(out, style->warning, style->end, "warning", text.text);
    add_line(out, style->help, style->end, "help",
             "unite the bodies where it was drawn, and export it again");
    buffer_free(&text);
}

/* What is not wrong, and may still surprise. */
static void add_notes(struct buffer *out, const struct mesh_report *report)
{
    const struct mesh_facts *facts = &report->facts;
    double size = 0;
    for (int axis = 0; axis < 3; axis++)
        size = fmax(size, facts->high[axis] - facts->low[axis]);
    if (facts->joined)
        buffer_addf(out,
                    "  note: %u corners that differ only by rounding were joined; without that "
                    "%u edges are open\n",
                    facts->joined, report->exact.flaws[FLAW_OPEN].count);
    if (!facts->nested)
        buffer_add_text(out, "  note: too many shells lie over one another to say which is in "
                             "which\n");
    if (size > 0 && size < 1)
        buffer_add_text(out, "  note: it is smaller than a millimetre; was it drawn in metres or "
                             "inches?\n");
}

void mesh_report_print(struct buffer *out, const char *path, const struct mesh_report *report,
                       bool color)
{
    const struct style *style = color ? &colored : &plain;
    bool good = mesh_report_is_good(report);
    buffer_addf(out, "%s: %s%s%s%s%s\n", path, good ? style->good : style->error,
                verdict_of(report), style->end, report->format[0] ? ", " : "", report->format);
    if (report->status != MESH_READ) {
        const char *text = report->status == MESH_MALFORMED ? report->problem
                           : report->status == MESH_ABSENT  ? "it is not there, or cannot be read"
                                                            : "it is no model that flowc reads";
        add_line(out, style->error, style->end, "error", text);
        return;
    }
    if (report->facts.triangles)
        add_measures(out, report);
    add_flaws(out, &report->facts, style);
    if (report->crossings_asked)
        add_crossings(out, &report->crossings, style);
    add_notes(out, report);
}

/* ---- JSON ---- */

/* The shortest decimal that reads back as the same double. */
static void add_double(struct buffer *out, double figure)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, figure + 0.0);
        if (strtod(text, NULL) == figure)
            break;
    }
    buffer_add_text(out, text);
}

static void add_name(struct buffer *out, const char *name)
{
    if (out->length && out->text[out->length - 1] != '{')
        buffer_add_char(out, ',');
    buffer_addf(out, "\"%s\":", name);
}

static void add_text_field(struct buffer *out, const char *name, const char *text)
{
    add_name(out, name);
    buffer_add_char(out, '"');
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

static void add_count_field(struct buffer *out, const char *name, uint64_t count)
{
    add_name(out, name);
    buffer_addf(out, "%llu", (unsigned long long)count);
}

static void add_bool_field(struct buffer *out, const char *name, bool value)
{
    add_name(out, name);
    buffer_add_text(out, value ? "true" : "false");
}

static void add_double_field(struct buffer *out, const char *name, double figure)
{
    add_name(out, name);
    add_double(out, figure);
}

static void add_place_field(struct buffer *out, const char *name, const double at[3])
{
    add_name(out, name);
    for (int axis = 0; axis < 3; axis++) {
        buffer_add_char(out, axis ? ',' : '[');
        add_double(out, at[axis]);
    }
    buffer_add_char(out, ']');
}

static void add_facts_json(struct buffer *out, const struct mesh_facts *facts)
{
    add_count_field(out, "triangles", facts->triangles);
    add_count_field(out, "vertices", facts->vertices);
    add_count_field(out, "edges", facts->edges);
    add_count_field(out, "shells", facts->shells);
    add_count_field(out, "pieces", facts->pieces);
    add_double_field(out, "volume_mm3", facts->volume_mm3);
    add_double_field(out, "area_mm2", facts->area_mm2);
    if (facts->vertices) {
        add_place_field(out, "low_mm", facts->low);
        add_place_field(out, "high_mm", facts->high);
    }
    add_bool_field(out, "closed", facts->closed);
    add_bool_field(out, "two_manifold", facts->two_manifold);
    for (enum flaw flaw = 0; flaw < FLAW_COUNT; flaw++)
        add_count_field(out, flaw_rows[flaw].name, facts->flaws[flaw].count);
    add_count_field(out, "unbalanced_edges",
                    (uint64_t)facts->flaws[FLAW_OPEN].count + facts->flaws[FLAW_FLIPPED].count +
                        facts->flaws[FLAW_UNEVEN].count);
}

static void add_flaws_json(struct buffer *out, const char *name, const struct mesh_facts *facts,
                           enum flaw begin, enum flaw end)
{
    struct buffer text = {0};
    add_name(out, name);
    buffer_add_char(out, '[');
    for (enum flaw flaw = begin; flaw < end; flaw++) {
        if (!facts->flaws[flaw].count)
            continue;
        if (out->text[out->length - 1] != '[')
            buffer_add_char(out, ',');
        buffer_add_char(out, '{');
        buffer_clear(&text);
        flaw_describe(&text, facts, flaw);
        add_text_field(out, "kind", flaw_rows[flaw].name);
        add_count_field(out, "count", facts->flaws[flaw].count);
        add_place_field(out, "at_mm", facts->flaws[flaw].at);
        add_text_field(out, "message", text.text);
        add_text_field(out, "help", flaw_rows[flaw].remedy);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
    buffer_free(&text);
}

static void add_shells_json(struct buffer *out, const struct mesh_report *report)
{
    add_name(out, "shell_list");
    buffer_add_char(out, '[');
    for (uint32_t i = 0; i < report->listed; i++) {
        const struct shell *shell = &report->shells[i];
        buffer_add_text(out, i ? ",{" : "{");
        add_count_field(out, "triangles", shell->triangles);
        add_double_field(out, "volume_mm3", shell->volume_mm3);
        add_double_field(out, "area_mm2", shell->area_mm2);
        add_place_field(out, "low_mm", shell->low);
        add_place_field(out, "high_mm", shell->high);
        add_bool_field(out, "closed", shell->closed);
        add_bool_field(out, "inside_out", shell->inside_out);
        add_count_field(out, "depth", shell->depth);
        add_name(out, "inside");
        if (shell->inside == NO_SHELL)
            buffer_add_text(out, "null");
        else
            buffer_addf(out, "%u", shell->inside);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void add_joined_json(struct buffer *out, const struct mesh_facts *facts)
{
    add_name(out, "when_joined");
    buffer_add_char(out, '{');
    add_count_field(out, "joined", facts->joined);
    add_facts_json(out, facts);
    buffer_add_char(out, '}');
}

static void add_crossings_json(struct buffer *out, const struct crossings *crossings)
{
    add_name(out, "crossings");
    buffer_add_char(out, '{');
    add_count_field(out, "pairs", crossings->pairs);
    if (crossings->pairs)
        add_place_field(out, "at_mm", crossings->at);
    add_bool_field(out, "complete", crossings->complete);
    buffer_add_char(out, '}');
}

void mesh_report_print_json(struct buffer *out, const char *path, const struct mesh_report *report)
{
    struct buffer text = {0};
    buffer_add_char(out, '{');
    add_text_field(out, "file", path);
    add_text_field(out, "verdict", verdict_of(report));
    if (report->status == MESH_MALFORMED)
        add_text_field(out, "problem", report->problem);
    if (report->status != MESH_ABSENT) {
        add_count_field(out, "bytes", report->bytes);
        if (report->sha256[0])
            add_text_field(out, "sha256", report->sha256);
    }
    if (report->format[0])
        add_text_field(out, "format", report->format);
    if (report->title[0])
        add_text_field(out, "title", report->title);
    if (report->designer[0])
        add_text_field(out, "designer", report->designer);
    if (report->status == MESH_READ) {
        if (!mesh_report_is_good(report)) {
            mesh_describe_flaws(&text, &report->facts);
            add_text_field(out, "problem", buffer_text(&text));
            add_text_field(out, "help", mesh_remedy(&report->facts));
        }
        add_facts_json(out, &report->exact);
        if (report->facts.joined)
            add_joined_json(out, &report->facts);
        add_name(out, "turned_box");
        buffer_add_char(out, '{');
        add_double_field(out, "width_mm", report->turned.width);
        add_double_field(out, "depth_mm", report->turned.depth);
        add_double_field(out, "angle_deg", report->turned.angle_deg);
        buffer_add_char(out, '}');
        if (report->crossings_asked)
            add_crossings_json(out, &report->crossings);
        add_flaws_json(out, "problems", &report->facts, 0, FLAW_WITHIN);
        add_flaws_json(out, "warnings", &report->facts, FLAW_WITHIN, FLAW_COUNT);
        add_bool_field(out, "nested", report->facts.nested);
        add_shells_json(out, report);
    }
    buffer_add_char(out, '}');
    buffer_free(&text);
}
