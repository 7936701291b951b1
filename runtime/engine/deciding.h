/* Private to engine/: a decision in the making. */
#ifndef FLOW_ENGINE_DECIDING_H
#define FLOW_ENGINE_DECIDING_H

#include "engine/decide.h"
#include "engine/needs.h"

struct deciding {
    struct state *state;         /* read only, but for interning a name */
    const struct person *person; /* who asks; NULL in a shop without persons */
    const struct message *command;
    struct decision *decision;
};

typedef bool decider(struct deciding *at);

#define COMMAND(name, summary) decider decide_##name;
#include "engine/messages.def"
#undef COMMAND

/* Adds an event of a kind, its texts "" and its numbers 0; to be filled in. */
struct message *happens(struct deciding *at, enum message_kind kind);
/* An event whose first fields are those of the command. */
struct message *happens_as_asked(struct deciding *at, enum message_kind kind);

/* Refuses: always false, and nothing is said to nobody (NULL). The second names the line of a spec that forbids it. */
bool refuse(struct deciding *at, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool refuse_by(struct deciding *at, const struct revision *revision, struct span span,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

bool has_role(const struct deciding *at, const char *roles);
const char *name_of(struct deciding *at, const char *text); /* interned */
/* Whether a name stays a name on labels and in files: 1 to 100 characters, none of them a control character; refuses
   where not. `what` is "a lot", "a batch". */
bool is_name(struct deciding *at, const char *what, const char *name);

/* ---- decide.c: of the state ---- */

/* A product with a spec that is adopted; refuses and returns NULL where there is none. */
struct product_state *made_product(struct deciding *at, const char *name);
/* A batch that was started and is not closed, and its step; refuses and returns NULL where there is none. */
struct batch *running_batch(struct deciding *at, const char *name);
const struct step *step_in(struct deciding *at, const struct batch *batch, const char *name);
/* A batch that was started, closed or not, and its units first to first + count - 1; refuses where they are not there. */
struct batch *batch_with(struct deciding *at, const char *name, int64_t first, int64_t count);
/* Adds batch_closed where so many units were the last ones under way. */
void close_if_last(struct deciding *at, const struct batch *batch, int32_t ending);

/* ---- batches.c ---- */

/* Whether so many units of the batch are as many as its spec wants at least; refuses where not. */
bool is_large_enough(struct deciding *at, const struct batch *batch, int64_t count);

/* ---- lots.c ---- */

/* The lot of a unit that is on hold, NULL if none. */
const struct lot *held_lot_of(const struct batch *batch, int64_t number);
bool is_shipped(const struct piece *unit);
/* Whether a text is an amount of something: a number, and a unit where it has one ("" is none said); refuses where not. */
bool is_amount(struct deciding *at, const char *amount);
/* Adds the events that put units of the batch in quarantine, one for each run of neighbours that `wants`; those that were
   shipped or are scrap stay. `lot` is "" for a correction. */
typedef bool wants_unit(const struct batch *batch, int64_t number, const void *data);
void quarantine_units(struct deciding *at, const struct batch *batch, const char *lot,
                      const char *reason, wants_unit *wants, const void *data);

/* ---- bench.c ---- */

/* Whether a unit of a batch that was started stands at a step; refuses where not, and says where it is. */
bool stands_at(struct deciding *at, const struct batch *batch, const struct step *step,
               int64_t number);
/* Whether something tracked goes in at a step, for one of the SKUs. */
bool step_uses(const struct batch *batch, const struct step *step, const char *what);
/* Whether these units may leave by an outcome; refuses where not. A job that printed them, which may be NULL, knows of which
   lots. */
bool may_leave(struct deciding *at, const struct batch *batch, const struct step *step,
               int64_t first, int64_t count, enum outcome outcome, const struct job *job);
/* Sends the units from first to end - 1 on their way: an event for each run of neighbours that go to one place. Returns how
   many come to their end. */
int32_t send_run(struct deciding *at, const struct batch *batch, const struct step *step,
                 int64_t first, int64_t end, enum outcome outcome, const char *reason);
/* Where a unit goes by an outcome: the index of a step, or a place. */
int32_t target_of(const struct batch *batch, const struct piece *unit, const struct step *step,
                  enum outcome outcome);

/* ---- printed.c ---- */

/* Adds what follows from a job being finished: of which lots it was, and the units for which all parts are printed now pass. */
void take_printed_along(struct deciding *at, const struct job *job);

/* ---- inspect.c ---- */

/* The plan for the batch; all of it where inspection by sample is discontinued. */
bool step_plan(const struct batch *batch, const struct step *step, struct sampling_plan *plan,
               struct failure *failure);
/* Whether these units may pass; refuses where not. */
bool may_pass(struct deciding *at, const struct batch *batch, const struct step *step,
              int64_t first, int64_t count);
/* Adds lot_judged where the sample becomes whole when these units leave unchecked. */
bool judge_what_is_left(struct deciding *at, const struct batch *batch, const struct step *step,
                        int64_t first, int64_t count);

/* ---- lanes.c ---- */

/* Whether units of a production batch are made as what was shipped of their SKUs, or otherwise as was approved or accepted;
   refuses where not, and says what differs. */
bool repeats_are_proven(struct deciding *at, const struct batch *batch);
/* Sets a job aside whose file is not what its step was printed from, and was not accepted; whether it did. */
bool sets_other_aside(struct deciding *at, const struct job *job, const char *sha256);

/* ---- release.c ---- */

/* Whether a production batch may be made of this revision: approved, and within what the release allows; refuses where
   not, and says what changed since it was approved. */
bool is_released(struct deciding *at, const struct batch *batch);

#endif
