/* A packed plate to look at, for whoever loads the machine and takes the parts off it. */
#ifndef FLOW_PACKING_PLATE_PICTURE_H
#define FLOW_PACKING_PLATE_PICTURE_H

#include "base/buffer.h"
#include "geometry/picture.h"
#include "packing/packing.h"

/* How a part is drawn, by part of the request. */
struct plate_look {
    const char *title;
    const char *material;      /* NULL: not said */
    const char *color;         /* of that, in the shop's words; NULL: a grey of its own */
    const struct picture *top; /* its edges seen from above; NULL: the outline alone */
    double height_mm;
};

struct plate_words {
    const char *title, *about; /* what is printed; on which machine */
    const char *id;            /* of what the SVG defines: one that nothing else has on a page */
};

/* One plate seen from above as SVG, in its true size: the bed with its scale, what of it stays free, each part with its
   title or its number in the legend, and its brim. A stack is seen from the front, too: each part as a box, by its height. */
void plate_svg(const struct packing_request *request, const struct packing *packing, uint32_t plate,
               const struct plate_look *looks, const struct plate_words *words, struct buffer *out);

#endif
