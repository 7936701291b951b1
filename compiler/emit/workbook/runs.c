/* Price breaks and Batch size: one row a run, all figures a unit; and the pictures of them. */
#include "emit/workbook/workbook.h"

#include "cost/reckon.h"

#include <string.h>

#define ROUND_UP "ROUNDUP(ROUND(%s,9),0)"

enum { BREAKS_NESTED_AT_MOST = 50 };

/* ---- price ---- */

static const char *break_what(struct book *book, const char *what, const struct sell *sell,
                              const struct sell_break *one)
{
    struct buffer text = {0};

    buffer_addf(&text, "%s ", what);
    value_print(&text, book->spec, &one->quantity, NULL);
    for (const struct sell_case *named = sell->cases; named; named = named->next) {
        buffer_add_text(&text, named == sell->cases ? ", for " : ", ");
        value_print(&text, book->spec, &named->value, NULL);
    }
    const char *copy = arena_copy_text(book->arena, text.text, text.length);
    buffer_free(&text);
    return copy;
}

/* The line that a break stands in. */
static const struct sell *line_of(const struct price *price, const struct sell_break *wanted)
{
    for (const struct sell *sell = price->sell; sell; sell = sell->next)
        for (const struct sell_break *one = sell->breaks; one; one = one->next)
            if (one == wanted)
                return sell;
    return NULL;
}

static const char *break_price(struct book *book, const struct sku *sku,
                               const struct sell_break *one)
{
    const struct price *price = book->product->price;

    return input_for(book, &price->base, &one->price, sku,
                     break_what(book, "price from", line_of(price, one), one), MEASURE_MONEY);
}

static const char *break_quantity(struct book *book, const struct sku *sku,
                                  const struct sell_break *one)
{
    const struct price *price = book->product->price;

    return input_for(book, &price->base, &one->quantity, sku,
                     break_what(book, "break at", line_of(price, one), one), MEASURE_CONTENT);
}

/* IF(quantity>=largest break, its price, IF(...)), "" below the first. */
static const char *price_formula(struct book *book, const struct run *run, const char *quantity)
{
    const struct sku *sku = &run->sheet.sku;
    const struct sell_break *before = NULL;
    const char *text = "\"\"";
    struct rational *quantities;
    int depth = 0;

    if (!book->product->price)
        return "=\"\"";
    int count = cost_quantities(book->spec, book->product, &quantities, book->arena);
    for (int i = 0; i < count; i++) {
        const struct sell_break *one = cost_break(book->spec, sku, quantities[i]);
        if (!one || one == before)
            continue;
        text = arena_printf(book->arena, "IF(%s>=%s,%s,%s)", quantity,
                            break_quantity(book, sku, one), break_price(book, sku, one), text);
        before = one;
        depth++;
    }
    if (depth > BREAKS_NESTED_AT_MOST) /* a spreadsheet nests no deeper */
        text = run->sheet.price_break ? break_price(book, sku, run->sheet.price_break) : "\"\"";
    return arena_printf(book->arena, "=%s", text);
}

static const char *fees_formula(struct book *book, const struct run *run, const char *price,
                                const char *orders, const char *made)
{
    const struct price *terms = book->product->price;
    struct buffer sum = {0};

    for (const struct fee *fee = terms ? terms->fee : NULL; fee; fee = fee->next) {
        const char *name = value_string(book->spec, &fee->name, NULL, book->arena);
        const char *ratio = input_for(book, &terms->base, &fee->ratio, &run->sheet.sku,
                                      arena_printf(book->arena, "fee, %s", name), MEASURE_RATIO);
        const char *fixed =
            input_for(book, &terms->base, &fee->fixed, &run->sheet.sku,
                      arena_printf(book->arena, "fee, %s, an order", name), MEASURE_MONEY);
        if (ratio)
            buffer_addf(&sum, "+%s*%s", ratio, price);
        if (fixed)
            buffer_addf(&sum, "+%s*%s/%s", fixed, orders, made);
    }
    const char *text = arena_printf(book->arena, "=IF(%s=\"\",\"\",0%s)", price, buffer_text(&sum));
    buffer_free(&sum);
    return text;
}

/* ---- one row ---- */

static const char *at(const struct run_row *writer, int column)
{
    return range_ref(writer->book, NULL, writer->run->row, (lxw_col_t)column, writer->run->row,
                     (lxw_col_t)column);
}

static void put(const struct run_row *writer, int column, const char *formula,
                struct rational value, enum look look, enum number number)
{
    put_formula(writer->book, writer->sheet, writer->run->row, (lxw_col_t)column, formula, value,
                look, number);
}

static const char *price_input(struct book *book, const struct simple *row, const struct sku *sku,
                               const char *what, enum measure measure)
{
    return row ? input_of(book, &book->product->price->base, row, sku, what, measure) : NULL;
}

static const char *batches_formula(const struct run_row *writer)
{
    struct book *book = writer->book;
    const struct cost_sheet *sheet = &writer->run->sheet;

    for (int i = 0; i < sheet->step_count; i++) {
        const struct step *step = sheet->steps[i].step;
        if (step->base.kind != KIND_batch)
            continue;
        const char *size = step->size ? input_for(book, &step->base, &step->size->to, &sheet->sku,
                                                  "largest batch", MEASURE_COUNT)
                                      : NULL;
        if (size)
            return arena_printf(book->arena, "=" ROUND_UP,
                                arena_printf(book->arena, "%s/%s", at(writer, RUN_MADE), size));
        break;
    }
    return "=1";
}

void write_run_counts(const struct run_row *writer)
{
    struct book *book = writer->book;
    const struct cost_sheet *sheet = &writer->run->sheet;
    const struct price *price = book->product->price;
    const char *least =
        price && !writer->run->by_batch_size
            ? price_input(book, price->run, &sheet->sku, "run, at least", MEASURE_COUNT)
            : NULL;
    const char *order =
        price ? price_input(book, price->order_size, &sheet->sku, "order size", MEASURE_COUNT)
              : NULL;
    const char *made = at(writer, RUN_MADE);

    put_text(book, writer->sheet, writer->run->row, RUN_SKU, writer->run->sku_code, LOOK_TEXT);
    put(writer, RUN_QUANTITY, arena_printf(book->arena, "=%s", writer->run->quantity_ref),
        sheet->quantity, LOOK_FIGURE, NUMBER_COUNT);
    put(writer, RUN_MADE,
        least ? arena_printf(book->arena, "=MAX(%s,%s)", at(writer, RUN_QUANTITY), least)
              : arena_printf(book->arena, "=%s", at(writer, RUN_QUANTITY)),
        sheet->made, LOOK_FIGURE, NUMBER_COUNT);
    put(writer, RUN_ORDERS,
        order ? arena_printf(book->arena, "=" ROUND_UP,
                             arena_printf(book->arena, "%s/%s", made, order))
              : arena_printf(book->arena, "=%s", made),
        sheet->orders, LOOK_FIGURE, NUMBER_COUNT);
    put(writer, RUN_BATCHES, batches_formula(writer), sheet->batches, LOOK_FIGURE, NUMBER_COUNT);
}

static const char *once_a_unit(const struct run_row *writer)
{
    struct book *book = writer->book;
    const struct price *price = book->product->price;
    const char *once = once_formula(book, &writer->run->sheet.sku);
    const char *over = price ? price_input(book, price->amortize, &writer->run->sheet.sku,
                                           "amortize over", MEASURE_COUNT)
                             : NULL;

    return *once ? arena_printf(book->arena, "=%s/%s", once, over ? over : at(writer, RUN_MADE))
                 : "=0";
}

/* "SUM(...)" of a column of Step by step, over the run's steps. */
static const char *sum_of_steps(const struct run_row *writer, int column)
{
    const struct run *run = writer->run;
    struct buffer sum = {0};

    for (int i = 0; i < run->span_count; i++)
        buffer_addf(&sum, "%s%s", i ? "," : "SUM(",
                    range_ref(writer->book, run->steps_sheet, run->spans[i].first,
                              (lxw_col_t)column, run->spans[i].last, (lxw_col_t)column));
    buffer_add_char(&sum, ')');
    const char *text = arena_copy_text(writer->book->arena, sum.text, sum.length);
    buffer_free(&sum);
    return text;
}

static void write_kinds(const struct run_row *writer)
{
    struct book *book = writer->book;
    const struct run *run = writer->run;
    /* the columns of Step by step have the kinds in this order, without what is paid once */
    int column = STEP_LABOUR;

    for (int kind = 0; kind < COST_KIND_COUNT; kind++) {
        const char *formula =
            kind == COST_ONCE ? once_a_unit(writer)
                              : arena_printf(book->arena, "=%s/%s", sum_of_steps(writer, column++),
                                             at(writer, RUN_MADE));
        put(writer, RUN_FIRST_KIND + kind, formula, run->sheet.per_unit[kind], LOOK_FIGURE,
            NUMBER_DETAIL);
    }
    put(writer, RUN_UNIT_COST,
        arena_printf(book->arena, "=SUM(%s:%s)", at(writer, RUN_FIRST_KIND),
                     at(writer, RUN_UNIT_COST - 1)),
        run->sheet.unit_cost, LOOK_FIGURE, NUMBER_MONEY);
}

static void write_prices(const struct run_row *writer)
{
    struct book *book = writer->book;
    const struct run *run = writer->run;
    const char *price = at(writer, RUN_PRICE);
    const struct {
        int column;
        const char *formula;
        struct rational value;
        enum number number;
    } cells[] = {
        {RUN_PRICE, price_formula(book, run, at(writer, RUN_QUANTITY)), run->sheet.price,
         NUMBER_MONEY},
        {RUN_FEES, fees_formula(book, run, price, at(writer, RUN_ORDERS), at(writer, RUN_MADE)),
         run->sheet.fees, NUMBER_DETAIL},
        {RUN_MARGIN,
         arena_printf(book->arena, "=IF(%s=\"\",\"\",(%s-%s-%s)/%s)", price, price,
                      at(writer, RUN_UNIT_COST), at(writer, RUN_FEES), price),
         run->sheet.margin, NUMBER_PERCENT},
    };

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (run->sheet.has_price)
            put(writer, cells[i].column, cells[i].formula, cells[i].value, LOOK_FIGURE,
                cells[i].number);
        else
            put_text_formula(book, writer->sheet, run->row, (lxw_col_t)cells[i].column,
                             cells[i].formula, "", LOOK_FIGURE, cells[i].number);
}

void write_run_figures(const struct run_row *row)
{
    write_kinds(row);
    write_prices(row);
}

static void write_last(const struct run_row *writer, const struct run *one_by_one)
{
    struct book *book = writer->book;
    const struct cost_sheet *sheet = &writer->run->sheet;

    if (!writer->run->by_batch_size) {
        put(writer, RUN_LAST,
            arena_printf(book->arena, "=%s*%s", at(writer, RUN_UNIT_COST),
                         at(writer, RUN_QUANTITY)),
            sheet->total, LOOK_FIGURE, NUMBER_MONEY);
        return;
    }
    struct rational change = RATIONAL_ZERO;
    if (!rational_is_zero(one_by_one->sheet.unit_cost))
        change = rational_subtract(rational_divide(sheet->unit_cost, one_by_one->sheet.unit_cost),
                                   RATIONAL_ONE);
    const char *base =
        range_ref(book, NULL, one_by_one->row, RUN_UNIT_COST, one_by_one->row, RUN_UNIT_COST);
    put(writer, RUN_LAST,
        arena_printf(book->arena, "=IF(%s=0,0,%s/%s-1)", base, at(writer, RUN_UNIT_COST), base),
        change, LOOK_FIGURE, NUMBER_PERCENT);
}

/* ---- the sheets ---- */

static void mark_thin_margins(struct book *book, lxw_worksheet *sheet, lxw_row_t last)
{
    const struct price *price = book->product->price;
    const char *least =
        price ? price_input(book, price->margin, NULL, "margin, at least", MEASURE_RATIO) : NULL;
    lxw_format *thin = workbook_add_format(book->file);
    const char *margin =
        range_ref(book, NULL, RUNS_HEAD_ROW + 1, RUN_MARGIN, RUNS_HEAD_ROW + 1, RUN_MARGIN);
    struct buffer formula = {0};

    /* relative to the first row: $R5, not $R$5 */
    buffer_addf(&formula, "=AND(ISNUMBER(%.2s%s),%.2s%s<%s)", margin, strrchr(margin, '$') + 1,
                margin, strrchr(margin, '$') + 1, least ? least : "0");
    format_set_font_color(thin, 0x9c0006);
    format_set_bg_color(thin, 0xffc7ce);
    lxw_conditional_format condition = {
        .type = LXW_CONDITIONAL_TYPE_FORMULA,
        .value_string = formula.text,
        .format = thin,
    };
    worksheet_conditional_format_range(sheet, RUNS_HEAD_ROW + 1, RUN_MARGIN, last, RUN_MARGIN,
                                       &condition);
    buffer_free(&formula);
}

static void write_head_notes(struct book *book, lxw_worksheet *sheet)
{
    const struct price *price = book->product->price;
    const char *where = price ? place_of(book, price->base.span) : "no price in the spec";
    const struct note notes[] = {
        {RUN_MADE, "The quantity, or `run at least` where that is more."},
        {RUN_ORDERS, "Made together / order size, rounded up."},
        {RUN_BATCHES, "Made together / largest size of the first batch step, rounded up."},
        {RUN_UNIT_COST, "The sum of the kinds to the left, without fees."},
        {RUN_PRICE, arena_printf(book->arena,
                                 "%s\nThe largest break of `sell` not over the quantity.", where)},
        {RUN_FEES,
         arena_printf(book->arena, "%s\nFees: ratio x price, and so much an order.", where)},
        {RUN_MARGIN, "(price - unit cost - fees) / price"},
    };

    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        put_note(sheet, RUNS_HEAD_ROW, (lxw_col_t)(RUN_FIRST_KIND + kind),
                 kind_note((enum cost_kind)kind));
    put_notes(sheet, RUNS_HEAD_ROW, notes, sizeof notes / sizeof *notes);
}

/* Columns that an owner's own sheet may look into. */
static void name_results(struct book *book, lxw_row_t last)
{
    static const struct {
        const char *name;
        lxw_col_t column;
    } results[] = {{"price_breaks_sku", RUN_SKU},
                   {"price_breaks_quantity", RUN_QUANTITY},
                   {"price_breaks_unit_cost", RUN_UNIT_COST},
                   {"price_breaks_price", RUN_PRICE},
                   {"price_breaks_margin", RUN_MARGIN}};

    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        name_cells(book, results[i].name,
                   range_ref(book, sheet_prices, RUNS_HEAD_ROW + 1, results[i].column, last,
                             results[i].column));
}

void write_run_heads(struct book *book, lxw_worksheet *sheet, const char *last_head)
{
    struct column columns[RUN_COLUMN_COUNT + 1] = {
        [RUN_SKU] = {"SKU", 22},           [RUN_QUANTITY] = {"quantity", 9},
        [RUN_MADE] = {"made together", 9}, [RUN_ORDERS] = {"orders", 8},
        [RUN_BATCHES] = {"batches", 8},    [RUN_UNIT_COST] = {"unit cost", 13},
        [RUN_PRICE] = {"price", 13},       [RUN_FEES] = {"fees", 9},
        [RUN_MARGIN] = {"margin", 9},      [RUN_LAST] = {last_head, 15},
        [RUN_COLUMN_COUNT] = {NULL, 0},
    };

    for (int kind = 0; kind < COST_KIND_COUNT; kind++)
        columns[RUN_FIRST_KIND + kind] = (struct column){cost_kind_names[kind], 9};
    put_heads(book, sheet, RUNS_HEAD_ROW, columns);
    fit_codes(book, sheet, RUN_SKU);
    write_head_notes(book, sheet);
    put_text(book, sheet, RUNS_HEAD_ROW - 1, RUN_FIRST_KIND,
             arena_printf(book->arena, "%s a unit", shop_currency(book->spec)), LOOK_NOTE);
}

static void write_rows(struct book *book, bool by_batch_size)
{
    lxw_worksheet *sheet = by_batch_size ? book->sizes_sheet : book->prices_sheet;
    int first = by_batch_size ? book->price_run_count : 0;
    int last = by_batch_size ? book->run_count : book->price_run_count;

    write_run_heads(book, sheet, by_batch_size ? "against one by one" : "cost of the quantity");
    for (int i = first; i < last; i++) {
        struct run_row writer = {book, sheet, &book->runs[i]};
        const struct run *one_by_one = &book->runs[i - (i - first) % BATCH_SIZE_COUNT];
        write_run_counts(&writer);
        write_run_figures(&writer);
        write_last(&writer, one_by_one);
    }
    mark_thin_margins(book, sheet, RUNS_HEAD_ROW + (lxw_row_t)(last - first));
}

void write_runs(struct book *book)
{
    lxw_row_t last = RUNS_HEAD_ROW + (lxw_row_t)book->price_run_count;
    bool all = book->sku_count == book->product->sku_count;

    set_up_sheet(book, book->prices_sheet, "price breaks",
                 all ? "What one unit costs and earns at each quantity, SKU by SKU. Quantities are "
                       "on Inputs."
                     : arena_printf(book->arena,
                                    "The first %d of %ld SKUs; `flowc cost` reckons every one.",
                                    book->sku_count, book->product->sku_count));
    write_rows(book, false);
    name_results(book, last);
    set_up_page(book, book->prices_sheet, RUNS_HEAD_ROW, last, RUN_LAST);

    set_up_sheet(book, book->sizes_sheet, "batch size",
                 "What one unit costs made one by one, and made so many at once.");
    write_rows(book, true);
    set_up_page(book, book->sizes_sheet, RUNS_HEAD_ROW,
                RUNS_HEAD_ROW + (lxw_row_t)(book->run_count - book->price_run_count), RUN_LAST);
}
