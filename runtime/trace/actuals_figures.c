/* Figures: medians and quartiles of times, shares of outcomes, and which of them are firm. Exact. */
#include "trace/actuals_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- times that go by the batch ---- */

/* What has not been through the step may still come. */
static bool is_through(const struct actuals_batch *batch, int step)
{
    for (int32_t i = 0; i < batch->unit_count; i++)
        if (batch->units[i].at >= 0 && batch->units[i].at <= step)
            return false;
    return batch->started;
}

static void add_batch_time(struct actuals *actuals, struct actuals_step *step,
                           const struct actuals_batch *batch)
{
    const struct batch_visit *visit = &batch->visits[step->step->index];
    struct actuals_time time = {.ms = visit->timed_ms, .units = visit->left};

    if (!batch->counts || visit->early || !visit->left || visit->timed != visit->left ||
        !is_through(batch, step->step->index))
        return;
    time.expected_s = work_of_batch(actuals, batch, step->step, &time.count);
    if (rational_sign(time.count) > 0)
        *actuals_add_time(step) = time;
}

/* ---- medians ---- */

struct weighed {
    struct rational value;
    int64_t weight;
};

static int by_value(const void *a, const void *b)
{
    return rational_compare(((const struct weighed *)a)->value, ((const struct weighed *)b)->value);
}

/* The value that a share of quarters/4 of the weight does not exceed; between two where both are right. */
static struct rational quartile(const struct weighed *sorted, int64_t count, int64_t weight,
                                int quarters)
{
    int64_t reached = 0, i = 0;

    while (4 * (reached + sorted[i].weight) < quarters * weight)
        reached += sorted[i++].weight;
    if (4 * (reached + sorted[i].weight) > quarters * weight || i + 1 == count)
        return sorted[i].value;
    return rational_divide(rational_add(sorted[i].value, sorted[i + 1].value), rational_integer(2));
}

static struct rational seconds_of(const struct actuals_time *time)
{
    return rational_fraction(time->ms, 1000);
}

/* What the spec says for all of it together, and how many of the basis that was. */
static void sum_expected(struct actuals_step *step, struct rational *expected,
                         struct rational *count)
{
    *expected = *count = RATIONAL_ZERO;
    for (int64_t i = 0; i < step->time_count; i++) {
        step->timed_units += step->times[i].units;
        *expected = rational_add(*expected, step->times[i].expected_s);
        *count = rational_add(*count, step->times[i].count);
    }
}

/* Each observation as a multiple of what the spec says, so that SKUs of different times can be put together; in seconds
   where it says nothing. By the unit, each unit counts as much as another. */
static int64_t weigh_times(const struct actuals_step *step, struct weighed *sorted, int64_t *weight)
{
    int64_t count = 0;

    for (int64_t i = 0; i < step->time_count; i++) {
        const struct actuals_time *time = &step->times[i];
        struct rational per = step->has_spec ? time->expected_s : time->count;
        if (rational_sign(per) <= 0)
            continue;
        sorted[count] = (struct weighed){rational_divide(seconds_of(time), per),
                                         work_by_unit(step->step) ? time->units : 1};
        *weight += sorted[count++].weight;
    }
    qsort(sorted, (size_t)count, sizeof *sorted, by_value);
    return count;
}

/* Enough of them, far enough from the spec, and farther than the median of so many would stray: 1.57 IQR / sqrt n, the
   notch of a box plot (McGill, Tukey, Larsen 1978). */
static bool is_firm_time(struct rational factor, struct rational spread, int64_t count)
{
    struct rational off = rational_subtract(factor, RATIONAL_ONE);
    struct rational notch = rational_multiply(rational_fraction(157, 100), spread);
    struct rational squared = rational_multiply(off, off);
    struct rational least = rational_fraction(ACTUALS_MATERIAL_PERCENT, 100);

    return count >= ACTUALS_TIMES_NEEDED &&
           rational_compare(squared, rational_multiply(least, least)) >= 0 &&
           rational_compare(rational_multiply(squared, rational_integer(count)),
                            rational_multiply(notch, notch)) > 0;
}

static void reckon_time(struct actuals_step *step)
{
    struct rational expected, count;
    int64_t weight = 0;
    struct weighed *sorted = memory_alloc(sizeof *sorted * (size_t)(step->time_count + 1));

    sum_expected(step, &expected, &count);
    step->has_spec = rational_sign(expected) > 0;
    int64_t used = weigh_times(step, sorted, &weight);
    step->has_time = used > 0;
    if (step->has_time) {
        struct rational low = quartile(sorted, used, weight, 1);
        struct rational median = quartile(sorted, used, weight, 2);
        struct rational high = quartile(sorted, used, weight, 3);
        step->spec_s = step->has_spec ? rational_divide(expected, count) : RATIONAL_ZERO;
        struct rational scale = step->has_spec ? step->spec_s : RATIONAL_ONE;
        step->low_s = rational_multiply(low, scale);
        step->median_s = rational_multiply(median, scale);
        step->high_s = rational_multiply(high, scale);
        step->factor = step->has_spec ? median : RATIONAL_ONE;
        step->firm = step->has_spec && is_firm_time(median, rational_subtract(high, low), used);
    }
    free(sorted);
}

/* ---- shares ---- */

/* Enough units, a material difference, and one that chance explains less than one time in twenty (the score test). */
static bool is_firm_share(const struct actuals_share *share, int64_t left)
{
    struct rational off = rational_subtract(share->measured, share->expected);
    struct rational squared = rational_multiply(off, off);
    struct rational least = rational_fraction(ACTUALS_MATERIAL_POINTS, 100);
    struct rational variance =
        rational_multiply(share->expected, rational_subtract(RATIONAL_ONE, share->expected));
    struct rational chance = rational_multiply(rational_fraction(38416, 10000), variance);

    return left >= ACTUALS_UNITS_NEEDED &&
           rational_compare(squared, rational_multiply(least, least)) >= 0 &&
           rational_compare(rational_multiply(squared, rational_integer(left)), chance) > 0;
}

static void reckon_shares(struct actuals_step *step)
{
    struct rational left = rational_integer(step->left);

    for (int outcome = 0; outcome < OUTCOME_COUNT && step->left; outcome++) {
        struct actuals_share *share = &step->shares[outcome];
        share->expected = rational_divide(share->expected, left);
        share->measured = rational_divide(rational_integer(share->count), left);
        share->firm = is_firm_share(share, step->left);
    }
}

/* ---- reasons ---- */

/* Most frequent first, then in the order they came; those that corrections took back are left out. */
static void sort_reasons(struct actuals_step *step)
{
    struct actuals_reason *sorted = NULL;
    while (step->reasons) {
        struct actuals_reason *one = step->reasons, **place = &sorted;
        step->reasons = one->next;
        if (one->count <= 0)
            continue;
        while (*place && (*place)->count >= one->count)
            place = &(*place)->next;
        one->next = *place;
        *place = one;
    }
    step->reasons = sorted;
}

void actuals_reckon(struct actuals *actuals)
{
    for (int i = 0; i < actuals->step_count; i++) {
        struct actuals_step *step = &actuals->steps[i];
        for (const struct actuals_batch *batch = actuals->first_batch; batch; batch = batch->next)
            if (step->untimed == TIMED && !work_by_unit(step->step))
                add_batch_time(actuals, step, batch);
        reckon_time(step);
        reckon_shares(step);
    }
    readings_reckon(actuals);
    for (int i = 0; i < actuals->step_count; i++)
        sort_reasons(&actuals->steps[i]);
}

/* ---- finding a series ---- */

static bool is_meant(const struct actuals_series *series, const char *name, const char *step)
{
    const char *dot = strchr(series->name, '.');
    return (strcmp(series->name, name) == 0 || strcmp(series->title, name) == 0 ||
            (dot && strcmp(dot + 1, name) == 0)) &&
           (!step || strcmp(series->step->base.name, step) == 0);
}

const struct actuals_series *actuals_find_series(const struct actuals *actuals, const char *name,
                                                 const char *step, struct failure *failure)
{
    const struct actuals_series *found = NULL;
    struct buffer list = {0};
    int meant = 0;

    for (const struct actuals_series *series = actuals->series; series; series = series->next)
        if (is_meant(series, name, step)) {
            found = series;
            meant++;
        }
    for (const struct actuals_series *series = actuals->series; series; series = series->next)
        if (meant == 0 || is_meant(series, name, step))
            buffer_addf(&list, "%s`%s`", list.length ? ", " : "", series->title);
    if (meant == 0)
        fail(failure,
             list.length ? "nothing was read of `%s`; there are readings of %s"
                         : "nothing was read of `%s`%s",
             name, buffer_text(&list));
    if (meant > 1)
        fail(failure, "`%s` is one of %s; say which", name, buffer_text(&list));
    buffer_free(&list);
    return meant == 1 ? found : NULL;
}

/* ---- broken rules in words ---- */

static void name_point(struct buffer *out, const struct actuals_series *series, bool range, int i)
{
    const struct actuals_reading *readings = series->readings;

    if (series->group_of_point) {
        int at = 0;
        while (readings[at].group != series->group_of_point[i])
            at++;
        buffer_addf(out, "%s of batch %s", range ? "range" : "mean", readings[at].batch);
    } else if (range) {
        buffer_addf(out, "from %s/%lld to %s/%lld", readings[i].batch, (long long)readings[i].unit,
                    readings[i + 1].batch, (long long)readings[i + 1].unit);
    } else {
        buffer_addf(out, "%s/%lld", readings[i].batch, (long long)readings[i].unit);
    }
}

static void print_chart(struct buffer *out, const struct actuals_series *series,
                        const struct control_chart *chart, bool range)
{
    for (int i = 0; i < chart->count; i++)
        for (int r = 0; r < CONTROL_RULE_COUNT; r++) {
            if (!(chart->points[i].broken & control_rules[r].rule))
                continue;
            buffer_addf(out, "%s %d (", range ? "range" : "point", i + 1);
            name_point(out, series, range, i);
            buffer_addf(out, "), %s: %s\n", chart->points[i].side < 0 ? "below" : "above",
                        control_rules[r].words);
        }
}

void actuals_print_broken(struct buffer *out, const struct actuals_series *series)
{
    if (!series->control.reckoned)
        return;
    print_chart(out, series, &series->control.values, false);
    print_chart(out, series, &series->control.ranges, true);
}
