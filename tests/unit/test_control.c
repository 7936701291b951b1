/* Control charts against figures that are published, the zone rules on both sides, and points on the lines themselves.
   `test_control FILE` prints the chart of the readings in a file, exactly, for tests/oracle/check_control.py. */
#include "base/buffer.h"
#include "base/file.h"
#include "trace/control.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static void assert_near(struct rational said, double expected, double most)
{
    if (!(fabs(rational_to_double(said) - expected) <= most))
        fail_msg("%.9f instead of %.9f", rational_to_double(said), expected);
}

/* Numbers of so many thousandths. */
static struct rational *thousandths(const int *numbers, int count, struct arena *arena)
{
    struct rational *readings = ARENA_ARRAY(arena, struct rational, count);
    for (int i = 0; i < count; i++)
        readings[i] = rational_fraction(numbers[i], 1000);
    return readings;
}

/* ---- published figures ---- */

/* The factors of control charts as every book has them (NIST/SEMATECH e-Handbook 6.3.2.1; Montgomery, appendix VI),
   n = 2 to 10: A2 = 3 / (d2 sqrt n), D3 and D4 = 1 -+ 3 d3 / d2. */
static void factors_are_those_of_the_tables(void **unused)
{
    static const struct {
        double mean_range, a2, d3, d4;
    } published[] = {[2] = {1.128, 1.880, 0, 3.267},     [3] = {1.693, 1.023, 0, 2.574},
                     [4] = {2.059, 0.729, 0, 2.282},     [5] = {2.326, 0.577, 0, 2.114},
                     [6] = {2.534, 0.483, 0, 2.004},     [7] = {2.704, 0.419, 0.076, 1.924},
                     [8] = {2.847, 0.373, 0.136, 1.864}, [9] = {2.970, 0.337, 0.184, 1.816},
                     [10] = {3.078, 0.308, 0.223, 1.777}};
    (void)unused;
    for (int n = 2; n <= 10; n++) {
        /* two groups, each from 0 to 1: the mean range is one */
        struct arena arena = {0};
        struct control control;
        struct rational *readings = ARENA_ARRAY(&arena, struct rational, 2 * n);
        int sizes[] = {n, n};
        for (int i = 0; i < 2 * n; i++)
            readings[i] = rational_integer(i % n == 0);
        control_of_groups(readings, sizes, 2, false, &arena, &control);
        assert_near(control_mean_range(n), published[n].mean_range, 0.0005);
        const struct control_point *mean = &control.values.points[0];
        assert_near(rational_subtract(mean->upper, mean->centre), published[n].a2, 0.0006);
        assert_near(control.ranges.points[0].centre, 1, 1e-9);
        assert_near(control.ranges.points[0].upper, published[n].d4, 0.0011);
        assert_near(control.ranges.points[0].lower, published[n].d3, 0.0011);
        assert_int_equal(control.ranges.has_lower, n >= 7);
        arena_free(&arena);
    }
}

/* NIST/SEMATECH e-Handbook, 6.3.2.2 "Individuals Control Charts", flow rates of ten batches: centre 50.81, mean moving
   range 1.8778, limits 45.8159 and 55.8041, in control. There d2 is cut to 1.128, which moves a limit by 0.0017. */
static void handbook_individuals(void **unused)
{
    static const int flow[] = {49600, 47600, 49900, 51300, 47800,
                               51200, 52600, 52400, 53600, 52100};
    struct arena arena = {0};
    struct control control;

    (void)unused;
    control_of_readings(thousandths(flow, 10, &arena), 10, false, &arena, &control);
    assert_true(control.reckoned && control.indicative && !control.grouped);
    assert_near(control.values.points[0].centre, 50.81, 1e-12);
    assert_near(control.ranges.points[0].centre, 1.8778, 0.00005);
    assert_near(control.values.points[9].upper, 55.8041, 0.002);
    assert_near(control.values.points[9].lower, 45.8159, 0.002);
    assert_near(control.ranges.points[0].upper, 3.267 * 1.8778, 0.002);
    assert_false(control.ranges.has_lower);
    assert_int_equal(control.broken, 0);
    arena_free(&arena);
}

/* A textbook exercise with its solution (means and ranges of six samples of five): grand mean 54.967, mean range 7.667,
   limits of means 50.543 and 59.391 by A2 = 0.577, of ranges 0 and 16.215 by D4 = 2.115. */
static void published_groups(void **unused)
{
    static const int taken[] = {56, 48, 53, 58, 52, 50, 59, 57, 56, 54, 61, 59, 56, 55, 58,
                                57, 51, 49, 57, 50, 50, 49, 57, 55, 56, 56, 55, 60, 58, 57};
    static const int sizes[] = {5, 5, 5, 5, 5, 5};
    struct arena arena = {0};
    struct rational readings[30];
    struct control control;

    (void)unused;
    for (int i = 0; i < 30; i++)
        readings[i] = rational_integer(taken[i]);
    control_of_groups(readings, sizes, 6, false, &arena, &control);
    assert_true(control.reckoned && control.grouped && control.indicative);
    assert_near(control.values.points[2].value, 57.8, 1e-12);
    assert_near(control.values.points[0].centre, 54.967, 0.0005);
    assert_near(control.ranges.points[0].centre, 7.667, 0.0005);
    assert_near(control.values.points[0].upper, 59.391, 0.005);
    assert_near(control.values.points[0].lower, 50.543, 0.005);
    assert_near(control.ranges.points[0].upper, 16.215, 0.01);
    assert_near(control.ranges.points[0].lower, 0, 0);
    assert_int_equal(control.broken, 0);
    arena_free(&arena);
}

/* ---- the rules ---- */

enum { QUIET = 400 };

/* A long quiet time (about 0, a step of one deviation from each reading to the next in the mean), then a pattern in
   thousandths of a deviation; returns what its last point breaks, on the other side where mirrored. */
static int broken_by(const int *pattern, int count, bool mirrored)
{
    struct arena arena = {0};
    struct control control;
    struct rational *readings = ARENA_ARRAY(&arena, struct rational, QUIET + count);
    struct rational unit = rational_fraction(mirrored ? -1 : 1, 1000);

    for (int i = 0; i < QUIET; i++) /* steps of 1.128 deviations on average */
        readings[i] = rational_fraction(i % 2 ? 564 : -564, 1000);
    for (int i = 0; i < count; i++)
        readings[QUIET + i] = rational_multiply(rational_integer(pattern[i]), unit);
    control_of_readings(readings, QUIET + count, false, &arena, &control);
    int broken = control.values.points[QUIET + count - 1].broken;
    if (broken)
        assert_int_equal(control.values.points[QUIET + count - 1].side, mirrored ? -1 : 1);
    arena_free(&arena);
    return broken;
}

static void each_rule_on_both_sides(void **unused)
{
    static const struct {
        int pattern[8], count, broken;
    } rows[] = {
        {{3200}, 1, CONTROL_BEYOND_THREE},
        {{2800}, 1, 0},
        {{2300, 0, 2300}, 3, CONTROL_TWO_OF_THREE},
        {{2300, 2300}, 2, CONTROL_TWO_OF_THREE},
        {{2300, 2300, 0}, 3, 0}, /* the point itself must lie there */
        {{2300, 0, 0, 2300}, 4, 0},
        {{-2300, 2300}, 2, 0}, /* one side at a time */
        {{1300, 1300, -100, 1300, 1300}, 5, CONTROL_FOUR_OF_FIVE},
        {{1300, 1300, 1300, 1300}, 4, CONTROL_FOUR_OF_FIVE},
        {{1300, 1300, -100, -100, 1300, 1300}, 6, 0},
        {{1300, 1300, -1300, 1300}, 4, 0},
        {{200, 200, 200, 200, 200, 200, 200, 200}, 8, CONTROL_EIGHT_IN_ROW},
        {{-200, 200, 200, 200, 200, 200, 200, 200}, 8, 0},
        {{3300, 3300}, 2, CONTROL_BEYOND_THREE | CONTROL_TWO_OF_THREE},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int mirrored = 0; mirrored < 2; mirrored++) {
            /* seven points in a row above count with the last quiet one, which was above: turn it away */
            int pattern[9] = {-300}, count = rows[i].count;
            memcpy(pattern + 1, rows[i].pattern, sizeof(int) * (size_t)count);
            int broken = broken_by(pattern, count + 1, mirrored);
            if (broken != rows[i].broken)
                fail_msg("row %zu%s: %d", i, mirrored ? " mirrored" : "", broken);
        }
}

/* What lies on a line lies on no side of it and not beyond it, and rounding does not push it there. */
static void points_on_the_lines(void **unused)
{
    static const int tenths[] = {1, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    struct arena arena = {0};
    struct rational readings[12];
    struct control control;

    (void)unused;
    for (int i = 0; i < 12; i++) /* the mean is 0.2, which no binary fraction is */
        readings[i] = rational_fraction(tenths[i], 10);
    control_of_readings(readings, 12, false, &arena, &control);
    assert_true(control.reckoned);
    for (int i = 2; i < 12; i++) {
        assert_int_equal(control.values.points[i].side, 0);
        assert_int_equal(control.values.points[i].broken, 0);
    }
    arena_free(&arena);
}

static void too_little_to_tell(void **unused)
{
    struct arena arena = {0};
    struct rational readings[] = {RATIONAL_ONE, RATIONAL_ONE, RATIONAL_ONE, RATIONAL_ONE};
    int sizes[] = {2, 2};
    struct control control;

    (void)unused;
    control_of_readings(readings, 0, false, &arena, &control);
    assert_false(control.reckoned);
    control_of_readings(readings, 1, false, &arena, &control);
    assert_false(control.reckoned);
    control_of_readings(readings, 4, false, &arena, &control);
    assert_false(control.reckoned); /* all alike: the gauge is too coarse */
    control_of_groups(readings, sizes, 2, false, &arena, &control);
    assert_false(control.reckoned);
    arena_free(&arena);
}

/* A run-out is never under zero, and no limit is drawn there; a limit above it is. */
static void what_starts_from_zero_has_no_limit_under_it(void **unused)
{
    struct arena arena = {0};
    struct rational readings[] = {rational_fraction(1, 100), rational_fraction(3, 100),
                                  rational_fraction(2, 100), rational_fraction(4, 100)};
    struct control control;

    (void)unused;
    control_of_readings(readings, 4, false, &arena, &control);
    assert_true(control.values.has_lower && rational_sign(control.values.points[0].lower) < 0);
    control_of_readings(readings, 4, true, &arena, &control);
    assert_false(control.values.has_lower);
    for (int i = 0; i < 4; i++)
        readings[i] = rational_add(readings[i], RATIONAL_ONE);
    control_of_readings(readings, 4, true, &arena, &control);
    assert_true(control.values.has_lower && rational_sign(control.values.points[0].lower) > 0);
    arena_free(&arena);
}

/* ---- for the second reckoning ---- */

static void print_chart(const struct control_chart *chart)
{
    for (int i = 0; i < chart->count; i++) {
        const struct control_point *point = &chart->points[i];
        const struct rational figures[] = {point->value, point->centre, point->deviation,
                                           point->lower, point->upper};
        struct buffer line = {0};
        for (int k = 0; k < 5; k++) {
            rational_print_exact(&line, figures[k]);
            buffer_add_char(&line, ' ');
        }
        printf("%s%d %d\n", line.text, point->broken, point->side);
        buffer_free(&line);
    }
}

/* The file: the sizes of the groups (or `one`) on the first line, the readings on the second. */
static int print_control(const char *path)
{
    char *text, *save;
    size_t length;
    struct failure failure;
    struct arena arena = {0};
    struct control control;
    int sizes[1000], groups = 0, count = 0;
    struct rational readings[10000];

    if (file_read(path, 1 << 20, &text, &length, &failure) != FILE_OK)
        return 3;
    char *second = strchr(text, '\n');
    *second++ = '\0';
    for (char *word = strtok_r(text, " ", &save); word && *word != 'o';
         word = strtok_r(NULL, " ", &save))
        sizes[groups++] = atoi(word);
    for (char *word = strtok_r(second, " \n", &save); word; word = strtok_r(NULL, " \n", &save)) {
        if (!rational_parse(word + (*word == '-'), strlen(word) - (*word == '-'), &readings[count]))
            return 2;
        if (*word == '-')
            readings[count] = rational_negate(readings[count]);
        count++;
    }
    if (groups)
        control_of_groups(readings, sizes, groups, false, &arena, &control);
    else
        control_of_readings(readings, count, false, &arena, &control);
    printf("%d %d %d\n", control.reckoned, control.indicative, control.broken);
    if (control.reckoned) {
        print_chart(&control.values);
        print_chart(&control.ranges);
    }
    free(text);
    arena_free(&arena);
    rational_release_all();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_those_of_the_tables),
        cmocka_unit_test(handbook_individuals),
        cmocka_unit_test(published_groups),
        cmocka_unit_test(each_rule_on_both_sides),
        cmocka_unit_test(points_on_the_lines),
        cmocka_unit_test(too_little_to_tell),
        cmocka_unit_test(what_starts_from_zero_has_no_limit_under_it),
    };
    if (argc > 1)
        return print_control(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
