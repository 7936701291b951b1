#include "geometry/repair.h"

#include "base/memory.h"
#include "base/sink.h"
#include "geometry/faces.h"
#include "geometry/flaws.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is there twice ---- */

struct directed_face {
    uint32_t corners[3], face; /* the lowest corner first, in the face's direction */
};

static int compare(const void *a, const void *b)
{
    const struct directed_face *left = a, *right = b;
    for (int i = 0; i < 3; i++)
        if (left->corners[i] != right->corners[i])
            return left->corners[i] < right->corners[i] ? -1 : 1;
    return (left->face > right->face) - (left->face < right->face);
}

static struct directed_face direct(const struct mesh *mesh, uint32_t face)
{
    const uint32_t *corners = mesh->triangles[face];
    int lowest = corners[0] < corners[1] ? 0 : 1;
    if (corners[2] < corners[lowest])
        lowest = 2;
    return (struct directed_face){
        {corners[lowest], corners[(lowest + 1) % 3], corners[(lowest + 2) % 3]}, face};
}

/* Takes out the faces that are marked. */
static void take_out(struct mesh *mesh, const bool *out)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        if (!out[i])
            memmove(mesh->triangles[kept++], mesh->triangles[i], sizeof *mesh->triangles);
    mesh->triangle_count = kept;
}

static void remove_faces(struct mesh *mesh, struct repair *repair)
{
    uint32_t count = mesh->triangle_count;
    bool *out = memory_zeroed(count + (size_t)1, sizeof *out);
    struct directed_face *faces = memory_alloc((count + (size_t)1) * sizeof *faces);
    for (uint32_t i = 0; i < count; i++)
        faces[i] = direct(mesh, i);
    qsort(faces, count, sizeof *faces, compare);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t face = faces[i].face;
        bool collapsed = face_is_collapsed(mesh->triangles[face]);
        bool twice = !collapsed && i &&
                     memcmp(faces[i].corners, faces[i - 1].corners, sizeof faces->corners) == 0;
        repair->collapsed += collapsed;
        repair->removed += twice;
        out[face] = collapsed || twice;
    }
    take_out(mesh, out);
    free(faces);
    free(out);
}

/* ---- faces that disagree with their shell ---- */

/* Faces connected over edges of just two faces; `turned` is whether a face looks the other way than its root does. */
struct agreement {
    uint32_t *roots;
    bool *turned;
};

static uint32_t root_of(struct agreement *agreement, uint32_t face, bool *turned)
{
    uint32_t root = face, next;
    bool sum = false, before;
    for (; agreement->roots[root] != root; root = agreement->roots[root])
        sum ^= agreement->turned[root];
    *turned = sum;
    for (; face != root; face = next, sum ^= before) { /* all on the way know the root now */
        next = agreement->roots[face];
        before = agreement->turned[face];
        agreement->roots[face] = root;
        agreement->turned[face] = sum;
    }
    return root;
}

static void join(struct agreement *agreement, const struct half_edge halves[2])
{
    bool a_turned, b_turned, differ = halves[0].passed == halves[1].passed;
    uint32_t a = root_of(agreement, halves[0].face, &a_turned);
    uint32_t b = root_of(agreement, halves[1].face, &b_turned);
    if (a == b)
        return; /* a contradiction shows when the mesh is examined again */
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    agreement->roots[high] = low;
    agreement->turned[high] = a_turned ^ b_turned ^ differ;
}

static void turn(uint32_t face[3])
{
    uint32_t other = face[1];
    face[1] = face[2];
    face[2] = other;
}

/* Turns the fewer of the faces that disagree; which way the whole then looks is another question. */
static void turn_faces(struct mesh *mesh, struct repair *repair)
{
    uint32_t count = mesh->triangle_count;
    struct agreement agreement = {memory_alloc((count + (size_t)1) * sizeof *agreement.roots),
                                  memory_zeroed(count + (size_t)1, sizeof *agreement.turned)};
    int64_t *balance = memory_zeroed(count + (size_t)1, sizeof *balance);
    struct edge_table edges = edges_gather(mesh);
    bool turned;
    for (uint32_t i = 0; i < count; i++)
        agreement.roots[i] = i;
    for (struct edge edge = {0}; edge_next(&edges, &edge);)
        if (edge.up + edge.down == 2)
            join(&agreement, edge.halves);
    edges_free(&edges);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t root = root_of(&agreement, i, &turned);
        balance[root] += turned ? -1 : 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t root = root_of(&agreement, i, &turned);
        if (balance[root] >= 0 ? turned : !turned) {
            turn(mesh->triangles[i]);
            repair->faces++;
        }
    }
    free(balance);
    free(agreement.roots);
    free(agreement.turned);
}

/* ---- shells that look the wrong way ---- */

static void turn_shells(struct mesh *mesh, const struct solid *solid, struct repair *repair)
{
    for (uint32_t i = 0; i < solid->facts.shells; i++)
        repair->shells += solid->shells[i].inside_out;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        if (solid->shell_of[i] != NO_SHELL && solid->shells[solid->shell_of[i]].inside_out)
            turn(mesh->triangles[i]);
}

/* A body within a body that came of turning may as well have been meant as a cavity. */
static bool is_certain(const struct mesh_facts *before, const struct mesh_facts *after)
{
    return after->nested && after->flaws[FLAW_WITHIN].count <= before->flaws[FLAW_WITHIN].count;
}

bool mesh_repair(struct mesh *mesh, struct repair *repair)
{
    struct solid solid;
    struct mesh_facts before;
    *repair = (struct repair){0};
    solid_examine_joined(mesh, &solid, NULL);
    repair->joined = solid.facts.joined;
    before = solid.facts;
    solid_free(&solid);
    remove_faces(mesh, repair);
    if (before.flaws[FLAW_FLIPPED].count || before.flaws[FLAW_UNEVEN].count)
        turn_faces(mesh, repair);
    solid_examine(mesh, &solid);
    if (solid.facts.flaws[FLAW_INSIDE_OUT].count) {
        turn_shells(mesh, &solid, repair);
        solid_free(&solid);
        solid_examine(mesh, &solid);
    }
    repair->after = solid.facts;
    solid_free(&solid);
    return mesh_is_solid(&repair->after) && is_certain(&before, &repair->after);
}

bool repair_did_nothing(const struct repair *repair)
{
    return !repair->joined && !repair->removed && !repair->collapsed && !repair->faces &&
           !repair->shells;
}

/* ---- writing ---- */

/* Four bytes, the lowest first. */
static void put(unsigned char *at, const void *value)
{
    uint32_t bits;
    memcpy(&bits, value, sizeof bits);
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(bits >> 8 * i);
}

static void put_face(const struct mesh *mesh, uint32_t face, unsigned char at[50])
{
    double corners[3][3], normal[3];
    face_corners(mesh, face, mesh->vertices[mesh->triangles[face][0]], corners);
    corners_normal(corners, normal);
    double length = length_of(normal);
    memset(at, 0, 50);
    for (int axis = 0; axis < 3; axis++) {
        float part = length > 0 ? (float)(normal[axis] / length) + 0.0f : 0;
        put(at + 4 * axis, &part);
    }
    for (int corner = 0; corner < 3; corner++)
        for (int axis = 0; axis < 3; axis++)
            put(at + 12 + 12 * corner + 4 * axis,
                &mesh->vertices[mesh->triangles[face][corner]][axis]);
}

bool mesh_write_stl(const struct mesh *mesh, const char *path, struct failure *failure)
{
    unsigned char head[84] = "binary STL, repaired by flowc", faces[50 * 256];
    struct sink sink;
    put(head + 80, &mesh->triangle_count);
    bool good = sink_open(&sink, path, failure) && sink_write(&sink, head, sizeof head, failure);
    for (uint32_t i = 0; i < mesh->triangle_count && good;) {
        size_t count = 0;
        for (; count < 256 && i < mesh->triangle_count; count++, i++)
            put_face(mesh, i, faces + 50 * count);
        good = sink_write(&sink, faces, 50 * count, failure);
    }
    if (good)
        return sink_commit(&sink, failure);
    sink_abandon(&sink);
    return false;
}
