#include "flowc/slice_plate.h"

#include "packing/laid_step.h"
#include "slicing/plate_slots.h"

bool slice_plate(const struct spec *spec, const struct step *step, const struct sku *sku,
                 const struct machine *machine, struct buffer *package, int *pieces,
                 struct failure *failure)
{
    struct arena arena = {0};
    struct laid_step laid;
    struct plate_slots slots;
    struct plate_model *models;
    bool good = laid_step_open(&laid, spec, step, sku, machine, &arena, failure) &&
                plate_slots_find(spec, step, sku, laid.pieces, &laid.shapes, &arena, &slots,
                                 &models, failure) &&
                plate_threemf(&laid.packing, 0, models, &slots, "plate", package, failure);
    *pieces = (int)laid.packing.count;
    laid_step_free(&laid);
    arena_free(&arena);
    return good;
}
