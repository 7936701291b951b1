/* Private to plate_picture.c and plate_side.c: a plate's picture as it is drawn. */
#ifndef FLOW_PACKING_PLATE_SHEET_H
#define FLOW_PACKING_PLATE_SHEET_H

#include "packing/plate_picture.h"

/* Sizes are for a bed of 250 mm; a larger one is drawn with larger letters. */
enum { TITLE = 7, LETTERS = 4, ROW = 7, LEFT = 14, RIGHT = 8, TOP = 22, BELOW = 17, SWATCH = 6 };

struct sheet {
    const struct packing_request *request;
    const struct packing *packing;
    uint32_t plate;
    const struct plate_look *looks;
    const struct plate_words *words;
    struct buffer *out;
    double unit;                  /* mm of the drawing, of what is 1 on a bed of 250 mm */
    uint32_t columns, rows;       /* of the legend */
    double top_mm;                /* of a stack; 0: all lies on the bed */
    double (*low)[2], (*high)[2]; /* by part: around its outline */
};

/* Whether materials are told apart, by their colors. */
bool sheet_has_materials(const struct sheet *sheet);
/* How a part is filled: in its material's color, or a grey of its own. */
const char *sheet_fill(const struct sheet *sheet, uint32_t part, bool colors);
/* `more`: further attributes, with a blank before. */
void sheet_text(const struct sheet *sheet, double x, double y, double size, const char *more,
                const char *text);
/* Ticks every so many mm. */
double sheet_tick_mm(const struct packing_request *request);

/* ---- plate_side.c: what is seen from the front, below the rest; nothing where all lies on the bed ---- */
void sheet_measure_side(struct sheet *sheet);
double sheet_side_height(const struct sheet *sheet); /* of the drawing, mm */
void sheet_add_side(const struct sheet *sheet);

#endif
