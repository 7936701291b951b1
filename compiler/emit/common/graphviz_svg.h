/* What Graphviz drew, on its way into our files. */
#ifndef FLOW_EMIT_GRAPHVIZ_SVG_H
#define FLOW_EMIT_GRAPHVIZ_SVG_H

#include "base/buffer.h"

/* Without the comment in which Graphviz names its version: another version that draws alike gives the same bytes. */
void graphviz_add_svg(struct buffer *out, const char *svg, size_t length);

#endif
