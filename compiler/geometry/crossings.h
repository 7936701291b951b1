/* Where a mesh goes through itself. */
#ifndef FLOW_GEOMETRY_CROSSINGS_H
#define FLOW_GEOMETRY_CROSSINGS_H

#include "geometry/mesh.h"

struct crossings {
    uint64_t pairs;
    double at[3]; /* of the first: where the edge goes through */
    bool
        complete; /* false where so many faces lie over one another that not all pairs were looked at */
};

/* Counts the pairs of faces of which an edge of one goes through the inside of the other: its ends lie strictly on either
   side, and it passes strictly within the three edges. Faces that touch, share corners or lie in one plane do not cross.
   Each is decided by signs of volumes, in doubles where their error leaves no doubt, else with 113 bits, which is exact
   unless coordinates of one pair differ by more than a factor of some thousands in size. n log n, and all pairs whose
   boxes touch. */
struct crossings crossings_of(const struct mesh *mesh);

#endif
