/* What holds of a model, whatever its bytes. */
#ifndef FLOW_TESTS_FUZZ_MODEL_H
#define FLOW_TESTS_FUZZ_MODEL_H

#include "geometry/mesh.h"
#include "harness.h"

#include <math.h>

/* Of a mesh that was read, and of one that was not. Frees it. */
static inline void hold_model(struct mesh *mesh, bool was_read)
{
    struct mesh_facts facts;
    require(was_read == (mesh->problem[0] == '\0'));
    if (was_read) {
        for (uint32_t i = 0; i < mesh->triangle_count; i++)
            for (int corner = 0; corner < 3; corner++)
                require(mesh->triangles[i][corner] < mesh->vertex_count);
        for (uint32_t i = 0; i < mesh->vertex_count; i++)
            for (int axis = 0; axis < 3; axis++)
                require(isfinite(mesh->vertices[i][axis]));
        mesh_examine(mesh, &facts);
        require(isfinite(facts.volume_mm3) && facts.triangles <= mesh->triangle_count);
    }
    mesh_free(mesh);
}

/* The name's ending asks for a reader where the bytes are not clear. */
static inline void try_model(const char *name, const uint8_t *bytes, size_t length)
{
    struct mesh mesh;
    enum mesh_status status = mesh_read_bytes(name, bytes, length, &mesh);
    require(status == MESH_READ || status == MESH_MALFORMED);
    hold_model(&mesh, status == MESH_READ);
}

#endif
