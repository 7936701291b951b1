/* A sheet as JSON: the figures with six places, half to even, as texts. */
#include "cost/reckon.h"

#include "quality/operating.h"

#include <string.h>

enum { PLACES = 6 };

static void add_figure(struct buffer *out, const char *key, struct rational figure, int places)
{
    buffer_addf(out, "\"%s\": \"", key);
    rational_print_fixed(out, figure, places);
    buffer_add_char(out, '"');
}

static void add_or_null(struct buffer *out, const char *key, bool there, struct rational figure)
{
    if (there)
        add_figure(out, key, figure, PLACES);
    else
        buffer_addf(out, "\"%s\": null", key);
}

static void add_text(struct buffer *out, const char *key, const char *text)
{
    buffer_addf(out, "\"%s\": \"", key);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

static void add_per_unit(struct buffer *out, const struct cost_sheet *sheet)
{
    buffer_add_text(out, "   \"per_unit\": {\n");
    for (int kind = 0; kind < COST_KIND_COUNT; kind++) {
        buffer_add_text(out, "    ");
        add_figure(out, cost_kind_names[kind], sheet->per_unit[kind], PLACES);
        buffer_add_text(out, ",\n");
    }
    buffer_add_text(out, "    ");
    add_or_null(out, "fees", sheet->has_price, sheet->fees);
    buffer_add_text(out, ",\n    ");
    add_figure(out, "unit_cost", sheet->unit_cost, PLACES);
    buffer_add_text(out, ",\n    ");
    add_or_null(out, "price", sheet->has_price, sheet->price);
    buffer_add_text(out, ",\n    ");
    add_or_null(out, "margin", sheet->has_price, sheet->margin);
    buffer_add_text(out, "\n   },\n");
}

/* What the whole run costs in this step, by kind; kinds that cost nothing are left out. */
static void add_amounts(struct buffer *out, const struct cost_step *step)
{
    const char *separator = "";

    buffer_add_text(out, "\"amounts\": {");
    for (int kind = 0; kind < COST_KIND_COUNT; kind++) {
        if (rational_is_zero(step->amounts[kind]))
            continue;
        buffer_add_text(out, separator);
        add_figure(out, cost_kind_names[kind], step->amounts[kind], PLACES);
        separator = ", ";
    }
    buffer_add_char(out, '}');
}

/* A point of the operating characteristic: an object. */
static void add_point(struct buffer *out, const struct operating_point *point)
{
    buffer_add_char(out, '{');
    add_figure(out, "rate", point->rate, PLACES);
    if (point->bad > 0)
        buffer_addf(out, ", \"bad\": %ld", point->bad);
    buffer_add_text(out, ", ");
    add_figure(out, "accepted", point->accepted, PLACES);
    buffer_add_char(out, '}');
}

static void add_operating(struct buffer *out, const struct operating *operating)
{
    struct operating_point curve[OPERATING_CURVE];

    if (operating->measure == OPERATING_NONE)
        return;
    operating_curve(operating, curve);
    buffer_addf(out, ",\n      \"counted\": \"%s\",\n      \"producer\": ",
                operating->measure == OPERATING_UNITS ? "units" : "defects");
    add_point(out, &operating->producer);
    buffer_add_text(out, ", ");
    add_figure(out, "producer_risk", rational_subtract(RATIONAL_ONE, operating->producer.accepted),
               PLACES);
    buffer_add_text(out, ",\n      \"consumer\": ");
    add_point(out, &operating->consumer);
    buffer_add_text(out, ", ");
    add_figure(out, "consumer_risk", operating->consumer.accepted, PLACES);
    buffer_add_text(out, ",\n      \"curve\": [");
    for (int i = 0; i < OPERATING_CURVE; i++) {
        buffer_add_text(out, i > 0 ? ",\n       " : "");
        add_point(out, &curve[i]);
    }
    buffer_add_char(out, ']');
}

/* The plan of an inspection for its real lot, and what it accepts. */
static void add_plan(struct buffer *out, const struct cost_step *step)
{
    const struct sample *sample = step->step->sample;
    struct sampling_plan plan;
    struct failure failure;

    if (!sample || step->lot < 1 ||
        !sampling_plan(sample, step->lot, INSPECTION_NORMAL, &plan, &failure))
        return;
    struct operating operating = sampling_operating(sample, step->lot, &plan);
    buffer_addf(out, ",\n     \"plan\": {\"lot\": %ld, \"n\": %ld, \"ac\": %ld, \"re\": %ld",
                step->lot, plan.n, plan.ac, plan.re);
    add_operating(out, &operating);
    buffer_add_char(out, '}');
}

static void add_step(struct buffer *out, const struct cost_step *step)
{
    bool inspection = step->step->base.kind == KIND_inspect;

    buffer_add_text(out, "    {");
    add_text(out, "step", step->step->base.name);
    buffer_add_text(out, ", ");
    add_text(out, "kind", kind_rows[step->step->base.kind].name);
    buffer_add_text(out, ", ");
    add_figure(out, "n", step->n, PLACES);
    buffer_add_text(out, ",\n     ");
    add_figure(out, "batches", step->batches, 0);
    buffer_add_text(out, ", ");
    add_figure(out, "plates", step->plates, 0);
    buffer_add_text(out, ", ");
    add_figure(out, "orders", step->orders, 0);
    buffer_add_text(out, ", ");
    add_or_null(out, "samples", inspection, step->samples);
    buffer_add_text(out, ",\n     ");
    add_amounts(out, step);
    buffer_addf(out, ",\n     \"estimated\": [%s%s%s]", step->time_estimated ? "\"time\"" : "",
                step->time_estimated && step->mass_estimated ? ", " : "",
                step->mass_estimated ? "\"mass\"" : "");
    add_plan(out, step);
    buffer_add_char(out, '}');
}

void cost_print_json(struct buffer *out, const struct spec *spec, const struct cost_sheet *sheet)
{
    struct arena arena = {0};

    buffer_add_text(out, "  {\n   ");
    add_text(out, "product", sheet->product->base.name);
    buffer_add_text(out, ",\n   ");
    add_text(out, "sku", sku_code(spec, &sheet->sku, &arena));
    buffer_add_text(out, ",\n   ");
    add_figure(out, "quantity", sheet->quantity, 0);
    buffer_add_text(out, ",\n   ");
    add_figure(out, "made", sheet->made, 0);
    buffer_add_text(out, ",\n   ");
    add_text(out, "currency", shop_currency(spec));
    buffer_add_text(out, ",\n   ");
    add_figure(out, "total", sheet->total, PLACES);
    buffer_add_text(out, ",\n");
    add_per_unit(out, sheet);
    buffer_add_text(out, "   \"steps\": [");
    for (int i = 0; i < sheet->step_count; i++) {
        buffer_add_text(out, i > 0 ? ",\n" : "\n");
        add_step(out, &sheet->steps[i]);
    }
    buffer_add_text(out, sheet->step_count > 0 ? "\n   ]\n  }" : "]\n  }");
    arena_free(&arena);
}
