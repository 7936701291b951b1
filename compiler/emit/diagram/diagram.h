/* Inside emit/diagram: the picture of a workflow, from labels to bytes. */
#ifndef FLOW_EMIT_DIAGRAM_DIAGRAM_H
#define FLOW_EMIT_DIAGRAM_DIAGRAM_H

#include "base/failure.h"
#include "spec/graph.h"
#include "spec/spec.h"

#include <graphviz/gvc.h>

#define DIAGRAM_RED "#c00000"

/* What is drawn. The SKU is NULL for all steps, with times from the least to the most of all SKUs. */
struct subject {
    const struct spec *spec;
    const struct product *product;
    const struct sku *sku;
    struct arena *arena; /* for labels */
    const struct diagnostic *const *witnesses;
    int witness_count;
    bool lanes; /* the steps of a station stand in a lane */
};

struct lane;

/* A way as it is drawn. */
struct drawn_way {
    const struct graph_edge *way;
    int from; /* graph node */
    bool on_main;
    Agedge_t *edge;
    char *label;
};

/* The picture in the making. */
struct drawing {
    const struct subject *subject;
    const struct graph *graph;
    struct arena *arena;
    Agraph_t *picture;
    Agnode_t **nodes; /* by graph node */
    Agnode_t *done;
    int *main_way; /* graph nodes that a good unit passes, in order */
    int main_count;
    int *place;  /* by graph node: position on the main way, -1 beside it */
    int columns; /* the main way is cut into so many, side by side */
    struct drawn_way *ways;
    int way_count;
    struct lane *lanes; /* NULL without */
    int lane_count;
    int *lane_of;    /* by graph node */
    int *comes_from; /* by graph node: beside the main way, the first that leads there, else -1 */
};

/* ---- label.c: what stands in a node, as Graphviz's HTML-like text; all of it escaped ---- */

/* Kind, title, place, time and what else tells the step apart. In the arena. */
char *label_step(const struct subject *subject, const struct step *step);
/* Where a step is done, as text: all its stations where they vary and the SKU is unsaid; "" without one. In the arena. */
char *label_station(const struct subject *subject, const struct step *step);
/* A text as HTML-like text of a Graphviz label, in lines of a readable width. In the arena. */
char *label_text(const struct subject *subject, const char *text);
/* Product, number and revision, and what the picture leaves out. In the arena. */
char *label_title(const struct subject *subject);
/* "reject, at most 2, 1.5%". In the arena. */
char *label_route(const struct subject *subject, const struct graph_node *node,
                  const struct graph_edge *edge);

/* ---- draw.c: the graph, built with cgraph ---- */

/* Whether a way is drawn: those written, and those that units are expected to take. The others, failures that nobody
   spoke of, are one sentence under the title. */
bool draw_shows(const struct subject *subject, const struct graph_node *node,
                const struct graph_edge *edge);
/* The caller closes drawing->picture with agclose. */
void draw_workflow(const struct subject *subject, struct drawing *drawing);
/* The column of a place on the main way: all are about equally long. */
int draw_column(const struct drawing *drawing, int place);
/* Sets an attribute of a graph, node or edge; of a label, to HTML-like text that is escaped already. */
void draw_set(void *object, const char *name, const char *value);
void draw_set_label(void *object, const char *label);
/* cgraph takes texts that it does not change as char *. */
char *draw_text(const char *constant);
/* A graph with what all our pictures have in common. */
Agraph_t *draw_open(const char *name);

/* ---- lanes.c: a lane a station, in the order in which the main way comes to them ---- */

/* Finds the lanes, and how many columns there are of them; opens a cluster for each. The main way is known. */
void lanes_open(struct drawing *drawing);
/* The graph that a step's node, and what stands beside it, belongs to. */
Agraph_t *lanes_graph(const struct drawing *drawing, int index);
/* The same of where the main way ends. */
Agraph_t *lanes_last(const struct drawing *drawing);
/* Gives everything in the picture its place: it is drawn with the layout "nop2" then, which
   leaves it there. Graphviz's own layouts fail on some workflows: they run out of memory, or free what they need. */
void lanes_lay_out(struct drawing *drawing, GVC_t *graphviz);

#endif
