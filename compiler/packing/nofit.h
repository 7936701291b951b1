/* Private to packing/: where one form may not be put beside another. With A at the origin, B at a spot overlaps it if and
   only if the spot is inside of one of these pieces: the sums of a piece of A and a piece of B turned by half. On a
   piece's edge they touch, which they may. */
#ifndef FLOW_PACKING_NOFIT_H
#define FLOW_PACKING_NOFIT_H

#include "packing/form.h"

struct side {
    double x, y, reach; /* outward, of length 1; the spots inside have x * X + y * Y < reach */
};

struct nofit {
    uint32_t piece_count;
    struct piece *pieces; /* the largest first */
    struct spot *corners;
    struct side *sides; /* from each corner to the next one */
    struct box box;
};

struct nofit *nofit_of(const struct form *a, const struct form *b);
void nofit_free(struct nofit *nofit);

/* How far B at that spot is inside, in um: at least how far it must go to be free; 0 where it is free. No more is found
   out once it is over `enough`. */
double nofit_depth(const struct nofit *nofit, struct spot at, double enough);

/* The spots of a line that are not free, in ranges of whole um; ranges may overlap. */
struct range {
    int32_t low, high;
};
/* The line: along x at height `at`, or along y at x = `at`. Adds to ranges, at most piece_count of them; returns how
   many. */
uint32_t nofit_ranges(const struct nofit *nofit, bool along_y, int32_t at, struct range *ranges);

#endif
