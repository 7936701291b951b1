/* The events of a trace: those that touched its units, or those that name what is asked about. */
#include "trace/trace_private.h"

#include "base/memory.h"
#include "engine/state.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    struct trace *trace;
    int32_t capacity;
};

static void add_event(struct gathering *at, const struct thing *owner, const struct fact *fact)
{
    struct trace *trace = at->trace;
    if (trace->event_count == at->capacity) {
        at->capacity = at->capacity ? 2 * at->capacity : 64;
        trace->events = memory_resize(trace->events, (size_t)at->capacity * sizeof *trace->events);
    }
    trace->events[trace->event_count++] = (struct trace_event){owner, fact};
}

static void add_trail(struct gathering *at, const struct thing *owner)
{
    for (int32_t i = 0; i < owner->trail.count; i++)
        add_event(at, owner, &owner->trail.facts[i]);
}

/* Whether what was accepted is how the batch was made: its lane, or the file of a job with something of it. */
static bool was_accepted_for(const struct fact *fact, const struct edition *edition,
                             const struct trail *own)
{
    const char *jobs = fact_text(fact, "jobs");
    if (*edition->lane && fact_text(fact, "lane") == edition->lane)
        return true;
    for (int32_t i = 0; *jobs && i < own->count; i++)
        if (words_have(jobs, fact_text(&own->facts[i], "job"),
                       strlen(fact_text(&own->facts[i], "job"))))
            return true;
    return false;
}

static bool is_ground(const struct fact *fact, const struct edition *edition,
                      const struct trail *own)
{
    switch (fact->kind) {
    case EVENT_spec_adopted:
        return fact_text(fact, "snapshot") == edition->snapshot;
    case EVENT_sample_approved:
        return fact_text(fact, "fingerprint") == edition->fingerprint;
    case EVENT_lane_accepted:
        return was_accepted_for(fact, edition, own);
    default:
        return false;
    }
}

/* By what a batch was made, and who approved and accepted that: a signature stands for every spec of the same fingerprint. */
static void add_release(struct gathering *at, const struct batch_trace *batch)
{
    const struct genealogy *model = at->trace->model;
    const struct thing *product =
        map_get(&model->by_name, thing_kind_names[THING_PRODUCT], batch->product);
    const struct edition *edition = genealogy_edition(model, batch->product, batch->snapshot);
    const struct trail *own = &batch->thing.trail;

    for (int32_t i = 0; product && edition && i < product->trail.count; i++) {
        const struct fact *fact = &product->trail.facts[i];
        if (is_ground(fact, edition, own) && own->count &&
            fact->sequence < own->facts[own->count - 1].sequence)
            add_event(at, product, fact);
    }
}

/* Units by lots, orders, ...: what touched them, and what is known of those. What comes by two ways stands there twice. */
static void gather_touching(struct gathering *at)
{
    static const enum thing_kind others[] = {THING_LOT, THING_ORDER, THING_PARCEL};
    struct trace *trace = at->trace;

    for (int32_t i = 0; i < trace->part_count; i++) {
        const struct trace_part *part = &trace->parts[i];
        const struct trail *trail = &part->batch->thing.trail;
        add_release(at, part->batch);
        for (int32_t n = 0; n < trail->count; n++)
            if (part_is_touched(part, &trail->facts[n]))
                add_event(at, &part->batch->thing, &trail->facts[n]);
    }
    for (size_t kind = 0; kind < sizeof others / sizeof *others; kind++)
        for (int32_t i = 0; i < trace->rows[others[kind]].count; i++)
            add_trail(at, trace->rows[others[kind]].rows[i].thing);
    enum thing_kind kind = trace->subject.thing->kind;
    if (kind == THING_LOT || kind == THING_ORDER || kind == THING_PARCEL)
        add_trail(at, trace->subject.thing); /* also where nothing came of it yet */
}

/* By kind of event: which of a fact's cells names things of this kind, -1 for none. */
struct naming {
    int8_t cells[MESSAGE_COUNT];
};

static void find_cells(struct naming *naming, const struct genealogy *model, enum thing_kind kind)
{
    for (int event = 0; event < MESSAGE_COUNT; event++) {
        const struct fact_plan *plan = &model->plans[event];
        naming->cells[event] = -1;
        for (int8_t i = 0; i < plan->cell_count; i++)
            if (strcmp(message_rows[event].fields[plan->cells[i]].name, thing_kind_names[kind]) ==
                0)
                naming->cells[event] = i;
    }
}

static void add_naming(struct gathering *at, const struct naming *naming, const struct thing *owner)
{
    const struct thing *thing = at->trace->subject.thing;
    for (int32_t n = 0; n < owner->trail.count; n++) {
        const struct fact *fact = &owner->trail.facts[n];
        int8_t cell = naming->cells[fact->kind];
        bool named = thing->kind == THING_PERSON
                         ? fact->by == thing->name
                         : cell >= 0 && fact->cells[cell].text == thing->name;
        if (owner == thing || named)
            add_event(at, owner, fact);
    }
}

static void gather_naming(struct gathering *at)
{
    const struct thing *thing = at->trace->subject.thing;
    const struct genealogy *model = at->trace->model;
    struct naming naming;

    find_cells(&naming, model, thing->kind);
    if (thing->kind != THING_PERSON) {
        add_naming(at, &naming, thing);
        for (int32_t i = 0; i < thing->batch_count; i++)
            add_naming(at, &naming, &thing->batches[i]->thing);
        return;
    }
    for (int kind = 0; kind < THING_KINDS; kind++)
        for (int32_t i = 0; i < model->things[kind].count; i++)
            add_naming(at, &naming, model->things[kind].all[i]);
}

static int by_sequence(const void *a, const void *b)
{
    const struct trace_event *first = a, *second = b;
    return (first->fact->sequence > second->fact->sequence) -
           (first->fact->sequence < second->fact->sequence);
}

/* In order, each once. */
static void put_in_order(struct trace *trace)
{
    int32_t kept = 0;
    if (trace->event_count)
        qsort(trace->events, (size_t)trace->event_count, sizeof *trace->events, by_sequence);
    for (int32_t i = 0; i < trace->event_count; i++)
        if (!kept || trace->events[i].fact != trace->events[kept - 1].fact)
            trace->events[kept++] = trace->events[i];
    trace->event_count = kept;
}

void trace_gather_touching(struct trace *trace)
{
    struct gathering at = {.trace = trace};
    trace->events = NULL;
    trace->event_count = 0;
    gather_touching(&at);
    put_in_order(trace);
}

void trace_gather_events(struct trace *trace)
{
    struct gathering at = {.trace = trace};
    enum thing_kind kind = trace->subject.thing->kind;

    if (kind == THING_LOT || kind == THING_MACHINE || kind == THING_PERSON || kind == THING_PRODUCT)
        gather_naming(&at);
    else
        gather_touching(&at);
    put_in_order(trace);
}
