/* How long it takes to take a journal in, and to trace one lot over all of its units; and what the model takes of memory.
   usage: bench_trace [UNITS [PER_BATCH]] */
#include "trace/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What the process took at most so far. */
static double megabytes(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

struct shop {
    struct arena arena;
    struct interner names;
    struct genealogy model;
    int64_t sequence;
};

static const char *name(struct shop *shop, const char *text)
{
    return intern_text(&shop->names, text);
}

static struct message event_of(struct shop *shop, enum message_kind kind)
{
    struct message event = {.kind = kind, .by = name(shop, "anna")};
    const struct message_row *row = &message_rows[kind];
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole)
            event.cells[i].text = name(shop, "");
    return event;
}

static void happens(struct shop *shop, const struct message *event)
{
    shop->sequence++;
    genealogy_apply(&shop->model, shop->sequence, 1000 * shop->sequence, event);
}

static void leave(struct shop *shop, const char *batch, const char *step, int first, int count)
{
    struct message event = event_of(shop, EVENT_units_left);
    event.units_left.batch = batch;
    event.units_left.step = name(shop, step);
    event.units_left.first = first;
    event.units_left.count = count;
    event.units_left.outcome = name(shop, "pass");
    event.units_left.to = name(shop, "next");
    happens(shop, &event);
}

/* Each unit is measured, judged, and goes on alone. */
static void inspect(struct shop *shop, const char *batch, const char *step, int unit)
{
    struct message measured = event_of(shop, EVENT_unit_measured),
                   judged = event_of(shop, EVENT_check_judged);
    measured.unit_measured.batch = judged.check_judged.batch = batch;
    measured.unit_measured.step = judged.check_judged.step = name(shop, step);
    measured.unit_measured.unit = judged.check_judged.unit = unit;
    measured.unit_measured.value = name(shop, "4.21");
    happens(shop, &measured);
    happens(shop, &judged);
    leave(shop, batch, step, unit, 1);
}

static void open_batch(struct shop *shop, const char *batch, const char *order, int units)
{
    struct message opened = event_of(shop, EVENT_batch_opened),
                   added = event_of(shop, EVENT_units_added),
                   started = event_of(shop, EVENT_batch_started),
                   line = event_of(shop, EVENT_line_ordered);
    line.line_ordered.order = added.units_added.order = order;
    line.line_ordered.line = added.units_added.line = name(shop, "1");
    line.line_ordered.customer = order;
    opened.batch_opened.batch = added.units_added.batch = started.batch_started.batch = batch;
    opened.batch_opened.product = name(shop, "hook");
    added.units_added.count = units;
    happens(shop, &line);
    happens(shop, &opened);
    happens(shop, &added);
    happens(shop, &started);
}

static void use(struct shop *shop, const char *batch, const char *step, const char *lot,
                const char *what)
{
    struct message used = event_of(shop, EVENT_lot_used), begun = event_of(shop, EVENT_step_begun);
    used.lot_used.batch = begun.step_begun.batch = batch;
    used.lot_used.step = begun.step_begun.step = name(shop, step);
    used.lot_used.lot = name(shop, lot);
    used.lot_used.what = name(shop, what);
    begun.step_begun.machine = name(shop, "mk4");
    happens(shop, &begun);
    happens(shop, &used);
}

static void ship(struct shop *shop, const char *batch, const char *order, int units)
{
    struct message packed = event_of(shop, EVENT_units_packed),
                   shipped = event_of(shop, EVENT_parcel_shipped);
    packed.units_packed.parcel = shipped.parcel_shipped.parcel = batch;
    packed.units_packed.batch = batch;
    packed.units_packed.order = order;
    packed.units_packed.first = 1;
    packed.units_packed.count = units;
    happens(shop, &packed);
    happens(shop, &shipped);
}

static void make_batch(struct shop *shop, int number, int units)
{
    char text[32];
    snprintf(text, sizeof text, "B-%d", number);
    const char *batch = name(shop, text);
    snprintf(text, sizeof text, "1%06d", number);
    const char *order = name(shop, text);

    open_batch(shop, batch, order, units);
    use(shop, batch, "plate", "SP-1", "pla");
    leave(shop, batch, "plate", 1, units);
    for (int i = 1; i <= units; i++)
        inspect(shop, batch, "screen", i);
    snprintf(text, sizeof text, "IN-%d", number / 40);
    use(shop, batch, "inserts", text, "m3_insert");
    leave(shop, batch, "inserts", 1, units);
    for (int i = 1; i <= units; i++)
        inspect(shop, batch, "final", i);
    leave(shop, batch, "box", 1, units);
    if (number % 2)
        ship(shop, batch, order, units);
}

static double time_trace(const struct shop *shop, const char *lot, int64_t expected)
{
    struct trace_subject subject;
    struct failure failure;
    struct trace trace;
    double begun = seconds();
    if (!trace_find(&shop->model, "lot", lot, &subject, &failure)) {
        fprintf(stderr, "bench_trace: %s\n", failure.message);
        exit(3);
    }
    trace_open(&trace, &shop->model, subject);
    double took = seconds() - begun;
    if (trace.unit_count != expected) {
        fprintf(stderr, "bench_trace: %lld units\n", (long long)trace.unit_count);
        exit(3);
    }
    trace_close(&trace);
    return took;
}

int main(int argc, char **argv)
{
    int units = argc > 1 ? atoi(argv[1]) : 100000, per_batch = argc > 2 ? atoi(argv[2]) : 25;
    struct shop shop = {0};
    double least = 1e9;

    if (units < 1 || per_batch < 1 || units % per_batch) {
        fputs("usage: bench_trace [UNITS [PER_BATCH]], the one a multiple of the other\n", stderr);
        return 2;
    }
    interner_open(&shop.names, &shop.arena);
    genealogy_open(&shop.model, &shop.names);
    double before = megabytes(), begun = seconds();
    for (int i = 0; i < units / per_batch; i++)
        make_batch(&shop, i, per_batch);
    double taken = seconds() - begun;
    double memory = megabytes() - before;
    for (int round = 0; round < 5; round++) {
        double took = time_trace(&shop, "SP-1", units);
        least = took < least ? took : least;
    }
    printf(
        "%lld events taken in %.2f s, %.0f MB with all names; a lot over %d units traced in %.1f "
        "ms\n",
        (long long)shop.sequence, taken, memory, units, 1e3 * least);
    genealogy_close(&shop.model);
    interner_close(&shop.names);
    arena_free(&shop.arena);
    return 0;
}
