/* What was measured does to cost: the spec is compiled once more with the numbers in it, and both are priced alike. */
#include "trace/actuals_change.h"

#include "base/inputs.h"
#include "check/check.h"

#include <stdlib.h>
#include <string.h>

/* ---- the spec as it would be ---- */

enum { ALL, FOR_PATCH };

static bool is_chosen(const struct actuals_change *change, int which)
{
    return which == ALL || (change->firm && !change->obstacle);
}

/* The files with the changes in them; how many changes there are is *count. */
static int changed_files(const struct actuals *actuals, const struct actuals_changes *changes,
                         int which, struct arena *arena, struct patched_file **files, int *count)
{
    struct patch_edit *edits = ARENA_ARRAY(arena, struct patch_edit, changes->count + 1);

    *count = 0;
    for (int i = 0; i < changes->count; i++)
        if (is_chosen(&changes->items[i], which))
            edits[(*count)++] =
                (struct patch_edit){changes->items[i].span, changes->items[i].after};
    return patch_apply(actuals->spec->sources, edits, *count, arena, files);
}

struct recompiled {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct spec *spec; /* NULL: it does not compile */
    const struct product *product;
};

static const struct product *product_named(const struct spec *spec, const char *name)
{
    for (int i = 0; i < spec->product_count; i++)
        if (strcmp(spec->products[i]->base.name, name) == 0)
            return spec->products[i];
    return NULL;
}

/* Not by a session: closing one would take the numbers of every other spec of this thread with it. */
static bool recompile(struct recompiled *again, const struct actuals *actuals,
                      const struct patched_file *files, int count, const char *modules,
                      struct failure *failure)
{
    struct input_text *texts = ARENA_ARRAY(&again->arena, struct input_text, count + 1);

    interner_open(&again->names, &again->arena);
    source_set_open(&again->sources, &again->arena);
    again->diagnostics.arena = &again->arena;
    for (int i = 0; i < count; i++)
        texts[i] = (struct input_text){files[i].source->path, files[i].text, files[i].length};
    inputs_stand_in(texts, count);
    spec_modules_from(modules);
    again->spec = spec_load(actuals->spec->main->path, &again->arena, &again->names,
                            &again->sources, &again->diagnostics, failure);
    spec_modules_from(NULL);
    inputs_stand_in(NULL, 0);
    if (!again->spec)
        return false;
    again->product = product_named(again->spec, actuals->product->base.name);
    return again->product || fail(failure, "%s cannot be compiled with what was measured in it",
                                  actuals->spec->main->path);
}

static void close_recompiled(struct recompiled *again)
{
    spec_close(again->spec);
    source_set_close(&again->sources);
    interner_close(&again->names);
    arena_free(&again->arena);
}

/* ---- prices ---- */

static struct actuals_figures figures_of(const struct spec *spec, const struct sku *sku,
                                         struct rational quantity)
{
    struct arena arena = {0};
    struct cost_sheet sheet;

    cost_reckon(spec, sku, quantity, &arena, &sheet);
    arena_free(&arena);
    return (struct actuals_figures){
        .valid = sheet.valid,
        .has_price = sheet.valid && sheet.has_price,
        .unit_cost = sheet.unit_cost,
        .price = sheet.has_price ? sheet.price : RATIONAL_ZERO,
        .margin = sheet.has_price ? sheet.margin : RATIONAL_ZERO,
    };
}

/* The SKU's own sell lines, break by break; one unit where it is not sold. */
static int list_breaks(const struct actuals *actuals, const struct sku *sku, struct arena *arena,
                       struct actuals_price *prices)
{
    const char *code = sku_code(actuals->spec, sku, arena);
    int count = 0;

    for (const struct sell *sell = cost_sell_line(sku, NULL); sell;
         sell = cost_sell_line(sku, sell))
        for (const struct sell_break *one = sell->breaks; one; one = one->next)
            prices[count++] = (struct actuals_price){
                .sku = code,
                .quantity = value_number(actuals->spec, &one->quantity, sku, RATIONAL_ONE)};
    if (count == 0)
        prices[count++] = (struct actuals_price){.sku = code, .quantity = RATIONAL_ONE};
    return count;
}

static int count_breaks(const struct product *product)
{
    int count = 1;
    for (const struct sell *sell = product->price ? product->price->sell : NULL; sell;
         sell = sell->next)
        for (const struct sell_break *one = sell->breaks; one; one = one->next)
            count++;
    return count;
}

static size_t offset_of(int which)
{
    return which == ALL ? offsetof(struct actuals_price, measured)
                        : offsetof(struct actuals_price, patched);
}

/* Fills one column from the spec as it would be; leaves it invalid where that has mistakes: shares over 100 %. */
static bool price_changed(const struct actuals *actuals, const struct actuals_changes *changes,
                          int which, const char *modules, struct actuals_price *prices, int count,
                          struct failure *failure)
{
    struct recompiled again = {0};
    struct patched_file *files;
    int changed;
    int file_count = changed_files(actuals, changes, which, &again.arena, &files, &changed);
    bool good = recompile(&again, actuals, files, file_count, modules, failure);

    for (int i = 0; good && !again.diagnostics.errors && i < count; i++) {
        struct sku sku;
        if (!sku_find(again.spec, again.product, prices[i].sku, &sku))
            continue;
        struct actuals_figures figures = figures_of(again.spec, &sku, prices[i].quantity);
        memcpy((char *)&prices[i] + offset_of(which), &figures, sizeof figures);
    }
    close_recompiled(&again);
    return good;
}

int actuals_prices(const struct actuals *actuals, const struct actuals_changes *changes,
                   const char *modules, struct arena *arena, struct actuals_price **prices,
                   struct failure *failure)
{
    long skus = actuals->product->sku_count;
    int count = 0;

    *prices = ARENA_ARRAY(arena, struct actuals_price, skus * count_breaks(actuals->product));
    for (long i = 0; i < skus; i++) {
        struct sku sku;
        sku_at(actuals->product, i, &sku);
        int breaks = list_breaks(actuals, &sku, arena, *prices + count);
        for (int k = 0; k < breaks; k++, count++)
            (*prices)[count].spec = figures_of(actuals->spec, &sku, (*prices)[count].quantity);
    }
    return price_changed(actuals, changes, ALL, modules, *prices, count, failure) &&
                   price_changed(actuals, changes, FOR_PATCH, modules, *prices, count, failure)
               ? count
               : -1;
}

/* ---- the patch ---- */

/* The name of a file from the root, NULL where it stands elsewhere. */
static const char *name_under(const char *root, const char *path)
{
    size_t length = strlen(root);
    while (length && root[length - 1] == '/')
        length--;
    if (strcmp(root, ".") == 0 && path[0] != '/')
        return path;
    return strncmp(path, root, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

int actuals_patch(const struct actuals *actuals, const struct actuals_changes *changes,
                  const char *root, struct buffer *out)
{
    struct arena arena = {0};
    struct actuals_changes kept = {ARENA_ARRAY(&arena, struct actuals_change, changes->count + 1),
                                   0, 0};
    struct patched_file *files;
    int count;

    for (int i = 0; i < changes->count; i++) {
        const struct source *source =
            source_of(actuals->spec->sources, changes->items[i].span.begin);
        if (name_under(root, source->path))
            kept.items[kept.count++] = changes->items[i];
    }
    int file_count = changed_files(actuals, &kept, FOR_PATCH, &arena, &files, &count);
    for (int i = 0; i < file_count; i++)
        patch_diff(out, name_under(root, files[i].source->path), files[i].source, files[i].text,
                   files[i].length);
    arena_free(&arena);
    return count;
}

/* ---- what the patch would bring with it ---- */

/* An adopted spec has no errors, so all there are come from the patch. */
int actuals_patch_errors(const struct actuals *actuals, const struct actuals_changes *changes,
                         const char *modules, struct buffer *out, struct failure *failure)
{
    struct recompiled again = {0};
    struct patched_file *files;
    int changed, errors = -1;
    int file_count = changed_files(actuals, changes, FOR_PATCH, &again.arena, &files, &changed);

    if (recompile(&again, actuals, files, file_count, modules, failure)) {
        check(again.spec);
        diagnostics_sort(&again.diagnostics, &again.sources);
        errors = 0;
        for (int i = 0; i < again.diagnostics.count; i++) {
            const struct diagnostic *one = again.diagnostics.items[i];
            if (one->severity != SEVERITY_ERROR)
                continue;
            buffer_addf(out, "%s: %s\n", rule_rows[one->rule].name, one->message);
            errors++;
        }
    }
    close_recompiled(&again);
    return errors;
}
