/* Inside emit/labels: what a label printer is told, in dots of 203 to the inch (8 to the mm). */
#ifndef FLOW_EMIT_LABELS_ZPL_H
#define FLOW_EMIT_LABELS_ZPL_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>

#define ZPL_DOTS_PER_MM 8

struct zpl_place {
    int x, y, width, height;
};

/* Field data: what ZPL would read as a command, and all that is not plain ASCII, as _XX (^FH). */
void zpl_data(struct buffer *out, const char *text);
/* Within the place, in the printer's own font: of that height, or as much smaller as it takes, at last cut with dots. Breaks
   between words, and at "\n". Returns the height it took. */
int zpl_text(struct buffer *out, const struct zpl_place *place, int size, const char *text,
             struct arena *arena);
/* The height it would take at that size. */
int zpl_text_height(int width, int size, const char *text, struct arena *arena);
/* White on black where it is filled, else in a frame; one line in the middle. */
void zpl_band(struct buffer *out, const struct zpl_place *place, bool filled, const char *text);
void zpl_line(struct buffer *out, int x, int y, int width);
/* A QR code, right and at the top of the place, as large as its squares go into it whole. */
void zpl_qr(struct buffer *out, const struct zpl_place *place, const char *text);
/* Code 128 with its text below it, in the middle of a place that has the same white on its left and its right. False, with
   nothing written, where the text is not plain ASCII or too long for bars two dots fine; out NULL only asks. */
bool zpl_code128(struct buffer *out, const struct zpl_place *place, const char *text);

#endif
