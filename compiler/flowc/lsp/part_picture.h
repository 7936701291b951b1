/* The picture of a part for a hover. */
#ifndef FLOW_LSP_PART_PICTURE_H
#define FLOW_LSP_PART_PICTURE_H

#include "flowc/lsp/server.h"

/* Adds an image in Markdown, drawn from the part's model (of the first SKU): its lines, as SVG. Nothing where there is no
   model, or it is too large to be read while somebody waits. */
void add_part_picture(struct server *server, const struct part *part, struct buffer *out);

#endif
