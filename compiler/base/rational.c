#include "base/rational.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <gmp.h>
#include <stdlib.h>
#include <string.h>

/* ---- big values: owned by the thread until rational_release_all ---- */

struct big {
    struct big *older;
    mpq_t value;
};

static _Thread_local struct big *pool;

static void *resize(void *block, size_t old_size, size_t new_size)
{
    (void)old_size;
    return memory_resize(block, new_size);
}

static void release(void *block, size_t size)
{
    (void)size;
    free(block);
}

__attribute__((constructor)) static void use_our_memory(void)
{
    mp_set_memory_functions(memory_alloc, resize, release);
}

const void *rational_mark(void)
{
    return pool;
}

void rational_release_all(void)
{
    rational_release_since(NULL);
}

void rational_release_since(const void *mark)
{
    while (pool && pool != mark) {
        struct big *older = pool->older;
        mpq_clear(pool->value);
        free(pool);
        pool = older;
    }
}

static mpq_ptr new_big(void)
{
    struct big *big = memory_alloc(sizeof *big);
    big->older = pool;
    mpq_init(big->value);
    pool = big;
    return big->value;
}

static bool is_big(struct rational a)
{
    return a.denominator == 0;
}

static mpq_srcptr big_of(struct rational a)
{
    return (mpq_srcptr)(uintptr_t)a.numerator;
}

/* Sets an initialised mpq to any value. */
static void load(mpq_ptr to, struct rational a)
{
    if (is_big(a)) {
        mpq_set(to, big_of(a));
        return;
    }
    mpz_set_si(mpq_numref(to), a.numerator);
    mpz_set_si(mpq_denref(to), a.denominator);
}

/* The value itself where it is big, else a copy in scratch. */
static mpq_srcptr view(mpq_ptr scratch, struct rational a)
{
    if (is_big(a))
        return big_of(a);
    load(scratch, a);
    return scratch;
}

/* Takes the value out of the mpq, which is cleared. */
static struct rational store(mpq_ptr value)
{
    struct rational result;
    if (mpz_fits_slong_p(mpq_numref(value)) && mpz_fits_slong_p(mpq_denref(value)) &&
        mpz_get_si(mpq_numref(value)) != INT64_MIN) {
        result = (struct rational){mpz_get_si(mpq_numref(value)), mpz_get_si(mpq_denref(value))};
    } else {
        mpq_ptr big = new_big();
        mpq_swap(big, value);
        result = (struct rational){(int64_t)(uintptr_t)big, 0};
    }
    mpq_clear(value);
    return result;
}

static struct rational through_gmp(struct rational a, struct rational b,
                                   void (*operate)(mpq_ptr, mpq_srcptr, mpq_srcptr))
{
    mpq_t left, right, result;
    mpq_inits(left, right, result, NULL);
    operate(result, view(left, a), view(right, b));
    mpq_clears(left, right, NULL);
    return store(result);
}

/* ---- small values ---- */

static bool is_zero(struct rational a) /* a big value never is */
{
    return a.numerator == 0;
}

static bool is_one(struct rational a)
{
    return a.numerator == 1 && a.denominator == 1;
}

/* Binary, without a branch in its loop that could be guessed wrong; most figures of a shop are whole. */
static uint64_t gcd(uint64_t a, uint64_t b)
{
    if (a == 1 || b == 1)
        return 1;
    if (!a || !b)
        return a | b;
    int shift = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    while (b) {
        b >>= __builtin_ctzll(b);
        uint64_t apart = a > b ? a - b : b - a;
        a = a < b ? a : b;
        b = apart;
    }
    return a << shift;
}

static uint64_t magnitude(int64_t a)
{
    return a < 0 ? (uint64_t)0 - (uint64_t)a : (uint64_t)a;
}

static struct rational reduced(int64_t numerator, int64_t denominator)
{
    if (denominator == 1)
        return (struct rational){numerator, 1};
    int64_t divisor = (int64_t)gcd(magnitude(numerator), (uint64_t)denominator);
    return (struct rational){numerator / divisor, denominator / divisor};
}

struct rational rational_integer(int64_t value)
{
    return value == INT64_MIN ? rational_subtract((struct rational){INT64_MIN + 1, 1}, RATIONAL_ONE)
                              : (struct rational){value, 1};
}

struct rational rational_fraction(int64_t numerator, int64_t denominator)
{
    if (denominator > 0 && numerator != INT64_MIN)
        return reduced(numerator, denominator);
    return rational_divide(rational_integer(numerator), rational_integer(denominator));
}

struct rational rational_add(struct rational a, struct rational b)
{
    int64_t left, right, sum, below;
    if (a.denominator == 1 && b.denominator == 1 &&
        !__builtin_add_overflow(a.numerator, b.numerator, &sum) && sum != INT64_MIN)
        return (struct rational){sum, 1};
    if (!is_big(a) && !is_big(b)) {
        int64_t shared = (int64_t)gcd((uint64_t)a.denominator, (uint64_t)b.denominator);
        int64_t apart = a.denominator / shared;
        if (!__builtin_mul_overflow(a.numerator, b.denominator / shared, &left) &&
            !__builtin_mul_overflow(b.numerator, apart, &right) &&
            !__builtin_add_overflow(left, right, &sum) && sum != INT64_MIN) {
            /* Both are in lowest terms: sum and denominator have in common only what the two denominators have. */
            int64_t common = (int64_t)gcd(magnitude(sum), (uint64_t)shared);
            if (!__builtin_mul_overflow(apart, b.denominator / common, &below))
                return (struct rational){sum / common, below};
        }
    }
    if (is_zero(a) || is_zero(b))
        return is_zero(a) ? b : a;
    return through_gmp(a, b, mpq_add);
}

struct rational rational_negate(struct rational a)
{
    if (!is_big(a))
        return (struct rational){-a.numerator, a.denominator};
    return through_gmp(RATIONAL_ZERO, a, mpq_sub);
}

struct rational rational_subtract(struct rational a, struct rational b)
{
    return is_big(b) ? through_gmp(a, b, mpq_sub) : rational_add(a, rational_negate(b));
}

struct rational rational_multiply(struct rational a, struct rational b)
{
    int64_t above, below;
    if (!is_big(a) && !is_big(b)) {
        int64_t across = (int64_t)gcd(magnitude(a.numerator), (uint64_t)b.denominator);
        int64_t other = (int64_t)gcd(magnitude(b.numerator), (uint64_t)a.denominator);
        if (!__builtin_mul_overflow(a.numerator / across, b.numerator / other, &above) &&
            !__builtin_mul_overflow(a.denominator / other, b.denominator / across, &below) &&
            above != INT64_MIN)
            return (struct rational){above, below};
    }
    if (is_zero(a) || is_zero(b))
        return RATIONAL_ZERO;
    if (is_one(a) || is_one(b))
        return is_one(a) ? b : a;
    return through_gmp(a, b, mpq_mul);
}

struct rational rational_divide(struct rational a, struct rational b)
{
    if (is_big(b))
        return through_gmp(a, b, mpq_div);
    struct rational inverse = b.numerator < 0 ? (struct rational){-b.denominator, -b.numerator}
                                              : (struct rational){b.denominator, b.numerator};
    if (inverse.denominator == 0)
        abort(); /* ours: callers see to it that nothing is divided by zero */
    return rational_multiply(a, inverse);
}

static struct rational rounded(struct rational a, void (*divide)(mpz_ptr, mpz_srcptr, mpz_srcptr))
{
    mpq_t value;
    mpq_init(value);
    load(value, a);
    divide(mpq_numref(value), mpq_numref(value), mpq_denref(value));
    mpz_set_ui(mpq_denref(value), 1);
    return store(value);
}

struct rational rational_ceil(struct rational a)
{
    if (is_big(a))
        return rounded(a, mpz_cdiv_q);
    bool between = a.numerator % a.denominator > 0; /* what C cuts off rounds towards zero */
    return (struct rational){a.numerator / a.denominator + between, 1};
}

struct rational rational_floor(struct rational a)
{
    if (is_big(a))
        return rounded(a, mpz_fdiv_q);
    bool between = a.numerator % a.denominator < 0;
    return (struct rational){a.numerator / a.denominator - between, 1};
}

/* ---- comparing ---- */

int rational_compare(struct rational a, struct rational b)
{
    if (!is_big(a) && !is_big(b)) {
        __int128 left = (__int128)a.numerator * b.denominator,
                 right = (__int128)b.numerator * a.denominator;
        return (left > right) - (left < right);
    }
    mpq_t left, right;
    mpq_inits(left, right, NULL);
    int order = mpq_cmp(view(left, a), view(right, b));
    mpq_clears(left, right, NULL);
    return order;
}

bool rational_equal(struct rational a, struct rational b)
{
    return rational_compare(a, b) == 0;
}

int rational_sign(struct rational a)
{
    return is_big(a) ? mpq_sgn(big_of(a)) : (a.numerator > 0) - (a.numerator < 0);
}

bool rational_is_zero(struct rational a)
{
    return rational_sign(a) == 0;
}

#define HUGE_BITS 16384

bool rational_is_huge(struct rational a)
{
    return is_big(a) && (mpz_sizeinbase(mpq_numref(big_of(a)), 2) > HUGE_BITS ||
                         mpz_sizeinbase(mpq_denref(big_of(a)), 2) > HUGE_BITS);
}

bool rational_is_whole(struct rational a)
{
    return is_big(a) ? mpz_cmp_ui(mpq_denref(big_of(a)), 1) == 0 : a.denominator == 1;
}

struct rational rational_min(struct rational a, struct rational b)
{
    return rational_compare(a, b) <= 0 ? a : b;
}

struct rational rational_max(struct rational a, struct rational b)
{
    return rational_compare(a, b) >= 0 ? a : b;
}

int64_t rational_to_int(struct rational a)
{
    a = rational_sign(a) < 0 ? rational_ceil(a) : rational_floor(a);
    if (!is_big(a))
        return a.numerator;
    return rational_sign(a) < 0 ? INT64_MIN : INT64_MAX;
}

double rational_to_double(struct rational a)
{
    return is_big(a) ? mpq_get_d(big_of(a)) : (double)a.numerator / (double)a.denominator;
}

/* ---- reading and printing ---- */

bool rational_parse(const char *text, size_t length, struct rational *result)
{
    int64_t number = 0, below = 1;
    bool point = false, digits = false, large = false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9')
            return false;
        digits = true;
        large |= __builtin_mul_overflow(number, 10, &number) ||
                 __builtin_add_overflow(number, (int64_t)(text[i] - '0'), &number) ||
                 (point && __builtin_mul_overflow(below, 10, &below));
    }
    if (!digits)
        return false;
    if (!large) {
        *result = reduced(number, below);
        return true;
    }
    char *plain = memory_alloc(length + 1);
    size_t used = 0, decimals = 0;
    point = false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        plain[used++] = text[i];
        decimals += point;
    }
    plain[used] = 0;
    mpq_t value;
    mpq_init(value);
    mpz_set_str(mpq_numref(value), plain, 10);
    mpz_ui_pow_ui(mpq_denref(value), 10, decimals);
    mpq_canonicalize(value);
    *result = store(value);
    free(plain);
    return true;
}

/* value * 10^places, rounded half to even. */
static void scaled(mpz_ptr to, struct rational a, int places)
{
    mpq_t value;
    mpz_t rest, power;
    mpq_init(value);
    mpz_inits(rest, power, NULL);
    load(value, a);
    mpz_ui_pow_ui(power, 10, (unsigned long)places);
    mpz_mul(to, mpq_numref(value), power);
    mpz_fdiv_qr(to, rest, to, mpq_denref(value));
    mpz_mul_2exp(rest, rest, 1);
    int order = mpz_cmp(rest, mpq_denref(value));
    if (order > 0 || (order == 0 && mpz_odd_p(to)))
        mpz_add_ui(to, to, 1);
    mpz_clears(rest, power, NULL);
    mpq_clear(value);
}

void rational_print_fixed(struct buffer *out, struct rational a, int places)
{
    mpz_t number;
    mpz_init(number);
    scaled(number, a, places);
    if (mpz_sgn(number) < 0)
        buffer_add_char(out, '-');
    mpz_abs(number, number);
    char *digits = mpz_get_str(NULL, 10, number);
    size_t length = strlen(digits), decimals = (size_t)places;
    size_t whole = length > decimals ? length - decimals : 0; /* digits before the point */
    if (whole)
        buffer_add(out, digits, whole);
    else
        buffer_add_char(out, '0');
    if (decimals)
        buffer_add_char(out, '.');
    for (size_t i = length; i < decimals; i++)
        buffer_add_char(out, '0');
    buffer_add(out, digits + whole, length - whole);
    free(digits);
    mpz_clear(number);
}

void rational_print_short(struct buffer *out, struct rational a, int places)
{
    rational_print_fixed(out, a, places);
    if (places <= 0)
        return;
    while (out->text[out->length - 1] == '0')
        out->length--;
    if (out->text[out->length - 1] == '.')
        out->length--;
    out->text[out->length] = 0;
}

void rational_print_exact(struct buffer *out, struct rational a)
{
    mpq_t value;
    mpz_t rest;
    mpq_init(value);
    mpz_init(rest);
    load(value, a);
    mpz_set(rest, mpq_denref(value));
    mpz_t factor;
    mpz_init_set_ui(factor, 2);
    unsigned long twos = mpz_remove(rest, rest, factor);
    mpz_set_ui(factor, 5);
    unsigned long fives = mpz_remove(rest, rest, factor);
    if (mpz_cmp_ui(rest, 1) == 0) {
        rational_print_short(out, a, (int)(twos > fives ? twos : fives));
    } else {
        char *text = mpq_get_str(NULL, 10, value);
        buffer_add_text(out, text);
        free(text);
    }
    mpz_clears(rest, factor, NULL);
    mpq_clear(value);
}
