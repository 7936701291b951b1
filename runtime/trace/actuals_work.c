/* What the spec says of a step's time and yield, for the units and batches that were really there. The same rules as
   cost/, which reckons them for a quantity that is only planned. */
#include "trace/actuals_private.h"

#include <string.h>

/* ---- which times can be seen ---- */

enum actuals_untimed work_untimed(const struct step *step)
{
    static const bool at_bench[KIND_COUNT] = {
        [KIND_batch] = true,    [KIND_inspect] = true, [KIND_finish] = true,
        [KIND_assemble] = true, [KIND_pack] = true,    [KIND_ship] = true,
    };
    return !at_bench[step->base.kind] ? UNTIMED_KIND : step->wait ? UNTIMED_WAIT : TIMED;
}

/* By the unit, or by a part of it. */
static bool goes_by_unit(const struct per *row)
{
    const char *word = value_word(&row->basis, NULL);
    return value_part(&row->basis, NULL) || !word || strcmp(word, "unit") == 0;
}

static bool has_lines(const struct step *step)
{
    for (const struct instruction *line = step->do_; line; line = line->next)
        if (line->time)
            return true;
    return step->using != NULL;
}

bool work_by_unit(const struct step *step)
{
    return !step->setup && (!step->time || goes_by_unit(step->time));
}

const char *work_basis(const struct step *step)
{
    if (work_by_unit(step))
        return "unit";
    bool only_time = step->time && !step->setup && !has_lines(step);
    return only_time ? value_word(&step->time->basis, NULL) : "batch";
}

/* ---- times ---- */

static struct rational lines_s(const struct spec *spec, const struct instruction *lines,
                               const struct sku *sku)
{
    struct rational sum = RATIONAL_ZERO;
    for (const struct instruction *line = lines; line; line = line->next)
        if (line->time)
            sum = rational_add(sum, value_number(spec, &line->time->value, sku, RATIONAL_ZERO));
    return sum;
}

/* Of a time by the unit or by a part; zero for any other basis. */
static struct rational per_unit_s(const struct spec *spec, const struct per *row,
                                  const struct sku *sku)
{
    if (!row || !goes_by_unit(row))
        return RATIONAL_ZERO;
    struct rational amount = value_number(spec, &row->amount, sku, RATIONAL_ZERO);
    const struct part *part = value_part(&row->basis, sku);
    return part ? rational_multiply(amount, contained_count(sku->product, &part->base, sku, true))
                : amount;
}

struct rational work_of_unit(const struct spec *spec, const struct step *step,
                             const struct sku *sku)
{
    struct rational sum =
        rational_add(lines_s(spec, step->do_, sku), per_unit_s(spec, step->time, sku));

    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, sku);
        if (standard)
            sum = rational_add(sum, lines_s(spec, standard->do_, sku));
    }
    return sum;
}

/* Orders that units of the batch are for. */
static int64_t count_orders(const struct actuals_batch *batch)
{
    struct table seen = {0};
    for (int32_t i = 0; i < batch->unit_count; i++) {
        const char *order = batch->units[i].order;
        if (*order && !table_get(&seen, order, NULL))
            table_put(&seen, order, NULL, (void *)(uintptr_t)order);
    }
    int64_t count = seen.count;
    table_free(&seen);
    return count;
}

/* As cost/ counts them: of the step itself or of the nearest print or cut before it. */
static int64_t count_plates(const struct actuals *actuals, const struct actuals_batch *batch,
                            const struct step *step)
{
    struct rational plates = RATIONAL_ZERO;
    int at = step->index;

    while (at >= 0 && !actuals->steps[at].step->plate)
        at--;
    for (const struct counted *row = at >= 0 ? actuals->steps[at].step->plate : NULL; row;
         row = row->next) {
        struct rational pieces = RATIONAL_ZERO, size = RATIONAL_ONE;
        for (int32_t i = 0; i < batch->unit_count; i++) {
            struct sku sku;
            sku_at(actuals->product, batch->units[i].sku < 0 ? 0 : batch->units[i].sku, &sku);
            const struct part *part = value_part(&row->what, &sku);
            size = value_number(actuals->spec, &row->count, &sku, RATIONAL_ONE);
            if (part)
                pieces = rational_add(pieces,
                                      contained_count(actuals->product, &part->base, &sku, true));
        }
        if (rational_sign(size) > 0)
            plates = rational_max(plates, rational_ceil(rational_divide(pieces, size)));
    }
    return rational_is_zero(plates) ? 1 : rational_to_int(plates);
}

/* How many of a basis the batch was; 0 where the record does not tell. */
static int64_t count_basis(const struct actuals *actuals, const struct actuals_batch *batch,
                           const struct step *step, const char *basis)
{
    const struct batch_visit *visit = &batch->visits[step->index];
    if (strcmp(basis, "batch") == 0)
        return 1;
    if (strcmp(basis, "sample") == 0)
        return visit->inspected;
    if (strcmp(basis, "order") == 0)
        return count_orders(batch);
    if (strcmp(basis, "plate") == 0)
        return count_plates(actuals, batch, step);
    return strcmp(basis, "unit") == 0 ? visit->left : 0;
}

/* A time or a setup that does not go by the unit, for the whole batch. */
static struct rational per_batch_s(const struct actuals *actuals, const struct actuals_batch *batch,
                                   const struct step *step, const struct per *row,
                                   const char *unsaid)
{
    const char *word = row ? value_word(&row->basis, NULL) : NULL;
    struct sku sku;

    if (!row)
        return RATIONAL_ZERO;
    sku_at(actuals->product, batch->unit_count && batch->units[0].sku > 0 ? batch->units[0].sku : 0,
           &sku);
    int64_t count = count_basis(actuals, batch, step, word ? word : unsaid);
    return rational_multiply(value_number(actuals->spec, &row->amount, &sku, RATIONAL_ZERO),
                             rational_integer(count));
}

struct rational work_of_batch(const struct actuals *actuals, const struct actuals_batch *batch,
                              const struct step *step, struct rational *count)
{
    struct rational sum = per_batch_s(actuals, batch, step, step->setup, "batch");

    if (step->time && !goes_by_unit(step->time))
        sum = rational_add(sum, per_batch_s(actuals, batch, step, step->time, "unit"));
    *count = rational_integer(count_basis(actuals, batch, step, work_basis(step)));
    return rational_add(sum, batch->visits[step->index].expected_s);
}

/* ---- shares ---- */

static struct rational said_share(const struct spec *spec, const struct step *step, int outcome,
                                  const struct sku *sku)
{
    const struct route *route = step_route(step, outcome);
    if (!route->present)
        return RATIONAL_ZERO;
    if (route->expect)
        return value_number(spec, route->expect, sku, RATIONAL_ZERO);
    if (outcome == OUTCOME_FAILURE && step->yield)
        return rational_subtract(RATIONAL_ONE,
                                 value_number(spec, &step->yield->value, sku, RATIONAL_ONE));
    return RATIONAL_ZERO;
}

struct rational work_share(const struct spec *spec, const struct step *step, int outcome,
                           const struct sku *sku)
{
    struct rational rest = RATIONAL_ONE;

    if (outcome != OUTCOME_PASS && outcome != OUTCOME_APPROVE)
        return said_share(spec, step, outcome, sku);
    if (!step_route(step, outcome)->present)
        return RATIONAL_ZERO;
    for (int other = 0; other < OUTCOME_COUNT; other++)
        if (other != OUTCOME_PASS && other != OUTCOME_APPROVE)
            rest = rational_subtract(rest, said_share(spec, step, other, sku));
    return rational_max(rest, RATIONAL_ZERO);
}
