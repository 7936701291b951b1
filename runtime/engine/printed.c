/* What follows from a finished job: its pieces complete units, and those pass their step. */
#include "engine/deciding.h"

#include <string.h>

/* Pieces of a part that lie there, with those of a job that is not applied yet. */
static int64_t pieces_of(const struct batch *batch, const struct step *step,
                         const struct part *part, int32_t sku, const struct job *job)
{
    int64_t count = 0;
    for (const struct printed_pieces *row = batch->steps[step->index].printed; row; row = row->next)
        count += row->part == part && row->sku == sku ? row->count : 0;
    for (const struct job_part *row = job->parts; row; row = row->next)
        if (row->batch == batch && row->step == step && row->part == part && row->sku == sku)
            count += row->count;
    return count;
}

/* How many units of a SKU have all their parts of this step. */
static int64_t complete_units(const struct batch *batch, const struct step *step, int32_t sku,
                              const struct job *job)
{
    int64_t units = INT64_MAX;
    struct sku one;
    sku_at(batch->revision->made, sku, &one);
    for (const struct simple *row = step_parts(step); row; row = row->next) {
        const struct part *part = value_part(&row->value, &one);
        int64_t each =
            part ? rational_to_int(contained_count(batch->revision->made, &part->base, &one, true))
                 : 0;
        int64_t whole = each > 0 ? pieces_of(batch, step, part, sku, job) / each : INT64_MAX;
        units = whole < units ? whole : units;
    }
    return units == INT64_MAX ? 0 : units;
}

/* A unit that may not pass stays where it is, and its pieces with it; the job is done all the same. */
static bool passes(struct deciding *at, const struct job *job, const struct batch *batch,
                   const struct step *step, int64_t first, int64_t count)
{
    int events = at->decision->count;
    bool may = may_leave(at, batch, step, first, count, OUTCOME_PASS, job);
    at->decision->count = events;
    *at->decision->refusal = *at->decision->place = '\0';
    return may;
}

static void pass_complete(struct deciding *at, const struct job *job, const struct job_part *of)
{
    const struct batch *batch = of->batch;
    int64_t left = complete_units(batch, of->step, of->sku, job);
    int32_t ending = 0;

    for (int32_t i = 1; i <= batch->unit_count && left > 0; i++) {
        int32_t end = i;
        while (end <= batch->unit_count && end - i < left &&
               batch->units[end - 1].at == of->step->index && batch->units[end - 1].sku == of->sku)
            end++;
        if (end == i)
            continue;
        if (passes(at, job, batch, of->step, i, end - i))
            ending += send_run(at, batch, of->step, i, end, OUTCOME_PASS, job->name);
        left -= end - i;
        i = end - 1;
    }
    if (ending)
        close_if_last(at, batch, ending);
}

static bool is_any_held(const struct job *job)
{
    const struct job_lot *own = job->lots;
    while (own && !own->lot->held)
        own = own->next;
    return own != NULL;
}

/* Said when the units leave and not when the print began: then it counts for these alone, though another printer prints of
   another lot at the same time. */
static void say_lots(struct deciding *at, const struct job *job, const struct job_part *of)
{
    for (const struct job_lot *own = job->lots; own; own = own->next) {
        if (!step_uses(of->batch, of->step, own->lot->what))
            continue;
        struct message *event = happens(at, EVENT_lot_used);
        event->lot_used.batch = of->batch->name;
        event->lot_used.step = name_of(at, of->step->base.name);
        event->lot_used.lot = own->lot->name;
        event->lot_used.what = own->lot->what;
    }
}

void take_printed_along(struct deciding *at, const struct job *job)
{
    for (const struct job_part *row = job->parts; row; row = row->next) {
        const struct job_part *before = job->parts;
        while (before != row && !(before->batch == row->batch && before->step == row->step))
            before = before->next;
        if (before == row)
            say_lots(at, job, row);
        while (before != row && !(before->batch == row->batch && before->step == row->step &&
                                  before->sku == row->sku))
            before = before->next;
        if (before == row && !is_any_held(job))
            pass_complete(at, job, row);
    }
}
