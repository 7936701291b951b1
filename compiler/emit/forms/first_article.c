/* First-article report after AS9102: accountability of the part, of what goes in, of every characteristic. */
#include "emit/forms/forms.h"

#include "emit/common/characteristics.h"
#include "emit/common/ingredients.h"
#include "emit/common/worksheet.h"

#include <string.h>

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
    const struct characteristic *rows; /* of the product */
    bool *covered;                     /* of each, whether an inspection has shown it */
    int count;
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

/* One that varies has a line for each case: only one of them is this article's. */
static void draw_characteristic(struct sheet *sheet, const struct characteristic *row)
{
    struct emit_context *context = sheet->forms->context;
    const struct characteristic_case *cases;
    int count = characteristic_cases(context, row, NULL, &cases);
    const char *of = row->of->kind == KIND_part
                         ? arena_printf(context->arena, "%s: ", title_of(context, row->of))
                         : "";
    sheet->covered[row - sheet->rows] = true;
    for (int i = 0; i < count; i++) {
        const char *which =
            *cases[i].which ? arena_printf(context->arena, " (%s)", cases[i].which) : "";
        const char *cells[] = {arena_printf(context->arena, "%d", row->number),
                               arena_printf(context->arena, "%s%s%s", of, row->name, which),
                               row->class,
                               cases[i].nominal,
                               cases[i].limits,
                               row->gauge,
                               "",
                               "\342\230\220",
                               "\342\230\220"};
        page_table_row(sheet->page, cells);
    }
}

static void draw_first_step(struct sheet *sheet, const struct step *step)
{
    struct work_check *checks;
    int count = worksheet_checks(sheet->forms->context, step, &checks);
    begin_characteristics(sheet, step_title(sheet->forms, step), step_about(sheet->forms, step));
    for (int i = 0; i < count; i++) {
        const struct characteristic *row = characteristic_find(
            sheet->forms->context, checks[i].part ? checks[i].part : &step->base, checks[i].row);
        if (row)
            draw_characteristic(sheet, row);
    }
    page_table_end(sheet->page);
}

static void draw_uncovered(struct sheet *sheet)
{
    bool begun = false;
    for (int i = 0; i < sheet->count; i++) {
        if (!sheet->rows[i].limit || sheet->covered[i])
            continue;
        if (!begun)
            begin_characteristics(sheet, "Further characteristics",
                                  "Of the parts and the fits between them, in no first article's "
                                  "inspection above.");
        begun = true;
        draw_characteristic(sheet, &sheet->rows[i]);
    }
    if (begun)
        page_table_end(sheet->page);
}

static bool has_characteristics(const struct sheet *sheet)
{
    const struct workflow *workflow = sheet->forms->context->product->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (is_first_article(workflow->steps[i]))
            return true;
    return sheet->count && sheet->rows[0].limit; /* what is measured comes first */
}

void draw_first_article(struct document *page, struct forms *forms)
{
    const struct workflow *workflow = forms->context->product->workflow;
    struct sheet sheet = {.page = page, .forms = forms};
    sheet.count = characteristics_of(forms->context, &sheet.rows);
    if (!has_characteristics(&sheet))
        return;
    sheet.covered = ARENA_ARRAY(forms->context->arena, bool, sheet.count + 1);
    for (int i = 0; i < sheet.count; i++)
        sheet.covered[i] = false;
    begin_form(page, forms, "first_article", "First article report", forms->about);
    draw_accountability(page, forms);
    draw_verdict(page);
    draw_product_accountability(page, forms);
    page_heading(page, 2, "3  Characteristics");
    page_remark(page, "Numbered as in the packet and its first_article.xlsx, the instructions and "
                      "the inspection records.");
    for (int i = 0; i < workflow->step_count; i++)
        if (is_first_article(workflow->steps[i]))
            draw_first_step(&sheet, workflow->steps[i]);
    draw_uncovered(&sheet);
}
