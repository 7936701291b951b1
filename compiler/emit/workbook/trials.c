/* Trials: the first SKU at the shown quantity, reckoned again with one input lower and higher. Each is a run like those of
   Price breaks; of its steps only those stand on What if steps that the change touches, the others are those of the base.
   So Sensitivity is exact, kinks and rounding up included, and follows when an owner changes an input. */
#include "emit/workbook/workbook.h"

#include "cost/reckon.h"

#include <stdlib.h>
#include <string.h>

enum {
    RECKONED_AT_MOST = 1200000, /* steps times digits, for choosing those that do most */
    STEP_ROWS_AT_MOST = 3000,
    LOSS_CELLS_AT_MOST = 30000,
    SPANS_AT_MOST = 100 /* a SUM takes 255 */
};

/* What is needed to reckon one of them. */
struct trying {
    struct book *book;
    const struct sku *sku;
    struct cost_flow flow; /* nothing changed */
    struct rational quantity;
    struct trials *trials;
    lxw_row_t base_steps; /* the base's first row on What if steps */
    lxw_row_t next_step;  /* free there */
};

/* ---- exactly ---- */

static struct rational what_is_left(const struct cost_sheet *sheet)
{
    if (!sheet->has_price)
        return rational_negate(sheet->unit_cost);
    return rational_subtract(rational_subtract(sheet->price, sheet->unit_cost), sheet->fees);
}

static bool decides_ways(const struct book *book, const struct input *input)
{
    return input->order < book->loss_input_count;
}

/* Ten in a hundred lower or higher; a count at least by one and a whole one, and no share of units above all of them. */
static struct rational tried_value(const struct book *book, const struct input *input, bool higher)
{
    struct rational by = rational_divide(input->shown, rational_integer(10));
    struct rational half = rational_fraction(1, 2);

    if (input->measure == MEASURE_COUNT)
        by = rational_max(RATIONAL_ONE, rational_floor(rational_add(by, half)));
    struct rational value =
        higher ? rational_add(input->shown, by) : rational_subtract(input->shown, by);
    if (input->measure == MEASURE_COUNT)
        return rational_max(value, RATIONAL_ONE);
    return decides_ways(book, input) ? rational_min(value, RATIONAL_ONE) : value;
}

/* The number of an input as it is tried, until put_back; a figure that is none of the spec is assumed. */
struct tried {
    struct value *number;
    struct rational was;
    struct assumption assumption;
};

static void put_in(const struct book *book, const struct input *input, struct rational value,
                   struct tried *tried)
{
    tried->number = (struct value *)input->value;
    tried->was = tried->number->number;
    tried->number->number = rational_multiply(tried->was, rational_divide(value, input->shown));
    tried->assumption = (struct assumption){.part = (const struct part *)input->owner,
                                            .portion = input->portion,
                                            .mass = input->measure == MEASURE_GRAMS,
                                            .found = tried->was,
                                            .number = tried->number->number};
    if (input->known)
        slicing_assume(book->spec, &tried->assumption);
}

static void put_back(const struct book *book, const struct input *input, struct tried *tried)
{
    tried->number->number = tried->was;
    if (input->known)
        slicing_assume(book->spec, NULL);
}

/* Reckons with the spec as it stands. */
static void reckon(const struct trying *trying, struct trial *trial, bool other_ways)
{
    struct book *book = trying->book;
    struct cost_flow flow = trying->flow;

    if (other_ways)
        cost_flow(book->spec, trying->sku, book->arena, &flow);
    trial->run = (struct run){.sku_code = book->sku_codes[0]};
    cost_reckon_flow(book->spec, &flow, trying->quantity, book->arena, &trial->run.sheet);
    trial->left = what_is_left(&trial->run.sheet);
}

static void try_one(const struct trying *trying, const struct input *input, struct trial *trial,
                    bool higher)
{
    trial->higher = higher;
    trial->value = tried_value(trying->book, input, higher);
    struct tried tried;
    put_in(trying->book, input, trial->value, &tried);
    reckon(trying, trial, decides_ways(trying->book, input));
    put_back(trying->book, input, &tried);
}

static struct rational distance(struct rational a, struct rational b)
{
    struct rational difference = rational_subtract(a, b);

    return rational_sign(difference) < 0 ? rational_negate(difference) : difference;
}

/* ---- which ---- */

static bool can_be_tried(const struct input *input)
{
    return input->used && input->measure != MEASURE_CONTENT && rational_sign(input->shown) > 0;
}

static const char *title_of(struct book *book, const struct input *input)
{
    return arena_printf(book->arena, "%s: %s", owner_title(book, input->owner, &book->skus[0]),
                        input->what);
}

static void fill_pair(const struct trying *trying, struct trial_pair *pair,
                      const struct input *input)
{
    struct trials *trials = trying->trials;

    pair->input = input;
    pair->now = input->measure == MEASURE_RATIO
                    ? rational_multiply(input->shown, rational_integer(100))
                    : input->shown;
    try_one(trying, input, &pair->lower, false);
    try_one(trying, input, &pair->higher, true);
    pair->effect = rational_max(distance(pair->lower.left, trials->base.left),
                                distance(pair->higher.left, trials->base.left));
}

/* Those that do most first; of two that do the same, the one asked for first. */
static int by_effect(const void *left, const void *right)
{
    const struct trial_pair *a = left, *b = right;
    int order = rational_compare(b->effect, a->effect);

    return order ? order : a->input->order - b->input->order;
}

/* What many steps share is tried first where not all can be: rates, materials, prices. */
static void choose_pairs(const struct trying *trying)
{
    struct book *book = trying->book;
    struct trials *trials = trying->trials;
    int steps = trials->base.run.sheet.step_count;
    int fit =
        RECKONED_AT_MOST / (steps * steps + 1); /* exact visits have as many digits as steps */

    trials->pairs = ARENA_ARRAY(book->arena, struct trial_pair, book->input_count + 1);
    for (int of_steps = 0; of_steps < 2; of_steps++)
        for (int i = 0; i < book->input_count; i++) {
            const struct input *input = book->inputs[i];
            if (kind_is_step(input->owner->kind) != (of_steps == 1) || !can_be_tried(input))
                continue;
            trials->of_inputs++;
            struct trial_pair *pair = &trials->pairs[trials->count];
            if (trials->count >= fit)
                continue;
            fill_pair(trying, pair, input);
            if (pair->lower.run.sheet.valid && pair->higher.run.sheet.valid)
                trials->count++;
        }
    qsort(trials->pairs, (size_t)trials->count, sizeof *trials->pairs, by_effect);
}

/* ---- rows ---- */

lxw_row_t trial_row(int pair, bool higher)
{
    return TRIAL_BASE_ROW + 1 + 2 * (lxw_row_t)pair + (higher ? 1 : 0);
}

static void place(const struct trying *trying, struct run *run, int number)
{
    struct book *book = trying->book;

    run->number = number;
    run->row = TRIAL_BASE_ROW + (lxw_row_t)number;
    run->quantity_ref = "shown_quantity";
    run->made_ref = cell_ref(book, sheet_trials, run->row, RUN_MADE);
    run->orders_ref = cell_ref(book, sheet_trials, run->row, RUN_ORDERS);
    run->batches_ref = cell_ref(book, sheet_trials, run->row, RUN_BATCHES);
    run->steps_sheet = sheet_trial_steps;
}

/* Writes the steps that the change touches; the rest are the base's. `all`: every one. */
static void write_trial_steps(struct trying *trying, struct run *run, bool all)
{
    struct book *book = trying->book;
    int count = run->sheet.step_count;
    struct row_span *spans = ARENA_ARRAY(book->arena, struct row_span, count + 1);
    const char *formulas[STEP_COLUMN_COUNT];
    struct step_row row = {.book = book, .run = run};
    lxw_row_t first = trying->next_step;
    bool plates_touched = false;

    for (int k = 0; k < count; k++) {
        lxw_row_t base = trying->base_steps + (lxw_row_t)k;
        row.cost = &run->sheet.steps[k];
        row.row = trying->next_step;
        if (book->change)
            book->change->touched = false;
        step_formulas(&row, formulas);
        bool touched = all || plates_touched || (book->change && book->change->touched);
        if (touched) {
            write_step_row(&row, book->trial_steps_sheet, formulas);
            trying->next_step++;
        } else if (run->span_count > 0 && spans[run->span_count - 1].last == base - 1) {
            spans[run->span_count - 1].last = base;
        } else {
            spans[run->span_count++] = (struct row_span){base, base};
        }
        if (row.cost->step->plate) {
            plates_touched = touched && !all;
            row.plates_ref = cell_ref(book, NULL, touched ? row.row : base, STEP_PLATES);
        }
    }
    if (trying->next_step > first)
        spans[run->span_count++] = (struct row_span){first, trying->next_step - 1};
    run->spans = spans;
}

static int spans_needed(const struct cost_sheet *sheet)
{
    return sheet->step_count / 2 + 1;
}

static const char *left_formula(struct book *book, lxw_row_t row)
{
    const char *price = cell_ref(book, NULL, row, RUN_PRICE);
    const char *cost = cell_ref(book, NULL, row, RUN_UNIT_COST);

    return arena_printf(book->arena, "=IF(%s=\"\",-%s,%s-%s-%s)", price, cost, price, cost,
                        cell_ref(book, NULL, row, RUN_FEES));
}

static void write_run(struct trying *trying, struct trial *trial, int number, bool all)
{
    struct book *book = trying->book;
    struct run *run = &trial->run;
    struct run_row row = {book, book->trials_sheet, run};

    place(trying, run, number);
    if (book->change)
        book->change->touched = false;
    write_run_counts(&row);
    all |= book->change && book->change->touched;
    write_trial_steps(trying, run, all || spans_needed(&run->sheet) > SPANS_AT_MOST);
    write_run_figures(&row);
    put_formula(book, book->trials_sheet, run->row, TRIAL_LEFT, left_formula(book, run->row),
                trial->left, LOOK_TOTAL, NUMBER_DETAIL);
}

/* ---- one input lower, or higher ---- */

/* In the unit of Inputs, as tried_value has it. */
static const char *tried_formula(const struct book *book, const struct input *input, bool higher)
{
    const char *name = input->name;
    char sign = higher ? '+' : '-';

    if (input->measure == MEASURE_COUNT)
        return arena_printf(book->arena, "=MAX(1,%s%cMAX(1,ROUND(%s*sensitivity_change,0)))", name,
                            sign, name);
    if (decides_ways(book, input))
        return arena_printf(book->arena, "=MIN(1,%s*(1%csensitivity_change))", name, sign);
    return arena_printf(book->arena, "=%s*(1%csensitivity_change)", name, sign);
}

static void write_change(struct book *book, const struct trial_pair *pair, bool higher,
                         lxw_row_t row)
{
    const struct input *input = pair->input;
    const struct trial *trial = higher ? &pair->higher : &pair->lower;
    bool ratio = input->measure == MEASURE_RATIO;
    lxw_worksheet *sheet = book->trials_sheet;

    put_text(book, sheet, row, TRIAL_INPUT, pair->title, LOOK_TEXT);
    put_formula(book, sheet, row, TRIAL_NOW,
                arena_printf(book->arena, ratio ? "=%s*100" : "=%s", input->name), pair->now,
                LOOK_FIGURE, NUMBER_INPUT);
    put_text(book, sheet, row, TRIAL_UNIT, ratio ? "%" : input->unit, LOOK_UNIT);
    put_formula(book, sheet, row, TRIAL_VALUE, tried_formula(book, input, higher), trial->value,
                LOOK_FIGURE, ratio ? NUMBER_INPUT_PERCENT : NUMBER_INPUT);
}

static void write_trial(struct trying *trying, struct trial_pair *pair, int number, bool higher)
{
    struct book *book = trying->book;
    struct trial *trial = higher ? &pair->higher : &pair->lower;
    lxw_row_t row = trial_row(number, higher);
    struct change change = {.value = pair->input->value,
                            .cell = cell_ref(book, sheet_trials, row, TRIAL_VALUE)};
    bool other_ways = decides_ways(book, pair->input);

    write_change(book, pair, higher, row);
    book->change = &change;
    struct tried tried;
    put_in(book, pair->input, trial->value, &tried); /* values are asked of the spec, too */
    trial->run.losses = other_ways ? losses_of(book, trying->sku) : book->runs[0].losses;
    write_run(trying, trial, (int)(row - TRIAL_BASE_ROW), other_ways);
    put_back(book, pair->input, &tried);
    book->change = NULL;
}

/* ---- all of them ---- */

static void write_pairs(struct trying *trying)
{
    struct trials *trials = trying->trials;
    int steps = trials->base.run.sheet.step_count;
    lxw_row_t rows_end = trying->next_step + STEP_ROWS_AT_MOST;
    int losses = 0, written = 0;

    for (int i = 0; i < trials->count; i++) {
        struct trial_pair *pair = &trials->pairs[i];
        bool other_ways = decides_ways(trying->book, pair->input);
        if (trying->next_step + 2 * (lxw_row_t)steps > rows_end)
            break;
        if (other_ways && losses + 2 * steps * steps > LOSS_CELLS_AT_MOST)
            continue;
        losses += other_ways ? 2 * steps * steps : 0;
        pair->title = title_of(trying->book, pair->input);
        trials->pairs[written] = *pair;
        write_trial(trying, &trials->pairs[written], written, false);
        write_trial(trying, &trials->pairs[written], written, true);
        written++;
    }
    trials->count = written;
}

static void write_trial_heads(struct book *book)
{
    static const struct {
        const char *head;
        double width;
    } heads[] = {{"input", 46}, {"now", 12}, {"unit", 10}, {"tried", 12}, {"left of one", 14}};
    lxw_worksheet *sheet = book->trials_sheet;

    write_run_heads(book, sheet, "");
    for (lxw_col_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        put_text(book, sheet, RUNS_HEAD_ROW, (lxw_col_t)(TRIAL_INPUT + i), heads[i].head,
                 LOOK_HEAD);
        worksheet_set_column(sheet, (lxw_col_t)(TRIAL_INPUT + i), (lxw_col_t)(TRIAL_INPUT + i),
                             heads[i].width, NULL);
    }
    write_step_heads(book, book->trial_steps_sheet);
}

void write_trials(struct book *book, struct trials *trials)
{
    struct trying trying = {
        .book = book,
        .sku = &book->skus[0],
        .quantity = book->quantities[0],
        .trials = trials,
        .base_steps = RUNS_HEAD_ROW + 1,
        .next_step = RUNS_HEAD_ROW + 1,
    };

    set_up_sheet(book, book->trials_sheet, "what if",
                 "One input after the other lower and higher; Sensitivity shows what comes of it.");
    set_up_sheet(book, book->trial_steps_sheet, "what if, step by step",
                 "The steps of What if: first all as they are, then those that a change touches.");
    write_trial_heads(book);
    *trials = (struct trials){.count = 0};
    cost_flow(book->spec, trying.sku, book->arena, &trying.flow);
    reckon(&trying, &trials->base, false);
    trials->base.run.losses = book->runs[0].losses;
    put_text(book, book->trials_sheet, TRIAL_BASE_ROW, TRIAL_INPUT, "as it is", LOOK_TEXT);
    book->marking = true;
    write_run(&trying, &trials->base, 0, true);
    book->marking = false;
    choose_pairs(&trying);
    write_pairs(&trying);
    /* workings: no pages, for where a sheet has a print area, those without are not printed */
    worksheet_freeze_panes(book->trials_sheet, RUNS_HEAD_ROW + 1, 0);
    worksheet_freeze_panes(book->trial_steps_sheet, RUNS_HEAD_ROW + 1, 0);
    worksheet_hide(book->trials_sheet);
    worksheet_hide(book->trial_steps_sheet);
}
