/* A part drawn from its model. */
#ifndef FLOW_SHOP_PART_PAGES_H
#define FLOW_SHOP_PART_PAGES_H

#include "base/failure.h"
#include "spec/spec.h"

/* Adds an SVG of it as it is for the SKU, seen from above at an angle. False with a failure where it has no model that can be read. */
bool part_draw(const struct spec *spec, const struct part *part, const struct sku *sku,
               struct buffer *out, struct failure *failure);

#endif
