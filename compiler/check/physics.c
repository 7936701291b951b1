/* What machines and processes can do. */
#include "check/family.h"
#include "check/making.h"
#include "slicing/pieces.h"

#include <string.h>

/* ---- no_machine, too_hot, too_few_slots, layer_too_thick ---- */

struct placed { /* a part on one machine of an operation */
    struct spec *spec;
    const struct making *making;
    const struct operation *operation;
    const struct machine *machine;
    struct span span; /* where the machine is named */
};

static void check_heat_of(const struct placed *at, const struct material *material)
{
    const struct part *part = at->making->part;
    const struct sku *sku = at->making->sku;
    const struct {
        const struct value *wants, *holds;
        const char *what;
    } pairs[] = {
        {number_for(material->nozzle, sku), number_for(at->machine->max_nozzle, sku), "nozzle"},
        {number_for(material->bed, sku), number_for(at->machine->max_bed, sku), "bed"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!pairs[i].wants || !pairs[i].holds ||
            rational_compare(pairs[i].wants->number, pairs[i].holds->number) <= 0)
            continue;
        struct arena *arena = at->spec->scratch;
        struct diagnostic *d = check_report(
            at->spec, RULE_too_hot, &at->operation->step->base, &at->making->product->base,
            at->span, "`%s` wants a %s of %s, and `%s` goes up to %s", material->base.name,
            pairs[i].what, value_string(at->spec, pairs[i].wants, NULL, arena),
            at->machine->base.name, value_string(at->spec, pairs[i].holds, NULL, arena));
        check_note(at->spec, d, part->base.span, "the part is made of it");
        check_help(at->spec, d, "choose another machine or another material");
    }
}

/* The materials of one part, its own first. */
static int part_materials(const struct part *part, const struct sku *sku,
                          const struct material *materials[MATERIALS_AT_MOST])
{
    const struct material *own =
        part->material ? value_material(&part->material->value, sku) : NULL;
    int count = 0;
    if (own)
        materials[count++] = own;
    for (const struct portion *row = part->with; row && count < MATERIALS_AT_MOST; row = row->next)
        if (value_material(&row->material, sku))
            materials[count++] = value_material(&row->material, sku);
    return count;
}

static void check_heat(const struct placed *at)
{
    const struct material *materials[MATERIALS_AT_MOST];
    int count = part_materials(at->making->part, at->making->sku, materials);
    for (int i = 0; i < count && !at->operation->works; i++)
        check_heat_of(at, materials[i]);
}

/* A machine that does not say its slots lays one material; there the parts of a plate are taken one by one, since a
   plate of parts of one material each may be printed material by material. */
static void check_slots(const struct placed *at)
{
    const struct material *materials[MATERIALS_AT_MOST];
    const struct step *step = at->operation->step;
    const struct value *slots = number_for(at->machine->slots, at->making->sku);
    int64_t lays = slots ? rational_to_int(slots->number) : 1;
    if (step->base.kind != KIND_print || at->operation->works)
        return;
    int count = slots && step->plate ? slicing_materials(at->spec, step, at->making->sku, materials)
                                     : part_materials(at->making->part, at->making->sku, materials);
    if (count <= lays)
        return;
    struct diagnostic *d =
        check_report(at->spec, RULE_too_few_slots, &step->base, &at->making->product->base,
                     at->span, "a plate of `%s` takes %d materials, and `%s` lays %lld",
                     step->base.name, count, at->machine->base.name, (long long)lays);
    for (int i = 0; i < count && i < 4; i++)
        check_note(at->spec, d, materials[i]->base.span, "in slot %d", i + 1);
    check_help(at->spec, d,
               "say `slots %d` in the machine if it has them, or print what is of one "
               "material in a step of its own",
               count);
}

static void check_layer(const struct placed *at)
{
    const struct part *part = at->making->part;
    const struct value *layer = number_for(part->layer, at->making->sku);
    const struct value *nozzle = number_for(at->machine->nozzle, at->making->sku);
    if (!nozzle || !layer || at->operation->works || at->operation->step->base.kind != KIND_print ||
        rational_compare(layer->number,
                         rational_multiply(nozzle->number, rational_fraction(4, 5))) <= 0)
        return;
    struct arena *arena = at->spec->scratch;
    struct diagnostic *d =
        check_report(at->spec, RULE_layer_too_thick, &part->base, &at->making->product->base,
                     layer->span, "a layer of %s is over 80%% of the nozzle of `%s`, %s",
                     value_string(at->spec, layer, NULL, arena), at->machine->base.name,
                     value_string(at->spec, nozzle, NULL, arena));
    check_help(at->spec, d, "a thinner layer, or a wider nozzle");
}

static void check_machines(struct spec *spec, const struct making *making,
                           const struct operation *operation)
{
    bool found = false, unknown = !part_process(making);
    const struct step *step = operation->step;
    for (const struct simple *row = step->on; row; row = row->next) {
        const struct machine *machine = machine_at(row, making->sku, &unknown);
        if (!machine || !machine_fits(machine, making, operation))
            continue;
        struct placed at = {spec, making, operation, machine, row->span};
        found = true;
        check_heat(&at);
        check_slots(&at);
        check_layer(&at);
    }
    if (found || unknown || !step->on)
        return;
    const char *process = part_process(making)->base.name;
    struct diagnostic *d = check_report(
        spec, RULE_no_machine, &step->base, &making->product->base, step->on->span,
        "no machine here does `%s`, which `%s` needs", process, making->part->base.name);
    check_help(spec, d, "name a machine of process `%s`", process);
}

/* ---- wrong_process ---- */

/* A cut of a printed part, a print of a milled one. False where it is. */
static bool check_kind(struct spec *spec, const struct making *making,
                       const struct operation *operation)
{
    const struct step *step = operation->step;
    const char *kind = process_kind(part_process(making));
    bool cut = step->base.kind == KIND_cut, print = step->base.kind == KIND_print;
    if (operation->works ||
        !((cut && strcmp(kind, "additive") == 0) || (print && strcmp(kind, "subtractive") == 0)))
        return true;
    struct diagnostic *d =
        check_report(spec, RULE_wrong_process, &step->base, &making->product->base,
                     step->makes->span, "a %s makes `%s`, whose process is %s",
                     kind_rows[step->base.kind].name, making->part->base.name, kind);
    check_help(spec, d, "make it in a %s step", cut ? "print" : "cut");
    return false;
}

static void check_material(struct spec *spec, const struct making *making,
                           const struct value *written)
{
    const struct part *part = making->part;
    const struct material *material = value_material(written, making->sku);
    const struct process *own = part_process(making);
    const struct process *process = material && material->process
                                        ? value_process(&material->process->value, making->sku)
                                        : NULL;
    if (!process || !own || process == own)
        return;
    struct diagnostic *d = check_report(spec, RULE_wrong_process, &part->base, part->base.owner,
                                        written->span, "`%s` is for %s, and the part is made by %s",
                                        material->base.name, process->base.name, own->base.name);
    check_help(spec, d, "choose a material of process `%s`", own->base.name);
}

static void check_materials(struct spec *spec, const struct making *making)
{
    if (making->part->material)
        check_material(spec, making, &making->part->material->value);
    for (const struct portion *row = making->part->with; row; row = row->next)
        check_material(spec, making, &row->material);
}

static void visit_making(struct spec *spec, const struct making *making)
{
    check_materials(spec, making);
    for (int i = 0; i < making->count; i++)
        if (making->operations[i].step->gcode || making->operations[i].step->slice)
            slicing_know_job(spec, making->operations[i].step, making->sku);
    for (int i = 0; i < making->count; i++)
        if (check_kind(spec, making,
                       &making->operations[i])) /* what follows from it stays silent */
            check_machines(spec, making, &making->operations[i]);
    check_tolerances(spec, making);
    check_model(spec, making);
}

void check_physics(struct spec *spec, const struct product *product)
{
    for_each_making(spec, product, visit_making);
    check_stacks(spec, product);
    check_plate_room(spec, product);
    check_sliced(spec, product);
}

void check_lone_parts(struct spec *spec)
{
    for (int i = 0; i < spec->part_count; i++)
        if (!spec_users(spec, &spec->parts[i]->base))
            visit_making(spec, &(struct making){.part = spec->parts[i]});
}
