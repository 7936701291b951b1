/* What the events of orders, their lines and parcels change. */
#include "engine/moving.h"

#include "base/memory.h"

#include <string.h>

struct order *order_of(struct state *state, const char *name)
{
    struct order *order = state_order(state, name);
    if (!order) {
        const char *none = intern_text(&state->names, "");
        order = ARENA_NEW(&state->arena, struct order);
        *order = (struct order){
            .name = name, .channel = none, .customer = none, .address = none, .currency = none};
        table_put(&state->orders, name, NULL, order);
    }
    return order;
}

void apply_order_described(const struct applying *at, const struct message *event)
{
    const struct order_described *described = &event->order_described;
    struct order *order = order_of(at->state, described->order);
    order->channel = described->channel;
    order->customer = described->customer;
    order->address = described->address;
    order->currency = described->currency;
}

/* ---- lines ---- */

static void keep_line(const struct applying *at, struct order_line *line)
{
    chain_keep(&at->state->open_lines, &line->open, line, line_owed(line) > 0);
}

static struct order_line *new_line(const struct applying *at, const struct line_ordered *from)
{
    struct order *order = order_of(at->state, from->order);
    struct order_line *line = ARENA_NEW(&at->state->arena, struct order_line);
    *line = (struct order_line){.of = order,
                                .order = from->order,
                                .line = from->line,
                                .sku = from->sku,
                                .product = from->product,
                                .asked_product = from->product,
                                .asked_sku = from->sku,
                                .customer = from->customer,
                                .due = from->due,
                                .price = from->price,
                                .came_ms = at->time_ms,
                                .count = from->count};
    if (order->last_line)
        order->last_line->next = line;
    else
        order->lines = line;
    order->last_line = line;
    table_put(&at->state->lines, line->order, line->line, line);
    keep_line(at, line);
    return line;
}

void apply_line_ordered(const struct applying *at, const struct message *event)
{
    new_line(at, &event->line_ordered);
}

void apply_line_held(const struct applying *at, const struct message *event)
{
    struct line_ordered as_ordered;
    memcpy(&as_ordered, &event->line_held, sizeof as_ordered); /* it begins with the same fields */
    struct order_line *line = new_line(at, &as_ordered);
    line->held = true;
    line->reason = event->line_held.reason;
}

void apply_line_mended(const struct applying *at, const struct message *event)
{
    const struct line_mended *mended = &event->line_mended;
    struct order_line *line = state_line(at->state, mended->order, mended->line);
    line->product = mended->product;
    line->sku = mended->sku;
    line->held = false;
    line->reason = NULL;
}

void apply_line_cancelled(const struct applying *at, const struct message *event)
{
    const struct line_cancelled *cancelled = &event->line_cancelled;
    struct order_line *line = state_line(at->state, cancelled->order, cancelled->line);
    line->cancelled += cancelled->count;
    keep_line(at, line);
}

void apply_ask_answered(const struct applying *at, const struct message *event)
{
    const struct ask_answered *answered = &event->ask_answered;
    struct order_line *line = state_line(at->state, answered->order, answered->line);
    struct answered_ask *ask = ARENA_NEW(&at->state->arena, struct answered_ask);
    *ask = (struct answered_ask){line->asks, answered->name, answered->value};
    line->asks = ask;
}

void apply_units_assigned(const struct applying *at, const struct message *event)
{
    const struct units_assigned *assigned = &event->units_assigned;
    struct batch *batch = state_batch(at->state, assigned->batch);
    struct order_line *line = state_line(at->state, assigned->order, assigned->line);
    for (int64_t i = assigned->first; i < assigned->first + assigned->count; i++) {
        struct piece *unit = &batch->units[i - 1];
        if (unit->line)
            unit->line->in_batches--;
        else
            count_spare(batch, unit, -1);
        unit->line = line;
        line->in_batches++;
    }
    keep_batch(at, batch);
}

/* ---- parcels ---- */

static struct parcel *parcel_of(const struct applying *at, const struct units_packed *packed)
{
    struct parcel *parcel = state_parcel(at->state, packed->parcel);
    if (!parcel) {
        const char *none = intern_text(&at->state->names, "");
        parcel = ARENA_NEW(&at->state->arena, struct parcel);
        *parcel = (struct parcel){
            .name = packed->parcel, .carrier = none, .service = none, .tracking = none};
        table_put(&at->state->parcels, parcel->name, NULL, parcel);
    }
    parcel->order = state_order(at->state, packed->order); /* an empty one may serve another */
    return parcel;
}

void apply_units_packed(const struct applying *at, const struct message *event)
{
    const struct units_packed *packed = &event->units_packed;
    struct batch *batch = state_batch(at->state, packed->batch);
    struct parcel *parcel = parcel_of(at, packed);
    int64_t count = parcel->count + packed->count;

    if (count > parcel->capacity) {
        parcel->capacity = count > 2 * parcel->capacity ? count : 2 * parcel->capacity;
        parcel->units =
            memory_resize(parcel->units, sizeof *parcel->units * (size_t)parcel->capacity);
    }
    for (int64_t i = packed->first; i < packed->first + packed->count; i++) {
        batch->units[i - 1].parcel = parcel;
        batch->units[i - 1].line->packed++;
        parcel->units[parcel->count++] = (struct packed_unit){batch, i};
    }
}

void apply_units_unpacked(const struct applying *at, const struct message *event)
{
    const struct units_unpacked *unpacked = &event->units_unpacked;
    const struct batch *batch = state_batch(at->state, unpacked->batch);
    struct parcel *parcel = state_parcel(at->state, unpacked->parcel);
    int64_t kept = 0;

    for (int64_t i = 0; i < parcel->count; i++) {
        const struct packed_unit *one = &parcel->units[i];
        if (one->batch == batch && one->number >= unpacked->first &&
            one->number < unpacked->first + unpacked->count) {
            batch->units[one->number - 1].parcel = NULL;
            batch->units[one->number - 1].line->packed--;
        } else {
            parcel->units[kept++] = *one;
        }
    }
    parcel->count = kept;
}

void apply_parcel_shipped(const struct applying *at, const struct message *event)
{
    const struct parcel_shipped *shipped = &event->parcel_shipped;
    struct parcel *parcel = state_parcel(at->state, shipped->parcel);
    parcel->shipped = true;
    parcel->shipped_ms = at->time_ms;
    parcel->carrier = shipped->carrier;
    parcel->service = shipped->service;
    parcel->tracking = shipped->tracking;
    for (int64_t i = 0; i < parcel->count; i++) {
        const struct packed_unit *unit = &parcel->units[i];
        struct order_line *line = unit->batch->units[unit->number - 1].line;
        line->packed--;
        line->shipped++;
        keep_line(at, line);
        bool as_before = i && unit[-1].batch == unit->batch &&
                         unit->batch->units[unit[-1].number - 1].line == line;
        if (unit->batch->purpose == PURPOSE_PRODUCTION && !as_before)
            prove_lane(at, unit, parcel);
    }
}
