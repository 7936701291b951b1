#include "engine/needs.h"

#include "engine/deciding.h"

#include <string.h>

struct asking {
    const struct batch *batch;
    const struct step *step;
    const struct batch_step *done;
    need_visit *visit;
    void *data;
    bool over; /* the visitor has heard enough */
};

static void want(struct asking *at, const struct need *need)
{
    at->over = at->over || !at->visit(need, at->data);
}

/* ---- lots, parameters ---- */

static bool want_lot(const struct declaration *what, void *data)
{
    struct asking *at = data;
    for (const struct lot_use *use = at->done->lots; use; use = use->next)
        if (use->current && strcmp(use->lot->what, what->name) == 0)
            return true;
    want(at, &(struct need){.kind = NEED_LOT, .name = what->name, .part = "", .span = what->span});
    return !at->over;
}

/* Of each SKU that stands there; a material that several want is asked for once, being said before the next is looked at
   is the visitor's business. */
static void want_lots(struct asking *at)
{
    const struct batch *batch = at->batch;
    for (int32_t i = 0; i < batch->unit_count && !at->over; i++) {
        struct sku sku;
        bool again = false;
        if (batch->units[i].at != at->step->index)
            continue;
        for (int32_t k = 0; k < i && !again; k++)
            again =
                batch->units[k].at == at->step->index && batch->units[k].sku == batch->units[i].sku;
        if (again)
            continue;
        sku_at(batch->revision->made, batch->units[i].sku, &sku);
        for_each_tracked(at->step, &sku, want_lot, at);
    }
}

static void want_parameters(struct asking *at)
{
    for (const struct parameter *row = at->step->record; row && !at->over; row = row->next) {
        const struct parameter_value *value = at->done->parameters;
        while (value && strcmp(value->name, row->name.word) != 0)
            value = value->next;
        if (!value)
            want(at, &(struct need){.kind = NEED_PARAMETER,
                                    .name = row->name.word,
                                    .part = "",
                                    .span = row->span});
    }
}

/* ---- checks ---- */

static struct need need_of_check(const struct check *check, int64_t unit)
{
    struct need need = {.check = check, .unit = unit, .part = "", .span = check->span};
    const struct value *name = &check->name;
    if (name->kind == VALUE_MEMBER) {
        need.kind = NEED_READING;
        need.part = name->member->declaration->name;
        need.name = name->member->name;
    } else {
        need.kind = check->form == CHECK_COUNT ? NEED_COUNT : NEED_JUDGEMENT;
        need.name = name->word;
    }
    return need;
}

static void want_count(struct asking *at)
{
    for (const struct check *check = at->step->check; check && !at->over; check = check->next)
        if (check->form == CHECK_COUNT && !at->done->counted) {
            struct need need = need_of_check(check, 0);
            want(at, &need);
        }
}

static void want_findings(struct asking *at, int64_t number, const struct finding *finding)
{
    for (const struct check *check = at->step->check; check && !at->over; check = check->next) {
        uint64_t bit = check_bit(at->step, check);
        if (!bit || finding->judged & bit)
            continue;
        struct need need = need_of_check(check, number);
        want(at, &need);
    }
}

/* How many more units the plan wants looked at; all, where each is. */
static long units_wanted(const struct asking *at)
{
    const struct batch_lot *lot = &at->done->lot;
    struct sampling_plan plan;
    struct failure failure;
    if (!step_judges_lots(at->step) || lot->judged)
        return lot->judged && lot->accepted ? 0 : at->batch->unit_count;
    return step_plan(at->batch, at->step, &plan, &failure) ? plan.n - lot->checked : 0;
}

static void want_inspection(struct asking *at)
{
    const struct batch *batch = at->batch;
    long left = units_wanted(at);
    for (int32_t i = 1; i <= batch->unit_count && !at->over; i++) {
        const struct finding *finding = unit_finding(batch, i, at->step->index);
        if (!finding || batch->units[i - 1].at != at->step->index || finding->bad ||
            finding->judged == check_bits(at->step) || (left <= 0 && !finding->alone))
            continue;
        left -= !finding->alone;
        want_findings(at, i, finding);
    }
}

void step_needs(const struct batch *batch, int step, need_visit *visit, void *data)
{
    struct asking at = {.batch = batch,
                        .step = batch->revision->made->workflow->steps[step],
                        .done = &batch->steps[step],
                        .visit = visit,
                        .data = data};
    if (!units_at(batch, step))
        return;
    want_lots(&at);
    want_parameters(&at);
    want_count(&at);
    if (at.step->base.kind == KIND_inspect)
        want_inspection(&at);
    if (at.step->base.kind == KIND_gate && !at.over)
        want(&at, &(struct need){.kind = NEED_SIGNATURE,
                                 .name = value_declaration(&at.step->by->value, NULL)->name,
                                 .part = "",
                                 .span = at.step->by->span});
}
