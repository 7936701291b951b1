/* Tables: heads repeated, rows whole. */
#include "page/private.h"

#include "page/drawing.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PAD_X 4.0
#define PAD_Y 3.5

static const struct text_style style_head = {8.6, true, 0, ALIGN_LEFT};
static const struct text_style style_cell = {9.4, false, 0, ALIGN_LEFT};

static double column_width(const struct document *document, int i)
{
    double sum = 0;
    for (int j = 0; j < document->column_count; j++)
        sum += document->columns[j].share;
    return document->width * document->columns[i].share / sum;
}

static double row_height(struct document *document, const char *const *cells,
                         struct text_style style, double least)
{
    double height = least;
    for (int i = 0; i < document->column_count; i++) {
        double width = column_width(document, i) - 2 * PAD_X;
        if (!cells[i] || !*cells[i])
            continue;
        double one = text_measure(document, cells[i], width,
                                  text_style_fitting(document, cells[i], width, style));
        if (one + 2 * PAD_Y > height)
            height = one + 2 * PAD_Y;
    }
    return height;
}

static void draw_row(struct document *document, const char *const *cells, struct text_style style,
                     double height, bool head)
{
    double x = document->left;
    cairo_t *cairo = document->cairo;
    if (head) {
        cairo_set_source_rgb(cairo, 0.9, 0.9, 0.9);
        cairo_rectangle(cairo, x, document->y, document->width, height);
        cairo_fill(cairo);
    }
    for (int i = 0; i < document->column_count; i++) {
        double width = column_width(document, i);
        style.align = document->columns[i].right ? ALIGN_RIGHT : ALIGN_LEFT;
        if (cells[i] && *cells[i])
            text_draw(document, x + PAD_X, document->y + PAD_Y, cells[i], width - 2 * PAD_X,
                      text_style_fitting(document, cells[i], width - 2 * PAD_X, style));
        cairo_set_source_rgb(cairo, 0.45, 0.45, 0.45);
        cairo_set_line_width(cairo, head ? 0.8 : 0.45);
        cairo_rectangle(cairo, x, document->y, width, height);
        cairo_stroke(cairo);
        x += width;
    }
    document->y += height;
}

static void draw_head(struct document *document)
{
    const char *titles[COLUMNS_AT_MOST] = {NULL};
    for (int i = 0; i < document->column_count; i++)
        titles[i] = document->columns[i].title;
    draw_row(document, titles, style_head, row_height(document, titles, style_head, 16), true);
    document->rows_on_page = 0;
}

void page_table_begin(struct document *document, const struct column *columns, int count)
{
    assert(count <= COLUMNS_AT_MOST);
    document->columns = columns;
    document->column_count = count;
    document->row_room = 18;
    page_clear_aside(document);
    page_need(document, 60);
    draw_head(document);
}

void page_table_room(struct document *document, double points)
{
    document->row_room = points;
}

void page_table_picture(struct document *document, const struct picture *picture)
{
    document->row_picture = picture;
}

#define PICTURE_ROOM 34.0

/* In the middle of the row's first cell. */
static void draw_row_picture(struct document *document, double top, const struct held_row *row)
{
    struct drawing drawing;
    double width = column_width(document, 0);
    drawing_of_one(&drawing, row->picture, width - 4, row->height - 4);
    page_drawing_at(document, document->left + (width - drawing.width_pt) / 2,
                    top + (row->height - drawing.height_pt) / 2, &drawing);
}

static void draw_held_row(struct document *document)
{
    struct held_row *row = &document->row;
    if (!row->held)
        return;
    if (document->y + row->height > document->bottom) {
        page_break(document);
        draw_head(document);
    }
    draw_row(document, (const char *const *)row->cells, style_cell, row->height, false);
    if (row->picture)
        draw_row_picture(document, document->y - row->height, row);
    for (int i = 0; i < document->column_count; i++)
        free(row->cells[i]);
    *row = (struct held_row){0};
    document->rows_on_page++;
}

static char *copied(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_alloc(size), text, size);
}

/* Where so much does not stand below the held row, that goes to the next page too: nothing stands there alone. */
static void keep_with_held_row(struct document *document, double points)
{
    if (!document->row.held || document->rows_on_page < 2 ||
        document->y + document->row.height + points <= document->bottom)
        return;
    page_break(document);
    draw_head(document);
}

void page_table_row(struct document *document, const char *const *cells)
{
    double room = document->row_picture ? PICTURE_ROOM : document->row_room;
    double height = row_height(document, cells, style_cell, room);
    keep_with_held_row(document, height);
    draw_held_row(document);
    document->row = (struct held_row){true, {NULL}, height, document->row_picture};
    document->row_picture = NULL;
    for (int i = 0; i < document->column_count; i++)
        if (cells[i] && *cells[i])
            document->row.cells[i] = copied(cells[i]);
}

#define BELOW_TABLE 9.0

void page_table_end(struct document *document)
{
    draw_held_row(document);
    document->columns = NULL;
    document->y += BELOW_TABLE;
}

void page_table_end_signed(struct document *document)
{
    keep_with_held_row(document, BELOW_TABLE + BLANKS_HEIGHT);
    page_table_end(document);
}
