/* What is being printed, and what the journal knows of the printers. */
#include "plan/snapshot_private.h"
#include "slicing/pieces.h"

#include <string.h>

/* ---- jobs ---- */

static int64_t whole_up(struct rational number)
{
    return rational_to_int(rational_ceil(number));
}

/* Whole units of what a row of the plate is of. */
static int64_t units_on(const struct job *job, const struct job_part *of)
{
    int64_t units = INT64_MAX;
    struct sku sku;
    sku_at(of->batch->revision->made, of->sku, &sku);
    for (const struct job_part *row = job->parts; row; row = row->next) {
        if (row->batch != of->batch || row->step != of->step || row->sku != of->sku)
            continue;
        int64_t each = rational_to_int(
            contained_count(of->batch->revision->made, &row->part->base, &sku, true));
        if (each > 0 && row->count / each < units)
            units = row->count / each;
    }
    return units == INT64_MAX ? 0 : units;
}

static bool is_first_of_its_kind(const struct job *job, const struct job_part *of)
{
    const struct job_part *row = job->parts;
    while (row->batch != of->batch || row->step != of->step || row->sku != of->sku)
        row = row->next;
    return row == of;
}

/* How long it prints: a build as long as it says, else what its parts take together. */
static int64_t job_seconds(const struct job *job)
{
    struct rational sum = RATIONAL_ZERO;
    for (const struct job_part *row = job->parts; row; row = row->next) {
        const struct spec *spec = row->batch->revision->spec;
        struct sku sku;
        sku_at(row->batch->revision->made, row->sku, &sku);
        int64_t whole_s = plate_seconds(spec, row->step, &sku);
        if (whole_s)
            return whole_s;
        struct rational each = slicing_time(spec, row->step, row->part, &sku).number;
        int64_t count = row->count;
        if (row->step->cycle) { /* said of units, whatever parts they have */
            each = rational_integer(unit_seconds(spec, row->step, &sku));
            count = is_first_of_its_kind(job, row) ? units_on(job, row) : 0;
        }
        sum = rational_add(sum, rational_multiply(each, rational_integer(count)));
    }
    return whole_up(sum);
}

static int64_t job_end(const struct job *job, int64_t now_s)
{
    int64_t end_s = job->changed_ms / 1000 + job_seconds(job);
    return end_s > now_s ? end_s : now_s + 1; /* it takes longer than it was thought to */
}

void find_under_way(struct building *building, int64_t now_s)
{
    const struct chain_link *link = building->state->open_jobs.first;
    for (; link; link = link->next) {
        const struct job *job = link->thing;
        if (!job_is_under_way(job))
            continue;
        for (const struct job_part *row = job->parts; row; row = row->next) {
            if (!is_first_of_its_kind(job, row))
                continue;
            int count = building->under_way_count++;
            building->under_way =
                with_room_for(building->under_way, count, sizeof *building->under_way);
            building->under_way[count] = (struct under_way){.batch = row->batch,
                                                            .step = row->step->index,
                                                            .sku = row->sku,
                                                            .units = units_on(job, row),
                                                            .end_s = job_end(job, now_s)};
        }
    }
}

int64_t units_in_jobs(const struct state *state, const struct batch *batch, const struct step *step,
                      int32_t sku)
{
    int64_t units = 0;
    for (const struct chain_link *link = state->open_jobs.first; link; link = link->next) {
        const struct job *job = link->thing;
        const struct job_part *row = job->parts;
        while (row && (row->batch != batch || row->step != step || row->sku != sku))
            row = row->next;
        units += row ? units_on(job, row) : 0;
    }
    return units;
}

int64_t take_under_way(struct building *building, const struct batch *batch, int step, int sku,
                       int64_t *count)
{
    for (int i = 0; i < building->under_way_count; i++) {
        struct under_way *it = &building->under_way[i];
        if (it->batch != batch || it->step != step || it->sku != sku || it->units <= 0)
            continue;
        *count = it->units < *count ? it->units : *count;
        it->units -= *count;
        return it->end_s;
    }
    return 0;
}

/* ---- printers ---- */

enum { LOOKED_BACK = 10 }; /* of its last attempts */

void know_printer(struct building *building, struct plan_printer *printer, int64_t now_s)
{
    const struct state *state = building->state;
    const char *name = intern_find(&state->names, printer->name, strlen(printer->name));
    const struct printer *known = name ? state_printer(state, name) : NULL;
    if (!known)
        return;
    printer->down |= known->out;
    printer->failures = printer_failures(known, LOOKED_BACK);
    if (known->job && job_is_under_way(known->job))
        printer->free_s = job_end(known->job, now_s);
    if (known->slots)
        printer->slot_count = 0;
    for (const struct loaded_slot *slot = known->slots; slot && printer->slot_count < SLOTS_AT_MOST;
         slot = slot->next) {
        const struct lot *lot = *slot->lot ? state_lot(state, slot->lot) : NULL;
        /* of a lot on hold nothing may be made: it is as good as not there */
        printer->materials[printer->slot_count++] =
            lot && lot->held ? -1 : material_named(building, slot->material);
    }
}
