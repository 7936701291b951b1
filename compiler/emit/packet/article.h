/* Inside emit/packet: first_article.xlsx, three forms after AS9102 for each article that is asked for. */
#ifndef FLOW_EMIT_PACKET_ARTICLE_H
#define FLOW_EMIT_PACKET_ARTICLE_H

#include "emit/common/characteristics.h"
#include "emit/packet/book.h"

/* What one set of forms is about: the product as a whole, a part, or a part in one of the cases its limits vary by. */
struct article {
    const struct part *part; /* NULL: the product */
    const struct sku *sku;   /* that decides its limits; NULL where every case has its line */
    const char *which;       /* "small"; "" where it does not vary */
    const char *title, *number;
    const char *sheets[4];         /* names of the sheets of form 1, 2 and 3 */
    lxw_row_t first_row, last_row; /* of its characteristics on form 3; last < first without any */
    bool checks;                   /* what the inspections look for is asked of it */
};

struct articles {
    struct article *rows;
    int count, capacity;
};

enum {
    ARTICLE_HEAD_ROWS = 7, /* of form 2 and 3, before their tables */
    ARTICLE_VERDICT_COLUMN = 13
};

/* Form 2 and form 3 of an article, on sheets of their own. Form 3 says in which rows the characteristics are. */
void write_form_2(struct packet_book *book, const struct article *article);
void write_form_3(struct packet_book *book, struct article *article);
/* The title of a form, and number, name, serial number and report number below it. */
lxw_worksheet *begin_form_sheet(struct packet_book *book, const struct article *article, int form,
                                const char *title);
/* pass or fail, of what was written in. */
void mark_verdicts(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t first, lxw_row_t last,
                   lxw_col_t column);

#endif
