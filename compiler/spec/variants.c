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

/* ---- choices ---- */

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

/* Other workflows that took the step along hold its choices against their own product. */
static bool check_takers(struct binder *binder, const struct pending_choice *pending)
{
    struct spec *spec = &binder->spec;
    for (int i = 0; i < spec->product_count; i++) {
        struct workflow *workflow = spec->products[i]->workflow;
        if (!workflow || !workflow->base.like)
            continue;
        for (int j = 0; j < workflow->step_count; j++)
            if (&workflow->steps[j]->base != pending->self &&
                workflow->steps[j]->base.entry == pending->self->entry &&
                check_choice(spec, pending->choice, spec->products[i]))
                return true;
    }
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
            if (!axis)
                report_no_case(spec, product, &one->value);
            ((struct sell_case *)(uintptr_t)one)->axis = axis;
        }
}

void check_variants(struct binder *binder)
{
    for (struct pending_choice *pending = binder->choices; pending; pending = pending->next)
        pending->self->poisoned |= check_pending(binder, pending);
    for (struct pending_case *pending = binder->cases; pending; pending = pending->next) {
        const struct product *product = pending->step->workflow->product;
        if (!axis_of_case(product, pending->value->word)) {
            report_no_case(&binder->spec, product, pending->value);
            pending->value->kind = VALUE_POISON;
        }
    }
    for (int i = 0; i < binder->spec.product_count; i++)
        check_sell_cases(&binder->spec, binder->spec.products[i]);
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
