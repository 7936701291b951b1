/* Inside emit/packet: the workbooks that a supplier fills in. What may be written in is yellow; all else is locked. */
#ifndef FLOW_EMIT_PACKET_BOOK_H
#define FLOW_EMIT_PACKET_BOOK_H

#include "emit/packet/packet.h"

#include <xlsxwriter.h>

struct packet_book {
    struct request *request;
    lxw_workbook *file;
    lxw_format *title, *note, *name, *head, *text, *count, *figure, *money, *verdict;
    lxw_format *input, *input_text, *input_result; /* for money, for words, for either */
    lxw_format *link, *good, *bad;                 /* what a verdict becomes */
    const char *title_text;
    void *state; /* of who writes it */
};

struct book_column {
    const char *head;
    double width; /* in letters */
};

/* A workbook as bytes: `write` makes its sheets. False with a failure where it cannot be made. */
bool book_write(struct request *request, const char *name, char *title,
                void (*write)(struct packet_book *book), void *state, struct buffer *out);
/* Widths, a row of heads, which stays in sight and is repeated on each page. */
void book_heads(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                const struct book_column *columns, int count);
/* For the printer, on the paper that was asked for, as wide as a page; and locked. */
void book_finish_sheet(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t last_row,
                       lxw_col_t last_column);
/* A name and what stands behind it over some columns; NULL is to be filled in. */
void book_fact(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
               lxw_col_t last_column, const char *name, const char *text);
/* Cells of a row that take one of some words, which are chosen from; the last one is NULL. */
void book_words(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                lxw_col_t last_column, const char *const *words);

#endif
