/* One list over several compilations, each of which had positions of its own. */
#ifndef FLOW_SOURCE_GATHER_H
#define FLOW_SOURCE_GATHER_H

#include "base/failure.h"
#include "source/diagnostic.h"

struct gathering {
    struct arena arena;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct source **by_path; /* the sources, sorted */
    int by_path_capacity;
};

void gathering_open(struct gathering *gathering);
void gathering_close(struct gathering *gathering);

/* Copies what one compilation said. The files it speaks of are taken over out of its sources, a file that is there
   already (by its path) only once; source_of() the old set no longer serves them. False, with a failure, when 4 GB of
   such files are there. diagnostics_sort() makes one order of it. */
bool gather(struct gathering *gathering, const struct diagnostics *said, struct source_set *sources,
            struct failure *failure);

#endif
