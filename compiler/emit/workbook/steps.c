/* Step by step: every run, every step of it; what the other sheets add up. */
#include "emit/workbook/workbook.h"

#include "cost/reckon.h"

enum { HEAD_ROW = 3 };

static const struct column columns[] = {
    [STEP_RUN] = {"run", 5},
    [STEP_SKU] = {"SKU", 20},
    [STEP_QUANTITY] = {"quantity", 8},
    [STEP_NUMBER] = {"no", 4},
    [STEP_TITLE] = {"step", 24},
    [STEP_KIND] = {"kind", 10},
    [STEP_STATION] = {"station", 15},
    [STEP_UNITS] = {"units", 9},
    [STEP_BATCHES] = {"batches", 8},
    [STEP_PLATES] = {"plates", 7},
    [STEP_ORDERS] = {"orders", 7},
    [STEP_SAMPLES] = {"samples", 8},
    [STEP_BENCH] = {"bench, min", 9},
    [STEP_RUNNING] = {"running, min", 9},
    [STEP_MACHINE_TIME] = {"machine, min", 9},
    [STEP_LABOUR] = {"labour", 11},
    [STEP_MACHINE] = {"machine", 11},
    [STEP_ENERGY] = {"energy", 11},
    [STEP_MATERIAL] = {"material", 11},
    [STEP_ITEMS] = {"items", 11},
    [STEP_OUTSIDE] = {"outside", 11},
    [STEP_SHIPPING] = {"shipping", 11},
    [STEP_OVERHEAD] = {"overhead", 11},
    [STEP_SUM] = {"sum", 12},
    [STEP_COLUMN_COUNT] = {NULL, 0},
};

static struct rational sum_of(const struct cost_step *cost)
{
    struct rational sum = RATIONAL_ZERO;

    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        sum = rational_add(sum, cost->amounts[kind]);
    return sum;
}

/* Machine time without setting up: what costs energy. */
static struct rational running_seconds(const struct book *book, const struct run *run,
                                       const struct cost_step *cost)
{
    const struct per *setup = cost->step->setup;

    if (!setup || rational_is_zero(cost->machine_s))
        return cost->machine_s;
    struct rational each = value_number(book->spec, &setup->amount, &run->sheet.sku, RATIONAL_ZERO);
    return rational_subtract(
        cost->machine_s,
        rational_multiply(each, basis_count(&run->sheet, cost, &setup->basis, "batch")));
}

static struct rational minutes(struct rational seconds)
{
    return rational_divide(seconds, rational_integer(60));
}

static struct rational value_of(const struct step_row *row, enum step_column column)
{
    const struct cost_step *cost = row->cost;

    switch (column) {
    case STEP_UNITS:
        return cost->n;
    case STEP_BATCHES:
        return cost->batches;
    case STEP_PLATES:
        return cost->plates;
    case STEP_ORDERS:
        return cost->orders;
    case STEP_SAMPLES:
        return cost->samples;
    case STEP_BENCH:
        return minutes(cost->labour_s);
    case STEP_RUNNING:
        return minutes(running_seconds(row->book, row->run, cost));
    case STEP_MACHINE_TIME:
        return minutes(cost->machine_s);
    case STEP_OVERHEAD:
        return cost->amounts[COST_OVERHEAD];
    case STEP_SUM:
        return sum_of(cost);
    default: /* the kinds up to shipping stand in their order */
        return cost->amounts[column - STEP_LABOUR + COST_LABOUR];
    }
}

static enum number number_of_column(enum step_column column)
{
    if (column == STEP_UNITS || column == STEP_SAMPLES)
        return NUMBER_UNITS;
    if (column < STEP_BENCH)
        return NUMBER_COUNT;
    return column < STEP_LABOUR ? NUMBER_MINUTES : NUMBER_DETAIL;
}

void step_formulas(const struct step_row *row, const char *formulas[STEP_COLUMN_COUNT])
{
    for (enum step_column column = STEP_UNITS; column < STEP_COLUMN_COUNT; column++)
        formulas[column] = step_formula(row, column);
}

void write_step_row(const struct step_row *row, lxw_worksheet *sheet,
                    const char *const formulas[STEP_COLUMN_COUNT])
{
    struct book *book = row->book;
    const struct step *step = row->cost->step;
    const struct sku *sku = &row->run->sheet.sku;
    const struct station *station = step->at ? value_station(&step->at->value, sku) : NULL;

    put_number(book, sheet, row->row, STEP_RUN, rational_integer(row->run->number), LOOK_MARK,
               NUMBER_COUNT);
    put_text(book, sheet, row->row, STEP_SKU, row->run->sku_code, LOOK_TEXT);
    put_formula(book, sheet, row->row, STEP_QUANTITY,
                arena_printf(book->arena, "=%s", row->run->quantity_ref), row->run->sheet.quantity,
                LOOK_FIGURE, NUMBER_COUNT);
    put_number(book, sheet, row->row, STEP_NUMBER, rational_integer(step->index + 1), LOOK_MARK,
               NUMBER_COUNT);
    put_text(book, sheet, row->row, STEP_TITLE,
             declaration_title(book->spec, &step->base, sku, book->arena), LOOK_TEXT);
    put_text(book, sheet, row->row, STEP_KIND, kind_rows[step->base.kind].name, LOOK_TEXT);
    if (station)
        put_text(book, sheet, row->row, STEP_STATION,
                 declaration_title(book->spec, &station->base, sku, book->arena), LOOK_TEXT);
    for (enum step_column column = STEP_UNITS; column < STEP_COLUMN_COUNT; column++)
        put_formula(book, sheet, row->row, (lxw_col_t)column, formulas[column],
                    value_of(row, column), column == STEP_SUM ? LOOK_TOTAL : LOOK_FIGURE,
                    number_of_column(column));
}

void write_step_heads(struct book *book, lxw_worksheet *sheet)
{
    put_heads(book, sheet, HEAD_ROW, columns);
    fit_codes(book, sheet, STEP_SKU);
}

void write_steps(struct book *book)
{
    const char *formulas[STEP_COLUMN_COUNT];
    lxw_row_t at = HEAD_ROW + 1;

    set_up_sheet(
        book, book->steps_sheet, "step by step",
        "Every run reckoned: how many units, how long, what it costs. The other sheets add "
        "up what stands here.");
    write_step_heads(book, book->steps_sheet);
    for (int i = 0; i < book->run_count; i++) {
        struct step_row row = {.book = book, .run = &book->runs[i]};
        for (int k = 0; k < book->runs[i].sheet.step_count; k++) {
            row.cost = &book->runs[i].sheet.steps[k];
            row.row = at++;
            step_formulas(&row, formulas);
            write_step_row(&row, book->steps_sheet, formulas);
            if (i == 0) /* once is enough: every run has the same steps */
                put_note(book->steps_sheet, row.row, STEP_TITLE,
                         place_of(book, row.cost->step->base.span));
            if (row.cost->step->plate)
                row.plates_ref = cell_ref(book, NULL, row.row, STEP_PLATES);
        }
    }
    worksheet_autofilter(book->steps_sheet, HEAD_ROW, 0, book->steps_end, STEP_SUM);
    set_up_page(book, book->steps_sheet, HEAD_ROW, book->steps_end, STEP_SUM);
}
