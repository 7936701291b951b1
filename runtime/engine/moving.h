/* Private to engine/: how units move, for the events that move them. */
#ifndef FLOW_ENGINE_MOVING_H
#define FLOW_ENGINE_MOVING_H

#include "engine/applying.h"

/* To a step or a place: what stood at a step is there no more, what comes to one is looked at anew. */
void move_unit(const struct applying *at, struct batch *batch, int64_t number, int32_t to);
/* "done", "scrap", "quarantine", or a step. */
int32_t named_place(const struct batch *batch, const char *name);
/* A finished unit that is nobody's came to the stock, by 1, or leaves it, by -1. */
void count_spare(struct batch *batch, const struct piece *unit, int by);
/* Whether a plan must still look at it. */
void keep_batch(const struct applying *at, struct batch *batch);

#endif
