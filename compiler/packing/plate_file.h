/* A packed plate as a file for a slicer. */
#ifndef FLOW_PACKING_PLATE_FILE_H
#define FLOW_PACKING_PLATE_FILE_H

#include "base/buffer.h"
#include "base/failure.h"
#include "geometry/threemf_write.h"
#include "packing/packing.h"

struct plate_slots {
    const struct threemf_material *materials; /* by slot */
    uint32_t count;
};

struct plate_model {         /* by part of the request */
    const struct mesh *mesh; /* borrowed; that of which the silhouette was taken */
    const char *name;
    const uint32_t *slots; /* from 0: by volume of the mesh, or of the whole where it has none */
};

/* One plate as 3MF: each part's mesh once, standing on the bed, or over it, where it was put. False with a failure. */
bool plate_threemf(const struct packing *packing, uint32_t plate, const struct plate_model *models,
                   const struct plate_slots *slots, const char *title, struct buffer *out,
                   struct failure *failure);

#endif
