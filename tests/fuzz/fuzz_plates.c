/* Any triangles, flat, upright, touching, far apart: their silhouettes hold them, and plates of them are sound. */
#include "base/memory.h"
#include "harness.h"
#include "packing/verify.h"

#include <math.h>
#include <stdlib.h>

enum { FACES_AT_MOST = 24, PARTS = 2 };

/* Coordinates are a byte each; the first byte of a part says by how much they are scaled, its last bits how coarse they are. */
static struct mesh make(const uint8_t *bytes, size_t length)
{
    struct mesh mesh = {0};
    if (length < 10)
        return mesh;
    float scale = 0.01f * (float)(1 + bytes[0] * bytes[0] / 256);
    uint8_t mask = (uint8_t)(0xff << (bytes[0] & 7));
    size_t faces = (length - 1) / 9 < FACES_AT_MOST ? (length - 1) / 9 : FACES_AT_MOST;
    mesh.vertices = memory_alloc(3 * faces * sizeof *mesh.vertices);
    mesh.triangles = memory_alloc(faces * sizeof *mesh.triangles);
    for (uint32_t i = 0; i < 3 * faces; i++) {
        for (int axis = 0; axis < 3; axis++)
            mesh.vertices[i][axis] = scale * (float)(bytes[1 + 3 * i + (uint32_t)axis] & mask);
        mesh.triangles[i / 3][i % 3] = i;
    }
    mesh.triangle_count = (uint32_t)faces;
    mesh.vertex_count = (uint32_t)(3 * faces);
    return mesh;
}

static void try_plates(const struct silhouette *silhouettes, uint32_t count, bool sets, uint8_t how)
{
    struct packing_part parts[PARTS];
    const struct bed_area area = {{10, 10}, {20, 35}};
    for (uint32_t i = 0; i < count; i++)
        parts[i] = (struct packing_part){&silhouettes[i], 1 + (how >> 4) % 4};
    const struct packing_request request = {.width_mm = 60,
                                            .depth_mm = 50,
                                            .keep_outs = &area,
                                            .keep_out_count = how & 1,
                                            .clearance_mm = how & 2 ? 2 : 0,
                                            .brim_mm = how & 4 ? 1 : 0,
                                            .turns = how & 8 ? 8 : 4,
                                            .seed = how,
                                            .effort = 30000,
                                            .sets = sets,
                                            .parts = parts,
                                            .part_count = count};
    struct packing packing = pack(&request);
    struct failure failure;
    require(plates_verify(&request, &packing, &failure));
    for (uint32_t i = 0; i < count; i++)
        require(sets || packing.placed[i] <= parts[i].count);
    packing_free(&packing);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct silhouette silhouettes[PARTS] = {0};
    uint32_t count = 0;
    if (length < 2)
        return 0;
    uint8_t how = bytes[0];
    size_t half = length / PARTS;
    for (uint32_t i = 0; i < PARTS; i++) {
        struct mesh mesh = make(bytes + i * half + (i == 0), half - (i == 0));
        struct silhouette seen = silhouette_of(&mesh, 64);
        struct silhouette simple = silhouette_copy(&seen);
        silhouette_simplify(&simple, 0.02, 16);
        require(silhouette_area(&simple) >= silhouette_area(&seen) * (1 - 1e-9));
        require(seen.count == 0 || silhouette_area(&seen) > 0);
        silhouette_free(&simple);
        mesh_free(&mesh);
        if (seen.count &&
            silhouette_area(&seen) > 16) /* smaller ones are too many for a fuzzer's patience */
            silhouettes[count++] = seen;
        else
            silhouette_free(&seen);
    }
    if (count) {
        try_plates(silhouettes, count, false, how);
        try_plates(silhouettes, 1, true, how);
    }
    for (uint32_t i = 0; i < count; i++)
        silhouette_free(&silhouettes[i]);
    return 0;
}
