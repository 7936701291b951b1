/* What the events at a step change: begun, lots used, parameters, what was found, who left; and those of the lots. */
#include "engine/moving.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

static struct batch_step *step_of(const struct applying *at, const char *batch, const char *step)
{
    struct batch *one = state_batch(at->state, batch);
    assert(one);
    int index = batch_step_index(one, step);
    assert(index >= 0);
    return &one->steps[index];
}

/* ---- lots ---- */

void apply_lot_received(const struct applying *at, const struct message *event)
{
    struct lot *lot = ARENA_NEW(&at->state->arena, struct lot);
    *lot = (struct lot){.name = event->lot_received.lot,
                        .what = event->lot_received.what,
                        .amount = event->lot_received.amount,
                        .reason = intern_text(&at->state->names, "")};
    table_put(&at->state->lots, lot->name, NULL, lot);
}

static void set_hold(const struct applying *at, const struct lot_held *change, bool held)
{
    struct lot *lot = state_lot(at->state, change->lot);
    lot->held = held;
    lot->reason = change->reason;
    for (struct lot_share *share = lot->shares; share; share = share->next_of_lot)
        for (int32_t i = 1; i <= share->batch->unit_count; i++)
            if (share_has(share, i))
                share->batch->units[i - 1].holds += held ? 1 : -1;
}

void apply_lot_held(const struct applying *at, const struct message *event)
{
    set_hold(at, &event->lot_held, true);
}

void apply_lot_freed(const struct applying *at, const struct message *event)
{
    set_hold(at, &event->lot_held, false); /* it has the same fields */
}

static struct lot_share *share_of(const struct applying *at, struct batch *batch, struct lot *lot)
{
    struct lot_share *share = batch_share(batch, lot);
    if (!share) {
        share = ARENA_NEW(&at->state->arena, struct lot_share);
        *share = (struct lot_share){
            .next_of_lot = lot->shares,
            .next_of_batch = batch->shares,
            .lot = lot,
            .batch = batch,
            .units = memory_zeroed((size_t)(batch->unit_count + 7) / 8, sizeof *share->units)};
        lot->shares = batch->shares = share;
    }
    return share;
}

static void put_into(struct lot_share *share, int64_t number)
{
    if (share_has(share, number))
        return;
    share->units[(number - 1) / 8] |= (uint8_t)(1 << (number - 1) % 8);
    share->batch->units[number - 1].holds += share->lot->held;
}

/* Units left since lots were last named: what is named now goes into others. */
static void begin_anew(struct batch_step *step)
{
    for (struct lot_use *use = step->left ? step->lots : NULL; use; use = use->next)
        use->recent = false;
    step->left = false;
}

void apply_lot_used(const struct applying *at, const struct message *event)
{
    const struct lot_used *used = &event->lot_used;
    struct batch *batch = state_batch(at->state, used->batch);
    struct batch_step *step = step_of(at, used->batch, used->step);
    struct lot *lot = state_lot(at->state, used->lot);
    bool correction = *used->reason != '\0';

    if (!correction)
        begin_anew(step);
    for (struct lot_use *before = step->lots; before; before = before->next) {
        if (!before->current || before->lot->what != lot->what)
            continue;
        before->current = false;
        before->recent &= !correction && before->lot != lot;
        const struct lot_share *share = correction ? batch_share(batch, before->lot) : NULL;
        for (int32_t i = 1; share && i <= batch->unit_count; i++)
            if (share_has(share, i)) /* it stays in the other too: a trace errs to the safe side */
                put_into(share_of(at, batch, lot), i);
    }
    struct lot_use *use = ARENA_NEW(&at->state->arena, struct lot_use);
    *use = (struct lot_use){step->lots, lot, used->amount, step->runs, true, true};
    step->lots = use;
}

/* ---- the work ---- */

void apply_step_begun(const struct applying *at, const struct message *event)
{
    struct batch_step *step = step_of(at, event->step_begun.batch, event->step_begun.step);
    begin_anew(step);
    for (struct lot_use *use = step->lots; use; use = use->next)
        use->recent |= use->current;
    step->runs++;
    step->begun_ms = at->time_ms;
    step->station = event->step_begun.station;
    step->machine = event->step_begun.machine;
}

void apply_parameter_recorded(const struct applying *at, const struct message *event)
{
    const struct parameter_recorded *recorded = &event->parameter_recorded;
    struct batch_step *step = step_of(at, recorded->batch, recorded->step);
    struct parameter_value *value = ARENA_NEW(&at->state->arena, struct parameter_value);
    *value =
        (struct parameter_value){step->parameters, recorded->name, recorded->value, step->runs};
    step->parameters = value;
}

/* ---- inspection ---- */

static void find_on(struct batch *batch, int index, int64_t number, const struct check *check,
                    bool good)
{
    const struct step *step = batch->revision->made->workflow->steps[index];
    struct finding *finding = unit_finding(batch, number, index);
    struct batch_lot *lot = &batch->steps[index].lot;
    uint64_t all = check_bits(step), bit = check_bit(step, check), before = finding->judged;
    bool was_bad = finding->bad != 0;

    finding->judged |= bit;
    finding->bad = good ? finding->bad & ~bit : finding->bad | bit;
    if (finding->alone)
        return;
    bool whole = before != all && finding->judged == all;
    lot->checked += whole;
    lot->unchecked -= whole;
    lot->defective += (finding->bad != 0) - was_bad;
}

void apply_unit_measured(const struct applying *at, const struct message *event)
{
    const struct unit_measured *measured = &event->unit_measured;
    struct batch *batch = state_batch(at->state, measured->batch);
    int index = batch_step_index(batch, measured->step);
    const struct step *step = batch->revision->made->workflow->steps[index];
    find_on(batch, index, measured->unit,
            check_of_dimension(step, measured->part, measured->dimension), measured->within != 0);
}

void apply_check_judged(const struct applying *at, const struct message *event)
{
    const struct check_judged *judged = &event->check_judged;
    struct batch *batch = state_batch(at->state, judged->batch);
    int index = batch_step_index(batch, judged->step);
    const struct step *step = batch->revision->made->workflow->steps[index];
    if (judged->unit) {
        const struct check *check = check_of_name(step, judged->check);
        find_on(batch, index, judged->unit, check,
                judged->good || defect_is_accepted(check, judged->defect));
        return;
    }
    batch->steps[index].count_judged = true;
    batch->steps[index].counted = judged->good != 0;
}

void apply_lot_judged(const struct applying *at, const struct message *event)
{
    const struct lot_judged *judged = &event->lot_judged;
    struct batch *batch = state_batch(at->state, judged->batch);
    int index = batch_step_index(batch, judged->step);
    struct batch_lot *lot = &batch->steps[index].lot;
    struct product_state *product = batch->product;
    bool again = lot->judged; /* a finding was corrected */

    lot->judged = true;
    lot->accepted = judged->accepted != 0;
    lot->size = (int32_t)judged->size;
    lot->severity = (int32_t)judged->severity;
    if (batch->revision != product->current || index >= product->inspection_count ||
        batch->purpose == PURPOSE_SAMPLE)
        return; /* an older plan's lot says nothing of the present one */
    struct inspection_state *inspection = &product->inspections[index];
    struct lot_result result = {.accepted = lot->accepted,
                                .points = (int)judged->points,
                                .resubmitted = again,
                                .steady = true,
                                .reduced_wanted = inspection->reduced_wanted};
    inspection->switching = switching_next(&inspection->switching, &result);
}

/* ---- leaving ---- */

static void count_way(const struct applying *at, const struct batch *batch, struct piece *unit,
                      int step, enum outcome outcome)
{
    int ways = batch->revision->made->workflow->step_count * ROUTE_PLACES;
    if (!unit->passed)
        unit->passed = ARENA_ARRAY(&at->state->arena, uint16_t, ways);
    uint16_t *way = &unit->passed[step * ROUTE_PLACES + (int)ROUTE_PLACE(outcome)];
    *way = (uint16_t)(*way < UINT16_MAX ? *way + 1 : UINT16_MAX);
}

/* A unit that passes takes its parts along, of those that jobs printed. */
static void take_pieces(const struct batch *batch, struct batch_step *step, int64_t number)
{
    const struct product *product = batch->revision->made;
    for (struct printed_pieces *row = step->printed; row; row = row->next) {
        struct sku sku;
        if (row->sku != batch->units[number - 1].sku)
            continue;
        sku_at(product, row->sku, &sku);
        row->count -= rational_to_int(contained_count(product, &row->part->base, &sku, true));
        if (row->count < 0)
            row->count = 0;
    }
}

void apply_units_left(const struct applying *at, const struct message *event)
{
    const struct units_left *left = &event->units_left;
    struct batch *batch = state_batch(at->state, left->batch);
    int index = batch_step_index(batch, left->step);
    int32_t to = named_place(batch, left->to);
    enum outcome outcome = outcome_named(left->outcome);
    const struct route *route =
        step_route(batch->revision->made->workflow->steps[index], (int)outcome);

    for (struct lot_use *use = batch->steps[index].lots; use; use = use->next) {
        struct lot_share *share = lot_use_counts(use) ? share_of(at, batch, use->lot) : NULL;
        for (int64_t i = left->first; share && i < left->first + left->count; i++)
            put_into(share, i);
    }
    for (int64_t i = left->first; i < left->first + left->count; i++) {
        if (outcome_is_good(outcome))
            take_pieces(batch, &batch->steps[index], i);
        if (!outcome_is_good(outcome) || route->at_most)
            count_way(at, batch, &batch->units[i - 1], index, outcome);
        if (to == PLACE_QUARANTINE)
            batch->units[i - 1].reason = left->reason;
        move_unit(at, batch, i, to);
    }
    batch->steps[index].left = true;
}
