/* What each event changes. Nothing is decided here: an event is what happened. */
#include "engine/state.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct applying {
    struct state *state;
    int64_t time_ms;
    const char *by;
};

static struct product_state *product_of(struct state *state, const char *name)
{
    struct product_state *product = state_product(state, name);
    if (!product) {
        product = ARENA_NEW(&state->arena, struct product_state);
        product->name = name;
        table_put(&state->products, name, NULL, product);
    }
    return product;
}

static struct batch_step *step_of(const struct applying *at, const char *batch, const char *step)
{
    struct batch *one = state_batch(at->state, batch);
    assert(one);
    int index = batch_step_index(one, step);
    assert(index >= 0);
    return &one->steps[index];
}

/* ---- specs and approvals ---- */

static void apply_spec_adopted(const struct applying *at, const struct message *event)
{
    struct product_state *product = product_of(at->state, event->spec_adopted.product);
    product->current = at->state->find_revision(event->spec_adopted.snapshot,
                                                event->spec_adopted.product, at->state->find_data);
    assert(product->current);
    /* another plan begins anew with its severities */
    product->switching_count = product->current->made->workflow->step_count;
    product->switching = ARENA_ARRAY(&at->state->arena, struct switching, product->switching_count);
}

static void apply_sample_approved(const struct applying *at, const struct message *event)
{
    struct product_state *product = product_of(at->state, event->sample_approved.product);
    struct approval_given *approval = ARENA_NEW(&at->state->arena, struct approval_given);
    *approval = (struct approval_given){product->approvals, event->sample_approved.name,
                                        event->sample_approved.fingerprint, at->by, at->time_ms};
    product->approvals = approval;
}

/* ---- lots and orders ---- */

static void apply_lot_received(const struct applying *at, const struct message *event)
{
    struct lot *lot = ARENA_NEW(&at->state->arena, struct lot);
    *lot = (struct lot){event->lot_received.lot, event->lot_received.what, false};
    table_put(&at->state->lots, lot->name, NULL, lot);
}

static void apply_lot_held(const struct applying *at, const struct message *event)
{
    state_lot(at->state, event->lot_held.lot)->held = true;
}

static void apply_lot_freed(const struct applying *at, const struct message *event)
{
    state_lot(at->state, event->lot_freed.lot)->held = false;
}

static struct order_line *new_line(const struct applying *at, const struct line_ordered *from)
{
    struct order_line *line = ARENA_NEW(&at->state->arena, struct order_line);
    *line = (struct order_line){.order = from->order,
                                .line = from->line,
                                .sku = from->sku,
                                .product = from->product,
                                .count = from->count};
    table_put(&at->state->lines, line->order, line->line, line);
    return line;
}

static void apply_line_ordered(const struct applying *at, const struct message *event)
{
    new_line(at, &event->line_ordered);
}

static void apply_line_held(const struct applying *at, const struct message *event)
{
    struct line_ordered as_ordered;
    memcpy(&as_ordered, &event->line_held, sizeof as_ordered); /* it begins with the same fields */
    struct order_line *line = new_line(at, &as_ordered);
    line->held = true;
    line->reason = event->line_held.reason;
}

/* ---- batches ---- */

static void apply_batch_opened(const struct applying *at, const struct message *event)
{
    const struct batch_opened *opened = &event->batch_opened;
    struct batch *batch = ARENA_NEW(&at->state->arena, struct batch);
    *batch = (struct batch){
        .name = opened->batch,
        .revision =
            at->state->find_revision(opened->snapshot, opened->product, at->state->find_data),
        .product = product_of(at->state, opened->product),
        .purpose = strcmp(opened->purpose, "sample") == 0 ? PURPOSE_SAMPLE : PURPOSE_PRODUCTION,
    };
    assert(batch->revision);
    batch->steps = ARENA_ARRAY(&at->state->arena, struct batch_step,
                               batch->revision->made->workflow->step_count);
    table_put(&at->state->batches, batch->name, NULL, batch);
}

static void apply_units_added(const struct applying *at, const struct message *event)
{
    const struct units_added *added = &event->units_added;
    struct batch *batch = state_batch(at->state, added->batch);
    struct order_line *line = state_line(at->state, added->order, added->line);
    struct sku sku;
    bool known = sku_find(batch->revision->spec, batch->revision->made, added->sku, &sku);
    int32_t count = batch->unit_count + (int32_t)added->count;
    assert(known);
    (void)known; /* where assertions are left out */
    if (count > batch->unit_capacity) {
        batch->unit_capacity = count > 2 * batch->unit_capacity ? count : 2 * batch->unit_capacity;
        batch->units =
            memory_resize(batch->units, sizeof *batch->units * (size_t)batch->unit_capacity);
    }
    for (; batch->unit_count < count; batch->unit_count++)
        batch->units[batch->unit_count] =
            (struct piece){.at = PLACE_WAITING, .sku = (int32_t)sku.index, .line = line};
    batch->under_way = count;
    if (line)
        line->in_batches += added->count;
}

/* The step of a graph's node, or the place beyond. */
static int32_t place_of_node(const struct graph *graph, int node)
{
    return node >= 0 ? graph->nodes[node].step->index : node;
}

static void apply_batch_started(const struct applying *at, const struct message *event)
{
    struct batch *batch = state_batch(at->state, event->batch_started.batch);
    batch->started = true;
    for (int32_t i = 0; i < batch->unit_count; i++) {
        const struct graph *graph = revision_graph(batch->revision, batch->units[i].sku);
        batch->units[i].at = place_of_node(graph, graph->start);
    }
    if (batch->purpose == PURPOSE_PRODUCTION)
        batch->product->produced += batch->unit_count;
}

static void apply_batch_closed(const struct applying *at, const struct message *event)
{
    state_batch(at->state, event->batch_closed.batch)->closed = true;
}

/* ---- steps ---- */

static void apply_step_begun(const struct applying *at, const struct message *event)
{
    struct batch_step *step = step_of(at, event->step_begun.batch, event->step_begun.step);
    if (!step->begun)
        step->begun_ms = at->time_ms;
    step->begun = true;
    step->station = event->step_begun.station;
    step->machine = event->step_begun.machine;
}

static void apply_lot_used(const struct applying *at, const struct message *event)
{
    struct batch_step *step = step_of(at, event->lot_used.batch, event->lot_used.step);
    struct lot_use *use = ARENA_NEW(&at->state->arena, struct lot_use);
    *use = (struct lot_use){step->lots, state_lot(at->state, event->lot_used.lot),
                            event->lot_used.amount};
    step->lots = use;
}

static void apply_parameter_recorded(const struct applying *at, const struct message *event)
{
    struct batch_step *step =
        step_of(at, event->parameter_recorded.batch, event->parameter_recorded.step);
    struct parameter_value *value = ARENA_NEW(&at->state->arena, struct parameter_value);
    *value = (struct parameter_value){step->parameters, event->parameter_recorded.name,
                                      event->parameter_recorded.value};
    step->parameters = value;
}

static void mark_unit(struct batch *batch, int index, int64_t number, const struct check *check,
                      bool good)
{
    const struct step *step = batch->revision->made->workflow->steps[index];
    struct piece *unit = &batch->units[number - 1];
    uint64_t all = check_bits(step), before = unit->checks;

    unit->checks |= check_bit(step, check);
    batch->steps[index].checked += before != all && unit->checks == all;
    batch->steps[index].defective += !good && !unit->defective;
    unit->defective |= !good;
}

static void apply_unit_measured(const struct applying *at, const struct message *event)
{
    const struct unit_measured *measured = &event->unit_measured;
    struct batch *batch = state_batch(at->state, measured->batch);
    int index = batch_step_index(batch, measured->step);
    const struct step *step = batch->revision->made->workflow->steps[index];
    mark_unit(batch, index, measured->unit,
              check_of_dimension(step, measured->part, measured->dimension), measured->within);
}

static void apply_check_judged(const struct applying *at, const struct message *event)
{
    const struct check_judged *judged = &event->check_judged;
    struct batch *batch = state_batch(at->state, judged->batch);
    int index = batch_step_index(batch, judged->step);
    const struct step *step = batch->revision->made->workflow->steps[index];
    if (judged->unit)
        mark_unit(batch, index, judged->unit, check_of_name(step, judged->check), judged->good);
    else
        batch->steps[index].counted = judged->good;
}

static void apply_lot_judged(const struct applying *at, const struct message *event)
{
    const struct lot_judged *judged = &event->lot_judged;
    struct batch *batch = state_batch(at->state, judged->batch);
    int index = batch_step_index(batch, judged->step);
    struct product_state *product = batch->product;
    batch->steps[index].judged = true;
    batch->steps[index].accepted = judged->accepted;
    if (batch->revision != product->current || index >= product->switching_count ||
        batch->purpose == PURPOSE_SAMPLE)
        return; /* an older plan's lot says nothing of the present one */
    struct lot_result result = {
        .accepted = judged->accepted, .points = (int)judged->points, .steady = true};
    product->switching[index] = switching_next(&product->switching[index], &result);
}

static void apply_sampling_resumed(const struct applying *at, const struct message *event)
{
    struct product_state *product = state_product(at->state, event->sampling_resumed.product);
    const struct workflow *workflow = product->current->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, event->sampling_resumed.step) == 0)
            product->switching[i] = switching_resume(&product->switching[i]);
}

static int32_t named_place(const struct batch *batch, const char *name)
{
    static const struct {
        const char *name;
        int32_t place;
    } places[] = {{"done", PLACE_DONE}, {"scrap", PLACE_SCRAP}, {"quarantine", PLACE_QUARANTINE}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].name, name) == 0)
            return places[i].place;
    return batch_step_index(batch, name);
}

static void count_way(const struct applying *at, const struct batch *batch, struct piece *unit,
                      int step, enum outcome outcome)
{
    int ways = batch->revision->made->workflow->step_count * ROUTE_PLACES;
    if (!unit->passed)
        unit->passed = ARENA_ARRAY(&at->state->arena, uint8_t, ways);
    uint8_t *way = &unit->passed[step * ROUTE_PLACES + (int)ROUTE_PLACE(outcome)];
    *way = (uint8_t)(*way < 255 ? *way + 1 : 255);
}

static enum outcome named_outcome(const char *name)
{
    int outcome = 0;
    while (outcome < OUTCOME_COUNT && strcmp(outcome_names[outcome], name) != 0)
        outcome++;
    return (enum outcome)outcome;
}

static void count_sample(const struct applying *at, struct batch *batch)
{
    struct sample_made *made = batch->product->samples;
    while (made && made->fingerprint != batch->revision->fingerprint)
        made = made->next;
    if (!made) {
        made = ARENA_NEW(&at->state->arena, struct sample_made);
        *made = (struct sample_made){batch->product->samples, batch->revision->fingerprint, 0};
        batch->product->samples = made;
    }
    made->count++;
}

static void move_unit(const struct applying *at, struct batch *batch, struct piece *unit,
                      int32_t to)
{
    bool ends = to == PLACE_DONE || to == PLACE_SCRAP;
    unit->at = to;
    unit->checks = 0;
    unit->defective = false;
    batch->under_way -= ends;
    if (to == PLACE_DONE && batch->purpose == PURPOSE_SAMPLE)
        count_sample(at, batch);
}

/* The first piece of a batch stands for all of it, whenever the others come. */
static bool is_for_batch(const struct batch *batch, int index)
{
    const struct sample *sample = batch->revision->made->workflow->steps[index]->sample;
    return sample && (sample->form == SAMPLE_FIRST || sample->form == SAMPLE_FIRST_PER_BATCH);
}

static void apply_units_left(const struct applying *at, const struct message *event)
{
    const struct units_left *left = &event->units_left;
    struct batch *batch = state_batch(at->state, left->batch);
    int index = batch_step_index(batch, left->step);
    int32_t to = named_place(batch, left->to);
    enum outcome outcome = named_outcome(left->outcome);
    bool good = outcome == OUTCOME_PASS || outcome == OUTCOME_APPROVE;

    for (int64_t i = left->first; i < left->first + left->count; i++) {
        struct piece *unit = &batch->units[i - 1];
        batch->steps[index].checked -=
            unit->checks == check_bits(batch->revision->made->workflow->steps[index]);
        batch->steps[index].defective -= unit->defective;
        if (!good)
            count_way(at, batch, unit, index, outcome);
        if (batch->revision->made->workflow->steps[index]->base.kind == KIND_ship && good &&
            unit->line)
            unit->line->shipped++;
        move_unit(at, batch, unit, to);
    }
    if (units_at(batch, index) == 0 &&
        !is_for_batch(batch, index)) /* what comes next is another lot */
        batch->steps[index].judged = batch->steps[index].counted = false;
}

static void apply_unit_disposed(const struct applying *at, const struct message *event)
{
    struct batch *batch = state_batch(at->state, event->unit_disposed.batch);
    move_unit(at, batch, &batch->units[event->unit_disposed.unit - 1],
              named_place(batch, event->unit_disposed.to));
}

static void apply_nothing(const struct applying *at, const struct message *event)
{
    (void)at, (void)event; /* a fact of the record; nothing depends on it */
}

#define apply_ask_answered apply_nothing
#define apply_gate_signed apply_nothing

static void (*const apply_rows[MESSAGE_COUNT])(const struct applying *at,
                                               const struct message *event) = {
#define EVENT(name, summary) [EVENT_##name] = apply_##name,
#include "engine/messages.def"
#undef EVENT
};

void apply(struct state *state, const struct message *event, int64_t time_ms)
{
    struct applying at = {state, time_ms, event->by};
    assert(message_is_event(event->kind));
    apply_rows[event->kind](&at, event);
}
