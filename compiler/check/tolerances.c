/* tolerance_too_tight: limits that nothing in the part's making holds, and surfaces that nothing leaves. */
#include "check/family.h"
#include "check/making.h"

/* ---- limits ---- */

struct capability {
    struct rational holds;
    const char *whose;
    bool known;
};

static struct rational held(const struct holds *row, struct rational nominal, const struct sku *sku)
{
    const struct value *length = value_for(&row->length, sku), *ratio = value_for(&row->ratio, sku);
    struct rational absolute = length->kind == VALUE_NUMBER ? length->number : RATIONAL_ZERO;
    if (ratio->kind != VALUE_NUMBER)
        return absolute;
    if (rational_sign(nominal) < 0)
        nominal = rational_negate(nominal);
    return rational_max(absolute, rational_multiply(ratio->number, nominal));
}

/* One operation holds as well as the worst machine that may do it. False where a machine could not be read. */
static bool operation_holds(const struct making *making, const struct operation *operation,
                            struct rational nominal, struct capability *worst)
{
    bool unknown = false;
    for (const struct simple *row = operation->step->on; row && !unknown; row = row->next) {
        const struct machine *machine = machine_at(row, making->sku, &unknown);
        if (!machine || !machine_fits(machine, making, operation))
            continue;
        const struct process *process = machine_process(machine, making->sku);
        const struct holds *holds = machine->holds ? machine->holds
                                    : process      ? process->holds
                                                   : NULL;
        if (!holds)
            continue;
        struct rational one = held(holds, nominal, making->sku);
        if (!worst->known || rational_compare(one, worst->holds) > 0)
            *worst = (struct capability){
                one, machine->holds ? machine->base.name : process->base.name, true};
    }
    return !unknown;
}

/* Whether a mistake may hide who makes the part: its process then says nothing of what holds it. */
static bool maker_is_lost(const struct spec *spec, const struct making *making)
{
    const struct workflow *workflow = making->product ? making->product->workflow : NULL;
    if (!spec->diagnostics->errors)
        return false;
    bool lost = !workflow || workflow->base.failed || making->product->base.failed;
    for (int i = 0; workflow && i < workflow->step_count && !lost; i++)
        lost = workflow->steps[i]->base.failed || workflow->steps[i]->base.poisoned;
    return lost;
}

/* Several operations hold as well as the finest of them; without any, the process says. */
static struct capability capability_of(const struct spec *spec, const struct making *making,
                                       struct rational nominal)
{
    struct capability finest = {0};
    for (int i = 0; i < making->count; i++) {
        struct capability worst = {0};
        if (!operation_holds(making, &making->operations[i], nominal, &worst))
            return (struct capability){0};
        if (worst.known && (!finest.known || rational_compare(worst.holds, finest.holds) < 0))
            finest = worst;
    }
    const struct process *process = part_process(making);
    if (!finest.known && process && process->holds && !maker_is_lost(spec, making))
        finest = (struct capability){held(process->holds, nominal, making->sku), process->base.name,
                                     true};
    return finest;
}

static void check_size(struct spec *spec, const struct making *making,
                       const struct dimension_row *row)
{
    const struct value *value = value_for(&row->size, making->sku);
    const struct size *size = value->kind == VALUE_SIZE ? value->size : NULL;
    if (!size || size->lower.kind != VALUE_NUMBER || size->upper.kind != VALUE_NUMBER ||
        !dimension_equal(size->lower.dimension, (struct dimension){.length = 1}))
        return;
    struct rational width = rational_subtract(size->upper.number, size->lower.number);
    struct rational nominal =
        size->nominal.kind == VALUE_NUMBER ? size->nominal.number : size->upper.number;
    struct capability finest = capability_of(spec, making, nominal);
    if (!finest.known ||
        rational_compare(width, rational_multiply(rational_integer(2), finest.holds)) >= 0)
        return;
    struct diagnostic *d = check_report(
        spec, RULE_tolerance_too_tight, &making->part->base,
        making->product ? &making->product->base : making->part->base.owner, row->span,
        "%s between the limits of `%s`, and `%s` holds %s on either side", length_text(spec, width),
        row->name.word, finest.whose, length_text(spec, finest.holds));
    check_help(spec, d, "wider limits, or a machine or process that holds %s",
               length_text(spec, rational_divide(width, rational_integer(2))));
}

/* ---- surfaces ---- */

struct surface {
    const struct value *finest;
    const char *whose;
    bool unlimited; /* some process does not say how fine it gets */
};

static void weigh_surface(struct surface *best, const struct process *process,
                          const struct sku *sku)
{
    const struct value *finest = process ? number_for(process->finest, sku) : NULL;
    best->unlimited |= process && !finest;
    if (!finest || (best->finest && rational_compare(finest->number, best->finest->number) >= 0))
        return;
    best->finest = finest;
    best->whose = process->base.name;
}

static void check_surface(struct spec *spec, const struct making *making)
{
    struct surface best = {0};
    bool unknown = false;
    const struct value *asked = number_for(making->part->roughness, making->sku);
    if (!asked)
        return;
    for (int i = 0; i < making->count; i++)
        for (const struct simple *row = making->operations[i].step->on; row; row = row->next) {
            const struct machine *machine = machine_at(row, making->sku, &unknown);
            if (machine && machine_fits(machine, making, &making->operations[i]))
                weigh_surface(&best, machine_process(machine, making->sku), making->sku);
        }
    if (!best.finest && !best.unlimited && !maker_is_lost(spec, making))
        weigh_surface(&best, part_process(making), making->sku);
    if (!best.finest || best.unlimited || unknown ||
        rational_compare(asked->number, best.finest->number) >= 0)
        return;
    struct diagnostic *d = check_report(
        spec, RULE_tolerance_too_tight, &making->part->base,
        making->product ? &making->product->base : making->part->base.owner,
        making->part->roughness->span, "a surface of %s is asked, and `%s` leaves %s at its finest",
        value_string(spec, asked, NULL, spec->scratch), best.whose,
        value_string(spec, best.finest, NULL, spec->scratch));
    check_help(spec, d, "ask for a rougher surface, or finish it by another process");
}

void check_tolerances(struct spec *spec, const struct making *making)
{
    for (const struct dimension_row *row = making->part->dimension; row; row = row->next)
        check_size(spec, making, row);
    check_surface(spec, making);
}
