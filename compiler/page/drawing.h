/* A drawing of a part: its pictures, with dimensions, at places in points from the top left. Made once, it is drawn on a
   page, or written as SVG, PDF or PNG. */
#ifndef FLOW_PAGE_DRAWING_H
#define FLOW_PAGE_DRAWING_H

#include "base/buffer.h"
#include "base/failure.h"
#include "geometry/picture.h"

enum { DRAWING_PICTURES = 3, DRAWING_LINES = 16, DRAWING_TEXTS = 4 };

struct drawing {
    double width_pt, height_pt;
    struct {
        const struct picture *picture; /* borrowed */
        double x, y, scale;            /* points a millimetre */
    } pictures[DRAWING_PICTURES];
    struct {
        double from[2], to[2];
        bool arrow_from, arrow_to; /* the ends have arrows that point there */
    } lines[DRAWING_LINES];
    struct {
        double x, y; /* of its foot: the middle, or the right end */
        bool right;
        char text[24];
    } texts[DRAWING_TEXTS];
    int picture_count, line_count, text_count;
};

/* One picture, as large as the room gives; the drawing is no larger than what it shows. */
void drawing_of_one(struct drawing *drawing, const struct picture *picture, double width_pt,
                    double height_pt);
/* The front, the top above it, the right side on its right (third-angle projection) at one scale, with length, width and
   height. views: by enum view. */
void drawing_of_three(struct drawing *drawing, const struct picture views[VIEW_COUNT],
                      double width_pt, double height_pt);

/* A length for people: at most two decimals, no trailing zeros. */
void drawing_length(double mm, char text[24]);

/* An SVG without a prolog, to stand in HTML too. title is what a screen reader says; id, if not NULL, its id there. */
void drawing_svg(const struct drawing *drawing, const char *title, const char *id,
                 struct buffer *out);

/* A scene as a file: view is "iso", "front", "top", "right" or "three", format "svg", "pdf" or "png". Same scene, same
   bytes. False with a failure where it cannot be drawn. */
bool drawing_render(const struct scene *scene, const char *view, const char *format,
                    const char *title, struct buffer *out, struct failure *failure);

#endif
