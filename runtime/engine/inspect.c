/* Inspections: what is measured and judged, when a lot's sample is whole, and who may pass. */
#include "engine/deciding.h"

#include <string.h>

/* ---- the sample ---- */

/* Whether a sample stands for others: each form but `all`. */
static bool judges_lot(const struct sample *sample)
{
    return sample && sample->form != SAMPLE_ALL;
}

static enum severity_of_inspection severity_of(const struct batch *batch, const struct step *step)
{
    const struct product_state *product = batch->product;
    if (!sample_switches(step->sample) || batch->revision != product->current ||
        step->index >= product->switching_count)
        return INSPECTION_NORMAL;
    return (enum severity_of_inspection)product->switching[step->index].severity;
}

/* The plan for what stands at the inspection; all of it where inspection by sample is discontinued. */
static bool plan_of(struct deciding *at, const struct batch *batch, const struct step *step,
                    struct sampling_plan *plan)
{
    const struct product_state *product = batch->product;
    int32_t lot = units_at(batch, step->index);
    struct failure failure;

    if (!sampling_plan(step->sample, lot ? lot : 1, severity_of(batch, step), plan, &failure))
        return refuse(at, "%s", failure.message);
    bool discontinued = batch->revision == product->current && sample_switches(step->sample) &&
                        step->index < product->switching_count &&
                        switching_is_discontinued(&product->switching[step->index]);
    if (discontinued)
        *plan = (struct sampling_plan){.n = lot, .re = 1, .all = true};
    return true;
}

/* Adds lot_judged where what has just happened makes the sample whole. */
static bool judge_if_whole(struct deciding *at, const struct batch *batch, const struct step *step,
                           int64_t unit, uint64_t bit, bool good)
{
    const struct batch_step *done = &batch->steps[step->index];
    const struct piece *piece = &batch->units[unit - 1];
    struct sampling_plan plan;

    if (step->base.kind != KIND_inspect || !judges_lot(step->sample) || done->judged)
        return true;
    if (!plan_of(at, batch, step, &plan))
        return false;
    bool whole = piece->checks != check_bits(step) && (piece->checks | bit) == check_bits(step);
    int64_t checked = done->checked + whole, found = done->defective + (!good && !piece->defective);
    if (checked < plan.n)
        return true;
    struct lot_result result = {0};
    struct failure failure;
    int32_t size = units_at(batch, step->index);
    if (!switching_judge(step->sample, severity_of(batch, step), size, found, &result, &failure))
        return refuse(at, "%s", failure.message);
    struct message *event = happens(at, EVENT_lot_judged);
    event->lot_judged =
        (struct lot_judged){batch->name,
                            at->command->kind == COMMAND_measure ? at->command->measure.step
                                                                 : at->command->judge_check.step,
                            size,
                            checked,
                            found,
                            severity_of(batch, step),
                            found <= plan.ac,
                            result.points};
    return true;
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

static const struct piece *unit_at(struct deciding *at, const struct batch *batch,
                                   const struct step *step, int64_t number)
{
    if (number < 1 || number > batch->unit_count || batch->units[number - 1].at != step->index) {
        refuse(at, "unit %lld of batch %s is not at %s", (long long)number, batch->name,
               step->base.name);
        return NULL;
    }
    return &batch->units[number - 1];
}

bool decide_measure(struct deciding *at)
{
    const struct measure *asked = &at->command->measure;
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;
    struct rational reading;

    if (!step)
        return false;
    const struct check *check = check_of_dimension(step, asked->part, asked->dimension);
    if (!check)
        return refuse_by(at, batch->revision, step->base.span, "%s checks no %s.%s", asked->step,
                         asked->part, asked->dimension);
    const struct piece *unit = unit_at(at, batch, step, asked->unit);
    if (!unit)
        return false;
    bool negative = *asked->value == '-';
    if (!rational_parse(asked->value + negative, strlen(asked->value + negative), &reading))
        return refuse(at, "`%s` is no reading; type digits, and a point", asked->value);
    const struct size *size = size_of(batch, check, unit);
    bool within = !size || is_within(batch, size, negative ? rational_negate(reading) : reading);
    happens_as_asked(at, EVENT_unit_measured)->unit_measured.within = within;
    return judge_if_whole(at, batch, step, asked->unit, check_bit(step, check), within);
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

bool decide_judge_check(struct deciding *at)
{
    const struct judge_check *asked = &at->command->judge_check;
    const struct batch *batch = running_batch(at, asked->batch);
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
    if (asked->unit && !unit_at(at, batch, step, asked->unit))
        return false;
    if (!asked->unit && !units_at(batch, step->index))
        return refuse(at, "no unit of batch %s is at %s", batch->name, asked->step);
    happens_as_asked(at, EVENT_check_judged);
    return !asked->unit ||
           judge_if_whole(at, batch, step, asked->unit, check_bit(step, check), asked->good);
}

/* ---- passing ---- */

static bool counts_pieces(const struct step *step)
{
    for (const struct check *check = step->check; check; check = check->next)
        if (check->form == CHECK_COUNT)
            return true;
    return false;
}

static bool is_sorted(struct deciding *at, const struct batch *batch, const struct step *step,
                      int64_t first, int64_t count, const char *why)
{
    for (int64_t i = first; i < first + count; i++)
        if (batch->units[i - 1].checks != check_bits(step))
            return refuse_by(at, batch->revision, step->sample->span,
                             "%s, and unit %lld is not inspected yet", why, (long long)i);
    return true;
}

bool may_pass(struct deciding *at, const struct batch *batch, const struct step *step,
              int64_t first, int64_t count)
{
    const struct batch_step *done = &batch->steps[step->index];
    struct sampling_plan plan;

    if (counts_pieces(step) && !done->counted)
        return refuse_by(at, batch->revision, step->check->span, "the pieces are not counted yet");
    for (int64_t i = first; i < first + count; i++)
        if (batch->units[i - 1].defective)
            return refuse(at, "unit %lld was found defective: it leaves by rework or reject",
                          (long long)i);
    if (step->base.kind != KIND_inspect)
        return true;
    if (!judges_lot(step->sample))
        return is_sorted(at, batch, step, first, count, "every unit is inspected");
    if (done->judged)
        return done->accepted || is_sorted(at, batch, step, first, count,
                                           "the lot was not accepted: sort it, or reject it");
    if (!plan_of(at, batch, step, &plan))
        return false;
    return refuse_by(at, batch->revision, step->sample->span,
                     "the sample is not whole: %d of %ld are inspected", done->checked, plan.n);
}
