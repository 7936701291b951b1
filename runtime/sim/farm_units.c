/* Units on their way from step to step. People work on what stands at a step of a batch together; then each unit goes the way
   that chance and the engine have for it: what the step needs is recorded, what is bad is found where somebody looks. */
#include "sim/farm_private.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is known of a batch ---- */

struct farm_batch *farm_batch(struct farm *farm, struct batch *batch)
{
    struct farm_batch *of = map_get(&farm->batches, NULL, batch);
    if (of)
        return of;
    size_t units = (size_t)batch->unit_count;
    size_t steps = (size_t)batch->revision->made->workflow->step_count;
    of = ARENA_NEW(&farm->arena, struct farm_batch);
    *of = (struct farm_batch){.batch = batch,
                              .work = memory_zeroed(units, sizeof *of->work),
                              .bad = memory_zeroed(units, sizeof *of->bad),
                              .queued = memory_zeroed(steps, sizeof *of->queued)};
    map_put(&farm->batches, NULL, batch, of);
    return of;
}

const struct farm_sku *farm_kind(const struct farm *farm, const struct batch *batch, int32_t sku)
{
    return &farm->kinds.skus[farm->kinds.first[batch->revision - farm->specs->revisions] + sku];
}

static const struct farm_sku *kind_of(const struct farm *farm, const struct farm_batch *of,
                                      int32_t unit)
{
    return farm_kind(farm, of->batch, of->batch->units[unit].sku);
}

/* An inspection that is not made: nobody looks, and all of it is called good. */
static bool is_left_out(const struct farm *farm, const struct farm_node *node)
{
    return node->screens && farm->settings->without & WITHOUT_SCREENS;
}

void farm_visit(struct farm *farm, const struct farm_sku *kind, const struct farm_node *node,
                int64_t count)
{
    farm->result->events += count;
    farm->result->labour += (double)count * node->labour * (1 + kind->overhead);
    farm->result->other += (double)count * node->other;
}

/* ---- in hand ---- */

bool farm_take_in_hand(struct farm *farm, struct farm_task *task, double *hands_s)
{
    struct farm_batch *of = task->of;
    const struct step *step = of->batch->revision->made->workflow->steps[task->step];
    bool any = false;
    *hands_s = 0;
    task->number = ++farm->last_task;
    of->queued[task->step] = false;
    for (int32_t i = 0; i < of->batch->unit_count; i++) {
        if (of->batch->units[i].at != task->step || of->work[i] != WORK_IS_TO_DO)
            continue;
        const struct farm_sku *kind = kind_of(farm, of, i);
        const struct farm_node *node = &kind->nodes[task->step];
        of->work[i] = task->number;
        any = true;
        if (is_left_out(farm, node))
            continue;
        *hands_s += node->hands_s;
        farm_visit(farm, kind, node, 1);
    }
    return !any || sim_begin(&farm->sim, of->batch, step);
}

int64_t farm_wait(const struct farm *farm, const struct farm_task *task)
{
    const struct farm_batch *of = task->of;
    int64_t wait_s = 0;
    for (int32_t i = 0; i < of->batch->unit_count; i++) {
        int64_t own_s =
            of->work[i] == task->number ? kind_of(farm, of, i)->nodes[task->step].wait_s : 0;
        wait_s = own_s > wait_s ? own_s : wait_s;
    }
    return wait_s;
}

/* Chance says which are bad. What came bad is bad where somebody looks. */
static void find_out(struct farm *farm, struct farm_batch *of, const struct farm_task *task)
{
    for (int32_t i = 0; i < of->batch->unit_count; i++) {
        if (of->work[i] != task->number || of->batch->units[i].at != task->step)
            continue;
        const struct farm_node *node = &kind_of(farm, of, i)->nodes[task->step];
        bool spoiled = sim_chance(&farm->sim) < node->bad;
        bool left_out = is_left_out(farm, node);
        of->bad[i] |= spoiled && left_out;
        spoiled |= of->bad[i] && node->inspects;
        of->work[i] = spoiled && !left_out ? WORK_IS_BAD : WORK_IS_GOOD;
    }
}

/* ---- what a step needs ---- */

static bool is_ready(const struct farm_batch *of, int step, int32_t unit)
{
    return of->batch->units[unit].at == step &&
           (of->work[unit] == WORK_IS_GOOD || of->work[unit] == WORK_IS_BAD);
}

static bool may_be_bad(const struct step *step)
{
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (!outcome_is_good(outcome) && step_route(step, (int)outcome)->present)
            return true;
    return false;
}

static bool says_lot(const struct job *job, const struct need *need)
{
    const struct job_lot *own = job && need->kind == NEED_LOT ? job->lots : NULL;
    while (own && strcmp(own->lot->what, need->name) != 0)
        own = own->next;
    return own != NULL;
}

/* Of a bad unit the first check says so. */
bool farm_do_needs(struct farm *farm, struct farm_batch *of, const struct step *step,
                   const struct job *job)
{
    bool again = true, bad_is_found = may_be_bad(step);
    while (again) {
        int64_t unit = 0;
        again = false;
        sim_find_needs(of->batch, step, &farm->wanted);
        for (int i = 0; i < farm->wanted.count; i++) {
            const struct need *need = &farm->wanted.needs[i];
            bool first = need->unit != unit;
            unit = need->unit;
            if ((unit && !is_ready(of, step->index, (int32_t)unit - 1)) || says_lot(job, need))
                continue;
            bool bad = unit && first && bad_is_found && of->work[unit - 1] == WORK_IS_BAD;
            if (!sim_satisfy(&farm->sim, of->batch, step, need, !bad))
                return false;
            again = true;
        }
        again &= step->base.kind != KIND_gate;
    }
    return true;
}

/* ---- leaving ---- */

/* Whether it leaves badly: it was found, or it is where nothing is looked at but by the way. */
static bool leaves_badly(const struct farm_batch *of, const struct step *step, int32_t unit)
{
    const struct finding *finding = unit_finding(of->batch, unit + 1, step->index);
    return of->work[unit] == WORK_IS_BAD && may_be_bad(step) &&
           (step->base.kind != KIND_inspect || !finding || finding->bad);
}

/* What came back to an inspection is inspected for itself, and goes apart from what the sample speaks for. */
static bool goes_with(const struct farm_batch *of, const struct step *step, int32_t unit,
                      int32_t first)
{
    const struct finding *one = unit_finding(of->batch, unit + 1, step->index);
    const struct finding *other = unit_finding(of->batch, first + 1, step->index);
    return is_ready(of, step->index, unit) && !leaves_badly(of, step, unit) &&
           (!one || one->alone == other->alone);
}

static void gone(struct farm_batch *of, int step, int32_t unit, bool good)
{
    if (of->batch->units[unit].at == step && good)
        return; /* it waits for the others of its sample */
    of->bad[unit] = good ? of->bad[unit] || of->work[unit] == WORK_IS_BAD : false;
    of->work[unit] = WORK_IS_TO_DO;
}

static bool send_on(struct farm *farm, struct farm_batch *of, const struct step *step, bool *left)
{
    const struct batch *batch = of->batch;
    int32_t end;
    for (int32_t i = 0; i < batch->unit_count; i = end) {
        bool goes = false;
        end = i + 1;
        if (!is_ready(of, step->index, i))
            continue;
        if (leaves_badly(of, step, i)) {
            if (!sim_leave_badly(&farm->sim, batch, step, i + 1, &goes))
                return false;
            if (goes)
                gone(of, step->index, i, false);
        } else {
            while (end < batch->unit_count && goes_with(of, step, end, i))
                end++;
            if (!sim_leave(&farm->sim, batch, step, i + 1, end - i, "pass", &goes))
                return false;
            for (int32_t k = i; goes && k < end; k++)
                gone(of, step->index, k, true);
        }
        *left |= goes;
    }
    return true;
}

/* Those that were worked on leave, as far as the engine lets them. */
static bool leave_step(struct farm *farm, struct farm_batch *of, const struct step *step,
                       bool *left)
{
    bool any = false;
    for (int32_t i = 0; i < of->batch->unit_count && !any; i++)
        any = is_ready(of, step->index, i);
    if (!any)
        return true;
    for (int32_t i = 0; i < of->batch->unit_count; i++) /* whoever signs a gate signs for all */
        if (step->base.kind == KIND_gate && of->batch->units[i].at == step->index)
            of->work[i] = WORK_IS_TO_DO;
    if (!farm_do_needs(farm, of, step, NULL))
        return false;
    *left |= step->base.kind == KIND_gate;
    return step->base.kind == KIND_gate || send_on(farm, of, step, left);
}

/* ---- what came of it ---- */

static bool dispose(struct farm *farm, struct farm_batch *of, int32_t unit)
{
    struct message scrap = {
        .kind = COMMAND_dispose_unit,
        .dispose_unit = {of->batch->name, unit + 1, "scrap", "not good enough"}};
    bool again = false;
    of->work[unit] = WORK_IS_TO_DO;
    of->bad[unit] = false;
    if (!(farm->settings->without & WITHOUT_RETRIES) &&
        !sim_retry(&farm->sim, of->batch, unit + 1, &again))
        return false;
    return again || sim_do(&farm->sim, simulated_inspector, &scrap);
}

static void count_scrap(struct farm *farm, struct farm_batch *of, int32_t unit)
{
    of->work[unit] = WORK_IS_OVER;
    farm->result->scrapped++;
    farm->result->wasted_g += kind_of(farm, of, unit)->grams;
    farm_want_plan(farm);
}

/* Neighbours that are done, for one line: packed together. How many, at least one; 0 with a failure. */
static int32_t finish(struct farm *farm, struct farm_batch *of, int32_t first)
{
    const struct batch *batch = of->batch;
    struct farm_day *today = farm_today(farm);
    int32_t end = first;
    for (; end < batch->unit_count && batch->units[end].at == PLACE_DONE &&
           of->work[end] != WORK_IS_OVER && batch->units[end].line == batch->units[first].line;
         end++) {
        of->work[end] = WORK_IS_OVER;
        farm->result->escaped += of->bad[end];
    }
    if (batch->purpose == PURPOSE_SAMPLE)
        farm_want_plan(farm); /* production may begin */
    else
        farm->result->done += end - first;
    if (today && batch->purpose != PURPOSE_SAMPLE)
        today->done += end - first;
    bool good = !batch->units[first].line || farm_pack(farm, batch, first + 1, end - first);
    return good ? end - first : 0;
}

/* Comes to a step: a person is wanted, or nobody and it goes on at once. */
static bool come(struct farm *farm, struct farm_batch *of, int32_t unit)
{
    int step = of->batch->units[unit].at;
    const struct farm_node *node = &kind_of(farm, of, unit)->nodes[step];
    struct farm_task task = {.printer = -1, .of = of, .station = node->station, .step = step};
    if (node->prints) {
        farm->printable = true;
        return true;
    }
    bool idle = (node->hands_s <= 0 && !node->wait_s) || is_left_out(farm, node);
    if (idle) {
        double none_s;
        bool good = farm_take_in_hand(farm, &task, &none_s);
        find_out(farm, of, &task);
        return good;
    }
    if (of->queued[step])
        return true;
    of->queued[step] = true;
    return farm_want_work(farm, &task);
}

static bool see_unit(struct farm *farm, struct farm_batch *of, int32_t unit, int32_t *count)
{
    const struct piece *it = &of->batch->units[unit];
    *count = 1;
    if (of->work[unit] == WORK_IS_OVER)
        return true;
    if (it->at == PLACE_QUARANTINE && !dispose(farm, of, unit))
        return false;
    if (it->at == PLACE_SCRAP)
        count_scrap(farm, of, unit);
    if (it->at == PLACE_DONE)
        return (*count = finish(farm, of, unit)) > 0;
    return it->at < 0 || of->work[unit] != WORK_IS_TO_DO || come(farm, of, unit);
}

/* Until nothing goes on any more by itself. */
bool farm_see_units(struct farm *farm, struct farm_batch *of)
{
    const struct workflow *workflow = of->batch->revision->made->workflow;
    bool left = true;
    while (left) {
        left = false;
        for (int32_t i = 0, count; i < of->batch->unit_count; i += count)
            if (!see_unit(farm, of, i, &count))
                return false;
        for (int s = 0; s < workflow->step_count; s++)
            if (of->batch->steps[s].standing && !leave_step(farm, of, workflow->steps[s], &left))
                return false;
    }
    return true;
}

bool farm_work_done(struct farm *farm, const struct farm_task *task)
{
    find_out(farm, task->of, task);
    return farm_see_units(farm, task->of);
}

/* Whether nothing of the batch is in anybody's hands or before a printer, though it is not over. */
static bool stands_still(const struct farm_batch *of)
{
    for (int32_t i = 0; i < of->batch->unit_count; i++) {
        int step = of->batch->units[i].at;
        if (of->work[i] != WORK_IS_OVER && (step < 0 || !is_ready(of, step, i)))
            return false;
    }
    return of->batch->started && !of->batch->closed;
}

/* A bad unit that went each way as often as the spec allows stays where it is; what else stays is our fault. */
bool farm_none_stands_still(struct farm *farm)
{
    const struct chain_link *link = farm->specs->state.open_batches.first;
    for (; link; link = link->next) {
        const struct farm_batch *of = map_get(&farm->batches, NULL, link->thing);
        int32_t bad = 0;
        if (!of || !stands_still(of))
            continue;
        while (bad < of->batch->unit_count && of->work[bad] != WORK_IS_BAD)
            bad++;
        if (bad == of->batch->unit_count)
            return fail(farm->sim.failure, "the simulation cannot go on: batch %s stands still",
                        of->batch->name);
        if (!*farm->result->waits)
            snprintf(
                farm->result->waits, sizeof farm->result->waits,
                "unit %d of batch %s is bad, and went each way from its step as often as it may",
                bad + 1, of->batch->name);
    }
    return true;
}
