/* What changes do to unit cost, price and margin: every SKU that both specs have, at the quantities its documents
   reckon with. */
#include "diff/private.h"

#include "base/memory.h"
#include "quality/sampling.h"

#include <stdlib.h>
#include <string.h>

enum { SKUS_RECKONED = 2000, COSTS_AT_MOST = 20000 };

static bool errs(const struct diagnostic *one)
{
    static const char *const families[] = {"reading", "names", "units", "variants", "graph"};

    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        if (one->severity == SEVERITY_ERROR &&
            strcmp(rule_rows[one->rule].family, families[f]) == 0)
            return true;
    return false;
}

bool figures_hold(const struct spec *spec)
{
    for (int i = 0; i < spec->diagnostics->count; i++)
        if (errs(spec->diagnostics->items[i]))
            return false;
    return true;
}

/* ---- quantities: of both, each once ---- */

static int by_number(const void *left, const void *right)
{
    return rational_compare(*(const struct rational *)left, *(const struct rational *)right);
}

static int quantities_of(struct spec_diff *diff, const struct product *old,
                         const struct product *new, struct rational **quantities)
{
    struct rational *first, *second;
    int old_count = cost_quantities(diff->before.spec, old, &first, diff->arena);
    int new_count = cost_quantities(diff->after.spec, new, &second, diff->arena);
    int count = 0, total = old_count + new_count;
    struct rational *all = ARENA_ARRAY(diff->arena, struct rational, total + 1);

    if (old_count)
        memcpy(all, first, sizeof *all * (size_t)old_count);
    if (new_count)
        memcpy(all + old_count, second, sizeof *all * (size_t)new_count);
    qsort(all, (size_t)total, sizeof *all, by_number);
    for (int i = 0; i < total; i++)
        if (i == 0 || rational_compare(all[i], all[i - 1]) != 0)
            all[count++] = all[i];
    if (!total)
        all[count++] = rational_integer(1);
    *quantities = all;
    return count;
}

/* ---- one SKU ---- */

static void note_cost(struct spec_diff *diff, const struct cost_sheet *old,
                      const struct cost_sheet *new, const char *code)
{
    bool same =
        old->has_price == new->has_price &&rational_compare(old->unit_cost, new->unit_cost) == 0 &&
        (!old->has_price || (rational_compare(old->price, new->price) == 0 &&
                             rational_compare(old->margin, new->margin) == 0));

    if (same || !old->valid || !new->valid || diff->cost_count == COSTS_AT_MOST)
        return;
    diff->costs[diff->cost_count++] = (struct cost_change){
        .product = new->product,
        .sku = code,
        .quantity = new->quantity,
        .sold_before = old->has_price,
        .sold_after = new->has_price,
        .cost_before = old->unit_cost,
        .cost_after = new->unit_cost,
        .price_before = old->price,
        .price_after = new->price,
        .margin_before = old->margin,
        .margin_after = new->margin,
    };
}

static void compare_sku(struct spec_diff *diff, const struct sku *old, const struct sku *new,
                        const struct rational *quantities, int count, const char *code)
{
    for (int i = 0; i < count; i++) {
        struct cost_sheet before, after;
        cost_reckon(diff->before.spec, old, quantities[i], diff->arena, &before);
        cost_reckon(diff->after.spec, new, quantities[i], diff->arena, &after);
        note_cost(diff, &before, &after, code);
    }
}

static void compare_product(struct spec_diff *diff, const struct product *old,
                            const struct product *new)
{
    struct rational *quantities;
    int count = quantities_of(diff, old, new, &quantities);

    for (long i = 0; i < new->sku_count &&i < SKUS_RECKONED; i++) {
        struct sku before, after;
        sku_at(new, i, &after);
        const char *code = sku_code(diff->after.spec, &after, diff->arena);
        diff->sku_total++;
        if (sku_find(diff->before.spec, old, code, &before))
            compare_sku(diff, &before, &after, quantities, count, code);
    }
}

void compare_costs(struct spec_diff *diff)
{
    const struct spec *before = diff->before.spec, *after = diff->after.spec;
    struct failure failure;

    diff->costs_hold = figures_hold(before) && figures_hold(after) && sampling_ready(&failure) &&
                       strcmp(shop_currency(before), shop_currency(after)) == 0;
    if (!diff->costs_hold)
        return;
    diff->costs = ARENA_ARRAY(diff->arena, struct cost_change, COSTS_AT_MOST);
    for (int i = 0; i < after->product_count; i++)
        for (int k = 0; k < before->product_count; k++)
            if (strcmp(after->products[i]->base.name, before->products[k]->base.name) == 0 &&
                after->products[i]->workflow && before->products[k]->workflow)
                compare_product(diff, before->products[k], after->products[i]);
}

/* ---- all of it ---- */

enum change_class diff_class(const struct spec_diff *diff)
{
    enum change_class class = CHANGE_COSMETIC;

    for (int i = 0; i < diff->count; i++)
        class = diff->changes[i].class > class ? diff->changes[i].class : class;
    return class;
}

bool spec_compare(struct spec_diff *diff, struct failure *failure)
{
    const struct source *old = diff->before.spec->main, *new = diff->after.spec->main;

    diff->before.errors = diff->before.spec->diagnostics->errors;
    diff->after.errors = diff->after.spec->diagnostics->errors;
    diff->same_bytes = old->length == new->length &&memcmp(old->text, new->text, old->length) == 0;
    compare_declarations(diff);
    compare_costs(diff);
    return compare_approvals(diff, failure);
}
