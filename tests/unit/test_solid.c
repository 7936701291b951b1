/* Meshes examined: edges, shells and how they nest, duplicates, volumes. */
#include "geometry/boxes.h"
#include "geometry/solid.h"

#include "solids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static uint32_t flaws(const struct solid *solid, enum flaw flaw)
{
    return solid->facts.flaws[flaw].count;
}

static void finish(struct mesh *mesh, struct solid *solid)
{
    solid_free(solid);
    mesh_free(mesh);
}

static void assert_near(double a, double b)
{
    assert_true(a > b - 1e-9 && a < b + 1e-9);
}

static void test_cube(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 100, 0, 0, 102, 3, 4, false);
    solid_examine(&mesh, &solid);
    assert_int_equal(solid.facts.triangles, 12);
    assert_int_equal(solid.facts.vertices, 8);
    assert_int_equal(solid.facts.edges, 18);
    assert_int_equal(solid.facts.shells, 1);
    assert_int_equal(solid.facts.pieces, 1);
    assert_near(solid.facts.volume_mm3, 24);
    assert_near(solid.facts.area_mm2, 52);
    assert_near(solid.facts.low[0], 100);
    assert_near(solid.facts.high[2], 4);
    assert_true(solid.facts.closed && solid.facts.two_manifold && solid.facts.nested);
    for (enum flaw flaw = 0; flaw < FLAW_COUNT; flaw++)
        assert_int_equal(flaws(&solid, flaw), 0);
    finish(&mesh, &solid);
}

static void test_nothing(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solid_examine(&mesh, &solid);
    assert_false(solid.facts.closed);
    assert_int_equal(solid.facts.shells, 0);
    assert_near(solid.facts.high[0], 0);
    finish(&mesh, &solid);
}

static void test_open(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    mesh.triangle_count--; /* half of the top is gone: 0 0 2, 2 2 2, 0 2 2 */
    solid_examine(&mesh, &solid);
    assert_false(solid.facts.closed);
    assert_int_equal(flaws(&solid, FLAW_OPEN), 3);
    assert_int_equal(flaws(&solid, FLAW_UNEVEN), 0);
    assert_near(solid.facts.flaws[FLAW_OPEN].at[2], 2);
    assert_false(solid.shells[0].closed);
    finish(&mesh, &solid);
}

static void test_one_face_turned(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    uint32_t *face = mesh.triangles[0], other = face[0];
    face[0] = face[1];
    face[1] = other;
    solid_examine(&mesh, &solid);
    assert_false(solid.facts.closed);
    assert_int_equal(flaws(&solid, FLAW_FLIPPED), 3);
    assert_int_equal(flaws(&solid, FLAW_OPEN), 0);
    finish(&mesh, &solid);
}

static void test_inside_out(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, true);
    solid_examine(&mesh, &solid);
    assert_true(solid.facts.closed && solid.shells[0].inside_out);
    assert_int_equal(flaws(&solid, FLAW_INSIDE_OUT), 1);
    assert_near(solid.facts.volume_mm3, -8);
    assert_near(solid.facts.flaws[FLAW_INSIDE_OUT].at[0], 1);
    finish(&mesh, &solid);
}

/* A hollow body, in whose cavity lies a body, beside another body. */
static void test_nested(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 1, 1, 1, 9, 9, 9, true);
    solids_box(&mesh, 0, 0, 0, 10, 10, 10, false);
    solids_box(&mesh, 4, 4, 4, 6, 6, 6, false);
    solids_box(&mesh, 20, 0, 0, 22, 2, 2, false);
    solid_examine(&mesh, &solid);
    assert_true(solid.facts.closed && solid.facts.nested);
    assert_int_equal(solid.facts.shells, 4);
    assert_int_equal(flaws(&solid, FLAW_INSIDE_OUT), 0);
    assert_int_equal(flaws(&solid, FLAW_WITHIN), 0);
    assert_int_equal(solid.shells[0].inside, 1);
    assert_int_equal(solid.shells[1].inside, NO_SHELL);
    assert_int_equal(solid.shells[2].inside, 0);
    assert_int_equal(solid.shells[2].depth, 2);
    assert_int_equal(solid.shells[3].inside, NO_SHELL);
    assert_near(solid.facts.volume_mm3, 1000 - 512 + 8 + 8);
    finish(&mesh, &solid);
}

static void test_nested_wrongly(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 10, 10, 10, true); /* all of it inside out */
    solids_box(&mesh, 1, 1, 1, 9, 9, 9, false);
    solids_box(&mesh, 20, 0, 0, 30, 10, 10, false); /* a body in a body */
    solids_box(&mesh, 21, 1, 1, 29, 9, 9, false);
    solid_examine(&mesh, &solid);
    assert_int_equal(flaws(&solid, FLAW_INSIDE_OUT), 2);
    assert_true(solid.shells[0].inside_out && solid.shells[1].inside_out);
    assert_int_equal(flaws(&solid, FLAW_WITHIN), 1);
    assert_near(solid.facts.flaws[FLAW_WITHIN].at[0], 25);
    finish(&mesh, &solid);
}

/* Bodies side by side, face on face, are not in one another, however the lines fall. */
static void test_touching(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 10, 10, 10, false);
    solids_box(&mesh, 2, 2, 10, 8, 8, 20, false);
    solids_box(&mesh, 10, 2, 2, 20, 8, 8, false);
    solid_examine(&mesh, &solid);
    assert_int_equal(solid.facts.shells, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(solid.shells[i].depth, 0);
    finish(&mesh, &solid);
}

/* Two cubes along one edge print well: closed, one shell, and an edge with four faces. */
static void test_shared_edge(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 1, 1, 1, false);
    solids_box(&mesh, 1, 1, 0, 2, 2, 1, false);
    solid_examine(&mesh, &solid);
    assert_true(solid.facts.closed);
    assert_false(solid.facts.two_manifold);
    assert_int_equal(flaws(&solid, FLAW_CROWDED), 1);
    assert_int_equal(flaws(&solid, FLAW_DUPLICATE), 0);
    assert_int_equal(solid.facts.shells, 1);
    finish(&mesh, &solid);
}

static void test_shared_vertex(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 1, 1, 1, false);
    solids_box(&mesh, 1, 1, 1, 2, 2, 2, false);
    solid_examine(&mesh, &solid);
    assert_true(solid.facts.two_manifold);
    assert_int_equal(solid.facts.shells, 2);
    assert_int_equal(solid.facts.pieces, 1);
    finish(&mesh, &solid);
}

/* One side has a corner in the middle of an edge, the other has not: the edge is open on both. */
static void test_t_junction(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    mesh.triangle_count--;
    solids_face(&mesh, (float[]){0, 0, 2}, (float[]){2, 2, 2}, (float[]){1, 2, 2});
    solids_face(&mesh, (float[]){0, 0, 2}, (float[]){1, 2, 2}, (float[]){0, 2, 2});
    solid_examine(&mesh, &solid);
    assert_false(solid.facts.closed);
    assert_int_equal(flaws(&solid, FLAW_OPEN), 3);
    solids_face(&mesh, (float[]){2, 2, 2}, (float[]){0, 2, 2}, (float[]){1, 2, 2});
    solid_free(&solid);
    solid_examine(&mesh, &solid); /* a face without area closes it */
    assert_true(solid.facts.closed);
    assert_int_equal(flaws(&solid, FLAW_FLAT), 1);
    finish(&mesh, &solid);
}

static void test_duplicates(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    uint32_t copy[3];
    memcpy(copy, mesh.triangles[4], sizeof copy);
    solids_face(&mesh, mesh.vertices[copy[1]], mesh.vertices[copy[2]], mesh.vertices[copy[0]]);
    solids_face(&mesh, (float[]){5, 0, 0}, (float[]){6, 0, 0},
                (float[]){5, 1, 0}); /* back to back */
    solids_face(&mesh, (float[]){5, 0, 0}, (float[]){5, 1, 0}, (float[]){6, 0, 0});
    solids_face(&mesh, (float[]){7, 0, 0}, (float[]){7, 0, 0}, (float[]){6, 0, 0});
    solid_examine(&mesh, &solid);
    assert_int_equal(flaws(&solid, FLAW_DUPLICATE), 2);
    assert_int_equal(flaws(&solid, FLAW_COLLAPSED), 1);
    assert_int_equal(flaws(&solid, FLAW_CROWDED), 3);
    assert_int_equal(flaws(&solid, FLAW_UNEVEN), 3);
    assert_int_equal(solid.facts.shells, 2);
    assert_int_equal(solid.shell_of[mesh.triangle_count - 1], NO_SHELL);
    finish(&mesh, &solid);
}

/* The corner of one face was rounded to the next float. */
static void test_rounded(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct solid solid;
    struct mesh_facts exact;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    mesh.triangle_count--;
    solids_face(&mesh, (float[]){0, 0, 2}, (float[]){2, 2, 2}, (float[]){0x1p-22f, 2, 2});
    solid_examine_joined(&mesh, &solid, &exact);
    assert_false(exact.closed);
    assert_int_equal(exact.vertices, 9);
    assert_int_equal(exact.flaws[FLAW_OPEN].count, 4);
    assert_true(solid.facts.closed);
    assert_int_equal(solid.facts.joined, 1);
    assert_int_equal(solid.facts.vertices, 8);
    solid_free(&solid);
    mesh.triangle_count--; /* open either way: then the mesh stays as it was */
    solids_face(&mesh, (float[]){5, 0, 2}, (float[]){2, 2, 2}, (float[]){0x1p-22f, 2, 2});
    solid_examine_joined(&mesh, &solid, &exact);
    assert_false(solid.facts.closed);
    assert_int_equal(solid.facts.joined, 0);
    assert_memory_equal(&exact, &solid.facts, sizeof exact);
    finish(&mesh, &solid);
}

/* ---- boxes ---- */

struct found {
    int count;
    bool met[1000];
};

static bool find(void *context, uint32_t face)
{
    struct found *found = context;
    assert_false(found->met[face]);
    found->met[face] = true;
    found->count++;
    return found->count < 900;
}

static void test_boxes(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    for (int i = 0; i < 64; i++) {
        float x = (float)(i % 4) * 10, y = (float)(i / 4 % 4) * 10, z = (float)(i / 16) * 10;
        solids_box(&mesh, x, y, z, x + 1, y + 1, z + 1, false);
    }
    struct box_tree tree = boxes_build(&mesh);
    struct found all = {0}, one = {0}, none = {0};
    boxes_visit(&tree, (float[]){-1, -1, -1}, (float[]){50, 50, 50}, find, &all);
    assert_int_equal(all.count, 64 * 12);
    boxes_visit(&tree, (float[]){20, 10, 30}, (float[]){20.5f, 10.5f, 30.5f}, find, &one);
    for (int i = 0; i < 12; i++)
        assert_true(one.met[(2 + 4 + 3 * 16) * 12 + i]);
    assert_true(one.count < 60);
    boxes_visit(&tree, (float[]){3, 3, 3}, (float[]){4, 4, 4}, find, &none);
    assert_true(none.count < 60);
    boxes_free(&tree);
    mesh_free(&mesh);
    struct mesh empty = {0};
    tree = boxes_build(&empty);
    boxes_visit(&tree, (float[]){3, 3, 3}, (float[]){4, 4, 4}, find, &none);
    boxes_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cube),           cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_open),           cmocka_unit_test(test_one_face_turned),
        cmocka_unit_test(test_inside_out),     cmocka_unit_test(test_nested),
        cmocka_unit_test(test_nested_wrongly), cmocka_unit_test(test_touching),
        cmocka_unit_test(test_shared_edge),    cmocka_unit_test(test_shared_vertex),
        cmocka_unit_test(test_t_junction),     cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_rounded),        cmocka_unit_test(test_boxes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
