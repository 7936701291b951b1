/* Pictures of the plates of print steps: what lies where on the bed. */
#ifndef FLOW_EMIT_COMMON_PLATES_H
#define FLOW_EMIT_COMMON_PLATES_H

#include "emit/emit.h"

/* The plate of a step that makes parts and has no `gcode`, as SVG, for the first SKU that passes it: empty where there is
   none, a model or the machine's volume is missing, or not all of it goes on one plate. buffer_free() frees. */
void step_plate_picture(struct emit_context *context, const struct step *step, struct buffer *svg);

#endif
