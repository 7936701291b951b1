/* Private to sim/: somebody simulated who does commands. */
#ifndef FLOW_SIM_PRIVATE_H
#define FLOW_SIM_PRIVATE_H

#include "engine/needs.h"
#include "sim/simulate.h"

struct simulated {
    /* How a command is done: in a shop with its journal, or in a state alone. */
    bool (*ask)(struct simulated *sim, const char *by, const struct message *command,
                struct answer *answer);
    struct workshop *shop; /* NULL: there is only the state */
    const struct state *state;
    struct arena arena;
    uint64_t chance;
    int64_t now_ms, commands;
    int64_t delivery; /* of lots: each material and item has a lot of each */
    struct simulation_result *result;
    struct failure *failure;
};

/* The people; each has the roles that the work needs. */
extern const char simulated_planner[], simulated_operator[], simulated_inspector[];

/* Does a command; false with a failure that says what was refused. */
bool sim_do(struct simulated *sim, const char *by, struct message *command);
/* The same where a refusal is an answer. */
bool sim_ask(struct simulated *sim, const char *by, struct message *command, struct answer *answer);

/* Admits those people; an admin of the state does it. */
bool sim_admit_people(struct simulated *sim);

/* 0 up to, but without, 1. */
double sim_chance(struct simulated *sim);
/* The same of a row of chances by itself, begun with anything but 0. */
double sim_draw(uint64_t *chance);
/* Time passes while a machine works; while a person does, who works on weekdays from 8 to 16. */
void sim_machine_works(struct simulated *sim, double seconds);
void sim_person_works(struct simulated *sim, double seconds);

/* ---- steps.c ---- */
struct sim_wanted {
    struct need *needs; /* the caller's to free */
    int count, capacity;
};
/* All that the step wants now. */
void sim_find_needs(const struct batch *batch, const struct step *step, struct sim_wanted *wanted);
bool sim_satisfy(struct simulated *sim, const struct batch *batch, const struct step *step,
                 const struct need *need, bool good);
/* The lot of this delivery, received where it was not yet; NULL with a failure. */
const char *sim_lot_of(struct simulated *sim, const char *what);
bool sim_begin(struct simulated *sim, const struct batch *batch, const struct step *step);
/* How often the spec expects that a unit is not good here. */
double sim_bad_share(const struct batch *batch, const struct step *step);
/* *left becomes true where they do; the engine may say that they may not. */
bool sim_leave(struct simulated *sim, const struct batch *batch, const struct step *step,
               int64_t first, int64_t count, const char *outcome, bool *left);
/* By one outcome that is not good after the other, until the spec allows it. */
bool sim_leave_badly(struct simulated *sim, const struct batch *batch, const struct step *step,
                     int64_t unit, bool *left);
/* A run that failed is made again, as often as the spec says. */
bool sim_retry(struct simulated *sim, const struct batch *batch, int64_t unit, bool *gone);

/* Works all units of a batch to their end. */
bool sim_work_batch(struct simulated *sim, struct batch *batch);

#endif
