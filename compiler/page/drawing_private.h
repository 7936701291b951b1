/* Private to the drawings: how their lines look, whatever they are written to. */
#ifndef FLOW_PAGE_DRAWING_PRIVATE_H
#define FLOW_PAGE_DRAWING_PRIVATE_H

#include "page/drawing.h"

#include <cairo.h>

#define DRAWING_FONT "DejaVu Sans"
#define DRAWING_TEXT_PT 8.0
#define DIMENSION_PT 0.45 /* how heavy a dimension's line is */
#define ARROW_PT 5.0
#define ARROW_HALF_PT 1.1

/* How heavy lines are on a drawing of that size, so that a small one does not turn black. */
static inline double drawing_line_pt(const struct drawing *drawing, bool outline)
{
    double longer = drawing->width_pt > drawing->height_pt ? drawing->width_pt : drawing->height_pt;
    double heavy = 0.35 + longer / 600;
    heavy = heavy > 0.9 ? 0.9 : heavy;
    return outline ? heavy : heavy * 0.55;
}

/* The three corners of an arrow whose tip is at `to`. */
void arrow_corners(const double from[2], const double to[2], double corners[3][2]);

/* The surface of a picture: in greys, or as a mask that cairo writes as PNG with one byte a pixel. Each of its pixels is
   the mean of `coarse` by `coarse` of the picture's. */
int picture_coarse(const struct picture *picture, double scale); /* as fine as printers are */
cairo_surface_t *picture_surface(const struct picture *picture, cairo_format_t format, int coarse);

enum { NEVER_SHARED = -1 };

/* What it shows, as a number: a round part looks the same from the front and from the right. */
uint64_t picture_hash(const struct picture *picture);

/* With its top left at the cairo's own. uses: how often each picture stands on this page already; a PDF holds a picture
   once for all its pages, and once more for each further use on one of them. NEVER_SHARED is always right, but larger. */
void drawing_draw(const struct drawing *drawing, cairo_t *cairo, const int uses[DRAWING_PICTURES]);

#endif
