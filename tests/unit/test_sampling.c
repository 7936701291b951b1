/* Sampling plans against published figures, and accept on zero against its definition. */
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
        double aql = atof(vector->aql) / 100;
        double accepted = sampling_acceptance(100000000, vector->n, vector->ac, aql);
        if (aql <= 0.1) /* above, the figure is of nonconformities, not of bad units */
            assert_true(fabs(accepted - vector->accepted) < 1e-6);
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

static void acceptance_falls_and_meets_known_points(void **unused)
{
    (void)unused;
    double before = 1;
    for (int i = 0; i <= 100; i++) {
        double accepted = sampling_acceptance(1000, 50, 1, i / 100.0);
        assert_true(accepted <= before + 1e-12);
        before = accepted;
    }
    assert_true(fabs(sampling_acceptance(20, 5, 0, 0.1) - 0.5526315789) <
                1e-9); /* C(18,5)/C(20,5) */
    assert_true(fabs(sampling_acceptance(1000000, 80, 21, 0.0) - 1) < 1e-12);
    double consumer = sampling_quality_at(1000000, 50, 0, 0.10);
    assert_true(fabs(consumer - (1 - pow(0.1, 1 / 50.0))) < 1e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_equal_the_vectors),
        cmocka_unit_test(the_lot_bounds_the_sample),
        cmocka_unit_test(accept_on_zero_by_the_table),
        cmocka_unit_test(ltpd_is_the_smallest_that_catches),
        cmocka_unit_test(aqls_are_those_of_the_tables),
        cmocka_unit_test(acceptance_falls_and_meets_known_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
