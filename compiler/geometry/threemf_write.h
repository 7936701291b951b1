/* Meshes as a 3MF package that slicers open: Core 3MF, millimetres, each mesh once and an item for each place it has. Where
   there are several materials, an object's volumes say theirs in three ways: as the core specification has it, as PrusaSlicer
   and as OrcaSlicer and Bambu Studio read it. */
#ifndef FLOW_GEOMETRY_THREEMF_WRITE_H
#define FLOW_GEOMETRY_THREEMF_WRITE_H

#include "base/buffer.h"
#include "base/failure.h"
#include "geometry/mesh.h"

struct threemf_material {
    const char *name;
    char color[8]; /* "#RRGGBB" */
};

struct threemf_object {
    const struct mesh *mesh; /* borrowed */
    const char *name;
    const uint32_t *
        materials; /* of each of the mesh's volumes, or of the whole where it has none; NULL: the first */
};

struct threemf_item {
    uint32_t object;     /* from 0 */
    double matrix[4][3]; /* row vectors: x, y, z of the mesh, then the move */
};

struct threemf_scene {
    const struct threemf_object *objects;
    const struct threemf_item *items;
    uint32_t object_count, item_count;
    const struct threemf_material *materials; /* by slot; of fewer than two nothing is said */
    uint32_t material_count;
    const char *title;
};

/* A turn about z, counter-clockwise, and then a move; of quarters no rounding is left. */
void threemf_place(struct threemf_item *item, double angle_deg, const double to[3]);

/* Same scene, same bytes. False with a failure where there is no libzip. */
bool threemf_write(const struct threemf_scene *scene, struct buffer *out, struct failure *failure);

#endif
