/* What is mended, and what is refused. */
#include "geometry/flaws.h"
#include "geometry/repair.h"

#include "scratch.h"
#include "solids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void turn(struct mesh *mesh, uint32_t face)
{
    uint32_t other = mesh->triangles[face][1];
    mesh->triangles[face][1] = mesh->triangles[face][2];
    mesh->triangles[face][2] = other;
}

static void add_copy(struct mesh *mesh, uint32_t face)
{
    uint32_t at[3];
    memcpy(at, mesh->triangles[face], sizeof at);
    float corners[3][3];
    for (int i = 0; i < 3; i++)
        memcpy(corners[i], mesh->vertices[at[(i + 1) % 3]], sizeof corners[i]);
    solids_face(mesh, corners[0], corners[1], corners[2]);
}

static void test_nothing_to_do(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct repair repair;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    assert_true(mesh_repair(&mesh, &repair));
    assert_true(repair_did_nothing(&repair));
    mesh_free(&mesh);
}

static void test_duplicates(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct repair repair;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    add_copy(&mesh, 3);
    add_copy(&mesh, 3);
    add_copy(&mesh, 7);
    solids_face(&mesh, (float[]){0, 0, 0}, (float[]){0, 0, 0}, (float[]){2, 0, 0});
    assert_true(mesh_repair(&mesh, &repair));
    assert_int_equal(repair.removed, 3);
    assert_int_equal(repair.collapsed, 1);
    assert_int_equal(repair.faces + repair.shells, 0);
    assert_int_equal(mesh.triangle_count, 12);
    assert_true(repair.after.volume_mm3 == 8);
    mesh_free(&mesh);
}

static void test_turned_faces(void **state)
{
    (void)state;
    for (uint32_t pattern = 1; pattern < 4096; pattern += 37) {
        struct mesh mesh = {0};
        struct repair repair;
        solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
        for (uint32_t i = 0; i < 12; i++)
            if (pattern >> i & 1)
                turn(&mesh, i);
        assert_true(mesh_repair(&mesh, &repair));
        assert_true(repair.after.volume_mm3 == 8);
        assert_true(repair.faces <= 6);
        mesh_free(&mesh);
    }
}

/* A hollow body, all of it inside out: both shells are turned. */
static void test_turned_shells(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct repair repair;
    solids_box(&mesh, 0, 0, 0, 10, 10, 10, true);
    solids_box(&mesh, 1, 1, 1, 9, 9, 9, false);
    solids_box(&mesh, 20, 0, 0, 22, 2, 2, false);
    assert_true(mesh_repair(&mesh, &repair));
    assert_int_equal(repair.shells, 2);
    assert_int_equal(repair.faces, 0);
    assert_true(repair.after.volume_mm3 == 1000 - 512 + 8);
    mesh_free(&mesh);
}

static void test_refused(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct repair repair;
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    mesh.triangle_count--; /* a hole */
    assert_false(mesh_repair(&mesh, &repair));
    assert_int_equal(repair.after.flaws[FLAW_OPEN].count, 3);
    mesh_free(&mesh);

    mesh = (struct mesh){0}; /* both look inward: a body in a body, or a hollow one? */
    solids_box(&mesh, 0, 0, 0, 10, 10, 10, true);
    solids_box(&mesh, 1, 1, 1, 9, 9, 9, true);
    assert_false(mesh_repair(&mesh, &repair));
    mesh_free(&mesh);

    mesh = (struct mesh){0}; /* a wall inside, once */
    solids_box(&mesh, 0, 0, 0, 2, 2, 2, false);
    solids_face(&mesh, (float[]){0, 0, 0}, (float[]){2, 0, 0}, (float[]){2, 2, 2});
    assert_false(mesh_repair(&mesh, &repair));
    mesh_free(&mesh);

    mesh = (struct mesh){0};
    assert_false(mesh_repair(&mesh, &repair));
    mesh_free(&mesh);
}

/* A band with half a turn has no outside. */
static void test_moebius(void **state)
{
    (void)state;
    struct mesh mesh = {0};
    struct repair repair;
    const float at[5][3] = {{3, 0, 0}, {1, 3, 0}, {-2, 2, 1}, {-2, -2, 0}, {1, -3, 1}};
    for (int i = 0; i < 5; i++) /* the smallest one: five vertices, five faces */
        solids_face(&mesh, at[i], at[(i + 1) % 5], at[(i + 2) % 5]);
    assert_false(mesh_repair(&mesh, &repair));
    mesh_free(&mesh);
}

static void test_written(void **state)
{
    (void)state;
    struct mesh mesh = {0}, again;
    struct failure failure;
    struct mesh_facts facts;
    solids_box(&mesh, -1, 0, 0.5f, 2, 3, 4, false);
    const char *path = scratch_path("new.stl");
    scratch_write("old.stl", "solid");
    assert_true(mesh_write_stl(&mesh, path, &failure));
    assert_int_equal(mesh_read(path, &again), MESH_READ);
    mesh_examine(&again, &facts);
    assert_true(mesh_is_solid(&facts));
    assert_int_equal(facts.triangles, 12);
    assert_true(facts.volume_mm3 == 3 * 3 * 3.5 && facts.low[0] == -1 && facts.high[2] == 4);
    mesh_free(&again);
    assert_false(mesh_write_stl(&mesh, scratch_path("old.stl/new.stl"), &failure));
    mesh_free(&mesh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_to_do),
        cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_turned_faces),
        cmocka_unit_test(test_turned_shells),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_moebius),
        cmocka_unit_test_setup_teardown(test_written, scratch_open, scratch_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
