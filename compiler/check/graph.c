/* The graph: every step is reached, every step leads out, every outcome goes somewhere, every way back has a bound. All
   by reachability and strongly connected components: linear in steps and routes. */
#include "check/family.h"

#include "base/file.h"

#include <string.h>

/* ---- reachability ---- */

/* A step that nothing leads to because the one above it leads nowhere: mending that one leads to it. */
static bool behind_dead_end(const struct graph *graph, int at, const bool *from_start,
                            const bool *to_done)
{
    for (int i = graph->nodes[at].step->index; i-- > 0;) {
        int above = graph->node_of_step[i];
        if (above >= 0)
            return from_start[above] && !to_done[above];
    }
    return false;
}

/* Of the steps that nothing leads to, those are named that no other such step leads to: leading to them leads to the
   others. */
static void check_unreachable(struct spec *spec, const struct product *product,
                              const struct graph *graph, const bool *from_start,
                              const bool *to_done)
{
    int *component = ARENA_ARRAY(spec->scratch, int, graph->count);
    int components = graph_components(graph, component, spec->scratch);
    bool *said = ARENA_ARRAY(spec->scratch, bool, components + 1); /* or led to by one that is */
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; !from_start[i] && e < graph->nodes[i].edge_count; e++) {
            int to = graph->nodes[i].edges[e].to;
            if (to >= 0 && component[to] != component[i])
                said[component[to]] = true;
        }
    for (int i = 0; i < graph->count; i++) {
        const struct step *step = graph->nodes[i].step;
        if (from_start[i] || said[component[i]])
            continue;
        said[component[i]] = true;
        if (behind_dead_end(graph, i, from_start, to_done))
            continue;
        struct diagnostic *d =
            check_report(spec, RULE_unreachable_step, &step->base, &product->base, step->base.span,
                         "no way leads to `%s`", step->base.name);
        check_help(spec, d, "route an outcome to it: <outcome> -> %s", step->base.name);
    }
}

static const struct route *good_route(const struct step *step)
{
    const struct route *pass = step_route(step, OUTCOME_PASS);
    return pass->present ? pass : step_route(step, OUTCOME_APPROVE);
}

/* The step whose `pass` must be mended: this one, or one that the SKU passes by and whose way out it takes. */
static const struct step *leads_astray(const struct graph *graph, int at)
{
    const struct step *step = graph->nodes[at].step;
    for (int i = 0; i < graph->workflow->step_count; i++) {
        const struct route *good = good_route(step);
        if (!good->present || good->target != TARGET_STEP || !good->step)
            return step;
        if (graph->node_of_step[good->step->index] >= 0)
            break;
        step = good->step;
    }
    return graph->nodes[at].step;
}

/* Of all steps that cannot reach `done`, those are named that have no such step behind them: mending them mends the
   others. */
static void check_dead_ends(struct spec *spec, const struct product *product,
                            const struct graph *graph, const bool *from_start, const bool *to_done)
{
    int *component = ARENA_ARRAY(spec->scratch, int, graph->count);
    int components = graph_components(graph, component, spec->scratch);
    bool *start = ARENA_ARRAY(spec->scratch, bool, graph->count),
         *none = ARENA_ARRAY(spec->scratch, bool, graph->count);
    int *before = ARENA_ARRAY(spec->scratch, int, graph->count);
    bool *leads_on = ARENA_ARRAY(spec->scratch, bool, components + 1),
         *said = ARENA_ARRAY(spec->scratch, bool, components + 1);
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; !to_done[i] && e < graph->nodes[i].edge_count; e++) {
            int to = graph->nodes[i].edges[e].to;
            if (to >= 0 && component[to] != component[i])
                leads_on[component[i]] = true;
        }
    for (int i = 0; i < graph->count; i++) {
        const struct step *step = graph->nodes[i].step;
        if (to_done[i] || !from_start[i] || leads_on[component[i]] || said[component[i]] ||
            step->base.failed)
            continue;
        said[component[i]] = true;
        step = leads_astray(graph, i);
        start[0] = true;
        ways_from(graph, start, none, before);
        struct diagnostic *d = check_report(
            spec, RULE_dead_end, &step->base, &product->base, step->base.span,
            "%s: no way leads from here to the end", way_text(graph, before, i, spec->scratch));
        way_notes(spec, d, graph, before, i);
        check_help(spec, d, "route its `pass` to a step that goes on, or to done");
    }
}

/* ---- outcomes ---- */

static void check_outcomes(struct spec *spec, const struct product *product)
{
    for (int i = 0; i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        for (int o = OUTCOME_REJECT; o <= OUTCOME_REFUSE; o++) {
            if (!(kind_rows[step->base.kind].outcomes & 1u << o) || step_route(step, o)->present ||
                step->base.failed)
                continue;
            struct diagnostic *d = check_report(
                spec, RULE_unrouted_outcome, &step->base, &product->base, step->base.span,
                "`%s` does not say where its %s goes", step->base.name, outcome_names[o]);
            check_help(spec, d, "add: %s -> <step>|scrap|quarantine|done", outcome_names[o]);
        }
    }
}

/* What leaves by `expect` and `yield` together cannot be more than all. */
static void check_expected(struct spec *spec, const struct product *product)
{
    for (int i = 0; i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        struct rational sum = RATIONAL_ZERO;
        const struct route *last = NULL;
        for (int o = 0; o < OUTCOME_COUNT; o++) {
            const struct route *route = step_route(step, o);
            if (!route->written || !route->expect ||
                value_for(route->expect, NULL)->kind != VALUE_NUMBER)
                continue;
            sum = rational_add(sum, value_for(route->expect, NULL)->number);
            if (!last || route->span.begin > last->span.begin)
                last = route;
        }
        if (step->yield && !step_route(step, OUTCOME_FAILURE)->expect)
            sum = rational_add(
                sum, rational_subtract(RATIONAL_ONE, value_number(spec, &step->yield->value, NULL,
                                                                  RATIONAL_ONE)));
        if (last && rational_compare(sum, RATIONAL_ONE) > 0)
            report(spec->diagnostics, RULE_out_of_range, last->span,
                   "what leaves `%s` adds up to over 100%%", step->base.name);
    }
}

/* ---- ways back ---- */

/* The graph with room to take edges out of it. */
static struct graph *loose_copy(const struct graph *graph, struct arena *arena)
{
    struct graph *copy = ARENA_NEW(arena, struct graph);
    *copy = *graph;
    copy->nodes = ARENA_ARRAY(arena, struct graph_node, graph->count);
    memcpy(copy->nodes, graph->nodes, sizeof *copy->nodes * (size_t)graph->count);
    return copy;
}

/* Takes out the edges that `takes` says. */
static void take_edges(struct graph *graph, bool (*takes)(const struct graph *graph, int from,
                                                          const struct graph_edge *edge))
{
    for (int i = 0; i < graph->count; i++) {
        struct graph_node *node = &graph->nodes[i];
        int kept = 0;
        for (int e = 0; e < node->edge_count; e++)
            if (!takes(graph, i, &node->edges[e]))
                node->edges[kept++] = node->edges[e];
        node->edge_count = kept;
    }
}

static bool is_bounded(const struct graph *graph, int from, const struct graph_edge *edge)
{
    (void)graph, (void)from;
    return edge->route->at_most != NULL;
}

/* Where a unit that is not good is sent back to a step that it has passed. */
static bool is_way_back(const struct graph *graph, int from, const struct graph_edge *edge)
{
    return edge->to >= 0 && edge->outcome != OUTCOME_PASS && edge->outcome != OUTCOME_APPROVE &&
           graph->nodes[edge->to].step->index <= graph->nodes[from].step->index;
}

/* The shortest way from where it leads back to, to where it came from. */
static void way_round(struct spec *spec, struct diagnostic *d, const struct graph *graph, int from,
                      int to)
{
    bool *start = ARENA_ARRAY(spec->scratch, bool, graph->count),
         *none = ARENA_ARRAY(spec->scratch, bool, graph->count);
    int *before = ARENA_ARRAY(spec->scratch, int, graph->count);
    start[from] = true;
    ways_from(graph, start, none, before);
    way_notes(spec, d, graph, before, to);
    way_close(spec, d);
}

static void report_endless(struct spec *spec, const struct product *product,
                           const struct graph *graph, int from, const struct graph_edge *edge)
{
    const struct step *step = graph->nodes[from].step, *to = graph->nodes[edge->to].step;
    struct diagnostic *d =
        check_report(spec, RULE_endless_rework, &step->base, &product->base, edge->route->span,
                     "the way back from `%s` to `%s` has no bound", step->base.name, to->base.name);
    way_round(spec, d, graph, edge->to, from);
    check_help(spec, d, "say how often: %s -> %s at most 1", outcome_names[edge->outcome],
               to->base.name);
}

/* Of a circle with no plain way back, the edge that the writer would bound: rather not a `pass`, then one that goes
   back, then one that is written. */
static int rank_in_circle(const struct graph *graph, int from, const struct graph_edge *edge)
{
    bool pass = edge->outcome == OUTCOME_PASS || edge->outcome == OUTCOME_APPROVE;
    bool back = graph->nodes[edge->to].step->index <= graph->nodes[from].step->index;
    return 1 + 4 * !pass + 2 * back + edge->route->written;
}

/* Reports and takes out one edge of each circle that is left; false where none is. */
static bool break_circles(struct spec *spec, const struct product *product, struct graph *graph)
{
    int *component = ARENA_ARRAY(spec->scratch, int, graph->count);
    int components = graph_components(graph, component, spec->scratch);
    struct {
        int from, edge, rank;
    } *best = arena_alloc(spec->scratch, sizeof *best * (size_t)(components + 1));
    bool any = false;
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; e < graph->nodes[i].edge_count; e++) {
            const struct graph_edge *edge = &graph->nodes[i].edges[e];
            int c = component[i];
            if (edge->to < 0 || component[edge->to] != c ||
                rank_in_circle(graph, i, edge) <= best[c].rank)
                continue;
            best[c].from = i, best[c].edge = e, best[c].rank = rank_in_circle(graph, i, edge);
        }
    for (int c = 0; c < components; c++) {
        if (!best[c].rank)
            continue;
        struct graph_node *node = &graph->nodes[best[c].from];
        report_endless(spec, product, graph, best[c].from, &node->edges[best[c].edge]);
        node->edges[best[c].edge] = node->edges[--node->edge_count];
        any = true;
    }
    return any;
}

#define CIRCLES_AT_MOST 32

static void take_dead(struct graph *graph, const bool *to_done)
{
    for (int i = 0; i < graph->count; i++)
        if (!to_done[i])
            graph->nodes[i].edge_count = 0;
}

/* What still goes in a circle without the bounded edges goes round for ever. Every way back on such a circle needs a
   bound of its own; good units that go round and never come out have been told of as a dead end. */
static void check_endless(struct spec *spec, const struct product *product,
                          const struct graph *graph, const bool *to_done)
{
    struct graph *open = loose_copy(graph, spec->scratch);
    take_edges(open, is_bounded);
    int *component = ARENA_ARRAY(spec->scratch, int, graph->count);
    graph_components(open, component, spec->scratch);
    for (int i = 0; i < open->count; i++)
        for (int e = 0; e < open->nodes[i].edge_count; e++) {
            const struct graph_edge *edge = &open->nodes[i].edges[e];
            if (is_way_back(open, i, edge) && component[edge->to] == component[i])
                report_endless(spec, product, open, i, edge);
        }
    take_edges(open, is_way_back);
    take_dead(open, to_done);
    for (int i = 0; i < CIRCLES_AT_MOST && break_circles(spec, product, open); i++)
        ;
}

static void visit_graph(struct spec *spec, const struct product *product,
                        const struct sku_graph *of)
{
    const struct graph *graph = of->graph;
    bool *from_start = ARENA_ARRAY(spec->scratch, bool, graph->count),
         *to_done = ARENA_ARRAY(spec->scratch, bool, graph->count);
    graph_reachable(graph, from_start, to_done, spec->scratch);
    if (ways_are_known(product->workflow)) {
        check_unreachable(spec, product, graph, from_start, to_done);
        check_dead_ends(spec, product, graph, from_start, to_done);
    }
    check_endless(spec, product, graph, to_done);
}

/* ---- files ---- */

static void report_file(struct spec *spec, const struct declaration *owner,
                        const struct product *product, const struct value *file,
                        const struct sku *sku, const char *path, const char *what)
{
    struct diagnostic *d =
        check_report(spec, RULE_file_missing, owner, product ? &product->base : NULL, file->span,
                     "there is no %s `%s`", what, value_string(spec, file, sku, spec->scratch));
    check_help(spec, d, "it is looked for as %s", path);
}

/* A file name that quotes a variant is looked for in every SKU of the product. */
static void check_file(struct spec *spec, const struct declaration *owner,
                       const struct product *product, const struct value *file, const char *what)
{
    bool varies = file->kind == VALUE_CHOICE || (file->kind == VALUE_TEXT && file->text->quotes);
    const char *last = NULL;
    if (file->kind != VALUE_TEXT && file->kind != VALUE_CHOICE)
        return;
    for (long i = 0; i < (product && varies ? product->sku_count : 1); i++) {
        struct sku sku;
        if (product)
            sku_at(product, i, &sku);
        const struct sku *of = product ? &sku : NULL;
        const struct value *one = value_for(file, of);
        const char *path = file_path(spec, owner, one, of, spec->scratch);
        if (!path || (last && strcmp(last, path) == 0))
            continue;
        last = path;
        if (!file_exists(path))
            report_file(spec, owner, product, one, of, path, what);
    }
}

static void check_photos(struct spec *spec, const struct declaration *owner,
                         const struct product *product, const struct instruction *rows)
{
    for (; rows; rows = rows->next)
        for (const struct simple *photo = rows->photo; photo; photo = photo->next)
            check_file(spec, owner, product, &photo->value, "photo");
}

void check_files(struct spec *spec)
{
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *one = spec->declarations[i];
        const struct product *product = one->owner && one->owner->kind == KIND_product
                                            ? (const struct product *)one->owner
                                            : NULL;
        if (one->kind == KIND_part && ((const struct part *)one)->drawing)
            check_file(spec, one, part_user(spec, (const struct part *)one),
                       &((const struct part *)one)->drawing->value, "drawing");
        if (one->kind == KIND_product)
            for (const struct simple *photo = ((const struct product *)one)->photo; photo;
                 photo = photo->next)
                check_file(spec, one, (const struct product *)one, &photo->value, "photo");
        if (one->kind == KIND_defect)
            for (const struct simple *photo = ((const struct defect *)one)->photo; photo;
                 photo = photo->next)
                check_file(spec, one, NULL, &photo->value, "photo");
        if (one->kind == KIND_standard) {
            for (const struct photo *photo = ((const struct standard *)one)->photo; photo;
                 photo = photo->next)
                check_file(spec, one, NULL, &photo->file, "photo");
            check_photos(spec, one, NULL, ((const struct standard *)one)->do_);
        }
        if (!kind_is_step(one->kind))
            continue;
        const struct step *step = (const struct step *)one;
        if (step->slice)
            check_file(spec, one, product, &step->slice->value, "file of slicer settings");
        if (step->gcode)
            check_file(spec, one, product, &step->gcode->value, "G-code file");
        check_photos(spec, one, product, step->do_);
    }
}

void check_graph(struct spec *spec, const struct product *product)
{
    if (product->workflow) {
        check_outcomes(spec, product);
        check_expected(spec, product);
    }
    for_each_graph(spec, product, visit_graph);
}
