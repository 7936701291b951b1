/* Small meshes, made by hand. */
#ifndef FLOW_TESTS_SOLIDS_H
#define FLOW_TESTS_SOLIDS_H

#include "base/memory.h"
#include "geometry/mesh.h"

#include <string.h>

/* Corners that are equal are one vertex. */
static inline uint32_t solids_vertex(struct mesh *mesh, const float at[3])
{
    for (uint32_t i = 0; i < mesh->vertex_count; i++)
        if (memcmp(mesh->vertices[i], at, sizeof mesh->vertices[i]) == 0)
            return i;
    mesh->vertices =
        memory_resize(mesh->vertices, (mesh->vertex_count + 1) * sizeof *mesh->vertices);
    memcpy(mesh->vertices[mesh->vertex_count], at, sizeof *mesh->vertices);
    return mesh->vertex_count++;
}

static inline void solids_face(struct mesh *mesh, const float a[3], const float b[3],
                               const float c[3])
{
    mesh->triangles =
        memory_resize(mesh->triangles, (mesh->triangle_count + 1) * sizeof *mesh->triangles);
    uint32_t *face = mesh->triangles[mesh->triangle_count++];
    face[0] = solids_vertex(mesh, a);
    face[1] = solids_vertex(mesh, b);
    face[2] = solids_vertex(mesh, c);
}

/* Four corners, counter-clockwise seen from outside. */
static inline void solids_quad(struct mesh *mesh, const float corners[4][3])
{
    solids_face(mesh, corners[0], corners[1], corners[2]);
    solids_face(mesh, corners[0], corners[2], corners[3]);
}

/* Two outlines of as many corners, counter-clockwise seen from above, one over the other: what is between them. Each must
   be convex. inward: a cavity of that shape. */
static inline void solids_between(struct mesh *mesh, int count, const float (*bottom)[3],
                                  const float (*top)[3], bool inward)
{
    uint32_t first = mesh->triangle_count;
    for (int i = 0; i < count; i++) {
        int next = (i + 1) % count;
        float quad[4][3];
        memcpy(quad[0], bottom[i], sizeof quad[0]);
        memcpy(quad[1], bottom[next], sizeof quad[0]);
        memcpy(quad[2], top[next], sizeof quad[0]);
        memcpy(quad[3], top[i], sizeof quad[0]);
        solids_quad(mesh, (const float(*)[3])quad);
    }
    for (int i = 1; i + 1 < count; i++) {
        solids_face(mesh, bottom[0], bottom[i + 1], bottom[i]);
        solids_face(mesh, top[0], top[i], top[i + 1]);
    }
    for (uint32_t i = first; inward && i < mesh->triangle_count; i++) {
        uint32_t other = mesh->triangles[i][1];
        mesh->triangles[i][1] = mesh->triangles[i][2];
        mesh->triangles[i][2] = other;
    }
}

static inline void solids_box(struct mesh *mesh, float x0, float y0, float z0, float x1, float y1,
                              float z1, bool inward)
{
    const float bottom[4][3] = {{x0, y0, z0}, {x1, y0, z0}, {x1, y1, z0}, {x0, y1, z0}};
    const float top[4][3] = {{x0, y0, z1}, {x1, y0, z1}, {x1, y1, z1}, {x0, y1, z1}};
    solids_between(mesh, 4, bottom, top, inward);
}

#endif
