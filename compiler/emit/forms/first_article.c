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

#define PIECES_AT_MOST 4
#define FIRST_COLUMNS 6
#define SHORT_TABLE 8 /* rows of a table that is not torn */

struct sheet {
    struct document *page;
    struct forms *forms;
    const struct characteristic *rows; /* of the product */
    bool *covered;                     /* of each, whether an inspection has shown it */
    int count;
    int pieces; /* of the open table */
    struct column columns[FIRST_COLUMNS + PIECES_AT_MOST + 2];
};

/* Room for the result of each piece; who measures more of them takes a copy of the page. */
static void begin_characteristics(struct sheet *sheet, const char *heading, const char *about,
                                  int pieces)
{
    static const char *const results[PIECES_AT_MOST] = {"1st", "2nd", "3rd", "4th"};
    static const struct column first[FIRST_COLUMNS] = {
        {"No.", 0.9, true},       {"Characteristic", 2.8, false},      {"Class", 1.6, false},
        {"Nominal", 1.75, false}, {"Limits or criterion", 3.2, false}, {"Gauge", 2, false}};
    struct column *columns = sheet->columns; /* the table looks at them until it ends */
    memcpy(columns, first, sizeof first);
    int count = FIRST_COLUMNS;
    for (int i = 0; i < pieces; i++)
        columns[count++] = pieces > 1 ? (struct column){results[i], 1.05, false}
                                      : (struct column){"Result", 1.9, false};
    columns[count++] = (struct column){"OK", 0.8, false};
    columns[count++] = (struct column){"Not", 0.9, false};
    sheet->pieces = pieces;
    page_heading(sheet->page, 3, heading);
    page_remark(sheet->page, about);
    page_table_begin(sheet->page, columns, count);
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
        const char *cells[FIRST_COLUMNS + PIECES_AT_MOST + 2] = {
            arena_printf(context->arena, "%d", row->number),
            arena_printf(context->arena, "%s%s%s", of, row->name, which),
            row->class,
            cases[i].nominal,
            cases[i].limits,
            row->gauge};
        cells[FIRST_COLUMNS + sheet->pieces] = cells[FIRST_COLUMNS + 1 + sheet->pieces] =
            "\342\230\220";
        page_table_row(sheet->page, cells);
    }
}

static int pieces_of(const struct emit_context *context, const struct step *step)
{
    int64_t pieces =
        rational_to_int(value_number(context->spec, &step->sample->number, NULL, RATIONAL_ONE));
    return pieces < 1 ? 1 : pieces > PIECES_AT_MOST ? PIECES_AT_MOST : (int)pieces;
}

/* Each inspection is signed for itself: one may be at another bench, weeks after the other. */
static void draw_first_step(struct sheet *sheet, const struct step *step)
{
    static const char *const blanks[] = {"Batch, machine", "Inspected by", "Signature", "Date"};
    struct emit_context *context = sheet->forms->context;
    struct work_check *checks;
    int count = worksheet_checks(context, step, &checks);
    page_keep(sheet->page, count <= SHORT_TABLE ? 120 + 31.0 * count : 0);
    begin_characteristics(sheet, step_title(sheet->forms, step), step_about(sheet->forms, step),
                          pieces_of(context, step));
    for (int i = 0; i < count; i++) {
        const struct characteristic *row = characteristic_find(
            context, checks[i].part ? checks[i].part : &step->base, checks[i].row);
        if (row)
            draw_characteristic(sheet, row);
    }
    page_table_end(sheet->page);
    if (step->reaction)
        page_paragraph(sheet->page, arena_printf(context->arena, "When it fails: %s",
                                                 value_cases(context, &step->reaction->value)));
    page_blanks(sheet->page, blanks, 4);
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
                                  "inspection above.",
                                  1);
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
    page_break(page); /* it goes to the bench by itself */
    page_heading(page, 2, "3  Characteristics");
    page_remark(page, "A number is the same in the instructions, the inspection records and what a "
                      "supplier gets.");
    for (int i = 0; i < workflow->step_count; i++)
        if (is_first_article(workflow->steps[i]))
            draw_first_step(&sheet, workflow->steps[i]);
    draw_uncovered(&sheet);
}
