/* What a simulated farm knows of a SKU: the chances on its way, and what each visit of a step takes and costs. */
#include "sim/farm_private.h"

#include "cost/cost.h"
#include "cost/visits.h"
#include "plan/snapshot_private.h"
#include "sim/mass.h"

#include <string.h>

static double number(struct rational value)
{
    return rational_to_double(value);
}

bool step_prints(const struct step *step)
{
    return step->base.kind == KIND_print || step->base.kind == KIND_cut;
}

static int station_index(const struct plan_problem *problem, const struct step *step,
                         const struct sku *sku)
{
    const struct station *station = step->at ? value_station(&step->at->value, sku) : NULL;
    for (int i = 0; station && i < problem->station_count; i++)
        if (strcmp(problem->stations[i].name, station->base.name) == 0)
            return i;
    return -1;
}

static double row_number(const struct spec *spec, const struct simple *row, const struct sku *sku)
{
    return row ? number(value_number(spec, &row->value, sku, RATIONAL_ZERO)) : 0;
}

/* How often the spec expects that a unit leaves by a way that is not good. */
static double bad_share(const struct spec *spec, const struct graph_node *from,
                        const struct sku *sku)
{
    double share = 0;
    for (int i = 0; i < from->edge_count; i++)
        if (!outcome_is_good(from->edges[i].outcome))
            share += number(visits_ratio(spec, from, &from->edges[i], sku));
    return share;
}

/* From what the cost is reckoned with, by visit. */
static void find_cost(struct farm_node *node, const struct cost_step *cost)
{
    const struct rational *amounts = cost->amounts;
    double n = number(cost->n), labour_s = number(cost->labour_s),
           machine_s = number(cost->machine_s);
    double machine = number(rational_add(amounts[COST_MACHINE], amounts[COST_ENERGY]));
    bool prints = node->prints;
    if (n <= 0)
        return;
    node->labour_a_s = labour_s > 0 ? number(amounts[COST_LABOUR]) / labour_s : 0;
    node->machine_a_s = machine_s > 0 ? machine / machine_s : 0;
    node->material = number(amounts[COST_MATERIAL]) / n;
    node->hands_s = prints ? 0 : labour_s / n;
    node->labour = prints ? 0 : number(amounts[COST_LABOUR]) / n;
    node->other = number(rational_add(rational_add(amounts[COST_ITEMS], amounts[COST_OUTSIDE]),
                                      amounts[COST_SHIPPING])) /
                  n;
    if (!prints)
        node->other += machine / n;
}

static void find_node(struct farm_sku *kind, const struct plan_problem *problem,
                      const struct spec *spec, const struct graph_node *from, const struct sku *sku,
                      const struct cost_sheet *sheet)
{
    const struct step *step = from->step;
    struct farm_node *node = &kind->nodes[step->index];
    double wait_s = row_number(spec, step->wait, sku) + row_number(spec, step->lead, sku) +
                    (step->base.kind == KIND_treat && step->cycle
                         ? number(value_number(spec, &step->cycle->amount, sku, RATIONAL_ZERO))
                         : 0);

    *node = (struct farm_node){.station = station_index(problem, step, sku),
                               .prints = step_prints(step),
                               .inspects = step->base.kind == KIND_inspect,
                               .wait_s = (int64_t)wait_s,
                               .bad = bad_share(spec, from, sku)};
    if (node->prints) {
        node->grams = printed_grams(spec, step, sku);
        kind->grams += node->grams;
    }
    for (int k = 0; k < sheet->step_count; k++)
        if (sheet->steps[k].step == step)
            find_cost(node, &sheet->steps[k]);
}

static void find_nodes(struct farm_sku *kind, const struct plan_problem *problem,
                       const struct spec *spec, const struct graph *graph,
                       const struct cost_sheet *sheet)
{
    struct farm_node *last = NULL; /* that inspects */
    for (int i = 0; i < graph->count; i++) {
        struct farm_node *node = &kind->nodes[graph->nodes[i].step->index];
        find_node(kind, problem, spec, &graph->nodes[i], graph->sku, sheet);
        if (node->inspects && last)
            last->screens = true;
        last = node->inspects ? node : last;
    }
}

static void find_kind(struct farm_sku *kind, const struct revision *revision, const struct sku *sku,
                      const struct plan_problem *problem, struct arena *arena)
{
    const struct spec *spec = revision->spec;
    const struct graph *graph = graph_build(revision->made->workflow, sku, arena);
    const struct price *price = revision->made->price;
    struct cost_sheet run, sheet;

    kind->revision = revision;
    kind->code = sku_code(spec, sku, arena);
    kind->sku = (int)sku->index;
    kind->nodes = ARENA_ARRAY(arena, struct farm_node, revision->made->workflow->step_count + 1);
    kind->order_size =
        price && price->order_size
            ? rational_to_int(value_number(spec, &price->order_size->value, sku, RATIONAL_ONE))
            : 1;
    /* by the visit, at a whole batch; what is sold, at an order */
    cost_reckon(spec, sku, rational_integer(problem->groups[kind->group].most), arena, &run);
    cost_reckon(spec, sku, rational_integer(kind->order_size), arena, &sheet);
    find_nodes(kind, problem, spec, graph, &run);
    kind->price = sheet.has_price ? number(sheet.price) : 0;
    kind->fees = sheet.has_price ? number(sheet.fees) : 0;
    double base = number(rational_add(run.amounts[COST_LABOUR], run.amounts[COST_MACHINE]));
    kind->overhead = base > 0 ? number(run.amounts[COST_OVERHEAD]) / base : 0;
}

void farm_kinds_find(struct farm_kinds *kinds, const struct farm_specs *specs,
                     struct plan_snapshot *snapshot, const struct plan_settings *settings,
                     struct arena *arena)
{
    int count = 0, at = 0;
    kinds->first = ARENA_ARRAY(arena, int, specs->revision_count + 1);
    for (int i = 0; i < specs->revision_count; i++) {
        kinds->first[i] = count;
        count += (int)specs->revisions[i].made->sku_count;
    }
    kinds->first[specs->revision_count] = kinds->count = count;
    kinds->skus = ARENA_ARRAY(arena, struct farm_sku, count + 1);
    for (int i = 0; i < specs->revision_count; i++)
        for (int k = 0; k < specs->revisions[i].made->sku_count; k++) {
            struct sku *sku = ARENA_NEW(arena, struct sku);
            sku_at(specs->revisions[i].made, k, sku);
            kinds->skus[at++].group = group_of(snapshot->own, &specs->revisions[i], sku);
        }
    plan_snapshot_again(snapshot,
                        settings); /* of the groups and stations that are known only now */
    for (int i = 0; i < count; i++) {
        int r = 0;
        while (i >= kinds->first[r + 1])
            r++;
        struct sku *sku = ARENA_NEW(arena, struct sku);
        sku_at(specs->revisions[r].made, i - kinds->first[r], sku);
        find_kind(&kinds->skus[i], &specs->revisions[r], sku, &snapshot->problem, arena);
    }
}
