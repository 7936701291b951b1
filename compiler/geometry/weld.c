/* A hash table over the corners: equal ones are one vertex. Those on edges that stay open can then be compared with their
   neighbours, since some writers round the same corner twice. */
#include "geometry/weld.h"

#include "base/memory.h"
#include "geometry/edges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t mix(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t hash = (uint64_t)a * 0x9E3779B97F4A7C15u;
    hash = (hash ^ hash >> 29 ^ b) * 0xBF58476D1CE4E5B9u;
    hash = (hash ^ hash >> 32 ^ c) * 0x94D049BB133111EBu;
    return (uint32_t)(hash >> 32);
}

static uint32_t hash_corner(const float corner[3])
{
    uint32_t bits[3];
    memcpy(bits, corner, sizeof bits);
    return mix(bits[0], bits[1], bits[2]);
}

static void grow_slots(struct welder *welder, uint32_t capacity)
{
    free(welder->slots);
    welder->capacity = capacity;
    welder->slots = memory_zeroed(capacity, sizeof *welder->slots);
    for (uint32_t i = 0; i < welder->mesh->vertex_count; i++) {
        uint32_t at = hash_corner(welder->mesh->vertices[i]) & (capacity - 1);
        while (welder->slots[at])
            at = (at + 1) & (capacity - 1);
        welder->slots[at] = i + 1;
    }
}

static uint32_t vertex_of(struct welder *welder, const float corner[3])
{
    struct mesh *mesh = welder->mesh;
    uint32_t at = hash_corner(corner) & (welder->capacity - 1);
    for (; welder->slots[at]; at = (at + 1) & (welder->capacity - 1))
        if (memcmp(mesh->vertices[welder->slots[at] - 1], corner, sizeof *mesh->vertices) == 0)
            return welder->slots[at] - 1;
    if (mesh->vertex_count == welder->vertex_capacity) {
        welder->vertex_capacity *= 2;
        mesh->vertices =
            memory_resize(mesh->vertices, welder->vertex_capacity * sizeof *mesh->vertices);
    }
    memcpy(mesh->vertices[mesh->vertex_count], corner, sizeof *mesh->vertices);
    welder->slots[at] = ++mesh->vertex_count;
    if (mesh->vertex_count > welder->capacity / 2)
        grow_slots(welder, welder->capacity * 2);
    return mesh->vertex_count - 1;
}

void weld_open(struct welder *welder, struct mesh *mesh, uint32_t expected)
{
    uint32_t capacity = 64;
    while (capacity < expected) /* a closed mesh has half as many vertices as triangles */
        capacity *= 2;
    *welder = (struct welder){
        mesh, NULL, 0, capacity / 2, expected < 16 ? 16 : expected,
    };
    mesh->vertices = memory_alloc(welder->vertex_capacity * sizeof *mesh->vertices);
    mesh->triangles = memory_alloc(welder->triangle_capacity * sizeof *mesh->triangles);
    grow_slots(welder, capacity);
}

void weld_triangle(struct welder *welder, float corners[3][3])
{
    struct mesh *mesh = welder->mesh;
    if (mesh->triangle_count == welder->triangle_capacity) {
        welder->triangle_capacity *= 2;
        mesh->triangles =
            memory_resize(mesh->triangles, welder->triangle_capacity * sizeof *mesh->triangles);
    }
    uint32_t *triangle = mesh->triangles[mesh->triangle_count++];
    for (int i = 0; i < 3; i++) {
        for (int axis = 0; axis < 3; axis++)
            corners[i][axis] += 0.0f; /* -0 is 0 */
        triangle[i] = vertex_of(welder, corners[i]);
    }
}

/* ---- what rounding left open ---- */

/* A few steps of a float at the mesh's farthest corner. */
static double tolerance_of(const struct mesh *mesh)
{
    float farthest = 0;
    for (uint32_t i = 0; i < mesh->vertex_count; i++)
        for (int axis = 0; axis < 3; axis++)
            farthest = fmaxf(farthest, fabsf(mesh->vertices[i][axis]));
    return ldexp((double)farthest, -20);
}

static uint32_t cell_hash(const int32_t cell[3])
{
    return mix((uint32_t)cell[0], (uint32_t)cell[1], (uint32_t)cell[2]);
}

static bool is_near(const float a[3], const float b[3], double tolerance)
{
    for (int axis = 0; axis < 3; axis++)
        if (fabs((double)a[axis] - (double)b[axis]) > tolerance)
            return false;
    return true;
}

/* Vertices in a grid of cells as wide as the tolerance; one is kept a place, so that a cell never holds many. */
struct places {
    const struct mesh *mesh;
    double tolerance;
    uint32_t *slots; /* vertex + 1 */
    uint32_t capacity;
};

static void cell_of(const struct places *places, uint32_t vertex, int32_t cell[3])
{
    for (int axis = 0; axis < 3; axis++)
        cell[axis] =
            (int32_t)floor((double)places->mesh->vertices[vertex][axis] / places->tolerance);
}

/* The vertex kept within the tolerance, or this one, which is then kept. */
static uint32_t place_of(struct places *places, uint32_t vertex)
{
    int32_t home[3];
    cell_of(places, vertex, home);
    for (int near = 0; near < 27; near++) {
        int32_t cell[3] = {home[0] + near % 3 - 1, home[1] + near / 3 % 3 - 1,
                           home[2] + near / 9 - 1};
        uint32_t at = cell_hash(cell) & (places->capacity - 1);
        for (; places->slots[at]; at = (at + 1) & (places->capacity - 1)) {
            uint32_t other = places->slots[at] - 1;
            if (is_near(places->mesh->vertices[vertex], places->mesh->vertices[other],
                        places->tolerance))
                return other;
        }
    }
    uint32_t at = cell_hash(home) & (places->capacity - 1);
    while (places->slots[at])
        at = (at + 1) & (places->capacity - 1);
    places->slots[at] = vertex + 1;
    return vertex;
}

static uint32_t join_near(struct mesh *mesh, const bool *open, double tolerance)
{
    uint32_t count = 0, moved = 0;
    for (uint32_t i = 0; i < mesh->vertex_count; i++)
        count += open[i];
    struct places places = {mesh, tolerance, NULL, 64};
    while (places.capacity < 2 * count)
        places.capacity *= 2;
    places.slots = memory_zeroed(places.capacity, sizeof *places.slots);
    uint32_t *joined = memory_alloc((mesh->vertex_count + (size_t)1) * sizeof *joined);
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        joined[i] = open[i] ? place_of(&places, i) : i;
        moved += joined[i] != i;
    }
    for (uint32_t i = 0; moved && i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++)
            mesh->triangles[i][corner] = joined[mesh->triangles[i][corner]];
    free(places.slots);
    free(joined);
    return moved;
}

uint32_t mesh_join_near(struct mesh *mesh)
{
    bool *open = memory_zeroed(mesh->vertex_count + (size_t)1, sizeof *open), any = false;
    struct edge_table table = edges_gather(mesh);
    for (struct edge edge = {0}; edge_next(&table, &edge);)
        if (edge.up + edge.down == 1)
            any = open[edge.lower] = open[edge.upper] = true;
    edges_free(&table);
    double tolerance = tolerance_of(mesh);
    uint32_t moved = any && tolerance > 0 ? join_near(mesh, open, tolerance) : 0;
    free(open);
    return moved;
}

void weld_close(struct welder *welder)
{
    free(welder->slots);
    welder->slots = NULL;
}
