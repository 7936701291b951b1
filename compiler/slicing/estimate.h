/* What a filament printer takes for a solid, before anybody has sliced it: an estimate, and to be shown as one. How it
   was fitted, and how far it is off, is in docs/slicing.md. */
#ifndef FLOW_SLICING_ESTIMATE_H
#define FLOW_SLICING_ESTIMATE_H

#include "base/rational.h"

struct printed_solid {
    double volume_mm3, area_mm2, height_mm;
    double layer_mm, infill; /* a ratio */
    double density_g_mm3;
};

struct estimate {
    struct rational time_s, mass_g; /* whole seconds, hundredths of a gram */
};

/* The volume, layer and density must be over 0. */
struct estimate estimate_print(const struct printed_solid *solid);

#endif
