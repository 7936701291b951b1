/* Faces connected over edges. Each set of faces is known by its lowest one, so that shells are numbered as their first
   faces stand in the file. */
#include "geometry/shells.h"

#include "base/memory.h"
#include "geometry/faces.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t root_of(uint32_t *roots, uint32_t at)
{
    for (; roots[at] != at; at = roots[at])
        roots[at] = roots[roots[at]];
    return at;
}

static void join(uint32_t *roots, uint32_t a, uint32_t b)
{
    if (roots[a] == roots[b])
        return;
    a = root_of(roots, a);
    b = root_of(roots, b);
    if (a < b)
        roots[b] = a;
    else
        roots[a] = b;
}

static uint32_t *singles(uint32_t count)
{
    uint32_t *roots = memory_alloc((count + (size_t)1) * sizeof *roots);
    for (uint32_t i = 0; i < count; i++)
        roots[i] = i;
    return roots;
}

/* shell_of holds the roots before, the numbers after. */
static uint32_t number(const struct mesh *mesh, uint32_t *shell_of)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        if (face_is_collapsed(mesh->triangles[i]))
            shell_of[i] = NO_SHELL;
        else
            shell_of[i] = shell_of[i] == i ? count++ : shell_of[shell_of[i]];
    return count;
}

/* Shells that share a vertex are one piece. */
static uint32_t count_pieces(const struct mesh *mesh, const uint32_t *shell_of, uint32_t shells)
{
    if (shells < 2)
        return shells;
    uint32_t *roots = singles(shells), pieces = 0;
    uint32_t *met = memory_alloc(mesh->vertex_count * sizeof *met);
    for (uint32_t v = 0; v < mesh->vertex_count; v++)
        met[v] = NO_SHELL;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3 && shell_of[i] != NO_SHELL; corner++) {
            uint32_t vertex = mesh->triangles[i][corner];
            if (met[vertex] != NO_SHELL && met[vertex] != shell_of[i])
                join(roots, met[vertex], shell_of[i]);
            met[vertex] = shell_of[i];
        }
    for (uint32_t i = 0; i < shells; i++)
        pieces += roots[i] == i;
    free(met);
    free(roots);
    return pieces;
}

/* There is but one, and what is known of all is known of it. */
static void measure_whole(const struct mesh_facts *facts, struct shell *shell)
{
    shell->triangles = facts->triangles - facts->flaws[FLAW_COLLAPSED].count;
    shell->volume_mm3 = facts->volume_mm3;
    shell->area_mm2 = facts->area_mm2;
    memcpy(shell->low, facts->low, sizeof shell->low);
    memcpy(shell->high, facts->high, sizeof shell->high);
}

void shells_measure(const struct mesh *mesh, struct solid *solid)
{
    if (solid->facts.shells == 1 && solid->facts.area_mm2 > 0) {
        measure_whole(&solid->facts, solid->shells);
        return;
    }
    double corners[3][3];
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        if (solid->shell_of[i] == NO_SHELL)
            continue;
        struct shell *shell = &solid->shells[solid->shell_of[i]];
        shell->triangles++;
        face_corners(mesh, i, mesh->vertices[mesh->triangles[0][0]], corners);
        shell->volume_mm3 += corners_six_volumes(corners);
        shell->area_mm2 += corners_area(corners);
        for (int corner = 0; corner < 3; corner++)
            for (int axis = 0; axis < 3; axis++) {
                double at = (double)mesh->vertices[mesh->triangles[i][corner]][axis];
                shell->low[axis] = lesser(shell->low[axis], at);
                shell->high[axis] = greater(shell->high[axis], at);
            }
    }
    for (uint32_t i = 0; i < solid->facts.shells; i++)
        solid->shells[i].volume_mm3 /= 6;
}

uint32_t *shells_begin(const struct mesh *mesh)
{
    return singles(mesh->triangle_count);
}

void shells_join(uint32_t *roots, const struct edge *edge)
{
    for (uint32_t i = 1; i < edge->up + edge->down; i++)
        join(roots, edge->halves[0].face, edge->halves[i].face);
}

void shells_end(const struct mesh *mesh, uint32_t *roots, struct solid *solid)
{
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        roots[i] = roots[roots[i]]; /* the lower ones know their root already */
    uint32_t count = number(mesh, roots);
    solid->shell_of = roots;
    solid->facts.shells = count;
    solid->facts.pieces = count_pieces(mesh, roots, count);
    solid->shells = memory_zeroed(count + (size_t)1, sizeof *solid->shells);
    for (uint32_t i = 0; i < count; i++) {
        solid->shells[i].closed = true;
        solid->shells[i].inside = NO_SHELL;
        for (int axis = 0; axis < 3; axis++) {
            solid->shells[i].low[axis] = HUGE_VAL;
            solid->shells[i].high[axis] = -HUGE_VAL;
        }
    }
}
