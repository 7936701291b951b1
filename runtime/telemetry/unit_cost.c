#include "telemetry/private.h"

#include "base/memory.h"
#include "cost/cost.h"

#include <stdlib.h>

/* How often units of a SKU left each step. */
struct passes {
    struct passes *next;
    int32_t sku;
    int64_t good;   /* units */
    int64_t left[]; /* by step */
};

struct costing *costing_open(const struct batch *batch)
{
    struct costing *costing = memory_zeroed(1, sizeof *costing);
    costing->batch = batch;
    return costing;
}

void costing_close(struct costing *costing)
{
    if (!costing)
        return;
    for (struct passes *passes = costing->passes, *next; passes; passes = next) {
        next = passes->next;
        free(passes);
    }
    free(costing);
}

static struct passes *passes_of(struct costing *costing, int32_t sku)
{
    struct passes *passes = costing->passes;
    while (passes && passes->sku != sku)
        passes = passes->next;
    if (passes)
        return passes;
    size_t steps = (size_t)costing->batch->revision->made->workflow->step_count;
    passes = memory_zeroed(1, sizeof *passes + steps * sizeof *passes->left);
    passes->sku = sku;
    passes->next = costing->passes;
    return costing->passes = passes;
}

void costing_add(struct costing *costing, const struct units_left *left)
{
    int step = batch_step_index(costing->batch, left->step);
    for (int64_t unit = left->first; unit < left->first + left->count; unit++)
        passes_of(costing, costing->batch->units[unit - 1].sku)->left[step]++;
}

/* ---- reckoning ---- */

static double money(struct rational amount)
{
    return rational_to_double(amount);
}

static double total_of(const struct rational amounts[COST_KIND_COUNT])
{
    double total = 0;
    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        total += money(amounts[kind]);
    return total;
}

/* All units of a SKU together. What no step has (shipping, overhead) is a good unit's. */
static bool cost_of(const struct costing *costing, const struct passes *passes, int64_t good,
                    struct arena *arena, double *cost)
{
    const struct revision *revision = costing->batch->revision;
    struct cost_flow flow;
    struct cost_sheet sheet;
    struct sku sku;

    sku_at(revision->made, passes->sku, &sku);
    cost_flow(revision->spec, &sku, arena, &flow);
    if (!flow.valid)
        return false;
    cost_reckon_run(revision->spec, &flow, rational_integer(good), rational_integer(good), arena,
                    &sheet);
    double rest = total_of(sheet.amounts);
    for (int i = 0; i < sheet.step_count; i++) {
        const struct cost_step *step = &sheet.steps[i];
        double amount = total_of(step->amounts), through = money(step->n);
        rest -= amount;
        if (through > 0)
            *cost += amount / through * (double)passes->left[step->step->index];
    }
    *cost += rest / (double)good * (double)passes->good;
    return sheet.valid;
}

bool costing_reckon(const struct costing *costing, double *unit_cost, int64_t *good_units)
{
    const struct batch *batch = costing->batch;
    const void *numbers = rational_mark();
    struct arena arena = {0};
    int64_t good = 0;
    double cost = 0;
    bool known = true;

    for (struct passes *passes = costing->passes; passes; passes = passes->next) {
        passes->good = 0;
        for (int32_t i = 0; i < batch->unit_count; i++)
            passes->good += batch->units[i].sku == passes->sku && batch->units[i].at == PLACE_DONE;
        good += passes->good;
    }
    for (const struct passes *passes = costing->passes; good && known && passes;
         passes = passes->next)
        known = cost_of(costing, passes, good, &arena, &cost);
    rational_release_since(numbers);
    arena_free(&arena);
    if (!good || !known)
        return false;
    *unit_cost = cost / (double)good;
    *good_units = good;
    return true;
}
