/* Private to page/: the document being drawn. */
#ifndef FLOW_PAGE_PRIVATE_H
#define FLOW_PAGE_PRIVATE_H

#include "page/page.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#define BLANKS_HEIGHT 40.0 /* of a row of lines to write on */

enum { PICTURES_A_PAGE = 64, COLUMNS_AT_MOST = 16 };

/* The last row of an open table, until it is known whether the next one stands below it. */
struct held_row {
    bool held;
    char *cells[COLUMNS_AT_MOST]; /* copies, NULL for blank ones */
    double height;
    const struct picture *picture; /* in its first cell, NULL */
};

struct document {
    const struct page_setup *setup;
    cairo_t *cairo;
    PangoLayout *layout;       /* one for all texts */
    PangoAttrList *attributes; /* no hyphens where a sum or a number is broken */
    double y;                  /* of what comes next */
    double top, bottom, left, width;
    int page, pages; /* pages is 0 while they are counted */
    const struct column *columns;
    int column_count;
    int rows_on_page; /* of the open table, the held one left out */
    struct held_row row;
    double row_room;                 /* the least height of a table's row */
    uint64_t shown[PICTURES_A_PAGE]; /* pictures on this page, by what they show */
    int shown_count;
    const struct picture *row_picture; /* of the next row's first cell, NULL */
    bool begun;
    double aside_width; /* what stands on the right of the text, down to aside_bottom: a code */
    double aside_bottom;
    const char *continued; /* heads each page that is begun, NULL */
    bool placed;           /* something stands at a place of this page: y does not tell */
};

struct text_style {
    double size_pt;
    bool bold;
    double grey; /* 0 is black */
    enum { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_MIDDLE } align;
};

/* Lays the text out in the document's layout; returns its height. */
double text_measure(struct document *document, const char *text, double width,
                    struct text_style style);
void text_draw(struct document *document, double x, double y, const char *text, double width,
               struct text_style style);

/* The style, in smaller letters where the text would be taller than a page: nothing of it is cut off. */
struct text_style text_style_fitting(struct document *document, const char *text, double width,
                                     struct text_style style);
/* How wide text may be here: what stands aside takes from it. */
double page_text_width(const struct document *document);
/* Goes below what stands aside: tables and pictures take the whole width. */
void page_clear_aside(struct document *document);
/* With its top left there. Nothing is drawn while pages are counted. */
void page_drawing_at(struct document *document, double x, double y, const struct drawing *drawing);
/* The next page, whatever is on this one. */
void page_next(struct document *document);
/* Makes room: a new page where fewer than that many points are left. */
void page_need(struct document *document, double points);

static const struct text_style style_body = {10, false, 0, ALIGN_LEFT};
static const struct text_style style_bold = {10, true, 0, ALIGN_LEFT};
static const struct text_style style_small = {8.2, false, 0.25, ALIGN_LEFT};

#endif
