#include "geometry/scan.h"

#include <float.h>
#include <math.h>
#include <string.h>

struct scan scan_open(const unsigned char *bytes, size_t length)
{
    bool marked = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    return (struct scan){bytes + (marked ? 3 : 0), bytes + length, bytes};
}

bool scan_is_word(const struct scan *scan, const char *word, size_t length)
{
    if ((size_t)(scan->end - scan->at) < length)
        return false;
    if (memcmp(scan->at, word, length) == 0)
        return true;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = scan->at[i];
        if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != (unsigned char)word[i])
            return false;
    }
    return true;
}

/* Where an exponent stands, and not just its letter. */
static int take_exponent(struct scan *scan)
{
    const unsigned char *from = scan->at + 1;
    bool negative = from < scan->end && *from == '-';
    int exponent = 0;
    if (from < scan->end && (*from == '-' || *from == '+'))
        from++;
    if (from == scan->end || !is_digit(*from))
        return 0;
    for (; from < scan->end && is_digit(*from); from++)
        if (exponent < 10000)
            exponent = exponent * 10 + (*from - '0');
    scan->at = from;
    return negative ? -exponent : exponent;
}

/* Correctly rounded up to 15 digits and 22 places, all that floats are written with; beyond, within a step or two. */
static double scaled(uint64_t digits, long exponent)
{
    enum { PLACES = 22, FARTHEST = 400 }; /* 10^22 is the last one that a double holds exactly */
    static const double powers[PLACES + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double value = (double)digits;
    exponent = exponent > FARTHEST ? FARTHEST : exponent < -FARTHEST ? -FARTHEST : exponent;
    for (; exponent > PLACES; exponent -= PLACES)
        value *= powers[PLACES];
    for (; exponent < -PLACES; exponent += PLACES)
        value /= powers[PLACES];
    return exponent < 0 ? value / powers[-exponent] : value * powers[exponent];
}

bool scan_number(struct scan *scan, unsigned char also, double *number)
{
    const unsigned char *at = scan->at, *end = scan->end;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    const unsigned char *first = at, *point = NULL;
    uint64_t digits = 0;
    long dropped = 0, places = 0; /* digits beyond what 64 bits hold; those behind the point */
    for (; at < end && (is_digit(*at) || (*at == '.' && !point)); at++) {
        if (*at == '.') {
            point = at;
            continue;
        }
        if (digits < UINT64_C(1000000000000000000))
            digits = digits * 10 + (uint64_t)(*at - '0');
        else
            dropped++;
        places += point != NULL;
    }
    bool any = at - first > (point != NULL);
    scan->at = at;
    long exponent = any && at < end && (*at | 0x20) == 'e' ? take_exponent(scan) : 0;
    double value = scaled(digits, exponent + dropped - places);
    *number = negative ? -value : value;
    return any && value <= (double)FLT_MAX &&
           (scan->at == end || is_blank(*scan->at) || *scan->at == also);
}

unsigned long scan_line_number(const struct scan *scan)
{
    unsigned long line = 1;
    for (const unsigned char *at = scan->begin; at < scan->at; at++)
        line += *at == '\n' ? at == scan->begin || at[-1] != '\r' : *at == '\r';
    return line;
}
