/* Private to engine/: a decision in the making. */
#ifndef FLOW_ENGINE_DECIDING_H
#define FLOW_ENGINE_DECIDING_H

#include "engine/decide.h"

struct deciding {
    struct state *state; /* read only, but for interning a name */
    const struct actor *actor;
    const struct message *command;
    struct decision *decision;
};

typedef bool decider(struct deciding *at);

/* Adds an event of a kind, its texts "" and its numbers 0; to be filled in. */
struct message *happens(struct deciding *at, enum message_kind kind);
/* An event whose first fields are those of the command. */
struct message *happens_as_asked(struct deciding *at, enum message_kind kind);

/* Refuses: always false. The second names the line of a spec that forbids it. */
bool refuse(struct deciding *at, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool refuse_by(struct deciding *at, const struct revision *revision, struct span span,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

bool has_role(const struct deciding *at, const char *role);

/* A batch that was started and is not closed, and its step; refuses and returns NULL where there is none. */
struct batch *running_batch(struct deciding *at, const char *name);
const struct step *step_in(struct deciding *at, const struct batch *batch, const char *name);

/* Adds batch_closed where so many units were the last ones under way. */
void close_if_last(struct deciding *at, const struct batch *batch, int32_t ending);

/* ---- batches.c ---- */
decider decide_open_batch, decide_add_units, decide_start_batch;
/* ---- bench.c ---- */
decider decide_begin_step, decide_use_lot, decide_record_parameter, decide_leave_step,
    decide_sign_gate, decide_dispose_unit;
/* ---- inspect.c ---- */
decider decide_measure, decide_judge_check;
/* Whether these units may pass an inspection; refuses where not. */
bool may_pass(struct deciding *at, const struct batch *batch, const struct step *step,
              int64_t first, int64_t count);

#endif
