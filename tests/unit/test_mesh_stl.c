/* STL in all the ways it is written, and files that are none. */
#include "geometry/mesh.h"
#include "geometry/scan.h"
#include "models.h"
#include "scratch.h"

#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

enum { CUBE_LENGTH = 84 + 12 * 50 };

static void set_count(unsigned char *bytes, uint32_t count)
{
    for (int i = 0; i < 4; i++)
        bytes[80 + i] = (unsigned char)(count >> 8 * i);
}

static void set_float(unsigned char *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(bits >> 8 * i);
}

static void make_cube(unsigned char bytes[CUBE_LENGTH], const char *header)
{
    memset(bytes, 0, CUBE_LENGTH);
    memcpy(bytes, header, strlen(header));
    set_count(bytes, 12);
    for (int face = 0; face < 12; face++)
        for (int i = 0; i < 9; i++)
            set_float(bytes + 84 + 50 * face + 12 + 4 * i,
                      (float)cube_place(cube_faces[face][i / 3], i % 3));
}

/* ---- binary ---- */

static void reads_binary(void **state)
{
    (void)state;
    unsigned char bytes[CUBE_LENGTH + 8192] = {0};
    struct mesh mesh;
    make_cube(bytes, "a cube");
    assert_true(is_solid("cube", bytes, CUBE_LENGTH, 12, 1));
    assert_true(is_solid("cube.obj", bytes, CUBE_LENGTH, 12, 1)); /* the bytes decide */
    assert_int_equal(read_bytes("cube", bytes, CUBE_LENGTH, &mesh), MESH_READ);
    assert_int_equal(mesh.vertex_count, 8);
    assert_string_equal(mesh.format, "binary STL");
    mesh_free(&mesh);
    make_cube(bytes, "solid but binary");
    assert_true(is_solid("cube.stl", bytes, CUBE_LENGTH, 12, 1));
    assert_true(is_solid("cube.stl", bytes, CUBE_LENGTH + 1, 12, 1));
    assert_true(is_solid("cube.stl", bytes, CUBE_LENGTH + 4000, 12, 1)); /* filled up with zeros */
    make_cube(bytes, "solid \xFF\xFE no UTF-8");
    assert_true(is_solid("cube.stl", bytes, CUBE_LENGTH, 12, 1));
}

static void refuses_counts_that_lie(void **state)
{
    (void)state;
    unsigned char bytes[CUBE_LENGTH];
    make_cube(bytes, "");
    set_count(bytes, UINT32_MAX);
    assert_true(is_refused("a.stl", bytes, CUBE_LENGTH, "byte 80 says that it holds 4294967295"));
    set_count(bytes, 13);
    assert_true(is_refused("a.stl", bytes, CUBE_LENGTH, "it has room for 12"));
    set_count(bytes, 3);
    assert_true(is_refused("a.stl", bytes, CUBE_LENGTH, "goes on for 450 bytes behind them"));
    set_count(bytes, 12);
    assert_true(is_refused("a.stl", bytes, CUBE_LENGTH - 1, "cut off"));
    assert_true(is_refused("a.stl", bytes, 83, "it ends at byte 83"));
    assert_true(is_refused("a.stl", bytes, 0, "it is empty"));
}

static void refuses_what_is_no_number(void **state)
{
    (void)state;
    unsigned char bytes[CUBE_LENGTH];
    const float none[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 4; i++) {
        make_cube(bytes, "");
        set_float(bytes + 84 + 50 * 7 + 12 + 4 * 8, none[i]);
        assert_true(is_refused("a.stl", bytes, CUBE_LENGTH,
                               "a corner of triangle 8, at byte 446, is no number"));
        make_cube(bytes, "");
        set_float(bytes + 84, none[i]); /* a normal may be anything */
        assert_true(is_solid("a.stl", bytes, CUBE_LENGTH, 12, 1));
    }
}

static void zero_is_one_number(void **state)
{
    (void)state;
    unsigned char bytes[CUBE_LENGTH];
    struct mesh mesh;
    make_cube(bytes, "");
    set_float(bytes + 84 + 12, -0.0f);
    assert_int_equal(read_bytes("a.stl", bytes, CUBE_LENGTH, &mesh), MESH_READ);
    assert_int_equal(mesh.vertex_count, 8);
    mesh_free(&mesh);
}

static void no_triangle_is_no_error(void **state)
{
    (void)state;
    unsigned char bytes[84] = {0};
    static const char *const texts[] = {"solid a\nendsolid a", "solid", "solid\n",
                                        "solid a\rendsolid a\rsolid b\rendsolid b\r"};
    struct mesh mesh;
    assert_int_equal(read_bytes("a.stl", bytes, sizeof bytes, &mesh), MESH_READ);
    assert_int_equal(mesh.triangle_count, 0);
    mesh_free(&mesh);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(read_text("a", texts[i], &mesh), MESH_READ);
        assert_int_equal(mesh.triangle_count, 0);
        mesh_free(&mesh);
    }
}

/* ---- ASCII ---- */

struct manner {
    const char *solid, *facet, *loop, *vertex, *endloop, *endfacet, *endsolid;
};

static void write_cube(struct buffer *out, const struct manner *manner)
{
    buffer_add_text(out, manner->solid);
    for (int face = 0; face < 12; face++) {
        buffer_addf(out, "%s%s", manner->facet, manner->loop);
        for (int corner = 0; corner < 3; corner++) {
            buffer_add_text(out, manner->vertex);
            for (int axis = 0; axis < 3; axis++)
                buffer_addf(out, " %d", cube_place(cube_faces[face][corner], axis));
        }
        buffer_addf(out, "%s%s", manner->endloop, manner->endfacet);
    }
    buffer_add_text(out, manner->endsolid);
}

static void reads_ascii_as_it_is_written(void **state)
{
    (void)state;
    static const struct manner manners[] = {
        {"solid a\n", "facet normal 0 0 1\n", "outer loop\n", "\nvertex", "\nendloop\n",
         "endfacet\n", "endsolid a\n"},
        {"solid a\r", "facet normal 0 0 1\r", "outer loop\r", "\rvertex", "\rendloop\r",
         "endfacet\r", "endsolid a\r"},
        {"solid a\r\n", " facet normal 0 0 1\r\n", "outer loop\r\n", "\r\n\tvertex",
         "\r\nendloop\r\n", "endfacet\r\n", "endsolid a\r\n"},
        {"SOLID A\n", "FACET NORMAL 0 0 1\n", "OUTER LOOP", "\nVERTEX", "\nENDLOOP\n", "EndFacet\n",
         "ENDSOLID A"},
        {"  \n solid a\n", "facet ", "outer loop ", " vertex", " endloop ", "endfacet ", ""},
        {"\xEF\xBB\xBFsolid \xFF\x80 \n", "facet normal nan -inf 1e999\n", "outer loop\n",
         "\nvertex", "\nendloop\n", "endfacet\n", "endsolid \xFF\x80"},
        {"solid\n", "facet normal 0 0 1\n", "outerloop\n", "\nvertex", "\nendloop behind it\n",
         "endfacet said and done\n", "endsolid"},
        {"solid a\nendsolid a\nsolid b\n", "facet normal 0 0 1 ", "outer loop", "\nvertex",
         "\nendloop", "endfacet", "\nendsolid b"},
    };
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
        struct buffer out = {0};
        write_cube(&out, &manners[i]);
        printf("manner %zu\n", i);
        assert_true(is_solid("cube", out.text, out.length, 12, 1));
        buffer_free(&out);
    }
}

#define HEAD "solid a\nfacet normal 0 0 1\n outer loop\n"
static void tells_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {HEAD, "it ends at line 4, in the middle of a triangle"},
        {HEAD "vertex 1 2", "it ends at line 4"},
        {HEAD "vertex 1 2 x", "line 4: a coordinate is no number"},
        {HEAD "vertex 1 2 nan", "line 4: a coordinate is no number"},
        {HEAD "vertex 1 2 1e39", "line 4: a coordinate is no number, or too large"},
        {HEAD "vertex 1,5 2 3", "line 4: a coordinate is no number"},
        {HEAD "vertex 1 2 3\r\nvertex 1 2 3\rnever", "line 6: `vertex` is expected"},
        {HEAD "vertex 1 2 3 vertex 1 2 4 vertex 1 3 5 1 endloop", "line 4: `endloop` is expected"},
        {"solid a\n\nfacet normal 0 0 1\nvertex", "line 4: `outer` is expected"},
        {"solid a\nthe rest is missing", "line 2: `facet` is expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(is_refused("a", cases[i].text, strlen(cases[i].text), cases[i].problem));
}

static void a_name_ends_somewhere(void **state)
{
    (void)state;
    struct buffer out = {0};
    buffer_add_text(&out, "solid ");
    for (int i = 0; i < 70000; i++)
        buffer_add_char(&out, 'a');
    assert_true(is_refused("a", out.text, out.length, "line 1 is a name of more than"));
    buffer_free(&out);
}

static void numbers_are_what_they_say(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "1",
        "+1.5",
        ".5",
        "5.",
        "1e3",
        "1E-3",
        "1e+3",
        "-2.5e-7",
        "1e38",
        "3.4028234e38",
        "1e-45",
        "1e-60",
        "0.1",
        "16777217",
        "1.17549435e-38",
        "00000000000000000000000000000000000000000000000000000000001",
        "0.00000000000000000000000000000000000000000000000000000000000000000001e60",
        "123456789012345678901234567890",
        "3.14159265358979323846264338327950288419716939937510",
        "100000000000000000000000000000000000000000000000000000000000e-50"};
    static const char *const none[] = {"",
                                       "-",
                                       ".",
                                       "e5",
                                       "1..2",
                                       "1.2.3",
                                       "0x10",
                                       "1f",
                                       "nan",
                                       "inf",
                                       "1e39",
                                       "--1",
                                       "1e99999999999999999999"};
    double number;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct scan scan = scan_open((const unsigned char *)texts[i], strlen(texts[i]));
        assert_true(scan_number(&scan, 0, &number));
        assert_true(scan.at == scan.end);
        assert_true((float)number == strtof(texts[i], NULL));
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct scan scan = scan_open((const unsigned char *)none[i], strlen(none[i]));
        assert_false(scan_number(&scan, 0, &number));
    }
}

/* ---- files ---- */

static void names_say_what_was_meant(void **state)
{
    (void)state;
    struct mesh mesh;
    assert_int_equal(read_text("a.step", "ISO-10303-21;", &mesh), MESH_FOREIGN);
    assert_true(is_refused("a.STL", "ISO-10303-21;", 13, "too short for an STL file"));
    assert_true(is_refused("a.Obj", "ISO-10303-21;", 13, "line 1"));
    assert_true(is_refused("a.3mf", "ISO-10303-21;", 13, "zip"));
    assert_int_equal(mesh_read(scratch_path("absent.stl"), &mesh), MESH_ABSENT);
    assert_int_equal(mesh_read(scratch, &mesh), MESH_ABSENT);
    assert_int_equal(mkfifo(scratch_path("pipe.stl"), 0600), 0);
    assert_int_equal(mesh_read(scratch_path("pipe.stl"), &mesh), MESH_ABSENT);
    scratch_write("empty.stl", "");
    assert_int_equal(mesh_read(scratch_path("empty.stl"), &mesh), MESH_MALFORMED);
}

/* Ten gigabytes that begin with noise: nothing of the rest is looked at. */
static void a_large_wrong_file_ends_at_once(void **state)
{
    (void)state;
    unsigned char noise[4096];
    uint32_t random = 1;
    struct mesh mesh;
    for (size_t i = 0; i < sizeof noise; i++) {
        random = random * 1664525u + 1013904223u;
        noise[i] = (unsigned char)(random >> 24);
    }
    for (int i = 0; i < 3; i++) {
        int descriptor = open(scratch_path("noise.stl"), O_RDWR | O_CREAT, 0600);
        set_count(noise, i == 0 ? 0xDEADBEEFu : i == 1 ? 200000000u : 100000000u);
        assert_int_equal(write(descriptor, noise, sizeof noise), sizeof noise);
        assert_int_equal(ftruncate(descriptor, (off_t)10 << 30), 0);
        close(descriptor);
        assert_int_equal(mesh_read(scratch_path("noise.stl"), &mesh), MESH_MALFORMED);
        mesh_free(&mesh);
    }
}

/* ---- welding ---- */

static uint64_t inverse(uint64_t odd)
{
    uint64_t inverse = odd;
    for (int i = 0; i < 6; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

/* Corners that all have one hash: (y:x) * A ^ z * B is the same for each. Without another hash this takes the square of
   their number, which is hours. */
static void a_file_made_to_stall_does_not(void **state)
{
    (void)state;
    enum { TRIANGLES = 100000 };
    const uint64_t a = 0x9E3779B97F4A7C15u, b = 0xBF58476D1CE4E5B9u, target = 1;
    size_t length = 84 + (size_t)TRIANGLES * 50;
    unsigned char *bytes = calloc(1, length);
    struct mesh mesh;
    uint32_t z = 0x3F000000u;
    set_count(bytes, TRIANGLES);
    for (size_t i = 0; i < (size_t)TRIANGLES * 3; z++) {
        uint64_t xy = (target ^ z * b) * inverse(a);
        uint32_t bits[3] = {(uint32_t)xy, (uint32_t)(xy >> 32), z};
        if ((bits[0] & 0x7F800000u) == 0x7F800000u || (bits[1] & 0x7F800000u) == 0x7F800000u)
            continue;
        for (size_t j = 0; j < 12; j++)
            bytes[84 + i / 3 * 50 + 12 + i % 3 * 12 + j] =
                (unsigned char)(bits[j / 4] >> 8 * (j % 4));
        i++;
    }
    assert_int_equal(read_bytes("a.stl", bytes, length, &mesh), MESH_READ);
    assert_int_equal(mesh.vertex_count, 3 * TRIANGLES);
    mesh_free(&mesh);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_binary),
        cmocka_unit_test(refuses_counts_that_lie),
        cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(zero_is_one_number),
        cmocka_unit_test(no_triangle_is_no_error),
        cmocka_unit_test(reads_ascii_as_it_is_written),
        cmocka_unit_test(tells_the_line),
        cmocka_unit_test(a_name_ends_somewhere),
        cmocka_unit_test(numbers_are_what_they_say),
        cmocka_unit_test(names_say_what_was_meant),
        cmocka_unit_test(a_large_wrong_file_ends_at_once),
        cmocka_unit_test(a_file_made_to_stall_does_not),
    };
    return cmocka_run_group_tests_name("mesh_stl", tests, scratch_open, scratch_close);
}
