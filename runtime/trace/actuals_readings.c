/* Readings of dimensions: a series for each dimension at each step, and for each size that its SKUs have. */
#include "trace/actuals_private.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* ---- a size, in the unit that readings are typed in ---- */

static const struct value *stated_value(const struct size *size)
{
    return size->nominal.kind == VALUE_NUMBER ? &size->nominal
           : size->upper.kind == VALUE_NUMBER ? &size->upper
                                              : &size->lower;
}

static bool in_unit(const struct value *value, const struct unit *unit, struct rational *number)
{
    *number = RATIONAL_ZERO;
    if (value->kind != VALUE_NUMBER)
        return false;
    *number = unit ? rational_divide(rational_subtract(value->number, unit->offset), unit->scale)
                   : value->number;
    return true;
}

static bool same_number(const struct value *a, const struct value *b)
{
    return a->kind == VALUE_NUMBER ? b->kind == VALUE_NUMBER && rational_equal(a->number, b->number)
                                   : b->kind != VALUE_NUMBER;
}

static bool same_unit(const struct spec *a_spec, const struct size *a, const struct spec *b_spec,
                      const struct size *b)
{
    const struct unit *one = spec_unit(a_spec, stated_value(a));
    const struct unit *other = spec_unit(b_spec, stated_value(b));
    return one && other ? rational_equal(one->scale, other->scale) &&
                              rational_equal(one->offset, other->offset)
                        : !one && !other;
}

static const struct check *check_named(const struct workflow *workflow, const char *step,
                                       const char *part, const char *dimension)
{
    for (int i = 0; i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, step) == 0)
            return check_of_dimension(workflow->steps[i], part, dimension);
    return NULL;
}

static const struct size *size_for(const struct check *check, const struct product *product,
                                   int32_t index)
{
    struct sku sku;
    sku_at(product, index, &sku);
    const struct value *size = value_for(&check->name.member->dimension->size, &sku);
    return size->kind == VALUE_SIZE ? size->size : NULL;
}

/* A batch keeps the revision it was opened with: where that had another nominal size, its readings are of something
   else. Limits may have moved: they do not change what was made. */
static bool is_comparable(struct actuals *actuals, const struct actuals_batch *batch,
                          const struct unit_measured *measured, const struct size *size,
                          int32_t index)
{
    const struct revision *own = batch->revision;
    struct sku sku;

    if (own == actuals->revision)
        return true;
    sku_at(actuals->product, index, &sku);
    if (!own ||
        !sku_find(own->spec, own->made, sku_code(actuals->spec, &sku, &actuals->arena), &sku))
        return false;
    const struct check *check =
        check_named(own->made->workflow, measured->step, measured->part, measured->dimension);
    const struct size *then = check ? size_for(check, own->made, (int32_t)sku.index) : NULL;
    return then && same_number(&then->nominal, &size->nominal) &&
           same_unit(own->spec, then, actuals->spec, size);
}

/* ---- series ---- */

static bool is_of(const struct actuals_series *series, const struct step *step,
                  const struct dimension_row *dimension, const struct size *size)
{
    return series->step == step && series->dimension == dimension &&
           (series->size == size || (same_number(&series->size->nominal, &size->nominal) &&
                                     same_number(&series->size->lower, &size->lower) &&
                                     same_number(&series->size->upper, &size->upper)));
}

static struct actuals_series *series_of(struct actuals *actuals, const struct step *step,
                                        const struct check *check, const struct size *size)
{
    const struct member *member = check->name.member;
    const struct unit *unit = spec_unit(actuals->spec, stated_value(size));
    struct actuals_series **place = &actuals->series;

    while (*place && !is_of(*place, step, member->dimension, size))
        place = &(*place)->next;
    if (*place)
        return *place;
    struct actuals_series *series = ARENA_NEW(&actuals->arena, struct actuals_series);
    *series = (struct actuals_series){
        .step = step,
        .dimension = member->dimension,
        .size = size,
        .name = arena_printf(&actuals->arena, "%s.%s", member->declaration->name, member->name),
        .unit = unit          ? unit->text
                : size->scale ? size->scale
                              : ""};
    series->has_lower = in_unit(&size->lower, unit, &series->lower);
    series->has_upper = in_unit(&size->upper, unit, &series->upper);
    series->has_nominal = in_unit(&size->nominal, unit, &series->nominal);
    return *place = series;
}

static int group_of(struct actuals_series *series, const char *batch)
{
    intptr_t group = (intptr_t)table_get(&series->groups, batch, NULL); /* from 1 */
    if (!group) {
        group = ++series->group_count;
        table_put(&series->groups, batch, NULL, (void *)group);
    }
    return (int)group - 1;
}

static struct actuals_reading *add_reading(struct actuals_series *series)
{
    if (series->count == series->capacity) {
        series->capacity = series->capacity ? 2 * series->capacity : 32;
        series->readings =
            memory_resize(series->readings, sizeof *series->readings * (size_t)series->capacity);
    }
    return &series->readings[series->count++];
}

/* ---- taking a reading ---- */

static bool read_number(const char *text, struct rational *number, int *places)
{
    bool negative = *text == '-';
    const char *point = strchr(text, '.');
    if (!rational_parse(text + negative, strlen(text + negative), number) ||
        !isfinite(rational_to_double(*number))) /* hundreds of digits: no gauge has them */
        return false;
    if (negative)
        *number = rational_negate(*number);
    *places = point ? (int)strlen(point + 1) : 0;
    return true;
}

static bool is_outside(const struct actuals_series *series, struct rational value)
{
    return (series->has_lower && rational_compare(value, series->lower) < 0) ||
           (series->has_upper && rational_compare(value, series->upper) > 0);
}

/* Keeps a first reading, or puts a correction in its place; a reading after the unit had left is only counted. */
static void keep(struct actuals *actuals, struct actuals_batch *batch,
                 struct actuals_series *series, const struct actuals_reading *reading)
{
    struct actuals_unit *unit = &batch->units[reading->unit - 1];
    bool again;
    struct unit_finding *finding = actuals_finding(unit, series, series->step->index, &again);

    if (finding && !again && finding->reading >= 0) {
        int group = series->readings[finding->reading].group;
        series->readings[finding->reading] = *reading;
        series->readings[finding->reading].group = group;
        return;
    }
    if (finding && !again)
        return; /* a correction of a reading that was left out */
    struct unit_finding *kept = ARENA_NEW(&actuals->arena, struct unit_finding);
    *kept = (struct unit_finding){.next = unit->findings,
                                  .of = series,
                                  .step = series->step->index,
                                  .times_left = unit->times_left,
                                  .reading = again ? -1 : series->count};
    unit->findings = kept;
    series->again += again;
    if (again)
        return;
    int group = group_of(series, batch->name);
    *add_reading(series) = *reading;
    series->readings[series->count - 1].group = group;
}

void readings_take(struct actuals *actuals, struct actuals_batch *batch, int64_t sequence,
                   int64_t time_ms, const struct unit_measured *measured)
{
    const struct check *check = check_named(actuals->product->workflow, measured->step,
                                            measured->part, measured->dimension);
    struct actuals_reading reading = {.text = measured->value,
                                      .batch = batch->name,
                                      .unit = measured->unit,
                                      .sequence = sequence,
                                      .time_ms = time_ms};
    int places;

    if (measured->unit < 1 || measured->unit > batch->unit_count || !check)
        return;
    int32_t index = batch->units[measured->unit - 1].sku;
    const struct size *size = index >= 0 ? size_for(check, actuals->product, index) : NULL;
    if (!size || !read_number(measured->value, &reading.value, &places))
        return;
    if (!is_comparable(actuals, batch, measured, size, index)) {
        actuals->other_readings++;
        return;
    }
    int at = 0;
    while (strcmp(actuals->steps[at].step->base.name, measured->step) != 0)
        at++;
    struct actuals_series *series = series_of(actuals, actuals->steps[at].step, check, size);
    if (places > series->places)
        series->places = places;
    keep(actuals, batch, series, &reading);
}

/* ---- reckoning ---- */

/* Means of batches say more than single pieces where there are enough batches, and each was read more than once. A batch
   with one reading has no range and is left out. */
static int count_groups(const struct actuals_series *series, int *sizes)
{
    int groups = 0;
    for (int i = 0; i < series->count; i++)
        sizes[series->readings[i].group]++;
    for (int i = 0; i < series->group_count; i++) {
        if (sizes[i] > CONTROL_GROUP_AT_MOST)
            return 0;
        groups += sizes[i] >= 2;
    }
    return groups >= ACTUALS_GROUPS_NEEDED ? groups : 0;
}

/* What is only bounded above and was never read under zero: a run-out, a flatness, a roughness. */
static bool starts_at_zero(const struct actuals_series *series)
{
    for (int i = 0; i < series->count; i++)
        if (rational_sign(series->readings[i].value) < 0)
            return false;
    return series->size->form == SIZE_AT_MOST;
}

/* Fills `ordered` with the readings of groups of two and more, one group behind the other. */
static void order_by_group(const struct actuals_series *series, const int *sizes,
                           struct rational *ordered, int *next)
{
    int taken = 0;
    for (int group = 0; group < series->group_count; group++) {
        next[group] = taken;
        taken += sizes[group] >= 2 ? sizes[group] : 0;
    }
    for (int i = 0; i < series->count; i++)
        if (sizes[series->readings[i].group] >= 2)
            ordered[next[series->readings[i].group]++] = series->readings[i].value;
}

static void chart_groups(struct actuals *actuals, struct actuals_series *series, const int *sizes,
                         int groups, struct readings *all)
{
    struct rational *ordered = ARENA_ARRAY(&actuals->arena, struct rational, series->count);
    int *kept = ARENA_ARRAY(&actuals->arena, int, series->group_count);
    int count = 0, taken = 0;

    order_by_group(series, sizes, ordered, kept);
    series->group_of_point = ARENA_ARRAY(&actuals->arena, int, groups);
    for (int group = 0; group < series->group_count; group++) {
        double one[CONTROL_GROUP_AT_MOST];
        if (sizes[group] < 2)
            continue;
        for (int i = 0; i < sizes[group]; i++)
            one[i] = rational_to_double(ordered[taken + i]);
        readings_add_group(all, one, sizes[group]);
        taken += sizes[group];
        series->group_of_point[count] = group;
        kept[count++] = sizes[group];
    }
    control_of_groups(ordered, kept, groups, starts_at_zero(series), &actuals->arena,
                      &series->control);
}

static void chart_readings(struct actuals *actuals, struct actuals_series *series,
                           struct readings *all)
{
    struct rational *values = ARENA_ARRAY(&actuals->arena, struct rational, series->count);
    for (int i = 0; i < series->count; i++) {
        values[i] = series->readings[i].value;
        readings_add(all, rational_to_double(values[i]));
    }
    control_of_readings(values, series->count, starts_at_zero(series), &actuals->arena,
                        &series->control);
}

static void reckon_series(struct actuals *actuals, struct actuals_series *series)
{
    int *sizes = ARENA_ARRAY(&actuals->arena, int, series->group_count + 1);
    struct readings all = {0};
    struct capability_limits limits = {.has_lower = series->has_lower,
                                       .has_upper = series->has_upper};

    series->outside = 0;
    for (int i = 0; i < series->count; i++)
        series->outside += is_outside(series, series->readings[i].value);
    int groups = count_groups(series, sizes);
    if (groups)
        chart_groups(actuals, series, sizes, groups, &all);
    else
        chart_readings(actuals, series, &all);
    if (series->has_lower)
        limits.lower = rational_to_double(series->lower);
    if (series->has_upper)
        limits.upper = rational_to_double(series->upper);
    series->capability = capability_of(&all, &limits);
}

static int by_place(const struct actuals_series *a, const struct actuals_series *b)
{
    if (a->step != b->step)
        return a->step->index - b->step->index;
    return a->dimension->span.begin < b->dimension->span.begin   ? -1
           : a->dimension->span.begin > b->dimension->span.begin ? 1
                                                                 : 0;
}

/* Steps in their order, dimensions as declared, sizes as they first came: whatever the order of the events. */
static void sort_series(struct actuals *actuals)
{
    struct actuals_series *sorted = NULL;
    while (actuals->series) {
        struct actuals_series *one = actuals->series, **place = &sorted;
        actuals->series = one->next;
        while (*place && by_place(*place, one) <= 0)
            place = &(*place)->next;
        one->next = *place;
        *place = one;
    }
    actuals->series = sorted;
}

static void title_series(struct actuals *actuals, struct actuals_series *series)
{
    bool other_step = false, other_size = false;
    for (const struct actuals_series *one = actuals->series; one; one = one->next) {
        bool same = one != series && one->dimension == series->dimension;
        other_step |= same && one->step != series->step;
        other_size |= same && one->step == series->step;
    }
    struct buffer size = {0};
    if (other_size) {
        struct value stated = {.kind = VALUE_SIZE, .size = series->size};
        buffer_add_text(&size, ", ");
        value_print(&size, actuals->spec, &stated, NULL);
    }
    series->title =
        arena_printf(&actuals->arena, "%s%s%s%s", series->name, other_step ? " at " : "",
                     other_step ? series->step->base.name : "", buffer_text(&size));
    buffer_free(&size);
}

void readings_reckon(struct actuals *actuals)
{
    sort_series(actuals);
    for (struct actuals_series *series = actuals->series; series; series = series->next) {
        title_series(actuals, series);
        reckon_series(actuals, series);
    }
}
