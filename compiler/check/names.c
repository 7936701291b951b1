/* Names that nothing uses. A shared file is free to offer more; beside a product, a name is there to be used. */
#include "check/family.h"

#include <string.h>

static bool counts(enum kind kind)
{
    switch (kind) {
    case KIND_let:
    case KIND_station:
    case KIND_role:
    case KIND_process:
    case KIND_machine:
    case KIND_material:
    case KIND_item:
    case KIND_defect:
    case KIND_standard:
        return true;
    default:
        return false;
    }
}

/* Linear: products are marked by their file. */
static bool stands_beside_product(const struct spec *spec, const struct declaration *declaration)
{
    static const struct source *last;
    static const struct spec *last_spec;
    static bool last_answer;
    if (last == declaration->source && last_spec == spec)
        return last_answer;
    last = declaration->source;
    last_spec = spec;
    last_answer = false;
    for (int i = 0; i < spec->product_count && !last_answer; i++)
        last_answer = spec->products[i]->base.source == declaration->source;
    return last_answer;
}

void check_names(struct spec *spec)
{
    if (spec_incomplete(spec))
        return;
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *declaration = spec->declarations[i];
        if (!counts(declaration->kind) || declaration->used || declaration->failed ||
            declaration->source->shared || !stands_beside_product(spec, declaration))
            continue;
        struct diagnostic *d = report(
            spec->diagnostics, RULE_unused_name, declaration->span, "nothing uses the %s `%s`",
            declaration->kind == KIND_let ? "value" : kind_rows[declaration->kind].name,
            declaration->name);
        set_help(spec->diagnostics, d, "take it out, or use it");
    }
}
