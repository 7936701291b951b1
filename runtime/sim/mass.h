/* Apart from the rest, for slicing and the engine both have a `struct piece`. */
#ifndef FLOW_SIM_MASS_H
#define FLOW_SIM_MASS_H

#include "spec/spec.h"

/* What a print of one unit weighs, in grams: of all parts that the step makes. */
double printed_grams(const struct spec *spec, const struct step *step, const struct sku *sku);

#endif
