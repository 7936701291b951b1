/* The graph of a workflow: bypassing, components, dominators and reachability against definitions tried by brute
   force on random graphs. */
#include "spec/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

/* ---- a graph straight from numbers ---- */

static uint32_t state;

static int chance(int below)
{
    state = state * 1664525u + 1013904223u;
    return (int)((state >> 8) % (uint32_t)below);
}

static struct graph *random_graph(int count, struct arena *arena)
{
    struct graph *graph = ARENA_NEW(arena, struct graph);

    graph->count = count;
    graph->nodes = ARENA_ARRAY(arena, struct graph_node, count);
    for (int i = 0; i < count; i++) {
        struct graph_node *node = &graph->nodes[i];
        node->edge_count = chance(4);
        for (int e = 0; e < node->edge_count; e++)
            node->edges[e].to = chance(count + 3) - 3; /* the ends are -1, -2, -3 */
    }
    return graph;
}

/* Which nodes `from` leads to in one way or more, not going through `without` (-1: all may be used). */
static void walk(const struct graph *graph, int from, int without, bool *reached)
{
    if (from == without || reached[from])
        return;
    reached[from] = true;
    for (int e = 0; e < graph->nodes[from].edge_count; e++)
        if (graph->nodes[from].edges[e].to >= 0)
            walk(graph, graph->nodes[from].edges[e].to, without, reached);
}

static bool leads(const struct graph *graph, int from, int to)
{
    bool reached[64] = {false};

    walk(graph, from, -1, reached);
    return reached[to];
}

static void components_are_mutual_reach(void **unused)
{
    (void)unused;
    state = 1;
    for (int round = 0; round < 300; round++) {
        struct arena arena = {0};
        const struct graph *graph = random_graph(1 + chance(9), &arena);
        int component[64];
        int count = graph_components(graph, component, &arena);
        for (int a = 0; a < graph->count; a++)
            for (int b = 0; b < graph->count; b++) {
                bool mutual = leads(graph, a, b) && leads(graph, b, a);
                assert_int_equal(mutual, component[a] == component[b]);
                if (leads(graph, a, b)) /* numbered in reverse topological order */
                    assert_true(component[a] >= component[b]);
                assert_in_range(component[a], 0, count - 1);
            }
        arena_free(&arena);
    }
}

/* d dominates n: without d, the start does not lead to n. The immediate one is dominated by all the others. */
static void dominators_cut_every_way(void **unused)
{
    (void)unused;
    state = 2;
    for (int round = 0; round < 300; round++) {
        struct arena arena = {0};
        const struct graph *graph = random_graph(1 + chance(9), &arena);
        int idom[64];
        bool reached[64] = {false};
        graph_dominators(graph, idom, &arena);
        walk(graph, 0, -1, reached);
        for (int n = 0; n < graph->count; n++) {
            assert_int_equal(idom[n] >= 0, reached[n]);
            if (!reached[n] || n == 0)
                continue;
            for (int d = 0; d < graph->count; d++) {
                bool without[64] = {false};
                walk(graph, 0, d, without);
                bool dominates = d != n && reached[d] && !without[n];
                bool found = false;
                for (int up = n; up != 0 && !found; up = idom[up])
                    found = idom[up] == d;
                assert_int_equal(dominates, found);
            }
        }
        arena_free(&arena);
    }
}

static bool leads_to_done(const struct graph *graph, int from)
{
    bool reached[64] = {false};

    walk(graph, from, -1, reached);
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; reached[i] && e < graph->nodes[i].edge_count; e++)
            if (graph->nodes[i].edges[e].to == GRAPH_DONE)
                return true;
    return false;
}

static void reachability_from_both_ends(void **unused)
{
    (void)unused;
    state = 3;
    for (int round = 0; round < 300; round++) {
        struct arena arena = {0};
        const struct graph *graph = random_graph(1 + chance(9), &arena);
        bool from_start[64], to_done[64];
        graph_reachable(graph, from_start, to_done, &arena);
        for (int i = 0; i < graph->count; i++) {
            assert_int_equal(from_start[i], leads(graph, 0, i));
            assert_int_equal(to_done[i], leads_to_done(graph, i));
        }
        arena_free(&arena);
    }
}

/* ---- a workflow for a SKU ---- */

static void route_to(struct step *step, enum outcome outcome, struct step *to)
{
    step->routes[ROUTE_PLACE(outcome)] = (struct route){
        .outcome = outcome,
        .target = to ? TARGET_STEP : TARGET_DONE,
        .step = to,
        .present = true,
    };
}

struct line {
    struct product product;
    struct workflow workflow;
    struct step steps[5];
    struct step *order[5];
    struct simple large_only;
    struct axis axis;
    struct value cases[2];
    const struct axis *axes[1];
    struct sku small, large;
};

/* Five steps in a row, of a product with the sizes small and large. */
static void lay_line(struct line *line)
{
    memset(line, 0, sizeof *line);
    line->cases[0] = (struct value){.kind = VALUE_WORD, .word = "small"};
    line->cases[1] = (struct value){.kind = VALUE_WORD, .word = "large"};
    line->axis.name = (struct value){.kind = VALUE_WORD, .word = "size"};
    line->axis.count = 2;
    line->axis.cases = line->cases;
    line->axes[0] = &line->axis;
    line->product.axes = line->axes;
    line->product.axis_count = 1;
    line->product.sku_count = 2;
    line->product.variant = &line->axis;
    line->product.workflow = &line->workflow;
    line->workflow.product = &line->product;
    line->workflow.steps = line->order;
    line->workflow.step_count = 5;
    line->large_only.value = line->cases[1];
    for (int i = 0; i < 5; i++) {
        struct step *step = &line->steps[i];
        line->order[i] = step;
        step->base.kind = KIND_finish;
        step->workflow = &line->workflow;
        step->index = i;
        route_to(step, OUTCOME_PASS, i < 4 ? &line->steps[i + 1] : NULL);
    }
    line->small = (struct sku){.product = &line->product, .index = 0, .cases = {0}};
    line->large = (struct sku){.product = &line->product, .index = 1, .cases = {1}};
}

static void passed_by_steps_lead_to_their_pass(void **unused)
{
    struct line line;
    struct arena arena = {0};

    (void)unused;
    lay_line(&line);
    line.steps[1].only = line.steps[2].only = &line.large_only;
    route_to(&line.steps[3], OUTCOME_FAILURE, &line.steps[1]); /* a way back to a step passed by */

    const struct graph *large = graph_build(&line.workflow, &line.large, &arena);
    assert_int_equal(large->count, 5);
    assert_int_equal(large->nodes[0].edges[0].to, 1);

    const struct graph *small = graph_build(&line.workflow, &line.small, &arena);
    assert_int_equal(small->count, 3);
    assert_int_equal(small->node_of_step[1], -1);
    assert_int_equal(small->node_of_step[3], 1);
    assert_int_equal(small->nodes[0].edges[0].to, 1); /* over two steps at once */
    assert_int_equal(small->nodes[1].edge_count, 2);
    assert_int_equal(small->nodes[1].edges[1].to, 1); /* back to itself */
    assert_int_equal(small->nodes[2].edges[0].to, GRAPH_DONE);

    assert_int_equal(graph_build(&line.workflow, NULL, &arena)->count, 5);
    arena_free(&arena);
}

static void the_start_may_jump_ahead(void **unused)
{
    struct line line;
    struct arena arena = {0};

    (void)unused;
    lay_line(&line);
    line.steps[0].only = &line.large_only;
    route_to(&line.steps[0], OUTCOME_PASS, &line.steps[3]);
    const struct graph *small = graph_build(&line.workflow, &line.small, &arena);
    assert_int_equal(small->start, 0);
    assert_ptr_equal(small->nodes[0].step, &line.steps[3]);
    assert_ptr_equal(small->nodes[1].step, &line.steps[1]);
    assert_int_equal(small->node_of_step[3], 0);

    route_to(&line.steps[0], OUTCOME_PASS, NULL);
    assert_int_equal(graph_build(&line.workflow, &line.small, &arena)->start, GRAPH_DONE);
    arena_free(&arena);
}

static void a_ring_of_passed_by_steps_ends(void **unused)
{
    struct line line;
    struct arena arena = {0};

    (void)unused;
    lay_line(&line);
    line.steps[1].only = line.steps[2].only = &line.large_only;
    route_to(&line.steps[2], OUTCOME_PASS, &line.steps[1]);
    const struct graph *small = graph_build(&line.workflow, &line.small, &arena);
    assert_int_equal(small->nodes[0].edges[0].to, GRAPH_QUARANTINE);
    arena_free(&arena);
}

static void long_workflows_do_not_recurse(void **unused)
{
    enum { MANY = 300000 };
    struct arena arena = {0};
    struct graph graph = {.count = MANY};

    (void)unused;
    graph.nodes = ARENA_ARRAY(&arena, struct graph_node, MANY);
    for (int i = 0; i < MANY; i++) {
        graph.nodes[i].edges[0].to = i + 1 < MANY ? i + 1 : GRAPH_DONE;
        graph.nodes[i].edges[1].to = 0; /* and back to the start */
        graph.nodes[i].edge_count = 2;
    }
    int *component = ARENA_ARRAY(&arena, int, MANY);
    assert_int_equal(graph_components(&graph, component, &arena), 1);
    int *idom = ARENA_ARRAY(&arena, int, MANY);
    graph_dominators(&graph, idom, &arena);
    assert_int_equal(idom[MANY - 1], MANY - 2);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_are_mutual_reach),
        cmocka_unit_test(dominators_cut_every_way),
        cmocka_unit_test(reachability_from_both_ends),
        cmocka_unit_test(passed_by_steps_lead_to_their_pass),
        cmocka_unit_test(the_start_may_jump_ahead),
        cmocka_unit_test(a_ring_of_passed_by_steps_ends),
        cmocka_unit_test(long_workflows_do_not_recurse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
