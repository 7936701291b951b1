/* Private to the actuals: batches as they go, and what the spec says of a step's work. */
#ifndef FLOW_TRACE_ACTUALS_PRIVATE_H
#define FLOW_TRACE_ACTUALS_PRIVATE_H

#include "trace/actuals.h"

/* What was judged or read of a unit: to tell a correction from a second reading. */
struct unit_finding {
    struct unit_finding *next;
    const void *of; /* the series, or the check's name */
    int step;
    int times_left;                /* the unit had left steps so often */
    int reading;                   /* its place in the series, -1 where it was left out */
    struct actuals_reason *reason; /* what it counted as; NULL: good */
};

struct actuals_unit {
    int32_t sku; /* of the spec measured against; -1: it has no such SKU */
    int32_t at;  /* a step; -1: at none */
    int32_t times_left;
    const char *order;
    struct unit_finding *findings;
};

/* What a batch did at a step, all together: for times that are not by the unit. */
struct batch_visit {
    int64_t left, timed, timed_ms;
    bool early;                 /* some left before the time asked for: it is not whole */
    int64_t inspected;          /* units that something was checked of */
    uint8_t *seen;              /* by unit: it was */
    struct rational expected_s; /* of those that left, for what goes by the unit */
};

struct actuals_batch {
    struct actuals_batch *next;
    const char *name;
    const struct revision *revision; /* its own; NULL: not known */
    bool counts;                     /* by the options */
    bool sample, started;
    struct actuals_unit *units;
    int32_t unit_count, unit_capacity;
    struct batch_visit *visits; /* by step */
};

/* ---- actuals_work.c: what the spec says ---- */

enum actuals_untimed work_untimed(const struct step *step);
/* Whether all of its time goes by the unit, so that each departure is an observation; else a batch is one. */
bool work_by_unit(const struct step *step);
/* What a time of the step is given for. */
const char *work_basis(const struct step *step);
/* Seconds for one unit: its lines of work, and `time` where it goes by the unit. */
struct rational work_of_unit(const struct spec *spec, const struct step *step,
                             const struct sku *sku);
/* Seconds for all that a batch did at a step; *count is how many of the basis that was. */
struct rational work_of_batch(const struct actuals *actuals, const struct actuals_batch *batch,
                              const struct step *step, struct rational *count);
/* What share of units the spec expects to leave by an outcome. */
struct rational work_share(const struct spec *spec, const struct step *step, int outcome,
                           const struct sku *sku);

/* ---- actuals_readings.c ---- */

void readings_take(struct actuals *actuals, struct actuals_batch *batch, int64_t sequence,
                   int64_t time_ms, const struct unit_measured *measured);
void readings_reckon(struct actuals *actuals);

/* ---- actuals.c ---- */

/* A new observation of a step, to be filled in; until the next one is added. */
struct actuals_time *actuals_add_time(struct actuals_step *step);

/* Counts a reason of a step; the texts must live as long. */
struct actuals_reason *actuals_count_reason(struct actuals *actuals, struct actuals_step *step,
                                            const char *what, const char *text);
/* What was found before of the unit while it stood at this step; NULL if nothing. *again: and it had left since. */
struct unit_finding *actuals_finding(const struct actuals_unit *unit, const void *of, int step,
                                     bool *again);

#endif
