/* Private to telemetry/: what is kept. */
#ifndef FLOW_TELEMETRY_PRIVATE_H
#define FLOW_TELEMETRY_PRIVATE_H

#include "base/map.h"
#include "printers/printer.h"
#include "telemetry/telemetry.h"

#include <pthread.h>

enum { SPANS_AT_MOST = 8192 };

/* Units that left a step of a product. */
struct leavings {
    const char *product, *step;
    int64_t units[OUTCOME_COUNT];
    bool possible[OUTCOME_COUNT]; /* by the spec: nothing yet is a figure, from which one rises */
};

/* How prints end, of those that were begun. `unknown` is no end. */
enum build_outcome {
    BUILD_FINISHED,
    BUILD_FAILED,
    BUILD_REFUSED,
    BUILD_NOT_STARTED,
    BUILD_OUTCOMES
};
extern const char *const build_outcome_words[BUILD_OUTCOMES];

struct builds {
    const char *machine, *material;
    int64_t count[BUILD_OUTCOMES];
};

/* The batches of a product that were closed. */
struct closings {
    const char *product;
    int64_t count;
    struct costing *last; /* of the past, not reckoned yet */
    const char
        *currency; /* NULL while no batch had a good unit; what follows is of the last that had */
    double unit_cost;
    int64_t good_units;
};

enum command_end {
    COMMAND_ACCEPTED,
    COMMAND_REPEATED,
    COMMAND_REFUSED,
    COMMAND_FAILED,
    COMMAND_ENDS
};
extern const char *const command_end_words[COMMAND_ENDS];

/* A printer as the farm reports it. */
struct watched {
    const char *name, *machine;
    enum printer_state state;
    int64_t since_ms;
    int64_t spent_ms[PRINTER_STATE_COUNT]; /* before that */
};

/* Of a job, the attempt that is under way. */
struct attempt {
    int64_t begun_ms, sequence;
};

struct telemetry {
    pthread_mutex_t lock;
    struct arena arena;
    struct interner names;
    int64_t begun_ms; /* since 1970 */
    bool live;
    char shop[33];

    int64_t events[MESSAGE_COUNT];
    int64_t commands[COMMAND_COUNT][COMMAND_ENDS];
    struct table leavings; /* by product and step */
    struct table builds;   /* by machine and material */
    struct table closings; /* by product */
    struct table watched;  /* by name */
    struct map attempts;   /* of the state's jobs */
    struct histogram commit, scheduling;

    struct map traced;   /* by the state's batch */
    struct traced *open; /* all of them */
    struct map ordered;  /* of the state's lines: when they were */
    bool keeps_spans;
    char **spans; /* a ring */
    int span_begin, span_count;
    int64_t spans_sent, spans_dropped;
};

struct heard {
    const struct state *state;
    int64_t sequence, time_ms;
    const struct message *event;
};

/* ---- telemetry.c ---- */
void histogram_add(struct histogram *histogram, int64_t took_us);
/* The text of an event's field of that name, NULL where it has none. */
const char *event_text(const struct message *event, const char *field);

/* ---- traces.c: batches from order to parcel ---- */
void traces_hear(struct telemetry *telemetry, const struct heard *heard);
void traces_close(struct telemetry *telemetry);

/* A batch that is followed. */
struct traced {
    struct traced *next, **here;
    const struct batch *batch;
    char trace[33];
    int64_t begun_ms; /* its earliest line's, else its own */
    int64_t opened_ms, opened_by;
    struct traced_step *steps;
    struct costing *costing; /* NULL once it was closed */
    struct packing *packings;
    bool fills;
};
/* NULL where it is over. */
struct traced *traced_find(const struct telemetry *telemetry, const struct batch *batch);

/* ---- unit_cost.c ---- */

/* What the cost of a batch is reckoned of. */
struct costing {
    const struct batch *batch;
    struct passes *passes; /* by SKU */
};
struct costing *costing_open(const struct batch *batch);
/* NULL is fine. */
void costing_close(struct costing *costing);
void costing_add(struct costing *costing, const struct units_left *left);
/* What a good unit of the batch cost: what the spec says for each visit of a step, times the visits that there were. False
   where no unit is good, or the spec cannot be reckoned. */
bool costing_reckon(const struct costing *costing, double *unit_cost, int64_t *good_units);

#endif
