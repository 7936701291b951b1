/* The record of a batch: everything that was said of it, in the order of its steps, with what the checklists ask for and it
   lacks (docs/records.md). Made from the events of a journal and nothing else, so it can be made again at any time; the
   spec that the batch keeps says what the events mean.

   record_open, record_feed for each event from the journal's first, record_settle; then it is read, or written as JSON
   (record_json.h) or as pages (record_pages.h). */
#ifndef FLOW_TRACE_RECORD_H
#define FLOW_TRACE_RECORD_H

#include "engine/state.h"
#include "store/journal.h"
#include "trace/issues.h"

#define RECORD_LIST(type)                                                                          \
    struct {                                                                                       \
        type *rows;                                                                                \
        int count, capacity;                                                                       \
    }

struct record_range {
    int64_t first, count; /* units of the batch, from 1 */
};
struct record_ranges {
    struct record_range *rows;
    int count, capacity;
};

/* ---- what goes in ---- */

struct record_hold {
    struct record_mark mark;
    bool held; /* else freed */
    const char *reason;
};

/* A lot as it came in, and what became of it since. */
struct record_received {
    const char *lot, *what, *amount, *supplier;
    struct record_mark mark;
    RECORD_LIST(struct record_hold) holds;
};

struct record_lot {
    const struct record_received *lot;
    const char *title;  /* of what it is */
    const char *amount; /* taken here; "" where it is not said */
    const char *reason; /* where it corrects what was said before */
    struct record_mark mark;
    bool replaced;        /* by a correction */
    bool current, recent; /* the latest of its kind; one that goes into what leaves next too */
    struct record_ranges units; /* those that it went into, or may have */
};

struct record_setting {
    const char *name, *title, *unit, *value, *reason;
    struct record_mark mark;
    int run; /* how often the step had been begun */
    bool replaced;
};

/* ---- what was found ---- */

/* What a check asks of the batch's SKUs; one where they are all alike. */
struct record_limit {
    const char *skus; /* "DH-100-black-small, ..."; "" where they are all alike */
    const char *text; /* "4.2 mm within 4.10 mm .. 4.50 mm" */
    const char *unit; /* in which it is measured; "" */
    const char *lower, *upper, *nominal; /* in that unit; "" where there is none */
};

struct record_result {
    const struct record_check *check;
    int limit;         /* which of the check's */
    int64_t unit;      /* 0: of the batch */
    int round;         /* 1; 2 where the unit came back to the step, ... */
    const char *value; /* as it was typed; "" where it was judged, not measured */
    const char *defect;
    bool good;
    const char *reason; /* where it corrects what was said before */
    struct record_mark mark;
    bool replaced;
};

struct record_check {
    const struct check *check;
    const char *name; /* as it is asked for: "hook.bore", "surface", "count" */
    const char *title, *class, *gauge;
    bool measured;
    RECORD_LIST(struct record_limit) limits;
    RECORD_LIST(struct record_result) results; /* in the order they came */
    int32_t *latest; /* by unit: its last result, from 1; 0: none yet. NULL before the first */
};

struct record_sample {
    int64_t size, sampled, found;
    bool has_plan;
    long n, ac, re;
    int severity; /* enum severity_of_inspection */
    bool accepted;
    struct record_mark mark;
};

struct record_signature {
    const struct record_step *step; /* NULL: under the sample of the product */
    const char *what, *role, *meaning, *outcome;
    struct record_mark mark;
};

/* ---- where units went ---- */

enum record_way { WAY_GOOD, WAY_AGAIN, WAY_HELD, WAY_SCRAPPED, WAY_COUNT };
extern const char *const record_way_names[WAY_COUNT];

struct record_leaving {
    struct record_range units;
    const char *outcome, *to, *reason;
    enum record_way way;
    struct record_mark mark;
};

/* A unit in quarantine, and what was decided of it. */
struct record_held {
    int64_t unit;
    const char *from; /* the step it came from, "" where that is not said */
    const char *reason;
    struct record_mark mark;
    const char *to, *why; /* its disposition; "" while it waits */
    struct record_mark disposed;
};

struct record_begin {
    const char *station, *machine;
    struct record_mark mark;
    struct record_mark until; /* the last this person did at the step before they began it again */
};

struct record_yield {
    /* entered = the ways together and those still there */
    int64_t entered, ways[WAY_COUNT], there;
    bool has_expected;
    struct rational entered_expected; /* of as many units started, as the spec reckons */
    struct rational good_expected;    /* of those that entered, a ratio */
};

struct record_step {
    const struct step *step;
    const char *title;
    struct record_mark first, last; /* of whatever happened here */
    int64_t spent_ms;               /* of all begins, to their `until` */
    RECORD_LIST(struct record_begin) begins;
    RECORD_LIST(struct record_lot) lots;
    RECORD_LIST(struct record_setting) settings;
    RECORD_LIST(struct record_check) checks; /* as the spec has them */
    RECORD_LIST(struct record_sample) samples;
    RECORD_LIST(struct record_leaving) leavings;
    RECORD_LIST(const char *) people; /* who did something here */
    struct record_yield yield;
    uint8_t *rounds; /* by unit: how often it left; NULL: none did */
    bool left;       /* units left since lots were last named */
    int64_t taken;   /* units put in quarantine from here that went elsewhere then */
};

/* ---- orders, parcels, people ---- */

struct record_order {
    const char *order, *line, *sku, *customer, *due;
    int64_t ordered;               /* by the line */
    int64_t here;                  /* units of this batch for it */
    const char *channel, *address; /* of the order; a JSON object, "" where there is none */
};

struct record_parcel {
    const char *parcel, *order;
    struct record_mark packed, shipped;
    const char *carrier, *service, *tracking;
    struct record_ranges units;
};

/* A SKU that units of the batch are of. */
struct record_sku {
    int32_t sku;
    int64_t count;
    const char *code;
};

struct record_unit {
    int32_t sku;
    int32_t kind;                 /* its SKU among those of the batch, once it is settled */
    struct record_order *order;   /* NULL: for stock */
    struct record_parcel *parcel; /* NULL */
    const char *stood;            /* where it was when a hold or a correction took it; NULL */
    const char *place; /* "waiting", a step's name, "done", "scrap", "quarantine", "cancelled" */
};

struct record_person {
    const char *name, *roles; /* roles as they last were */
    bool listed;              /* did something of the batch */
};

struct record_approval {
    const char *product, *name, *fingerprint, *role, *meaning;
    struct record_mark mark;
    bool stands; /* the batch was started on it */
};

/* Differences from what was shipped that somebody accepted; `differences` is "" in journals of before it was said. */
struct record_acceptance {
    const char *product, *lane, *jobs, *reason, *differences;
    struct record_mark mark;
    bool stands; /* the batch was started on it, or a plate of it printed */
};

/* A sample batch that stands behind the approvals. */
struct record_trial {
    const char *batch, *product, *snapshot;
    int64_t finished;
    struct record_mark opened;
    bool stands; /* its product is the batch's, and its fingerprint */
};

struct record_adoption {
    const char *product, *snapshot, *revision, *fingerprint;
    struct record_mark mark;
};

/* A value that was said and then said otherwise. */
struct record_correction {
    const struct record_step *step;
    const char *what; /* "nozzle", "hook.bore", "lot SP-1" */
    int64_t unit;     /* 0: of none */
    const char *before, *after, *reason;
    struct record_mark said, corrected;
};

/* ---- what it lacks ---- */

/* The clauses of the checklists, in order. */
enum record_clause {
    CLAUSE_MASTER,
    CLAUSE_DATES,
    CLAUSE_EQUIPMENT,
    CLAUSE_COMPONENTS,
    CLAUSE_AMOUNTS,
    CLAUSE_RESULTS,
    CLAUSE_CLEARANCE,
    CLAUSE_YIELD,
    CLAUSE_LABELS,
    CLAUSE_CONTAINERS,
    CLAUSE_SAMPLING,
    CLAUSE_PEOPLE,
    CLAUSE_INVESTIGATION,
    CLAUSE_EXAMINATION,
    CLAUSE_SIGNATURES,
    CLAUSE_IDENTITY,
    CLAUSE_STATUS,
    CLAUSE_TRACE,
    CLAUSE_COUNT
};

struct record_clause_row {
    const char *clause; /* "21 CFR 211.188(b)(2)" */
    const char *asks;
    const char *where; /* where this record has it, or the form that is kept on paper */
    bool on_paper;
};
extern const struct record_clause_row record_clauses[CLAUSE_COUNT];

struct record_lack {
    enum record_clause clause;
    const struct record_step *step; /* NULL: of the batch */
    const char *text;               /* "no machine recorded for Print" */
};

struct record {
    struct arena arena;
    const char *name; /* of the batch */
    find_revision *find;
    void *find_data;
    const struct revision *revision; /* NULL until the batch was opened */
    const char *product, *purpose, *snapshot;
    const struct record_adoption *adopted;
    struct record_mark opened, started, closed, cancelled, last;
    const char *cancelled_reason;
    int64_t event_count; /* of the batch itself */
    int64_t head;        /* the journal's last event when the record was made; 0: not said */
    char head_hash[JOURNAL_HASH_DIGITS + 1];

    struct record_unit *units;
    int32_t unit_count, unit_capacity;
    RECORD_LIST(struct record_sku) skus; /* by their number in the product */
    struct record_step *steps;
    int step_count;
    RECORD_LIST(struct record_held) held;
    RECORD_LIST(struct record_signature) signatures;
    RECORD_LIST(struct record_correction) corrections;
    RECORD_LIST(struct record_lack) lacks;
    RECORD_LIST(struct record_approval) approvals;     /* of all products, see `stands` */
    RECORD_LIST(struct record_acceptance) acceptances; /* likewise */
    RECORD_LIST(const char *) jobs;                    /* with parts of the batch */
    RECORD_LIST(struct record_adoption) adoptions;     /* of all products */
    RECORD_LIST(struct record_person *) people; /* who did something, by when they first did */
    RECORD_LIST(struct record_order *) orders;  /* that it served */
    RECORD_LIST(struct record_parcel *) parcels;
    RECORD_LIST(struct record_trial *) trials;
    struct issues issues;      /* of all products: those of the batch are its deviations */
    struct record_yield yield; /* of the batch: started, done */

    struct table lot_table, line_table, order_table, parcel_table, person_table, trial_table;
};

/* `batch` is interned where the events' texts are, which live as long as the record. */
void record_open(struct record *record, const char *batch, find_revision *find, void *data);
/* Each event of the journal, from the first, in order. */
void record_feed(struct record *record, int64_t sequence, int64_t time_ms,
                 const struct message *event);
/* After the last event: reckons yields, plans and what is lacking. False where there is no such batch. */
bool record_settle(struct record *record);
void record_close(struct record *record);

/* How many lacks there are under a clause. */
int record_lacks_of(const struct record *record, enum record_clause clause);
/* "open", "running", "closed", "cancelled". */
const char *record_state(const struct record *record);
/* The product's number, "DH-100". In the arena. */
const char *record_number(struct record *record);

/* The step of that name, NULL. */
struct record_step *record_step_of(const struct record *record, const char *name);

/* Private to record*.c: another row of a list, zeroed. */
void *record_new_row(struct arena *arena, void **rows, int *count, int *capacity, size_t size);
#define RECORD_ADD(arena, list)                                                                    \
    ((__typeof__((list)->rows))record_new_row((arena), (void **)&(list)->rows, &(list)->count,     \
                                              &(list)->capacity, sizeof *(list)->rows))
/* By their first unit, each unit once. */
void record_sort_ranges(struct record_ranges *list);
/* Adds units behind those of a list, to its last range where they follow on. */
void record_add_range(struct arena *arena, struct record_ranges *list, int64_t first,
                      int64_t count);

#endif
