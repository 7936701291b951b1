/* Faces that would be printed over air. */
#ifndef FLOW_GEOMETRY_OVERHANG_H
#define FLOW_GEOMETRY_OVERHANG_H

#include "geometry/mesh.h"

struct overhang {
    double area_mm2;     /* of the faces; 0 where nothing hangs over */
    double steepest_deg; /* from upright: 90 is a ceiling */
    double at[3];        /* the middle of the box of the patch that covers most */
    uint32_t patches;    /* connected over edges */
};

/* Which way the part stands: this side of it is up. */
enum side { SIDE_TOP, SIDE_BOTTOM, SIDE_RIGHT, SIDE_LEFT, SIDE_BACK, SIDE_FRONT, SIDE_COUNT };

/* Drops the mesh to the bed. A face counts that leans downward by more than limit_deg from upright, and does not lie in
   the first layer. A patch of such faces counts where it covers 10 mm^2 seen from above and is 2 mm wide in the mean: a
   chamfer or the top of a small hole bridges. Linear in the faces. */
struct overhang overhang_of(const struct mesh *mesh, enum side up, double limit_deg,
                            double layer_mm);

#endif
