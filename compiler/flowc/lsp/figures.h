/* What the resident spec costs: for hovers and hints. Only of specs without errors. */
#ifndef FLOW_LSP_FIGURES_H
#define FLOW_LSP_FIGURES_H

#include "cost/cost.h"
#include "flowc/lsp/server.h"

/* Whether figures can be reckoned. */
bool figures_ready(const struct server *server);
/* The SKUs that are reckoned: all, but no more than this. */
enum { SKUS_SHOWN = 24 };
/* The quantity a product is looked at where none is asked: its smallest sell break, or one. */
struct rational usual_quantity(const struct product *product);
/* The sheet of a product's first SKU (that takes the step, where step is not NULL) at a quantity. Everything is in the
   arena. False where it has no flow. */
bool figures_of(struct server *server, const struct product *product, const struct step *step,
                struct rational quantity, struct cost_sheet *sheet);
/* The step's row in a sheet, NULL. */
const struct cost_step *step_of(const struct cost_sheet *sheet, const struct step *step);

#endif
