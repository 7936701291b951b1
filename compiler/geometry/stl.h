/* STL, binary and ASCII: triangles with three corners each and nothing else. Sizes are taken as millimetres. */
#ifndef FLOW_GEOMETRY_STL_H
#define FLOW_GEOMETRY_STL_H

#include "geometry/mesh.h"

/* Whether the bytes are STL by what they say, whatever the file is called. */
bool stl_is_likely(const unsigned char *bytes, size_t length);

/* Fills the mesh, welded. False where the bytes are cut off, claim more than they hold, or hold what is no number;
   mesh->problem then says so, and mesh_free() is still the caller's. */
bool stl_read(const unsigned char *bytes, size_t length, struct mesh *mesh);

#endif
