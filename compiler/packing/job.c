#include "packing/job.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the request made ready ---- */

static struct silhouette area_silhouette(const struct bed_area *area, double (*points)[2],
                                         struct ring *ring)
{
    const double corners[4][2] = {{area->low[0], area->low[1]},
                                  {area->high[0], area->low[1]},
                                  {area->high[0], area->high[1]},
                                  {area->low[0], area->high[1]}};
    memcpy(points, corners, sizeof corners);
    *ring = (struct ring){4, points};
    return (struct silhouette){1, ring};
}

double turn_angle(const struct job *job, uint32_t turn)
{
    uint32_t base = turn / 4, quarter = turn % 4;
    return job->turns == 1 ? 0 : base * 360.0 / job->turns + quarter * 90.0;
}

enum { FEW_CORNERS = 12 };

/* Fewer corners where there are many parts: the work grows with the square of them. */
static struct silhouette simpler(const struct job *job, const struct silhouette *silhouette)
{
    bool alone = job->request->part_count == 1, simple_already = true;
    struct silhouette simple = silhouette_copy(silhouette);
    for (uint32_t i = 0; i < simple.count; i++)
        simple_already &= simple.rings[i].count <= FEW_CORNERS;
    if (!simple_already)
        silhouette_simplify(&simple, alone ? 0.005 : 0.01, alone ? 48 : 24);
    return simple;
}

static void center(struct silhouette *silhouette, double middle[2])
{
    double low[2] = {HUGE_VAL, HUGE_VAL}, high[2] = {-HUGE_VAL, -HUGE_VAL};
    for (uint32_t i = 0; i < silhouette->count; i++)
        for (uint32_t k = 0; k < silhouette->rings[i].count; k++)
            for (int axis = 0; axis < 2; axis++) {
                low[axis] = fmin(low[axis], silhouette->rings[i].points[k][axis]);
                high[axis] = fmax(high[axis], silhouette->rings[i].points[k][axis]);
            }
    for (int axis = 0; axis < 2; axis++)
        middle[axis] = (low[axis] + high[axis]) / 2;
    for (uint32_t i = 0; i < silhouette->count; i++)
        for (uint32_t k = 0; k < silhouette->rings[i].count; k++)
            for (int axis = 0; axis < 2; axis++)
                silhouette->rings[i].points[k][axis] -= middle[axis];
}

static void ready_part(struct job *job, struct kind *kind, const struct packing_part *part)
{
    const struct packing_request *request = job->request;
    double grow = request->clearance_mm / 2 + request->brim_mm;
    struct silhouette simple = simpler(job, part->silhouette);
    center(&simple, kind->middle);
    kind->forms = memory_zeroed(job->turns, sizeof *kind->forms);
    for (uint32_t turn = 0; turn < job->turns; turn++)
        kind->forms[turn] = turn % 4
                                ? form_turned(&kind->forms[turn - turn % 4], (int)turn % 4)
                                : form_of(&simple, turn_angle(job, turn), grow, request->brim_mm);
    kind->area = silhouette_area(&simple) * 1e6;
    kind->heft = fmax(1, sqrt(sqrt(kind->area)) / 100);
    silhouette_free(&simple);
}

/* Not grown: to a part's own growth nothing is added. */
static void ready_keep_out(struct kind *kind, const struct bed_area *area)
{
    double points[4][2];
    struct ring ring;
    struct silhouette silhouette = area_silhouette(area, points, &ring);
    *kind = (struct kind){.forms = memory_zeroed(1, sizeof *kind->forms), .fixed = true, .heft = 1};
    kind->forms[0] = form_of(&silhouette, 0, 0, 0);
}

void job_open(struct job *job, const struct packing_request *request)
{
    *job = (struct job){.request = request, .turns = request->turns, .chance = request->seed};
    job->bed = (struct spot){(int32_t)lround(request->width_mm * 1000),
                             (int32_t)lround(request->depth_mm * 1000)};
    job->kind_count = request->part_count + request->keep_out_count;
    job->kinds = memory_zeroed(job->kind_count + 1, sizeof *job->kinds);
    for (uint32_t i = 0; i < request->part_count; i++)
        ready_part(job, &job->kinds[i], &request->parts[i]);
    for (uint32_t i = 0; i < request->keep_out_count; i++)
        ready_keep_out(&job->kinds[request->part_count + i], &request->keep_outs[i]);
    size_t bases = (size_t)job->kind_count * ((job->turns + 3) / 4);
    job->nofits = memory_zeroed(bases * bases * 4 + 1, sizeof *job->nofits);
}

void job_close(struct job *job)
{
    size_t bases = (size_t)job->kind_count * ((job->turns + 3) / 4);
    for (size_t i = 0; i < bases * bases * 4; i++)
        nofit_free(job->nofits[i]);
    for (uint32_t kind = 0; kind < job->kind_count; kind++) {
        for (uint32_t turn = 0; turn < (job->kinds[kind].fixed ? 1 : job->turns); turn++)
            form_free(&job->kinds[kind].forms[turn]);
        free(job->kinds[kind].forms);
    }
    free(job->kinds);
    free(job->nofits);
}

/* splitmix64 */
uint32_t chance_below(struct job *job, uint32_t below)
{
    job->chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t bits = job->chance;
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    bits ^= bits >> 31;
    return (uint32_t)(((bits >> 32) * below) >> 32);
}

const struct form *form_at(const struct job *job, uint32_t kind, uint32_t turn)
{
    return &job->kinds[kind].forms[turn];
}

bool may_stand(const struct job *job, const struct form *form, struct box *room)
{
    room->low = (struct spot){-form->stand.low.x, -form->stand.low.y};
    room->high = (struct spot){job->bed.x - form->stand.high.x, job->bed.y - form->stand.high.y};
    return room->low.x <= room->high.x && room->low.y <= room->high.y;
}

/* ---- layouts ---- */

void layout_add(struct layout *layout, struct item item)
{
    if (layout->count == layout->room) {
        layout->room = 2 * layout->room + 8;
        layout->items = memory_resize(layout->items, layout->room * sizeof *layout->items);
    }
    layout->items[layout->count++] = item;
}

void layout_copy(struct layout *to, const struct layout *from)
{
    to->count = 0;
    for (uint32_t i = 0; i < from->count; i++)
        layout_add(to, from->items[i]);
}

void layout_free(struct layout *layout)
{
    free(layout->items);
    *layout = (struct layout){0};
}

/* ---- one to another ---- */

/* Kept for two forms of which the first is not turned by quarters, and comes first: a turn of both, or asking from the
   other one's side, only turns the offset. */
struct relation relation_of(struct job *job, uint32_t kind, uint32_t turn, uint32_t other_kind,
                            uint32_t other_turn)
{
    uint32_t angles = (job->turns + 3) / 4, bases = job->kind_count * angles;
    uint32_t first = kind * angles + turn / 4, second = other_kind * angles + other_turn / 4;
    int quarters = -(int)(turn % 4);
    if (first > second) {
        uint32_t swap = first;
        first = second;
        second = swap;
        swap = turn;
        turn = other_turn;
        other_turn = swap;
        quarters = 2 - (int)(turn % 4);
    }
    uint32_t between = (other_turn + 4 - turn % 4) % 4;
    struct nofit **slot = &job->nofits[((size_t)first * bases + second) * 4 + between];
    if (!*slot) {
        struct form turned =
            form_turned(form_at(job, second / angles, second % angles * 4), (int)between);
        *slot = nofit_of(form_at(job, first / angles, first % angles * 4), &turned);
        form_free(&turned);
        job->spent += 8 * (*slot)->piece_count;
    }
    return (struct relation){*slot, quarters & 3};
}

double relation_depth(struct job *job, const struct relation *relation, struct spot offset,
                      double enough)
{
    const struct nofit *nofit = relation->nofit;
    struct spot at = spot_turned(offset, relation->quarters);
    job->spent++;
    if (at.x <= nofit->box.low.x || at.x >= nofit->box.high.x || at.y <= nofit->box.low.y ||
        at.y >= nofit->box.high.y)
        return 0;
    job->spent += nofit->piece_count / 2;
    return nofit_depth(nofit, at, enough);
}

/* ---- lines ---- */

void relation_ranges(struct job *job, const struct relation *relation, bool along_y, int32_t at,
                     int32_t shift, struct ranges *ranges)
{
    struct spot across = along_y ? (struct spot){at, 0} : (struct spot){0, at};
    struct spot along = along_y ? (struct spot){0, 1} : (struct spot){1, 0};
    across = spot_turned(across, relation->quarters);
    along = spot_turned(along, relation->quarters);
    bool turned_y = along.y != 0, backward = along.x + along.y < 0;
    const struct nofit *nofit = relation->nofit;
    if (ranges->count + nofit->piece_count > ranges->room) {
        ranges->room = 2 * ranges->room + nofit->piece_count;
        ranges->ranges = memory_resize(ranges->ranges, ranges->room * sizeof *ranges->ranges);
    }
    uint32_t before = ranges->count;
    ranges->count +=
        nofit_ranges(nofit, turned_y, turned_y ? across.x : across.y, &ranges->ranges[before]);
    job->spent += 1 + nofit->piece_count + 2 * (ranges->count - before);
    for (uint32_t i = before; i < ranges->count; i++) {
        struct range range = ranges->ranges[i];
        if (backward)
            range = (struct range){-range.high, -range.low};
        ranges->ranges[i] = (struct range){range.low + shift, range.high + shift};
    }
}

int32_t lowest_free(const struct ranges *ranges, int32_t low, int32_t high)
{
    bool moved = true;
    while (moved && low <= high) {
        moved = false;
        for (uint32_t i = 0; i < ranges->count; i++)
            if (ranges->ranges[i].low <= low && low <= ranges->ranges[i].high) {
                low = ranges->ranges[i].high + 1;
                moved = true;
            }
    }
    return low;
}

/* ---- whether anything is in the way ---- */

static bool touches(const struct form *form, struct spot at, const struct form *other,
                    struct spot there)
{
    return at.x + form->box.low.x < there.x + other->box.high.x &&
           there.x + other->box.low.x < at.x + form->box.high.x &&
           at.y + form->box.low.y < there.y + other->box.high.y &&
           there.y + other->box.low.y < at.y + form->box.high.y;
}

static bool overlaps(struct job *job, const struct item *item, const struct item *other)
{
    job->spent++;
    if (!touches(form_at(job, item->kind, item->turn), item->at,
                 form_at(job, other->kind, other->turn), other->at))
        return false;
    struct relation relation = relation_of(job, other->kind, other->turn, item->kind, item->turn);
    struct spot offset = {item->at.x - other->at.x, item->at.y - other->at.y};
    return relation_depth(job, &relation, offset, 0) > 0;
}

bool is_free(struct job *job, const struct layout *layout, const struct item *item, uint32_t from,
             uint32_t except)
{
    for (uint32_t kind = job->request->part_count; from == 0 && kind < job->kind_count; kind++)
        if (overlaps(job, item, &(struct item){.kind = kind}))
            return false;
    for (uint32_t i = from; i < layout->count; i++)
        if (i != except && layout->items[i].plate == item->plate &&
            overlaps(job, item, &layout->items[i]))
            return false;
    return true;
}
