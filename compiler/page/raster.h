/* An SVG on paper and in pixels. Same SVG, same bytes. */
#ifndef FLOW_PAGE_RASTER_H
#define FLOW_PAGE_RASTER_H

#include "base/buffer.h"
#include "base/failure.h"

/* Both add to out; false with a failure where an SVG cannot be drawn. Each SVG is a page of its own size. */
bool svgs_to_pdf(const struct buffer *svgs, int count, const char *title, struct buffer *out,
                 struct failure *failure);
/* Two pixels a point. */
bool svg_to_png(const struct buffer *svg, struct buffer *out, struct failure *failure);

#endif
