/* Private to packing/: one part after the other to the lowest place that is free. */
#ifndef FLOW_PACKING_FILL_H
#define FLOW_PACKING_FILL_H

#include "packing/job.h"

/* The lowest free height on each line across the bed, for one kind on one plate. It is kept, because what is added to a
   plate only raises it. */
struct filler {
    struct job *job;
    uint32_t kind, plate, lines;
    struct line *heights; /* by turn and line */
};

void filler_open(struct filler *filler, struct job *job, uint32_t kind, uint32_t plate);
void filler_close(struct filler *filler);

/* Puts one more onto the plate; false where there is no place on any line. Items of the layout must not have gone or
   moved since the last time. */
bool filler_add(struct filler *filler, struct layout *layout);

/* As many of a kind as there is room for, at most `most`; how many. */
uint32_t fill(struct job *job, struct layout *layout, uint32_t kind, uint32_t plate, uint32_t most);

#endif
