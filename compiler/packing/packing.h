/* Parts onto plates: by their real outlines, in many turns, with a clearance between them, around what of the bed must
   stay free. Same request, same answer; the effort is counted in work done, not in time. */
#ifndef FLOW_PACKING_PACKING_H
#define FLOW_PACKING_PACKING_H

#include "geometry/silhouette.h"

/* A rectangle of the bed, from its front left corner. */
struct bed_area {
    double low[2], high[2]; /* mm */
};

struct packing_part {
    const struct silhouette *silhouette; /* borrowed */
    uint32_t count;                      /* how many are wanted; of sets: how many are in one */
};

struct packing_request {
    double width_mm, depth_mm; /* of the bed */
    const struct bed_area *keep_outs;
    uint32_t keep_out_count;
    double clearance_mm; /* between parts; where they have a brim, between brims */
    double brim_mm;      /* around each part; on the bed */
    uint32_t turns; /* 1: parts lie as they are; or a multiple of 4: that many to the full circle */
    uint64_t seed;  /* of the search */
    uint64_t effort; /* how much work: EFFORT_... */
    bool
        sets; /* as many sets as one plate takes; else all that is wanted, on as few plates as it takes */
    const struct packing_part *parts;
    uint32_t part_count;
};

/* About 0.3 s, 5 s and half a minute on a machine of 2025. */
#define EFFORT_QUICK UINT64_C(36000000)
#define EFFORT_GOOD UINT64_C(500000000)
#define EFFORT_BEST UINT64_C(3000000000)

/* The part's model is turned by the angle about its own origin, counter-clockwise, and then moved. */
struct placement {
    uint32_t part, plate;
    double angle_deg, x_mm, y_mm; /* to a micrometre */
    double z_mm;                  /* of its foot: 0, but in a stack (stack.h) */
};

struct packing {
    uint32_t count, plates;
    struct placement *placements; /* by plate */
    uint32_t
        *placed;    /* by part: how many; fewer than wanted where one does not fit the bed at all */
    uint64_t spent; /* of the effort */
};

/* packing_free() frees. */
struct packing pack(const struct packing_request *request);
void packing_free(struct packing *packing);

#endif
