/* The papers that go with an order's parcels: the packing list, and what a commercial invoice says. Made as data first; then
   text or JSON here, and PDF in papers_pages.c. */
#ifndef FLOW_ORDERS_PAPERS_H
#define FLOW_ORDERS_PAPERS_H

#include "orders/export.h"

struct paper_line {
    const struct order_line *line;
    const char *title;
    const char *answers;       /* "initials: AL", "" */
    int64_t here;              /* so many are in these parcels */
    const char *units;         /* "B-1/7-9, B-2/1", "" */
    int64_t to_follow;         /* owed, and not here */
    const char *price, *value; /* of one, and of all: "18.00", exact; "" where no price is known */
    const char *mass; /* of one, "12.5" grams; "" where the spec does not say it of each part */
};

/* What no spec says and a customs declaration wants; NULL where it was not said. */
struct customs {
    const char *incoterm; /* "DAP Berlin" */
    const char *hs_code, *origin;
    const char *day; /* of the invoice, YYYY-MM-DD */
};

struct papers {
    struct arena *arena;
    const struct order *order;
    const struct parcel *parcel; /* NULL: all of the order */
    struct postal_address to;
    const char *shop, *contact; /* of the spec, "" */
    struct paper_line *lines;
    int line_count;
    /* of the invoice */
    struct customs customs;
    const char *currency; /* of all prices; "" where there are several, or none */
    const char *total;    /* "" where some price is not known */
    const char *mass;     /* in all, grams; "" likewise */
    const char *missing;  /* what a customs declaration lacks, parted by commas; "" for nothing */
};

/* A packing list is of what is in parcels; an invoice of what is in the parcel or, without one, of all that was ordered and
   not cancelled. Lives in the arena. */
void packing_list_make(struct papers *papers, const struct state *state, const struct order *order,
                       const struct parcel *parcel, struct arena *arena);
void invoice_make(struct papers *papers, const struct state *state, const struct order *order,
                  const struct parcel *parcel, const struct customs *customs, struct arena *arena);

void packing_list_print(struct buffer *out, const struct papers *papers);
void packing_list_write(struct buffer *out, const struct papers *papers); /* JSON */
void invoice_write(struct buffer *out, const struct papers *papers);      /* JSON */

/* The lines of an address as they stand on a parcel: not more than so many, which are in the arena. */
enum { ADDRESS_LINES_AT_MOST = 6 };
int address_lines(const struct postal_address *address, const char *lines[ADDRESS_LINES_AT_MOST],
                  struct arena *arena);

#endif
