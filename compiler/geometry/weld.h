/* Welding: corners at one place become one vertex. */
#ifndef FLOW_GEOMETRY_WELD_H
#define FLOW_GEOMETRY_WELD_H

#include "geometry/mesh.h"

struct welder {
    struct mesh *mesh;
    uint32_t *slots; /* vertex + 1, open addressing */
    uint32_t capacity, vertex_capacity, triangle_capacity;
};

/* So many triangles a mesh may have: vertices, a direction and the tables fit 32 bits. */
enum { TRIANGLES_AT_MOST = INT32_MAX / 8 };

/* expected: triangles, to begin with. The welder's tables are freed by weld_close(), the mesh by mesh_free(). */
void weld_open(struct welder *welder, struct mesh *mesh, uint32_t expected);
void weld_triangle(struct welder *welder, float corners[3][3]);
void weld_close(struct welder *welder);

#endif
