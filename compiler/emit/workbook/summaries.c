/* What an owner looks at: bench time, shipping, and the scorecard of an order. They show the run chosen on Inputs. */
#include "emit/workbook/workbook.h"

#include <string.h>

enum { HEAD_ROW = 3, STEPS_FIRST_ROW = 4 };

const struct run *shown_run(const struct book *book)
{
    return &book->runs[0];
}

/* ---- sums over Step by step ---- */

static const char *steps_column(struct book *book, enum step_column column)
{
    return range_ref(book, sheet_steps, STEPS_FIRST_ROW, (lxw_col_t)column, book->steps_end,
                     (lxw_col_t)column);
}

static const char *sum_of_step(struct book *book, enum step_column column, int number)
{
    return arena_printf(book->arena, "SUMIFS(%s,%s,shown_run,%s,%d)", steps_column(book, column),
                        steps_column(book, STEP_RUN), steps_column(book, STEP_NUMBER), number);
}

/* A figure of the shown run on Price breaks. */
const char *of_shown(struct book *book, int column)
{
    return arena_printf(book->arena, "INDEX(%s,shown_run)",
                        range_ref(book, sheet_prices, RUNS_HEAD_ROW + 1, (lxw_col_t)column,
                                  RUNS_HEAD_ROW + (lxw_row_t)book->price_run_count,
                                  (lxw_col_t)column));
}

static const char *here(struct book *book, lxw_row_t row, int column)
{
    return cell_ref(book, NULL, row, (lxw_col_t)column);
}

static struct rational over(struct rational a, struct rational b)
{
    return rational_is_zero(b) ? RATIONAL_ZERO : rational_divide(a, b);
}

static struct rational minutes(struct rational seconds)
{
    return rational_divide(seconds, rational_integer(60));
}

/* ---- Bench time and labor ---- */

enum bench_column {
    BENCH_STEP,
    BENCH_KIND,
    BENCH_STATION,
    BENCH_UNITS,
    BENCH_MINUTES,
    BENCH_EACH,
    BENCH_SHARE,
    BENCH_LABOUR,
    BENCH_MACHINE_EACH,
    BENCH_MACHINE,
    BENCH_COLUMN_COUNT
};

struct bench_figures {
    struct rational units, bench, labour, machine_time, machine;
};

static struct bench_figures figures_of(const struct run *run, const struct step *step)
{
    struct bench_figures none = {RATIONAL_ZERO, RATIONAL_ZERO, RATIONAL_ZERO, RATIONAL_ZERO,
                                 RATIONAL_ZERO};

    for (int i = 0; i < run->sheet.step_count; i++) {
        const struct cost_step *cost = &run->sheet.steps[i];
        if (cost->step == step)
            return (struct bench_figures){
                cost->n, minutes(cost->labour_s), cost->amounts[COST_LABOUR],
                minutes(cost->machine_s),
                rational_add(cost->amounts[COST_MACHINE], cost->amounts[COST_ENERGY])};
    }
    return none;
}

static void write_bench_row(struct book *book, const struct step *step, lxw_row_t row,
                            lxw_row_t total_row, struct rational all)
{
    const struct run *run = shown_run(book);
    struct rational made = run->sheet.made;
    struct bench_figures figures = figures_of(run, step);
    const char *made_text = of_shown(book, RUN_MADE);
    int number = step->index + 1;
    const struct {
        enum bench_column column;
        const char *formula;
        struct rational value;
        enum number number;
    } cells[] = {
        {BENCH_UNITS, sum_of_step(book, STEP_UNITS, number), figures.units, NUMBER_UNITS},
        {BENCH_MINUTES, sum_of_step(book, STEP_BENCH, number), figures.bench, NUMBER_MINUTES},
        {BENCH_EACH, arena_printf(book->arena, "%s/%s", here(book, row, BENCH_MINUTES), made_text),
         over(figures.bench, made), NUMBER_UNITS},
        {BENCH_SHARE,
         arena_printf(book->arena, "IF(%s=0,0,%s/%s)", here(book, total_row, BENCH_MINUTES),
                      here(book, row, BENCH_MINUTES), here(book, total_row, BENCH_MINUTES)),
         over(figures.bench, all), NUMBER_PERCENT},
        {BENCH_LABOUR,
         arena_printf(book->arena, "%s/%s", sum_of_step(book, STEP_LABOUR, number), made_text),
         over(figures.labour, made), NUMBER_DETAIL},
        {BENCH_MACHINE_EACH,
         arena_printf(book->arena, "%s/%s", sum_of_step(book, STEP_MACHINE_TIME, number),
                      made_text),
         over(figures.machine_time, made), NUMBER_UNITS},
        {BENCH_MACHINE,
         arena_printf(book->arena, "(%s+%s)/%s", sum_of_step(book, STEP_MACHINE, number),
                      sum_of_step(book, STEP_ENERGY, number), made_text),
         over(figures.machine, made), NUMBER_DETAIL},
    };

    put_text(book, book->bench_sheet, row, BENCH_STEP,
             declaration_title(book->spec, &step->base, NULL, book->arena), LOOK_TEXT);
    put_note(book->bench_sheet, row, BENCH_STEP, place_of(book, step->base.span));
    put_text(book, book->bench_sheet, row, BENCH_KIND, kind_rows[step->base.kind].name, LOOK_TEXT);
    if (step->at)
        put_text(book, book->bench_sheet, row, BENCH_STATION,
                 value_string(book->spec, &step->at->value, NULL, book->arena), LOOK_TEXT);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        put_formula(book, book->bench_sheet, row, (lxw_col_t)cells[i].column,
                    arena_printf(book->arena, "=%s", cells[i].formula), cells[i].value, LOOK_FIGURE,
                    cells[i].number);
}

static void write_bench_total(struct book *book, lxw_row_t row, struct bench_figures all)
{
    struct rational made = shown_run(book)->sheet.made;
    const struct {
        enum bench_column column;
        struct rational value;
        enum number number;
    } cells[] = {
        {BENCH_MINUTES, all.bench, NUMBER_MINUTES},
        {BENCH_EACH, over(all.bench, made), NUMBER_UNITS},
        {BENCH_SHARE, rational_is_zero(all.bench) ? RATIONAL_ZERO : RATIONAL_ONE, NUMBER_PERCENT},
        {BENCH_LABOUR, over(all.labour, made), NUMBER_DETAIL},
        {BENCH_MACHINE_EACH, over(all.machine_time, made), NUMBER_UNITS},
        {BENCH_MACHINE, over(all.machine, made), NUMBER_DETAIL},
    };

    for (lxw_col_t column = 0; column < BENCH_COLUMN_COUNT; column++)
        put_text(book, book->bench_sheet, row, column, column ? "" : "all steps", LOOK_TOTAL);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        put_formula(book, book->bench_sheet, row, (lxw_col_t)cells[i].column,
                    arena_printf(book->arena, "=SUM(%s:%s)",
                                 here(book, HEAD_ROW + 1, cells[i].column),
                                 here(book, row - 1, cells[i].column)),
                    cells[i].value, LOOK_TOTAL, cells[i].number);
}

/* Hours of each station in the shown run: what a week has to hold. */
static lxw_row_t write_stations(struct book *book, lxw_row_t row)
{
    const struct run *run = shown_run(book);
    lxw_worksheet *sheet = book->bench_sheet;

    put_text(book, sheet, row, 0, "station", LOOK_HEAD);
    put_text(book, sheet, row, 1, "hours", LOOK_HEAD);
    put_text(book, sheet, row++, 2,
             arena_printf(book->arena, "labour, %s", shop_currency(book->spec)), LOOK_HEAD);
    for (int i = 0; i < book->spec->declaration_count; i++) {
        const struct declaration *station = book->spec->declarations[i];
        struct rational seconds = RATIONAL_ZERO, labour = RATIONAL_ZERO;
        bool used = false;
        for (int k = 0; k < book->product->workflow->step_count; k++) {
            const struct step *step = book->product->workflow->steps[k];
            used |= step->at && value_declaration(&step->at->value, NULL) == station;
        }
        if (station->kind != KIND_station || !used)
            continue;
        for (int k = 0; k < run->sheet.step_count; k++) {
            const struct cost_step *cost = &run->sheet.steps[k];
            if (!cost->step->at ||
                value_declaration(&cost->step->at->value, &run->sheet.sku) != station)
                continue;
            seconds = rational_add(seconds, cost->labour_s);
            labour = rational_add(labour, cost->amounts[COST_LABOUR]);
        }
        put_text(book, sheet, row, 0, declaration_title(book->spec, station, NULL, book->arena),
                 LOOK_TEXT);
        const char *which =
            arena_printf(book->arena, "(%s=shown_run)*EXACT(%s,%s)", steps_column(book, STEP_RUN),
                         steps_column(book, STEP_STATION), here(book, row, 0));
        put_formula(book, sheet, row, 1,
                    arena_printf(book->arena, "=SUMPRODUCT(%s*%s)/60", which,
                                 steps_column(book, STEP_BENCH)),
                    rational_divide(seconds, rational_integer(3600)), LOOK_FIGURE, NUMBER_UNITS);
        put_formula(
            book, sheet, row, 2,
            arena_printf(book->arena, "=SUMPRODUCT(%s*%s)", which, steps_column(book, STEP_LABOUR)),
            labour, LOOK_FIGURE, NUMBER_MONEY);
        row++;
    }
    return row - 1;
}

void write_shown_line(struct book *book, lxw_worksheet *sheet)
{
    const struct run *run = shown_run(book);

    put_text_formula(book, sheet, 2, 0,
                     "=\"SKU \"&shown_sku&\", \"&shown_quantity&\" asked (choose on Inputs)\"",
                     arena_printf(book->arena, "SKU %s, %s asked (choose on Inputs)", run->sku_code,
                                  constant_text(book, run->sheet.quantity)),
                     LOOK_SHOWN, NUMBER_NONE);
}

void write_bench(struct book *book)
{
    static const struct note notes[] = {
        {BENCH_UNITS, "Units that come to the step, those that are lost later and those that come "
                      "back included (Expected losses)."},
        {BENCH_MINUTES, "Setup, time, the times of its lines and of its standards, for all units."},
        {BENCH_EACH, "The step's bench minutes over the good units made together."},
        {BENCH_LABOUR, "Minutes / 60 x the rate of the station."},
        {BENCH_MACHINE_EACH, "Machine time, setting up included, over the good units."},
        {BENCH_MACHINE, "Machine time x its rate, and running time x power x the price of energy."},
    };
    static const struct column columns[] = {
        {"step", 32},
        {"kind", 12},
        {"station", 20},
        {"units through", 10},
        {"bench, min", 11},
        {"bench, min a good unit", 13},
        {"share of time", 10},
        {"labour a unit", 12},
        {"machine, min a unit", 12},
        {"machine and energy a unit", 14},
        {NULL, 0},
    };
    const struct workflow *workflow = book->product->workflow;
    lxw_row_t total_row = HEAD_ROW + 1 + (lxw_row_t)workflow->step_count;
    struct bench_figures all = {RATIONAL_ZERO, RATIONAL_ZERO, RATIONAL_ZERO, RATIONAL_ZERO,
                                RATIONAL_ZERO};

    for (int i = 0; i < workflow->step_count; i++) {
        struct bench_figures one = figures_of(shown_run(book), workflow->steps[i]);
        all.bench = rational_add(all.bench, one.bench);
        all.labour = rational_add(all.labour, one.labour);
        all.machine_time = rational_add(all.machine_time, one.machine_time);
        all.machine = rational_add(all.machine, one.machine);
    }
    set_up_sheet(book, book->bench_sheet, "bench time and labor",
                 "How long people and machines are busy in each step, and what that costs.");
    write_shown_line(book, book->bench_sheet);
    put_heads(book, book->bench_sheet, HEAD_ROW, columns);
    put_notes(book->bench_sheet, HEAD_ROW, notes, sizeof notes / sizeof *notes);
    for (int i = 0; i < workflow->step_count; i++)
        write_bench_row(book, workflow->steps[i], HEAD_ROW + 1 + (lxw_row_t)i, total_row,
                        all.bench);
    write_bench_total(book, total_row, all);
    lxw_row_t last = write_stations(book, total_row + 2);
    set_up_page(book, book->bench_sheet, HEAD_ROW, last, BENCH_COLUMN_COUNT - 1);
}

/* ---- Shipping and packaging ---- */

enum shipping_column {
    SHIP_SKU,
    SHIP_QUANTITY,
    SHIP_ORDERS,
    SHIP_PACK_LABOUR,
    SHIP_PACK_ITEMS,
    SHIP_LABOUR,
    SHIP_CARRIER,
    SHIP_SUM,
    SHIP_PER_ORDER,
    SHIP_PER_UNIT,
    SHIP_SHARE,
    SHIP_COLUMN_COUNT
};

static struct rational sum_by_kind(const struct run *run, enum kind kind, enum cost_kind amount)
{
    struct rational sum = RATIONAL_ZERO;

    for (int i = 0; i < run->sheet.step_count; i++)
        if (run->sheet.steps[i].step->base.kind == kind)
            sum = rational_add(sum, run->sheet.steps[i].amounts[amount]);
    return sum;
}

/* The four things that sending costs, each a sum over Step by step. */
static struct rational write_sending(struct book *book, const struct run *run, lxw_row_t row)
{
    static const struct {
        enum shipping_column column;
        enum kind kind;
        enum cost_kind amount;
        enum step_column from;
    } cells[] = {
        {SHIP_PACK_LABOUR, KIND_pack, COST_LABOUR, STEP_LABOUR},
        {SHIP_PACK_ITEMS, KIND_pack, COST_ITEMS, STEP_ITEMS},
        {SHIP_LABOUR, KIND_ship, COST_LABOUR, STEP_LABOUR},
        {SHIP_CARRIER, KIND_ship, COST_SHIPPING, STEP_SHIPPING},
    };
    struct rational sum = RATIONAL_ZERO;

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        struct rational value = sum_by_kind(run, cells[i].kind, cells[i].amount);
        put_formula(book, book->shipping_sheet, row, (lxw_col_t)cells[i].column,
                    arena_printf(book->arena, "=SUMIFS(%s,%s,%d,%s,\"%s\")",
                                 steps_column(book, cells[i].from), steps_column(book, STEP_RUN),
                                 run->number, steps_column(book, STEP_KIND),
                                 kind_rows[cells[i].kind].name),
                    value, LOOK_FIGURE, NUMBER_MONEY);
        sum = rational_add(sum, value);
    }
    return sum;
}

static const char *of_run(struct book *book, const struct run *run, int column)
{
    return cell_ref(book, sheet_prices, run->row, (lxw_col_t)column);
}

static void write_shipping_row(struct book *book, const struct run *run, lxw_row_t row)
{
    lxw_worksheet *sheet = book->shipping_sheet;
    struct rational sum = write_sending(book, run, row);
    const char *price = of_run(book, run, RUN_PRICE);
    const char *each = here(book, row, SHIP_PER_UNIT);

    put_text(book, sheet, row, SHIP_SKU, run->sku_code, LOOK_TEXT);
    put_formula(book, sheet, row, SHIP_QUANTITY,
                arena_printf(book->arena, "=%s", of_run(book, run, RUN_QUANTITY)),
                run->sheet.quantity, LOOK_FIGURE, NUMBER_COUNT);
    put_formula(book, sheet, row, SHIP_ORDERS,
                arena_printf(book->arena, "=%s", of_run(book, run, RUN_ORDERS)), run->sheet.orders,
                LOOK_FIGURE, NUMBER_COUNT);
    put_formula(book, sheet, row, SHIP_SUM,
                arena_printf(book->arena, "=SUM(%s:%s)", here(book, row, SHIP_PACK_LABOUR),
                             here(book, row, SHIP_CARRIER)),
                sum, LOOK_FIGURE, NUMBER_MONEY);
    put_formula(book, sheet, row, SHIP_PER_ORDER,
                arena_printf(book->arena, "=%s/%s", here(book, row, SHIP_SUM),
                             here(book, row, SHIP_ORDERS)),
                over(sum, run->sheet.orders), LOOK_FIGURE, NUMBER_MONEY);
    put_formula(
        book, sheet, row, SHIP_PER_UNIT,
        arena_printf(book->arena, "=%s/%s", here(book, row, SHIP_SUM), of_run(book, run, RUN_MADE)),
        over(sum, run->sheet.made), LOOK_FIGURE, NUMBER_DETAIL);
    const char *share = arena_printf(book->arena, "=IF(%s=\"\",\"\",%s/%s)", price, each, price);
    if (run->sheet.has_price)
        put_formula(book, sheet, row, SHIP_SHARE, share,
                    over(over(sum, run->sheet.made), run->sheet.price), LOOK_FIGURE,
                    NUMBER_PERCENT);
    else
        put_text_formula(book, sheet, row, SHIP_SHARE, share, "", LOOK_FIGURE, NUMBER_PERCENT);
}

void write_shipping(struct book *book)
{
    static const struct note notes[] = {
        {SHIP_ORDERS, "Units made together / order size (price, on Inputs)."},
        {SHIP_PACK_LABOUR, "Labour of the pack steps, for the whole quantity (Step by step)."},
        {SHIP_PACK_ITEMS, "What the pack steps consume (Step by step)."},
        {SHIP_LABOUR, "Labour of the ship steps (Step by step)."},
        {SHIP_CARRIER, "What the ship steps cost (Step by step)."},
    };
    static const struct column columns[] = {
        {"SKU", 24},
        {"quantity", 10},
        {"orders", 9},
        {"packing labour", 14},
        {"packing items", 14},
        {"shipping labour", 14},
        {"carrier", 14},
        {"sum", 14},
        {"an order", 13},
        {"a unit", 11},
        {"share of price", 11},
        {NULL, 0},
    };

    set_up_sheet(book, book->shipping_sheet, "shipping and packaging",
                 "What packing and sending cost, for the whole quantity, an order and a unit.");
    put_heads(book, book->shipping_sheet, HEAD_ROW, columns);
    put_notes(book->shipping_sheet, HEAD_ROW, notes, sizeof notes / sizeof *notes);
    for (int i = 0; i < book->price_run_count; i++)
        write_shipping_row(book, &book->runs[i], HEAD_ROW + 1 + (lxw_row_t)i);
    set_up_page(book, book->shipping_sheet, HEAD_ROW, HEAD_ROW + (lxw_row_t)book->price_run_count,
                SHIP_COLUMN_COUNT - 1);
}
