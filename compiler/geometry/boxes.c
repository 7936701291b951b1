/* Faces are sorted along a Morton curve, and the tree stands over them as they lie: built in a few passes, and good
   enough for questions about small places. */
#include "geometry/boxes.h"

#include "base/memory.h"
#include "geometry/faces.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FACES_A_LEAF = 4, CURVE_BITS = 10, DIGIT_BITS = 10, DIGITS = 1 << DIGIT_BITS };

struct keyed {
    uint32_t key, face;
};

/* The ten bits of a number, each three places from the next. */
static uint32_t spread(uint32_t bits)
{
    bits = (bits | bits << 16) & 0x030000FFu;
    bits = (bits | bits << 8) & 0x0300F00Fu;
    bits = (bits | bits << 4) & 0x030C30C3u;
    return (bits | bits << 2) & 0x09249249u;
}

static void middle_of(const struct mesh *mesh, uint32_t face, float middle[3])
{
    const uint32_t *corners = mesh->triangles[face];
    for (int axis = 0; axis < 3; axis++) {
        float a = mesh->vertices[corners[0]][axis], b = mesh->vertices[corners[1]][axis],
              c = mesh->vertices[corners[2]][axis];
        middle[axis] =
            lesser_float(a, lesser_float(b, c)) / 2 + greater_float(a, greater_float(b, c)) / 2;
    }
}

static void key_faces(const struct mesh *mesh, struct keyed *keyed)
{
    float low[3] = {0}, high[3] = {0}, middle[3];
    double scale[3];
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        middle_of(mesh, i, middle);
        for (int axis = 0; axis < 3; axis++) {
            low[axis] = i ? lesser_float(low[axis], middle[axis]) : middle[axis];
            high[axis] = i ? greater_float(high[axis], middle[axis]) : middle[axis];
        }
    }
    for (int axis = 0; axis < 3; axis++) {
        double size = (double)high[axis] - (double)low[axis];
        scale[axis] = size > 0 ? ((1 << CURVE_BITS) - 1) / size : 0;
    }
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        uint32_t key = 0;
        middle_of(mesh, i, middle);
        for (int axis = 0; axis < 3; axis++)
            key |= spread((uint32_t)(((double)middle[axis] - (double)low[axis]) * scale[axis]))
                   << axis;
        keyed[i] = (struct keyed){key, i};
    }
}

/* By key, and by face where keys are equal. */
static void sort_keyed(struct keyed *keyed, struct keyed *spare, uint32_t count)
{
    for (int shift = 0; shift < 3 * CURVE_BITS; shift += DIGIT_BITS) {
        uint32_t at[DIGITS + 1] = {0};
        for (uint32_t i = 0; i < count; i++)
            at[(keyed[i].key >> shift & (DIGITS - 1)) + 1]++;
        for (int digit = 0; digit < DIGITS; digit++)
            at[digit + 1] += at[digit];
        for (uint32_t i = 0; i < count; i++)
            spare[at[keyed[i].key >> shift & (DIGITS - 1)]++] = keyed[i];
        memcpy(keyed, spare, count * sizeof *keyed);
    }
}

static void bound_leaf(struct box_tree *tree, uint32_t leaf)
{
    const struct mesh *mesh = tree->mesh;
    float *low = tree->low[tree->leaves + leaf], *high = tree->high[tree->leaves + leaf];
    for (int axis = 0; axis < 3; axis++) {
        low[axis] = HUGE_VALF;
        high[axis] = -HUGE_VALF;
    }
    for (uint32_t i = leaf * FACES_A_LEAF; i < (leaf + 1) * FACES_A_LEAF; i++)
        for (int corner = 0; i < mesh->triangle_count && corner < 3; corner++)
            for (int axis = 0; axis < 3; axis++) {
                float at = mesh->vertices[mesh->triangles[tree->faces[i]][corner]][axis];
                low[axis] = lesser_float(low[axis], at);
                high[axis] = greater_float(high[axis], at);
            }
}

struct box_tree boxes_build(const struct mesh *mesh)
{
    uint32_t count = mesh->triangle_count;
    struct box_tree tree = {.mesh = mesh, .leaves = 1};
    while ((uint64_t)tree.leaves * FACES_A_LEAF < count)
        tree.leaves *= 2;
    tree.faces = memory_alloc((count + (size_t)1) * sizeof *tree.faces);
    tree.low = memory_alloc(2 * (size_t)tree.leaves * sizeof *tree.low);
    tree.high = memory_alloc(2 * (size_t)tree.leaves * sizeof *tree.high);
    struct keyed *keyed = memory_alloc((count + (size_t)1) * 2 * sizeof *keyed);
    if (count)
        key_faces(mesh, keyed);
    sort_keyed(keyed, keyed + count, count);
    for (uint32_t i = 0; i < count; i++)
        tree.faces[i] = keyed[i].face;
    free(keyed);
    for (uint32_t leaf = 0; leaf < tree.leaves; leaf++)
        bound_leaf(&tree, leaf);
    for (uint32_t node = tree.leaves - 1; node > 0; node--)
        for (int axis = 0; axis < 3; axis++) {
            tree.low[node][axis] =
                lesser_float(tree.low[2 * node][axis], tree.low[2 * node + 1][axis]);
            tree.high[node][axis] =
                greater_float(tree.high[2 * node][axis], tree.high[2 * node + 1][axis]);
        }
    return tree;
}

void boxes_free(struct box_tree *tree)
{
    free(tree->faces);
    free(tree->low);
    free(tree->high);
}

static bool touches(const struct box_tree *tree, uint32_t node, const float low[3],
                    const float high[3])
{
    const float *lowest = tree->low[node], *highest = tree->high[node];
    return lowest[0] <= high[0] && highest[0] >= low[0] && lowest[1] <= high[1] &&
           highest[1] >= low[1] && lowest[2] <= high[2] && highest[2] >= low[2];
}

void boxes_visit(const struct box_tree *tree, const float low[3], const float high[3],
                 bool (*visit)(void *context, uint32_t face), void *context)
{
    uint32_t waiting[40], count = 0; /* one a level, and all of them touch */
    if (touches(tree, 1, low, high))
        waiting[count++] = 1;
    while (count) {
        uint32_t node = waiting[--count];
        if (node < tree->leaves) {
            if (touches(tree, 2 * node + 1, low, high))
                waiting[count++] = 2 * node + 1;
            if (touches(tree, 2 * node, low, high))
                waiting[count++] = 2 * node;
            continue;
        }
        uint32_t begin = (node - tree->leaves) * FACES_A_LEAF;
        for (uint32_t i = begin; i < begin + FACES_A_LEAF && i < tree->mesh->triangle_count; i++)
            if (!visit(context, tree->faces[i]))
                return;
    }
}
