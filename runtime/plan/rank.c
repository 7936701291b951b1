/* What goes first, whatever is due: on a printer nothing comes behind a plate of a lower rank, or of none, with which somebody
   begins when it could be begun itself. */
#include "plan/private.h"

static bool is_overtaken(const struct plan_plate *first, const struct plan_plate *then)
{
    return !first->fixed && !then->fixed && first->rank > then->rank &&
           then->ready_s <= first->begin_s;
}

bool keeps_rank(const struct plan *plan, const struct plan_queue *queue, int position)
{
    const struct plan_plate *plate = &plan->plates[queue->items[position]];
    for (int i = 0; plate->rank != PLAN_NEVER && i < position; i++)
        if (is_overtaken(&plan->plates[queue->items[i]], plate))
            return false;
    return true;
}

/* The plate of the first rank that must come before another; -1 where none must. */
static int find_overtaken(const struct plan *plan, const struct plan_queue *queue)
{
    int found = -1;
    for (int k = 1; k < queue->count; k++)
        if (!keeps_rank(plan, queue, k) &&
            (found < 0 ||
             plan->plates[queue->items[k]].rank < plan->plates[queue->items[found]].rank))
            found = k;
    return found;
}

/* Whether something was moved. Each move lets one pass, and ends unless those that it delays come to be overtaken anew. */
static bool rank_queue(struct plan *plan, int printer)
{
    struct plan_queue *queue = &plan->queues[printer];
    int moves = 4 * queue->count + 16, from;
    bool any = false;
    for (; moves > 0 && (from = find_overtaken(plan, queue)) >= 0; moves--) {
        int plate = queue->items[from], to = 0;
        while (!is_overtaken(&plan->plates[queue->items[to]], &plan->plates[plate]))
            to++;
        queue_take(queue, from);
        queue_insert(queue, to, plate);
        queue_retime(plan, printer, to);
        any = true;
    }
    return any;
}

void put_right(struct plan *plan)
{
    enum { PASSES = 16 };
    bool any = true;
    for (int pass = 0; any && pass < PASSES; pass++) {
        any = false;
        if (plan->own->has_sequences)
            put_all_in_order(plan);
        for (int p = 0; plan->own->has_ranks && p < plan->problem.printer_count; p++)
            any |= rank_queue(plan, p);
    }
}
