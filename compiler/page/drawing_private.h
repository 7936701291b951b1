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

/* How heavy the lines of a picture are, so that a small one does not turn black. */
static inline double picture_line_pt(const struct picture *picture, double scale, bool outline)
{
    double size =
        (picture->width_mm > picture->height_mm ? picture->width_mm : picture->height_mm) * scale;
    double heavy = size / 220;
    heavy = heavy < 0.4 ? 0.4 : heavy > 1 ? 1 : heavy;
    return outline ? heavy : heavy * 0.55;
}

/* The three corners of an arrow whose tip is at `to`. */
void arrow_corners(const double from[2], const double to[2], double corners[3][2]);

/* The surface of a picture: in greys, or as a mask that cairo writes as PNG with one byte a pixel. */
cairo_surface_t *picture_surface(const struct picture *picture, cairo_format_t format);

/* With its top left at the cairo's own. */
void drawing_draw(const struct drawing *drawing, cairo_t *cairo);

#endif
