/* A layout that is simple to find comes first, a lattice or the largest parts first to the lowest place; then one more
   part is forced in, or one plate less is forced on all, as long as there is work to be done. */
#include "packing/packing.h"

#include "base/memory.h"
#include "packing/fill.h"
#include "packing/lattice.h"
#include "packing/separate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Tries are given up after that part of the effort: others may be luckier. The first layouts take no more than another
   part of it. */
enum { TRIES = 3, FORCES = 20, STARTS = 10, FEW = 10 };

/* ---- forcing ---- */

static double area_of(const struct job *job, const struct layout *layout)
{
    double area = 0;
    for (uint32_t i = 0; i < layout->count; i++)
        area += job->kinds[layout->items[i].kind].area;
    return area;
}

static double area_of_bed(const struct job *job)
{
    return (double)job->bed.x * job->bed.y;
}

static bool has_work(const struct job *job)
{
    return job->spent < job->request->effort;
}

/* Somewhere on a plate, over others; false where it is too large in every turn. */
static bool throw_in(struct job *job, struct item *item, uint32_t plates)
{
    uint32_t first = chance_below(job, job->turns);
    struct box room;
    for (uint32_t i = 0; i < job->turns; i++) {
        item->turn = (first + i) % job->turns;
        if (!may_stand(job, form_at(job, item->kind, item->turn), &room))
            continue;
        item->plate = chance_below(job, plates);
        item->at.x =
            room.low.x + (int32_t)chance_below(job, (uint32_t)(room.high.x - room.low.x) + 1);
        item->at.y =
            room.low.y + (int32_t)chance_below(job, (uint32_t)(room.high.y - room.low.y) + 1);
        return true;
    }
    return false;
}

static bool settle_all(struct job *job, struct layout *layout, uint32_t plates)
{
    uint64_t until = job->spent + job->request->effort / TRIES;
    return separate(job, layout, plates,
                    until < job->request->effort ? until : job->request->effort);
}

/* ---- one part, as many as there is room for ---- */

static void pack_lattices(struct job *job, struct layout *best)
{
    struct lattice lattices[LATTICES];
    struct layout layout = {0};
    uint32_t count = find_lattices(job, 0, lattices);
    for (uint32_t i = 0; i < count && (i == 0 || has_work(job)); i++) {
        layout.count = 0;
        lay_lattice(job, &lattices[i], 0, &layout);
        fill(job, &layout, 0, 0, UINT32_MAX);
        if (layout.count > best->count)
            layout_copy(best, &layout);
    }
    if (job->request->keep_out_count || !best->count) { /* keep-outs cut lattices up */
        layout.count = 0;
        fill(job, &layout, 0, 0, UINT32_MAX);
        if (layout.count > best->count)
            layout_copy(best, &layout);
    }
    layout_free(&layout);
}

/* Tries begin from the best layout and all over, by turns. Few parts lie in no lattice when there is little room: of these the
   first try is all over. */
static void pack_one(struct job *job, struct layout *best)
{
    struct layout layout = {0};
    uint32_t failed = 0;
    pack_lattices(job, best);
    while (best->count && has_work(job) &&
           (best->count + 1) * job->kinds[0].area <= area_of_bed(job)) {
        struct item more = {.kind = 0};
        if (!throw_in(job, &more, 1))
            break;
        layout_copy(&layout, best);
        layout_add(&layout, more);
        bool all_over = failed % 2 == (best->count >= FEW);
        for (uint32_t i = 0; all_over && i < layout.count; i++)
            throw_in(job, &layout.items[i], 1);
        bool good = settle_all(job, &layout, 1);
        failed = good ? 0 : failed + 1;
        if (good) {
            fill(job, &layout, 0, 0, UINT32_MAX);
            layout_copy(best, &layout);
        }
    }
    layout_free(&layout);
}

/* ---- several parts ---- */

/* The larger first; of equal ones the first. */
static int compare_keys(const void *left, const void *right, void *context)
{
    const double *keys = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    if (keys[a] != keys[b])
        return keys[a] > keys[b] ? -1 : 1;
    return (a > b) - (a < b);
}

/* By what parts go first: their area, their longest side, their box, both of its sides; and after these the area again,
   more or less by chance. */
static void find_keys(struct job *job, uint32_t start, double *keys)
{
    for (uint32_t i = 0; i < job->request->part_count; i++) {
        const struct box *box = &form_at(job, i, 0)->box;
        double width = (double)box->high.x - box->low.x, depth = (double)box->high.y - box->low.y;
        const double by[] = {job->kinds[i].area, fmax(width, depth), width * depth, width + depth};
        keys[i] = by[start < 4 ? start : 0];
        if (start >= 4)
            keys[i] *= 1 + chance_below(job, 1000) / 2000.0;
    }
}

/* All of a kind, each on the first plate that has room, of at most so many. False where some found none. */
static bool place_kind(struct job *job, struct layout *layout, uint32_t kind, uint32_t count,
                       uint32_t *plates, uint32_t most)
{
    uint32_t plate = 0;
    struct filler filler;
    filler_open(&filler, job, kind, plate);
    while (count && plate < most) {
        if (filler_add(&filler, layout)) {
            *plates = plate < *plates ? *plates : plate + 1;
            count--;
            continue;
        }
        filler_close(&filler);
        if (plate == *plates)
            return false; /* not even alone */
        filler_open(&filler, job, kind, ++plate);
    }
    filler_close(&filler);
    return count == 0;
}

/* The largest first, by the keys of that start. Which kinds found no room is told by how many of them are placed. */
static bool place_all(struct job *job, struct layout *layout, uint32_t start, uint32_t sets,
                      uint32_t *plates, uint32_t most)
{
    uint32_t count = job->request->part_count;
    double *keys = memory_alloc((count + (size_t)1) * sizeof *keys);
    uint32_t *order = memory_alloc((count + (size_t)1) * sizeof *order);
    bool all = true;
    layout->count = *plates = 0;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    find_keys(job, start, keys);
    qsort_r(order, count, sizeof *order, compare_keys, keys);
    for (uint32_t i = 0; i < count && (all || most == UINT32_MAX); i++)
        all &= place_kind(job, layout, order[i], sets * job->request->parts[order[i]].count, plates,
                          most);
    free(keys);
    free(order);
    return all;
}

static double area_on(const struct job *job, const struct layout *layout, uint32_t plate)
{
    double area = 0;
    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->items[i].plate == plate)
            area += job->kinds[layout->items[i].kind].area;
    return area;
}

/* In several orders, for a share of the work; the one that leaves least on the last plate. */
static void place_best(struct job *job, struct layout *best, uint32_t *plates)
{
    struct layout layout = {0};
    place_all(job, best, 0, 1, plates, UINT32_MAX);
    for (uint32_t start = 1; *plates > 1 && job->spent < job->request->effort / STARTS; start++) {
        uint32_t used;
        place_all(job, &layout, start, 1, &used, UINT32_MAX);
        if (layout.count > best->count ||
            (layout.count == best->count &&
             (used < *plates || (used == *plates && area_on(job, &layout, used - 1) <
                                                        area_on(job, best, used - 1))))) {
            layout_copy(best, &layout);
            *plates = used;
        }
    }
    layout_free(&layout);
}

/* One item of the last plate forced onto another one, whose items make room; false, and nothing changed, where they do
   not before so much work was done. */
static bool force_onto(struct job *job, struct layout *layout, uint32_t which, uint32_t plate,
                       uint64_t work)
{
    struct layout one = {0};
    uint64_t until = job->spent + work;
    struct item item = layout->items[which];
    bool good = throw_in(job, &item, 1);
    layout_add(&one, item);
    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->items[i].plate == plate) {
            layout_add(&one, layout->items[i]);
            one.items[one.count - 1].plate = 0;
        }
    good =
        good && separate(job, &one, 1, until < job->request->effort ? until : job->request->effort);
    if (good) {
        uint32_t next = 1;
        for (uint32_t i = 0; i < layout->count; i++)
            if (i == which || layout->items[i].plate == plate) {
                layout->items[i] = one.items[i == which ? 0 : next++];
                layout->items[i].plate = plate;
            }
    }
    layout_free(&one);
    return good;
}

/* The plate of all but the last one that is least covered, of those not tried yet; `plates` where none is left. */
static uint32_t emptiest(const struct job *job, const struct layout *layout, uint32_t plates,
                         const bool *tried)
{
    double *covered = memory_zeroed(plates, sizeof *covered);
    uint32_t best = plates;
    for (uint32_t i = 0; i < layout->count; i++)
        covered[layout->items[i].plate] += job->kinds[layout->items[i].kind].area;
    for (uint32_t plate = 0; plate + 1 < plates; plate++)
        if (!tried[plate] && (best == plates || covered[plate] < covered[best]))
            best = plate;
    free(covered);
    return best;
}

/* The last plate is emptied, one item after the other, onto whichever other one can be made to take it. */
static void pack_closer(struct job *job, struct layout *layout, uint32_t *plates)
{
    uint32_t which = 0, left = 0;
    while (*plates > 1 && layout->count && has_work(job) &&
           area_of(job, layout) <= (*plates - 1) * area_of_bed(job)) {
        bool *tried = memory_zeroed(*plates, sizeof *tried);
        while (layout->items[which % layout->count].plate != *plates - 1)
            which++;
        which %= layout->count;
        for (bool placed = false; !placed && has_work(job);) {
            uint32_t plate = emptiest(job, layout, *plates, tried);
            if (plate == *plates)
                break;
            tried[plate] = true;
            placed = force_onto(job, layout, which, plate, job->request->effort / FORCES);
        }
        free(tried);
        which++;
        left = 0;
        for (uint32_t i = 0; i < layout->count; i++)
            left += layout->items[i].plate == *plates - 1;
        *plates -= left == 0;
    }
}

/* Plates that are all the same but the last, which has what is left. */
static uint32_t pack_many(struct job *job, struct layout *layout)
{
    struct layout one = {0};
    uint32_t count = job->request->parts[0].count;
    pack_one(job, &one);
    assert(one.count); /* more than one was placed before */
    layout->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct item item = one.items[i % one.count];
        item.plate = i / one.count;
        layout_add(layout, item);
    }
    uint32_t plates = (count + one.count - 1) / one.count;
    layout_free(&one);
    return plates;
}

/* Sets are added until one does not fit; then one more is thrown in. */
static void pack_sets(struct job *job, struct layout *best)
{
    struct layout layout = {0};
    uint32_t plates = 0, sets = 0, low = 0, high = 1;
    while (place_all(job, &layout, 0, high, &plates, 1)) {
        layout_copy(best, &layout);
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        bool fits = place_all(job, &layout, 0, middle, &plates, 1);
        if (fits)
            layout_copy(best, &layout);
        *(fits ? &low : &high) = middle;
    }
    for (sets = low; has_work(job);) {
        layout_copy(&layout, best);
        bool thrown = true;
        for (uint32_t part = 0; part < job->request->part_count; part++)
            for (uint32_t i = 0; i < job->request->parts[part].count; i++) {
                struct item more = {.kind = part};
                thrown &= throw_in(job, &more, 1);
                layout_add(&layout, more);
            }
        if (!thrown || area_of(job, &layout) > area_of_bed(job))
            break;
        if (settle_all(job, &layout, 1)) {
            layout_copy(best, &layout);
            sets++;
        }
    }
    layout_free(&layout);
}

/* ---- the answer ---- */

/* The packer turns a part about its middle, a placement about its origin. */
static struct placement placement_of(const struct job *job, const struct item *item)
{
    const double *middle = job->kinds[item->kind].middle;
    double angle_deg = turn_angle(job, item->turn);
    double angle = angle_deg * (3.14159265358979323846 / 180);
    double along = cos(angle), across = sin(angle);
    double x = item->at.x / 1000.0 - (middle[0] * along - middle[1] * across);
    double y = item->at.y / 1000.0 - (middle[0] * across + middle[1] * along);
    return (struct placement){item->kind, item->plate, angle_deg, x, y, 0};
}

static int compare_items(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    if (a->plate != b->plate)
        return a->plate < b->plate ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->at.y != b->at.y)
        return a->at.y < b->at.y ? -1 : 1;
    return (a->at.x > b->at.x) - (a->at.x < b->at.x);
}

static struct packing answer(const struct job *job, struct layout *layout, uint32_t plates)
{
    struct packing packing = {.count = layout->count, .plates = plates, .spent = job->spent};
    packing.placements = memory_alloc((layout->count + (size_t)1) * sizeof *packing.placements);
    packing.placed = memory_zeroed(job->request->part_count + (size_t)1, sizeof *packing.placed);
    if (layout->count)
        qsort(layout->items, layout->count, sizeof *layout->items, compare_items);
    for (uint32_t i = 0; i < layout->count; i++) {
        packing.placements[i] = placement_of(job, &layout->items[i]);
        packing.placed[layout->items[i].kind]++;
    }
    return packing;
}

struct packing pack(const struct packing_request *request)
{
    struct job job;
    struct layout layout = {0};
    uint32_t plates = 0;
    job_open(&job, request);
    if (request->sets && request->part_count == 1) {
        pack_one(&job, &layout);
        plates = layout.count > 0;
    } else if (request->sets) {
        pack_sets(&job, &layout);
        plates = layout.count > 0;
    } else {
        place_best(&job, &layout, &plates);
        if (plates > 1 && request->part_count == 1)
            plates = pack_many(&job, &layout);
        else
            pack_closer(&job, &layout, &plates);
    }
    struct packing packing = answer(&job, &layout, plates);
    layout_free(&layout);
    job_close(&job);
    return packing;
}

void packing_free(struct packing *packing)
{
    free(packing->placements);
    free(packing->placed);
    *packing = (struct packing){0};
}
