#include "slicing/joint_plate.h"

#include "packing/plate_looks.h"
#include "packing/stack.h"
#include "packing/verify.h"

#include <math.h>
#include <string.h>

/* ---- the bed ---- */

/* The smaller of both, and what of either is kept free. Beds have their origin front left. */
static void bed_meet(struct bed *bed, const struct bed *other)
{
    for (int axis = 0; axis < 3; axis++)
        bed->size_mm[axis] = fmin(bed->size_mm[axis], other->size_mm[axis]);
    bed->stacks &= other->stacks;
    for (uint32_t i = 0; i < other->keep_out_count; i++) {
        const struct bed_area *area = &other->keep_outs[i];
        bool known = false;
        for (uint32_t k = 0; k < bed->keep_out_count; k++)
            known |= memcmp(&bed->keep_outs[k], area, sizeof *area) == 0;
        if (!known && bed->keep_out_count < KEEP_OUTS_AT_MOST)
            bed->keep_outs[bed->keep_out_count++] = *area;
    }
}

static bool find_bed(struct joint_plate *plate, const char *wanted, struct failure *failure)
{
    struct bed bed;
    for (int i = 0; i < plate->share_count; i++) {
        const struct plate_share *share = &plate->shares[i];
        for (const struct simple *row = share->step->on; row; row = row->next) {
            const struct machine *machine = value_machine(&row->value, share->sku);
            if (!machine || (wanted && strcmp(machine->base.name, wanted) != 0) ||
                !bed_of(machine, share->sku, &bed))
                continue;
            if (plate->machine) {
                bed_meet(&plate->bed, &bed);
                continue;
            }
            plate->machine = machine;
            plate->bed = bed;
        }
    }
    return plate->machine ||
           fail(failure, "%s says no volume to print in: write `volume X x Y x Z mm` in it",
                wanted ? wanted : "no machine that it may go to");
}

/* ---- what lies there ---- */

static void add_share(struct joint_plate *plate, int index, struct arena *arena)
{
    const struct plate_share *share = &plate->shares[index];
    struct plate_piece *pieces;
    uint32_t count = plate_pieces(share->spec, share->step, share->sku, arena, &pieces);
    struct plate_piece *all =
        ARENA_ARRAY(arena, struct plate_piece, (int)(plate->count + count) + 1);
    struct plate_owner *owners =
        ARENA_ARRAY(arena, struct plate_owner, (int)(plate->count + count) + 1);
    int *share_of = ARENA_ARRAY(arena, int, (int)(plate->count + count) + 1);
    for (uint32_t i = 0; i < plate->count; i++) {
        all[i] = plate->pieces[i];
        owners[i] = plate->owners[i];
        share_of[i] = plate->share_of[i];
    }
    plate->pieces = all;
    plate->owners = owners;
    plate->share_of = share_of;
    for (uint32_t i = 0; i < count; i++) {
        struct rational each =
            contained_count(share->sku->product, &pieces[i].part->base, share->sku, true);
        pieces[i].count = (uint32_t)(rational_to_int(rational_ceil(each)) * share->units);
        if (!pieces[i].count)
            continue;
        owners[plate->count] = (struct plate_owner){share->spec, share->sku};
        share_of[plate->count] = index;
        all[plate->count++] = pieces[i];
    }
}

static bool is_low_enough(const struct joint_plate *plate, struct failure *failure)
{
    const double rounding_mm = 1e-4; /* a model's figures are floats */
    for (uint32_t i = 0; i < plate->count; i++)
        if (plate->shapes.heights_mm[i] > plate->bed.size_mm[2] + rounding_mm)
            return fail(failure, "`%s` is %.1f mm high, and `%s` has %.1f mm of height",
                        plate->pieces[i].part->base.name, plate->shapes.heights_mm[i],
                        plate->machine->base.name, plate->bed.size_mm[2]);
    return true;
}

/* ---- laid ---- */

/* What is of one SKU without a `plate` is laid as its plates are counted: in whole products, as many as there is room for. */
static bool is_laid_in_sets(const struct joint_plate *plate)
{
    return plate->share_count == 1 && !plate->shares->step->plate;
}

static bool pack_with(struct joint_plate *plate, uint64_t effort, struct failure *failure)
{
    struct packing_part *parts = (struct packing_part *)(uintptr_t)plate->request.parts;
    bool sets = is_laid_in_sets(plate);
    const struct stack_request stack = {&plate->request, plate->shapes.meshes,
                                        plate->bed.size_mm[2]};
    for (uint32_t i = 0; i < plate->count; i++) {
        uint32_t count = plate->pieces[i].count;
        if (sets)
            count /= (uint32_t)plate->shares->units;
        parts[i] = (struct packing_part){&plate->shapes.silhouettes[i], count};
    }
    plate->request.sets = sets;
    plate->request.effort = effort;
    packing_free(&plate->packing);
    plate->packing = pack(&plate->request);
    bool sound = plates_verify(&plate->request, &plate->packing, failure);
    if (sound && plate->bed.stacks) {
        stack_plates(&stack, &plate->packing);
        sound = stack_verify(&stack, &plate->packing, failure);
    }
    return sound;
}

/* Leaves of the first plate what is wanted. Whether all of that is there. */
static bool keep_wanted(struct joint_plate *plate, struct arena *arena)
{
    struct packing *packing = &plate->packing;
    uint32_t *kept = ARENA_ARRAY(arena, uint32_t, (int)plate->count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < packing->count; i++) {
        const struct placement *at = &packing->placements[i];
        if (at->plate != 0 || kept[at->part] == plate->pieces[at->part].count)
            continue;
        kept[at->part]++;
        packing->placements[count++] = *at;
    }
    packing->count = count;
    packing->plates = 1;
    bool all = true;
    for (uint32_t i = 0; i < plate->count; i++)
        all &= kept[i] == plate->pieces[i].count;
    return all;
}

static bool lay(struct joint_plate *plate, struct arena *arena, struct failure *failure)
{
    static const uint64_t efforts[] = {EFFORT_QUICK, EFFORT_GOOD};
    plate->request = (struct packing_request){
        .width_mm = plate->bed.size_mm[0],
        .depth_mm = plate->bed.size_mm[1],
        .keep_outs = plate->bed.keep_outs,
        .keep_out_count = plate->bed.keep_out_count,
        .clearance_mm = PLATE_CLEARANCE_MM,
        .turns = PLATE_TURNS,
        .seed = 1,
        .parts = ARENA_ARRAY(arena, struct packing_part, (int)plate->count + 1),
        .part_count = plate->count};
    uint32_t wanted = 0;
    for (uint32_t i = 0; i < plate->count; i++)
        wanted += plate->pieces[i].count;
    for (size_t i = 0; i < sizeof efforts / sizeof *efforts; i++) {
        if (!pack_with(plate, efforts[i], failure))
            return false;
        if (keep_wanted(plate, arena))
            return true;
    }
    return fail(failure,
                "its %u pieces do not lie on %g x %g mm at once (`%s`, and what the step is `on` "
                "besides); make fewer of them a plate, or name one machine in `on`",
                wanted, plate->bed.size_mm[0], plate->bed.size_mm[1], plate->machine->base.name);
}

bool joint_plate_open(struct joint_plate *plate, const struct plate_share *shares, int share_count,
                      const char *machine, bool strict, struct arena *arena,
                      struct failure *failure)
{
    *plate = (struct joint_plate){.shares = shares, .share_count = share_count};
    if (!find_bed(plate, machine, failure))
        return false;
    for (int i = 0; i < share_count; i++)
        add_share(plate, i, arena);
    if (!plate->count)
        return fail(failure, "`%s` makes no parts", shares->step->base.name);
    return plate_shapes_read(&plate->shapes, plate->pieces, plate->count, failure) &&
           is_low_enough(plate, failure) &&
           plate_slots_join(plate->owners, plate->pieces, &plate->shapes, arena, &plate->slots,
                            &plate->models, strict ? failure : NULL) &&
           lay(plate, arena, failure);
}

void joint_plate_free(struct joint_plate *plate)
{
    plate_shapes_free(&plate->shapes);
    packing_free(&plate->packing);
}

/* ---- what comes of it ---- */

bool joint_plate_package(const struct joint_plate *plate, const char *title, struct buffer *out,
                         struct failure *failure)
{
    return plate_threemf(&plate->packing, 0, plate->models, &plate->slots, title, out, failure);
}

/* The pieces of a share, as if they were all. */
static struct plate_subject subject_of(const struct joint_plate *plate, uint32_t from,
                                       struct plate_shapes *shapes, struct arena *arena)
{
    const struct plate_share *share = &plate->shares[plate->share_of[from]];
    uint32_t count = 0;
    while (from + count < plate->count && plate->share_of[from + count] == plate->share_of[from])
        count++;
    *shapes =
        (struct plate_shapes){count, plate->shapes.meshes + from, plate->shapes.silhouettes + from,
                              plate->shapes.heights_mm + from};
    return (struct plate_subject){share->spec, share->step,          share->sku, plate->machine,
                                  &plate->bed, plate->pieces + from, shapes,     arena};
}

void joint_plate_picture(const struct joint_plate *plate, const char *title, struct arena *arena,
                         struct buffer *out)
{
    struct plate_look *looks = ARENA_ARRAY(arena, struct plate_look, (int)plate->count + 1);
    struct plate_looks *of_shares = ARENA_ARRAY(arena, struct plate_looks, plate->share_count + 1);
    struct plate_words words = {title, "", "plate"};
    struct plate_shapes shapes;
    double top_mm = 0;
    for (uint32_t from = 0; from < plate->count; from += shapes.count) {
        struct plate_subject subject = subject_of(plate, from, &shapes, arena);
        struct plate_looks *some = &of_shares[plate->share_of[from]];
        plate_looks_open(some, &subject);
        memcpy(looks + from, some->looks, shapes.count * sizeof *looks);
    }
    for (uint32_t i = 0; i < plate->packing.count; i++) {
        const struct placement *at = &plate->packing.placements[i];
        top_mm = fmax(top_mm, at->z_mm + plate->shapes.heights_mm[at->part]);
    }
    words.about = arena_printf(
        arena, "%s, bed %g \303\227 %g mm \302\267 %u part%s, up to %.0f mm high",
        declaration_title(plate->shares->spec, &plate->machine->base, plate->shares->sku, arena),
        plate->bed.size_mm[0], plate->bed.size_mm[1], plate->packing.count,
        plate->packing.count == 1 ? "" : "s", ceil(top_mm - 1e-3));
    plate_svg(&plate->request, &plate->packing, 0, looks, &words, out);
    for (int i = 0; i < plate->share_count; i++)
        plate_looks_free(&of_shares[i]);
}
