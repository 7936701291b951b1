/* The half-edges are gathered at their lower vertex by counting, which keeps to the caches where a hash table would
   not. */
#include "geometry/edges.h"

#include "base/memory.h"

#include <stdlib.h>

static uint32_t passed(uint32_t from, uint32_t to)
{
    return from < to ? to << 1 : from << 1 | 1;
}

static int compare(const void *a, const void *b)
{
    const struct half_edge *left = a, *right = b;
    if (left->passed != right->passed)
        return left->passed < right->passed ? -1 : 1;
    return (left->face > right->face) - (left->face < right->face);
}

/* They come in order of their faces, which sorting by insertion keeps. */
static void sort_halves(struct half_edge *halves, size_t count)
{
    if (count > 24) {
        qsort(halves, count, sizeof *halves, compare);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct half_edge half = halves[i];
        size_t at = i;
        for (; at && halves[at - 1].passed > half.passed; at--)
            halves[at] = halves[at - 1];
        halves[at] = half;
    }
}

static void count_edges(const struct mesh *mesh, uint32_t *first)
{
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        const uint32_t *face = mesh->triangles[i];
        if (face_is_collapsed(face))
            continue;
        for (int corner = 0; corner < 3; corner++) {
            uint32_t from = face[corner], to = face[corner == 2 ? 0 : corner + 1];
            first[from < to ? from : to]++;
        }
    }
    for (uint32_t v = 1; v <= mesh->vertex_count; v++)
        first[v] += first[v - 1];
}

struct edge_table edges_gather(const struct mesh *mesh)
{
    struct edge_table table = {
        mesh,
        memory_zeroed(mesh->vertex_count + (size_t)1, sizeof *table.first),
        memory_alloc(((size_t)mesh->triangle_count * 3 + 1) * sizeof *table.halves),
    };
    count_edges(mesh, table.first);
    for (uint32_t i = mesh->triangle_count;
         i-- > 0;) { /* backwards, since they are filled from their ends */
        const uint32_t *face = mesh->triangles[i];
        if (face_is_collapsed(face))
            continue;
        for (int corner = 0; corner < 3; corner++) {
            uint32_t from = face[corner], to = face[corner == 2 ? 0 : corner + 1];
            table.halves[--table.first[from < to ? from : to]] =
                (struct half_edge){passed(from, to), i};
        }
    }
    for (uint32_t v = 0; v < mesh->vertex_count; v++)
        sort_halves(table.halves + table.first[v], table.first[v + 1] - table.first[v]);
    return table;
}

void edges_free(struct edge_table *table)
{
    free(table->first);
    free(table->halves);
}

bool edge_next(const struct edge_table *table, struct edge *edge)
{
    uint32_t count = table->mesh->vertex_count;
    const struct half_edge *at =
        edge->halves ? edge->halves + edge->up + edge->down : table->halves;
    if (at == table->halves + table->first[count])
        return false;
    uint32_t lower = edge->lower;
    while (table->halves + table->first[lower + 1] <= at)
        lower++;
    const struct half_edge *end = table->halves + table->first[lower + 1];
    *edge = (struct edge){lower, at->passed >> 1, 0, 0, at};
    for (; at < end && at->passed >> 1 == edge->upper; at++)
        if (at->passed & 1)
            edge->down++;
        else
            edge->up++;
    return true;
}
