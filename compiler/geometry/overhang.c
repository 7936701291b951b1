/* The faces that lean too far are taken as a mesh of their own: its shells are the patches, its open edges their
   outlines. */
#include "geometry/overhang.h"

#include "base/memory.h"
#include "geometry/faces.h"
#include "geometry/shells.h"

#include <stdlib.h>
#include <string.h>

static const double least_area_mm2 = 10, least_width_mm = 2;

/* The axis that is upright, and whether its positive end is up. */
struct stand {
    int axis;
    double sign;
};

static const struct stand stands[SIDE_COUNT] = {
    [SIDE_TOP] = {2, 1},   [SIDE_BOTTOM] = {2, -1}, [SIDE_RIGHT] = {0, 1},
    [SIDE_LEFT] = {0, -1}, [SIDE_BACK] = {1, 1},    [SIDE_FRONT] = {1, -1},
};

/* In degrees from upright, downward positive; a face without area leans nowhere. */
static double lean_deg(double corners[3][3], struct stand stand)
{
    double normal[3];
    corners_normal(corners, normal);
    double length = length_of(normal);
    return length > 0 ? asin(-stand.sign * normal[stand.axis] / length) * 57.29577951308232 : 0;
}

static double height(const float vertex[3], struct stand stand)
{
    return stand.sign * (double)vertex[stand.axis];
}

static double bed_of(const struct mesh *mesh, struct stand stand)
{
    double lowest = 0;
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        double at = height(mesh->vertices[i], stand);
        lowest = i && lowest < at ? lowest : at;
    }
    return lowest;
}

/* A mesh of the faces that lean too far, over the same vertices. */
static struct mesh take_leaning(const struct mesh *mesh, struct stand stand, double limit_deg,
                                double layer_mm)
{
    const float origin[3] = {0, 0, 0};
    struct mesh leaning = *mesh;
    double corners[3][3], bed_mm = bed_of(mesh, stand) + layer_mm + 1e-4;
    leaning.triangle_count = 0;
    leaning.triangles = memory_alloc((mesh->triangle_count + (size_t)1) * sizeof *mesh->triangles);
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        const uint32_t *face = mesh->triangles[i];
        face_corners(mesh, i, origin, corners);
        double highest = height(mesh->vertices[face[0]], stand);
        for (int corner = 1; corner < 3; corner++)
            highest = greater(highest, height(mesh->vertices[face[corner]], stand));
        if (highest > bed_mm && lean_deg(corners, stand) > limit_deg + 0.01)
            memcpy(leaning.triangles[leaning.triangle_count++], mesh->triangles[i],
                   sizeof *mesh->triangles);
    }
    return leaning;
}

struct patch {
    double covered_mm2, outline_mm; /* seen from above */
    double steepest_deg;
};

static struct patch *measure(const struct edge_table *edges, const struct solid *solid,
                             struct stand stand)
{
    const struct mesh *mesh = edges->mesh;
    const float origin[3] = {0, 0, 0};
    struct patch *patches = memory_zeroed(solid->facts.shells + (size_t)1, sizeof *patches);
    double corners[3][3], normal[3];
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        if (solid->shell_of[i] == NO_SHELL)
            continue;
        struct patch *patch = &patches[solid->shell_of[i]];
        face_corners(mesh, i, origin, corners);
        corners_normal(corners, normal);
        patch->covered_mm2 += -stand.sign * normal[stand.axis] / 2;
        patch->steepest_deg = greater(patch->steepest_deg, lean_deg(corners, stand));
    }
    for (struct edge edge = {0}; edge_next(edges, &edge);)
        if (edge.up + edge.down == 1) {
            double along[3];
            for (int axis = 0; axis < 3; axis++)
                along[axis] = axis == stand.axis ? 0
                                                 : (double)mesh->vertices[edge.lower][axis] -
                                                       (double)mesh->vertices[edge.upper][axis];
            patches[solid->shell_of[edge.halves->face]].outline_mm += length_of(along);
        }
    return patches;
}

static void add_up(const struct solid *solid, const struct patch *patches,
                   struct overhang *overhang)
{
    double largest = 0;
    for (uint32_t i = 0; i < solid->facts.shells; i++) {
        const struct patch *patch = &patches[i];
        const struct shell *shell = &solid->shells[i];
        if (patch->covered_mm2 < least_area_mm2 ||
            2 * patch->covered_mm2 < least_width_mm * patch->outline_mm)
            continue;
        overhang->patches++;
        overhang->area_mm2 += shell->area_mm2;
        overhang->steepest_deg = greater(overhang->steepest_deg, patch->steepest_deg);
        if (patch->covered_mm2 <= largest)
            continue;
        largest = patch->covered_mm2;
        for (int axis = 0; axis < 3; axis++)
            overhang->at[axis] = (shell->low[axis] + shell->high[axis]) / 2;
    }
}

struct overhang overhang_of(const struct mesh *mesh, enum side up, double limit_deg,
                            double layer_mm)
{
    struct overhang overhang = {0};
    struct stand stand = stands[up];
    struct mesh leaning = take_leaning(mesh, stand, limit_deg, layer_mm);
    if (leaning.triangle_count) {
        struct solid solid = {0};
        solid.facts.triangles = leaning.triangle_count;
        struct edge_table edges = edges_gather(&leaning);
        uint32_t *roots = shells_begin(&leaning);
        for (struct edge edge = {0}; edge_next(&edges, &edge);)
            shells_join(roots, &edge);
        shells_end(&leaning, roots, &solid);
        shells_measure(&leaning, &solid);
        struct patch *patches = measure(&edges, &solid, stand);
        add_up(&solid, patches, &overhang);
        free(patches);
        edges_free(&edges);
        solid_free(&solid);
    }
    free(leaning.triangles);
    return overhang;
}
