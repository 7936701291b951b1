/* What changed between two specs, in words that a shop uses; what that does to costs, and which approvals it voids. */
#ifndef FLOW_DIFF_DIFF_H
#define FLOW_DIFF_DIFF_H

#include "base/buffer.h"
#include "cost/cost.h"
#include "spec/fingerprint.h"
#include "spec/spec.h"

/* How far a change reaches; each includes those before it. */
enum change_class {
    CHANGE_COSMETIC,     /* a title, a note, the order of a list: nothing is made otherwise */
    CHANGE_PROCESS,      /* it is made, checked, bought or sold otherwise */
    CHANGE_APPROVAL,     /* it voids an approval that stands */
    CHANGE_COMPATIBILITY /* what fitted, or could be ordered, may not fit or be ordered any more */
};
#define CHANGE_CLASS_COUNT 4
extern const char *const change_class_names[CHANGE_CLASS_COUNT]; /* as in the JSON */

enum change_kind { CHANGE_NEW, CHANGE_GONE, CHANGE_OTHER, CHANGE_MOVED, CHANGE_RENAMED };
extern const char *const change_kind_names[5]; /* "new", "gone", "changed", "moved", "renamed" */

struct change {
    enum change_kind kind;
    enum change_class class;
    const char *what;           /* "part hook", "step screen" */
    const char *field;          /* "dimension", NULL where it is the whole of it */
    const char *row;            /* "bore", NULL where it is not a row of a list with names */
    const char *slot;           /* "size", NULL where the field has but one */
    const char *before, *after; /* in words, NULL where there is nothing */
    const char *sentence;       /* without a full stop */
    bool internal;              /* of an internal field, or of a value that was reckoned from one */
    bool follows; /* it is written as before: it comes from another change that is named too */
    const struct declaration *old_of, *new_of; /* NULL where it is new, gone */
    struct span old_span, new_span;
};

struct diff_side {
    const struct spec *spec;
    const char *name; /* as it was asked for: "HEAD:hook.flow" */
    int errors;       /* in the spec: what could be read was compared */
};

/* An approval that no longer holds. */
struct voided {
    const struct product *product; /* the new one */
    const char *approvals;         /* "pp_sample" */
    char before[65], after[65];    /* fingerprints */
    const char *fields;            /* what of it: "dimension bore of part hook, ..." */
};

/* A SKU at a quantity, before and after. */
struct cost_change {
    const struct product *product; /* the new one */
    const char *sku;
    struct rational quantity;
    bool sold_before, sold_after; /* there was a price; there is one */
    struct rational cost_before, cost_after, price_before, price_after, margin_before, margin_after;
};

struct spec_diff {
    struct arena *arena;
    struct diff_side before, after;
    struct change *changes;
    int count, capacity;
    struct voided *voided;
    int voided_count;
    struct cost_change *costs; /* those that differ */
    long cost_count;
    long sku_total;  /* that were reckoned, before some were left out for their number */
    bool costs_hold; /* false: a side has errors that make figures wrong, or tables are missing */
    bool same_bytes; /* the main files are the same, byte for byte */
};

/* Compares two specs that were loaded and checked: changes, approvals, costs. The arena, and what is in it, belongs to the
   caller; the specs must outlive it. False with a failure where a file cannot be read. */
bool spec_compare(struct spec_diff *diff, struct failure *failure);
/* The changes alone. */
void compare_declarations(struct spec_diff *diff);
/* Which approvals they void (sets CHANGE_APPROVAL), and what the SKUs cost now. */
bool compare_approvals(struct spec_diff *diff, struct failure *failure);
void compare_costs(struct spec_diff *diff);

/* Whether a change is of the field that a fingerprint calls so: "dimension bore of part hook". */
bool change_is_of(const struct change *change, const char *name);

/* Leaves of the changes those that whoever gets a packet of the product may know: of what a packet speaks about, and
   nothing internal. Those that follow from others stay, for the others may be gone. */
void diff_keep_public(struct spec_diff *diff, const char *product);

/* Whether a spec has an error that could make a figure wrong. */
bool figures_hold(const struct spec *spec);

/* The class of the farthest change; CHANGE_COSMETIC where there is none. */
enum change_class diff_class(const struct spec_diff *diff);

/* One fact of a spec. */
struct spec_fact {
    const char *canonical; /* equal where it says the same */
    const char *words;
    const struct declaration *of;
    struct span span;
};
/* The fact of that name: hook.bore, hook.bore.gauge, screen.surface, desk_hook.margin, iron. False if there is none. */
bool spec_find_fact(const struct spec *spec, const char *path, struct arena *arena,
                    struct spec_fact *found);

/* ---- as people and programs read it: render.c ---- */
void diff_print_human(struct buffer *out, const struct spec_diff *diff, bool color);
void diff_print_markdown(struct buffer *out, const struct spec_diff *diff);
void diff_print_json(struct buffer *out, const struct spec_diff *diff);

#endif
