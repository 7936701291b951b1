/* How units are made, as numbers: the prints and cuts of a workflow, and the work after each of them. */
#include "plan/snapshot_private.h"

#include "base/memory.h"
#include "cost/cost.h"
#include "packing/step_plate.h"
#include "slicing/pieces.h"

#include <string.h>

enum { UM_PER_MM = 1000 };

int steps_printing(const struct revision *revision, const struct sku *sku,
                   const struct step *steps[OPERATIONS_AT_MOST])
{
    const struct workflow *workflow = revision->made->workflow;
    int count = 0;
    for (int i = 0; i < workflow->step_count && count < OPERATIONS_AT_MOST; i++) {
        const struct step *step = workflow->steps[i];
        bool prints = step->base.kind == KIND_print || step->base.kind == KIND_cut;
        if (prints && step_is_for(step, sku))
            steps[count++] = step;
    }
    return count;
}

const struct step *plan_step(const struct revision *revision, const struct sku *sku, int operation)
{
    const struct step *steps[OPERATIONS_AT_MOST];
    return operation < steps_printing(revision, sku, steps) ? steps[operation] : NULL;
}

static int64_t whole_up(struct rational number)
{
    return rational_to_int(rational_ceil(number));
}

static struct rational row_number(const struct spec *spec, const struct simple *row,
                                  const struct sku *sku)
{
    return row ? value_number(spec, &row->value, sku, RATIONAL_ZERO) : RATIONAL_ZERO;
}

/* ---- materials, stations ---- */

int material_index(struct building *building, const struct material *material)
{
    const char *name = intern_text(&building->names, material->base.name);
    size_t known = (size_t)map_get(&building->materials, NULL, name);
    if (known)
        return (int)known - 1;
    int index = building->materials_made++;
    const struct value *color = material->color ? value_for(&material->color->value, NULL) : NULL;
    building->material = with_room_for(building->material, index, sizeof *building->material);
    building->color = with_room_for(building->color, index, sizeof *building->color);
    building->material[index] = name;
    building->color[index] =
        color && color->kind == VALUE_TEXT && color->text->plain
            ? arena_copy_text(building->arena, color->text->plain, strlen(color->text->plain))
            : "";
    map_put(&building->materials, NULL, name, (void *)((size_t)index + 1));
    return index;
}

static int station_index(struct building *building, const struct spec *spec,
                         const struct simple *at, const struct sku *sku)
{
    const struct station *station = at ? value_station(&at->value, sku) : NULL;
    if (!station)
        return -1;
    const char *name = intern_text(&building->names, station->base.name);
    size_t known = (size_t)map_get(&building->stations, NULL, name);
    if (known)
        return (int)known - 1;
    int index = building->stations_made++;
    int64_t seats = station->seats ? rational_to_int(row_number(spec, station->seats, sku)) : 1;
    building->station = with_room_for(building->station, index, sizeof *building->station);
    building->station[index] = (struct plan_station){name, seats < 1 ? 1 : seats};
    map_put(&building->stations, NULL, name, (void *)((size_t)index + 1));
    return index;
}

/* ---- families: what may lie on one plate ---- */

struct kind_of_plate {
    int materials[SLOTS_AT_MOST], material_count;
    int64_t nozzle_um, setup_s, run_s, purge_mg, purge_s;
    int station;
    const struct simple *on;
    bool runs;               /* a build of powder or resin, which takes as long half full */
    struct buffer key, name; /* key: all but `on` */
};

static void add_material(struct kind_of_plate *plate, int material)
{
    for (int i = 0; i < plate->material_count; i++)
        if (plate->materials[i] == material)
            return;
    if (plate->material_count < SLOTS_AT_MOST)
        plate->materials[plate->material_count++] = material;
}

static void add_text(struct buffer *out, const struct spec *spec, const struct simple *row,
                     const struct sku *sku)
{
    if (row)
        value_print(out, spec, &row->value, sku);
    buffer_add_char(out, '\n');
}

int64_t plate_seconds(const struct spec *spec, const struct step *step, const struct sku *sku)
{
    struct rational sum = RATIONAL_ZERO;
    if (step->run)
        return whole_up(row_number(spec, step->run, sku));
    for (const struct counted *row = step->gcode ? step->plate : NULL; row; row = row->next) {
        const struct part *part = value_part(&row->what, sku);
        struct rational count = value_number(spec, &row->count, sku, RATIONAL_ZERO);
        if (part)
            sum = rational_add(
                sum, rational_multiply(slicing_time(spec, step, part, sku).number, count));
    }
    if (rational_sign(sum) > 0) /* the file prints all of the plate, whoever wants how much of it */
        return whole_up(sum);
    const char *basis = step->cycle ? value_word(&step->cycle->basis, sku) : NULL;
    if (!basis || strcmp(basis, "unit") == 0)
        return 0;
    return whole_up(value_number(spec, &step->cycle->amount, sku, RATIONAL_ZERO));
}

/* What is said of a plate; of a part or a unit it is the same on whichever plate they lie. */
static int64_t purge_of_plate(const struct spec *spec, const struct step *step,
                              const struct sku *sku)
{
    const char *basis = step->purge ? value_word(&step->purge->basis, sku) : NULL;
    if (!step->purge || (basis && strcmp(basis, "plate") != 0))
        return 0;
    struct rational grams = value_number(spec, &step->purge->amount, sku, RATIONAL_ZERO);
    return whole_up(rational_multiply(grams, rational_integer(1000)));
}

/* For how long the machine could run for what that costs, of the dearest of the plate's materials; 0 where either costs nothing. */
static int64_t worth_of_purge(const struct spec *spec, const struct step *step,
                              const struct sku *sku, int64_t purge_mg)
{
    const struct machine *machine = step->on ? value_machine(&step->on->value, sku) : NULL;
    const struct material *materials[MATERIALS_AT_MOST];
    struct rational dearest = RATIONAL_ZERO, grams = rational_fraction(purge_mg, 1000);
    struct rational rate = row_number(spec, machine ? machine->rate : NULL, sku);
    int count = purge_mg ? slicing_materials(spec, step, sku, materials) : 0;
    for (int i = 0; i < count; i++)
        dearest = rational_max(dearest, row_number(spec, materials[i]->cost, sku));
    return rational_sign(rate) > 0
               ? whole_up(rational_divide(rational_multiply(grams, dearest), rate))
               : 0;
}

static void describe_plate(struct building *building, const struct spec *spec,
                           const struct step *step, const struct sku *sku,
                           struct kind_of_plate *plate)
{
    const struct machine *first = step->on ? value_machine(&step->on->value, sku) : NULL;
    plate->on = step->on;
    plate->runs = step->run != NULL;
    plate->run_s = plate_seconds(spec, step, sku);
    plate->setup_s =
        step->setup ? whole_up(value_number(spec, &step->setup->amount, sku, RATIONAL_ZERO)) : 0;
    plate->station = station_index(building, spec, step->at, sku);
    plate->purge_mg = purge_of_plate(spec, step, sku);
    plate->purge_s = worth_of_purge(spec, step, sku, plate->purge_mg);
    if (first && first->nozzle)
        plate->nozzle_um = whole_up(
            rational_multiply(row_number(spec, first->nozzle, sku), rational_integer(UM_PER_MM)));
    for (const struct simple *row = step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        const struct material *material =
            part && part->material ? value_material(&part->material->value, sku) : NULL;
        if (!part || rational_sign(contained_count(sku->product, &part->base, sku, true)) <= 0)
            continue;
        if (material)
            add_material(plate, material_index(building, material));
        for (const struct portion *row_with = part->with; row_with; row_with = row_with->next) {
            const struct material *further = value_material(&row_with->material, sku);
            if (further)
                add_material(plate, material_index(building, further));
        }
        size_t before = plate->key.length;
        add_text(&plate->key, spec, part->layer, sku);
        if (!plate->name.length && plate->key.length > before + 1)
            buffer_add(&plate->name, plate->key.text + before, plate->key.length - before - 1);
    }
    add_text(&plate->key, spec, step->slice, sku);
    add_text(&plate->key, spec, step->gcode, sku);
    for (int i = 0; i < plate->material_count; i++)
        buffer_addf(&plate->key, "%s\n", building->material[plate->materials[i]]);
    buffer_addf(&plate->key, "%lld %lld %d %lld %lld", (long long)plate->run_s,
                (long long)plate->setup_s, plate->station, (long long)plate->nozzle_um,
                (long long)plate->purge_mg);
}

static bool is_hot_enough(const struct spec *spec, const struct simple *most,
                          const struct simple *wanted, const struct sku *sku)
{
    return !most || !wanted ||
           rational_compare(row_number(spec, most, sku), row_number(spec, wanted, sku)) >= 0;
}

/* The machine of `on` that the printer is, hot enough for all that the step prints. */
static bool may_print(const struct building *building, int printer, const struct spec *spec,
                      const struct step *step, const struct sku *sku)
{
    const struct machine *machine = NULL;
    for (const struct simple *row = step->on; row && !machine; row = row->next) {
        const struct machine *one = value_machine(&row->value, sku);
        if (one && strcmp(one->base.name, building->machine[printer]) == 0)
            machine = one;
    }
    for (const struct simple *row = step->makes; row && machine; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        const struct material *material =
            part && part->material ? value_material(&part->material->value, sku) : NULL;
        if (material && (!is_hot_enough(spec, machine->max_nozzle, material->nozzle, sku) ||
                         !is_hot_enough(spec, machine->max_bed, material->bed, sku)))
            return false;
    }
    return machine != NULL;
}

static const char *plate_name(struct building *building, struct kind_of_plate *plate)
{
    struct buffer name = {0};
    for (int i = 0; i < plate->material_count; i++)
        buffer_addf(&name, "%s%s", i ? " + " : "", building->material[plate->materials[i]]);
    if (plate->name.length)
        buffer_addf(&name, "%s%s", name.length ? ", " : "", plate->name.text);
    const char *copy = arena_copy_text(building->arena, buffer_text(&name), name.length);
    buffer_free(&name);
    return copy;
}

/* The same number for the same key, from 1 on. What only takes longer with more on it gains little by sharing, and is of none. */
static int kind_of(struct building *building, const char *key)
{
    const char *name = intern_text(&building->names, key);
    size_t known = (size_t)map_get(&building->kinds, NULL, name);
    if (!known) {
        known = (size_t)++building->kinds_made;
        map_put(&building->kinds, NULL, name, (void *)known);
    }
    return (int)known;
}

static int family_of(struct building *building, const struct spec *spec, const struct step *step,
                     const struct sku *sku)
{
    struct kind_of_plate plate = {0};
    describe_plate(building, spec, step, sku, &plate);
    int kind = plate.runs ? kind_of(building, buffer_text(&plate.key)) : 0;
    for (const struct simple *row = step->on; row; row = row->next)
        add_text(&plate.key, spec, row, sku);
    const char *key = intern_text(&building->names, buffer_text(&plate.key));
    size_t known = (size_t)map_get(&building->families, NULL, key);
    if (!known) {
        int index = building->families_made++;
        bool *printers = ARENA_ARRAY(building->arena, bool, building->printers_made + 1);
        int *materials = ARENA_ARRAY(building->arena, int, SLOTS_AT_MOST);
        memcpy(materials, plate.materials, sizeof plate.materials);
        for (int p = 0; p < building->printers_made; p++)
            printers[p] = may_print(building, p, spec, step, sku);
        building->family = with_room_for(building->family, index, sizeof *building->family);
        building->family[index] = (struct plan_family){.name = plate_name(building, &plate),
                                                       .materials = materials,
                                                       .material_count = plate.material_count,
                                                       .nozzle_um = plate.nozzle_um,
                                                       .printers = printers,
                                                       .setup_s = plate.setup_s,
                                                       .run_s = plate.run_s,
                                                       .purge_mg = plate.purge_mg,
                                                       .purge_s = plate.purge_s,
                                                       .station = plate.station,
                                                       .kind = kind};
        known = (size_t)index + 1;
        map_put(&building->families, NULL, key, (void *)known);
    }
    buffer_free(&plate.key);
    buffer_free(&plate.name);
    return (int)known - 1;
}

int find_families(struct building *building, const struct revision *revision, const struct sku *sku,
                  int families[OPERATIONS_AT_MOST])
{
    const struct step *steps[OPERATIONS_AT_MOST];
    int count = steps_printing(revision, sku, steps);
    for (int i = 0; i < count; i++)
        families[i] = family_of(building, revision->spec, steps[i], sku);
    return count;
}

/* ---- one unit of a SKU ---- */

static struct rational pieces_of(const struct part *part, const struct sku *sku)
{
    return contained_count(sku->product, &part->base, sku, true);
}

int64_t unit_seconds(const struct spec *spec, const struct step *step, const struct sku *sku)
{
    struct rational sum = RATIONAL_ZERO;
    if (step->cycle) {
        const struct part *part = value_part(&step->cycle->basis, sku);
        struct rational each = value_number(spec, &step->cycle->amount, sku, RATIONAL_ZERO);
        return whole_up(part ? rational_multiply(each, pieces_of(part, sku)) : each);
    }
    for (const struct simple *row = step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        if (part)
            sum = rational_add(sum, rational_multiply(slicing_time(spec, step, part, sku).number,
                                                      pieces_of(part, sku)));
    }
    return whole_up(sum);
}

static void add_share(struct rational *most, const struct part *part, struct rational size,
                      const struct sku *sku)
{
    if (part && rational_sign(size) > 0)
        *most = rational_max(*most, rational_divide(pieces_of(part, sku), size));
}

/* Of a plate: by the step's `plate`, else by what is packed; 0 where neither says anything of what the SKU contains. */
static int64_t unit_share(const struct spec *spec, const struct step *step, const struct sku *sku)
{
    struct rational most = RATIONAL_ZERO;
    plates_know((struct spec *)(uintptr_t)spec, step, sku); /* where nobody has asked yet */
    for (const struct simple *row = step->plate ? NULL : step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        add_share(&most, part, rational_integer(part ? plate_takes(spec, step, sku, part) : 0),
                  sku);
    }
    for (const struct counted *row = step->plate; row; row = row->next) {
        const struct part *part = value_part(&row->what, sku);
        struct rational size = value_number(spec, &row->count, sku, RATIONAL_ONE);
        add_share(&most, part, size, sku);
    }
    return rational_to_int(rational_floor(rational_multiply(most, rational_integer(PLATE_FULL))));
}

/* A step without a `plate` of its own has the plates of the one before it; with neither, a batch is one plate. */
void find_unit(struct building *building, const struct revision *revision, const struct sku *sku,
               int group)
{
    const struct step *steps[OPERATIONS_AT_MOST];
    const struct plan_group *it = &building->group[group];
    int count = steps_printing(revision, sku, steps);
    int64_t share = PLATE_FULL / it->most;
    for (int i = 0; i < count; i++) {
        struct plan_operation *operation = (struct plan_operation *)&it->operations[i];
        int64_t own = unit_share(revision->spec, steps[i], sku);
        share = own ? own : share;
        ((int64_t *)operation->share)[sku->index] = share ? share : 1;
        ((int64_t *)operation->print_s)[sku->index] = unit_seconds(revision->spec, steps[i], sku);
    }
}

/* ---- the work after it ---- */

/* A step's work joins the leg before it where that is at the same station and nothing is waited for between. */
static void add_leg(struct plan_operation *operation, int station, int64_t hands_ms, int64_t wait_s)
{
    struct plan_leg *last =
        operation->leg_count ? &operation->legs[operation->leg_count - 1] : NULL;
    bool joins = last && !last->wait_s && (last->station == station || !hands_ms);
    if (!hands_ms && !wait_s)
        return;
    if (!joins && operation->leg_count < LEGS_AT_MOST) {
        last = &operation->legs[operation->leg_count++];
        last->station = station;
    }
    last->hands_ms += hands_ms;
    last->wait_s += wait_s;
}

static int64_t waits(const struct spec *spec, const struct step *step, const struct sku *sku)
{
    int64_t wait_s =
        whole_up(row_number(spec, step->wait, sku)) + whole_up(row_number(spec, step->lead, sku));
    if (step->base.kind == KIND_treat && step->cycle)
        wait_s += whole_up(value_number(spec, &step->cycle->amount, sku, RATIONAL_ZERO));
    return wait_s;
}

static void find_legs(struct building *building, const struct revision *revision,
                      const struct sku *sku, int group, struct plan_operation *operations,
                      int count)
{
    struct arena arena = {0};
    struct cost_sheet sheet;
    const void *mark = rational_mark();
    const struct plan_group *it = &building->group[group];
    int at = -1;

    cost_reckon(revision->spec, sku, rational_integer(it->most), &arena, &sheet);
    for (int i = 0; i < sheet.step_count && sheet.valid; i++) {
        const struct cost_step *cost = &sheet.steps[i];
        enum kind kind = cost->step->base.kind;
        if (kind == KIND_print || kind == KIND_cut) {
            at++;
            continue;
        }
        if (at < 0 || at >= count)
            continue;
        struct rational each =
            rational_divide(rational_multiply(cost->labour_s, rational_integer(1000)), sheet.made);
        add_leg(&operations[at], station_index(building, revision->spec, cost->step->at, sku),
                whole_up(each), waits(revision->spec, cost->step, sku));
    }
    rational_release_since(mark);
    arena_free(&arena);
}

void find_operations(struct building *building, const struct revision *revision,
                     const struct sku *sku, int group, const int *families, int count)
{
    struct plan_operation *operations =
        ARENA_ARRAY(building->arena, struct plan_operation, count + 1);
    for (int i = 0; i < count; i++) {
        operations[i].family = families[i];
        operations[i].share = ARENA_ARRAY(building->arena, int64_t, revision->made->sku_count);
        operations[i].print_s = ARENA_ARRAY(building->arena, int64_t, revision->made->sku_count);
    }
    building->group[group].operations = operations;
    building->group[group].operation_count = count;
    find_legs(building, revision, sku, group, operations, count);
}
