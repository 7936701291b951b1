/* From what was measured to what the spec would say: the numbers to change, what they do to cost, and the patch. */
#ifndef FLOW_TRACE_ACTUALS_CHANGE_H
#define FLOW_TRACE_ACTUALS_CHANGE_H

#include "cost/cost.h"
#include "trace/actuals.h"
#include "trace/patch.h"

/* One number of the spec that was measured otherwise. */
struct actuals_change {
    const struct actuals_step *step; /* the first that it counts for */
    int outcome;                     /* of a share; OUTCOME_COUNT: a time */
    struct span span;                /* what stands there; empty: something is put in */
    const char *before, *after;      /* texts; before is "" where something is put in */
    bool firm;
    const char
        *obstacle; /* why it is not for the patch though firm: a sentence's end; NULL: nothing */
};

struct actuals_changes {
    struct actuals_change *items;
    int count, capacity;
};

/* Everything that was measured and has a number in the spec, in the order of the files. In the arena. */
void actuals_list_changes(const struct actuals *actuals, struct arena *arena,
                          struct actuals_changes *changes);

/* What one SKU costs at one price break. */
struct actuals_figures {
    bool valid, has_price;
    struct rational unit_cost, price, margin;
};
struct actuals_price {
    const char *sku;
    struct rational quantity;
    struct actuals_figures spec;     /* as the spec says */
    struct actuals_figures measured; /* with everything that was measured */
    struct actuals_figures patched;  /* with what is firm: as the patch would have it */
};

/* Prices every SKU at every quantity of `sell` three times, compiling the spec anew with the changes in it. `modules` is the
   folder that its modules are in, NULL for the installed ones. In the arena, and big numbers last until
   rational_release_all. The count, or -1 with a failure. */
int actuals_prices(const struct actuals *actuals, const struct actuals_changes *changes,
                   const char *modules, struct arena *arena, struct actuals_price **prices,
                   struct failure *failure);

/* Adds the patch: what is firm and has no obstacle, against the files under `root`, named from there. Returns how many
   numbers it changes; files elsewhere are not the shop's own and stay as they are. */
int actuals_patch(const struct actuals *actuals, const struct actuals_changes *changes,
                  const char *root, struct buffer *out);

/* Adds the errors that the spec would have with the patch and has not now, a line each: a margin that is not kept, say.
   Returns how many; -1 with a failure. */
int actuals_patch_errors(const struct actuals *actuals, const struct actuals_changes *changes,
                         const char *modules, struct buffer *out, struct failure *failure);

#endif
