#include "flowc/lsp/figures.h"

bool figures_ready(const struct server *server)
{
    const struct session *session = &server->resident.session;
    return server->resident.open && session->spec && !session->diagnostics.errors;
}

struct rational usual_quantity(const struct product *product)
{
    const struct sell *sell = product->price ? product->price->sell : NULL;
    const struct sell_break *first = sell ? sell->breaks : NULL;
    bool known = first && first->quantity.kind == VALUE_NUMBER;
    return known && rational_sign(first->quantity.number) > 0 ? first->quantity.number
                                                              : RATIONAL_ONE;
}

bool figures_of(struct server *server, const struct product *product, const struct step *step,
                struct rational quantity, struct cost_sheet *sheet)
{
    const struct spec *spec = server->resident.session.spec;
    struct sku *sku = ARENA_NEW(&server->scratch, struct sku);
    if (!product->workflow)
        return false;
    for (long i = 0; i < product->sku_count && i < SKUS_SHOWN; i++) {
        sku_at(product, i, sku);
        if (step && !step_is_for(step, sku))
            continue;
        cost_reckon(spec, sku, quantity, &server->scratch, sheet);
        return sheet->valid;
    }
    return false;
}

const struct cost_step *step_of(const struct cost_sheet *sheet, const struct step *step)
{
    for (int i = 0; i < sheet->step_count; i++)
        if (sheet->steps[i].step == step)
            return &sheet->steps[i];
    return NULL;
}
