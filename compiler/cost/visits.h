/* How often a unit comes to each step: the linear equations of the graph, solved exactly. */
#ifndef FLOW_COST_VISITS_H
#define FLOW_COST_VISITS_H

#include "spec/graph.h"

/* A way from one node to another and the ratio of those at `from` that take it. */
struct transition {
    int from, to;
    struct rational ratio;
};

/* visits[i] is how often node i is visited by one that starts at node 0: v(0) = 1 + what comes back, v(i) = sum of
   v(from) x ratio. Two transitions of one pair add up. False where some way is taken that never ends: the visits are
   then meaningless. Nearly linear in a graph like a chain, whatever leads back in it. */
bool visits_solve(const struct transition *transitions, int transition_count, int count,
                  struct rational *visits, struct arena *arena);

/* The ratio of units that leave a node by one of its edges, as `expect` and `yield` say for the SKU. */
struct rational visits_ratio(const struct spec *spec, const struct graph_node *node,
                             const struct graph_edge *edge, const struct sku *sku);

/* The same to nine digits, in a time that grows with the transitions, for workflows beyond any shop's, whose exact
   visits would have thousands of digits (large.c). */
bool visits_approach(const struct transition *transitions, int transition_count, int count,
                     double *visits);
/* A fraction of nine digits that is near to a number from 0 to a billion. */
struct rational visits_near(double number);

/* How the units of a graph go. */
struct visits {
    struct rational *started; /* by node: visits per unit started */
    struct rational done;     /* units done per unit started */
    struct rational *good; /* by node: visits per unit done, where nine digits must do; else NULL */
};

/* In the arena; exact up to 400 steps and 200 ways back, to nine digits beyond. False where units go round without end or
   nothing comes to done. */
bool visits_of_graph(const struct spec *spec, const struct graph *graph, struct visits *visits,
                     struct arena *arena);

#endif
