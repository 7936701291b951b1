/* Mending of a mesh, where what was meant is certain. */
#ifndef FLOW_GEOMETRY_REPAIR_H
#define FLOW_GEOMETRY_REPAIR_H

#include "base/failure.h"
#include "geometry/solid.h"

struct repair {
    uint32_t joined;    /* corners that only a rounding left apart */
    uint32_t removed;   /* faces that are there twice, in one direction */
    uint32_t collapsed; /* faces of which two corners are one, taken out */
    uint32_t faces;     /* turned, so that a shell agrees with itself */
    uint32_t shells;    /* turned as a whole */
    struct mesh_facts after;
};

/* Changes the mesh. True where it is a solid afterwards; then it is the only one that was meant: nothing is added, closed
   or moved, and of the ways to turn its faces just one makes a solid. False where something is left, which repair->after
   says; the mesh is then not to be used. n log n in the faces around one corner, else linear, but for the nesting. */
bool mesh_repair(struct mesh *mesh, struct repair *repair);
bool repair_did_nothing(const struct repair *repair);

/* A binary STL file, with the normals that the corners have. Written whole or not at all. */
bool mesh_write_stl(const struct mesh *mesh, const char *path, struct failure *failure);

#endif
