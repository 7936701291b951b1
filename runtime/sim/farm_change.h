/* "machine.mk4.count=6": a spec as it would be. */
#ifndef FLOW_SIM_FARM_CHANGE_H
#define FLOW_SIM_FARM_CHANGE_H

#include "base/inputs.h"
#include "source/source.h"

/* The texts of the files that are changed, in the arena, for inputs_stand_in. A change names a block by its word and name,
   blocks within it by their names, and a field, which is put in where it is missing. Where a spec has the block, taken[i] is
   set. False with a failure: a change is not written like one. */
bool farm_change_texts(const struct source_set *sources, const char *const *changes, int count,
                       bool *taken, struct arena *arena, struct input_text **texts, int *text_count,
                       struct failure *failure);

#endif
