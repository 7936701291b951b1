#include "emit/common/paper.h"

const char *number_and_revision(struct emit_context *context)
{
    const struct product *product = context->product;
    const char *number =
        product->number ? value_string(context->spec, &product->number->value, NULL, context->arena)
                        : "";
    const char *revision =
        product->revision
            ? value_string(context->spec, &product->revision->value, NULL, context->arena)
            : "";
    return arena_printf(context->arena, "%s  rev. %s", number, revision);
}

struct page_setup paper_setup(struct emit_context *context, const char *title,
                              const char *fingerprint)
{
    static const double sizes[2][2] = {{PAGE_A4}, {PAGE_LETTER}};
    const double *size = sizes[context->paper == PAPER_LETTER];
    return (struct page_setup){
        .width_pt = size[0],
        .height_pt = size[1],
        .margin_pt = 16 * MM_PT,
        .title = title,
        .head_right = number_and_revision(context),
        .foot_left = arena_printf(context->arena,
                                  "Fingerprint %.12s \302\267 a printed copy is not controlled: "
                                  "compare the fingerprint before use",
                                  fingerprint)};
}
