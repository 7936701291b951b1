/* A shop that is open: its folder, its journal, what is the case, and the specs it goes by, as one. Everything that is done in
   the shop goes through shop_do (or shop_stage and shop_commit): decided by the engine, made durable, then answered.

   The folder:
     journal.db       every event that happened, and what commands were answered (store/journal.h)
     specs/SNAPSHOT/  a spec as it was adopted: all files that it was compiled from (shop/snapshot.h)
     flowd.socket     while `flowd serve` runs: its API for this machine's owner of the folder */
#ifndef FLOW_SHOP_SHOP_H
#define FLOW_SHOP_SHOP_H

#include "engine/state.h"
#include "store/journal.h"

/* Named apart from the `shop` of a spec. */
struct workshop;

/* Makes the folder and its journal, with a first person who may do everything, at a time (0: now). False with a failure: there is a shop
   already. */
bool shop_create(const char *folder, const char *owner, int64_t time_ms, struct failure *failure);

/* Opens the journal and replays it. To write, nobody else may write: where one does, the failure says so and shop_is_served
   tells whether it is a server that can be asked instead. NULL with a failure. */
struct workshop *shop_open(const char *folder, enum journal_mode mode, struct failure *failure);
/* Whether a server runs on it that can be asked instead. */
bool shop_is_served(const char *folder);
/* NULL is fine. */
void shop_close(struct workshop *shop);

/* What is the case: never change it. Names are looked up with shop_name. */
const struct state *shop_state(const struct workshop *shop);
struct journal *shop_journal(const struct workshop *shop);
const char *shop_folder(const struct workshop *shop);
/* The state's own copy of a name. */
const char *shop_name(const struct workshop *shop, const char *text);

/* A spec that was adopted, of a product; compiled when first asked for. NULL where there is none, or it cannot be
   read any more (the failure, which may be NULL, says which). */
const struct revision *shop_revision(struct workshop *shop, const char *snapshot,
                                     const char *product, struct failure *failure);

/* Keeps the spec in the file, with all that it is compiled from, under specs/, and writes the snapshot's name (64 hex digits).
   Nothing is adopted yet: that is a command for each of its products. False with a failure: it has errors, or cannot be read. */
bool shop_keep_spec(struct workshop *shop, const char *path, char snapshot[65],
                    struct failure *failure);

/* ---- doing ---- */

enum { COMMAND_ID_LENGTH = 36 };

struct answer {
    bool accepted;
    bool repeated;       /* the command came before: this is what it was answered then */
    int64_t first, last; /* the events it became; last < first where it changed nothing */
    char refusal[400];   /* a sentence: what forbids it, and what would allow it */
    char said
        [600]; /* the same, to be said in another language (engine/decide.h); "" where it is not known */
    char place[200]; /* the line of the spec that forbids it, "" for none */
};

/* Does one command, durably. `id` is a UUID, by which a repeat is known; NULL for what is never
   repeated. `by` is a person of the shop. The command's texts
   need not be interned. Refused is no failure: true, and the answer says so. False with a failure where the machine was in the
   way: nothing was done then. */
bool shop_do(struct workshop *shop, const char *id, const char *by, const struct message *command,
             struct answer *answer, struct failure *failure);

/* The same in two parts, so that many commands become durable together. What was staged counts for what is staged after
   it. No answer may be given away before shop_commit said true; when either says false, none of what was staged
   happened. */
bool shop_stage(struct workshop *shop, const char *id, const char *by,
                const struct message *command, struct answer *answer, struct failure *failure);
bool shop_commit(struct workshop *shop, struct failure *failure);

/* {"accepted":true,"first":12,"last":13} or {"accepted":false,"refusal":"...","place":"..."}: what is kept, and what the
   API sends. */
void answer_write(struct buffer *out, const struct answer *answer);
bool answer_read(const char *text, size_t length, struct answer *answer);

/* ---- following ---- */

/* Called for each event that became durable, in order; only from shop_commit, and for all there are when it is set. */
typedef void shop_listener(int64_t sequence, int64_t time_ms, const struct message *event,
                           void *data);
/* Walks the journal from its first event; false with a failure where it cannot be read. Texts live as long as the shop. */
bool shop_replay(struct workshop *shop, shop_listener *listener, void *data,
                 struct failure *failure);
/* From now on, after what shop_replay gave; at most eight. */
void shop_listen(struct workshop *shop, shop_listener *listener, void *data);

/* The time of events to come: the clock's if unset. For simulations and tests. */
void shop_set_clock(struct workshop *shop, int64_t (*now_ms)(void *data), void *data);

#endif
