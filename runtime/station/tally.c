#include "station/tally.h"

#include <string.h>

enum { QUARTER_MS = 15 * 60 * 1000 };

/* That of a time; another day's is forgotten for it. */
static struct output *output_at(struct tally *tally, int64_t time_ms)
{
    int64_t number = time_ms / QUARTER_MS;
    int at = (int)(number % QUARTERS_KEPT);
    if (tally->quarters[at].number != number) {
        tally->quarters[at].output = (struct output){0};
        tally->quarters[at].number = number;
    }
    return &tally->quarters[at].output;
}

void tally_event(struct tally *tally, const struct state *state, int64_t time_ms,
                 const struct message *event)
{
    if (time_ms < 0)
        return;
    struct output *output = output_at(tally, time_ms);
    const struct parcel *parcel;
    switch (event->kind) {
    case EVENT_units_left:
        if (strcmp(event->units_left.to, "done") == 0)
            output->done += event->units_left.count;
        else if (strcmp(event->units_left.to, "scrap") == 0)
            output->scrap += event->units_left.count;
        break;
    case EVENT_unit_disposed:
        output->scrap += strcmp(event->unit_disposed.to, "scrap") == 0;
        break;
    case EVENT_parcel_shipped:
        parcel = state_parcel(state, event->parcel_shipped.parcel);
        output->shipped += parcel ? parcel->count : 0;
        break;
    case EVENT_attempt_ended:
        output->failed_prints += strcmp(event->attempt_ended.outcome, "failed") == 0;
        break;
    default:
        break;
    }
}

struct output tally_since(const struct tally *tally, int64_t time_ms)
{
    struct output sum = {0};
    for (int i = 0; i < QUARTERS_KEPT; i++) {
        const struct output *output = &tally->quarters[i].output;
        if (tally->quarters[i].number < time_ms / QUARTER_MS)
            continue;
        sum.done += output->done;
        sum.scrap += output->scrap;
        sum.shipped += output->shipped;
        sum.failed_prints += output->failed_prints;
    }
    return sum;
}
