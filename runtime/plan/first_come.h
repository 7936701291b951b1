/* The plainest way to fill a batch: what is ordered, in the order in which it came, as far as the engine lets it in. */
#ifndef FLOW_PLAN_FIRST_COME_H
#define FLOW_PLAN_FIRST_COME_H

#include "shop/shop.h"

/* How a command is done: by the shop itself, or by the server that has it. False where the machine was in the way. */
typedef bool ask_command(struct message *command, struct answer *answer, void *data);
/* Told of each line that was looked at: how many units went in; of a line of which none did, why. */
typedef void told_line(const struct order_line *line, int64_t count, const char *why, void *data);

struct first_come {
    ask_command *ask;
    told_line *told; /* may be NULL */
    void *data;
};

/* Fills an open batch. False where the machine was in the way; what went in stays in. */
bool fill_first_come(const struct state *state, const struct batch *batch,
                     const struct first_come *how);

#endif
