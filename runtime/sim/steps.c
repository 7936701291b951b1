/* What is done at one step of a batch: begun, what it needs, how its units leave. */
#include "sim/private.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

static double seconds(struct rational number)
{
    return rational_to_double(number);
}

/* ---- what is needed ---- */

static bool note_need(const struct need *need, void *data)
{
    struct sim_wanted *wanted = data;
    if (wanted->count == wanted->capacity) {
        wanted->capacity = wanted->capacity ? 2 * wanted->capacity : 32;
        wanted->needs =
            memory_resize(wanted->needs, sizeof *wanted->needs * (size_t)wanted->capacity);
    }
    wanted->needs[wanted->count++] = *need;
    return true;
}

void sim_find_needs(const struct batch *batch, const struct step *step, struct sim_wanted *wanted)
{
    wanted->count = 0;
    step_needs(batch, step->index, note_need, wanted);
}

const char *sim_lot_of(struct simulated *sim, const char *what)
{
    const char *name = arena_printf(&sim->arena, "%s-lot-%lld", what, (long long)sim->delivery);
    const char *known = intern_find(&sim->state->names, name, strlen(name));
    if (known && state_lot(sim->state, known))
        return known;
    struct message command = {.kind = COMMAND_receive_lot,
                              .receive_lot = {name, what, NULL, "simulated supplier"}};
    return sim_do(sim, simulated_operator, &command) ? name : NULL;
}

static const enum outcome bad_outcomes[] = {OUTCOME_REWORK, OUTCOME_FAILURE, OUTCOME_REJECT};
enum { BAD_OUTCOME_COUNT = sizeof bad_outcomes / sizeof *bad_outcomes };

static bool has_outcome(const struct step *step, enum outcome outcome)
{
    const struct route *route = step_route(step, outcome);
    return route->present && route->outcome == outcome;
}

/* How often the spec expects that a unit leaves by an outcome. */
static double share_of(const struct batch *batch, const struct step *step, enum outcome outcome)
{
    const struct spec *spec = batch->revision->spec;
    const struct route *route = step_route(step, outcome);
    if (!has_outcome(step, outcome))
        return 0;
    if (outcome == OUTCOME_FAILURE && step->yield)
        return 1 - seconds(value_number(spec, &step->yield->value, NULL, RATIONAL_ONE));
    return route->expect ? seconds(value_number(spec, route->expect, NULL, RATIONAL_ZERO)) : 0;
}

double sim_bad_share(const struct batch *batch, const struct step *step)
{
    double share = 0;
    for (int i = 0; i < BAD_OUTCOME_COUNT; i++)
        share += share_of(batch, step, bad_outcomes[i]);
    return share;
}

/* A reading in the unit that the spec states the size in, normally distributed about the middle of the limits (the sum of
   twelve chances, less six), as wide as a process whose limits are four deviations away. */
static void make_reading(struct simulated *sim, const struct batch *batch, const struct need *need,
                         bool good, char text[32])
{
    struct sku sku;
    sku_at(batch->revision->made, batch->units[need->unit - 1].sku, &sku);
    const struct value *value = value_for(&need->check->name.member->dimension->size, &sku);
    const struct size *size = value->kind == VALUE_SIZE ? value->size : NULL;
    const struct value *stated = !size                                ? NULL
                                 : size->nominal.kind == VALUE_NUMBER ? &size->nominal
                                 : size->upper.kind == VALUE_NUMBER   ? &size->upper
                                                                      : &size->lower;
    const struct unit *unit = stated ? spec_unit(batch->revision->spec, stated) : NULL;
    double scale = unit ? seconds(unit->scale) : 1, normal = -6;
    double upper =
        size && size->upper.kind == VALUE_NUMBER ? seconds(size->upper.number) / scale : 1;
    double lower = size && size->lower.kind == VALUE_NUMBER ? seconds(size->lower.number) / scale
                                                            : upper * 0.9;
    if (size && size->upper.kind != VALUE_NUMBER)
        upper = lower * 1.1;
    for (int i = 0; i < 12; i++)
        normal += sim_chance(sim);
    double reading = (lower + upper) / 2 + normal * (upper - lower) / 8;
    if (reading > upper)
        reading = upper;
    if (reading < lower)
        reading = lower;
    if (!good)
        reading = upper + (upper - lower) / 8;
    snprintf(text, 32, "%.3f", reading);
}

static const char *first_defect(const struct check *check)
{
    const struct defect *defect =
        check->defects ? value_defect(&check->defects->value, NULL) : NULL;
    return defect ? defect->base.name : NULL;
}

static bool find(struct simulated *sim, const struct batch *batch, const struct step *step,
                 const struct need *need, bool good)
{
    const char *name = step->base.name;
    struct message command;
    char reading[32];

    if (need->kind == NEED_READING) {
        make_reading(sim, batch, need, good, reading);
        command = (struct message){
            .kind = COMMAND_measure,
            .measure = {batch->name, name, need->unit, need->part, need->name, reading, NULL}};
    } else {
        command = (struct message){.kind = COMMAND_judge_check,
                                   .judge_check = {batch->name, name, need->unit, need->name, good,
                                                   good ? NULL : first_defect(need->check), NULL}};
    }
    return sim_do(sim, simulated_inspector, &command);
}

bool sim_satisfy(struct simulated *sim, const struct batch *batch, const struct step *step,
                 const struct need *need, bool good)
{
    const char *name = step->base.name;
    struct message command;

    switch (need->kind) {
    case NEED_LOT: {
        const char *lot = sim_lot_of(sim, need->name);
        command = (struct message){.kind = COMMAND_use_lot,
                                   .use_lot = {batch->name, name, lot, NULL, NULL}};
        return lot && sim_do(sim, simulated_operator, &command);
    }
    case NEED_PARAMETER:
        command = (struct message){.kind = COMMAND_record_parameter,
                                   .record_parameter = {batch->name, name, need->name, "1", NULL}};
        return sim_do(sim, simulated_operator, &command);
    case NEED_SIGNATURE:
        command = (struct message){.kind = COMMAND_sign_gate,
                                   .sign_gate = {batch->name, name, "approve", "as it should be"}};
        return sim_do(sim, simulated_inspector, &command);
    case NEED_COUNT:
    case NEED_READING:
    case NEED_JUDGEMENT:
        break;
    }
    return find(sim, batch, step, need, good);
}

/* ---- going on ---- */

static const char *person_at(const struct step *step)
{
    return step->base.kind == KIND_inspect || step->base.kind == KIND_gate ? simulated_inspector
                                                                           : simulated_operator;
}

bool sim_begin(struct simulated *sim, const struct batch *batch, const struct step *step)
{
    struct sku sku;
    sku_at(batch->revision->made, batch->units[0].sku, &sku);
    const struct machine *machine = step->on ? value_machine(&step->on->value, &sku) : NULL;
    const struct station *station = step->at ? value_station(&step->at->value, &sku) : NULL;
    struct message command = {.kind = COMMAND_begin_step,
                              .begin_step = {batch->name, step->base.name,
                                             station ? station->base.name : NULL,
                                             machine ? machine->base.name : NULL}};
    return sim_do(sim, person_at(step), &command);
}

bool sim_leave(struct simulated *sim, const struct batch *batch, const struct step *step,
               int64_t first, int64_t count, const char *outcome, bool *left)
{
    struct answer answer;
    struct message command = {
        .kind = COMMAND_leave_step,
        .leave_step = {batch->name, step->base.name, first, count, outcome,
                       strcmp(outcome, "pass") == 0 ? NULL : "as chance would have it"}};
    if (!sim_ask(sim, person_at(step), &command, &answer))
        return false;
    *left |= answer.accepted;
    return true;
}

/* The outcome that chance has for a unit that is not good, by the shares that the spec expects. */
static int bad_outcome(struct simulated *sim, const struct batch *batch, const struct step *step)
{
    double at = sim_chance(sim) * sim_bad_share(batch, step);
    for (int i = 0; i < BAD_OUTCOME_COUNT; i++) {
        at -= share_of(batch, step, bad_outcomes[i]);
        if (at < 0)
            return i;
    }
    return 0;
}

bool sim_leave_badly(struct simulated *sim, const struct batch *batch, const struct step *step,
                     int64_t unit, bool *left)
{
    int first = bad_outcome(sim, batch, step);
    for (int i = 0; i < BAD_OUTCOME_COUNT; i++) {
        enum outcome outcome = bad_outcomes[(first + i) % BAD_OUTCOME_COUNT];
        bool gone = false;
        if (!has_outcome(step, outcome))
            continue;
        if (!sim_leave(sim, batch, step, unit, 1, outcome_names[outcome], &gone))
            return false;
        if (gone) {
            *left = true;
            return true;
        }
    }
    return true;
}

bool sim_retry(struct simulated *sim, const struct batch *batch, int64_t unit, bool *gone)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    for (int i = 0; i < workflow->step_count && !*gone; i++) {
        const struct step *step = workflow->steps[i];
        struct answer answer;
        if (!step->retry || !unit_passed(batch, unit, step, OUTCOME_FAILURE))
            continue;
        struct message command = {
            .kind = COMMAND_dispose_unit,
            .dispose_unit = {batch->name, unit, step->base.name, "the run failed"}};
        if (!sim_ask(sim, simulated_inspector, &command, &answer))
            return false;
        *gone = answer.accepted;
    }
    return true;
}
