/* Private to sim/: a simulation that runs. */
#ifndef FLOW_SIM_PRIVATE_H
#define FLOW_SIM_PRIVATE_H

#include "sim/simulate.h"

struct simulated {
    struct workshop *shop;
    const struct state *state;
    struct arena arena;
    uint64_t chance;
    int64_t now_ms;
    struct simulation_result *result;
    struct failure *failure;
};

/* The people; each has the roles that the work needs. */
extern const char simulated_planner[], simulated_operator[], simulated_inspector[];

/* Does a command; false with a failure that says what was refused. */
bool sim_do(struct simulated *sim, const char *by, struct message *command);
/* The same where a refusal is an answer. */
bool sim_ask(struct simulated *sim, const char *by, struct message *command, struct answer *answer);

/* 0 up to, but without, 1. */
double sim_chance(struct simulated *sim);
/* Time passes while a machine works; while a person does, who works on weekdays from 8 to 16. */
void sim_machine_works(struct simulated *sim, double seconds);
void sim_person_works(struct simulated *sim, double seconds);

/* Works all units of a batch to their end. */
bool sim_work_batch(struct simulated *sim, struct batch *batch);

#endif
