/* flowd plan --apply: what was found at its print becomes jobs, in the order of the plan. */
#include "flowd/plan.h"

#include <stdio.h>
#include <stdlib.h>

struct queueing {
    struct planned *planned;
    struct arena arena;
    struct plan_slicing slicing;
    struct answer answer;
    int last_name; /* of jobs that were named here */
    int status;
};

static void ends_with(struct queueing *at, int status)
{
    at->status = status > at->status ? status : at->status;
}

/* False where the machine was in the way; a refusal is an answer. */
static bool ask(struct queueing *at, struct message *command)
{
    if (desk_ask(&at->planned->desk, command, &at->answer))
        return true;
    ends_with(at, EXIT_ENVIRONMENT);
    return false;
}

/* "J-7": the first that no job has. */
static const char *free_name(struct queueing *at)
{
    const struct workshop *shop = at->planned->desk.shop;
    for (;;) {
        const char *name = arena_printf(&at->arena, "J-%d", ++at->last_name);
        if (!state_job(shop_state(shop), shop_name(shop, name)))
            return name;
    }
}

/* Whether all of it stands at its print still: somebody may have queued it while it was sliced. */
static bool still_stands(const struct queueing *at, const struct plan_job *job)
{
    const struct workshop *shop = at->planned->desk.shop;
    const struct state *state = shop_state(shop);
    for (int i = 0; i < job->part_count; i++) {
        const struct plan_job_part *part = &job->parts[i];
        const struct batch *batch = state_batch(state, shop_name(shop, part->batch));
        int index = batch ? batch_step_index(batch, part->step) : -1;
        struct sku sku;
        if (index < 0 || !state_sku(state, batch->revision, shop_name(shop, part->sku), &sku))
            return false;
        int64_t units = 0;
        for (int32_t k = 0; k < batch->unit_count; k++)
            units += batch->units[k].at == index && batch->units[k].sku == sku.index;
        const struct step *step = batch->revision->made->workflow->steps[index];
        if (units - units_in_jobs(state, batch, step, (int32_t)sku.index) < part->units)
            return false;
    }
    return true;
}

/* ---- one job ---- */

/* A server begins a job as soon as it may: what lies on a plate of several must be said before. */
static bool hold(struct queueing *at, const struct plan_job_part *first, bool held)
{
    struct message command = {.kind = COMMAND_free_work, .free_work = {.batch = first->batch}};
    if (held) {
        command.kind = COMMAND_hold_work;
        command.hold_work = (struct hold_work){.batch = first->batch,
                                               .reason = "flowd plan puts its plate together"};
    }
    return ask(at, &command);
}

static bool add_rest(struct queueing *at, const struct plan_job *job, const char *name)
{
    for (int i = 1; i < job->part_count && at->answer.accepted; i++) {
        const struct plan_job_part *part = &job->parts[i];
        struct message command = {
            .kind = COMMAND_add_to_job,
            .add_to_job = {name, part->batch, part->step, part->sku, part->parts}};
        if (!ask(at, &command))
            return false;
    }
    if (at->answer.accepted)
        return true;
    struct answer why = at->answer;
    struct message cancel = {.kind = COMMAND_cancel_job,
                             .cancel_job = {name, "not all of its plate could be said"}};
    bool good = ask(at, &cancel);
    at->answer = why;
    return good;
}

static bool queue(struct queueing *at, const struct plan_job *job, const char *name)
{
    const struct plan_job_part *first = job->parts;
    const char *file = job->file ? arena_printf(&at->arena, "%s.gcode", job->file->name) : NULL;
    struct message command = {
        .kind = COMMAND_queue_job,
        .queue_job = {name, first->batch, first->step, first->sku, first->parts, file}};
    bool holds = job->part_count > 1 && at->planned->desk.client;
    struct answer said;

    if (holds && (!hold(at, first, true) || !at->answer.accepted))
        return at->status != EXIT_ENVIRONMENT;
    bool good = ask(at, &command) && (!at->answer.accepted || add_rest(at, job, name));
    said = at->answer;
    good = (!holds || hold(at, first, false)) && good;
    at->answer = said;
    return good;
}

static bool queue_job(struct queueing *at, const struct plan_job *job)
{
    if (!still_stands(at, job)) {
        complain("%s are not at their print any more: they are left as they are", job->label);
        return true;
    }
    const char *name = free_name(at);
    if (!queue(at, job, name))
        return false;
    if (at->answer.accepted)
        printf("%s: %s, queued\n", name, job->label);
    else
        complain("%s: refused: %s", name, at->answer.refusal);
    if (!at->answer.accepted)
        ends_with(at, EXIT_FINDINGS);
    return true;
}

/* ---- all ---- */

static bool open_again(struct desk *desk)
{
    return desk->shop || (desk_write(desk) && desk_read(desk));
}

int planned_queue(struct planned *planned)
{
    struct queueing at = {.planned = planned,
                          .status = planned->jobs.unlaid ? EXIT_FINDINGS : EXIT_CLEAN};
    for (int i = 0; i < planned->jobs.count; i++) {
        const struct plan_job *job = &planned->jobs.items[i];
        if (job->file && !plan_job_is_sliced(planned, job)) {
            desk_close(&planned->desk);
            int sliced = plan_job_slice(planned, &at.slicing, job);
            ends_with(&at, sliced);
            if (sliced != EXIT_CLEAN || planned->no_slice)
                continue;
        }
        if (!open_again(&planned->desk)) {
            at.status = EXIT_ENVIRONMENT;
            break;
        }
        if (!queue_job(&at, job))
            break;
    }
    arena_free(&at.arena);
    return at.status;
}
