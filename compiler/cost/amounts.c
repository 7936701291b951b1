/* What one step costs, by kind: for all units of the run together. */
#include "cost/reckon.h"

#include "slicing/pieces.h"

static struct rational rate_of(const struct spec *spec, const struct station *station,
                               const struct sku *sku)
{
    return number_of(spec, station ? station->rate : NULL, sku, RATIONAL_ZERO);
}

/* amount x the count of its basis, both of a `time`, `setup` or `cycle`. */
static struct rational per_basis(const struct spec *spec, const struct cost_sheet *sheet,
                                 const struct cost_step *step, const struct per *row,
                                 const char *unsaid)
{
    if (!row)
        return RATIONAL_ZERO;
    return rational_multiply(value_number(spec, &row->amount, &sheet->sku, RATIONAL_ZERO),
                             basis_count(sheet, step, &row->basis, unsaid));
}

/* ---- labour ---- */

static struct rational line_seconds(const struct spec *spec, const struct instruction *lines,
                                    const struct sku *sku)
{
    struct rational sum = RATIONAL_ZERO;

    for (const struct instruction *line = lines; line; line = line->next)
        sum = rational_add(sum, number_of(spec, line->time, sku, RATIONAL_ZERO));
    return sum;
}

static void reckon_labour(const struct spec *spec, const struct cost_sheet *sheet,
                          struct cost_step *cost)
{
    const struct step *step = cost->step;
    const struct sku *sku = &sheet->sku;
    struct rational each = line_seconds(spec, step->do_, sku);

    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, sku);
        if (standard)
            each = rational_add(each, line_seconds(spec, standard->do_, sku));
    }
    struct rational standing = rational_add(per_basis(spec, sheet, cost, step->setup, "batch"),
                                            per_basis(spec, sheet, cost, step->time, "unit"));
    cost->labour_s = rational_add(standing, rational_multiply(each, cost->n));
    const struct station *station = step->at ? value_station(&step->at->value, sku) : NULL;
    cost->amounts[COST_LABOUR] = rational_multiply(rate_of(spec, station, sku), cost->labour_s);
}

/* ---- machine, energy, material ---- */

static struct rational pieces(const struct cost_sheet *sheet, const struct cost_step *cost,
                              const struct part *part)
{
    return rational_multiply(cost->n,
                             contained_count(sheet->product, &part->base, &sheet->sku, true));
}

/* Of a piece; what is only estimated is marked as such. */
static struct rational part_time(const struct spec *spec, struct cost_step *cost,
                                 const struct part *part, const struct sku *sku)
{
    struct known_figure time = slicing_time(spec, cost->step, part, sku);
    cost->time_estimated |= time.by == KNOWN_ESTIMATED;
    return time.number;
}

static struct rational part_mass(const struct spec *spec, struct cost_step *cost,
                                 const struct part *part, const struct sku *sku)
{
    struct known_figure mass = slicing_mass(spec, cost->step, part, sku);
    cost->mass_estimated |= mass.by == KNOWN_ESTIMATED;
    return mass.number;
}

static struct rational running_seconds(const struct spec *spec, const struct cost_sheet *sheet,
                                       struct cost_step *cost)
{
    const struct step *step = cost->step;
    struct rational sum = RATIONAL_ZERO;

    if (step->run)
        return rational_multiply(number_of(spec, step->run, &sheet->sku, RATIONAL_ZERO),
                                 cost->plates);
    if (step->cycle)
        return per_basis(spec, sheet, cost, step->cycle, "unit");
    for (const struct simple *row = step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, &sheet->sku);
        struct rational count = part ? pieces(sheet, cost, part) : RATIONAL_ZERO;
        if (rational_sign(count) > 0)
            sum = rational_add(sum,
                               rational_multiply(part_time(spec, cost, part, &sheet->sku), count));
    }
    return sum;
}

static void reckon_machine(const struct spec *spec, const struct cost_sheet *sheet,
                           struct cost_step *cost)
{
    const struct step *step = cost->step;
    const struct sku *sku = &sheet->sku;
    const struct machine *machine = step->on ? value_machine(&step->on->value, sku) : NULL;

    if (!machine)
        return;
    struct rational running = running_seconds(spec, sheet, cost);
    struct rational rate = number_of(spec, machine->rate, sku, RATIONAL_ZERO);
    struct rational power = number_of(spec, machine->power, sku, RATIONAL_ZERO);
    struct rational energy =
        number_of(spec, spec->shop ? spec->shop->energy : NULL, sku, RATIONAL_ZERO);

    cost->machine_s = rational_add(running, per_basis(spec, sheet, cost, step->setup, "batch"));
    cost->amounts[COST_MACHINE] = rational_multiply(rate, cost->machine_s);
    cost->amounts[COST_ENERGY] = rational_multiply(rational_multiply(power, energy), running);
}

static struct rational material_cost(const struct spec *spec, const struct material *material,
                                     const struct sku *sku)
{
    return number_of(spec, material->cost, sku, RATIONAL_ZERO);
}

/* So many grams of a material, with what is wasted. */
static struct rational grams_cost(const struct spec *spec, const struct material *material,
                                  struct rational grams, const struct sku *sku)
{
    struct rational waste = number_of(spec, material->waste, sku, RATIONAL_ZERO);

    return rational_multiply(rational_multiply(grams, rational_add(RATIONAL_ONE, waste)),
                             material_cost(spec, material, sku));
}

/* One piece: its own material, and the further ones. */
static struct rational piece_material(const struct spec *spec, struct cost_step *cost,
                                      const struct part *part, const struct sku *sku)
{
    const struct material *own =
        part->material ? value_material(&part->material->value, sku) : NULL;
    struct rational sum =
        own ? grams_cost(spec, own, part_mass(spec, cost, part, sku), sku) : RATIONAL_ZERO;

    for (const struct portion *row = part->with; row; row = row->next) {
        const struct material *further = value_material(&row->material, sku);
        struct known_figure grams = slicing_portion(spec, cost->step, part, row, sku);
        if (further)
            sum = rational_add(sum, grams_cost(spec, further, grams.number, sku));
    }
    return sum;
}

/* What is lost where materials change: nobody says of which, so it is of the dearest. */
static struct rational purge_cost(const struct spec *spec, const struct cost_sheet *sheet,
                                  const struct cost_step *cost)
{
    const struct material *materials[MATERIALS_AT_MOST];
    struct rational dearest = RATIONAL_ZERO;

    if (!cost->step->purge)
        return RATIONAL_ZERO;
    int count = slicing_materials(spec, cost->step, &sheet->sku, materials);
    for (int i = 0; i < count; i++)
        dearest = rational_max(dearest, material_cost(spec, materials[i], &sheet->sku));
    return rational_multiply(dearest, per_basis(spec, sheet, cost, cost->step->purge, "plate"));
}

static void reckon_material(const struct spec *spec, const struct cost_sheet *sheet,
                            struct cost_step *cost)
{
    struct rational sum = purge_cost(spec, sheet, cost);

    for (const struct simple *row = cost->step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, &sheet->sku);
        struct rational count = part ? pieces(sheet, cost, part) : RATIONAL_ZERO;
        if (rational_sign(count) > 0)
            sum = rational_add(
                sum, rational_multiply(piece_material(spec, cost, part, &sheet->sku), count));
    }
    cost->amounts[COST_MATERIAL] = sum;
}

/* ---- items ---- */

/* How often a consumption is taken: by the unit, by its basis, or once for every n units begun. */
static struct rational times_consumed(const struct spec *spec, const struct cost_sheet *sheet,
                                      const struct cost_step *cost, const struct consumption *row)
{
    struct rational units = value_number(spec, &row->per_units, &sheet->sku, RATIONAL_ZERO);

    if (rational_sign(units) > 0)
        return rational_ceil(rational_divide(cost->n, units));
    return basis_count(sheet, cost, &row->basis, "unit");
}

static void add_consumed(const struct spec *spec, const struct cost_sheet *sheet,
                         struct cost_step *cost, const struct consumption *rows)
{
    for (const struct consumption *row = rows; row; row = row->next) {
        const struct item *item = value_item(&row->what, &sheet->sku);
        if (!item)
            continue;
        struct rational count = value_number(spec, &row->count, &sheet->sku, RATIONAL_ZERO);
        struct rational each =
            rational_multiply(number_of(spec, item->cost, &sheet->sku, RATIONAL_ZERO), count);
        cost->amounts[COST_ITEMS] =
            rational_add(cost->amounts[COST_ITEMS],
                         rational_multiply(each, times_consumed(spec, sheet, cost, row)));
    }
}

static void reckon_items(const struct spec *spec, const struct cost_sheet *sheet,
                         struct cost_step *cost)
{
    const struct step *step = cost->step;

    add_consumed(spec, sheet, cost, step->consume);
    for (const struct instruction *line = step->do_; line; line = line->next)
        add_consumed(spec, sheet, cost, line->consume);
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, &sheet->sku);
        for (const struct instruction *line = standard ? standard->do_ : NULL; line;
             line = line->next)
            add_consumed(spec, sheet, cost, line->consume);
    }
}

/* ---- outside, shipping ---- */

static void reckon_charge(const struct spec *spec, const struct cost_sheet *sheet,
                          struct cost_step *cost)
{
    const struct charge *charge = cost->step->cost;
    struct rational sum = RATIONAL_ZERO;

    if (!charge)
        return;
    for (const struct charge_term *term = charge->terms; term; term = term->next)
        sum = rational_add(
            sum, rational_multiply(value_number(spec, &term->money, &sheet->sku, RATIONAL_ZERO),
                                   basis_count(sheet, cost, &term->basis, "unit")));
    sum = rational_max(sum, value_number(spec, &charge->least, &sheet->sku, sum));
    cost->amounts[cost->step->base.kind == KIND_ship ? COST_SHIPPING : COST_OUTSIDE] = sum;
}

/* ---- all of a step ---- */

void reckon_amounts(const struct spec *spec, const struct cost_sheet *sheet, struct cost_step *cost)
{
    enum kind kind = cost->step->base.kind;

    reckon_labour(spec, sheet, cost);
    if (kind == KIND_print || kind == KIND_cut) {
        reckon_machine(spec, sheet, cost);
        reckon_material(spec, sheet, cost);
    }
    reckon_items(spec, sheet, cost);
    reckon_charge(spec, sheet, cost);

    struct rational carried = rational_add(cost->amounts[COST_LABOUR], cost->amounts[COST_MACHINE]);
    cost->amounts[COST_OVERHEAD] =
        rational_multiply(carried, number_of(spec, spec->shop ? spec->shop->overhead : NULL,
                                             &sheet->sku, RATIONAL_ZERO));
}

/* Whether the product names the part in an earlier row of the two lists. */
static bool is_named_before(const struct counted *const lists[2], const struct counted *until,
                            const struct part *part, const struct sku *sku)
{
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next) {
            if (row == until)
                return false;
            if (value_part(&row->what, sku) == part)
                return true;
        }
    return false;
}

static struct rational once_of_part(const struct spec *spec, const struct part *part,
                                    const struct sku *sku)
{
    struct rational once = number_of(spec, part->tooling, sku, RATIONAL_ZERO);
    const struct programming *work = part->programming;

    if (!work)
        return once;
    struct rational rate = rate_of(spec, value_station(&work->station, sku), sku);
    return rational_add(
        once, rational_multiply(rate, value_number(spec, &work->amount, sku, RATIONAL_ZERO)));
}

struct rational reckon_once(const struct spec *spec, const struct sku *sku)
{
    const struct counted *const lists[2] = {sku->product->contains, sku->product->spare};
    struct rational once = RATIONAL_ZERO;

    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next) {
            const struct part *part = value_part(&row->what, sku);
            if (!part || (!part->tooling && !part->programming) ||
                is_named_before(lists, row, part, sku) ||
                rational_sign(contained_count(sku->product, &part->base, sku, true)) <= 0)
                continue;
            once = rational_add(once, once_of_part(spec, part, sku));
        }
    return once;
}
