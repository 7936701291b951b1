/* The costing workbook: which runs it holds, and the order in which its sheets are written. */
#include "emit/workbook/workbook.h"

#include "base/sink.h"
#include "cost/reckon.h"

#include <string.h>

enum {
    ROWS_AT_MOST = 20000,       /* of Step by step: what a spreadsheet opens at once */
    SKUS_WITH_BATCH_SIZES = 12, /* more are one: the first */
    STEPS_HEAD_ROW = 3,
    CREATED = 315532800 /* 1980-01-01, as the files in the archive: a workbook knows no clock */
};

/* ---- what it holds ---- */

static void choose_quantities(struct book *book)
{
    book->quantity_count =
        cost_quantities(book->spec, book->product, &book->quantities, book->arena);
    if (book->quantity_count > 0)
        return;
    book->quantities = ARENA_ARRAY(book->arena, struct rational, 1);
    book->quantities[0] = RATIONAL_ONE;
    book->quantity_count = 1;
}

static void choose_skus(struct book *book)
{
    int rows_a_sku =
        book->product->workflow->step_count * (book->quantity_count + BATCH_SIZE_COUNT);
    long fit = rows_a_sku > 0 ? ROWS_AT_MOST / rows_a_sku : ROWS_AT_MOST;

    book->sku_count = (int)(book->product->sku_count < fit ? book->product->sku_count : fit);
    if (book->sku_count < 1)
        book->sku_count = 1;
    book->skus = ARENA_ARRAY(book->arena, struct sku, book->sku_count);
    book->sku_codes = ARENA_ARRAY(book->arena, const char *, book->sku_count);
    for (int i = 0; i < book->sku_count; i++) {
        sku_at(book->product, i, &book->skus[i]);
        book->sku_codes[i] = sku_code(book->spec, &book->skus[i], book->arena);
    }
}

/* ---- runs ---- */

static void place_run(struct book *book, struct run *run, int sku, lxw_col_t list, int line)
{
    const char *sheet = run->by_batch_size ? sheet_sizes : sheet_prices;

    run->number = book->run_count;
    run->sku_code = book->sku_codes[sku];
    run->quantity_ref = cell_ref(book, sheet_inputs, LISTS_ROW + (lxw_row_t)line, list);
    run->made_ref = cell_ref(book, sheet, run->row, RUN_MADE);
    run->orders_ref = cell_ref(book, sheet, run->row, RUN_ORDERS);
    run->batches_ref = cell_ref(book, sheet, run->row, RUN_BATCHES);
    struct row_span *span = ARENA_NEW(book->arena, struct row_span);
    span->first = book->steps_end + 1;
    book->steps_end += (lxw_row_t)run->sheet.step_count;
    span->last = book->steps_end;
    run->steps_sheet = sheet_steps;
    run->spans = span;
    run->span_count = 1;
}

static void add_price_run(struct book *book, const struct cost_flow *flow, int sku, int line)
{
    struct run *run = &book->runs[book->run_count++];

    cost_reckon_flow(book->spec, flow, book->quantities[line], book->arena, &run->sheet);
    run->row = RUNS_HEAD_ROW + (lxw_row_t)book->run_count;
    place_run(book, run, sku, QUANTITIES_COLUMN, line);
    book->price_run_count = book->run_count;
}

static void add_size_run(struct book *book, const struct cost_flow *flow, int sku, int line)
{
    struct run *run = &book->runs[book->run_count++];
    struct rational size = rational_integer(batch_sizes[line]);

    cost_reckon_run(book->spec, flow, size, size, book->arena, &run->sheet);
    run->by_batch_size = true;
    run->row = RUNS_HEAD_ROW + (lxw_row_t)(book->run_count - book->price_run_count);
    place_run(book, run, sku, SIZES_COLUMN, line);
}

static bool reckon_runs(struct book *book)
{
    int with_sizes = book->sku_count <= SKUS_WITH_BATCH_SIZES ? book->sku_count : 1;

    book->runs =
        ARENA_ARRAY(book->arena, struct run,
                    book->sku_count * book->quantity_count + with_sizes * BATCH_SIZE_COUNT);
    book->steps_end = STEPS_HEAD_ROW;
    struct cost_flow *flows = ARENA_ARRAY(book->arena, struct cost_flow, book->sku_count);
    for (int sku = 0; sku < book->sku_count; sku++)
        cost_flow(book->spec, &book->skus[sku], book->arena, &flows[sku]);
    for (int sku = 0; sku < book->sku_count; sku++)
        for (int line = 0; line < book->quantity_count; line++)
            add_price_run(book, &flows[sku], sku, line);
    for (int sku = 0; sku < with_sizes; sku++)
        for (int line = 0; line < BATCH_SIZE_COUNT; line++)
            add_size_run(book, &flows[sku], sku, line);
    for (int i = 0; i < book->run_count; i++)
        if (!book->runs[i].sheet.valid)
            return fail(book->failure, "%s has no cost: no unit of %s ever gets done",
                        book->product->base.name, book->runs[i].sku_code);
    return true;
}

/* ---- the file ---- */

static void add_sheets(struct book *book)
{
    const struct {
        lxw_worksheet **sheet;
        const char *name;
        lxw_color_t tab;
    } sheets[] = {
        {&book->inputs_sheet, sheet_inputs, 0xe0b000},
        {&book->bench_sheet, sheet_bench, 0x4a7ba6},
        {&book->shipping_sheet, sheet_shipping, 0x4a7ba6},
        {&book->scorecard_sheet, sheet_scorecard, 0x4a7ba6},
        {&book->prices_sheet, sheet_prices, 0x4a7ba6},
        {&book->sizes_sheet, sheet_sizes, 0x4a7ba6},
        {&book->sensitivity_sheet, sheet_sensitivity, 0x4a7ba6},
        {&book->steps_sheet, sheet_steps, 0x999999},
        {&book->losses_sheet, sheet_losses, 0x999999},
        {&book->trials_sheet, sheet_trials, 0x999999},
        {&book->trial_steps_sheet, sheet_trial_steps, 0x999999},
    };

    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        *sheets[i].sheet = workbook_add_worksheet(book->file, sheets[i].name);
        worksheet_set_tab_color(*sheets[i].sheet, sheets[i].tab);
    }
}

static void set_properties(struct book *book)
{
    lxw_doc_properties properties = {
        .title = declaration_title(book->spec, &book->product->base, NULL, book->arena),
        .created = CREATED,
    };

    workbook_set_properties(book->file, &properties);
}

/* Sheets that reckon come first: they say what stands on Inputs. */
static bool write_sheets(struct book *book)
{
    add_sheets(book);
    set_properties(book);
    book->plans = ARENA_ARRAY(book->arena, struct plan_table, book->product->workflow->step_count);
    for (int i = 0; i < book->run_count; i++) {
        book->marking = i == 0;
        book->runs[i].losses = losses_of(book, &book->runs[i].sheet.sku);
        if (!book->runs[i].losses)
            return fail(book->failure, "%s has no step for %s", book->product->base.name,
                        book->runs[i].sku_code);
    }
    book->marking = false;
    book->loss_input_count = book->input_count;
    write_steps(book);
    write_runs(book);
    write_bench(book);
    write_shipping(book);
    write_scorecard(book);
    write_sensitivity(book);
    finish_losses(book);
    write_inputs(book);
    return true;
}

static bool close_file(struct book *book, struct sink *sink, bool good)
{
    lxw_error error = workbook_close(book->file);

    if (good && error != LXW_NO_ERROR)
        good = fail(book->failure, "%s cannot be written: %s", sink->path, lxw_strerror(error));
    if (!good)
        sink_abandon(sink);
    return good && sink_commit(sink, book->failure);
}

bool emit_workbook(struct emit_context *context)
{
    struct book book = {
        .spec = context->spec,
        .product = context->product,
        .arena = context->arena,
        .failure = context->failure,
        .paper = context->paper,
    };
    struct sink sink;

    choose_quantities(&book);
    choose_skus(&book);
    if (!reckon_runs(&book) ||
        !sink_open(&sink, emit_path(context, "workbook.xlsx"), context->failure))
        return false;
    book.file = workbook_new(sink.temporary);
    if (!book.file) {
        sink_abandon(&sink);
        return fail(context->failure, "%s cannot be made: no memory", sink.path);
    }
    if (!close_file(&book, &sink, write_sheets(&book)))
        return false;
    emit_wrote(context, "workbook.xlsx");
    return true;
}
