/* Comma separated text as shops and spreadsheets write it (RFC 4180), read row by row and written. */
#ifndef FLOW_ORDERS_CSV_H
#define FLOW_ORDERS_CSV_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CSV_BYTES_AT_MOST = 256 * 1024 * 1024, /* of a file */
    CSV_CELL_AT_MOST = 100000,             /* bytes: more is a quote that was not closed */
    CSV_COLUMNS_AT_MOST = 2000
};

struct csv_cell {
    const char *text; /* NUL-terminated; lives until the next row is read */
    size_t length;    /* without the NUL */
    int line, column; /* where it begins, from 1; columns in characters */
};

/* A file being read. The text must live as long. */
struct csv {
    const char *text, *next, *end;
    int line, column; /* of next */
    char separator;   /* ',' ';' or a tab: what the first row has most of, or its "sep=" says */
    int row_line;     /* where the row begins */
    struct csv_cell *cells;
    int count, capacity;
    struct buffer bytes; /* the row's texts */
    char error[200];     /* a sentence: what is wrong and the way out */
    int error_line, error_column;
};

enum csv_status { CSV_ROW, CSV_END, CSV_WRONG };

/* A byte order mark is passed over. What is wrong with the file as a whole is told by the first csv_next. */
void csv_open(struct csv *csv, const char *text, size_t length);
void csv_close(struct csv *csv);

/* The next row that is not empty, in `cells` and `count`. Lines end in CRLF, LF or CR; within quotes each becomes LF. Text that
   is no UTF-8, a NUL, a quote that is not closed, text behind a closing quote, and what is over the limits is
   CSV_WRONG, and so is whatever comes after. */
enum csv_status csv_next(struct csv *csv);

/* ---- writing: cells are parted by commas, rows end in CRLF ---- */

struct csv_writer {
    struct buffer *out;
    int cells; /* of the row so far */
};

/* A cell, quoted where it must be. Text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a
   return) gets an apostrophe before it, which the import takes off again. */
void csv_write(struct csv_writer *writer, const char *text);
/* The text as it was before csv_write put an apostrophe before it. */
const char *csv_unguarded(const char *text);
void csv_write_whole(struct csv_writer *writer, int64_t number);
void csv_end_row(struct csv_writer *writer);

#endif
