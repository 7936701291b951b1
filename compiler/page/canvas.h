/* A PDF file being drawn, page by page. The same calls give the same bytes: no date, no path, nothing of the machine but
   its fonts. What goes wrong while drawing (no memory, disk full) is kept and told by canvas_close(). */
#ifndef FLOW_PAGE_CANVAS_H
#define FLOW_PAGE_CANVAS_H

#include "base/failure.h"
#include "page/style.h"

#include <stdbool.h>

struct canvas;

struct box {
    double x, y, width, height; /* points; from the upper left corner of the page */
};

/* Begins the file at `path`; NULL with a failure where it cannot be written. */
struct canvas *canvas_open(const char *path, double width, double height, const char *title,
                           struct failure *failure);
/* Ends the page that was drawn; the next call draws on a new one. */
void canvas_end_page(struct canvas *canvas);
/* Puts the file in its place. False, with a failure, where something went wrong; the old file then stays. Frees. */
bool canvas_close(struct canvas *canvas, struct failure *failure);

/* The text within the box, wrapped, in `size` or as much smaller as it must be to fit, down to half of it; what still
   does not fit ends in an ellipsis. Returns the height used. */
double canvas_text(struct canvas *canvas, struct box box, const char *text, enum text_style style,
                   double size, enum alignment alignment);
void canvas_line(struct canvas *canvas, double x, double y, double to_x, double to_y, double width,
                 double grey);
void canvas_frame(struct canvas *canvas, struct box box, double width, double grey);
void canvas_fill(struct canvas *canvas, struct box box, double grey);
/* A warning's triangle, filling the box. */
void canvas_triangle(struct canvas *canvas, struct box box);
/* A QR code of the text, as large as fits in the box, with nothing of its quiet zone. False where the text is too long. */
bool canvas_code(struct canvas *canvas, struct box box, const char *text);

#endif
