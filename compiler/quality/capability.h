/* Capability: how well what was measured keeps inside its limits. Readings are added one by one, in the order the pieces
   were made; nothing else is kept of them. Floating point, for readings are no exact numbers; only additions, products,
   quotients and square roots, which every machine rounds alike. */
#ifndef FLOW_QUALITY_CAPABILITY_H
#define FLOW_QUALITY_CAPABILITY_H

#include "base/buffer.h"

#include <stdbool.h>

/* All zeros: no reading yet. One unit for all of them, that of the limits. */
struct readings {
    long count;
    double mean;
    double squares; /* the sum of the squared distances from the mean (Welford) */
    double least, most;
    double last;
    double moved;         /* the sum of the steps from one reading to the next */
    double group_squares; /* of each reading from the mean of its own group */
    long group_freedom;   /* readings in groups less the number of groups */
};

/* Adds one reading (a finite number). */
void readings_add(struct readings *readings, double reading);
/* Adds readings that were taken together: of one plate, one batch, one hour. count >= 1. */
void readings_add_group(struct readings *readings, const double *group, int count);

struct capability_limits {
    bool has_lower, has_upper;
    double lower, upper;
};

enum capability_ground {
    CAPABILITY_FIGURES,   /* the figures below hold */
    CAPABILITY_TOO_FEW,   /* fewer than two readings */
    CAPABILITY_NO_LIMITS, /* neither a lower nor an upper one, or the lower is not under the upper */
    CAPABILITY_NO_SPREAD  /* all readings equal: the gauge is too coarse to tell */
};

enum { CAPABILITY_READINGS_NEEDED = 30 };

struct capability {
    enum capability_ground ground;
    long count;
    double mean;
    double overall; /* standard deviation of all (n - 1) */
    double
        within; /* inside the groups; without groups from the steps between neighbours, over 1.128 */
    bool two_sided;  /* cp and pp hold: there is a lower and an upper limit */
    double cp, cpk;  /* by the deviation within; where that is zero, by the overall one */
    double pp, ppk;  /* by the overall one */
    bool indicative; /* fewer than thirty readings: a hint, no proof */
};

struct capability capability_of(const struct readings *readings,
                                const struct capability_limits *limits);

/* A sentence for the shop: "Cpk 1.42, Ppk 1.38 from 45 readings: capable.". */
void capability_words(struct buffer *out, const struct capability *capability);

#endif
