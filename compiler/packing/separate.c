/* Guided local search: an item that overlaps is put where the depths of its overlaps, weighted, are least, of places by
   chance and from there downhill; and pairs that keep overlapping weigh more and more, until one of them gives way
   (Umetani and others 2009; Gardeyn and Wauters 2025, "sparrow"). */
#include "packing/separate.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FAR_SAMPLES = 28, NEAR_SAMPLES = 12, DESCENTS = 3, PATIENCE = 60 };
static const double least_step_um = 20;

/* Where an item of one kind and turn, on one plate, is in the way of another. */
struct sight {
    struct box box; /* nowhere else */
    struct relation relation;
    struct spot at;
    double weight;
};

struct state {
    struct job *job;
    struct layout *layout;
    uint32_t plates, count, fixed; /* items, and after them the keep-outs */
    double *weights;               /* of pairs */
    double *depths;                /* of pairs, as they lie */
    uint32_t *order;
    struct sight *sights;
    uint32_t sight_count;
};

struct candidate {
    struct item item;
    double cost;
};

/* ---- what an item sees ---- */

static double *pair(const struct state *state, double *of, uint32_t a, uint32_t b)
{
    return a < b ? &of[(size_t)a * (state->count + state->fixed) + b]
                 : &of[(size_t)b * (state->count + state->fixed) + a];
}

static struct item item_at(const struct state *state, uint32_t i)
{
    if (i < state->count)
        return state->layout->items[i];
    return (struct item){.kind = state->job->request->part_count + i - state->count};
}

static struct box box_seen(const struct relation *relation, struct spot at)
{
    struct spot a = spot_turned(relation->nofit->box.low, -relation->quarters);
    struct spot b = spot_turned(relation->nofit->box.high, -relation->quarters);
    return (struct box){{at.x + (a.x < b.x ? a.x : b.x), at.y + (a.y < b.y ? a.y : b.y)},
                        {at.x + (a.x < b.x ? b.x : a.x), at.y + (a.y < b.y ? b.y : a.y)}};
}

/* For the item as it is now, of all others on its plate. */
static void look(struct state *state, uint32_t i, const struct item *item)
{
    state->sight_count = 0;
    state->job->spent += (state->count + state->fixed) / 2;
    for (uint32_t k = 0; k < state->count + state->fixed; k++) {
        struct item other = item_at(state, k);
        if (k == i || (k < state->count && other.plate != item->plate))
            continue;
        struct sight *sight = &state->sights[state->sight_count++];
        sight->relation = relation_of(state->job, other.kind, other.turn, item->kind, item->turn);
        sight->at = other.at;
        sight->weight = *pair(state, state->weights, i, k) * state->job->kinds[item->kind].heft *
                        state->job->kinds[other.kind].heft;
        sight->box = box_seen(&sight->relation, other.at);
    }
}

/* No more is found out once it is over `enough`. */
static double cost_at(struct state *state, struct spot at, double enough)
{
    double cost = 0;
    state->job->spent += 4 + state->sight_count / 4;
    for (uint32_t k = 0; k < state->sight_count && cost < enough; k++) {
        const struct sight *sight = &state->sights[k];
        if (at.x <= sight->box.low.x || at.x >= sight->box.high.x || at.y <= sight->box.low.y ||
            at.y >= sight->box.high.y)
            continue;
        struct spot offset = {at.x - sight->at.x, at.y - sight->at.y};
        cost += sight->weight * relation_depth(state->job, &sight->relation, offset,
                                               (enough - cost) / sight->weight);
    }
    return cost;
}

/* ---- where to ---- */

static int32_t chance_between(struct job *job, int32_t low, int32_t high)
{
    return low >= high ? low : low + (int32_t)chance_below(job, (uint32_t)(high - low) + 1);
}

static int32_t clamp(int32_t value, int32_t low, int32_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* The least ones, sorted. */
static void keep(struct candidate *best, uint32_t *count, const struct candidate *candidate)
{
    uint32_t at = *count;
    if (*count == DESCENTS) {
        if (candidate->cost >= best[DESCENTS - 1].cost)
            return;
        at = DESCENTS - 1;
    } else {
        ++*count;
    }
    for (; at > 0 && candidate->cost < best[at - 1].cost; at--)
        best[at] = best[at - 1];
    best[at] = *candidate;
}

/* Downhill, by steps that grow where they help and halve where they do not. */
static void descend(struct state *state, const struct box *room, struct candidate *candidate)
{
    static const int ways[][2] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};
    const struct form *form = form_at(state->job, candidate->item.kind, candidate->item.turn);
    double step =
        0.1 * fmin(form->box.high.x - form->box.low.x, form->box.high.y - form->box.low.y);
    while (step > least_step_um && candidate->cost > 0) {
        const int *way = ways[chance_below(state->job, 4)];
        bool better = false;
        for (int sign = -1; sign < 2 && !better; sign += 2) {
            struct spot at = candidate->item.at;
            at.x = clamp(at.x + sign * way[0] * (int32_t)step, room->low.x, room->high.x);
            at.y = clamp(at.y + sign * way[1] * (int32_t)step, room->low.y, room->high.y);
            double cost = cost_at(state, at, candidate->cost);
            better = cost < candidate->cost;
            if (better) {
                candidate->item.at = at;
                candidate->cost = cost;
            }
        }
        step *= better ? 1.1 : 0.6;
    }
}

/* Samples of one turn on one plate, the best of them taken downhill. */
static void try_turn(struct state *state, uint32_t i, struct item item, uint32_t far, uint32_t near,
                     struct candidate *best)
{
    struct job *job = state->job;
    struct candidate kept[DESCENTS];
    struct box room;
    uint32_t count = 0;
    struct spot here = state->layout->items[i].at;
    const struct form *form = form_at(job, item.kind, item.turn);
    if (!may_stand(job, form, &room))
        return;
    look(state, i, &item);
    int32_t around = (form->box.high.x - form->box.low.x + form->box.high.y - form->box.low.y) / 8;
    for (uint32_t sample = 0; sample < far + near; sample++) {
        struct candidate candidate = {item, 0};
        struct spot *at = &candidate.item.at;
        if (sample < far) {
            at->x = chance_between(job, room.low.x, room.high.x);
            at->y = chance_between(job, room.low.y, room.high.y);
        } else {
            at->x = chance_between(job, here.x - around, here.x + around);
            at->y = chance_between(job, here.y - around, here.y + around);
            *at = (struct spot){clamp(at->x, room.low.x, room.high.x),
                                clamp(at->y, room.low.y, room.high.y)};
        }
        candidate.cost =
            cost_at(state, *at, count == DESCENTS ? kept[DESCENTS - 1].cost : HUGE_VAL);
        keep(kept, &count, &candidate);
    }
    for (uint32_t k = 0; k < count; k++) {
        descend(state, &room, &kept[k]);
        if (kept[k].cost < best->cost)
            *best = kept[k];
    }
}

/* Where it is weighs as much as any other place: it moves if another one is better. */
static void move(struct state *state, uint32_t i)
{
    struct item item = state->layout->items[i];
    struct box room;
    look(state, i, &item);
    struct candidate best = {item, cost_at(state, item.at, HUGE_VAL)};
    if (!may_stand(state->job, form_at(state->job, item.kind, item.turn), &room))
        best.cost = HUGE_VAL;
    if (best.cost == 0)
        return;
    try_turn(state, i, item, FAR_SAMPLES / 4, NEAR_SAMPLES, &best);
    for (int other = 0; other < 3 && best.cost > 0; other++) {
        struct item turned = item;
        turned.turn = chance_below(state->job, state->job->turns);
        turned.plate = chance_below(state->job, state->plates);
        try_turn(state, i, turned, FAR_SAMPLES / 4, 0, &best);
    }
    state->layout->items[i] = best.item;
}

/* ---- all of them ---- */

static double depth_of(struct state *state, uint32_t i, uint32_t k)
{
    struct item a = item_at(state, k), b = item_at(state, i);
    if (k < state->count && a.plate != b.plate)
        return 0;
    struct relation relation = relation_of(state->job, a.kind, a.turn, b.kind, b.turn);
    return relation_depth(state->job, &relation, (struct spot){b.at.x - a.at.x, b.at.y - a.at.y},
                          HUGE_VAL);
}

/* Depths of all pairs; their sum. Order: the items that overlap. */
static double measure(struct state *state, uint32_t *overlapping)
{
    double total = 0;
    uint32_t all = state->count + state->fixed, count = 0;
    bool *bad = memory_zeroed(state->count + (size_t)1, sizeof *bad);
    for (uint32_t i = 0; i < state->count; i++)
        for (uint32_t k = i + 1; k < all; k++) {
            double depth = depth_of(state, i, k);
            *pair(state, state->depths, i, k) = depth;
            total += depth;
            bad[i] |= depth > 0;
            if (k < state->count)
                bad[k] |= depth > 0;
        }
    for (uint32_t i = 0; i < state->count; i++)
        if (bad[i])
            state->order[count++] = i;
    *overlapping = count;
    free(bad);
    return total;
}

/* By 5% to 25% where they overlap, by how much of the deepest; elsewhere it fades. */
static void weigh(struct state *state)
{
    size_t all = state->count + (size_t)state->fixed, size = all * all;
    double deepest = 0;
    for (size_t i = 0; i < size; i++)
        deepest = state->depths[i] > deepest ? state->depths[i] : deepest;
    for (size_t i = 0; i < size; i++)
        state->weights[i] = state->depths[i] > 0
                                ? state->weights[i] * (1.05 + 0.2 * state->depths[i] / deepest)
                                : fmax(1, state->weights[i] * 0.95);
}

static void shuffle(struct state *state, uint32_t count)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t k = chance_below(state->job, i), swap = state->order[i - 1];
        state->order[i - 1] = state->order[k];
        state->order[k] = swap;
    }
}

static bool run(struct state *state, uint64_t until)
{
    struct layout best = {0};
    uint32_t overlapping, waited = 0;
    double total = measure(state, &overlapping), least = total;
    layout_copy(&best, state->layout);
    while (overlapping && state->job->spent < until) {
        weigh(state);
        shuffle(state, overlapping);
        for (uint32_t i = 0; i < overlapping; i++)
            move(state, state->order[i]);
        total = measure(state, &overlapping);
        if (total < 0.98 * least) {
            waited = 0;
            least = total;
            layout_copy(&best, state->layout);
        } else if (++waited == PATIENCE) { /* back, with the weights that were learnt */
            waited = 0;
            layout_copy(state->layout, &best);
            measure(state, &overlapping);
        }
    }
    layout_free(&best);
    return !overlapping;
}

bool separate(struct job *job, struct layout *layout, uint32_t plates, uint64_t until)
{
    struct state state = {.job = job, .layout = layout, .plates = plates, .count = layout->count};
    state.fixed = job->kind_count - job->request->part_count;
    size_t all = state.count + (size_t)state.fixed, size = all * all;
    state.weights = memory_alloc((size + 1) * sizeof *state.weights);
    state.depths = memory_zeroed(size + 1, sizeof *state.depths);
    state.order = memory_alloc((all + 1) * sizeof *state.order);
    state.sights = memory_alloc((all + 1) * sizeof *state.sights);
    for (size_t i = 0; i < size; i++)
        state.weights[i] = 1;
    bool clear = run(&state, until);
    free(state.weights);
    free(state.depths);
    free(state.order);
    free(state.sights);
    return clear;
}
