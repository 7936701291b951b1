/* Each batch as a trace: its orders' lines wait, it fills, units stand at each step, plates are printed, parcels are packed. A
   span is told of when it ends; the batch's own, their parent, when its last parcel has left. Their ids are made of what the
   journal says, so that after a restart a trace goes on as the same. */
#include "telemetry/otlp.h"
#include "telemetry/private.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct traced_step {
    int64_t since_ms,
        since; /* when units came to the empty step, and by which event; since 0: it is empty */
    int64_t good, bad; /* that left since */
};

/* A parcel that has units of the batch. */
struct packing {
    struct packing *next;
    const struct parcel *parcel;
    int64_t since_ms;
};

/* ---- spans ---- */

static void keep_span(struct telemetry *telemetry, const struct trace_span *span)
{
    struct buffer text = {0};
    if (!telemetry->keeps_spans || !telemetry->live)
        return;
    if (telemetry->span_count == SPANS_AT_MOST) {
        telemetry->spans_dropped++;
        return;
    }
    otlp_add_span(&text, span);
    int at = (telemetry->span_begin + telemetry->span_count++) % SPANS_AT_MOST;
    telemetry->spans[at] = text.text;
}

static void make_id(const struct traced *traced, const char *what, const char *which, char id[17])
{
    struct buffer text = {0};
    char hex[65];
    buffer_addf(&text, "%s %s %s", traced->trace, what, which);
    sha256_hex(text.text, text.length, hex);
    memcpy(id, hex, 16);
    id[16] = '\0';
    buffer_free(&text);
}

enum { FACTS_AT_MOST = 8 };

/* A span of the batch, named apart from others of its kind by `which`. The first fact is the batch's name; the others
   follow. */
struct told {
    const char *name, *which;
    int64_t start_ms, end_ms;
    struct span_fact facts[FACTS_AT_MOST];
    int fact_count;
    const char *error;
};

static void tell(struct telemetry *telemetry, const struct traced *traced, const struct told *told)
{
    static const char root[] = "batch";
    struct span_fact facts[2 + FACTS_AT_MOST] = {{"flow.batch", traced->batch->name, 0},
                                                 {"flow.product", traced->batch->product->name, 0}};
    char id[17], parent[17];

    make_id(traced, root, "", parent);
    make_id(traced, told->name, told->which, id);
    bool is_root = strcmp(told->name, root) == 0;
    memcpy(facts + 2, told->facts, sizeof told->facts);
    struct trace_span span = {.name = told->name,
                              .trace = traced->trace,
                              .id = id,
                              .parent = is_root ? "" : parent,
                              .start_ms = told->start_ms,
                              .end_ms = told->end_ms,
                              .facts = facts,
                              .fact_count = 2 + told->fact_count,
                              .error = told->error};
    keep_span(telemetry, &span);
}

int telemetry_take_spans(struct telemetry *telemetry, struct buffer *out, int most)
{
    int taken = 0;
    pthread_mutex_lock(&telemetry->lock);
    for (; taken < most && telemetry->span_count; taken++, telemetry->span_count--) {
        char *text = telemetry->spans[telemetry->span_begin];
        if (taken)
            buffer_add_char(out, ',');
        buffer_add_text(out, text);
        free(text);
        telemetry->span_begin = (telemetry->span_begin + 1) % SPANS_AT_MOST;
    }
    pthread_mutex_unlock(&telemetry->lock);
    return taken;
}

void telemetry_spans_went(struct telemetry *telemetry, int64_t sent, int64_t dropped)
{
    pthread_mutex_lock(&telemetry->lock);
    telemetry->spans_sent += sent;
    telemetry->spans_dropped += dropped;
    pthread_mutex_unlock(&telemetry->lock);
}

void telemetry_keep_spans(struct telemetry *telemetry)
{
    telemetry->keeps_spans = true;
    telemetry->spans = memory_zeroed(SPANS_AT_MOST, sizeof *telemetry->spans);
}

/* ---- batches ---- */

static void begin_trace(struct telemetry *telemetry, const struct heard *heard)
{
    const struct batch *batch = state_batch(heard->state, heard->event->batch_opened.batch);
    struct traced *traced = memory_zeroed(1, sizeof *traced);
    struct buffer text = {0};
    char hex[65];

    buffer_addf(&text, "%s batch %s", telemetry->shop, batch->name);
    sha256_hex(text.text, text.length, hex);
    memcpy(traced->trace, hex, sizeof traced->trace - 1);
    buffer_free(&text);
    traced->batch = batch;
    traced->begun_ms = traced->opened_ms = heard->time_ms;
    traced->fills = true;
    traced->costing = costing_open(batch);
    traced->steps =
        memory_zeroed((size_t)batch->revision->made->workflow->step_count, sizeof *traced->steps);
    traced->next = telemetry->open;
    traced->here = &telemetry->open;
    if (traced->next)
        traced->next->here = &traced->next;
    telemetry->open = traced;
    map_put(&telemetry->traced, NULL, batch, traced);
}

/* In place of a batch that is over, which the map cannot do without. */
static struct traced nothing;

struct traced *traced_find(const struct telemetry *telemetry, const struct batch *batch)
{
    struct traced *traced = map_get(&telemetry->traced, NULL, batch);
    return traced == &nothing ? NULL : traced;
}

static void forget(struct telemetry *telemetry, struct traced *traced)
{
    *traced->here = traced->next;
    if (traced->next)
        traced->next->here = traced->here;
    map_put(&telemetry->traced, NULL, traced->batch, &nothing);
    costing_close(traced->costing);
    for (struct packing *packing = traced->packings, *next; packing; packing = next) {
        next = packing->next;
        free(packing);
    }
    free(traced->steps);
    free(traced);
}

void traces_close(struct telemetry *telemetry)
{
    while (telemetry->open)
        forget(telemetry, telemetry->open);
    for (int i = 0; i < telemetry->span_count; i++)
        free(telemetry->spans[(telemetry->span_begin + i) % SPANS_AT_MOST]);
    free(telemetry->spans);
    map_free(&telemetry->traced);
    map_free(&telemetry->ordered);
}

static struct traced *traced_of(struct telemetry *telemetry, const struct heard *heard)
{
    const char *name = event_text(heard->event, "batch");
    const struct batch *batch = name ? state_batch(heard->state, name) : NULL;
    return batch ? traced_find(telemetry, batch) : NULL;
}

/* Good units of it that an order waits for. */
static int owes(const struct batch *batch)
{
    int count = 0;
    for (int32_t i = 0; i < batch->unit_count; i++) {
        const struct piece *piece = &batch->units[i];
        count +=
            piece->at == PLACE_DONE && piece->line && !(piece->parcel && piece->parcel->shipped);
    }
    return count;
}

static void end_where_over(struct telemetry *telemetry, struct traced *traced, int64_t time_ms)
{
    const struct batch *batch = traced->batch;
    if (!batch->closed || owes(batch))
        return;
    struct told told = {.name = "batch",
                        .which = "",
                        .start_ms = traced->begun_ms,
                        .end_ms = time_ms,
                        .facts = {{"flow.units", NULL, batch->unit_count},
                                  {"flow.units.good", NULL, units_at(batch, PLACE_DONE)},
                                  {"flow.units.scrapped", NULL, units_at(batch, PLACE_SCRAP)}},
                        .fact_count = 3,
                        .error = batch->cancelled ? "it was given up" : NULL};
    tell(telemetry, traced, &told);
    forget(telemetry, traced);
}

/* ---- what happens to one ---- */

static void note_ordered(struct telemetry *telemetry, const struct heard *heard)
{
    const struct order_line *line = state_line(heard->state, event_text(heard->event, "order"),
                                               event_text(heard->event, "line"));
    int64_t *since_ms = ARENA_NEW(&telemetry->arena, int64_t);
    *since_ms = heard->time_ms;
    map_put(&telemetry->ordered, NULL, line, since_ms);
}

static void end_waiting(struct telemetry *telemetry, struct traced *traced,
                        const struct heard *heard)
{
    const struct units_added *added = &heard->event->units_added;
    const struct order_line *line =
        *added->order ? state_line(heard->state, added->order, added->line) : NULL;
    const int64_t *since_ms = line ? map_get(&telemetry->ordered, NULL, line) : NULL;
    char which[32];

    if (!since_ms)
        return; /* for stock */
    if (*since_ms < traced->begun_ms)
        traced->begun_ms = *since_ms;
    snprintf(which, sizeof which, "%lld", (long long)heard->sequence);
    struct told told = {.name = "order line waits",
                        .which = which,
                        .start_ms = *since_ms,
                        .end_ms = heard->time_ms,
                        .facts = {{"flow.order", added->order, 0},
                                  {"flow.line", added->line, 0},
                                  {"flow.units", NULL, added->count}},
                        .fact_count = 3};
    tell(telemetry, traced, &told);
}

static void end_filling(struct telemetry *telemetry, struct traced *traced,
                        const struct heard *heard)
{
    bool cancelled = heard->event->kind == EVENT_batch_cancelled;
    struct told told = {.name = "batch fills",
                        .which = "",
                        .start_ms = traced->opened_ms,
                        .end_ms = heard->time_ms,
                        .facts = {{"flow.units", NULL, traced->batch->unit_count}},
                        .fact_count = 1,
                        .error = cancelled ? "it was given up" : NULL};
    if (traced->fills)
        tell(telemetry, traced, &told);
    traced->fills = false;
}

static void count_leaving(struct telemetry *telemetry, struct traced *traced,
                          const struct heard *heard)
{
    const struct units_left *left = &heard->event->units_left;
    struct traced_step *step = &traced->steps[batch_step_index(traced->batch, left->step)];
    (void)telemetry;
    if (outcome_is_good(outcome_named(left->outcome)))
        step->good += left->count;
    else
        step->bad += left->count;
}

static void note_packed(struct telemetry *telemetry, struct traced *traced,
                        const struct heard *heard)
{
    const struct parcel *parcel = state_parcel(heard->state, heard->event->units_packed.parcel);
    struct packing *packing = traced->packings;
    (void)telemetry;
    while (packing && packing->parcel != parcel)
        packing = packing->next;
    if (packing)
        return;
    packing = memory_zeroed(1, sizeof *packing);
    *packing = (struct packing){traced->packings, parcel, heard->time_ms};
    traced->packings = packing;
}

/* ---- prints: of every batch that lies on the plate ---- */

static void end_print(struct telemetry *telemetry, const struct heard *heard)
{
    const struct attempt_ended *ended = &heard->event->attempt_ended;
    const struct job *job = state_job(heard->state, ended->job);
    const struct attempt *attempt = map_get(&telemetry->attempts, NULL, job);
    const struct traced *last = NULL;
    char which[32];

    if (strcmp(ended->outcome, "unknown") == 0)
        return; /* a person will say */
    snprintf(which, sizeof which, "%lld", (long long)attempt->sequence);
    struct told told = {.name = "print",
                        .which = which,
                        .start_ms = attempt->begun_ms,
                        .end_ms = heard->time_ms,
                        .facts = {{"flow.job", job->name, 0},
                                  {"flow.printer", job->printer->name, 0},
                                  {"flow.machine", job->printer->machine, 0},
                                  {"flow.outcome", ended->outcome, 0}},
                        .fact_count = 4,
                        .error = strcmp(ended->outcome, "finished") == 0 ? NULL
                                 : *ended->reason                        ? ended->reason
                                                                         : ended->outcome};
    for (const struct job_part *part = job->parts; part; part = part->next) {
        const struct traced *traced = traced_find(telemetry, part->batch);
        if (traced && traced != last)
            tell(telemetry, traced, &told);
        last = traced;
    }
}

/* ---- parcels: of every batch that something is in of ---- */

static void end_parcel(struct telemetry *telemetry, const struct heard *heard)
{
    const struct parcel *parcel = state_parcel(heard->state, heard->event->parcel_shipped.parcel);
    struct traced *next;
    for (struct traced *traced = telemetry->open; traced; traced = next) {
        struct packing *packing = traced->packings;
        next = traced->next;
        while (packing && packing->parcel != parcel)
            packing = packing->next;
        if (!packing)
            continue;
        struct told told = {.name = "parcel",
                            .which = parcel->name,
                            .start_ms = packing->since_ms,
                            .end_ms = heard->time_ms,
                            .facts = {{"flow.parcel", parcel->name, 0},
                                      {"flow.order", parcel->order->name, 0},
                                      {"flow.carrier", parcel->carrier, 0}},
                            .fact_count = 3};
        tell(telemetry, traced, &told);
        end_where_over(telemetry, traced, heard->time_ms);
    }
}

static void end_those_over(struct telemetry *telemetry, const struct heard *heard)
{
    struct traced *next;
    for (struct traced *traced = telemetry->open; traced; traced = next) {
        next = traced->next;
        end_where_over(telemetry, traced, heard->time_ms);
    }
}

/* ---- steps ---- */

static void end_step(struct telemetry *telemetry, const struct traced *traced, int index,
                     const struct heard *heard)
{
    struct traced_step *step = &traced->steps[index];
    const struct batch_step *now = &traced->batch->steps[index];
    char which[32];
    snprintf(which, sizeof which, "%lld", (long long)step->since);
    struct told told = {
        .name = "step",
        .which = which,
        .start_ms = step->since_ms,
        .end_ms = heard->time_ms,
        .facts = {{"flow.step", traced->batch->revision->made->workflow->steps[index]->base.name,
                   0},
                  {"flow.units.good", NULL, step->good},
                  {"flow.units.bad", NULL, step->bad},
                  {"flow.machine", now->machine ? now->machine : "", 0}},
        .fact_count = 4};
    tell(telemetry, traced, &told);
    *step = (struct traced_step){0};
}

static void look_at_steps(struct telemetry *telemetry, const struct traced *traced,
                          const struct heard *heard)
{
    const struct batch *batch = traced->batch;
    for (int i = 0; i < batch->revision->made->workflow->step_count; i++) {
        struct traced_step *step = &traced->steps[i];
        if (batch->steps[i].standing && !step->since) {
            step->since = heard->sequence;
            step->since_ms = heard->time_ms;
        } else if (!batch->steps[i].standing && step->since) {
            end_step(telemetry, traced, i, heard);
        }
    }
}

/* ---- events ---- */

static const struct {
    enum message_kind kind;
    void (*hear)(struct telemetry *telemetry, const struct heard *heard);
} shop_rows[] = {
    {EVENT_line_ordered, note_ordered}, {EVENT_line_held, note_ordered},
    {EVENT_batch_opened, begin_trace},  {EVENT_attempt_ended, end_print},
    {EVENT_parcel_shipped, end_parcel}, {EVENT_line_cancelled, end_those_over},
};

static const struct {
    enum message_kind kind;
    void (*hear)(struct telemetry *telemetry, struct traced *traced, const struct heard *heard);
} batch_rows[] = {
    {EVENT_units_added, end_waiting},     {EVENT_batch_started, end_filling},
    {EVENT_batch_cancelled, end_filling}, {EVENT_units_left, count_leaving},
    {EVENT_units_packed, note_packed},
};

void traces_hear(struct telemetry *telemetry, const struct heard *heard)
{
    enum message_kind kind = heard->event->kind;
    for (size_t i = 0; i < sizeof shop_rows / sizeof *shop_rows; i++)
        if (shop_rows[i].kind == kind)
            shop_rows[i].hear(telemetry, heard);
    struct traced *traced = traced_of(telemetry, heard);
    if (!traced)
        return;
    for (size_t i = 0; i < sizeof batch_rows / sizeof *batch_rows; i++)
        if (batch_rows[i].kind == kind)
            batch_rows[i].hear(telemetry, traced, heard);
    look_at_steps(telemetry, traced, heard);
    if (kind == EVENT_batch_closed || kind == EVENT_batch_cancelled)
        end_where_over(telemetry, traced, heard->time_ms);
}
