/* The lines of a file with marks below them. Private to source/. */
#ifndef FLOW_SOURCE_SNIPPET_H
#define FLOW_SOURCE_SNIPPET_H

#include "base/buffer.h"
#include "source/source.h"

/* How things look: the escapes that color them, and the characters they are drawn with. */
struct style {
    const char *error, *warning, *note, *help, *label, *gutter, *bold, *reset;
    char primary_mark, label_mark, stem;
    const char *arrow, *elsewhere; /* before the place a snippet is from */
};

/* Where one diagnostic is drawn. */
struct canvas {
    struct buffer *out;
    const struct source_set *sources;
    const struct style *style;
    int gutter; /* width of the line numbers */
};

struct mark {
    struct span span; /* all marks of a snippet are in one file */
    bool primary;
    const char *color;
    const char *text; /* NULL for none */
};

#define MARKS_AT_MOST 32

/* "arrow path:line:column", then the lines that the marks are on, from top to bottom. The place is that of the first
   mark; at most MARKS_AT_MOST of them. */
void draw_snippet(const struct canvas *canvas, const char *arrow, const struct mark *marks,
                  int count);

/* The blank before the bar, the bar: the left edge of a line without number. */
void draw_gutter(const struct canvas *canvas);

#endif
