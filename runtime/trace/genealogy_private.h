/* Private to the genealogy: what is in use at a step of a batch, right now. */
#ifndef FLOW_TRACE_GENEALOGY_PRIVATE_H
#define FLOW_TRACE_GENEALOGY_PRIVATE_H

#include "trace/genealogy.h"

struct using_now {
    struct thing *thing;
    const char
        *of;      /* of one name, the later takes the place of the earlier: a material, "machine" */
    bool current; /* nothing took its place */
    bool recent;  /* goes into the units that leave next, though another took its place */
};

struct work_place {
    struct work_place *next;
    const char *step;
    struct using_now *now;
    int32_t count, capacity;
    int32_t in_use; /* as kept for departures; -1 where it changed since */
    bool left;      /* units left since something was said */
};

/* What an issue is about, so that its answer stands where its question stands. */
struct issue_place {
    struct thing *owner;
    const char *step;
    int32_t first;
};

#endif
