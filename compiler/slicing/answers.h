/* What the slicer answered for the plates of a spec, in a file beside it: clip.flow has clip.sliced. `flowc slice` writes
   it, whoever checks and costs reads it, and it is kept in git with the spec: so a cost follows from files alone.

   A line a plate, and lines that begin with # are for people:

       KEY TIME_S MASS_G[,MASS_G...] LENGTH_MM[,...] SLICER VERSION LABEL

   Masses and lengths are by tool, a "-" stands for what was not said. */
#ifndef FLOW_SLICING_ANSWERS_H
#define FLOW_SLICING_ANSWERS_H

#include "base/buffer.h"
#include "slicing/gcode.h"

struct answer {
    struct answer *next;
    char key[65];      /* of what was sliced: slicing_key */
    const char *label; /* whose plate it is, for people */
    struct gcode_facts facts;
};

/* Lines that are none are passed over. In the arena, as they stand. */
struct answer *answers_read(const char *text, size_t length, struct arena *arena);
void answers_print(struct buffer *out, const struct answer *answers);
/* In its place by label, and instead of the one of that label. Returns the first, as does answers_read. */
struct answer *answers_put(struct answer *answers, struct answer *new);

#endif
