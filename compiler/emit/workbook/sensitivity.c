/* Sensitivity: what each input does to cost and margin, what does most first. The order is a formula too: when an owner
   changes a rate, the lines change places. */
#include "emit/workbook/workbook.h"

enum { CHANGE_ROW = 3, HEAD_ROW = 5, FIRST_ROW = 6, CHART_LINES = 12 };
enum {
    PLACE_COLUMN,
    INPUT_COLUMN,
    NOW_COLUMN,
    UNIT_COLUMN,
    COST_LOWER,
    COST_HIGHER,
    MARGIN_LOWER,
    MARGIN_HIGHER,
    LEFT_LOWER,
    LEFT_HIGHER,
    LAST_COLUMN = LEFT_HIGHER,
    /* beside what is printed: of the inputs in the order of What if */
    EFFECT_COLUMN = LAST_COLUMN + 2,
    RANK_COLUMN,
    LINE_COLUMN
};

struct sheet_in_work {
    struct book *book;
    const struct trials *trials;
    lxw_worksheet *sheet;
};

static lxw_row_t row_of(int line)
{
    return FIRST_ROW + (lxw_row_t)line;
}

/* A cell of What if. */
static const char *of_trial(struct book *book, int pair, bool higher, int column)
{
    return cell_ref(book, sheet_trials, trial_row(pair, higher), (lxw_col_t)column);
}

/* "INDEX(...)": a column of What if, at the input of this line. */
static const char *at_line(const struct sheet_in_work *work, int line, bool higher, int column)
{
    struct book *book = work->book;

    return arena_printf(book->arena, "INDEX(%s,2*%s-%d)",
                        range_ref(book, sheet_trials, trial_row(0, false), (lxw_col_t)column,
                                  trial_row(work->trials->count - 1, true), (lxw_col_t)column),
                        cell_ref(book, NULL, row_of(line), LINE_COLUMN), higher ? 0 : 1);
}

/* ---- the order ---- */

/* The effect of each input in the order of What if, and its place: how many do more, and of those before it as much. */
static void write_order(const struct sheet_in_work *work, int line)
{
    struct book *book = work->book;
    lxw_row_t row = row_of(line), last = row_of(work->trials->count - 1);
    const char *base = cell_ref(book, sheet_trials, TRIAL_BASE_ROW, TRIAL_LEFT);
    const char *mine = cell_ref(book, NULL, row, EFFECT_COLUMN);
    const char *all = range_ref(book, NULL, FIRST_ROW, EFFECT_COLUMN, last, EFFECT_COLUMN);
    const char *ranks = range_ref(book, NULL, FIRST_ROW, RANK_COLUMN, last, RANK_COLUMN);
    const char *upto = range_ref(book, NULL, FIRST_ROW, EFFECT_COLUMN, row, EFFECT_COLUMN);
    struct rational place = rational_integer(line + 1);

    put_formula(book, work->sheet, row, EFFECT_COLUMN,
                arena_printf(book->arena, "=MAX(ABS(%s-%s),ABS(%s-%s))",
                             of_trial(book, line, false, TRIAL_LEFT), base,
                             of_trial(book, line, true, TRIAL_LEFT), base),
                work->trials->pairs[line].effect, LOOK_FIGURE, NUMBER_DETAIL);
    put_formula(book, work->sheet, row, RANK_COLUMN,
                arena_printf(book->arena,
                             "=SUMPRODUCT((ROUND(%s,6)>ROUND(%s,6))*1)"
                             "+SUMPRODUCT((ROUND(%s,6)=ROUND(%s,6))*1)",
                             all, mine, upto, mine),
                place, LOOK_FIGURE, NUMBER_COUNT);
    put_formula(book, work->sheet, row, LINE_COLUMN,
                arena_printf(book->arena, "=MATCH(%s,%s,0)",
                             cell_ref(book, NULL, row, PLACE_COLUMN), ranks),
                place, LOOK_FIGURE, NUMBER_COUNT);
}

/* ---- the lines ---- */

static void put_money_and_margin(const struct sheet_in_work *work, int line, bool higher)
{
    struct book *book = work->book;
    const struct trial_pair *pair = &work->trials->pairs[line];
    const struct trial *trial = higher ? &pair->higher : &pair->lower;
    lxw_row_t row = row_of(line);
    lxw_col_t more = higher ? 1 : 0;
    const char *margin = arena_printf(book->arena, "=%s", at_line(work, line, higher, RUN_MARGIN));

    put_formula(book, work->sheet, row, (lxw_col_t)(COST_LOWER + more),
                arena_printf(book->arena, "=%s", at_line(work, line, higher, RUN_UNIT_COST)),
                trial->run.sheet.unit_cost, LOOK_FIGURE, NUMBER_MONEY);
    if (trial->run.sheet.has_price)
        put_formula(book, work->sheet, row, (lxw_col_t)(MARGIN_LOWER + more), margin,
                    trial->run.sheet.margin, LOOK_FIGURE, NUMBER_PERCENT);
    else
        put_text_formula(book, work->sheet, row, (lxw_col_t)(MARGIN_LOWER + more), margin, "",
                         LOOK_FIGURE, NUMBER_PERCENT);
    put_formula(book, work->sheet, row, (lxw_col_t)(LEFT_LOWER + more),
                arena_printf(book->arena, "=%s-%s", at_line(work, line, higher, TRIAL_LEFT),
                             cell_ref(book, sheet_trials, TRIAL_BASE_ROW, TRIAL_LEFT)),
                rational_subtract(trial->left, work->trials->base.left), LOOK_FIGURE,
                NUMBER_DETAIL);
}

static void write_line(const struct sheet_in_work *work, int line)
{
    struct book *book = work->book;
    const struct trial_pair *pair = &work->trials->pairs[line];
    lxw_row_t row = row_of(line);
    const char *unit = pair->input->measure == MEASURE_RATIO ? "%" : pair->input->unit;

    put_number(book, work->sheet, row, PLACE_COLUMN, rational_integer(line + 1), LOOK_MARK,
               NUMBER_COUNT);
    put_text_formula(book, work->sheet, row, INPUT_COLUMN,
                     arena_printf(book->arena, "=%s", at_line(work, line, false, TRIAL_INPUT)),
                     pair->title, LOOK_TEXT, NUMBER_NONE);
    put_formula(book, work->sheet, row, NOW_COLUMN,
                arena_printf(book->arena, "=%s", at_line(work, line, false, TRIAL_NOW)), pair->now,
                LOOK_FIGURE, NUMBER_INPUT);
    put_text_formula(book, work->sheet, row, UNIT_COLUMN,
                     arena_printf(book->arena, "=%s&\"\"", at_line(work, line, false, TRIAL_UNIT)),
                     unit, LOOK_UNIT, NUMBER_NONE);
    put_money_and_margin(work, line, false);
    put_money_and_margin(work, line, true);
}

/* ---- what stands above and beside ---- */

static const char *note_of(struct book *book, const struct trials *trials)
{
    if (trials->count == 0)
        return "Too many steps to try every input here; `flowc cost` reckons a changed spec.";
    if (trials->count < trials->of_inputs)
        return arena_printf(book->arena,
                            "What one unit costs and earns with one input lower and higher: the %d "
                            "that do most, of %d.",
                            trials->count, trials->of_inputs);
    return "What one unit costs and earns with one input lower and higher; what does most comes "
           "first.";
}

static void write_top(struct book *book, lxw_worksheet *sheet)
{
    static const struct note notes[] = {
        {INPUT_COLUMN, "Of the first SKU, at the quantity chosen on Inputs. All else stays as it "
                       "stands there. Reckoned on the hidden sheets What if and What if steps."},
        {NOW_COLUMN, "From Inputs."},
        {LEFT_LOWER, "By how much what is left of one (price - unit cost - fees) changes; without "
                     "a price, what it costs."},
    };
    const char *code = book->sku_codes[0];

    put_text_formula(book, sheet, 2, 0,
                     arena_printf(book->arena, "=\"SKU \"&%s&\", \"&shown_quantity&\" asked\"",
                                  cell_ref(book, sheet_inputs, LISTS_ROW, SKUS_COLUMN)),
                     arena_printf(book->arena, "SKU %s, %s asked", code,
                                  constant_text(book, book->quantities[0])),
                     LOOK_SHOWN, NUMBER_NONE);
    put_text(book, sheet, CHANGE_ROW, 0, "Each input lower and higher by", LOOK_TEXT);
    put_number(book, sheet, CHANGE_ROW, NOW_COLUMN, rational_fraction(1, 10), LOOK_INPUT,
               NUMBER_INPUT_PERCENT);
    put_text(book, sheet, CHANGE_ROW, UNIT_COLUMN, "a count by one at least", LOOK_UNIT);
    name_cells(book, "sensitivity_change",
               cell_ref(book, sheet_sensitivity, CHANGE_ROW, NOW_COLUMN));
    put_notes(sheet, HEAD_ROW, notes, sizeof notes / sizeof *notes);
}

static void write_all_heads(struct book *book, lxw_worksheet *sheet)
{
    static const struct column columns[] = {
        {"no", 5},
        {"input", 46},
        {"now", 11},
        {"unit", 9},
        {"unit cost, lower", 13},
        {"unit cost, higher", 13},
        {"margin, lower", 9},
        {"margin, higher", 9},
        {"left of one changes, lower", 13},
        {"left of one changes, higher", 13},
        {NULL, 0},
    };
    static const char *const helpers[] = {"effect, as in What if", "place", "line of What if"};

    put_heads(book, sheet, HEAD_ROW, columns);
    for (int i = 0; i < 3; i++)
        put_text(book, sheet, HEAD_ROW, (lxw_col_t)(EFFECT_COLUMN + i), helpers[i], LOOK_HEAD);
    worksheet_set_column(sheet, LAST_COLUMN + 1, LAST_COLUMN + 1, 3, NULL);
    worksheet_set_column(sheet, EFFECT_COLUMN, LINE_COLUMN, 11, NULL);
}

/* Bars to both sides: what is lost and won on one unit. */
static lxw_row_t add_chart(const struct sheet_in_work *work, lxw_row_t row)
{
    enum { CHART_ROWS = 26 };
    static const struct {
        const char *name;
        lxw_col_t column;
        lxw_color_t color;
    } bars[] = {{"lower", LEFT_LOWER, 0x9dc3e6}, {"higher", LEFT_HIGHER, 0x1f3b57}};
    struct book *book = work->book;
    int count = work->trials->count < CHART_LINES ? work->trials->count : CHART_LINES;
    lxw_chart *chart = new_chart(book, LXW_CHART_BAR,
                                 "What is left of one more or less, with the input lower, higher");
    lxw_chart_font small = {.size = 8};
    lxw_chart_options options = {.x_scale = 1.9, .y_scale = 1.6};

    for (int i = 0; i < 2; i++) {
        lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
        lxw_chart_fill fill = {.color = bars[i].color};
        chart_series_set_categories(series, sheet_sensitivity, FIRST_ROW, INPUT_COLUMN,
                                    row_of(count - 1), INPUT_COLUMN);
        chart_series_set_values(series, sheet_sensitivity, FIRST_ROW, bars[i].column,
                                row_of(count - 1), bars[i].column);
        chart_series_set_name(series, bars[i].name);
        chart_series_set_fill(series, &fill);
    }
    chart_set_series_overlap(chart, 100);
    chart_set_series_gap(chart, 40);
    chart_axis_set_reverse(chart->y_axis);
    chart_axis_set_num_font(chart->y_axis, &small);
    chart_axis_set_label_position(chart->y_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_HIGH);
    chart_axis_set_name(chart->x_axis, shop_currency(book->spec));
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    worksheet_insert_chart_opt(work->sheet, row, INPUT_COLUMN, chart, &options);
    return row + CHART_ROWS;
}

/* A chart torn over two pages is no chart. A break holds only at a fixed scale, at which the columns fit both papers. */
static void break_before_chart(lxw_worksheet *sheet, lxw_row_t row)
{
    enum { SCALE = 70 };
    lxw_row_t breaks[] = {row, 0};

    worksheet_set_print_scale(sheet, SCALE);
    worksheet_set_h_pagebreaks(sheet, breaks);
}

void write_sensitivity(struct book *book)
{
    struct trials trials;
    struct sheet_in_work work = {book, &trials, book->sensitivity_sheet};
    lxw_row_t last = HEAD_ROW;

    write_trials(book, &trials);
    set_up_sheet(book, work.sheet, "sensitivity", note_of(book, &trials));
    write_top(book, work.sheet);
    write_all_heads(book, work.sheet);
    for (int line = 0; line < trials.count; line++) {
        write_order(&work, line);
        write_line(&work, line);
    }
    if (trials.count > 0)
        last = add_chart(&work, row_of(trials.count) + 1);
    set_up_page(book, work.sheet, HEAD_ROW, last, LAST_COLUMN);
    if (trials.count > 0)
        break_before_chart(work.sheet, row_of(trials.count));
}
