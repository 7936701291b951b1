/* 3MF: a package with one model or several, whose objects are put together by components and by what is to be built. All
   that is built becomes one mesh, in millimetres. */
#ifndef FLOW_GEOMETRY_THREEMF_H
#define FLOW_GEOMETRY_THREEMF_H

#include "geometry/mesh.h"

/* The same of the XML of a lone model part, without the package around it. False with mesh->problem; the mesh is the
   caller's to free, whatever comes of it. */
bool threemf_read_xml(const char *xml, size_t length, struct mesh *mesh);

#endif
