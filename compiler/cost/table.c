/* A sheet for people: where the money goes, by step and by kind, what is checked, and what is left of the price. */
#include "cost/figures.h"
#include "cost/grid.h"
#include "cost/reckon.h"

#include "quality/operating.h"

#include <stdlib.h>

struct drawing {
    struct buffer *out;
    const struct spec *spec;
    const struct cost_sheet *sheet;
    struct arena *arena;
    int places; /* of money a unit: two more than the currency has */
    bool color;
};

/* ---- figures as texts ---- */

static char *money(const struct drawing *drawing, struct rational amount)
{
    return rational_is_zero(amount) ? NULL
                                    : figure_text(drawing->arena, amount, drawing->places, "");
}

static char *percent(const struct drawing *drawing, struct rational ratio)
{
    return figure_percent(drawing->arena, ratio);
}

static struct rational share(const struct drawing *drawing, struct rational each)
{
    struct rational whole = drawing->sheet->unit_cost;

    return rational_is_zero(whole) ? RATIONAL_ZERO : rational_divide(each, whole);
}

static struct rational each_unit(const struct drawing *drawing, struct rational amount)
{
    return rational_divide(amount, drawing->sheet->made);
}

static void short_number(struct buffer *out, struct rational number, const char *one,
                         const char *many)
{
    rational_print_short(out, number, 2);
    buffer_addf(out, " %s", rational_equal(number, RATIONAL_ONE) ? one : many);
}

/* ---- by step ---- */

static bool has_kind(const struct cost_sheet *sheet, int kind)
{
    return kind != COST_ONCE && !rational_is_zero(sheet->amounts[kind]);
}

static void step_row(struct drawing *drawing, struct grid *grid, const struct cost_step *step)
{
    struct rational sum = RATIONAL_ZERO;

    grid_row(grid, false);
    grid_cell(grid, step->step->base.name);
    grid_cell(grid, kind_rows[step->step->base.kind].name);
    grid_cell(grid, figure_text(drawing->arena, step->n, 2, ""));
    for (int kind = 0; kind < COST_KIND_COUNT; kind++) {
        if (!has_kind(drawing->sheet, kind))
            continue;
        sum = rational_add(sum, step->amounts[kind]);
        grid_cell(grid, money(drawing, each_unit(drawing, step->amounts[kind])));
    }
    sum = each_unit(drawing, sum);
    grid_cell(grid, money(drawing, sum));
    grid_cell(grid, rational_is_zero(sum) ? NULL : percent(drawing, share(drawing, sum)));
}

/* A row with figures in the last columns only, or in all where kinds is true. */
static void sum_row(struct drawing *drawing, struct grid *grid, const char *name, bool kinds,
                    struct rational sum)
{
    const struct cost_sheet *sheet = drawing->sheet;

    grid_row(grid, kinds);
    grid_cell(grid, name);
    grid_cell(grid, NULL);
    grid_cell(grid, NULL);
    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        if (has_kind(sheet, kind))
            grid_cell(grid, kinds ? money(drawing, sheet->per_unit[kind]) : NULL);
    grid_cell(grid, figure_text(drawing->arena, sum, drawing->places, ""));
    grid_cell(grid, percent(drawing, share(drawing, sum)));
}

static void draw_steps(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;
    struct grid grid = {.arena = drawing->arena, .left = GRID_LEFT(0) | GRID_LEFT(1)};

    figure_heading(drawing->out, drawing->color, "By step, %s a unit",
                   shop_currency(drawing->spec));
    grid_row(&grid, false);
    grid_cell(&grid, "step");
    grid_cell(&grid, NULL);
    grid_cell(&grid, "units");
    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        if (has_kind(sheet, kind))
            grid_cell(&grid, cost_kind_names[kind]);
    grid_cell(&grid, "together");
    grid_cell(&grid, "share");
    for (int i = 0; i < sheet->step_count; i++)
        step_row(drawing, &grid, &sheet->steps[i]);
    if (!rational_is_zero(sheet->per_unit[COST_ONCE]))
        sum_row(drawing, &grid, "once", false, sheet->per_unit[COST_ONCE]);
    sum_row(drawing, &grid, "a unit", true, sheet->unit_cost);
    grid_print(drawing->out, &grid, drawing->color);
}

/* ---- by kind, and the largest ---- */

static void draw_bar(struct buffer *out, struct rational ratio)
{
    enum { FULL = 40 };
    long eighths =
        rational_to_int(rational_floor(rational_multiply(ratio, rational_integer(8 * FULL))));
    static const char *const ends[8] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

    for (long i = 0; i < eighths / 8; i++)
        buffer_add_text(out, "█");
    buffer_add_text(out, ends[eighths % 8]);
}

static void draw_kinds(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;

    figure_heading(drawing->out, drawing->color, "By kind");
    struct grid grid = {.arena = drawing->arena, .left = GRID_LEFT(0) | GRID_LEFT(3)};
    for (int kind = 0; kind < COST_KIND_COUNT; kind++) {
        if (rational_is_zero(sheet->per_unit[kind]))
            continue;
        struct buffer bar = {0};
        struct rational ratio = share(drawing, sheet->per_unit[kind]);
        draw_bar(&bar, ratio);
        grid_row(&grid, false);
        grid_cell(&grid, cost_kind_names[kind]);
        grid_cell(&grid, money(drawing, sheet->per_unit[kind]));
        grid_cell(&grid, percent(drawing, ratio));
        grid_cell(&grid, arena_copy_text(drawing->arena, buffer_text(&bar), bar.length));
        buffer_free(&bar);
    }
    grid_print(drawing->out, &grid, false);
}

struct largest {
    const char *what, *where;
    struct rational amount;
};

/* Keeps the three largest, largest first; of equals the earlier. */
static void consider(struct largest *top, int *count, struct largest candidate)
{
    enum { TOP = 3 };
    int at = *count;

    if (rational_sign(candidate.amount) <= 0)
        return;
    while (at > 0 && rational_compare(candidate.amount, top[at - 1].amount) > 0)
        at--;
    if (at == TOP)
        return;
    if (*count < TOP)
        ++*count;
    for (int i = *count - 1; i > at; i--)
        top[i] = top[i - 1];
    top[at] = candidate;
}

static void draw_largest(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;
    struct largest top[3];
    int count = 0;

    for (int i = 0; i < sheet->step_count; i++)
        for (int kind = 0; kind < COST_KIND_COUNT; kind++)
            if (kind != COST_OVERHEAD)
                consider(top, &count,
                         (struct largest){cost_kind_names[kind], sheet->steps[i].step->base.name,
                                          sheet->steps[i].amounts[kind]});
    consider(top, &count,
             (struct largest){"once", "tooling and programming", sheet->amounts[COST_ONCE]});
    if (count == 0)
        return;
    figure_heading(drawing->out, drawing->color, "The largest costs");
    struct grid grid = {.arena = drawing->arena, .left = GRID_LEFT(0)};
    for (int i = 0; i < count; i++) {
        struct rational each = each_unit(drawing, top[i].amount);
        grid_row(&grid, false);
        grid_cell(&grid,
                  arena_printf(drawing->arena, "%d. %s, %s", i + 1, top[i].what, top[i].where));
        grid_cell(&grid, money(drawing, each));
        grid_cell(&grid, percent(drawing, share(drawing, each)));
    }
    grid_print(drawing->out, &grid, false);
}

/* ---- inspections ---- */

static const char *plan_text(struct drawing *drawing, const struct cost_step *step,
                             const struct sampling_plan *plan, bool judges)
{
    const char *of =
        arena_printf(drawing->arena, plan->all ? "all of a lot of %ld" : "%2$ld of a lot of %1$ld",
                     step->lot, plan->n);
    const char *letter = plan->letter && !plan->all
                             ? arena_printf(drawing->arena, " (letter %c)", plan->letter)
                             : "";

    return judges ? arena_printf(drawing->arena, "%s%s, Ac %ld, Re %ld", of, letter, plan->ac,
                                 plan->re)
                  : of;
}

/* A line with the plan, and one with what it lets through. */
static void inspection_rows(struct drawing *drawing, struct grid *grid,
                            const struct cost_step *step)
{
    const struct sample *sample = step->step->sample;
    struct sampling_plan plan;
    struct failure failure;
    struct buffer words = {0};

    grid_row(grid, false);
    grid_cell(grid, step->step->base.name);
    if (step->lot < 1 || !sampling_plan(sample, step->lot, INSPECTION_NORMAL, &plan, &failure)) {
        grid_cell(grid, "nothing comes here");
        return;
    }
    grid_cell(grid, plan_text(drawing, step, &plan, sample_judges_lots(sample)));
    struct operating operating = sampling_operating(sample, step->lot, &plan);
    operating_words(&words, &operating);
    if (words.length > 0) {
        grid_row(grid, false);
        grid_cell(grid, NULL);
        grid_cell(grid, arena_printf(drawing->arena, "accepts %s", words.text));
    }
    buffer_free(&words);
}

static void draw_inspections(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;
    struct grid grid = {.arena = drawing->arena, .left = GRID_LEFT(0) | GRID_LEFT(1)};

    for (int i = 0; i < sheet->step_count; i++)
        if (sheet->steps[i].step->sample)
            inspection_rows(drawing, &grid, &sheet->steps[i]);
    if (grid.row_count == 0)
        return;
    figure_heading(drawing->out, drawing->color, "Inspections");
    grid_print(drawing->out, &grid, false);
}

/* ---- what is only estimated ---- */

static void draw_estimates(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;
    bool any = false;

    for (int i = 0; i < sheet->step_count; i++) {
        const struct cost_step *step = &sheet->steps[i];
        if (!step->time_estimated && !step->mass_estimated)
            continue;
        if (!any)
            figure_heading(drawing->out, drawing->color, "Estimates");
        any = true;
        buffer_addf(drawing->out,
                    "  the %s of %s: an estimate from the models, until it is sliced or stated\n",
                    !step->mass_estimated   ? "machine time"
                    : !step->time_estimated ? "mass"
                                            : "machine time and the mass",
                    step->step->base.name);
    }
}

/* ---- price ---- */

static void draw_margin(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;
    const struct price *price = sheet->product->price;
    struct rational least = number_of(drawing->spec, price->margin, &sheet->sku, RATIONAL_ZERO);
    bool met = rational_compare(sheet->margin, least) >= 0;

    buffer_add_text(drawing->out, "  margin ");
    if (drawing->color)
        buffer_add_text(drawing->out, met ? "\033[32m" : "\033[31m");
    buffer_add_text(drawing->out, percent(drawing, sheet->margin));
    if (drawing->color)
        buffer_add_text(drawing->out, "\033[0m");
    if (price->margin)
        buffer_addf(drawing->out, " (at least %s: %s)", percent(drawing, least),
                    met ? "met" : "not met");
    buffer_add_char(drawing->out, '\n');
}

static void price_row(struct drawing *drawing, struct grid *grid, const char *name,
                      struct rational amount)
{
    grid_row(grid, false);
    grid_cell(grid, name);
    grid_cell(grid, figure_text(drawing->arena, amount, drawing->places, ""));
}

static void draw_price(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;

    figure_heading(drawing->out, drawing->color, "Price, %s a unit", shop_currency(drawing->spec));
    if (!sheet->has_price) {
        buffer_add_text(drawing->out, "  no price break applies to this quantity\n");
        return;
    }
    struct grid grid = {.arena = drawing->arena, .left = GRID_LEFT(0)};
    struct rational left =
        rational_subtract(sheet->price, rational_add(sheet->unit_cost, sheet->fees));
    price_row(drawing, &grid, "price", sheet->price);
    price_row(drawing, &grid, "cost", rational_negate(sheet->unit_cost));
    if (!rational_is_zero(sheet->fees))
        price_row(drawing, &grid, "fees", rational_negate(sheet->fees));
    grid_row(&grid, true);
    grid_cell(&grid, "left");
    grid_cell(&grid, figure_text(drawing->arena, left, drawing->places, ""));
    grid_print(drawing->out, &grid, false);
    draw_margin(drawing);
}

/* ---- the sheet ---- */

static void draw_title(struct drawing *drawing)
{
    const struct cost_sheet *sheet = drawing->sheet;
    struct buffer *out = drawing->out;

    buffer_addf(
        out, drawing->color ? "\033[1m%s\033[0m  %s\n" : "%s  %s\n",
        declaration_title(drawing->spec, &sheet->product->base, &sheet->sku, drawing->arena),
        sku_code(drawing->spec, &sheet->sku, drawing->arena));
    short_number(out, sheet->quantity, "unit", "units");
    buffer_add_text(out, ": ");
    money_print(out, drawing->spec, sheet->total);
    buffer_add_text(out, ", ");
    money_print(out, drawing->spec, sheet->unit_cost);
    buffer_add_text(out, " a unit; made in ");
    short_number(out, sheet->batches, "batch", "batches");
    buffer_add_text(out, " for ");
    short_number(out, sheet->orders, "order", "orders");
    if (rational_compare(sheet->made, sheet->quantity) > 0) {
        buffer_add_text(out, ", as part of a run of ");
        rational_print_short(out, sheet->made, 2);
    }
    buffer_add_char(out, '\n');
}

void cost_print_human(struct buffer *out, const struct spec *spec, const struct cost_sheet *sheet,
                      bool color)
{
    struct arena arena = {0};
    struct drawing drawing = {out, spec, sheet, &arena, figure_places(spec), color};

    draw_title(&drawing);
    if (!sheet->valid) {
        buffer_add_text(out, "  no unit gets to the end of this workflow\n");
    } else {
        draw_steps(&drawing);
        draw_kinds(&drawing);
        draw_largest(&drawing);
        draw_inspections(&drawing);
        draw_estimates(&drawing);
        draw_price(&drawing);
    }
    arena_free(&arena);
}
