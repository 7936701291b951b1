/* Actuals for programs. What is exact is a text with at most six decimals, as the figures of `flowc cost` are. */
#include "trace/actuals_show.h"

#include <string.h>

enum { PLACES = 6, INDEX_PLACES = 4 };

static json_t *exact(struct rational number)
{
    struct buffer text = {0};
    rational_print_short(&text, number, PLACES);
    json_t *value = json_string(buffer_text(&text));
    buffer_free(&text);
    return value;
}

static json_t *exact_if(bool there, struct rational number)
{
    return there ? exact(number) : json_null();
}

static json_t *floating_if(bool there, double number)
{
    char text[64];
    if (!there)
        return json_null();
    snprintf(text, sizeof text, "%.*f", INDEX_PLACES, number);
    return json_string(text);
}

static json_t *whole(int64_t number)
{
    return json_integer((json_int_t)number);
}

/* ---- steps ---- */

static json_t *time_json(const struct actuals_step *step)
{
    static const char *const untimed[] = {
        [TIMED] = NULL, [UNTIMED_KIND] = "no bench work", [UNTIMED_WAIT] = "has a wait"};
    json_t *time = json_object();

    if (untimed[step->untimed])
        json_object_set_new(time, "untimed", json_string(untimed[step->untimed]));
    json_object_set_new(time, "per", json_string(step->basis));
    json_object_set_new(time, "spec_s", exact_if(step->has_spec, step->spec_s));
    json_object_set_new(time, "median_s", exact_if(step->has_time, step->median_s));
    json_object_set_new(time, "low_quartile_s", exact_if(step->has_time, step->low_s));
    json_object_set_new(time, "high_quartile_s", exact_if(step->has_time, step->high_s));
    json_object_set_new(time, "factor", exact_if(step->has_time && step->has_spec, step->factor));
    json_object_set_new(time, "observations", whole(step->time_count));
    json_object_set_new(time, "units", whole(step->timed_units));
    json_object_set_new(time, "left_without_begin", whole(step->unmarked));
    json_object_set_new(time, "left_out_with_a_night", whole(step->paused));
    json_object_set_new(time, "firm", json_boolean(step->firm));
    return time;
}

static json_t *outcomes_json(const struct actuals_step *step)
{
    json_t *outcomes = json_array();
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        const struct actuals_share *share = &step->shares[outcome];
        if (!step_route(step->step, outcome)->present || !step->left)
            continue;
        json_t *one = json_object();
        json_object_set_new(one, "outcome", json_string(outcome_names[outcome]));
        json_object_set_new(one, "units", whole(share->count));
        json_object_set_new(one, "spec", exact(share->expected));
        json_object_set_new(one, "measured", exact(share->measured));
        json_object_set_new(one, "firm", json_boolean(share->firm));
        json_array_append_new(outcomes, one);
    }
    return outcomes;
}

static json_t *reasons_json(const struct actuals_step *step)
{
    json_t *reasons = json_array();
    for (const struct actuals_reason *reason = step->reasons; reason; reason = reason->next) {
        json_t *one = json_object();
        json_object_set_new(one, "what", json_string(reason->what));
        json_object_set_new(one, "reason", json_string(reason->text));
        json_object_set_new(one, "units", whole(reason->count));
        json_array_append_new(reasons, one);
    }
    return reasons;
}

static json_t *step_json(const struct actuals_step *step)
{
    json_t *one = json_object();
    json_object_set_new(one, "step", json_string(step->step->base.name));
    json_object_set_new(one, "kind", json_string(kind_rows[step->step->base.kind].name));
    json_object_set_new(one, "left", whole(step->left));
    json_object_set_new(one, "time", time_json(step));
    json_object_set_new(one, "outcomes", outcomes_json(step));
    json_object_set_new(one, "reasons", reasons_json(step));
    if (step->lots) {
        json_t *samples = json_object();
        json_object_set_new(samples, "lots", whole(step->lots));
        json_object_set_new(samples, "accepted", whole(step->accepted));
        json_object_set_new(samples, "sampled", whole(step->sampled));
        json_object_set_new(samples, "defective", whole(step->found));
        json_object_set_new(one, "samples", samples);
    }
    return one;
}

/* ---- readings ---- */

static json_t *capability_json(const struct capability *capability)
{
    static const char *const grounds[] = {[CAPABILITY_FIGURES] = NULL,
                                          [CAPABILITY_TOO_FEW] = "too few readings",
                                          [CAPABILITY_NO_LIMITS] = "no limits",
                                          [CAPABILITY_NO_SPREAD] = "all readings are equal"};
    bool figures = capability->ground == CAPABILITY_FIGURES;
    bool two = figures && capability->two_sided;
    json_t *one = json_object();

    if (!figures)
        json_object_set_new(one, "none", json_string(grounds[capability->ground]));
    json_object_set_new(one, "cp", floating_if(two, capability->cp));
    json_object_set_new(one, "cpk", floating_if(figures, capability->cpk));
    json_object_set_new(one, "pp", floating_if(two, capability->pp));
    json_object_set_new(one, "ppk", floating_if(figures, capability->ppk));
    json_object_set_new(one, "readings", whole(capability->count));
    json_object_set_new(one, "indicative", json_boolean(capability->indicative));
    return one;
}

static json_t *broken_json(const struct control_point *point)
{
    json_t *rules = json_array();
    for (int r = 0; r < CONTROL_RULE_COUNT; r++)
        if (point->broken & control_rules[r].rule)
            json_array_append_new(rules, json_integer(r + 1));
    return rules;
}

static json_t *chart_json(const struct control_chart *chart)
{
    json_t *points = json_array();
    for (int i = 0; i < chart->count; i++) {
        const struct control_point *point = &chart->points[i];
        json_t *one = json_object();
        json_object_set_new(one, "value", exact(point->value));
        json_object_set_new(one, "centre", exact(point->centre));
        json_object_set_new(one, "lower", exact_if(chart->has_lower, point->lower));
        json_object_set_new(one, "upper", exact(point->upper));
        if (point->broken) {
            json_object_set_new(one, "breaks", broken_json(point));
            json_object_set_new(one, "side", json_string(point->side < 0 ? "below" : "above"));
        }
        json_array_append_new(points, one);
    }
    return points;
}

static json_t *control_json(const struct actuals_series *series)
{
    const struct control *control = &series->control;
    json_t *one = json_object(), *rules = json_array();

    if (!control->reckoned) {
        json_decref(rules);
        json_decref(one);
        return json_null();
    }
    for (int r = 0; r < CONTROL_RULE_COUNT; r++)
        json_array_append_new(rules, json_string(control_rules[r].words));
    json_object_set_new(one, "chart",
                        json_string(control->grouped ? "means and ranges of batches"
                                                     : "readings and moving ranges"));
    json_object_set_new(one, "indicative", json_boolean(control->indicative));
    json_object_set_new(one, "deviation", exact(control->deviation));
    json_object_set_new(one, "broken_points", whole(control->broken));
    json_object_set_new(one, "rules", rules);
    json_object_set_new(one, control->grouped ? "means" : "values", chart_json(&control->values));
    json_object_set_new(one, "ranges", chart_json(&control->ranges));
    return one;
}

json_t *actuals_series_json(const struct actuals_series *series)
{
    json_t *one = json_object(), *readings = json_array();

    for (int i = 0; i < series->count; i++) {
        const struct actuals_reading *reading = &series->readings[i];
        json_t *row = json_object();
        json_object_set_new(row, "value", json_string(reading->text));
        json_object_set_new(row, "batch", json_string(reading->batch));
        json_object_set_new(row, "unit", whole(reading->unit));
        json_object_set_new(row, "event", whole(reading->sequence));
        json_array_append_new(readings, row);
    }
    json_object_set_new(one, "dimension", json_string(series->name));
    json_object_set_new(one, "title", json_string(series->title));
    json_object_set_new(one, "step", json_string(series->step->base.name));
    json_object_set_new(one, "unit", json_string(series->unit));
    json_object_set_new(one, "nominal", exact_if(series->has_nominal, series->nominal));
    json_object_set_new(one, "lower", exact_if(series->has_lower, series->lower));
    json_object_set_new(one, "upper", exact_if(series->has_upper, series->upper));
    json_object_set_new(one, "outside", whole(series->outside));
    json_object_set_new(one, "after_rework", whole(series->again));
    json_object_set_new(one, "capability", capability_json(&series->capability));
    json_object_set_new(one, "control", control_json(series));
    json_object_set_new(one, "readings", readings);
    return one;
}

/* ---- cost ---- */

static json_t *figures_json(const struct actuals_figures *figures)
{
    json_t *one = json_object();
    json_object_set_new(one, "unit_cost", exact_if(figures->valid, figures->unit_cost));
    json_object_set_new(one, "margin", exact_if(figures->has_price, figures->margin));
    return one;
}

static json_t *prices_json(const struct actuals_report *report)
{
    json_t *prices = json_array();
    for (int i = 0; i < report->price_count; i++) {
        const struct actuals_price *price = &report->prices[i];
        json_t *one = json_object();
        json_object_set_new(one, "sku", json_string(price->sku));
        json_object_set_new(one, "quantity", exact(price->quantity));
        json_object_set_new(one, "price", exact_if(price->spec.has_price, price->spec.price));
        json_object_set_new(one, "spec", figures_json(&price->spec));
        json_object_set_new(one, "measured", figures_json(&price->measured));
        json_object_set_new(one, "firm", figures_json(&price->patched));
        json_array_append_new(prices, one);
    }
    return prices;
}

static json_t *changes_json(const struct actuals_changes *changes)
{
    json_t *list = json_array();
    for (int i = 0; i < changes->count; i++) {
        const struct actuals_change *change = &changes->items[i];
        json_t *one = json_object();
        json_object_set_new(one, "step", json_string(change->step->step->base.name));
        json_object_set_new(
            one, "what",
            json_string(change->outcome < OUTCOME_COUNT ? outcome_names[change->outcome] : "time"));
        json_object_set_new(one, "before", json_string(change->before));
        json_object_set_new(one, "after", json_string(change->after));
        json_object_set_new(one, "firm", json_boolean(change->firm));
        if (change->obstacle)
            json_object_set_new(one, "obstacle", json_string(change->obstacle));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *actuals_json(const struct actuals_report *report)
{
    const struct actuals *actuals = report->actuals;
    json_t *all = json_object(), *steps = json_array(), *series = json_array();

    for (int i = 0; i < actuals->step_count; i++)
        json_array_append_new(steps, step_json(&actuals->steps[i]));
    for (const struct actuals_series *one = actuals->series; one; one = one->next)
        json_array_append_new(series, actuals_series_json(one));
    json_object_set_new(all, "format_version", json_string("1.0"));
    json_object_set_new(all, "product", json_string(actuals->product->base.name));
    json_object_set_new(all, "revision",
                        json_string(actuals->revision->number ? actuals->revision->number : ""));
    json_object_set_new(all, "snapshot", json_string(actuals->revision->snapshot));
    json_object_set_new(all, "production_batches", whole(actuals->production_batches));
    json_object_set_new(all, "sample_batches", whole(actuals->sample_batches));
    json_object_set_new(all, "batches_of_other_revisions", whole(actuals->older_batches));
    json_object_set_new(all, "steps", steps);
    json_object_set_new(all, "dimensions", series);
    json_object_set_new(all, "costs", prices_json(report));
    json_object_set_new(all, "changes", changes_json(report->changes));
    return all;
}
