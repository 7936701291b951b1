/* A plan becomes commands: what a person would send who goes by it. The engine decides about each. */
#ifndef FLOW_PLAN_APPLY_H
#define FLOW_PLAN_APPLY_H

#include "plan/first_come.h"
#include "plan/plan.h"
#include "plan/snapshot.h"

struct plan_applying {
    const struct state *state;
    const struct plan_snapshot *snapshot;
    struct plan *plan;   /* calls the batches that are started by their names then, which are in */
    struct arena *names; /* this arena */
    ask_command *ask;
    /* Told of units of the stock that were to be given to a line, and of each batch that was to be started: the answer says whether
       they were. Both may be NULL. */
    void (*told_stock)(const struct plan_stock *stock, const struct answer *answer, void *data);
    void (*told_batch)(const struct plan_batch *planned, const char *name,
                       const struct answer *answer, void *data);
    void *data;
    int last_name; /* of the batches that were named here; 0 at first, and kept for the next plan */
};

/* Gives finished units of the stock to the lines that want such; then opens, fills and starts the batches that can be started now.
   What cannot be filled as it was planned is given up again. False where the machine was in the way. */
bool plan_apply(struct plan_applying *applying);
/* "hook=12,cap=24": what so many units of a SKU have of the parts of a step, as a job is told of it. In the arena. */
const char *plan_parts(const struct revision *revision, int32_t sku, const struct step *step,
                       int64_t count, struct arena *arena);

#endif
