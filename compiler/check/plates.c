/* Plates: what a print step that does not say its plate takes on one; and whether what another says fits. */
#include "check/family.h"
#include "check/making.h"
#include "check/models.h"
#include "packing/step_plate.h"

#include <math.h>
#include <stdlib.h>

struct plated {
    struct spec *spec;
    const struct product *product;
    const struct step *step;
    const struct sku *sku;
    struct plate_piece *pieces;
    uint32_t count;
};

/* The row of `plate` that a piece is of. */
static const struct counted *row_of(const struct plated *at, const struct part *part)
{
    const struct counted *row = at->step->plate;
    while (row && value_part(&row->what, at->sku) != part)
        row = row->next;
    return row;
}

static void report_too_many(const struct plated *at, const struct machine *machine,
                            const uint32_t *fits, uint32_t piece)
{
    struct spec *spec = at->spec;
    const struct plate_piece *asked = &at->pieces[piece];
    const struct counted *row = row_of(at, asked->part);
    const char *beside = at->count > 1 ? " beside the rest of the plate" : "";
    struct diagnostic *d =
        check_report(spec, RULE_does_not_fit, &at->step->base, &at->product->base, row->span,
                     "%u x `%s` do not fit on `%s`%s, %u do", asked->count, asked->part->base.name,
                     machine->base.name, beside, fits[piece]);
    check_help(spec, d, "write fewer, or leave `plate` out: as many as fit are then packed");
    if (d && at->count == 1)
        add_fix(spec->diagnostics, d, FIX_LIKELY, row->count.span,
                arena_printf(spec->arena, "%u", fits[piece]), "as many as fit");
}

/* Whether there is a doubt: parts may stand on any side and touch, but where the step tilts them; the machine may be another
   one of `on`; and in powder they may lie in any way, above one another. */
static bool may_fit(const struct plated *at, const struct machine *machine, uint32_t *fits)
{
    struct bed bed;
    bool takes = !bed_of(machine, at->sku, &bed) || bed.stacks;
    for (int up = 2; up >= (at->step->tilt ? 2 : 0) && !takes; up--)
        takes = plate_line_takes(&bed, 0, up, at->pieces, at->count, fits) == 1;
    return takes;
}

struct flat_box {
    double width_mm, depth_mm; /* the smaller side last */
    uint32_t count;
};

static int deepest_first(const void *a, const void *b)
{
    const struct flat_box *one = a, *other = b;
    return (one->depth_mm < other->depth_mm) - (one->depth_mm > other->depth_mm);
}

/* Boxes in rows, the deepest first; each row is as deep as its first. */
static bool rows_fit(const struct flat_box *boxes, uint32_t count, const struct bed *bed)
{
    double x_mm = HUGE_VAL, y_mm = 0;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < boxes[i].count; k++) {
            if (x_mm + boxes[i].width_mm > bed->size_mm[0]) {
                x_mm = 0;
                y_mm += boxes[i].depth_mm;
            }
            x_mm += boxes[i].width_mm;
            if (y_mm > bed->size_mm[1] || x_mm > bed->size_mm[0])
                return false;
        }
    return true;
}

/* Most plates take their parts as boxes, and then nothing is packed: a check stays as fast as it was. */
static bool boxes_fit(const struct plated *at, const struct bed *bed)
{
    if (bed->keep_out_count || at->step->tilt)
        return false; /* rows would run into them; and these are the boxes of parts that lie */
    struct flat_box *boxes =
        ARENA_ARRAY(at->spec->sku_scratch, struct flat_box, (int)at->count + 1);
    for (uint32_t i = 0; i < at->count; i++) {
        const struct plate_piece *piece = &at->pieces[i];
        const struct model *model = piece->model ? model_known(at->spec, piece->model) : NULL;
        double size_mm[3];
        if (!model || model->status != MESH_READ)
            return false;
        for (int axis = 0; axis < 3; axis++)
            size_mm[axis] = model->facts.high[axis] - model->facts.low[axis];
        if (size_mm[2] > bed->size_mm[2])
            return false;
        boxes[i] = (struct flat_box){fmax(size_mm[0], size_mm[1]), fmin(size_mm[0], size_mm[1]),
                                     piece->count};
    }
    qsort(boxes, at->count, sizeof *boxes, deepest_first);
    return rows_fit(boxes, at->count, bed);
}

static bool boxes_fit_any(const struct plated *at)
{
    struct bed bed;
    for (const struct simple *row = at->step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, at->sku);
        if (machine && bed_of(machine, at->sku, &bed) && boxes_fit(at, &bed))
            return true;
    }
    return false;
}

/* Parts that fit none by themselves are told of where they are declared, and so are models that are missing. */
static void check_line(const struct plated *at)
{
    const struct machine *machine = plate_machine(at->step, at->sku);
    uint32_t *fits = ARENA_ARRAY(at->spec->sku_scratch, uint32_t, (int)at->count + 1);
    struct bed bed;
    if (!machine || !bed_of(machine, at->sku, &bed) || bed.stacks || boxes_fit_any(at) ||
        plate_line_takes(&bed, 0, 2, at->pieces, at->count, fits) < 2)
        return;
    for (const struct simple *row = at->step->on; row; row = row->next) {
        const struct machine *other = value_machine(&row->value, at->sku);
        if (!other || may_fit(at, other, fits))
            return;
    }
    plate_line_takes(&bed, PLATE_CLEARANCE_MM, 2, at->pieces, at->count, fits);
    for (uint32_t i = 0; i < at->count; i++)
        if (fits[i] && fits[i] < at->pieces[i].count) {
            report_too_many(at, machine, fits, i);
            return; /* the others had to make room for it, or it for them */
        }
}

/* Whether one piece fits some machine of `on` as it leans. */
static bool leans_in(const struct plated *at, const struct plate_piece *piece)
{
    struct plate_piece one = *piece;
    struct bed bed;
    uint32_t fits;
    bool any = false;
    one.count = 1;
    for (const struct simple *row = at->step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, at->sku);
        if (!machine || !bed_of(machine, at->sku, &bed))
            return true;
        any = true;
        if (plate_line_takes(&bed, 0, 2, &one, 1, &fits) == 1)
            return true;
    }
    return !any;
}

/* What fits no machine however it lies was told of where it is declared. */
static void check_tilt(const struct plated *at)
{
    for (uint32_t i = 0; i < at->count; i++) {
        const struct plate_piece *piece = &at->pieces[i];
        const struct model *model = piece->model ? model_known(at->spec, piece->model) : NULL;
        if (!model || model->status != MESH_READ || leans_in(at, piece))
            continue;
        struct diagnostic *d =
            check_report(at->spec, RULE_does_not_fit, &at->step->base, &at->product->base,
                         at->step->tilt->span, "tilted by %g deg, `%s` fits no machine of `%s`",
                         piece->tilt_deg, piece->part->base.name, at->step->base.name);
        check_help(at->spec, d, "tilt it less, or print it on a larger machine");
        return;
    }
}

static void check_step(struct spec *spec, const struct product *product, const struct step *step,
                       const struct sku *sku)
{
    struct plated at = {spec, product, step, sku, NULL, 0};
    plates_know(spec, step, sku);
    if (!(step->plate || step->tilt) || step->base.failed || step->base.poisoned)
        return;
    at.count = plate_pieces(spec, step, sku, spec->sku_scratch, &at.pieces);
    if (step->tilt)
        check_tilt(&at);
    if (step->plate)
        check_line(&at);
    arena_clear(spec->sku_scratch);
}

void check_plate_room(struct spec *spec, const struct product *product)
{
    const struct workflow *workflow = product->workflow;
    const struct sku_list *list = workflow ? distinct_skus(spec, product) : NULL;
    for (long i = 0; list && i < list->count; i++)
        for (int k = 0; k < workflow->step_count; k++) {
            const struct step *step = workflow->steps[k];
            if (step->base.kind == KIND_print && step->makes &&
                step_is_for(step, &list->items[i].sku))
                check_step(spec, product, step, &list->items[i].sku);
        }
}
