/* Capability against figures that are published: certified means and deviations (NIST StRD), textbook indices. */
#include "quality/capability.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static void assert_near(double said, double expected, double most)
{
    if (!(fabs(said - expected) <= most))
        fail_msg("%.17g instead of %.17g", said, expected);
}

static struct readings of(const double *numbers, int count)
{
    struct readings readings = {0};

    for (int i = 0; i < count; i++)
        readings_add(&readings, numbers[i]);
    return readings;
}

static double deviation(const struct readings *readings)
{
    return sqrt(readings->squares / (double)(readings->count - 1));
}

/* NumAcc1, NumAcc3 and NumAcc4 of the statistical reference datasets of NIST: made to show cancelled digits. */
static void digits_are_not_lost(void **unused)
{
    static const double first[] = {10000001, 10000003, 10000002};
    struct readings readings = of(first, 3);

    (void)unused;
    assert_near(readings.mean, 10000002, 0);
    assert_near(deviation(&readings), 1, 0);
    for (double base = 1000000; base <= 10000000; base *= 10) {
        readings = (struct readings){0};
        readings_add(&readings, base + 0.2);
        for (int i = 0; i < 1000; i++)
            readings_add(&readings, base + (i % 2 ? 0.3 : 0.1));
        assert_int_equal(readings.count, 1001);
        assert_near(readings.mean, base + 0.2, 1e-8);
        assert_near(deviation(&readings), 0.1, 1e-8);
        assert_near(readings.least, base + 0.1, 0);
        assert_near(readings.most, base + 0.3, 0);
    }
}

/* NIST/SEMATECH e-Handbook, 6.1.6: limits 8 and 20, mean 16, deviation 2 give Cp 1.0 and Cpk 0.6667 (there, upper). */
static void handbook_indices(void **unused)
{
    static const double numbers[] = {14, 16, 18};
    struct readings readings = of(numbers, 3);
    struct capability_limits limits = {true, true, 8, 20};
    struct capability capability = capability_of(&readings, &limits);

    (void)unused;
    assert_int_equal(capability.ground, CAPABILITY_FIGURES);
    assert_near(capability.overall, 2, 0);
    assert_near(capability.pp, 1.0, 1e-15);
    assert_near(capability.ppk, 2.0 / 3, 1e-15);
    assert_true(capability.two_sided && capability.indicative);
    /* both steps are 2, so the deviation of neighbours is 2 / 1.128 */
    assert_near(capability.within, 1.7724538509055159, 1e-15);
    assert_near(capability.cpk, 4 / (3 * 1.7724538509055159), 1e-15);
}

static void one_limit_gives_one_index(void **unused)
{
    static const double numbers[] = {14, 16, 18};
    struct readings readings = of(numbers, 3);
    struct capability_limits upper = {.has_upper = true, .upper = 20};
    struct capability_limits lower = {.has_lower = true, .lower = 8};

    (void)unused;
    struct capability capability = capability_of(&readings, &upper);
    assert_false(capability.two_sided);
    assert_near(capability.ppk, 4.0 / 6, 1e-15);
    assert_near(capability.cp, 0, 0);
    assert_near(capability.pp, 0, 0);
    assert_near(capability_of(&readings, &lower).ppk, 8.0 / 6, 1e-15);
    /* a mean beyond its limit is less than nothing */
    upper.upper = 13;
    assert_near(capability_of(&readings, &upper).ppk, -0.5, 1e-15);
}

/* Three groups that lie apart, each with a deviation of 1: pooled 1, and far more over all. */
static void groups_tell_within_from_overall(void **unused)
{
    static const double groups[3][3] = {{9, 10, 11}, {19, 20, 21}, {29, 30, 31}};
    struct capability_limits limits = {true, true, 0, 40};
    struct readings readings = {0};

    (void)unused;
    for (int i = 0; i < 3; i++)
        readings_add_group(&readings, groups[i], 3);
    struct capability capability = capability_of(&readings, &limits);
    assert_near(capability.within, 1, 1e-15);
    assert_near(capability.overall, sqrt((6 + 6 * 100) / 8.0), 1e-13);
    assert_near(capability.cpk, 20 / 3.0, 1e-13);
    assert_near(capability.cp, 40 / 6.0, 1e-13);
    assert_near(capability.ppk, 20 / (3 * sqrt(606 / 8.0)), 1e-13);
    /* readings alone and groups of one have nothing within: neighbours tell */
    struct readings singles = {0};
    for (int i = 0; i < 3; i++)
        readings_add_group(&singles, &groups[0][i], 1);
    assert_near(capability_of(&singles, &limits).within, 1 / 1.1283791670955126, 1e-15);
}

static void order_does_not_change_what_is_overall(void **unused)
{
    double numbers[500];
    uint32_t seed = 7;
    struct capability_limits limits = {true, true, 29.6, 30.4};

    (void)unused;
    for (int i = 0; i < 500; i++) {
        seed = seed * 1664525 + 1013904223;
        numbers[i] = 29.8 + (seed >> 8) * (0.4 / 16777216);
    }
    double sum = 0, squares = 0;
    for (int i = 0; i < 500; i++)
        sum += numbers[i];
    for (int i = 0; i < 500; i++)
        squares += (numbers[i] - sum / 500) * (numbers[i] - sum / 500);
    struct readings forward = of(numbers, 500);
    struct readings backward = {0};
    for (int i = 500; i > 0; i--)
        readings_add(&backward, numbers[i - 1]);
    double ppk = capability_of(&forward, &limits).ppk;
    assert_near(capability_of(&forward, &limits).overall, sqrt(squares / 499), 1e-12);
    assert_near(capability_of(&backward, &limits).ppk, ppk, 1e-10);
    assert_false(capability_of(&forward, &limits).indicative);
}

static void what_gives_no_figures(void **unused)
{
    static const double equal[] = {5, 5, 5, 5};
    struct readings readings = {0};
    struct capability_limits limits = {true, true, 4, 6};
    struct capability_limits none = {0};
    struct capability_limits crossed = {true, true, 6, 4};

    (void)unused;
    assert_int_equal(capability_of(&readings, &limits).ground, CAPABILITY_TOO_FEW);
    readings_add(&readings, 5);
    assert_int_equal(capability_of(&readings, &limits).ground, CAPABILITY_TOO_FEW);
    readings = of(equal, 4);
    assert_int_equal(capability_of(&readings, &limits).ground, CAPABILITY_NO_SPREAD);
    assert_int_equal(capability_of(&readings, &none).ground, CAPABILITY_NO_LIMITS);
    assert_int_equal(capability_of(&readings, &crossed).ground, CAPABILITY_NO_LIMITS);
}

static void assert_words(int count, double upper, const char *expected)
{
    struct readings readings = {0};
    struct capability_limits limits = {.has_upper = true, .upper = upper};
    struct buffer text = {0};

    for (int i = 0; i < count; i++) /* mean 0, deviation near 1 */
        readings_add(&readings, i % 2 ? 1 : -1);
    struct capability capability = capability_of(&readings, &limits);
    capability.cpk = capability.ppk; /* neighbours always far apart: no matter here */
    capability_words(&text, &capability);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void words_of_a_verdict(void **unused)
{
    (void)unused;
    assert_words(1000, 5.1, "Cpk 1.70, Ppk 1.70 from 1000 readings: amply capable.");
    assert_words(1000, 4.2, "Cpk 1.40, Ppk 1.40 from 1000 readings: capable.");
    assert_words(1000, 3.3,
                 "Cpk 1.10, Ppk 1.10 from 1000 readings: just capable: little may change.");
    assert_words(1000, -3.3,
                 "Cpk -1.10, Ppk -1.10 from 1000 readings: not capable: bad pieces must be "
                 "expected, so look at every one.");
    /* of two the deviation is the square root of two */
    assert_words(2, 6,
                 "Cpk 1.41, Ppk 1.41 from 2 readings: capable. A hint only, under 30 readings.");
    assert_words(1, 6, "Too few readings to tell.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_not_lost),
        cmocka_unit_test(handbook_indices),
        cmocka_unit_test(one_limit_gives_one_index),
        cmocka_unit_test(groups_tell_within_from_overall),
        cmocka_unit_test(order_does_not_change_what_is_overall),
        cmocka_unit_test(what_gives_no_figures),
        cmocka_unit_test(words_of_a_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
