/* Changes of a plan: what they touch is planned anew, the rest stays. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LOOKS_AFTER_CHANGE = 2000 }; /* plates that are timed again to make it better */

/* ---- batches ---- */

/* Of a group with no more batches that were not started, all are made again. */
enum { FEW_BATCHES = 6 };

static void note(struct plan_queue *queue, int item)
{
    if (queue_find(queue, item) < 0)
        queue_add(queue, item);
}

/* A batch that was not started and has units of the line, the last; -1. */
static int planned_batch(const struct plan *plan, int line)
{
    const struct plan_queue *of_line = &plan->own->of_line[line];
    int i = of_line->count - 1;
    while (i >= 0 && plan->batches[of_line->items[i]].state == PLAN_BATCH_STARTED)
        i--;
    return i < 0 ? -1 : of_line->items[i];
}

/* Those that have units of the line; if none, that of the line before it, with which it belongs. */
static void note_where_it_belongs(const struct plan *plan, int line, struct plan_queue *apart)
{
    const struct plan_queue *of_line = &plan->own->of_line[line];
    const struct plan_queue *lines = &plan->own->lines[plan->lines[line].group];
    for (int i = 0; i < of_line->count; i++)
        if (plan->batches[of_line->items[i]].state != PLAN_BATCH_STARTED)
            note(apart, of_line->items[i]);
    if (planned_batch(plan, line) >= 0)
        return;
    int place = line_place(plan, line), batch = -1;
    for (int i = place - 1; i >= 0 && batch < 0; i--)
        batch = planned_batch(plan, lines->items[i]);
    for (int i = place + 1; i < lines->count && batch < 0; i++)
        batch = planned_batch(plan, lines->items[i]);
    if (batch >= 0)
        note(apart, batch);
}

/* Those that wait, and the last that does not: so that in the end what is due last waits. */
static void note_the_last(const struct plan *plan, int group, struct plan_queue *apart)
{
    const struct plan_queue *batches = &plan->own->batches[group],
                            *lines = &plan->own->lines[group];
    for (int i = 0; i < batches->count; i++)
        if (plan->batches[batches->items[i]].state == PLAN_BATCH_WAITS)
            note(apart, batches->items[i]);
    for (int i = lines->count - 1; i >= 0; i--) {
        int batch = planned_batch(plan, lines->items[i]);
        if (batch >= 0 && plan->batches[batch].state == PLAN_BATCH_OPENS) {
            note(apart, batch);
            return;
        }
    }
}

/* Batches that share a plate with one of these are made again with it. */
static void note_sharers(const struct plan *plan, int batch, struct plan_queue *apart)
{
    const struct plan_queue *plates = &plan->batches[batch].plates;
    for (int i = 0; i < plates->count; i++) {
        const struct plan_plate *plate = &plan->plates[plates->items[i]];
        for (int k = 0; k < plate->piece_count; k++)
            if (plan->batches[plate->pieces[k].batch].state != PLAN_BATCH_STARTED)
                note(apart, plate->pieces[k].batch);
    }
}

/* What shares a release that leaves too little is divided anew as a whole: it goes to what is due first. Whether it does so,
   for so many more units. */
static bool note_group(const struct plan *plan, int group, int64_t more, struct plan_queue *groups,
                       struct plan_queue *apart)
{
    const struct plan_queue siblings = release_groups(plan, &group);
    bool known = queue_find(groups, group) >= 0, binds = release_binds(plan, group, more);
    note(groups, group);
    for (int i = 0; !known && binds && i < siblings.count; i++) {
        struct plan_queue planned = {0};
        add_planned(plan, siblings.items[i], &planned);
        for (int k = 0; k < planned.count; k++)
            note(apart, planned.items[k]);
        note(groups, siblings.items[i]);
        free(planned.items);
    }
    return binds;
}

/* These batches and their plates are made again, of what was in them and what is in none. */
static void replan(struct plan *plan, struct plan_queue *apart, struct plan_queue *groups)
{
    struct plan_queue near = {0}, batches = {0}, shared = {0};

    for (int i = 0; i < apart->count; i++) { /* which grows */
        note_group(plan, plan->batches[apart->items[i]].group, 0, groups, apart);
        note_sharers(plan, apart->items[i], apart);
    }
    for (int i = 0; i < apart->count; i++) {
        batch_unplate(plan, apart->items[i], &near);
        batch_free(plan, apart->items[i]);
    }
    for (int i = 0; i < groups->count; i++)
        group_form(plan, groups->items[i]);
    for (int i = 0; i < groups->count; i++) {
        const struct plan_group *group = &plan->problem.groups[groups->items[i]];
        if (group->operation_count == 1)
            family_pool(plan, group->operations[0].family, &shared, &near);
    }
    for (int i = 0; i < groups->count; i++)
        add_planned(plan, groups->items[i], &batches);
    for (int i = 0; i < shared.count; i++)
        if (queue_find(groups, plan->batches[shared.items[i]].group) < 0)
            queue_add(&batches, shared.items[i]);
    dispatch_all(plan, &batches, &near);
    put_right(plan);
    free(near.items);
    free(shared.items);
    free(batches.items);
}

static void replan_line(struct plan *plan, int line)
{
    struct plan_queue apart = {0}, groups = {0};
    int group = plan->lines[line].group;
    int64_t more = plan->lines[line].count - plan->own->in_batches[line];
    bool whole = note_group(plan, group, more, &groups, &apart);
    if (!whole)
        add_planned(plan, group, &apart);
    if (apart.count > FEW_BATCHES && !whole) {
        apart.count = 0;
        note_where_it_belongs(plan, line, &apart);
        note_the_last(plan, group, &apart);
    }
    replan(plan, &apart, &groups);
    free(apart.items);
    free(groups.items);
}

int plan_add_line(struct plan *plan, const struct plan_line *line)
{
    if (plan->line_count == plan->line_capacity) {
        int grown = plan->line_capacity ? 2 * plan->line_capacity : 64;
        struct plan_queue *of_line =
            memory_resize(plan->own->of_line, sizeof *of_line * (size_t)(grown + 1));
        memset(of_line + plan->line_capacity, 0,
               sizeof *of_line * (size_t)(grown + 1 - plan->line_capacity));
        plan->own->of_line = of_line;
        plan->own->in_batches = memory_resize(plan->own->in_batches,
                                              sizeof *plan->own->in_batches * (size_t)(grown + 1));
        plan->lines = memory_resize(plan->lines, sizeof *plan->lines * (size_t)grown);
        plan->problem.lines = plan->lines;
        plan->line_capacity = grown;
    }
    plan->lines[plan->line_count] = *line;
    plan->own->in_batches[plan->line_count] = 0;
    line_file(plan, plan->line_count);
    plan->problem.line_count = ++plan->line_count;
    replan_line(plan, plan->line_count - 1);
    return plan->line_count - 1;
}

void plan_change_line(struct plan *plan, int line, int64_t count)
{
    if (plan->lines[line].count == count)
        return;
    plan->lines[line].count = count;
    line_file(plan, line);
    replan_line(plan, line);
}

/* ---- one operation after the other ---- */

static const struct plan_queue nowhere; /* no printer in particular */

/* When all of a batch's plates of an operation are out; PLAN_NEVER where one is on no printer. */
static int64_t operation_out(const struct plan *plan, const struct plan_batch *batch, int operation)
{
    int64_t out_s = 0;
    for (int i = 0; i < batch->plates.count; i++) {
        const struct plan_plate *plate = &plan->plates[batch->plates.items[i]];
        if (plate->operation == operation && plate->printer < 0)
            return PLAN_NEVER;
        if (plate->operation == operation && plate->out_s > out_s)
            out_s = plate->out_s;
    }
    return out_s;
}

/* A batch's plates of an operation come after those of the one before: what is planned too early, or on no printer, is put
   where it can be. */
static void put_behind(struct plan *plan, int batch, int operation, int64_t ready_s)
{
    const struct plan_queue *plates = &plan->batches[batch].plates;
    for (int i = 0; i < plates->count; i++) {
        struct plan_plate *plate = &plan->plates[plates->items[i]];
        if (plate->operation == operation - 1)
            plate->must_out_s = ready_s;
        if (plate->operation != operation || plate->fixed ||
            (plate->printer >= 0 && plate->ready_s >= ready_s))
            continue;
        plate_remove(plan, plates->items[i]);
        plate->ready_s = ready_s;
        plate->must_out_s = PLAN_NEVER;
        if (ready_s != PLAN_NEVER)
            plate_insert(plan, plates->items[i], &nowhere);
    }
}

static void put_in_order(struct plan *plan, int batch)
{
    const struct plan_batch *it = &plan->batches[batch];
    const struct plan_group *group = &plan->problem.groups[it->group];
    if (it->opens_s == PLAN_NEVER)
        return;
    for (int k = it->operation < 0 ? 0 : it->operation; k < group->operation_count; k++)
        put_behind(plan, batch, k, k ? operation_out(plan, it, k - 1) : it->opens_s);
}

/* Putting one behind may make another late, by the bench's hands that it takes; seldom more than once. */
void put_all_in_order(struct plan *plan)
{
    enum { PASSES = 16 };
    bool any = true;
    for (int pass = 0; any && pass < PASSES; pass++) {
        any = false;
        for (int i = 0; i < plan->plate_count; i++) {
            const struct plan_plate *plate = &plan->plates[i];
            bool late = plate->live && plate->printer >= 0 && plate->out_s > plate->must_out_s;
            bool unplaced = plate->live && plate->printer < 0 && pass == 0;
            any |= late;
            for (int k = 0; (late || unplaced) && k < plate->piece_count; k++)
                put_in_order(plan, plate->pieces[k].batch);
        }
    }
}

/* ---- printers ---- */

/* All of its plates are on no printer; one that was begun too, for its print is lost. */
static void evacuate(struct plan *plan, int printer)
{
    while (plan->queues[printer].count) {
        int plate = plan->queues[printer].items[plan->queues[printer].count - 1];
        plan->plates[plate].fixed = false;
        plate_remove(plan, plate);
    }
}

void plan_change_printer(struct plan *plan, int printer, bool down, int64_t free_s)
{
    plan->printers[printer].free_s = free_s;
    plan->printers[printer].down = down;
    if (down)
        evacuate(plan, printer);
    else
        queue_retime(plan, printer, 0);
    put_all_in_order(plan);
    plan_improve(plan, LOOKS_AFTER_CHANGE);
    put_right(plan);
}

/* ---- going on ---- */

/* A batch that was filling fills no more. */
static void drop_seed(struct plan *plan, const struct plan_batch *batch)
{
    struct plan_queue *seeds = &plan->own->seeds[batch->group];
    for (int i = 0; i < seeds->count; i++)
        if (plan->problem.batches[seeds->items[i]].name == batch->name) {
            queue_take(seeds, i);
            return;
        }
}

/* What has begun stays, and its batch is started: its units are in no line's count any more. */
static void begin_plate(struct plan *plan, int plate)
{
    struct plan_plate *it = &plan->plates[plate];
    it->fixed = true;
    for (int i = 0; i < it->piece_count; i++) {
        struct plan_batch *batch = &plan->batches[it->pieces[i].batch];
        if (batch->state == PLAN_BATCH_STARTED)
            continue;
        int release = plan->problem.groups[batch->group].release;
        if (release)
            plan->releases[release - 1].left -= batch->count;
        batch->state = PLAN_BATCH_STARTED;
        if (batch->name)
            drop_seed(plan, batch);
        for (int k = 0; k < batch->piece_count; k++)
            if (batch->pieces[k].line >= 0 && !batch->pieces[k].there) {
                plan->own->in_batches[batch->pieces[k].line] -= batch->pieces[k].count;
                plan->lines[batch->pieces[k].line].count -= batch->pieces[k].count;
                line_file(plan, batch->pieces[k].line);
            }
    }
}

/* A batch of which nothing is left to print is no business of the plan any more. One that shares a plate has no other. */
static void forget_if_done(struct plan *plan, int plate)
{
    const struct plan_queue *plates = &plan->batches[plan->plates[plate].pieces[0].batch].plates;
    struct plan_queue batches = {0};
    for (int i = 0; i < plates->count; i++)
        if (!plan->plates[plates->items[i]].done)
            return;
    for (int i = 0; i < plan->plates[plate].piece_count; i++)
        if (queue_find(&batches, plan->plates[plate].pieces[i].batch) < 0)
            queue_add(&batches, plan->plates[plate].pieces[i].batch);
    for (int i = 0; i < batches.count; i++) {
        plates = &plan->batches[batches.items[i]].plates;
        while (plates->count)
            plate_free(plan, plates->items[0]);
        batch_free(plan, batches.items[i]);
    }
    free(batches.items);
}

/* The printer is as it is after its first plate. */
static void finish_plate(struct plan *plan, int printer)
{
    struct plan_queue *queue = &plan->queues[printer];
    int plate = queue->items[0];
    struct plan_queue rest = *queue;
    struct plan_printer *it = &plan->printers[printer];

    queue->count = 1; /* the tail after it alone */
    queue_retime(plan, printer, 1);
    it->free_s = plan->own->tails[printer].free_s;
    it->nozzle_um = plan->own->tails[printer].nozzle_um;
    memcpy(it->materials, plan->own->tails[printer].materials, sizeof it->materials);
    *queue = rest;
    queue_take(queue, 0);
    queue_retime(plan, printer, queue->count);
    plan->plates[plate].booking_count = 0; /* that work is done, or is being done */
    plan->plates[plate].has_turn = false;
    plan->plates[plate].done = true;
    forget_if_done(plan, plate);
}

void plan_go_on(struct plan *plan, int64_t now_s)
{
    struct plan_queue apart = {0}, groups = {0};
    plan->problem.now_s = now_s;
    for (int p = 0; p < plan->problem.printer_count; p++) {
        struct plan_queue *queue = &plan->queues[p];
        for (int i = 0; i < queue->count; i++)
            if (plan->plates[queue->items[i]].begin_s <= now_s &&
                !plan->plates[queue->items[i]].fixed)
                begin_plate(plan, queue->items[i]);
        while (queue->count && plan->plates[queue->items[0]].cleared_s <= now_s)
            finish_plate(plan, p);
    }
    for (int g = 0; g < plan->problem.group_count; g++) {
        const struct plan_queue *batches = &plan->own->batches[g];
        for (int i = 0; i < batches->count; i++) {
            const struct plan_batch *batch = &plan->batches[batches->items[i]];
            if (batch->state == PLAN_BATCH_WAITS && batch->opens_s <= now_s)
                queue_add(&apart, batches->items[i]);
        }
    }
    if (apart.count)
        replan(plan, &apart, &groups);
    free(apart.items);
    free(groups.items);
}
