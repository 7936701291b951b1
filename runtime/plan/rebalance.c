/* What two printers have at the end of their queues is divided between them anew, in the best of all ways. */
#include "plan/private.h"

#include <stdlib.h>

enum { DIVIDED_AT_MOST = 12, SETS_PER_LOOK = 32 };

struct division {
    const struct plan *plan;
    int printers[2], positions[2]; /* from where on */
    int plates[DIVIDED_AT_MOST], count;
    unsigned never[2]; /* by side: those that it cannot print */
    int64_t base_s[2], busy_s[DIVIDED_AT_MOST];
    unsigned kind[DIVIDED_AT_MOST], loaded[2];
};

static bool may_print(const struct plan *plan, int plate, int printer)
{
    const struct plan_plate *it = &plan->plates[plate];
    const struct plan_family *family = &plan->problem.families[it->family];
    if (it->pin != PLAN_ANY_PRINTER || it->rank != PLAN_NEVER)
        return it->printer == printer;
    return family->printers[printer] && !plan->printers[printer].down &&
           plan->printers[printer].slot_count >= family->material_count;
}

/* The last plates of both, as many of each as there is room for. */
static void find_plates(struct division *division)
{
    const struct plan *plan = division->plan;
    for (int side = 0; side < 2; side++) {
        int printer = division->printers[side];
        const struct plan_queue *queue = &plan->queues[printer];
        int room = side ? DIVIDED_AT_MOST - division->count : DIVIDED_AT_MOST / 2,
            from = queue->count;
        while (from > 0 && queue->count - from < room &&
               !plan->plates[queue->items[from - 1]].fixed)
            from--;
        division->positions[side] = from;
        division->base_s[side] =
            from ? plan->plates[queue->items[from - 1]].cleared_s : plan->printers[printer].free_s;
        if (division->base_s[side] < plan->problem.now_s)
            division->base_s[side] = plan->problem.now_s;
        for (int i = from; i < queue->count; i++)
            division->plates[division->count++] = queue->items[i];
    }
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < division->count; i++)
            if (!may_print(plan, division->plates[i], division->printers[side]))
                division->never[side] |= 1u << i;
}

/* The family that needs no change at first; -1 where none is known. */
static int family_loaded(const struct division *division, int side)
{
    const struct plan *plan = division->plan;
    int printer = division->printers[side], before = division->positions[side];
    if (before)
        return plan->plates[plan->queues[printer].items[before - 1]].family;
    for (int i = 0; i < division->count; i++) {
        int family = plan->plates[division->plates[i]].family;
        const struct plan_family *it = &plan->problem.families[family];
        if (it->material_count == 1 && *it->materials == plan->printers[printer].materials[0])
            return family;
    }
    return -1;
}

/* What the sums are made of: how long each takes, and which of the families that occur it is of, as a bit. */
static void weigh(struct division *division)
{
    int kinds[DIVIDED_AT_MOST], count = 0;
    for (int i = 0; i < division->count; i++) {
        const struct plan_plate *plate = &division->plan->plates[division->plates[i]];
        int at = 0;
        while (at < count && kinds[at] != plate->family)
            at++;
        if (at == count)
            kinds[count++] = plate->family;
        division->busy_s[i] = plate->print_s + plate->hands_s;
        division->kind[i] = 1u << at;
    }
    for (int side = 0; side < 2; side++) {
        int loaded = family_loaded(division, side);
        for (int k = 0; k < count; k++)
            if (kinds[k] == loaded)
                division->loaded[side] = 1u << k;
    }
}

/* Of each set of the plates: how long they take, and which kinds are among them. */
struct sums {
    int64_t busy_s[1 << DIVIDED_AT_MOST];
    unsigned kinds[1 << DIVIDED_AT_MOST];
};

static void add_up(const struct division *division, struct sums *sums)
{
    sums->busy_s[0] = 0;
    sums->kinds[0] = 0;
    for (unsigned set = 1; set < 1u << division->count; set++) {
        unsigned rest = set & (set - 1);
        int first = __builtin_ctz(set);
        sums->busy_s[set] = sums->busy_s[rest] + division->busy_s[first];
        sums->kinds[set] = sums->kinds[rest] | division->kind[first];
    }
}

/* When a side would end with these, if somebody were always there: each family besides the first loaded is changed to once. */
static int64_t side_end(const struct division *division, const struct sums *sums, int side,
                        unsigned set)
{
    unsigned changes = sums->kinds[set] & ~division->loaded[side];
    return division->base_s[side] + sums->busy_s[set] +
           division->plan->problem.swap_s * __builtin_popcount(changes);
}

/* The set of those that go to the second; the one they are in where none is better. */
static unsigned best_division(const struct division *division, unsigned now)
{
    struct sums sums;
    unsigned all = (1u << division->count) - 1, best = now, either = 0;
    unsigned both = all & ~division->never[0] & ~division->never[1];
    if (division->never[0] & division->never[1])
        return now;
    add_up(division, &sums);
    int64_t a_s = side_end(division, &sums, 0, all & ~now);
    int64_t b_s = side_end(division, &sums, 1, now);
    int64_t best_s = a_s > b_s ? a_s : b_s;
    do { /* each set of those that both can print */
        unsigned set = either | division->never[0];
        a_s = side_end(division, &sums, 0, all & ~set);
        b_s = a_s < best_s ? side_end(division, &sums, 1, set) : a_s;
        if (b_s < best_s) {
            best = set;
            best_s = a_s > b_s ? a_s : b_s;
        }
        either = (either - both) & both;
    } while (either);
    return best;
}

struct ordering {
    const struct plan *plan;
    int loaded; /* the family of the plate before */
};

/* What goes first, then what is due first, then what needs no change, then family by family. */
static int by_due_and_family(const void *a, const void *b, void *data)
{
    const struct ordering *ordering = data;
    int i = *(const int *)a, k = *(const int *)b;
    const struct plan_plate *x = &ordering->plan->plates[i], *y = &ordering->plan->plates[k];
    bool change_x = x->family != ordering->loaded, change_y = y->family != ordering->loaded;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->due_s != y->due_s)
        return x->due_s < y->due_s ? -1 : 1;
    if (change_x != change_y)
        return change_x - change_y;
    return x->family != y->family ? x->family - y->family : i - k;
}

static void divide(struct plan *plan, const struct division *division, unsigned set)
{
    for (int side = 0; side < 2; side++) {
        struct plan_queue *queue = &plan->queues[division->printers[side]];
        struct ordering ordering = {plan, family_loaded(division, side)};
        int from = division->positions[side];
        queue->count = from;
        for (int i = 0; i < division->count; i++)
            if ((set >> i & 1u) == (unsigned)side) {
                queue_add(queue, division->plates[i]);
                plan->plates[division->plates[i]].printer = division->printers[side];
            }
        if (queue->count > from)
            qsort_r(queue->items + from, (size_t)(queue->count - from), sizeof *queue->items,
                    by_due_and_family, &ordering);
    }
}

static bool retime(struct plan *plan, const struct division *division)
{
    bool good = queue_retime(plan, division->printers[0], division->positions[0]);
    return queue_retime(plan, division->printers[1], division->positions[1]) && good;
}

/* As they were: the first of `plates` are the first printer's. */
static void restore(struct plan *plan, const struct division *division, int first)
{
    for (int side = 0; side < 2; side++) {
        struct plan_queue *queue = &plan->queues[division->printers[side]];
        queue->count = division->positions[side];
        for (int i = side ? first : 0; i < (side ? division->count : first); i++) {
            queue_add(queue, division->plates[i]);
            plan->plates[division->plates[i]].printer = division->printers[side];
        }
    }
    retime(plan, division);
}

bool plan_rebalance(struct plan *plan, int a, int b, int64_t *looks)
{
    struct division division = {.plan = plan, .printers = {a, b}};
    find_plates(&division);
    weigh(&division);
    int first = plan->queues[a].count - division.positions[0];
    unsigned now = ((1u << division.count) - 1u) & ~((1u << first) - 1u);
    unsigned best = best_division(&division, now);
    *looks -= 2 * division.count + (1 << division.count) / SETS_PER_LOOK;
    if (best == now)
        return false;
    struct standing before = standing_of(plan, a, b);
    divide(plan, &division, best);
    bool good = retime(plan, &division);
    struct standing then = standing_of(plan, a, b);
    if (good && standing_is_better(&then, &before))
        return true;
    restore(plan, &division, first);
    return false;
}
