/* inlayHint and codeLens: what the spec comes to, beside the lines that say so. */
#include "cost/figures.h"
#include "flowc/lsp/figures.h"
#include "flowc/lsp/methods.h"
#include "quality/sampling.h"

#include <string.h>

struct hints {
    struct server *server;
    const struct asked *asked;
    json_t *list;
    struct span range; /* hints outside of it are not asked for */
};

static void add_hint(struct hints *hints, uint32_t position, const char *label, const char *tip)
{
    const struct source *source = hints->asked->source;
    struct place place = place_of(document_lines(hints->asked->document), position - source->base,
                                  hints->server->utf8);
    json_array_append_new(hints->list,
                          json_pack("{s:o, s:s, s:b, s:s}", "position", place_json(place), "label",
                                    label, "paddingLeft", 1, "tooltip", tip));
}

/* Whether a hint behind the span is asked for: what is not is not reckoned. */
static bool is_here(const struct hints *hints, struct span span)
{
    return span.begin >= hints->asked->source->base && span.end >= hints->range.begin &&
           span.end <= hints->range.end;
}

/* ---- sell: unit cost and margin ---- */

/* What the SKUs of a line come to at a quantity. */
struct spread {
    struct rational low, high; /* unit cost */
    struct rational margin;    /* the smallest */
    int count;
};

static void reckon_break(struct hints *hints, const struct product *product,
                         const struct sell *sell, const struct sell_break *at,
                         struct spread *spread)
{
    const struct spec *spec = hints->server->resident.session.spec;
    for (long i = 0; i < product->sku_count && i < SKUS_SHOWN; i++) {
        struct sku sku;
        struct cost_sheet sheet;
        sku_at(product, i, &sku);
        cost_reckon(spec, &sku, at->quantity.number, &hints->server->scratch, &sheet);
        if (!sheet.valid || !sheet.has_price || sheet.sell != sell)
            continue;
        bool first = spread->count++ == 0;
        spread->low = first ? sheet.unit_cost : rational_min(spread->low, sheet.unit_cost);
        spread->high = first ? sheet.unit_cost : rational_max(spread->high, sheet.unit_cost);
        spread->margin = first ? sheet.margin : rational_min(spread->margin, sheet.margin);
    }
}

static void hint_break(struct hints *hints, const struct product *product, const struct sell *sell,
                       const struct sell_break *at)
{
    const struct spec *spec = hints->server->resident.session.spec;
    struct spread spread = {0};
    struct buffer label = {0};
    if (at->quantity.kind != VALUE_NUMBER || at->price.kind != VALUE_NUMBER ||
        !is_here(hints, at->price.span))
        return;
    reckon_break(hints, product, sell, at, &spread);
    if (!spread.count)
        return;
    bool same = rational_equal(spread.low, spread.high);
    buffer_add_text(&label, "costs ");
    if (!same)
        buffer_addf(&label, "%s..", figure_text(&hints->server->scratch, spread.low, 2, ""));
    money_print(&label, spec, spread.high);
    buffer_addf(&label, ", margin %s%s", same ? "" : "from ",
                figure_percent(&hints->server->scratch, spread.margin));
    add_hint(hints, at->price.span.end, label.text,
             same ? "what a unit costs at this quantity, and what is left of its price"
                  : "what a unit costs at this quantity, by SKU, and the smallest margin");
    buffer_free(&label);
}

static void hint_prices(struct hints *hints, const struct product *product)
{
    const struct sell *sell = product->price ? product->price->sell : NULL;
    for (; sell; sell = sell->next)
        for (const struct sell_break *at = sell->breaks; at; at = at->next)
            hint_break(hints, product, sell, at);
}

/* ---- sample: n, Ac, Re; plate: how many ---- */

static void hint_sample(struct hints *hints, const struct step *step, const struct cost_step *row)
{
    struct sampling_plan plan;
    struct failure failure;
    const struct sample *sample = step->sample;
    if (!sample || !is_here(hints, sample->span) || row->lot < 1 ||
        !sampling_plan(sample, row->lot, INSPECTION_NORMAL, &plan, &failure) || plan.all)
        return;
    struct arena *scratch = &hints->server->scratch;
    const char *label = sample_judges_lots(sample)
                            ? arena_printf(scratch, "n %ld, Ac %ld, Re %ld of a lot of %ld", plan.n,
                                           plan.ac, plan.re, row->lot)
                            : arena_printf(scratch, "n %ld of a lot of %ld", plan.n, row->lot);
    add_hint(hints, sample->span.end, label,
             "how many are checked; accepted up to Ac, rejected from Re");
}

static void hint_plates(struct hints *hints, const struct step *step, const struct cost_step *row,
                        struct rational quantity)
{
    const struct counted *plate = step->plate;
    while (plate && plate->next)
        plate = plate->next;
    if (!plate || !is_here(hints, plate->span) || rational_sign(row->plates) <= 0)
        return;
    struct buffer label = {0};
    rational_print_short(&label, row->plates, 0);
    buffer_addf(&label, " plate%s for ", rational_equal(row->plates, RATIONAL_ONE) ? "" : "s");
    rational_print_short(&label, quantity, 0);
    add_hint(hints, plate->span.end, label.text, "how many plates the smallest price break takes");
    buffer_free(&label);
}

static void hint_steps(struct hints *hints, const struct product *product)
{
    struct rational quantity = usual_quantity(product);
    struct cost_sheet sheet;
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        bool sample = step->sample && is_here(hints, step->sample->span);
        bool plate = step->plate && is_here(hints, step->plate->span);
        if (step->inherited || (!sample && !plate) ||
            !figures_of(hints->server, product, step, quantity, &sheet))
            continue;
        const struct cost_step *row = step_of(&sheet, step);
        if (row) {
            hint_sample(hints, step, row);
            hint_plates(hints, step, row, quantity);
        }
    }
}

json_t *lsp_inlay_hint(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    const json_t *range = json_object_get(params, "range");
    if (!asked_spec(server, params, &asked, trouble))
        return NULL;
    struct hints hints = {server, &asked, json_array(), SPAN_NONE};
    if (!asked.source || !figures_ready(server))
        return hints.list;
    const struct lined_text *lined = document_lines(asked.document);
    uint32_t base = asked.source->base;
    hints.range = (struct span){base, base + asked.source->length};
    if (json_is_object(range))
        hints.range = (struct span){
            base + offset_of(lined, place_read(json_object_get(range, "start")), server->utf8),
            base + offset_of(lined, place_read(json_object_get(range, "end")), server->utf8)};
    const struct spec *spec = asked.resident->session.spec;
    for (int i = 0; i < spec->product_count; i++) {
        hint_prices(&hints, spec->products[i]);
        hint_steps(&hints, spec->products[i]);
    }
    return hints.list;
}

/* ---- lenses ---- */

static json_t *lens(struct server *server, const struct product *product, const char *title,
                    const char *command)
{
    json_t *range = span_range(server, product->base.name_span);
    return json_pack("{s:o, s:{s:s, s:s, s:[s, s]}}", "range", range, "command", "title", title,
                     "command", command, "arguments", uri_of(server, product->base.source->path),
                     product->base.name);
}

/* The editor does the commands: it has the terminal. Their arguments are the file's URI and the product. */
json_t *lsp_code_lens(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    if (!asked_spec(server, params, &asked, trouble))
        return NULL;
    json_t *lenses = json_array();
    const struct spec *spec = asked.source ? asked.resident->session.spec : NULL;
    for (int i = 0; spec && i < spec->product_count; i++) {
        const struct product *product = spec->products[i];
        if (product->base.source != asked.source || !product->workflow)
            continue;
        json_array_append_new(lenses, lens(server, product, "Build", "flowc.build"));
        json_array_append_new(lenses, lens(server, product, "Preview", "flowc.preview"));
    }
    return lenses;
}
