/* Private to `flowc slice`: a plate of a step, as a package for the slicer. */
#ifndef FLOW_FLOWC_SLICE_PLATE_H
#define FLOW_FLOWC_SLICE_PLATE_H

#include "base/buffer.h"
#include "spec/spec.h"

/* The pieces of the step's plate, packed on the machine's bed, as 3MF. pieces: how many. False with a failure where a
   model cannot be read, or they do not fit. */
bool slice_plate(const struct spec *spec, const struct step *step, const struct sku *sku,
                 const struct machine *machine, struct buffer *package, int *pieces,
                 struct failure *failure);

#endif
