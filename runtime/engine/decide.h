/* Whether a command may be done, and what then happens: pure, without clock, chance or I/O. */
#ifndef FLOW_ENGINE_DECIDE_H
#define FLOW_ENGINE_DECIDE_H

#include "engine/state.h"

struct decision {
    bool accepted;
    struct message *events; /* to be committed, then applied, in order; may be none */
    int count, capacity;
    char refusal[400]; /* a sentence: what forbids it, and what would allow it */
    /* The same for who says it in another language: a JSON array of the sentence with {} for what stands in it, and of that;
       "" where it is too long. */
    char said[600];
    char place[200]; /* "desk_hook.flow:61": the line of the spec that forbids it, "" for none */
    struct arena *arena;
};

/* `command->by` is who asks: a person of the state, whose roles there say what they may do; in a shop without persons
   anybody may admit the first, an admin. Texts of the command must be interned in the state's names. Events live in the
   arena. A command that was done before and changes nothing is accepted with no events. */
void decide(const struct state *state, const struct message *command, struct arena *arena,
            struct decision *decision);

/* The step by whose rule batches of the revision are made, the first batch step; NULL where there is none. */
const struct step *batch_rule(const struct revision *revision);
/* What units of one batch have in common by the rule's `group by`, for a SKU: SKUs of the same text may share a batch. */
void batch_key(struct buffer *out, const struct revision *revision, const struct sku *sku);

/* The roles of which a person needs one for a command, words with commas between: "operator,quality"; "" where everybody
   may who is known, or where the spec says who. */
const char *command_roles(enum message_kind command);

#endif
