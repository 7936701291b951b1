/* Any triangles over a grid of 64 corners, where all that can touch does: what is said of them holds together. */
#include "base/memory.h"
#include "geometry/crossings.h"
#include "geometry/flaws.h"
#include "geometry/outline.h"
#include "geometry/overhang.h"
#include "geometry/repair.h"
#include "geometry/walls.h"
#include "harness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CORNERS = 64, FACES_AT_MOST = 80 };

static struct mesh make(const uint8_t *bytes, size_t length)
{
    struct mesh mesh = {.vertex_count = CORNERS};
    size_t faces = length / 3 < FACES_AT_MOST ? length / 3 : FACES_AT_MOST;
    mesh.vertices = memory_alloc(CORNERS * sizeof *mesh.vertices);
    mesh.triangles = memory_alloc((faces + 1) * sizeof *mesh.triangles);
    for (uint32_t i = 0; i < CORNERS; i++)
        for (int axis = 0; axis < 3; axis++)
            mesh.vertices[i][axis] = (float)(i >> 2 * axis & 3) * 5;
    for (size_t i = 0; i < faces; i++)
        for (int corner = 0; corner < 3; corner++)
            mesh.triangles[i][corner] = bytes[3 * i + (size_t)corner] % CORNERS;
    mesh.triangle_count = (uint32_t)faces;
    return mesh;
}

static void try_solid(const struct mesh *mesh)
{
    struct solid solid;
    solid_examine(mesh, &solid);
    double volume = 0, area = 0;
    uint32_t triangles = solid.facts.flaws[FLAW_COLLAPSED].count;
    for (uint32_t i = 0; i < solid.facts.shells; i++) {
        const struct shell *shell = &solid.shells[i];
        volume += shell->volume_mm3;
        area += shell->area_mm2;
        triangles += shell->triangles;
        require(shell->inside == NO_SHELL || shell->inside < solid.facts.shells);
        require((shell->inside == NO_SHELL) == (shell->depth == 0));
        require(shell->closed || (!shell->inside_out && shell->depth == 0));
    }
    require(triangles == mesh->triangle_count);
    require(fabs(area - solid.facts.area_mm2) < 1e-6);
    require(fabs(volume - solid.facts.volume_mm3) < 1e-6);
    require(solid.facts.pieces <= solid.facts.shells);
    require(!solid.facts.two_manifold || solid.facts.closed);
    require(!mesh_is_solid(&solid.facts) || (solid.facts.closed && solid.facts.volume_mm3 > 0));
    solid_free(&solid);
}

static void try_shape(const struct mesh *mesh)
{
    struct mesh_facts facts;
    uint64_t faces = mesh->triangle_count;
    mesh_examine(mesh, &facts);
    for (enum side up = 0; up < SIDE_COUNT; up++) {
        struct overhang overhang = overhang_of(mesh, up, 45, 0.2);
        require(overhang.area_mm2 >= 0 && overhang.area_mm2 < facts.area_mm2 + 1e-6);
        require(overhang.area_mm2 == 0 || overhang.steepest_deg > 45);
    }
    struct thin_walls thin = walls_thinner_than(mesh, 6);
    require(thin.thickness_mm >= 0 && thin.thickness_mm < 6);
    struct crossings crossings = crossings_of(mesh);
    require(crossings.complete &&
            (faces < 2 ? !crossings.pairs : crossings.pairs <= faces * (faces - 1) / 2));
    for (int up = 0; up < 3; up++) {
        struct outline outline = outline_of(mesh, up);
        struct turned_box box = outline_smallest(&outline);
        require(box.width >= box.depth && box.angle_deg >= 0 && box.angle_deg < 180);
        require(outline_fits(&outline, box.width, box.depth));
        outline_free(&outline);
    }
}

static void try_repair(struct mesh *mesh)
{
    struct repair repair, again;
    struct mesh_facts facts;
    uint32_t before = mesh->triangle_count;
    bool mended = mesh_repair(mesh, &repair);
    require(mesh->triangle_count + repair.removed + repair.collapsed == before);
    if (!mended)
        return;
    mesh_examine(mesh, &facts);
    require(mesh_is_solid(&facts));
    require(mesh_repair(mesh, &again) && repair_did_nothing(&again));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct mesh mesh = make(bytes, length);
    try_solid(&mesh);
    try_shape(&mesh);
    try_repair(&mesh);
    mesh_free(&mesh);
    return 0;
}
