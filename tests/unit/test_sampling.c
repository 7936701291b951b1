/* Sampling plans against published figures, and accept on zero against its definition. */
#include "base/file.h"
#include "quality/operating.h"
#include "quality/sampling.h"
#include "quality/tables.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct sample sample_of(enum sample_form form, const char *number, const char *level)
{
    struct sample sample = {.form = form, .level = level};

    if (number) {
        sample.number.kind = VALUE_NUMBER;
        assert_true(rational_parse(number, strlen(number), &sample.number.number));
    }
    return sample;
}

static struct sampling_plan plan_of(enum sample_form form, const char *number, const char *level,
                                    long lot)
{
    struct sample sample = sample_of(form, number, level);
    struct sampling_plan plan;
    struct failure failure;

    assert_true(sampling_plan(&sample, lot, INSPECTION_NORMAL, &plan, &failure));
    return plan;
}

/* Worked out by an independent implementation from the tables of ISO 2859-1: letter of the lot, level, AQL, severity,
   letter of the plan, its n and Ac, and the probability that a lot exactly at the AQL is accepted. */
struct vector {
    long lot;
    const char *level, *aql;
    enum severity_of_inspection severity;
    char letter;
    long n, ac;
    double accepted;
};

#define N INSPECTION_NORMAL
#define T INSPECTION_TIGHTENED
#define R INSPECTION_REDUCED
static const struct vector vectors[] = {
    {500, "II", "1.0", N, 'H', 50, 1, 0.910565},
    {500, "II", "1.0", R, 'J', 32, 1, 0.959317},
    {500, "II", "2.5", T, 'H', 50, 2, 0.870622},
    {500, "II", "4.0", N, 'H', 50, 5, 0.985590},
    {500, "II", "4.0", R, 'H', 20, 3, 0.992587},
    {50, "II", "2.5", T, 'D', 8, 0, 0.816652},
    {20, "II", "2.5", N, 'C', 5, 0, 0.881096},
    {20, "II", "2.5", R, 'C', 2, 0, 0.950625},
    {8, "II", "2.5", T, 'D', 8, 0, 0.816652},
    {100, "II", "4.0", N, 'F', 20, 2, 0.956137},
    {100, "II", "4.0", R, 'F', 8, 1, 0.961853},
    {1000, "II", "0.65", T, 'K', 125, 1, 0.804514},
    {200, "S2", "4.0", N, 'B', 3, 0, 0.884736},
    {200, "S2", "4.0", R, 'B', 2, 0, 0.921600},
    {3200, "III", "1.5", T, 'L', 200, 5, 0.917608},
    {35000, "II", "0.65", N, 'M', 315, 5, 0.982032},
    {35000, "II", "0.65", R, 'M', 125, 3, 0.990714},
    {300, "II", "0.065", T, 'M', 315, 0, 0.814797},
    {2, "I", "6.5", N, 'A', 2, 0, 0.874225},
    {2, "I", "6.5", R, 'A', 2, 0, 0.874225},
    {500001, "III", "0.025", T, 'S', 3150, 1, 0.813288},
    {5000, "S4", "10", N, 'G', 32, 7, 0.988315},
    {5000, "S4", "10", R, 'G', 13, 5, 0.999080},
    {151, "II", "15", T, 'G', 32, 8, 0.944183},
    {1201, "II", "100", N, 'E', 13, 21, 0.985919},
    {1201, "II", "100", R, 'E', 5, 10, 0.986305},
    {90, "III", "1000", T, 'B', 3, 41, 0.977893},
};

static void plans_equal_the_vectors(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct vector *vector = &vectors[i];
        struct sample sample = sample_of(SAMPLE_AQL, vector->aql, vector->level);
        struct sampling_plan plan;
        struct failure failure;
        assert_true(sampling_plan(&sample, vector->lot, vector->severity, &plan, &failure));
        assert_int_equal(plan.n, vector->n < vector->lot ? vector->n : vector->lot);
        assert_int_equal(plan.all, vector->n >= vector->lot);
        assert_int_equal(plan.ac, vector->ac);
        assert_int_equal(plan.re, vector->ac + 1);
        if (vector->severity != R || vector->n > 2) /* three letters have n = 2 on reduced */
            assert_int_equal(plan.letter, vector->letter);
        struct rational hundred = rational_integer(100);
        struct rational aql = sample.number.number;
        bool units = rational_compare(aql, rational_integer(10)) <= 0;
        struct rational accepted = (units ? accepts_work : accepts_defects)(
            rational_divide(aql, hundred), vector->n, vector->ac);
        assert_true(fabs(rational_to_double(accepted) - vector->accepted) < 1e-6);
    }
}

static void the_lot_bounds_the_sample(void **unused)
{
    (void)unused;
    for (long lot = 1; lot < 60; lot++) {
        struct sampling_plan plans[] = {
            plan_of(SAMPLE_ALL, NULL, NULL, lot),
            plan_of(SAMPLE_FIRST, "5", NULL, lot),
            plan_of(SAMPLE_FIRST_PER_BATCH, "5", NULL, lot),
            plan_of(SAMPLE_PER_BATCH, "5", NULL, lot),
            plan_of(SAMPLE_EVERY, "4", NULL, lot),
            plan_of(SAMPLE_AQL, "0.65", "II", lot),
            plan_of(SAMPLE_ZERO_AQL, "1.0", NULL, lot),
            plan_of(SAMPLE_ZERO_LTPD, "0.05", NULL, lot),
        };
        long expected[] = {lot, 5, 5, 5, (lot + 3) / 4, 20, lot < 9 ? lot : 13, 0};
        for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
            assert_in_range(plans[i].n, 1, lot);
            assert_int_equal(plans[i].all, plans[i].n == lot);
            if (expected[i] > 0 && lot > 1)
                assert_int_equal(plans[i].n, expected[i] < lot ? expected[i] : lot);
        }
    }
    assert_true(plan_of(SAMPLE_AQL, "1.0", "II", 1).all);
    assert_int_equal(plan_of(SAMPLE_AQL, "1.0", "II", 1).letter, 0);
}

static void accept_on_zero_by_the_table(void **unused)
{
    (void)unused;
    assert_int_equal(plan_of(SAMPLE_ZERO_AQL, "1", NULL, 60).n, 13);
    assert_int_equal(plan_of(SAMPLE_ZERO_AQL, "1.00", NULL, 281).n, 29);
    assert_true(plan_of(SAMPLE_ZERO_AQL, "0.010", NULL, 1200).all);
    assert_int_equal(plan_of(SAMPLE_ZERO_AQL, "0.01", NULL, 1300).n, 1250);
    assert_int_equal(plan_of(SAMPLE_ZERO_AQL, "6.5", NULL, 900000).n, 15);
}

/* P(no defective among n) of a lot, in long double: good to some 1e-17 for lots this small. */
static long double none_found(long lot, long defectives, long n)
{
    long double chance = 1;

    for (long i = 0; i < n; i++)
        chance *= (long double)(lot - defectives - i) / (long double)(lot - i);
    return lot - defectives < n ? 0 : chance;
}

static void ltpd_is_the_smallest_that_catches(void **unused)
{
    static const struct {
        const char *text;
        long parts, whole;
    } rates[] = {{"0.01", 1, 100}, {"0.025", 1, 40}, {"0.05", 1, 20},     {"0.1", 1, 10},
                 {"0.5", 1, 2},    {"1", 1, 1},      {"0.0001", 1, 10000}};

    (void)unused;
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
        for (long lot = 1; lot <= 400; lot++) {
            long defectives = (lot * rates[r].parts + rates[r].whole - 1) / rates[r].whole;
            long n = plan_of(SAMPLE_ZERO_LTPD, rates[r].text, NULL, lot).n;
            assert_true(none_found(lot, defectives, n) <= 0.1L + 1e-15L);
            if (n > 1)
                assert_true(none_found(lot, defectives, n - 1) > 0.1L - 1e-15L);
        }
    /* Just one in ten is enough: ten units, one of them bad, nine looked at. */
    assert_int_equal(plan_of(SAMPLE_ZERO_LTPD, "0.1", NULL, 10).n, 9);
    assert_int_equal(plan_of(SAMPLE_ZERO_LTPD, "0.01", NULL, 1000000).n, 230);
    assert_int_equal(plan_of(SAMPLE_ZERO_LTPD, "0.00005", NULL, 1000000000).n, 46050);
    /* Half of an enormous lot is bad: four show it, and no binomial of half a billion is written out to find that. */
    assert_int_equal(plan_of(SAMPLE_ZERO_LTPD, "0.5", NULL, 1000000000).n, 4);
}

static void aqls_are_those_of_the_tables(void **unused)
{
    (void)unused;
    assert_true(sampling_has_aql(rational_fraction(1, 1)));
    assert_true(sampling_has_aql(rational_fraction(65, 100)));
    assert_true(sampling_has_aql(rational_fraction(1, 100)));
    assert_false(sampling_has_aql(rational_fraction(3, 1)));
    assert_true(sampling_has_zero_aql(rational_fraction(65, 1000)));
    assert_false(sampling_has_zero_aql(rational_fraction(15, 1)));
}

/* ---- the operating characteristic ---- */

static int bits_of(unsigned set)
{
    int count = 0;

    for (; set; set &= set - 1)
        count++;
    return count;
}

/* Every way to draw n of the lot, one by one: the first `bad` units are the bad ones. */
static struct rational accepted_by_counting(int lot, int bad, int n, int ac)
{
    long all = 0;
    long good = 0;

    for (unsigned drawn = 0; drawn < 1U << lot; drawn++) {
        if (bits_of(drawn) != n)
            continue;
        all++;
        good += bits_of(drawn & ((1U << bad) - 1)) <= ac;
    }
    return rational_fraction(good, all);
}

static void lots_are_accepted_as_often_as_one_counts(void **unused)
{
    (void)unused;
    for (int lot = 1; lot <= 9; lot++)
        for (int bad = 0; bad <= lot; bad++)
            for (int n = 1; n <= lot; n++)
                for (int ac = 0; ac <= n; ac++) {
                    struct rational counted = accepted_by_counting(lot, bad, n, ac);
                    struct rational off = rational_subtract(counted, accepts_lot(lot, bad, n, ac));
                    struct rational most = rational_fraction(1, 2000000000000);
                    assert_true(rational_compare(off, most) <= 0);
                    assert_true(rational_compare(off, rational_negate(most)) >= 0);
                }
}

/* The chance that unit by unit, drawn and not put back, no more than ac are bad: a walk over what was found so far. */
static long double accepted_by_walking(long lot, long bad, long n, long ac)
{
    long double found[64] = {1};

    assert_true(ac < 63);
    for (long drawn = 0; drawn < n; drawn++)
        for (long k = ac; k >= 0; k--) {
            long double left = (long double)(bad - k) / (long double)(lot - drawn);
            long double before = k > 0 && bad >= k ? (long double)(bad - k + 1) : 0;
            found[k] = found[k] * (1 - (left > 0 ? left : 0)) +
                       (k > 0 ? found[k - 1] * before / (long double)(lot - drawn) : 0);
        }
    long double sum = 0;
    for (long k = 0; k <= ac; k++)
        sum += found[k];
    return sum;
}

static void larger_lots_are_accepted_as_a_walk_says(void **unused)
{
    static const struct {
        long lot, n, ac;
    } plans[] = {{100, 20, 0}, {150, 32, 2}, {500, 50, 1}, {1200, 80, 5}, {3200, 125, 21}};

    (void)unused;
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
        for (long bad = 0; bad <= plans[i].lot / 3; bad += 1 + plans[i].lot / 100) {
            long double walked = accepted_by_walking(plans[i].lot, bad, plans[i].n, plans[i].ac);
            double said =
                rational_to_double(accepts_lot(plans[i].lot, bad, plans[i].n, plans[i].ac));
            assert_true(fabsl(walked - (long double)said) < 1e-11L);
        }
}

static void textbook_points(void **unused)
{
    struct rational percent = rational_fraction(1, 100);

    (void)unused;
    /* C(18, 5) / C(20, 5) is 21/38 */
    assert_true(fabs(rational_to_double(accepts_lot(20, 2, 5, 0)) - 21.0 / 38) < 1e-12);
    assert_true(rational_equal(accepts_lot(10, 1, 9, 0), rational_fraction(1, 10)));
    assert_true(rational_is_zero(accepts_lot(10, 2, 9, 0)));
    assert_true(rational_equal(accepts_lot(10, 0, 9, 0), RATIONAL_ONE));
    assert_true(fabs(rational_to_double(accepts_work(percent, 13, 0)) - pow(0.99, 13)) < 1e-12);
    assert_true(rational_is_zero(accepts_work(RATIONAL_ONE, 13, 12)));
    assert_true(rational_equal(accepts_work(RATIONAL_ONE, 13, 13), RATIONAL_ONE));
    assert_true(rational_equal(accepts_work(RATIONAL_ZERO, 13, 0), RATIONAL_ONE));
    assert_true(rational_equal(accepts_defects(RATIONAL_ZERO, 13, 0), RATIONAL_ONE));
    /* J at AQL 15: n 80, Ac 21 */
    assert_true(fabs(rational_to_double(accepts_defects(rational_fraction(15, 100), 80, 21)) -
                     0.9939348526) < 1e-10);
    /* a sample of half a billion is no reason to write out a number of that many digits */
    assert_true(rational_is_zero(accepts_work(percent, 500000000, 0)));
}

static struct operating operating_of(enum sample_form form, const char *number, const char *level,
                                     long lot)
{
    struct sample sample = sample_of(form, number, level);
    struct sampling_plan plan = plan_of(form, number, level, lot);

    return sampling_operating(&sample, lot, &plan);
}

static void the_consumer_is_let_down_one_time_in_ten(void **unused)
{
    struct rational tenth = rational_fraction(1, 10);

    (void)unused;
    for (long lot = 21; lot < 700; lot += 13) {
        struct operating one = operating_of(SAMPLE_AQL, "0.65", "II", lot);
        assert_int_equal(one.measure, OPERATING_UNITS);
        assert_true(rational_compare(one.consumer.accepted, tenth) <= 0);
        assert_true(rational_compare(accepts_lot(lot, one.consumer.bad - 1, one.n, one.ac), tenth) >
                    0);
        assert_true(rational_equal(one.consumer.rate, rational_fraction(one.consumer.bad, lot)));
    }
    struct operating large = operating_of(SAMPLE_ZERO_AQL, "0.25", NULL, 1000000000);
    double rate = 1 - pow(0.1, 1.0 / (double)large.n);
    assert_true(fabs(rational_to_double(large.consumer.rate) - rate) < 1e-6);
    struct operating counted = operating_of(SAMPLE_AQL, "15", "II", 1000);
    assert_int_equal(counted.measure, OPERATING_PER_HUNDRED);
    assert_true(fabs(rational_to_double(counted.consumer.rate) - 0.352303) < 1e-5);
}

static void what_judges_no_lot_has_no_curve(void **unused)
{
    (void)unused;
    assert_int_equal(operating_of(SAMPLE_ALL, NULL, NULL, 50).measure, OPERATING_NONE);
    assert_int_equal(operating_of(SAMPLE_FIRST, "5", NULL, 50).measure, OPERATING_NONE);
    assert_int_equal(operating_of(SAMPLE_FIRST_PER_BATCH, "5", NULL, 50).measure, OPERATING_NONE);
    assert_int_equal(operating_of(SAMPLE_EVERY, "5", NULL, 50).measure, OPERATING_NONE);
    assert_int_equal(operating_of(SAMPLE_AQL, "1.0", "II", 8).measure, OPERATING_NONE); /* all */
    assert_int_equal(operating_of(SAMPLE_PER_BATCH, "5", NULL, 50).measure, OPERATING_UNITS);
}

static void the_curve_falls(void **unused)
{
    static const char *const aqls[] = {"0.65", "4.0", "15", "100"};

    (void)unused;
    for (size_t i = 0; i < sizeof aqls / sizeof aqls[0]; i++) {
        struct operating one = operating_of(SAMPLE_AQL, aqls[i], "II", 1000);
        struct operating_point points[OPERATING_CURVE];
        operating_curve(&one, points);
        for (int k = 1; k < OPERATING_CURVE; k++)
            assert_true(rational_compare(points[k].accepted, points[k - 1].accepted) <= 0);
    }
}

static void assert_words(struct operating operating, const char *expected)
{
    struct buffer text = {0};

    operating_words(&text, &operating);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void words_of_a_plan(void **unused)
{
    (void)unused;
    /* 0.99^13 is 0.8775; C(71, 13) / C(84, 13) is 0.0949 */
    assert_words(operating_of(SAMPLE_AQL, "1.0", "II", 84),
                 "work that is 1% bad 88 times in 100, a lot with 13 bad (15.5%) 9 times in 100");
    assert_words(
        operating_of(SAMPLE_AQL, "15", "II", 1000),
        "work with 15 defects in 100 units 99 times in 100, with 35.2 in 100 10 times in 100");
    /* one of two: a lot with one bad one is accepted every other time, with two never */
    assert_words(operating_of(SAMPLE_PER_BATCH, "1", NULL, 2),
                 "work that is 1% bad 99 times in 100, a lot with 2 bad (100%) never");
    assert_words(
        operating_of(SAMPLE_ZERO_AQL, "0.065", NULL, 100000),
        "work that is 0.065% bad 73 times in 100, a lot with 482 bad (0.48%) 10 times in 100");
    assert_words(operating_of(SAMPLE_ALL, NULL, NULL, 100), "");
}

/* The table of docs/sampling.md: every row is what the plans say. */
static void the_page_has_the_figures(void **unused)
{
    static const struct {
        const char *name;
        enum sample_form form;
        const char *number;
    } rows[] = {{"5 per batch", SAMPLE_PER_BATCH, "5"},
                {"aql 2.5", SAMPLE_AQL, "2.5"},
                {"aql 1.0", SAMPLE_AQL, "1.0"},
                {"zero aql 1.0", SAMPLE_ZERO_AQL, "1.0"},
                {"zero ltpd 5%", SAMPLE_ZERO_LTPD, "0.05"}};
    static const long lots[] = {20, 50, 100, 500};
    struct buffer row = {0};
    struct failure failure;
    char *page;
    size_t length;

    (void)unused;
    assert_int_equal(
        file_read(FLOW_SOURCE_FOLDER "/docs/sampling.md", 1 << 20, &page, &length, &failure),
        FILE_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_clear(&row);
        buffer_addf(&row, "| `%s` |", rows[i].name);
        for (size_t k = 0; k < sizeof lots / sizeof lots[0]; k++) {
            struct operating one = operating_of(rows[i].form, rows[i].number, "II", lots[k]);
            buffer_addf(&row, " %ld, %ld: ", one.n, one.ac);
            rational_print_short(&row, rational_multiply(one.consumer.rate, rational_integer(100)),
                                 1);
            buffer_add_text(&row, "% |");
        }
        buffer_add_char(&row, '\n');
        assert_non_null(strstr(page, buffer_text(&row)));
    }
    free(page);
    buffer_free(&row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_equal_the_vectors),
        cmocka_unit_test(the_lot_bounds_the_sample),
        cmocka_unit_test(accept_on_zero_by_the_table),
        cmocka_unit_test(ltpd_is_the_smallest_that_catches),
        cmocka_unit_test(aqls_are_those_of_the_tables),
        cmocka_unit_test(lots_are_accepted_as_often_as_one_counts),
        cmocka_unit_test(larger_lots_are_accepted_as_a_walk_says),
        cmocka_unit_test(textbook_points),
        cmocka_unit_test(the_consumer_is_let_down_one_time_in_ten),
        cmocka_unit_test(what_judges_no_lot_has_no_curve),
        cmocka_unit_test(the_curve_falls),
        cmocka_unit_test(words_of_a_plan),
        cmocka_unit_test(the_page_has_the_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
