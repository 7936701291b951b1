/* Order scorecard: where the money of the shown run goes, a unit, an order and the whole quantity. */
#include "emit/workbook/workbook.h"

#include <string.h>

enum { HEAD_ROW = 3, FIRST_ROW = 4 };
enum { LINE_COLUMN, UNIT_COLUMN, ORDER_COLUMN, ALL_COLUMN, SHARE_COLUMN, COLUMN_COUNT };
enum {
    PRICE_ROW = FIRST_ROW,
    KINDS_ROW,
    FEES_ROW = KINDS_ROW + COST_KIND_COUNT,
    LEFT_ROW,
    MARGIN_ROW,
    WANTED_ROW,
    COST_ROW,
    FACTS_ROW
};

static const char *here(struct book *book, lxw_row_t row, int column)
{
    return cell_ref(book, NULL, row, (lxw_col_t)column);
}

static struct rational share(struct rational amount, struct rational price)
{
    return rational_is_zero(price) ? RATIONAL_ZERO : rational_divide(amount, price);
}

/* How many units an order has: as a formula and exact. */
static const char *order_units(struct book *book, struct rational *units)
{
    const struct price *price = book->product->price;
    const struct sku *sku = &shown_run(book)->sheet.sku;
    const char *size =
        price ? input_of(book, &price->base, price->order_size, sku, "order size", MEASURE_COUNT)
              : NULL;

    *units = size ? value_number(book->spec, &price->order_size->value, sku, RATIONAL_ONE)
                  : RATIONAL_ONE;
    return size ? size : "1";
}

/* A figure that may be "" where nothing is sold. */
static void put_figure(struct book *book, lxw_row_t row, int column, const char *formula,
                       struct rational value, bool there, enum look look, enum number number)
{
    if (there)
        put_formula(book, book->scorecard_sheet, row, (lxw_col_t)column, formula, value, look,
                    number);
    else
        put_text_formula(book, book->scorecard_sheet, row, (lxw_col_t)column, formula, "", look,
                         number);
}

/* One line: the figure a unit by its formula, the others from it. */
static void write_line(struct book *book, lxw_row_t row, const char *name, const char *formula,
                       struct rational value, bool there, enum look look)
{
    const struct cost_sheet *sheet = &shown_run(book)->sheet;
    struct rational units;
    const char *order = order_units(book, &units);
    const char *each = here(book, row, UNIT_COLUMN);
    const char *price = here(book, PRICE_ROW, UNIT_COLUMN);

    put_text(book, book->scorecard_sheet, row, LINE_COLUMN, name,
             look == LOOK_TOTAL ? LOOK_TOTAL : LOOK_TEXT);
    put_figure(book, row, UNIT_COLUMN, arena_printf(book->arena, "=%s", formula), value, there,
               look, NUMBER_DETAIL);
    put_figure(book, row, ORDER_COLUMN,
               arena_printf(book->arena, "=IF(%s=\"\",\"\",%s*%s)", each, each, order),
               rational_multiply(value, units), there, look, NUMBER_MONEY);
    put_figure(book, row, ALL_COLUMN,
               arena_printf(book->arena, "=IF(%s=\"\",\"\",%s*shown_quantity)", each, each),
               rational_multiply(value, sheet->quantity), there, look, NUMBER_MONEY);
    put_figure(
        book, row, SHARE_COLUMN,
        arena_printf(book->arena, "=IF(OR(%s=\"\",%s=\"\"),\"\",%s/%s)", each, price, each, price),
        share(value, sheet->price), there && sheet->has_price, look, NUMBER_PERCENT);
}

static void name_results(struct book *book)
{
    static const struct {
        const char *name;
        lxw_row_t row;
    } results[] = {{"shown_price", PRICE_ROW},
                   {"shown_fees", FEES_ROW},
                   {"shown_left_over", LEFT_ROW},
                   {"shown_margin", MARGIN_ROW},
                   {"shown_unit_cost", COST_ROW}};

    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        name_cells(book, results[i].name,
                   cell_ref(book, sheet_scorecard, results[i].row, UNIT_COLUMN));
    name_cells(book, "shown_made", cell_ref(book, sheet_scorecard, FACTS_ROW, UNIT_COLUMN));
}

/* Where the lines come from: kinds of cost by how they are reckoned, the rest by the line of the spec. */
static void write_notes(struct book *book)
{
    const struct price *price = book->product->price;
    const char *where = price ? place_of(book, price->base.span) : "no price in the spec";
    lxw_worksheet *sheet = book->scorecard_sheet;

    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        put_note(sheet, (lxw_row_t)(KINDS_ROW + kind), LINE_COLUMN, kind_note(kind));
    put_note(sheet, PRICE_ROW, LINE_COLUMN,
             arena_printf(book->arena,
                          "%s\nThe largest break of `sell` not over the quantity asked.", where));
    put_note(sheet, FEES_ROW, LINE_COLUMN,
             arena_printf(book->arena, "%s\nFees: ratio x price, and so much an order.", where));
    put_note(sheet, MARGIN_ROW, LINE_COLUMN, "(price - unit cost - fees) / price");
    if (price && price->margin)
        put_note(sheet, WANTED_ROW, LINE_COLUMN, place_of(book, price->margin->value.span));
}

static void write_lines(struct book *book)
{
    const struct cost_sheet *sheet = &shown_run(book)->sheet;
    struct rational left =
        rational_subtract(rational_subtract(sheet->price, sheet->unit_cost), sheet->fees);
    const char *price = here(book, PRICE_ROW, UNIT_COLUMN);

    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        write_line(book, (lxw_row_t)(KINDS_ROW + kind), cost_kind_names[kind],
                   of_shown(book, RUN_FIRST_KIND + kind), sheet->per_unit[kind], true, LOOK_FIGURE);
    write_line(book, FEES_ROW, "fees", of_shown(book, RUN_FEES), sheet->fees, sheet->has_price,
               LOOK_FIGURE);
    write_line(book, LEFT_ROW, "left over",
               arena_printf(book->arena, "IF(%s=\"\",\"\",%s-%s-%s)", price, price,
                            here(book, COST_ROW, UNIT_COLUMN), here(book, FEES_ROW, UNIT_COLUMN)),
               left, sheet->has_price, LOOK_TOTAL);
    write_line(book, PRICE_ROW, "price", of_shown(book, RUN_PRICE), sheet->price, sheet->has_price,
               LOOK_TOTAL);
    write_line(book, COST_ROW, "unit cost, without fees", of_shown(book, RUN_UNIT_COST),
               sheet->unit_cost, true, LOOK_FIGURE);
}

static const char *verdict_of(const struct cost_sheet *sheet, struct rational least)
{
    if (!sheet->has_price)
        return "no price";
    return rational_compare(sheet->margin, least) >= 0 ? "earns its margin" : "below its margin";
}

static void write_verdict(struct book *book)
{
    const struct cost_sheet *sheet = &shown_run(book)->sheet;
    const struct price *price = book->product->price;
    lxw_worksheet *page = book->scorecard_sheet;
    const char *wanted = price ? input_of(book, &price->base, price->margin, &sheet->sku,
                                          "margin, at least", MEASURE_RATIO)
                               : NULL;
    struct rational least =
        wanted ? value_number(book->spec, &price->margin->value, &sheet->sku, RATIONAL_ZERO)
               : RATIONAL_ZERO;
    const char *margin = here(book, MARGIN_ROW, UNIT_COLUMN);

    put_text(book, page, MARGIN_ROW, LINE_COLUMN, "margin", LOOK_TOTAL);
    put_figure(book, MARGIN_ROW, UNIT_COLUMN,
               arena_printf(book->arena, "=%s", of_shown(book, RUN_MARGIN)), sheet->margin,
               sheet->has_price, LOOK_TOTAL, NUMBER_PERCENT);
    put_text_formula(book, page, MARGIN_ROW, ORDER_COLUMN,
                     arena_printf(book->arena,
                                  "=IF(%s=\"\",\"no price\",IF(ROUND(%s-%s,9)>=0,\"earns its "
                                  "margin\",\"below its margin\"))",
                                  margin, margin, here(book, WANTED_ROW, UNIT_COLUMN)),
                     verdict_of(sheet, least), LOOK_UNIT, NUMBER_NONE);
    put_text(book, page, WANTED_ROW, LINE_COLUMN, "margin wanted, at least", LOOK_TEXT);
    put_formula(book, page, WANTED_ROW, UNIT_COLUMN,
                arena_printf(book->arena, "=%s", wanted ? wanted : "0"), least, LOOK_FIGURE,
                NUMBER_PERCENT);
}

static lxw_row_t write_run_facts(struct book *book)
{
    const struct cost_sheet *sheet = &shown_run(book)->sheet;
    const struct {
        const char *name;
        int column;
        struct rational value;
    } facts[] = {
        {"made together", RUN_MADE, sheet->made},
        {"orders", RUN_ORDERS, sheet->orders},
        {"batches", RUN_BATCHES, sheet->batches},
    };
    lxw_row_t row = FACTS_ROW;

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++, row++) {
        put_text(book, book->scorecard_sheet, row, LINE_COLUMN, facts[i].name, LOOK_TEXT);
        put_formula(book, book->scorecard_sheet, row, UNIT_COLUMN,
                    arena_printf(book->arena, "=%s", of_shown(book, facts[i].column)),
                    facts[i].value, LOOK_FIGURE, NUMBER_COUNT);
    }
    return row;
}

static void add_picture(struct book *book)
{
    lxw_chart *chart = new_chart(book, LXW_CHART_BAR, "Where the price of one goes");
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    lxw_chart_fill fill = {.color = 0x4a7ba6};

    chart_series_set_categories(series, sheet_scorecard, KINDS_ROW, LINE_COLUMN, LEFT_ROW,
                                LINE_COLUMN);
    chart_series_set_values(series, sheet_scorecard, KINDS_ROW, UNIT_COLUMN, LEFT_ROW, UNIT_COLUMN);
    chart_series_set_fill(series, &fill);
    chart_series_set_labels(series);
    chart_series_set_labels_num_format(series, "0.00;-0.00;");
    lxw_chart_font tiny = {.size = 9};
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_HIGH);
    chart_series_set_labels_font(series, &tiny);
    chart_set_series_gap(chart, 40);
    chart_axis_set_reverse(chart->y_axis);
    chart_axis_set_name(chart->x_axis, shop_currency(book->spec));
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    lxw_chart_options options = {.x_scale = 1.15, .y_scale = 1.3};
    worksheet_insert_chart_opt(book->scorecard_sheet, HEAD_ROW, COLUMN_COUNT + 1, chart, &options);
}

void write_scorecard(struct book *book)
{
    const struct column columns[] = {
        {"where it goes", 26},
        {arena_printf(book->arena, "a unit, %s", shop_currency(book->spec)), 14},
        {"an order", 16},
        {"the quantity", 16},
        {"of the price", 18},
        {NULL, 0},
    };
    enum { PICTURE_COLUMNS = 9 };

    set_up_sheet(book, book->scorecard_sheet, "order scorecard",
                 "What comes in, what goes out and what is left, for one unit, one order and the "
                 "whole quantity.");
    write_shown_line(book, book->scorecard_sheet);
    put_heads(book, book->scorecard_sheet, HEAD_ROW, columns);
    write_lines(book);
    write_verdict(book);
    lxw_row_t last = write_price_charts(book, write_run_facts(book) + 1);
    write_notes(book);
    name_results(book);
    add_picture(book);
    set_up_page(book, book->scorecard_sheet, HEAD_ROW, last, COLUMN_COUNT + PICTURE_COLUMNS);
    worksheet_fit_to_pages(book->scorecard_sheet, 1, 1);
}
