/* All families, in order; then the allowances that allowed nothing. */
#include "check/check.h"

#include "check/family.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void (*const product_families[])(struct spec *spec, const struct product *product) = {
    check_graph,   check_order,     check_content, check_physics,
    check_quality, check_looseness, check_money,   check_packet,
};

static void (*const spec_families[])(struct spec *spec) = {
    check_names,      check_files,     check_parts_used, check_lone_parts,
    check_dimensions, check_standards, check_allowances,
};

static void check_product(struct spec *spec, struct product *product)
{
    for (size_t i = 0; i < sizeof product_families / sizeof *product_families; i++)
        product_families[i](spec, product);
    product->distinct = NULL; /* it goes with the scratch */
}

static int like_depth(const struct product *product, int at_most)
{
    const struct declaration *at = product->workflow ? &product->workflow->base : NULL;
    int depth = 0;
    for (; at && at->like && depth < at_most; at = at->like)
        depth++;
    return depth;
}

/* What a workflow takes from another is told of there, so that one comes first. */
static void check_products(struct spec *spec)
{
    for (int depth = 0, left = spec->product_count; left > 0; depth++)
        for (int i = 0; i < spec->product_count; i++)
            if (like_depth(spec->products[i], spec->product_count) == depth) {
                check_product(spec, spec->products[i]);
                arena_clear(spec->scratch);
                left--;
            }
}

void check(struct spec *spec)
{
    struct arena scratch = {0}, sku_scratch = {0};
    spec->scratch = &scratch;
    spec->sku_scratch = &sku_scratch;
    check_products(spec);
    for (size_t i = 0; i < sizeof spec_families / sizeof *spec_families; i++)
        spec_families[i](spec);
    spec->scratch = spec->sku_scratch = NULL;
    arena_free(&scratch);
    arena_free(&sku_scratch);
}

const struct allowance *allowances_of(const struct declaration *owner)
{
    if (!owner)
        return NULL;
    if (kind_is_step(owner->kind))
        return ((const struct step *)owner)->allow;
    if (owner->kind == KIND_part)
        return ((const struct part *)owner)->allow;
    return owner->kind == KIND_product ? ((const struct product *)owner)->allow : NULL;
}

bool is_allowed(enum rule rule, const struct declaration *owner)
{
    bool allowed = false;
    for (const struct allowance *row = allowances_of(owner); row; row = row->next)
        if (row->rule.kind == VALUE_WORD && rule_rows[rule].allowable &&
            strcmp(row->rule.word, rule_rows[rule].name) == 0)
            *row->used = allowed = true;
    return allowed;
}

static bool has_allowance(enum rule rule, const struct declaration *owner)
{
    for (const struct allowance *row = allowances_of(owner); row; row = row->next)
        if (row->rule.kind == VALUE_WORD && strcmp(row->rule.word, rule_rows[rule].name) == 0)
            return rule_rows[rule].allowable;
    return false;
}

bool is_allowed_quietly(enum rule rule, const struct step *step)
{
    return has_allowance(rule, &step->base) || has_allowance(rule, step->base.owner);
}

/* One mistake, one message: another SKU's graph may find it by another way. */
static struct diagnostic *find_said(const struct diagnostics *list, enum rule rule,
                                    struct span span)
{
    for (int i = list->count; i-- > 0 && list->count - i < 256;)
        if (list->items[i]->rule == rule && list->items[i]->span.begin == span.begin)
            return list->items[i];
    return NULL;
}

/* What a step takes from the workflow that its own is like is the same mistake as there. */
static bool is_said_above(const struct diagnostics *list, enum rule rule,
                          const struct declaration *owner, struct span span)
{
    if (!owner || span.begin != owner->span.begin)
        return false;
    while (owner && kind_is_step(owner->kind) && ((const struct step *)owner)->inherited) {
        owner = owner->like;
        if (owner && find_said(list, rule, owner->span))
            return true;
    }
    return false;
}

static char *written(const char *format, va_list arguments)
{
    struct buffer text = {0};
    buffer_vaddf(&text, format, arguments);
    buffer_add(&text, "", 0);
    return text.text;
}

#define WRITTEN(text, format)                                                                      \
    va_list arguments;                                                                             \
    va_start(arguments, format);                                                                   \
    char *text = written(format, arguments);                                                       \
    va_end(arguments)

struct diagnostic *check_report(struct spec *spec, enum rule rule, const struct declaration *owner,
                                const struct declaration *product, struct span span,
                                const char *format, ...)
{
    bool allowed = is_allowed(rule, owner);
    if (product && product != owner)
        allowed |= is_allowed(rule, product);
    struct diagnostic *said = allowed ? NULL : find_said(spec->diagnostics, rule, span);
    sighted(spec, said);
    if (allowed || said || is_said_above(spec->diagnostics, rule, owner, span))
        return NULL;
    WRITTEN(text, format);
    struct diagnostic *diagnostic = report(spec->diagnostics, rule, span, "%s", text);
    free(text);
    sighted(spec, diagnostic);
    return diagnostic;
}

void check_note(struct spec *spec, struct diagnostic *diagnostic, struct span span,
                const char *format, ...)
{
    if (!diagnostic)
        return;
    WRITTEN(text, format);
    add_note(spec->diagnostics, diagnostic, span, "%s", text);
    free(text);
}

void check_help(struct spec *spec, struct diagnostic *diagnostic, const char *format, ...)
{
    if (!diagnostic)
        return;
    WRITTEN(text, format);
    set_help(spec->diagnostics, diagnostic, "%s", text);
    free(text);
}

/* ---- unused_allow ---- */

static void report_unused(struct spec *spec, const struct declaration *owner)
{
    for (const struct allowance *row = allowances_of(owner); row; row = row->next) {
        if (row->rule.kind != VALUE_WORD || *row->used)
            continue;
        *row->used = true; /* said once, though `like` may have copied it */
        bool never = !rule_rows[rule_find(row->rule.word)].allowable;
        struct diagnostic *d =
            report(spec->diagnostics, RULE_unused_allow, row->span,
                   never ? "`%s` cannot be allowed" : "`%s` is allowed here and would not speak",
                   row->rule.word);
        set_help(spec->diagnostics, d, "take the line out");
    }
}

/* An allowance for what a lost way would have shown is not held against the writer. */
static bool hides_a_way(const struct spec *spec, const struct declaration *owner)
{
    if (!spec->diagnostics->errors || !allowances_of(owner))
        return false;
    const struct workflow *workflow =
        kind_is_step(owner->kind)     ? ((const struct step *)owner)->workflow
        : owner->kind == KIND_product ? ((const struct product *)owner)->workflow
                                      : NULL;
    return workflow && !ways_are_known(workflow);
}

void check_allowances(struct spec *spec)
{
    if (spec->diagnostics->errors && spec_incomplete(spec))
        return;
    for (int i = 0; i < spec->declaration_count; i++)
        if (!spec->declarations[i]->failed && !hides_a_way(spec, spec->declarations[i]))
            report_unused(spec, spec->declarations[i]);
}
