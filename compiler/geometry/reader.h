/* Private to geometry/: what the readers of the formats share. */
#ifndef FLOW_GEOMETRY_READER_H
#define FLOW_GEOMETRY_READER_H

#include "geometry/mesh.h"

/* One format. is_likely: whether the bytes are of it by what they say, whatever the file is called. read: fills the
   mesh, welded; false with mesh->problem where the bytes are not what they claim. The mesh is the caller's to free,
   whatever comes of it. */
struct mesh_reader {
    const char *ending; /* of names that claim the format */
    bool (*is_likely)(const unsigned char *bytes, size_t length);
    bool (*read)(const unsigned char *bytes, size_t length, struct mesh *mesh);
};

extern const struct mesh_reader stl_reader, obj_reader, threemf_reader;

/* Writes mesh->problem; returns false, so that `return mesh_problem(mesh, ...)` reads well. */
bool mesh_problem(struct mesh *mesh, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One blank for many and for what is no character; none at the ends; no half character where a text was cut. */
void mesh_tidy(char *text);

#endif
