/* Whether triangles bound a solid: in a closed surface that agrees with itself what is outside, each edge is passed as
   often up as down. */
#include "geometry/faces.h"
#include "geometry/shells.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void examine_box(const struct mesh *mesh, struct mesh_facts *facts)
{
    float low[3] = {0}, high[3] = {0};
    for (uint32_t i = 0; i < mesh->vertex_count; i++)
        for (int axis = 0; axis < 3; axis++) {
            float at = mesh->vertices[i][axis];
            low[axis] = i && low[axis] < at ? low[axis] : at;
            high[axis] = i && high[axis] > at ? high[axis] : at;
        }
    for (int axis = 0; axis < 3; axis++) {
        facts->low[axis] = (double)low[axis];
        facts->high[axis] = (double)high[axis];
    }
}

/* ---- edges ---- */

static void note_edge(struct mesh_facts *facts, enum flaw flaw, const struct mesh *mesh,
                      const struct edge *edge)
{
    if (!facts->flaws[flaw].count++)
        for (int axis = 0; axis < 3; axis++)
            facts->flaws[flaw].at[axis] = ((double)mesh->vertices[edge->lower][axis] +
                                           (double)mesh->vertices[edge->upper][axis]) /
                                          2;
}

/* What is to be known of a face besides. */
enum { FACE_SUSPECT = 1, FACE_UNBALANCED = 2 };

/* Only faces at an edge that is not plain can have a double, and only shells with an unbalanced one are open. */
static void examine_edges(const struct edge_table *table, struct mesh_facts *facts, uint8_t *marks,
                          uint32_t *roots)
{
    for (struct edge edge = {0}; edge_next(table, &edge);) {
        uint32_t faces = edge.up + edge.down;
        facts->edges++;
        shells_join(roots, &edge);
        if (edge_is_plain(&edge))
            continue;
        if (faces == 1)
            note_edge(facts, FLAW_OPEN, table->mesh, &edge);
        if (faces == 2)
            note_edge(facts, FLAW_FLIPPED, table->mesh, &edge);
        if (faces > 2 && edge.up != edge.down)
            note_edge(facts, FLAW_UNEVEN, table->mesh, &edge);
        if (faces > 2)
            note_edge(facts, FLAW_CROWDED, table->mesh, &edge);
        for (uint32_t i = 0; i < faces; i++)
            marks[edge.halves[i].face] |= (uint8_t)((faces > 1 ? FACE_SUSPECT : 0) |
                                                    (edge.up != edge.down ? FACE_UNBALANCED : 0));
    }
}

static void open_shells(struct solid *solid, const uint8_t *marks)
{
    for (uint32_t i = 0; i < solid->facts.triangles && !solid->facts.closed; i++)
        if (marks[i] & FACE_UNBALANCED)
            solid->shells[solid->shell_of[i]].closed = false;
}

/* ---- faces ---- */

static void note_face(struct mesh_facts *facts, enum flaw flaw, const struct mesh *mesh,
                      uint32_t face)
{
    if (!facts->flaws[flaw].count++)
        for (int corner = 0; corner < 3; corner++)
            for (int axis = 0; axis < 3; axis++)
                facts->flaws[flaw].at[axis] +=
                    (double)mesh->vertices[mesh->triangles[face][corner]][axis] / 3;
}

/* A face whose height is a millionth of a millionth of its longest side is flat, as far as doubles can tell. */
static double longest_squared(double corners[3][3])
{
    double longest = 0;
    for (int corner = 0; corner < 3; corner++) {
        const double *a = corners[corner], *b = corners[corner == 2 ? 0 : corner + 1];
        double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
        longest = greater(longest, x * x + y * y + z * z);
    }
    return longest;
}

static void examine_faces(const struct mesh *mesh, struct mesh_facts *facts)
{
    double corners[3][3], normal[3], six_volumes = 0, two_areas = 0, across = 0;
    for (int axis = 0; axis < 3; axis++)
        across += (facts->high[axis] - facts->low[axis]) * (facts->high[axis] - facts->low[axis]);
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        face_corners(mesh, i, mesh->vertices[mesh->triangles[0][0]], corners);
        corners_normal(corners, normal);
        double two_area = length_of(normal);
        six_volumes += corners_six_volumes(corners);
        two_areas += two_area;
        if (face_is_collapsed(mesh->triangles[i]))
            note_face(facts, FLAW_COLLAPSED, mesh, i);
        else if (two_area <= 1e-12 * across && two_area <= 1e-12 * longest_squared(corners))
            note_face(facts, FLAW_FLAT, mesh, i);
    }
    facts->volume_mm3 = six_volumes / 6;
    facts->area_mm2 = two_areas / 2;
}

/* ---- duplicates ---- */

struct named_face {
    uint32_t corners[3], face; /* corners ascending */
};

static int compare(const void *a, const void *b)
{
    const struct named_face *left = a, *right = b;
    for (int i = 0; i < 3; i++)
        if (left->corners[i] != right->corners[i])
            return left->corners[i] < right->corners[i] ? -1 : 1;
    return (left->face > right->face) - (left->face < right->face);
}

static void exchange(uint32_t *a, uint32_t *b)
{
    if (*a > *b) {
        uint32_t other = *a;
        *a = *b;
        *b = other;
    }
}

/* Ascending, whatever the direction: two faces back to back are doubles too. */
static struct named_face name_face(const struct mesh *mesh, uint32_t face)
{
    struct named_face named = {.face = face};
    memcpy(named.corners, mesh->triangles[face], sizeof named.corners);
    exchange(&named.corners[0], &named.corners[1]);
    exchange(&named.corners[1], &named.corners[2]);
    exchange(&named.corners[0], &named.corners[1]);
    return named;
}

static void examine_doubles(const struct mesh *mesh, struct mesh_facts *facts, const uint8_t *marks)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        count += marks[i] & FACE_SUSPECT;
    struct named_face *named = memory_alloc((count + (size_t)1) * sizeof *named);
    count = 0;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        if (marks[i] & FACE_SUSPECT)
            named[count++] = name_face(mesh, i);
    qsort(named, count, sizeof *named, compare);
    for (uint32_t i = 1; i < count; i++)
        if (memcmp(named[i].corners, named[i - 1].corners, sizeof named[i].corners) == 0)
            note_face(facts, FLAW_DUPLICATE, mesh, named[i].face);
    free(named);
}

/* A shell of two faces is one face twice, back to back: its edges are plain. */
static void suspect_pairs(const struct solid *solid, uint8_t *marks)
{
    bool any = false;
    for (uint32_t i = 0; i < solid->facts.shells; i++)
        any |= solid->shells[i].triangles == 2;
    for (uint32_t i = 0; any && i < solid->facts.triangles; i++)
        if (solid->shell_of[i] != NO_SHELL && solid->shells[solid->shell_of[i]].triangles == 2)
            marks[i] |= FACE_SUSPECT;
}

void solid_examine(const struct mesh *mesh, struct solid *solid)
{
    struct mesh_facts *facts = &solid->facts;
    uint8_t *marks = memory_zeroed(mesh->triangle_count + (size_t)1, sizeof *marks);
    *solid = (struct solid){.facts.triangles = mesh->triangle_count,
                            .facts.vertices = mesh->vertex_count};
    examine_box(mesh, facts);
    examine_faces(mesh, facts);
    struct edge_table edges = edges_gather(mesh);
    uint32_t *roots = shells_begin(mesh);
    examine_edges(&edges, facts, marks, roots);
    edges_free(&edges);
    shells_end(mesh, roots, solid);
    shells_measure(mesh, solid);
    facts->closed = facts->shells && !facts->flaws[FLAW_OPEN].count &&
                    !facts->flaws[FLAW_FLIPPED].count && !facts->flaws[FLAW_UNEVEN].count;
    facts->two_manifold = facts->closed && !facts->flaws[FLAW_CROWDED].count;
    open_shells(solid, marks);
    suspect_pairs(solid, marks);
    examine_doubles(mesh, facts, marks);
    free(marks);
    shells_nest(mesh, solid);
}

void solid_examine_joined(struct mesh *mesh, struct solid *solid, struct mesh_facts *exact)
{
    solid_examine(mesh, solid);
    if (exact)
        *exact = solid->facts;
    if (!solid->facts.flaws[FLAW_OPEN].count)
        return;
    size_t size = mesh->triangle_count * sizeof *mesh->triangles;
    void *triangles = memory_alloc(size);
    struct solid joined = {0};
    memcpy(triangles, mesh->triangles, size);
    uint32_t count = mesh_join_near(mesh);
    if (count)
        solid_examine(mesh, &joined);
    joined.facts.joined = count;
    joined.facts.vertices -= count;
    joined.facts.flaws[FLAW_COLLAPSED] = solid->facts.flaws[FLAW_COLLAPSED];
    if (!joined.facts.closed)
        memcpy(mesh->triangles, triangles, size);
    free(triangles);
    struct solid left = joined.facts.closed ? *solid : joined;
    if (joined.facts.closed)
        *solid = joined;
    solid_free(&left);
}

void solid_free(struct solid *solid)
{
    free(solid->shells);
    free(solid->shell_of);
    *solid = (struct solid){0};
}

void mesh_examine(const struct mesh *mesh, struct mesh_facts *facts)
{
    struct solid solid;
    solid_examine(mesh, &solid);
    *facts = solid.facts;
    solid_free(&solid);
}
