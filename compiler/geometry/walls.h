/* How thick the walls of a solid are. */
#ifndef FLOW_GEOMETRY_WALLS_H
#define FLOW_GEOMETRY_WALLS_H

#include "geometry/mesh.h"

struct thin_walls {
    double area_mm2;     /* of surface over walls that are too thin, estimated; 0 where none is */
    double thickness_mm; /* the thinnest */
    double at[3];        /* where that is, on the surface */
};

/* Looks inward, at right angles, from points spread over the surface, alike at each call: one for every five squares of
   least_mm, but 512 at least and 4096 at most. A wall is what lies between
   two faces that are parallel within 15 degrees; the edge of a wedge is none. Walls count where they are thinner than
   least_mm, at three points or more, over a surface of ten times its square. The mesh must be closed and look outward.
   n log n in the faces near the points. */
struct thin_walls walls_thinner_than(const struct mesh *mesh, double least_mm);

#endif
