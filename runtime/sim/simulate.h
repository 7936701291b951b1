/* A shop that works by itself: the same engine and journal, with simulated printers and people on a virtual clock. What it
   leaves behind is a shop like any other, to be looked at with every verb.

   Parts fail as often as the spec expects them to. Machines work day and night; people on weekdays from 8 to 16 UTC. */
#ifndef FLOW_SIM_SIMULATE_H
#define FLOW_SIM_SIMULATE_H

#include "shop/shop.h"

struct simulation {
    uint64_t seed;
    int64_t start_ms; /* a working day's morning */
};

struct simulation_result {
    int64_t commands, batches, parcels;
    int64_t units_made, units_scrapped, units_shipped;
    int64_t begun_ms, ended_ms;
    char waits[400]; /* why not everything was made, "" where it was */
};

/* Works until nothing that is ordered can be made or shipped any more. The shop has its specs and orders; lots are received,
   people admitted and samples approved as they are needed. False with a failure, which names the command that was refused. */
bool simulate(struct workshop *shop, const struct simulation *simulation,
              struct simulation_result *result, struct failure *failure);

#endif
