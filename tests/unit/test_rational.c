/* Exact numbers: every operation against GMP on random values around each limit; printing half to even. */
#include "base/buffer.h"
#include "base/rational.h"

#include <gmp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

/* ---- random values, the same in every run ---- */

static uint64_t random_state;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Of any magnitude alike, so that sums and products fall on both sides of 63 bits. */
static int64_t random_number(void)
{
    static const int64_t edges[] = {
        0, 1, -1, 2, INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_MAX - 1};
    uint64_t bits = random_bits();
    if (bits % 8 == 0)
        return edges[(bits >> 8) % (sizeof edges / sizeof *edges)];
    int64_t value = (int64_t)(random_bits() >> (1 + (bits >> 8) % 62));
    return bits & 16 ? -value : value;
}

/* A value and the same in GMP; some grow past 63 bits. */
static struct rational random_value(mpq_t same)
{
    int64_t numerator = random_number(), denominator = random_number();
    if (!denominator)
        denominator = 1;
    struct rational value = rational_fraction(numerator, denominator);
    mpz_set_si(mpq_numref(same), numerator);
    mpz_set_si(mpq_denref(same), denominator);
    mpq_canonicalize(same);
    if (random_bits() % 4 == 0) {
        value = rational_multiply(value, value);
        mpq_mul(same, same, same);
    }
    return value;
}

static void is_same(struct rational value, mpq_srcptr expected)
{
    struct buffer text = {0};
    mpq_t printed;
    mpq_init(printed);
    /* Through its own text: exact decimals become a fraction again. */
    rational_print_exact(&text, value);
    char *point = strchr(text.text, '.');
    size_t decimals = point ? strlen(point + 1) : 0;
    if (point)
        memmove(point, point + 1, strlen(point));
    assert_int_equal(mpq_set_str(printed, text.text, 10), 0);
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, decimals);
    mpz_mul(mpq_denref(printed), mpq_denref(printed), power);
    mpq_canonicalize(printed);
    assert_true(mpq_equal(printed, expected));
    bool fits = mpz_fits_slong_p(mpq_numref(expected)) && mpz_fits_slong_p(mpq_denref(expected)) &&
                mpz_get_si(mpq_numref(expected)) != INT64_MIN;
    assert_int_equal(value.denominator != 0, fits); /* small ones stay small, in lowest terms */
    if (fits) {
        assert_int_equal(value.numerator, mpz_get_si(mpq_numref(expected)));
        assert_int_equal(value.denominator, mpz_get_si(mpq_denref(expected)));
    }
    mpz_clear(power);
    mpq_clear(printed);
    buffer_free(&text);
}

static int seed(void **state)
{
    (void)state;
    random_state = 0x9E3779B97F4A7C15u;
    return 0;
}

static int release(void **state)
{
    (void)state;
    rational_release_all();
    return 0;
}

static void test_operations(void **state)
{
    (void)state;
    mpq_t a, b, expected;
    mpq_inits(a, b, expected, NULL);
    for (int i = 0; i < 20000; i++) {
        struct rational x = random_value(a), y = random_value(b);
        is_same(x, a);
        mpq_add(expected, a, b);
        is_same(rational_add(x, y), expected);
        mpq_sub(expected, a, b);
        is_same(rational_subtract(x, y), expected);
        mpq_mul(expected, a, b);
        is_same(rational_multiply(x, y), expected);
        mpq_neg(expected, a);
        is_same(rational_negate(x), expected);
        if (mpq_sgn(b)) {
            mpq_div(expected, a, b);
            is_same(rational_divide(x, y), expected);
        }
        int order = mpq_cmp(a, b), found = rational_compare(x, y);
        assert_int_equal((found > 0) - (found < 0), (order > 0) - (order < 0));
        assert_int_equal(rational_equal(x, y), order == 0);
        is_same(rational_min(x, y), order < 0 ? a : b);
        is_same(rational_max(x, y), order > 0 ? a : b);
        assert_int_equal(rational_sign(x), mpq_sgn(a));
        assert_int_equal(rational_is_zero(x), mpq_sgn(a) == 0);
        if (i % 500 == 0)
            rational_release_all();
    }
    mpq_clears(a, b, expected, NULL);
}

static void test_whole_numbers(void **state)
{
    (void)state;
    mpq_t a, expected;
    mpq_inits(a, expected, NULL);
    for (int i = 0; i < 20000; i++) {
        struct rational x = random_value(a);
        mpz_set_ui(mpq_denref(expected), 1);
        mpz_cdiv_q(mpq_numref(expected), mpq_numref(a), mpq_denref(a));
        is_same(rational_ceil(x), expected);
        mpz_fdiv_q(mpq_numref(expected), mpq_numref(a), mpq_denref(a));
        is_same(rational_floor(x), expected);
        assert_int_equal(rational_is_whole(x), mpz_cmp_ui(mpq_denref(a), 1) == 0);
        mpz_tdiv_q(mpq_numref(expected), mpq_numref(a), mpq_denref(a));
        int64_t cut = mpz_fits_slong_p(mpq_numref(expected)) ? mpz_get_si(mpq_numref(expected))
                      : mpq_sgn(a) < 0                       ? INT64_MIN
                                                             : INT64_MAX;
        assert_int_equal(rational_to_int(x), cut);
        double exact = mpq_get_d(a), near = rational_to_double(x);
        assert_true(near == exact || (near / exact > 1 - 1e-15 && near / exact < 1 + 1e-15));
    }
    mpq_clears(a, expected, NULL);
}

static void test_no_drift(void **state)
{
    (void)state;
    struct rational tenth = rational_fraction(1, 10), sum = RATIONAL_ZERO;
    for (int i = 0; i < 3; i++)
        sum = rational_add(sum, tenth);
    assert_true(rational_equal(sum, rational_fraction(3, 10)));
    struct rational harmonic = RATIONAL_ZERO; /* grows past 63 bits, and back */
    for (int i = 1; i <= 100; i++)
        harmonic = rational_add(harmonic, rational_fraction(1, i));
    assert_int_equal(harmonic.denominator, 0);
    for (int i = 1; i <= 100; i++)
        harmonic = rational_subtract(harmonic, rational_fraction(1, i));
    assert_int_equal(harmonic.numerator, 0);
    assert_int_equal(harmonic.denominator, 1);
}

static void test_huge(void **state)
{
    (void)state;
    struct rational value = rational_integer(3);
    int squared = 0;
    assert_false(rational_is_huge(value));
    assert_false(rational_is_huge(rational_integer(INT64_MAX)));
    for (; squared < 20 && !rational_is_huge(value); squared++)
        value = rational_multiply(value, value);
    assert_int_equal(squared, 14); /* 3^(2^14) is the first over 16,384 bits */
    assert_true(rational_is_huge(rational_divide(RATIONAL_ONE, value)));
}

/* ---- texts ---- */

static struct rational parsed(const char *text)
{
    struct rational value;
    assert_true(rational_parse(text, strlen(text), &value));
    return value;
}

static void test_parse(void **state)
{
    (void)state;
    struct rational value;
    assert_true(rational_equal(parsed("12"), rational_integer(12)));
    assert_true(rational_equal(parsed("0.05"), rational_fraction(1, 20)));
    assert_true(rational_equal(parsed("1250."), rational_integer(1250)));
    assert_true(rational_equal(parsed("007.50"), rational_fraction(15, 2)));
    assert_true(rational_equal(parsed("9223372036854775807"), rational_integer(INT64_MAX)));
    assert_true(rational_equal(parsed("9223372036854775808"),
                               rational_add(rational_integer(INT64_MAX), RATIONAL_ONE)));
    assert_true(rational_equal(parsed("0.00000000000000000000000000000"), RATIONAL_ZERO));
    assert_true(rational_equal(
        parsed("100000000000000000000000000000."),
        rational_multiply(rational_integer(1000000000000000), rational_integer(100000000000000))));
    static const char *const none[] = {"", ".", "1.2.3", "-1", "+1", "1e3", "1 ", "0x1", "1,2"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(rational_parse(none[i], strlen(none[i]), &value));
    assert_true(rational_parse("12mm", 2, &value)); /* its length says where it ends */
    assert_true(rational_equal(value, rational_integer(12)));
}

static void fixed_is(int64_t numerator, int64_t denominator, int places, const char *expected)
{
    struct buffer text = {0};
    rational_print_fixed(&text, rational_fraction(numerator, denominator), places);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void test_print_fixed(void **state)
{
    (void)state;
    fixed_is(1, 2, 0, "0"); /* halves go to the even neighbour */
    fixed_is(3, 2, 0, "2");
    fixed_is(5, 2, 0, "2");
    fixed_is(-1, 2, 0, "0");
    fixed_is(-3, 2, 0, "-2");
    fixed_is(-5, 2, 0, "-2");
    fixed_is(1, 8, 2, "0.12");
    fixed_is(3, 8, 2, "0.38");
    fixed_is(-1, 8, 2, "-0.12");
    fixed_is(125001, 1000000, 2, "0.13");
    fixed_is(-1, 2, 2, "-0.50");
    fixed_is(-1, 1000, 2, "0.00"); /* nothing is minus zero */
    fixed_is(1, 3, 6, "0.333333");
    fixed_is(2, 3, 6, "0.666667");
    fixed_is(999999, 1000000, 2, "1.00");
    fixed_is(995, 1000, 2, "1.00");
    fixed_is(985, 1000, 2, "0.98");
    fixed_is(1, 20, 2, "0.05");
    fixed_is(0, 1, 0, "0");
    fixed_is(0, 1, 3, "0.000");
    fixed_is(12, 1, 0, "12");
    fixed_is(12, 1, 2, "12.00");
    fixed_is(INT64_MAX, 1, 1, "9223372036854775807.0");
    fixed_is(INT64_MIN, 1, 1, "-9223372036854775808.0");
    fixed_is(1, INT64_MAX, 20, "0.00000000000000000011");
}

static void short_is(const char *number, bool negative, int places, const char *expected)
{
    struct buffer text = {0};
    struct rational value = parsed(number);
    buffer_add_text(&text, "00"); /* what stood there stays */
    rational_print_short(&text, negative ? rational_negate(value) : value, places);
    assert_string_equal(buffer_text(&text) + 2, expected);
    buffer_free(&text);
}

static void test_print_short(void **state)
{
    (void)state;
    short_is("0.30", false, 4, "0.3");
    short_is("12", false, 4, "12");
    short_is("100", false, 0, "100");
    short_is("100", false, 2, "100");
    short_is("0.00004", false, 4, "0");
    short_is("0.00005", false, 4, "0");
    short_is("0.00015", false, 4, "0.0002");
    short_is("0.00004", true, 4, "0");
    short_is("0.5", true, 4, "-0.5");
    short_is("0", false, 4, "0");
    short_is("1.23456789", false, 4, "1.2346");
}

static void exact_is(struct rational value, const char *expected)
{
    struct buffer text = {0};
    rational_print_exact(&text, value);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void test_print_exact(void **state)
{
    (void)state;
    exact_is(rational_fraction(1, 8), "0.125");
    exact_is(rational_fraction(1, 3), "1/3");
    exact_is(rational_fraction(-22, 7), "-22/7");
    exact_is(rational_fraction(-5, 4), "-1.25");
    exact_is(rational_integer(1000), "1000");
    exact_is(RATIONAL_ZERO, "0");
    exact_is(rational_fraction(6, 400), "0.015");
    exact_is(parsed("0.00000000000000000000000000001"), "0.00000000000000000000000000001");
    exact_is(rational_integer(INT64_MIN), "-9223372036854775808");
}

/* Rounding against its definition: |printed - value| is at most half a unit, and a tie is even. */
static void test_rounding_of_any_value(void **state)
{
    (void)state;
    mpq_t a, difference, half;
    mpz_t number, power;
    mpq_inits(a, difference, half, NULL);
    mpz_inits(number, power, NULL);
    for (int i = 0; i < 10000; i++) {
        struct rational x = random_value(a);
        int places = (int)(random_bits() % 8);
        if (i % 3 == 0) { /* ties */
            x = rational_fraction((int64_t)(random_bits() % 2001) - 1000, 16);
            mpz_set_si(mpq_numref(a), x.numerator);
            mpz_set_si(mpq_denref(a), x.denominator);
        }
        struct buffer text = {0};
        rational_print_fixed(&text, x, places);
        char *point = strchr(text.text, '.');
        assert_int_equal(point ? strlen(point + 1) : 0, places);
        if (point)
            memmove(point, point + 1, strlen(point));
        mpz_set_str(number, text.text, 10);
        mpz_ui_pow_ui(power, 10, (unsigned long)places);
        mpq_set_z(difference, power);
        mpq_mul(difference, difference, a);
        mpq_set_z(half, number);
        mpq_sub(difference, difference, half);
        mpq_abs(difference, difference);
        mpq_set_ui(half, 1, 2);
        int order = mpq_cmp(difference, half);
        assert_true(order < 0 || (order == 0 && mpz_even_p(number)));
        buffer_free(&text);
    }
    mpz_clears(number, power, NULL);
    mpq_clears(a, difference, half, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_operations, seed, release),
        cmocka_unit_test_setup_teardown(test_whole_numbers, seed, release),
        cmocka_unit_test_setup_teardown(test_no_drift, seed, release),
        cmocka_unit_test_setup_teardown(test_huge, seed, release),
        cmocka_unit_test_setup_teardown(test_parse, seed, release),
        cmocka_unit_test_setup_teardown(test_print_fixed, seed, release),
        cmocka_unit_test_setup_teardown(test_print_short, seed, release),
        cmocka_unit_test_setup_teardown(test_print_exact, seed, release),
        cmocka_unit_test_setup_teardown(test_rounding_of_any_value, seed, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
