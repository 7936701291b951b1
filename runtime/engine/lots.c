/* Lots that come in and are held, and the units that wait in quarantine. */
#include "engine/deciding.h"

#include "schema/units.h"

#include <string.h>

/* A mass, a length, an area, a volume, or a number of pieces. The workday is no matter: times are no amounts. */
static bool is_unit_of_amount(const char *text)
{
    struct unit unit;
    size_t begin, end;
    return unit_parse(text, strlen(text), RATIONAL_ONE, &unit, &begin, &end) && !unit.percent &&
           !unit.dimension.time && !unit.dimension.temperature && !unit.dimension.angle &&
           !unit.dimension.money;
}

bool is_amount(struct deciding *at, const char *amount)
{
    struct rational number;
    size_t digits = strspn(amount, "0123456789.");
    const char *unit = amount + digits + strspn(amount + digits, " ");

    if (!*amount ||
        (rational_parse(amount, digits, &number) && (!*unit || is_unit_of_amount(unit))))
        return true;
    return refuse(at, "`%s` is no amount; write it like `750 g`, `2.5 kg` or `12`", amount);
}

bool decide_receive_lot(struct deciding *at)
{
    const struct receive_lot *asked = &at->command->receive_lot;
    const struct lot *lot = state_lot(at->state, asked->lot);

    if (!is_name(at, "a lot", asked->lot))
        return false;
    if (!*asked->what)
        return refuse(at, "say what lot %s is of", asked->lot);
    if (lot && lot->what != asked->what)
        return refuse(at, "lot %s is there already, and is %s; give this one another name",
                      lot->name, lot->what);
    if (lot && *asked->amount && lot->amount != asked->amount)
        return refuse(at, "lot %s is there already, amount %s; give what came in now another name",
                      lot->name, *lot->amount ? lot->amount : "not said");
    if (!is_amount(at, asked->amount))
        return false;
    if (!lot)
        happens_as_asked(at, EVENT_lot_received);
    return true;
}

/* ---- into quarantine ---- */

bool is_shipped(const struct piece *unit)
{
    return unit->parcel && unit->parcel->shipped;
}

static void quarantine_run(struct deciding *at, const struct batch *batch, const char *lot,
                           const char *reason, int64_t first, int64_t end)
{
    happens(at, EVENT_unit_quarantined)->unit_quarantined =
        (struct unit_quarantined){batch->name, first, reason, end - first, lot};
}

void quarantine_units(struct deciding *at, const struct batch *batch, const char *lot,
                      const char *reason, wants_unit *wants, const void *data)
{
    int64_t first = 0;
    for (int64_t i = 1; i <= batch->unit_count; i++) {
        const struct piece *unit = &batch->units[i - 1];
        bool wanted = unit->at != PLACE_SCRAP && !is_shipped(unit) && wants(batch, i, data);
        if (wanted && !first)
            first = i;
        if (!wanted && first) {
            quarantine_run(at, batch, lot, reason, first, i);
            first = 0;
        }
    }
    if (first)
        quarantine_run(at, batch, lot, reason, first, batch->unit_count + 1);
}

static bool is_of_share(const struct batch *batch, int64_t number, const void *share)
{
    return batch->units[number - 1].at != PLACE_QUARANTINE && share_has(share, number);
}

bool decide_hold_lot(struct deciding *at)
{
    const struct hold_lot *asked = &at->command->hold_lot;
    const struct lot *lot = state_lot(at->state, asked->lot);

    if (!lot)
        return refuse(at, "there is no lot %s", asked->lot);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (lot->held)
        return true;
    happens_as_asked(at, EVENT_lot_held);
    for (const struct lot_share *share = lot->shares; share; share = share->next_of_lot)
        quarantine_units(at, share->batch, lot->name, asked->reason, is_of_share, share);
    return true;
}

/* ---- and out of it ---- */

const struct lot *held_lot_of(const struct batch *batch, int64_t number)
{
    for (const struct lot_share *share = batch->shares; share; share = share->next_of_batch)
        if (share->lot->held && share_has(share, number))
            return share->lot;
    return NULL;
}

/* What waits for this lot alone. */
static bool returns(const struct lot_share *share, int64_t number)
{
    const struct piece *unit = &share->batch->units[number - 1];
    return unit->at == PLACE_QUARANTINE && unit->stood != PLACE_NONE && unit->holds == 1 &&
           share_has(share, number);
}

static void return_units(struct deciding *at, const struct lot_share *share, const char *reason)
{
    const struct batch *batch = share->batch;
    int32_t ending = 0;

    for (int64_t i = 1; i <= batch->unit_count;) {
        int64_t end = i;
        while (end <= batch->unit_count && returns(share, end))
            ending += batch->units[end++ - 1].stood == PLACE_DONE;
        if (end > i)
            happens(at, EVENT_unit_returned)->unit_returned =
                (struct unit_returned){batch->name, i, reason, end - i, share->lot->name};
        i = end + 1;
    }
    if (ending)
        close_if_last(at, batch, ending);
}

bool decide_free_lot(struct deciding *at)
{
    const struct free_lot *asked = &at->command->free_lot;
    const struct lot *lot = state_lot(at->state, asked->lot);

    if (!lot)
        return refuse(at, "there is no lot %s", asked->lot);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (!lot->held)
        return true;
    happens_as_asked(at, EVENT_lot_freed);
    for (const struct lot_share *share = lot->shares; share; share = share->next_of_lot)
        return_units(at, share, asked->reason);
    return true;
}

/* ---- what becomes of a unit; with `at` NULL it is only asked ---- */

/* A failed print or cut is tried again only so often as it says. */
static bool may_retry(struct deciding *at, const struct batch *batch, const struct step *step,
                      int64_t number)
{
    if (!step->retry)
        return true;
    struct rational most =
        value_number(batch->revision->spec, &step->retry->value, NULL, rational_integer(INT32_MAX));
    int failed = unit_passed(batch, number, step, OUTCOME_FAILURE);
    return rational_compare(rational_integer(failed), most) <= 0 ||
           refuse_by(at, batch->revision, step->retry->span,
                     "unit %lld failed at %s %d times, and is tried again at most %lld times",
                     (long long)number, step->base.name, failed, (long long)rational_to_int(most));
}

/* It goes on from a step where it was before: what it has not passed it does not pass by. */
static bool may_go_to(struct deciding *at, const struct batch *batch, const char *to,
                      int64_t number)
{
    const struct piece *unit = &batch->units[number - 1];
    const struct lot *held = held_lot_of(batch, number);

    if (strcmp(to, "scrap") == 0)
        return !unit->parcel || refuse(at, "unit %lld is in parcel %s; unpack it first",
                                       (long long)number, unit->parcel->name);
    if (strcmp(to, "done") == 0) {
        if (unit->stood != PLACE_DONE)
            return refuse(at, "unit %lld was not done when it came into quarantine",
                          (long long)number);
        return !held || refuse(at, "lot %s, which is in unit %lld, is on hold", held->name,
                               (long long)number);
    }
    const struct step *step = step_in(at, batch, to);
    if (!step)
        return false;
    if (unit->parcel)
        return refuse(at, "unit %lld is in parcel %s; unpack it first", (long long)number,
                      unit->parcel->name);
    if (!unit_was_at(batch, number, step->index))
        return refuse_by(at, batch->revision, step->base.span,
                         "unit %lld was never at %s, and would pass by what is before it",
                         (long long)number, to);
    return may_retry(at, batch, step, number);
}

bool unit_may_go_to(const struct batch *batch, int64_t number, const char *to)
{
    return may_go_to(NULL, batch, to, number);
}

bool decide_dispose_unit(struct deciding *at)
{
    const struct dispose_unit *asked = &at->command->dispose_unit;
    const struct batch *batch = running_batch(at, asked->batch);

    if (!batch || !batch_with(at, asked->batch, asked->unit, 1))
        return false;
    if (batch->units[asked->unit - 1].at != PLACE_QUARANTINE)
        return refuse(at, "unit %lld of batch %s is not in quarantine", (long long)asked->unit,
                      batch->name);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (!may_go_to(at, batch, asked->to, asked->unit))
        return false;
    happens_as_asked(at, EVENT_unit_disposed);
    bool ends = strcmp(asked->to, "scrap") == 0 || strcmp(asked->to, "done") == 0;
    close_if_last(at, batch, ends ? 1 : 0);
    return true;
}
