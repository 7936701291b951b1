/* The graph of a workflow in Graphviz's memory: the main way straight down, columns side by side where it is long,
   what leaves it small beside its step, ways back dashed. Nothing here is parsed: names and texts cannot become DOT. */
#include "emit/diagram/diagram.h"

#include "cost/visits.h"

#include <string.h>

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
    [KIND_ship] = {"ellipse", "filled", "#d8dce1", "1", "0,0"},
};

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
    lanes_open(drawing);
}

int draw_column(const struct drawing *drawing, int place)
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
    draw_set(object, "color", DIAGRAM_RED);
    draw_set(object, "penwidth", "4");
}

/* ---- nodes ---- */

static void add_step(struct drawing *drawing, int index)
{
    const struct step *step = drawing->graph->nodes[index].step;
    const struct look *look = &looks[step->base.kind];
    Agnode_t *node = agnode(lanes_graph(drawing, index), draw_text(step->base.name), 1);

    drawing->nodes[index] = node;
    draw_set_label(node, label_step(drawing->subject, step));
    draw_set(node, "shape", look->shape);
    draw_set(node, "style",
             arena_printf(drawing->arena, "%s%s", look->style, step->only ? ",dashed" : ""));
    draw_set(node, "fillcolor", look->fill);
    draw_set(node, "peripheries", look->peripheries);
    draw_set(node, "margin", look->margin);
    if (is_witness(drawing->subject, step))
        redden(node);
    if (drawing->place[index] >= 0 && !drawing->subject->lanes)
        draw_set(
            node, "group",
            arena_printf(drawing->arena, "main%d", draw_column(drawing, drawing->place[index])));
}

/* No step can have these names: they are no words of the language. */
static Agnode_t *add_end(Agraph_t *graph, const char *name, const char *label, bool lost)
{
    Agnode_t *node = agnode(graph, draw_text(name), 1);

    draw_set(node, "label", label);
    draw_set(node, "shape", lost ? "box" : "ellipse");
    draw_set(node, "style", "filled");
    draw_set(node, "fillcolor", lost ? "#444444" : "#ffffff");
    draw_set(node, "fontcolor", lost ? "#ffffff" : "#000000");
    draw_set(node, "fontsize", "9");
    draw_set(node, "margin", "0.06,0.03");
    draw_set(node, "width", "0.3");
    draw_set(node, "height", "0.22");
    return node;
}

static void add_nodes(struct drawing *drawing)
{
    drawing->nodes = ARENA_ARRAY(drawing->arena, Agnode_t *, drawing->graph->count);
    for (int i = 0; i < drawing->graph->count; i++)
        add_step(drawing, i);
    drawing->done = add_end(lanes_last(drawing), "/done", "done", false);
    draw_set(drawing->done, "shape", "doublecircle");
    draw_set(drawing->done, "fontsize", "11");
    if (drawing->main_count > 0 && !drawing->subject->lanes)
        draw_set(drawing->done, "group",
                 arena_printf(drawing->arena, "main%d", drawing->columns - 1));
}

/* What is on it stands at one height. It has no name: it is nothing that a reader asks for. */
static Agraph_t *add_level(Agraph_t *graph)
{
    Agraph_t *level = agsubg(graph, NULL, 1);
    agsafeset(level, draw_text("rank"), draw_text("same"), draw_text(""));
    return level;
}

/* Beside its step, so that no long way crosses the picture: each way has its own. */
static Agnode_t *end_beside(struct drawing *drawing, int index, const struct graph_edge *way)
{
    bool lost = way->to == GRAPH_SCRAP;
    const char *name = lost ? "scrap" : "quarantine";
    char *path =
        arena_printf(drawing->arena, "%s/%s", drawing->graph->nodes[index].step->base.name, name);
    Agnode_t *node = agnode(drawing->picture, path, 0);

    if (node)
        path = arena_printf(drawing->arena, "%s/%s", path, outcome_names[way->outcome]);
    node = add_end(lanes_graph(drawing, index), path, name, lost);
    if (drawing->subject->lanes)
        return node; /* Graphviz's own layout would never end */
    Agraph_t *level = add_level(lanes_graph(drawing, index));
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
        on_main && way->to >= 0 && draw_column(drawing, place) != draw_column(drawing, place + 1);
    Agnode_t *to = beside                  ? end_beside(drawing, from, way)
                   : way->to == GRAPH_DONE ? drawing->done
                                           : drawing->nodes[way->to];
    Agedge_t *edge = agedge(drawing->picture, drawing->nodes[from], to,
                            draw_text(outcome_names[way->outcome]), 1);

    char *label = arena_printf(drawing->arena, " %s ", label_route(drawing->subject, node, way));
    draw_set(edge, "label", label);
    drawing->ways[drawing->way_count++] = (struct drawn_way){way, from, on_main, edge, label};
    if (on_main) {
        draw_set(edge, "penwidth", "2");
        draw_set(edge, "weight", next_column ? "0" : "100");
    }
    if (back)
        draw_set(edge, "style", "dashed");
    if (way->to >= 0 &&
        is_witness_way(drawing->subject, node->step, drawing->graph->nodes[way->to].step))
        redden(edge);
    if (next_column || (back && way->to >= 0 && drawing->place[way->to] >= 0 && place >= 0))
        draw_set(edge, "constraint", "false");
}

/* The heads of the columns stand on one level, from left to right. */
static void align_columns(struct drawing *drawing)
{
    Agraph_t *level = add_level(drawing->picture);
    Agnode_t *before = NULL;

    for (int place = 0; place < drawing->main_count; place++) {
        if (place > 0 && draw_column(drawing, place) == draw_column(drawing, place - 1))
            continue;
        Agnode_t *head = drawing->nodes[drawing->main_way[place]];
        agsubnode(level, head, 1);
        if (before) {
            Agedge_t *order = agedge(drawing->picture, before, head, draw_text("column"), 1);
            draw_set(order, "style", "invis");
        }
        before = head;
    }
}

/* ---- all of it ---- */

void draw_workflow(const struct subject *subject, struct drawing *drawing)
{
    const struct product *product = subject->product;

    *drawing = (struct drawing){
        .subject = subject,
        .graph = graph_build(product->workflow, subject->sku, subject->arena),
        .arena = subject->arena,
        .picture = draw_open(product->base.name),
    };
    const struct graph *graph = drawing->graph;
    draw_set_label(drawing->picture, label_title(subject));
    find_main_way(drawing);
    add_nodes(drawing);
    drawing->ways = ARENA_ARRAY(drawing->arena, struct drawn_way, graph->count * OUTCOME_COUNT);
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; e < graph->nodes[i].edge_count; e++)
            if (draw_shows(subject, &graph->nodes[i], &graph->nodes[i].edges[e]))
                add_edge(drawing, i, &graph->nodes[i].edges[e]);
    if (!drawing->subject->lanes && drawing->columns > 1)
        align_columns(drawing);
}
