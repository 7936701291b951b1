/* What is done at a bench or a machine: steps are begun, lots used, parameters recorded, units sent on their way. */
#include "engine/deciding.h"

#include <string.h>

/* ---- beginning ---- */

static bool names_machine(const struct step *step, const struct batch *batch, const char *name)
{
    for (const struct simple *row = step->on; row; row = row->next)
        for (int32_t sku = 0; sku < batch->revision->made->sku_count; sku++) {
            struct sku one;
            sku_at(batch->revision->made, sku, &one);
            const struct machine *machine = value_machine(&row->value, &one);
            if (machine && strcmp(machine->base.name, name) == 0)
                return true;
        }
    return false;
}

bool decide_begin_step(struct deciding *at)
{
    const struct begin_step *asked = &at->command->begin_step;
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;

    if (!step)
        return false;
    if (!units_at(batch, step->index))
        return refuse(at, "no unit of batch %s is at %s", batch->name, asked->step);
    if (step->on && !names_machine(step, batch, asked->machine))
        return refuse_by(at, batch->revision, step->on->span, "%s is not done on %s", asked->step,
                         *asked->machine ? asked->machine : "no machine");
    const struct station *station = step->at ? value_station(&step->at->value, NULL) : NULL;
    if (*asked->station && station && strcmp(station->base.name, asked->station) != 0)
        return refuse_by(at, batch->revision, step->at->span, "%s is done at %s", asked->step,
                         station->base.name);
    happens_as_asked(at, EVENT_step_begun);
    return true;
}

/* ---- lots ---- */

typedef bool visit_tracked(const struct declaration *what, void *data);

/* The tracked things that a step consumes for a SKU: materials of what it makes, parts' and items' lots that its
   `consume` and its lines of work name. Stops where visit says false. */
static bool for_each_tracked(const struct step *step, const struct sku *sku, visit_tracked *visit,
                             void *data)
{
    for (const struct simple *row = step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        const struct material *material =
            part && part->material ? value_material(&part->material->value, sku) : NULL;
        if (material && material->tracked && !visit(&material->base, data))
            return false;
    }
    const struct instruction *line = step->do_;
    for (const struct consumption *row = step->consume; row || line;) {
        for (; row; row = row->next) {
            const struct item *item = value_item(&row->what, sku);
            if (item && item->tracked && !visit(&item->base, data))
                return false;
        }
        row = line ? line->consume : NULL;
        line = line ? line->next : NULL;
    }
    for (const struct simple *used = step->using; used; used = used->next) {
        const struct standard *standard = value_standard(&used->value, sku);
        for (line = standard ? standard->do_ : NULL; line; line = line->next)
            for (const struct consumption *row = line->consume; row; row = row->next) {
                const struct item *item = value_item(&row->what, sku);
                if (item && item->tracked && !visit(&item->base, data))
                    return false;
            }
    }
    return true;
}

static bool is_another(const struct declaration *what, void *data)
{
    return strcmp(what->name, data) != 0;
}

bool decide_use_lot(struct deciding *at)
{
    const struct use_lot *asked = &at->command->use_lot;
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;
    const struct lot *lot = state_lot(at->state, asked->lot);
    bool wanted = false;

    if (!step)
        return false;
    if (!lot)
        return refuse(at, "there is no lot %s; receive it first", asked->lot);
    if (lot->held)
        return refuse(at, "lot %s is on hold", lot->name);
    for (int32_t sku = 0; sku < batch->revision->made->sku_count && !wanted; sku++) {
        struct sku one;
        sku_at(batch->revision->made, sku, &one);
        wanted = !for_each_tracked(step, &one, is_another, (void *)(uintptr_t)lot->what);
    }
    if (!wanted)
        return refuse_by(at, batch->revision, step->base.span, "%s uses no %s, which lot %s is of",
                         asked->step, lot->what, lot->name);
    struct message *event = happens(at, EVENT_lot_used);
    event->lot_used =
        (struct lot_used){asked->batch, asked->step, asked->lot, lot->what, asked->amount};
    return true;
}

struct lot_search {
    const struct batch_step *step;
    const struct declaration *missing;
    const struct lot *held;
};

static bool has_lot(const struct declaration *what, void *data)
{
    struct lot_search *search = data;
    for (const struct lot_use *use = search->step->lots; use; use = use->next)
        if (strcmp(use->lot->what, what->name) == 0) {
            search->held = use->lot->held ? use->lot : NULL;
            return !search->held;
        }
    search->missing = what;
    return false;
}

/* ---- parameters ---- */

static const struct parameter *parameter_of(const struct step *step, const char *name)
{
    const struct parameter *row = step->record;
    while (row && !(row->name.kind == VALUE_WORD && strcmp(row->name.word, name) == 0))
        row = row->next;
    return row;
}

bool decide_record_parameter(struct deciding *at)
{
    const struct record_parameter *asked = &at->command->record_parameter;
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;

    if (!step)
        return false;
    if (!parameter_of(step, asked->name))
        return refuse_by(at, batch->revision, step->base.span, "%s records no %s", asked->step,
                         asked->name);
    if (!*asked->value)
        return refuse(at, "%s has no value", asked->name);
    happens_as_asked(at, EVENT_parameter_recorded);
    return true;
}

static const struct parameter *unrecorded(const struct step *step, const struct batch_step *done)
{
    for (const struct parameter *row = step->record; row; row = row->next) {
        const struct parameter_value *value = done->parameters;
        while (value && strcmp(value->name, row->name.word) != 0)
            value = value->next;
        if (!value)
            return row;
    }
    return NULL;
}

/* ---- leaving ---- */

static enum outcome outcome_named(const char *name)
{
    int outcome = 0;
    while (outcome < OUTCOME_COUNT && strcmp(outcome_names[outcome], name) != 0)
        outcome++;
    return (enum outcome)outcome;
}

static bool is_good(enum outcome outcome)
{
    return outcome == OUTCOME_PASS || outcome == OUTCOME_APPROVE;
}

static bool all_stand_at(struct deciding *at, const struct batch *batch, const struct step *step,
                         int64_t first, int64_t count)
{
    if (first < 1 || count < 1 || count > batch->unit_count ||
        first > batch->unit_count - count + 1)
        return refuse(at, "batch %s has the units 1 to %d", batch->name, batch->unit_count);
    for (int64_t i = first; i < first + count; i++)
        if (batch->units[i - 1].at != step->index)
            return refuse(at, "unit %lld of batch %s is not at %s", (long long)i, batch->name,
                          step->base.name);
    return true;
}

/* What must be known of the step before a unit may go on as good. */
static bool is_recorded(struct deciding *at, const struct batch *batch, const struct step *step,
                        int64_t first, int64_t count)
{
    const struct batch_step *done = &batch->steps[step->index];
    const struct parameter *parameter = unrecorded(step, done);

    if (parameter)
        return refuse_by(at, batch->revision, parameter->span, "%s is not recorded yet",
                         parameter->name.word);
    int32_t last = -1;
    for (int64_t i = first; i < first + count; i++) {
        struct lot_search search = {.step = done};
        struct sku sku;
        if (batch->units[i - 1].sku == last)
            continue;
        last = batch->units[i - 1].sku;
        sku_at(batch->revision->made, last, &sku);
        if (for_each_tracked(step, &sku, has_lot, &search))
            continue;
        if (search.held)
            return refuse(at, "lot %s is on hold", search.held->name);
        return refuse_by(at, batch->revision, step->base.span,
                         "which lot of %s goes in is not said yet", search.missing->name);
    }
    return true;
}

static bool is_bounded(struct deciding *at, const struct batch *batch, const struct step *step,
                       const struct route *route, int64_t first, int64_t count)
{
    for (int64_t i = first; route->at_most && i < first + count; i++) {
        const struct piece *unit = &batch->units[i - 1];
        struct sku sku;
        sku_at(batch->revision->made, unit->sku, &sku);
        struct rational most =
            value_number(batch->revision->spec, route->at_most, &sku, rational_integer(255));
        int passed =
            unit->passed
                ? unit->passed[step->index * ROUTE_PLACES + (int)ROUTE_PLACE(route->outcome)]
                : 0;
        if (rational_compare(rational_integer(passed), most) >= 0)
            return refuse_by(at, batch->revision, route->span,
                             "unit %lld went by %s %d times already, and may at most %lld",
                             (long long)i, outcome_names[route->outcome], passed,
                             (long long)rational_to_int(most));
    }
    return true;
}

/* Where a unit goes by an outcome: the index of a step, or a place. */
static int32_t target_of(const struct batch *batch, const struct piece *unit,
                         const struct step *step, enum outcome outcome)
{
    const struct graph *graph = revision_graph(batch->revision, unit->sku);
    const struct graph_node *node = &graph->nodes[graph->node_of_step[step->index]];
    for (int e = 0; e < node->edge_count; e++)
        if (node->edges[e].outcome == outcome)
            return node->edges[e].to >= 0 ? graph->nodes[node->edges[e].to].step->index
                                          : node->edges[e].to;
    return PLACE_QUARANTINE;
}

static const char *place_name(struct deciding *at, const struct batch *batch, int32_t place)
{
    const char *name = place == PLACE_DONE    ? "done"
                       : place == PLACE_SCRAP ? "scrap"
                       : place < 0            ? "quarantine"
                                   : batch->revision->made->workflow->steps[place]->base.name;
    return intern_text(&at->state->names, name);
}

/* One event for each run of neighbours that go to one place. */
static void send_units(struct deciding *at, const struct batch *batch, const struct step *step,
                       const struct leave_step *asked, enum outcome outcome)
{
    int32_t ending = 0;
    for (int64_t i = asked->first; i < asked->first + asked->count;) {
        int32_t to = target_of(batch, &batch->units[i - 1], step, outcome);
        int64_t end = i + 1;
        while (end < asked->first + asked->count &&
               target_of(batch, &batch->units[end - 1], step, outcome) == to)
            end++;
        struct message *event = happens(at, EVENT_units_left);
        event->units_left = (struct units_left){
            asked->batch, asked->step, i, end - i, asked->outcome, place_name(at, batch, to),
            asked->reason};
        ending += to == PLACE_DONE || to == PLACE_SCRAP ? (int32_t)(end - i) : 0;
        i = end;
    }
    close_if_last(at, batch, ending);
}

bool decide_leave_step(struct deciding *at)
{
    const struct leave_step *asked = &at->command->leave_step;
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;
    enum outcome outcome = outcome_named(asked->outcome);

    if (!step)
        return false;
    const struct route *route = outcome < OUTCOME_COUNT ? step_route(step, outcome) : NULL;
    if (!route || !route->present)
        return refuse_by(at, batch->revision, step->base.span, "%s has no outcome `%s`",
                         asked->step, asked->outcome);
    if (step->base.kind == KIND_gate)
        return refuse_by(at, batch->revision, step->base.span, "%s is a gate: it is signed",
                         asked->step);
    if (!all_stand_at(at, batch, step, asked->first, asked->count))
        return false;
    if (!is_good(outcome) && !*asked->reason)
        return refuse(at, "say why they leave by %s", asked->outcome);
    if (is_good(outcome) && (!is_recorded(at, batch, step, asked->first, asked->count) ||
                             !may_pass(at, batch, step, asked->first, asked->count)))
        return false;
    if (!is_bounded(at, batch, step, route, asked->first, asked->count))
        return false;
    send_units(at, batch, step, asked, outcome);
    return true;
}

/* ---- gates, quarantine ---- */

bool decide_sign_gate(struct deciding *at)
{
    const struct sign_gate *asked = &at->command->sign_gate;
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;
    enum outcome outcome = outcome_named(asked->outcome);

    if (!step)
        return false;
    if (step->base.kind != KIND_gate || (outcome != OUTCOME_APPROVE && outcome != OUTCOME_REFUSE))
        return refuse_by(at, batch->revision, step->base.span,
                         "a gate is signed with `approve` or `refuse`, and %s is a %s", asked->step,
                         kind_rows[step->base.kind].name);
    const char *role = value_declaration(&step->by->value, NULL)->name;
    if (!has_role(at, role))
        return refuse_by(at, batch->revision, step->by->span, "%s is signed by %s, and %s is not",
                         asked->step, role, at->actor->name);
    if (!*asked->meaning)
        return refuse(at, "a signature says what it means");
    if (!units_at(batch, step->index))
        return refuse(at, "no unit of batch %s is at %s", batch->name, asked->step);
    happens_as_asked(at, EVENT_gate_signed)->gate_signed.role =
        intern_text(&at->state->names, role);
    int32_t ending = 0;
    for (int32_t i = 0; i < batch->unit_count;) {
        int32_t end = i + 1, to;
        if (batch->units[i].at != step->index) {
            i++;
            continue;
        }
        to = target_of(batch, &batch->units[i], step, outcome);
        while (end < batch->unit_count && batch->units[end].at == step->index &&
               target_of(batch, &batch->units[end], step, outcome) == to)
            end++;
        struct message *event = happens(at, EVENT_units_left);
        event->units_left = (struct units_left){
            asked->batch,  asked->step, i + 1, end - i, asked->outcome, place_name(at, batch, to),
            asked->meaning};
        ending += to == PLACE_DONE || to == PLACE_SCRAP ? end - i : 0;
        i = end;
    }
    close_if_last(at, batch, ending);
    return true;
}

bool decide_dispose_unit(struct deciding *at)
{
    const struct dispose_unit *asked = &at->command->dispose_unit;
    const struct batch *batch = running_batch(at, asked->batch);

    if (!batch)
        return false;
    if (asked->unit < 1 || asked->unit > batch->unit_count ||
        batch->units[asked->unit - 1].at != PLACE_QUARANTINE)
        return refuse(at, "unit %lld of batch %s is not in quarantine", (long long)asked->unit,
                      batch->name);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    bool scrap = strcmp(asked->to, "scrap") == 0;
    const struct step *step = scrap ? NULL : step_in(at, batch, asked->to);
    struct sku sku;
    sku_at(batch->revision->made, batch->units[asked->unit - 1].sku, &sku);
    if (!scrap && !step)
        return false;
    if (step && !step_is_for(step, &sku))
        return refuse_by(at, batch->revision, step->base.span, "%s is not for this SKU",
                         step->base.name);
    happens_as_asked(at, EVENT_unit_disposed);
    close_if_last(at, batch, scrap ? 1 : 0);
    return true;
}
