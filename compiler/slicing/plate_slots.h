/* What of a plate is laid from which slot. */
#ifndef FLOW_SLICING_PLATE_SLOTS_H
#define FLOW_SLICING_PLATE_SLOTS_H

#include "packing/plate_file.h"
#include "packing/step_plate.h"

/* Whose a piece is. */
struct plate_owner {
    const struct spec *spec;
    const struct sku *sku;
};

/* The step's materials by slot, and the models of the pieces with the slots of their volumes. All of it in the arena, but the
   meshes. False with a failure where a part is of several materials and its model does not say which is where; where failure
   is NULL, such a model is of the part's own material. */
bool plate_slots_find(const struct spec *spec, const struct step *step, const struct sku *sku,
                      const struct plate_piece *pieces, const struct plate_shapes *shapes,
                      struct arena *arena, struct plate_slots *slots, struct plate_model **models,
                      struct failure *failure);

/* The same of a plate whose pieces are of several SKUs and specs, an owner each: the slots are the materials of the pieces, each
   once by its name, in the order in which they lie there. */
bool plate_slots_join(const struct plate_owner *owners, const struct plate_piece *pieces,
                      const struct plate_shapes *shapes, struct arena *arena,
                      struct plate_slots *slots, struct plate_model **models,
                      struct failure *failure);

#endif
