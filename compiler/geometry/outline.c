/* Between two angles at which a side of the hull lies along x or y, the same four points are its outermost ones, and width
   and depth are each a piece of a cosine. Turning by a quarter changes width for depth, so a quarter is looked at. */
#include "geometry/outline.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double quarter = 1.57079632679489661923;

/* ---- the hull ---- */

static int compare_points(const void *a, const void *b)
{
    const double *left = a, *right = b;
    if (left[0] != right[0])
        return left[0] < right[0] ? -1 : 1;
    return (left[1] > right[1]) - (left[1] < right[1]);
}

static bool turns_left(const double a[2], const double b[2], const double c[2])
{
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0]);
}

/* Andrew's monotone chain, there and back; the points are sorted, and the hull overwrites none it still needs. */
static uint32_t chain(const double (*points)[2], uint32_t count, double (*hull)[2])
{
    uint32_t size = 0, there = 0;
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < count; i++) {
            const double *point = points[pass ? count - 1 - i : i];
            while (size >= there + 2 && !turns_left(hull[size - 2], hull[size - 1], point))
                size--;
            memcpy(hull[size++], point, sizeof *hull);
        }
        there = --size; /* the last one begins the way back */
    }
    return size;
}

/* Of eight ways outward, counter-clockwise, the farthest point each: what is inside of their octagon is not on the hull. */
enum { WAYS = 8 };

static void find_octagon(const double (*points)[2], uint32_t count, double (*octagon)[2])
{
    double farthest[WAYS];
    uint32_t at[WAYS] = {0};
    for (int way = 0; way < WAYS; way++)
        farthest[way] = -HUGE_VAL;
    for (uint32_t i = 0; i < count; i++) {
        double x = points[i][0], y = points[i][1];
        const double reach[WAYS] = {x, x + y, y, y - x, -x, -x - y, -y, x - y};
        for (int way = 0; way < WAYS; way++)
            if (reach[way] > farthest[way]) {
                farthest[way] = reach[way];
                at[way] = i;
            }
    }
    for (int way = 0; way < WAYS; way++)
        memcpy(octagon[way], points[at[way]], sizeof *octagon);
}

static bool is_within(const double octagon[WAYS][2], const double point[2])
{
    for (int way = 0; way < WAYS; way++) {
        const double *a = octagon[way], *b = octagon[(way + 1) % WAYS];
        bool same = a[0] == b[0] && a[1] == b[1];
        if (!same && !turns_left(a, b, point))
            return false;
    }
    return true;
}

/* Moves what may be on the hull to the front, and returns how many that are. */
static uint32_t keep_outer(double (*points)[2], uint32_t count)
{
    double octagon[WAYS][2];
    uint32_t kept = 0;
    find_octagon((const double(*)[2])points, count, octagon);
    for (uint32_t i = 0; i < count; i++)
        if (!is_within((const double(*)[2])octagon, points[i]))
            memmove(points[kept++], points[i], sizeof *points);
    return kept;
}

struct outline outline_of(const struct mesh *mesh, int up)
{
    struct outline outline = {0};
    uint32_t count = mesh->vertex_count;
    int axes[2] = {up == 0 ? 1 : 0, up == 2 ? 1 : 2};
    if (!count)
        return outline;
    double(*points)[2] = memory_alloc(count * sizeof *points);
    for (uint32_t i = 0; i < count; i++)
        for (int axis = 0; axis < 2; axis++)
            points[i][axis] = (double)mesh->vertices[i][axes[axis]];
    count = keep_outer(points, count);
    qsort(points, count, sizeof *points, compare_points);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!kept || compare_points(points[i], points[kept - 1]) != 0)
            memmove(points[kept++], points[i], sizeof *points);
    outline.points = memory_alloc((2 * (size_t)kept + 2) * sizeof *outline.points);
    outline.count = kept > 1 ? chain((const double(*)[2])points, kept, outline.points) : kept;
    if (kept == 1)
        memcpy(outline.points[0], points[0], sizeof *points);
    free(points);
    return outline;
}

void outline_free(struct outline *outline)
{
    free(outline->points);
    *outline = (struct outline){0};
}

/* ---- turning ---- */

/* The outermost points to the right, up, left and down, of the outline turned back by an angle. */
struct calipers {
    const struct outline *outline;
    uint32_t at[4];
};

static double reach(const struct outline *outline, uint32_t point, double angle)
{
    return outline->points[point][0] * cos(angle) + outline->points[point][1] * sin(angle);
}

/* Angles grow from call to call, and so the points only move on. */
static void calipers_turn(struct calipers *calipers, double angle)
{
    const struct outline *outline = calipers->outline;
    for (int side = 0; side < 4; side++)
        for (uint32_t steps = 0; steps < outline->count; steps++) {
            uint32_t next = (calipers->at[side] + 1) % outline->count;
            double toward = angle + side * quarter;
            if (reach(outline, next, toward) <= reach(outline, calipers->at[side], toward))
                break;
            calipers->at[side] = next;
        }
}

static void calipers_begin(struct calipers *calipers, const struct outline *outline, double angle)
{
    *calipers = (struct calipers){.outline = outline};
    for (int side = 0; side < 4; side++)
        for (uint32_t i = 1; i < outline->count; i++) {
            double toward = angle + side * quarter;
            if (reach(outline, i, toward) > reach(outline, calipers->at[side], toward))
                calipers->at[side] = i;
        }
}

/* How far it reaches along x (0) or y (1) at that angle, while these are its outermost points. */
static double extent(const struct calipers *calipers, int axis, double angle)
{
    double toward = angle + axis * quarter;
    return reach(calipers->outline, calipers->at[axis], toward) -
           reach(calipers->outline, calipers->at[axis + 2], toward);
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The angles in the first quarter at which a side lies along x or y, 0 and a quarter among them, sorted. */
static double *angles_of(const struct outline *outline, uint32_t *count)
{
    double *angles = memory_alloc((outline->count + (size_t)2) * sizeof *angles);
    *count = 0;
    angles[(*count)++] = 0;
    for (uint32_t i = 0; i < outline->count && outline->count > 1; i++) {
        const double *a = outline->points[i], *b = outline->points[(i + 1) % outline->count];
        double angle = fmod(atan2(b[1] - a[1], b[0] - a[0]) + 4 * quarter, quarter);
        angles[(*count)++] = angle;
    }
    angles[(*count)++] = quarter;
    qsort(angles, *count, sizeof *angles, compare_doubles);
    return angles;
}

/* ---- the smallest ---- */

static struct turned_box box_at(const struct calipers *calipers, double angle)
{
    struct turned_box box = {extent(calipers, 0, angle), extent(calipers, 1, angle), 0};
    double degrees = -angle * 90 / quarter; /* the frame turns one way, the part in it the other */
    if (box.width < box.depth) {
        double other = box.width;
        box.width = box.depth;
        box.depth = other;
        degrees += 90;
    }
    box.angle_deg = degrees < 0 ? degrees + 180 : degrees;
    return box;
}

struct turned_box outline_smallest(const struct outline *outline)
{
    uint32_t count;
    struct calipers calipers;
    if (!outline->count)
        return (struct turned_box){0};
    double *angles = angles_of(outline, &count);
    calipers_begin(&calipers, outline, 0);
    struct turned_box best = box_at(&calipers, 0);
    double least = best.width * best.depth * (1 - 1e-3);
    for (uint32_t i = 0; i + 1 < count; i++) {
        calipers_turn(&calipers, (angles[i] + angles[i + 1]) / 2);
        struct turned_box box = box_at(&calipers, angles[i]);
        if (box.width * box.depth < least) {
            best = box;
            least = box.width * box.depth;
        }
    }
    free(angles);
    return best;
}

/* ---- fitting ---- */

static const double tolerance = 1e-4; /* a model's figures are floats */

static bool fits_at(const struct calipers *calipers, double angle, const double room[2])
{
    return extent(calipers, 0, angle) <= room[0] + tolerance &&
           extent(calipers, 1, angle) <= room[1] + tolerance;
}

/* Between two angles: if it fits at all, then at one of them, or where one of its extents is just the room there is. */
static bool fits_between(const struct calipers *calipers, const double ends[2],
                         const double room[2])
{
    if (fits_at(calipers, ends[0], room) || fits_at(calipers, ends[1], room))
        return true;
    for (int axis = 0; axis < 2; axis++) {
        const double *a = calipers->outline->points[calipers->at[axis]];
        const double *b = calipers->outline->points[calipers->at[axis + 2]];
        double across = hypot(a[0] - b[0], a[1] - b[1]);
        if (across < room[axis])
            continue;
        double along = atan2(a[1] - b[1], a[0] - b[0]) - axis * quarter;
        double aside = acos(room[axis] / across);
        for (int sign = -1; sign < 2; sign += 2) {
            double angle = remainder(along + sign * aside, 4 * quarter);
            if (angle > ends[0] && angle < ends[1] && fits_at(calipers, angle, room))
                return true;
        }
    }
    return false;
}

bool outline_fits(const struct outline *outline, double width, double depth)
{
    uint32_t count;
    struct calipers calipers;
    bool fits = !outline->count;
    if (fits)
        return true;
    double *angles = angles_of(outline, &count);
    calipers_begin(&calipers, outline, 0);
    for (uint32_t i = 0; i + 1 < count && !fits; i++) {
        const double ends[2] = {angles[i], angles[i + 1]};
        calipers_turn(&calipers, (ends[0] + ends[1]) / 2);
        fits = fits_between(&calipers, ends, (const double[]){width, depth}) ||
               fits_between(&calipers, ends, (const double[]){depth, width});
    }
    free(angles);
    return fits;
}
