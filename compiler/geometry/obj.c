/* OBJ: lines that begin with what they are. Corners of polygons are given by number, from the first vertex or, negative,
   back from the last; a polygon becomes a fan of triangles. Sizes are taken as millimetres. Objects, groups, materials,
   normals and textures say nothing about the shape. */
#include "geometry/reader.h"

#include "base/memory.h"
#include "geometry/scan.h"
#include "geometry/weld.h"

#include <stdlib.h>

struct vertices {
    float (*places)[3];
    uint32_t *welded; /* vertex of the mesh + 1; 0 until a face names it */
    uint32_t count, capacity;
};

struct obj {
    struct scan scan;
    struct mesh *mesh;
    struct welder welder;
    struct vertices vertices;
};

static bool problem_at_line(struct obj *obj, const char *what)
{
    return mesh_problem(obj->mesh, "line %lu: %s", scan_line_number(&obj->scan), what);
}

/* ---- lines ---- */

/* Over a line end, of two bytes or one. */
static void skip_line_end(struct scan *scan)
{
    bool two = scan->end - scan->at >= 2 && scan->at[0] == '\r' && scan->at[1] == '\n';
    scan->at += two ? 2 : 1;
}

/* A backslash that ends a line: the next one goes on. */
static bool is_continued(const struct scan *scan)
{
    return scan->end - scan->at >= 2 && *scan->at == '\\' && is_line_end(scan->at[1]);
}

static inline bool is_space(unsigned char c)
{
    return is_blank(c) && !is_line_end(c);
}

/* To the next word of the statement. */
static void skip_spaces(struct scan *scan)
{
    for (;;) {
        while (scan->at < scan->end && is_space(*scan->at))
            scan->at++;
        if (!is_continued(scan))
            return;
        scan->at++;
        skip_line_end(scan);
    }
}

static bool is_at_end(const struct scan *scan)
{
    return scan->at == scan->end || is_line_end(*scan->at) || *scan->at == '#';
}

/* Over the rest of a statement, and of the lines that continue it. */
static void skip_statement(struct scan *scan)
{
    scan_line(scan);
    while (scan->at < scan->end && scan->at[-1] == '\\') {
        skip_line_end(scan);
        scan_line(scan);
    }
}

/* ---- words ---- */

enum meaning { UNKNOWN, VERTEX, FACE, COMMENT, OTHER, FREE_FORM };

/* What may stand in a file and has no face in it; and curves and surfaces, which have. */
static const struct {
    const char *word;
    enum meaning meaning;
} words[] = {
    {"v", VERTEX},         {"f", FACE},          {"fo", FACE},        {"vt", OTHER},
    {"vn", OTHER},         {"vp", OTHER},        {"g", OTHER},        {"o", OTHER},
    {"s", OTHER},          {"l", OTHER},         {"p", OTHER},        {"mg", OTHER},
    {"usemtl", OTHER},     {"mtllib", OTHER},    {"usemap", OTHER},   {"maplib", OTHER},
    {"bevel", OTHER},      {"c_interp", OTHER},  {"d_interp", OTHER}, {"lod", OTHER},
    {"shadow_obj", OTHER}, {"trace_obj", OTHER}, {"ctech", OTHER},    {"stech", OTHER},
    {"curv", FREE_FORM},   {"curv2", FREE_FORM}, {"surf", FREE_FORM}, {"cstype", FREE_FORM},
    {"deg", FREE_FORM},    {"bmat", FREE_FORM},  {"step", FREE_FORM}, {"parm", FREE_FORM},
    {"trim", FREE_FORM},   {"hole", FREE_FORM},  {"scrv", FREE_FORM}, {"sp", FREE_FORM},
    {"end", FREE_FORM},    {"con", FREE_FORM},   {"bzp", FREE_FORM},  {"bsp", FREE_FORM},
    {"cdc", FREE_FORM},    {"cdp", FREE_FORM},   {"res", FREE_FORM},  {"call", FREE_FORM},
};

/* Takes the word that begins a statement. */
static enum meaning take_word(struct scan *scan)
{
    const unsigned char *begin = scan->at;
    if (*begin == '#')
        return COMMENT;
    scan_word(scan);
    struct scan word = {begin, scan->at, begin};
    size_t length = (size_t)(scan->at - begin);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == length && scan_begins(&word, words[i].word, length))
            return words[i].meaning;
    return UNKNOWN;
}

/* ---- is it one ---- */

/* A vertex or a face, and no word before it that is none. */
static bool is_likely(const unsigned char *bytes, size_t length)
{
    enum { LOOKED_AT = 65536 };
    struct scan scan = scan_open(bytes, length < LOOKED_AT ? length : LOOKED_AT);
    for (scan_blanks(&scan); scan.at < scan.end; scan_blanks(&scan)) {
        enum meaning meaning = take_word(&scan);
        double number;
        skip_spaces(&scan);
        if (meaning == VERTEX || meaning == FACE)
            return scan_number(&scan, meaning == FACE ? '/' : '\\', &number);
        if (meaning == UNKNOWN)
            return false;
        skip_statement(&scan);
    }
    return false;
}

/* ---- vertices ---- */

static void add_vertex(struct vertices *vertices, const double place[3])
{
    if (vertices->count == vertices->capacity) {
        vertices->capacity = vertices->capacity ? vertices->capacity * 2 : 1024;
        vertices->places =
            memory_resize(vertices->places, vertices->capacity * sizeof *vertices->places);
        vertices->welded =
            memory_resize(vertices->welded, vertices->capacity * sizeof *vertices->welded);
    }
    for (int axis = 0; axis < 3; axis++)
        vertices->places[vertices->count][axis] = (float)place[axis];
    vertices->welded[vertices->count++] = 0;
}

/* Behind `v`. A weight or a colour may follow. */
static bool take_vertex(struct obj *obj)
{
    double place[3];
    for (int axis = 0; axis < 3; axis++) {
        skip_spaces(&obj->scan);
        if (!scan_number(&obj->scan, '\\', &place[axis]))
            return problem_at_line(obj, "a coordinate is no number, or too large");
    }
    if (obj->vertices.count == TRIANGLES_AT_MOST)
        return problem_at_line(obj, "too many vertices");
    add_vertex(&obj->vertices, place);
    skip_statement(&obj->scan);
    return true;
}

/* ---- faces ---- */

/* A whole number, as far as one may mean a vertex. */
static bool take_index(struct scan *scan, int64_t *index)
{
    const int64_t largest = INT64_C(1) << 40;
    bool negative = scan->at < scan->end && *scan->at == '-';
    scan->at += negative;
    const unsigned char *first = scan->at;
    *index = 0;
    for (; scan->at < scan->end && is_digit(*scan->at); scan->at++)
        *index = *index < largest ? *index * 10 + (*scan->at - '0') : largest;
    if (negative)
        *index = -*index;
    return scan->at > first;
}

/* `7`, `7/1`, `7/1/3` or `7//3`: the vertex of the mesh. */
static bool take_corner(struct obj *obj, uint32_t *corner)
{
    struct scan *scan = &obj->scan;
    struct vertices *vertices = &obj->vertices;
    int64_t index;
    bool sound = take_index(scan, &index);
    if (sound && scan->at < scan->end && *scan->at == '/')
        while (scan->at < scan->end &&
               (is_digit(*scan->at) || *scan->at == '/' || *scan->at == '-'))
            scan->at++;
    if (!sound || !(is_at_end(scan) || is_space(*scan->at) || is_continued(scan)))
        return problem_at_line(obj, "a corner of the face is no number");
    int64_t at = index < 0 ? vertices->count + index : index - 1;
    if (at < 0 || at >= vertices->count)
        return mesh_problem(obj->mesh, "line %lu: the face names vertex %lld, of %u so far",
                            scan_line_number(scan), (long long)index, vertices->count);
    if (!vertices->welded[at])
        vertices->welded[at] = weld_vertex(&obj->welder, vertices->places[at]) + 1;
    *corner = vertices->welded[at] - 1;
    return true;
}

/* Behind `f`. */
static bool take_face(struct obj *obj)
{
    uint32_t fan[3], corners = 0;
    for (skip_spaces(&obj->scan); !is_at_end(&obj->scan); skip_spaces(&obj->scan)) {
        if (corners >= 3)
            fan[1] = fan[2];
        if (!take_corner(obj, &fan[corners < 2 ? corners : 2]))
            return false;
        if (++corners < 3)
            continue;
        if (weld_count(&obj->welder) == TRIANGLES_AT_MOST)
            return problem_at_line(obj, "too many triangles");
        weld_face(&obj->welder, fan);
    }
    if (corners < 3)
        return problem_at_line(obj, "a face with fewer than three corners");
    skip_statement(&obj->scan);
    return true;
}

/* ---- all ---- */

static bool take_statements(struct obj *obj)
{
    struct scan *scan = &obj->scan;
    for (scan_blanks(scan); scan->at < scan->end; scan_blanks(scan)) {
        const unsigned char *begin = scan->at;
        enum meaning meaning = take_word(scan);
        switch (meaning) {
        case VERTEX:
            if (!take_vertex(obj))
                return false;
            break;
        case FACE:
            if (!take_face(obj))
                return false;
            break;
        case COMMENT:
            scan_line(scan);
            break;
        case OTHER:
            skip_statement(scan);
            break;
        case FREE_FORM:
            return problem_at_line(obj, "curves and free-form surfaces are not read; export faces");
        case UNKNOWN:
            scan->at = begin;
            return problem_at_line(obj, "not what an OBJ file says");
        }
    }
    return true;
}

static bool read_obj(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    enum { USUAL = 100 }; /* bytes a triangle, with its share of the vertices */
    struct obj obj = {.scan = scan_open(bytes, length), .mesh = mesh};
    size_t estimate = length / USUAL;
    mesh->format = "OBJ";
    if (!length)
        return mesh_problem(mesh, "it is empty");
    weld_open(&obj.welder, mesh,
              estimate < TRIANGLES_AT_MOST ? (uint32_t)estimate : TRIANGLES_AT_MOST);
    bool sound = take_statements(&obj);
    weld_close(&obj.welder);
    free(obj.vertices.places);
    free(obj.vertices.welded);
    return sound;
}

const struct mesh_reader obj_reader = {".obj", is_likely, read_obj};
