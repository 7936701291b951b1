/* Pictures of parts: what is seen is as large as it is, is drawn where it is not hidden, and is the same each time. */
#include "geometry/picture.h"
#include "page/drawing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

/* ---- meshes ---- */

enum { TRIANGLES = 20000, VERTICES = 12000 };

static uint32_t triangles[TRIANGLES][3];
static float vertices[VERTICES][3];
static struct mesh mesh;

static void begin(void)
{
    mesh = (struct mesh){.triangles = triangles, .vertices = vertices};
}

static uint32_t vertex(double x, double y, double z)
{
    float *at = vertices[mesh.vertex_count];
    at[0] = (float)x;
    at[1] = (float)y;
    at[2] = (float)z;
    return mesh.vertex_count++;
}

static void triangle(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t *face = triangles[mesh.triangle_count++];
    face[0] = a;
    face[1] = b;
    face[2] = c;
}

/* Outward, counter-clockwise. */
static void quad(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    triangle(a, b, c);
    triangle(a, c, d);
}

static void box(double x, double y, double z, double length, double width, double height)
{
    uint32_t v[8];
    for (int i = 0; i < 8; i++)
        v[i] = vertex(x + (i & 1 ? length : 0), y + (i & 2 ? width : 0), z + (i & 4 ? height : 0));
    quad(v[0], v[2], v[3], v[1]);
    quad(v[4], v[5], v[7], v[6]);
    quad(v[0], v[1], v[5], v[4]);
    quad(v[2], v[6], v[7], v[3]);
    quad(v[0], v[4], v[6], v[2]);
    quad(v[1], v[3], v[7], v[5]);
}

static void ball(double radius, uint32_t around)
{
    uint32_t rings = around / 2, first = mesh.vertex_count;
    for (uint32_t ring = 1; ring < rings; ring++)
        for (uint32_t column = 0; column < around; column++) {
            double down = M_PI * ring / rings, turn = 2 * M_PI * column / around;
            vertex(radius * sin(down) * cos(turn), radius * sin(down) * sin(turn),
                   radius * cos(down));
        }
    uint32_t top = vertex(0, 0, radius), bottom = vertex(0, 0, -radius);
    for (uint32_t column = 0; column < around; column++) {
        uint32_t next = (column + 1) % around, last = first + (rings - 2) * around;
        triangle(top, first + column, first + next);
        triangle(bottom, last + next, last + column);
        for (uint32_t above = first; above < last; above += around)
            quad(above + column, above + around + column, above + around + next, above + next);
    }
}

static struct picture look(enum view view, int pixels)
{
    struct picture picture;
    struct scene *scene = scene_open(&mesh);
    assert_non_null(scene);
    scene_look(scene, view, pixels, &picture);
    scene_free(scene);
    return picture;
}

/* Of what is not white. */
static double covered_mm2(const struct picture *picture)
{
    long count = 0;
    for (int i = 0; i < picture->columns * picture->rows; i++)
        count += picture->grey[i] < 255;
    return (double)count * picture->pixel_mm * picture->pixel_mm;
}

static double drawn_mm(const struct picture *picture)
{
    double length = 0;
    for (uint32_t i = 0; i < picture->line_count; i++)
        for (uint32_t j = 1; j < picture->lines[i].count; j++) {
            const float *a = picture->points[picture->lines[i].first + j - 1];
            const float *b = picture->points[picture->lines[i].first + j];
            length += hypot((double)a[0] - (double)b[0], (double)a[1] - (double)b[1]);
        }
    return length;
}

static void is_about(double is, double should_be, double within)
{
    if (fabs(is - should_be) > within * should_be)
        fail_msg("%g is not about %g", is, should_be);
}

/* ---- the tests ---- */

static void covers_its_shadow(void **state)
{
    (void)state;
    begin();
    box(5, -3, 100, 40, 30, 20);
    struct picture front = look(VIEW_FRONT, 400), top = look(VIEW_TOP, 400),
                   right = look(VIEW_RIGHT, 400), iso = look(VIEW_ISO, 400);
    is_about(covered_mm2(&front), 40 * 20, 0.01);
    is_about(covered_mm2(&top), 40 * 30, 0.01);
    is_about(covered_mm2(&right), 30 * 20, 0.01);
    is_about(covered_mm2(&iso), (40 * 20 + 40 * 30 + 30 * 20) / sqrt(3), 0.01);
    is_about(front.width_mm, 40, 1e-5);
    is_about(front.height_mm, 20, 1e-5);
    is_about(right.width_mm, 30, 1e-5);
    is_about(iso.width_mm, 70 * sqrt(0.5), 1e-5);
    assert_int_equal(front.columns, 400);
    assert_int_equal(front.rows, 200);
    picture_free(&front);
    picture_free(&top);
    picture_free(&right);
    picture_free(&iso);
}

static void draws_the_edges_one_sees(void **state)
{
    (void)state;
    begin();
    box(0, 0, 0, 10, 10, 10);
    struct picture front = look(VIEW_FRONT, 400), iso = look(VIEW_ISO, 400);
    is_about(drawn_mm(&front), 40, 0.01);                   /* once around */
    is_about(drawn_mm(&iso), 9 * 10 * sqrt(2.0 / 3), 0.01); /* nine of twelve edges */
    assert_int_equal(front.line_count, 1);
    assert_int_equal(front.lines[0].count, 5);
    picture_free(&front);
    picture_free(&iso);
}

/* The small box stands behind the large one, as seen from the front. */
static void does_not_draw_what_is_hidden(void **state)
{
    (void)state;
    begin();
    box(0, 0, 0, 50, 10, 50);
    box(20, 30, 20, 10, 10, 10);
    struct picture front = look(VIEW_FRONT, 400), top = look(VIEW_TOP, 400);
    is_about(drawn_mm(&front), 200, 0.01);
    is_about(drawn_mm(&top), 120 + 40, 0.01);
    picture_free(&front);
    picture_free(&top);
}

/* Half of it is: a line ends where the surface before it ends. */
static void cuts_lines_at_what_hides_them(void **state)
{
    (void)state;
    begin();
    box(0, 0, 0, 50, 10, 50);
    box(40, 30, 20, 40, 10, 10);
    struct picture front = look(VIEW_FRONT, 800);
    is_about(drawn_mm(&front), 200 + 30 + 30 + 10, 0.01);
    picture_free(&front);
}

static void a_round_surface_has_an_outline_only(void **state)
{
    (void)state;
    begin();
    ball(10, 120);
    struct picture front = look(VIEW_FRONT, 400);
    is_about(covered_mm2(&front), M_PI * 100, 0.01);
    is_about(drawn_mm(&front), 2 * M_PI * 10, 0.02);
    int step = 0;
    const unsigned char *middle = front.grey + (size_t)front.columns * (size_t)(front.rows / 2);
    for (int i = 40; i < front.columns - 40; i++) /* round: no facet is seen */
        step = abs(middle[i] - middle[i - 1]) > step ? abs(middle[i] - middle[i - 1]) : step;
    assert_in_range(step, 0, 2);
    picture_free(&front);
}

static void inside_out_looks_the_same(void **state)
{
    (void)state;
    begin();
    box(0, 0, 0, 30, 20, 10);
    struct picture outward = look(VIEW_ISO, 300);
    for (uint32_t i = 0; i < mesh.triangle_count; i++) {
        uint32_t swap = triangles[i][0];
        triangles[i][0] = triangles[i][1];
        triangles[i][1] = swap;
    }
    struct picture inward = look(VIEW_ISO, 300);
    assert_int_equal(outward.line_count, inward.line_count);
    is_about(drawn_mm(&inward), drawn_mm(&outward), 1e-6);
    assert_memory_equal(outward.grey, inward.grey, (size_t)(outward.columns * outward.rows));
    picture_free(&outward);
    picture_free(&inward);
}

/* Where a writer cut an edge of two faces at a third one's corner, a face without area closes the gap. */
static void slivers_are_no_lines(void **state)
{
    (void)state;
    begin();
    uint32_t a = vertex(0, 0, 0), b = vertex(10, 0, 0), c = vertex(10, 10, 0), d = vertex(0, 10, 0),
             middle = vertex(5, 5, 0);
    triangle(a, b, middle);
    triangle(b, c, middle);
    triangle(a, middle, c);
    triangle(a, c, d);
    struct picture top = look(VIEW_TOP, 200);
    is_about(drawn_mm(&top), 40, 0.01);
    picture_free(&top);
}

/* Open, with faces of no area and a vertex that no face has. */
static void a_broken_mesh_is_drawn_as_it_is(void **state)
{
    (void)state;
    begin();
    box(0, 0, 0, 10, 10, 10);
    mesh.triangle_count -= 2; /* its right side */
    triangle(0, 0, 1);
    triangle(2, 1, 1);
    vertices[vertex(0, 0, 0)][1] = NAN;
    struct picture front = look(VIEW_FRONT, 200), iso = look(VIEW_ISO, 200);
    is_about(covered_mm2(&front), 100, 0.01);
    is_about(covered_mm2(&iso), 300 / sqrt(3), 0.02);
    picture_free(&front);
    picture_free(&iso);
}

static void nothing_to_see_is_no_scene(void **state)
{
    (void)state;
    begin();
    assert_null(scene_open(&mesh));
    vertex(1, 2, 3);
    triangle(0, 0, 0);
    assert_null(scene_open(&mesh));
    begin();
    box(0, 0, 0, 1, 1, 1);
    vertices[3][2] = INFINITY;
    assert_null(scene_open(&mesh));
}

/* Seen from its edge, a plate without thickness is a line. */
static void a_flat_mesh_does_not_fail(void **state)
{
    (void)state;
    begin();
    quad(vertex(0, 0, 0), vertex(10, 0, 0), vertex(10, 10, 0), vertex(0, 10, 0));
    for (enum view view = VIEW_ISO; view < VIEW_COUNT; view++) {
        struct picture picture = look(view, 100);
        assert_true(picture.columns >= 1 && picture.rows >= 1);
        assert_true(drawn_mm(&picture) > 9.9);
        picture_free(&picture);
    }
}

static void sizes_from_tiny_to_huge(void **state)
{
    (void)state;
    static const double scales[] = {1e-4, 1, 1e6, 1e30};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        begin();
        box(0, 0, 0, 2 * scales[i], scales[i], scales[i]);
        struct picture front = look(VIEW_FRONT, 100);
        is_about(covered_mm2(&front), 2 * scales[i] * scales[i], 0.03);
        is_about(drawn_mm(&front), 6 * scales[i], 0.03);
        picture_free(&front);
    }
}

static void lengths_for_people(void **state)
{
    (void)state;
    static const struct {
        double mm;
        const char *text;
    } rows[] = {{40, "40"},   {39.99999, "40"}, {12.5, "12.5"}, {12.345, "12.35"},
                {100, "100"}, {0.04, "0.04"},   {0, "0"},       {1e6, "1000000"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[24];
        drawing_length(rows[i].mm + (rows[i].mm > 12.3 && rows[i].mm < 12.4 ? 1e-6 : 0), text);
        assert_string_equal(text, rows[i].text);
    }
}

static struct buffer render(const char *view, const char *format)
{
    struct buffer out = {0};
    struct failure failure = {""};
    struct scene *scene = scene_open(&mesh);
    assert_true(drawing_render(scene, view, format, "a < b", &out, &failure));
    scene_free(scene);
    return out;
}

static void the_same_bytes_each_time(void **state)
{
    (void)state;
    static const char *const formats[] = {"svg", "pdf", "png"};
    begin();
    box(0, 0, 0, 42, 31.5, 20);
    ball(12, 40);
    for (int i = 0; i < 6; i++) {
        const char *view = i % 2 ? "three" : "iso";
        struct buffer one = render(view, formats[i / 2]), two = render(view, formats[i / 2]);
        assert_int_equal(one.length, two.length);
        assert_memory_equal(one.text, two.text, one.length);
        buffer_free(&one);
        buffer_free(&two);
    }
}

static void three_views_say_how_large(void **state)
{
    (void)state;
    begin();
    box(0, 0, 0, 42, 31.5, 20);
    struct buffer svg = render("three", "svg");
    assert_non_null(strstr(svg.text, ">42</text>"));
    assert_non_null(strstr(svg.text, ">31.5</text>"));
    assert_non_null(strstr(svg.text, ">20</text>"));
    assert_non_null(strstr(svg.text, "a &lt; b"));
    assert_null(strstr(svg.text, "nan"));
    buffer_free(&svg);
}

/* Nothing of a drawing is outside of it, whatever the part's shape. */
static void three_views_stay_within(void **state)
{
    (void)state;
    static const double sizes[][3] = {
        {1, 1, 1}, {300, 5, 5}, {5, 300, 5}, {5, 5, 300}, {300, 300, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct picture views[VIEW_COUNT];
        struct drawing drawing;
        begin();
        box(0, 0, 0, sizes[i][0], sizes[i][1], sizes[i][2]);
        for (enum view view = VIEW_ISO; view < VIEW_COUNT; view++)
            views[view] = look(view, 200);
        drawing_of_three(&drawing, views, 250, 200);
        assert_true(drawing.width_pt <= 250.001 && drawing.height_pt <= 200.001);
        for (int j = 0; j < drawing.picture_count; j++) {
            double scale = drawing.pictures[j].scale;
            assert_true(drawing.pictures[j].x >= 0 && drawing.pictures[j].y >= 0);
            assert_true(drawing.pictures[j].x + drawing.pictures[j].picture->width_mm * scale <=
                        drawing.width_pt);
            assert_true(drawing.pictures[j].y + drawing.pictures[j].picture->height_mm * scale <=
                        drawing.height_pt);
        }
        assert_true(drawing.line_count <= DRAWING_LINES);
        assert_int_equal(drawing.text_count, 3);
        for (enum view view = VIEW_ISO; view < VIEW_COUNT; view++)
            picture_free(&views[view]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_its_shadow),
        cmocka_unit_test(draws_the_edges_one_sees),
        cmocka_unit_test(does_not_draw_what_is_hidden),
        cmocka_unit_test(cuts_lines_at_what_hides_them),
        cmocka_unit_test(a_round_surface_has_an_outline_only),
        cmocka_unit_test(inside_out_looks_the_same),
        cmocka_unit_test(slivers_are_no_lines),
        cmocka_unit_test(a_broken_mesh_is_drawn_as_it_is),
        cmocka_unit_test(nothing_to_see_is_no_scene),
        cmocka_unit_test(a_flat_mesh_does_not_fail),
        cmocka_unit_test(sizes_from_tiny_to_huge),
        cmocka_unit_test(lengths_for_people),
        cmocka_unit_test(the_same_bytes_each_time),
        cmocka_unit_test(three_views_say_how_large),
        cmocka_unit_test(three_views_stay_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
