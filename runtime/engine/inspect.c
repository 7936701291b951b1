/* Inspections: what is measured and judged, when a lot's sample is whole, and who may pass. */
#include "engine/deciding.h"

#include <string.h>

/* ---- the sample ---- */

static const struct inspection_state *inspection_of(const struct batch *batch,
                                                    const struct step *step)
{
    const struct product_state *product = batch->product;
    bool present = sample_switches(step->sample) && batch->revision == product->current &&
                   step->index < product->inspection_count;
    return present ? &product->inspections[step->index] : NULL; /* else always normal */
}

static enum severity_of_inspection severity_of(const struct batch *batch, const struct step *step)
{
    const struct inspection_state *inspection = inspection_of(batch, step);
    return inspection ? (enum severity_of_inspection)inspection->switching.severity
                      : INSPECTION_NORMAL;
}

/* The lot is the batch: what came, and what is still to come. */
static int32_t lot_size(const struct batch_lot *lot)
{
    return lot->came + lot->to_come > 0 ? lot->came + lot->to_come : 1;
}

bool step_plan(const struct batch *batch, const struct step *step, struct sampling_plan *plan,
               struct failure *failure)
{
    const struct inspection_state *inspection = inspection_of(batch, step);
    int32_t size = lot_size(&batch->steps[step->index].lot);

    if (!sampling_plan(step->sample, size, severity_of(batch, step), plan, failure))
        return false;
    if (inspection && switching_is_discontinued(&inspection->switching))
        *plan = (struct sampling_plan){.n = size, .re = 1, .all = true};
    return true;
}

static bool plan_of(struct deciding *at, const struct batch *batch, const struct step *step,
                    struct sampling_plan *plan)
{
    struct failure failure;
    return step_plan(batch, step, plan, &failure) || refuse(at, "%s", failure.message);
}

/* Adds lot_judged for a lot of which so many were found defective. */
static bool judge_lot(struct deciding *at, const struct batch *batch, const struct step *step,
                      int32_t checked, int32_t defective, long accepted_up_to)
{
    const struct batch_lot *lot = &batch->steps[step->index].lot;
    enum severity_of_inspection severity =
        lot->judged ? (enum severity_of_inspection)lot->severity : severity_of(batch, step);
    int32_t size = lot->judged ? lot->size : lot_size(lot);
    struct lot_result result = {0};
    struct failure failure;

    if (!switching_judge(step->sample, severity, size, defective, &result, &failure))
        return refuse(at, "%s", failure.message);
    happens(at, EVENT_lot_judged)->lot_judged =
        (struct lot_judged){.batch = batch->name,
                            .step = name_of(at, step->base.name),
                            .size = size,
                            .sampled = checked,
                            .found = defective,
                            .severity = severity,
                            .accepted = defective <= accepted_up_to,
                            .points = result.points};
    return true;
}

/* What a finding makes of a unit and of its lot's sample. */
struct change {
    int64_t unit;
    const struct finding *before;
    struct finding after;
    int32_t checked, defective, unchecked; /* of the lot, after it */
};

static struct change change_of(const struct batch *batch, const struct step *step, int64_t unit,
                               const struct check *check, bool good)
{
    const struct batch_lot *lot = &batch->steps[step->index].lot;
    const struct finding *before = unit_finding(batch, unit, step->index);
    struct change change = {unit, before, *before, lot->checked, lot->defective, lot->unchecked};
    uint64_t bit = check_bit(step, check);

    change.after.judged |= bit;
    change.after.bad = good ? change.after.bad & ~bit : change.after.bad | bit;
    if (before->alone)
        return change;
    bool whole = before->judged != check_bits(step) && change.after.judged == check_bits(step);
    change.checked += whole;
    change.unchecked -= whole;
    change.defective += (change.after.bad != 0) - (before->bad != 0);
    return change;
}

/* The sample is whole: as many as the plan says, or all that will ever come. */
static bool is_whole(const struct batch_lot *lot, const struct sampling_plan *plan, int32_t checked,
                     int32_t unchecked)
{
    return checked >= plan->n || (checked > 0 && !unchecked && lot->to_come <= 0);
}

bool sample_is_open(const struct batch *batch, int index, struct sample_open *open)
{
    const struct step *step = batch->revision->made->workflow->steps[index];
    const struct batch_lot *lot = &batch->steps[index].lot;
    struct sampling_plan plan;
    struct failure failure;

    if (step->base.kind != KIND_inspect || !step_judges_lots(step) || lot->judged ||
        batch->steps[index].slot < 0 || !step_plan(batch, step, &plan, &failure) ||
        is_whole(lot, &plan, lot->checked, lot->unchecked))
        return false;
    long left = plan.n - lot->checked;
    if (lot->to_come <= 0 && lot->unchecked && lot->unchecked < left)
        left = lot->unchecked;
    *open = (struct sample_open){(int32_t)left, (int32_t)(plan.ac - lot->defective)};
    return true;
}

static bool is_unseen(const struct batch *batch, int64_t number, const void *step)
{
    const struct finding *finding = unit_finding(batch, number, ((const struct step *)step)->index);
    const struct piece *unit = &batch->units[number - 1];
    return finding->came && !finding->alone && finding->judged != check_bits(step) &&
           unit->at != ((const struct step *)step)->index && unit->at != PLACE_QUARANTINE;
}

/* Adds lot_judged where the change makes the sample whole, or, being a correction, turns what was judged. */
static bool judge_if_whole(struct deciding *at, const struct batch *batch, const struct step *step,
                           const struct change *change, const char *reason)
{
    const struct batch_lot *lot = &batch->steps[step->index].lot;
    struct sampling_plan plan;

    if (!step_judges_lots(step) || change->before->alone)
        return true;
    if (!lot->judged)
        return plan_of(at, batch, step, &plan) &&
               (!is_whole(lot, &plan, change->checked, change->unchecked) ||
                judge_lot(at, batch, step, change->checked, change->defective, plan.ac));
    struct failure failure;
    if (!sampling_plan(step->sample, lot->size, (enum severity_of_inspection)lot->severity, &plan,
                       &failure))
        return refuse(at, "%s", failure.message);
    if (change->defective == lot->defective || (change->defective <= plan.ac) == lot->accepted)
        return true;
    if (!judge_lot(at, batch, step, change->checked, change->defective, plan.ac))
        return false;
    if (change->defective > plan.ac) /* those that passed with the lot come back */
        quarantine_units(at, batch, name_of(at, ""), reason, is_unseen, step);
    return true;
}

bool judge_what_is_left(struct deciding *at, const struct batch *batch, const struct step *step,
                        int64_t first, int64_t count)
{
    const struct batch_lot *lot = &batch->steps[step->index].lot;
    int32_t unchecked = lot->unchecked;
    struct sampling_plan plan;

    if (!step_judges_lots(step) || lot->judged)
        return true;
    for (int64_t i = first; i < first + count; i++) {
        const struct finding *finding = unit_finding(batch, i, step->index);
        unchecked -= finding && !finding->alone && finding->judged != check_bits(step);
    }
    return plan_of(at, batch, step, &plan) &&
           (!is_whole(lot, &plan, lot->checked, unchecked) ||
            judge_lot(at, batch, step, lot->checked, lot->defective, plan.ac));
}

/* ---- measuring ---- */

static const struct size *size_of(const struct batch *batch, const struct check *check,
                                  const struct piece *unit)
{
    struct sku sku;
    sku_at(batch->revision->made, unit->sku, &sku);
    const struct value *size = value_for(&check->name.member->dimension->size, &sku);
    return size->kind == VALUE_SIZE ? size->size : NULL;
}

/* A reading is typed in the unit that the spec states the size in. */
static bool is_within(const struct batch *batch, const struct size *size, struct rational reading)
{
    const struct value *stated = size->nominal.kind == VALUE_NUMBER ? &size->nominal
                                 : size->upper.kind == VALUE_NUMBER ? &size->upper
                                                                    : &size->lower;
    const struct unit *unit = spec_unit(batch->revision->spec, stated);
    if (unit)
        reading = rational_add(rational_multiply(reading, unit->scale), unit->offset);
    return (size->lower.kind != VALUE_NUMBER ||
            rational_compare(reading, size->lower.number) >= 0) &&
           (size->upper.kind != VALUE_NUMBER || rational_compare(reading, size->upper.number) <= 0);
}

/* Whether something may be found on this unit: it stands there, or, for a correction, was there and this was judged. */
static bool may_find(struct deciding *at, const struct batch *batch, const struct step *step,
                     const struct check *check, int64_t number, const char *name,
                     const char *reason)
{
    if (number < 1 || number > batch->unit_count)
        return refuse(at, "batch %s has the units 1 to %d", batch->name, batch->unit_count);
    const struct finding *before = unit_finding(batch, number, step->index);
    bool judged = (before->judged & check_bit(step, check)) != 0;
    if (!judged && !stands_at(at, batch, step, number))
        return false;
    return !judged || *reason ||
           refuse(at, "%s of unit %lld was judged already; a correction says why", name,
                  (long long)number);
}

/* What follows from a finding: the lot is judged, or a unit that passed comes back. */
static bool follow(struct deciding *at, const struct batch *batch, const struct step *step,
                   const struct check *check, int64_t number, bool good, const char *reason)
{
    const struct piece *unit = &batch->units[number - 1];
    struct change change = change_of(batch, step, number, check, good);

    if (!judge_if_whole(at, batch, step, &change, reason))
        return false;
    bool gone = unit->at != step->index && unit->stood != step->index;
    if (gone && change.after.bad && !change.before->bad && unit->at != PLACE_SCRAP &&
        !is_shipped(unit) && !(unit->at == PLACE_QUARANTINE && unit->stood == PLACE_NONE))
        happens(at, EVENT_unit_quarantined)->unit_quarantined =
            (struct unit_quarantined){.batch = batch->name,
                                      .unit = number,
                                      .reason = reason,
                                      .count = 1,
                                      .lot = name_of(at, "")};
    return true;
}

/* A batch that was started; a correction may come after it was closed. */
static const struct batch *batch_to_find_on(struct deciding *at, const char *name,
                                            const char *reason)
{
    const struct batch *batch = state_batch(at->state, name);
    return *reason && batch && batch->started ? batch : running_batch(at, name);
}

bool decide_measure(struct deciding *at)
{
    const struct measure *asked = &at->command->measure;
    const struct batch *batch = batch_to_find_on(at, asked->batch, asked->reason);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;
    struct rational reading;

    if (!step)
        return false;
    const struct check *check = check_of_dimension(step, asked->part, asked->dimension);
    if (!check)
        return refuse_by(at, batch->revision, step->base.span, "%s checks no %s.%s", asked->step,
                         asked->part, asked->dimension);
    if (!may_find(at, batch, step, check, asked->unit, asked->dimension, asked->reason))
        return false;
    bool negative = *asked->value == '-';
    if (!rational_parse(asked->value + negative, strlen(asked->value + negative), &reading))
        return refuse(at, "`%s` is no reading; type digits, and a point", asked->value);
    const struct size *size = size_of(batch, check, &batch->units[asked->unit - 1]);
    bool within = !size || is_within(batch, size, negative ? rational_negate(reading) : reading);
    happens_as_asked(at, EVENT_unit_measured)->unit_measured.within = within;
    return follow(at, batch, step, check, asked->unit, within, asked->reason);
}

static bool names_defect(const struct check *check, const char *name)
{
    for (const struct simple *row = check->defects; row; row = row->next) {
        const struct defect *defect = value_defect(&row->value, NULL);
        if (defect && strcmp(defect->base.name, name) == 0)
            return true;
    }
    return false;
}

/* What is counted is counted for all that stand there. */
static bool may_count(struct deciding *at, const struct batch *batch, const struct step *step)
{
    const struct judge_check *asked = &at->command->judge_check;
    const struct batch_step *done = &batch->steps[step->index];

    if (!units_at(batch, step->index))
        return refuse(at, "no unit of batch %s is at %s", batch->name, asked->step);
    return !done->count_judged || *asked->reason ||
           refuse(at, "the pieces at %s were counted already; a correction says why", asked->step);
}

bool decide_judge_check(struct deciding *at)
{
    const struct judge_check *asked = &at->command->judge_check;
    const struct batch *batch = batch_to_find_on(at, asked->batch, asked->reason);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;

    if (!step)
        return false;
    const struct check *check = check_of_name(step, asked->check);
    if (!check)
        return refuse_by(at, batch->revision, step->base.span, "%s has no check %s", asked->step,
                         asked->check);
    if (asked->good != 0 && asked->good != 1)
        return refuse(at, "a check is good (1) or not (0)");
    if ((check->form == CHECK_COUNT) != (asked->unit == 0))
        return refuse_by(at, batch->revision, check->span,
                         asked->unit ? "the pieces are counted once, for all of them"
                                     : "%s is judged unit by unit",
                         asked->check);
    if (!asked->good && check->defects && !names_defect(check, asked->defect))
        return refuse_by(at, batch->revision, check->span, "say which defect: one that %s names",
                         asked->check);
    if (asked->unit ? !may_find(at, batch, step, check, asked->unit, asked->check, asked->reason)
                    : !may_count(at, batch, step))
        return false;
    happens_as_asked(at, EVENT_check_judged);
    bool good = asked->good || defect_is_accepted(check, asked->defect);
    return !asked->unit || follow(at, batch, step, check, asked->unit, good, asked->reason);
}

/* ---- passing ---- */

static const struct check *counting(const struct step *step)
{
    const struct check *check = step->check;
    while (check && check->form != CHECK_COUNT)
        check = check->next;
    return check;
}

/* The first check that the unit did not stand. */
static const struct check *failed_check(const struct step *step, const struct finding *finding)
{
    const struct check *check = step->check;
    while (check && !(finding->bad & check_bit(step, check)))
        check = check->next;
    return check;
}

static bool is_good(struct deciding *at, const struct batch *batch, const struct step *step,
                    int64_t number)
{
    const struct finding *finding = unit_finding(batch, number, step->index);
    return !finding || !finding->bad ||
           refuse_by(at, batch->revision, failed_check(step, finding)->span,
                     "unit %lld was found defective: it leaves by rework or reject",
                     (long long)number);
}

/* Whether a unit was looked at itself, all its checks. */
static bool is_seen(struct deciding *at, const struct batch *batch, const struct step *step,
                    int64_t number, const char *why)
{
    const struct finding *finding = unit_finding(batch, number, step->index);
    return !finding || finding->judged == check_bits(step) ||
           refuse_by(at, batch->revision, step->sample ? step->sample->span : step->base.span,
                     "%s, and unit %lld is not inspected yet", why, (long long)number);
}

/* What came back says nothing of the sample, and waits for nothing but its own inspection. */
static bool all_alone(const struct batch *batch, const struct step *step, int64_t first,
                      int64_t count)
{
    for (int64_t i = first; i < first + count; i++)
        if (!unit_finding(batch, i, step->index)->alone)
            return false;
    return true;
}

bool may_pass(struct deciding *at, const struct batch *batch, const struct step *step,
              int64_t first, int64_t count)
{
    const struct batch_step *done = &batch->steps[step->index];
    const struct batch_lot *lot = &done->lot;
    const struct check *counted = counting(step);
    struct sampling_plan plan;
    bool by_lot = step_judges_lots(step) && done->slot >= 0;

    if (counted && !done->counted)
        return refuse_by(at, batch->revision, counted->span, "the pieces are not counted yet");
    for (int64_t i = first; i < first + count; i++)
        if (!is_good(at, batch, step, i))
            return false;
    if (step->base.kind != KIND_inspect)
        return true;
    bool accepted = lot->accepted;
    if (by_lot && !lot->judged && !all_alone(batch, step, first, count)) {
        if (!plan_of(at, batch, step, &plan))
            return false;
        if (!is_whole(lot, &plan, lot->checked, lot->unchecked))
            return refuse_by(at, batch->revision, step->sample->span,
                             "the sample is not whole: %d of %ld are inspected", lot->checked,
                             plan.n);
        /* It became whole when the last that were to come were lost on their way. */
        if (!judge_lot(at, batch, step, lot->checked, lot->defective, plan.ac))
            return false;
        accepted = lot->defective <= plan.ac;
    }
    for (int64_t i = first; i < first + count; i++) {
        bool alone = by_lot && unit_finding(batch, i, step->index)->alone;
        if (by_lot && accepted && !alone)
            continue;
        if (!is_seen(at, batch, step, i,
                     !by_lot ? "every unit is inspected"
                     : alone ? "what comes back is inspected by itself"
                             : "the lot was not accepted: sort it, or reject it"))
            return false;
    }
    return true;
}
