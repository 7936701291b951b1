/* Blank forms to print: what a batch leaves behind on paper. */
#include "emit/forms/forms.h"

#include "emit/common/paper.h"
#include "emit/common/worksheet.h"

#include <string.h>

void begin_form(struct document *page, struct forms *forms, const char *kind, const char *title,
                const char *about)
{
    page_form(page, title, about,
              arena_printf(forms->context->arena, "%s;%s;form/%s;%.16s", forms->number,
                           forms->revision, kind, forms->fingerprint));
}

const char *step_title(struct forms *forms, const struct step *step)
{
    return arena_printf(forms->context->arena, "%d  %s", step->index + 1,
                        title_of(forms->context, &step->base));
}

static void append(struct arena *arena, const char **text, const char *between, const char *more)
{
    *text = **text ? arena_printf(arena, "%s%s%s", *text, between, more) : more;
}

const char *step_about(struct forms *forms, const struct step *step)
{
    struct emit_context *context = forms->context;
    const char *text = "", *cases = "";
    if (step->at)
        append(context->arena, &text, "", value_cases(context, &step->at->value));
    if (step->sample)
        append(context->arena, &text, ", ", sample_words(context, step->sample));
    for (const struct simple *row = step->only; row; row = row->next)
        append(context->arena, &cases, ", ", value_cases(context, &row->value));
    if (*cases)
        append(context->arena, &text, ", only for ", cases);
    return *text ? text : kind_rows[step->base.kind].name;
}

#define ROW_LEAST_PT 18.0 /* a line of text, and what a hand needs */
#define HEAD_PT                                                                                    \
    66.0 /* a table's head once more, and what is left at the foot: less than two rows */

double row_room(const struct document *page, int rows, double behind, double most)
{
    double left = page_left(page) - behind;
    if (rows <= 0)
        return most;
    while (left < rows * ROW_LEAST_PT) /* on the fewest pages, and the last one full too */
        left += page_full(page) - HEAD_PT;
    return left / rows < most ? left / rows : most;
}

int plans_of(struct forms *forms, const struct step *step, struct work_sample **samples)
{
    int count = worksheet_samples(forms->context, step, samples);
    struct work_sample *rows = *samples;
    for (int i = 1; i < count; i++)
        if (strcmp(rows[i].n, rows[0].n) || strcmp(rows[i].accept, rows[0].accept))
            return count;
    if (count > 1)
        rows[0].lot = "any size";
    return count ? 1 : 0;
}

void blank_rows(struct document *page, int count)
{
    static const char *const cells[16];
    for (int i = 0; i < count; i++)
        page_table_row(page, cells);
}

static void draw(struct document *page, void *forms)
{
    draw_batch_record(page, forms);
    draw_first_article(page, forms);
    draw_inspection_records(page, forms);
    draw_nonconformance(page, forms);
    draw_clearance(page, forms);
    draw_training(page, forms);
    draw_approvals(page, forms);
}

void draw_room(struct document *page, const char *title, double height)
{
    struct column column = {title, 1, false};
    if (page_left(page) < height + 30)
        page_break(page);
    page_table_begin(page, &column, 1);
    page_table_room(page, height);
    blank_rows(page, 1);
    page_table_end(page);
}

static const char *text_of(struct emit_context *context, const struct simple *row)
{
    return row ? value_cases(context, &row->value) : "";
}

bool emit_forms(struct emit_context *context)
{
    struct forms forms = {.context = context};
    char fingerprint[65];
    if (!product_fingerprint(context->spec, context->product, fingerprint, context->failure))
        return false;
    const char *title = title_of(context, &context->product->base);
    forms.about = arena_printf(context->arena, "%s\n%s", title, number_and_revision(context));
    forms.number = text_of(context, context->product->number);
    forms.revision = text_of(context, context->product->revision);
    forms.fingerprint = fingerprint;
    struct page_setup setup =
        paper_setup(context, arena_printf(context->arena, "%s: forms", title), fingerprint);
    if (!document_write(emit_path(context, "forms.pdf"), &setup, draw, &forms, context->failure))
        return false;
    emit_wrote(context, "forms.pdf");
    return true;
}
