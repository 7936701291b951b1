/* What is the case: the shop after all events so far. Only apply() changes it. */
#ifndef FLOW_ENGINE_STATE_H
#define FLOW_ENGINE_STATE_H

#include "base/arena.h"
#include "base/intern.h"
#include "engine/message.h"
#include "engine/table.h"
#include "quality/switching.h"
#include "spec/fingerprint.h"
#include "spec/graph.h"
#include "spec/spec.h"

/* ---- people ---- */

struct person {
    const char *name;
    const char *roles;          /* words with commas between */
    bool dismissed;             /* may do nothing any more */
    bool administrates;         /* has the role admin, and with it every other */
    const char *pin, *password; /* hashes, "" for none */
};

/* How the hash of a PIN or a password begins: argon2id, and no more work than this, for whoever signs in has it done. */
#define SECRET_HASH_BEGIN "$argon2id$v=19$m=65536,t=2,p=1$"

/* A program that may act for a person. */
struct token {
    const char *hash, *label;
    struct person *person;
    bool revoked;
};

/* ---- products ---- */

/* A spec as it was taken over: the batches that were opened with it keep it. */
struct revision {
    const char *snapshot;    /* SHA-256 over its files: its name */
    const char *product;     /* interned */
    const char *number;      /* the revision the spec says */
    const char *fingerprint; /* of what `void_on` names */
    const struct spec *spec;
    const struct product *made; /* the product in the spec */
    struct graph **graphs;      /* by SKU, made when first asked for */
    /* What the fingerprint is of, to say what changed between two; NULL where nobody asks. */
    const struct fingerprint_fields *fields;
    const char *lane; /* of what a repeat is held to; and what that is of, likewise NULL */
    const struct fingerprint_fields *lane_fields;
};

enum batch_purpose { PURPOSE_PRODUCTION, PURPOSE_SAMPLE };

struct approval_given {
    struct approval_given *next;
    const char *name, *by;
    const struct revision *revision; /* as it was when it was given */
    int64_t time_ms;
    int64_t number; /* of all approvals of the product */
};

/* What was made and approved of a product while it had one fingerprint. */
struct release_state {
    struct release_state *next;
    const char *fingerprint;
    int64_t samples;                  /* finished sample pieces */
    int64_t produced;                 /* units of production batches that were started */
    struct approval_given *approvals; /* latest first */
};

struct issue;

/* The severity of an inspection by AQL, from lot to lot. */
struct inspection_state {
    struct switching switching;
    bool reduced_wanted; /* whoever answers for quality agrees to reduced inspection */
};

/* Repeats by this lane, or from the file of this digest, were accepted as they are. */
struct accepted_lane {
    struct accepted_lane *next;
    const char *lane, *by, *reason;
    int64_t time_ms;
};

/* A file that a step was printed from, for a SKU. */
struct printed_file {
    struct printed_file *next;
    const char *step, *sku, *sha256, *job;
};

/* By what units of a SKU were made that were shipped: a repeat by the same is not asked about. */
struct proven_lane {
    struct proven_lane *next;
    const struct revision *revision;
    const struct batch *batch; /* whose unit was the last to prove it, */
    int64_t unit;
    const char *parcel;           /* in which it was */
    int64_t since_ms, shipped_ms; /* when the first was shipped, and that one */
    struct printed_file *files;
};
struct shipped_sku {
    const char *product, *sku;
    struct proven_lane *lanes; /* shipped last first */
};

struct product_state {
    const char *name;
    const struct revision *current;
    int64_t produced;               /* units of all its production batches that were started */
    int64_t approvals;              /* given so far */
    struct release_state *releases; /* latest first */
    struct inspection_state *inspections; /* by step of the current spec */
    int inspection_count;
    struct issue *issues;           /* latest first, by older_of_product */
    struct accepted_lane *accepted; /* latest first */
};

/* A deviation or complaint. */
struct issue {
    struct issue *older_of_product;
    const char *name, *product, *batch, *step, *what; /* "" where it is not said */
    int64_t unit;
    const char *cause, *action, *closing; /* "" until answered, closed */
    bool closed;
};

/* ---- lots ---- */

struct batch;

/* The units of a batch that something of a lot went into. */
struct lot_share {
    struct lot_share *next_of_lot, *next_of_batch;
    struct lot *lot;
    struct batch *batch;
    uint8_t *units; /* a bit a unit, the lowest first: see share_has */
};

struct lot {
    const char *name, *what;
    const char *amount; /* as it was said when it came in, "" */
    bool held;
    const char *reason;       /* of being held or freed last, "" */
    struct lot_share *shares; /* latest first */
};

/* ---- orders ---- */

struct order {
    const char *name;
    const char *channel, *customer, *address, *currency; /* "" until described */
    struct order_line *lines, *last_line;                /* as they came */
};

/* What a planner said of a line or a batch. */
struct wish {
    const char *held,
        *held_by; /* why it stays out of the plan, and who said so; NULL: it does not */
    int64_t rank; /* 1 is made first; 0: by its due date */
};

struct order_line {
    struct order_line *next; /* of the order */
    struct order *of;
    const char *order, *line, *sku, *product;
    const char *asked_product, *asked_sku; /* as they came, before they were mended */
    const char *customer, *due, *price;
    int64_t came_ms;           /* when it was taken */
    struct answered_ask *asks; /* latest first */
    int64_t count;             /* ordered */
    int64_t cancelled;         /* of those, not owed any more */
    int64_t in_batches;        /* units for it that are not scrap, the shipped ones too */
    int64_t packed, shipped;   /* of those; what is shipped is packed no longer */
    bool held;
    const char *reason; /* of being held */
    struct wish wish;
    struct chain_link open; /* among those of which something is owed */
};

struct answered_ask {
    struct answered_ask *next;
    const char *name, *value;
};

/* What of it is still to be shipped; what still to be put into a batch. */
int64_t line_owed(const struct order_line *line);
int64_t line_unmade(const struct order_line *line);

struct packed_unit {
    struct batch *batch;
    int64_t number; /* of the unit, from 1 */
};

/* All of it is one order's. */
struct parcel {
    const char *name;
    struct order *order;
    struct packed_unit *units; /* as they were packed */
    int64_t count, capacity;
    bool shipped;
    int64_t shipped_ms;
    const char *carrier, *service, *tracking; /* "" until shipped */
};

/* ---- batches ---- */

/* Where a unit is, besides at a step. */
enum place {
    PLACE_NONE = -20,
    PLACE_WAITING = -10,
    PLACE_DONE = -1,
    PLACE_SCRAP = -2,
    PLACE_QUARANTINE = -3
};

struct piece {
    int32_t at; /* the index of a step, or a place */
    int32_t
        stood; /* where it was when a hold or a correction put it in quarantine, else PLACE_NONE */
    int32_t sku;
    int32_t holds;           /* lots in it that are on hold */
    bool finished;           /* was done once */
    struct order_line *line; /* NULL: for stock */
    struct parcel *parcel;   /* NULL: in none */
    const char *reason;      /* of being in quarantine; "" where it never was */
    uint16_t
        *passed; /* by step and outcome: how often it went that way, up to 65535; NULL: never */
};

enum { CHECKS_AT_MOST = 64 }; /* of a unit, at one step */

/* What was found on a unit when it stood last at one of the steps that look at units. A check is a bit: check_bit. */
struct finding {
    uint64_t judged, bad;
    bool came;  /* was there */
    bool alone; /* came back: what the sample says of the others says nothing of it */
};

struct lot_use {
    struct lot_use *next;
    struct lot *lot;
    const char *amount;
    int32_t run;  /* which beginning of the step it belongs to */
    bool current; /* the latest of its material or item */
    bool recent;  /* goes into the units that leave next, though another took its place */
};

struct parameter_value {
    struct parameter_value *next;
    const char *name, *value;
    int32_t run; /* which beginning of the step it belongs to */
};

/* An inspection by sample: the lot is the batch, as far as it comes there. */
struct batch_lot {
    int32_t came, to_come; /* its size, as far as is known */
    int32_t checked;       /* of those that came, the ones all checks were judged of, */
    int32_t defective;     /* and the ones found bad; they count when they have left, too */
    int32_t unchecked;     /* that are there, or are kept from it in quarantine, and not checked */
    bool judged, accepted;
    int32_t size, severity; /* as it was judged */
};

/* Pieces that jobs printed, and no unit took along yet. */
struct printed_pieces {
    struct printed_pieces *next;
    const struct part *part;
    int32_t sku;
    int64_t count;
};

/* A step of a batch, as far as it has come. */
struct batch_step {
    int32_t runs;     /* how often it was begun */
    int64_t begun_ms; /* last */
    const char *station, *machine;
    struct lot_use *lots;               /* latest first */
    struct parameter_value *parameters; /* latest first */
    int32_t standing;                   /* units there */
    int32_t slot; /* among the findings of a unit, -1: the step does not look at units */
    bool count_judged, counted; /* its `check count`, since units last came to the empty step */
    bool left;                  /* units did, since lots were last named */
    struct batch_lot lot;
    struct printed_pieces *printed;
};

struct batch {
    const char *name;
    const struct revision *revision;
    struct product_state *product;
    enum batch_purpose purpose;
    bool started, closed, cancelled; /* a cancelled one is closed too */
    struct piece *units;             /* unit n of the batch is units[n - 1] */
    int32_t unit_count, unit_capacity;
    struct batch_step *steps;
    int32_t under_way; /* units that are neither done nor scrap */
    int32_t slot_count;
    struct finding *findings;   /* by unit and slot, once it was started */
    uint64_t *visited;          /* by unit, a bit a step: where it has been; words of 64 */
    struct lot_share *shares;   /* latest first */
    struct printed_file *files; /* of its jobs that finished; each once */
    struct wish wish;
    const char *pinned;     /* to this printer; NULL: to none */
    int32_t spare;          /* finished units of production that are nobody's */
    struct chain_link open; /* among those that are not closed, or have such units */
};

/* ---- printing ---- */

enum job_stage {
    JOB_WAITING,  /* for a printer */
    JOB_SENDING,  /* an attempt was begun; nothing was started */
    JOB_STARTING, /* it may have been started */
    JOB_PRINTING,
    JOB_ASKED, /* nobody knows what became of it: a person says */
    JOB_ASIDE, /* it does not work: a person looks into it */
    JOB_DONE,
    JOB_CANCELLED,
    JOB_STAGE_COUNT
};
extern const char *const job_stage_words[JOB_STAGE_COUNT];

/* So many of a part on the plate. */
struct job_part {
    struct job_part *next; /* as they were queued */
    struct batch *batch;
    const struct step *step;
    const struct part *part;
    int32_t sku;
    const char *code; /* of that SKU */
    int64_t count;
};

struct loaded_slot {
    struct loaded_slot *next;
    int32_t slot;
    const char *material, *lot; /* "" where it is not said */
    int64_t left_mg;            /* -1 where it is not said */
};

/* A lot that an attempt prints from: what was loaded when it began, and while it ran. */
struct job_lot {
    struct job_lot *next;
    struct lot *lot;
};

/* A plate that is to be printed once. */
struct job {
    const char *name;
    struct job_part *parts;
    const char *file; /* in the shop's folder; "": what the step's `gcode` says */
    enum job_stage stage;
    const char *reason;      /* of the last change, "" */
    struct printer *printer; /* of the last attempt; NULL before the first */
    const char *attempt;     /* the file's name there, "" */
    const char *sha256;
    bool by_hand;             /* a person began the attempt, and says how it goes */
    int32_t attempts, failed; /* that were begun; of those, how many failed prints */
    int32_t not_started;      /* in a row, that came to nothing */
    struct job_lot *lots;     /* of the attempt */
    int64_t queued_ms, changed_ms;
    struct chain_link open; /* among those that are neither done nor cancelled */
};

enum { PRINTER_HISTORY = 64 };

/* A machine as the journal knows it. Where it can be reached is in farm.yaml. */
struct printer {
    const char *name, *machine; /* the latter "" before it had a job */
    struct job *job;            /* the attempt that is under way; NULL */
    bool plate_empty;           /* somebody saw it so, and nothing was started since */
    const char *plate;          /* what lies there, as far as is known: a job or a file; "" */
    bool out;
    const char *reason; /* of being taken out, or put back */
    bool told_to_pause; /* by a person, through us */
    bool asks; /* its print stopped by itself, and nobody said yet of which lot it goes on */
    uint64_t
        failures;  /* a bit for each of its last attempts, the latest lowest: it came to nothing */
    int32_t ended; /* of its attempts, counted up to PRINTER_HISTORY since it was put back */
    struct loaded_slot *slots; /* as they were first named */
};

/* ---- the whole ---- */

/* The revisions come from outside, since reading a spec is no business of the engine. */
typedef const struct revision *find_revision(const char *snapshot, const char *product, void *data);

struct state {
    struct arena arena;
    struct interner names;
    /* lines by order and line, the others by their name */
    struct table persons, tokens, products, lots, orders, lines, batches, parcels, issues, jobs,
        printers;
    struct table shipped; /* what was, by product and SKU */
    /* Of these the ones with which something is still to happen: what is planned goes by them, however much is over. */
    struct chain open_lines, open_batches, open_jobs;
    struct map
        skus; /* (revision, interned code) -> index + 1, as far as they were asked for: see state_sku */
    find_revision *find_revision;
    void *find_data;
};

void state_open(struct state *state, find_revision *find, void *data);
/* As if nothing had happened yet; names stay interned. */
void state_forget(struct state *state);
void state_close(struct state *state);

/* ---- looking things up by interned names; NULL where there is none ---- */
struct person *state_person(const struct state *state, const char *name);
struct token *state_token(const struct state *state, const char *hash);
struct product_state *state_product(const struct state *state, const char *name);
struct lot *state_lot(const struct state *state, const char *name);
struct order *state_order(const struct state *state, const char *name);
struct order_line *state_line(const struct state *state, const char *order, const char *line);
struct batch *state_batch(const struct state *state, const char *name);
struct parcel *state_parcel(const struct state *state, const char *name);
struct issue *state_issue(const struct state *state, const char *name);
struct job *state_job(const struct state *state, const char *name);
struct printer *state_printer(const struct state *state, const char *name);
/* How a SKU was made that was shipped, last first; NULL where none was. */
const struct proven_lane *state_lanes(const struct state *state, const char *product,
                                      const char *sku);

/* Whether the person has one of these roles (words with commas between), or is admin. */
bool person_has_role(const struct person *person, const char *roles);
/* Whether a list of words with commas between has one that is written so. */
bool words_have(const char *words, const char *word, size_t length);

/* The step of that name in the batch's spec, -1 if there is none. */
int batch_step_index(const struct batch *batch, const char *name);
/* OUTCOME_COUNT where there is none of that name. */
enum outcome outcome_named(const char *name);
/* pass, approve */
bool outcome_is_good(enum outcome outcome);
/* The SKU of an interned code, found among all of the revision at once: its codes are made when first asked for, which changes
   nothing that can be seen. False if there is none. */
bool state_sku(const struct state *state, const struct revision *revision, const char *code,
               struct sku *sku);
/* The way of a SKU's units, from the batch's spec. */
const struct graph *revision_graph(const struct revision *revision, int32_t sku);
/* Whether a unit has been at a step. */
bool unit_was_at(const struct batch *batch, int64_t number, int step);
/* Whether nothing was done with a unit yet: it waits, or stands where it came first, batch steps aside, as it came there. */
bool unit_is_untouched(const struct batch *batch, int64_t number);
/* What was found on a unit at a step; NULL where the step does not look at units. */
struct finding *unit_finding(const struct batch *batch, int64_t number, int step);
/* Whether something was found on it, at one of the steps, for which it may not pass. */
bool unit_is_defective(const struct batch *batch, int64_t number);
/* How often a unit left a step by an outcome that is not good. */
int unit_passed(const struct batch *batch, int64_t number, const struct step *step,
                enum outcome outcome);
/* Of a lot, whether something of it went into a unit. */
bool share_has(const struct lot_share *share, int64_t number);
/* The share that a batch has in a lot, NULL if none. */
struct lot_share *batch_share(const struct batch *batch, const struct lot *lot);
/* Whether this use of a lot counts for the units that leave now. */
bool lot_use_counts(const struct lot_use *use);

/* The place of a check of a unit among those of its step, as a bit; all of them. A check of the batch has none. */
uint64_t check_bit(const struct step *step, const struct check *check);
uint64_t check_bits(const struct step *step);
/* The check of a dimension, and the one of a name that is no dimension; NULL if the step has none. */
const struct check *check_of_dimension(const struct step *step, const char *part,
                                       const char *dimension);
const struct check *check_of_name(const struct step *step, const char *name);
/* Whether a defect that a check found is one that is accepted as it is (`then accept`). */
bool defect_is_accepted(const struct check *check, const char *defect);
/* Whether a sample of the step stands for units that were not looked at: each form but `all`. */
bool step_judges_lots(const struct step *step);

/* What was made and approved under a fingerprint, NULL if nothing. */
struct release_state *product_release(const struct product_state *product, const char *fingerprint);
/* The first approval that the revision's release asks for and that was not given for it as it is; NULL where all were. */
const struct approval *missing_approval(const struct product_state *product,
                                        const struct revision *revision);
/* The approval of that name that was given for the revision as it is; NULL if none. */
const struct approval_given *approval_of(const struct product_state *product,
                                         const struct revision *revision, const char *name);
bool product_is_released(const struct product_state *product, const struct revision *revision);
/* How many units are at a step, known at once, or at another place, counted. */
int32_t units_at(const struct batch *batch, int32_t place);

/* The parts that a step makes or works on: rows of values. */
const struct simple *step_parts(const struct step *step);
/* Whether an attempt is under way, or nobody knows. */
bool job_is_under_way(const struct job *job);
/* How long a job whose attempts came to nothing waits before it is tried again at the same printer; 0 where none did. */
int64_t job_pause_ms(const struct job *job);
/* Whether a job may run on a machine of that name: all its steps name it. */
bool job_runs_on(const struct job *job, const char *machine);
/* The nozzle that the spec says of a machine that the job may run on; 0 where it says none. */
int64_t job_nozzle_um(const struct job *job, const char *machine);
/* What a job takes of a material, waste and all; -1 where a part's mass is not said, 0 where it takes none. */
int64_t job_takes_mg(const struct job *job, const char *material);
/* The materials of one of its parts, by slot from 0: its own, then the further ones; NULL where there is none, or the part is only
   worked on. */
const struct material *job_part_material(const struct job_part *part, int slot);
/* Those of all its parts, each once, by name, in the order of the slots of a plate: a part's own before its further ones. How
   many, at most so many. */
int job_materials(const struct job *job, const struct material **materials, int at_most);
/* The slot of a material with the most left; NULL where none is loaded. */
const struct loaded_slot *printer_slot_of(const struct printer *printer, const char *material);
/* How many of its last attempts, at most so many, came to nothing. */
int printer_failures(const struct printer *printer, int of_last);
/* What a printer whose print stopped by itself asks of a person; NULL where it asks nothing. */
const char *printer_question(const struct printer *printer, struct arena *arena);
/* "740", "740.5" -> mg; -1 for "" and what is no such number. */
int64_t read_grams(const char *text);
/* Who begins and ends attempts where no person does. */
#define THE_FARM "the farm"

/* Whether what the event names is there, so that it can be applied; the failure says what is not. True for what decide() made;
   events that were read from a file are asked first. */
bool event_fits(const struct state *state, const struct message *event, struct failure *failure);
/* Changes the state as the event says: one that fits. */
void apply(struct state *state, const struct message *event, int64_t time_ms);

#endif
