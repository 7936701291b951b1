/* The batch record: what went in, who did what when, the figures that were to be written, what came out. */
#include "emit/forms/forms.h"

#include "emit/common/characteristics.h"
#include "emit/common/ingredients.h"
#include "emit/common/worksheet.h"

static void draw_opening(struct document *page, struct forms *forms)
{
    static const char *const first[] = {"Batch", "SKU", "Quantity ordered", "Due"};
    static const char *const second[] = {"Orders in it", "Opened by, date",
                                         "Fingerprint compared by"};
    const struct workflow *workflow = forms->context->product->workflow;
    page_blanks(page, first, 4);
    page_blanks(page, second, 3);
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (!step->size)
            continue;
        page_gap(page, 8);
        page_remark(page, arena_printf(forms->context->arena, "%s: %s to %s units a batch.",
                                       title_of(forms->context, &step->base),
                                       value_cases(forms->context, &step->size->from),
                                       value_cases(forms->context, &step->size->to)));
    }
}

static const char *number_of(struct emit_context *context, const struct declaration *what)
{
    const struct simple *row = what->kind == KIND_material ? ((const struct material *)what)->grade
                                                           : ((const struct item *)what)->sku;
    return row ? value_cases(context, &row->value) : "";
}

static void draw_lots(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {
        {"Material or item", 4, false}, {"Number or grade", 3, false}, {"Lot", 3, false},
        {"Issued", 1.6, false},         {"Left", 1.6, false},          {"By", 1.5, false}};
    struct emit_context *context = forms->context;
    const struct spec *spec = context->spec;
    page_heading(page, 3, "What goes in");
    page_table_begin(page, columns, 6);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *what = spec->declarations[i];
        if (!product_takes(context->product, what))
            continue;
        const char *cells[] = {title_of(context, what),
                               number_of(context, what),
                               lot_is_tracked(what) ? "" : "\342\200\223",
                               "",
                               "",
                               ""};
        page_table_row(page, cells);
    }
    page_table_end(page);
    page_remark(page, "A dash: the lot need not be written.");
}

static void draw_way(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {
        {"Step", 4, false},   {"Begun", 1.7, false}, {"Ended", 1.7, false},
        {"In", 1.1, false},   {"Good", 1.1, false},  {"Again", 1.1, false},
        {"Held", 1.1, false}, {"Scrap", 1.1, false}, {"Done by", 1.7, false}};
    const struct workflow *workflow = forms->context->product->workflow;
    page_heading(page, 3, "The way, step by step");
    page_table_begin(page, columns, 9);
    page_table_room(page, row_room(page, workflow->step_count, 30, FORM_ROW_PT + 7));
    for (int i = 0; i < workflow->step_count; i++) {
        const char *cells[9] = {step_title(forms, workflow->steps[i])};
        page_table_row(page, cells);
    }
    page_table_end(page);
    page_remark(page, "In = good + again + held + scrap at every step; a difference is written on "
                      "a nonconformance report.");
}

/* ---- what a step leaves behind ---- */

static void draw_machine(struct document *page, struct forms *forms, const struct step *step)
{
    struct buffer text = {0};
    if (!step->on)
        return;
    for (const struct simple *row = step->on; row; row = row->next)
        buffer_addf(&text, "%s\342\230\220 %s", row == step->on ? "Machine:  " : "     ",
                    value_cases(forms->context, &row->value));
    page_paragraph(page, buffer_text(&text));
    buffer_free(&text);
}

static void draw_records(struct document *page, struct forms *forms, const struct step *step)
{
    static const struct column columns[] = {{"To be written", 4, false}, {"Unit", 1.4, false},
                                            {"First", 2, false},         {"During", 2, false},
                                            {"Last", 2, false},          {"By, time", 2.4, false}};
    struct work_pair *records;
    int count = worksheet_records(forms->context, step, &records);
    if (!count)
        return;
    page_table_begin(page, columns, 6);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < count; i++) {
        const char *cells[6] = {records[i].name, records[i].text};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

static void draw_checked(struct document *page, struct forms *forms, const struct step *step)
{
    static const struct column columns[] = {
        {"No.", 0.7, true},    {"Check", 3, false},       {"Limit or criterion", 5, false},
        {"Class", 1.5, false}, {"Looked at", 1.7, false}, {"Not good", 1.7, false}};
    struct work_check *checks;
    int count = worksheet_checks(forms->context, step, &checks);
    if (!count)
        return;
    page_table_begin(page, columns, 6);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {characteristic_number(forms->context, step, &checks[i]),
                               checks[i].what,
                               checks[i].limit,
                               checks[i].class,
                               "",
                               ""};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

static void draw_sampling(struct document *page, struct forms *forms, const struct step *step)
{
    static const struct column columns[] = {{"Lot", 1.3, true},
                                            {"Inspect", 1.6, true},
                                            {"Accept up to", 1.6, true},
                                            {"Reject from", 1.6, true},
                                            {"Inspected", 2, false},
                                            {"Defective", 2, false},
                                            {"Accepted, rejected", 2.4, false}};
    struct work_sample *samples;
    int count = plans_of(forms, step, &samples);
    if (!count)
        return;
    page_table_begin(page, columns, 7);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < count; i++) {
        const char *cells[7] = {samples[i].lot,
                                samples[i].n,
                                samples[i].accept,
                                samples[i].reject,
                                "",
                                "",
                                "\342\230\220 yes  \342\230\220 no"};
        page_table_row(page, cells);
    }
    static const char *const other[7] = {
        "", "", "", "", "", "", "\342\230\220 yes  \342\230\220 no"};
    page_table_row(page, other);
    page_table_end(page);
}

static bool leaves_something(const struct step *step)
{
    return step->on || step->record || step->check || step->sample;
}

static void draw_steps(struct document *page, struct forms *forms)
{
    const struct workflow *workflow = forms->context->product->workflow;
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (!leaves_something(step))
            continue;
        page_heading(page, 3, step_title(forms, step));
        page_remark(page, step_about(forms, step));
        draw_machine(page, forms, step);
        draw_records(page, forms, step);
        draw_checked(page, forms, step);
        draw_sampling(page, forms, step);
    }
}

/* ---- what comes out ---- */

#define LABEL_LEAST_PT 60.0
#define SIGNED_PT 104.0 /* the label's head, the decision and the signatures below it */

static void draw_closing(struct document *page)
{
    static const struct column counts[] = {{"Started", 1, false},
                                           {"Good", 1, false},
                                           {"Scrapped", 1, false},
                                           {"Held", 1, false},
                                           {"Samples kept", 1.2, false},
                                           {"Difference", 1.1, false},
                                           {"Good of started, %", 1.5, false}};
    static const struct column labels[] = {{"Labels printed", 1, false},
                                           {"Used", 1, false},
                                           {"Kept with this record", 1.3, false},
                                           {"Destroyed", 1, false},
                                           {"Difference", 1, false}};
    static const char *const sign[] = {"Reviewed by", "Signature", "Date"};
    page_heading(page, 3, "What comes out");
    page_table_begin(page, counts, 7);
    page_table_room(page, FORM_ROW_PT);
    blank_rows(page, 1);
    page_table_end(page);
    page_table_begin(page, labels, 5);
    page_table_room(page, FORM_ROW_PT);
    blank_rows(page, 1);
    page_table_end(page);
    page_keep(page, LABEL_LEAST_PT + SIGNED_PT); /* who signs sees what was made */
    double room = page_left(page) - SIGNED_PT;
    draw_room(page, "One label of each kind, stuck here", room < 110 ? room : 110);
    page_paragraph(page, "\342\230\220 released     \342\230\220 held     \342\230\220 rejected    "
                         " Nonconformance reports, by number:");
    page_blanks(page, sign, 3);
}

void draw_batch_record(struct document *page, struct forms *forms)
{
    begin_form(page, forms, "batch_record", "Batch record", forms->about);
    draw_opening(page, forms);
    draw_lots(page, forms);
    draw_way(page, forms);
    draw_steps(page, forms);
    draw_closing(page);
}
