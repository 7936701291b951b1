/* STL. A binary file is 80 bytes of anything, a count, and 50 bytes a triangle; an ASCII one begins with `solid`, but so
   do some binary ones, so the length decides first. */
#include "geometry/stl.h"

#include "geometry/weld.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { HEADER = 84, PER_TRIANGLE = 50 };

static bool malformed(struct mesh *mesh, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool malformed(struct mesh *mesh, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(mesh->problem, sizeof mesh->problem, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- which of the two ---- */

static uint32_t little_endian(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The length that a binary file's count asks for. */
static uint64_t binary_length(const unsigned char *bytes)
{
    return HEADER + (uint64_t)PER_TRIANGLE * little_endian(bytes + 80);
}

static const unsigned char *skip_blanks(const unsigned char *at, const unsigned char *end)
{
    while (at < end && isspace(*at))
        at++;
    return at;
}

static bool begins_with_solid(const unsigned char *bytes, size_t length)
{
    const unsigned char *end = bytes + length;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        bytes += 3;
    const unsigned char *at = skip_blanks(bytes, end);
    return end - at >= 5 && strncasecmp((const char *)at, "solid", 5) == 0 &&
           (end - at == 5 || isspace(at[5])) &&
           !memchr(at, 0, (size_t)(end - at < 512 ? end - at : 512));
}

bool stl_is_likely(const unsigned char *bytes, size_t length)
{
    return (length >= HEADER && binary_length(bytes) == length) || begins_with_solid(bytes, length);
}

/* ---- binary ---- */

static bool read_binary(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    if (length < HEADER)
        return malformed(mesh, length ? "it is too short for an STL file" : "it is empty");
    uint32_t count = little_endian(bytes + 80);
    if (binary_length(bytes) > length)
        return malformed(mesh, "it says that it holds %u triangles, and has room for %zu", count,
                         (length - HEADER) / PER_TRIANGLE);
    if (count > TRIANGLES_AT_MOST)
        return malformed(mesh, "it holds more than %d triangles", TRIANGLES_AT_MOST);
    struct welder welder;
    weld_open(&welder, mesh, count);
    bool sound = true;
    const unsigned char *at = bytes + HEADER + 12; /* behind the normal */
    for (uint32_t i = 0; i < count && sound; i++, at += PER_TRIANGLE) {
        float corners[3][3];
        for (int j = 0; j < 9; j++) {
            uint32_t bits = little_endian(at + 4 * j);
            memcpy(&corners[j / 3][j % 3], &bits, sizeof bits);
            sound &= (bits & 0x7F800000u) != 0x7F800000u;
        }
        if (sound)
            weld_triangle(&welder, corners);
        else
            malformed(mesh, "a corner of triangle %u is no number", i + 1);
    }
    weld_close(&welder);
    return sound;
}

/* ---- ASCII ---- */

struct text_reader {
    const unsigned char *at, *end;
    struct mesh *mesh;
};

static unsigned long line_of(const struct text_reader *reader, const unsigned char *bytes)
{
    unsigned long line = 1;
    for (const unsigned char *at = bytes; at < reader->at; at++)
        line += *at == '\n';
    return line;
}

/* Takes the word, in capitals or not. */
static bool take_word(struct text_reader *reader, const char *word)
{
    size_t length = strlen(word);
    const unsigned char *at = skip_blanks(reader->at, reader->end);
    if ((size_t)(reader->end - at) < length || strncasecmp((const char *)at, word, length) != 0 ||
        (at + length < reader->end && !isspace(at[length])))
        return false;
    reader->at = at + length;
    return true;
}

static void skip_line(struct text_reader *reader)
{
    const unsigned char *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    reader->at = end ? end + 1 : reader->end;
}

static int take_exponent(const unsigned char **at, const unsigned char *end)
{
    const unsigned char *from = *at + 1;
    bool negative = from < end && *from == '-';
    int exponent = 0;
    if (from < end && (*from == '-' || *from == '+'))
        from++;
    if (from == end || !isdigit(*from))
        return 0;
    for (; from < end && isdigit(*from); from++)
        if (exponent < 10000)
            exponent = exponent * 10 + (*from - '0');
    *at = from;
    return negative ? -exponent : exponent;
}

static double scaled(uint64_t digits, int exponent)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (exponent >= 0 && exponent <= 22)
        return (double)digits * powers[exponent];
    if (exponent < 0 && exponent >= -22)
        return (double)digits / powers[-exponent];
    return (double)digits * pow(10, exponent);
}

/* A decimal number; not by strtof, which asks the locale and is slow. */
static bool take_number(struct text_reader *reader, float *number)
{
    const unsigned char *at = skip_blanks(reader->at, reader->end), *end = reader->end;
    bool negative = at < end && *at == '-', any = false, point = false;
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    uint64_t digits = 0;
    int exponent = 0;
    for (; at < end && (isdigit(*at) || (*at == '.' && !point)); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        bool kept = digits < UINT64_C(1000000000000000000);
        if (kept)
            digits = digits * 10 + (uint64_t)(*at - '0');
        exponent += !kept - point;
    }
    if (any && at < end && (*at == 'e' || *at == 'E'))
        exponent += take_exponent(&at, end);
    *number = (float)(negative ? -scaled(digits, exponent) : scaled(digits, exponent));
    reader->at = at;
    return any && (at == end || isspace(*at)) && isfinite(*number);
}

static bool take_corner(struct text_reader *reader, float corner[3])
{
    return take_word(reader, "vertex") && take_number(reader, &corner[0]) &&
           take_number(reader, &corner[1]) && take_number(reader, &corner[2]);
}

static void skip_word(struct text_reader *reader)
{
    reader->at = skip_blanks(reader->at, reader->end);
    while (reader->at < reader->end && !isspace(*reader->at))
        reader->at++;
}

/* Behind `facet`. The normal is skipped, whatever it says: the corners' order decides. */
static bool take_facet(struct text_reader *reader, float corners[3][3])
{
    if (take_word(reader, "normal"))
        for (int i = 0; i < 3; i++)
            skip_word(reader);
    if (!take_word(reader, "outer") || !take_word(reader, "loop"))
        return false;
    for (int i = 0; i < 3; i++)
        if (!take_corner(reader, corners[i]))
            return false;
    return take_word(reader, "endloop") && take_word(reader, "endfacet");
}

static bool read_facets(struct text_reader *reader, struct welder *welder)
{
    float corners[3][3];
    for (;;) {
        if (take_word(reader, "facet")) {
            if (!take_facet(reader, corners))
                return false;
            if (welder->mesh->triangle_count >= TRIANGLES_AT_MOST)
                return false;
            weld_triangle(welder, corners);
        } else if (take_word(reader, "solid") || take_word(reader, "endsolid")) {
            skip_line(reader);
        } else {
            return skip_blanks(reader->at, reader->end) == reader->end;
        }
    }
}

static bool read_ascii(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    struct text_reader reader = {bytes, bytes + length, mesh};
    struct welder welder;
    if (memcmp(bytes, "\xEF\xBB\xBF", length < 3 ? length : 3) == 0)
        reader.at += length < 3 ? length : 3;
    weld_open(&welder, mesh, (uint32_t)(length / 250 < TRIANGLES_AT_MOST ? length / 250 : 0));
    bool sound = read_facets(&reader, &welder);
    weld_close(&welder);
    if (sound)
        return true;
    bool ends = skip_blanks(reader.at, reader.end) == reader.end;
    return malformed(mesh,
                     ends ? "it ends in the middle of a triangle, at line %lu"
                          : "line %lu is not what an STL file says there",
                     line_of(&reader, bytes));
}

bool stl_read(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    bool whole = length >= HEADER && binary_length(bytes) == length;
    return !whole && begins_with_solid(bytes, length) ? read_ascii(bytes, length, mesh)
                                                      : read_binary(bytes, length, mesh);
}
