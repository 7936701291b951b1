/* Estimates, and the file of answers. */
#include "slicing/answers.h"
#include "slicing/estimate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define KEY_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* ---- estimates ---- */

static double seconds_of(const struct printed_solid *solid)
{
    return rational_to_double(estimate_print(solid).time_s);
}

static double grams_of(const struct printed_solid *solid)
{
    return rational_to_double(estimate_print(solid).mass_g);
}

static void near(double found, double expected, double by)
{
    if (found < expected * (1 - by) || found > expected * (1 + by))
        fail_msg("%g is not within %g of %g", found, by, expected);
}

static double off_by(double found, double expected)
{
    return found > expected ? found / expected - 1 : 1 - found / expected;
}

/* Parts as PrusaSlicer 2.5 sliced them at 0.2 mm and 15 %: on average within a tenth, none by half. */
static void like_the_slicer(void **state)
{
    static const struct {
        double volume_mm3, area_mm2, height_mm, time_s, mass_g;
    } parts[] = {
        {21154.72, 26547.63, 16.0, 11025, 25.96}, {1932.05, 1660.71, 28.0, 1626, 2.50},
        {7744.42, 3806.78, 17.25, 2396, 5.83},    {925.97, 853.86, 12.0, 631, 1.20},
        {968.72, 882.93, 14.0, 698, 1.24},        {1352.75, 1396.89, 4.4, 668, 1.42},
        {13490.29, 7719.18, 23.0, 5306, 11.30},   {2419.73, 2108.20, 4.4, 1069, 2.33},
        {5512.50, 3227.56, 16.7, 2239, 4.67},     {3227.20, 2590.73, 4.4, 1385, 3.02},
        {3416.50, 4315.52, 19.9, 2254, 4.22},     {6693.35, 3552.64, 24.8, 2732, 5.51},
        {2612.76, 2567.68, 4.0, 1320, 2.78},
    };
    enum { COUNT = sizeof parts / sizeof *parts };
    double time_off = 0, mass_off = 0;
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        struct printed_solid solid = {.volume_mm3 = parts[i].volume_mm3,
                                      .area_mm2 = parts[i].area_mm2,
                                      .height_mm = parts[i].height_mm,
                                      .layer_mm = 0.2,
                                      .infill = 0.15,
                                      .density_g_mm3 = 0.00124};
        near(seconds_of(&solid), parts[i].time_s, 0.5);
        near(grams_of(&solid), parts[i].mass_g, 0.5);
        time_off += off_by(seconds_of(&solid), parts[i].time_s) / COUNT;
        mass_off += off_by(grams_of(&solid), parts[i].mass_g) / COUNT;
    }
    if (time_off > 0.12 || mass_off > 0.1)
        fail_msg("time is off by %g, mass by %g", time_off, mass_off);
}

static void as_one_expects(void **state)
{
    const struct printed_solid cube = {8000, 2400, 20, 0.2, 0.15, 0.00124};
    struct printed_solid other = cube;
    (void)state;
    other.layer_mm = 0.1;
    assert_true(seconds_of(&other) > 1.5 * seconds_of(&cube));
    near(grams_of(&other), grams_of(&cube), 0.001);
    other = cube;
    other.infill = 1;
    near(grams_of(&other), 9.92, 0.001); /* never more than solid */
    assert_true(seconds_of(&other) > seconds_of(&cube));
    other = cube;
    other.density_g_mm3 *= 2;
    near(grams_of(&other), 2 * grams_of(&cube), 0.01);
    /* a speck and a block: no figure is nothing, none is endless */
    other = (struct printed_solid){1e-9, 1e-6, 1e-3, 0.2, 0.15, 0.00124};
    assert_true(seconds_of(&other) >= 1 && grams_of(&other) > 0);
    other = (struct printed_solid){1e30, 1e25, 1e10, 0.2, 1, 0.00124};
    assert_true(seconds_of(&other) <= 1e12 && grams_of(&other) <= 1e12);
}

/* ---- answers ---- */

static struct answer *read_text(const char *text, struct arena *arena)
{
    return answers_read(text, strlen(text), arena);
}

static void there_and_back(void **state)
{
    static const char text[] =
        "# What the slicer said of each plate. flowc slice writes it, flowc cost reads it: keep it "
        "in git.\n"
        "# what was sliced, s, g by tool, mm by tool, slicer, whose plate\n" KEY_A
        " 4800 32 10730 PrusaSlicer 2.5.0 CC-1 run on mk4\n" KEY_B
        " 61.5 12.34,-,0.5 - X - CC-2 run on mk4\n";
    struct arena arena = {0};
    struct buffer out = {0};
    (void)state;
    struct answer *answers = read_text(text, &arena);
    answers_print(&out, answers);
    assert_string_equal(out.text, text);
    assert_string_equal(answers->key, KEY_A);
    assert_string_equal(answers->label, "CC-1 run on mk4");
    assert_true(rational_equal(answers->next->facts.total_g.number, rational_fraction(1284, 100)));
    assert_int_equal(answers->next->facts.tool_count, 3);
    assert_false(answers->next->facts.tools[1].mass_g.said);
    assert_false(answers->next->facts.total_mm.said);
    buffer_free(&out);
    arena_free(&arena);
}

/* A conflict of git, Windows' line ends, a line cut off: what is an answer is read. */
static void damaged(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct answer *answers = read_text("<<<<<<< ours\n" KEY_A " 1 2 3 P 1 a\n=======\n" KEY_B
                                       " 4 5 6 P 1 a\r\n>>>>>>> theirs\n" KEY_A " 1 2\n" KEY_A
                                       " x 2 3 P 1 b\nshort 1 2 3 P 1 c\n" KEY_A " 1 2,, 3 P 1 d\n",
                                       &arena);
    assert_string_equal(answers->key, KEY_A);
    assert_string_equal(answers->next->key, KEY_B);
    assert_string_equal(answers->next->label, "a");
    assert_null(answers->next->next);
    assert_null(read_text("", &arena));
    arena_free(&arena);
}

static void put_by_label(void **state)
{
    struct arena arena = {0};
    (void)state;
    struct answer *answers = NULL;
    static const char *const labels[] = {"b", "c", "a", "b"};
    for (int i = 0; i < 4; i++) {
        struct answer *new = ARENA_NEW(&arena, struct answer);
        new->label = labels[i];
        new->key[0] = (char)('0' + i);
        answers = answers_put(answers, new);
    }
    assert_string_equal(answers->label, "a");
    assert_string_equal(answers->next->label, "b");
    assert_string_equal(answers->next->key, "3");
    assert_string_equal(answers->next->next->label, "c");
    assert_null(answers->next->next->next);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_the_slicer), cmocka_unit_test(as_one_expects),
        cmocka_unit_test(there_and_back),  cmocka_unit_test(damaged),
        cmocka_unit_test(put_by_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
