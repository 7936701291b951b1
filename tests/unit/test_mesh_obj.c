/* OBJ: faces by number in every form, and what is none. */
#include "geometry/mesh.h"
#include "models.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CORNERS "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nv 0 0 1\nv 1 0 1\nv 0 1 1\nv 1 1 1\n"

static void reads_every_form_of_a_face(void **state)
{
    (void)state;
    static const char *const texts[] = {
        CORNERS "f 1 3 4 2\nf 5 6 8 7\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf 2 4 8 6\n",
        CORNERS "f -8 -6 -5 -7\nf -4 -3 -1 -2\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf 2 4 8 6",
        "# a cube\r\nmtllib a.mtl\r\no cube\r\n" CORNERS
        "vt 0 0\nvn 0 0 1\ng side\nusemtl red\ns off\n"
        "f 1/1 3/1 4/1 2/1\nf 5//1 6//1 8//1 7//1\nf 1/1/1 2/1/1 6/1/1 5/1/1 # last\n"
        "f 3/-1/-1 7/-1/-1 8/-1/-1 4/-1/-1\nf 1 5 \\\n7 \\\r\n 3\nf 2 4 8 6 \\\n\nl 1 2\np 3\n",
        CORNERS
        "fo 1 3 4 2\nfo 5 6 8 7\ng a b \\\n c\nf 1 2 6 5\nf 3 7 8 4\nf 1 5 7 3\nf 2 4 8 6\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        printf("text %zu\n", i);
        assert_true(is_solid("cube", texts[i], strlen(texts[i]), 12, 1));
        assert_true(is_solid("cube.stl", texts[i], strlen(texts[i]), 12, 1)); /* the bytes decide */
    }
}

static void reads_every_end_of_a_line(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r", "\r\n"};
    static const char text[] =
        CORNERS "f 1 3 4 2\nf 5 6 8 7\nf 1 2 6 5\nf 3 7 8 \\\n4\nf 1 5 7 3\nf 2 4 8 6\n";
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct buffer out = {0};
        buffer_add_text(&out, "\xEF\xBB\xBF");
        for (const char *at = text; *at; at++)
            buffer_add(&out, *at == '\n' ? ends[i] : at, *at == '\n' ? strlen(ends[i]) : 1);
        assert_true(is_solid("cube", out.text, out.length, 12, 1));
        buffer_free(&out);
    }
}

/* A vertex that stands twice is one; one that no face names is none. */
static void vertices_are_welded(void **state)
{
    (void)state;
    struct mesh mesh;
    assert_int_equal(
        read_text("a",
                  "v 0 0 0 1\nv 1 0 0 0.5 0.5 0.5\nv 0 1 0\nv 1 0 0\nv 1 1 0\nv 0 1 -0\n"
                  "v 1e9 1e9 1e9\nf 1 2 3\nf 4 5 6\n",
                  &mesh),
        MESH_READ);
    assert_int_equal(mesh.vertex_count, 4);
    assert_int_equal(mesh.triangle_count, 2);
    assert_string_equal(mesh.format, "OBJ");
    mesh_free(&mesh);
    assert_int_equal(read_text("a.obj", "# nothing\n", &mesh), MESH_READ);
    assert_int_equal(mesh.triangle_count, 0);
    mesh_free(&mesh);
}

static void tells_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {CORNERS "f 1 2 9", "line 9: the face names vertex 9, of 8 so far"},
        {CORNERS "f 1 2 -9", "line 9: the face names vertex -9, of 8 so far"},
        {CORNERS "f 0 1 2", "line 9: the face names vertex 0"},
        {CORNERS "f 1 2 99999999999999999999999", "line 9: the face names vertex"},
        {CORNERS "f 1 2", "line 9: a face with fewer than three corners"},
        {CORNERS "f 1 \\\n 2", "a face with fewer than three corners"},
        {CORNERS "f", "line 9: a face with fewer than three corners"},
        {CORNERS "f 1 2 x", "line 9: a corner of the face is no number"},
        {CORNERS "f 1 2 3.5", "line 9: a corner of the face is no number"},
        {CORNERS "f 1 2 -", "line 9: a corner of the face is no number"},
        {CORNERS "v 1 2", "line 9: a coordinate is no number"},
        {CORNERS "v 1 2 nan", "line 9: a coordinate is no number"},
        {CORNERS "v 1 2 -1e39", "line 9: a coordinate is no number, or too large"},
        {CORNERS "surf 0 1 0 1 1 2 3", "line 9: curves and free-form surfaces are not read"},
        {CORNERS "\nvertex 1 2 3", "line 10: not what an OBJ file says"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(is_refused("a", cases[i].text, strlen(cases[i].text), cases[i].problem));
    assert_true(is_refused("a.obj", "", 0, "it is empty"));
}

static void other_texts_are_foreign(void **state)
{
    (void)state;
    static const char *const texts[] = {"ply\nformat ascii 1.0\n", "v is the speed", "OFF\n8 6 0\n",
                                        "# only a remark\n",       "f(x) = 1\n",     ""};
    struct mesh mesh;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(read_text("a.txt", texts[i], &mesh), MESH_FOREIGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_of_a_face), cmocka_unit_test(reads_every_end_of_a_line),
        cmocka_unit_test(vertices_are_welded),        cmocka_unit_test(tells_the_line),
        cmocka_unit_test(other_texts_are_foreign),
    };
    return cmocka_run_group_tests_name("mesh_obj", tests, NULL, NULL);
}
