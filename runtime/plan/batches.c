/* Batching: what is ordered and in no batch is put into batches by the rule of the spec's batch step. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>

/* ---- how plates are filled ---- */

bool can_be_cut(int64_t share, int64_t fill, int64_t finest, int64_t coarsest)
{
    int64_t least = fill + coarsest, most = PLATE_FULL - coarsest;

    if (share <= PLATE_FULL || coarsest <= 0)
        return share >= fill || share == 0;
    if (finest == coarsest) { /* all alike: so many of them, exactly */
        least = (fill + coarsest - 1) / coarsest * coarsest;
        most = PLATE_FULL / coarsest * coarsest;
    } else if (most - least < coarsest) { /* there may be no cut at the right place */
        return false;
    }
    if (most <= 0)
        return false;
    return (share + most - 1) / most * least <= share;
}

/* Of one operation: the share of all units, and of the smallest and largest of them. */
struct grain {
    int64_t share, finest, coarsest;
};

static void find_grains(const struct plan_group *group, const struct plan_batch *batch,
                        struct grain *grains)
{
    for (int k = 0; k < group->operation_count; k++) {
        grains[k] = (struct grain){0, PLAN_NEVER, 0};
        for (int i = 0; i < batch->piece_count; i++) {
            int64_t share = group->operations[k].share[batch->pieces[i].sku];
            grains[k].share += share * batch->pieces[i].count;
            if (share < grains[k].finest)
                grains[k].finest = share;
            if (share > grains[k].coarsest)
                grains[k].coarsest = share;
        }
    }
}

static bool plates_are_full(const struct plan_group *group, const struct grain *grains)
{
    for (int k = 0; k < group->operation_count; k++)
        if (!can_be_cut(grains[k].share, group->fill, grains[k].finest, grains[k].coarsest))
            return false;
    return true;
}

/* How many of its units can be started, the first ones: 0 where not so many as `least` lie on plates that are full enough. */
static int64_t most_that_start(const struct plan_group *group, const struct plan_batch *batch,
                               int64_t least)
{
    struct grain grains[OPERATIONS_AT_MOST];
    int64_t count = batch->count;

    find_grains(group, batch, grains);
    for (int i = batch->piece_count - 1; i >= 0; i--)
        for (int64_t of_piece = batch->pieces[i].count; of_piece > 0; of_piece--, count--) {
            if (count < least || count < 1)
                return 0;
            if (plates_are_full(group, grains))
                return count;
            for (int k = 0; k < group->operation_count; k++)
                grains[k].share -= group->operations[k].share[batch->pieces[i].sku];
        }
    return 0;
}

/* ---- what is to be batched ---- */

/* Of a group: open batches and lines, as far as they were taken. */
struct pool {
    int group;
    const struct plan_queue *seeds, *lines;
    int seed, at;
    bool unreleased; /* the rest of its lines waits for a larger release */
};

static int64_t pool_rest(const struct plan *plan, const struct pool *pool)
{
    int line = pool->lines->items[pool->at];
    return plan->lines[line].count - plan->own->in_batches[line];
}

static void take_up_to(struct plan *plan, struct pool *pool, int batch, int64_t most)
{
    while (pool->at < pool->lines->count && plan->batches[batch].count < most) {
        int line = pool->lines->items[pool->at];
        int64_t count = pool_rest(plan, pool), room = most - plan->batches[batch].count;
        if (count > room)
            count = room;
        if (count > 0)
            batch_add(
                plan, batch,
                &(struct plan_piece){.line = line, .sku = plan->lines[line].sku, .count = count});
        pool->at += pool_rest(plan, pool) <= 0;
    }
}

/* Leaves the first units in the batch, and gives the others back. */
static void give_back(struct plan *plan, struct pool *pool, int batch, int64_t keep)
{
    struct plan_batch *from = &plan->batches[batch];
    while (from->count > keep) {
        struct plan_piece *last = &from->pieces[from->piece_count - 1];
        int64_t count = from->count - keep < last->count ? from->count - keep : last->count;
        while (pool->at == pool->lines->count || pool->lines->items[pool->at] != last->line)
            pool->at--;
        plan->own->in_batches[last->line] -= count;
        last->count -= count;
        from->count -= count;
        if (last->count)
            continue;
        from->piece_count--;
        struct plan_queue *of_line = &plan->own->of_line[last->line];
        queue_take(of_line, queue_find(of_line, batch));
    }
    from->due_s = PLAN_NEVER;
    for (int i = 0; i < from->piece_count; i++) {
        int line = from->pieces[i].line;
        if (line >= 0 && plan->lines[line].due_s < from->due_s)
            from->due_s = plan->lines[line].due_s;
    }
}

/* When the one that came first has waited as long as it may, of the units from `first` on; PLAN_NEVER where it may wait for
   good. */
static int64_t hold_ends(const struct plan *plan, const struct plan_batch *batch, int64_t first)
{
    const struct plan_group *group = &plan->problem.groups[batch->group];
    int64_t came_s = PLAN_NEVER, passed = 0;
    for (int i = 0; i < batch->piece_count; i++) {
        const struct plan_piece *piece = &batch->pieces[i];
        passed += piece->count;
        if (passed > first && piece->line >= 0 && plan->lines[piece->line].came_s < came_s)
            came_s = plan->lines[piece->line].came_s;
    }
    return came_s == PLAN_NEVER || group->hold_s == PLAN_NEVER ? PLAN_NEVER
                                                               : came_s + group->hold_s;
}

/* What the smallest batch wants besides is made for stock, of what most of it is. */
static void add_stock(struct plan *plan, int batch, int64_t least)
{
    const struct plan_batch *to = &plan->batches[batch];
    int most = 0;
    for (int i = 1; i < to->piece_count; i++)
        if (to->pieces[i].count > to->pieces[most].count)
            most = i;
    if (to->count < least && to->piece_count)
        batch_add(plan, batch,
                  &(struct plan_piece){
                      .line = -1, .sku = to->pieces[most].sku, .count = least - to->count});
}

/* Whether it is started, with how much, or from when on. `there`: units that cannot be given back. */
static void settle(struct plan *plan, struct pool *pool, int batch, int64_t there)
{
    struct plan_batch *it = &plan->batches[batch];
    const struct plan_group *group = &plan->problem.groups[it->group];
    int64_t now_s = plan->problem.now_s;

    it->state = PLAN_BATCH_WAITS;
    it->opens_s = PLAN_NEVER;
    if (group->blocked)
        return;
    int64_t least = group->least > there ? group->least : there;
    int64_t starts = most_that_start(group, it, least);
    int64_t held_s = hold_ends(plan, it, 0);
    if (starts && hold_ends(plan, it, starts) > now_s) {
        give_back(plan, pool, batch, starts);
        it->state = PLAN_BATCH_OPENS;
        it->opens_s = now_s;
        return;
    }
    if (it->count < group->least && !group->has_stock)
        return; /* until more of it is ordered */
    it->opens_s = held_s;
    if (held_s == PLAN_NEVER)
        return;
    it->held_long = true;
    if (held_s <= now_s) {
        it->state = PLAN_BATCH_OPENS;
        it->opens_s = now_s;
    }
    add_stock(plan, batch, group->least);
}

static bool is_formed(const struct plan *plan, const struct plan_existing *seed)
{
    const struct plan_queue *batches = &plan->own->batches[seed->group];
    for (int i = 0; i < batches->count; i++)
        if (plan->batches[batches->items[i]].name == seed->name)
            return true;
    return false;
}

/* Whether something of it is in no batch: an open batch, or the line to be taken next. */
static bool pool_has_more(const struct plan *plan, struct pool *pool)
{
    while (pool->seed < pool->seeds->count &&
           is_formed(plan, &plan->problem.batches[pool->seeds->items[pool->seed]]))
        pool->seed++;
    while (pool->at < pool->lines->count && pool_rest(plan, pool) <= 0)
        pool->at++;
    return pool->seed < pool->seeds->count || pool->at < pool->lines->count;
}

/* What a person opened is filled first, and then goes the line that is before the others'; NULL: all is in batches. */
static struct pool *next_pool(const struct plan *plan, struct pool *pools, int count)
{
    struct pool *next = NULL;
    for (int i = 0; i < count; i++) {
        struct pool *it = &pools[i];
        if (!pool_has_more(plan, it))
            continue;
        if (it->seed < it->seeds->count)
            return it;
        if (!next || line_is_before(plan, it->lines->items[it->at], next->lines->items[next->at]))
            next = it;
    }
    return next;
}

static void keep_shut(struct plan *plan, int batch, bool unreleased)
{
    plan->batches[batch].state = PLAN_BATCH_WAITS;
    plan->batches[batch].opens_s = PLAN_NEVER;
    plan->batches[batch].unreleased = unreleased;
}

/* Fills and settles a batch within the room of its release: whatever else is ordered would be too much. */
static void fill(struct plan *plan, struct pool *pool, int batch, int64_t room)
{
    const struct plan_group *rule = &plan->problem.groups[pool->group];
    const struct plan_batch *it = &plan->batches[batch];
    int64_t there = it->count;

    if (!pool->unreleased)
        take_up_to(plan, pool, batch, room < rule->most ? room : rule->most);
    bool cut = room < rule->most && pool_has_more(plan, pool) && pool->at < pool->lines->count;
    settle(plan, pool, batch, there);
    if (cut && it->opens_s == PLAN_NEVER) {
        keep_shut(plan, batch, true);
        pool->unreleased = true;
    }
}

/* One batch of the pool, and how much of the room it takes. */
static int64_t form_next(struct plan *plan, struct pool *pool, int64_t room)
{
    const struct plan_group *rule = &plan->problem.groups[pool->group];
    const struct plan_existing *seed =
        pool->seed < pool->seeds->count ? &plan->problem.batches[pool->seeds->items[pool->seed++]]
                                        : NULL;
    int batch = batch_new(plan, pool->group);
    if (seed)
        batch_be(plan, batch, seed);
    int64_t there = plan->batches[batch].count;
    if (seed && seed->held) {
        keep_shut(plan, batch, false);
    } else if (room < there || room < rule->least || (!seed && pool->unreleased)) {
        if (!seed)
            take_up_to(plan, pool, batch, rule->most);
        pool->unreleased |= !seed;
        keep_shut(plan, batch, true);
    } else {
        fill(plan, pool, batch, room);
    }
    int64_t taken = release_taken(plan, &plan->batches[batch]);
    if (!plan->batches[batch].count)
        batch_free(plan, batch);
    return taken;
}

void group_form(struct plan *plan, int group)
{
    const struct plan_queue groups = release_groups(plan, &group);
    const struct plan_problem *problem = &plan->problem;
    struct pool *pools = memory_zeroed((size_t)groups.count, sizeof *pools), *next;
    int64_t room = release_room(plan, group);

    for (int i = 0; i < groups.count; i++)
        pools[i] = (struct pool){.group = groups.items[i],
                                 .seeds = &plan->own->seeds[groups.items[i]],
                                 .lines = &plan->own->lines[groups.items[i]]};
    while ((next = next_pool(plan, pools, groups.count)))
        room -= form_next(plan, next, problem->groups[next->group].blocked ? PLAN_NEVER : room);
    free(pools);
}

/* ---- together with others ---- */

/* Batches of several products that may lie on one plate, of that family. */
struct shared {
    struct plan_queue batches;
    int family;
    int64_t share, fill; /* fill: what those want that may wait */
    int held;
};

static int64_t share_of(const struct plan *plan, const struct plan_batch *batch)
{
    const struct plan_operation *operation = plan->problem.groups[batch->group].operations;
    int64_t share = 0;
    for (int i = 0; i < batch->piece_count; i++)
        share += operation->share[batch->pieces[i].sku] * batch->pieces[i].count;
    return share;
}

static bool is_shared(const struct plan *plan, int batch)
{
    const struct plan_queue *plates = &plan->batches[batch].plates;
    for (int i = 0; i < plates->count; i++) {
        const struct plan_plate *plate = &plan->plates[plates->items[i]];
        for (int k = 0; k < plate->piece_count; k++)
            if (plate->pieces[k].batch != batch)
                return true;
    }
    return false;
}

/* It waits for others, or it could not wait any longer and is less than a plate; or it was started, and is less than one. */
static bool may_be_shared(const struct plan *plan, const struct plan_batch *batch)
{
    const struct plan_group *group = &plan->problem.groups[batch->group];
    bool waits =
        batch->state == PLAN_BATCH_WAITS && batch->count >= group->least && !batch->unreleased;
    for (int i = 0; i < batch->piece_count; i++)
        waits &= batch->pieces[i].line >= 0 || batch->pieces[i].there;
    bool held = batch->state == PLAN_BATCH_OPENS && batch->held_long;
    bool started = batch->state == PLAN_BATCH_STARTED && batch->operation == 0 &&
                   batch->opens_s <= plan->problem.now_s && !batch->plates.count;
    if (batch->was && (batch->was->held || batch->was->pinned))
        return false;
    return (started || (!group->blocked && (waits || held))) && share_of(plan, batch) < PLATE_FULL;
}

/* What was started shares with what was started: else it would wait until the other has come to its print. That is what was
   opened to share a plate; what is of one product was started by itself, and prints by itself. */
static bool is_as_far(const struct plan *plan, const struct shared *plate,
                      const struct shared *with)
{
    for (int i = 0; i < plate->batches.count; i++)
        for (int k = 0; k < with->batches.count; k++) {
            const struct plan_batch *it = &plan->batches[plate->batches.items[i]];
            const struct plan_batch *other = &plan->batches[with->batches.items[k]];
            bool started = other->state == PLAN_BATCH_STARTED;
            if (started != (it->state == PLAN_BATCH_STARTED) ||
                (started && other->group == it->group))
                return false;
        }
    return true;
}

static bool fit_together(const struct plan *plan, const struct shared *a, const struct shared *b)
{
    enum { KINDS_AT_MOST = 256 };
    int groups[KINDS_AT_MOST], skus[KINDS_AT_MOST], count = 0;
    int64_t units[KINDS_AT_MOST];
    const struct plan_problem *problem = &plan->problem;

    if (!problem->fits)
        return true;
    for (int i = 0; i < a->batches.count + b->batches.count; i++) {
        int batch =
            i < a->batches.count ? a->batches.items[i] : b->batches.items[i - a->batches.count];
        const struct plan_batch *it = &plan->batches[batch];
        for (int k = 0; k < it->piece_count; k++) {
            if (count == KINDS_AT_MOST)
                return false;
            groups[count] = it->group;
            skus[count] = it->pieces[k].sku;
            units[count++] = it->pieces[k].count;
        }
    }
    return problem->fits(a->family, groups, skus, units, count, problem->fits_data);
}

static struct shared alone(const struct plan *plan, int batch)
{
    const struct plan_batch *it = &plan->batches[batch];
    const struct plan_group *group = &plan->problem.groups[it->group];
    struct shared shared = {.family = group->operations[0].family,
                            .share = share_of(plan, it),
                            .fill = it->state == PLAN_BATCH_WAITS ? group->fill : 0,
                            .held = it->state != PLAN_BATCH_WAITS};
    queue_add(&shared.batches, batch);
    return shared;
}

/* Whether one of them could begin before a printer for both is free: that printer would stand idle. */
static bool waits_longer(const struct plan *plan, int both, int a, int b)
{
    int64_t until_s = family_waits_until(plan, both);
    return until_s > family_waits_until(plan, a) || until_s > family_waits_until(plan, b);
}

/* Whether all of another plate's lies on this one, and then it does. */
static bool join(struct plan *plan, struct shared *plate, struct shared *other, bool of_a_kind)
{
    if (plate->share + other->share > PLATE_FULL || (plate->family == other->family) == of_a_kind ||
        !is_as_far(plan, plate, other))
        return false;
    int family = of_a_kind ? family_of_both(plan, plate->family, other->family) : plate->family;
    if (family < 0 || waits_longer(plan, family, plate->family, other->family) ||
        !fit_together(plan, plate, other))
        return false;
    for (int i = 0; i < other->batches.count; i++)
        queue_add(&plate->batches, other->batches.items[i]);
    free(other->batches.items);
    plate->family = family;
    plate->share += other->share;
    plate->held += other->held;
    if (other->fill > plate->fill)
        plate->fill = other->fill;
    return true;
}

/* Each joins the first that it may; how many are left. */
static int join_each(struct plan *plan, struct shared *plates, int count, bool of_a_kind)
{
    int left = 0;
    for (int i = 0; i < count; i++) {
        int at = 0;
        while (at < left && !join(plan, &plates[at], &plates[i], of_a_kind))
            at++;
        if (at == left)
            plates[left++] = plates[i];
    }
    return left;
}

/* All of them where that is full enough for those that may wait, else those that may not. */
static void make_shared(struct plan *plan, const struct shared *shared, struct plan_queue *batches,
                        struct plan_queue *near)
{
    bool all = shared->share >= shared->fill;
    int plate = -1;
    if ((all ? shared->batches.count : shared->held) < 2)
        return;
    for (int i = 0; i < shared->batches.count; i++) {
        int batch = shared->batches.items[i];
        struct plan_batch *it = &plan->batches[batch];
        if (!all && it->state == PLAN_BATCH_WAITS)
            continue;
        batch_unplate(plan, batch, near);
        queue_add(batches, batch);
        if (it->state != PLAN_BATCH_STARTED) {
            it->held_long = it->state == PLAN_BATCH_OPENS;
            it->state = PLAN_BATCH_OPENS;
            it->opens_s = plan->problem.now_s;
        }
        if (plate < 0)
            plate = plate_new(plan, shared->family, it->group, 0);
        for (int k = 0; k < it->piece_count; k++)
            plate_add(plan, plate, &it->pieces[k]);
    }
}

static int by_due(const void *a, const void *b, void *data)
{
    const struct plan *plan = data;
    int i = *(const int *)a, k = *(const int *)b;
    int64_t x = plan->batches[i].due_s, y = plan->batches[k].due_s;
    return x != y ? (x > y) - (x < y) : i - k;
}

static void find_shareable(const struct plan *plan, int family, struct plan_queue *found)
{
    const struct plan_queue *groups = &plan->own->alike[family];
    for (int i = 0; i < groups->count; i++) {
        const struct plan_queue *batches = &plan->own->batches[groups->items[i]];
        for (int k = 0; k < batches->count; k++)
            if (may_be_shared(plan, &plan->batches[batches->items[k]]) &&
                !is_shared(plan, batches->items[k]))
                queue_add(found, batches->items[k]);
    }
}

/* First what is of one family, for that may still go to any of its printers; then what is left of a kind. */
void family_pool(struct plan *plan, int family, struct plan_queue *noted, struct plan_queue *near)
{
    struct plan_queue found = {0};
    int kind = plan->problem.families[family].kind;

    for (int f = kind ? 0 : family; f < (kind ? plan->problem.family_count : family + 1); f++)
        if (plan->problem.families[f].kind == kind)
            find_shareable(plan, f, &found);
    struct shared *plates = memory_zeroed((size_t)found.count + 1, sizeof *plates);
    int count = found.count;
    if (found.count)
        qsort_r(found.items, (size_t)found.count, sizeof *found.items, by_due, plan);
    for (int i = 0; i < count; i++)
        plates[i] = alone(plan, found.items[i]);
    count = join_each(plan, plates, count, false);
    if (kind)
        count = join_each(plan, plates, count, true);
    for (int i = 0; i < count; i++) {
        make_shared(plan, &plates[i], noted, near);
        free(plates[i].batches.items);
    }
    free(plates);
    free(found.items);
}
