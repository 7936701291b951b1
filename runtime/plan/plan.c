#include "plan/private.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the order in which lines are taken, and batches ---- */

bool line_is_before(const struct plan *plan, int a, int b)
{
    const struct plan_line *x = &plan->lines[a], *y = &plan->lines[b];
    if (x->rank != y->rank && x->rank && y->rank)
        return x->rank < y->rank;
    if (x->rank != y->rank)
        return x->rank != 0;
    if (plan->problem.groups[x->group].order_by == PLAN_BY_DUE && x->due_s != y->due_s)
        return x->due_s < y->due_s;
    if (x->came_s != y->came_s)
        return x->came_s < y->came_s;
    return a < b;
}

int line_place(const struct plan *plan, int line)
{
    const struct plan_queue *lines = &plan->own->lines[plan->lines[line].group];
    int low = 0, high = lines->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (line_is_before(plan, lines->items[middle], line))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void line_file(struct plan *plan, int line)
{
    struct plan_queue *lines = &plan->own->lines[plan->lines[line].group];
    int place = line_place(plan, line);
    bool filed = place < lines->count && lines->items[place] == line;
    bool wanted = plan->lines[line].count > 0 && !plan->lines[line].held;
    if (wanted && !filed)
        queue_insert(lines, place, line);
    else if (!wanted && filed)
        queue_take(lines, place);
}

static int64_t print_sum(const struct plan *plan, const struct plan_batch *batch)
{
    const struct plan_group *group = &plan->problem.groups[batch->group];
    int64_t sum_s = 0;
    for (int k = 0; k < group->operation_count; k++)
        for (int i = 0; i < batch->piece_count; i++)
            sum_s += group->operations[k].print_s[batch->pieces[i].sku] * batch->pieces[i].count;
    return sum_s;
}

struct ranked {
    int batch;
    int64_t opens_s, rank, due_s, print_s;
};

/* What may start now first; of that what somebody put first, then what is due first; of equals the longest, after which the short ones even out the ends. */
static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->opens_s != y->opens_s)
        return x->opens_s < y->opens_s ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->due_s != y->due_s)
        return x->due_s < y->due_s ? -1 : 1;
    if (x->print_s != y->print_s)
        return x->print_s > y->print_s ? -1 : 1;
    return x->batch - y->batch;
}

void dispatch_all(struct plan *plan, const struct plan_queue *batches,
                  const struct plan_queue *near)
{
    struct ranked *ranked = memory_zeroed((size_t)batches->count + 1, sizeof *ranked);
    for (int i = 0; i < batches->count; i++) {
        const struct plan_batch *batch = &plan->batches[batches->items[i]];
        ranked[i] = (struct ranked){batches->items[i], batch->opens_s, batch->rank, batch->due_s,
                                    print_sum(plan, batch)};
    }
    qsort(ranked, (size_t)batches->count, sizeof *ranked, by_rank);
    for (int i = 0; i < batches->count; i++)
        batch_dispatch(plan, ranked[i].batch, near);
    free(ranked);
}

/* ---- making ---- */

static struct plan_queue *queues_for(int count)
{
    return memory_zeroed((size_t)count + 1, sizeof(struct plan_queue));
}

static void index_problem(struct plan *plan)
{
    const struct plan_problem *problem = &plan->problem;
    struct plan_private *own = plan->own;

    own->lines = queues_for(problem->group_count);
    own->batches = queues_for(problem->group_count);
    own->seeds = queues_for(problem->group_count);
    own->of_line = queues_for(plan->line_capacity);
    own->in_batches = memory_zeroed((size_t)plan->line_capacity + 1, sizeof *own->in_batches);
    families_open(plan);
    releases_open(plan);
    own->tails = memory_zeroed((size_t)problem->printer_count + 1, sizeof *own->tails);
    for (int g = 0; g < problem->group_count; g++)
        if (problem->groups[g].operation_count > 1)
            own->has_sequences = true;
        else if (problem->groups[g].operation_count == 1)
            queue_add(&own->alike[problem->groups[g].operations[0].family], g);
    for (int b = 0; b < problem->batch_count; b++)
        if (problem->batches[b].operation < 0)
            queue_add(&own->seeds[problem->batches[b].group], b);
    for (int i = 0; i < plan->line_count; i++)
        line_file(plan, i);
}

/* Batches that were started are as they are. */
static void take_started(struct plan *plan, struct plan_queue *batches)
{
    for (int b = 0; b < plan->problem.batch_count; b++) {
        const struct plan_existing *existing = &plan->problem.batches[b];
        if (existing->operation < 0)
            continue;
        int batch = batch_new(plan, existing->group);
        plan->batches[batch].state = PLAN_BATCH_STARTED;
        plan->batches[batch].operation = existing->operation;
        if (existing->ready_s > plan->problem.now_s)
            plan->batches[batch].opens_s = existing->ready_s;
        if (existing->held)
            plan->batches[batch].opens_s = PLAN_NEVER;
        batch_be(plan, batch, existing);
        queue_add(batches, batch);
    }
}

void add_planned(const struct plan *plan, int group, struct plan_queue *batches)
{
    const struct plan_queue *of_group = &plan->own->batches[group];
    for (int i = 0; i < of_group->count; i++)
        if (plan->batches[of_group->items[i]].state != PLAN_BATCH_STARTED)
            queue_add(batches, of_group->items[i]);
}

static void *copied(const void *from, size_t count, size_t size)
{
    void *to = memory_alloc(count * size + 1);
    if (count)
        memcpy(to, from, count * size);
    return to;
}

static bool is_first_of_kind(const struct plan *plan, int family)
{
    int kind = plan->families[family].kind;
    for (int f = 0; kind && f < family; f++)
        if (plan->families[f].kind == kind)
            return false;
    return true;
}

/* How much a whole plan is improved: so many plates are timed again. A large one is even by itself, for each printer has many. */
enum { LOOKS = 80000 };

struct plan *plan_make(const struct plan_problem *problem)
{
    struct plan *plan = memory_zeroed(1, sizeof *plan);
    struct plan_queue batches = {0}, shared = {0}, near = {0};

    plan->problem = *problem;
    plan->line_count = plan->line_capacity = problem->line_count;
    plan->lines = copied(problem->lines, (size_t)problem->line_count, sizeof *plan->lines);
    plan->printers =
        copied(problem->printers, (size_t)problem->printer_count, sizeof *plan->printers);
    plan->problem.lines = plan->lines;
    plan->problem.printers = plan->printers;
    plan->queues = queues_for(problem->printer_count);
    plan->own = memory_zeroed(1, sizeof *plan->own);
    index_problem(plan);
    schedule_open(plan);
    take_started(plan, &batches);
    for (int g = 0; g < problem->group_count; g++)
        group_form(plan, g);
    for (int f = 0; f < problem->family_count; f++)
        if (is_first_of_kind(plan, f))
            family_pool(plan, f, &shared, &near);
    for (int g = 0; g < problem->group_count; g++)
        add_planned(plan, g, &batches);
    dispatch_all(plan, &batches, NULL);
    plan_improve(plan, problem->looks_a_plate ? problem->looks_a_plate * plan->plate_count : LOOKS);
    put_right(plan);
    free(batches.items);
    free(shared.items);
    free(near.items);
    return plan;
}

static void queues_free(struct plan_queue *queues, int count)
{
    for (int i = 0; i < count; i++)
        free(queues[i].items);
    free(queues);
}

void plan_close(struct plan *plan)
{
    struct plan_private *own = plan->own;
    for (int i = 0; i < plan->batch_count; i++) {
        free(plan->batches[i].pieces);
        free(plan->batches[i].plates.items);
    }
    for (int i = 0; i < plan->plate_count; i++)
        free(plan->plates[i].pieces);
    queues_free(plan->queues, plan->problem.printer_count);
    queues_free(own->lines, plan->problem.group_count);
    queues_free(own->batches, plan->problem.group_count);
    queues_free(own->seeds, plan->problem.group_count);
    families_close(plan);
    releases_close(plan);
    queues_free(own->of_line, plan->line_capacity);
    free(own->free_batches.items);
    free(own->free_plates.items);
    free(own->in_batches);
    free(own->tails);
    turns_close(plan);
    free(own->room_s);
    free(own->open_day);
    free(own);
    free(plan->lines);
    free(plan->printers);
    free(plan->batches);
    free(plan->plates);
    free(plan);
}
