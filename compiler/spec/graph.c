/* The graph of a workflow for one SKU, and what is asked of it: components, dominators, reachability. All are
   linear (dominators nearly so) and none recurses, so that a workflow of any length may be given. */
#include "spec/graph.h"

#include <assert.h>
#include <string.h>

/* The route on which a good unit leaves a step; NULL where it is missing or wrong. */
static const struct route *good_route(const struct step *step)
{
    const struct route *pass = step_route(step, OUTCOME_PASS);
    const struct route *route = pass->present ? pass : step_route(step, OUTCOME_APPROVE);

    return route->present && !route->failed ? route : NULL;
}

/* Where a route ends before bypassing: a step's index, or a node below zero. */
static int written_target(const struct route *route)
{
    switch (route->target) {
    case TARGET_STEP:
        return route->step ? route->step->index : GRAPH_QUARANTINE;
    case TARGET_SCRAP:
        return GRAPH_SCRAP;
    case TARGET_QUARANTINE:
        return GRAPH_QUARANTINE;
    case TARGET_DONE:
        return GRAPH_DONE;
    }
    return GRAPH_QUARANTINE;
}

/* For each step, the step (by index) or end where a unit that is sent to it really comes. */
static int *resolve_bypasses(const struct workflow *workflow, const bool *included,
                             struct arena *arena)
{
    enum { UNKNOWN = -10, ON_PATH = -11 };
    int count = workflow->step_count;
    int *landing = ARENA_ARRAY(arena, int, count);
    int *path = ARENA_ARRAY(arena, int, count);

    for (int i = 0; i < count; i++)
        landing[i] = included[i] ? i : UNKNOWN;
    for (int i = 0; i < count; i++) {
        int length = 0;
        int at = i;
        while (at >= 0 && landing[at] == UNKNOWN) {
            const struct route *route = good_route(workflow->steps[at]);
            landing[at] = ON_PATH;
            path[length++] = at;
            at = route ? written_target(route) : at + 1 < count ? at + 1 : GRAPH_DONE;
        }
        int end = at < 0 ? at : landing[at];
        if (end == ON_PATH) /* steps passed by in a ring lead nowhere */
            end = GRAPH_QUARANTINE;
        while (length > 0)
            landing[path[--length]] = end;
    }
    return landing;
}

static void add_edges(struct graph_node *node, const int *landing, const int *node_of_step)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        const struct route *route = step_route(node->step, outcome);
        if (!route->present || route->failed)
            continue;
        int to = written_target(route);
        if (to >= 0)
            to = landing[to];
        node->edges[node->edge_count++] = (struct graph_edge){
            .route = route,
            .outcome = (enum outcome)outcome,
            .to = to >= 0 ? node_of_step[to] : to,
        };
    }
}

struct graph *graph_build(const struct workflow *workflow, const struct sku *sku,
                          struct arena *arena)
{
    int count = workflow->step_count;
    struct graph *graph = ARENA_NEW(arena, struct graph);
    bool *included = ARENA_ARRAY(arena, bool, count);

    *graph = (struct graph){.workflow = workflow, .sku = sku, .start = GRAPH_DONE};
    graph->nodes = ARENA_ARRAY(arena, struct graph_node, count);
    graph->node_of_step = ARENA_ARRAY(arena, int, count);
    for (int i = 0; i < count; i++)
        included[i] = !sku || step_is_for(workflow->steps[i], sku);
    int *landing = resolve_bypasses(workflow, included, arena);

    /* The start comes first even where the SKU passes by the first step and jumps ahead. */
    int first = count > 0 ? landing[0] : GRAPH_DONE;
    for (int i = 0; i < count; i++)
        graph->node_of_step[i] = -1;
    if (first >= 0) {
        graph->node_of_step[first] = graph->count;
        graph->nodes[graph->count++].step = workflow->steps[first];
    }
    for (int i = 0; i < count; i++)
        if (included[i] && i != first) {
            graph->node_of_step[i] = graph->count;
            graph->nodes[graph->count++].step = workflow->steps[i];
        }
    graph->start = first >= 0 ? 0 : first;
    for (int i = 0; i < graph->count; i++)
        add_edges(&graph->nodes[i], landing, graph->node_of_step);
    return graph;
}

/* ---- components ---- */

struct tarjan {
    const struct graph *graph;
    int *component;
    int *number; /* of being found, from 1; 0 is not found */
    int *low;    /* the lowest number that can be reached */
    int *edge;   /* the next edge to follow */
    int *stack;  /* found, not yet in a component */
    int *path;   /* from the root down */
    int stacked, depth, found, components;
};

static void tarjan_enter(struct tarjan *walk, int node)
{
    walk->number[node] = walk->low[node] = ++walk->found;
    walk->stack[walk->stacked++] = node;
    walk->path[walk->depth++] = node;
}

static void tarjan_leave(struct tarjan *walk, int node)
{
    walk->depth--;
    if (walk->depth > 0) {
        int parent = walk->path[walk->depth - 1];
        if (walk->low[node] < walk->low[parent])
            walk->low[parent] = walk->low[node];
    }
    if (walk->low[node] != walk->number[node])
        return;
    int member;
    do {
        member = walk->stack[--walk->stacked];
        walk->component[member] = walk->components;
    } while (member != node);
    walk->components++;
}

static void tarjan_from(struct tarjan *walk, int root)
{
    tarjan_enter(walk, root);
    while (walk->depth > 0) {
        int node = walk->path[walk->depth - 1];
        const struct graph_node *from = &walk->graph->nodes[node];
        if (walk->edge[node] == from->edge_count) {
            tarjan_leave(walk, node);
            continue;
        }
        int to = from->edges[walk->edge[node]++].to;
        if (to < 0)
            continue;
        if (walk->number[to] == 0)
            tarjan_enter(walk, to);
        else if (walk->component[to] < 0 && walk->number[to] < walk->low[node])
            walk->low[node] = walk->number[to];
    }
}

int graph_components(const struct graph *graph, int *component, struct arena *arena)
{
    struct tarjan walk = {
        .graph = graph,
        .component = component,
        .number = ARENA_ARRAY(arena, int, graph->count),
        .low = ARENA_ARRAY(arena, int, graph->count),
        .edge = ARENA_ARRAY(arena, int, graph->count),
        .stack = ARENA_ARRAY(arena, int, graph->count),
        .path = ARENA_ARRAY(arena, int, graph->count),
    };

    for (int i = 0; i < graph->count; i++)
        component[i] = -1;
    for (int i = 0; i < graph->count; i++)
        if (walk.number[i] == 0)
            tarjan_from(&walk, i);
    return walk.components;
}

/* ---- who leads here ---- */

/* The nodes that lead to node i are from[first[i] .. first[i + 1]). Those that lead to done stand at i = count. */
struct predecessors {
    int *first;
    int *from;
};

static struct predecessors find_predecessors(const struct graph *graph, struct arena *arena)
{
    int slots = graph->count + 1;
    struct predecessors result = {ARENA_ARRAY(arena, int, slots + 1), NULL};
    int *next = ARENA_ARRAY(arena, int, slots);

    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < graph->count; i++)
            for (int e = 0; e < graph->nodes[i].edge_count; e++) {
                int to = graph->nodes[i].edges[e].to;
                int slot = to == GRAPH_DONE ? graph->count : to;
                if (slot < 0)
                    continue;
                if (pass == 0)
                    result.first[slot + 1]++;
                else
                    result.from[next[slot]++] = i;
            }
        if (pass == 0) {
            for (int i = 0; i < slots; i++) {
                result.first[i + 1] += result.first[i];
                next[i] = result.first[i];
            }
            result.from = ARENA_ARRAY(arena, int, result.first[slots]);
        }
    }
    return result;
}

/* ---- dominators ---- */

/* The nodes that node 0 reaches, each after all that it leads to but by a way back; returns how many. */
static int post_order(const struct graph *graph, int *order, struct arena *arena)
{
    int *edge = ARENA_ARRAY(arena, int, graph->count);
    int *path = ARENA_ARRAY(arena, int, graph->count);
    bool *seen = ARENA_ARRAY(arena, bool, graph->count);
    int depth = 0;
    int count = 0;

    if (graph->start != 0)
        return 0;
    seen[0] = true;
    path[depth++] = 0;
    while (depth > 0) {
        int node = path[depth - 1];
        if (edge[node] == graph->nodes[node].edge_count) {
            order[count++] = node;
            depth--;
            continue;
        }
        int to = graph->nodes[node].edges[edge[node]++].to;
        if (to >= 0 && !seen[to]) {
            seen[to] = true;
            path[depth++] = to;
        }
    }
    return count;
}

/* The nearest node that dominates both; rank is the place in post-order. */
static int common_dominator(const int *idom, const int *rank, int a, int b)
{
    while (a != b) {
        while (rank[a] < rank[b])
            a = idom[a];
        while (rank[b] < rank[a])
            b = idom[b];
    }
    return a;
}

void graph_dominators(const struct graph *graph, int *idom, struct arena *arena)
{
    struct predecessors predecessors = find_predecessors(graph, arena);
    int *order = ARENA_ARRAY(arena, int, graph->count);
    int *rank = ARENA_ARRAY(arena, int, graph->count);
    int reached = post_order(graph, order, arena);
    bool changed = reached > 0;

    for (int i = 0; i < graph->count; i++)
        idom[i] = -1;
    for (int i = 0; i < reached; i++)
        rank[order[i]] = i;
    if (reached > 0)
        idom[0] = 0;
    while (changed) {
        changed = false;
        for (int i = reached - 2; i >= 0; i--) { /* reverse post-order, without node 0 */
            int node = order[i];
            int best = -1;
            for (int p = predecessors.first[node]; p < predecessors.first[node + 1]; p++) {
                int from = predecessors.from[p];
                if (idom[from] >= 0)
                    best = best < 0 ? from : common_dominator(idom, rank, from, best);
            }
            assert(best >= 0);
            changed |= idom[node] != best;
            idom[node] = best;
        }
    }
}

/* ---- reachability ---- */

void graph_reachable(const struct graph *graph, bool *from_start, bool *to_done,
                     struct arena *arena)
{
    struct predecessors predecessors = find_predecessors(graph, arena);
    int *queue = ARENA_ARRAY(arena, int, graph->count);
    int count = post_order(graph, queue, arena);

    memset(from_start, 0, sizeof(bool) * (size_t)graph->count);
    memset(to_done, 0, sizeof(bool) * (size_t)graph->count);
    for (int i = 0; i < count; i++)
        from_start[queue[i]] = true;

    count = 0;
    for (int next = -1; next < count; next++) {
        int node = next < 0 ? graph->count : queue[next]; /* done itself to begin with */
        for (int p = predecessors.first[node]; p < predecessors.first[node + 1]; p++) {
            int from = predecessors.from[p];
            if (!to_done[from]) {
                to_done[from] = true;
                queue[count++] = from;
            }
        }
    }
}
