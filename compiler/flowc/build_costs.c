/* What a product costs, for a page that draws tables: every SKU at every quantity that documents reckon with. */
#include "flowc/build.h"

#include "cost/cost.h"

#include <string.h>

enum { SKUS_SHOWN = 100 };

static void add_text(struct buffer *out, const char *before, const char *text)
{
    buffer_add_text(out, before);
    buffer_add_char(out, '"');
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

static void add_money(struct buffer *out, const char *before, const struct spec *spec,
                      struct rational amount)
{
    struct buffer text = {0};
    money_print(&text, spec, amount);
    add_text(out, before, buffer_text(&text));
    buffer_free(&text);
}

static void add_sheet(struct buffer *out, const struct spec *spec, const struct cost_sheet *sheet)
{
    buffer_add_text(out, "{\"quantity\":\"");
    rational_print_short(out, sheet->quantity, 0);
    buffer_add_text(out, "\",\"kinds\":[");
    for (int i = 0; i < COST_KIND_COUNT; i++)
        add_money(out, i ? "," : "", spec, sheet->per_unit[i]);
    add_money(out, "],\"unit\":", spec, sheet->unit_cost);
    add_money(out, ",\"total\":", spec, sheet->total);
    if (sheet->has_price) {
        add_money(out, ",\"fees\":", spec, sheet->fees);
        add_money(out, ",\"price\":", spec, sheet->price);
        buffer_add_text(out, ",\"margin\":\"");
        rational_print_short(out, rational_multiply(sheet->margin, rational_integer(100)), 1);
        buffer_add_text(out, "%\"");
    }
    buffer_add_char(out, '}');
}

static void add_sku(struct buffer *out, const struct spec *spec, const struct product *product,
                    long index)
{
    struct arena arena = {0};
    struct sku sku;
    struct rational *quantities;
    int count = cost_quantities(spec, product, &quantities, &arena);
    struct cost_flow flow;

    sku_at(product, index, &sku);
    cost_flow(spec, &sku, &arena, &flow);
    add_text(out, index ? ",{\"sku\":" : "{\"sku\":", sku_code(spec, &sku, &arena));
    buffer_add_text(out, ",\"sheets\":[");
    for (int i = 0; i < count; i++) {
        struct cost_sheet sheet;
        cost_reckon_flow(spec, &flow, quantities[i], &arena, &sheet);
        if (i)
            buffer_add_char(out, ',');
        add_sheet(out, spec, &sheet);
    }
    buffer_add_text(out, "]}");
    arena_free(&arena);
}

void build_costs(struct buffer *out, const struct spec *spec, const struct product *product)
{
    buffer_add_text(out, "{\"kinds\":[");
    for (int i = 0; i < COST_KIND_COUNT; i++)
        add_text(out, i ? "," : "", cost_kind_names[i]);
    buffer_addf(out, "],\"sku_count\":%ld,\"skus\":[", product->sku_count);
    for (long i = 0; i < product->sku_count && i < SKUS_SHOWN; i++)
        add_sku(out, spec, product, i);
    buffer_add_text(out, "]}");
}
