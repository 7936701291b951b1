/* The graph: every step is reached, every step leads out, every outcome goes somewhere, every way back has a bound. All
   by reachability and strongly connected components: linear in steps and routes. */
#include "check/family.h"

#include "base/file.h"

#include <string.h>

/* ---- reachability ---- */

static void check_unreachable(struct spec *spec, const struct product *product, const struct graph *graph,
                              const bool *from_start)
{
    for (int i = 0; i < graph->count; i++) {
        const struct step *step = graph->nodes[i].step;
        if (from_start[i])
            continue;
        struct diagnostic *d = check_report(spec, RULE_unreachable_step, &step->base, &product->base, step->base.span,
                                            "no way leads to `%s`", step->base.name);
        check_help(spec, d, "route an outcome to it: <outcome> -> %s", step->base.name);
    }
}

/* Of all steps that cannot reach `done`, those are named that have no such step behind them: mending them mends the
   others. */
static void check_dead_ends(struct spec *spec, const struct product *product, const struct graph *graph,
                            const bool *from_start, const bool *to_done)
{
    int *component = ARENA_ARRAY(spec->arena, int, graph->count);
    int components = graph_components(graph, component, spec->arena);
    bool *leads_on = ARENA_ARRAY(spec->arena, bool, components + 1), *said = ARENA_ARRAY(spec->arena, bool, components + 1);
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; !to_done[i] && e < graph->nodes[i].edge_count; e++) {
            int to = graph->nodes[i].edges[e].to;
            if (to >= 0 && component[to] != component[i])
                leads_on[component[i]] = true;
        }
    for (int i = 0; i < graph->count; i++) {
        const struct step *step = graph->nodes[i].step;
        if (to_done[i] || !from_start[i] || leads_on[component[i]] || said[component[i]] || step->base.failed)
            continue;
        said[component[i]] = true;
        struct diagnostic *d = check_report(spec, RULE_dead_end, &step->base, &product->base, step->base.span,
                                            "no way leads from `%s` to the end", step->base.name);
        check_help(spec, d, "route its `pass` to a step that goes on, or to done");
    }
}

/* ---- outcomes ---- */

static void check_outcomes(struct spec *spec, const struct product *product)
{
    for (int i = 0; i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        for (int o = OUTCOME_REJECT; o <= OUTCOME_REFUSE; o++) {
            if (!(kind_rows[step->base.kind].outcomes & 1u << o) || step->routes[o].present || step->base.failed)
                continue;
            struct diagnostic *d =
                check_report(spec, RULE_unrouted_outcome, &step->base, &product->base, step->base.span,
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
            const struct route *route = &step->routes[o];
            if (!route->written || !route->expect || value_for(route->expect, NULL)->kind != VALUE_NUMBER)
                continue;
            sum = rational_add(sum, value_for(route->expect, NULL)->number);
            if (!last || route->span.begin > last->span.begin)
                last = route;
        }
        if (step->yield && !(step->routes[OUTCOME_FAILURE].expect))
            sum = rational_add(sum, rational_subtract(RATIONAL_ONE, value_number(spec, &step->yield->value, NULL,
                                                                                 RATIONAL_ONE)));
        if (last && rational_compare(sum, RATIONAL_ONE) > 0)
            report(spec->diagnostics, RULE_out_of_range, last->span, "what leaves `%s` adds up to over 100%%",
                   step->base.name);
    }
}

/* ---- ways back ---- */

/* The graph without the bounded edges: what still goes in a circle goes round for ever. */
static struct graph *without_bounds(const struct graph *graph, struct arena *arena)
{
    struct graph *copy = ARENA_NEW(arena, struct graph);
    *copy = *graph;
    copy->nodes = ARENA_ARRAY(arena, struct graph_node, graph->count);
    for (int i = 0; i < graph->count; i++) {
        struct graph_node *node = &copy->nodes[i];
        *node = graph->nodes[i];
        node->edge_count = 0;
        for (int e = 0; e < graph->nodes[i].edge_count; e++)
            if (!graph->nodes[i].edges[e].route->at_most)
                node->edges[node->edge_count++] = graph->nodes[i].edges[e];
    }
    return copy;
}

/* The edge of a circle that the writer would bound: one that goes back, and rather not a `pass`. */
static const struct graph_edge *edge_back(const struct graph *graph, const int *component, int of, int *from)
{
    const struct graph_edge *best = NULL;
    int best_rank = 0;
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; component[i] == of && e < graph->nodes[i].edge_count; e++) {
            const struct graph_edge *edge = &graph->nodes[i].edges[e];
            if (edge->to < 0 || component[edge->to] != of)
                continue;
            bool pass = edge->outcome == OUTCOME_PASS || edge->outcome == OUTCOME_APPROVE;
            int rank = 1 + 2 * !pass + (edge->to <= i) + edge->route->written;
            if (rank > best_rank) {
                best_rank = rank;
                best = edge;
                *from = i;
            }
        }
    return best;
}

static void check_endless(struct spec *spec, const struct product *product, const struct graph *graph)
{
    struct graph *open = without_bounds(graph, spec->arena);
    int *component = ARENA_ARRAY(spec->arena, int, graph->count);
    int components = graph_components(open, component, spec->arena);
    bool *circle = ARENA_ARRAY(spec->arena, bool, components + 1);
    int *size = ARENA_ARRAY(spec->arena, int, components + 1);
    for (int i = 0; i < graph->count; i++) {
        size[component[i]]++;
        for (int e = 0; e < open->nodes[i].edge_count; e++)
            circle[component[i]] |= open->nodes[i].edges[e].to == i;
    }
    for (int c = 0; c < components; c++) {
        int from = 0;
        if (size[c] < 2 && !circle[c])
            continue;
        const struct graph_edge *edge = edge_back(open, component, c, &from);
        const struct step *step = graph->nodes[from].step;
        struct diagnostic *d = check_report(spec, RULE_endless_rework, &step->base, &product->base, edge->route->span,
                                            "the way back from `%s` to `%s` has no bound", step->base.name,
                                            graph->nodes[edge->to].step->base.name);
        check_help(spec, d, "say how often: %s -> %s at most 1", outcome_names[edge->outcome],
                   graph->nodes[edge->to].step->base.name);
    }
}

static void visit_graph(struct spec *spec, const struct product *product, const struct sku_graph *of)
{
    const struct graph *graph = of->graph;
    bool *from_start = ARENA_ARRAY(spec->arena, bool, graph->count), *to_done = ARENA_ARRAY(spec->arena, bool, graph->count);
    graph_reachable(graph, from_start, to_done, spec->arena);
    check_unreachable(spec, product, graph, from_start);
    check_dead_ends(spec, product, graph, from_start, to_done);
    check_endless(spec, product, graph);
}

/* ---- files ---- */

/* A file name that quotes a variant is looked for in every SKU of the product. */
static void check_file(struct spec *spec, const struct declaration *owner, const struct product *product,
                       const struct value *file, const char *what)
{
    const char *said = NULL;
    if (file->kind != VALUE_TEXT && file->kind != VALUE_CHOICE)
        return;
    long skus = product ? product->sku_count : 1;
    for (long i = 0; i < skus && i < 1000; i++) {
        struct sku sku;
        if (product)
            sku_at(product, i, &sku);
        const struct value *one = value_for(file, product ? &sku : NULL);
        const char *path = file_path(spec, owner, one, product ? &sku : NULL, spec->arena);
        if (!path || (said && strcmp(said, path) == 0) || file_exists(path))
            continue;
        said = path;
        struct diagnostic *d = check_report(spec, RULE_file_missing, owner, product ? &product->base : NULL, one->span,
                                            "there is no %s `%s`", what, value_string(spec, one, product ? &sku : NULL,
                                                                                     spec->arena));
        check_help(spec, d, "it is looked for as %s", path);
        if (file->kind == VALUE_TEXT && !file->text->quotes)
            return;
    }
}

static void check_photos(struct spec *spec, const struct declaration *owner, const struct product *product,
                         const struct instruction *rows)
{
    for (; rows; rows = rows->next)
        for (const struct simple *photo = rows->photo; photo; photo = photo->next)
            check_file(spec, owner, product, &photo->value, "photo");
}

static void check_files(struct spec *spec)
{
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *one = spec->declarations[i];
        const struct product *product = one->owner && one->owner->kind == KIND_product ? (const struct product *)one->owner : NULL;
        if (one->kind == KIND_part && ((const struct part *)one)->drawing)
            check_file(spec, one, part_user(spec, (const struct part *)one), &((const struct part *)one)->drawing->value,
                       "drawing");
        if (one->kind == KIND_product)
            for (const struct simple *photo = ((const struct product *)one)->photo; photo; photo = photo->next)
                check_file(spec, one, (const struct product *)one, &photo->value, "photo");
        if (one->kind == KIND_standard) {
            for (const struct photo *photo = ((const struct standard *)one)->photo; photo; photo = photo->next)
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

void check_graph(struct spec *spec)
{
    for (int i = 0; i < spec->product_count; i++)
        if (spec->products[i]->workflow) {
            check_outcomes(spec, spec->products[i]);
            check_expected(spec, spec->products[i]);
        }
    for_each_graph(spec, visit_graph);
    check_files(spec);
}
