#include "packing/form.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double um = 1000; /* in a millimetre */

static int32_t round_um(double value)
{
    return (int32_t)lround(value);
}

static struct box box_of(const struct spot *corners, uint32_t count)
{
    struct box box = {corners[0], corners[0]};
    for (uint32_t i = 1; i < count; i++) {
        struct spot at = corners[i];
        box.low.x = at.x < box.low.x ? at.x : box.low.x;
        box.low.y = at.y < box.low.y ? at.y : box.low.y;
        box.high.x = at.x > box.high.x ? at.x : box.high.x;
        box.high.y = at.y > box.high.y ? at.y : box.high.y;
    }
    return box;
}

static struct box box_joined(struct box a, struct box b)
{
    const struct spot all[] = {a.low, a.high, b.low, b.high};
    return box_of(all, 4);
}

static struct box box_grown(struct box box, int32_t by)
{
    return (struct box){{box.low.x - by, box.low.y - by}, {box.high.x + by, box.high.y + by}};
}

static void add_piece(struct form *form, const struct spot *corners, uint32_t count)
{
    if (count < 3)
        return; /* a point or a line covers nothing */
    form->pieces = memory_resize(form->pieces, (form->piece_count + 1) * sizeof *form->pieces);
    form->corners =
        memory_resize(form->corners, (form->corner_count + count) * sizeof *form->corners);
    struct piece piece = {form->corner_count, count, box_of(corners, count)};
    memcpy(&form->corners[form->corner_count], corners, count * sizeof *corners);
    form->corner_count += count;
    form->box = form->piece_count ? box_joined(form->box, piece.box) : piece.box;
    form->pieces[form->piece_count++] = piece;
}

/* ---- growing ---- */

struct grown {
    double by;
    struct spot *corners;
    uint32_t count;
};

/* Around a corner from one outward direction to the next: as few straight lines as stay within a sixth of the way. */
static void go_around(struct grown *grown, struct spot at, const double from[2], const double to[2])
{
    double middle[2] = {from[0] + to[0], from[1] + to[1]};
    double agree = from[0] * to[0] + from[1] * to[1];
    if (agree >= 0.4999) { /* sixty degrees */
        double way = grown->by / (1 + agree);
        grown->corners[grown->count++] =
            (struct spot){round_um(at.x + way * middle[0]), round_um(at.y + way * middle[1])};
        return;
    }
    double length = hypot(middle[0], middle[1]);
    if (length < 1e-9) { /* back where it came from: a piece without width */
        middle[0] = -from[1];
        middle[1] = from[0];
        length = 1;
    }
    const double half[2] = {middle[0] / length, middle[1] / length};
    go_around(grown, at, from, half);
    go_around(grown, at, half, to);
}

/* Outward, to the right of the way from a to b. */
static void outward(struct spot a, struct spot b, double direction[2])
{
    double x = b.y - a.y, y = a.x - b.x, length = hypot(x, y);
    direction[0] = x / length;
    direction[1] = y / length;
}

/* Adds a hull of at least one corner, grown. */
static void add_grown(struct form *form, const struct spot *hull, uint32_t count, double by)
{
    struct grown grown = {by, memory_alloc((8 * (size_t)count + 8) * sizeof *hull), 0};
    for (uint32_t i = 0; i < count; i++) {
        double from[2] = {1, 0}, to[2] = {-1, 0};
        if (count > 1) {
            outward(hull[(i + count - 1) % count], hull[i], from);
            outward(hull[i], hull[(i + 1) % count], to);
        }
        go_around(&grown, hull[i], from, to);
        if (count == 1)
            go_around(&grown, hull[i], to, from);
    }
    add_piece(form, grown.corners, convex_hull(grown.corners, grown.count));
    free(grown.corners);
}

/* ---- from an outline ---- */

static void add_ring(struct form *form, const struct ring *ring, const double turn[2], double grow)
{
    uint32_t count = ring->count, *order = memory_alloc(4 * (size_t)count * sizeof *order);
    struct spot *spots = memory_alloc(2 * (size_t)count * sizeof *spots), *hull = &spots[count];
    for (uint32_t i = 0; i < count; i++) {
        const double *at = ring->points[i];
        spots[i].x = round_um((at[0] * turn[0] - at[1] * turn[1]) * um);
        spots[i].y = round_um((at[0] * turn[1] + at[1] * turn[0]) * um);
    }
    uint32_t *ends = &order[3 * count], pieces = convex_pieces(spots, count, order, ends);
    for (uint32_t piece = 0, first = 0; piece < pieces; first = ends[piece++]) {
        uint32_t corners = ends[piece] - first;
        for (uint32_t i = 0; i < corners; i++)
            hull[i] = spots[order[first + i]];
        add_grown(form, hull, convex_hull(hull, corners), grow);
    }
    if (!pieces) {
        memcpy(hull, spots, count * sizeof *hull);
        add_grown(form, hull, convex_hull(hull, count), grow);
    }
    free(order);
    free(spots);
}

struct form form_of(const struct silhouette *silhouette, double angle_deg, double grow_mm,
                    double brim_mm)
{
    struct form form = {0};
    double angle = angle_deg * (3.14159265358979323846 / 180);
    const double turn[2] = {angle_deg == 0 ? 1 : cos(angle), angle_deg == 0 ? 0 : sin(angle)};
    for (uint32_t i = 0; i < silhouette->count; i++)
        add_ring(&form, &silhouette->rings[i], turn, grow_mm * um);
    form.stand = box_grown(form.box, round_um((brim_mm - grow_mm) * um));
    return form;
}

struct form form_turned(const struct form *form, int quarters)
{
    struct form turned = {0};
    for (uint32_t i = 0; i < form->piece_count; i++) {
        const struct piece *piece = &form->pieces[i];
        struct spot *corners = memory_alloc(piece->count * sizeof *corners);
        for (uint32_t k = 0; k < piece->count; k++)
            corners[k] = spot_turned(form->corners[piece->first + k], quarters);
        add_piece(&turned, corners, piece->count);
        free(corners);
    }
    const struct spot stand[] = {spot_turned(form->stand.low, quarters),
                                 spot_turned(form->stand.high, quarters)};
    turned.stand = box_of(stand, 2);
    return turned;
}

void form_free(struct form *form)
{
    free(form->pieces);
    free(form->corners);
    *form = (struct form){0};
}
