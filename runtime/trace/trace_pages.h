/* A picture in Graphviz's language as SVG. */
#ifndef FLOW_TRACE_TRACE_PAGES_H
#define FLOW_TRACE_TRACE_PAGES_H

#include "base/buffer.h"
#include "base/failure.h"

/* Adds it. Same DOT and fonts, same bytes. False with a failure where Graphviz cannot. */
bool trace_draw(const char *dot, struct buffer *out, struct failure *failure);

#endif
