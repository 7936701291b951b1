/* What machines, processes and models can hold. */
#include "check/family.h"

#include "base/file.h"
#include "check/models.h"

#include <string.h>
#include <strings.h>

/* ---- what a part is made on ---- */

struct operation {
    const struct product *product;
    const struct step *step;
    bool works;
};

/* Calls `visit` for every print or cut that makes or works the part, in every product that contains it. */
static void for_each_operation(struct spec *spec, const struct part *part, void *context,
                               void (*visit)(struct spec *spec, const struct part *part,
                                             const struct operation *at, void *context))
{
    for (const struct user *user = spec_users(spec, &part->base); user; user = user->next) {
        const struct workflow *workflow = user->product->workflow;
        for (int i = 0; workflow && i < workflow->step_count; i++) {
            const struct step *step = workflow->steps[i];
            const struct simple *lists[] = {step->makes, step->works};
            for (int works = 0; works < 2; works++)
                for (const struct simple *row = lists[works]; row; row = row->next)
                    if (value_part(&row->value, NULL) == part)
                        visit(spec, part, &(struct operation){user->product, step, works}, context);
        }
    }
}

static const struct process *process_of(const struct part *part)
{
    return part->process ? value_process(&part->process->value, NULL) : NULL;
}

static const char *process_kind(const struct process *process)
{
    const char *kind = process && process->kind ? value_word(&process->kind->value, NULL) : NULL;
    return kind ? kind : "";
}

static const struct process *machine_process(const struct machine *machine)
{
    return machine->process ? value_process(&machine->process->value, NULL) : NULL;
}

/* Whether a machine may do the operation: the part's own process; for further work, one of its kind or the step's. */
static bool machine_fits(const struct machine *machine, const struct part *part,
                         const struct operation *at)
{
    const struct process *process = machine_process(machine), *own = process_of(part);
    if (!process || !own)
        return true;
    if (process == own)
        return true;
    const char *step_kind = at->step->base.kind == KIND_print ? "additive" : "subtractive";
    return at->works && (strcmp(process_kind(process), process_kind(own)) == 0 ||
                         strcmp(process_kind(process), step_kind) == 0);
}

/* ---- no_machine, wrong_process, too_hot, layer_too_thick ---- */

static const struct value *limit_of(const struct simple *row)
{
    return row && row->value.kind == VALUE_NUMBER ? &row->value : NULL;
}

static void check_heat(struct spec *spec, const struct operation *at, const struct part *part,
                       const struct material *material, const struct machine *machine,
                       struct span place)
{
    const struct {
        const struct value *wants, *holds;
        const char *what;
    } pairs[] = {{limit_of(material->nozzle), limit_of(machine->max_nozzle), "nozzle"},
                 {limit_of(material->bed), limit_of(machine->max_bed), "bed"}};
    for (int i = 0; i < 2; i++) {
        if (!pairs[i].wants || !pairs[i].holds ||
            rational_compare(pairs[i].wants->number, pairs[i].holds->number) <= 0)
            continue;
        struct diagnostic *d =
            check_report(spec, RULE_too_hot, &at->step->base, &at->product->base, place,
                         "`%s` wants a %s of %s, and `%s` goes up to %s", material->base.name,
                         pairs[i].what, value_string(spec, pairs[i].wants, NULL, spec->arena),
                         machine->base.name, value_string(spec, pairs[i].holds, NULL, spec->arena));
        check_note(spec, d, part->base.span, "the part is made of it");
        check_help(spec, d, "choose another machine or another material");
    }
}

/* Each material the part may have, over all cases. */
static int materials_of(const struct part *part, const struct material **list, int capacity)
{
    const struct value *value = part->material ? &part->material->value : NULL;
    int count = 0;
    if (!value)
        return 0;
    if (value->kind != VALUE_CHOICE) {
        list[0] = value_material(value, NULL);
        return list[0] != NULL;
    }
    for (int i = 0; i < value->choice->count && count < capacity; i++) {
        const struct material *one = value_material(&value->choice->cases[i].value, NULL);
        if (one)
            list[count++] = one;
    }
    return count;
}

#define MATERIALS_AT_MOST 64

static void check_machines(struct spec *spec, const struct part *part, const struct operation *at,
                           void *context)
{
    (void)context;
    bool found = false, known = false;
    const struct material *materials[MATERIALS_AT_MOST];
    int material_count = materials_of(part, materials, MATERIALS_AT_MOST);
    if (part->base.failed)
        return;
    for (const struct simple *row = at->step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, NULL);
        if (!machine || machine->base.failed)
            return;
        known = true;
        if (!machine_fits(machine, part, at))
            continue;
        found = true;
        for (int i = 0; i < material_count; i++)
            check_heat(spec, at, part, materials[i], machine, row->span);
        const struct value *nozzle = limit_of(machine->nozzle), *layer = limit_of(part->layer);
        if (nozzle && layer && at->step->base.kind == KIND_print &&
            rational_compare(layer->number,
                             rational_multiply(nozzle->number, rational_fraction(4, 5))) > 0) {
            struct diagnostic *d = check_report(
                spec, RULE_layer_too_thick, &part->base, &at->product->base, part->layer->span,
                "a layer of %s is over 80%% of the nozzle of `%s`, %s",
                value_string(spec, layer, NULL, spec->arena), machine->base.name,
                value_string(spec, nozzle, NULL, spec->arena));
            check_help(spec, d, "a thinner layer, or a wider nozzle");
        }
    }
    if (!known || found || !process_of(part) || at->step->base.failed)
        return;
    struct span place = at->step->on->span;
    struct diagnostic *d = check_report(spec, RULE_no_machine, &at->step->base, &at->product->base,
                                        place, "no machine here does %s, which makes `%s`",
                                        process_of(part)->base.name, part->base.name);
    check_help(spec, d, "name a machine of process `%s`", process_of(part)->base.name);
}

static void check_cut(struct spec *spec, const struct part *part, const struct operation *at,
                      void *context)
{
    (void)context;
    const char *kind = process_kind(process_of(part));
    bool wrong = (at->step->base.kind == KIND_cut && strcmp(kind, "additive") == 0) ||
                 (at->step->base.kind == KIND_print && strcmp(kind, "subtractive") == 0);
    if (at->works || !wrong || part->base.failed)
        return;
    struct diagnostic *d =
        check_report(spec, RULE_wrong_process, &at->step->base, &at->product->base,
                     at->step->makes->span, "a %s makes `%s`, whose process is %s",
                     kind_rows[at->step->base.kind].name, part->base.name, kind);
    check_help(spec, d, "make it in a %s step", at->step->base.kind == KIND_cut ? "print" : "cut");
}

static void check_material(struct spec *spec, const struct part *part)
{
    const struct material *materials[MATERIALS_AT_MOST];
    int count = materials_of(part, materials, MATERIALS_AT_MOST);
    for (int i = 0; i < count; i++) {
        const struct process *process =
            materials[i]->process ? value_process(&materials[i]->process->value, NULL) : NULL;
        if (!process || !process_of(part) || process == process_of(part) || part->base.failed)
            continue;
        struct diagnostic *d =
            check_report(spec, RULE_wrong_process, &part->base, part->base.owner,
                         part->material->span, "`%s` is for %s, and the part is made by %s",
                         materials[i]->base.name, process->base.name, process_of(part)->base.name);
        check_help(spec, d, "choose a material of process `%s`", process_of(part)->base.name);
        return;
    }
}

/* ---- tolerances ---- */

struct capability {
    struct rational holds; /* of the finest operation */
    struct rational nominal;
    const char *whose;
    bool known, unknown_machine;
};

static struct rational held(const struct holds *row, struct rational nominal)
{
    struct rational absolute =
        row->length.kind == VALUE_NUMBER ? row->length.number : RATIONAL_ZERO;
    if (row->ratio.kind != VALUE_NUMBER)
        return absolute;
    if (rational_sign(nominal) < 0)
        nominal = rational_negate(nominal);
    return rational_max(absolute, rational_multiply(row->ratio.number, nominal));
}

/* One operation holds as well as its worst machine; several as well as the finest of them. */
static void weigh_operation(struct spec *spec, const struct part *part, const struct operation *at,
                            void *context)
{
    (void)spec;
    struct capability *finest = context;
    struct rational worst = RATIONAL_ZERO;
    const char *whose = NULL;
    for (const struct simple *row = at->step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, NULL);
        if (!machine || machine->base.failed) {
            finest->unknown_machine = true;
            return;
        }
        const struct process *process = machine_process(machine);
        const struct holds *holds = machine->holds ? machine->holds
                                    : process      ? process->holds
                                                   : NULL;
        if (!machine_fits(machine, part, at) || !holds)
            continue;
        struct rational one = held(holds, finest->nominal);
        if (!whose || rational_compare(one, worst) > 0) {
            worst = one;
            whose = machine->holds ? machine->base.name : process->base.name;
        }
    }
    if (whose && (!finest->known || rational_compare(worst, finest->holds) < 0)) {
        finest->holds = worst;
        finest->whose = whose;
        finest->known = true;
    }
}

static struct capability capability_of(struct spec *spec, const struct part *part,
                                       struct rational nominal)
{
    struct capability finest = {.nominal = nominal};
    for_each_operation(spec, part, &finest, weigh_operation);
    const struct process *process = process_of(part);
    if (!finest.known && process && process->holds) {
        finest.holds = held(process->holds, nominal);
        finest.whose = process->base.name;
        finest.known = true;
    }
    return finest;
}

const char *length_text(struct spec *spec, struct rational mm)
{
    struct buffer text = {0};
    rational_print_short(&text, mm, 4);
    buffer_add_text(&text, " mm");
    const char *copy = arena_copy_text(spec->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

static void check_size(struct spec *spec, const struct part *part, const struct dimension_row *row,
                       const struct value *value)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            check_size(spec, part, row, &value->choice->cases[i].value);
        return;
    }
    if (value->kind != VALUE_SIZE || part->base.failed)
        return;
    const struct size *size = value->size;
    bool length = size->lower.kind == VALUE_NUMBER && size->upper.kind == VALUE_NUMBER &&
                  dimension_equal(size->lower.dimension, (struct dimension){.length = 1});
    if (!length)
        return;
    struct rational width = rational_subtract(size->upper.number, size->lower.number);
    struct rational nominal =
        size->nominal.kind == VALUE_NUMBER ? size->nominal.number : size->upper.number;
    struct capability finest = capability_of(spec, part, nominal);
    if (!finest.known || finest.unknown_machine ||
        rational_compare(width, rational_multiply(rational_integer(2), finest.holds)) >= 0)
        return;
    const struct user *user = spec_users(spec, &part->base);
    struct diagnostic *d = check_report(
        spec, RULE_tolerance_too_tight, &part->base, user ? &user->product->base : part->base.owner,
        row->span, "%s between the limits of `%s`, and `%s` holds %s on either side",
        length_text(spec, width), row->name.word, finest.whose, length_text(spec, finest.holds));
    check_help(spec, d, "wider limits, or a machine or process that holds %s",
               length_text(spec, rational_divide(width, rational_integer(2))));
}

/* ---- roughness ---- */

struct finest_surface {
    const struct value *finest;
    const char *whose;
    bool unlimited;
};

static void weigh_surface(struct spec *spec, const struct part *part, const struct operation *at,
                          void *context)
{
    (void)spec;
    struct finest_surface *best = context;
    for (const struct simple *row = at->step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, NULL);
        const struct process *process = machine ? machine_process(machine) : NULL;
        if (!process || !machine_fits(machine, part, at))
            continue;
        const struct value *finest = limit_of(process->finest);
        best->unlimited |= !finest;
        if (finest &&
            (!best->finest || rational_compare(finest->number, best->finest->number) < 0)) {
            best->finest = finest;
            best->whose = process->base.name;
        }
    }
}

static void check_roughness(struct spec *spec, const struct part *part)
{
    struct finest_surface best = {0};
    const struct value *asked = limit_of(part->roughness);
    if (!asked || part->base.failed)
        return;
    for_each_operation(spec, part, &best, weigh_surface);
    const struct process *process = process_of(part);
    if (!best.finest && !best.unlimited && process) {
        best.finest = limit_of(process->finest);
        best.whose = process->base.name;
    }
    if (!best.finest || best.unlimited || rational_compare(asked->number, best.finest->number) >= 0)
        return;
    struct diagnostic *d = check_report(spec, RULE_tolerance_too_tight, &part->base,
                                        part->base.owner, part->roughness->span,
                                        "a surface of %s is asked, and %s leaves %s at its finest",
                                        value_string(spec, asked, NULL, spec->arena), best.whose,
                                        value_string(spec, best.finest, NULL, spec->arena));
    check_help(spec, d, "ask for a rougher surface, or finish it by another process");
}

/* ---- models ---- */

static bool fits_volume(const struct mesh_facts *facts, const struct machine *machine)
{
    if (!machine->volume)
        return true;
    double room[3] = {rational_to_double(machine->volume->x.number),
                      rational_to_double(machine->volume->y.number),
                      rational_to_double(machine->volume->z.number)},
           size[3];
    for (int i = 0; i < 3; i++)
        size[i] = facts->maximum[i] - facts->minimum[i];
    /* it may be laid on any side and turned by a right angle: sorted, each side must fit its own */
    for (int i = 0; i < 3; i++)
        for (int j = i + 1; j < 3; j++) {
            if (room[i] < room[j]) {
                double swap = room[i];
                room[i] = room[j];
                room[j] = swap;
            }
            if (size[i] < size[j]) {
                double swap = size[i];
                size[i] = size[j];
                size[j] = swap;
            }
        }
    for (int i = 0; i < 3; i++)
        if (size[i] > room[i] + 1e-4)
            return false;
    return true;
}

struct fitting {
    const struct model *model;
    const struct sku *sku;
};

static void check_fit(struct spec *spec, const struct part *part, const struct operation *at,
                      void *context)
{
    const struct fitting *fitting = context;
    const struct mesh_facts *facts = &fitting->model->facts;
    bool any = false;
    if (at->works)
        return;
    for (const struct simple *row = at->step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, NULL);
        if (!machine || machine->base.failed || !machine_fits(machine, part, at))
            continue;
        any = true;
        if (fits_volume(facts, machine))
            return;
    }
    if (!any)
        return;
    struct diagnostic *d = check_report(
        spec, RULE_does_not_fit, &part->base, &at->product->base, part->model->span,
        "`%s` is %.1f x %.1f x %.1f mm, larger than every machine of `%s`", part->base.name,
        facts->maximum[0] - facts->minimum[0], facts->maximum[1] - facts->minimum[1],
        facts->maximum[2] - facts->minimum[2], at->step->base.name);
    check_note(spec, d, at->step->on->span, "made here");
    check_help(spec, d, "a larger machine, or a part in pieces");
}

static void check_mass(struct spec *spec, const struct part *part, const struct model *model,
                       const struct sku *sku)
{
    const struct material *material =
        part->material ? value_material(&part->material->value, sku) : NULL;
    const struct value *mass = part->mass ? value_for(&part->mass->value, sku) : NULL;
    const struct value *density = material ? limit_of(material->density) : NULL;
    if (!mass || mass->kind != VALUE_NUMBER || !density)
        return;
    double solid_g = model->facts.volume_mm3 * rational_to_double(density->number);
    if (rational_to_double(mass->number) <= solid_g * (1 + 1e-6))
        return;
    struct diagnostic *d =
        check_report(spec, RULE_mass_over_solid, &part->base, part->base.owner, part->mass->span,
                     "%s is more than the solid model would weigh, %.2f g of `%s`",
                     value_string(spec, mass, NULL, spec->arena), solid_g, material->base.name);
    check_help(spec, d, "weigh one, or look at the model's unit");
}

static void check_sound_model(struct spec *spec, const struct part *part, const struct model *model,
                              const struct sku *sku)
{
    const struct mesh_facts *facts = &model->facts;
    const struct declaration *product = part->base.owner;
    struct diagnostic *d = NULL;
    if (!model->readable)
        d = check_report(spec, RULE_mesh_broken, &part->base, product, part->model->span,
                         "the model of `%s` cannot be read: %s", part->base.name, model->why);
    else if (!facts->triangles)
        d = check_report(spec, RULE_mesh_broken, &part->base, product, part->model->span,
                         "the model of `%s` has no triangle", part->base.name);
    else if (!facts->closed)
        d = check_report(spec, RULE_mesh_broken, &part->base, product, part->model->span,
                         "the model of `%s` is not closed: %ld edges are open", part->base.name,
                         facts->open_edges);
    else if (facts->volume_mm3 < 0)
        d = check_report(spec, RULE_mesh_broken, &part->base, product, part->model->span,
                         "the model of `%s` is inside out", part->base.name);
    if (d)
        check_help(spec, d, "repair it where it was drawn, and export it again");
    if (!model->readable || !facts->closed || facts->volume_mm3 <= 0)
        return;
    struct fitting fitting = {model, sku};
    for_each_operation(spec, part, &fitting, check_fit);
    check_mass(spec, part, model, sku);
}

static void check_pin(struct spec *spec, const struct part *part, const struct model *model)
{
    const struct value *pin = part->pinned ? &part->pinned->value : NULL;
    if (!pin || pin->kind != VALUE_TEXT ||
        strcasecmp(value_string(spec, pin, NULL, spec->arena), model->sha256) == 0)
        return;
    struct diagnostic *d =
        check_report(spec, RULE_model_changed, &part->base, part->base.owner, part->pinned->span,
                     "the model of `%s` is not the one that was pinned", part->base.name);
    check_help(spec, d, "if the change is meant, pin it anew: pinned \"%s\"", model->sha256);
    if (d)
        add_fix(spec->diagnostics, d, FIX_LIKELY, pin->span,
                arena_printf(spec->arena, "\"%s\"", model->sha256), "pin the model as it is");
}

static void check_model(struct spec *spec, const struct part *part)
{
    const struct product *product = part_user(spec, part);
    const char *last = NULL;
    if (!part->model || part->base.source->shared)
        return;
    for (long i = 0; i < (product ? product->sku_count : 1) && i < 1000; i++) {
        struct sku sku;
        if (product)
            sku_at(product, i, &sku);
        const struct sku *of = product ? &sku : NULL;
        char *path = file_path(spec, &part->base, &part->model->value, of, spec->arena);
        if (!path || (last && strcmp(last, path) == 0))
            continue;
        last = path;
        const struct value *written = value_for(&part->model->value, of);
        if (!file_exists(path)) {
            struct diagnostic *d = check_report(
                spec, RULE_mesh_missing, &part->base, part->base.owner, written->span,
                "there is no model `%s`", value_string(spec, written, of, spec->arena));
            check_help(spec, d, "it is looked for as %s", path);
            continue;
        }
        const struct model *model = model_of(spec, path);
        check_pin(spec, part, model);
        if (model->is_stl)
            check_sound_model(spec, part, model, of);
    }
}

void check_physics(struct spec *spec)
{
    for (int i = 0; i < spec->part_count; i++) {
        const struct part *part = spec->parts[i];
        check_material(spec, part);
        for_each_operation(spec, part, NULL, check_machines);
        for_each_operation(spec, part, NULL, check_cut);
        for (const struct dimension_row *row = part->dimension; row; row = row->next)
            check_size(spec, part, row, &row->size);
        check_roughness(spec, part);
        check_model(spec, part);
    }
    check_stacks(spec);
}
