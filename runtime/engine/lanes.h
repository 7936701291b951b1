/* Repeats: whether something is made as it was when it was last shipped (docs/reorders.md). */
#ifndef FLOW_ENGINE_LANES_H
#define FLOW_ENGINE_LANES_H

#include "engine/state.h"

enum repeat {
    REPEAT_FIRST,    /* nothing of the SKU was shipped yet */
    REPEAT_PROVEN,   /* by a lane by which it was */
    REPEAT_APPROVED, /* by another, and the sample was approved as it is */
    REPEAT_ACCEPTED, /* by another, which was accepted */
    REPEAT_DIFFERS,  /* production waits */
    REPEAT_COUNT
};
extern const char *const repeat_words[REPEAT_COUNT];

/* What a SKU of the revision is, made by it. */
enum repeat repeat_of(const struct state *state, const struct revision *revision, const char *sku);

/* Whether something of a line is in no batch that was started. */
bool line_is_to_begin(const struct state *state, const struct order_line *line);
/* Whether that waits, for by the current spec it would be made otherwise than what was shipped. */
bool line_differs(const struct state *state, const struct order_line *line);
/* The lane among them that is the revision's; NULL where none is. */
const struct proven_lane *lane_proven_by(const struct proven_lane *lanes,
                                         const struct revision *revision);
/* The acceptance of a lane, or of a file; NULL where there was none. */
const struct accepted_lane *lane_acceptance(const struct product_state *product, const char *lane);

/* What differs in making of a job's parts from a file: for `part` this step was printed from `was`, another one, by the same
   lane. Both NULL where nothing does, or it was accepted. */
struct other_file {
    const struct job_part *part;
    const struct printed_file *was;
};
struct other_file job_prints_other(const struct state *state, const struct job *job,
                                   const char *sha256);

#endif
