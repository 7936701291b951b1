/* Variants: SKUs, and whether every choice covers its axis. */
#include "spec/binder.h"

#include <string.h>

static const struct axis *axis_named(const struct product *product, const char *name)
{
    for (int i = 0; i < product->axis_count; i++)
        if (product->axes[i]->name.word == name)
            return product->axes[i];
    return NULL;
}

static int case_index(const struct axis *axis, const char *word)
{
    for (int i = 0; i < axis->count; i++)
        if (axis->cases[i].word == word)
            return i;
    return -1;
}

/* ---- names of a product's own ---- */

/* Where a word stands without the quotes that it may be in. */
static struct span unquoted(const struct spec *spec, struct span span)
{
    if (span.end - span.begin >= 2 && *span_text(spec->sources, span) == '"')
        return (struct span){span.begin + 1, span.end - 1};
    return span;
}

/* Where the name of the axis stands in `by size: ...`. */
static struct span axis_name_span(const struct spec *spec, const struct choice *choice)
{
    uint32_t begin = choice->span.begin;
    if (choice->count)
        begin += 2 + (uint32_t)strspn(span_text(spec->sources, choice->span) + 2, " \t");
    return (struct span){begin, begin + (uint32_t)strlen(choice->axis)};
}

static void mention_case(const struct spec *spec, const struct product *product,
                         const struct axis *axis, const char *word, struct span span)
{
    int index = axis ? case_index(axis, word) : -1;
    if (index >= 0)
        mention_own(product, unquoted(spec, span), unquoted(spec, axis->cases[index].span));
}

static void mention_choice(const struct spec *spec, const struct product *product,
                           const struct axis *axis, const struct choice *choice)
{
    struct span name = axis_name_span(spec, choice);
    if (axis)
        mention_own(product, name, axis->name.span);
    for (const struct ask *ask = axis ? NULL : product->asks; ask; ask = ask->next)
        if (ask->name.kind == VALUE_WORD && ask->name.word == choice->axis)
            mention_own(product, name, ask->name.span);
    for (int i = 0; i < choice->count; i++)
        mention_case(spec, product, axis, choice->cases[i].key, choice->cases[i].span);
}

/* A name stands where it is declared, too. */
static void mention_declared(const struct spec *spec, const struct product *product)
{
    for (int i = 0; i < product->axis_count; i++) {
        const struct axis *axis = product->axes[i];
        mention_own(product, axis->name.span, axis->name.span);
        for (int k = 0; k < axis->count; k++)
            mention_case(spec, product, axis, axis->cases[k].word, axis->cases[k].span);
    }
    for (const struct ask *ask = product->asks; ask; ask = ask->next)
        if (ask->name.kind == VALUE_WORD)
            mention_own(product, ask->name.span, ask->name.span);
}

/* ---- choices ---- */

void hold_choice(struct binder *binder, const struct scope *scope, const struct choice *choice)
{
    struct pending_choice *pending = ARENA_NEW(binder->spec.arena, struct pending_choice);
    *pending = (struct pending_choice){binder->choices, choice, scope->self};
    binder->choices = pending;
}

struct choice *bare_axis(struct binder *binder, const struct scope *scope, const char *name,
                         struct span span)
{
    struct choice *choice = ARENA_NEW(binder->spec.arena, struct choice);
    *choice = (struct choice){.axis = name, .span = span};
    hold_choice(binder, scope, choice);
    return choice;
}

static void report_no_axis(struct spec *spec, const struct choice *choice,
                           const struct product *product)
{
    struct diagnostic *d =
        report(spec->diagnostics, RULE_unknown_name, choice->span, "product `%s` has no axis `%s`",
               product->base.name, choice->axis);
    const char *best = NULL;
    int nearest = 1000;
    for (int i = 0; i < product->axis_count; i++) {
        int distance = edit_distance(choice->axis, product->axes[i]->name.word);
        if (distance < nearest)
            nearest = distance, best = product->axes[i]->name.word;
    }
    if (best && close_enough(choice->axis, nearest))
        set_help(spec->diagnostics, d, "did you mean `by %s`?", best);
}

static bool unknown_case(struct spec *spec, const struct axis *axis, const char *word,
                         struct span span)
{
    if (!word || case_index(axis, word) >= 0)
        return false;
    struct diagnostic *d = report(spec->diagnostics, RULE_variant_unknown_case, span,
                                  "axis `%s` has no case `%s`", axis->name.word, word);
    add_label(spec->diagnostics, d, axis->span, "its cases are declared here");
    return true;
}

static bool check_repeated(struct spec *spec, const struct choice *choice)
{
    for (int i = 0; i < choice->count && i < 1000; i++)
        for (int j = 0; j < i; j++)
            if (choice->cases[i].key && choice->cases[i].key == choice->cases[j].key) {
                struct diagnostic *d =
                    report(spec->diagnostics, RULE_duplicate_name, choice->cases[i].span,
                           "the case `%s` is said twice", choice->cases[i].key);
                add_label(spec->diagnostics, d, choice->cases[j].span, "first here");
                return true;
            }
    return false;
}

static bool check_choice(struct spec *spec, const struct choice *choice,
                         const struct product *product)
{
    const struct axis *axis = axis_named(product, choice->axis);
    mention_choice(spec, product, axis, choice);
    if (!choice->count)
        return false;
    if (!axis && map_get(&binder_of(spec)->axes, product, choice->axis))
        return true; /* it is declared, and could not be read */
    if (!axis) {
        report_no_axis(spec, choice, product);
        return true;
    }
    bool wrong = check_repeated(spec, choice);
    for (int i = 0; i < choice->count; i++)
        wrong |= unknown_case(spec, axis, choice->cases[i].key, choice->cases[i].span);
    if (wrong)
        return true;
    struct buffer missing = {0};
    for (int i = 0; i < axis->count; i++) {
        int j = 0;
        while (j < choice->count && choice->cases[j].key != axis->cases[i].word)
            j++;
        if (j == choice->count)
            buffer_addf(&missing, "%s`%s`", missing.length ? ", " : "", axis->cases[i].word);
    }
    if (missing.length) {
        struct diagnostic *d = report(spec->diagnostics, RULE_variant_missing_case, choice->span,
                                      "nothing is said for %s", missing.text);
        add_label(spec->diagnostics, d, axis->span, "the cases of `%s`", axis->name.word);
        set_help(spec->diagnostics, d, "add `, %s -> <value>`", axis->cases[0].word);
        const char *first = strchr(missing.text, '`') + 1;
        set_help(spec->diagnostics, d, "add `, %.*s -> <value>`", (int)strcspn(first, "`"), first);
    }
    bool reported = missing.length > 0;
    buffer_free(&missing);
    return reported;
}

/* Whether another workflow took the step along. */
static bool takes(const struct workflow *workflow, const struct declaration *step)
{
    for (int i = 0; workflow && workflow->base.like && i < workflow->step_count; i++)
        if (&workflow->steps[i]->base != step && workflow->steps[i]->base.entry == step->entry)
            return true;
    return false;
}

/* Workflows that took the step along hold its choices against their own product. */
static bool check_takers(struct binder *binder, const struct pending_choice *pending)
{
    struct spec *spec = &binder->spec;
    for (int i = 0; i < spec->product_count; i++)
        if (takes(spec->products[i]->workflow, pending->self) &&
            check_choice(spec, pending->choice, spec->products[i]))
            return true;
    return false;
}

/* Whether something was wrong, and said. */
static bool check_pending(struct binder *binder, const struct pending_choice *pending)
{
    struct spec *spec = &binder->spec;
    struct declaration *self = pending->self;
    struct declaration *owner = self->kind == KIND_product ? self : self->owner;
    if (owner && owner->kind == KIND_product) {
        return check_choice(spec, pending->choice, (struct product *)owner) ||
               (kind_is_step(self->kind) && check_takers(binder, pending));
    }
    if (self->kind == KIND_part) {
        for (const struct user *user = map_get(&binder->users, NULL, self); user; user = user->next)
            if (check_choice(spec, pending->choice, user->product))
                return true;
        return false;
    }
    for (int i = 0; i < spec->product_count; i++)
        if (axis_named(spec->products[i], pending->choice->axis) &&
            check_choice(spec, pending->choice, spec->products[i]))
            return true;
    return false;
}

/* ---- words that must be a case ---- */

static const struct axis *axis_of_case(const struct product *product, const char *word)
{
    for (int i = 0; i < product->axis_count; i++)
        if (case_index(product->axes[i], word) >= 0)
            return product->axes[i];
    return NULL;
}

static void report_no_case(struct spec *spec, const struct product *product,
                           const struct value *value)
{
    struct diagnostic *d =
        report(spec->diagnostics, RULE_variant_unknown_case, value->span,
               "no axis of `%s` has a case `%s`", product->base.name, value->word);
    if (product->axis_count)
        add_label(spec->diagnostics, d, product->axes[0]->span, "its axes");
}

static void check_sell_cases(struct spec *spec, struct product *product)
{
    const struct sell *row = product->price ? product->price->sell : NULL;
    for (; row; row = row->next)
        for (const struct sell_case *one = row->cases; one; one = one->next) {
            if (one->value.kind != VALUE_WORD)
                continue;
            const struct axis *axis = axis_of_case(product, one->value.word);
            mention_case(spec, product, axis, one->value.word, one->value.span);
            if (!axis)
                report_no_case(spec, product, &one->value);
            ((struct sell_case *)(uintptr_t)one)->axis = axis;
        }
}

/* Of workflows that took the step along a case may be missing: then it is for none of theirs. */
static void check_case(struct spec *spec, const struct pending_case *pending)
{
    const struct product *product = pending->step->workflow->product;
    const char *word = pending->value->word;
    for (int i = 0; i < spec->product_count; i++) {
        const struct product *other = spec->products[i];
        if (other == product || takes(other->workflow, &pending->step->base))
            mention_case(spec, other, axis_of_case(other, word), word, pending->value->span);
    }
    if (!axis_of_case(product, word)) {
        report_no_case(spec, product, pending->value);
        pending->value->kind = VALUE_POISON;
    }
}

void check_variants(struct binder *binder)
{
    for (struct pending_choice *pending = binder->choices; pending; pending = pending->next)
        pending->self->poisoned |= check_pending(binder, pending);
    for (struct pending_case *pending = binder->cases; pending; pending = pending->next)
        check_case(&binder->spec, pending);
    for (int i = 0; i < binder->spec.product_count; i++) {
        mention_declared(&binder->spec, binder->spec.products[i]);
        check_sell_cases(&binder->spec, binder->spec.products[i]);
    }
}

/* ---- SKUs ---- */

void sku_at(const struct product *product, long index, struct sku *sku)
{
    *sku = (struct sku){.product = product, .index = index};
    for (int i = product->axis_count; i-- > 0;) {
        sku->cases[i] = (int)(index % product->axes[i]->count);
        index /= product->axes[i]->count;
    }
}

const char *sku_case(const struct sku *sku, const char *axis)
{
    if (!sku)
        return NULL;
    for (int i = 0; i < sku->product->axis_count; i++)
        if (sku->product->axes[i]->name.word == axis)
            return sku->product->axes[i]->cases[sku->cases[i]].word;
    return NULL;
}

const char *sku_code(const struct spec *spec, const struct sku *sku, struct arena *arena)
{
    const struct product *product = sku->product;
    if (product->sku && product->sku->value.kind == VALUE_TEXT)
        return value_string(spec, &product->sku->value, sku, arena);
    struct buffer code = {0};
    if (product->number)
        value_print(&code, spec, &product->number->value, sku);
    for (int i = 0; i < product->axis_count; i++)
        buffer_addf(&code, "-%s", product->axes[i]->cases[sku->cases[i]].word);
    const char *text = arena_copy_text(arena, buffer_text(&code), code.length);
    buffer_free(&code);
    return text;
}

bool sku_find(const struct spec *spec, const struct product *product, const char *code,
              struct sku *sku)
{
    struct arena arena = {0};
    bool found = false;
    for (long i = 0; i < product->sku_count && !found; i++) {
        sku_at(product, i, sku);
        found = strcmp(sku_code(spec, sku, &arena), code) == 0;
        arena_clear(&arena);
    }
    arena_free(&arena);
    return found;
}

/* "or" within one axis, "and" across axes. */
bool step_is_for(const struct step *step, const struct sku *sku)
{
    if (!step->only || !sku)
        return true;
    bool spoken[AXES_AT_MOST] = {false}, met[AXES_AT_MOST] = {false}, none = true;
    for (const struct simple *row = step->only; row; row = row->next) {
        if (row->value.kind != VALUE_WORD) /* no case, and told of: it may have meant any */
            return true;
        for (int i = 0; i < sku->product->axis_count; i++) {
            int index = case_index(sku->product->axes[i], row->value.word);
            if (index < 0)
                continue;
            none = false;
            spoken[i] = true;
            met[i] |= index == sku->cases[i];
            break;
        }
    }
    for (int i = 0; i < AXES_AT_MOST; i++)
        if (spoken[i] && !met[i])
            return false;
    return !none || step->base.failed;
}
