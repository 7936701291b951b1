/* Collecting: what each event says of times, shares, reasons and lots. */
#include "trace/actuals_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Where a person is, by what they last did: a time runs from a mark of their own at a step to their next one there, if
   nothing else was done in between. */
struct actuals_person {
    struct actuals_batch *batch; /* NULL: nowhere */
    int step;
    bool timed;       /* since_ms is the beginning of what comes next */
    int64_t since_ms; /* of the last mark: a begin, or units that left */
    int64_t observed; /* the last observation's place at the step, -1 none */
    int64_t left_ms;  /* when units last left there by this person */
};

/* An event that is being counted. */
struct collecting {
    struct actuals *actuals;
    int64_t sequence, time_ms;
    const struct message *event;
};

/* ---- finding ---- */

static struct actuals_batch *batch_named(const struct actuals *actuals, const char *name)
{
    return table_get(&actuals->batches, name, NULL);
}

static int step_named(const struct actuals *actuals, const char *name)
{
    for (int i = 0; i < actuals->step_count; i++)
        if (strcmp(actuals->steps[i].step->base.name, name) == 0)
            return i;
    return -1;
}

static struct actuals_unit *unit_of(const struct actuals_batch *batch, int64_t number)
{
    return number >= 1 && number <= batch->unit_count ? &batch->units[number - 1] : NULL;
}

static bool counts(const struct collecting *at, const struct actuals_batch *batch)
{
    return batch && batch->counts && at->time_ms >= at->actuals->options.since_ms;
}

struct unit_finding *actuals_finding(const struct actuals_unit *unit, const void *of, int step,
                                     bool *again)
{
    struct unit_finding *finding = unit->findings;
    while (finding && (finding->of != of || finding->step != step))
        finding = finding->next;
    *again = finding && finding->times_left != unit->times_left;
    return finding;
}

struct actuals_reason *actuals_count_reason(struct actuals *actuals, struct actuals_step *step,
                                            const char *what, const char *text)
{
    struct actuals_reason **place = &step->reasons;
    while (*place && (strcmp((*place)->what, what) != 0 || strcmp((*place)->text, text) != 0))
        place = &(*place)->next;
    if (!*place) {
        *place = ARENA_NEW(&actuals->arena, struct actuals_reason);
        **place = (struct actuals_reason){NULL, what, text, 0};
    }
    (*place)->count++;
    return *place;
}

/* ---- batches ---- */

static void on_batch_opened(struct collecting *at)
{
    const struct batch_opened *opened = &at->event->batch_opened;
    struct actuals *actuals = at->actuals;

    if (strcmp(opened->product, actuals->product->base.name) != 0)
        return;
    struct actuals_batch *batch = ARENA_NEW(&actuals->arena, struct actuals_batch);
    *batch = (struct actuals_batch){
        .name = opened->batch,
        .sample = strcmp(opened->purpose, "sample") == 0,
        .revision = actuals->revision,
        .counts = !actuals->options.batch || strcmp(actuals->options.batch, opened->batch) == 0,
    };
    if (strcmp(opened->snapshot, actuals->revision->snapshot) != 0)
        batch->revision = actuals->options.find
                              ? actuals->options.find(opened->snapshot, opened->product,
                                                      actuals->options.find_data)
                              : NULL;
    batch->visits = ARENA_ARRAY(&actuals->arena, struct batch_visit, actuals->step_count);
    for (int i = 0; i < actuals->step_count; i++)
        batch->visits[i].expected_s = RATIONAL_ZERO;
    table_put(&actuals->batches, batch->name, NULL, batch);
    if (actuals->last_batch)
        actuals->last_batch->next = batch;
    else
        actuals->first_batch = batch;
    actuals->last_batch = batch;
}

static void on_units_added(struct collecting *at)
{
    const struct units_added *added = &at->event->units_added;
    struct actuals_batch *batch = batch_named(at->actuals, added->batch);
    struct sku sku;

    if (!batch)
        return;
    bool known = sku_find(at->actuals->spec, at->actuals->product, added->sku, &sku);
    int32_t count = batch->unit_count + (int32_t)added->count;
    if (count > batch->unit_capacity) {
        batch->unit_capacity = count > 2 * batch->unit_capacity ? count : 2 * batch->unit_capacity;
        batch->units =
            memory_resize(batch->units, sizeof *batch->units * (size_t)batch->unit_capacity);
    }
    for (; batch->unit_count < count; batch->unit_count++)
        batch->units[batch->unit_count] = (struct actuals_unit){
            .sku = known ? (int32_t)sku.index : -1, .at = -1, .order = added->order};
}

static void on_units_taken_out(struct collecting *at)
{
    const struct units_taken_out *out = &at->event->units_taken_out;
    struct actuals_batch *batch = batch_named(at->actuals, out->batch);
    if (batch && out->count < batch->unit_count)
        batch->unit_count -= (int32_t)out->count;
}

static void on_batch_started(struct collecting *at)
{
    struct actuals_batch *batch = batch_named(at->actuals, at->event->batch_started.batch);

    if (!batch)
        return;
    batch->started = true;
    for (int32_t i = 0; i < batch->unit_count; i++)
        batch->units[i].at = 0; /* or a later step that its SKU begins with: not behind it */
    for (int i = 0; i < at->actuals->step_count; i++)
        batch->visits[i].seen = ARENA_ARRAY(&at->actuals->arena, uint8_t, batch->unit_count);
    if (!batch->counts || at->time_ms < at->actuals->options.since_ms)
        return;
    at->actuals->production_batches += !batch->sample;
    at->actuals->sample_batches += batch->sample;
    at->actuals->older_batches += batch->revision != at->actuals->revision;
}

static void on_unit_disposed(struct collecting *at)
{
    const struct unit_disposed *disposed = &at->event->unit_disposed;
    struct actuals_batch *batch = batch_named(at->actuals, disposed->batch);
    struct actuals_unit *unit = batch ? unit_of(batch, disposed->unit) : NULL;
    if (unit)
        unit->at = step_named(at->actuals, disposed->to);
}

/* ---- persons ---- */

static struct actuals_person *person_of(struct actuals *actuals, const char *name)
{
    struct actuals_person *person = table_get(&actuals->persons, name, NULL);
    if (!person) {
        person = ARENA_NEW(&actuals->arena, struct actuals_person);
        table_put(&actuals->persons, name, NULL, person);
    }
    return person;
}

/* What a person does anywhere ends the time that ran elsewhere; at the same step it goes on. */
static struct actuals_person *move_person(struct collecting *at, struct actuals_batch *batch,
                                          int step)
{
    struct actuals_person *person = person_of(at->actuals, at->event->by);
    if (person->batch != batch || person->step != step)
        *person = (struct actuals_person){.batch = batch, .step = step, .observed = -1};
    return person;
}

static void on_step_begun(struct collecting *at)
{
    const struct step_begun *begun = &at->event->step_begun;
    struct actuals_person *person = move_person(at, batch_named(at->actuals, begun->batch),
                                                step_named(at->actuals, begun->step));
    person->timed = true;
    person->since_ms = at->time_ms;
    person->observed = -1;
}

/* ---- times ---- */

struct actuals_time *actuals_add_time(struct actuals_step *step)
{
    if (step->time_count == step->time_capacity) {
        step->time_capacity = step->time_capacity ? 2 * step->time_capacity : 32;
        step->times = memory_resize(step->times, sizeof *step->times * (size_t)step->time_capacity);
    }
    struct actuals_time *time = &step->times[step->time_count++];
    *time = (struct actuals_time){.expected_s = RATIONAL_ZERO, .count = RATIONAL_ZERO};
    return time;
}

/* How many from a unit on are of one SKU, at most `most`. */
static int64_t run_of_sku(const struct actuals_batch *batch, int64_t first, int64_t most)
{
    int64_t count = 1;
    while (count < most && batch->units[first - 1 + count].sku == batch->units[first - 1].sku)
        count++;
    return count;
}

/* What the units that leave are expected to have taken, for what goes by the unit. */
static struct rational expected_of(const struct collecting *at, const struct actuals_batch *batch,
                                   struct actuals_step *step, const struct units_left *left)
{
    struct rational sum = RATIONAL_ZERO;
    int64_t end = left->first + left->count;

    for (int64_t i = left->first, run; i < end; i += run) {
        struct sku sku;
        run = run_of_sku(batch, i, end - i);
        sku_at(at->actuals->product, batch->units[i - 1].sku, &sku);
        step->skus_timed[sku.index] = true;
        sum = rational_add(sum, rational_multiply(work_of_unit(at->actuals->spec, step->step, &sku),
                                                  rational_integer(run)));
    }
    return sum;
}

/* Units left by a person who was there all the time: an observation. */
static void observe(struct collecting *at, struct actuals_batch *batch, struct actuals_step *step,
                    struct actuals_person *person, const struct units_left *left)
{
    struct batch_visit *visit = &batch->visits[step->step->index];
    int64_t ms = at->time_ms - person->since_ms;
    bool together = person->observed >= 0 && at->time_ms - person->left_ms < ACTUALS_TOGETHER_MS;

    if (ms > ACTUALS_PAUSE_MS) {
        step->paused++;
        person->observed = -1;
        return;
    }
    visit->timed += left->count;
    visit->timed_ms += ms;
    struct rational expected = expected_of(at, batch, step, left);
    visit->expected_s = rational_add(visit->expected_s, expected);
    if (!work_by_unit(step->step))
        return; /* the batch is one observation, when it is through */
    if (!together)
        actuals_add_time(step), person->observed = step->time_count - 1;
    struct actuals_time *time = &step->times[person->observed];
    time->ms += ms;
    time->units += left->count;
    time->expected_s = rational_add(time->expected_s, expected);
    time->count = rational_integer(time->units);
}

static void time_departure(struct collecting *at, struct actuals_batch *batch,
                           struct actuals_step *step, const struct units_left *left)
{
    struct actuals_person *person = move_person(at, batch, step->step->index);
    bool wanted = counts(at, batch) && step->untimed == TIMED;

    if (wanted && !person->timed)
        step->unmarked += left->count;
    if (wanted && person->timed)
        observe(at, batch, step, person, left);
    person->timed = true;
    person->since_ms = person->left_ms = at->time_ms;
}

/* ---- shares ---- */

static void share_departure(struct collecting *at, struct actuals_batch *batch,
                            struct actuals_step *step, const struct units_left *left)
{
    enum outcome outcome = outcome_named(left->outcome);
    int64_t end = left->first + left->count;

    for (int64_t i = left->first, run; i < end; i += run) {
        struct sku sku;
        run = run_of_sku(batch, i, end - i);
        sku_at(at->actuals->product, batch->units[i - 1].sku, &sku);
        for (int other = 0; other < OUTCOME_COUNT; other++) {
            struct rational share = work_share(at->actuals->spec, step->step, other, &sku);
            step->shares[other].expected = rational_add(
                step->shares[other].expected, rational_multiply(share, rational_integer(run)));
        }
    }
    batch->visits[step->step->index].left += left->count;
    step->left += left->count;
    step->shares[outcome].count += left->count;
    if (outcome != OUTCOME_PASS && outcome != OUTCOME_APPROVE)
        actuals_count_reason(at->actuals, step, left->outcome, left->reason)->count +=
            left->count - 1;
    at->actuals->last_ms = at->time_ms;
}

/* What is of a batch that is not there, or of a SKU that the spec no longer has, is not counted. */
static bool all_known(const struct actuals_batch *batch, const struct units_left *left)
{
    for (int64_t i = left->first; i < left->first + left->count; i++)
        if (!unit_of(batch, i) || unit_of(batch, i)->sku < 0)
            return false;
    return outcome_named(left->outcome) < OUTCOME_COUNT;
}

static void on_units_left(struct collecting *at)
{
    const struct units_left *left = &at->event->units_left;
    struct actuals_batch *batch = batch_named(at->actuals, left->batch);
    int index = step_named(at->actuals, left->step), to = step_named(at->actuals, left->to);

    if (batch && index >= 0 && all_known(batch, left)) {
        batch->visits[index].early |= !counts(at, batch);
        if (counts(at, batch))
            share_departure(at, batch, &at->actuals->steps[index], left);
        time_departure(at, batch, &at->actuals->steps[index], left);
    } else {
        move_person(at, batch, index);
    }
    for (int64_t i = left->first; batch && i < left->first + left->count; i++) {
        struct actuals_unit *unit = unit_of(batch, i);
        if (!unit)
            continue;
        unit->at = to;
        unit->times_left++;
    }
}

/* ---- inspections ---- */

static void mark_seen(struct actuals_batch *batch, int step, int64_t unit)
{
    struct batch_visit *visit = &batch->visits[step];
    if (!visit->seen || !unit_of(batch, unit))
        return;
    visit->inspected += !visit->seen[unit - 1];
    visit->seen[unit - 1] = true;
}

static void on_unit_measured(struct collecting *at)
{
    const struct unit_measured *measured = &at->event->unit_measured;
    struct actuals_batch *batch = batch_named(at->actuals, measured->batch);
    int step = step_named(at->actuals, measured->step);

    move_person(at, batch, step);
    if (!counts(at, batch) || step < 0)
        return;
    mark_seen(batch, step, measured->unit);
    readings_take(at->actuals, batch, at->sequence, at->time_ms, measured);
}

static void on_check_judged(struct collecting *at)
{
    const struct check_judged *judged = &at->event->check_judged;
    struct actuals_batch *batch = batch_named(at->actuals, judged->batch);
    struct actuals_unit *unit = batch ? unit_of(batch, judged->unit) : NULL;
    int index = step_named(at->actuals, judged->step);
    bool again;

    move_person(at, batch, index);
    if (!counts(at, batch) || index < 0 || !unit)
        return;
    struct actuals_step *step = &at->actuals->steps[index];
    mark_seen(batch, index, judged->unit);
    struct unit_finding *finding = actuals_finding(unit, judged->check, index, &again);
    if (!finding || again) {
        finding = ARENA_NEW(&at->actuals->arena, struct unit_finding);
        *finding = (struct unit_finding){.next = unit->findings,
                                         .of = judged->check,
                                         .step = index,
                                         .times_left = unit->times_left,
                                         .reading = -1};
        unit->findings = finding;
    }
    if (finding->reason) /* a correction */
        finding->reason->count--;
    finding->reason = judged->good
                          ? NULL
                          : actuals_count_reason(at->actuals, step, "defect",
                                                 *judged->defect ? judged->defect : judged->check);
}

static void on_lot_judged(struct collecting *at)
{
    const struct lot_judged *judged = &at->event->lot_judged;
    struct actuals_batch *batch = batch_named(at->actuals, judged->batch);
    int index = step_named(at->actuals, judged->step);

    if (!counts(at, batch) || index < 0)
        return;
    struct actuals_step *step = &at->actuals->steps[index];
    step->lots++;
    step->accepted += judged->accepted != 0;
    step->sampled += judged->sampled;
    step->found += judged->found;
}

/* ---- marks that only say where a person is ---- */

static void on_lot_used(struct collecting *at)
{
    move_person(at, batch_named(at->actuals, at->event->lot_used.batch),
                step_named(at->actuals, at->event->lot_used.step));
}

static void on_parameter_recorded(struct collecting *at)
{
    move_person(at, batch_named(at->actuals, at->event->parameter_recorded.batch),
                step_named(at->actuals, at->event->parameter_recorded.step));
}

/* ---- all events ---- */

static void (*const rows[MESSAGE_COUNT])(struct collecting *at) = {
    [EVENT_batch_opened] = on_batch_opened,
    [EVENT_units_added] = on_units_added,
    [EVENT_units_taken_out] = on_units_taken_out,
    [EVENT_batch_started] = on_batch_started,
    [EVENT_unit_disposed] = on_unit_disposed,
    [EVENT_step_begun] = on_step_begun,
    [EVENT_units_left] = on_units_left,
    [EVENT_unit_measured] = on_unit_measured,
    [EVENT_check_judged] = on_check_judged,
    [EVENT_lot_judged] = on_lot_judged,
    [EVENT_lot_used] = on_lot_used,
    [EVENT_parameter_recorded] = on_parameter_recorded,
};

void actuals_event(int64_t sequence, int64_t time_ms, const struct message *event, void *actuals)
{
    struct collecting at = {actuals, sequence, time_ms, event};
    if (rows[event->kind])
        rows[event->kind](&at);
}

void actuals_open(struct actuals *actuals, const struct revision *revision,
                  const struct actuals_options *options)
{
    const struct workflow *workflow = revision->made->workflow;

    *actuals = (struct actuals){.revision = revision,
                                .spec = revision->spec,
                                .product = revision->made,
                                .options = *options,
                                .step_count = workflow->step_count};
    actuals->steps = ARENA_ARRAY(&actuals->arena, struct actuals_step, workflow->step_count);
    for (int i = 0; i < workflow->step_count; i++) {
        struct actuals_step *step = &actuals->steps[i];
        step->step = workflow->steps[i];
        step->untimed = work_untimed(step->step);
        step->basis = work_basis(step->step);
        step->skus_timed = ARENA_ARRAY(&actuals->arena, bool, actuals->product->sku_count);
        step->spec_s = step->median_s = step->low_s = step->high_s = RATIONAL_ZERO;
        step->factor = RATIONAL_ONE;
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
            step->shares[outcome].expected = step->shares[outcome].measured = RATIONAL_ZERO;
    }
}

void actuals_close(struct actuals *actuals)
{
    for (struct actuals_batch *batch = actuals->first_batch; batch; batch = batch->next)
        free(batch->units);
    for (int i = 0; i < actuals->step_count; i++)
        free(actuals->steps[i].times);
    for (struct actuals_series *series = actuals->series; series; series = series->next) {
        table_free(&series->groups);
        free(series->readings);
    }
    table_free(&actuals->batches);
    table_free(&actuals->persons);
    arena_free(&actuals->arena);
}
