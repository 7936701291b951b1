/* Packing: sound plates, as many as there must be at least, the same ones each time; and the checker that says so. */
#include "packing/form.h"
#include "packing/nofit.h"
#include "packing/packing.h"
#include "packing/verify.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- outlines ---- */

static double angle_points[6][2] = {{0, 0}, {40, 0}, {40, 10}, {10, 10}, {10, 30}, {0, 30}};
static double square_points[4][2] = {{0, 0}, {20, 0}, {20, 20}, {0, 20}};
static double triangle_points[3][2] = {{0, 0}, {50, 0}, {0, 40}};
static struct ring angle_ring = {6, angle_points}, square_ring = {4, square_points},
                   triangle_ring = {3, triangle_points};
static const struct silhouette angle = {1, &angle_ring}, square = {1, &square_ring},
                               triangle = {1, &triangle_ring};

static struct packing_request request_of(const struct packing_part *parts, uint32_t count)
{
    return (struct packing_request){.width_mm = 250,
                                    .depth_mm = 210,
                                    .clearance_mm = 2,
                                    .turns = 4,
                                    .seed = 1,
                                    .effort = 3000000,
                                    .parts = parts,
                                    .part_count = count};
}

static struct packing pack_sound(const struct packing_request *request)
{
    struct packing packing = pack(request);
    struct failure failure = {""};
    if (!plates_verify(request, &packing, &failure))
        fail_msg("%s", failure.message);
    return packing;
}

/* ---- convex pieces ---- */

static double area_of(const struct spot *corners, const uint32_t *order, uint32_t count)
{
    double area = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct spot a = corners[order[i]], b = corners[order[(i + 1) % count]];
        area += ((double)a.x * b.y - (double)a.y * b.x) / 2;
    }
    return area;
}

/* The pieces of a comb cover it, each is convex, and none covers what another does: their areas sum up. */
static void test_pieces(void **state)
{
    (void)state;
    const struct spot comb[] = {{0, 0},   {70, 0},  {70, 50}, {60, 50}, {60, 10},
                                {50, 10}, {50, 50}, {40, 50}, {40, 10}, {30, 10},
                                {30, 50}, {0, 50},  {0, 25}};
    enum { COUNT = sizeof comb / sizeof *comb };
    uint32_t order[3 * COUNT], ends[COUNT];
    uint32_t pieces = convex_pieces(comb, COUNT, order, ends);
    double area = 0;
    assert_in_range(pieces, 3, 6);
    for (uint32_t piece = 0, first = 0; piece < pieces; first = ends[piece++]) {
        struct spot hull[COUNT];
        uint32_t count = ends[piece] - first, identity[COUNT];
        for (uint32_t i = 0; i < count; i++) {
            hull[i] = comb[order[first + i]];
            identity[i] = i;
        }
        double own = area_of(comb, &order[first], count);
        assert_true(own == area_of(hull, identity, convex_hull(hull, count)));
        area += own;
    }
    assert_true(area == 70 * 50 - 2 * 10 * 40);
    const struct spot crossed[] = {{0, 0}, {10, 10}, {10, 0}, {0, 10}, {-5, 5}, {15, 5}};
    assert_int_equal(convex_pieces(crossed, 2, order, ends), 0);
    convex_pieces(crossed, 6, order, ends); /* whatever comes of it, it ends */
}

/* ---- no-fit ---- */

static bool squares_overlap(struct spot at)
{
    return abs(at.x) < 20000 && abs(at.y) < 20000;
}

static void test_nofit(void **state)
{
    (void)state;
    struct form form = form_of(&square, 0, 0, 0);
    struct nofit *nofit = nofit_of(&form, &form);
    for (int32_t x = -20001; x <= 20001; x += 20001 / 3)
        for (int32_t y = -20001; y <= 20001; y += 20001 / 3)
            assert_int_equal(nofit_depth(nofit, (struct spot){x, y}, 0) > 0,
                             squares_overlap((struct spot){x, y}));
    assert_true(nofit_depth(nofit, (struct spot){19999, 0}, HUGE_VAL) > 0);
    assert_true(nofit_depth(nofit, (struct spot){20000, 0}, HUGE_VAL) == 0);
    struct range range;
    for (int along_y = 0; along_y < 2; along_y++) {
        assert_int_equal(nofit_ranges(nofit, along_y, 12345, &range), 1);
        assert_int_equal(range.low, -19999);
        assert_int_equal(range.high, 19999);
        assert_int_equal(nofit_ranges(nofit, along_y, 20000, &range), 0);
    }
    nofit_free(nofit);
    form_free(&form);
}

/* A line's ranges are what the depths along it say, for forms in several pieces, and turned. */
static void test_lines(void **state)
{
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        struct form one = form_of(&angle, 30, 1, 0), other = form_turned(&one, turn);
        struct nofit *nofit = nofit_of(&one, &other);
        struct range *ranges = memory_alloc(nofit->piece_count * sizeof *ranges);
        for (int32_t at = -60000; at <= 60000; at += 7001)
            for (int along_y = 0; along_y < 2; along_y++) {
                uint32_t count = nofit_ranges(nofit, along_y, at, ranges);
                for (int32_t along = -60000; along < 60000; along += 997) {
                    bool in = false;
                    for (uint32_t i = 0; i < count; i++)
                        in |= ranges[i].low <= along && along <= ranges[i].high;
                    struct spot spot =
                        along_y ? (struct spot){at, along} : (struct spot){along, at};
                    assert_int_equal(in, nofit_depth(nofit, spot, 0) > 0);
                }
                for (uint32_t i = 0; i < count; i++) { /* to the micrometre */
                    struct spot last = along_y ? (struct spot){at, ranges[i].low}
                                               : (struct spot){ranges[i].low, at};
                    assert_true(nofit_depth(nofit, last, 0) > 0);
                }
            }
        free(ranges);
        nofit_free(nofit);
        form_free(&other);
        form_free(&one);
    }
}

/* ---- plates ---- */

static void test_squares(void **state)
{
    (void)state;
    struct packing_part part = {&square, 1};
    struct packing_request request = request_of(&part, 1);
    request.sets = true;
    struct packing packing = pack_sound(&request);
    assert_int_equal(packing.count, 11 * 9); /* 11 * 22 - 2 = 240, 9 * 22 - 2 = 196 */
    packing_free(&packing);
    request.clearance_mm = 0;
    packing = pack_sound(&request);
    assert_int_equal(packing.count, 12 * 10);
    packing_free(&packing);
    request.clearance_mm = 2;
    request.brim_mm = 3;
    packing = pack_sound(&request); /* 28 apart, from brim to brim */
    assert_int_equal(packing.count, 9 * 7);
    packing_free(&packing);
}

/* Two angles make a block: a grid of boxes holds 5 * 6 of them. */
static void test_angles_nest(void **state)
{
    (void)state;
    struct packing_part part = {&angle, 1};
    struct packing_request request = request_of(&part, 1);
    request.sets = true;
    struct packing packing = pack_sound(&request);
    assert_true(packing.count >= 50);
    packing_free(&packing);
}

static void test_keep_outs(void **state)
{
    (void)state;
    struct packing_part part = {&square, 1};
    struct packing_request request = request_of(&part, 1);
    const struct bed_area areas[] = {{{0, 0}, {250, 30}}, {{100, 100}, {140, 140}}};
    request.sets = true;
    request.keep_outs = areas;
    request.keep_out_count = 2;
    struct packing packing = pack_sound(&request);
    assert_in_range(packing.count, 70,
                    84); /* 88 without the block, which takes 4 of them at least */
    packing_free(&packing);
    request.keep_out_count = 1;
    const struct bed_area all = {{0, 0}, {250, 200}};
    request.keep_outs = &all;
    packing = pack_sound(&request);
    assert_int_equal(packing.count, 0);
    assert_int_equal(packing.plates, 0);
    packing_free(&packing);
}

static void test_counts(void **state)
{
    (void)state;
    struct packing_part parts[] = {{&angle, 30}, {&square, 60}, {&triangle, 25}};
    struct packing_request request = request_of(parts, 3);
    struct packing packing = pack_sound(&request);
    assert_int_equal(packing.plates, 2); /* 67,000 mm^2 without clearance; a bed has 52,500 */
    for (int i = 0; i < 3; i++)
        assert_int_equal(packing.placed[i], parts[i].count);
    packing_free(&packing);
    struct packing_part alone = {&square, 250};
    request = request_of(&alone, 1);
    packing = pack_sound(&request);
    assert_int_equal(packing.count, 250);
    assert_int_equal(packing.plates, 3);
    packing_free(&packing);
}

static void test_sets(void **state)
{
    (void)state;
    struct packing_part parts[] = {{&angle, 1}, {&square, 2}};
    struct packing_request request = request_of(parts, 2);
    request.sets = true;
    struct packing packing = pack_sound(&request);
    assert_int_equal(packing.plates, 1);
    assert_int_equal(packing.placed[1], 2 * packing.placed[0]);
    assert_in_range(packing.placed[0], 22, 30);
    packing_free(&packing);
}

static void test_too_large(void **state)
{
    (void)state;
    double points[4][2] = {{0, 0}, {260, 0}, {260, 20}, {0, 20}};
    struct ring ring = {4, points};
    struct silhouette bar = {1, &ring};
    struct packing_part parts[] = {{&bar, 2}, {&square, 3}};
    struct packing_request request = request_of(parts, 2);
    struct packing packing = pack_sound(&request);
    assert_int_equal(packing.placed[0], 0);
    assert_int_equal(packing.placed[1], 3);
    packing_free(&packing);
    request.part_count = 1;
    packing = pack_sound(&request);
    assert_int_equal(packing.count, 0);
    packing_free(&packing);
    request.turns = 8; /* across the corner */
    packing = pack_sound(&request);
    assert_int_equal(packing.placed[0], 2);
    packing_free(&packing);
}

/* As wide as the bed: one in a row. */
static void test_just_fits(void **state)
{
    (void)state;
    double points[4][2] = {{0, 0}, {250, 0}, {250, 19}, {0, 19}};
    struct ring ring = {4, points};
    struct silhouette bar = {1, &ring};
    struct packing_part part = {&bar, 25};
    struct packing_request request = request_of(&part, 1);
    struct packing packing = pack_sound(&request);
    assert_int_equal(packing.count, 25);
    assert_int_equal(packing.plates, 3); /* ten on each: 10 * 21 - 2 = 208 */
    packing_free(&packing);
}

static void test_same_again(void **state)
{
    (void)state;
    struct packing_part parts[] = {{&angle, 30}, {&triangle, 40}};
    struct packing_request request = request_of(parts, 2);
    struct packing first = pack_sound(&request), second = pack_sound(&request);
    assert_int_equal(first.count, second.count);
    assert_int_equal(first.spent, second.spent);
    assert_memory_equal(first.placements, second.placements,
                        first.count * sizeof *first.placements);
    packing_free(&first);
    packing_free(&second);
}

/* ---- the checker ---- */

static bool is_sound(double clearance, struct placement a, struct placement b)
{
    struct packing_part part = {&angle, 1};
    struct packing_request request = request_of(&part, 1);
    struct placement both[] = {a, b};
    struct packing packing = {2, 1, both, NULL, 0};
    struct failure failure;
    request.clearance_mm = clearance;
    return plates_verify(&request, &packing, &failure);
}

static void test_checker(void **state)
{
    (void)state;
    const struct placement here = {0, 0, 0, 10, 10, 0};
    assert_true(is_sound(2, here, (struct placement){0, 0, 0, 52, 10, 0}));
    assert_false(is_sound(2, here, (struct placement){0, 0, 0, 51.99, 10, 0}));
    assert_false(is_sound(2, here, (struct placement){0, 0, 0, 10, 10, 0}));
    /* in the bay of the other */
    assert_true(is_sound(2, here, (struct placement){0, 0, 180, 62, 52, 0}));
    assert_true(is_sound(2, here, (struct placement){0, 0, 0, 22, 22, 0}));
    assert_false(is_sound(2, here, (struct placement){0, 0, 0, 21.9, 22, 0}));
    /* touching, where nothing is asked; crossing without a corner inside of the other */
    assert_true(is_sound(0, here, (struct placement){0, 0, 0, 50, 10, 0}));
    assert_false(is_sound(0, here, (struct placement){0, 0, 0, 49.9, 10, 0}));
    assert_false(is_sound(0, here, (struct placement){0, 0, 90, 45, 5, 0}));
    /* another plate; over the edge */
    assert_true(is_sound(2, here, (struct placement){0, 1, 0, 10, 10, 0}));
    assert_false(is_sound(2, here, (struct placement){0, 0, 0, 211, 100, 0}));
    assert_false(is_sound(2, here, (struct placement){0, 0, 180, 39, 100, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),      cmocka_unit_test(test_nofit),
        cmocka_unit_test(test_lines),       cmocka_unit_test(test_squares),
        cmocka_unit_test(test_angles_nest), cmocka_unit_test(test_keep_outs),
        cmocka_unit_test(test_counts),      cmocka_unit_test(test_sets),
        cmocka_unit_test(test_too_large),   cmocka_unit_test(test_same_again),
        cmocka_unit_test(test_just_fits),   cmocka_unit_test(test_checker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
