/* The graph of a workflow in Graphviz's memory: the main way straight down, columns side by side where it is long,
   what leaves it small beside its step, ways back dashed. Nothing here is parsed: names and texts cannot become DOT. */
#include "emit/diagram/diagram.h"

#include "base/memory.h"
#include "cost/visits.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_AT_MOST = 14 };

static const struct look {
    const char *shape, *style, *fill, *peripheries, *margin;
} looks[KIND_COUNT] = {
    [KIND_batch] = {"folder", "filled", "#e6e6f2", "1", "0.15,0.1"},
    [KIND_print] = {"box", "filled", "#cfe3f6", "2", "0.14,0.1"},
    [KIND_cut] = {"box", "filled,diagonals", "#cddcdf", "1", "0.2,0.08"},
    [KIND_treat] = {"cylinder", "filled", "#f8e0c0", "1", "0.14,0.14"},
    [KIND_inspect] = {"hexagon", "filled", "#fff3b0", "1", "0,0"},
    [KIND_gate] = {"octagon", "filled", "#f6c9c9", "2", "0.02,0.02"},
    [KIND_finish] = {"box", "filled,rounded", "#dff0d2", "1", "0.14,0.1"},
    [KIND_assemble] = {"component", "filled", "#cdebe6", "1", "0.25,0.1"},
    [KIND_outsource] = {"note", "filled", "#e8daf1", "1", "0.2,0.1"},
    [KIND_pack] = {"box3d", "filled", "#ecdcc6", "1", "0.15,0.12"},
    [KIND_ship] = {"cds", "filled", "#d8dce1", "1", "0.3,0.2"},
};

struct drawing {
    const struct subject *subject;
    const struct graph *graph;
    struct arena *arena;
    Agraph_t *picture;
    Agnode_t **nodes; /* by graph node */
    Agnode_t *done;
    int *main_way; /* graph nodes that a good unit passes, in order */
    int main_count;
    int *place; /* by graph node: position on the main way, -1 beside it */
    int columns;
};

/* cgraph takes texts that it does not change as char *. */
static char *text(const char *constant)
{
    char *changeable;

    memcpy(&changeable, &constant, sizeof changeable);
    return changeable;
}

static void set(void *object, const char *name, const char *value)
{
    agsafeset(object, text(name), text(value), text(""));
}

/* An HTML-like label; the text is escaped already. */
static void set_label(void *object, const char *label)
{
    Agraph_t *root = agroot(object);
    char *html = agstrdup_html(root, text(label));

    agsafeset(object, text("label"), html, text(""));
    agstrfree(root, html);
}

bool draw_shows(const struct subject *subject, const struct graph_node *node,
                const struct graph_edge *edge)
{
    return edge->outcome != OUTCOME_FAILURE || edge->route->written ||
           !rational_is_zero(visits_ratio(subject->spec, node, edge, subject->sku));
}

/* ---- the main way ---- */

static const struct graph_edge *good_edge(const struct graph_node *node)
{
    for (int i = 0; i < node->edge_count; i++)
        if (node->edges[i].outcome == OUTCOME_PASS || node->edges[i].outcome == OUTCOME_APPROVE)
            return &node->edges[i];
    return NULL;
}

static void find_main_way(struct drawing *drawing)
{
    int at = drawing->graph->start;

    drawing->main_way = ARENA_ARRAY(drawing->arena, int, drawing->graph->count);
    drawing->place = ARENA_ARRAY(drawing->arena, int, drawing->graph->count);
    for (int i = 0; i < drawing->graph->count; i++)
        drawing->place[i] = -1;
    while (at >= 0 && drawing->place[at] < 0) {
        drawing->place[at] = drawing->main_count;
        drawing->main_way[drawing->main_count++] = at;
        const struct graph_edge *edge = good_edge(&drawing->graph->nodes[at]);
        at = edge ? edge->to : GRAPH_QUARANTINE;
    }
    drawing->columns = (drawing->main_count + COLUMN_AT_MOST - 1) / COLUMN_AT_MOST;
}

/* The column of a step on the main way: all are about equally long. */
static int column_of(const struct drawing *drawing, int place)
{
    return place * drawing->columns / drawing->main_count;
}

/* ---- witnesses ---- */

/* Where on a witness's way a step stands: the place, or -1. */
static int place_on_way(const struct diagnostic *witness, const struct step *step, int from)
{
    for (int i = from; i < witness->way_length; i++)
        if (witness->way[i].begin == step->base.span.begin)
            return i;
    return -1;
}

static bool is_witness(const struct subject *subject, const struct step *step)
{
    for (int i = 0; i < subject->witness_count; i++)
        if (place_on_way(subject->witnesses[i], step, 0) >= 0)
            return true;
    return false;
}

/* Whether some witness goes from one step straight to the other. */
static bool is_witness_way(const struct subject *subject, const struct step *from,
                           const struct step *to)
{
    for (int i = 0; i < subject->witness_count; i++) {
        int at = -1;
        while ((at = place_on_way(subject->witnesses[i], from, at + 1)) >= 0)
            if (place_on_way(subject->witnesses[i], to, at + 1) == at + 1)
                return true;
    }
    return false;
}

/* Red, and wide enough to be told without color. */
static void redden(void *object)
{
    set(object, "color", DIAGRAM_RED);
    set(object, "penwidth", "4");
}

/* ---- nodes ---- */

static void add_step(struct drawing *drawing, int index)
{
    const struct step *step = drawing->graph->nodes[index].step;
    const struct look *look = &looks[step->base.kind];
    Agnode_t *node = agnode(drawing->picture, text(step->base.name), 1);

    drawing->nodes[index] = node;
    set_label(node, label_step(drawing->subject, step));
    set(node, "shape", look->shape);
    set(node, "style",
        arena_printf(drawing->arena, "%s%s", look->style, step->only ? ",dashed" : ""));
    set(node, "fillcolor", look->fill);
    set(node, "peripheries", look->peripheries);
    set(node, "margin", look->margin);
    if (is_witness(drawing->subject, step))
        redden(node);
    if (drawing->place[index] >= 0)
        set(node, "group",
            arena_printf(drawing->arena, "main%d", column_of(drawing, drawing->place[index])));
}

/* No step can have these names: they are no words of the language. */
static Agnode_t *add_end(struct drawing *drawing, const char *name, const char *label, bool lost)
{
    Agnode_t *node = agnode(drawing->picture, text(name), 1);

    set(node, "label", label);
    set(node, "shape", lost ? "box" : "ellipse");
    set(node, "style", "filled");
    set(node, "fillcolor", lost ? "#444444" : "#ffffff");
    set(node, "fontcolor", lost ? "#ffffff" : "#000000");
    set(node, "fontsize", "9");
    set(node, "margin", "0.06,0.03");
    set(node, "width", "0.3");
    set(node, "height", "0.22");
    return node;
}

static void add_nodes(struct drawing *drawing)
{
    drawing->nodes = ARENA_ARRAY(drawing->arena, Agnode_t *, drawing->graph->count);
    for (int i = 0; i < drawing->graph->count; i++)
        add_step(drawing, i);
    drawing->done = add_end(drawing, "/done", "done", false);
    set(drawing->done, "shape", "doublecircle");
    set(drawing->done, "fontsize", "11");
    if (drawing->main_count > 0)
        set(drawing->done, "group", arena_printf(drawing->arena, "main%d", drawing->columns - 1));
}

/* What is on it stands at one height. It has no name: named ones are kept, laid out and written in the order of where
   their names lie in memory, and no two runs need agree on that. */
static Agraph_t *add_level(struct drawing *drawing)
{
    Agraph_t *level = agsubg(drawing->picture, NULL, 1);
    agsafeset(level, text("rank"), text("same"), text(""));
    return level;
}

/* Beside its step, so that no long way crosses the picture: one end a step and place. */
static Agnode_t *end_beside(struct drawing *drawing, int index, int end)
{
    const char *name = end == GRAPH_SCRAP ? "scrap" : "quarantine";
    char *path =
        arena_printf(drawing->arena, "%s/%s", drawing->graph->nodes[index].step->base.name, name);
    Agnode_t *node = agnode(drawing->picture, path, 0);

    if (node)
        return node;
    node = add_end(drawing, path, name, end == GRAPH_SCRAP);
    Agraph_t *level = add_level(drawing);
    agsubnode(level, drawing->nodes[index], 1);
    agsubnode(level, node, 1);
    return node;
}

/* ---- ways ---- */

static void add_edge(struct drawing *drawing, int from, const struct graph_edge *way)
{
    const struct graph_node *node = &drawing->graph->nodes[from];
    bool beside = way->to == GRAPH_SCRAP || way->to == GRAPH_QUARANTINE;
    int place = drawing->place[from];
    bool on_main =
        place >= 0 && way == good_edge(node) &&
        (way->to == GRAPH_DONE || (way->to >= 0 && drawing->place[way->to] == place + 1));
    bool back = !on_main && way->to >= 0 && (way->outcome == OUTCOME_REWORK || way->to <= from);
    bool next_column =
        on_main && way->to >= 0 && column_of(drawing, place) != column_of(drawing, place + 1);
    Agnode_t *to = beside                  ? end_beside(drawing, from, way->to)
                   : way->to == GRAPH_DONE ? drawing->done
                                           : drawing->nodes[way->to];
    Agedge_t *edge =
        agedge(drawing->picture, drawing->nodes[from], to, text(outcome_names[way->outcome]), 1);

    set(edge, "label",
        arena_printf(drawing->arena, " %s ", label_route(drawing->subject, node, way)));
    if (on_main) {
        set(edge, "penwidth", "2");
        set(edge, "weight", next_column ? "0" : "100");
    }
    if (back)
        set(edge, "style", "dashed");
    if (way->to >= 0 &&
        is_witness_way(drawing->subject, node->step, drawing->graph->nodes[way->to].step))
        redden(edge);
    if (next_column || (back && way->to >= 0 && drawing->place[way->to] >= 0 && place >= 0))
        set(edge, "constraint", "false");
}

/* The heads of the columns stand on one level, from left to right. */
static void align_columns(struct drawing *drawing)
{
    Agraph_t *level = add_level(drawing);
    Agnode_t *before = NULL;

    for (int place = 0; place < drawing->main_count; place++) {
        if (place > 0 && column_of(drawing, place) == column_of(drawing, place - 1))
            continue;
        Agnode_t *head = drawing->nodes[drawing->main_way[place]];
        agsubnode(level, head, 1);
        if (before) {
            Agedge_t *order = agedge(drawing->picture, before, head, text("column"), 1);
            set(order, "style", "invis");
        }
        before = head;
    }
}

/* ---- all of it ---- */

static void set_defaults(Agraph_t *picture)
{
    static const struct {
        int of;
        const char *name, *value;
    } defaults[] = {
        {AGRAPH, "rankdir", "TB"},
        {AGRAPH, "fontname", "DejaVu Sans"},
        {AGRAPH, "labelloc", "t"},
        {AGRAPH, "nodesep", "0.3"},
        {AGRAPH, "ranksep", "0.25"},
        {AGRAPH, "pad", "0.2"},
        {AGRAPH, "charset", "UTF-8"},
        {AGRAPH, "bgcolor", "white"},
        {AGRAPH, "label", ""},
        {AGRAPH, "rank", ""},
        {AGNODE, "fontname", "DejaVu Sans"},
        {AGNODE, "fontsize", "12"},
        {AGNODE, "label", "\\N"},
        {AGNODE, "margin", "0.14,0.1"},
        {AGEDGE, "fontname", "DejaVu Sans"},
        {AGEDGE, "fontsize", "9"},
        {AGEDGE, "label", ""},
        {AGEDGE, "arrowsize", "0.7"},
    };

    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        agattr(picture, defaults[i].of, text(defaults[i].name), text(defaults[i].value));
}

Agraph_t *draw_workflow(const struct subject *subject)
{
    const struct product *product = subject->product;
    struct drawing drawing = {
        .subject = subject,
        .graph = graph_build(product->workflow, subject->sku, subject->arena),
        .arena = subject->arena,
        .picture = agopen(text(product->base.name), Agdirected, NULL),
    };

    set_defaults(drawing.picture);
    set_label(drawing.picture, label_title(subject));
    find_main_way(&drawing);
    add_nodes(&drawing);
    for (int i = 0; i < drawing.graph->count; i++)
        for (int e = 0; e < drawing.graph->nodes[i].edge_count; e++)
            if (draw_shows(subject, &drawing.graph->nodes[i], &drawing.graph->nodes[i].edges[e]))
                add_edge(&drawing, i, &drawing.graph->nodes[i].edges[e]);
    if (drawing.columns > 1)
        align_columns(&drawing);
    return drawing.picture;
}
