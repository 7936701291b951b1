/* Whether a place is in the material of a closed mesh. */
#ifndef FLOW_GEOMETRY_INSIDE_H
#define FLOW_GEOMETRY_INSIDE_H

#include "geometry/boxes.h"

/* 1 where a line straight up from the place leaves through this face, -1 where it enters, 0 where it passes by. Seen from
   above, an edge is decided alike for the two faces it belongs to, so that no line slips between them. */
int face_above(const struct mesh *mesh, uint32_t face, const double at[3]);

/* The box in which the faces over a place are. */
void box_above(const double at[3], float low[3], float high[3]);

/* How many bodies the place lies in, less the cavities: 0 outside, 1 in one. A few steps down the tree for each face over
   the place. */
int bodies_at(const struct box_tree *tree, const double at[3]);

#endif
