/* Private to engine/: an event being applied. Nothing is decided here: an event is what happened. */
#ifndef FLOW_ENGINE_APPLYING_H
#define FLOW_ENGINE_APPLYING_H

#include "engine/state.h"

struct applying {
    struct state *state;
    int64_t time_ms;
    const char *by;
};

typedef void applier(const struct applying *at, const struct message *event);

#define EVENT(name, summary) applier apply_##name;
#include "engine/messages.def"
#undef EVENT

/* Made where there was none. */
struct product_state *product_of(struct state *state, const char *name);
struct order *order_of(struct state *state, const char *name);
struct release_state *release_of(struct state *state, struct product_state *product,
                                 const char *fingerprint);

/* What a job that finished was printed from. */
void keep_printed_file(const struct applying *at, const struct job *job,
                       const struct job_part *row);
/* By what a unit was made that is shipped. */
void prove_lane(const struct applying *at, const struct packed_unit *unit,
                const struct parcel *parcel);

#endif
