/* What the events of batches and their units change: opened, filled, started, sent from step to step. */
#include "engine/moving.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void count_spare(struct batch *batch, const struct piece *unit, int by)
{
    if (!unit->line && batch->purpose == PURPOSE_PRODUCTION)
        batch->spare += by;
}

void keep_batch(const struct applying *at, struct batch *batch)
{
    chain_keep(&at->state->open_batches, &batch->open, batch, !batch->closed || batch->spare > 0);
}

/* ---- coming to be ---- */

void apply_batch_opened(const struct applying *at, const struct message *event)
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
    const struct workflow *workflow = batch->revision->made->workflow;
    batch->steps = ARENA_ARRAY(&at->state->arena, struct batch_step, workflow->step_count);
    for (int i = 0; i < workflow->step_count; i++)
        batch->steps[i].slot = check_bits(workflow->steps[i]) ? batch->slot_count++ : -1;
    table_put(&at->state->batches, batch->name, NULL, batch);
    keep_batch(at, batch);
}

void apply_units_added(const struct applying *at, const struct message *event)
{
    const struct units_added *added = &event->units_added;
    struct batch *batch = state_batch(at->state, added->batch);
    struct order_line *line = state_line(at->state, added->order, added->line);
    struct sku sku;
    bool known = state_sku(at->state, batch->revision, added->sku, &sku);
    int32_t count = batch->unit_count + (int32_t)added->count;
    assert(known);
    (void)known; /* where assertions are left out */
    if (count > batch->unit_capacity) {
        batch->unit_capacity = count > 2 * batch->unit_capacity ? count : 2 * batch->unit_capacity;
        batch->units =
            memory_resize(batch->units, sizeof *batch->units * (size_t)batch->unit_capacity);
    }
    for (; batch->unit_count < count; batch->unit_count++)
        batch->units[batch->unit_count] = (struct piece){.at = PLACE_WAITING,
                                                         .stood = PLACE_NONE,
                                                         .sku = (int32_t)sku.index,
                                                         .line = line,
                                                         .reason = ""};
    batch->under_way = count;
    if (line)
        line->in_batches += added->count;
}

/* As if the unit had never come to a step. */
static void unstart(struct batch *batch, int64_t number)
{
    const struct piece *unit = &batch->units[number - 1];
    const struct graph *graph = revision_graph(batch->revision, unit->sku);
    const struct finding *finding = unit_finding(batch, number, unit->at);

    for (int s = 0; s < batch->revision->made->workflow->step_count; s++) {
        bool came = unit_was_at(batch, number, s);
        batch->steps[s].lot.came -= came;
        batch->steps[s].lot.to_come -= !came && graph->node_of_step[s] >= 0;
    }
    batch->steps[unit->at].standing--;
    batch->steps[unit->at].lot.unchecked -= finding != NULL;
}

void apply_units_taken_out(const struct applying *at, const struct message *event)
{
    struct batch *batch = state_batch(at->state, event->units_taken_out.batch);
    int32_t count = (int32_t)event->units_taken_out.count;
    for (int32_t i = 0; i < count; i++) {
        if (batch->started)
            unstart(batch, batch->unit_count);
        struct order_line *line = batch->units[--batch->unit_count].line;
        if (line)
            line->in_batches--;
    }
    batch->under_way -= count;
    if (!batch->started || batch->purpose == PURPOSE_SAMPLE)
        return;
    batch->product->produced -= count;
    release_of(at->state, batch->product, batch->revision->fingerprint)->produced -= count;
}

/* The step of a graph's node, or the place beyond. */
static int32_t place_of_node(const struct graph *graph, int node)
{
    return node >= 0 ? graph->nodes[node].step->index : node;
}

void apply_batch_started(const struct applying *at, const struct message *event)
{
    struct batch *batch = state_batch(at->state, event->batch_started.batch);
    const struct workflow *workflow = batch->revision->made->workflow;
    size_t words = (size_t)(workflow->step_count + 63) / 64, units = (size_t)batch->unit_count;

    batch->started = true;
    batch->visited = memory_zeroed(units * words, sizeof *batch->visited);
    if (batch->slot_count)
        batch->findings = memory_zeroed(units * (size_t)batch->slot_count, sizeof *batch->findings);
    for (int32_t i = 1; i <= batch->unit_count; i++) {
        const struct graph *graph = revision_graph(batch->revision, batch->units[i - 1].sku);
        for (int s = 0; s < workflow->step_count; s++)
            batch->steps[s].lot.to_come += graph->node_of_step[s] >= 0;
        move_unit(at, batch, i, place_of_node(graph, graph->start));
    }
    if (batch->purpose == PURPOSE_SAMPLE)
        return;
    batch->product->produced += batch->unit_count;
    release_of(at->state, batch->product, batch->revision->fingerprint)->produced +=
        batch->unit_count;
}

void apply_batch_cancelled(const struct applying *at, const struct message *event)
{
    struct batch *batch = state_batch(at->state, event->batch_cancelled.batch);
    batch->cancelled = batch->closed = true;
    batch->under_way = 0;
    for (int32_t i = 0; i < batch->unit_count; i++)
        if (batch->units[i].line)
            batch->units[i].line->in_batches--;
    keep_batch(at, batch);
}

void apply_batch_closed(const struct applying *at, const struct message *event)
{
    struct batch *batch = state_batch(at->state, event->batch_closed.batch);
    batch->closed = true;
    keep_batch(at, batch);
}

/* ---- units ---- */

static void arrive(struct batch *batch, int64_t number, int32_t index)
{
    int words = (batch->revision->made->workflow->step_count + 63) / 64;
    struct batch_step *step = &batch->steps[index];
    struct finding *finding = unit_finding(batch, number, index);

    if (step->standing++ == 0) /* what is counted is what comes to the empty step */
        step->count_judged = step->counted = false;
    if (!unit_was_at(batch, number, index)) {
        step->lot.to_come -= !batch->units[number - 1].finished;
        step->lot.came++;
    }
    batch->visited[(number - 1) * words + index / 64] |= (uint64_t)1 << index % 64;
    if (!finding)
        return;
    *finding = (struct finding){.came = true, .alone = finding->came};
    step->lot.unchecked += !finding->alone;
}

static void leave(struct batch *batch, int64_t number, int32_t index)
{
    const struct finding *finding = unit_finding(batch, number, index);
    const struct step *step = batch->revision->made->workflow->steps[index];
    if (finding && !finding->alone && finding->judged != check_bits(step))
        batch->steps[index].lot.unchecked--;
}

/* As far as one can tell it comes to no step any more. */
static void end(const struct applying *at, struct batch *batch, int64_t number, int32_t to)
{
    struct piece *unit = &batch->units[number - 1];
    const struct graph *graph = revision_graph(batch->revision, unit->sku);

    batch->under_way--;
    if (to == PLACE_SCRAP && unit->line)
        unit->line->in_batches--;
    if (to == PLACE_DONE)
        count_spare(batch, unit, 1);
    if (unit->finished)
        return;
    unit->finished = true;
    for (int s = 0; s < batch->revision->made->workflow->step_count; s++)
        batch->steps[s].lot.to_come -=
            graph->node_of_step[s] >= 0 && !unit_was_at(batch, number, s);
    if (to == PLACE_DONE && batch->purpose == PURPOSE_SAMPLE)
        release_of(at->state, batch->product, batch->revision->fingerprint)->samples++;
}

void move_unit(const struct applying *at, struct batch *batch, int64_t number, int32_t to)
{
    struct piece *unit = &batch->units[number - 1];

    if (unit->at >= 0)
        batch->steps[unit->at].standing--;
    if (unit->at >= 0 || unit->stood >= 0)
        leave(batch, number, unit->at >= 0 ? unit->at : unit->stood);
    unit->at = to;
    unit->stood = PLACE_NONE;
    if (to >= 0)
        arrive(batch, number, to);
    if (to == PLACE_DONE || to == PLACE_SCRAP)
        end(at, batch, number, to);
}

int32_t named_place(const struct batch *batch, const char *name)
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

/* ---- quarantine ---- */

void apply_unit_quarantined(const struct applying *at, const struct message *event)
{
    const struct unit_quarantined *event_is = &event->unit_quarantined;
    struct batch *batch = state_batch(at->state, event_is->batch);
    for (int64_t i = event_is->unit; i < event_is->unit + event_is->count; i++) {
        struct piece *unit = &batch->units[i - 1];
        unit->reason = event_is->reason;
        if (unit->at == PLACE_DONE) { /* it is on its way again */
            batch->under_way++;
            batch->closed = false;
            count_spare(batch, unit, -1);
        }
        if (*event_is->lot == '\0') { /* what was found on it keeps it, whatever becomes of a lot */
            int32_t stood = unit->at == PLACE_QUARANTINE ? unit->stood : unit->at;
            if (unit->at >= 0)
                batch->steps[unit->at].standing--;
            if (stood >= 0)
                leave(batch, i, stood);
            unit->stood = PLACE_NONE;
        } else if (unit->at != PLACE_QUARANTINE) {
            unit->stood = unit->at;
            if (unit->at >= 0)
                batch->steps[unit->at].standing--;
        }
        unit->at = PLACE_QUARANTINE;
    }
    keep_batch(at, batch);
}

void apply_unit_returned(const struct applying *at, const struct message *event)
{
    const struct unit_returned *returned = &event->unit_returned;
    struct batch *batch = state_batch(at->state, returned->batch);
    for (int64_t i = returned->unit; i < returned->unit + returned->count; i++) {
        struct piece *unit = &batch->units[i - 1];
        unit->at = unit->stood;
        unit->stood = PLACE_NONE;
        if (unit->at >= 0)
            batch->steps[unit->at].standing++;
        if (unit->at != PLACE_DONE)
            continue;
        batch->under_way--;
        count_spare(batch, unit, 1);
    }
}

void apply_unit_disposed(const struct applying *at, const struct message *event)
{
    const struct unit_disposed *disposed = &event->unit_disposed;
    struct batch *batch = state_batch(at->state, disposed->batch);
    int32_t to = named_place(batch, disposed->to);
    struct piece *unit = &batch->units[disposed->unit - 1];
    if (to == PLACE_DONE) { /* where it was: it did not come to its end once more */
        unit->at = PLACE_DONE;
        unit->stood = PLACE_NONE;
        batch->under_way--;
        count_spare(batch, unit, 1);
    } else {
        move_unit(at, batch, disposed->unit, to);
    }
}
