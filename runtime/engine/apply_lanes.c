/* What the events of repeats change; and what being printed and shipped proves. */
#include "engine/applying.h"

#include <string.h>

void apply_lane_accepted(const struct applying *at, const struct message *event)
{
    const struct lane_accepted *accepted = &event->lane_accepted;
    struct product_state *product = state_product(at->state, accepted->product);
    struct accepted_lane *row = ARENA_NEW(&at->state->arena, struct accepted_lane);
    *row = (struct accepted_lane){product->accepted, accepted->lane, at->by, accepted->reason,
                                  at->time_ms};
    product->accepted = row;
}

/* ---- files ---- */

static void keep_file(const struct applying *at, struct printed_file **files,
                      const struct printed_file *file)
{
    for (const struct printed_file *one = *files; one; one = one->next)
        if (one->step == file->step && one->sku == file->sku && one->sha256 == file->sha256)
            return;
    struct printed_file *kept = ARENA_NEW(&at->state->arena, struct printed_file);
    *kept = *file;
    kept->next = *files;
    *files = kept;
}

void keep_printed_file(const struct applying *at, const struct job *job, const struct job_part *row)
{
    const struct printed_file file = {NULL, intern_text(&at->state->names, row->step->base.name),
                                      row->code, job->sha256, job->name};
    if (*job->sha256)
        keep_file(at, &row->batch->files, &file);
}

/* ---- lanes ---- */

static struct shipped_sku *shipped_of(const struct applying *at, const char *product,
                                      const char *sku)
{
    struct shipped_sku *shipped = table_get(&at->state->shipped, product, sku);
    if (!shipped) {
        shipped = ARENA_NEW(&at->state->arena, struct shipped_sku);
        *shipped = (struct shipped_sku){product, sku, NULL};
        table_put(&at->state->shipped, product, sku, shipped);
    }
    return shipped;
}

/* The lane of the revision, taken out of the list or new. */
static struct proven_lane *take_lane(const struct applying *at, struct shipped_sku *shipped,
                                     const struct revision *revision)
{
    struct proven_lane **link = &shipped->lanes;
    while (*link && (*link)->revision->lane != revision->lane)
        link = &(*link)->next;
    struct proven_lane *lane = *link;
    if (lane) {
        *link = lane->next;
        return lane;
    }
    lane = ARENA_NEW(&at->state->arena, struct proven_lane);
    lane->since_ms = at->time_ms;
    return lane;
}

void prove_lane(const struct applying *at, const struct packed_unit *unit,
                const struct parcel *parcel)
{
    const struct batch *batch = unit->batch;
    const char *sku = batch->units[unit->number - 1].line->sku;
    struct shipped_sku *shipped = shipped_of(at, batch->product->name, sku);
    struct proven_lane *lane = take_lane(at, shipped, batch->revision);

    lane->next = shipped->lanes;
    shipped->lanes = lane;
    lane->revision = batch->revision;
    lane->batch = batch;
    lane->unit = unit->number;
    lane->parcel = parcel->name;
    lane->shipped_ms = at->time_ms;
    for (const struct printed_file *file = batch->files; file; file = file->next)
        if (file->sku == sku)
            keep_file(at, &lane->files, file);
}
