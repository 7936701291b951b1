/* The plate of a print step, packed as it is where nobody says otherwise: what its `plate` line says, or as many products as
   one bed takes. */
#ifndef FLOW_PACKING_LAID_STEP_H
#define FLOW_PACKING_LAID_STEP_H

#include "packing/step_plate.h"

struct laid_step {
    struct bed bed;
    uint32_t count; /* of kinds of pieces */
    struct plate_piece *pieces;
    struct plate_shapes shapes;
    struct packing_request request;
    struct packing packing;
};

/* False with a failure where a model or the machine's volume is missing, or where not all of it goes on one plate. Free
   it in both cases; what the arena has goes with that. */
bool laid_step_open(struct laid_step *laid, const struct spec *spec, const struct step *step,
                    const struct sku *sku, const struct machine *machine, struct arena *arena,
                    struct failure *failure);
void laid_step_free(struct laid_step *laid);

#endif
