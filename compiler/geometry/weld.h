/* Welding: corners at one place become one vertex. */
#ifndef FLOW_GEOMETRY_WELD_H
#define FLOW_GEOMETRY_WELD_H

#include "geometry/mesh.h"

enum {
    TRIANGLES_AT_MOST =
        INT32_MAX / 8, /* so that vertices, a direction and the tables fit 32 bits */
    WELD_WAITING = 96  /* corners */
};

/* A corner as the bits of its floats. */
struct place {
    uint32_t bits[3];
};

/* A table that is larger than what is near answers late: corners wait in line while their slots are fetched. */
struct waiting_corner {
    struct place place;
    uint32_t hash;
};

struct welder {
    struct mesh *mesh;
    uint32_t *slots; /* vertex + 1, open addressing */
    uint32_t capacity, vertex_capacity, triangle_capacity;
    uint32_t first; /* of the vertices that are in the slots */
    uint32_t salt;  /* of the hash */
    uint32_t waiting_count;
    struct waiting_corner waiting[WELD_WAITING];
};

/* expected: triangles, to begin with; never more than the file has room for. The welder's tables are freed by
   weld_close(), the mesh by mesh_free(). */
void weld_open(struct welder *welder, struct mesh *mesh, uint32_t expected);
void weld_triangle(struct welder *welder, float corners[3][3]);
uint32_t weld_count(const struct welder *welder); /* triangles so far */
void weld_close(struct welder *welder);

/* For files that number their corners; not mixed with weld_triangle() before weld_forget(). */
uint32_t weld_vertex(struct welder *welder, const float corner[3]);
void weld_face(struct welder *welder, const uint32_t vertices[3]);

/* What follows is another body: it shares no vertex with what came before. */
void weld_forget(struct welder *welder);

#endif
