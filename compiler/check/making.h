/* Private to check/: how a part of one SKU is made. */
#ifndef FLOW_CHECK_MAKING_H
#define FLOW_CHECK_MAKING_H

#include "spec/spec.h"

/* A print or cut (or work outside) that makes the part, or works on it further. */
struct operation {
    const struct step *step;
    bool works;
};

struct making {
    const struct part *part;
    const struct product *product; /* NULL where no product contains the part */
    const struct sku *sku;         /* NULL likewise */
    struct operation *operations;  /* in order */
    int count;
};

/* Each part that a SKU of the product contains, once; then it is gone through again for the next SKU. */
void for_each_making(struct spec *spec, const struct product *product,
                     void (*visit)(struct spec *spec, const struct making *making));

/* The value that a field has for this SKU, where it is a number; else NULL. */
const struct value *number_for(const struct simple *row, const struct sku *sku);

const struct process *part_process(const struct making *making);
const struct process *machine_process(const struct machine *machine, const struct sku *sku);
/* The kind of a process, "" where it is not known. */
const char *process_kind(const struct process *process);
/* A machine that may do the operation: of the part's own process; for further work, of its kind or the step's. */
bool machine_fits(const struct machine *machine, const struct making *making,
                  const struct operation *operation);
/* A machine of an operation's `on`; NULL with *unknown set where it could not be read. */
const struct machine *machine_at(const struct simple *row, const struct sku *sku, bool *unknown);

const char *length_text(struct spec *spec, struct rational mm);

/* tolerances.c, models.c */
void check_tolerances(struct spec *spec, const struct making *making);
void check_model(struct spec *spec, const struct making *making);

#endif
