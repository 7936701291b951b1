/* What stands at a place: labels, and the heads of forms. Coordinates are from the top left of the page, in points. */
#include "page/private.h"

#include <cairo-pdf.h>

#define SMALLEST_PT 5.5 /* smaller print is not read at a bench */

void page_place(struct document *document, double height_pt)
{
    const struct page_setup *setup = document->setup;
    if (document->placed || document->y > document->top)
        page_next(document);
    document->placed = true;
    cairo_pdf_surface_set_size(cairo_get_target(document->cairo), setup->width_pt,
                               height_pt > 0 ? height_pt : setup->height_pt);
}

double page_text_at(struct document *document, double x, double y, double width, double size_pt,
                    bool bold, const char *text)
{
    struct text_style style = {size_pt, bold, 0, ALIGN_LEFT};
    double height = text_measure(document, text, width, style);
    text_draw(document, x, y, text, width, style);
    return height;
}

double page_text_height(struct document *document, double width, double size_pt, bool bold,
                        const char *text)
{
    return text_measure(document, text, width, (struct text_style){size_pt, bold, 0, ALIGN_LEFT});
}

/* The largest size at which the text is no higher than the height, not under the smallest. */
static double fitting_size(struct document *document, const char *text, double width, double height,
                           double size_pt, bool bold)
{
    while (size_pt > SMALLEST_PT &&
           page_text_height(document, width, size_pt, bold, text) > height + 0.01)
        size_pt = size_pt - 0.25 > SMALLEST_PT ? size_pt - 0.25 : SMALLEST_PT;
    return size_pt;
}

static double draw_fitting(struct document *document, const struct page_area *place, double size_pt,
                           bool bold, double grey, const char *text)
{
    double size = fitting_size(document, text, place->width, place->height, size_pt, bold);
    struct text_style style = {size, bold, grey, ALIGN_LEFT};
    double height = text_measure(document, text, place->width, style);
    if (height > place->height + 0.01) {
        pango_layout_set_ellipsize(document->layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_height(document->layout, (int)(place->height * PANGO_SCALE));
        height = place->height;
    }
    text_draw(document, place->x, place->y, text, place->width, style);
    pango_layout_set_ellipsize(document->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_height(document->layout, -1);
    return height;
}

double page_text_fit_at(struct document *document, const struct page_area *place, double size_pt,
                        bool bold, const char *text)
{
    return draw_fitting(document, place, size_pt, bold, 0, text);
}

void page_band_at(struct document *document, const struct page_area *place, bool filled,
                  const char *text)
{
    double pad = place->height * 0.18;
    struct page_area inside = {place->x + 2 * pad, place->y + pad, place->width - 4 * pad,
                               place->height - 2 * pad};
    cairo_set_source_rgb(document->cairo, 0, 0, 0);
    cairo_set_line_width(document->cairo, 1);
    cairo_rectangle(document->cairo, place->x, place->y, place->width, place->height);
    if (filled)
        cairo_fill(document->cairo);
    else
        cairo_stroke(document->cairo);
    draw_fitting(document, &inside, inside.height * 0.8, true, filled ? 1 : 0, text);
}

void page_line_at(struct document *document, double x, double y, double to_x, double to_y)
{
    cairo_set_source_rgb(document->cairo, 0, 0, 0);
    cairo_set_line_width(document->cairo, 0.5);
    cairo_move_to(document->cairo, x, y);
    cairo_line_to(document->cairo, to_x, to_y);
    cairo_stroke(document->cairo);
}

void page_box_at(struct document *document, double x, double y, double width, double height)
{
    cairo_set_source_rgb(document->cairo, 0.6, 0.6, 0.6);
    cairo_set_line_width(document->cairo, 0.5);
    cairo_rectangle(document->cairo, x, y, width, height);
    cairo_stroke(document->cairo);
}
