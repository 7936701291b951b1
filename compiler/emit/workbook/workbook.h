/* Inside emit/workbook: the costing workbook. Every figure on its sheets is a formula over the sheet Inputs, with the
   exact value stored beside it. The order of work: the runs are reckoned, the sheets that reckon register each number
   they need as an input, and Inputs is written last, when all are known. */
#ifndef FLOW_EMIT_WORKBOOK_WORKBOOK_H
#define FLOW_EMIT_WORKBOOK_WORKBOOK_H

#include "cost/cost.h"
#include "emit/emit.h"
#include "slicing/pieces.h"

#include <xlsxwriter.h>

/* ---- style.c: how cells look ---- */

enum look {
    LOOK_TEXT,
    LOOK_UNIT, /* beside a figure */
    LOOK_MARK, /* a number that is a name */
    LOOK_SHOWN,
    LOOK_TITLE,
    LOOK_NOTE,
    LOOK_SECTION,
    LOOK_HEAD,
    LOOK_INPUT,
    LOOK_FIGURE,
    LOOK_TOTAL,
    LOOK_COUNT_
};

enum number {
    NUMBER_NONE,
    NUMBER_COUNT,   /* whole units, batches, plates */
    NUMBER_UNITS,   /* units through a step: two decimals */
    NUMBER_MINUTES, /* one decimal */
    NUMBER_PERCENT,
    NUMBER_MONEY,  /* with the currency, its own decimals */
    NUMBER_DETAIL, /* money a unit by kind: two decimals more, no currency */
    NUMBER_RATIO,  /* visits: six decimals */
    NUMBER_INPUT,  /* as many decimals as it has */
    NUMBER_INPUT_PERCENT,
    NUMBER_SAMPLES, /* LXW_ROW_MAX and more is the whole lot */
    NUMBER_COUNT_
};

/* ---- inputs.c ---- */

/* What a number measures: in which unit formulas take it. Inputs shows it in the unit the spec wrote. */
enum measure {
    MEASURE_COUNT,
    MEASURE_CONTENT, /* a count that is what the product is: nobody tries one more of it */
    MEASURE_RATIO,
    MEASURE_MINUTES,
    MEASURE_GRAMS,
    MEASURE_WATTS,
    MEASURE_MONEY,
    MEASURE_MONEY_PER_HOUR,
    MEASURE_MONEY_PER_KG,
    MEASURE_MONEY_PER_KWH
};

struct input {
    const struct declaration *owner;
    const struct value *value; /* for one case where it is a choice */
    const char *what;          /* "rate", "print time, small" */
    const char *name;          /* in formulas: "bench_rate" */
    enum measure measure;
    struct rational shown;  /* in its unit */
    const char *unit;       /* as written: "USD/kg"; "" for a count or a ratio */
    const char *expression; /* the name, turned into the measure's unit and the shop's currency */
    int order;              /* of being asked for */
    lxw_row_t row;          /* on the sheet Inputs */
    bool used;              /* by the SKU that Sensitivity looks at */
    bool known;             /* the value is none of the spec: input_known */
    const struct portion *portion; /* of such a mass: the further material that it is of */
    struct input *first;           /* of those that one number of the spec gave, by `like` */
    struct input *next_of_value, *next_of_name; /* in their buckets */
    int suffixes;                               /* given to names that would be this one */
};

/* A number that is tried higher or lower: while it is set, formulas take the cell in its place. */
struct change {
    const struct value *value; /* of one input, or of several that `like` made */
    const char *cell;
    bool touched; /* a formula asked for it */
};

/* The sample sizes of an inspection by lot, as a table beside the inputs. */
struct plan_table {
    const struct sample *sample;
    const struct step *step;
    long *lots; /* from this lot on */
    long *sizes;
    int count;
    lxw_row_t row;
    const char *lots_name, *sizes_name; /* in formulas */
};

struct row_span {
    lxw_row_t first, last;
};

/* One SKU at one quantity, reckoned. */
struct run {
    int number; /* on the sheet Step by step, from 1 */
    struct cost_sheet sheet;
    const char *sku_code;
    const struct loss_class *losses;
    const char *made_ref; /* cells of the run's row on its own sheet, for Step by step */
    const char *quantity_ref, *orders_ref, *batches_ref;
    bool by_batch_size; /* a row of Batch size, else of Price breaks */
    lxw_row_t row;      /* on that sheet */
    const char *steps_sheet;
    const struct row_span *spans; /* its steps there */
    int span_count;
};

/* SKUs whose units go the same ways with the same losses share one matrix. */
struct loss_class {
    const struct loss_class *next;
    const struct sku *sku;
    struct graph *graph;
    bool trial;          /* of one change only */
    bool as_values;      /* too large for a matrix: its visits are numbers */
    lxw_row_t first_row; /* of the matrix, on Expected losses */
    lxw_col_t visits_column;
};

enum { INPUT_BUCKETS = 4096 };

struct book {
    const struct spec *spec;
    const struct product *product;
    struct arena *arena;
    struct failure *failure;
    enum paper paper;
    lxw_workbook *file;
    lxw_worksheet *inputs_sheet, *bench_sheet, *shipping_sheet, *scorecard_sheet, *prices_sheet,
        *sizes_sheet, *sensitivity_sheet, *steps_sheet, *losses_sheet, *trials_sheet,
        *trial_steps_sheet;
    lxw_format *formats[LOOK_COUNT_][NUMBER_COUNT_];
    struct input **inputs;
    int input_count, input_capacity;
    struct input *of_value[INPUT_BUCKETS];
    struct input *of_name[INPUT_BUCKETS];
    struct change *change; /* NULL: everything as it stands on Inputs */
    bool marking;          /* while it is set, what formulas ask for is marked as used */
    int loss_input_count;  /* the first inputs decide how units go; no other does */
    struct plan_table *plans;
    int plan_count;
    struct rational *quantities; /* looked at on Price breaks */
    int quantity_count;
    struct sku *skus; /* the first ones of the product, as many as fit */
    const char **sku_codes;
    int sku_count;
    struct run *runs; /* of Price breaks, SKU by SKU, then of Batch size */
    int run_count, price_run_count;
    struct loss_class *classes;
    long matrix_cells;   /* on Expected losses */
    lxw_row_t steps_end; /* the last row of Step by step */
    lxw_row_t bench_end;
};

extern const char sheet_inputs[], sheet_bench[], sheet_shipping[], sheet_scorecard[],
    sheet_prices[], sheet_sizes[], sheet_sensitivity[], sheet_steps[], sheet_losses[],
    sheet_trials[], sheet_trial_steps[];

/* ---- style.c ---- */
lxw_format *book_format(struct book *book, enum look look, enum number number);
/* A text is a text, whatever it begins with. */
void put_text(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
              const char *text, enum look look);
void put_number(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                struct rational number, enum look look, enum number kind);
/* "=..." with its value; an empty formula leaves the cell empty. */
void put_formula(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                 const char *formula, struct rational value, enum look look, enum number kind);
/* A formula whose value is a text. */
void put_text_formula(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                      const char *formula, const char *value, enum look look, enum number kind);
/* Heads of columns with their widths, ended by NULL. */
struct column {
    const char *head;
    double width;
};
void put_heads(struct book *book, lxw_worksheet *sheet, lxw_row_t row,
               const struct column *columns);
/* A name for a result, so that an owner's own sheet can ask for it: "shown_margin". */
void name_cells(struct book *book, const char *name, const char *cells);
/* A column as wide as the longest code of a SKU needs. */
void fit_codes(struct book *book, lxw_worksheet *sheet, lxw_col_t column);
/* Title and note at the top, page setup, frozen heads, the print area up to the last cell. */
void set_up_sheet(struct book *book, lxw_worksheet *sheet, const char *title, const char *note);
void set_up_page(struct book *book, lxw_worksheet *sheet, lxw_row_t head_row, lxw_row_t last_row,
                 lxw_col_t last_column);
/* "Price breaks" as formulas name it: 'Price breaks'!$C$7. In the arena. */
const char *cell_ref(struct book *book, const char *sheet, lxw_row_t row, lxw_col_t column);
const char *range_ref(struct book *book, const char *sheet, lxw_row_t first_row,
                      lxw_col_t first_column, lxw_row_t last_row, lxw_col_t last_column);

/* ---- notes.c: what a cell says when it is pointed at ---- */
struct note {
    lxw_col_t column;
    const char *text;
};
void put_note(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text);
/* One row of them, as a rule the heads. */
void put_notes(lxw_worksheet *sheet, lxw_row_t row, const struct note *notes, int count);
/* How a kind of cost is reckoned. */
const char *kind_note(enum cost_kind kind);
/* "shop.flow:17", "" for what stands in no file. In the arena. */
const char *place_of(struct book *book, struct span span);

/* ---- inputs.c ---- */
/* The expression of a number for the SKU, NULL where there is none. what: the field for people. */
const char *input_for(struct book *book, const struct declaration *owner, const struct value *value,
                      const struct sku *sku, const char *what, enum measure measure);
/* The same for the first row of a field. */
const char *input_of(struct book *book, const struct declaration *owner, const struct simple *row,
                     const struct sku *sku, const char *what, enum measure measure);
/* The same for a time or mass that the spec does not say; NULL where nobody knows it. portion: the further material
   that a mass is of, NULL. */
const char *input_known(struct book *book, const struct part *part, const struct portion *portion,
                        const struct known_figure *figure, const char *what, enum measure measure);
/* The sample size of an inspection for the lot, both as expressions. */
const char *input_plan(struct book *book, const struct step *step, const char *lot);
/* A number as a formula or a text holds it: to 17 decimals. In the arena. */
const char *constant_text(struct book *book, struct rational number);

/* ---- inputs_sheet.c ---- */
void write_inputs(struct book *book);
/* Of whom an input is, for people; for one SKU where the title quotes a variant. Price has the product's title. */
const char *owner_title(struct book *book, const struct declaration *owner, const struct sku *sku);
/* Cells of the lists beside the inputs, which rows of other sheets take their quantity from. */
enum { LISTS_ROW = 8, SKUS_COLUMN = 7, QUANTITIES_COLUMN = 8, SIZES_COLUMN = 9 };
extern const int batch_sizes[];
enum { BATCH_SIZE_COUNT = 5 };

/* ---- losses.c ---- */
/* The class of a SKU; its matrix is written when it is new. */
const struct loss_class *losses_of(struct book *book, const struct sku *sku);
/* "'Expected losses'!$M$7": units through the step for one good one. */
const char *losses_ref(struct book *book, const struct loss_class *losses, const struct step *step);
void finish_losses(struct book *book);

/* ---- formulas.c: what flowc reckons for a step, as formulas of one row of Step by step ---- */
enum step_column {
    STEP_RUN,
    STEP_SKU,
    STEP_QUANTITY,
    STEP_NUMBER,
    STEP_TITLE,
    STEP_KIND,
    STEP_STATION,
    STEP_UNITS,
    STEP_BATCHES,
    STEP_PLATES,
    STEP_ORDERS,
    STEP_SAMPLES,
    STEP_BENCH,
    STEP_RUNNING,
    STEP_MACHINE_TIME,
    STEP_LABOUR,
    STEP_MACHINE,
    STEP_ENERGY,
    STEP_MATERIAL,
    STEP_ITEMS,
    STEP_OUTSIDE,
    STEP_SHIPPING,
    STEP_OVERHEAD,
    STEP_SUM,
    STEP_COLUMN_COUNT
};
/* One row in the making. */
struct step_row {
    struct book *book;
    const struct run *run;
    const struct cost_step *cost;
    lxw_row_t row;
    const char *plates_ref; /* of the last step with a plate; NULL before */
};
/* The formula of a column from STEP_UNITS on, "" where nothing is to be reckoned. In the arena. */
const char *step_formula(const struct step_row *row, enum step_column column);
/* The sum of what is paid once for the SKU's parts, "" without any. */
const char *once_formula(struct book *book, const struct sku *sku);
/* contains + spare of a part for the SKU, NULL where there is none. */
const char *contained_formula(struct book *book, const struct part *part, const struct sku *sku);

/* ---- steps.c ---- */
void write_steps(struct book *book);
void write_step_heads(struct book *book, lxw_worksheet *sheet);
/* All formulas of a row, and the row with them. */
void step_formulas(const struct step_row *row, const char *formulas[STEP_COLUMN_COUNT]);
void write_step_row(const struct step_row *row, lxw_worksheet *sheet,
                    const char *const formulas[STEP_COLUMN_COUNT]);

/* ---- runs.c: Price breaks and Batch size, a row a run ---- */
enum run_column {
    RUN_SKU,
    RUN_QUANTITY,
    RUN_MADE,
    RUN_ORDERS,
    RUN_BATCHES,
    RUN_FIRST_KIND,
    RUN_UNIT_COST = RUN_FIRST_KIND + COST_KIND_COUNT,
    RUN_PRICE,
    RUN_FEES,
    RUN_MARGIN,
    RUN_LAST, /* Price breaks: the total; Batch size: the change against one by one */
    RUN_COLUMN_COUNT
};
enum { RUNS_HEAD_ROW = 3 };
void write_runs(struct book *book);
/* A row in two steps: how many, and what they cost. */
struct run_row {
    struct book *book;
    lxw_worksheet *sheet;
    const struct run *run;
};
void write_run_counts(const struct run_row *row);
void write_run_figures(const struct run_row *row);
void write_run_heads(struct book *book, lxw_worksheet *sheet, const char *last_head);

/* ---- trials.c: the first SKU at the shown quantity, with one input after the other lower and higher ---- */
enum trial_column {
    TRIAL_INPUT = RUN_COLUMN_COUNT,
    TRIAL_NOW,
    TRIAL_UNIT,
    TRIAL_VALUE,
    TRIAL_LEFT,
    TRIAL_COLUMN_COUNT
};
struct trial {
    struct run run;
    bool higher;
    struct rational value; /* of the input, as Inputs shows it */
    struct rational left;  /* of the price of one; without a price, minus what it costs */
};
struct trial_pair {
    const struct input *input;
    const char *title;          /* "Bench: rate" */
    struct rational now;        /* as Inputs shows it, a ratio in % */
    struct trial lower, higher; /* in rows one after the other */
    struct rational effect;     /* on what is left, the larger of both */
};
struct trials {
    struct trial base; /* nothing changed */
    struct trial_pair *pairs;
    int count;     /* those that are written */
    int of_inputs; /* that could be tried */
};
/* Writes them on their two sheets, those that do most when not all fit. */
void write_trials(struct book *book, struct trials *trials);
lxw_row_t trial_row(int pair, bool higher);
enum { TRIAL_BASE_ROW = RUNS_HEAD_ROW + 1 };

/* ---- sensitivity.c ---- */
void write_sensitivity(struct book *book);

/* ---- charts.c ---- */
/* On Order scorecard from the row: cost, price and margin over the quantity, of the SKU chosen on Inputs. The last row
   they take. */
lxw_row_t write_price_charts(struct book *book, lxw_row_t row);
/* A chart with the title and axes of this workbook. */
lxw_chart *new_chart(struct book *book, uint8_t type, const char *title);

/* ---- summaries.c, scorecard.c: what the run chosen on Inputs shows ---- */
void write_bench(struct book *book);
void write_shipping(struct book *book);
void write_scorecard(struct book *book);
/* The run shown when the workbook is opened: the first SKU at the first quantity. */
const struct run *shown_run(const struct book *book);
/* "SKU ..., 10 asked", above the heads. */
void write_shown_line(struct book *book, lxw_worksheet *sheet);
/* "INDEX(...)": a figure of the shown run on Price breaks. */
const char *of_shown(struct book *book, int column);

#endif
