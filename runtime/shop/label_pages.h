/* What is stuck onto units and parcels, and what travels with a batch: by the emitters of `flowc build`, with what the shop knows. */
#ifndef FLOW_SHOP_LABEL_PAGES_H
#define FLOW_SHOP_LABEL_PAGES_H

#include "emit/emit.h"

/* Labels of a product's units or parcels, in the form "62mm.pdf", "62mm.zpl", "4x6.pdf" or "4x6.zpl". False with a failure. */
bool label_pages(const struct spec *spec, const struct product *product,
                 const struct labelled *things, int count, const char *form, const char *path,
                 struct failure *failure);
/* The traveler of a batch, as PDF. */
bool traveler_pages(const struct spec *spec, const struct product *product,
                    const struct labelled *batch, const char *path, struct failure *failure);

#endif
