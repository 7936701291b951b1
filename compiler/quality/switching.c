#include "quality/switching.h"

#include "quality/tables.h"

#include <assert.h>

enum {
    WINDOW = 5,          /* of lots, in which two that are not accepted tighten */
    ACCEPTED_NEEDED = 5, /* in a row, to leave tightened inspection */
    STOP = 5             /* not accepted while on tightened: the end */
};

/* ---- a lot ---- */

bool sample_switches(const struct sample *sample)
{
    return sample->form == SAMPLE_AQL;
}

/* Whether so many defectives would have been accepted had the AQL been one step tighter. Only a plan with the same sample
   can tell. */
static bool accepted_tighter(const struct sample *sample, enum severity_of_inspection severity,
                             long lot, const struct sampling_plan *plan, long found,
                             struct failure *failure)
{
    const struct sampling_tables *tables = sampling_tables(failure);
    const struct master_table *table = &tables->master[severity];
    int column = aql_index(table->aqls, table->aql_count, sample->number.number);
    struct sample tighter = *sample;
    struct sampling_plan other;

    if (column < 1)
        return false;
    tighter.number.number = table->aqls[column - 1];
    return sampling_plan(&tighter, lot, severity, &other, failure) && other.n == plan->n &&
           found <= other.ac;
}

bool switching_judge(const struct sample *sample, enum severity_of_inspection severity, long lot,
                     long found, struct lot_result *result, struct failure *failure)
{
    struct sampling_plan plan;

    if (!sampling_plan(sample, lot, severity, &plan, failure))
        return false;
    result->accepted = found <= plan.ac;
    result->points = 0;
    if (!result->accepted || !sample_switches(sample))
        return true;
    if (plan.ac < 2)
        result->points = 2;
    else if (accepted_tighter(sample, severity, lot, &plan, found, failure))
        result->points = 3;
    return true;
}

/* ---- from lot to lot ---- */

static struct switching begin(enum severity_of_inspection severity, enum switching_reason reason)
{
    return (struct switching){.severity = severity, .reason = reason};
}

static struct switching after_normal(struct switching state, const struct lot_result *lot)
{
    state.score = lot->accepted && lot->points > 0 ? state.score + lot->points : 0;
    if (!lot->accepted) {
        if (state.not_accepted > 0 && state.accepted <= WINDOW - 2)
            return begin(INSPECTION_TIGHTENED, SWITCHING_TWO_OF_FIVE);
        state.not_accepted = 1;
        state.accepted = 0;
        return state;
    }
    state.accepted++;
    if (state.score >= SWITCHING_SCORE_NEEDED && lot->steady && lot->reduced_wanted)
        return begin(INSPECTION_REDUCED, SWITCHING_SCORE);
    return state;
}

static struct switching after_tightened(struct switching state, const struct lot_result *lot)
{
    if (lot->accepted) {
        state.accepted++;
        return state.accepted >= ACCEPTED_NEEDED ? begin(INSPECTION_NORMAL, SWITCHING_FIVE_ACCEPTED)
                                                 : state;
    }
    state.accepted = 0;
    state.not_accepted++;
    if (state.not_accepted >= STOP)
        state.reason = SWITCHING_DISCONTINUED;
    return state;
}

static struct switching after_reduced(struct switching state, const struct lot_result *lot)
{
    if (!lot->accepted)
        return begin(INSPECTION_NORMAL, SWITCHING_REDUCED_NOT_ACCEPTED);
    if (!lot->steady)
        return begin(INSPECTION_NORMAL, SWITCHING_REDUCED_UNSTEADY);
    if (!lot->reduced_wanted)
        return begin(INSPECTION_NORMAL, SWITCHING_REDUCED_UNWANTED);
    state.accepted++;
    return state;
}

struct switching switching_next(const struct switching *before, const struct lot_result *lot)
{
    static struct switching (*const after[])(struct switching, const struct lot_result *) = {
        [INSPECTION_NORMAL] = after_normal,
        [INSPECTION_TIGHTENED] = after_tightened,
        [INSPECTION_REDUCED] = after_reduced,
    };
    struct switching state = *before;

    if (switching_is_discontinued(before))
        return state;
    state.reason = lot->resubmitted ? SWITCHING_NOT_COUNTED : SWITCHING_GOES_ON;
    return lot->resubmitted ? state : after[state.severity](state, lot);
}

bool switching_is_discontinued(const struct switching *state)
{
    return state->severity == INSPECTION_TIGHTENED && state->not_accepted >= STOP;
}

struct switching switching_resume(const struct switching *discontinued)
{
    (void)discontinued; /* where assertions are left out */
    assert(switching_is_discontinued(discontinued));
    return begin(INSPECTION_TIGHTENED, SWITCHING_RESUMED);
}

/* ---- in words ---- */

/* How far it is to the next switch, where nothing changed. */
static void progress_words(struct buffer *out, const struct switching *state)
{
    if (state->severity == INSPECTION_NORMAL && state->score >= SWITCHING_SCORE_NEEDED)
        buffer_addf(out,
                    "the score is %d, enough for reduced inspection once production is steady and "
                    "whoever answers for quality agrees",
                    state->score);
    else if (state->severity == INSPECTION_NORMAL)
        buffer_addf(out, "the score is %d, reduced inspection may begin at %d", state->score,
                    SWITCHING_SCORE_NEEDED);
    else if (state->severity == INSPECTION_TIGHTENED)
        buffer_addf(
            out,
            "%d of %d lots in a row accepted for the return to normal; %d of %d not accepted "
            "before inspection by sample is discontinued",
            state->accepted, ACCEPTED_NEEDED, state->not_accepted, STOP);
    else
        buffer_add_text(out, "until a lot is not accepted, or production is no longer steady");
}

void switching_words(struct buffer *out, const struct switching *state)
{
    static const char *const severities[] = {
        [INSPECTION_NORMAL] = "Normal",
        [INSPECTION_TIGHTENED] = "Tightened",
        [INSPECTION_REDUCED] = "Reduced",
    };
    static const char *const reasons[SWITCHING_REASON_COUNT] = {
        [SWITCHING_NOT_COUNTED] = "a lot that is presented once more does not count",
        [SWITCHING_TWO_OF_FIVE] = "two of five lots in a row, or of fewer, were not accepted",
        [SWITCHING_FIVE_ACCEPTED] = "five lots in a row were accepted",
        [SWITCHING_SCORE] = "the score has reached 30, and production is steady",
        [SWITCHING_REDUCED_NOT_ACCEPTED] = "a lot was not accepted on reduced inspection",
        [SWITCHING_REDUCED_UNSTEADY] = "production is no longer steady",
        [SWITCHING_REDUCED_UNWANTED] = "reduced inspection was taken back",
        [SWITCHING_RESUMED] = "it begins again after the cause was removed",
    };

    if (switching_is_discontinued(state)) {
        buffer_addf(out,
                    "Inspection by sample is discontinued: %d lots were not accepted on tightened "
                    "inspection. Look at every unit until the cause is found and removed.",
                    STOP);
        return;
    }
    buffer_addf(out, "%s inspection: ", severities[state->severity]);
    if (reasons[state->reason])
        buffer_add_text(out, reasons[state->reason]);
    else
        progress_words(out, state);
    buffer_add_char(out, '.');
}
