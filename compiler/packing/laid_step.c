#include "packing/laid_step.h"

#include "packing/stack.h"

static bool pack_all(struct laid_step *laid, const struct step *step, const struct machine *machine,
                     struct packing_part *parts, struct failure *failure)
{
    for (uint32_t i = 0; i < laid->count; i++)
        parts[i] = (struct packing_part){&laid->shapes.silhouettes[i], laid->pieces[i].count};
    laid->request = (struct packing_request){.width_mm = laid->bed.size_mm[0],
                                             .depth_mm = laid->bed.size_mm[1],
                                             .keep_outs = laid->bed.keep_outs,
                                             .keep_out_count = laid->bed.keep_out_count,
                                             .clearance_mm = PLATE_CLEARANCE_MM,
                                             .turns = PLATE_TURNS,
                                             .seed = 1,
                                             .effort = EFFORT_QUICK,
                                             .sets = !step->plate,
                                             .parts = parts,
                                             .part_count = laid->count};
    laid->packing = pack(&laid->request);
    if (laid->bed.stacks)
        stack_plates(
            &(struct stack_request){&laid->request, laid->shapes.meshes, laid->bed.size_mm[2]},
            &laid->packing);
    uint32_t wanted = 0;
    for (uint32_t i = 0; i < laid->count; i++)
        wanted += step->plate ? laid->pieces[i].count : laid->packing.placed[i];
    return (laid->packing.plates == 1 && laid->packing.count == wanted) ||
           fail(failure, "%u pieces do not fit the bed of `%s` at once; fewer in `plate`", wanted,
                machine->base.name);
}

bool laid_step_open(struct laid_step *laid, const struct spec *spec, const struct step *step,
                    const struct sku *sku, const struct machine *machine, struct arena *arena,
                    struct failure *failure)
{
    *laid = (struct laid_step){0};
    laid->count = plate_pieces(spec, step, sku, arena, &laid->pieces);
    struct packing_part *parts = ARENA_ARRAY(arena, struct packing_part, (int)laid->count + 1);
    if (!plate_shapes_read(&laid->shapes, laid->pieces, laid->count, failure))
        return false;
    if (!bed_of(machine, sku, &laid->bed))
        return fail(failure, "`%s` says no volume to print in", machine->base.name);
    return pack_all(laid, step, machine, parts, failure);
}

void laid_step_free(struct laid_step *laid)
{
    plate_shapes_free(&laid->shapes);
    packing_free(&laid->packing);
}
