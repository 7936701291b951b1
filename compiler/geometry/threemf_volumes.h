/* Private to geometry/: an object that is written, volume by volume, and which slot each goes to. */
#ifndef FLOW_GEOMETRY_THREEMF_VOLUMES_H
#define FLOW_GEOMETRY_THREEMF_VOLUMES_H

#include "geometry/threemf_write.h"

struct written_volume {
    uint32_t number;     /* of those seen so far */
    uint32_t next;       /* triangle of the mesh, one behind its last */
    uint32_t first, end; /* among the triangles that are written */
    uint32_t material;
};

/* A triangle with two corners in one place is not written: the format forbids it. */
bool threemf_is_flat(const uint32_t corners[3]);
/* One after another, from {0}; false at the end. A volume of which nothing is written is passed over. */
bool threemf_next_volume(const struct threemf_object *object, struct written_volume *volume);
/* Of its first volume. */
uint32_t threemf_material_of(const struct threemf_object *object);

/* Slots in the words of each slicer. */
void threemf_add_prusa(struct buffer *out, const struct threemf_scene *scene);
void threemf_add_bambu(struct buffer *out, const struct threemf_scene *scene);

#endif
