/* A comparison for programs: docs/git.md says what each member is. */
#include "diff/private.h"

#include <string.h>

static void add_text(struct buffer *out, const char *name, const char *text)
{
    if (!text) {
        buffer_addf(out, "\"%s\": null", name);
        return;
    }
    buffer_addf(out, "\"%s\": \"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

static void add_next(struct buffer *out, const char *name, const char *text)
{
    buffer_add_text(out, ", ");
    add_text(out, name, text);
}

static void add_side(struct buffer *out, const char *name, const struct diff_side *side)
{
    buffer_addf(out, " \"%s\": {", name);
    add_text(out, "file", side->name);
    buffer_addf(out, ", \"errors\": %d},\n", side->errors);
}

/* 0 where it is not on that side. */
static uint32_t line_of(const struct spec *spec, struct span span)
{
    return span.begin ? position_of(spec->sources, span.begin).line : 0;
}

static void add_change_json(struct buffer *out, const struct spec_diff *diff,
                            const struct change *change)
{
    buffer_add_text(out, "  {");
    add_text(out, "kind", change_kind_names[change->kind]);
    add_next(out, "class", change_class_names[change->class]);
    add_next(out, "what", change->what);
    add_next(out, "field", change->field);
    add_next(out, "row", change->row);
    add_next(out, "slot", change->slot);
    add_next(out, "before", change->before);
    add_next(out, "after", change->after);
    add_next(out, "sentence", change->sentence);
    buffer_addf(out, ", \"follows\": %s, \"old_line\": %u, \"new_line\": %u}",
                change->follows ? "true" : "false", line_of(diff->before.spec, change->old_span),
                line_of(diff->after.spec, change->new_span));
}

/* Six decimals, as `flowc cost` has. */
static void add_figure(struct buffer *out, const char *name, bool there, struct rational number)
{
    buffer_addf(out, ", \"%s\": ", name);
    if (!there) {
        buffer_add_text(out, "null");
        return;
    }
    rational_print_fixed(out, number, 6);
}

static void add_cost(struct buffer *out, const struct cost_change *cost)
{
    buffer_add_text(out, "  {");
    add_text(out, "product", cost->product->base.name);
    add_next(out, "sku", cost->sku);
    buffer_add_text(out, ", \"quantity\": ");
    rational_print_short(out, cost->quantity, 0);
    add_figure(out, "cost_before", true, cost->cost_before);
    add_figure(out, "cost_after", true, cost->cost_after);
    add_figure(out, "price_before", cost->sold_before, cost->price_before);
    add_figure(out, "price_after", cost->sold_after, cost->price_after);
    add_figure(out, "margin_before", cost->sold_before, cost->margin_before);
    add_figure(out, "margin_after", cost->sold_after, cost->margin_after);
    buffer_add_char(out, '}');
}

static void add_voided(struct buffer *out, const struct voided *voided)
{
    buffer_add_text(out, "  {");
    add_text(out, "product", voided->product->base.name);
    add_next(out, "approvals", voided->approvals);
    add_next(out, "fields", voided->fields);
    add_next(out, "fingerprint_before", voided->before);
    add_next(out, "fingerprint_after", voided->after);
    buffer_add_char(out, '}');
}

void diff_print_json(struct buffer *out, const struct spec_diff *diff)
{
    buffer_add_text(out, "{\n \"format_version\": \"1.0\",\n");
    add_side(out, "old", &diff->before);
    add_side(out, "new", &diff->after);
    buffer_add_char(out, ' ');
    add_text(out, "class", diff->count ? change_class_names[diff_class(diff)] : NULL);
    buffer_addf(out, ",\n \"same_bytes\": %s,\n \"changes\": [",
                diff->same_bytes ? "true" : "false");
    for (int i = 0; i < diff->count; i++) {
        buffer_add_text(out, i ? ",\n" : "\n");
        add_change_json(out, diff, &diff->changes[i]);
    }
    buffer_addf(out, "%s],\n \"voids\": [", diff->count ? "\n " : "");
    for (int i = 0; i < diff->voided_count; i++) {
        buffer_add_text(out, i ? ",\n" : "\n");
        add_voided(out, &diff->voided[i]);
    }
    buffer_addf(out, "%s],\n \"currency\": \"%s\",\n \"costs_hold\": %s,\n \"costs\": [",
                diff->voided_count ? "\n " : "", shop_currency(diff->after.spec),
                diff->costs_hold ? "true" : "false");
    for (long i = 0; i < diff->cost_count; i++) {
        buffer_add_text(out, i ? ",\n" : "\n");
        add_cost(out, &diff->costs[i]);
    }
    buffer_addf(out, "%s]\n}\n", diff->cost_count ? "\n " : "");
}
