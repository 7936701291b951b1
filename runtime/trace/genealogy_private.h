/* Private to the genealogy: an event being taken in, and what is in use at a step of a batch right now. */
#ifndef FLOW_TRACE_GENEALOGY_PRIVATE_H
#define FLOW_TRACE_GENEALOGY_PRIVATE_H

#include "trace/genealogy.h"

struct using_now {
    struct thing *thing;
    const char
        *of;      /* of one name, the later takes the place of the earlier: a material, "machine" */
    bool current; /* nothing took its place */
    bool recent;  /* goes into the units that leave next, though another took its place */
};

struct work_place {
    struct work_place *next;
    const char *step;
    struct using_now *now;
    int32_t count, capacity;
    int32_t in_use; /* as kept for departures; -1 where it changed since */
    bool left;      /* units left since something was said */
};

/* What an issue is about, so that its answer stands where its question stands. */
struct issue_place {
    struct thing *owner;
    const char *step;
    int32_t first;
};

struct taking {
    struct genealogy *model;
    const struct message *event;
    int64_t sequence, time_ms;
    struct batch_trace *batch; /* NULL where the event has none */
    struct fact *fact;         /* NULL where none is kept */
};

/* Makes room for one more in an array that grows by doubling. */
void *genealogy_room(void *array, int32_t count, int32_t *capacity, size_t size);
/* A thing by its name, made known where it was not; NULL for "". */
struct thing *genealogy_thing(struct genealogy *model, enum thing_kind kind, const char *name);
/* That a thing has to do with a batch; once. */
void genealogy_link(struct genealogy *model, struct thing *thing, struct batch_trace *batch);

/* ---- genealogy_use.c ---- */
struct work_place *genealogy_place(struct taking *at, const char *step);
/* The index of what is in use at a place, kept once for all departures until it changes. */
int32_t genealogy_in_use(struct taking *at, struct work_place *place);
void take_lot_used(struct taking *at);
void take_step_begun(struct taking *at);

#endif
