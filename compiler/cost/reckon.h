/* Inside cost/: one sheet, reckoned in three parts. */
#ifndef FLOW_COST_RECKON_H
#define FLOW_COST_RECKON_H

#include "cost/cost.h"

/* The number in a field's first row for the SKU; the fallback where it is not there. */
static inline struct rational number_of(const struct spec *spec, const struct simple *row,
                                        const struct sku *sku, struct rational fallback)
{
    return row ? value_number(spec, &row->value, sku, fallback) : fallback;
}

/* The sheet's steps, and the counts of their bases (counts.c). */
void reckon_counts(const struct spec *spec, const struct cost_flow *flow, struct cost_sheet *sheet,
                   struct arena *arena);
/* The count of a basis in a step; what an absent one means is said by unsaid ("unit", "batch"). */
struct rational basis_count(const struct cost_sheet *sheet, const struct cost_step *step,
                            const struct value *basis, const char *unsaid);

/* What a step costs, by kind (amounts.c). */
void reckon_amounts(const struct spec *spec, const struct cost_sheet *sheet,
                    struct cost_step *step);

/* What is paid once for the parts of the SKU. */
struct rational reckon_once(const struct spec *spec, const struct sku *sku);

/* Price, fees and margin from the unit cost (price.c). */
void reckon_price(const struct spec *spec, struct cost_sheet *sheet);

#endif
