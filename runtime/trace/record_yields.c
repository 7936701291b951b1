/* What the events come to: how many units went which way, against what the spec expects; the time spent at each step; the
   plan that each sample was judged by; what stands behind the release. */
#include "trace/record_private.h"

#include "cost/visits.h"
#include "quality/sampling.h"

#include <stdlib.h>
#include <string.h>

/* ---- the SKUs ---- */

const char *record_number(struct record *record)
{
    const struct simple *number = record->revision->made->number;
    return number ? record_value_of(record, &number->value) : "";
}

static int by_sku(const void *a, const void *b)
{
    int32_t one = *(const int32_t *)a, other = *(const int32_t *)b;
    return (one > other) - (one < other);
}

/* A product may have a hundred thousand SKUs: only those of the batch are looked at from here on. */
static void gather_skus(struct record *record)
{
    int32_t *all = ARENA_ARRAY(&record->arena, int32_t, record->unit_count + 1);
    for (int32_t i = 0; i < record->unit_count; i++)
        all[i] = record->units[i].sku;
    qsort(all, (size_t)record->unit_count, sizeof *all, by_sku);
    for (int32_t i = 0; i < record->unit_count; i++) {
        struct sku sku;
        if (!i || all[i] != all[i - 1]) {
            sku_at(record->revision->made, all[i], &sku);
            *RECORD_ADD(&record->arena, &record->skus) = (struct record_sku){
                all[i], 0, sku_code(record->revision->spec, &sku, &record->arena)};
        }
        record->skus.rows[record->skus.count - 1].count++;
    }
    for (int32_t i = 0; i < record->unit_count; i++) {
        const struct record_sku *found =
            bsearch(&record->units[i].sku, record->skus.rows, (size_t)record->skus.count,
                    sizeof *record->skus.rows, by_sku); /* a row begins with its number */
        record->units[i].kind = (int32_t)(found - record->skus.rows);
    }
}

/* ---- what is expected ---- */

static struct rational good_ratio(const struct spec *spec, const struct graph_node *node,
                                  const struct sku *sku)
{
    struct rational ratio = RATIONAL_ZERO;
    for (int i = 0; i < node->edge_count; i++)
        if (node->edges[i].outcome == OUTCOME_PASS || node->edges[i].outcome == OUTCOME_APPROVE)
            ratio = rational_add(ratio, visits_ratio(spec, node, &node->edges[i], sku));
    return ratio;
}

/* Of so many units of one SKU: adds what is expected to come to each step, and to pass it. */
static void expect_of(struct record *record, int32_t index, int64_t count, struct rational *good)
{
    const struct spec *spec = record->revision->spec;
    const struct graph *graph = revision_graph(record->revision, index);
    struct sku sku;
    struct visits visits;
    sku_at(record->revision->made, index, &sku);
    if (!visits_of_graph(spec, graph, &visits, &record->arena)) {
        record->yield.has_expected = false;
        return;
    }
    struct rational started = rational_integer(count);
    for (int i = 0; i < graph->count; i++) {
        struct record_step *step = &record->steps[graph->nodes[i].step->index];
        struct rational comes = rational_multiply(started, visits.started[i]);
        step->yield.has_expected = true;
        step->yield.entered_expected = rational_add(step->yield.entered_expected, comes);
        good[step - record->steps] =
            rational_add(good[step - record->steps],
                         rational_multiply(comes, good_ratio(spec, &graph->nodes[i], &sku)));
    }
    record->yield.good_expected =
        rational_add(record->yield.good_expected, rational_multiply(started, visits.done));
}

static void expect(struct record *record)
{
    struct rational *good = ARENA_ARRAY(&record->arena, struct rational, record->step_count);
    record->yield.has_expected = record->unit_count > 0;
    record->yield.good_expected = RATIONAL_ZERO;
    record->yield.entered_expected = rational_integer(record->unit_count);
    for (int i = 0; i < record->step_count; i++)
        good[i] = record->steps[i].yield.entered_expected = RATIONAL_ZERO;
    for (int i = 0; i < record->skus.count; i++)
        expect_of(record, record->skus.rows[i].sku, record->skus.rows[i].count, good);
    for (int i = 0; i < record->step_count; i++) {
        struct record_yield *yield = &record->steps[i].yield;
        yield->has_expected = yield->has_expected && record->yield.has_expected &&
                              rational_sign(yield->entered_expected) > 0;
        yield->good_expected =
            yield->has_expected ? rational_divide(good[i], yield->entered_expected) : RATIONAL_ZERO;
    }
    if (record->unit_count)
        record->yield.good_expected =
            rational_divide(record->yield.good_expected, rational_integer(record->unit_count));
}

/* ---- what came ---- */

static void count_step(const struct record *record, struct record_step *step)
{
    struct record_yield *yield = &step->yield;
    for (int i = 0; i < step->leavings.count; i++)
        yield->ways[step->leavings.rows[i].way] += step->leavings.rows[i].units.count;
    yield->ways[WAY_HELD] += step->taken;
    for (int32_t i = 0; i < record->unit_count; i++) {
        const struct record_unit *unit = &record->units[i];
        yield->there += strcmp(unit->place, step->step->base.name) == 0;
        yield->ways[WAY_HELD] += unit->stood && strcmp(unit->stood, step->step->base.name) == 0;
    }
    yield->entered = yield->there;
    for (int i = 0; i < WAY_COUNT; i++)
        yield->entered += yield->ways[i];
    for (int i = 0; i < step->lots.count; i++)
        record_sort_ranges(&step->lots.rows[i].units);
    for (int i = 0; i < step->begins.count; i++)
        step->spent_ms += step->begins.rows[i].until.time_ms - step->begins.rows[i].mark.time_ms;
}

static void count_batch(struct record *record)
{
    struct record_yield *yield = &record->yield;
    for (int32_t i = 0; i < record->unit_count; i++) {
        const char *place = record->units[i].place;
        if (strcmp(place, "done") == 0)
            yield->ways[WAY_GOOD]++;
        else if (strcmp(place, "scrap") == 0)
            yield->ways[WAY_SCRAPPED]++;
        else if (strcmp(place, "quarantine") == 0)
            yield->ways[WAY_HELD]++;
        else
            yield->there++;
        if (record->units[i].order)
            record->units[i].order->here++;
        if (record->units[i].parcel)
            record_add_range(&record->arena, &record->units[i].parcel->units, i + 1, 1);
    }
    yield->entered = record->unit_count;
}

static void plan_samples(struct record_step *step)
{
    struct failure failure;
    for (int i = 0; i < step->samples.count; i++) {
        struct record_sample *sample = &step->samples.rows[i];
        struct sampling_plan plan;
        sample->has_plan =
            step->step->sample && sample->size > 0 &&
            sampling_plan(step->step->sample, (long)sample->size,
                          (enum severity_of_inspection)sample->severity, &plan, &failure);
        if (sample->has_plan) {
            sample->n = plan.n;
            sample->ac = plan.ac;
            sample->re = plan.re;
        }
    }
}

/* ---- what it stood on ---- */

static const struct record_adoption *adoption_of(const struct record *record, const char *product,
                                                 const char *snapshot)
{
    for (int i = record->adoptions.count - 1; i >= 0; i--)
        if (strcmp(record->adoptions.rows[i].product, product) == 0 &&
            strcmp(record->adoptions.rows[i].snapshot, snapshot) == 0)
            return &record->adoptions.rows[i];
    return NULL;
}

/* Whether one of the batch's jobs stands in "J-3,J-4". */
static bool has_job_among(const struct record *record, const char *names)
{
    for (int i = 0; i < record->jobs.count; i++)
        if (words_have(names, record->jobs.rows[i], strlen(record->jobs.rows[i])))
            return true;
    return false;
}

static void find_acceptances(struct record *record, int64_t before)
{
    const char *lane = record->revision->lane;
    for (int i = 0; i < record->acceptances.count; i++) {
        struct record_acceptance *accepted = &record->acceptances.rows[i];
        bool by_lane =
            lane && strcmp(accepted->lane, lane) == 0 && accepted->mark.sequence < before;
        accepted->stands = strcmp(accepted->product, record->product) == 0 &&
                           strcmp(record->purpose, "production") == 0 &&
                           (by_lane || has_job_among(record, accepted->jobs));
    }
}

static void find_ground(struct record *record)
{
    const char *fingerprint = record->revision->fingerprint;
    int64_t before = record->started.sequence ? record->started.sequence : INT64_MAX;
    record->adopted = adoption_of(record, record->product, record->snapshot);
    for (int i = 0; i < record->approvals.count; i++) {
        struct record_approval *approval = &record->approvals.rows[i];
        approval->stands = strcmp(approval->product, record->product) == 0 &&
                           strcmp(approval->fingerprint, fingerprint) == 0 &&
                           approval->mark.sequence < before;
        if (approval->stands && strcmp(record->purpose, "production") == 0)
            *RECORD_ADD(&record->arena, &record->signatures) = (struct record_signature){
                NULL, approval->name, approval->role, approval->meaning, "approve", approval->mark};
    }
    find_acceptances(record, before);
    for (int i = 0; i < record->trials.count; i++) {
        struct record_trial *trial = record->trials.rows[i];
        const struct record_adoption *of = adoption_of(record, trial->product, trial->snapshot);
        trial->stands = of && strcmp(trial->product, record->product) == 0 &&
                        strcmp(of->fingerprint, fingerprint) == 0 && trial->finished > 0 &&
                        strcmp(record->purpose, "production") == 0;
    }
}

/* As they were given. */
static void sort_signatures(struct record *record)
{
    struct record_signature *rows = record->signatures.rows;
    for (int i = 1; i < record->signatures.count; i++)
        for (int j = i; j > 0 && rows[j - 1].mark.sequence > rows[j].mark.sequence; j--) {
            struct record_signature later = rows[j - 1];
            rows[j - 1] = rows[j];
            rows[j] = later;
        }
}

/* What the orders say of themselves, where their lines do not. */
static void describe_orders(struct record *record)
{
    for (int i = 0; i < record->orders.count; i++) {
        struct record_order *line = record->orders.rows[i];
        const struct order_described *of = table_get(&record->order_table, line->order, NULL);
        if (!of)
            continue;
        line->channel = of->channel;
        line->address = of->address;
        line->customer = *of->customer ? of->customer : line->customer;
    }
}

bool record_settle(struct record *record)
{
    if (!record->revision)
        return false;
    gather_skus(record);
    for (int i = 0; i < record->step_count; i++) {
        count_step(record, &record->steps[i]);
        plan_samples(&record->steps[i]);
    }
    count_batch(record);
    expect(record);
    find_ground(record);
    sort_signatures(record);
    describe_orders(record);
    record_reckon_limits(record);
    record_find_lacks(record);
    return true;
}
