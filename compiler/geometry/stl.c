/* STL: triangles with three corners each and nothing else; sizes are taken as millimetres. A binary file is 80 bytes of
   anything, a count, and 50 bytes a triangle; an ASCII one begins with `solid`, but so do some binary ones, so the length
   decides first. */
#include "geometry/reader.h"

#include "geometry/scan.h"
#include "geometry/weld.h"

#include <string.h>

enum { COUNT_AT = 80, HEADER = 84, PER_TRIANGLE = 50 };

/* ---- which of the two ---- */

static uint32_t little_endian(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The length that a binary file's count asks for. */
static uint64_t binary_length(const unsigned char *bytes)
{
    return HEADER + (uint64_t)PER_TRIANGLE * little_endian(bytes + COUNT_AT);
}

/* Names may be in any encoding, so bytes above ASCII say nothing; a binary file soon has one below its blanks. */
static bool begins_with_solid(const unsigned char *bytes, size_t length)
{
    enum { LOOKED_AT = 512 };
    struct scan scan = scan_open(bytes, length);
    scan_blanks(&scan);
    if (!scan_is_word(&scan, "solid", 5) || (scan.end - scan.at > 5 && !is_blank(scan.at[5])))
        return false;
    for (size_t i = 0; i < length && i < LOOKED_AT; i++)
        if (bytes[i] < '\t')
            return false;
    return true;
}

static bool is_whole_binary(const unsigned char *bytes, size_t length)
{
    return length >= HEADER && binary_length(bytes) == length;
}

static bool is_likely(const unsigned char *bytes, size_t length)
{
    return is_whole_binary(bytes, length) || begins_with_solid(bytes, length);
}

/* ---- binary ---- */

/* Some writers add a byte or fill a block with zeros. More than that is triangles which the count does not tell of. */
static bool is_padding(const unsigned char *at, size_t length)
{
    enum { BLOCK = 4096 };
    if (length < PER_TRIANGLE)
        return true;
    for (size_t i = 0; i < length; i++)
        if (at[i] || i == BLOCK)
            return false;
    return true;
}

static bool has_sound_count(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    if (length < HEADER)
        return length ? mesh_problem(mesh, "it ends at byte %zu, too short for an STL file", length)
                      : mesh_problem(mesh, "it is empty");
    uint64_t asked = binary_length(bytes);
    uint32_t count = little_endian(bytes + COUNT_AT);
    if (asked > length)
        return mesh_problem(
            mesh, "byte %d says that it holds %u triangles, and it has room for %zu: it is cut off",
            COUNT_AT, count, (length - HEADER) / PER_TRIANGLE);
    if (!is_padding(bytes + asked, length - asked))
        return mesh_problem(
            mesh,
            "byte %d says that it holds %u triangles, and it goes on for %zu bytes behind them",
            COUNT_AT, count, (size_t)(length - asked));
    if (count > TRIANGLES_AT_MOST)
        return mesh_problem(mesh, "byte %d: more than %d triangles", COUNT_AT, TRIANGLES_AT_MOST);
    return true;
}

static bool read_binary(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    mesh->format = "binary STL";
    if (!has_sound_count(bytes, length, mesh))
        return false;
    uint32_t count = little_endian(bytes + COUNT_AT);
    struct welder welder;
    weld_open(&welder, mesh, count);
    bool sound = true;
    for (uint32_t i = 0; i < count && sound; i++) {
        const unsigned char *at =
            bytes + HEADER + 12 + (size_t)PER_TRIANGLE * i; /* behind the normal */
        float corners[3][3];
        for (int j = 0; j < 9; j++) {
            uint32_t bits = little_endian(at + 4 * j);
            memcpy(&corners[j / 3][j % 3], &bits, sizeof bits);
            sound &= (bits & 0x7F800000u) != 0x7F800000u;
        }
        if (sound)
            weld_triangle(&welder, corners);
        else
            mesh_problem(mesh, "a corner of triangle %u, at byte %zu, is no number", i + 1,
                         (size_t)(at - bytes));
    }
    weld_close(&welder);
    return sound;
}

/* ---- ASCII ---- */

/* Takes the word, in capitals or not; what follows may stand close behind it. */
static inline bool take_word(struct scan *scan, const char *word, size_t length)
{
    scan_blanks(scan);
    if (!scan_begins(scan, word, length) && !scan_is_word(scan, word, length))
        return false;
    scan->at += length;
    return true;
}
#define TAKE(scan, word) take_word(scan, word, sizeof(word) - 1)

/* A word that must come. */
static bool expected(const struct scan *scan, struct mesh *mesh, const char *word)
{
    unsigned long line = scan_line_number(scan);
    return scan->at == scan->end
               ? mesh_problem(mesh, "it ends at line %lu, in the middle of a triangle", line)
               : mesh_problem(mesh, "line %lu: `%s` is expected", line, word);
}
#define MUST(scan, mesh, word) (TAKE(scan, word) || expected(scan, mesh, word))

/* Text behind a word that ends something says nothing, up to its line's end. */
static void skip_remark(struct scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
        scan->at++;
    static const char *const words[] = {"endloop", "endfacet", "endsolid", "facet", "solid"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (scan_is_word(scan, words[i], strlen(words[i])))
            return;
    scan_line(scan);
}

static bool take_corner(struct scan *scan, struct mesh *mesh, float corner[3])
{
    if (!MUST(scan, mesh, "vertex"))
        return false;
    for (int axis = 0; axis < 3; axis++) {
        double number;
        scan_blanks(scan);
        const unsigned char *begin = scan->at;
        if (!scan_number(scan, '\n', &number)) {
            scan->at = begin;
            return begin == scan->end
                       ? expected(scan, mesh, "a number")
                       : mesh_problem(mesh, "line %lu: a coordinate is no number, or too large",
                                      scan_line_number(scan));
        }
        corner[axis] = (float)number;
    }
    return true;
}

/* Behind `facet`. The normal is skipped, whatever it says: the corners' order decides. */
static bool take_facet(struct scan *scan, struct mesh *mesh, float corners[3][3])
{
    if (TAKE(scan, "normal"))
        for (int i = 0; i < 3; i++)
            scan_blanks(scan), scan_word(scan);
    if (!MUST(scan, mesh, "outer") || !MUST(scan, mesh, "loop"))
        return false;
    for (int i = 0; i < 3; i++)
        if (!take_corner(scan, mesh, corners[i]))
            return false;
    if (!MUST(scan, mesh, "endloop"))
        return false;
    skip_remark(scan);
    if (!MUST(scan, mesh, "endfacet"))
        return false;
    skip_remark(scan);
    return true;
}

/* Behind `solid` or `endsolid`: a name, up to the line's end. */
static bool take_name(struct scan *scan, struct mesh *mesh)
{
    enum { LONGEST_NAME = 65536 };
    struct scan line = *scan;
    if (line.end - line.at > LONGEST_NAME)
        line.end = line.at + LONGEST_NAME;
    scan_line(&line);
    scan->at = line.at;
    return line.at < line.end || line.end == scan->end ||
           mesh_problem(mesh, "line %lu is a name of more than %d bytes", scan_line_number(scan),
                        LONGEST_NAME);
}

static bool read_facets(struct scan *scan, struct welder *welder)
{
    struct mesh *mesh = welder->mesh;
    float corners[3][3];
    for (;;) {
        if (TAKE(scan, "facet")) {
            if (!take_facet(scan, mesh, corners))
                return false;
            if (weld_count(welder) == TRIANGLES_AT_MOST)
                return mesh_problem(mesh, "line %lu: more than %d triangles",
                                    scan_line_number(scan), TRIANGLES_AT_MOST);
            weld_triangle(welder, corners);
        } else if (TAKE(scan, "solid") || TAKE(scan, "endsolid")) {
            if (!take_name(scan, mesh))
                return false;
        } else if (scan->at == scan->end) {
            return true;
        } else {
            return expected(scan, mesh, "facet");
        }
    }
}

static bool read_ascii(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    enum { USUAL = 250 }; /* bytes a triangle */
    struct scan scan = scan_open(bytes, length);
    struct welder welder;
    size_t estimate = length / USUAL;
    mesh->format = "ASCII STL";
    weld_open(&welder, mesh, estimate < TRIANGLES_AT_MOST ? (uint32_t)estimate : TRIANGLES_AT_MOST);
    bool sound = read_facets(&scan, &welder);
    weld_close(&welder);
    return sound;
}

static bool read_either(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    bool ascii = !is_whole_binary(bytes, length) && begins_with_solid(bytes, length);
    return ascii ? read_ascii(bytes, length, mesh) : read_binary(bytes, length, mesh);
}

const struct mesh_reader stl_reader = {".stl", is_likely, read_either};
