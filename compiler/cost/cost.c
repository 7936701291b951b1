/* The roll-up: visits and counts, amounts by step, their sums, the price. */
#include "cost/reckon.h"

const char *const cost_kind_names[COST_KIND_COUNT] = {
    [COST_LABOUR] = "labour",     [COST_MACHINE] = "machine", [COST_ENERGY] = "energy",
    [COST_MATERIAL] = "material", [COST_ITEMS] = "items",     [COST_OUTSIDE] = "outside",
    [COST_SHIPPING] = "shipping", [COST_ONCE] = "once",       [COST_OVERHEAD] = "overhead",
};

static void clear(struct rational *amounts)
{
    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        amounts[kind] = RATIONAL_ZERO;
}

static void start_sheet(struct cost_sheet *sheet, const struct sku *sku, struct rational quantity,
                        struct rational made)
{
    *sheet = (struct cost_sheet){
        .product = sku->product,
        .sku = *sku,
        .quantity = quantity,
        .made = made,
        .orders = RATIONAL_ZERO,
        .batches = RATIONAL_ZERO,
        .unit_cost = RATIONAL_ZERO,
        .total = RATIONAL_ZERO,
        .fees = RATIONAL_ZERO,
        .price = RATIONAL_ZERO,
        .margin = RATIONAL_ZERO,
    };
    clear(sheet->amounts);
    clear(sheet->per_unit);
}

/* What is paid once, as far as these units carry it. */
static struct rational carried_once(const struct spec *spec, const struct cost_sheet *sheet)
{
    const struct price *price = sheet->product->price;
    struct rational once = reckon_once(spec, &sheet->sku);
    struct rational carriers =
        number_of(spec, price ? price->amortize : NULL, &sheet->sku, sheet->made);

    if (rational_sign(carriers) <= 0 || rational_is_zero(once))
        return once;
    return rational_multiply(rational_divide(once, carriers), sheet->made);
}

void cost_reckon_run(const struct spec *spec, const struct cost_flow *flow,
                     struct rational quantity, struct rational made, struct arena *arena,
                     struct cost_sheet *sheet)
{
    start_sheet(sheet, flow->sku, quantity, made);
    if (rational_sign(made) <= 0)
        return;
    sheet->valid = flow->valid;
    reckon_counts(spec, flow, sheet, arena);
    for (int i = 0; i < sheet->step_count; i++) {
        struct cost_step *step = &sheet->steps[i];
        clear(step->amounts);
        if (!sheet->valid)
            continue;
        reckon_amounts(spec, sheet, step);
        for (int kind = 0; kind < COST_KIND_COUNT; kind++)
            sheet->amounts[kind] = rational_add(sheet->amounts[kind], step->amounts[kind]);
    }
    if (!sheet->valid)
        return;
    sheet->amounts[COST_ONCE] = carried_once(spec, sheet);
    for (int kind = 0; kind < COST_KIND_COUNT; kind++) {
        sheet->per_unit[kind] = rational_divide(sheet->amounts[kind], made);
        sheet->unit_cost = rational_add(sheet->unit_cost, sheet->per_unit[kind]);
    }
    sheet->total = rational_multiply(sheet->unit_cost, quantity);
    reckon_price(spec, sheet);
}

void cost_reckon_flow(const struct spec *spec, const struct cost_flow *flow,
                      struct rational quantity, struct arena *arena, struct cost_sheet *sheet)
{
    const struct price *price = flow->sku->product->price;
    struct rational run = number_of(spec, price ? price->run : NULL, flow->sku, quantity);

    cost_reckon_run(spec, flow, quantity, rational_max(quantity, run), arena, sheet);
}

void cost_reckon(const struct spec *spec, const struct sku *sku, struct rational quantity,
                 struct arena *arena, struct cost_sheet *sheet)
{
    struct cost_flow flow;

    cost_flow(spec, sku, arena, &flow);
    cost_reckon_flow(spec, &flow, quantity, arena, sheet);
}
