/* Which materials and items go into a product, whatever the SKU: what has a lot, a label, a line on a record. */
#ifndef FLOW_EMIT_COMMON_INGREDIENTS_H
#define FLOW_EMIT_COMMON_INGREDIENTS_H

#include "spec/spec.h"

/* A material of a part that is contained, or an item that is contained or that a step consumes, itself or by a standard. */
bool product_takes(const struct product *product, const struct declaration *what);
/* Whether the lot of a material or an item is recorded. */
bool lot_is_tracked(const struct declaration *what);

#endif
