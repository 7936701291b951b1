/* The outline of a mesh seen along an axis, and how it may be turned in its plane. */
#ifndef FLOW_GEOMETRY_OUTLINE_H
#define FLOW_GEOMETRY_OUTLINE_H

#include "geometry/mesh.h"

/* The convex hull of what is seen, counter-clockwise. */
struct outline {
    uint32_t count; /* 0 of an empty mesh */
    double (*points)[2];
};

/* up: the axis along which is looked; x and y are then the other two, in order of the alphabet. n log n. Free it. */
struct outline outline_of(const struct mesh *mesh, int up);
void outline_free(struct outline *outline);

/* A rectangle around it, as it must be turned to have its sides along x and y. */
struct turned_box {
    double width, depth; /* along x and y, after turning; width is not the smaller */
    double angle_deg;    /* counter-clockwise, 0 <= angle < 180 */
};

/* The rectangle of least area; not turned where turning saves less than a thousandth. Linear in the points, but for
   sorting them. */
struct turned_box outline_smallest(const struct outline *outline);

/* Whether it can be turned so that it fits into width x depth. All angles are decided at once, to 0.1 um. Likewise
   linear. */
bool outline_fits(const struct outline *outline, double width, double depth);

#endif
