/* What is to be planned of a shop: read from its state, as numbers. */
#ifndef FLOW_PLAN_SNAPSHOT_H
#define FLOW_PLAN_SNAPSHOT_H

#include "engine/state.h"
#include "plan/problem.h"

/* A printer as it is: what farm.yaml and the printers themselves say. */
struct plan_seen {
    const char *name, *machine;           /* machine: of the specs */
    int64_t nozzle_um;                    /* 0: what the spec says */
    const char *materials[SLOTS_AT_MOST]; /* names in the specs; NULL or "": nothing */
    int slot_count;
    int64_t free_s;
    bool down;
    int failures;
};

struct plan_settings {
    int64_t now_s;
    struct calendar calendar; /* length_s 0: a workday of the specs, from begins_s on */
    int64_t swap_s, nozzle_s, backlog_s;
    const struct plan_seen *printers;
    int printer_count; /* of machines that none of them is, the spec says how many there are */
    int64_t
        busy_s; /* of what is ordered so much as keeps all printers busy so long, as it came; 0: all */
};

/* Finished units that nobody ordered yet, for a line that wants such: they need not be made. */
struct plan_stock {
    int line;
    const struct batch *batch;
    int64_t first, count; /* units of it */
};

struct plan_snapshot {
    struct plan_problem problem;
    const struct order_line **lines;   /* by line */
    const struct revision **revisions; /* by group */
    const char **machines;             /* by printer */
    const char **colors;               /* by material: as the spec says it, "" */
    struct plan_stock *stock;
    int stock_count;
    int64_t *stuck; /* by line: units in quarantine, of which nobody knows */
    struct arena arena;
    struct building *own;
};

/* The state and its specs must outlive it. Free it in the end. */
void plan_snapshot_take(struct plan_snapshot *snapshot, const struct state *state,
                        const struct plan_settings *settings);
/* The shop as it is now. What is known of how things are made stays, so the same printers are to be said, and no spec was adopted
   since. */
void plan_snapshot_again(struct plan_snapshot *snapshot, const struct plan_settings *settings);
void plan_snapshot_free(struct plan_snapshot *snapshot);

/* The end of the day "2026-11-26"; PLAN_NEVER where it is none. */
int64_t plan_due_s(const char *due);
/* The print or cut that is an operation of the plan for a SKU; NULL where it takes fewer. */
const struct step *plan_step(const struct revision *revision, const struct sku *sku, int operation);
/* Units of a SKU, at a step of a batch, that jobs print or wait to print. */
int64_t units_in_jobs(const struct state *state, const struct batch *batch, const struct step *step,
                      int32_t sku);

#endif
