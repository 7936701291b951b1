/* Stacking: parts come down into one another as far as their clearance lets them, builds are as high as the machine at most;
   and the checker, which measures between the triangles. */
#include "packing/stack.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A bar along y, from 0 to 30 mm, of any outline that is seen from the front. */
static struct mesh bar(const float (*outline)[2], uint32_t count)
{
    struct mesh mesh = {.vertex_count = 2 * count, .triangle_count = 4 * count - 4};
    mesh.vertices = memory_alloc(mesh.vertex_count * sizeof *mesh.vertices);
    mesh.triangles = memory_alloc(mesh.triangle_count * sizeof *mesh.triangles);
    uint32_t(*next)[3] = mesh.triangles;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t k = (i + 1) % count;
        for (uint32_t end = 0; end < 2; end++) {
            mesh.vertices[end * count + i][0] = outline[i][0];
            mesh.vertices[end * count + i][1] = end ? 30 : 0;
            mesh.vertices[end * count + i][2] = outline[i][1];
        }
        memcpy(next++, (uint32_t[]){i, k, count + k}, sizeof *next);
        memcpy(next++, (uint32_t[]){i, count + k, count + i}, sizeof *next);
        if (i + 2 < count) { /* the outlines are seen whole from their first corner */
            memcpy(next++, (uint32_t[]){0, i + 2, i + 1}, sizeof *next);
            memcpy(next++, (uint32_t[]){count, count + i + 1, count + i + 2}, sizeof *next);
        }
    }
    return mesh;
}

static const float left_outline[4][2] = {{0, 0}, {10, 10}, {10, 13}, {0, 3}};
static const float box_outline[4][2] = {{0, 0}, {10, 0}, {10, 20}, {0, 20}};

struct shop {
    struct mesh mesh;
    struct silhouette silhouette;
    struct packing_part part;
    struct packing_request plates;
    struct stack_request stack;
};

static void shop_open(struct shop *shop, const float (*outline)[2], uint32_t corners,
                      uint32_t count, bool sets, double height_mm)
{
    shop->mesh = bar(outline, corners);
    shop->silhouette = silhouette_of(&shop->mesh, 256);
    shop->part = (struct packing_part){&shop->silhouette, count};
    shop->plates = (struct packing_request){.width_mm = 12,
                                            .depth_mm = 32,
                                            .clearance_mm = 1,
                                            .turns = 1,
                                            .seed = 1,
                                            .effort = 100000,
                                            .sets = sets,
                                            .parts = &shop->part,
                                            .part_count = 1};
    shop->stack = (struct stack_request){&shop->plates, &shop->mesh, height_mm};
}

static void shop_close(struct shop *shop)
{
    mesh_free(&shop->mesh);
    silhouette_free(&shop->silhouette);
}

static struct packing stacked(const struct shop *shop)
{
    struct failure failure = {""};
    struct packing packing = pack(&shop->plates);
    stack_plates(&shop->stack, &packing);
    if (!stack_verify(&shop->stack, &packing, &failure))
        fail_msg("%s", failure.message);
    return packing;
}

/* A slope of 45 degrees, 3 mm thick: apart by 1 mm where one is 3 + sqrt(2) mm over the other, and by boxes 14 mm. */
static void test_slopes_nest(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, left_outline, 4, 5, false, 60);
    struct packing packing = stacked(&shop);
    assert_int_equal(packing.count, 5);
    assert_int_equal(packing.plates, 1);
    for (uint32_t i = 1; i < 5; i++) {
        double step = packing.placements[i].z_mm - packing.placements[i - 1].z_mm;
        assert_true(step >= 3 + sqrt(2) - 2e-3 && step < 9);
    }
    packing_free(&packing);
    shop_close(&shop);
}

/* Boxes of 20 mm, 1 mm apart: three in 62 mm, and a fourth in a build of its own. */
static void test_height(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, box_outline, 4, 4, false, 62);
    struct packing packing = stacked(&shop);
    assert_int_equal(packing.plates, 2);
    assert_true(packing.placements[2].z_mm == 42 && packing.placements[2].plate == 0);
    assert_true(packing.placements[3].z_mm == 0 && packing.placements[3].plate == 1);
    packing_free(&packing);
    shop_close(&shop);
    shop_open(&shop, box_outline, 4, 1, true, 82.9); /* as many as there is room for */
    packing = stacked(&shop);
    assert_int_equal(packing.count, 3);
    assert_int_equal(packing.placed[0], 3);
    packing_free(&packing);
    shop_close(&shop);
}

static bool is_sound(const struct shop *shop, struct placement a, struct placement b)
{
    struct placement both[] = {a, b};
    struct packing packing = {2, 1, both, NULL, 0};
    struct failure failure;
    return stack_verify(&shop->stack, &packing, &failure);
}

static void test_checker(void **state)
{
    (void)state;
    struct shop shop;
    shop_open(&shop, left_outline, 4, 1, false, 60);
    const struct placement here = {0, 0, 0, 1, 1, 0};
    assert_true(is_sound(&shop, here, (struct placement){0, 0, 0, 1, 1, 4.42}));
    assert_false(is_sound(&shop, here, (struct placement){0, 0, 0, 1, 1, 4.40}));
    assert_false(is_sound(&shop, here, (struct placement){0, 0, 0, 1, 1, 0.5}));
    assert_false(is_sound(&shop, here, here));
    assert_true(is_sound(&shop, here, (struct placement){0, 1, 0, 1, 1, 0.5})); /* another build */
    assert_false(is_sound(&shop, here, (struct placement){0, 0, 0, 1, 1, 47.1})); /* too high */
    /* above and aside; crossing */
    assert_true(is_sound(&shop, here, (struct placement){0, 0, 180, 22.1, 31, 0}));
    assert_false(is_sound(&shop, here, (struct placement){0, 0, 180, 11, 31, 0}));
    assert_false(is_sound(&shop, here, (struct placement){0, 0, 90, 31, 10, 1}));
    shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slopes_nest),
        cmocka_unit_test(test_height),
        cmocka_unit_test(test_checker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
