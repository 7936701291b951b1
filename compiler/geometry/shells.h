/* Private to geometry/: the two parts of solid_examine() that are about shells. */
#ifndef FLOW_GEOMETRY_SHELLS_H
#define FLOW_GEOMETRY_SHELLS_H

#include "geometry/solid.h"

/* Fills shell_of, shells and their number; not yet which lies in which. n log n in the worst case, linear in practice. */
void shells_find(const struct edge_table *edges, struct solid *solid);

/* Which closed shell lies in which, and which look the wrong way. A few steps down a tree of boxes a shell. */
void shells_nest(const struct mesh *mesh, struct solid *solid);

#endif
