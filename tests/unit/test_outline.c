/* Outlines: hulls, the smallest rectangle around one, and whether it fits however it is turned. */
#include "geometry/outline.h"

#include "solids.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_near(double a, double b, double tolerance)
{
    if (fabs(a - b) > tolerance)
        fail_msg("%.9g is not %.9g", a, b);
}

/* A bar of that size, turned about z. */
static struct outline bar(double length, double width, double degrees)
{
    struct mesh mesh = {0};
    double c = cos(degrees * M_PI / 180), s = sin(degrees * M_PI / 180);
    solids_box(&mesh, 0, 0, 0, (float)length, (float)width, 5, false);
    for (uint32_t i = 0; i < mesh.vertex_count; i++) {
        double x = (double)mesh.vertices[i][0], y = (double)mesh.vertices[i][1];
        mesh.vertices[i][0] = (float)(c * x - s * y);
        mesh.vertices[i][1] = (float)(s * x + c * y);
    }
    struct outline outline = outline_of(&mesh, 2);
    mesh_free(&mesh);
    return outline;
}

static void test_hull(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 10, 20, 30, false);
    solids_box(&mesh, 4, 4, 4, 6, 25, 6, false);
    for (int up = 0; up < 3; up++) {
        struct outline outline = outline_of(&mesh, up);
        assert_int_equal(outline.count, up == 1 ? 4 : 6);
        double area = 0;
        for (uint32_t i = 0; i < outline.count; i++) {
            const double *a = outline.points[i], *b = outline.points[(i + 1) % outline.count];
            area += (a[0] * b[1] - a[1] * b[0]) / 2;
        }
        assert_near(area, up == 0 ? 600 + 5 * 16 : up == 1 ? 300 : 200 + 5 * 6, 1e-9);
        outline_free(&outline);
    }
    mesh_free(&mesh);
}

static void test_smallest(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 180; degrees += 7) {
        struct outline outline = bar(100, 20, degrees);
        struct turned_box box = outline_smallest(&outline);
        assert_near(box.width, 100, 1e-4);
        assert_near(box.depth, 20, 1e-4);
        assert_near(fmod(box.angle_deg + degrees + 0.5, 180), 0.5, 1e-3);
        outline_free(&outline);
    }
}

/* What fits in one position fits in all; a stick longer than the bed fits along its diagonal. */
static void test_fits(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 180; degrees += 7) {
        struct outline outline = bar(100, 20, degrees);
        assert_true(outline_fits(&outline, 100, 20));
        assert_true(outline_fits(&outline, 20, 100));
        assert_false(outline_fits(&outline, 99.9, 19.9));
        assert_false(outline_fits(&outline, 1000, 19.9));
        assert_false(outline_fits(&outline, 90, 30));
        outline_free(&outline);
        outline = bar(280, 10, degrees);
        assert_true(outline_fits(&outline, 250, 210));
        assert_false(outline_fits(&outline, 205, 205));
        outline_free(&outline);
    }
}

/* 100 + 20 over the root of two is 84.853 mm: at 45 degrees and at no other angle. */
static void test_fits_at_one_angle(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 90; degrees += 11) {
        struct outline outline = bar(100, 20, degrees);
        assert_true(outline_fits(&outline, 84.8530, 84.8530));
        assert_false(outline_fits(&outline, 84.8515, 84.8515));
        outline_free(&outline);
    }
}

static void test_small_ones(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct outline outline = outline_of(&mesh, 2);
    assert_int_equal(outline.count, 0);
    assert_true(outline_fits(&outline, 1, 1));
    assert_near(outline_smallest(&outline).width, 0, 0);
    outline_free(&outline);
    solids_vertex(&mesh, (float[]){3, 3, 3});
    outline = outline_of(&mesh, 2);
    assert_true(outline_fits(&outline, 1, 1));
    outline_free(&outline);
    solids_vertex(&mesh, (float[]){6, 7, 3}); /* a line of 5 */
    outline = outline_of(&mesh, 2);
    assert_true(outline_fits(&outline, 5, 0));
    assert_false(outline_fits(&outline, 4.9, 0.1));
    assert_near(outline_smallest(&outline).width, 5, 1e-9);
    outline_free(&outline);
    mesh_free(&mesh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hull),       cmocka_unit_test(test_smallest),
        cmocka_unit_test(test_fits),       cmocka_unit_test(test_fits_at_one_angle),
        cmocka_unit_test(test_small_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
