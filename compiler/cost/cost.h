/* What a product costs, exactly as the language's "What it costs" says. */
#ifndef FLOW_COST_COST_H
#define FLOW_COST_COST_H

#include "spec/graph.h"
#include "spec/spec.h"

enum cost_kind {
    COST_LABOUR,
    COST_MACHINE,
    COST_ENERGY,
    COST_MATERIAL,
    COST_ITEMS,
    COST_OUTSIDE,
    COST_SHIPPING,
    COST_ONCE,
    COST_OVERHEAD,
    COST_KIND_COUNT
};
extern const char
    *const cost_kind_names[COST_KIND_COUNT]; /* "labour", "machine", ... as in the JSON */

struct cost_step {
    const struct step *step;
    struct rational n;      /* N(k): units through it for Q good ones */
    struct rational visits; /* v(k) per unit started */
    struct rational batches, plates, orders;
    struct rational samples;             /* inspections only */
    long lot;                            /* inspections: the units of one lot, ceil(N / batches) */
    struct rational labour_s, machine_s; /* seconds for the whole quantity */
    struct rational amounts[COST_KIND_COUNT]; /* for the whole quantity */
    bool time_estimated, mass_estimated;      /* of a part at least: slicing/estimate.h */
};

struct cost_sheet {
    const struct product *product;
    struct sku sku;
    struct rational quantity; /* asked */
    struct rational made;     /* Q: the larger of asked and `run at least` */
    struct rational orders;
    struct rational batches;
    struct cost_step *steps; /* those of the SKU, in order */
    int step_count;
    struct rational amounts[COST_KIND_COUNT]; /* for Q units together */
    struct rational per_unit[COST_KIND_COUNT];
    struct rational unit_cost; /* without fees */
    struct rational total;     /* unit cost x quantity asked */
    bool has_price;            /* fees, price and margin hold */
    struct rational fees, price, margin;
    const struct sell_break *price_break; /* NULL without a price */
    const struct sell *sell;
    struct rational done; /* good units per unit started */
    bool exact;           /* false: `good` has the better digits */
    bool valid;           /* false: no workflow, or `done` is out of reach; all figures are zero */
};

/* How the units of a SKU go, whatever the quantity: each step with its visits. */
struct cost_flow {
    const struct sku *sku;
    struct cost_flow_step {
        const struct step *step;
        struct rational visits; /* per unit started */
        struct rational good;   /* per good unit, where the flow is not exact */
    } * steps;                  /* those of the SKU, in order */
    int step_count;
    struct rational done; /* good units per unit started */
    bool exact;           /* false: `good` has the better digits */
    bool valid;           /* false: no workflow, or `done` is out of reach */
};

/* The SKU must outlive the flow, which lives in the arena. */
void cost_flow(const struct spec *spec, const struct sku *sku, struct arena *arena,
               struct cost_flow *flow);
/* Reckons the flow at a quantity, made together as `run at least` says; and for a run of `made` units whatever it says.
   Everything lives in the arena. */
void cost_reckon_flow(const struct spec *spec, const struct cost_flow *flow,
                      struct rational quantity, struct arena *arena, struct cost_sheet *sheet);
void cost_reckon_run(const struct spec *spec, const struct cost_flow *flow,
                     struct rational quantity, struct rational made, struct arena *arena,
                     struct cost_sheet *sheet);
/* Both in one: one SKU at one quantity. */
void cost_reckon(const struct spec *spec, const struct sku *sku, struct rational quantity,
                 struct arena *arena, struct cost_sheet *sheet);

/* The sell lines that hold for a SKU, those that name most of its cases: the first, or the next after one; NULL at the
   end. */
const struct sell *cost_sell_line(const struct sku *sku, const struct sell *after);
/* The break that holds for a SKU at a quantity, NULL if none. */
const struct sell_break *cost_break(const struct spec *spec, const struct sku *sku,
                                    struct rational quantity);

/* JSON of one sheet as contract/README.md "Figures" says (an object, no newline at the end). */
void cost_print_json(struct buffer *out, const struct spec *spec, const struct cost_sheet *sheet);
/* The table for people: where the money goes, by step and by kind. */
void cost_print_human(struct buffer *out, const struct spec *spec, const struct cost_sheet *sheet,
                      bool color);

/* What one unit costs in batches of 1, 10, 25, 50, 100 (and the product's own sizes), and from which batch size it
   sells at its margin; for people. */
void cost_print_batch_sizes(struct buffer *out, const struct spec *spec, const struct sku *sku,
                            bool color);

/* One line a sheet: what the SKUs cost side by side. */
void cost_print_overview(struct buffer *out, const struct spec *spec,
                         const struct cost_sheet *sheets, int count, bool color);

/* The quantities a product is reckoned at in documents: sell breaks, packet quantities, order size; sorted, each once. */
int cost_quantities(const struct spec *spec, const struct product *product,
                    struct rational **quantities, struct arena *arena);

#endif
