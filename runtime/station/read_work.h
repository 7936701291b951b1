/* Private to station/: what a step's instruction says for a SKU. */
#ifndef FLOW_STATION_READ_WORK_H
#define FLOW_STATION_READ_WORK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "spec/spec.h"

struct work {
    struct buffer *out;
    struct arena *arena;
    const struct spec *spec;
    const char *snapshot;
    const struct step *step;
    const struct sku *sku;
};

/* The shape Work. */
void write_work(const struct work *at);
/* "layer_shift" as people read it: "layer shift". In the arena. */
char *readable_name(const char *name, struct arena *arena);
/* What a step records, as its line in the spec calls it. */
const char *record_title(const struct spec *spec, const struct step *step, const char *name,
                         struct arena *arena);

#endif
