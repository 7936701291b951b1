/* The sheet Inputs: what may be changed, where each number comes from, and what the other sheets show. */
#include "emit/workbook/workbook.h"

#include <stdlib.h>
#include <string.h>

enum { SHOW_SKU_ROW = 2, SHOW_QUANTITY_ROW, SHOW_NUMBER_ROW, SHOW_RUN_ROW };
enum { OWNER_COLUMN, WHAT_COLUMN, VALUE_COLUMN, UNIT_COLUMN, FROM_COLUMN, NAME_COLUMN };
/* A spreadsheet draws every note as a picture of its own. */
enum { NOTES_AT_MOST = 2000 };
enum { HEAD_ROW = LISTS_ROW - 1, PLANS_COLUMN = SIZES_COLUMN + 2 };

const int batch_sizes[] = {1, 10, 25, 50, 100};

/* ---- sections ---- */

static const struct section {
    const char *title;
    enum kind kinds[4]; /* KIND_none ends them; the last section takes the steps */
} sections[] = {
    {"Shop", {KIND_shop}},          {"Stations", {KIND_station}}, {"Machines", {KIND_machine}},
    {"Materials", {KIND_material}}, {"Items", {KIND_item}},       {"What is in it", {KIND_product}},
    {"Parts", {KIND_part}},         {"Price", {KIND_price}},      {"Standards", {KIND_standard}},
    {"Steps", {KIND_none}},
};
enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static int section_of(const struct input *input)
{
    for (int i = 0; i < SECTION_COUNT - 1; i++)
        for (int k = 0; k < 4 && sections[i].kinds[k] != KIND_none; k++)
            if (input->owner->kind == sections[i].kinds[k])
                return i;
    return SECTION_COUNT - 1;
}

/* By section, then as declared, steps by their place, then as written. */
static int by_section(const void *left, const void *right)
{
    const struct input *a = *(struct input *const *)left, *b = *(struct input *const *)right;
    int section = section_of(a) - section_of(b);

    if (section)
        return section;
    if (a->owner != b->owner) {
        if (kind_is_step(a->owner->kind) && kind_is_step(b->owner->kind))
            return ((const struct step *)(const void *)a->owner)->index -
                   ((const struct step *)(const void *)b->owner)->index;
        return a->owner->order - b->owner->order;
    }
    if (a->value->span.begin != b->value->span.begin)
        return a->value->span.begin < b->value->span.begin ? -1 : 1;
    return a->order - b->order;
}

/* ---- one input ---- */

const char *owner_title(struct book *book, const struct declaration *owner, const struct sku *sku)
{
    if (owner->kind == KIND_price)
        owner = &book->product->base;
    const char *title = declaration_title(book->spec, owner, sku, book->arena);
    return strchr(title, '{') ? owner->name : title; /* of no one variant */
}

static const char *note_of(struct book *book, const struct input *input, const char *place)
{
    struct buffer was = {0};

    value_print(&was, book->spec, input->value, NULL);
    const char *note = arena_printf(book->arena, "%s\n%s says %s.%s%s", place, input->what,
                                    buffer_text(&was), input->owner->documentation ? "\n" : "",
                                    input->owner->documentation ? input->owner->documentation : "");
    buffer_free(&was);
    return note;
}

static void write_input(struct book *book, struct input *input, lxw_row_t row)
{
    lxw_worksheet *sheet = book->inputs_sheet;
    bool ratio = input->measure == MEASURE_RATIO;

    input->row = row;
    put_text(book, sheet, row, OWNER_COLUMN, owner_title(book, input->owner, NULL), LOOK_TEXT);
    put_text(book, sheet, row, WHAT_COLUMN, input->what, LOOK_TEXT);
    put_number(book, sheet, row, VALUE_COLUMN, input->shown, LOOK_INPUT,
               ratio ? NUMBER_INPUT_PERCENT : NUMBER_INPUT);
    put_text(book, sheet, row, UNIT_COLUMN, input->unit, LOOK_UNIT);
    const char *place = place_of(book, input->value->span);
    put_text(book, sheet, row, FROM_COLUMN, place, LOOK_NOTE);
    put_text(book, sheet, row, NAME_COLUMN, input->name, LOOK_NOTE);
    if (book->input_count <= NOTES_AT_MOST)
        put_note(sheet, row, VALUE_COLUMN, note_of(book, input, place));
    name_cells(book, input->name, cell_ref(book, sheet_inputs, row, VALUE_COLUMN));
}

static lxw_row_t write_sections(struct book *book)
{
    lxw_row_t row = HEAD_ROW + 1;
    int before = -1;

    qsort(book->inputs, (size_t)book->input_count, sizeof(struct input *), by_section);
    for (int i = 0; i < book->input_count; i++) {
        int section = section_of(book->inputs[i]);
        if (section != before) {
            for (lxw_col_t column = OWNER_COLUMN; column <= NAME_COLUMN; column++)
                put_text(book, book->inputs_sheet, row, column,
                         column == OWNER_COLUMN ? sections[section].title : "", LOOK_SECTION);
            row++;
        }
        before = section;
        write_input(book, book->inputs[i], row++);
    }
    return row - 1;
}

/* ---- what the other sheets show ---- */

static void write_choice(struct book *book, lxw_row_t row, const char *what, const char *name,
                         const char *note)
{
    put_text(book, book->inputs_sheet, row, OWNER_COLUMN, what, LOOK_TEXT);
    put_text(book, book->inputs_sheet, row, UNIT_COLUMN, note, LOOK_UNIT);
    name_cells(book, name, cell_ref(book, sheet_inputs, row, VALUE_COLUMN));
}

static void offer(struct book *book, lxw_row_t row, lxw_col_t column, int count)
{
    lxw_data_validation validation = {
        .validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
        .ignore_blank = LXW_VALIDATION_OFF,
    };
    char *formula = arena_printf(
        book->arena, "=%s",
        range_ref(book, NULL, LISTS_ROW, column, LISTS_ROW + (lxw_row_t)count - 1, column));

    validation.value_formula = formula;
    worksheet_data_validation_cell(book->inputs_sheet, row, VALUE_COLUMN, &validation);
}

static void write_shown(struct book *book)
{
    lxw_worksheet *sheet = book->inputs_sheet;
    const char *codes = range_ref(book, NULL, LISTS_ROW, SKUS_COLUMN,
                                  LISTS_ROW + (lxw_row_t)book->sku_count - 1, SKUS_COLUMN);
    const char *quantities =
        range_ref(book, NULL, LISTS_ROW, QUANTITIES_COLUMN,
                  LISTS_ROW + (lxw_row_t)book->quantity_count - 1, QUANTITIES_COLUMN);

    write_choice(book, SHOW_SKU_ROW, "Show the SKU", "shown_sku",
                 "choose here what Bench time, Order scorecard and the picture show");
    put_text(book, sheet, SHOW_SKU_ROW, VALUE_COLUMN, book->sku_codes[0], LOOK_INPUT);
    offer(book, SHOW_SKU_ROW, SKUS_COLUMN, book->sku_count);
    write_choice(book, SHOW_QUANTITY_ROW, "Show the quantity", "shown_quantity", "");
    put_number(book, sheet, SHOW_QUANTITY_ROW, VALUE_COLUMN, book->quantities[0], LOOK_INPUT,
               NUMBER_INPUT);
    offer(book, SHOW_QUANTITY_ROW, QUANTITIES_COLUMN, book->quantity_count);
    write_choice(book, SHOW_NUMBER_ROW, "its place among the SKUs", "shown_sku_number", "");
    put_formula(book, sheet, SHOW_NUMBER_ROW, VALUE_COLUMN,
                arena_printf(book->arena, "=SUMPRODUCT(EXACT(%s,shown_sku)*(ROW(%s)-%d))", codes,
                             codes, LISTS_ROW),
                RATIONAL_ONE, LOOK_FIGURE, NUMBER_COUNT);
    write_choice(book, SHOW_RUN_ROW, "its run on Step by step", "shown_run", "");
    put_formula(book, sheet, SHOW_RUN_ROW, VALUE_COLUMN,
                arena_printf(book->arena, "=(shown_sku_number-1)*%d+MATCH(shown_quantity,%s,0)",
                             book->quantity_count, quantities),
                RATIONAL_ONE, LOOK_FIGURE, NUMBER_COUNT);
}

static void write_lists(struct book *book)
{
    lxw_worksheet *sheet = book->inputs_sheet;

    put_text(book, sheet, HEAD_ROW, SKUS_COLUMN, "SKUs", LOOK_HEAD);
    put_text(book, sheet, HEAD_ROW, QUANTITIES_COLUMN, "quantities", LOOK_HEAD);
    put_text(book, sheet, HEAD_ROW, SIZES_COLUMN, "batch sizes", LOOK_HEAD);
    for (int i = 0; i < book->sku_count; i++)
        put_text(book, sheet, LISTS_ROW + (lxw_row_t)i, SKUS_COLUMN, book->sku_codes[i], LOOK_TEXT);
    for (int i = 0; i < book->quantity_count; i++)
        put_number(book, sheet, LISTS_ROW + (lxw_row_t)i, QUANTITIES_COLUMN, book->quantities[i],
                   LOOK_INPUT, NUMBER_INPUT);
    for (int i = 0; i < BATCH_SIZE_COUNT; i++)
        put_number(book, sheet, LISTS_ROW + (lxw_row_t)i, SIZES_COLUMN,
                   rational_integer(batch_sizes[i]), LOOK_INPUT, NUMBER_INPUT);
}

/* ---- sampling plans ---- */

static void write_plan(struct book *book, struct plan_table *plan, lxw_col_t column)
{
    lxw_worksheet *sheet = book->inputs_sheet;
    lxw_row_t last = LISTS_ROW + (lxw_row_t)plan->count - 1;
    const char *title = declaration_title(book->spec, &plan->step->base, NULL, book->arena);

    put_text(book, sheet, HEAD_ROW - 1, column,
             arena_printf(book->arena, "Sampling plan: %s", title), LOOK_NOTE);
    put_text(book, sheet, HEAD_ROW, column, "lot from", LOOK_HEAD);
    put_text(book, sheet, HEAD_ROW, (lxw_col_t)(column + 1), "sample", LOOK_HEAD);
    for (int i = 0; i < plan->count; i++) {
        put_number(book, sheet, LISTS_ROW + (lxw_row_t)i, column, rational_integer(plan->lots[i]),
                   LOOK_FIGURE, NUMBER_COUNT);
        put_number(book, sheet, LISTS_ROW + (lxw_row_t)i, (lxw_col_t)(column + 1),
                   rational_integer(plan->sizes[i]), LOOK_INPUT, NUMBER_SAMPLES);
    }
    name_cells(book, plan->lots_name,
               range_ref(book, sheet_inputs, LISTS_ROW, column, last, column));
    name_cells(book, plan->sizes_name,
               range_ref(book, sheet_inputs, LISTS_ROW, (lxw_col_t)(column + 1), last,
                         (lxw_col_t)(column + 1)));
}

/* ---- the sheet ---- */

void write_inputs(struct book *book)
{
    static const struct column columns[] = {
        {"of", 34},   {"what", 34},        {"value", 16}, {"unit", 11},
        {"from", 26}, {"in formulas", 40}, {NULL, 0},
    };
    lxw_worksheet *sheet = book->inputs_sheet;

    set_up_sheet(book, sheet, "inputs",
                 "Change what is yellow and see what it does to cost and margin. The spec stays as "
                 "it is: write there what you decide.");
    write_shown(book);
    put_heads(book, sheet, HEAD_ROW, columns);
    write_lists(book);
    lxw_row_t last = write_sections(book);
    for (int i = 0; i < book->plan_count; i++)
        write_plan(book, &book->plans[i], (lxw_col_t)(PLANS_COLUMN + 3 * i));
    worksheet_set_column(sheet, NAME_COLUMN + 1, NAME_COLUMN + 1, 3, NULL);
    worksheet_set_column(sheet, SKUS_COLUMN, SKUS_COLUMN, 24, NULL);
    worksheet_set_column(sheet, QUANTITIES_COLUMN, SIZES_COLUMN, 12, NULL);
    set_up_page(book, sheet, HEAD_ROW, last, NAME_COLUMN);
}
