/* A table of texts in columns, drawn as wide as its cells need. */
#ifndef FLOW_COST_GRID_H
#define FLOW_COST_GRID_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>

enum { GRID_COLUMNS_AT_MOST = 16 };
#define GRID_LEFT(column) (1u << (column))

struct grid {
    struct arena *arena; /* owns the cells */
    unsigned left; /* the columns aligned left, as GRID_LEFT() bits; the others are aligned right */
    int row_count, row_capacity;
    struct grid_row *rows;
};

struct grid_row {
    int cell_count;
    const char *cells[GRID_COLUMNS_AT_MOST];
    bool ruled; /* a line above it */
};

/* Begins a row; the first one is the heading. */
void grid_row(struct grid *grid, bool ruled);
/* Adds a cell to the last row; NULL and "" leave it empty. The text is not copied. */
void grid_cell(struct grid *grid, const char *text);
void grid_print(struct buffer *out, const struct grid *grid, bool color);

#endif
