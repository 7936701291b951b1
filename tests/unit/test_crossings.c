/* Where meshes go through themselves, and where they only touch. */
#include "geometry/crossings.h"

#include "solids.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t pairs(struct mesh *mesh)
{
    struct crossings crossings = crossings_of(mesh);
    assert_true(crossings.complete);
    mesh_free(mesh);
    return crossings.pairs;
}

static void test_one_pair(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_face(&mesh, (float[]){-1, -1, 0}, (float[]){3, -1, 0}, (float[]){-1, 3, 0});
    solids_face(&mesh, (float[]){0, 0, -1}, (float[]){0, 0, 1}, (float[]){-5, -5, 1});
    struct crossings crossings = crossings_of(&mesh);
    assert_int_equal(crossings.pairs, 1);
    for (int axis = 0; axis < 3; axis++)
        assert_true(fabs(crossings.at[axis]) < 1e-12);
    mesh_free(&mesh);
}

/* On the plane, at the edge, at a corner, aside, in one plane over one another: no crossing. */
static void test_touching(void **state)
{
    (void)state;
    const float second[][3][3] = {
        {{0, 0, 0}, {0, 0, 1}, {1, 0, 1}},    {{1, 1, -1}, {1, 1, 1}, {4, 4, 1}},
        {{3, -1, -1}, {3, -1, 1}, {9, 0, 1}}, {{5, 5, -1}, {5, 5, 1}, {9, 9, 1}},
        {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}},    {{-9, -9, 0}, {9, -9, 0}, {0, 9, 0}},
    };
    for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
        struct mesh mesh = {0};
        solids_face(&mesh, (float[]){-1, -1, 0}, (float[]){3, -1, 0}, (float[]){-1, 3, 0});
        solids_face(&mesh, second[i][0], second[i][1], second[i][2]);
        assert_int_equal(pairs(&mesh), 0);
    }
}

static void test_boxes(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_box(&mesh, 0, 0, 0, 10, 10, 10, false);
    solids_box(&mesh, 10, 0, 0, 20, 10, 10, false); /* side by side */
    solids_box(&mesh, 2, 2, 10, 8, 8, 20, false);   /* on top */
    solids_box(&mesh, 2, 2, 2, 8, 8, 8, false);     /* within */
    assert_int_equal(pairs(&mesh), 0);
    mesh = (struct mesh){0};
    solids_box(&mesh, 0, 0, 0, 10, 10, 10, false);
    solids_box(&mesh, 3, 4, 5, 8, 7, 20, false); /* stands in it, its four sides through the top */
    assert_true(pairs(&mesh) >= 4);
}

/* Faces that share a corner and go through one another there. */
static void test_shared_corner(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    solids_face(&mesh, (float[]){0, 0, 0}, (float[]){4, -4, 0}, (float[]){4, 4, 0});
    solids_face(&mesh, (float[]){0, 0, 0}, (float[]){2, 0, -1}, (float[]){2, 0, 1});
    assert_int_equal(pairs(&mesh), 1);
}

/* An edge whose ends are off the plane by one part in 2^49 or not at all, which doubles do not tell apart. */
static void test_near(void **state)
{
    (void)state;
    const float n = 16777215, ends[3][2] = {{1, 1}, {0, 0}, {n - 2, n - 3}};
    const int expected[3] = {1, 0, 0}; /* on the other side, in the plane, on the same side */
    for (int i = 0; i < 3; i++) {
        struct mesh mesh = {0};
        solids_face(&mesh, (float[]){-n, 1 - n, -n}, (float[]){n, n - 1, -n}, (float[]){0, 0, n});
        solids_face(&mesh, (float[]){n - 1, n - 2, -1000}, (float[]){ends[i][0], ends[i][1], -1000},
                    (float[]){n, n - 2, -n / 2});
        assert_int_equal(pairs(&mesh), expected[i]);
    }
}

/* Ever so many in one another: it ends. */
static void test_pile(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    for (int i = 0; i < 60; i++) {
        float x = (float)i;
        solids_face(&mesh, (float[]){x, -100, -100}, (float[]){100 + x, 100, -100},
                    (float[]){-100, x, 100});
    }
    assert_true(pairs(&mesh) > 100);
    assert_int_equal(pairs(&mesh), 0); /* of nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_pair), cmocka_unit_test(test_touching),
        cmocka_unit_test(test_boxes),    cmocka_unit_test(test_shared_corner),
        cmocka_unit_test(test_near),     cmocka_unit_test(test_pile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
