/* Silhouettes: what they cover, and that fewer corners never cover less. */
#include "geometry/silhouette.h"

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

/* An angle with arms of 40 and 30 mm, 10 mm wide. */
static struct mesh angle(void)
{
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 40, 10, 5, false);
    solids_box(&mesh, 0, 0, 0, 10, 30, 5, false);
    return mesh;
}

static bool covers(const struct silhouette *silhouette, double x, double y)
{
    bool inside = false;
    for (uint32_t r = 0; r < silhouette->count; r++) {
        const struct ring *ring = &silhouette->rings[r];
        for (uint32_t i = 0; i < ring->count; i++) {
            const double *a = ring->points[i], *b = ring->points[(i + 1) % ring->count];
            if ((a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
                inside = !inside;
        }
    }
    return inside;
}

/* A little inside, because a corner of the part may be one of the ring. */
static void assert_covers_mesh(const struct silhouette *silhouette, const struct mesh *mesh)
{
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        double middle[2] = {0, 0};
        for (int corner = 0; corner < 3; corner++)
            for (int axis = 0; axis < 2; axis++)
                middle[axis] += (double)mesh->vertices[mesh->triangles[i][corner]][axis] / 3;
        for (int corner = 0; corner < 3; corner++) {
            const float *at = mesh->vertices[mesh->triangles[i][corner]];
            double x = (double)at[0] + (middle[0] - (double)at[0]) * 1e-3;
            double y = (double)at[1] + (middle[1] - (double)at[1]) * 1e-3;
            double area = fabs(middle[0] - (double)at[0]) * fabs(middle[1] - (double)at[1]);
            if (area > 1e-9 && !covers(silhouette, x, y))
                fail_msg("%g, %g is not covered", x, y);
        }
    }
}

static void test_angle(void **state)
{
    (void)state;
    struct mesh mesh = angle();
    struct silhouette seen = silhouette_of(&mesh, 1000);
    assert_int_equal(seen.count, 1);
    assert_near(silhouette_area(&seen), 600, 2);
    assert_true(silhouette_area(&seen) >= 600 - 1e-6);
    assert_true(covers(&seen, 39, 9) && covers(&seen, 9, 29) && !covers(&seen, 12, 12));
    silhouette_simplify(&seen, 0.01, 50);
    assert_true(seen.rings[0].count <= 8);
    assert_true(covers(&seen, 39.99, 9.99) && !covers(&seen, 15, 15));
    silhouette_free(&seen);
    mesh_free(&mesh);
}

static void test_hole_is_filled(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 30, 5, 5, false);
    solids_box(&mesh, 0, 25, 0, 30, 30, 5, false);
    solids_box(&mesh, 0, 0, 0, 5, 30, 5, false);
    solids_box(&mesh, 25, 0, 0, 30, 30, 5, false);
    struct silhouette seen = silhouette_of(&mesh, 500);
    assert_int_equal(seen.count, 1);
    assert_near(silhouette_area(&seen), 900, 1e-6);
    silhouette_free(&seen);
    mesh_free(&mesh);
}

static void test_pieces(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 10, 10, 5, false);
    solids_box(&mesh, 20, 20, 0, 30, 30, 5, false);
    struct silhouette seen = silhouette_of(&mesh, 300);
    assert_int_equal(seen.count, 2);
    assert_near(silhouette_area(&seen), 200, 1);
    silhouette_free(&seen);
    mesh_free(&mesh);
}

/* Corners of cells that touch at a corner only: one ring, which does not touch itself. */
static void test_corner_to_corner(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 10, 10, 5, false);
    solids_box(&mesh, 10, 10, 0, 20, 20, 5, false);
    struct silhouette seen = silhouette_of(&mesh, 64);
    assert_int_equal(seen.count, 1);
    assert_covers_mesh(&seen, &mesh);
    silhouette_free(&seen);
    mesh_free(&mesh);
}

static void test_nothing(void **state)
{
    (void)state;
    struct mesh empty = {0}, broken = angle(), point = {0};
    struct silhouette seen = silhouette_of(&empty, 100);
    assert_int_equal(seen.count, 0);
    broken.vertices[0][0] = NAN;
    seen = silhouette_of(&broken, 100);
    assert_int_equal(seen.count, 0);
    const float here[3] = {5, 5, 5};
    solids_face(&point, here, here, here);
    seen = silhouette_of(&point, 100);
    assert_int_equal(seen.count, 1);
    assert_true(silhouette_area(&seen) > 0);
    silhouette_free(&seen);
    mesh_free(&broken);
    mesh_free(&point);
}

/* Prisms over stars by a simple generator, turned; simplified further and further. */
static void test_never_less(void **state)
{
    (void)state;
    uint64_t chance = 7;
    for (int round = 0; round < 60; round++) {
        struct mesh mesh = {0};
        const float middle[3] = {0, 0, 0};
        float rim[24][3];
        for (int i = 0; i < 24; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            double far = 3 + (double)(chance >> 40) / 16777216 * 20;
            rim[i][0] = (float)(far * cos(i * M_PI / 12));
            rim[i][1] = (float)(far * sin(i * M_PI / 12));
            rim[i][2] = 0;
        }
        for (int i = 0; i < 24; i++)
            solids_face(&mesh, middle, rim[i], rim[(i + 1) % 24]);
        struct silhouette seen = silhouette_of(&mesh, 200);
        assert_covers_mesh(&seen, &mesh);
        double area = silhouette_area(&seen);
        static const struct {
            double growth;
            uint32_t corners;
        } steps[] = {{0.002, 500}, {0.02, 48}, {0.1, 12}, {1, 3}};
        for (size_t step = 0; step < sizeof steps / sizeof *steps; step++) {
            silhouette_simplify(&seen, steps[step].growth, steps[step].corners);
            assert_covers_mesh(&seen, &mesh);
            assert_true(silhouette_area(&seen) >= area - 1e-9);
            area = silhouette_area(&seen);
        }
        silhouette_free(&seen);
        mesh_free(&mesh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_angle),   cmocka_unit_test(test_hole_is_filled),
        cmocka_unit_test(test_pieces),  cmocka_unit_test(test_corner_to_corner),
        cmocka_unit_test(test_nothing), cmocka_unit_test(test_never_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
