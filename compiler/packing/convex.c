/* Ears are cut off one after the other, and then cuts that no corner needs are taken back (Hertel and Mehlhorn: at most
   four times as many pieces as there must be). */
#include "packing/form.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Twice the area of a triangle, positive where it turns left. */
static int64_t turn(struct spot a, struct spot b, struct spot c)
{
    return (int64_t)(b.x - a.x) * (c.y - a.y) - (int64_t)(b.y - a.y) * (c.x - a.x);
}

/* ---- the hull ---- */

static int compare_spots(const void *left, const void *right)
{
    const struct spot *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->y > b->y) - (a->y < b->y);
}

uint32_t convex_hull(struct spot *corners, uint32_t count)
{
    if (count < 2)
        return count;
    qsort(corners, count, sizeof *corners, compare_spots);
    struct spot *hull = memory_alloc((2 * (size_t)count + 1) * sizeof *hull);
    uint32_t size = 0;
    for (int pass = 0; pass < 2; pass++) {
        uint32_t floor = size;
        for (uint32_t i = 0; i < count; i++) {
            struct spot at = corners[pass ? count - 1 - i : i];
            while (size >= floor + 2 && turn(hull[size - 2], hull[size - 1], at) <= 0)
                size--;
            hull[size++] = at;
        }
        size--; /* the last one begins the other way */
    }
    if (size == 0)
        size = 1; /* all at one place */
    memcpy(corners, hull, size * sizeof *corners);
    free(hull);
    return size;
}

/* ---- ears ---- */

static bool is_within(struct spot a, struct spot b, struct spot c, struct spot at)
{
    return turn(a, b, at) >= 0 && turn(b, c, at) >= 0 && turn(c, a, at) >= 0;
}

static bool same(struct spot a, struct spot b)
{
    return a.x == b.x && a.y == b.y;
}

/* Whether the triangle before, at and after a place of the chain holds no other corner. */
static bool is_ear(const struct spot *corners, const uint32_t *chain, uint32_t count, uint32_t at)
{
    struct spot a = corners[chain[(at + count - 1) % count]], b = corners[chain[at]],
                c = corners[chain[(at + 1) % count]];
    if (turn(a, b, c) <= 0)
        return false;
    for (uint32_t i = 2; i + 1 < count; i++) {
        struct spot other = corners[chain[(at + i) % count]];
        if (!same(other, a) && !same(other, c) && is_within(a, b, c, other))
            return false;
    }
    return true;
}

/* Corners on a line between their neighbours have no ear, and are not needed. */
static bool is_idle(const struct spot *corners, const uint32_t *chain, uint32_t count, uint32_t at)
{
    return turn(corners[chain[(at + count - 1) % count]], corners[chain[at]],
                corners[chain[(at + 1) % count]]) == 0;
}

/* Triangles of corner numbers; how many, or 0 where there is no ear left and yet corners. */
static uint32_t cut_ears(const struct spot *corners, uint32_t count, uint32_t (*triangles)[3])
{
    uint32_t *chain = memory_alloc(count * sizeof *chain), found = 0;
    for (uint32_t i = 0; i < count; i++)
        chain[i] = i;
    while (count > 2) {
        uint32_t at = 0;
        while (at < count && !is_idle(corners, chain, count, at) &&
               !is_ear(corners, chain, count, at))
            at++;
        if (at == count) {
            found = 0;
            break;
        }
        if (!is_idle(corners, chain, count, at)) {
            triangles[found][0] = chain[(at + count - 1) % count];
            triangles[found][1] = chain[at];
            triangles[found++][2] = chain[(at + 1) % count];
        }
        memmove(&chain[at], &chain[at + 1], (count - at - 1) * sizeof *chain);
        count--;
    }
    free(chain);
    return found;
}

/* ---- taking cuts back ---- */

/* Pieces while they are joined: each a list of corner numbers. */
struct list {
    uint32_t count;
    uint32_t *corners;
};

/* Where both have the same side, one passing it there and the other back. */
static bool find_shared(const struct list *a, const struct list *b, uint32_t *in_a, uint32_t *in_b)
{
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t j = 0; j < b->count; j++)
            if (a->corners[i] == b->corners[(j + 1) % b->count] &&
                a->corners[(i + 1) % a->count] == b->corners[j]) {
                *in_a = i;
                *in_b = j;
                return true;
            }
    return false;
}

static bool is_convex(const struct spot *corners, const struct list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (turn(corners[list->corners[i]], corners[list->corners[(i + 1) % list->count]],
                 corners[list->corners[(i + 2) % list->count]]) < 0)
            return false;
    return true;
}

/* b goes into a where the whole is convex. */
static bool join(const struct spot *corners, struct list *a, struct list *b)
{
    uint32_t i, j;
    if (!find_shared(a, b, &i, &j))
        return false;
    struct list whole = {0};
    whole.corners = memory_alloc((a->count + (size_t)b->count) * sizeof *whole.corners);
    for (uint32_t k = 1; k <= a->count; k++)
        whole.corners[whole.count++] = a->corners[(i + k) % a->count];
    for (uint32_t k = 2; k < b->count; k++)
        whole.corners[whole.count++] = b->corners[(j + k) % b->count];
    if (!is_convex(corners, &whole)) {
        free(whole.corners);
        return false;
    }
    free(a->corners);
    free(b->corners);
    *a = whole;
    *b = (struct list){0};
    return true;
}

static void join_all(const struct spot *corners, struct list *lists, uint32_t count)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t a = 0; a < count; a++)
            for (uint32_t b = 0; b < count; b++)
                if (a != b && lists[a].count && lists[b].count)
                    changed |= join(corners, &lists[a], &lists[b]);
    }
}

uint32_t convex_pieces(const struct spot *corners, uint32_t count, uint32_t *order, uint32_t *ends)
{
    uint32_t(*triangles)[3] = memory_alloc((count + (size_t)1) * sizeof *triangles);
    uint32_t found = count < 3 ? 0 : cut_ears(corners, count, triangles), used = 0, pieces = 0;
    struct list *lists = memory_alloc((found + (size_t)1) * sizeof *lists);
    for (uint32_t i = 0; i < found; i++) {
        lists[i] = (struct list){3, memory_alloc(sizeof *triangles)};
        memcpy(lists[i].corners, triangles[i], sizeof *triangles);
    }
    join_all(corners, lists, found);
    for (uint32_t i = 0; i < found; i++) {
        if (!lists[i].count)
            continue;
        memcpy(&order[used], lists[i].corners, lists[i].count * sizeof *order);
        used += lists[i].count;
        ends[pieces++] = used;
        free(lists[i].corners);
    }
    free(lists);
    free(triangles);
    return pieces;
}
