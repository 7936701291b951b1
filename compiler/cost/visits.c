/* Sparse elimination: one node after the other is taken out, its ways joined through it, until none is left; then the
   visits are put in backwards. The node with the fewest ways through it goes first. One that nothing leads to any more
   costs nothing to take out, so what has no way back is solved in order, and a loop joins only a few ways. */
#include "cost/visits.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Beyond these nobody waits for the digits. */
enum { EXACT_STEPS = 400, EXACT_WAYS_BACK = 200 };

struct way {
    int to;
    struct rational ratio;
};

struct elimination_node {
    struct way *ways; /* to nodes that are still in, itself too */
    int way_count, way_capacity;
    int *from; /* nodes that led here once; the ones taken out are skipped */
    int from_count, from_capacity;
    int live_from; /* of those, the ones still in, itself not counted */
    bool reached, out;
    struct rational inflow;  /* from the start and the nodes taken out */
    struct rational staying; /* 1 / (1 - ratio of the way to itself) */
    struct way *parents;     /* who led here when it was taken out, and with what ratio */
    int parent_count;
};

/* Candidates by their price, oldest prices left in: one that is no longer true is skipped. */
struct candidate {
    long price;
    int node;
};

struct elimination {
    struct elimination_node *nodes;
    int count;
    struct candidate *heap;
    int heap_count, heap_capacity;
    int *order;
    int order_count;
    struct arena *arena;
};

/* ---- the cheapest node next ---- */

static long price_of(const struct elimination_node *node)
{
    return (long)node->live_from * (node->way_count + 1);
}

static bool cheaper(struct candidate a, struct candidate b)
{
    return a.price != b.price ? a.price < b.price : a.node < b.node;
}

static void offer(struct elimination *work, int node)
{
    struct candidate candidate = {price_of(&work->nodes[node]), node};
    int at = work->heap_count++;

    if (work->heap_count > work->heap_capacity) {
        work->heap_capacity = 2 * work->heap_capacity + 64;
        work->heap = memory_resize(work->heap, sizeof *work->heap * (size_t)work->heap_capacity);
    }
    while (at > 0 && cheaper(candidate, work->heap[(at - 1) / 2])) {
        work->heap[at] = work->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    work->heap[at] = candidate;
}

static struct candidate take_first(struct elimination *work)
{
    struct candidate first = work->heap[0];
    struct candidate last = work->heap[--work->heap_count];
    int at = 0;

    for (;;) {
        int child = 2 * at + 1;
        if (child + 1 < work->heap_count && cheaper(work->heap[child + 1], work->heap[child]))
            child++;
        if (child >= work->heap_count || !cheaper(work->heap[child], last))
            break;
        work->heap[at] = work->heap[child];
        at = child;
    }
    work->heap[at] = last;
    return first;
}

/* ---- ways ---- */

static void add_way(struct elimination *work, int from, int to, struct rational ratio)
{
    struct elimination_node *node = &work->nodes[from];
    struct elimination_node *target = &work->nodes[to];

    for (int i = 0; i < node->way_count; i++)
        if (node->ways[i].to == to) {
            node->ways[i].ratio = rational_add(node->ways[i].ratio, ratio);
            return;
        }
    if (node->way_count == node->way_capacity) {
        node->way_capacity = 2 * node->way_capacity + 2;
        node->ways = memory_resize(node->ways, sizeof *node->ways * (size_t)node->way_capacity);
    }
    node->ways[node->way_count++] = (struct way){to, ratio};
    if (from == to)
        return;
    if (target->from_count == target->from_capacity) {
        target->from_capacity = 2 * target->from_capacity + 2;
        target->from =
            memory_resize(target->from, sizeof *target->from * (size_t)target->from_capacity);
    }
    target->from[target->from_count++] = from;
    target->live_from++;
}

/* Removes the way to a node and returns its ratio. */
static struct rational cut_way(struct elimination_node *node, int to)
{
    for (int i = 0; i < node->way_count; i++)
        if (node->ways[i].to == to) {
            struct rational ratio = node->ways[i].ratio;
            node->ways[i] = node->ways[--node->way_count];
            return ratio;
        }
    return RATIONAL_ZERO;
}

/* Marks what the start reaches; a loop that nothing comes to is then no trouble. */
static void mark_reached(struct elimination *work)
{
    int *queue = ARENA_ARRAY(work->arena, int, work->count);
    int count = 0;

    work->nodes[0].reached = true;
    queue[count++] = 0;
    for (int next = 0; next < count; next++) {
        const struct elimination_node *node = &work->nodes[queue[next]];
        for (int i = 0; i < node->way_count; i++) {
            struct elimination_node *to = &work->nodes[node->ways[i].to];
            if (!to->reached) {
                to->reached = true;
                queue[count++] = node->ways[i].to;
            }
        }
    }
}

/* ---- elimination ---- */

/* Takes one node out. False where nothing that comes there ever leaves. */
static bool take_out(struct elimination *work, int index)
{
    struct elimination_node *node = &work->nodes[index];
    struct rational leaving = rational_subtract(RATIONAL_ONE, cut_way(node, index));

    if (rational_sign(leaving) <= 0)
        return false;
    node->out = true;
    node->staying = rational_divide(RATIONAL_ONE, leaving);
    node->parents = ARENA_ARRAY(work->arena, struct way, node->live_from);
    for (int i = 0; i < node->from_count; i++) {
        int parent = node->from[i];
        if (!work->nodes[parent].out)
            node->parents[node->parent_count++] =
                (struct way){parent, cut_way(&work->nodes[parent], index)};
    }
    struct rational passing = rational_multiply(node->inflow, node->staying);
    for (int i = 0; i < node->way_count; i++) {
        struct elimination_node *to = &work->nodes[node->ways[i].to];
        struct rational ratio = node->ways[i].ratio;
        to->live_from--;
        if (!rational_is_zero(passing))
            to->inflow = rational_add(to->inflow, rational_multiply(passing, ratio));
        ratio = rational_multiply(ratio, node->staying);
        for (int p = 0; p < node->parent_count; p++)
            add_way(work, node->parents[p].to, node->ways[i].to,
                    rational_multiply(node->parents[p].ratio, ratio));
    }
    for (int i = 0; i < node->way_count; i++)
        offer(work, node->ways[i].to);
    for (int p = 0; p < node->parent_count; p++)
        offer(work, node->parents[p].to);
    work->order[work->order_count++] = index;
    return true;
}

static bool eliminate(struct elimination *work)
{
    for (int i = 0; i < work->count; i++)
        if (work->nodes[i].reached)
            offer(work, i);
    while (work->heap_count > 0) {
        struct candidate first = take_first(work);
        const struct elimination_node *node = &work->nodes[first.node];
        if (node->out || first.price != price_of(node))
            continue;
        if (!take_out(work, first.node))
            return false;
    }
    return true;
}

static void put_in(struct elimination *work, struct rational *visits)
{
    for (int i = work->order_count - 1; i >= 0; i--) {
        const struct elimination_node *node = &work->nodes[work->order[i]];
        struct rational sum = node->inflow;
        for (int p = 0; p < node->parent_count; p++)
            sum = rational_add(
                sum, rational_multiply(node->parents[p].ratio, visits[node->parents[p].to]));
        visits[work->order[i]] = rational_multiply(sum, node->staying);
    }
}

bool visits_solve(const struct transition *transitions, int transition_count, int count,
                  struct rational *visits, struct arena *arena)
{
    struct elimination work = {.count = count, .arena = arena};

    for (int i = 0; i < count; i++)
        visits[i] = RATIONAL_ZERO;
    if (count == 0)
        return true;
    work.nodes = memory_zeroed((size_t)count, sizeof *work.nodes);
    work.order = ARENA_ARRAY(arena, int, count);
    for (int i = 0; i < count; i++)
        work.nodes[i].inflow = i == 0 ? RATIONAL_ONE : RATIONAL_ZERO;
    for (int i = 0; i < transition_count; i++)
        if (!rational_is_zero(transitions[i].ratio))
            add_way(&work, transitions[i].from, transitions[i].to, transitions[i].ratio);
    mark_reached(&work);
    for (int i = 0; i < count; i++)
        if (!work.nodes[i].reached)
            for (int w = 0; w < work.nodes[i].way_count; w++)
                work.nodes[work.nodes[i].ways[w].to].live_from -= work.nodes[i].ways[w].to != i;
    for (int i = 0; i < count; i++)
        work.nodes[i].out = !work.nodes[i].reached;

    bool ends = eliminate(&work);
    if (ends)
        put_in(&work, visits);
    for (int i = 0; i < count; i++) {
        free(work.nodes[i].ways);
        free(work.nodes[i].from);
    }
    free(work.nodes);
    free(work.heap);
    return ends;
}

/* ---- of a workflow ---- */

static struct rational said_ratio(const struct spec *spec, const struct step *step,
                                  const struct route *route, const struct sku *sku)
{
    const struct value *expect = value_for(route->expect, sku);

    if (value_is(expect, VALUE_NUMBER))
        return expect->number;
    if (route->outcome == OUTCOME_FAILURE && step->yield) {
        struct rational yield = value_number(spec, &step->yield->value, sku, RATIONAL_ONE);
        return rational_subtract(RATIONAL_ONE, yield);
    }
    return RATIONAL_ZERO;
}

static bool is_good(enum outcome outcome)
{
    return outcome == OUTCOME_PASS || outcome == OUTCOME_APPROVE;
}

struct rational visits_ratio(const struct spec *spec, const struct graph_node *node,
                             const struct graph_edge *edge, const struct sku *sku)
{
    struct rational rest = RATIONAL_ONE;

    if (!is_good(edge->outcome))
        return said_ratio(spec, node->step, edge->route, sku);
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        const struct route *route = step_route(node->step, outcome);
        if (route->present && !is_good(route->outcome))
            rest = rational_subtract(rest, said_ratio(spec, node->step, route, sku));
    }
    return rational_max(rest, RATIONAL_ZERO);
}

/* The ways of a graph, those into a step and those into done. */
struct ways {
    struct transition *inside, *finishing;
    int inside_count, finishing_count, back_count;
};

static struct ways ways_of_graph(const struct spec *spec, const struct graph *graph,
                                 struct arena *arena)
{
    struct ways ways = {
        .inside = ARENA_ARRAY(arena, struct transition, graph->count * OUTCOME_COUNT),
        .finishing = ARENA_ARRAY(arena, struct transition, graph->count * OUTCOME_COUNT)};

    for (int i = 0; i < graph->count; i++)
        for (int e = 0; e < graph->nodes[i].edge_count; e++) {
            const struct graph_edge *edge = &graph->nodes[i].edges[e];
            struct transition transition = {i, edge->to,
                                            visits_ratio(spec, &graph->nodes[i], edge, graph->sku)};
            if (edge->to == GRAPH_DONE)
                ways.finishing[ways.finishing_count++] = transition;
            if (edge->to < 0 || rational_is_zero(transition.ratio))
                continue;
            ways.inside[ways.inside_count++] = transition;
            ways.back_count += edge->to <= i;
        }
    return ways;
}

static bool solve_exactly(const struct ways *ways, int count, struct visits *visits,
                          struct arena *arena)
{
    if (!visits_solve(ways->inside, ways->inside_count, count, visits->started, arena))
        return false;
    for (int i = 0; i < ways->finishing_count; i++)
        visits->done =
            rational_add(visits->done, rational_multiply(visits->started[ways->finishing[i].from],
                                                         ways->finishing[i].ratio));
    return rational_sign(visits->done) > 0;
}

static bool solve_nearly(const struct ways *ways, int count, struct visits *visits,
                         struct arena *arena)
{
    double *near = ARENA_ARRAY(arena, double, count), done = 0;

    if (!visits_approach(ways->inside, ways->inside_count, count, near))
        return false;
    for (int i = 0; i < ways->finishing_count; i++)
        done += near[ways->finishing[i].from] * rational_to_double(ways->finishing[i].ratio);
    visits->done = visits_near(done);
    if (rational_sign(visits->done) <= 0)
        return false;
    visits->good = ARENA_ARRAY(arena, struct rational, count);
    for (int i = 0; i < count; i++) {
        visits->started[i] = visits_near(near[i]);
        visits->good[i] = visits_near(near[i] / done);
    }
    return true;
}

bool visits_of_graph(const struct spec *spec, const struct graph *graph, struct visits *visits,
                     struct arena *arena)
{
    visits->started = ARENA_ARRAY(arena, struct rational, graph->count);
    visits->good = NULL;
    visits->done = RATIONAL_ZERO;
    if (graph->start != 0) { /* no step is for this SKU */
        visits->done = graph->start == GRAPH_DONE ? RATIONAL_ONE : RATIONAL_ZERO;
        for (int i = 0; i < graph->count; i++)
            visits->started[i] = RATIONAL_ZERO;
        return graph->start == GRAPH_DONE;
    }
    struct ways ways = ways_of_graph(spec, graph, arena);
    bool exact = graph->count <= EXACT_STEPS && ways.back_count <= EXACT_WAYS_BACK;
    return (exact ? solve_exactly : solve_nearly)(&ways, graph->count, visits, arena);
}
