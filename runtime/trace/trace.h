/* A question put to the genealogy, and all of its answer: which units it is about, and what went into them, who and what
   touched them, whom they went to. Both directions are one: a lot's units and a unit's lots are read from the same answer.
   trace_write says it in a format. */
#ifndef FLOW_TRACE_TRACE_H
#define FLOW_TRACE_TRACE_H

#include "base/failure.h"
#include "trace/genealogy.h"

/* What is asked about: a thing, or a unit of a batch. */
struct trace_subject {
    const struct thing *thing;
    int32_t unit; /* of the batch `thing`; 0: the thing itself */
};

/* Until when units were at a step: the fact by which the last of them left it; INT32_MAX while one is there. */
struct part_step {
    const char *step;
    int32_t last;
};

/* Units of one batch. */
struct trace_part {
    struct batch_trace *batch;
    uint64_t *units; /* a bit a unit, the lowest first */
    int32_t count;
    struct part_step *steps;
    int32_t step_count;
};

/* A thing that has to do with these units. */
struct trace_row {
    const struct thing *thing;
    const char *step;          /* lots, machines: where; "" for the others */
    int64_t units, shipped;    /* of the units asked about */
    int64_t facts;             /* operators: how often they did something to them */
    int64_t first_ms, last_ms; /* when: lots, machines, operators */
};

struct trace_rows {
    struct trace_row *rows; /* as they were first heard of, by step within */
    int32_t count, capacity;
};

/* An event that touched them, and whose trail it stands in. */
struct trace_event {
    const struct thing *owner;
    const struct fact *fact;
};

struct trace {
    const struct genealogy *model;
    struct trace_subject subject;
    struct trace_part *parts; /* by batch, as they were opened */
    int32_t part_count;
    int64_t unit_count, shipped_count;
    struct trace_rows rows[THING_KINDS]; /* none of the kind that is asked about, but for a batch */
    struct trace_event *events;          /* in order: trace_open says which */
    int32_t event_count;
    struct arena arena;
};

/* Finds what a name means: "B-1/7" is a unit, the rest are names of things. `kind` is a name of a kind ("lot", or "unit"), NULL
   for any. False with a failure: there is none (and what it may have meant), or several kinds have one (and which). */
bool trace_find(const struct genealogy *model, const char *kind, const char *name,
                struct trace_subject *subject, struct failure *failure);

/* Answers. The events are, for a unit, a batch, an order, a parcel or a customer, all that touched the units, what came in as
   their lots and what their orders say; for a lot, a machine or an operator those that name it. The model must not change
   while the trace is open. Time: in the events of the batches that are in it. */
void trace_open(struct trace *trace, const struct genealogy *model, struct trace_subject subject);
void trace_close(struct trace *trace);

static inline bool part_has(const struct trace_part *part, int32_t number)
{
    return part->units[(number - 1) / 64] >> (number - 1) % 64 & 1;
}
/* The next run of units from `*first` on that the part has; false at the end. Begin with *first = 1. */
bool part_run(const struct trace_part *part, int32_t *first, int32_t *last);

bool part_has_some(const struct trace_part *part, int32_t first, int32_t count);

/* Whether a fact of the part's batch is about some of its units: it names one, or it is about the whole batch while one was at
   that step. */
bool part_is_touched(const struct trace_part *part, const struct fact *fact);

#endif
