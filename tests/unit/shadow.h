/* A second reckoning of a shop, made from its events alone and as simply as can be: it says whether what was accepted could
   be. Include it after trial.h. */
#ifndef FLOW_TEST_SHADOW_H
#define FLOW_TEST_SHADOW_H

#include "trial.h"

enum {
    SHADOW_STEPS = 24,
    SHADOW_UNITS = 64,
    SHADOW_BATCHES = 32,
    SHADOW_LOTS = 16,
    SHADOW_LANES = 2,
    SHADOW_SHIPPED = 256
};

struct shadow_unit {
    int32_t at, stood;
    int32_t sku;
    const char *order, *line, *parcel; /* NULL: none */
    int ways[SHADOW_STEPS][OUTCOME_COUNT];
    uint64_t judged[SHADOW_STEPS], bad[SHADOW_STEPS];
    int visits[SHADOW_STEPS];
    bool seen[SHADOW_STEPS], defective[SHADOW_STEPS]; /* on its first visit */
    uint32_t lots;                                    /* that surely are in it */
    bool shipped;
};

struct shadow_batch {
    const struct revision *revision;
    bool production, started, cancelled, held;
    int lane; /* which revision: they differ in nothing but the lane */
    int count;
    struct shadow_unit units[SHADOW_UNITS];
    uint32_t lots[SHADOW_STEPS]; /* in use, a bit a lot */
    bool counted[SHADOW_STEPS], judged[SHADOW_STEPS], accepted[SHADOW_STEPS];
};

struct shadow_line {
    const char *order, *line;
    int64_t count, cancelled, shipped;
};

struct shadow {
    struct shadow_batch *batches; /* B-0 to B-31 */
    const char *lots[SHADOW_LOTS], *lot_of[SHADOW_LOTS];
    uint32_t held;
    int lot_count;
    struct shadow_line lines[32];
    int line_count;
    const char *approvals[64]; /* names, each once a lane */
    int approved_lanes[64], approval_count;
    bool accepted[SHADOW_LANES];
    struct shadow_shipped {
        int32_t sku;
        int lane;
    } shipped_as[SHADOW_SHIPPED]; /* each once */
    int shipped_as_count;
    int64_t samples, produced;
    int64_t moving; /* units that were taken out of a batch and are not in the other yet */
    long passed, shipped, quarantined, judged, split; /* so that a test sees that there were some */
};

static struct shadow_batch *shadow_batch(struct shadow *shadow, const char *name)
{
    assert_true(name[0] == 'B' && name[1] == '-');
    return &shadow->batches[atoi(name + 2)];
}

static int shadow_lot(const struct shadow *shadow, const char *name)
{
    for (int i = 0; i < shadow->lot_count; i++)
        if (shadow->lots[i] == name)
            return i;
    fail_msg("no lot %s", name);
    return -1;
}

static struct shadow_line *shadow_line(struct shadow *shadow, const char *order, const char *line)
{
    for (int i = 0; i < shadow->line_count; i++)
        if (shadow->lines[i].order == order && shadow->lines[i].line == line)
            return &shadow->lines[i];
    return NULL;
}

static int step_named(const struct shadow_batch *batch, const char *name)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, name) == 0)
            return i;
    return strcmp(name, "done") == 0    ? PLACE_DONE
           : strcmp(name, "scrap") == 0 ? PLACE_SCRAP
                                        : PLACE_QUARANTINE;
}

/* Where a route leads a SKU, by the routes themselves: steps that are not for it are passed by. */
static int32_t way_of(const struct shadow_batch *batch, int32_t sku, int step, int outcome)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    struct sku one;
    sku_at(batch->revision->made, sku, &one);
    for (;;) {
        const struct route *route = step_route(workflow->steps[step], outcome);
        assert_true(route->present);
        if (route->target == TARGET_DONE)
            return PLACE_DONE;
        if (route->target == TARGET_SCRAP)
            return PLACE_SCRAP;
        if (route->target == TARGET_QUARANTINE)
            return PLACE_QUARANTINE;
        step = route->step->index;
        if (step_is_for(workflow->steps[step], &one))
            return step;
        outcome = workflow->steps[step]->base.kind == KIND_gate ? OUTCOME_APPROVE : OUTCOME_PASS;
    }
}

static void come(struct shadow_batch *batch, struct shadow_unit *unit, int32_t to)
{
    unit->at = to;
    unit->stood = PLACE_NONE;
    if (to < 0)
        return;
    bool empty = true;
    for (int i = 0; i < batch->count; i++)
        empty &= &batch->units[i] == unit || batch->units[i].at != to;
    if (empty)
        batch->counted[to] = false;
    unit->visits[to]++;
    unit->judged[to] = unit->bad[to] = 0;
}

/* ---- what must be so when a unit passes ---- */

static bool parameters_are_there(const struct shadow *shadow, const struct shadow_batch *batch,
                                 const struct step *step, const struct state *state)
{
    char name[16];
    snprintf(name, sizeof name, "B-%d", (int)(batch - shadow->batches));
    const struct batch *real = state_batch(state, intern_find(&state->names, name, strlen(name)));
    for (const struct parameter *row = step->record; row; row = row->next) {
        const struct parameter_value *value = real->steps[step->index].parameters;
        while (value && strcmp(value->name, row->name.word) != 0)
            value = value->next;
        if (!value)
            return false;
    }
    return true;
}

static void may_have_passed(struct shadow *shadow, struct shadow_batch *batch, int number,
                            const struct step *step, const struct state *state)
{
    const struct shadow_unit *unit = &batch->units[number - 1];
    int at = step->index;
    uint64_t all = check_bits(step);

    assert_true(unit->bad[at] == 0);
    assert_true(parameters_are_there(shadow, batch, step, state));
    for (const struct check *check = step->check; check; check = check->next)
        if (check->form == CHECK_COUNT)
            assert_true(batch->counted[at]);
    if (step->base.kind == KIND_pack || step->base.kind == KIND_ship)
        assert_true((unit->lots & shadow->held) == 0);
    assert_true((batch->lots[at] & shadow->held) == 0);
    shadow->passed++;
    if (step->base.kind != KIND_inspect || !all)
        return;
    if (step->sample->form == SAMPLE_ALL || unit->visits[at] > 1)
        assert_true(unit->judged[at] == all);
    else {
        assert_true(batch->judged[at]);
        assert_true(batch->accepted[at] || unit->judged[at] == all);
    }
}

static void see_leaving(struct shadow *shadow, const struct units_left *left,
                        const struct state *state)
{
    struct shadow_batch *batch = shadow_batch(shadow, left->batch);
    int at = step_named(batch, left->step);
    const struct step *step = batch->revision->made->workflow->steps[at];
    int outcome = (int)outcome_named(left->outcome);
    bool good = outcome == OUTCOME_PASS || outcome == OUTCOME_APPROVE;

    for (int64_t i = left->first; i < left->first + left->count; i++) {
        struct shadow_unit *unit = &batch->units[i - 1];
        assert_int_equal(unit->at, at);
        if (good)
            may_have_passed(shadow, batch, (int)i, step, state);
        const struct route *route = step_route(step, outcome);
        unit->ways[at][outcome]++;
        if (route->at_most) {
            struct sku sku;
            sku_at(batch->revision->made, unit->sku, &sku);
            int64_t most = rational_to_int(
                value_number(batch->revision->spec, route->at_most, &sku, RATIONAL_ZERO));
            assert_true(unit->ways[at][outcome] <= most);
        }
        int32_t to = way_of(batch, unit->sku, at, outcome);
        assert_int_equal(step_named(batch, left->to), to);
        unit->lots |= batch->lots[at];
        if (to == PLACE_DONE && !batch->production)
            shadow->samples++;
    }
    for (int64_t i = left->first; i < left->first + left->count; i++)
        come(batch, &batch->units[i - 1], step_named(batch, left->to));
}

/* ---- repeats ---- */

static void note_shipped(struct shadow *shadow, int32_t sku, int lane)
{
    for (int i = 0; i < shadow->shipped_as_count; i++)
        if (shadow->shipped_as[i].sku == sku && shadow->shipped_as[i].lane == lane)
            return;
    assert_true(shadow->shipped_as_count < SHADOW_SHIPPED);
    shadow->shipped_as[shadow->shipped_as_count++] = (struct shadow_shipped){sku, lane};
}

static void note_approval(struct shadow *shadow, const char *name, int lane)
{
    for (int i = 0; i < shadow->approval_count; i++)
        if (shadow->approvals[i] == name && shadow->approved_lanes[i] == lane)
            return;
    assert_true(shadow->approval_count < 64);
    shadow->approved_lanes[shadow->approval_count] = lane;
    shadow->approvals[shadow->approval_count++] = name;
}

static bool is_approved_as(const struct shadow *shadow, const struct release *release, int lane)
{
    const struct approval *row = release ? release->approve : NULL;
    bool all = row != NULL;
    for (; row; row = row->next) {
        bool given = false;
        for (int i = 0; i < shadow->approval_count; i++)
            given |= shadow->approved_lanes[i] == lane &&
                     strcmp(shadow->approvals[i], row->name.word) == 0;
        all &= given;
    }
    return all;
}

/* What was shipped is made again as it was, or otherwise as somebody wanted it. */
static void is_no_surprise(const struct shadow *shadow, const struct shadow_batch *batch)
{
    for (int i = 0; i < batch->count; i++) {
        bool was_shipped = false, so = false;
        for (int k = 0; k < shadow->shipped_as_count; k++)
            if (shadow->shipped_as[k].sku == batch->units[i].sku) {
                was_shipped = true;
                so |= shadow->shipped_as[k].lane == batch->lane;
            }
        assert_true(!was_shipped || so || shadow->accepted[batch->lane] ||
                    is_approved_as(shadow, batch->revision->made->release, batch->lane));
    }
}

static void see_start(struct shadow *shadow, const char *name)
{
    struct shadow_batch *batch = shadow_batch(shadow, name);
    const struct product *made = batch->revision->made;
    const struct release *release = made->release;

    assert_true(!batch->started && !batch->cancelled && !batch->held && batch->count > 0);
    batch->started = true;
    for (int i = 0; i < batch->count; i++) {
        struct sku sku;
        int step = 0;
        sku_at(made, batch->units[i].sku, &sku);
        if (!step_is_for(made->workflow->steps[0], &sku))
            step = way_of(batch, batch->units[i].sku, 0,
                          made->workflow->steps[0]->base.kind == KIND_gate ? OUTCOME_APPROVE
                                                                           : OUTCOME_PASS);
        come(batch, &batch->units[i], step);
    }
    if (!batch->production)
        return;
    is_no_surprise(shadow, batch);
    shadow->produced += batch->count;
    for (const struct approval *row = release ? release->approve : NULL; row; row = row->next) {
        bool given = false;
        for (int i = 0; i < shadow->approval_count; i++)
            given |= strcmp(shadow->approvals[i], row->name.word) == 0;
        assert_true(given);
    }
    if (release && release->production)
        assert_true(shadow->produced <=
                    rational_to_int(value_number(batch->revision->spec, &release->production->value,
                                                 NULL, RATIONAL_ZERO)));
}

/* ---- findings ---- */

static void see_finding(struct shadow_batch *batch, int64_t number, const struct check *check,
                        const struct step *step, bool good)
{
    struct shadow_unit *unit = &batch->units[number - 1];
    uint64_t bit = check_bit(step, check);
    unit->judged[step->index] |= bit;
    unit->bad[step->index] = good ? unit->bad[step->index] & ~bit : unit->bad[step->index] | bit;
    if (unit->visits[step->index] == 1) {
        unit->seen[step->index] |= unit->judged[step->index] == check_bits(step);
        unit->defective[step->index] = unit->bad[step->index] != 0;
    }
}

static void see_measured(struct shadow *shadow, const struct unit_measured *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    const struct step *step = batch->revision->made->workflow->steps[step_named(batch, seen->step)];
    see_finding(batch, seen->unit, check_of_dimension(step, seen->part, seen->dimension), step,
                seen->within != 0);
}

static void see_judged(struct shadow *shadow, const struct check_judged *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    const struct step *step = batch->revision->made->workflow->steps[step_named(batch, seen->step)];
    const struct check *check = check_of_name(step, seen->check);
    if (seen->unit)
        see_finding(batch, seen->unit, check, step,
                    seen->good || defect_is_accepted(check, seen->defect));
    else
        batch->counted[step->index] = seen->good != 0;
}

/* The sample is what was wholly looked at when it came first, and as large as the plan says where the lot is that large. */
static void see_lot_judged(struct shadow *shadow, const struct lot_judged *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    int at = step_named(batch, seen->step);
    const struct step *step = batch->revision->made->workflow->steps[at];
    int64_t sampled = 0, found = 0;
    struct sampling_plan plan;
    struct failure failure;

    for (int i = 0; i < batch->count; i++) {
        sampled += batch->units[i].seen[at];
        found += batch->units[i].defective[at];
    }
    assert_int_equal(seen->sampled, sampled);
    assert_int_equal(seen->found, found);
    assert_true(sampling_plan(step->sample, seen->size, (enum severity_of_inspection)seen->severity,
                              &plan, &failure));
    assert_true(seen->accepted ? found <= plan.ac : found > 0);
    batch->judged[at] = true;
    batch->accepted[at] = seen->accepted != 0;
    shadow->judged++;
}

/* ---- lots, orders ---- */

static void see_lot_used(struct shadow *shadow, const struct lot_used *used)
{
    struct shadow_batch *batch = shadow_batch(shadow, used->batch);
    uint32_t *lots = &batch->lots[step_named(batch, used->step)];
    int lot = shadow_lot(shadow, used->lot);
    for (int i = 0; i < shadow->lot_count; i++)
        if (shadow->lot_of[i] == shadow->lot_of[lot])
            *lots &= ~((uint32_t)1 << i);
    *lots |= (uint32_t)1 << lot;
}

/* No more is made or kept for a line than it asks for, when something is put to it. */
static void is_wanted(struct shadow *shadow, const char *order, const char *name)
{
    const struct shadow_line *line = shadow_line(shadow, order, name);
    int64_t count = 0;
    for (int b = 0; b < SHADOW_BATCHES; b++)
        for (int i = 0; !shadow->batches[b].cancelled && i < shadow->batches[b].count; i++) {
            const struct shadow_unit *unit = &shadow->batches[b].units[i];
            count += unit->order == order && unit->line == name && unit->at != PLACE_SCRAP;
        }
    assert_true(count <= line->count - line->cancelled);
}

static void see_added(struct shadow *shadow, const struct units_added *added)
{
    struct shadow_batch *batch = shadow_batch(shadow, added->batch);
    struct sku sku;
    assert_true(sku_find(batch->revision->spec, batch->revision->made, added->sku, &sku));
    assert_true(batch->count + added->count <= SHADOW_UNITS);
    for (int64_t i = 0; i < added->count; i++)
        batch->units[batch->count++] = (struct shadow_unit){
            .at = PLACE_WAITING,
            .stood = PLACE_NONE,
            .sku = (int32_t)sku.index,
            .order = *added->order ? added->order : NULL,
            .line = *added->order ? added->line : NULL,
        };
    if (*added->order && !shadow->moving)
        is_wanted(shadow, added->order, added->line);
    shadow->moving -= shadow->moving ? added->count : 0;
}

/* Of a unit that is taken out nothing is known but that it came to its first step, batch steps aside. */
static void see_taken_out(struct shadow *shadow, const struct units_taken_out *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    int steps = batch->revision->made->workflow->step_count;
    assert_true(seen->count < batch->count);
    for (int64_t i = 0; i < seen->count; i++) {
        const struct shadow_unit *unit = &batch->units[--batch->count];
        assert_true(unit->at == PLACE_WAITING || unit->at >= 0);
        assert_true(!unit->lots && !unit->parcel);
        for (int s = 0; s < steps; s++) {
            if (batch->revision->made->workflow->steps[s]->base.kind == KIND_batch)
                continue;
            assert_int_equal(unit->visits[s], s == unit->at);
            assert_true(!unit->judged[s]);
            for (int o = 0; o < OUTCOME_COUNT; o++)
                assert_int_equal(unit->ways[s][o], 0);
        }
    }
    if (batch->started && batch->production)
        shadow->produced -= seen->count;
    shadow->moving = seen->count;
    shadow->split++;
}

static void see_work_held(struct shadow *shadow, const struct work_held *seen)
{
    if (*seen->batch)
        shadow_batch(shadow, seen->batch)->held = true;
}

static void see_work_freed(struct shadow *shadow, const struct work_freed *seen)
{
    if (*seen->batch)
        shadow_batch(shadow, seen->batch)->held = false;
}

static void see_quarantine(struct shadow *shadow, const struct unit_quarantined *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    for (int64_t i = seen->unit; i < seen->unit + seen->count; i++) {
        struct shadow_unit *unit = &batch->units[i - 1];
        assert_true(unit->at != PLACE_SCRAP && !unit->shipped);
        if (!*seen->lot)
            unit->stood = PLACE_NONE;
        else if (unit->at != PLACE_QUARANTINE)
            unit->stood = unit->at;
        unit->at = PLACE_QUARANTINE;
        shadow->quarantined++;
    }
}

static void see_return(struct shadow *shadow, const struct unit_returned *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    for (int64_t i = seen->unit; i < seen->unit + seen->count; i++) {
        struct shadow_unit *unit = &batch->units[i - 1];
        assert_true(unit->at == PLACE_QUARANTINE && unit->stood != PLACE_NONE);
        assert_true((unit->lots & shadow->held) == 0);
        unit->at = unit->stood;
        unit->stood = PLACE_NONE;
    }
}

static void see_disposed(struct shadow *shadow, const struct unit_disposed *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    struct shadow_unit *unit = &batch->units[seen->unit - 1];
    int32_t to = step_named(batch, seen->to);
    assert_int_equal(unit->at, PLACE_QUARANTINE);
    if (to >= 0)
        assert_true(unit->visits[to] > 0);
    if (to == PLACE_DONE)
        assert_int_equal(unit->stood, PLACE_DONE);
    come(batch, unit, to);
}

static void see_packed(struct shadow *shadow, const struct units_packed *packed)
{
    struct shadow_batch *batch = shadow_batch(shadow, packed->batch);
    for (int64_t i = packed->first; i < packed->first + packed->count; i++) {
        struct shadow_unit *unit = &batch->units[i - 1];
        assert_true(unit->at == PLACE_DONE && !unit->parcel && !(unit->lots & shadow->held));
        assert_true(unit->order == packed->order && unit->line == packed->line);
        unit->parcel = packed->parcel;
    }
}

static void see_shipped(struct shadow *shadow, const char *parcel)
{
    for (int b = 0; b < SHADOW_BATCHES; b++)
        for (int i = 0; i < shadow->batches[b].count; i++) {
            struct shadow_unit *unit = &shadow->batches[b].units[i];
            if (unit->parcel != parcel)
                continue;
            assert_true(unit->at == PLACE_DONE && !(unit->lots & shadow->held) && !unit->shipped);
            unit->shipped = true;
            if (shadow->batches[b].production)
                note_shipped(shadow, unit->sku, shadow->batches[b].lane);
            struct shadow_line *line = shadow_line(shadow, unit->order, unit->line);
            assert_true(++line->shipped <= line->count - line->cancelled);
            shadow->shipped++;
        }
}

static void see_unpacked(struct shadow *shadow, const struct units_unpacked *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    for (int64_t i = seen->first; i < seen->first + seen->count; i++)
        batch->units[i - 1].parcel = NULL;
}

static void see_assigned(struct shadow *shadow, const struct units_assigned *seen)
{
    struct shadow_batch *batch = shadow_batch(shadow, seen->batch);
    for (int64_t i = seen->first; i < seen->first + seen->count; i++) {
        struct shadow_unit *unit = &batch->units[i - 1];
        assert_true(unit->at == PLACE_DONE && !unit->parcel);
        unit->order = seen->order;
        unit->line = seen->line;
    }
    is_wanted(shadow, seen->order, seen->line);
}

/* Takes in an event that was just applied, and asserts that it could be. */
static void shadow_see(struct shadow *shadow, const struct message *event, const struct trial *shop)
{
    switch (event->kind) {
    case EVENT_lot_received:
        if (shadow->lot_count < SHADOW_LOTS) {
            shadow->lots[shadow->lot_count] = event->lot_received.lot;
            shadow->lot_of[shadow->lot_count++] = event->lot_received.what;
        }
        break;
    case EVENT_lot_held:
        shadow->held |= (uint32_t)1 << shadow_lot(shadow, event->lot_held.lot);
        break;
    case EVENT_lot_freed:
        shadow->held &= ~((uint32_t)1 << shadow_lot(shadow, event->lot_freed.lot));
        break;
    case EVENT_line_ordered:
    case EVENT_line_held:
        shadow->lines[shadow->line_count++] = (struct shadow_line){
            event->line_ordered.order, event->line_ordered.line, event->line_ordered.count, 0, 0};
        break;
    case EVENT_line_cancelled:
        shadow_line(shadow, event->line_cancelled.order, event->line_cancelled.line)->cancelled +=
            event->line_cancelled.count;
        break;
    case EVENT_batch_opened: {
        struct shadow_batch *batch = shadow_batch(shadow, event->batch_opened.batch);
        batch->revision = &shop->revisions[0];
        batch->production = strcmp(event->batch_opened.purpose, "production") == 0;
        batch->lane = event->batch_opened.snapshot != shop->revisions[0].snapshot;
        break;
    }
    case EVENT_batch_cancelled:
        shadow_batch(shadow, event->batch_cancelled.batch)->cancelled = true;
        break;
    case EVENT_sample_approved:
        note_approval(shadow, event->sample_approved.name,
                      event->sample_approved.snapshot != shop->revisions[0].snapshot);
        break;
    case EVENT_lane_accepted:
        shadow->accepted[event->lane_accepted.lane != shop->revisions[0].lane] = true;
        break;
#define SEE(event_name, see)                                                                       \
    case EVENT_##event_name:                                                                       \
        see(shadow, &event->event_name);                                                           \
        break;
        SEE(units_added, see_added)
        SEE(units_taken_out, see_taken_out)
        SEE(work_held, see_work_held)
        SEE(work_freed, see_work_freed)
        SEE(lot_judged, see_lot_judged)
        SEE(lot_used, see_lot_used)
        SEE(unit_measured, see_measured)
        SEE(check_judged, see_judged)
        SEE(unit_quarantined, see_quarantine)
        SEE(unit_returned, see_return)
        SEE(unit_disposed, see_disposed)
        SEE(units_packed, see_packed)
        SEE(units_unpacked, see_unpacked)
        SEE(units_assigned, see_assigned)
#undef SEE
    case EVENT_units_left:
        see_leaving(shadow, &event->units_left, &shop->state);
        break;
    case EVENT_batch_started:
        see_start(shadow, event->batch_started.batch);
        break;
    case EVENT_parcel_shipped:
        see_shipped(shadow, event->parcel_shipped.parcel);
        break;
    default:
        break;
    }
}

#endif
