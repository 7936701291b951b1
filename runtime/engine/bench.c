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
        return refuse_by(at, batch->revision, step->on->span,
                         *asked->machine ? "%s is not done on %s"
                                         : "say on which machine %s is done",
                         asked->step, asked->machine);
    const struct station *station = step->at ? value_station(&step->at->value, NULL) : NULL;
    if (*asked->station && station && strcmp(station->base.name, asked->station) != 0)
        return refuse_by(at, batch->revision, step->at->span, "%s is done at %s", asked->step,
                         station->base.name);
    happens_as_asked(at, EVENT_step_begun);
    return true;
}

/* ---- lots ---- */

bool for_each_tracked(const struct step *step, const struct sku *sku, visit_tracked *visit,
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

static const struct lot_use *current_use(const struct batch_step *done, const char *what)
{
    const struct lot_use *use = done->lots;
    while (use && !(use->current && use->lot->what == what))
        use = use->next;
    return use;
}

bool step_uses(const struct batch *batch, const struct step *step, const char *what)
{
    for (int32_t sku = 0; sku < batch->revision->made->sku_count; sku++) {
        struct sku one;
        sku_at(batch->revision->made, sku, &one);
        if (!for_each_tracked(step, &one, is_another, (void *)(uintptr_t)what))
            return true;
    }
    return false;
}

static bool is_of_other(const struct batch *batch, int64_t number, const void *share)
{
    return batch->units[number - 1].at != PLACE_QUARANTINE && share_has(share, number);
}

bool decide_use_lot(struct deciding *at)
{
    const struct use_lot *asked = &at->command->use_lot;
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;
    const struct lot *lot = state_lot(at->state, asked->lot);

    if (!step)
        return false;
    if (!lot)
        return refuse(at, "there is no lot %s; receive it first", asked->lot);
    if (!step_uses(batch, step, lot->what))
        return refuse_by(at, batch->revision, step->base.span, "%s uses no %s, which lot %s is of",
                         asked->step, lot->what, lot->name);
    const struct lot_use *before = current_use(&batch->steps[step->index], lot->what);
    bool correction = *asked->reason != '\0';
    if (correction && !before)
        return refuse(at, "no lot of %s was used at %s yet: there is nothing to correct", lot->what,
                      asked->step);
    if (before && before->lot == lot && before->amount == asked->amount && !lot->held)
        return true;
    if (!is_amount(at, asked->amount))
        return false;
    const struct batch_step *done = &batch->steps[step->index];
    bool again = before && (before->run != done->runs || done->left);
    if (before && before->lot == lot && !correction && !again)
        return refuse(at, "lot %s is in use at %s already, %s of it; a correction says why",
                      lot->name, asked->step, *before->amount ? before->amount : "none said");
    if (lot->held && !correction)
        return refuse(at, "lot %s is on hold", lot->name);
    happens_as_asked(at, EVENT_lot_used)->lot_used.what = lot->what;
    const struct lot_share *share =
        correction && lot->held ? batch_share(batch, before->lot) : NULL;
    if (share) /* it is in them, as it turns out */
        quarantine_units(at, batch, lot->name, lot->reason, is_of_other, share);
    return true;
}

struct lot_search {
    const struct batch_step *step;
    const struct job *job; /* whose lots are known, though not said yet; NULL */
    const struct declaration *missing;
};

static bool has_lot(const struct declaration *what, void *data)
{
    struct lot_search *search = data;
    for (const struct lot_use *use = search->step->lots; use; use = use->next)
        if (use->current && strcmp(use->lot->what, what->name) == 0)
            return true;
    for (const struct job_lot *own = search->job ? search->job->lots : NULL; own; own = own->next)
        if (strcmp(own->lot->what, what->name) == 0)
            return true;
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
    const struct batch_step *done = &batch->steps[step->index];
    const struct parameter_value *before = done->parameters;
    while (before && before->name != asked->name)
        before = before->next;
    if (before && before->run == done->runs && before->value == asked->value)
        return true;
    if (before && before->run == done->runs && !*asked->reason)
        return refuse(at, "%s was recorded as %s; a correction says why", asked->name,
                      before->value);
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

bool stands_at(struct deciding *at, const struct batch *batch, const struct step *step,
               int64_t number)
{
    const struct piece *unit = &batch->units[number - 1];
    const char *name = step->base.name;
    if (unit->at == step->index)
        return true;
    if (is_shipped(unit))
        return refuse(at, "unit %lld of batch %s is not at %s: it was shipped in parcel %s",
                      (long long)number, batch->name, name, unit->parcel->name);
    if (unit->at == PLACE_DONE)
        return refuse(at, "unit %lld of batch %s is not at %s: it is finished", (long long)number,
                      batch->name, name);
    if (unit->at == PLACE_SCRAP)
        return refuse(at, "unit %lld of batch %s is not at %s: it is scrap", (long long)number,
                      batch->name, name);
    if (unit->at < 0)
        return refuse(at, "unit %lld of batch %s is not at %s: it is in quarantine",
                      (long long)number, batch->name, name);
    return refuse(at, "unit %lld of batch %s is not at %s: it is at %s", (long long)number,
                  batch->name, name, batch->revision->made->workflow->steps[unit->at]->base.name);
}

static bool all_stand_at(struct deciding *at, const struct batch *batch, const struct step *step,
                         int64_t first, int64_t count)
{
    if (first < 1 || count < 1 || count > batch->unit_count ||
        first > batch->unit_count - count + 1)
        return refuse(at, "batch %s has the units 1 to %d", batch->name, batch->unit_count);
    for (int64_t i = first; i < first + count; i++)
        if (!stands_at(at, batch, step, i))
            return false;
    return true;
}

/* What must be known of the step before a unit may go on as good. */
static bool is_recorded(struct deciding *at, const struct batch *batch, const struct step *step,
                        int64_t first, int64_t count, const struct job *job)
{
    const struct batch_step *done = &batch->steps[step->index];
    const struct parameter *parameter = unrecorded(step, done);

    if (parameter)
        return refuse_by(at, batch->revision, parameter->span, "%s is not recorded yet",
                         parameter->name.word);
    for (const struct lot_use *use = done->lots; use; use = use->next)
        if (use->lot->held && lot_use_counts(use))
            return refuse(at, "lot %s is on hold", use->lot->name);
    int32_t last = -1;
    for (int64_t i = first; i < first + count; i++) {
        struct lot_search search = {.step = done, .job = job};
        struct sku sku;
        if (batch->units[i - 1].sku == last)
            continue;
        last = batch->units[i - 1].sku;
        sku_at(batch->revision->made, last, &sku);
        if (for_each_tracked(step, &sku, has_lot, &search))
            continue;
        return refuse_by(at, batch->revision, step->base.span,
                         "which lot of %s goes in is not said yet", search.missing->name);
    }
    return true;
}

static bool is_bounded(struct deciding *at, const struct batch *batch, const struct step *step,
                       const struct route *route, int64_t first, int64_t count)
{
    for (int64_t i = first; route->at_most && i < first + count; i++) {
        struct sku sku;
        sku_at(batch->revision->made, batch->units[i - 1].sku, &sku);
        struct rational most =
            value_number(batch->revision->spec, route->at_most, &sku, rational_integer(UINT16_MAX));
        int passed = unit_passed(batch, i, step, route->outcome);
        if (passed == UINT16_MAX || rational_compare(rational_integer(passed), most) >= 0)
            return refuse_by(at, batch->revision, route->span,
                             "unit %lld went by %s %d times already, and may at most %lld",
                             (long long)i, outcome_names[route->outcome], passed,
                             (long long)rational_to_int(most));
    }
    return true;
}

/* Where a unit goes by an outcome: the index of a step, or a place. */
int32_t target_of(const struct batch *batch, const struct piece *unit, const struct step *step,
                  enum outcome outcome)
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

int32_t send_run(struct deciding *at, const struct batch *batch, const struct step *step,
                 int64_t first, int64_t end, enum outcome outcome, const char *reason)
{
    int32_t ending = 0;
    for (int64_t i = first; i < end;) {
        int32_t to = target_of(batch, &batch->units[i - 1], step, outcome);
        int64_t next = i + 1;
        while (next < end && target_of(batch, &batch->units[next - 1], step, outcome) == to)
            next++;
        happens(at, EVENT_units_left)->units_left = (struct units_left){
            .batch = batch->name,
            .step = name_of(at, step->base.name),
            .first = i,
            .count = next - i,
            .outcome = name_of(at, outcome_names[outcome]),
            .to = place_name(at, batch, to),
            .reason = reason,
        };
        ending += to == PLACE_DONE || to == PLACE_SCRAP ? (int32_t)(next - i) : 0;
        i = next;
    }
    return ending;
}

/* Nothing of a lot on hold is packed or goes out; where such a unit is by a decision of quality, it goes no further. */
static bool is_free_to_go(struct deciding *at, const struct batch *batch, const struct step *step,
                          int64_t first, int64_t count)
{
    if (step->base.kind != KIND_pack && step->base.kind != KIND_ship)
        return true;
    for (int64_t i = first; i < first + count; i++) {
        const struct lot *held = batch->units[i - 1].holds ? held_lot_of(batch, i) : NULL;
        if (held)
            return refuse(at, "lot %s, which is in unit %lld, is on hold", held->name,
                          (long long)i);
    }
    return true;
}

bool may_leave(struct deciding *at, const struct batch *batch, const struct step *step,
               int64_t first, int64_t count, enum outcome outcome, const struct job *job)
{
    if (outcome_is_good(outcome) &&
        (!is_recorded(at, batch, step, first, count, job) ||
         !may_pass(at, batch, step, first, count) || !is_free_to_go(at, batch, step, first, count)))
        return false;
    return is_bounded(at, batch, step, step_route(step, outcome), first, count);
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
    if (!route || !route->present || route->outcome != outcome)
        return refuse_by(at, batch->revision, step->base.span, "%s has no outcome `%s`",
                         asked->step, asked->outcome);
    if (step->base.kind == KIND_gate)
        return refuse_by(at, batch->revision, step->base.span, "%s is a gate: it is signed",
                         asked->step);
    if (!all_stand_at(at, batch, step, asked->first, asked->count))
        return false;
    if (!outcome_is_good(outcome) && !*asked->reason)
        return refuse(at, "say why they leave by %s", asked->outcome);
    if (!may_leave(at, batch, step, asked->first, asked->count, outcome, NULL))
        return false;
    if (!outcome_is_good(outcome) &&
        !judge_what_is_left(at, batch, step, asked->first, asked->count))
        return false;
    close_if_last(at, batch,
                  send_run(at, batch, step, asked->first, asked->first + asked->count, outcome,
                           asked->reason));
    return true;
}

/* ---- gates ---- */

/* Calls for each run of neighbours that stand at the gate; false where one may not leave. */
static bool sign_all(struct deciding *at, const struct batch *batch, const struct step *step,
                     enum outcome outcome, const char *meaning)
{
    int32_t ending = 0;
    for (int32_t i = 1; i <= batch->unit_count; i++) {
        int32_t end = i;
        while (end <= batch->unit_count && batch->units[end - 1].at == step->index)
            end++;
        if (end == i)
            continue;
        if (!may_leave(at, batch, step, i, end - i, outcome, NULL))
            return false;
        ending += send_run(at, batch, step, i, end, outcome, meaning);
        i = end;
    }
    close_if_last(at, batch, ending);
    return true;
}

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
                         asked->step, role, at->person->name);
    if (!*asked->meaning)
        return refuse(at, "a signature says what it means");
    if (!units_at(batch, step->index))
        return refuse(at, "no unit of batch %s is at %s", batch->name, asked->step);
    happens_as_asked(at, EVENT_gate_signed)->gate_signed.role = name_of(at, role);
    return sign_all(at, batch, step, outcome, asked->meaning);
}
