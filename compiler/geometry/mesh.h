/* Solid models as triangles: read from a file, welded, and examined. Lengths are in millimetres, as the file says
   them. This is the one place of the compiler where floating point decides. */
#ifndef FLOW_GEOMETRY_MESH_H
#define FLOW_GEOMETRY_MESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mesh_status {
    MESH_READ,      /* triangles are there; the facts say whether they are a solid */
    MESH_ABSENT,    /* no such file, or it cannot be opened */
    MESH_MALFORMED, /* it claims a format that we read, and is not of it: problem says why */
    MESH_FOREIGN    /* a format that we do not read: nothing is known */
};

/* Corners at one place are one vertex. */
struct mesh {
    uint32_t triangle_count, vertex_count;
    uint32_t (*triangles)[3]; /* vertices, counter-clockwise seen from outside */
    float (*vertices)[3];
    char problem[160]; /* of MESH_MALFORMED */
};

/* What a mesh is, and what keeps it from being a solid. */
struct mesh_facts {
    double low[3], high[3]; /* the bounding box */
    double volume_mm3;      /* negative where the faces look inward */
    uint32_t triangles;
    uint32_t degenerate;    /* triangles without an area */
    uint32_t open_edges;    /* edges with one triangle */
    uint32_t crowded_edges; /* edges with more than two */
    uint32_t flipped_edges; /* edges whose two triangles do not agree what is outside */
    bool closed; /* triangles, and no edge of these three sorts: the volume means something */
};

/* Reads STL, binary or ASCII, by what the bytes say and not by the name; a name that ends in .stl and bytes that are
   none is malformed. Corners are welded where they are equal. Linear in the file. mesh_free() frees, whatever the
   status. */
enum mesh_status mesh_read(const char *path, struct mesh *mesh);
/* Joins vertices on open edges that only a rounding of the writer left apart: within a few steps of a float at the mesh's
   farthest corner. Returns how many were joined to another one; the triangles then no longer name these. */
uint32_t mesh_join_near(struct mesh *mesh);
void mesh_free(struct mesh *mesh);

/* Linear in the triangles; n log n in those around one corner. */
void mesh_examine(const struct mesh *mesh, struct mesh_facts *facts);

#endif
