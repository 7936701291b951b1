/* The edges of a mesh, with the faces that meet at each. */
#ifndef FLOW_GEOMETRY_EDGES_H
#define FLOW_GEOMETRY_EDGES_H

#include "geometry/mesh.h"

/* A face passes each of its edges in one direction. passed: the upper vertex << 1, and 1 where the face goes down to the
   lower one. */
struct half_edge {
    uint32_t passed, face;
};

struct edge_table {
    const struct mesh *mesh;
    uint32_t *first; /* the half-edges of which v is the lower vertex: first[v] .. first[v + 1] */
    struct half_edge *halves; /* of each vertex sorted by edge, then direction, then face */
};

/* One edge: its half-edges side by side. Begin with a zeroed one. */
struct edge {
    uint32_t lower, upper;
    uint32_t up, down; /* faces that pass it from the lower vertex to the upper one, and back */
    const struct half_edge *halves;
};

/* Linear in the faces; n log n in those around one vertex. Faces of which two corners are one vertex have no edges.
   Free it. */
struct edge_table edges_gather(const struct mesh *mesh);
void edges_free(struct edge_table *table);

/* The next edge, in order of the lower vertex; false behind the last one. */
bool edge_next(const struct edge_table *table, struct edge *edge);

/* Once in each direction: what every edge of a solid is. */
static inline bool edge_is_plain(const struct edge *edge)
{
    return edge->up == 1 && edge->down == 1;
}

/* Two corners of the face are one vertex. */
static inline bool face_is_collapsed(const uint32_t face[3])
{
    return face[0] == face[1] || face[1] == face[2] || face[2] == face[0];
}

#endif
