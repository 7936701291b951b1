/* Overhangs and thin walls: what counts, and what does not. */
#include "geometry/overhang.h"
#include "geometry/walls.h"

#include "solids.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.9g is not %.9g", a, b);
}

/* ---- overhang ---- */

/* A post with a plate on it, and the mesh as deep below the bed as a careless export leaves it. */
static struct mesh table(void)
{
    struct mesh mesh = {0};
    solids_box(&mesh, 10, 10, -7, 20, 20, 20, false);
    solids_box(&mesh, 0, 0, 20, 30, 30, 25, false);
    return mesh;
}

static void test_ceiling(void **state)
{
    (void)state;
    struct mesh mesh = table();
    struct overhang overhang = overhang_of(&mesh, SIDE_TOP, 45, 0.2);
    assert_near(overhang.area_mm2, 900, 1e-9);
    assert_near(overhang.steepest_deg, 90, 1e-9);
    assert_int_equal(overhang.patches, 1);
    assert_near(overhang.at[2], 20, 1e-9);
    assert_near(overhang_of(&mesh, SIDE_BOTTOM, 45, 0.2).area_mm2, 100, 1e-9);
    mesh_free(&mesh);
}

static void test_bed(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, -3, 30, 30, 25, false);
    for (enum side up = 0; up < SIDE_COUNT; up++)
        assert_near(overhang_of(&mesh, up, 45, 0.2).area_mm2, 0, 0);
    solids_box(&mesh, 40, 0, -2.9f, 50, 30, 25, false); /* in the first layer */
    assert_near(overhang_of(&mesh, SIDE_TOP, 45, 0.2).area_mm2, 0, 0);
    assert_near(overhang_of(&mesh, SIDE_TOP, 45, 0.05).area_mm2, 300, 1e-9);
    mesh_free(&mesh);
}

/* A block whose sides lean out. */
static struct mesh leaning(float out, float height)
{
    struct mesh mesh = {0};
    const float bottom[4][3] = {{0, 0, 0}, {20, 0, 0}, {20, 20, 0}, {0, 20, 0}};
    const float top[4][3] = {
        {0, 0, height}, {20 + out, 0, height}, {20 + out, 20, height}, {0, 20, height}};
    solids_between(&mesh, 4, bottom, top, false);
    return mesh;
}

static void test_angle(void **state)
{
    (void)state;
    struct mesh mesh = leaning(10, 10); /* just 45 degrees */
    assert_near(overhang_of(&mesh, SIDE_TOP, 45, 0.2).area_mm2, 0, 0);
    assert_near(overhang_of(&mesh, SIDE_TOP, 44, 0.2).area_mm2, 20 * sqrt(200), 1e-3);
    mesh_free(&mesh);
    mesh = leaning(20, 10);
    struct overhang overhang = overhang_of(&mesh, SIDE_TOP, 45, 0.2);
    assert_near(overhang.steepest_deg, 63.4349, 1e-3);
    assert_near(overhang.area_mm2, 20 * sqrt(500), 1e-3);
    assert_near(overhang_of(&mesh, SIDE_BOTTOM, 45, 0.2).area_mm2, 0,
                0); /* upside down it leans in */
    assert_near(overhang_of(&mesh, SIDE_RIGHT, 45, 0.2).area_mm2, 0, 0);
    mesh_free(&mesh);
}

/* A ledge of 1 mm all along, and a foot of 3 x 3 mm over the bed. */
static void test_slivers(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 20, 50, 10, false);
    solids_box(&mesh, 20, 0, 10, 21, 50, 20, false);
    solids_box(&mesh, 30, 0, 10, 33, 3, 20, false);
    assert_near(overhang_of(&mesh, SIDE_TOP, 45, 0.2).area_mm2, 0, 0);
    mesh_free(&mesh);
}

/* ---- walls ---- */

static void test_plate(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 50, 30, 0.5f, false);
    struct thin_walls thin = walls_thinner_than(&mesh, 0.8);
    assert_near(thin.thickness_mm, 0.5, 1e-9);
    assert_near(thin.area_mm2, 3000, 60);
    assert_true(fabs(thin.at[2]) < 1e-9 || fabs(thin.at[2] - 0.5) < 1e-9);
    assert_near(walls_thinner_than(&mesh, 0.5).area_mm2, 0, 0); /* as thin as it may be */
    assert_near(walls_thinner_than(&mesh, 0.4).area_mm2, 0, 0);
    assert_near(walls_thinner_than(&mesh, 0.51).thickness_mm, 0.5, 1e-9);
    mesh_free(&mesh);
}

static void test_hollow_body(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 20, 20, 20, false);
    solids_box(&mesh, 1, 1, 1, 19.25f, 19, 19, true);
    assert_near(walls_thinner_than(&mesh, 0.7).area_mm2, 0, 0);
    struct thin_walls thin = walls_thinner_than(&mesh, 0.8);
    assert_near(thin.thickness_mm, 0.75, 1e-6);
    assert_true(thin.at[0] > 19);
    mesh_free(&mesh);
}

/* The gap between two bodies is no wall, nor is what one body has within another. */
static void test_no_walls(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 20, 20, 20, false);
    solids_box(&mesh, 20.3f, 0, 0, 40, 20, 20, false);
    assert_near(walls_thinner_than(&mesh, 0.8).area_mm2, 0, 0);
    solids_box(&mesh, 5, 5, 19.7f, 15, 15, 40, false); /* stands 0.3 mm deep in the first */
    assert_near(walls_thinner_than(&mesh, 0.8).area_mm2, 0, 0);
    mesh_free(&mesh);
}

/* A roof of 40 degrees ends in an edge, a blade of 5 in a thin one. */
static void test_wedges(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    const float bottom[4][3] = {{0, 0, 0}, {7.28f, 0, 0}, {7.28f, 50, 0}, {0, 50, 0}};
    const float top[4][3] = {{3.63f, 0, 10}, {3.65f, 0, 10}, {3.65f, 50, 10}, {3.63f, 50, 10}};
    solids_between(&mesh, 4, bottom, top, false);
    assert_near(walls_thinner_than(&mesh, 0.8).area_mm2, 0, 0);
    mesh_free(&mesh);
    mesh = (struct mesh){0};
    const float foot[4][3] = {{0, 0, 0}, {0.89f, 0, 0}, {0.89f, 50, 0}, {0, 50, 0}};
    const float tip[4][3] = {{0.44f, 0, 10}, {0.45f, 0, 10}, {0.45f, 50, 10}, {0.44f, 50, 10}};
    solids_between(&mesh, 4, foot, tip, false);
    assert_true(walls_thinner_than(&mesh, 0.8).area_mm2 > 500);
    mesh_free(&mesh);
}

/* An angle of 0.4 mm plate on a thick foot: found where it is, and alike at each call. */
static void test_bracket(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 60, 40, 6, false);
    solids_box(&mesh, 0, 0, 6, 0.4f, 10, 16, false);
    struct thin_walls thin = walls_thinner_than(&mesh, 0.8);
    assert_near(thin.thickness_mm, 0.4, 1e-6);
    assert_near(thin.area_mm2, 200, 50);
    assert_true(thin.at[0] < 0.5 && thin.at[2] > 6);
    struct thin_walls again = walls_thinner_than(&mesh, 0.8);
    assert_memory_equal(&thin, &again, sizeof thin);
    mesh_free(&mesh);
}

static void test_nothing(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    assert_near(walls_thinner_than(&mesh, 0.8).area_mm2, 0, 0);
    assert_near(overhang_of(&mesh, SIDE_TOP, 45, 0.2).area_mm2, 0, 0);
    solids_face(&mesh, (float[]){0, 0, 0}, (float[]){1, 0, 0}, (float[]){2, 0, 0});
    assert_near(walls_thinner_than(&mesh, 0.8).area_mm2, 0, 0);
    mesh_free(&mesh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ceiling),  cmocka_unit_test(test_bed),
        cmocka_unit_test(test_angle),    cmocka_unit_test(test_slivers),
        cmocka_unit_test(test_plate),    cmocka_unit_test(test_hollow_body),
        cmocka_unit_test(test_no_walls), cmocka_unit_test(test_wedges),
        cmocka_unit_test(test_bracket),  cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
