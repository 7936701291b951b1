#include "packing/verify.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const double tolerance = 2e-3;

/* One ring of one placement, as it lies. */
struct laid {
    uint32_t placement, count;
    double (*points)[2];
    double low[2], high[2];
};

struct table {
    const struct packing_request *request;
    const struct packing *packing;
    uint32_t count;
    struct laid *laid;
    struct failure *failure;
};

/* ---- laying out ---- */

static void lay_ring(struct laid *laid, uint32_t at, const struct ring *ring,
                     const struct placement *placement)
{
    double angle = placement->angle_deg * (3.14159265358979323846 / 180);
    double along = cos(angle), across = sin(angle);
    *laid = (struct laid){.placement = at, .count = ring->count};
    laid->points = memory_alloc((ring->count + (size_t)1) * sizeof *laid->points);
    for (int axis = 0; axis < 2; axis++) {
        laid->low[axis] = HUGE_VAL;
        laid->high[axis] = -HUGE_VAL;
    }
    for (uint32_t i = 0; i < ring->count; i++) {
        const double *from = ring->points[i];
        double *to = laid->points[i];
        to[0] = from[0] * along - from[1] * across + placement->x_mm;
        to[1] = from[0] * across + from[1] * along + placement->y_mm;
        for (int axis = 0; axis < 2; axis++) {
            laid->low[axis] = fmin(laid->low[axis], to[axis]);
            laid->high[axis] = fmax(laid->high[axis], to[axis]);
        }
    }
}

static void lay_all(struct table *table)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < table->packing->count; i++)
        total += table->request->parts[table->packing->placements[i].part].silhouette->count;
    table->laid = memory_alloc((total + (size_t)1) * sizeof *table->laid);
    for (uint32_t i = 0; i < table->packing->count; i++) {
        const struct placement *placement = &table->packing->placements[i];
        const struct silhouette *silhouette = table->request->parts[placement->part].silhouette;
        for (uint32_t ring = 0; ring < silhouette->count; ring++)
            lay_ring(&table->laid[table->count++], i, &silhouette->rings[ring], placement);
    }
}

/* ---- distances ---- */

static double to_side(const double at[2], const double a[2], const double b[2])
{
    double x = b[0] - a[0], y = b[1] - a[1], square = x * x + y * y;
    double way = square > 0 ? ((at[0] - a[0]) * x + (at[1] - a[1]) * y) / square : 0;
    way = fmin(1, fmax(0, way));
    return hypot(a[0] + way * x - at[0], a[1] + way * y - at[1]);
}

static double side_of(const double a[2], const double b[2], const double at[2])
{
    return (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0]);
}

static double between_sides(const double a[2], const double b[2], const double c[2],
                            const double d[2])
{
    bool crosses = (side_of(a, b, c) > 0) != (side_of(a, b, d) > 0) &&
                   (side_of(c, d, a) > 0) != (side_of(c, d, b) > 0);
    if (crosses)
        return 0;
    return fmin(fmin(to_side(a, c, d), to_side(b, c, d)), fmin(to_side(c, a, b), to_side(d, a, b)));
}

/* By how much two boxes are apart along the axis where they are farthest. */
static double boxes_apart(const double low[2], const double high[2], const double other_low[2],
                          const double other_high[2])
{
    double apart = -HUGE_VAL;
    for (int axis = 0; axis < 2; axis++)
        apart = fmax(apart, fmax(other_low[axis] - high[axis], low[axis] - other_high[axis]));
    return apart;
}

static double side_apart(const double a[2], const double b[2], const double low[2],
                         const double high[2])
{
    const double side_low[2] = {fmin(a[0], b[0]), fmin(a[1], b[1])};
    const double side_high[2] = {fmax(a[0], b[0]), fmax(a[1], b[1])};
    return boxes_apart(side_low, side_high, low, high);
}

/* By the times a line from it to the right meets the ring. */
static bool is_inside(const struct laid *ring, const double at[2])
{
    bool inside = false;
    for (uint32_t i = 0; i < ring->count; i++) {
        const double *a = ring->points[i], *b = ring->points[(i + 1) % ring->count];
        if ((a[1] > at[1]) != (b[1] > at[1]) &&
            at[0] < a[0] + (at[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            inside = !inside;
    }
    return inside;
}

/* No more than `enough` where they are farther apart. */
static double between_rings(const struct laid *one, const struct laid *two, double enough)
{
    double least = enough;
    if (is_inside(one, two->points[0]) || is_inside(two, one->points[0]))
        return 0;
    for (uint32_t i = 0; i < one->count; i++) {
        const double *a = one->points[i], *b = one->points[(i + 1) % one->count];
        if (side_apart(a, b, two->low, two->high) >= least)
            continue;
        for (uint32_t k = 0; k < two->count; k++) {
            const double *c = two->points[k], *d = two->points[(k + 1) % two->count];
            const double low[2] = {fmin(c[0], d[0]), fmin(c[1], d[1])};
            const double high[2] = {fmax(c[0], d[0]), fmax(c[1], d[1])};
            if (side_apart(a, b, low, high) < least)
                least = fmin(least, between_sides(a, b, c, d));
        }
    }
    return least;
}

/* ---- overlaps, where touching is allowed ---- */

static bool is_deep(const struct laid *ring, const double at[2])
{
    if (!is_inside(ring, at))
        return false;
    for (uint32_t i = 0; i < ring->count; i++)
        if (to_side(at, ring->points[i], ring->points[(i + 1) % ring->count]) <= tolerance)
            return false;
    return true;
}

/* Whether the line through a side has the ends of the other well on both of its sides. */
static bool parts_ends(const double a[2], const double b[2], const double c[2], const double d[2])
{
    double least = tolerance * hypot(b[0] - a[0], b[1] - a[1]);
    double first = side_of(a, b, c), second = side_of(a, b, d);
    return (first > least && second < -least) || (first < -least && second > least);
}

static bool overlap(const struct laid *one, const struct laid *two)
{
    for (uint32_t i = 0; i < one->count; i++) {
        const double *a = one->points[i], *b = one->points[(i + 1) % one->count];
        if (is_deep(two, a))
            return true;
        if (side_apart(a, b, two->low, two->high) > 0)
            continue;
        for (uint32_t k = 0; k < two->count; k++) {
            const double *c = two->points[k], *d = two->points[(k + 1) % two->count];
            if (parts_ends(a, b, c, d) && parts_ends(c, d, a, b))
                return true;
        }
    }
    for (uint32_t k = 0; k < two->count; k++)
        if (is_deep(one, two->points[k]))
            return true;
    return false;
}

/* ---- the rules ---- */

/* How far they are apart where that is less than wanted; else that, or more. */
static double apart_of(const struct laid *one, const struct laid *two, double wanted)
{
    if (boxes_apart(one->low, one->high, two->low, two->high) >= wanted)
        return wanted;
    if (wanted <= tolerance)
        return overlap(one, two) ? -1 : wanted;
    return between_rings(one, two, wanted);
}

static const struct placement *placement_of(const struct table *table, const struct laid *laid)
{
    return &table->packing->placements[laid->placement];
}

static bool stands_on_bed(const struct table *table, const struct laid *laid)
{
    const struct packing_request *request = table->request;
    const struct placement *placement = placement_of(table, laid);
    const double size[2] = {request->width_mm, request->depth_mm};
    for (int axis = 0; axis < 2; axis++)
        if (laid->low[axis] < request->brim_mm - tolerance ||
            laid->high[axis] > size[axis] - request->brim_mm + tolerance)
            return fail(table->failure, "part %u at %.3f, %.3f mm on plate %u reaches over the bed",
                        placement->part + 1, placement->x_mm, placement->y_mm,
                        placement->plate + 1);
    return true;
}

static bool leaves_free(const struct table *table, const struct laid *laid)
{
    const struct packing_request *request = table->request;
    const struct placement *placement = placement_of(table, laid);
    for (uint32_t i = 0; i < request->keep_out_count; i++) {
        const struct bed_area *area = &request->keep_outs[i];
        double points[4][2] = {{area->low[0], area->low[1]},
                               {area->high[0], area->low[1]},
                               {area->high[0], area->high[1]},
                               {area->low[0], area->high[1]}};
        struct laid ring = {
            0, 4, points, {area->low[0], area->low[1]}, {area->high[0], area->high[1]}};
        if (apart_of(laid, &ring, request->brim_mm) < request->brim_mm - tolerance)
            return fail(table->failure,
                        "part %u at %.3f, %.3f mm on plate %u is on a part of the bed that "
                        "must stay free",
                        placement->part + 1, placement->x_mm, placement->y_mm,
                        placement->plate + 1);
    }
    return true;
}

static bool keeps_clear(const struct table *table, const struct laid *one, const struct laid *two)
{
    const struct placement *a = placement_of(table, one), *b = placement_of(table, two);
    double wanted = table->request->clearance_mm + 2 * table->request->brim_mm;
    if (a == b || a->plate != b->plate)
        return true;
    double apart = apart_of(one, two, wanted);
    if (apart >= wanted - tolerance)
        return true;
    return fail(table->failure,
                "part %u at %.3f, %.3f mm and part %u at %.3f, %.3f mm on plate %u %s %.3f mm",
                a->part + 1, a->x_mm, a->y_mm, b->part + 1, b->x_mm, b->y_mm, a->plate + 1,
                apart > 0 ? "are closer than" : "overlap, and should be apart", wanted);
}

bool plates_verify(const struct packing_request *request, const struct packing *packing,
                   struct failure *failure)
{
    struct table table = {request, packing, 0, NULL, failure};
    bool sound = true;
    lay_all(&table);
    for (uint32_t i = 0; i < table.count && sound; i++) {
        sound = stands_on_bed(&table, &table.laid[i]) && leaves_free(&table, &table.laid[i]);
        for (uint32_t k = i + 1; k < table.count && sound; k++)
            sound = keeps_clear(&table, &table.laid[i], &table.laid[k]);
    }
    for (uint32_t i = 0; i < table.count; i++)
        free(table.laid[i].points);
    free(table.laid);
    return sound;
}
