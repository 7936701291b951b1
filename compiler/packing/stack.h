/* Plates above one another, where a process lets parts lie on nothing: each part of a plate is let down until it comes to
   what is below it, so low parts leave room for those above, and hollow ones take them in. */
#ifndef FLOW_PACKING_STACK_H
#define FLOW_PACKING_STACK_H

#include "base/failure.h"
#include "geometry/mesh.h"
#include "packing/packing.h"

struct stack_request {
    const struct packing_request *plates; /* of which the packing is the answer */
    const struct mesh *meshes;            /* by part; those the silhouettes were taken of */
    double height_mm;                     /* of the machine */
};

/* What was packed on plates becomes builds: placements get a height, and the build they are in as their plate. All of the
   request's `sets` go on one build, again and again as long as there is room. A part that is higher than the machine is
   put on the floor of a build of its own plate. */
void stack_plates(const struct stack_request *request, struct packing *packing);

/* Whether all of it keeps its clearance in space, by the distances between the triangles of the meshes as they lie, and
   none is in another one; and under the machine's top. To 2 um; false with a failure that says what lies where. Whether it
   is on the bed, plates_verify() said of the plates. */
bool stack_verify(const struct stack_request *request, const struct packing *packing,
                  struct failure *failure);

#endif
