/* Inside emit/diagram: the picture of a workflow, from labels to bytes. */
#ifndef FLOW_EMIT_DIAGRAM_DIAGRAM_H
#define FLOW_EMIT_DIAGRAM_DIAGRAM_H

#include "base/failure.h"
#include "spec/graph.h"
#include "spec/spec.h"

#include <graphviz/cgraph.h>

#define DIAGRAM_RED "#c00000"

/* What is drawn. The SKU is NULL for all steps, with times from the least to the most of all SKUs. */
struct subject {
    const struct spec *spec;
    const struct product *product;
    const struct sku *sku;
    struct arena *arena; /* for labels */
    const struct diagnostic *const *witnesses;
    int witness_count;
};

/* ---- label.c: what stands in a node, as Graphviz's HTML-like text; all of it escaped ---- */

/* Kind, title, place, time and what else tells the step apart. In the arena. */
char *label_step(const struct subject *subject, const struct step *step);
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
/* The caller closes it with agclose. */
Agraph_t *draw_workflow(const struct subject *subject);

/* ---- raster.c: SVG on paper and in pixels ---- */
bool svg_to_pdf(const char *svg, size_t length, const char *title, struct buffer *out,
                struct failure *failure);
bool svg_to_png(const char *svg, size_t length, struct buffer *out, struct failure *failure);

#endif
