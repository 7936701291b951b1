/* Text set in type: the few styles that all documents share, measured and drawn by pango. Sizes and places are in
   points (1/72 inch), y grows downwards. Private to page/. */
#ifndef FLOW_PAGE_TEXT_H
#define FLOW_PAGE_TEXT_H

#include "page/style.h"

#include <pango/pangocairo.h>

/* Fonts and how they are measured: without hints, so that a line breaks at the same word on every machine. */
struct typesetter {
    PangoFontMap *fonts;
    PangoContext *context;
};

void typesetter_open(struct typesetter *typesetter);
void typesetter_close(struct typesetter *typesetter);

/* The text in lines no wider than `width` (< 0: as long as it is). Bytes that are no UTF-8 and control characters are
   replaced. The caller frees it with g_object_unref. */
PangoLayout *typeset(const struct typesetter *typesetter, const char *text, enum text_style style,
                     double width, enum alignment alignment);
/* The same in another size. */
PangoLayout *typeset_sized(const struct typesetter *typesetter, const char *text,
                           enum text_style style, double size, double width,
                           enum alignment alignment);

double layout_height(PangoLayout *layout);
double layout_width(PangoLayout *layout); /* of its longest line */

/* How dark a style is: 0 black, 1 white. */
double style_grey(enum text_style style);

#endif
