/* Private to packing/: one part and its twin turned by half, repeated in rows. */
#ifndef FLOW_PACKING_LATTICE_H
#define FLOW_PACKING_LATTICE_H

#include "packing/job.h"

/* A lattice: the part, in most of them its twin beside it, and both again at every step along the row and from row to
   row. */
struct lattice {
    uint32_t kind, turn;
    bool twin;
    struct spot twin_at; /* from the part */
    int32_t along;       /* to the next in the row */
    struct spot up;      /* to the next row */
    struct spot start;   /* where one of the first row is */
    uint32_t count;      /* on the bed, without regard to keep-outs */
};

enum { LATTICES = 8 };

/* The best found, the most parts first; how many. */
uint32_t find_lattices(struct job *job, uint32_t kind, struct lattice best[LATTICES]);

/* Adds what of it stands on the bed and clear of the keep-outs. */
void lay_lattice(struct job *job, const struct lattice *lattice, uint32_t plate,
                 struct layout *layout);

#endif
