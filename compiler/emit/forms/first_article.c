/* First-article report after AS9102: accountability of the part, of what goes in, of every characteristic. */
#include "emit/forms/forms.h"

#include "emit/common/ingredients.h"
#include "emit/common/worksheet.h"

#include <string.h>

static bool is_first_article(const struct step *step)
{
    return step->sample &&
           (step->sample->form == SAMPLE_FIRST || step->sample->form == SAMPLE_FIRST_PER_BATCH);
}

/* ---- form 1: the part ---- */

static void draw_index_row(struct document *page, struct emit_context *context,
                           const struct part *part)
{
    const char *cells[5] = {
        title_of(context, &part->base),
        part->drawing ? value_cases(context, &part->drawing->value) : "",
        part->model ? value_cases(context, &part->model->value) : "",
    };
    page_table_row(page, cells);
}

static void draw_accountability(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {{"Part", 3, false},
                                            {"Drawing", 3, false},
                                            {"Model", 3, false},
                                            {"Serial or batch", 2, false},
                                            {"Report", 1.6, false}};
    static const char *const blanks[] = {"Report number", "Serial number", "Order number",
                                         "Drawing revision"};
    struct emit_context *context = forms->context;
    const struct shop *shop = context->spec->shop;
    if (shop)
        page_paragraph(page,
                       arena_printf(context->arena, "Made by: %s", title_of(context, &shop->base)));
    page_paragraph(page, "\342\230\220 part   \342\230\220 assembly          \342\230\220 full   "
                         "\342\230\220 partial, with baseline report and reason:");
    page_blanks(page, blanks, 4);
    page_heading(page, 2, "1  Part number accountability");
    page_table_begin(page, columns, 5);
    page_table_room(page, FORM_ROW_PT);
    for (const struct counted *row = context->product->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, NULL);
        if (part)
            draw_index_row(page, context, part);
    }
    page_table_end(page);
}

/* The first page says how it ended: whoever takes the report up reads no further if it is good. */
static void draw_verdict(struct document *page)
{
    static const char *const made[] = {"Inspected by", "Signature", "Date"};
    static const char *const seen[] = {"Reviewed by", "Signature", "Date"};
    page_paragraph(page, "\342\230\220 accepted     \342\230\220 not accepted     Nonconformance "
                         "reports, by number:");
    page_blanks(page, made, 3);
    page_blanks(page, seen, 3);
}

/* ---- form 2: materials, processes ---- */

static void draw_product_row(struct document *page, const char *name, const char *specification,
                             const char *supplier)
{
    const char *cells[6] = {name, specification, supplier, "", "", "\342\230\220"};
    page_table_row(page, cells);
}

static void draw_outside(struct document *page, struct emit_context *context,
                         const struct step *step)
{
    draw_product_row(page, title_of(context, &step->base),
                     step->certificate ? value_cases(context, &step->certificate->value) : "",
                     step->supplier ? value_cases(context, &step->supplier->value) : "");
}

static void draw_product_accountability(struct document *page, struct forms *forms)
{
    static const struct column columns[] = {{"Material or process", 3.4, false},
                                            {"Specification", 3.4, false},
                                            {"Supplier", 2, false},
                                            {"Lot", 1.6, false},
                                            {"Certificate", 1.8, false},
                                            {"OK", 0.6, false}};
    struct emit_context *context = forms->context;
    const struct spec *spec = context->spec;
    const struct workflow *workflow = context->product->workflow;
    page_heading(page, 2, "2  Materials and processes");
    page_table_begin(page, columns, 6);
    page_table_room(page, FORM_ROW_PT);
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *what = spec->declarations[i];
        if (what->kind != KIND_material || !product_takes(context->product, what))
            continue;
        const struct material *material = (const struct material *)what;
        const struct simple *grade = material->grade ? material->grade : material->family;
        draw_product_row(page, title_of(context, what),
                         grade ? value_cases(context, &grade->value) : "", "");
    }
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->base.kind == KIND_outsource)
            draw_outside(page, context, workflow->steps[i]);
    page_table_end(page);
}

/* ---- form 3: characteristics ---- */

struct sheet {
    struct document *page;
    struct forms *forms;
    int number; /* of the last characteristic */
};

static void begin_characteristics(struct sheet *sheet, const char *heading, const char *about)
{
    static const struct column columns[] = {{"No.", 0.9, true},
                                            {"Characteristic", 2.8, false},
                                            {"Class", 1.4, false},
                                            {"Nominal", 1.6, false},
                                            {"Limits or criterion", 3.2, false},
                                            {"Gauge", 2, false},
                                            {"Result", 1.9, false},
                                            {"OK", 0.9, false},
                                            {"Not", 0.9, false}};
    page_heading(sheet->page, 3, heading);
    page_remark(sheet->page, about);
    page_table_begin(sheet->page, columns, 9);
    page_table_room(sheet->page, FORM_ROW_PT);
}

static void draw_characteristic(struct sheet *sheet, const char *what, const char *class,
                                const char *nominal, const char *limits, const char *gauge)
{
    const char *cells[] = {arena_printf(sheet->forms->context->arena, "%d", ++sheet->number),
                           what,
                           class,
                           nominal,
                           limits,
                           gauge,
                           "",
                           "\342\230\220",
                           "\342\230\220"};
    page_table_row(sheet->page, cells);
}

static const char *limits_text(struct emit_context *context, const struct value *value,
                               const struct part *part)
{
    const struct size *size = value->size;
    struct arena *arena = context->arena;
    if (size->form == SIZE_BARE)
        return part && part->general ? value_cases(context, &part->general->value)
                                     : "as the drawing says";
    if (size->form != SIZE_LIMITS)
        return value_string(context->spec, value, NULL, arena);
    return arena_printf(arena, "%s .. %s", value_string(context->spec, &size->lower, NULL, arena),
                        value_string(context->spec, &size->upper, NULL, arena));
}

/* A dimension that varies has a line for each case: only one of them is this article's. */
static void draw_dimension(struct sheet *sheet, const struct dimension_row *row,
                           const struct value *value, const char *which)
{
    struct emit_context *context = sheet->forms->context;
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            draw_dimension(
                sheet, row, &value->choice->cases[i].value,
                arena_printf(context->arena, "%s (%s)", which, value->choice->cases[i].key));
        return;
    }
    if (value->kind != VALUE_SIZE)
        return;
    const char *class = value_word(&row->class, NULL);
    const struct part *part =
        row->part && row->part->kind == KIND_part ? (const struct part *)row->part : NULL;
    draw_characteristic(
        sheet,
        arena_printf(context->arena, "%s: %s%s", row->part ? title_of(context, row->part) : "",
                     row->name.word, which),
        class ? class : "",
        value->size->nominal.kind == VALUE_ABSENT
            ? ""
            : value_string(context->spec, &value->size->nominal, NULL, context->arena),
        limits_text(context, value, part),
        row->gauge.kind == VALUE_TEXT ? value_cases(context, &row->gauge) : "");
}

static const struct dimension_row *dimension_of(const struct check *check)
{
    return check->form == CHECK_DIMENSION && check->name.kind == VALUE_MEMBER
               ? check->name.member->dimension
               : NULL;
}

/* A check of the step is one or more of worksheet_checks()'s rows: defects are a row each. */
static void draw_first_step(struct sheet *sheet, const struct step *step)
{
    struct work_check *rows;
    int count = worksheet_checks(sheet->forms->context, step, &rows), at = 0;
    begin_characteristics(sheet, step_title(sheet->forms, step), step_about(sheet->forms, step));
    for (const struct check *check = step->check; check && at < count; check = check->next) {
        const struct dimension_row *dimension = dimension_of(check);
        int many = 1;
        if (check->form == CHECK_DEFECTS)
            for (const struct simple *row = check->defects->next; row; row = row->next)
                many++;
        if (dimension)
            draw_dimension(sheet, dimension, &dimension->size, "");
        for (int i = at; !dimension && i < at + many && i < count; i++)
            draw_characteristic(sheet, rows[i].what, rows[i].class, "", rows[i].limit,
                                rows[i].gauge);
        at += many;
    }
    page_table_end(sheet->page);
}

/* Whether some first article's inspection checks the dimension. */
static bool is_covered(const struct workflow *workflow, const struct dimension_row *row)
{
    for (int i = 0; i < workflow->step_count; i++)
        if (is_first_article(workflow->steps[i]))
            for (const struct check *check = workflow->steps[i]->check; check; check = check->next)
                if (dimension_of(check) == row)
                    return true;
    return false;
}

static void draw_uncovered(struct sheet *sheet)
{
    const struct product *product = sheet->forms->context->product;
    bool begun = false;
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, NULL);
        for (const struct dimension_row *one = part ? part->dimension : NULL; one;
             one = one->next) {
            if (is_covered(product->workflow, one))
                continue;
            if (!begun)
                begin_characteristics(sheet, "Further dimensions",
                                      "Of the parts, in no first article's inspection above.");
            begun = true;
            draw_dimension(sheet, one, &one->size, "");
        }
    }
    if (begun)
        page_table_end(sheet->page);
}

static bool has_characteristics(const struct product *product)
{
    for (int i = 0; i < product->workflow->step_count; i++)
        if (is_first_article(product->workflow->steps[i]))
            return true;
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, NULL);
        if (part && part->dimension)
            return true;
    }
    return false;
}

void draw_first_article(struct document *page, struct forms *forms)
{
    const struct workflow *workflow = forms->context->product->workflow;
    struct sheet sheet = {page, forms, 0};
    if (!has_characteristics(forms->context->product))
        return;
    begin_form(page, forms, "first_article", "First article report", forms->about);
    draw_accountability(page, forms);
    draw_verdict(page);
    draw_product_accountability(page, forms);
    page_heading(page, 2, "3  Characteristics");
    for (int i = 0; i < workflow->step_count; i++)
        if (is_first_article(workflow->steps[i]))
            draw_first_step(&sheet, workflow->steps[i]);
    draw_uncovered(&sheet);
}
