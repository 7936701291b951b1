/* Whether plates are sound, decided without anything that the packer uses: by the distances between the sides of the
   outlines as they were given, each put where its placement says. */
#ifndef FLOW_PACKING_VERIFY_H
#define FLOW_PACKING_VERIFY_H

#include "base/failure.h"
#include "packing/packing.h"

/* Everything lies on the bed with its brim, clear of the keep-outs; nothing overlaps, and everything keeps its clearance,
   to 2 um, for whole micrometres are what the packer reckons in. False with a failure that says what lies where. For
   each plate quadratic in what lies on it, and for two that lie close in their sides. */
bool plates_verify(const struct packing_request *request, const struct packing *packing,
                   struct failure *failure);

#endif
