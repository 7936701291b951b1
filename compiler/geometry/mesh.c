#include "geometry/mesh.h"

#include "base/file.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT ((size_t)2 << 30)

struct vertex {
    float at[3];
};

struct triangles {
    struct vertex *corners; /* three a triangle */
    long count, capacity;
};

/* ---- reading ---- */

static void add_triangle(struct triangles *list, const struct vertex corners[3])
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 1024;
        list->corners =
            memory_resize(list->corners, sizeof *list->corners * 3 * (size_t)list->capacity);
    }
    memcpy(list->corners + list->count * 3, corners, sizeof *corners * 3);
    list->count++;
}

static bool finite_corners(const struct vertex corners[3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (!isfinite(corners[i].at[j]))
                return false;
    return true;
}

#define HEADER 84
#define RECORD 50

static bool read_binary(const char *bytes, size_t length, struct triangles *list,
                        struct failure *failure)
{
    uint32_t count;
    memcpy(&count, bytes + 80, sizeof count);
    if (length < HEADER + (size_t)count * RECORD)
        return fail(failure, "it says it has %u triangles and ends after %zu", count,
                    (length - HEADER) / RECORD);
    for (uint32_t i = 0; i < count; i++) {
        struct vertex corners[3];
        memcpy(corners, bytes + HEADER + (size_t)i * RECORD + 12, sizeof corners);
        if (!finite_corners(corners))
            return fail(failure, "triangle %u has a corner that is no number", i + 1);
        add_triangle(list, corners);
    }
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool same_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && strncasecmp(at, word, length) == 0;
}

/* Words are all that counts in an ASCII file: `vertex x y z`, three of them a triangle. */
static bool read_ascii(const char *bytes, size_t length, struct triangles *list,
                       struct failure *failure)
{
    const char *at = bytes, *end = bytes + length;
    struct vertex corners[3];
    int corner = 0;
    while (at < end) {
        while (at < end && is_space(*at))
            at++;
        if (!same_word(at, end, "vertex")) {
            while (at < end && !is_space(*at))
                at++;
            continue;
        }
        at += 6;
        for (int i = 0; i < 3; i++) {
            char *after;
            corners[corner].at[i] =
                strtof(at, &after); /* the content ends with NULs: it stops there */
            if (after == at)
                return fail(failure, "triangle %ld has a corner that is no number",
                            list->count + 1);
            at = after;
        }
        if (++corner == 3) {
            if (!finite_corners(corners))
                return fail(failure, "triangle %ld has a corner that is no number",
                            list->count + 1);
            add_triangle(list, corners);
            corner = 0;
        }
    }
    return corner == 0 || fail(failure, "it ends in the middle of triangle %ld", list->count + 1);
}

/* A binary file may begin with "solid" too: its length gives it away. */
static bool is_binary(const char *bytes, size_t length)
{
    uint32_t count;
    if (length < HEADER)
        return false;
    memcpy(&count, bytes + 80, sizeof count);
    if (length == HEADER + (size_t)count * RECORD)
        return true;
    while (length && is_space(*bytes))
        bytes++, length--;
    bool solid = same_word(bytes, bytes + length, "solid");
    return !solid || memchr(bytes, 0, length < 1024 ? length : 1024) != NULL;
}

/* ---- welding and edges ---- */

static uint32_t hash_vertex(const struct vertex *vertex)
{
    uint32_t bits[3];
    memcpy(bits, vertex, sizeof bits);
    uint32_t hash = bits[0] * 0x9E3779B1u ^ bits[1] * 0x85EBCA77u ^ bits[2] * 0xC2B2AE3Du;
    return hash ^ hash >> 15;
}

/* Gives equal vertices one number. */
static uint32_t *weld(struct triangles *list)
{
    size_t corners = (size_t)list->count * 3, capacity = 1024;
    while (capacity < corners * 2)
        capacity *= 2;
    uint32_t *slots = memory_zeroed(capacity, sizeof *slots),
             *number = memory_alloc(corners * sizeof *number + 1);
    for (size_t i = 0; i < corners; i++) {
        for (int j = 0; j < 3; j++)
            if (list->corners[i].at[j] == 0)
                list->corners[i].at[j] = 0; /* -0 and 0 are one place */
        size_t slot = hash_vertex(&list->corners[i]) & (capacity - 1);
        while (slots[slot] &&
               memcmp(&list->corners[slots[slot] - 1], &list->corners[i], sizeof(struct vertex)))
            slot = (slot + 1) & (capacity - 1);
        if (!slots[slot])
            slots[slot] = (uint32_t)i + 1;
        number[i] = slots[slot] - 1;
    }
    free(slots);
    return number;
}

struct edge {
    uint64_t ends; /* the smaller number first */
    int32_t balance, faces;
};

static struct edge *edge_slot(struct edge *edges, size_t capacity, uint64_t ends)
{
    size_t slot = (size_t)((ends * 0x9E3779B97F4A7C15u) >> 20) & (capacity - 1);
    while (edges[slot].faces && edges[slot].ends != ends)
        slot = (slot + 1) & (capacity - 1);
    return &edges[slot];
}

static void count_edges(const struct triangles *list, const uint32_t *number,
                        struct mesh_facts *facts)
{
    size_t capacity = 1024;
    while (capacity < (size_t)list->count * 4)
        capacity *= 2;
    struct edge *edges = memory_zeroed(capacity, sizeof *edges);
    for (long i = 0; i < list->count; i++) {
        const uint32_t *corner = number + i * 3;
        if (corner[0] == corner[1] || corner[1] == corner[2] || corner[0] == corner[2]) {
            facts->degenerate++;
            continue; /* a triangle folded onto an edge closes nothing and opens nothing */
        }
        for (int j = 0; j < 3; j++) {
            uint32_t a = corner[j], b = corner[(j + 1) % 3];
            uint64_t ends = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
            struct edge *edge = edge_slot(edges, capacity, ends);
            edge->ends = ends;
            edge->balance += a < b ? 1 : -1;
            edge->faces++;
        }
    }
    for (size_t i = 0; i < capacity; i++) {
        facts->open_edges += edges[i].balance != 0;
        facts->crowded_edges += edges[i].faces > 2;
    }
    free(edges);
}

static void measure(const struct triangles *list, struct mesh_facts *facts)
{
    double six_volumes = 0;
    for (long i = 0; i < list->count * 3; i++)
        for (int j = 0; j < 3; j++) {
            double at = (double)list->corners[i].at[j];
            facts->minimum[j] = i == 0 || at < facts->minimum[j] ? at : facts->minimum[j];
            facts->maximum[j] = i == 0 || at > facts->maximum[j] ? at : facts->maximum[j];
        }
    for (long i = 0; i < list->count;
         i++) { /* about the box's corner, so that far-away parts lose no digits */
        double p[3][3];
        for (int k = 0; k < 3; k++)
            for (int j = 0; j < 3; j++)
                p[k][j] = (double)list->corners[i * 3 + k].at[j] - facts->minimum[j];
        six_volumes += p[0][0] * (p[1][1] * p[2][2] - p[1][2] * p[2][1]) -
                       p[0][1] * (p[1][0] * p[2][2] - p[1][2] * p[2][0]) +
                       p[0][2] * (p[1][0] * p[2][1] - p[1][1] * p[2][0]);
    }
    facts->volume_mm3 = six_volumes / 6;
}

bool mesh_read(const char *path, struct mesh_facts *facts, struct failure *failure)
{
    char *bytes;
    size_t length;
    struct triangles list = {0};
    *facts = (struct mesh_facts){0};
    if (file_read(path, FILE_LIMIT, &bytes, &length, failure) != FILE_OK)
        return false;
    bool good = is_binary(bytes, length) ? read_binary(bytes, length, &list, failure)
                                         : read_ascii(bytes, length, &list, failure);
    free(bytes);
    if (good) {
        uint32_t *number = weld(&list);
        facts->triangles = list.count;
        count_edges(&list, number, facts);
        measure(&list, facts);
        facts->closed = list.count > facts->degenerate && !facts->open_edges;
        free(number);
    }
    free(list.corners);
    return good;
}
