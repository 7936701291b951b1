/* Simulated work on a batch: at each step what is needed is done, as often good as the spec expects, and the units go on. */
#include "sim/private.h"

#include "base/memory.h"
#include "cost/cost.h"
#include "engine/needs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- how long it takes ---- */

struct pace {
    double bench_s, machine_s; /* a unit */
};

static double seconds(struct rational number)
{
    return rational_to_double(number);
}

/* From what the cost is reckoned with, at the batch's size. */
static struct pace *paces_of(const struct batch *batch, struct arena *arena)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    struct pace *paces = ARENA_ARRAY(arena, struct pace, workflow->step_count);
    struct cost_sheet sheet;
    struct sku sku;

    sku_at(batch->revision->made, batch->units[0].sku, &sku);
    cost_reckon(batch->revision->spec, &sku, rational_integer(batch->unit_count), arena, &sheet);
    for (int i = 0; i < sheet.step_count; i++) {
        const struct cost_step *step = &sheet.steps[i];
        double through = seconds(step->n);
        if (through > 0)
            paces[step->step->index] = (struct pace){seconds(step->labour_s) / through,
                                                     seconds(step->machine_s) / through};
    }
    return paces;
}

/* ---- what is needed ---- */

struct wanted {
    struct need *needs;
    int count, capacity;
};

static bool note_need(const struct need *need, void *data)
{
    struct wanted *wanted = data;
    if (wanted->count == wanted->capacity) {
        wanted->capacity = wanted->capacity ? 2 * wanted->capacity : 32;
        wanted->needs =
            memory_resize(wanted->needs, sizeof *wanted->needs * (size_t)wanted->capacity);
    }
    wanted->needs[wanted->count++] = *need;
    return true;
}

/* A lot lasts for four batches; then another is received. */
static const char *lot_of(struct simulated *sim, const char *what)
{
    const char *name =
        arena_printf(&sim->arena, "%s-lot-%lld", what, (long long)(sim->result->batches + 3) / 4);
    if (state_lot(sim->state, shop_name(sim->shop, name)))
        return name;
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

/* How often the spec expects that a unit is not good here. */
static double bad_share(const struct batch *batch, const struct step *step)
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

/* Which of a unit's checks is the bad one is the first of them that stands here. */
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

static bool satisfy(struct simulated *sim, const struct batch *batch, const struct step *step,
                    const struct need *need, bool good)
{
    const char *name = step->base.name;
    struct message command;

    switch (need->kind) {
    case NEED_LOT: {
        const char *lot = lot_of(sim, need->name);
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

/* Does all that is needed; a unit is bad, with its first check, as often as the spec expects it. */
static bool do_what_is_needed(struct simulated *sim, const struct batch *batch,
                              const struct step *step)
{
    double bad = bad_share(batch, step);
    for (;;) {
        struct wanted wanted = {0};
        int64_t unit = 0, spoiled = 0;
        bool done = true;
        step_needs(batch, step->index, note_need, &wanted);
        for (int i = 0; i < wanted.count && done; i++) {
            const struct need *need = &wanted.needs[i];
            bool first = need->unit && need->unit != unit;
            unit = need->unit;
            bool good = !first || sim_chance(sim) >= bad;
            if (unit && unit == spoiled)
                continue; /* what is bad already is looked at no further */
            if (!good)
                spoiled = unit;
            done = satisfy(sim, batch, step, need, good);
        }
        int count = wanted.count;
        free(wanted.needs);
        if (!done || !count)
            return done;
        if (spoiled || step->base.kind == KIND_gate)
            return true;
    }
}

/* ---- going on ---- */

static const char *person_at(const struct step *step)
{
    return step->base.kind == KIND_inspect || step->base.kind == KIND_gate ? simulated_inspector
                                                                           : simulated_operator;
}

static bool leave(struct simulated *sim, const struct batch *batch, const struct step *step,
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
    double at = sim_chance(sim) * bad_share(batch, step);
    for (int i = 0; i < BAD_OUTCOME_COUNT; i++) {
        at -= share_of(batch, step, bad_outcomes[i]);
        if (at < 0)
            return i;
    }
    return 0;
}

/* By one outcome after the other, until the spec allows it. */
static bool leave_badly(struct simulated *sim, const struct batch *batch, const struct step *step,
                        int64_t unit, bool *left)
{
    int first = bad_outcome(sim, batch, step);
    for (int i = 0; i < BAD_OUTCOME_COUNT; i++) {
        enum outcome outcome = bad_outcomes[(first + i) % BAD_OUTCOME_COUNT];
        bool gone = false;
        if (!has_outcome(step, outcome))
            continue;
        if (!leave(sim, batch, step, unit, 1, outcome_names[outcome], &gone))
            return false;
        if (gone) {
            *left = true;
            sim->result->units_scrapped += batch->units[unit - 1].at == PLACE_SCRAP;
            return true;
        }
    }
    return true;
}

/* Whether a machine or a person spoiled it here, where nothing looks at units. */
static bool is_spoiled(struct simulated *sim, const struct batch *batch, const struct step *step,
                       int64_t unit)
{
    const struct finding *finding = unit_finding(batch, unit, step->index);
    if (finding)
        return finding->bad != 0;
    return sim_chance(sim) < bad_share(batch, step);
}

static bool send_on(struct simulated *sim, const struct batch *batch, const struct step *step,
                    bool *left)
{
    int64_t first = 1;
    for (int64_t i = 1; i <= batch->unit_count + 1; i++) {
        bool stands = i <= batch->unit_count && batch->units[i - 1].at == step->index;
        bool spoiled = stands && is_spoiled(sim, batch, step, i);
        if (stands && !spoiled)
            continue;
        if (i > first && !leave(sim, batch, step, first, i - first, "pass", left))
            return false;
        if (spoiled && !leave_badly(sim, batch, step, i, left))
            return false;
        first = i + 1;
    }
    return true;
}

static bool begin(struct simulated *sim, const struct batch *batch, const struct step *step)
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

/* Nobody works by the clock: a fifth more or less, evenly. */
static double hand(struct simulated *sim)
{
    return 0.8 + 0.4 * sim_chance(sim);
}

static bool work_step(struct simulated *sim, const struct batch *batch, const struct step *step,
                      const struct pace *pace, bool *left)
{
    int32_t count = units_at(batch, step->index);
    if (!begin(sim, batch, step))
        return false;
    sim_machine_works(sim, pace->machine_s * count);
    sim_person_works(sim, pace->bench_s * count * hand(sim));
    if (!do_what_is_needed(sim, batch, step))
        return false;
    if (step->base.kind == KIND_gate) {
        *left = true;
        return true;
    }
    return send_on(sim, batch, step, left);
}

/* A run that failed is made again, as often as the spec says. */
static bool retry(struct simulated *sim, const struct batch *batch, int64_t unit, bool *gone)
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

/* What else came into quarantine is scrapped: a simulated shop has nobody who would look at it. */
static bool clear_quarantine(struct simulated *sim, const struct batch *batch, bool *left)
{
    for (int64_t i = 1; i <= batch->unit_count; i++) {
        struct message command = {.kind = COMMAND_dispose_unit,
                                  .dispose_unit = {batch->name, i, "scrap", "not good enough"}};
        bool gone = false;
        if (batch->units[i - 1].at != PLACE_QUARANTINE)
            continue;
        if (!retry(sim, batch, i, &gone))
            return false;
        *left = true;
        if (gone)
            continue;
        sim->result->units_scrapped++;
        if (!sim_do(sim, simulated_inspector, &command))
            return false;
    }
    return true;
}

bool sim_work_batch(struct simulated *sim, struct batch *batch)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    struct arena arena = {0};
    const struct pace *paces = paces_of(batch, &arena);
    bool good = true;

    while (good && !batch->closed) {
        bool left = false;
        for (int i = 0; i < workflow->step_count && good; i++)
            if (units_at(batch, i))
                good = work_step(sim, batch, workflow->steps[i], &paces[i], &left) &&
                       shop_commit(sim->shop, sim->failure);
        good = good && clear_quarantine(sim, batch, &left);
        if (good && !left && !batch->closed)
            good = fail(sim->failure, "batch %s stands still", batch->name);
    }
    for (int32_t i = 0; i < batch->unit_count; i++)
        sim->result->units_made += batch->units[i].at == PLACE_DONE;
    arena_free(&arena);
    return good;
}
