/* What the printers last said, for those who read: the thread that speaks to them puts it here. */
#ifndef FLOW_STATION_FLOOR_H
#define FLOW_STATION_FLOOR_H

#include "dispatch/dispatch.h"
#include "telemetry/telemetry.h"

struct floor;

struct floor *floor_open(int count);
void floor_close(struct floor *floor);
/* Takes over what was said, at most a few times a second, and tells the telemetry what changed; often called. */
void floor_take(struct floor *floor, const struct dispatch *dispatch, struct telemetry *telemetry,
                int64_t now_ms);

int floor_count(const struct floor *floor);
/* A copy, and since when its state is that, in ms since 1970; from any thread. Nothing was said yet: its name is NULL. */
struct printer_now floor_printer(struct floor *floor, int index, int64_t *since_ms);

#endif
