/* The edges of a mesh, counted. */
#ifndef FLOW_GEOMETRY_EDGES_H
#define FLOW_GEOMETRY_EDGES_H

#include "geometry/mesh.h"

struct edge_counts {
    uint32_t open, crowded, flipped;
};

/* open_vertices, if not NULL, has room for each vertex; those on an open edge are marked. */
struct edge_counts edges_of(const struct mesh *mesh, bool *open_vertices);

#endif
