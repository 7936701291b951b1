/* Blank forms to print: what a batch leaves behind on paper. */
#include "emit/forms/forms.h"

#include "emit/common/paper.h"
#include "emit/common/worksheet.h"

const char *step_title(struct forms *forms, const struct step *step)
{
    return arena_printf(forms->context->arena, "%d  %s", step->index + 1,
                        title_of(forms->context, &step->base));
}

const char *step_about(struct forms *forms, const struct step *step)
{
    struct emit_context *context = forms->context;
    const char *text = kind_rows[step->base.kind].name;
    if (step->at)
        text = arena_printf(context->arena, "%s, %s", text, value_cases(context, &step->at->value));
    if (step->sample)
        text = arena_printf(context->arena, "%s, %s", text, sample_words(context, step->sample));
    for (const struct simple *row = step->only; row; row = row->next)
        text =
            arena_printf(context->arena, "%s%s %s", text, row == step->only ? ", only for" : " or",
                         value_cases(context, &row->value));
    return text;
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

bool emit_forms(struct emit_context *context)
{
    struct forms forms = {.context = context};
    char fingerprint[65];
    if (!product_fingerprint(context->spec, context->product, fingerprint, context->failure))
        return false;
    const char *title = title_of(context, &context->product->base);
    forms.about = arena_printf(context->arena, "%s\n%s", title, number_and_revision(context));
    forms.code =
        arena_printf(context->arena, "%s;%.16s", number_and_revision(context), fingerprint);
    struct page_setup setup =
        paper_setup(context, arena_printf(context->arena, "%s: forms", title), fingerprint);
    if (!document_write(emit_path(context, "forms.pdf"), &setup, draw, &forms, context->failure))
        return false;
    emit_wrote(context, "forms.pdf");
    return true;
}
