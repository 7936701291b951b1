/* Private to the simulated farm. */
#ifndef FLOW_SIM_FARM_PRIVATE_H
#define FLOW_SIM_FARM_PRIVATE_H

#include "sim/farm.h"

#include "engine/state.h"
#include "plan/apply.h"
#include "printers/run.h"
#include "program/program.h"
#include "sim/private.h"
#include "sim/twin.h"

struct farm_specs {
    struct session sessions[FARM_SPECS_AT_MOST];
    int session_count;
    struct revision *revisions;
    int revision_count;
    struct state state; /* the shop's, once it is simulated */
    struct arena arena, scratch;
    int64_t now_ms;
};
/* Decides about a command, and applies what happens. */
void farm_ask_engine(struct farm_specs *specs, const char *by, const struct message *command,
                     struct answer *answer);

/* ---- farm_kinds.c: what is known of a SKU ---- */

/* A step as a unit meets it. */
struct farm_node {
    int station; /* -1: nobody's hands */
    int64_t wait_s;
    double hands_s, labour, other;  /* a visit; of a print: without its setup and machine time */
    bool prints;                    /* or cuts */
    double labour_a_s, machine_a_s; /* of a print */
    double material, grams;         /* a visit: what goes in */
    double bad;                     /* the chance that a unit is not good here */
    bool inspects, screens;         /* screens: not the last that inspects */
};

struct farm_sku {
    const struct revision *revision;
    const char *code;
    int group, sku;          /* of the problem */
    struct farm_node *nodes; /* by step */
    double grams, price, fees, overhead;
    int64_t order_size;
};

struct farm_kinds {
    struct farm_sku *skus; /* of the revisions one after the other */
    int *first;            /* by revision: its first */
    int count;
};
/* The snapshot knows all of them then. */
void farm_kinds_find(struct farm_kinds *kinds, const struct farm_specs *specs,
                     struct plan_snapshot *snapshot, const struct plan_settings *settings,
                     struct arena *arena);
bool step_prints(const struct step *step);

/* ---- the farm while it runs ---- */

/* What the simulation knows of a batch besides the engine: of each unit how far the work on it is at the step where it stands. */
enum {
    WORK_IS_TO_DO = 0, /* above: the number of the task in which it is in hand */
    WORK_IS_GOOD = -1, /* is done; it waits to leave */
    WORK_IS_BAD = -2,  /* likewise, and whoever looks finds it bad */
    WORK_IS_OVER = -3  /* it came to its end */
};
struct farm_batch {
    struct batch *batch;
    int32_t *work;
    bool *bad;    /* nobody found it so far */
    bool *queued; /* by step: a task waits for a person */
};

/* Units of one SKU that one plate prints. */
struct farm_piece {
    struct farm_batch *of;
    const struct step *step;
    const struct farm_sku *kind;
    int64_t count;
};

struct farm_plate {
    int family;
    int64_t print_s, hands_s;
    struct farm_piece *pieces;
    int piece_count;
    const struct job *job; /* NULL: not queued yet */
};

/* Units of a batch that stand at a step are worked on together, and may have to wait then. */
struct farm_task {
    int printer; /* -1: work */
    struct farm_batch *of;
    int station, step, number; /* number: of those whose units are in hand */
};
struct farm_tasks {
    struct farm_task *items;
    int first, count, capacity;
};

struct farm_station {
    int64_t seats, busy;
    struct farm_tasks setups, works;
    int64_t worked_s;
};

/* What drives a printer, and the printer. */
struct farm_connection {
    struct twin twin;
    struct run run;
    struct reply reply; /* that comes at the due time */
    bool calling;
    int64_t due_ms;
    int64_t same_until_ms;         /* the printer changes nothing before, of what it last showed */
    int64_t server_until_ms;       /* as it was when it was called */
    struct twin_incident incident; /* the next that befalls the twin */
    int64_t next_ms[TROUBLES_AT_MOST]; /* by trouble of the settings: when it does */
    uint64_t chance;                   /* of these: the same whatever else happens */
};

struct farm_printer {
    struct farm_plate *queue; /* as planned */
    int queued;
    struct farm_plate plate; /* that it has in hand */
    bool waits;              /* for a person */
    bool busy;               /* from the person's coming to the end of the print */
    bool fails;
    bool asked; /* a person is to say how it ended */
    int64_t begin_s, stops_s;
    struct farm_connection connection; /* unused where people begin and end what it does */
    int materials[SLOTS_AT_MOST];
    int64_t nozzle_um, printing_s, lost_s;
};

enum farm_event_kind {
    FARM_DAY,
    FARM_MORNING,
    FARM_ORDER,
    FARM_PLAN,
    FARM_SET_UP,
    FARM_TURN,
    FARM_RETRY,
    FARM_CUT,
    FARM_LOOK,
    FARM_LOOKED,
    FARM_WORKED,
    FARM_WAITED
};
struct farm_event {
    int64_t at_s, order;
    enum farm_event_kind kind;
    int index; /* of a printer, of the kind that is ordered */
    struct farm_task task;
};

struct farm {
    struct simulated sim; /* who does the commands; first, so that it is found from there */
    struct farm_specs *specs;
    const struct farm_settings *settings;
    struct farm_result *result;
    struct plan_snapshot snapshot;
    struct plan_settings planning;
    struct plan_applying applying;
    struct plan_problem problem; /* as it was at first: stations, families, printers */
    struct farm_kinds kinds;
    struct map batches;          /* of the engine to those of the farm */
    struct farm_batch **of_plan; /* by batch of the plan that is being applied */
    bool refused;                /* something of that plan */
    struct farm_plate *again;    /* that failed, and are tried once more */
    int again_count, again_capacity;
    struct farm_printer *printers;
    struct plan_seen *seen;        /* the printers, for the planner */
    struct farm_station *stations; /* one more than the problem has: nobody's, without end */
    struct farm_event *heap;
    int heap_count, heap_capacity;
    int64_t now_s, end_s, last_order, next_plan_s;
    int last_task, last_job, last_line, last_sample;
    bool plan_asked;
    bool printable; /* units came to a print */
    double *carry;  /* by revision: units that are not a whole order yet */
    int64_t *leads;
    int lead_count, lead_capacity;
    struct sim_wanted wanted;
    struct arena arena;
};

void farm_later(struct farm *farm, int64_t at_s, enum farm_event_kind kind, int index,
                const struct farm_task *task);
void *farm_room(void *array, int count, int *capacity, size_t size);
struct farm_day *farm_today(struct farm *farm);

/* Each of these is false, with a failure, where the engine refuses what a shop would not be refused. */

/* farm_plan.c: plans anew; plates go into the printers' queues. */
bool farm_plan(struct farm *farm);

/* farm_release.c: samples are made and approved, where production waits for that. */
bool farm_release(struct farm *farm);

/* farm_orders.c: what is ordered, and what is done of it. */
bool farm_order_day(struct farm *farm);
bool farm_order(struct farm *farm, const struct farm_sku *kind);
/* Finished units of a line are packed, and shipped with the last of it. */
bool farm_pack(struct farm *farm, const struct batch *batch, int64_t first, int64_t count);

/* farm_printers.c: plates on printers. */
/* Whether people begin and end what is on the plate: it is cut. */
bool farm_plate_is_by_hand(const struct farm_plate *plate);
/* The next of a printer's that can be printed: one that failed before, or one of its queue; false where there is none. */
bool farm_next_plate(struct farm *farm, struct farm_printer *printer);
bool farm_load(struct farm *farm, int printer, int slot, int material);
bool farm_begin_attempt(struct farm *farm, int printer);
bool farm_begin_print(struct farm *farm, int printer);
/* Its attempt ended so, says `by`; a person is asked where that is unknown. */
bool farm_end_print(struct farm *farm, int printer, const char *by, const char *ending, int percent,
                    const char *why);
/* What nobody asks how far it is has come to its end. */
bool farm_end_cut(struct farm *farm, int printer);
bool farm_try_again(struct farm *farm, int printer);
/* A person looks at a printer that is asked about. */
bool farm_look(struct farm *farm, int printer);
void farm_plate_free(struct farm_plate *plate);

/* farm_connection.c: printers are driven. */
void farm_connection_open(struct farm *farm, int printer);
/* Sends what is on the plate, and has it begun; it takes print_ms, or breaks off after breaks_ms where that is not 0. */
void farm_connection_begin(struct farm *farm, int printer, int64_t print_ms, int64_t breaks_ms);
/* The same plate once more, of which nothing was printed. */
void farm_connection_begin_again(struct farm *farm, int printer);
bool farm_connection_turn(struct farm *farm, int printer);
/* How the print ended, as a person finds it; NULL while it prints, for so long. */
const char *farm_connection_look(struct farm *farm, int printer, int64_t *wait_s);
/* How long the last print went, and since when; 0 where there was none. */
int64_t farm_connection_printed_s(struct farm *farm, int printer, int64_t *begin_s);

/* farm_trouble.c: what befalls the printers. */
void farm_trouble_begin(struct farm *farm, int printer);
/* Lets the twin's time go on, with all that befalls it until then. */
void farm_trouble_advance(struct farm *farm, struct farm_connection *connection, int64_t to_ms);

/* farm_units.c: units on their way from step to step. */
/* The farm's batch of the engine's, known from now on. */
struct farm_batch *farm_batch(struct farm *farm, struct batch *batch);
const struct farm_sku *farm_kind(const struct farm *farm, const struct batch *batch, int32_t sku);
void farm_visit(struct farm *farm, const struct farm_sku *kind, const struct farm_node *node,
                int64_t count);
/* Whatever came of the batch's units: what is to be worked on waits for people, what ended is packed or made again. */
bool farm_see_units(struct farm *farm, struct farm_batch *of);
/* Units that a person takes in hand: the step is begun; for how long. */
bool farm_take_in_hand(struct farm *farm, struct farm_task *task, double *hands_s);
int64_t farm_wait(const struct farm *farm, const struct farm_task *task);
/* All that a step needs, of units that were worked on, and of lots as far as the job that prints does not say them. */
bool farm_do_needs(struct farm *farm, struct farm_batch *of, const struct step *step,
                   const struct job *job);
/* The work of a task is done. */
bool farm_work_done(struct farm *farm, const struct farm_task *task);
bool farm_none_stands_still(struct farm *farm);

/* farm_people.c: stations, and printers as far as a person comes to them. */
bool farm_serve(struct farm *farm, int station);
bool farm_want_person(struct farm *farm, int printer);
bool farm_was_set_up(struct farm *farm, int printer);
/* A person is wanted who looks what became of its print. */
bool farm_want_look(struct farm *farm, int printer);
/* A task waits for a person at its station. */
bool farm_want_work(struct farm *farm, const struct farm_task *task);
bool farm_worked(struct farm *farm, const struct farm_task *task);
void farm_want_plan(struct farm *farm);

#endif
