/* Private to packing/: from a layout that overlaps to one that does not. */
#ifndef FLOW_PACKING_SEPARATE_H
#define FLOW_PACKING_SEPARATE_H

#include "packing/job.h"

/* Moves and turns items, from plate to plate too, until nothing overlaps. True where that was reached before the job's
   work came to `until`; else the layout is some that overlaps. */
bool separate(struct job *job, struct layout *layout, uint32_t plates, uint64_t until);

#endif
