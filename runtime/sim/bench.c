/* Simulated work on a batch: at each step what is needed is done, as often good as the spec expects, and the units go on. */
#include "sim/private.h"

#include "cost/cost.h"

#include <stdlib.h>

/* ---- how long it takes ---- */

struct pace {
    double bench_s, machine_s; /* a unit */
};

static double seconds(struct rational number)
{
    return rational_to_double(number);
}

/* From what the cost is reckoned with, at the batch's size. */
static struct pace *paces_of(const struct batch *batch, struct arena *arena)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    struct pace *paces = ARENA_ARRAY(arena, struct pace, workflow->step_count);
    struct cost_sheet sheet;
    struct sku sku;

    sku_at(batch->revision->made, batch->units[0].sku, &sku);
    cost_reckon(batch->revision->spec, &sku, rational_integer(batch->unit_count), arena, &sheet);
    for (int i = 0; i < sheet.step_count; i++) {
        const struct cost_step *step = &sheet.steps[i];
        double through = seconds(step->n);
        if (through > 0)
            paces[step->step->index] = (struct pace){seconds(step->labour_s) / through,
                                                     seconds(step->machine_s) / through};
    }
    return paces;
}

/* Does all that is needed; a unit is bad, with its first check, as often as the spec expects it. */
static bool do_what_is_needed(struct simulated *sim, const struct batch *batch,
                              const struct step *step)
{
    double bad = sim_bad_share(batch, step);
    struct sim_wanted wanted = {0};
    bool done = true, again = true;
    while (done && again) {
        int64_t unit = 0, spoiled = 0;
        sim_find_needs(batch, step, &wanted);
        for (int i = 0; i < wanted.count && done; i++) {
            const struct need *need = &wanted.needs[i];
            bool first = need->unit && need->unit != unit;
            unit = need->unit;
            bool good = !first || sim_chance(sim) >= bad;
            if (unit && unit == spoiled)
                continue; /* what is bad already is looked at no further */
            if (!good)
                spoiled = unit;
            done = sim_satisfy(sim, batch, step, need, good);
        }
        again = wanted.count && !spoiled && step->base.kind != KIND_gate;
    }
    free(wanted.needs);
    return done;
}

/* ---- going on ---- */

/* Whether a machine or a person spoiled it here, where nothing looks at units. */
static bool is_spoiled(struct simulated *sim, const struct batch *batch, const struct step *step,
                       int64_t unit)
{
    const struct finding *finding = unit_finding(batch, unit, step->index);
    if (finding)
        return finding->bad != 0;
    return sim_chance(sim) < sim_bad_share(batch, step);
}

static bool send_on(struct simulated *sim, const struct batch *batch, const struct step *step,
                    bool *left)
{
    int64_t first = 1;
    for (int64_t i = 1; i <= batch->unit_count + 1; i++) {
        bool stands = i <= batch->unit_count && batch->units[i - 1].at == step->index;
        bool spoiled = stands && is_spoiled(sim, batch, step, i);
        if (stands && !spoiled)
            continue;
        if (i > first && !sim_leave(sim, batch, step, first, i - first, "pass", left))
            return false;
        if (spoiled && !sim_leave_badly(sim, batch, step, i, left))
            return false;
        sim->result->units_scrapped += spoiled && batch->units[i - 1].at == PLACE_SCRAP;
        first = i + 1;
    }
    return true;
}

/* Nobody works by the clock: a fifth more or less, evenly. */
static double hand(struct simulated *sim)
{
    return 0.8 + 0.4 * sim_chance(sim);
}

static bool work_step(struct simulated *sim, const struct batch *batch, const struct step *step,
                      const struct pace *pace, bool *left)
{
    int32_t count = units_at(batch, step->index);
    if (!sim_begin(sim, batch, step))
        return false;
    sim_machine_works(sim, pace->machine_s * count);
    sim_person_works(sim, pace->bench_s * count * hand(sim));
    if (!do_what_is_needed(sim, batch, step))
        return false;
    if (step->base.kind == KIND_gate) {
        *left = true;
        return true;
    }
    return send_on(sim, batch, step, left);
}

/* What else came into quarantine is scrapped: a simulated shop has nobody who would look at it. */
static bool clear_quarantine(struct simulated *sim, const struct batch *batch, bool *left)
{
    for (int64_t i = 1; i <= batch->unit_count; i++) {
        struct message command = {.kind = COMMAND_dispose_unit,
                                  .dispose_unit = {batch->name, i, "scrap", "not good enough"}};
        bool gone = false;
        if (batch->units[i - 1].at != PLACE_QUARANTINE)
            continue;
        if (!sim_retry(sim, batch, i, &gone))
            return false;
        *left = true;
        if (gone)
            continue;
        sim->result->units_scrapped++;
        if (!sim_do(sim, simulated_inspector, &command))
            return false;
    }
    return true;
}

bool sim_work_batch(struct simulated *sim, struct batch *batch)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    struct arena arena = {0};
    const struct pace *paces = paces_of(batch, &arena);
    bool good = true;

    while (good && !batch->closed) {
        bool left = false;
        for (int i = 0; i < workflow->step_count && good; i++)
            if (units_at(batch, i))
                good = work_step(sim, batch, workflow->steps[i], &paces[i], &left) &&
                       shop_commit(sim->shop, sim->failure);
        good = good && clear_quarantine(sim, batch, &left);
        if (good && !left && !batch->closed)
            good = fail(sim->failure, "batch %s stands still", batch->name);
    }
    for (int32_t i = 0; good && i < batch->unit_count; i++) /* after a failure it is another one */
        sim->result->units_made += batch->units[i].at == PLACE_DONE;
    arena_free(&arena);
    return good;
}
