#include "telemetry/private.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const build_outcome_words[BUILD_OUTCOMES] = {
    [BUILD_FINISHED] = "finished",
    [BUILD_FAILED] = "failed",
    [BUILD_REFUSED] = "refused",
    [BUILD_NOT_STARTED] = "not_started",
};

const char *const command_end_words[COMMAND_ENDS] = {
    [COMMAND_ACCEPTED] = "accepted",
    [COMMAND_REPEATED] = "repeated",
    [COMMAND_REFUSED] = "refused",
    [COMMAND_FAILED] = "failed",
};

/* A sync of a disk takes 0.1 to 100 ms. */
static const int64_t commit_bounds_us[] = {250,   500,   1000,   2500,   5000,    10000,
                                           25000, 50000, 100000, 250000, 1000000, 5000000};
/* The goal is 20 ms; where it takes minutes, something else was missing. */
static const int64_t scheduling_bounds_us[] = {1000,     2000,      5000,      10000,   20000,
                                               50000,    100000,    250000,    1000000, 5000000,
                                               30000000, 300000000, 3600000000};

#define HISTOGRAM_OF(bounds)                                                                       \
    ((struct histogram){.bounds_us = (bounds), .bucket_count = sizeof(bounds) / sizeof *(bounds)})
_Static_assert(sizeof commit_bounds_us / sizeof *commit_bounds_us <= BUCKETS_AT_MOST &&
                   sizeof scheduling_bounds_us / sizeof *scheduling_bounds_us <= BUCKETS_AT_MOST,
               "a histogram has room for its buckets");

struct telemetry *telemetry_open(void)
{
    struct telemetry *telemetry = memory_zeroed(1, sizeof *telemetry);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    telemetry->begun_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    pthread_mutex_init(&telemetry->lock, NULL);
    interner_open(&telemetry->names, &telemetry->arena);
    telemetry->commit = HISTOGRAM_OF(commit_bounds_us);
    telemetry->scheduling = HISTOGRAM_OF(scheduling_bounds_us);
    return telemetry;
}

void telemetry_close(struct telemetry *telemetry)
{
    if (!telemetry)
        return;
    traces_close(telemetry);
    for (int i = 0; i < telemetry->closings.count; i++)
        costing_close(((struct closings *)telemetry->closings.things[i])->last);
    table_free(&telemetry->leavings);
    table_free(&telemetry->builds);
    table_free(&telemetry->closings);
    table_free(&telemetry->watched);
    map_free(&telemetry->attempts);
    interner_close(&telemetry->names);
    pthread_mutex_destroy(&telemetry->lock);
    arena_free(&telemetry->arena);
    free(telemetry);
}

void histogram_add(struct histogram *histogram, int64_t took_us)
{
    int bucket = 0;
    while (bucket < histogram->bucket_count && took_us > histogram->bounds_us[bucket])
        bucket++;
    histogram->counts[bucket]++;
    histogram->sum_us += took_us;
}

const char *event_text(const struct message *event, const char *field)
{
    const struct message_row *row = &message_rows[event->kind];
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole && strcmp(row->fields[i].name, field) == 0)
            return event->cells[i].text;
    return NULL;
}

/* ---- units, batches ---- */

static struct leavings *leavings_of(struct telemetry *telemetry, const struct batch *batch,
                                    const char *step)
{
    const char *product = batch->product->name;
    struct leavings *row = table_get(&telemetry->leavings, product, step);
    if (row)
        return row;
    row = ARENA_NEW(&telemetry->arena, struct leavings);
    *row = (struct leavings){.product = product, .step = step};
    table_put(&telemetry->leavings, product, step, row);
    return row;
}

static void count_left(struct telemetry *telemetry, const struct heard *heard)
{
    const struct units_left *left = &heard->event->units_left;
    const struct batch *batch = state_batch(heard->state, left->batch);
    const struct step *step =
        batch->revision->made->workflow->steps[batch_step_index(batch, left->step)];
    struct leavings *row = leavings_of(telemetry, batch, left->step);
    row->units[outcome_named(left->outcome)] += left->count;
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        row->possible[outcome] |= step_route(step, outcome)->present;
    struct traced *traced = traced_find(telemetry, batch);
    if (traced && traced->costing)
        costing_add(traced->costing, left);
}

static struct closings *closings_of(struct telemetry *telemetry, const char *product)
{
    struct closings *row = table_get(&telemetry->closings, product, NULL);
    if (row)
        return row;
    row = ARENA_NEW(&telemetry->arena, struct closings);
    row->product = product;
    table_put(&telemetry->closings, product, NULL, row);
    return row;
}

/* Takes the costing. */
static void reckon(struct closings *row, struct costing *costing)
{
    if (costing && costing_reckon(costing, &row->unit_cost, &row->good_units))
        row->currency = shop_currency(costing->batch->revision->spec);
    costing_close(costing);
}

/* Of the past only the last of each product is reckoned, which takes a millisecond or two. */
static void count_closed(struct telemetry *telemetry, const struct heard *heard)
{
    const struct batch *batch = state_batch(heard->state, heard->event->batch_closed.batch);
    struct closings *row = closings_of(telemetry, batch->product->name);
    struct traced *traced = traced_find(telemetry, batch);
    row->count++;
    if (!traced)
        return;
    if (telemetry->live) {
        reckon(row, traced->costing);
    } else if (units_at(batch, PLACE_DONE)) {
        costing_close(row->last);
        row->last = traced->costing;
    } else {
        costing_close(traced->costing);
    }
    traced->costing = NULL;
}

/* ---- printing ---- */

/* "petg_black", "pla_black+pla_white": of all parts on the plate, each once. */
static const char *materials_of(struct telemetry *telemetry, const struct job *job)
{
    enum { NAMED_AT_MOST = 16 };
    const struct material *known[NAMED_AT_MOST];
    struct buffer text = {0};
    int count = job_materials(job, known, NAMED_AT_MOST);
    for (int i = 0; i < count; i++)
        buffer_addf(&text, "%s%s", i ? "+" : "", known[i]->base.name);
    const char *name = intern_text(&telemetry->names, buffer_text(&text));
    buffer_free(&text);
    return name;
}

static struct builds *builds_of(struct telemetry *telemetry, const struct job *job)
{
    const char *material = materials_of(telemetry, job), *machine = job->printer->machine;
    struct builds *row = table_get(&telemetry->builds, machine, material);
    if (row)
        return row;
    row = ARENA_NEW(&telemetry->arena, struct builds);
    *row = (struct builds){.machine = machine, .material = material};
    table_put(&telemetry->builds, machine, material, row);
    return row;
}

static void count_begun(struct telemetry *telemetry, const struct heard *heard)
{
    const struct job *job = state_job(heard->state, heard->event->attempt_begun.job);
    struct attempt *attempt = map_get(&telemetry->attempts, NULL, job);
    if (!attempt) {
        attempt = ARENA_NEW(&telemetry->arena, struct attempt);
        map_put(&telemetry->attempts, NULL, job, attempt);
    }
    *attempt = (struct attempt){heard->time_ms, heard->sequence};
    builds_of(telemetry, job); /* from nothing yet its figures rise */
}

static void count_ended(struct telemetry *telemetry, const struct heard *heard)
{
    const struct job *job = state_job(heard->state, heard->event->attempt_ended.job);
    const char *outcome = heard->event->attempt_ended.outcome;
    int end = 0;

    while (end < BUILD_OUTCOMES && strcmp(build_outcome_words[end], outcome) != 0)
        end++;
    if (end == BUILD_OUTCOMES)
        return; /* nobody knows yet */
    builds_of(telemetry, job)->count[end]++;
}

/* ---- events ---- */

static const struct {
    enum message_kind kind;
    void (*count)(struct telemetry *telemetry, const struct heard *heard);
} counted_rows[] = {
    {EVENT_units_left, count_left},
    {EVENT_batch_closed, count_closed},
    {EVENT_attempt_begun, count_begun},
    {EVENT_attempt_ended, count_ended},
};

/* The first event is nobody else's: two shops are not begun by the same person in the same millisecond. */
static void name_shop(struct telemetry *telemetry, const struct heard *heard)
{
    struct buffer text = {0};
    char hex[65];
    buffer_addf(&text, "%lld", (long long)heard->time_ms);
    message_write(&text, heard->event);
    sha256_hex(text.text, text.length, hex);
    memcpy(telemetry->shop, hex, sizeof telemetry->shop - 1);
    buffer_free(&text);
}

void telemetry_event(struct telemetry *telemetry, const struct state *state, int64_t sequence,
                     int64_t time_ms, const struct message *event)
{
    const struct heard heard = {state, sequence, time_ms, event};
    pthread_mutex_lock(&telemetry->lock);
    if (sequence == 1)
        name_shop(telemetry, &heard);
    telemetry->events[event->kind]++;
    for (size_t i = 0; i < sizeof counted_rows / sizeof *counted_rows; i++)
        if (counted_rows[i].kind == event->kind)
            counted_rows[i].count(telemetry, &heard);
    traces_hear(telemetry, &heard);
    pthread_mutex_unlock(&telemetry->lock);
}

void telemetry_go_live(struct telemetry *telemetry)
{
    telemetry->live = true;
    for (int i = 0; i < telemetry->closings.count; i++) {
        struct closings *row = telemetry->closings.things[i];
        reckon(row, row->last);
        row->last = NULL;
    }
}

/* ---- what else is heard ---- */

void telemetry_answered(struct telemetry *telemetry, enum message_kind command,
                        const struct answer *answer)
{
    enum command_end end = !answer            ? COMMAND_FAILED
                           : answer->repeated ? COMMAND_REPEATED
                           : answer->accepted ? COMMAND_ACCEPTED
                                              : COMMAND_REFUSED;
    pthread_mutex_lock(&telemetry->lock);
    telemetry->commands[command][end]++;
    pthread_mutex_unlock(&telemetry->lock);
}

void telemetry_committed(struct telemetry *telemetry, int64_t took_us)
{
    pthread_mutex_lock(&telemetry->lock);
    histogram_add(&telemetry->commit, took_us);
    pthread_mutex_unlock(&telemetry->lock);
}

void telemetry_scheduled(struct telemetry *telemetry, int64_t took_us)
{
    pthread_mutex_lock(&telemetry->lock);
    histogram_add(&telemetry->scheduling, took_us);
    pthread_mutex_unlock(&telemetry->lock);
}

void telemetry_printer(struct telemetry *telemetry, const char *printer, const char *machine,
                       const char *state, int64_t now_ms)
{
    int word = PRINTER_STATE_COUNT - 1;
    while (word > PRINTER_OFFLINE && strcmp(printer_state_words[word], state) != 0)
        word--;
    pthread_mutex_lock(&telemetry->lock);
    const char *name = intern_text(&telemetry->names, printer);
    struct watched *watched = table_get(&telemetry->watched, name, NULL);
    if (watched) {
        watched->spent_ms[watched->state] += now_ms - watched->since_ms;
    } else {
        watched = ARENA_NEW(&telemetry->arena, struct watched);
        watched->name = name;
        table_put(&telemetry->watched, name, NULL, watched);
    }
    watched->machine = intern_text(&telemetry->names, machine);
    watched->state = (enum printer_state)word;
    watched->since_ms = now_ms;
    pthread_mutex_unlock(&telemetry->lock);
}

void telemetry_shop(struct telemetry *telemetry, char name[33])
{
    pthread_mutex_lock(&telemetry->lock);
    memcpy(name, telemetry->shop, sizeof telemetry->shop);
    pthread_mutex_unlock(&telemetry->lock);
}
