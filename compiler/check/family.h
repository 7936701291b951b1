/* Private to check/: what the families share. */
#ifndef FLOW_CHECK_FAMILY_H
#define FLOW_CHECK_FAMILY_H

#include "check/check.h"
#include "spec/graph.h"

void check_names(struct spec *spec);
void check_allowances(struct spec *spec);

/* The allowances of a step, part or product; NULL for others. */
const struct allowance *allowances_of(const struct declaration *owner);
/* Whether the owner allows the rule; the allowance then counts as used. */
bool is_allowed(enum rule rule, const struct declaration *owner);

/* The same, without counting as use: the step's own allowance or its product's. */
bool is_allowed_quietly(enum rule rule, const struct step *step);

/* The distinct graphs of a product's SKUs: those that pass the same steps by share one. `sku` is the first of each. */
struct sku_graph {
    struct sku sku;
    struct graph *graph;
};
/* In the arena; count 0 where the product has no sound workflow. */
struct sku_graph *sku_graphs(struct spec *spec, const struct product *product, int *count);

/* Each (product, distinct graph) of the spec, in order. */
void for_each_graph(struct spec *spec,
                    void (*visit)(struct spec *spec, const struct product *product,
                                  const struct sku_graph *graph));

/* A product that contains the part, NULL. */
const struct product *part_user(const struct spec *spec, const struct part *part);

/* Whether a product's own declaration is sound enough to be held against others. */
bool is_sound(const struct declaration *declaration);

/* ---- ways ---- */

/* Breadth-first from the nodes marked in `from`; `stop` nodes are reached but not left. before[i] is the node i was
   reached from (-1: a start, -2: not reached). */
void ways_from(const struct graph *graph, const bool *from, const bool *stop, int *before);
/* "print -> touch_up -> cleanup": the shortest way that before[] found to a node. In the arena. */
const char *way_text(const struct graph *graph, const int *before, int to, struct arena *arena);
/* Notes at the steps the way passes, the last left out. */
void way_notes(struct spec *spec, struct diagnostic *diagnostic, const struct graph *graph,
               const int *before, int to);

/* Whether the step's label names the batch. */
bool labels_batch(const struct step *step);

#endif
