#include "plan/verify.h"

#include "base/map.h"
#include "base/memory.h"

#include <stdlib.h>

struct verifying {
    const struct plan *plan;
    const struct plan_problem *problem;
    struct failure *failure;
    struct map existing; /* by name: of the problem's batches */
};

#define CHECK(truth, ...)                                                                          \
    do {                                                                                           \
        if (!(truth))                                                                              \
            return fail(at->failure, __VA_ARGS__);                                                 \
    } while (0)

static const struct plan_group *group_of(const struct verifying *at, int batch)
{
    return &at->problem->groups[at->plan->batches[batch].group];
}

/* The batch as the problem has it, NULL for a new one. */
static const struct plan_existing *existing_of(const struct verifying *at, int batch)
{
    const char *name = at->plan->batches[batch].name;
    return name ? map_get(&at->existing, NULL, name) : NULL;
}

/* ---- units: each is in one batch, and of it on one plate of each operation ---- */

static bool verify_lines(struct verifying *at)
{
    int64_t *planned = memory_zeroed((size_t)at->plan->line_count + 1, sizeof *planned);
    bool good = true;
    for (int b = 0; b < at->plan->batch_count; b++) {
        const struct plan_batch *batch = &at->plan->batches[b];
        for (int i = 0; batch->live && i < batch->piece_count; i++)
            if (batch->pieces[i].line >= 0 && !batch->pieces[i].there &&
                batch->state != PLAN_BATCH_STARTED)
                planned[batch->pieces[i].line] += batch->pieces[i].count;
    }
    for (int i = 0; i < at->plan->line_count && good; i++)
        if (planned[i] != (at->plan->lines[i].held ? 0 : at->plan->lines[i].count))
            good = fail(at->failure, "line %d%s wants %lld units and %lld are in batches", i,
                        at->plan->lines[i].held ? ", which is held," : "",
                        (long long)at->plan->lines[i].count, (long long)planned[i]);
    free(planned);
    return good;
}

static int64_t on_plates(const struct verifying *at, int batch, int operation, int line, int sku)
{
    const struct plan_queue *plates = &at->plan->batches[batch].plates;
    int64_t count = 0;
    for (int i = 0; i < plates->count; i++) {
        const struct plan_plate *plate = &at->plan->plates[plates->items[i]];
        for (int k = 0; plate->operation == operation && k < plate->piece_count; k++)
            if (plate->pieces[k].batch == batch && plate->pieces[k].line == line &&
                plate->pieces[k].sku == sku)
                count += plate->pieces[k].count;
    }
    return count;
}

static bool verify_laid(struct verifying *at, int index)
{
    const struct plan_batch *batch = &at->plan->batches[index];
    const struct plan_group *group = group_of(at, index);

    if (batch->opens_s == PLAN_NEVER) {
        CHECK(!batch->plates.count, "batch %d may never open and has plates", index);
        return true;
    }
    for (int k = batch->operation < 0 ? 0 : batch->operation; k < group->operation_count; k++)
        for (int i = 0; i < batch->piece_count; i++) {
            const struct plan_piece *piece = &batch->pieces[i];
            int64_t wanted = 0;
            for (int n = 0; n < batch->piece_count; n++)
                if (batch->pieces[n].line == piece->line && batch->pieces[n].sku == piece->sku)
                    wanted += batch->pieces[n].count;
            int64_t laid = on_plates(at, index, k, piece->line, piece->sku);
            CHECK(laid == wanted,
                  "batch %d has %lld units of line %d, and %lld lie on plates of operation %d",
                  index, (long long)wanted, piece->line, (long long)laid, k);
        }
    return true;
}

/* ---- batches ---- */

/* The end of the longest wait that the batch's rule allows. */
static int64_t hold_end(const struct verifying *at, int index)
{
    const struct plan_batch *batch = &at->plan->batches[index];
    const struct plan_group *group = group_of(at, index);
    int64_t end_s = PLAN_NEVER;
    for (int i = 0; i < batch->piece_count && group->hold_s != PLAN_NEVER; i++) {
        int line = batch->pieces[i].line;
        if (line >= 0 && at->plan->lines[line].came_s + group->hold_s < end_s)
            end_s = at->plan->lines[line].came_s + group->hold_s;
    }
    return end_s;
}

static bool verify_batch(struct verifying *at, int index)
{
    const struct plan_batch *batch = &at->plan->batches[index];
    const struct plan_group *group = group_of(at, index);
    int64_t count = 0, stock = 0;

    for (int i = 0; i < batch->piece_count; i++) {
        const struct plan_piece *piece = &batch->pieces[i];
        count += piece->count;
        stock += piece->line < 0 && !piece->there ? piece->count : 0;
        CHECK(piece->count > 0, "batch %d has a piece of nothing", index);
        if (piece->line >= 0 && !piece->there)
            CHECK(at->plan->lines[piece->line].group == batch->group &&
                      at->plan->lines[piece->line].sku == piece->sku,
                  "batch %d has line %d, which is not alike", index, piece->line);
    }
    CHECK(count == batch->count, "batch %d miscounts its units", index);
    if (!verify_laid(at, index))
        return false;
    const struct plan_existing *was = existing_of(at, index);
    for (int i = 0; was && was->held && i < batch->piece_count; i++)
        CHECK(batch->pieces[i].there, "batch %d is held, and filled", index);
    CHECK(!was || !was->held || (batch->state != PLAN_BATCH_OPENS && batch->opens_s == PLAN_NEVER),
          "batch %d is held, and planned", index);
    if (batch->state == PLAN_BATCH_STARTED)
        return true;
    CHECK(!group->blocked || (batch->state == PLAN_BATCH_WAITS && batch->opens_s == PLAN_NEVER),
          "batch %d may not be started: %s", index, group->blocked);
    CHECK(count <= group->most, "batch %d has %lld units, more than %lld", index, (long long)count,
          (long long)group->most);
    CHECK(!stock ||
              (group->has_stock && count == group->least && hold_end(at, index) <= batch->opens_s),
          "batch %d makes %lld for stock without need", index, (long long)stock);
    if (batch->opens_s == PLAN_NEVER)
        return true;
    CHECK(count >= group->least, "batch %d has %lld units, fewer than %lld", index,
          (long long)count, (long long)group->least);
    CHECK(batch->opens_s >= at->problem->now_s || batch->state == PLAN_BATCH_OPENS,
          "batch %d opens before now", index);
    if (batch->state == PLAN_BATCH_WAITS)
        CHECK(batch->opens_s > at->problem->now_s && batch->opens_s <= hold_end(at, index),
              "batch %d waits longer than an order may", index);
    return true;
}

/* ---- releases ---- */

/* Units of a group in batches that were not started: that open, or might (`could`), or wait for a larger release. */
static int64_t units_that(const struct verifying *at, int group, bool opens, bool could, bool over)
{
    const struct plan_group *it = &at->problem->groups[group];
    int64_t units = 0;
    for (int b = 0; b < at->plan->batch_count; b++) {
        const struct plan_batch *batch = &at->plan->batches[b];
        const struct plan_existing *was = existing_of(at, b);
        if (!batch->live || batch->group != group || batch->state == PLAN_BATCH_STARTED)
            continue;
        bool waits = batch->opens_s == PLAN_NEVER;
        bool large = batch->count >= it->least && !it->blocked && !(was && was->held);
        if ((opens && !waits) || (over && batch->unreleased) ||
            (could && waits && large && !batch->unreleased))
            units += batch->count;
    }
    return units;
}

/* What opens is not more than is left; and nothing waits for that without need. */
static bool verify_release(struct verifying *at, int release)
{
    int64_t opens = 0, taken = 0, left = at->problem->releases[release - 1].left;
    for (int g = 0; g < at->problem->group_count; g++)
        if (at->problem->groups[g].release == release) {
            opens += units_that(at, g, true, false, false);
            taken += units_that(at, g, true, true, false);
        }
    CHECK(opens <= left, "%lld units of release %d are planned, and %lld are left",
          (long long)opens, release, (long long)left);
    for (int b = 0; b < at->plan->batch_count; b++) {
        const struct plan_batch *batch = &at->plan->batches[b];
        if (!batch->live || !batch->unreleased || group_of(at, b)->release != release)
            continue;
        int64_t wanted = units_that(at, batch->group, false, false, true);
        CHECK(batch->state == PLAN_BATCH_WAITS && batch->opens_s == PLAN_NEVER,
              "batch %d is over its release, and planned", b);
        CHECK(wanted > left - taken || group_of(at, b)->least > left - taken,
              "batch %d waits for a larger release without need", b);
    }
    return true;
}

/* ---- plates ---- */

/* Of its own family, or of another that differs in its printers only, and may be printed wherever the plate may. */
static bool may_lie_on(const struct verifying *at, int of, int on)
{
    const struct plan_family *a = &at->problem->families[of], *b = &at->problem->families[on];
    bool same = a->kind && a->kind == b->kind && a->material_count == b->material_count &&
                a->nozzle_um == b->nozzle_um && a->setup_s == b->setup_s && a->run_s == b->run_s &&
                a->purge_mg == b->purge_mg && a->purge_s == b->purge_s && a->station == b->station;
    for (int i = 0; same && i < a->material_count; i++)
        same = a->materials[i] == b->materials[i];
    for (int p = 0; same && p < at->problem->printer_count; p++)
        same = a->printers[p] || !b->printers[p];
    return of == on || same;
}

static bool verify_plate(struct verifying *at, int index)
{
    const struct plan_plate *plate = &at->plan->plates[index];
    const struct plan_family *family = &at->problem->families[plate->family];
    int64_t share = 0, print_s = family->run_s;

    for (int i = 0; i < plate->piece_count; i++) {
        const struct plan_piece *piece = &plate->pieces[i];
        const struct plan_operation *operation =
            &group_of(at, piece->batch)->operations[plate->operation];
        const struct plan_batch *batch = &at->plan->batches[piece->batch];
        CHECK(batch->live && may_lie_on(at, operation->family, plate->family),
              "plate %d has things on it that may not lie together", index);
        share += operation->share[piece->sku] * piece->count;
        print_s += family->run_s ? 0 : operation->print_s[piece->sku] * piece->count;
        CHECK(plate->printer < 0 || plate->fixed || plate->begin_s >= batch->opens_s,
              "plate %d begins before batch %d opens", index, piece->batch);
    }
    CHECK(share <= PLATE_FULL || (plate->piece_count == 1 && plate->pieces[0].count == 1),
          "plate %d is more than full: %lld", index, (long long)share);
    CHECK(share == plate->share && print_s == plate->print_s, "plate %d is misreckoned", index);
    for (int i = 0; i < plate->piece_count; i++) {
        int batch = plate->pieces[i].batch;
        const struct plan_batch *of = &at->plan->batches[batch];
        CHECK(of->state == PLAN_BATCH_STARTED || share >= group_of(at, batch)->fill ||
                  hold_end(at, batch) <= of->opens_s,
              "plate %d is not full enough for batch %d: %lld", index, batch, (long long)share);
    }
    return true;
}

/* ---- printers ---- */

/* Whether a person is there, reckoned by the clock on the wall. */
static bool is_there(const struct calendar *calendar, int64_t from_s, int64_t to_s)
{
    if (calendar->length_s >= DAY_S && calendar->days == 7)
        return true;
    int64_t day = from_s / DAY_S, weekday = (day + 3) % 7,
            begins_s = day * DAY_S + calendar->begins_s;
    bool longer = to_s - from_s > calendar->length_s && from_s == begins_s;
    return weekday < calendar->days && from_s >= begins_s &&
           (to_s <= begins_s + calendar->length_s || longer);
}

static int load_materials(const struct plan_family *family, int *loaded, int slots)
{
    int changed = 0;
    for (int i = 0; i < family->material_count; i++) {
        bool found = false;
        for (int k = 0; k < slots; k++)
            found |= loaded[k] == family->materials[i];
        if (found)
            continue;
        int victim = -1;
        for (int k = 0; k < slots && victim < 0; k++)
            victim = loaded[k] < 0 ? k : -1;
        for (int k = 0; k < slots && victim < 0; k++) {
            bool wanted = false;
            for (int n = 0; n < family->material_count; n++)
                wanted |= loaded[k] == family->materials[n];
            victim = wanted ? -1 : k;
        }
        loaded[victim < 0 ? slots - 1 : victim] = family->materials[i];
        changed++;
    }
    return changed;
}

/* ---- what a person wished ---- */

/* The first of what lies on it, PLAN_NEVER for none. */
static int64_t rank_of(const struct verifying *at, const struct plan_plate *plate)
{
    int64_t first = PLAN_NEVER;
    for (int i = 0; i < plate->piece_count; i++) {
        const struct plan_existing *was = existing_of(at, plate->pieces[i].batch);
        const struct plan_line *line =
            plate->pieces[i].line >= 0 ? &at->plan->lines[plate->pieces[i].line] : NULL;
        if (was && was->rank && was->rank < first)
            first = was->rank;
        if (line && line->rank && line->rank < first)
            first = line->rank;
    }
    return first;
}

/* From when on it could be printed; of a later operation, what is said. */
static int64_t ready_of(const struct verifying *at, const struct plan_plate *plate)
{
    int64_t ready_s = at->problem->now_s;
    if (plate->operation > 0)
        return plate->ready_s;
    for (int i = 0; i < plate->piece_count; i++)
        if (at->plan->batches[plate->pieces[i].batch].opens_s > ready_s)
            ready_s = at->plan->batches[plate->pieces[i].batch].opens_s;
    return ready_s;
}

static bool verify_ranks(struct verifying *at, int index)
{
    const struct plan_queue *queue = &at->plan->queues[index];
    for (int k = 1; k < queue->count; k++) {
        const struct plan_plate *plate = &at->plan->plates[queue->items[k]];
        int64_t rank = rank_of(at, plate);
        for (int i = 0; rank != PLAN_NEVER && !plate->fixed && i < k; i++) {
            const struct plan_plate *before = &at->plan->plates[queue->items[i]];
            CHECK(before->fixed || rank_of(at, before) <= rank ||
                      before->begin_s < ready_of(at, plate),
                  "plate %d goes before plate %d, and comes after it", queue->items[k],
                  queue->items[i]);
        }
    }
    return true;
}

static bool verify_pin(struct verifying *at, int plate)
{
    const struct plan_plate *it = &at->plan->plates[plate];
    for (int i = 0; i < it->piece_count && it->printer >= 0; i++) {
        const struct plan_existing *was = existing_of(at, it->pieces[i].batch);
        CHECK(!was || !was->pinned || was->printer == it->printer,
              "plate %d is on printer %d, and pinned to %s", plate, it->printer, was->pinned);
    }
    return true;
}

static bool verify_printer(struct verifying *at, int index)
{
    const struct plan_printer *printer = &at->plan->printers[index];
    const struct plan_queue *queue = &at->plan->queues[index];
    int64_t free_s = printer->free_s > at->problem->now_s ? printer->free_s : at->problem->now_s;
    int64_t nozzle_um = printer->nozzle_um;
    int loaded[SLOTS_AT_MOST];

    for (int i = 0; i < SLOTS_AT_MOST; i++)
        loaded[i] = printer->materials[i];
    CHECK(!printer->down || !queue->count, "printer %d is down and has plates", index);
    for (int i = 0; i < queue->count; i++) {
        const struct plan_plate *plate = &at->plan->plates[queue->items[i]];
        const struct plan_family *family = &at->problem->families[plate->family];
        CHECK(plate->live && plate->printer == index, "plate %d is not where it is said to be",
              queue->items[i]);
        CHECK(family->printers[index] && family->material_count <= printer->slot_count,
              "plate %d cannot be made on printer %d", queue->items[i], index);
        int64_t hands_s = family->setup_s +
                          at->problem->swap_s * load_materials(family, loaded, printer->slot_count);
        if (family->nozzle_um && nozzle_um && family->nozzle_um != nozzle_um)
            hands_s += at->problem->nozzle_s;
        if (family->nozzle_um)
            nozzle_um = family->nozzle_um;
        if (!plate->fixed) {
            CHECK(plate->begin_s >= free_s, "plate %d begins before printer %d is free",
                  queue->items[i], index);
            CHECK(plate->print_begin_s - plate->begin_s >= hands_s,
                  "plate %d has no time for its changes", queue->items[i]);
            CHECK(is_there(&at->problem->calendar, plate->begin_s, plate->print_begin_s),
                  "nobody is there to begin with plate %d", queue->items[i]);
        }
        CHECK(plate->end_s - plate->print_begin_s == plate->print_s &&
                  plate->cleared_s >= plate->end_s,
              "plate %d does not print as long as it takes", queue->items[i]);
        CHECK(is_there(&at->problem->calendar, plate->cleared_s, plate->cleared_s),
              "nobody is there to clear plate %d", queue->items[i]);
        free_s = plate->cleared_s;
    }
    return true;
}

/* ---- one operation after the other ---- */

static bool verify_sequence(struct verifying *at, int index)
{
    const struct plan_queue *plates = &at->plan->batches[index].plates;
    for (int i = 0; i < plates->count; i++)
        for (int k = 0; k < plates->count; k++) {
            const struct plan_plate *first = &at->plan->plates[plates->items[i]],
                                    *then = &at->plan->plates[plates->items[k]];
            if (first->operation < then->operation && then->printer >= 0 && !then->fixed)
                CHECK(first->printer >= 0 && then->begin_s >= first->out_s,
                      "batch %d: plate %d begins before plate %d is worked on", index,
                      plates->items[k], plates->items[i]);
        }
    return true;
}

/* ---- hands ---- */

static bool verify_hands(struct verifying *at)
{
    enum { DAYS = 1024 };
    const struct plan_problem *problem = at->problem;
    size_t size = (size_t)problem->station_count * DAYS;
    int64_t *booked_s = memory_zeroed(size + 1, sizeof *booked_s);
    bool good = true;

    for (int i = 0; i < at->plan->plate_count; i++) {
        const struct plan_plate *plate = &at->plan->plates[i];
        for (int k = 0; plate->live && k < plate->booking_count; k++)
            booked_s[plate->bookings[k].station * DAYS + plate->bookings[k].day] +=
                plate->bookings[k].hands_s;
    }
    for (int s = 0; s < problem->station_count && good; s++)
        for (int day = 0; day < DAYS && good; day++)
            if (booked_s[s * DAYS + day] > problem->stations[s].seats * problem->calendar.length_s)
                good = fail(at->failure, "station %d has no hands for %lld s on day %d", s,
                            (long long)booked_s[s * DAYS + day], day);
    free(booked_s);
    return good;
}

/* ---- one setup after the other ---- */

struct change_of_people {
    int64_t at_s;
    int more; /* 1: somebody begins, -1: ends */
};

static int by_time(const void *a, const void *b)
{
    const struct change_of_people *x = a, *y = b;
    return x->at_s != y->at_s ? (x->at_s > y->at_s) - (x->at_s < y->at_s) : x->more - y->more;
}

/* No more printers are set up at once than there are people at the station. */
static bool verify_turns(struct verifying *at)
{
    const struct plan *plan = at->plan;
    struct change_of_people *changes =
        memory_zeroed(2 * (size_t)plan->plate_count + 1, sizeof *changes);
    bool good = true;
    for (int s = 0; at->problem->in_turn && s < at->problem->station_count && good; s++) {
        int64_t people = 0;
        size_t count = 0;
        for (int i = 0; i < plan->plate_count; i++) {
            const struct plan_plate *plate = &plan->plates[i];
            if (!plate->live || plate->printer < 0 ||
                at->problem->families[plate->family].station != s)
                continue;
            changes[count++] = (struct change_of_people){plate->begin_s, 1};
            changes[count++] = (struct change_of_people){plate->print_begin_s, -1};
        }
        qsort(changes, count, sizeof *changes, by_time);
        for (size_t i = 0; i < count && good; i++) {
            people += changes[i].more;
            if (people > at->problem->stations[s].seats)
                good = fail(at->failure, "station %d sets up %lld printers at once", s,
                            (long long)people);
        }
    }
    free(changes);
    return good;
}

bool plan_verify(const struct plan *plan, struct failure *failure)
{
    struct verifying at = {plan, &plan->problem, failure, {0}};
    for (int b = 0; b < plan->problem.batch_count; b++)
        map_put(&at.existing, NULL, plan->problem.batches[b].name,
                (void *)(uintptr_t)&plan->problem.batches[b]);
    bool good = verify_lines(&at);
    for (int r = 1; r <= plan->problem.release_count && good; r++)
        good = verify_release(&at, r);
    for (int b = 0; b < plan->batch_count && good; b++)
        good = !plan->batches[b].live || (verify_batch(&at, b) && verify_sequence(&at, b));
    for (int i = 0; i < plan->plate_count && good; i++)
        good = !plan->plates[i].live || (verify_plate(&at, i) && verify_pin(&at, i));
    for (int p = 0; p < plan->problem.printer_count && good; p++)
        good = verify_printer(&at, p) && verify_ranks(&at, p);
    good = good && verify_hands(&at) && verify_turns(&at);
    map_free(&at.existing);
    return good;
}
