/* Finished units of the stock, which batches that could wait no longer leave behind, for the lines that want such. */
#include "plan/snapshot_private.h"

static bool is_in_stock(const struct piece *unit)
{
    return unit->at == PLACE_DONE && !unit->line && !unit->parcel && !unit->holds;
}

/* The line that wants a SKU of a revision first, -1. */
static int wanting_line(const struct building *building, const struct revision *revision, int sku)
{
    int best = -1;
    for (int i = 0; i < building->lines_made; i++) {
        const struct plan_line *line = &building->line[i];
        const struct plan_line *other = best < 0 ? NULL : &building->line[best];
        if (building->revision[line->group] != revision || line->sku != sku || line->count <= 0)
            continue;
        if (!other || line->due_s < other->due_s ||
            (line->due_s == other->due_s && line->came_s < other->came_s))
            best = i;
    }
    return best;
}

/* As many of those from `first` on as are alike; how many were taken, at least one. */
static int32_t give_run(struct building *building, const struct batch *batch, int32_t first)
{
    struct plan_snapshot *snapshot = building->snapshot;
    int32_t sku = batch->units[first].sku, end = first + 1;
    int line = wanting_line(building, batch->revision, sku);
    if (line < 0)
        return 1;
    while (end < batch->unit_count && end - first < building->line[line].count &&
           is_in_stock(&batch->units[end]) && batch->units[end].sku == sku)
        end++;
    snapshot->stock =
        with_room_for(snapshot->stock, snapshot->stock_count, sizeof *snapshot->stock);
    snapshot->stock[snapshot->stock_count++] =
        (struct plan_stock){line, batch, first + 1, end - first};
    building->line[line].count -= end - first;
    return end - first;
}

/* Sample pieces are for those who approve them, and an older spec made another thing. */
void use_stock(struct building *building)
{
    const struct chain_link *link = building->state->open_batches.first;
    for (; link; link = link->next) {
        const struct batch *batch = link->thing;
        if (!batch->spare || batch->purpose != PURPOSE_PRODUCTION ||
            batch->revision != batch->product->current)
            continue;
        for (int32_t i = 0; i < batch->unit_count;)
            i += is_in_stock(&batch->units[i]) ? give_run(building, batch, i) : 1;
    }
}
