/* Private to station/: what came out of the shop of late, by quarters of an hour, for "today" on a board: a tablet's day begins when it
   is midnight where the tablet is, and all zones are whole quarters of an hour from UTC. */
#ifndef FLOW_STATION_TALLY_H
#define FLOW_STATION_TALLY_H

#include "engine/state.h"

enum { QUARTERS_KEPT = 4 * 25 }; /* a day, and the hour that one in autumn is longer */

/* Units, but for the prints. */
struct output {
    int64_t done, scrap, shipped, failed_prints;
};

struct tally {
    struct {
        int64_t number; /* of the quarter since 1970 */
        struct output output;
    } quarters[QUARTERS_KEPT];
};

/* All events, in order, each after it was applied to the state. */
void tally_event(struct tally *tally, const struct state *state, int64_t time_ms,
                 const struct message *event);
/* From the beginning of the quarter in which that time is; at most a day back. */
struct output tally_since(const struct tally *tally, int64_t time_ms);

#endif
