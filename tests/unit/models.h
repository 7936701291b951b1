/* Models for tests, made in memory. */
#ifndef FLOW_TEST_MODELS_H
#define FLOW_TEST_MODELS_H

#include "base/buffer.h"
#include "geometry/mesh.h"

#include <stdio.h>
#include <string.h>

/* A unit cube: corners by their bits, faces seen from outside. */
static const int cube_faces[12][3] = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6},
                                      {0, 1, 5}, {0, 5, 4}, {2, 6, 7}, {2, 7, 3},
                                      {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};

static inline int cube_place(int corner, int axis)
{
    return corner >> axis & 1;
}

/* Reads the bytes as a file of that name would be. */
static inline enum mesh_status read_bytes(const char *name, const void *bytes, size_t length,
                                          struct mesh *mesh)
{
    return mesh_read_bytes(name, bytes, length, mesh);
}

static inline enum mesh_status read_text(const char *name, const char *text, struct mesh *mesh)
{
    return read_bytes(name, text, strlen(text), mesh);
}

/* Whether the text is a solid of so many triangles and that volume; prints what else it is. Frees nothing but its own. */
static inline bool is_solid(const char *name, const void *bytes, size_t length, uint32_t triangles,
                            double volume)
{
    struct mesh mesh;
    struct mesh_facts facts = {0};
    enum mesh_status status = read_bytes(name, bytes, length, &mesh);
    if (status == MESH_READ)
        mesh_examine(&mesh, &facts);
    double off = facts.volume_mm3 - volume;
    bool holds = status == MESH_READ && facts.closed && facts.triangles == triangles &&
                 off < 1e-6 * volume && off > -1e-6 * volume;
    if (!holds)
        printf("%s: status %d, %u triangles, closed %d, volume %.9g; %s\n", name, status,
               facts.triangles, facts.closed, facts.volume_mm3, mesh.problem);
    mesh_free(&mesh);
    return holds;
}

/* Whether the bytes are refused with a problem that has this in it; prints the other one. */
static inline bool is_refused(const char *name, const void *bytes, size_t length,
                              const char *problem)
{
    struct mesh mesh;
    enum mesh_status status = read_bytes(name, bytes, length, &mesh);
    bool holds = status == MESH_MALFORMED && strstr(mesh.problem, problem);
    if (!holds)
        printf("%s: status %d, `%s`, and not `%s`\n", name, status, mesh.problem, problem);
    mesh_free(&mesh);
    return holds;
}

#endif
