/* Where a job of several materials purges: PrusaSlicer puts its wipe tower, and what it primes, where the settings say, and
   looks at no part that may stand there. */
#ifndef FLOW_SLICING_WIPE_TOWER_H
#define FLOW_SLICING_WIPE_TOWER_H

#include "base/failure.h"

enum { WIPE_AREAS_AT_MOST = 8 };

struct wipe_area {
    double low[2], high[2]; /* mm of the bed */
};

/* The areas on the bed that the job purges on; those that touch are one. How many; -1 with a failure where the file cannot be
   read. Wants relative extrusion, as PrusaSlicer does where it builds a tower. */
int wipe_areas_read(const char *gcode, struct wipe_area areas[WIPE_AREAS_AT_MOST],
                    struct failure *failure);

#endif
