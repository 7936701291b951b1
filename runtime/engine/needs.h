/* What a step of a batch still wants before its units may go on as good: what a page at the bench asks for, one after the
   other, and what a simulated person does. The deciders alone decide; once nothing is wanted any more, `pass` is accepted. */
#ifndef FLOW_ENGINE_NEEDS_H
#define FLOW_ENGINE_NEEDS_H

#include "engine/state.h"

enum need_kind {
    NEED_LOT,       /* which lot of a material or item goes in: name */
    NEED_PARAMETER, /* a parameter is recorded: name */
    NEED_COUNT,     /* the pieces are counted: the name of the check */
    NEED_READING,   /* a dimension of a unit is measured: part, name */
    NEED_JUDGEMENT, /* a check of a unit is judged: name */
    NEED_SIGNATURE  /* of a gate: name is the role */
};

struct need {
    enum need_kind kind;
    const char *name, *part;   /* part: "" but for a reading */
    const struct check *check; /* of a count, a reading, a judgement; else NULL */
    int64_t unit;              /* of a reading or a judgement, else 0 */
    struct span span;          /* the line of the spec that wants it */
};

/* Visits what is wanted, until visit says false. Lots and parameters come first, then the checks unit by unit: of all that
   stand there, or of as many as the sampling plan still wants. */
typedef bool need_visit(const struct need *need, void *data);
void step_needs(const struct batch *batch, int step, need_visit *visit, void *data);

/* A sample that is not whole yet: until then none of those that it stands for pass. */
struct sample_open {
    int32_t left; /* units that are still to be inspected */
    int32_t
        bears; /* of those, how many may be bad before the others are not accepted; below 0: none may, and they are not */
};
/* False where there is none: it is whole, or each unit is inspected. */
bool sample_is_open(const struct batch *batch, int step, struct sample_open *open);

/* Whether quality may send a unit that waits in quarantine there: a step's name, "done" or "scrap". */
bool unit_may_go_to(const struct batch *batch, int64_t number, const char *to);

/* The tracked things that a step consumes for a SKU: materials of what it makes, parts' and items' lots that its
   `consume` and its lines of work name. Stops, and returns false, where visit says false. */
typedef bool visit_tracked(const struct declaration *what, void *data);
bool for_each_tracked(const struct step *step, const struct sku *sku, visit_tracked *visit,
                      void *data);

#endif
