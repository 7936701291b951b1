/* Text from a file, made safe for a terminal and measured in its cells. Private to source/. */
#ifndef FLOW_SOURCE_VISIBLE_H
#define FLOW_SOURCE_VISIBLE_H

#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>

/* Adds text so that a terminal shows it and does nothing else: no escapes, no turning of the direction. Line ends and
   tabs become blanks. */
void add_visible(struct buffer *out, const char *text, size_t length);

#define LINE_CELLS 120 /* the most that is shown of a line */
#define TAB_CELLS 4

/* What is shown of one line: all of it, or the part around its focus. */
struct view {
    const char *line;
    uint32_t length;
    uint32_t begin, end; /* the bytes that are shown */
};

/* A view that has the bytes from `focus` in it. */
struct view view_of(const char *line, uint32_t length, uint32_t focus);

/* Adds it: tabs widened, "..." where something was cut. */
void view_add(struct buffer *out, const struct view *view);

/* The cell, from 0, where the byte at offset is drawn; what is cut off is drawn at the edge. */
uint32_t view_cell(const struct view *view, uint32_t offset);

#endif
