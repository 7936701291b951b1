/* Money: what every SKU earns at every price, and what was forgotten in the reckoning. */
#include "check/family.h"
#include "slicing/pieces.h"

#include "cost/cost.h"

#include <string.h>

static bool is_known(const struct declaration *declaration)
{
    return !declaration->failed && !declaration->poisoned;
}

/* A product whose costs cannot be known says nothing about its margin. */
static bool can_be_costed(const struct product *product)
{
    const struct workflow *workflow = product->workflow;
    if (!is_known(&product->base) || !workflow || !is_known(&workflow->base) ||
        !ways_are_known(workflow) || (product->price && !is_known(&product->price->base)))
        return false;
    for (int i = 0; i < workflow->step_count; i++)
        if (!is_known(&workflow->steps[i]->base))
            return false;
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct declaration *what = value_declaration(&row->what, NULL);
        if (!what || !is_known(what))
            return false;
    }
    return true;
}

static const char *money_text(struct spec *spec, struct rational amount)
{
    struct buffer text = {0};
    money_print(&text, spec, amount);
    const char *copy = arena_copy_text(spec->scratch, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

static const char *percent_text(struct spec *spec, struct rational ratio)
{
    struct buffer text = {0};
    rational_print_short(&text, rational_multiply(ratio, rational_integer(100)), 1);
    buffer_add_char(&text, '%');
    const char *copy = arena_copy_text(spec->scratch, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

/* ---- below_margin, sells_at_loss ---- */

static void note_largest(struct spec *spec, struct diagnostic *d, const struct cost_sheet *sheet)
{
    bool taken[COST_KIND_COUNT] = {false};
    struct buffer text = {0};
    for (int n = 0; n < 3; n++) {
        int best = -1;
        for (int i = 0; i < COST_KIND_COUNT; i++)
            if (!taken[i] && rational_sign(sheet->per_unit[i]) > 0 &&
                (best < 0 || rational_compare(sheet->per_unit[i], sheet->per_unit[best]) > 0))
                best = i;
        if (best < 0)
            break;
        taken[best] = true;
        buffer_addf(&text, "%s%s %s", n ? ", " : "", cost_kind_names[best],
                    money_text(spec, sheet->per_unit[best]));
    }
    check_note(spec, d, SPAN_NONE, "the largest costs of a unit: %s", buffer_text(&text));
    buffer_free(&text);
}

static bool holds_in_run(const struct spec *spec, const struct cost_flow *flow,
                         const struct cost_sheet *asked, long made, struct rational margin)
{
    struct cost_sheet sheet;
    cost_reckon_run(spec, flow, asked->quantity, rational_integer(made), spec->scratch, &sheet);
    return sheet.valid && sheet.has_price && rational_compare(sheet.margin, margin) >= 0;
}

/* A run, made together at the price of the quantity asked, at which the margin holds and of which one less does not;
   0 where none of up to 100,000 is found. */
static long run_needed(const struct spec *spec, const struct cost_flow *flow,
                       const struct cost_sheet *asked, struct rational margin)
{
    const long most = 100000;
    long low = (long)rational_to_int(asked->made), high = low;
    while (high < most && !holds_in_run(spec, flow, asked, high, margin)) {
        low = high;
        high = high * 2 < most ? high * 2 : most;
    }
    if (high >= most)
        return 0;
    while (high - low > 1) {
        long middle = low + (high - low) / 2;
        if (holds_in_run(spec, flow, asked, middle, margin))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* The price at which the margin would hold: (cost + fixed fees) / (1 - margin - fee ratio); 0 where none does. */
static struct rational price_needed(const struct spec *spec, const struct cost_sheet *sheet,
                                    struct rational margin)
{
    struct rational ratio = RATIONAL_ZERO, fixed;
    for (const struct fee *fee = sheet->product->price->fee; fee; fee = fee->next)
        ratio = rational_add(ratio, value_number(spec, &fee->ratio, &sheet->sku, RATIONAL_ZERO));
    fixed = rational_subtract(sheet->fees, rational_multiply(ratio, sheet->price));
    struct rational left = rational_subtract(rational_subtract(RATIONAL_ONE, margin), ratio);
    if (rational_sign(left) <= 0)
        return RATIONAL_ZERO;
    return rational_divide(rational_add(sheet->unit_cost, fixed), left);
}

static void help_margin(struct spec *spec, struct diagnostic *d, const struct cost_flow *flow,
                        const struct cost_sheet *sheet, struct rational margin)
{
    if (!d)
        return;
    struct rational price = price_needed(spec, sheet, margin);
    if (rational_sign(price) <= 0) {
        check_help(spec, d,
                   "fees and margin together leave nothing of any price: ask for less margin");
        return;
    }
    long made = run_needed(spec, flow, sheet, margin);
    if (made)
        check_help(spec, d,
                   "it would hold at %s a unit, or from %ld units made together: run at least %ld",
                   money_text(spec, price), made, made);
    else
        check_help(spec, d, "it would hold at %s a unit", money_text(spec, price));
}

static void check_price(struct spec *spec, const struct product *product,
                        const struct cost_flow *flow, const struct sell_break *at)
{
    const struct sku *sku = flow->sku;
    struct cost_sheet sheet;
    struct rational margin =
        product->price->margin
            ? value_number(spec, &product->price->margin->value, sku, RATIONAL_ZERO)
            : RATIONAL_ZERO;
    if (at->quantity.kind != VALUE_NUMBER || at->price.kind != VALUE_NUMBER)
        return;
    cost_reckon_flow(spec, flow, at->quantity.number, spec->scratch, &sheet);
    if (!sheet.valid || !sheet.has_price)
        return;
    bool loss = rational_sign(sheet.margin) < 0;
    if (!loss && rational_compare(sheet.margin, margin) >= 0)
        return;
    struct diagnostic *d;
    const char *code = sku_code(spec, sku, spec->scratch), *price = money_text(spec, sheet.price),
               *cost = money_text(spec, rational_add(sheet.unit_cost, sheet.fees));
    if (loss)
        d = check_report(spec, RULE_sells_at_loss, &product->base, NULL, at->span,
                         "%s sells for %s and costs %s with fees, at %s", code, price, cost,
                         value_string(spec, &at->quantity, sku, spec->scratch));
    else
        d = check_report(spec, RULE_below_margin, &product->base, NULL, at->span,
                         "%s leaves %s of %s, and %s is asked: it costs %s with fees, at %s", code,
                         percent_text(spec, sheet.margin), price, percent_text(spec, margin), cost,
                         value_string(spec, &at->quantity, sku, spec->scratch));
    note_largest(spec, d, &sheet);
    help_margin(spec, d, flow, &sheet, margin);
}

/* A SKU's costs are many, and of no use to the next: they have a scratch of their own. */
static void check_margins(struct spec *spec, const struct product *product)
{
    struct arena *whole = spec->scratch;
    spec->scratch = spec->sku_scratch;
    for (long i = 0; i < product->sku_count; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        const struct sell *line = cost_sell_line(&sku, NULL);
        struct cost_flow flow;
        if (line)
            cost_flow(spec, &sku, spec->scratch, &flow);
        for (; line; line = cost_sell_line(&sku, line))
            for (const struct sell_break *at = line->breaks; at; at = at->next)
                check_price(spec, product, &flow, at);
        arena_clear(spec->sku_scratch);
    }
    spec->scratch = whole;
}

/* ---- unpriced ---- */

static void check_unpriced_sku(struct spec *spec, const struct product *product)
{
    for (long i = 0; i < product->sku_count; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        if (cost_sell_line(&sku, NULL))
            continue;
        struct diagnostic *d =
            check_report(spec, RULE_unpriced_sku, &product->base, NULL, product->price->base.span,
                         "no `sell` line covers %s", sku_code(spec, &sku, spec->scratch));
        check_help(spec, d, "add a `sell` line for all, or one for its cases");
        return;
    }
}

/* "25 min and 8.2 g" */
static const char *figures_text(struct spec *spec, const struct known_figure *time,
                                const struct known_figure *mass)
{
    struct buffer text = {0};
    if (time) {
        duration_print(&text, time->number);
        buffer_add_text(&text, mass ? " and " : "");
    }
    if (mass) {
        rational_print_short(&text, mass->number, 2);
        buffer_add_text(&text, " g");
    }
    const char *copy = arena_copy_text(spec->scratch, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

/* G-code that was to say it, and does not. */
static void note_gcode(struct spec *spec, struct diagnostic *d, const struct step *step,
                       const struct sku *sku)
{
    const char *problem = slicing_problem(spec, step, sku);
    if (problem)
        check_note(spec, d, step->gcode->span, "its G-code is of no help: %s", problem);
}

struct unpriced {
    const struct product *product;
    const struct step *step;
    const struct part *part;
    const struct sku *sku;
    struct known_figure time, mass; /* KNOWN_STATED where the step has a time of its own */
};

/* Something is costed as nothing. */
static void report_unknown(struct spec *spec, const struct unpriced *at)
{
    bool timed = at->time.by != KNOWN_NOT, weighed = at->mass.by != KNOWN_NOT;
    struct diagnostic *d = check_report(
        spec, RULE_unpriced_part, &at->part->base, &at->product->base, at->part->base.span,
        "`%s` has no %s, and is costed without", at->part->base.name,
        timed     ? "mass"
        : weighed ? "machine time"
                  : "machine time and no mass");
    check_help(spec, d, "add: %s",
               timed                             ? "mass <mass>"
               : at->step->base.kind == KIND_cut ? "cycle <duration>"
                                                 : "print_time <duration>");
    note_gcode(spec, d, at->step, at->sku);
}

/* Nobody said it, and the model gives an idea. */
static void report_estimated(struct spec *spec, const struct unpriced *at)
{
    bool time = at->time.by == KNOWN_ESTIMATED, mass = at->mass.by == KNOWN_ESTIMATED;
    const char *figures = figures_text(spec, time ? &at->time : NULL, mass ? &at->mass : NULL);
    struct diagnostic *d = check_report(
        spec, RULE_unpriced_part, &at->part->base, &at->product->base, at->part->base.span,
        "`%s` has no %s, and is costed by an estimate from its model, %s", at->part->base.name,
        time && mass ? "machine time and no mass"
        : time       ? "machine time"
                     : "mass",
        figures);
    check_help(spec, d, "%s", time ? "add: print_time <duration>" : "add: mass <mass>");
    note_gcode(spec, d, at->step, at->sku);
}

static void check_unpriced_part(struct spec *spec, const struct product *product,
                                const struct step *step, const struct part *part,
                                const struct sku *sku)
{
    struct unpriced at = {product,
                          step,
                          part,
                          sku,
                          slicing_time(spec, step, part, sku),
                          slicing_mass(spec, step, part, sku)};
    if (step->cycle || step->run)
        at.time.by = KNOWN_STATED;
    if (part->base.failed)
        return;
    for (const struct portion *row = part->with; row; row = row->next)
        if (slicing_portion(spec, step, part, row, sku).by == KNOWN_NOT) {
            struct diagnostic *d = check_report(
                spec, RULE_unpriced_part, &part->base, &product->base, row->material.span,
                "`%s` does not say what it takes of this, and is costed without", part->base.name);
            check_help(spec, d, "write its mass behind it: with <material> <mass>");
        }
    if (at.time.by == KNOWN_NOT || at.mass.by == KNOWN_NOT)
        report_unknown(spec, &at);
    else if (at.time.by == KNOWN_ESTIMATED || at.mass.by == KNOWN_ESTIMATED)
        report_estimated(spec, &at);
}

static void check_unpriced(struct spec *spec, const struct product *product)
{
    struct sku sku;
    sku_at(product, 0, &sku); /* a `by` covers every case, so what one SKU lacks all do */
    for (int i = 0; i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        if (step->base.kind != KIND_print && step->base.kind != KIND_cut)
            continue;
        for (const struct simple *row = step->makes; row; row = row->next)
            if (value_part(&row->value, &sku))
                check_unpriced_part(spec, product, step, value_part(&row->value, &sku), &sku);
        if (step->works && !step->cycle && !step->run && !step->base.failed) {
            struct diagnostic *d =
                check_report(spec, RULE_unpriced_part, &step->base, &product->base, step->base.span,
                             "`%s` works on a part and does not say how long", step->base.name);
            check_help(spec, d, "add: cycle <duration> [per <basis>]");
        }
    }
}

/* ---- breaks ---- */

static const struct sell_break *lowest_break(const struct sku *sku)
{
    const struct sell_break *lowest = NULL;
    for (const struct sell *line = cost_sell_line(sku, NULL); line;
         line = cost_sell_line(sku, line))
        for (const struct sell_break *at = line->breaks; at; at = at->next)
            if (at->quantity.kind == VALUE_NUMBER &&
                (!lowest || rational_compare(at->quantity.number, lowest->quantity.number) < 0))
                lowest = at;
    return lowest;
}

/* The highest of the SKUs' first breaks: under it some SKU has no price. */
static bool first_break(const struct product *product, struct rational *first)
{
    bool found = false;
    for (long i = 0; i < product->sku_count; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        const struct sell_break *lowest = lowest_break(&sku);
        if (lowest && (!found || rational_compare(lowest->quantity.number, *first) > 0)) {
            *first = lowest->quantity.number;
            found = true;
        }
    }
    return found;
}

static void check_quantity(struct spec *spec, const struct product *product,
                           const struct value *quantity, struct rational first, const char *whose)
{
    if (quantity->kind != VALUE_NUMBER || rational_compare(quantity->number, first) >= 0)
        return;
    struct buffer text = {0};
    rational_print_short(&text, first, 0);
    struct diagnostic *d =
        check_report(spec, RULE_no_break, &product->base, NULL, quantity->span,
                     "%s is under the first price break, which is %s", whose, buffer_text(&text));
    check_help(spec, d, "add a price for it to `sell`");
    buffer_free(&text);
}

static void check_breaks(struct spec *spec, const struct product *product)
{
    struct rational first;
    if (!first_break(product, &first))
        return;
    if (product->price->order_size)
        check_quantity(spec, product, &product->price->order_size->value, first, "the order size");
    for (int i = 0; i < product->packet_count; i++)
        for (const struct simple *row = product->packets[i]->quantity; row; row = row->next)
            check_quantity(spec, product, &row->value, first, "this quantity");
}

/* ---- once ---- */

static bool has_once(const struct product *product)
{
    const struct counted *const lists[] = {product->contains, product->spare};
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next) {
            const struct value *value = &row->what;
            int cases = value->kind == VALUE_CHOICE ? value->choice->count : 1;
            for (int j = 0; j < cases; j++) {
                const struct part *part = value_part(
                    value->kind == VALUE_CHOICE ? &value->choice->cases[j].value : value, NULL);
                if (part && (part->tooling || part->programming))
                    return true;
            }
        }
    return false;
}

static void check_once(struct spec *spec, const struct product *product)
{
    const struct simple *over = product->price->amortize;
    struct rational made = RATIONAL_ZERO;
    bool known = false;
    if (!over || over->value.kind != VALUE_NUMBER || !has_once(product))
        return;
    if (product->release && product->release->production) {
        made = value_number(spec, &product->release->production->value, NULL, over->value.number);
        known = true;
    }
    for (int i = 0;
         i < product->packet_count && !(product->release && product->release->production); i++)
        for (const struct simple *row = product->packets[i]->quantity; row; row = row->next) {
            made = rational_max(made, value_number(spec, &row->value, NULL, RATIONAL_ZERO));
            known = true;
        }
    if (!known || rational_compare(over->value.number, made) <= 0)
        return;
    struct buffer text = {0};
    rational_print_short(&text, made, 0);
    struct diagnostic *d = check_report(
        spec, RULE_once_not_recovered, &product->base, NULL, over->span,
        "what is paid once is spread over more than will be made, which is %s", buffer_text(&text));
    check_help(spec, d, "write: amortize over %s", buffer_text(&text));
    buffer_free(&text);
}

/* ---- foreign prices of the library ---- */

/* A library's price in a currency that the shop cannot change is nobody's mistake until a product needs it. */
static void check_foreign(struct spec *spec, const struct simple *price, const char *name,
                          struct span used)
{
    const struct source *source = price ? source_of(spec->sources, price->value.span.begin) : NULL;
    if (!source || !source->shared || price->value.kind != VALUE_POISON)
        return;
    struct diagnostic *d =
        report(spec->diagnostics, RULE_currency_mismatch, used,
               "what `%s` costs is said in a currency that the shop has no exchange for", name);
    add_label(spec->diagnostics, d, price->value.span, "in the library");
    set_help(spec->diagnostics, d,
             "say your own price (`like %s`), or add to the shop: exchange <currency> <money>",
             name);
}

static void check_foreign_material(struct spec *spec, const struct value *value)
{
    int cases = value->kind == VALUE_CHOICE ? value->choice->count : 1;
    for (int i = 0; i < cases; i++) {
        const struct value *one =
            value->kind == VALUE_CHOICE ? &value->choice->cases[i].value : value;
        const struct material *material = value_material(one, NULL);
        if (material)
            check_foreign(spec, material->cost, material->base.name, one->span);
    }
}

static void check_foreign_part(struct spec *spec, const struct part *part)
{
    if (part->material)
        check_foreign_material(spec, &part->material->value);
    for (const struct portion *row = part->with; row; row = row->next)
        check_foreign_material(spec, &row->material);
}

static void check_foreign_prices(struct spec *spec, const struct product *product)
{
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct item *item = value_item(&row->what, NULL);
        if (item)
            check_foreign(spec, item->cost, item->base.name, row->what.span);
        if (value_part(&row->what, NULL))
            check_foreign_part(spec, value_part(&row->what, NULL));
    }
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        for (const struct simple *row = step->on; row; row = row->next) {
            const struct machine *machine = value_machine(&row->value, NULL);
            if (machine)
                check_foreign(spec, machine->rate, machine->base.name, row->span);
        }
    }
}

void check_money(struct spec *spec, const struct product *product)
{
    check_foreign_prices(spec, product);
    if (!can_be_costed(product))
        return;
    check_unpriced(spec, product);
    if (!product->price || !product->price->sell)
        return;
    check_unpriced_sku(spec, product);
    check_margins(spec, product);
    check_breaks(spec, product);
    check_once(spec, product);
}
