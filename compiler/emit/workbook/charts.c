/* The charts of Order scorecard over the quantity, and what all charts have in common. They stand where one page holds
   them whole, whatever the number of price breaks. */
#include "emit/workbook/workbook.h"

/* The last is a row of zeros: with it, bars begin at zero, and still go below when a margin does. */
enum line { LINE_QUANTITY, LINE_COST, LINE_PRICE, LINE_MARGIN, LINE_ZERO, LINE_COUNT };
/* What the charts show stands beside what is printed. */
enum { FIGURES_ROW = 3, FIGURES_COLUMN = 17, RIGHT_CHART_COLUMN = 5 };

static const struct {
    const char *head;
    int column; /* on Price breaks */
    enum number number;
    lxw_color_t color;
} lines[LINE_COUNT] = {
    [LINE_QUANTITY] = {"quantity", RUN_QUANTITY, NUMBER_COUNT, 0},
    [LINE_COST] = {"unit cost", RUN_UNIT_COST, NUMBER_MONEY, 0xc0504d},
    [LINE_PRICE] = {"price", RUN_PRICE, NUMBER_MONEY, 0x1f3b57},
    [LINE_MARGIN] = {"margin", RUN_MARGIN, NUMBER_PERCENT, 0x4a7ba6},
    [LINE_ZERO] = {"zero", 0, NUMBER_COUNT, 0},
};

lxw_chart *new_chart(struct book *book, uint8_t type, const char *title)
{
    lxw_chart *chart = workbook_add_chart(book->file, type);
    lxw_chart_font font = {.size = 11, .bold = LXW_TRUE};
    lxw_chart_line faint = {.color = 0xd0d0d0, .width = 0.5};

    chart_title_set_name(chart, title);
    chart_title_set_name_font(chart, &font);
    chart_axis_major_gridlines_set_line(type == LXW_CHART_BAR ? chart->x_axis : chart->y_axis,
                                        &faint);
    return chart;
}

static struct rational value_of(const struct cost_sheet *cost, enum line line)
{
    const struct rational values[LINE_COUNT] = {[LINE_QUANTITY] = cost->quantity,
                                                [LINE_COST] = cost->unit_cost,
                                                [LINE_PRICE] = cost->price,
                                                [LINE_MARGIN] = cost->margin};

    return values[line];
}

/* One figure of the chosen SKU, looked up among the price breaks. */
static void write_cell(struct book *book, lxw_row_t row, enum line line, int number)
{
    const struct cost_sheet *cost = &book->runs[number].sheet;
    lxw_col_t column = (lxw_col_t)(FIGURES_COLUMN + line);
    lxw_row_t end = RUNS_HEAD_ROW + (lxw_row_t)book->price_run_count;
    const char *figure =
        arena_printf(book->arena, "INDEX(%s,(shown_sku_number-1)*%d+%d)",
                     range_ref(book, sheet_prices, RUNS_HEAD_ROW + 1, (lxw_col_t)lines[line].column,
                               end, (lxw_col_t)lines[line].column),
                     book->quantity_count, number + 1);
    const char *formula = arena_printf(book->arena, "=%s", figure);

    /* what is not sold is a gap in a line, which only #N/A makes: a text would be a zero */
    if (line == LINE_PRICE || line == LINE_MARGIN)
        formula = arena_printf(book->arena, "=IF(%s=\"\",NA(),%s)", figure, figure);
    if (line == LINE_ZERO)
        put_number(book, book->scorecard_sheet, row, column, RATIONAL_ZERO, LOOK_FIGURE,
                   lines[line].number);
    else if ((line == LINE_PRICE || line == LINE_MARGIN) && !cost->has_price)
        put_text_formula(book, book->scorecard_sheet, row, column, formula, "#N/A", LOOK_NOTE,
                         lines[line].number);
    else
        put_formula(book, book->scorecard_sheet, row, column, formula, value_of(cost, line),
                    LOOK_FIGURE, lines[line].number);
}

static lxw_chart_series *add_line(const struct book *book, lxw_chart *chart, enum line line)
{
    enum { FIRST_ROW = FIGURES_ROW + 1 };
    lxw_row_t last = FIGURES_ROW + (lxw_row_t)book->quantity_count;
    lxw_col_t column = (lxw_col_t)(FIGURES_COLUMN + line);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);

    chart_series_set_categories(series, sheet_scorecard, FIRST_ROW, FIGURES_COLUMN, last,
                                FIGURES_COLUMN);
    chart_series_set_values(series, sheet_scorecard, FIRST_ROW, column, last, column);
    chart_series_set_name(series, lines[line].head);
    return series;
}

/* Told apart without color: round and square marks, a dashed line. */
static void insert_cost_chart(struct book *book, lxw_row_t row)
{
    lxw_chart *chart = new_chart(book, LXW_CHART_LINE, "Cost and price of one, over the quantity");
    lxw_chart_options options = {.x_scale = 1.3, .y_scale = 1.2};

    for (enum line line = LINE_COST; line <= LINE_PRICE; line++) {
        lxw_chart_series *series = add_line(book, chart, line);
        lxw_chart_line stroke = {.color = lines[line].color, .width = 2.25};
        stroke.dash_type = line == LINE_COST ? LXW_CHART_LINE_DASH_SOLID : LXW_CHART_LINE_DASH_DASH;
        chart_series_set_line(series, &stroke);
        chart_series_set_marker_type(series, line == LINE_COST ? LXW_CHART_MARKER_CIRCLE
                                                               : LXW_CHART_MARKER_SQUARE);
    }
    chart_axis_set_name(chart->x_axis, "quantity");
    chart_axis_set_name(chart->y_axis, shop_currency(book->spec));
    chart_axis_set_min(chart->y_axis, 0);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    worksheet_insert_chart_opt(book->scorecard_sheet, row, 0, chart, &options);
}

static void insert_margin_chart(struct book *book, lxw_row_t row)
{
    lxw_chart *chart = new_chart(book, LXW_CHART_COLUMN, "Margin, by quantity");
    lxw_chart_series *series = add_line(book, chart, LINE_MARGIN);
    lxw_chart_fill fill = {.color = lines[LINE_MARGIN].color};
    lxw_chart_font small = {.size = 9};
    lxw_chart_options options = {.x_scale = 1.25, .y_scale = 1.2};

    chart_series_set_fill(series, &fill);
    lxw_chart_fill none = {0};
    none.none = LXW_TRUE;

    chart_series_set_fill(add_line(book, chart, LINE_ZERO), &none);
    chart_set_series_overlap(chart, 100);
    chart_series_set_labels(series);
    chart_series_set_labels_num_format(series, "0.0%");
    chart_series_set_labels_font(series, &small);
    chart_set_series_gap(chart, 60);
    chart_axis_set_name(chart->x_axis, "quantity");
    chart_axis_set_num_format(chart->y_axis, "0%");
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    worksheet_insert_chart_opt(book->scorecard_sheet, row, RIGHT_CHART_COLUMN, chart, &options);
}

lxw_row_t write_price_charts(struct book *book, lxw_row_t row)
{
    enum { CHART_ROWS = 17 };
    lxw_worksheet *sheet = book->scorecard_sheet;

    put_text_formula(book, sheet, FIGURES_ROW - 1, FIGURES_COLUMN,
                     "=\"Over the quantity: \"&shown_sku",
                     arena_printf(book->arena, "Over the quantity: %s", book->sku_codes[0]),
                     LOOK_SHOWN, NUMBER_NONE);
    for (enum line line = LINE_QUANTITY; line < LINE_COUNT; line++) {
        put_text(book, sheet, FIGURES_ROW, (lxw_col_t)(FIGURES_COLUMN + line), lines[line].head,
                 LOOK_HEAD);
        for (int i = 0; i < book->quantity_count; i++)
            write_cell(book, FIGURES_ROW + 1 + (lxw_row_t)i, line, i);
    }
    worksheet_set_column(sheet, FIGURES_COLUMN, FIGURES_COLUMN + LINE_COUNT - 1, 13, NULL);
    insert_cost_chart(book, row);
    if (book->product->price)
        insert_margin_chart(book, row);
    return row + CHART_ROWS;
}
