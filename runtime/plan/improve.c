/* A plan is made better by small changes, each of which is kept only where it does good: first less lateness, then an earlier
   end, then less changing. How many are looked at is said beforehand, so that the same problem gives the same plan. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct search {
    struct plan *plan;
    int64_t looks; /* that are left: plates that may be timed */
};

static void add_standing(const struct plan *plan, int printer, struct standing *to)
{
    const struct printer_then *tail = &plan->own->tails[printer];
    if (tail->free_s > to->end_s)
        to->end_s = tail->free_s;
    to->sum_s += tail->free_s;
    to->late_s += tail->late_s;
    to->changes += tail->changes;
}

struct standing standing_of(const struct plan *plan, int a, int b)
{
    struct standing standing = {0, INT64_MIN, 0, 0};
    add_standing(plan, a, &standing);
    if (b != a)
        add_standing(plan, b, &standing);
    return standing;
}

bool standing_is_better(const struct standing *now, const struct standing *before)
{
    if (now->late_s != before->late_s)
        return now->late_s < before->late_s;
    if (now->end_s != before->end_s)
        return now->end_s < before->end_s;
    if (now->sum_s != before->sum_s)
        return now->sum_s < before->sum_s;
    return now->changes < before->changes;
}

/* What somebody said of where or when it is made is not moved elsewhere. */
static bool may_be_on(const struct plan *plan, int plate, int printer)
{
    const struct plan_plate *it = &plan->plates[plate];
    const struct plan_family *family = &plan->problem.families[it->family];
    return !it->fixed && it->pin == PLAN_ANY_PRINTER && it->rank == PLAN_NEVER &&
           family->printers[printer] && !plan->printers[printer].down &&
           plan->printers[printer].slot_count >= family->material_count;
}

static bool retime_both(struct search *search, int a, int from_a, int b, int from_b)
{
    struct plan *plan = search->plan;
    search->looks -= plan->queues[a].count - from_a + 1;
    bool good = queue_retime(plan, a, from_a);
    if (b != a) {
        search->looks -= plan->queues[b].count - from_b + 1;
        good &= queue_retime(plan, b, from_b);
    }
    return good;
}

/* ---- moving ---- */

static void shift(struct plan *plan, int from, int at, int to, int position)
{
    int plate = plan->queues[from].items[at];
    queue_take(&plan->queues[from], at);
    queue_insert(&plan->queues[to], position, plate);
    plan->plates[plate].printer = to;
}

static bool try_move(struct search *search, int from, int at, int to, int position)
{
    struct plan *plan = search->plan;
    struct standing before = standing_of(plan, from, to);
    int first_from = at, first_to = position;
    if (from == to)
        first_from = first_to = at < position ? at : position;
    shift(plan, from, at, to, position);
    bool good = retime_both(search, from, first_from, to, first_to);
    struct standing now = standing_of(plan, from, to);
    if (good && standing_is_better(&now, &before))
        return true;
    shift(plan, to, position, from, at);
    retime_both(search, from, first_from, to, first_to);
    return false;
}

/* ---- exchanging ---- */

static void exchange(struct plan *plan, int a, int at_a, int b, int at_b)
{
    int plate_a = plan->queues[a].items[at_a], plate_b = plan->queues[b].items[at_b];
    plan->queues[a].items[at_a] = plate_b;
    plan->queues[b].items[at_b] = plate_a;
    plan->plates[plate_a].printer = b;
    plan->plates[plate_b].printer = a;
}

static bool try_exchange(struct search *search, int a, int at_a, int b, int at_b)
{
    struct plan *plan = search->plan;
    struct standing before = standing_of(plan, a, b);
    exchange(plan, a, at_a, b, at_b);
    bool good = retime_both(search, a, at_a, b, at_b);
    struct standing now = standing_of(plan, a, b);
    if (good && standing_is_better(&now, &before))
        return true;
    exchange(plan, a, at_a, b, at_b);
    retime_both(search, a, at_a, b, at_b);
    return false;
}

/* ---- what is looked at ---- */

/* Where it would stand by due dates, beside others of its family if there are any of the same date. */
static int place_for(const struct plan *plan, int plate, int printer)
{
    const struct plan_queue *queue = &plan->queues[printer];
    const struct plan_plate *it = &plan->plates[plate];
    int position = queue->count;
    while (position > 0 && !plan->plates[queue->items[position - 1]].fixed &&
           plan->plates[queue->items[position - 1]].due_s > it->due_s)
        position--;
    for (int i = position; i > 0; i--) {
        const struct plan_plate *before = &plan->plates[queue->items[i - 1]];
        if (before->fixed || before->due_s < it->due_s)
            break;
        if (before->family == it->family)
            return i;
    }
    return position;
}

/* Whether the other would end before this one does now, had it so much more to do. Where something is late, who knows. */
static bool could_help(const struct plan *plan, int printer, int other, int64_t more_s)
{
    const struct standing standing = standing_of(plan, printer, other);
    return standing.late_s > 0 ||
           plan->own->tails[other].free_s + more_s < plan->own->tails[printer].free_s;
}

/* One change between this printer and another that does good. */
static bool relieve(struct search *search, int printer, int other)
{
    struct plan *plan = search->plan;
    const struct plan_queue *mine = &plan->queues[printer], *theirs = &plan->queues[other];

    for (int i = mine->count - 1; i >= 0 && search->looks > 0; i--) {
        int plate = mine->items[i];
        int64_t print_s = plan->plates[plate].print_s;
        if (!may_be_on(plan, plate, other))
            continue;
        if (could_help(plan, printer, other, print_s) &&
            try_move(search, printer, i, other, place_for(plan, plate, other)))
            return true;
        for (int k = theirs->count - 1; k >= 0 && search->looks > 0; k--) {
            int64_t more_s = print_s - plan->plates[theirs->items[k]].print_s;
            if (more_s > 0 && may_be_on(plan, theirs->items[k], printer) &&
                could_help(plan, printer, other, more_s) &&
                try_exchange(search, printer, i, other, k))
                return true;
        }
    }
    return false;
}

/* Plates of one family behind one another, where that makes nothing late. */
static bool regroup(struct search *search, int printer)
{
    struct plan *plan = search->plan;
    const struct plan_queue *queue = &plan->queues[printer];
    bool any = false;
    for (int i = 0; i + 2 < queue->count && search->looks > 0; i++) {
        int family = plan->plates[queue->items[i]].family;
        if (plan->plates[queue->items[i + 1]].family == family ||
            plan->plates[queue->items[i + 1]].fixed)
            continue;
        for (int k = i + 2; k < queue->count && search->looks > 0; k++)
            if (plan->plates[queue->items[k]].family == family &&
                try_move(search, printer, k, printer, i + 1)) {
                any = true;
                break;
            }
    }
    return any;
}

/* All printers end within so little of one another that there is nothing more to be had: half a percent. */
static bool is_even(const struct plan *plan)
{
    int64_t sum_s = 0, last_s = 0, late_s = 0, count = 0;
    for (int p = 0; p < plan->problem.printer_count; p++) {
        struct standing standing = standing_of(plan, p, p);
        if (plan->printers[p].down)
            continue;
        count++;
        sum_s += standing.end_s - plan->problem.now_s;
        late_s += standing.late_s;
        if (standing.end_s - plan->problem.now_s > last_s)
            last_s = standing.end_s - plan->problem.now_s;
    }
    return late_s == 0 && last_s * count <= sum_s + sum_s / 200;
}

/* The printer that ends last of those that were not given up. */
static int last_of(const struct plan *plan, const bool *given_up)
{
    int last = -1;
    for (int p = 0; p < plan->problem.printer_count; p++)
        if (!given_up[p] && plan->queues[p].count &&
            (last < 0 || plan->own->tails[p].free_s > plan->own->tails[last].free_s))
            last = p;
    return last;
}

void plan_improve(struct plan *plan, int64_t looks)
{
    int printers = plan->problem.printer_count;
    struct search search = {plan, looks};
    bool *given_up = memory_zeroed((size_t)printers + 1, sizeof *given_up);

    for (int p = 0; p < printers && search.looks > 0; p++)
        regroup(&search, p);
    for (int last; search.looks > 0 && !is_even(plan) && (last = last_of(plan, given_up)) >= 0;) {
        bool done = false;
        for (int other = 0; other < printers && !done && search.looks > 0; other++)
            done = other != last && relieve(&search, last, other);
        for (int other = 0; other < printers && !done && search.looks > 0; other++)
            done = other != last && plan_rebalance(plan, last, other, &search.looks);
        given_up[last] = !done;
        if (done)
            memset(given_up, 0, (size_t)printers);
    }
    free(given_up);
}
