/* What was measured, against what the spec says: bench times, yields, samples, readings of dimensions. From the events
   alone; docs/actuals.md says how, and docs/decisions.md why so.

   Use: actuals_open, then every event of the journal in order (actuals_event), then actuals_reckon; the figures below
   hold until actuals_close. Times and shares are exact; capability is floating point, as in quality/capability.h. */
#ifndef FLOW_TRACE_ACTUALS_H
#define FLOW_TRACE_ACTUALS_H

#include "engine/state.h"
#include "quality/capability.h"
#include "trace/control.h"

/* Thresholds of what is firm, and of what a time is; docs/actuals.md gives them to the reader. */
enum {
    ACTUALS_TIMES_NEEDED = 10,          /* observations of a time */
    ACTUALS_UNITS_NEEDED = 50,          /* units that left a step, for its shares */
    ACTUALS_MATERIAL_PERCENT = 10,      /* a time is otherwise when it is so far from the spec's */
    ACTUALS_MATERIAL_POINTS = 1,        /* and a share, in percentage points */
    ACTUALS_TOGETHER_MS = 5 * 1000,     /* units that leave so close together were timed together */
    ACTUALS_PAUSE_MS = 6 * 3600 * 1000, /* nobody works so long without a mark: a night */
    ACTUALS_GROUPS_NEEDED = 8           /* batches, for a chart of their means */
};

struct actuals_options {
    const char *batch; /* only this one; NULL: all of the product */
    int64_t since_ms;  /* only what happened from then on; 0: all */
    find_revision
        *find; /* of the batches' own revisions; NULL: all are taken to be the one asked of */
    void *find_data;
};

/* A piece of work that was timed: a person's time from one mark to the next. */
struct actuals_time {
    int64_t ms;
    int64_t units;
    struct rational expected_s; /* what the spec says for it; zero: it says nothing */
    struct rational count;      /* of the step's basis */
};

/* Why a step's time is not measured. */
enum actuals_untimed {
    TIMED,
    UNTIMED_KIND, /* a machine, a supplier or a signature takes the time, not a bench */
    UNTIMED_WAIT  /* begin to end has the step's `wait` in it */
};

struct actuals_share {
    int64_t count;            /* units that left by it */
    struct rational expected; /* of the spec; the mean over the units' SKUs */
    struct rational measured; /* count / left */
    bool firm;                /* enough, material, and no chance (95 %) */
};

/* Why units did not pass, and what was found on them. */
struct actuals_reason {
    struct actuals_reason *next;
    const char *what; /* an outcome, or "defect" */
    const char *text;
    int64_t count;
};

struct actuals_step {
    const struct step *step;
    enum actuals_untimed untimed;
    const char *basis; /* what a time is given for: "unit", "batch", "sample", ... */
    struct actuals_time *times;
    int64_t time_count, time_capacity;
    int64_t unmarked; /* units that left without a begin to time them from */
    int64_t paused;   /* observations left out: a night in them */
    bool *skus_timed; /* by SKU of the spec */
    /* reckoned: */
    bool has_time;                 /* there is an observation */
    bool has_spec;                 /* and the spec says a time */
    struct rational spec_s;        /* a basis; mean over what was timed */
    struct rational median_s;      /* a basis */
    struct rational low_s, high_s; /* the quartiles: half of the work was between them */
    struct rational factor;        /* median / spec */
    int64_t timed_units;
    bool firm;
    /* shares, by OUTCOME: */
    int64_t left;
    struct actuals_share shares[OUTCOME_COUNT];
    struct actuals_reason *reasons; /* most frequent first */
    /* lots of an inspection by sample: */
    int64_t lots, accepted, sampled, found;
};

/* A dimension as it was read: at one step, for the SKUs that have the same limits. */
struct actuals_reading {
    struct rational value; /* in the series' unit */
    const char *text;      /* as it was typed */
    const char *batch;
    int64_t unit, sequence, time_ms;
    int group; /* its batch's number within the series */
};

struct actuals_series {
    struct actuals_series *next;
    const struct step *step;
    const struct dimension_row *dimension;
    const struct size *size; /* of the SKUs it is for */
    const char *name;        /* "hook.bore" */
    const char *title;       /* the name, and the step and size where they are needed to tell it */
    const char *unit;        /* "mm", "" without */
    bool has_lower, has_upper, has_nominal;
    struct rational lower, upper, nominal; /* in the unit */
    struct actuals_reading *readings;      /* first readings, in the order they were taken */
    int count, capacity;
    int again;   /* readings after a rework: what was mended says nothing of the process */
    int outside; /* readings beyond the spec's limits */
    int places;  /* decimals of the finest reading */
    int group_count;
    struct table groups; /* private: by batch */
    /* reckoned: */
    struct control control; /* in batches where there are enough of them, else one by one */
    int *group_of_point;    /* of a grouped chart: which batch each point is */
    struct capability capability;
};

struct actuals_batch;

struct actuals {
    struct arena arena;
    const struct revision *revision; /* what it is measured against */
    const struct spec *spec;
    const struct product *product;
    struct actuals_options options;
    struct actuals_step *steps; /* as in the workflow */
    int step_count;
    struct actuals_series *series; /* in the order of steps, parts and dimensions */
    int64_t production_batches, sample_batches;
    int64_t older_batches;         /* of those: by another revision of the spec */
    int64_t other_readings;        /* left out: that revision had another nominal size */
    struct table batches, persons; /* private */
    struct actuals_batch *first_batch, *last_batch;
    int64_t last_ms; /* of the last event that counted */
};

/* The revision and the names of all events must live as long. */
void actuals_open(struct actuals *actuals, const struct revision *revision,
                  const struct actuals_options *options);
/* A shop_listener: the next event. Linear in the units that it speaks of. */
void actuals_event(int64_t sequence, int64_t time_ms, const struct message *event, void *actuals);
/* After the last event, once. */
void actuals_reckon(struct actuals *actuals);
void actuals_close(struct actuals *actuals);

/* The series a word means: "hook.bore" or "bore", at a step (NULL: any). NULL with a failure where none or more than one is
   meant; it lists them. */
const struct actuals_series *actuals_find_series(const struct actuals *actuals, const char *name,
                                                 const char *step, struct failure *failure);

/* How a rule is broken, for people: "point 7 (B-2/4), above: 2 of 3 in a row beyond two deviations". A line each. */
void actuals_print_broken(struct buffer *out, const struct actuals_series *series);

#endif
