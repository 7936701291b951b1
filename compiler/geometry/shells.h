/* Private to geometry/: the parts of solid_examine() that are about shells. */
#ifndef FLOW_GEOMETRY_SHELLS_H
#define FLOW_GEOMETRY_SHELLS_H

#include "geometry/solid.h"

/* Finds them: shell_of, shells and their number. Edge by edge, since who asks this has more to ask of each edge. The roots
   are taken over. n log n in the worst case, linear in practice. */
uint32_t *shells_begin(const struct mesh *mesh);
void shells_join(uint32_t *roots, const struct edge *edge);
void shells_end(const struct mesh *mesh, uint32_t *roots, struct solid *solid);

/* Their triangles, boxes, areas and volumes; of a single one taken from the facts, where these are there. */
void shells_measure(const struct mesh *mesh, struct solid *solid);

/* Which closed shell lies in which, and which look the wrong way. A few steps down a tree of boxes a shell. */
void shells_nest(const struct mesh *mesh, struct solid *solid);

#endif
