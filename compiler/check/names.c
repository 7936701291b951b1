/* Names that nothing uses. A shared file is free to offer more; beside a product, a name is there to be used. */
#include "check/family.h"

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

/* What stands in the file of a name. Names come file by file, so that it is looked for once a file: linear. */
struct beside {
    const struct source *source;
    bool product;
    bool asked;   /* whether `allowed` has been looked for */
    bool allowed; /* by a product of the file */
};

static struct beside look_beside(const struct spec *spec, const struct source *source)
{
    struct beside beside = {.source = source};
    for (int i = 0; i < spec->product_count && !beside.product; i++)
        beside.product = spec->products[i]->base.source == source;
    return beside;
}

/* A name that nothing uses belongs to no product: any product of its file may allow it. */
static bool allowed_beside(const struct spec *spec, struct beside *beside)
{
    for (int i = 0; i < spec->product_count && !beside->asked; i++)
        if (spec->products[i]->base.source == beside->source)
            beside->allowed |= is_allowed(RULE_unused_name, &spec->products[i]->base);
    beside->asked = true;
    return beside->allowed;
}

void check_names(struct spec *spec)
{
    struct beside beside = {0};
    if (spec_incomplete(spec))
        return;
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *declaration = spec->declarations[i];
        if (!counts(declaration->kind) || declaration->used || declaration->failed ||
            declaration->source->shared)
            continue;
        if (beside.source != declaration->source)
            beside = look_beside(spec, declaration->source);
        if (!beside.product || allowed_beside(spec, &beside))
            continue;
        struct diagnostic *d = report(
            spec->diagnostics, RULE_unused_name, declaration->span, "nothing uses the %s `%s`",
            declaration->kind == KIND_let ? "value" : kind_rows[declaration->kind].name,
            declaration->name);
        set_help(spec->diagnostics, d, "take it out, or use it");
    }
}
