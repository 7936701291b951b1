/* The switching rules of ISO 2859-1 for single sampling: how severely the next lot is inspected, after what the lots
   before it showed (clause 9.3, 9.4). A pure state machine: the state is five small integers, to be kept for each kind of
   lot (product, inspection step, AQL, level); a change of the plan begins anew with a state of zeros. */
#ifndef FLOW_QUALITY_SWITCHING_H
#define FLOW_QUALITY_SWITCHING_H

#include "base/buffer.h"
#include "quality/sampling.h"

enum switching_reason {
    SWITCHING_GOES_ON,              /* nothing changes */
    SWITCHING_NOT_COUNTED,          /* a lot presented once more counts for nothing */
    SWITCHING_TWO_OF_FIVE,          /* normal to tightened */
    SWITCHING_FIVE_ACCEPTED,        /* tightened to normal */
    SWITCHING_SCORE,                /* normal to reduced */
    SWITCHING_REDUCED_NOT_ACCEPTED, /* reduced to normal: the lot was not accepted */
    SWITCHING_REDUCED_UNSTEADY,     /* reduced to normal: production is no longer steady */
    SWITCHING_REDUCED_UNWANTED,     /* reduced to normal: it was taken back */
    SWITCHING_DISCONTINUED, /* the fifth not accepted while on tightened: no lot is accepted by sample */
    SWITCHING_RESUMED,      /* after the cause was removed: tightened */
    SWITCHING_REASON_COUNT
};

/* All zeros: normal inspection begins. */
struct switching {
    int severity; /* enum severity_of_inspection, for the next lot */
    int score;    /* the switching score: on normal inspection */
    int accepted; /* lots accepted one after the other, since this severity began or the last one was not */
    int not_accepted; /* tightened: all since it began; normal: 1 where there was one, else 0 */
    int reason;       /* enum switching_reason: why the state is as it is */
};

struct lot_result {
    bool accepted;
    int points;          /* what it adds to the score; 0 sets that back to zero */
    bool resubmitted;    /* it had not been accepted before: only a lot's first inspection counts */
    bool steady;         /* production runs as it did */
    bool reduced_wanted; /* whoever answers for quality agrees to reduced inspection */
};

enum { SWITCHING_SCORE_NEEDED = 30 };

/* Whether plans of this form have severities: those by AQL. Accept on zero and all others stay as they are. */
bool sample_switches(const struct sample *sample);

/* Judges a lot with so many units (>= 1) and so many found defective in its sample: fills `accepted` and `points`, leaves
   the rest. For a sample that does not switch: no points. False, with a failure, where the tables cannot be read. */
bool switching_judge(const struct sample *sample, enum severity_of_inspection severity, long lot,
                     long found, struct lot_result *result, struct failure *failure);

/* The state after a lot. Once inspection is discontinued no lot changes that. */
struct switching switching_next(const struct switching *before, const struct lot_result *lot);
bool switching_is_discontinued(const struct switching *state);
/* Inspection begins again, tightened, once the cause was found and removed. Only for a discontinued one. */
struct switching switching_resume(const struct switching *discontinued);

/* How the next lot is inspected and why, as a sentence. */
void switching_words(struct buffer *out, const struct switching *state);

#endif
