/* Before and beside the work: line clearance, who was shown what, signatures at gates and for the release. */
#include "emit/forms/forms.h"

#include "emit/common/worksheet.h"

#include <string.h>

/* ---- line clearance ---- */

static bool is_first_station(const struct workflow *workflow, int at)
{
    const struct station *station = value_station(&workflow->steps[at]->at->value, NULL);
    for (int i = 0; i < at; i++)
        if (workflow->steps[i]->at &&
            value_station(&workflow->steps[i]->at->value, NULL) == station)
            return false;
    return station != NULL;
}

static void draw_stations(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {
        {"Station", 3, false},          {"Parts gone", 1.4, false},
        {"Materials gone", 1.6, false}, {"Labels and papers gone", 2, false},
        {"Clean", 1.2, false},          {"Cleared by, time", 2.4, false},
        {"Seen by", 2, false}};
    static const char *const box = "\342\230\220";
    const struct workflow *workflow = forms->context->product->workflow;
    page_heading(page, 3, "Nothing of the batch before is left");
    page_table_begin(page, columns, 7);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->at && is_first_station(workflow, i)) {
            const char *cells[7] = {value_cases(forms->context, &workflow->steps[i]->at->value),
                                    box, box, box, box};
            page_table_row(page, cells);
        }
    page_table_end_signed(page);
}

/* Each machine once, with what it must be set to: what a step's settings are called. */
static void draw_machines(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {{"Step", 3, false},
                                            {"Machine", 3, false},
                                            {"Settings", 3.4, false},
                                            {"Machine no.", 1.6, false},
                                            {"Set, by", 2, false}};
    const struct workflow *workflow = forms->context->product->workflow;
    bool begun = false;
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        const struct simple *settings = step->slice ? step->slice : step->gcode;
        for (const struct simple *row = step->on; row; row = row->next) {
            if (!begun) {
                page_heading(page, 3, "The machines");
                page_table_begin(page, columns, 5);
                page_table_room(page, FORM_ROW_PT);
            }
            begun = true;
            const char *cells[5] = {step_title(forms, step),
                                    value_cases(forms->context, &row->value),
                                    settings ? value_cases(forms->context, &settings->value) : ""};
            page_table_row(page, cells);
        }
    }
    if (begun)
        page_table_end_signed(page);
}

static const char *gauge_of(struct emit_context *context, const struct check *check)
{
    if (check->form != CHECK_DIMENSION || check->name.kind != VALUE_MEMBER ||
        check->name.member->dimension->gauge.kind != VALUE_TEXT)
        return NULL;
    return value_cases(context, &check->name.member->dimension->gauge);
}

/* Adds a gauge to those already on the form; false where it is there. */
static bool add_gauge(const char **gauges, int *count, const char *gauge)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(gauges[i], gauge) == 0)
            return false;
    gauges[(*count)++] = gauge;
    return true;
}

static int count_checks(const struct workflow *workflow)
{
    int count = 0;
    for (int i = 0; i < workflow->step_count; i++)
        for (const struct check *check = workflow->steps[i]->check; check; check = check->next)
            count++;
    return count;
}

static void draw_gauges(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {{"Gauge", 4, false},
                                            {"Number", 2, false},
                                            {"Calibrated until", 2.2, false},
                                            {"Reads right on its master", 2.4, false},
                                            {"By", 1.6, false}};
    const struct workflow *workflow = forms->context->product->workflow;
    const char **gauges =
        ARENA_ARRAY(forms->context->arena, const char *, count_checks(workflow) + 1);
    int count = 0;
    for (int i = 0; i < workflow->step_count; i++)
        for (const struct check *check = workflow->steps[i]->check; check; check = check->next) {
            const char *gauge = gauge_of(forms->context, check);
            if (!gauge || !add_gauge(gauges, &count, gauge))
                continue;
            if (count == 1) {
                page_heading(page, 3, "The gauges");
                page_table_begin(page, columns, 5);
                page_table_room(page, FORM_ROW_PT);
            }
            const char *cells[] = {gauge, "", "", "\342\230\220", ""};
            page_table_row(page, cells);
        }
    if (count)
        page_table_end_signed(page);
}

void draw_clearance(struct document *page, struct forms *forms)
{
    static const char *const head[] = {"Batch before", "Batch to begin", "SKU", "Date"};
    static const char *const sign[] = {"Cleared to begin by", "Signature", "Date, time"};
    begin_form(page, forms, "clearance", "Line clearance", forms->about);
    page_blanks(page, head, 4);
    draw_stations(page, forms);
    draw_machines(page, forms);
    draw_gauges(page, forms);
    page_blanks(page, sign, 3);
}

/* ---- training ---- */

static const char *standards_of(struct emit_context *context, const struct step *step)
{
    const char *text = "";
    for (const struct simple *row = step->using; row; row = row->next)
        text = arena_printf(context->arena, "%s%s%s", text, *text ? ", " : "",
                            value_cases(context, &row->value));
    return text;
}

void draw_training(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {
        {"Step", 3.6, false},        {"Station", 2.2, false},         {"Standard", 2.2, false},
        {"Shown, date", 1.8, false}, {"Done under eyes", 1.8, false}, {"Alone from", 1.7, false},
        {"Trainer", 1.7, false}};
    static const char *const head[] = {"Person", "Instructions: revision, fingerprint"};
    static const char *const sign[] = {"I have read and understood these instructions: signature",
                                       "Date"};
    struct emit_context *context = forms->context;
    const struct workflow *workflow = context->product->workflow;
    begin_form(page, forms, "training", "Training record", forms->about);
    page_blanks(page, head, 2);
    page_gap(page, 10);
    page_table_begin(page, columns, 7);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        const char *cells[7] = {step_title(forms, step),
                                step->at ? value_cases(context, &step->at->value) : "",
                                standards_of(context, step)};
        page_table_row(page, cells);
    }
    page_table_end_signed(page);
    page_blanks(page, sign, 2);
}

/* ---- signatures ---- */

static const char *const decision_sign[] = {"Name", "Signature", "Date"};

static void draw_gate(struct document *page, struct forms *forms, const struct step *step)
{
    struct emit_context *context = forms->context;
    int number = 0;
    page_heading(page, 2, step_title(forms, step));
    if (step->by)
        page_paragraph(page, arena_printf(context->arena, "Signed by: %s",
                                          value_cases(context, &step->by->value)));
    for (const struct simple *row = step->requires; row; row = row->next)
        page_step(page, ++number, value_cases(context, &row->value), NULL);
    page_paragraph(page, "Batch and quantity:                                                "
                         "\342\230\220 approved     \342\230\220 refused, because:");
    page_blanks(page, decision_sign, 3);
    page_gap(page, 10);
}

static void draw_approval(struct document *page, struct forms *forms,
                          const struct approval *approval)
{
    struct emit_context *context = forms->context;
    const struct release *release = context->product->release;
    const char *name = value_word(&approval->name, NULL);
    char *title = arena_printf(context->arena, "Release: %s", name ? name : "");
    for (char *at = title; *at; at++)
        if (*at == '_')
            *at = ' ';
    page_heading(page, 2, title);
    page_paragraph(
        page, arena_printf(context->arena, "Signed by: %s", value_cases(context, &approval->role)));
    if (release->sample)
        page_paragraph(page,
                       arena_printf(context->arena,
                                    "Sample: %s units, kept with this form, sealed and dated.",
                                    value_cases(context, &release->sample->value)));
    if (release->production)
        page_paragraph(page, arena_printf(context->arena, "Good for at most %s units.",
                                          value_cases(context, &release->production->value)));
    for (const struct simple *row = release->void_on; row; row = row->next)
        title = arena_printf(context->arena, "%s%s%s", row == release->void_on ? "" : title,
                             row == release->void_on ? "Void when one of these changes: " : ", ",
                             value_cases(context, &row->value));
    if (release->void_on)
        page_paragraph(page, title);
    page_paragraph(page, "\342\230\220 approved     \342\230\220 approved with these limits:       "
                         "                       \342\230\220 refused, because:");
    page_blanks(page, decision_sign, 3);
    page_gap(page, 10);
}

void draw_approvals(struct document *page, struct forms *forms)
{
    const struct product *product = forms->context->product;
    const struct approval *approvals = product->release ? product->release->approve : NULL;
    bool gates = approvals != NULL;
    for (int i = 0; i < product->workflow->step_count; i++)
        gates |= product->workflow->steps[i]->base.kind == KIND_gate;
    if (!gates)
        return;
    begin_form(page, forms, "approvals", "Approvals", forms->about);
    for (const struct approval *row = approvals; row; row = row->next)
        draw_approval(page, forms, row);
    for (int i = 0; i < product->workflow->step_count; i++)
        if (product->workflow->steps[i]->base.kind == KIND_gate)
            draw_gate(page, forms, product->workflow->steps[i]);
}
