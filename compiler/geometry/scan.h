/* The words and numbers of a model that is text. */
#ifndef FLOW_GEOMETRY_SCAN_H
#define FLOW_GEOMETRY_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct scan {
    const unsigned char *at, *end;
    const unsigned char *begin; /* of the file: lines are counted from it */
};

/* At the first byte, behind a byte order mark. */
struct scan scan_open(const unsigned char *bytes, size_t length);

/* Space, tab, and the four bytes that end a line or a page; not what a locale adds. */
static inline bool is_blank(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_line_end(unsigned char c)
{
    return c == '\n' || c == '\r';
}

static inline void scan_blanks(struct scan *scan)
{
    while (scan->at < scan->end && is_blank(*scan->at))
        scan->at++;
}

/* Over what is no blank. */
static inline void scan_word(struct scan *scan)
{
    while (scan->at < scan->end && !is_blank(*scan->at))
        scan->at++;
}

/* To the end of the line, be it \n, \r\n or \r; not behind it. */
static inline void scan_line(struct scan *scan)
{
    while (scan->at < scan->end && !is_line_end(*scan->at))
        scan->at++;
}

/* Whether the bytes begin with the word as it is. */
static inline bool scan_begins(const struct scan *scan, const char *word, size_t length)
{
    return (size_t)(scan->end - scan->at) >= length && memcmp(scan->at, word, length) == 0;
}

/* The same in capitals or not; the word is in lower case. */
bool scan_is_word(const struct scan *scan, const char *word, size_t length);

/* Takes a decimal number: sign, digits with a point, exponent; then a blank, the end, or the byte `also`. By no locale,
   and by the same operations everywhere. False, where it is none or too large for a float. */
bool scan_number(struct scan *scan, unsigned char also, double *number);

/* The line of the place it has come to, from 1; \r\n is one end. */
unsigned long scan_line_number(const struct scan *scan);

#endif
