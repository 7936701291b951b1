/* The figures of each metric: one function a row of metrics.def. */
#include "telemetry/private.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct collecting {
    struct telemetry *telemetry;
    const struct state *state;
    int64_t now_ms;
    const struct metric_row *row;
    struct metric_sink *sink;
    struct arena arena;
};

static void tell(struct collecting *at, double value, const char *first, const char *second,
                 const char *third)
{
    const char *const values[LABELS_AT_MOST] = {first, second, third};
    at->sink->sample(at->sink, at->row, values, value);
}

static void tell_one(struct collecting *at, double value)
{
    tell(at, value, NULL, NULL, NULL);
}

/* ---- sums by one or two names: few, so they are searched ---- */

struct sum {
    const char *first, *second;
    int64_t value;
};

struct sums {
    struct sum *items;
    int count, capacity;
};

static void add_to(struct collecting *at, struct sums *sums, const char *first, const char *second,
                   int64_t value)
{
    int i = 0;
    while (i < sums->count &&
           (strcmp(sums->items[i].first, first) != 0 || strcmp(sums->items[i].second, second) != 0))
        i++;
    if (i == sums->capacity) {
        int capacity = i ? 2 * i : 64;
        struct sum *items = ARENA_ARRAY(&at->arena, struct sum, capacity);
        if (i)
            memcpy(items, sums->items, sizeof *items * (size_t)i);
        sums->items = items;
        sums->capacity = capacity;
    }
    if (i == sums->count)
        sums->items[sums->count++] = (struct sum){first, second, 0};
    sums->items[i].value += value;
}

static void tell_sums(struct collecting *at, const struct sums *sums)
{
    for (int i = 0; i < sums->count; i++)
        tell(at, (double)sums->items[i].value, sums->items[i].first, sums->items[i].second, NULL);
}

/* ---- what waits ---- */

static bool is_running(const struct batch *batch)
{
    return batch->started && !batch->closed;
}

static void collect_units_standing(struct collecting *at)
{
    struct sums sums = {0};
    for (int i = 0; i < at->state->batches.count; i++) {
        const struct batch *batch = at->state->batches.things[i];
        const struct workflow *workflow = batch->revision->made->workflow;
        for (int k = 0; is_running(batch) && k < workflow->step_count; k++)
            if (batch->steps[k].standing)
                add_to(at, &sums, batch->product->name, workflow->steps[k]->base.name,
                       batch->steps[k].standing);
    }
    tell_sums(at, &sums);
}

static void collect_units_quarantined(struct collecting *at)
{
    struct sums sums = {0};
    for (int i = 0; i < at->state->batches.count; i++) {
        const struct batch *batch = at->state->batches.things[i];
        if (is_running(batch))
            add_to(at, &sums, batch->product->name, "", units_at(batch, PLACE_QUARANTINE));
    }
    tell_sums(at, &sums);
}

static void collect_units_owed(struct collecting *at)
{
    struct sums sums = {0};
    for (int i = 0; i < at->state->lines.count; i++) {
        const struct order_line *line = at->state->lines.things[i];
        if (!line->held && line_owed(line))
            add_to(at, &sums, line->product, "", line_owed(line));
    }
    tell_sums(at, &sums);
}

static bool is_owed(const struct order *order)
{
    for (const struct order_line *line = order->lines; line; line = line->next)
        if (line_owed(line))
            return true;
    return false;
}

static void collect_orders_owed(struct collecting *at)
{
    int64_t owed = 0;
    for (int i = 0; i < at->state->orders.count; i++)
        owed += is_owed(at->state->orders.things[i]);
    tell_one(at, (double)owed);
}

static void collect_lines_held(struct collecting *at)
{
    int64_t held = 0;
    for (int i = 0; i < at->state->lines.count; i++)
        held += ((const struct order_line *)at->state->lines.things[i])->held;
    tell_one(at, (double)held);
}

static void collect_batches(struct collecting *at)
{
    struct sums sums = {0};
    for (int i = 0; i < at->state->products.count; i++) { /* none is a figure, too */
        const struct product_state *product = at->state->products.things[i];
        add_to(at, &sums, product->name, "filling", 0);
        add_to(at, &sums, product->name, "running", 0);
    }
    for (int i = 0; i < at->state->batches.count; i++) {
        const struct batch *batch = at->state->batches.things[i];
        if (!batch->closed)
            add_to(at, &sums, batch->product->name, batch->started ? "running" : "filling", 1);
    }
    tell_sums(at, &sums);
}

static void collect_lots_held(struct collecting *at)
{
    int64_t held = 0;
    for (int i = 0; i < at->state->lots.count; i++)
        held += ((const struct lot *)at->state->lots.things[i])->held;
    tell_one(at, (double)held);
}

static void collect_issues_open(struct collecting *at)
{
    int64_t open = 0;
    for (int i = 0; i < at->state->issues.count; i++)
        open += !((const struct issue *)at->state->issues.things[i])->closed;
    tell_one(at, (double)open);
}

static void collect_jobs(struct collecting *at)
{
    int64_t jobs[JOB_STAGE_COUNT] = {0};
    for (int i = 0; i < at->state->jobs.count; i++)
        jobs[((const struct job *)at->state->jobs.things[i])->stage]++;
    for (int stage = 0; stage < JOB_DONE; stage++)
        tell(at, (double)jobs[stage], job_stage_words[stage], NULL, NULL);
}

/* ---- printers ---- */

static void collect_printer_state(struct collecting *at)
{
    for (int i = 0; i < at->telemetry->watched.count; i++) {
        const struct watched *printer = at->telemetry->watched.things[i];
        tell(at, 1, printer->name, printer->machine, printer_state_words[printer->state]);
    }
}

static void collect_printer_out(struct collecting *at)
{
    for (int i = 0; i < at->state->printers.count; i++) {
        const struct printer *printer = at->state->printers.things[i];
        tell(at, printer->out, printer->name, printer->machine, NULL);
    }
}

/* Only states that it was in, and printing: ten for each of a thousand printers would be mostly zeros. */
static void collect_printer_state_seconds(struct collecting *at)
{
    for (int i = 0; i < at->telemetry->watched.count; i++) {
        const struct watched *printer = at->telemetry->watched.things[i];
        for (int state = 0; state < PRINTER_STATE_COUNT; state++) {
            bool is_now = (int)printer->state == state;
            int64_t spent_ms =
                printer->spent_ms[state] + (is_now ? at->now_ms - printer->since_ms : 0);
            if (is_now || spent_ms || state == PRINTER_PRINTING)
                tell(at, (double)spent_ms / 1000, printer->name, printer->machine,
                     printer_state_words[state]);
        }
    }
}

static void collect_builds(struct collecting *at)
{
    for (int i = 0; i < at->telemetry->builds.count; i++) {
        const struct builds *builds = at->telemetry->builds.things[i];
        for (int end = 0; end < BUILD_OUTCOMES; end++)
            tell(at, (double)builds->count[end], builds->machine, builds->material,
                 build_outcome_words[end]);
    }
}

static void collect_scheduling(struct collecting *at)
{
    at->sink->histogram(at->sink, at->row, &at->telemetry->scheduling);
}

/* ---- what was made ---- */

static void collect_units_left(struct collecting *at)
{
    for (int i = 0; i < at->telemetry->leavings.count; i++) {
        const struct leavings *leavings = at->telemetry->leavings.things[i];
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
            if (leavings->units[outcome] || leavings->possible[outcome])
                tell(at, (double)leavings->units[outcome], leavings->product, leavings->step,
                     outcome_names[outcome]);
    }
}

static void collect_batches_closed(struct collecting *at)
{
    for (int i = 0; i < at->telemetry->closings.count; i++) {
        const struct closings *closings = at->telemetry->closings.things[i];
        tell(at, (double)closings->count, closings->product, NULL, NULL);
    }
}

static void collect_batch_unit_cost(struct collecting *at)
{
    for (int i = 0; i < at->telemetry->closings.count; i++) {
        const struct closings *closings = at->telemetry->closings.things[i];
        if (closings->currency)
            tell(at, closings->unit_cost, closings->product, closings->currency, NULL);
    }
}

static void collect_batch_good_units(struct collecting *at)
{
    for (int i = 0; i < at->telemetry->closings.count; i++) {
        const struct closings *closings = at->telemetry->closings.things[i];
        if (closings->currency)
            tell(at, (double)closings->good_units, closings->product, NULL, NULL);
    }
}

/* ---- the program ---- */

static void collect_commands(struct collecting *at)
{
    for (int command = 0; command < COMMAND_COUNT; command++)
        for (int end = 0; end < COMMAND_ENDS; end++)
            if (at->telemetry->commands[command][end])
                tell(at, (double)at->telemetry->commands[command][end], message_rows[command].name,
                     command_end_words[end], NULL);
}

static void collect_events(struct collecting *at)
{
    for (int event = COMMAND_COUNT; event < MESSAGE_COUNT; event++)
        if (at->telemetry->events[event])
            tell(at, (double)at->telemetry->events[event], message_rows[event].name, NULL, NULL);
}

static void collect_commit(struct collecting *at)
{
    at->sink->histogram(at->sink, at->row, &at->telemetry->commit);
}

static void collect_spans(struct collecting *at)
{
    tell(at, (double)at->telemetry->spans_sent, "sent", NULL, NULL);
    tell(at, (double)at->telemetry->spans_dropped, "dropped", NULL, NULL);
}

static void collect_build_info(struct collecting *at)
{
    tell(at, 1, FLOW_VERSION, NULL, NULL);
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void collect_cpu(struct collecting *at)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        tell_one(at, seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
}

static void collect_resident_memory(struct collecting *at)
{
    long long all, resident;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%lld %lld", &all, &resident) == 2) /* pages */
        tell_one(at, (double)resident * (double)sysconf(_SC_PAGESIZE));
    if (file)
        fclose(file);
}

static void collect_open_files(struct collecting *at)
{
    int count = -3; /* itself, "." and ".." */
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return;
    while (readdir(folder))
        count++;
    closedir(folder);
    tell_one(at, count);
}

static void collect_start_time(struct collecting *at)
{
    tell_one(at, (double)at->telemetry->begun_ms / 1000);
}

/* ---- all of them ---- */

#define METRIC(function, name, type, labels, help) {name, labels, help, type},
const struct metric_row metric_rows[] = {
#include "telemetry/metrics.def"
};
#undef METRIC
const int metric_count = sizeof metric_rows / sizeof *metric_rows;

#define METRIC(function, name, type, labels, help) collect_##function,
static void (*const collectors[])(struct collecting *at) = {
#include "telemetry/metrics.def"
};
#undef METRIC

void telemetry_collect(struct telemetry *telemetry, const struct state *state, int64_t now_ms,
                       struct metric_sink *sink)
{
    struct collecting at = {telemetry, state, now_ms, NULL, sink, {0}};
    pthread_mutex_lock(&telemetry->lock);
    for (int i = 0; i < metric_count; i++) {
        at.row = &metric_rows[i];
        sink->metric(sink, at.row);
        collectors[i](&at);
    }
    pthread_mutex_unlock(&telemetry->lock);
    arena_free(&at.arena);
}
