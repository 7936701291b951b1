/* Private to station/: what waits at a step of a batch. */
#ifndef FLOW_STATION_READ_BENCH_H
#define FLOW_STATION_READ_BENCH_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/state.h"

/* The shape Task, of a step by its index. */
void write_task(struct buffer *out, const struct batch *batch, int step, struct arena *arena);

#endif
