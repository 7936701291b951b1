/* What each event changes in the model. One that names what was never heard of makes it known: a model of the second half
   of a journal is poorer, not wrong. */
#include "trace/genealogy_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for one more in an array that grows by doubling. */
void *genealogy_room(void *array, int32_t count, int32_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? 2 * *capacity : 4;
    return memory_resize(array, (size_t)*capacity * size);
}

/* ---- things ---- */

struct thing *genealogy_thing(struct genealogy *model, enum thing_kind kind, const char *name)
{
    struct thing *thing = map_get(&model->by_name, thing_kind_names[kind], name);
    struct things *things = &model->things[kind];
    if (thing || !*name)
        return thing;
    thing = arena_alloc(&model->arena,
                        kind == THING_BATCH ? sizeof(struct batch_trace) : sizeof(struct thing));
    *thing = (struct thing){.kind = kind,
                            .index = things->count,
                            .name = name,
                            .what = "",
                            .amount = "",
                            .supplier = "",
                            .held_reason = "",
                            .customer = "",
                            .channel = "",
                            .address = "",
                            .carrier = "",
                            .service = "",
                            .tracking = ""};
    if (kind == THING_BATCH) {
        struct batch_trace *batch = (struct batch_trace *)thing;
        batch->product = batch->snapshot = batch->purpose = "";
    }
    map_put(&model->by_name, thing_kind_names[kind], name, thing);
    things->all =
        genealogy_room(things->all, things->count, &things->capacity, sizeof *things->all);
    things->all[things->count++] = thing;
    return thing;
}

/* Each batch once. */
void genealogy_link(struct genealogy *model, struct thing *thing, struct batch_trace *batch)
{
    if (map_get(&model->links, thing, batch))
        return;
    map_put(&model->links, thing, batch, batch);
    thing->batches = genealogy_room(thing->batches, thing->batch_count, &thing->batch_capacity,
                                    sizeof *thing->batches);
    thing->batches[thing->batch_count++] = batch;
}

/* ---- facts ---- */

static struct fact *add_fact(struct trail *trail)
{
    trail->facts =
        genealogy_room(trail->facts, trail->count, &trail->capacity, sizeof *trail->facts);
    return &trail->facts[trail->count++];
}

static struct thing *owner_of(const struct taking *at, const struct fact_plan *plan)
{
    static const enum thing_kind kinds[] = {THING_LOT, THING_ORDER, THING_PARCEL, THING_PRODUCT,
                                            THING_PERSON};
    const int8_t fields[] = {plan->lot, plan->order, plan->parcel, plan->product, plan->person};

    if (at->batch)
        return &at->batch->thing;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fields[i] >= 0 && *at->event->cells[fields[i]].text)
            return genealogy_thing(at->model, kinds[i], at->event->cells[fields[i]].text);
    return NULL;
}

/* No batch has so many units; what says otherwise was not made by an engine, and must do no harm. */
enum { UNITS_AT_MOST = 100000000 };

static int32_t bounded(int64_t number)
{
    return number < 0 ? 0 : number > UNITS_AT_MOST ? UNITS_AT_MOST : (int32_t)number;
}

static int32_t whole_at(const struct taking *at, int8_t field)
{
    return field >= 0 ? bounded(at->event->cells[field].whole) : 0;
}

static bool corrects(const struct taking *at, const struct fact_plan *plan)
{
    switch (at->event->kind) {
    case EVENT_lot_used:
    case EVENT_parameter_recorded:
    case EVENT_unit_measured:
    case EVENT_check_judged:
        return *at->event->cells[plan->reason].text;
    default:
        return false;
    }
}

static void keep_fact(struct taking *at)
{
    const struct fact_plan *plan = &at->model->plans[at->event->kind];
    const struct issue_place *about =
        plan->issue >= 0 ? map_get(&at->model->issues, NULL, at->event->cells[plan->issue].text)
                         : NULL;
    struct thing *owner = about ? about->owner : owner_of(at, plan);
    union message_cell *cells;

    if (!owner)
        return;
    at->fact = add_fact(&owner->trail);
    cells = ARENA_ARRAY(&at->model->arena, union message_cell, plan->cell_count);
    for (int i = 0; i < plan->cell_count; i++)
        cells[i] = at->event->cells[plan->cells[i]];
    *at->fact = (struct fact){
        .sequence = at->sequence,
        .time_ms = at->time_ms,
        .by = at->event->by,
        .step = plan->step >= 0 ? at->event->cells[plan->step].text : "",
        .cells = cells,
        .first = whole_at(at, plan->first),
        .count = whole_at(at, plan->count),
        .kind = (uint16_t)at->event->kind,
        .good = plan->good >= 0 && at->event->cells[plan->good].whole,
        .corrects = corrects(at, plan),
    };
    if (at->fact->first && !at->fact->count)
        at->fact->count = 1;
    if (about) {
        at->fact->step = about->step;
        at->fact->first = about->first;
        at->fact->count = about->first ? 1 : 0;
    }
}

/* ---- units ---- */

typedef void change_unit(struct unit_trace *unit, const void *data);

/* The units that an event names, those that there are. */
static void for_units(struct taking *at, int64_t first, int64_t count, change_unit *change,
                      const void *data)
{
    int64_t end = (int64_t)bounded(first) + bounded(count);
    for (int64_t i = first < 1 ? 1 : first; i < end && i <= at->batch->unit_count; i++)
        change(&at->batch->units[i - 1], data);
}

static void send_to(struct unit_trace *unit, const void *place)
{
    unit->at = place;
    unit->was_at = NULL;
}

/* For a lot that is held it waits, and comes back to where it stood; for what was found on it, it does not. */
static void quarantine(struct unit_trace *unit, const void *lot)
{
    if (*(const char *)lot && strcmp(unit->at, "quarantine") != 0)
        unit->was_at = unit->at;
    else if (!*(const char *)lot)
        unit->was_at = NULL;
    unit->at = "quarantine";
}

static void bring_back(struct unit_trace *unit, const void *unused)
{
    (void)unused;
    if (unit->was_at)
        send_to(unit, unit->was_at);
}

static void give_line(struct unit_trace *unit, const void *line)
{
    unit->line = (struct line_trace *)(uintptr_t)line;
}

static void put_in_parcel(struct unit_trace *unit, const void *parcel)
{
    unit->parcel = (struct thing *)(uintptr_t)parcel;
}

/* ---- lots, orders, parcels ---- */

static void take_lot_received(struct taking *at)
{
    const struct lot_received *received = &at->event->lot_received;
    struct thing *lot = genealogy_thing(at->model, THING_LOT, received->lot);
    lot->what = received->what;
    lot->amount = received->amount;
    lot->supplier = received->supplier;
}

static void take_lot_held(struct taking *at)
{
    struct thing *lot = genealogy_thing(at->model, THING_LOT, at->event->lot_held.lot);
    lot->held = true;
    lot->held_reason = at->event->lot_held.reason;
}

static void take_lot_freed(struct taking *at)
{
    struct thing *lot = genealogy_thing(at->model, THING_LOT, at->event->lot_freed.lot);
    lot->held = false;
    lot->held_reason = "";
}

static void take_order_described(struct taking *at)
{
    const struct order_described *described = &at->event->order_described;
    struct thing *order = genealogy_thing(at->model, THING_ORDER, described->order);
    order->channel = described->channel;
    order->customer = described->customer;
    order->address = described->address;
    genealogy_thing(at->model, THING_CUSTOMER, described->customer);
}

static struct line_trace *line_of(struct genealogy *model, const char *order, const char *name)
{
    struct line_trace *line = map_get(&model->lines, order, name);
    if (line || !*order)
        return line;
    line = ARENA_NEW(&model->arena, struct line_trace);
    *line = (struct line_trace){
        genealogy_thing(model, THING_ORDER, order), name, "", "", "", "", "", 0, 0, NULL};
    map_put(&model->lines, order, name, line);
    if (line->order->last_line)
        line->order->last_line->next = line;
    else
        line->order->lines = line;
    line->order->last_line = line;
    return line;
}

/* Both begin with the same fields: what was ordered. */
static void take_line_ordered(struct taking *at)
{
    const struct line_ordered *ordered = &at->event->line_ordered;
    struct line_trace *line = line_of(at->model, ordered->order, ordered->line);
    if (!line)
        return;
    line->product = ordered->product;
    line->sku = ordered->sku;
    line->count = bounded(ordered->count);
    line->customer = ordered->customer;
    line->due = ordered->due;
    line->price = ordered->price;
    genealogy_thing(at->model, THING_CUSTOMER, ordered->customer);
}

static void take_line_mended(struct taking *at)
{
    const struct line_mended *mended = &at->event->line_mended;
    struct line_trace *line = line_of(at->model, mended->order, mended->line);
    if (!line)
        return;
    line->product = mended->product;
    line->sku = mended->sku;
}

static void take_line_cancelled(struct taking *at)
{
    const struct line_cancelled *cancelled = &at->event->line_cancelled;
    struct line_trace *line = line_of(at->model, cancelled->order, cancelled->line);
    if (line)
        line->cancelled += bounded(cancelled->count);
}

static void take_units_assigned(struct taking *at)
{
    const struct units_assigned *given = &at->event->units_assigned;
    struct line_trace *line = line_of(at->model, given->order, given->line);
    for_units(at, given->first, given->count, give_line, line);
    if (line)
        genealogy_link(at->model, line->order, at->batch);
}

static void take_units_packed(struct taking *at)
{
    const struct units_packed *packed = &at->event->units_packed;
    struct thing *parcel = genealogy_thing(at->model, THING_PARCEL, packed->parcel);
    for_units(at, packed->first, packed->count, put_in_parcel, parcel);
    if (parcel)
        genealogy_link(at->model, parcel, at->batch);
}

static void take_units_unpacked(struct taking *at)
{
    const struct units_unpacked *unpacked = &at->event->units_unpacked;
    for_units(at, unpacked->first, unpacked->count, put_in_parcel, NULL);
}

static void take_parcel_shipped(struct taking *at)
{
    const struct parcel_shipped *shipped = &at->event->parcel_shipped;
    struct thing *parcel = genealogy_thing(at->model, THING_PARCEL, shipped->parcel);
    parcel->carrier = shipped->carrier;
    parcel->service = shipped->service;
    parcel->tracking = shipped->tracking;
    parcel->shipped_ms = at->time_ms;
}

/* ---- specs and batches ---- */

static void take_spec_adopted(struct taking *at)
{
    const struct spec_adopted *adopted = &at->event->spec_adopted;
    struct edition *edition = ARENA_NEW(&at->model->arena, struct edition);
    *edition = (struct edition){at->model->editions, adopted->product,     adopted->snapshot,
                                adopted->revision,   adopted->fingerprint, adopted->lane};
    at->model->editions = edition;
}

static void take_batch_opened(struct taking *at)
{
    const struct batch_opened *opened = &at->event->batch_opened;
    struct thing *product = genealogy_thing(at->model, THING_PRODUCT, opened->product);
    at->batch->product = opened->product;
    at->batch->snapshot = opened->snapshot;
    at->batch->purpose = opened->purpose;
    if (product)
        genealogy_link(at->model, product, at->batch);
}

static void take_units_added(struct taking *at)
{
    const struct units_added *added = &at->event->units_added;
    struct batch_trace *batch = at->batch;
    struct line_trace *line = line_of(at->model, added->order, added->line);

    at->fact->first = batch->unit_count + 1; /* the event says how many; the batch, which */
    for (int32_t i = 0; i < bounded(added->count) && batch->unit_count < UNITS_AT_MOST; i++) {
        batch->units = genealogy_room(batch->units, batch->unit_count, &batch->unit_capacity,
                                      sizeof *batch->units);
        batch->units[batch->unit_count++] =
            (struct unit_trace){.sku = added->sku, .at = "waiting", .line = line};
    }
    if (line)
        genealogy_link(at->model, line->order, batch);
}

/* Nothing was done with them: they are units of another batch now, which is told next. */
static void take_units_taken_out(struct taking *at)
{
    struct batch_trace *batch = at->batch;
    int32_t count = bounded(at->event->units_taken_out.count);
    batch->unit_count -= count < batch->unit_count ? count : batch->unit_count;
    at->fact->first = batch->unit_count + 1;
}

static void take_batch_started(struct taking *at)
{
    at->batch->started = true;
    for_units(at, 1, at->batch->unit_count, send_to, "started");
}

static void take_batch_cancelled(struct taking *at)
{
    at->batch->cancelled = true;
    at->batch->unit_count = 0; /* they were never begun; their lines get others */
}

static void take_batch_closed(struct taking *at)
{
    at->batch->closed = true;
}

/* ---- steps ---- */

static void take_units_left(struct taking *at)
{
    const struct units_left *left = &at->event->units_left;
    struct batch_trace *batch = at->batch;
    struct work_place *place = genealogy_place(at, left->step);

    batch->departures = genealogy_room(batch->departures, batch->departure_count,
                                       &batch->departure_capacity, sizeof *batch->departures);
    batch->departures[batch->departure_count++] =
        (struct departure){batch->thing.trail.count - 1, bounded(left->first), bounded(left->count),
                           genealogy_in_use(at, place)};
    place->left = true;
    for_units(at, left->first, left->count, send_to, left->to);
}

static void take_unit_quarantined(struct taking *at)
{
    for_units(at, at->fact->first, at->fact->count, quarantine, at->event->unit_quarantined.lot);
}

static void take_unit_returned(struct taking *at)
{
    for_units(at, at->fact->first, at->fact->count, bring_back, NULL);
}

static void take_unit_disposed(struct taking *at)
{
    for_units(at, at->event->unit_disposed.unit, 1, send_to, at->event->unit_disposed.to);
}

static void take_issue_opened(struct taking *at)
{
    const struct issue_opened *opened = &at->event->issue_opened;
    struct issue_place *place;
    struct thing *owner = owner_of(at, &at->model->plans[at->event->kind]);
    if (!owner || map_get(&at->model->issues, NULL, opened->issue))
        return;
    place = ARENA_NEW(&at->model->arena, struct issue_place);
    *place = (struct issue_place){owner, opened->step, bounded(opened->unit)};
    map_put(&at->model->issues, NULL, opened->issue, place);
}

/* ---- the table ---- */

/* The others are facts of a trail and change nothing else. */
static void (*const takers[MESSAGE_COUNT])(struct taking *at) = {
    [EVENT_spec_adopted] = take_spec_adopted,
    [EVENT_lot_received] = take_lot_received,
    [EVENT_lot_held] = take_lot_held,
    [EVENT_lot_freed] = take_lot_freed,
    [EVENT_order_described] = take_order_described,
    [EVENT_line_ordered] = take_line_ordered,
    [EVENT_line_held] = take_line_ordered,
    [EVENT_line_mended] = take_line_mended,
    [EVENT_line_cancelled] = take_line_cancelled,
    [EVENT_batch_opened] = take_batch_opened,
    [EVENT_units_added] = take_units_added,
    [EVENT_units_taken_out] = take_units_taken_out,
    [EVENT_batch_started] = take_batch_started,
    [EVENT_batch_cancelled] = take_batch_cancelled,
    [EVENT_batch_closed] = take_batch_closed,
    [EVENT_step_begun] = take_step_begun,
    [EVENT_lot_used] = take_lot_used,
    [EVENT_units_left] = take_units_left,
    [EVENT_unit_quarantined] = take_unit_quarantined,
    [EVENT_unit_returned] = take_unit_returned,
    [EVENT_unit_disposed] = take_unit_disposed,
    [EVENT_units_assigned] = take_units_assigned,
    [EVENT_units_packed] = take_units_packed,
    [EVENT_units_unpacked] = take_units_unpacked,
    [EVENT_parcel_shipped] = take_parcel_shipped,
    [EVENT_issue_opened] = take_issue_opened,
};

void genealogy_apply(struct genealogy *model, int64_t sequence, int64_t time_ms,
                     const struct message *event)
{
    const struct fact_plan *plan = &model->plans[event->kind];
    struct taking at = {.model = model, .event = event, .sequence = sequence, .time_ms = time_ms};
    struct thing *person = genealogy_thing(model, THING_PERSON, event->by);

    model->event_count++;
    model->last_sequence = sequence;
    model->last_ms = time_ms;
    if (event->kind == EVENT_token_issued || event->kind == EVENT_pin_set ||
        event->kind == EVENT_password_set)
        return; /* nobody's history, and nobody's business */
    if (plan->batch >= 0 && *event->cells[plan->batch].text)
        at.batch = (struct batch_trace *)genealogy_thing(model, THING_BATCH,
                                                         event->cells[plan->batch].text);
    keep_fact(&at);
    if (person && at.batch)
        genealogy_link(model, person, at.batch);
    bool lacks_batch = plan->batch >= 0 && !at.batch && event->kind != EVENT_issue_opened;
    if (takers[event->kind] && at.fact && !lacks_batch)
        takers[event->kind](&at);
}
