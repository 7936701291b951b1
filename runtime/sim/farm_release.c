/* Samples, in a simulated farm: made by it as anything else, and approved as soon as they are finished. */
#include "sim/farm_private.h"

static bool is_made(const struct farm *farm, const struct product_state *product)
{
    const struct chain_link *link = farm->specs->state.open_batches.first;
    for (; link; link = link->next) {
        const struct batch *batch = link->thing;
        if (batch->product == product && batch->purpose == PURPOSE_SAMPLE && !batch->closed)
            return true;
    }
    return false;
}

static bool make_sample(struct farm *farm, const struct product_state *product, int64_t units)
{
    const struct farm_sku *kind =
        &farm->kinds.skus[farm->kinds.first[product->current - farm->specs->revisions]];
    const char *name = arena_printf(&farm->sim.arena, "S-%d", ++farm->last_sample);
    struct message open = {.kind = COMMAND_open_batch,
                           .open_batch = {name, product->name, "sample"}};
    struct message add = {.kind = COMMAND_add_units,
                          .add_units = {name, kind->code, units, NULL, NULL}};
    struct message start = {.kind = COMMAND_start_batch, .start_batch = {name}};
    if (!sim_do(&farm->sim, simulated_planner, &open) ||
        !sim_do(&farm->sim, simulated_planner, &add) ||
        !sim_do(&farm->sim, simulated_planner, &start))
        return false;
    const struct table *batches = &farm->specs->state.batches;
    return farm_see_units(farm, farm_batch(farm, batches->things[batches->count - 1]));
}

/* One sample for all that sign. */
static int64_t units_missing(const struct product_state *product)
{
    const struct revision *revision = product->current;
    const struct simple *sample = revision->made->release->sample;
    const struct release_state *made = product_release(product, revision->fingerprint);
    int64_t wanted =
        sample ? rational_to_int(value_number(revision->spec, &sample->value, NULL, RATIONAL_ONE))
               : 0;
    return wanted - (made ? made->samples : 0);
}

bool farm_release(struct farm *farm)
{
    const struct table *products = &farm->specs->state.products;
    for (int i = 0; i < products->count; i++) {
        const struct product_state *product = products->things[i];
        const struct approval *missing;
        while ((missing = missing_approval(product, product->current)) && !is_made(farm, product)) {
            int64_t units = units_missing(product);
            struct message approve = {
                .kind = COMMAND_approve_sample,
                .approve_sample = {product->name, missing->name.word, "as drawn"}};
            if (units > 0 ? !make_sample(farm, product, units)
                          : !sim_do(&farm->sim, simulated_inspector, &approve))
                return false;
        }
    }
    return true;
}
