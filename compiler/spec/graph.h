/* The way a unit goes: a workflow's steps for one SKU, with every route resolved. A step that the SKU passes by is not
   in it: what leads to it leads to its `pass`. */
#ifndef FLOW_SPEC_GRAPH_H
#define FLOW_SPEC_GRAPH_H

#include "spec/spec.h"

/* Nodes beyond the steps. */
enum { GRAPH_DONE = -1, GRAPH_SCRAP = -2, GRAPH_QUARANTINE = -3 };

struct graph_edge {
    const struct route *route;
    enum outcome outcome;
    int to; /* a node's index, or one of the above */
};

struct graph_node {
    const struct step *step;
    struct graph_edge edges[OUTCOME_COUNT];
    int edge_count;
};

struct graph {
    const struct workflow *workflow;
    const struct sku *sku;
    struct graph_node
        *nodes; /* node 0 is where a unit starts, the others in the workflow's order */
    int count;
    int start;         /* 0, or the end that is reached at once where a SKU passes by every step */
    int *node_of_step; /* by step index: the node, or -1 where the SKU passes it by */
};

/* sku NULL: all steps. In the arena. Linear in steps and routes. */
struct graph *graph_build(const struct workflow *workflow, const struct sku *sku,
                          struct arena *arena);

/* Strongly connected components (Tarjan, iterative): component[i] of each node, numbered in reverse topological
   order. Returns how many. */
int graph_components(const struct graph *graph, int *component, struct arena *arena);

/* Immediate dominators from node 0 (Cooper, Harvey, Kennedy): idom[i], -1 where unreachable, idom[0] = 0. */
void graph_dominators(const struct graph *graph, int *idom, struct arena *arena);

/* Which nodes can be reached from node 0, and from which GRAPH_DONE can be reached. */
void graph_reachable(const struct graph *graph, bool *from_start, bool *to_done,
                     struct arena *arena);

#endif
