/* The adopted specs of an open shop: compiled when first asked for. */
#include "shop/private.h"

#include "base/file.h"
#include "base/memory.h"
#include "emit/emit.h"
#include "shop/snapshot.h"

#include <stdlib.h>
#include <string.h>

static const char *shelf(struct workshop *shop)
{
    return path_join(&shop->deciding, shop->folder, "specs");
}

static bool fill_revision(struct workshop *shop, struct kept_spec *kept, int index,
                          struct failure *failure)
{
    const struct spec *spec = kept->session.spec;
    const struct product *product = spec->products[index];
    struct fingerprint_fields *fields = ARENA_NEW(&kept->session.arena, struct fingerprint_fields);
    struct fingerprint_fields *lane = fields;

    if (!product_fingerprint_fields(spec, product, &kept->session.arena, fields, failure))
        return false;
    if (product->release && product->release->void_on) {
        lane = ARENA_NEW(&kept->session.arena, struct fingerprint_fields);
        if (!product_lane_fields(spec, product, &kept->session.arena, lane, failure))
            return false;
    }
    const char *number = product->revision ? value_string(spec, &product->revision->value, NULL,
                                                          &kept->session.arena)
                                           : "";
    kept->revisions[index] =
        (struct revision){.snapshot = kept->snapshot,
                          .product = intern_text(&shop->state.names, product->base.name),
                          .number = intern_text(&shop->state.names, number),
                          .fingerprint = intern_text(&shop->state.names, fields->hex),
                          .spec = spec,
                          .made = product,
                          .fields = fields,
                          .lane = intern_text(&shop->state.names, lane->hex),
                          .lane_fields = lane};
    kept->revisions[index].graphs =
        ARENA_ARRAY(&kept->session.arena, struct graph *, product->sku_count + 1);
    return true;
}

static void close_newest(struct workshop *shop)
{
    struct kept_spec *newest = shop->specs;
    shop->specs = newest->older;
    session_close(&newest->session);
    free(newest);
}

static struct kept_spec *open_spec(struct workshop *shop, const char *snapshot,
                                   struct failure *failure)
{
    struct kept_spec *kept = memory_zeroed(1, sizeof *kept);
    bool good = snapshot_open(shelf(shop), snapshot, &kept->session, failure);

    kept->older = shop->specs;
    kept->snapshot = intern_text(&shop->state.names, snapshot);
    shop->specs = kept;
    kept->count = good ? kept->session.spec->product_count : 0;
    kept->revisions = ARENA_ARRAY(&kept->session.arena, struct revision, kept->count + 1);
    for (int i = 0; good && i < kept->count; i++)
        good = fill_revision(shop, kept, i, failure);
    if (!good)
        close_newest(shop);
    return good ? kept : NULL;
}

const struct revision *shop_revision(struct workshop *shop, const char *snapshot,
                                     const char *product, struct failure *failure)
{
    struct failure unheard;
    struct kept_spec *kept = shop->specs;

    while (kept && strcmp(kept->snapshot, snapshot) != 0)
        kept = kept->older;
    if (!kept)
        kept = open_spec(shop, snapshot, failure ? failure : &unheard);
    for (int i = 0; kept && i < kept->count; i++)
        if (strcmp(kept->revisions[i].product, product) == 0)
            return &kept->revisions[i];
    if (kept && failure)
        fail(failure, "the spec %.12s has no product %s", snapshot, product);
    return NULL;
}

const struct revision *shop_find_revision(const char *snapshot, const char *product, void *shop)
{
    return shop_revision(shop, snapshot, product, NULL);
}

bool shop_keep_spec(struct workshop *shop, const char *path, char snapshot[65],
                    struct failure *failure)
{
    bool refused;
    return snapshot_keep(shelf(shop), path, snapshot, &refused, failure);
}

void shop_close_specs(struct workshop *shop)
{
    while (shop->specs)
        close_newest(shop);
}
