/* Private to packing/: a part's outline as the packer sees it, in convex pieces and whole micrometres, so that whether
   two of them overlap is decided exactly. */
#ifndef FLOW_PACKING_FORM_H
#define FLOW_PACKING_FORM_H

#include "geometry/silhouette.h"

struct spot {
    int32_t x, y; /* um */
};

struct box {
    struct spot low, high;
};

struct piece { /* convex, counter-clockwise */
    uint32_t first, count;
    struct box box;
};

/* The union of its pieces is the outline, grown by half of the clearance; pieces may overlap. */
struct form {
    uint32_t piece_count, corner_count;
    struct piece *pieces;
    struct spot *corners;
    struct box box;   /* of the pieces */
    struct box stand; /* of what must be on the bed: the part and its brim */
};

/* Turned by `angle_deg` counter-clockwise about the mesh's origin, grown by `grow_mm`, of which `brim_mm` must be on
   the bed. A ring that cannot be cut up is taken as its hull, so nothing of the outline is ever missing. Quadratic
   in the corners. Free it. */
struct form form_of(const struct silhouette *silhouette, double angle_deg, double grow_mm,
                    double brim_mm);
/* The same by quarters, exactly. */
struct form form_turned(const struct form *form, int quarters);
void form_free(struct form *form);

/* A spot turned by quarters counter-clockwise. */
static inline struct spot spot_turned(struct spot spot, int quarters)
{
    switch (quarters & 3) {
    case 1:
        return (struct spot){-spot.y, spot.x};
    case 2:
        return (struct spot){-spot.x, -spot.y};
    case 3:
        return (struct spot){spot.y, -spot.x};
    default:
        return spot;
    }
}

/* ---- cutting up (convex.c) ---- */

/* Cuts a polygon that does not cross itself, counter-clockwise, into convex pieces: `ends[k]` corners of `order` from
   `ends[k - 1]` on are piece k. Returns how many pieces; 0 where it crosses itself or has no area. Room for 3 * count
   in `order`, and for `count` in `ends`. Cubic in the corners at worst, of which there are few. */
uint32_t convex_pieces(const struct spot *corners, uint32_t count, uint32_t *order, uint32_t *ends);

/* The hull, counter-clockwise, in place, without corners in a line; returns its corners. n log n. */
uint32_t convex_hull(struct spot *corners, uint32_t count);

#endif
