/* A trace as a picture, from what went in at the left to whom it went at the right, in Graphviz's language. Nodes are named by
   numbers and labels are quoted: nothing that somebody typed can become DOT. */
#include "trace/trace_private.h"
#include "trace/trace_write.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char *const looks[THING_KINDS] = {
    [THING_BATCH] = "shape=folder, fillcolor=\"#e6e6f2\"",
    [THING_LOT] = "shape=cylinder, fillcolor=\"#f8e0c0\"",
    [THING_ORDER] = "shape=note, fillcolor=\"#e8daf1\"",
    [THING_MACHINE] = "shape=box, peripheries=2, fillcolor=\"#cfe3f6\"",
    [THING_PERSON] = "shape=box, style=\"filled,rounded\", fillcolor=\"#dff0d2\"",
    [THING_PARCEL] = "shape=box3d, fillcolor=\"#ecdcc6\"",
    [THING_CUSTOMER] = "shape=ellipse, fillcolor=\"#ffffff\"",
    [THING_PRODUCT] = "shape=box, fillcolor=\"#ffffff\"",
};

/* A way from one thing to another, for so many units. */
struct way {
    const struct thing *from, *to;
    const char *step;
    int64_t units;
};

struct drawing {
    const struct trace *trace;
    const struct thing **nodes;
    int32_t node_count, node_capacity;
    struct map numbers; /* of nodes, plus one */
    struct way *ways;
    int32_t way_count, way_capacity;
    struct map way_places; /* index plus one, by from and to; those without a step */
};

static void add_node(struct drawing *drawing, const struct thing *thing)
{
    if (map_get(&drawing->numbers, NULL, thing))
        return;
    if (drawing->node_count == drawing->node_capacity) {
        drawing->node_capacity = drawing->node_capacity ? 2 * drawing->node_capacity : 64;
        drawing->nodes =
            memory_resize(drawing->nodes, (size_t)drawing->node_capacity * sizeof(struct thing *));
    }
    drawing->nodes[drawing->node_count++] = thing;
    map_put(&drawing->numbers, NULL, thing, (void *)(intptr_t)drawing->node_count);
}

static struct way *new_way(struct drawing *drawing, const struct thing *from,
                           const struct thing *to, const char *step)
{
    add_node(drawing, from);
    add_node(drawing, to);
    if (drawing->way_count == drawing->way_capacity) {
        drawing->way_capacity = drawing->way_capacity ? 2 * drawing->way_capacity : 64;
        drawing->ways =
            memory_resize(drawing->ways, (size_t)drawing->way_capacity * sizeof *drawing->ways);
    }
    drawing->ways[drawing->way_count] = (struct way){from, to, step, 0};
    return &drawing->ways[drawing->way_count++];
}

/* A unit more from one to the other. */
static void goes(struct drawing *drawing, const struct thing *from, const struct thing *to)
{
    intptr_t place = (intptr_t)map_get(&drawing->way_places, from, to);
    if (!place) {
        new_way(drawing, from, to, "");
        place = drawing->way_count;
        map_put(&drawing->way_places, from, to, (void *)place);
    }
    drawing->ways[place - 1].units++;
}

/* ---- what is drawn ---- */

static void add_inputs(struct drawing *drawing, struct trace_part *part)
{
    static const enum thing_kind inputs[] = {THING_LOT, THING_MACHINE, THING_PERSON};
    const struct trace_subject *subject = &drawing->trace->subject;
    struct trace one = {.model = drawing->trace->model,
                        .subject = *subject,
                        .parts = part,
                        .part_count = 1}; /* the rows of this batch alone */

    trace_gather_rows(&one);
    for (size_t kind = 0; kind < sizeof inputs / sizeof *inputs; kind++) {
        const struct trace_rows *rows = &one.rows[inputs[kind]];
        /* everybody touched something: people are of interest where one is asked about, or one unit */
        if (inputs[kind] == THING_PERSON && !subject->unit && subject->thing->kind != THING_PERSON)
            continue;
        for (int32_t i = 0; i < rows->count; i++)
            new_way(drawing, rows->rows[i].thing, &part->batch->thing, rows->rows[i].step)->units =
                rows->rows[i].units;
    }
    trace_close(&one);
}

static void add_outputs(struct drawing *drawing, const struct trace_part *part)
{
    const struct genealogy *model = drawing->trace->model;
    for (int32_t first = 1, last; part_run(part, &first, &last); first = last + 1)
        for (int32_t i = first; i <= last; i++) {
            const struct unit_trace *unit = &part->batch->units[i - 1];
            const struct thing *from = &part->batch->thing, *customer;
            if (unit->parcel) {
                goes(drawing, from, unit->parcel);
                from = unit->parcel;
            }
            if (!unit->line)
                continue;
            goes(drawing, from, unit->line->order);
            customer =
                map_get(&model->by_name, thing_kind_names[THING_CUSTOMER], unit_customer(unit));
            if (customer)
                goes(drawing, unit->line->order, customer);
        }
}

/* ---- DOT ---- */

/* Within quotes; a backslash is an escape there, and a line end is none of ours. */
static void add_label(struct buffer *out, const char *text)
{
    for (; *text; text++)
        if (*text == '"' || *text == '\\') {
            buffer_add_char(out, '\\');
            buffer_add_char(out, *text);
        } else {
            buffer_add_char(out, (unsigned char)*text < ' ' ? ' ' : *text);
        }
}

static void add_details(struct buffer *out, const struct trace *trace, const struct thing *thing)
{
    const char *const details[] = {thing->what, thing->supplier, thing->carrier, thing->tracking};
    for (size_t i = 0; i < sizeof details / sizeof *details; i++)
        if (*details[i]) {
            buffer_add_text(out, "\\n");
            add_label(out, details[i]);
        }
    if (thing->held)
        buffer_add_text(out, "\\non hold");
    if (thing->kind == THING_PARCEL)
        buffer_add_text(out, thing->shipped_ms ? "\\nshipped" : "\\nnot shipped");
    if (thing->kind != THING_BATCH)
        return;
    for (int32_t i = 0; i < trace->part_count; i++)
        if (&trace->parts[i].batch->thing == thing && trace->parts[i].count) {
            struct buffer runs = {0};
            add_runs(&runs, &trace->parts[i]);
            buffer_addf(out, "\\nunit%s %.60s%s", trace->parts[i].count == 1 ? "" : "s", runs.text,
                        runs.length > 60 ? " ..." : "");
            buffer_free(&runs);
        }
}

static void add_nodes(struct buffer *out, const struct drawing *drawing)
{
    for (int32_t i = 0; i < drawing->node_count; i++) {
        const struct thing *thing = drawing->nodes[i];
        buffer_addf(out, "  n%d [%s, label=\"%s ", i + 1, looks[thing->kind],
                    thing_kind_names[thing->kind]);
        add_label(out, thing->name);
        add_details(out, drawing->trace, thing);
        buffer_addf(out, "\"%s%s];\n", thing == drawing->trace->subject.thing ? ", penwidth=3" : "",
                    thing->held ? ", color=\"#c00000\"" : "");
    }
}

static void add_ways(struct buffer *out, const struct drawing *drawing)
{
    for (int32_t i = 0; i < drawing->way_count; i++) {
        const struct way *way = &drawing->ways[i];
        buffer_addf(out, "  n%d -> n%d [label=\"",
                    (int)(intptr_t)map_get(&drawing->numbers, NULL, way->from),
                    (int)(intptr_t)map_get(&drawing->numbers, NULL, way->to));
        add_label(out, way->step);
        if (way->units)
            buffer_addf(out, "%s%lld", *way->step ? ": " : "", (long long)way->units);
        buffer_add_text(out, "\"];\n");
    }
}

int32_t trace_add_dot(const struct trace *trace, struct buffer *out)
{
    struct drawing drawing = {.trace = trace};

    add_node(&drawing, trace->subject.thing);
    for (int32_t i = 0; i < trace->part_count; i++) {
        add_inputs(&drawing, &trace->parts[i]);
        add_outputs(&drawing, &trace->parts[i]);
    }
    buffer_add_text(out, "digraph trace {\n"
                         "  rankdir=LR; charset=\"UTF-8\"; bgcolor=white; pad=0.2;\n"
                         "  node [fontname=\"DejaVu Sans\", fontsize=11, style=filled];\n"
                         "  edge [fontname=\"DejaVu Sans\", fontsize=9, arrowsize=0.7];\n");
    add_nodes(out, &drawing);
    add_ways(out, &drawing);
    buffer_add_text(out, "}\n");
    free(drawing.nodes);
    free(drawing.ways);
    map_free(&drawing.numbers);
    map_free(&drawing.way_places);
    return drawing.node_count;
}
