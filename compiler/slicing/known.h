/* Private to slicing/: models that the checker has read. */
#ifndef FLOW_SLICING_KNOWN_H
#define FLOW_SLICING_KNOWN_H

#include "slicing/pieces.h"

struct known_model {
    struct known_model *next;
    const char *path; /* interned */
    char sha256[65];
    double volume_mm3, area_mm2, height_mm;
};

/* NULL where the part's model is not known, or no closed solid. */
const struct known_model *known_model(const struct spec *spec, const struct part *part,
                                      const struct sku *sku);

/* NULL: none is made. */
const struct assumption *known_assumption(const struct spec *spec);

#endif
