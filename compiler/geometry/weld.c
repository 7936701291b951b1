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
    uint64_t hash = ((uint64_t)b << 32 | a) * 0x9E3779B97F4A7C15u ^ c * 0xBF58476D1CE4E5B9u;
    return (uint32_t)((hash ^ hash >> 32) * 0x94D049BB133111EBu >> 32);
}

static uint32_t hash_place(const struct welder *welder, struct place place)
{
    return mix(place.bits[0] ^ welder->salt, place.bits[1], place.bits[2]);
}

/* The bits of a corner, with one zero. */
static struct place place_at(const float corner[3])
{
    struct place place;
    for (int axis = 0; axis < 3; axis++) {
        uint32_t bits;
        memcpy(&bits, &corner[axis], sizeof bits);
        place.bits[axis] = bits & -(uint32_t)(bits != 0x80000000u); /* by no branch: zeros abound */
    }
    return place;
}

static bool is_same(const float corner[3], const struct place *place)
{
    uint32_t difference = 0;
    for (int axis = 0; axis < 3; axis++) {
        uint32_t bits;
        memcpy(&bits, &corner[axis], sizeof bits);
        difference |= bits ^ place->bits[axis];
    }
    return difference == 0;
}

/* A slot that names a vertex before `first` is as good as empty: bodies are forgotten without touching the table. */
static uint32_t free_slot(const struct welder *welder, uint32_t hash)
{
    uint32_t at = hash & (welder->capacity - 1);
    while (welder->slots[at] > welder->first)
        at = (at + 1) & (welder->capacity - 1);
    return at;
}

static void grow_slots(struct welder *welder, uint32_t capacity)
{
    free(welder->slots);
    welder->capacity = capacity;
    welder->slots = memory_zeroed(capacity, sizeof *welder->slots);
    for (uint32_t i = welder->first; i < welder->mesh->vertex_count; i++)
        welder->slots[free_slot(welder, hash_place(welder, place_at(welder->mesh->vertices[i])))] =
            i + 1;
}

static uint32_t add_vertex(struct welder *welder, const struct place *place, uint32_t at)
{
    struct mesh *mesh = welder->mesh;
    if (mesh->vertex_count == welder->vertex_capacity) {
        welder->vertex_capacity *= 2;
        mesh->vertices =
            memory_resize(mesh->vertices, welder->vertex_capacity * sizeof *mesh->vertices);
    }
    memcpy(mesh->vertices[mesh->vertex_count], place->bits, sizeof *mesh->vertices);
    welder->slots[at] = ++mesh->vertex_count;
    if (mesh->vertex_count - welder->first > welder->capacity / 2)
        grow_slots(welder, welder->capacity * 2);
    return mesh->vertex_count - 1;
}

/* Chance makes no chain that long, a file made to stall us may: another hash, for which it was not made. */
static void change_hash(struct welder *welder)
{
    welder->salt = welder->salt * 0x9E3779B1u + 0x7F4A7C15u;
    grow_slots(welder, welder->capacity);
    for (uint32_t i = 0; i < welder->waiting_count; i++)
        welder->waiting[i].hash = hash_place(welder, welder->waiting[i].place);
}

/* Apart, since most corners are there already. */
static __attribute__((noinline)) uint32_t
new_vertex(struct welder *welder, const struct place *place, uint32_t home, uint32_t at)
{
    enum { LONGEST_CHAIN = 500 };
    uint32_t chain = (at - home) & (welder->capacity - 1);
    uint32_t vertex = add_vertex(welder, place, at);
    if (chain > LONGEST_CHAIN)
        change_hash(welder);
    return vertex;
}

static inline uint32_t vertex_of(struct welder *welder, const struct place *place, uint32_t hash)
{
    const uint32_t mask = welder->capacity - 1, home = hash & mask, first = welder->first;
    const uint32_t *slots = welder->slots;
    float(*vertices)[3] = welder->mesh->vertices;
    for (uint32_t at = home;; at = (at + 1) & mask) {
        uint32_t slot = slots[at];
        if (slot <= first)
            return new_vertex(welder, place, home, at);
        if (is_same(vertices[slot - 1], place))
            return slot - 1;
    }
}

void weld_open(struct welder *welder, struct mesh *mesh, uint32_t expected)
{
    uint32_t capacity = 64;
    while (capacity / 2 < expected) /* a closed mesh has half as many vertices as triangles */
        capacity *= 2;
    *welder = (struct welder){
        .mesh = mesh, .vertex_capacity = expected / 2 + 64, .triangle_capacity = expected + 16};
    mesh->vertices = memory_alloc(welder->vertex_capacity * sizeof *mesh->vertices);
    mesh->triangles = memory_alloc(welder->triangle_capacity * sizeof *mesh->triangles);
    grow_slots(welder, capacity);
}

void weld_face(struct welder *welder, const uint32_t vertices[3])
{
    struct mesh *mesh = welder->mesh;
    if (mesh->triangle_count == welder->triangle_capacity) {
        welder->triangle_capacity *= 2;
        mesh->triangles =
            memory_resize(mesh->triangles, welder->triangle_capacity * sizeof *mesh->triangles);
    }
    memcpy(mesh->triangles[mesh->triangle_count++], vertices, sizeof *mesh->triangles);
}

uint32_t weld_vertex(struct welder *welder, const float corner[3])
{
    const struct place place = place_at(corner);
    return vertex_of(welder, &place, hash_place(welder, place));
}

/* What waits: by now the slots that it asks for are near. */
static void weld_waiting(struct welder *welder)
{
    for (uint32_t i = 0; i < welder->waiting_count; i += 3) {
        const struct waiting_corner *corner = &welder->waiting[i];
        uint32_t face[3];
        for (int j = 0; j < 3; j++)
            face[j] = vertex_of(welder, &corner[j].place, corner[j].hash);
        weld_face(welder, face);
    }
    welder->waiting_count = 0;
}

void weld_triangle(struct welder *welder, float corners[3][3])
{
    if (welder->waiting_count == WELD_WAITING)
        weld_waiting(welder);
    for (int i = 0; i < 3; i++) {
        struct waiting_corner *corner = &welder->waiting[welder->waiting_count++];
        corner->place = place_at(corners[i]);
        corner->hash = hash_place(welder, corner->place);
        __builtin_prefetch(&welder->slots[corner->hash & (welder->capacity - 1)]);
    }
}

uint32_t weld_count(const struct welder *welder)
{
    return welder->mesh->triangle_count + welder->waiting_count / 3;
}

void weld_forget(struct welder *welder)
{
    weld_waiting(welder);
    welder->first = welder->mesh->vertex_count;
}

void weld_close(struct welder *welder)
{
    weld_waiting(welder);
    free(welder->slots);
    welder->slots = NULL;
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
