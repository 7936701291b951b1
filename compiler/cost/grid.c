#include "cost/grid.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

enum { GAP = 2, INDENT = 2 };

void grid_row(struct grid *grid, bool ruled)
{
    if (grid->row_count == grid->row_capacity) {
        int capacity = 2 * grid->row_capacity + 16;
        struct grid_row *rows = ARENA_ARRAY(grid->arena, struct grid_row, capacity);
        if (grid->row_count > 0)
            memcpy(rows, grid->rows, sizeof *rows * (size_t)grid->row_count);
        grid->rows = rows;
        grid->row_capacity = capacity;
    }
    grid->rows[grid->row_count++] = (struct grid_row){.ruled = ruled};
}

void grid_cell(struct grid *grid, const char *text)
{
    struct grid_row *row = &grid->rows[grid->row_count - 1];

    assert(row->cell_count < GRID_COLUMNS_AT_MOST);
    row->cells[row->cell_count++] = text ? text : "";
}

static void pad(struct buffer *out, int count)
{
    while (count-- > 0)
        buffer_add_char(out, ' ');
}

static void print_row(struct buffer *out, const struct grid *grid, const struct grid_row *row,
                      const int *widths)
{
    int owed = INDENT; /* blanks before the next text, so that no line ends in blanks */

    for (int i = 0; i < row->cell_count; i++) {
        int missing = widths[i] - utf8_width(row->cells[i]);
        bool left = grid->left & GRID_LEFT(i);
        if (row->cells[i][0]) {
            pad(out, owed + (left ? 0 : missing));
            buffer_add_text(out, row->cells[i]);
            owed = GAP + (left ? missing : 0);
        } else {
            owed += GAP + widths[i];
        }
    }
    buffer_add_char(out, '\n');
}

void grid_print(struct buffer *out, const struct grid *grid, bool color)
{
    int widths[GRID_COLUMNS_AT_MOST] = {0};
    int total = -GAP;

    for (int r = 0; r < grid->row_count; r++)
        for (int i = 0; i < grid->rows[r].cell_count; i++) {
            int width = utf8_width(grid->rows[r].cells[i]);
            if (width > widths[i])
                widths[i] = width;
        }
    for (int i = 0; i < GRID_COLUMNS_AT_MOST; i++)
        total += widths[i] > 0 ? widths[i] + GAP : 0;
    for (int r = 0; r < grid->row_count; r++) {
        const struct grid_row *row = &grid->rows[r];
        if (row->ruled) {
            pad(out, INDENT);
            for (int i = 0; i < total; i++)
                buffer_add_text(out, "─");
            buffer_add_char(out, '\n');
        }
        if (r == 0 && color)
            buffer_add_text(out, "\033[2m");
        print_row(out, grid, row, widths);
        if (r == 0 && color)
            buffer_add_text(out, "\033[0m");
    }
}
