/* Exact numbers. A value is immutable; small ones (both parts in 63 bits) live in the struct, others
   are GMP rationals owned by the thread's pool until rational_release_all(). */
#ifndef FLOW_BASE_RATIONAL_H
#define FLOW_BASE_RATIONAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

struct rational {
    int64_t numerator;   /* or, when denominator is 0, a pointer to the big value */
    int64_t denominator; /* > 0 and in lowest terms; 0 marks a big value */
};

#define RATIONAL_ZERO ((struct rational){0, 1})
#define RATIONAL_ONE ((struct rational){1, 1})

struct rational rational_integer(int64_t value);
struct rational rational_fraction(int64_t numerator, int64_t denominator); /* denominator != 0 */
/* "12", "0.05", "1250.": digits with at most one point, of any length. False if it is no number. */
bool rational_parse(const char *text, size_t length, struct rational *result);

struct rational rational_add(struct rational a, struct rational b);
struct rational rational_subtract(struct rational a, struct rational b);
struct rational rational_multiply(struct rational a, struct rational b);
struct rational rational_divide(struct rational a, struct rational b); /* b != 0 */
struct rational rational_negate(struct rational a);
struct rational rational_ceil(struct rational a);
struct rational rational_floor(struct rational a);
struct rational rational_min(struct rational a, struct rational b);
struct rational rational_max(struct rational a, struct rational b);

int rational_compare(struct rational a, struct rational b); /* <0, 0, >0 */
bool rational_equal(struct rational a, struct rational b);
int rational_sign(struct rational a);
bool rational_is_zero(struct rational a);
bool rational_is_whole(struct rational a);
/* Whether it takes over some thousand digits to write, more than any figure of a shop: squaring a few dozen times would
   fill the machine. */
bool rational_is_huge(struct rational a);
/* The whole number, cut to the range of int64_t. */
int64_t rational_to_int(struct rational a);
double
rational_to_double(struct rational a); /* for geometry and pictures, never for a printed figure */

/* Exactly `places` decimals, rounded half to even: "1.604429", "-0.50". */
void rational_print_fixed(struct buffer *out, struct rational a, int places);
/* At most `places` decimals, half to even, trailing zeros cut: "0.3", "12". */
void rational_print_short(struct buffer *out, struct rational a, int places);
/* Exact where the decimals end ("0.125"), else as a fraction ("1/3"). */
void rational_print_exact(struct buffer *out, struct rational a);

/* Frees every big value this thread made. Values made before are then invalid. */
void rational_release_all(void);

/* The same for those made since the mark: of several things that own big values, the newest is closed first. */
const void *rational_mark(void);
void rational_release_since(const void *mark);

#endif
