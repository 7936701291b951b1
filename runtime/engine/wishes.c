/* What a planner wishes of the plan: held, ranked, pinned, split. The planner goes by it; what must not happen in the meantime is
   refused where it would (batches.c, jobs.c). */
#include "engine/deciding.h"

#include <string.h>

/* ---- lines and batches ---- */

/* The fields with which the commands begin that are of either. */
struct work {
    const char *order, *line, *batch;
};

/* What is named; refuses and returns NULL where it is not there, or not to be planned any more. */
static const struct wish *wish_of(struct deciding *at, const struct work *work)
{
    const struct batch *batch = *work->batch ? state_batch(at->state, work->batch) : NULL;
    const struct order_line *line =
        *work->batch ? NULL : state_line(at->state, work->order, work->line);

    if (*work->batch && (*work->order || *work->line))
        refuse(at, "name a batch, or a line of an order; not both");
    else if (*work->batch && !batch)
        refuse(at, "there is no batch %s", work->batch);
    else if (*work->batch && batch->closed)
        refuse(at, "batch %s is %s", batch->name, batch->cancelled ? "cancelled" : "closed");
    else if (batch)
        return &batch->wish;
    else if (!*work->order || !*work->line)
        refuse(at, "name a batch, or an order and its line");
    else if (!line)
        refuse(at, "there is no line %s of order %s", work->line, work->order);
    else
        return &line->wish;
    return NULL;
}

bool decide_hold_work(struct deciding *at)
{
    const struct hold_work *asked = &at->command->hold_work;
    const struct wish *wish = wish_of(at, &(struct work){asked->order, asked->line, asked->batch});

    if (!wish)
        return false;
    if (!*asked->reason)
        return refuse(at, "say why: the plan says it to whoever asks");
    if (wish->held != asked->reason)
        happens_as_asked(at, EVENT_work_held);
    return true;
}

bool decide_free_work(struct deciding *at)
{
    const struct free_work *asked = &at->command->free_work;
    const struct wish *wish = wish_of(at, &(struct work){asked->order, asked->line, asked->batch});

    if (!wish)
        return false;
    if (wish->held)
        happens_as_asked(at, EVENT_work_freed);
    return true;
}

enum { RANK_AT_MOST = 1000000 };

bool decide_rank_work(struct deciding *at)
{
    const struct rank_work *asked = &at->command->rank_work;
    const struct wish *wish = wish_of(at, &(struct work){asked->order, asked->line, asked->batch});

    if (!wish)
        return false;
    if (asked->rank < 0 || asked->rank > RANK_AT_MOST)
        return refuse(at, "a rank is 1 to %d, 1 the first; 0 is none", RANK_AT_MOST);
    if (wish->rank != asked->rank)
        happens_as_asked(at, EVENT_work_ranked);
    return true;
}

bool decide_pin_batch(struct deciding *at)
{
    const struct pin_batch *asked = &at->command->pin_batch;
    const struct batch *batch = state_batch(at->state, asked->batch);

    if (!batch)
        return refuse(at, "there is no batch %s", asked->batch);
    if (batch->closed)
        return refuse(at, "batch %s is %s", batch->name, batch->cancelled ? "cancelled" : "closed");
    if (*asked->printer && !is_name(at, "a printer", asked->printer))
        return false;
    if ((batch->pinned ? batch->pinned : name_of(at, "")) != asked->printer)
        happens_as_asked(at, EVENT_batch_pinned);
    return true;
}

/* ---- splitting ---- */

/* Whether a sample may stand for all of the batch already; refuses where it may. */
static bool is_no_sample_begun(struct deciding *at, const struct batch *batch)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    for (int s = 0; s < workflow->step_count; s++)
        if (batch->steps[s].lot.came && step_judges_lots(workflow->steps[s]))
            return refuse(at,
                          "units of batch %s have come to %s, whose sample is of the whole batch",
                          batch->name, workflow->steps[s]->base.name);
        else if (batch->steps[s].count_judged && batch->steps[s].standing)
            return refuse(at, "what is at %s was counted already", workflow->steps[s]->base.name);
    return true;
}

/* Parts of a SKU for a step that are printed and in no unit yet, or are to be printed. */
static int64_t pieces_for(struct deciding *at, const struct batch *batch, const struct step *step,
                          const struct part *part, int32_t sku)
{
    int64_t pieces = 0;
    for (const struct printed_pieces *row = batch->steps[step->index].printed; row; row = row->next)
        pieces += row->part == part && row->sku == sku ? row->count : 0;
    for (int i = 0; i < at->state->jobs.count; i++) {
        const struct job *job = at->state->jobs.things[i];
        if (job->stage == JOB_DONE || job->stage == JOB_CANCELLED)
            continue;
        for (const struct job_part *row = job->parts; row; row = row->next)
            if (row->batch == batch && row->step == step && row->part == part && row->sku == sku)
                pieces += row->count;
    }
    return pieces;
}

/* Whether those of the first `kept` units that stand at a step take what is printed, or to be, for a SKU; refuses where not. */
static bool are_pieces_taken(struct deciding *at, const struct batch *batch, int step, int32_t sku,
                             int64_t kept)
{
    const struct step *of = batch->revision->made->workflow->steps[step];
    int64_t standing = 0;
    struct sku one;

    sku_at(batch->revision->made, sku, &one);
    for (int64_t i = 0; i < kept; i++)
        standing += batch->units[i].at == step && batch->units[i].sku == sku;
    for (const struct simple *row = step_parts(of); row; row = row->next) {
        const struct part *part = value_part(&row->value, &one);
        int64_t pieces = part ? pieces_for(at, batch, of, part, sku) : 0;
        int64_t each =
            pieces
                ? rational_to_int(contained_count(batch->revision->made, &part->base, &one, true))
                : 0;
        if (pieces > standing * each)
            return refuse(at, "%lld x %s are printed or queued for batch %s; cancel the job first",
                          (long long)pieces, part->base.name, batch->name);
    }
    return true;
}

/* The new batch is as the old one: its spec, purpose, lines, and what was wished of it. */
static void make_batch(struct deciding *at, const struct batch *batch, int64_t kept)
{
    const struct split_batch *asked = &at->command->split_batch;
    const char *none = name_of(at, "");

    happens(at, EVENT_batch_opened)->batch_opened = (struct batch_opened){
        asked->into, batch->product->name, name_of(at, batch->revision->snapshot),
        name_of(at, batch->purpose == PURPOSE_SAMPLE ? "sample" : "production")};
    for (int64_t i = kept, next; i < batch->unit_count; i = next) {
        const struct piece *unit = &batch->units[i];
        struct sku sku;
        sku_at(batch->revision->made, unit->sku, &sku);
        for (next = i + 1; next < batch->unit_count && batch->units[next].sku == unit->sku &&
                           batch->units[next].line == unit->line;)
            next++;
        happens(at, EVENT_units_added)->units_added = (struct units_added){
            asked->into, name_of(at, sku_code(batch->revision->spec, &sku, at->decision->arena)),
            next - i, unit->line ? unit->line->order : none, unit->line ? unit->line->line : none};
    }
    if (batch->started)
        happens(at, EVENT_batch_started)->batch_started.batch = asked->into;
    if (batch->wish.held)
        happens(at, EVENT_work_held)->work_held =
            (struct work_held){none, none, asked->into, batch->wish.held};
    if (batch->wish.rank)
        happens(at, EVENT_work_ranked)->work_ranked =
            (struct work_ranked){none, none, asked->into, batch->wish.rank};
    if (batch->pinned)
        happens(at, EVENT_batch_pinned)->batch_pinned =
            (struct batch_pinned){asked->into, batch->pinned};
}

/* Refuses where one of the units after the first `kept` cannot be taken out. */
static bool can_be_taken_out(struct deciding *at, const struct batch *batch, int64_t kept)
{
    for (int64_t i = kept + 1; i <= batch->unit_count; i++) {
        const struct piece *unit = &batch->units[i - 1];
        bool seen = i > kept + 1 && unit->sku == batch->units[i - 2].sku;
        if (!unit_is_untouched(batch, i))
            return refuse(at, "something was done with unit %lld of batch %s already", (long long)i,
                          batch->name);
        if (batch->started && !seen && !are_pieces_taken(at, batch, unit->at, unit->sku, kept))
            return false;
    }
    return !batch->started || (is_no_sample_begun(at, batch) && is_large_enough(at, batch, kept) &&
                               is_large_enough(at, batch, batch->unit_count - kept));
}

bool decide_split_batch(struct deciding *at)
{
    const struct split_batch *asked = &at->command->split_batch;
    const struct batch *batch = state_batch(at->state, asked->batch);

    if (!batch)
        return refuse(at, "there is no batch %s", asked->batch);
    if (batch->closed)
        return refuse(at, "batch %s is %s", batch->name, batch->cancelled ? "cancelled" : "closed");
    if (!is_name(at, "a batch", asked->into))
        return false;
    if (state_batch(at->state, asked->into))
        return refuse(at, "batch %s is there already", asked->into);
    if (asked->count < 1 || asked->count >= batch->unit_count)
        return refuse(at, "of the %d units of batch %s some stay and some go", batch->unit_count,
                      batch->name);
    if (!can_be_taken_out(at, batch, batch->unit_count - asked->count))
        return false;
    happens(at, EVENT_units_taken_out)->units_taken_out =
        (struct units_taken_out){batch->name, asked->count};
    close_if_last(at, batch, (int32_t)asked->count); /* the others are done */
    make_batch(at, batch, batch->unit_count - asked->count);
    return true;
}
