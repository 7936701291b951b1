/* What is the case: the shop after all events so far. Only apply() changes it. */
#ifndef FLOW_ENGINE_STATE_H
#define FLOW_ENGINE_STATE_H

#include "base/arena.h"
#include "base/intern.h"
#include "engine/message.h"
#include "engine/table.h"
#include "quality/switching.h"
#include "spec/graph.h"
#include "spec/spec.h"

/* A spec as it was taken over: the batches that were opened with it keep it. */
struct revision {
    const char *snapshot;    /* SHA-256 over its files: its name */
    const char *product;     /* interned */
    const char *number;      /* the revision the spec says */
    const char *fingerprint; /* of what `void_on` names */
    const struct spec *spec;
    const struct product *made; /* the product in the spec */
    struct graph **graphs;      /* by SKU, made when first asked for */
};

enum batch_purpose { PURPOSE_PRODUCTION, PURPOSE_SAMPLE };

struct approval_given {
    struct approval_given *next;
    const char *name, *fingerprint, *by;
    int64_t time_ms;
};

/* Sample pieces that were finished, by what the spec then was. */
struct sample_made {
    struct sample_made *next;
    const char *fingerprint;
    int64_t count;
};

struct product_state {
    const char *name;
    const struct revision *current;
    struct approval_given *approvals; /* latest first */
    struct sample_made *samples;
    int64_t produced;            /* units of production batches that were started */
    struct switching *switching; /* by step of the current spec; NULL until one was judged */
    int switching_count;
};

struct lot {
    const char *name, *what;
    bool held;
};

struct order_line {
    const char *order, *line, *sku, *product;
    int64_t count;               /* ordered */
    int64_t in_batches, shipped; /* of those */
    bool held;
    const char *reason; /* of being held */
};

/* Where a unit is, besides at a step. */
enum place { PLACE_WAITING = -10, PLACE_DONE = -1, PLACE_SCRAP = -2, PLACE_QUARANTINE = -3 };

struct piece {
    int32_t at; /* the index of a step, or a place */
    int32_t sku;
    struct order_line *line; /* NULL: for stock */
    uint8_t *passed; /* by step and outcome: how often it went that way, up to 255; NULL: never */
    uint64_t checks; /* where it is now: which of the step's checks were judged, a bit each */
    bool defective;  /* one of them was not good */
};

struct lot_use {
    struct lot_use *next;
    const struct lot *lot;
    const char *amount;
};

struct parameter_value {
    struct parameter_value *next;
    const char *name, *value;
};

/* A step of a batch, as far as it has come. */
struct batch_step {
    bool begun;
    int64_t begun_ms;
    const char *station, *machine;
    struct lot_use *lots;
    struct parameter_value *parameters;
    int32_t checked, defective; /* units of the lot that is there now */
    bool counted;               /* its `check count` was judged good */
    bool judged, accepted;      /* the sample of the lot that is there now */
};

struct batch {
    const char *name;
    const struct revision *revision;
    struct product_state *product;
    enum batch_purpose purpose;
    bool started, closed;
    struct piece *units; /* unit n of the batch is units[n - 1] */
    int32_t unit_count, unit_capacity;
    struct batch_step *steps;
    int32_t under_way; /* units that are neither done nor scrap */
};

/* The revisions come from outside, since reading a spec is no business of the engine. */
typedef const struct revision *find_revision(const char *snapshot, const char *product, void *data);

struct state {
    struct arena arena;
    struct interner names;
    struct table products, lots, lines, batches; /* lines by order and line */
    find_revision *find_revision;
    void *find_data;
};

void state_open(struct state *state, find_revision *find, void *data);
void state_close(struct state *state);
/* As if nothing had happened yet; names stay, so that what else holds them goes on. */
void state_forget(struct state *state);

/* ---- looking things up by interned names; NULL where there is none ---- */
struct product_state *state_product(const struct state *state, const char *name);
struct lot *state_lot(const struct state *state, const char *name);
struct order_line *state_line(const struct state *state, const char *order, const char *line);
struct batch *state_batch(const struct state *state, const char *name);

/* The step of that name in the batch's spec, -1 if there is none. */
int batch_step_index(const struct batch *batch, const char *name);
/* The way of a SKU's units, from the batch's spec. */
const struct graph *revision_graph(const struct revision *revision, int32_t sku);
/* The place of a check of a unit among those of its step, as a bit; all of them. A check of the batch has none. */
uint64_t check_bit(const struct step *step, const struct check *check);
uint64_t check_bits(const struct step *step);
/* The check of a dimension, and the one of a name that is no dimension; NULL if the step has none. */
const struct check *check_of_dimension(const struct step *step, const char *part,
                                       const char *dimension);
const struct check *check_of_name(const struct step *step, const char *name);
/* How many finished sample pieces stand behind an approval. */
int64_t samples_made(const struct product_state *product, const char *fingerprint);
/* How many units stand at a step. */
int32_t units_at(const struct batch *batch, int step);

/* Changes the state as the event says. An event that decide() made cannot fail; any other is an assertion, so a journal
   from outside is verified before it is replayed. */
void apply(struct state *state, const struct message *event, int64_t time_ms);

#endif
