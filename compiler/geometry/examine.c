/* Whether triangles bound a solid: in a closed surface that agrees with itself what is outside, each edge is passed
   once in each direction. The edges are gathered at their lower vertex by counting, which keeps to the caches where a
   hash table would not. */
#include "geometry/edges.h"

#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* ---- edges ---- */

/* An edge at its lower vertex: the upper one, and which way it is passed. */
static uint32_t passed(uint32_t from, uint32_t to)
{
    return from < to ? to << 1 : from << 1 | 1;
}

static int compare_passed(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static void sort_passed(uint32_t *edges, size_t count)
{
    if (count > 24) {
        qsort(edges, count, sizeof *edges, compare_passed);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t edge = edges[i];
        size_t at = i;
        for (; at && edges[at - 1] > edge; at--)
            edges[at] = edges[at - 1];
        edges[at] = edge;
    }
}

/* first[v] .. first[v + 1] are the edges of which v is the lower vertex. */
static uint32_t *gather(const struct mesh *mesh, uint32_t *first)
{
    uint32_t *edges = memory_alloc(((size_t)mesh->triangle_count * 3 + 1) * sizeof *edges);
    for (int filling = 0; filling < 2; filling++) {
        for (uint32_t i = 0; i < mesh->triangle_count; i++)
            for (int corner = 0; corner < 3; corner++) {
                uint32_t from = mesh->triangles[i][corner];
                uint32_t to = mesh->triangles[i][corner == 2 ? 0 : corner + 1];
                uint32_t lower = from < to ? from : to;
                if (from == to)
                    continue;
                if (filling)
                    edges[--first[lower]] = passed(from, to);
                else
                    first[lower]++;
            }
        for (uint32_t v = 1; !filling && v <= mesh->vertex_count; v++)
            first[v] += first[v - 1];
    }
    return edges;
}

struct edge_counts edges_of(const struct mesh *mesh, bool *open_vertices)
{
    struct edge_counts counts = {0};
    uint32_t *first = memory_zeroed(mesh->vertex_count + (size_t)1, sizeof *first);
    uint32_t *edges = gather(mesh, first);
    for (uint32_t v = 0; v < mesh->vertex_count; v++) {
        size_t count = first[v + 1] - first[v];
        const uint32_t *at = edges + first[v], *end = at + count;
        sort_passed(edges + first[v], count);
        while (at < end) {
            uint32_t upper = *at >> 1, passes[2] = {0};
            for (; at < end && *at >> 1 == upper; at++)
                passes[*at & 1]++;
            uint32_t sum = passes[0] + passes[1];
            counts.open += sum == 1;
            counts.crowded += sum > 2;
            counts.flipped += sum == 2 && passes[0] != 1;
            if (sum == 1 && open_vertices)
                open_vertices[v] = open_vertices[upper] = true;
        }
    }
    free(edges);
    free(first);
    return counts;
}

/* ---- faces ---- */

static double six_volumes(const double a[3], const double b[3], const double c[3])
{
    return a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
           a[2] * (b[0] * c[1] - b[1] * c[0]);
}

static double squared(const double a[3])
{
    return a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
}

/* Corners in a line, as far as doubles can tell. */
static bool has_no_area(double a[3], double b[3], double c[3])
{
    double ab[3], ac[3], bc[3];
    for (int axis = 0; axis < 3; axis++) {
        ab[axis] = b[axis] - a[axis];
        ac[axis] = c[axis] - a[axis];
        bc[axis] = c[axis] - b[axis];
    }
    double cross[3] = {ab[1] * ac[2] - ab[2] * ac[1], ab[2] * ac[0] - ab[0] * ac[2],
                       ab[0] * ac[1] - ab[1] * ac[0]};
    double longest = fmax(squared(ab), fmax(squared(ac), squared(bc)));
    return sqrt(squared(cross)) <= 1e-12 * longest;
}

static void examine_box(const struct mesh *mesh, struct mesh_facts *facts)
{
    for (int axis = 0; axis < 3; axis++) {
        facts->low[axis] = mesh->vertex_count ? DBL_MAX : 0;
        facts->high[axis] = mesh->vertex_count ? -DBL_MAX : 0;
    }
    for (uint32_t i = 0; i < mesh->vertex_count; i++)
        for (int axis = 0; axis < 3; axis++) {
            double at = (double)mesh->vertices[i][axis];
            facts->low[axis] = fmin(facts->low[axis], at);
            facts->high[axis] = fmax(facts->high[axis], at);
        }
}

void mesh_examine(const struct mesh *mesh, struct mesh_facts *facts)
{
    *facts = (struct mesh_facts){.triangles = mesh->triangle_count};
    examine_box(mesh, facts);
    double sum = 0;
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        double corners[3][3]; /* from a corner of the box, to lose no digits far from the origin */
        for (int corner = 0; corner < 3; corner++)
            for (int axis = 0; axis < 3; axis++)
                corners[corner][axis] =
                    (double)mesh->vertices[mesh->triangles[i][corner]][axis] - facts->low[axis];
        sum += six_volumes(corners[0], corners[1], corners[2]);
        facts->degenerate += has_no_area(corners[0], corners[1], corners[2]);
    }
    facts->volume_mm3 = sum / 6;
    struct edge_counts edges = edges_of(mesh, NULL);
    facts->open_edges = edges.open;
    facts->crowded_edges = edges.crowded;
    facts->flipped_edges = edges.flipped;
    facts->closed = mesh->triangle_count && !edges.open && !edges.crowded && !edges.flipped;
}
