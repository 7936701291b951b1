/* Sampling plans: ISO 2859-1 single sampling and accept-on-zero, from the tables in specs/sampling. */
#ifndef FLOW_QUALITY_SAMPLING_H
#define FLOW_QUALITY_SAMPLING_H

#include "base/failure.h"
#include "base/rational.h"
#include "spec/rows.h"

#include <stdbool.h>

enum severity_of_inspection { INSPECTION_NORMAL, INSPECTION_TIGHTENED, INSPECTION_REDUCED };

struct sampling_plan {
    long n;   /* sample size; the whole lot where all is true */
    long ac;  /* accept up to this many defectives; 0 for accept on zero, first and fixed samples */
    long re;  /* reject from this many */
    bool all; /* every unit is inspected */
    char
        letter; /* the code letter whose sample size n is (arrows followed); 0 where there is none */
};

/* The plan of `sample` for a lot of that many units (>= 1). n is never more than the lot. False, with a failure,
   where the tables cannot be read or lack the AQL. */
bool sampling_plan(const struct sample *sample, long lot, enum severity_of_inspection severity,
                   struct sampling_plan *plan, struct failure *failure);

/* Whether the sample stands for its lot, which is accepted or not: not all units, the first ones, or every so many, where
   each unit found bad goes its own way. */
bool sample_judges_lots(const struct sample *sample);

/* Whether the tables can be read; false with a failure. */
bool sampling_ready(struct failure *failure);

/* Whether the tables have this AQL (1.0 and "1" alike). */
bool sampling_has_aql(struct rational aql);
bool sampling_has_zero_aql(struct rational aql);

#endif
