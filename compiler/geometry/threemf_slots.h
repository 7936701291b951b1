/* Private to geometry/: which extruder a slicer's project gives each volume of its objects: PrusaSlicer's by triangles of an
   object, that of Bambu Studio and OrcaSlicer by objects. */
#ifndef FLOW_GEOMETRY_THREEMF_SLOTS_H
#define FLOW_GEOMETRY_THREEMF_SLOTS_H

#include "geometry/package.h"

#define THREEMF_PRUSA "Metadata/Slic3r_PE_model.config"
#define THREEMF_BAMBU "Metadata/model_settings.config"

struct threemf_slot {
    uint32_t object, first; /* the triangle that the volume begins with */
    uint32_t extruder;      /* from 1 */
};

struct threemf_slots {
    struct threemf_slot *items;
    uint32_t count, capacity;
};

/* What cannot be read says nothing: the shape does not hang on it. */
void threemf_slots_read(struct package *package, struct threemf_slots *slots);
/* Of the volume that begins with this triangle of the object; NULL where none does. */
const struct threemf_slot *threemf_slot_at(const struct threemf_slots *slots, uint32_t object,
                                           uint32_t triangle);

#endif
