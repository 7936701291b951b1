/* What stands in the cells of an order file: dates, prices, quantities, states. Each reader says what is wrong, none
   guesses. */
#ifndef FLOW_ORDERS_VALUES_H
#define FLOW_ORDERS_VALUES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- dates ---- */

/* Whether 03/04/2027 is in March or in April. */
enum date_order { DATES_UNKNOWN, DATES_MONTH_FIRST, DATES_DAY_FIRST, DATES_CONTRADICT };

enum date_reading { DATE_READ, DATE_NONE, DATE_AMBIGUOUS, DATE_WRONG };

/* "2027-02-15", "2027-02-15 14:09:02 -0500", "20270215", "15.02.2027", "Feb 15, 2027", "15-Feb-27", "02/15/2027 2:09 PM": the
   day alone as YYYY-MM-DD. Of a date with slashes or dashes `order` says what comes first, where it does not say so itself. */
enum date_reading date_read(const char *text, enum date_order order, char day[11]);
/* The order that such a date can only have; DATES_UNKNOWN where it does not tell. */
enum date_order date_tells(const char *text);
/* What two of them tell together. */
enum date_order dates_together(enum date_order a, enum date_order b);

/* ---- numbers ---- */

enum number_reading {
    NUMBER_READ,
    NUMBER_NONE,
    NUMBER_WRONG,
    NUMBER_NOT_WHOLE,
    NUMBER_NEGATIVE,
    NUMBER_ZERO, /* of a quantity */
    NUMBER_TOO_LARGE,
    NUMBER_AMBIGUOUS /* "1,234": a thousand, or one and a bit */
};

enum { COUNT_AT_MOST = 1000000 };

/* "3", "3.0": how many. */
enum number_reading count_read(const char *text, int64_t *count);

struct price_said {
    char amount[32];  /* "1234.50": digits and at most one point */
    char currency[4]; /* "EUR" where the text says it, else "" */
};
/* "24.00", "$1,234.50", "1.234,50 €", "USD 24". A single point is a decimal point. */
enum number_reading price_read(const char *text, struct price_said *price);

/* ---- words ---- */

/* Without blanks around it, without what a spreadsheet put before it (an apostrophe, or ="...") and without control characters
   but line ends. In the arena. */
const char *cell_text(const char *text, struct arena *arena);
/* On one line: what stood on several is parted by commas. In the arena where it had to be changed. */
const char *line_text(const char *text, struct arena *arena);
/* The same word, whatever the case and whatever parts its words: "Awaiting Shipment" and "awaiting_shipment". */
bool same_words(const char *a, const char *b);
/* &amp; &quot; &#39; &lt; &gt; as they are meant. In the arena. */
const char *text_unescaped(const char *text, struct arena *arena);
/* How many characters. */
size_t text_characters(const char *text);

#endif
