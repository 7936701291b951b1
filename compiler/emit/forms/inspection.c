/* Inspection records, a row a unit; and the report of what was not as it should be. */
#include "emit/forms/forms.h"

#include "emit/common/characteristics.h"
#include "emit/common/worksheet.h"

#include <stdlib.h>
#include <string.h>

#define CHECKS_ABREAST 10
#define ROWS_LEAST 5 /* a unit that comes back is looked at again */
#define ROWS_USUAL 25
#define ROWS_AT_MOST 50 /* two pages; who inspects more copies the page */

/* ---- an inspection's record ---- */

/* The largest batch of the workflow, 0 where none is said. */
static long largest_batch(struct emit_context *context)
{
    const struct workflow *workflow = context->product->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->size)
            return (long)rational_to_int(
                value_number(context->spec, &workflow->steps[i]->size->to, NULL, RATIONAL_ZERO));
    return 0;
}

/* As many rows as the largest sample of the lots in use. */
static int rows_of(struct forms *forms, const struct step *step)
{
    struct work_sample *samples;
    int count = plans_of(forms, step, &samples);
    long most = step->sample->form == SAMPLE_ALL ? largest_batch(forms->context) : 0;
    for (int i = 0; i < count; i++)
        if (strtol(samples[i].n, NULL, 10) > most)
            most = strtol(samples[i].n, NULL, 10);
    if (most <= 0)
        most = ROWS_USUAL;
    if (most < ROWS_LEAST)
        most = ROWS_LEAST;
    return most < ROWS_AT_MOST ? (int)most : ROWS_AT_MOST;
}

static void draw_key(struct document *page, struct forms *forms, const struct step *step,
                     const struct work_check *checks, int count)
{
    static const struct column columns[] = {
        {"No.", 0.8, true},    {"Check", 3, false},       {"Limit or criterion", 5, false},
        {"Gauge", 2.2, false}, {"Gauge no.", 1.6, false}, {"Class", 1.4, false}};
    page_table_begin(page, columns, 6);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {characteristic_number(forms->context, step, &checks[i]),
                               checks[i].what,
                               checks[i].limit,
                               checks[i].gauge,
                               "",
                               checks[i].class};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

/* The plan for each lot in use, with room for the one at hand. */
static void draw_plan(struct document *page, struct forms *forms, const struct step *step)
{
    struct work_sample *samples;
    struct buffer text = {0};
    int count = plans_of(forms, step, &samples);
    for (int i = 0; i < count; i++)
        buffer_addf(&text, "%sLot of %s: inspect %s, accept up to %s, reject from %s.",
                    i ? "\n" : "", samples[i].lot, samples[i].n, samples[i].accept,
                    samples[i].reject);
    if (count)
        page_paragraph(page, buffer_text(&text));
    buffer_free(&text);
}

static void draw_grid(struct document *page, struct forms *forms, const struct step *step,
                      const struct work_check *checks, int checks_here, int rows)
{
    struct arena *arena = forms->context->arena;
    struct column columns[CHECKS_ABREAST + 4] = {{"", 0.6, true}, {"Unit", 1.8, false}};
    int count = 2;
    for (int i = 0; i < checks_here; i++)
        columns[count++] =
            (struct column){characteristic_number(forms->context, step, &checks[i]), 1, false};
    columns[count++] = (struct column){"OK", 0.7, false};
    columns[count++] = (struct column){"Not", 0.7, false};
    page_table_begin(page, columns, count);
    page_table_room(page, row_room(page, rows, 56, 21));
    for (int i = 0; i < rows; i++) {
        const char *cells[CHECKS_ABREAST + 4] = {arena_printf(arena, "%d", i + 1)};
        cells[count - 2] = cells[count - 1] = "\342\230\220";
        page_table_row(page, cells);
    }
    page_table_end_signed(page);
}

static void draw_record(struct document *page, struct forms *forms, const struct step *step)
{
    static const char *const head[] = {"Batch", "SKU", "Lot", "Inspected by", "Date"};
    static const char *const foot[] = {"Inspected", "Not good", "Accepted, rejected", "Signature"};
    struct emit_context *context = forms->context;
    struct work_check *checks;
    int count = worksheet_checks(context, step, &checks), rows = rows_of(forms, step);
    begin_form(
        page, forms, arena_printf(context->arena, "inspection/%s", step->base.name),
        arena_printf(context->arena, "Inspection record: %s", title_of(context, &step->base)),
        arena_printf(context->arena, "%s\nStep %d, %s", forms->about, step->index + 1,
                     step_about(forms, step)));
    page_blanks(page, head, 5);
    page_gap(page, 6);
    draw_plan(page, forms, step);
    draw_key(page, forms, step, checks, count);
    if (step->reaction)
        page_paragraph(page, arena_printf(context->arena, "When it fails: %s",
                                          value_cases(context, &step->reaction->value)));
    for (int from = 0; from < count; from += CHECKS_ABREAST)
        draw_grid(page, forms, step, checks + from,
                  from + CHECKS_ABREAST < count ? CHECKS_ABREAST : count - from, rows);
    page_blanks(page, foot, 4);
}

void draw_inspection_records(struct document *page, struct forms *forms)
{
    const struct workflow *workflow = forms->context->product->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->base.kind == KIND_inspect && workflow->steps[i]->sample)
            draw_record(page, forms, workflow->steps[i]);
}

/* ---- nonconformance ---- */

/* Whether a step before this row already named the defect. */
static bool is_first_naming(const struct workflow *workflow, const struct simple *row,
                            const struct defect *defect)
{
    for (int i = 0; i < workflow->step_count; i++)
        for (const struct check *check = workflow->steps[i]->check; check; check = check->next)
            for (const struct simple *one = check->defects; one; one = one->next) {
                if (one == row)
                    return true;
                if (value_defect(&one->value, NULL) == defect)
                    return false;
            }
    return true;
}

static void draw_defect(struct document *page, struct emit_context *context,
                        const struct defect *defect)
{
    const char *cells[] = {title_of(context, &defect->base),
                           defect->says ? value_cases(context, &defect->says->value) : "",
                           defect->class ? value_cases(context, &defect->class->value) : "",
                           defect->then ? value_cases(context, &defect->then->value) : "", ""};
    page_table_row(page, cells);
}

static void draw_defects(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {{"Defect", 3, false},
                                            {"How one knows it", 5, false},
                                            {"Class", 1.5, false},
                                            {"Then", 1.5, false},
                                            {"How many", 1.5, false}};
    static const char *const other[] = {"Other:", "", "", "", ""};
    const struct workflow *workflow = forms->context->product->workflow;
    page_table_begin(page, columns, 5);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < workflow->step_count; i++)
        for (const struct check *check = workflow->steps[i]->check; check; check = check->next)
            for (const struct simple *row = check->defects; row; row = row->next) {
                const struct defect *defect = value_defect(&row->value, NULL);
                if (defect && is_first_naming(workflow, row, defect))
                    draw_defect(page, forms->context, defect);
            }
    page_table_row(page, other);
    page_table_row(page, other);
    page_table_end(page);
}

static void draw_found_at(struct document *page, struct forms *forms)
{
    const struct workflow *workflow = forms->context->product->workflow;
    struct buffer text = {0};
    for (int i = 0; i < workflow->step_count; i++)
        buffer_addf(&text, "%s\342\230\220\302\240%s", i ? "     " : "Found at:  ",
                    title_of(forms->context, &workflow->steps[i]->base));
    page_paragraph(page, buffer_text(&text));
    buffer_free(&text);
}

/* The boxes of a report, and the signatures. On one page where there is room; else what it is on the first and what is
   done on the second, or all on the second. */
static void draw_boxes(struct document *page)
{
    static const char *const sign[] = {"Decided by", "Signature", "Date"};
    static const char *const closed[] = {"Found to work by", "Signature", "Closed, date"};
    /* four boxes, beside their heads, the decision and two lines of signatures */
    bool torn = page_left(page) < 4 * 36 + 230 && page_left(page) > 36 + 80;
    if (!torn)
        page_keep(page, 4 * 36 + 230);
    double room = row_room(page, 4, 230, 80), found = torn ? page_left(page) - 36 : room;
    draw_room(page, "What was found: requirement, what is there instead, where it lies now",
              found < 200 ? found : 200);
    if (torn) {
        page_break(page);
        room = 120;
    }
    draw_room(page, "Held at once: which units and lots, and what stops more of them", room);
    page_paragraph(page,
                   "\342\230\220 rework     \342\230\220 scrap     \342\230\220 use as it is     "
                   "\342\230\220 back to the supplier     \342\230\220 sort");
    page_blanks(page, sign, 3);
    page_gap(page, 8);
    draw_room(page, "Cause", room);
    draw_room(page, "What is changed so that it does not come again, by whom, by when", room);
    page_blanks(page, closed, 3);
}

void draw_nonconformance(struct document *page, struct forms *forms)
{
    static const char *const head[] = {"Report number", "Batch", "SKU", "Found by, date"};
    static const char *const count[] = {"Units affected", "Serials", "Lots suspected"};
    begin_form(page, forms, "nonconformance", "Nonconformance report", forms->about);
    page_blanks(page, head, 4);
    page_blanks(page, count, 3);
    page_gap(page, 8);
    draw_found_at(page, forms);
    draw_defects(page, forms);
    draw_boxes(page);
}
