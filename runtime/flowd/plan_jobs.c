/* flowd plan --apply: plates of units that stand at their print, in the order in which they are planned. */
#include "flowd/plan.h"

#include "base/memory.h"
#include "plan/apply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Units of one SKU at a print of a batch: so many stand there that no job prints. */
struct standing_units {
    const struct batch *batch;
    const struct step *step;
    int32_t sku;
    int64_t units;
};

enum { SHARES_AT_MOST = 64 };

/* What of a plate is of one of them. */
struct share {
    int standing;
    int64_t units;
};

struct gathering {
    struct planned *planned;
    struct standing_units *standing;
    int standing_count;
    int unsliced; /* plates that no G-code can be had for */
    const struct step *unsliced_step;
};

static int standing_at(struct gathering *at, const struct batch *batch, const struct step *step,
                       int32_t sku)
{
    for (int i = 0; i < at->standing_count; i++)
        if (at->standing[i].batch == batch && at->standing[i].step == step &&
            at->standing[i].sku == sku)
            return i;
    at->standing =
        memory_resize(at->standing, sizeof *at->standing * (size_t)(at->standing_count + 1));
    struct standing_units *it = &at->standing[at->standing_count];
    *it = (struct standing_units){batch, step, sku, 0};
    for (int32_t i = 0; i < batch->unit_count; i++)
        it->units += batch->units[i].at == step->index && batch->units[i].sku == sku;
    it->units -= units_in_jobs(shop_state(at->planned->desk.shop), batch, step, sku);
    return at->standing_count++;
}

/* -1 where the piece is of a batch that was not started, or has no such step. */
static int standing_of(struct gathering *at, const struct plan_piece *piece, int operation)
{
    const struct workshop *shop = at->planned->desk.shop;
    const struct plan_batch *planned = &at->planned->plan->batches[piece->batch];
    const struct batch *batch =
        planned->name ? state_batch(shop_state(shop), shop_name(shop, planned->name)) : NULL;
    struct sku sku;
    if (!batch || !batch->started)
        return -1;
    sku_at(batch->revision->made, piece->sku, &sku);
    const struct step *step = plan_step(batch->revision, &sku, operation);
    return step ? standing_at(at, batch, step, piece->sku) : -1;
}

/* How many shares it has; 0 where not all of it stands at its print. */
static int shares_of(struct gathering *at, const struct plan_plate *plate, struct share *shares)
{
    int count = 0;
    for (int i = 0; i < plate->piece_count; i++) {
        int standing = standing_of(at, &plate->pieces[i], plate->operation), k = 0;
        while (k < count && shares[k].standing != standing)
            k++;
        if (standing < 0 || k == SHARES_AT_MOST)
            return 0;
        if (k == count)
            shares[count++] = (struct share){standing, 0};
        shares[k].units += plate->pieces[i].count;
    }
    for (int k = 0; k < count; k++)
        if (at->standing[shares[k].standing].units < shares[k].units)
            return 0;
    return count;
}

/* ---- in words ---- */

static const char *copied(struct arena *arena, struct buffer *text)
{
    const char *copy = arena_copy_text(arena, buffer_text(text), text->length);
    buffer_free(text);
    return copy;
}

static void describe(struct gathering *at, const struct share *shares, int count,
                     struct plan_job *job)
{
    struct arena *arena = &at->planned->jobs.arena;
    struct buffer label = {0};
    *job = (struct plan_job){.parts = ARENA_ARRAY(arena, struct plan_job_part, count),
                             .part_count = count};
    for (int i = 0; i < count; i++) {
        const struct standing_units *units = &at->standing[shares[i].standing];
        const char *batch = units->batch->name, *step = units->step->base.name;
        struct sku sku;
        sku_at(units->batch->revision->made, units->sku, &sku);
        const char *code = sku_code(units->batch->revision->spec, &sku, arena);
        job->parts[i] = (struct plan_job_part){
            .batch = arena_copy_text(arena, batch, strlen(batch)),
            .step = arena_copy_text(arena, step, strlen(step)),
            .sku = arena_copy_text(arena, code, strlen(code)),
            .parts = units->step->gcode ? NULL
                                        : plan_parts(units->batch->revision, units->sku,
                                                     units->step, shares[i].units, arena),
            .units = shares[i].units};
        buffer_addf(&label, "%s%lld units of %s", i ? ", " : "", (long long)shares[i].units, batch);
    }
    job->label = copied(arena, &label);
}

/* ---- which ---- */

static bool lay(struct gathering *at, const struct share *shares, int count, struct plan_job *job)
{
    struct arena *arena = &at->planned->jobs.arena;
    struct plate_share laid[SHARES_AT_MOST];
    struct sku skus[SHARES_AT_MOST];
    struct failure failure;
    for (int i = 0; i < count; i++) {
        const struct standing_units *units = &at->standing[shares[i].standing];
        const struct revision *revision = units->batch->revision;
        sku_at(revision->made, units->sku, &skus[i]);
        laid[i] = (struct plate_share){revision->spec, units->step, &skus[i], shares[i].units};
    }
    job->file = plan_job_file(laid, count, arena, &failure);
    if (!job->file)
        complain("%s: %s", job->label, failure.message);
    return job->file != NULL;
}

/* A file that the spec names prints the whole plate of one SKU; what it names settings for is laid and sliced. */
static void find_job(struct gathering *at, const struct plan_plate *plate)
{
    struct plan_jobs *jobs = &at->planned->jobs;
    struct share shares[SHARES_AT_MOST];
    int count = shares_of(at, plate, shares);
    const struct step *step = count ? at->standing[shares->standing].step : NULL;
    struct plan_job job;

    if (!step || (step->gcode && count > 1))
        return;
    for (int i = 0; i < count; i++)
        at->standing[shares[i].standing].units -= shares[i].units;
    if (!step->gcode && !step->slice) {
        at->unsliced++;
        at->unsliced_step = step;
        return;
    }
    describe(at, shares, count, &job);
    if (!step->gcode && !lay(at, shares, count, &job)) {
        jobs->unlaid = true;
        return;
    }
    jobs->items = memory_resize(jobs->items, sizeof *jobs->items * (size_t)(jobs->count + 1));
    jobs->items[jobs->count++] = job;
}

static int by_begin(const void *a, const void *b, void *data)
{
    const struct plan *plan = data;
    int i = *(const int *)a, k = *(const int *)b;
    int64_t x = plan->plates[i].begin_s, y = plan->plates[k].begin_s;
    return x != y ? (x > y) - (x < y) : i - k;
}

void planned_find_jobs(struct planned *planned)
{
    struct gathering at = {.planned = planned};
    struct plan *plan = planned->plan;
    int *plates = memory_zeroed((size_t)plan->plate_count + 1, sizeof *plates), count = 0;

    for (int i = 0; i < plan->plate_count; i++)
        if (plan->plates[i].live && plan->plates[i].printer >= 0)
            plates[count++] = i;
    qsort_r(plates, (size_t)count, sizeof *plates, by_begin, plan);
    for (int i = 0; i < count; i++)
        find_job(&at, &plan->plates[plates[i]]);
    if (at.unsliced)
        complain("%d plates stand at a print without `gcode` or `slice`, as %s: slice them, then "
                 "`flowd job queue J-N BATCH %s --file FILE`",
                 at.unsliced, at.unsliced_step->base.name, at.unsliced_step->base.name);
    free(plates);
    free(at.standing);
}

void plan_jobs_free(struct plan_jobs *jobs)
{
    for (int i = 0; i < jobs->count; i++)
        plan_job_file_free(jobs->items[i].file);
    free(jobs->items);
    arena_free(&jobs->arena);
}
