/* The order files that are understood: one table a format, a row a column. To add a format: its columns and its row in
   formats.c, a fixture and a test. */
#ifndef FLOW_ORDERS_FORMATS_H
#define FLOW_ORDERS_FORMATS_H

#include "orders/csv.h"

/* What a column says. */
enum order_role {
    ROLE_NOTHING, /* known, and of no use here */
    /* of an order: the first row that says it counts */
    ROLE_CUSTOMER,
    ROLE_COMPANY,
    ROLE_STREET1,
    ROLE_STREET2,
    ROLE_CITY,
    ROLE_STATE,
    ROLE_POSTAL_CODE,
    ROLE_COUNTRY,
    ROLE_PHONE,
    ROLE_EMAIL,
    ROLE_CURRENCY,
    ROLE_CHANNEL,
    ROLE_STATUS,        /* paid, cancelled, shipped, ... */
    ROLE_CANCELLED,     /* when; anything there means that it is */
    ROLE_REFUNDED,      /* how much */
    ROLE_ORDER_ANSWERS, /* "Engraving: Ada" for whichever line asks for it */
    ORDER_ROLES,
    /* of a line */
    ROLE_ORDER = ORDER_ROLES,
    ROLE_LINE, /* what tells this line from the others of its order */
    ROLE_SKU,
    ROLE_NAME,
    ROLE_QUANTITY,
    ROLE_PRICE,
    ROLE_DUE,
    ROLE_LINE_STATUS,
    ROLE_LINE_SHIPPED, /* when; anything there means that it is */
    ROLE_ANSWERS,      /* "Engraving: Ada, Side: left" */
    ROLE_DATE,         /* read only for whether its dates begin with the month */
    ROLE_COUNT,
    ROLE_ASK = ROLE_COUNT /* our own `ask:NAME` columns */
};

struct order_column {
    const char *title;
    enum order_role role;
    bool required;
};

struct order_format {
    const char *name;                   /* "shopify": what --format says */
    const char *title;                  /* "Shopify's order export" */
    const struct order_column *columns; /* of one role the first that says something counts */
    int column_count;
    const char *const *others; /* columns that it has besides, ending with NULL */
    bool month_first;          /* its dates are known to begin with the month */
    const char *instead;       /* not NULL: cannot be taken, and what to do */
};

enum { ORDER_FORMATS = 5 };
extern const struct order_format order_formats[ORDER_FORMATS];

/* The format of that name, NULL. */
const struct order_format *order_format_named(const char *name);

/* The column of that title: the case does not count, nor do blanks around it. NULL where the format has none. */
const struct order_column *order_column_titled(const struct order_format *format,
                                               const char *title);
bool order_column_is_known(const struct order_format *format, const char *title);

/* The format whose required columns are all in the header; NULL where there is none, and then `nearest` is the one that
   lacks the fewest. */
const struct order_format *order_format_of(const struct csv *header,
                                           const struct order_format **nearest);
/* The required columns that a header lacks, parted by commas. */
void missing_columns(struct buffer *out, const struct order_format *format,
                     const struct csv *header);

#endif
