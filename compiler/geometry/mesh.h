/* Models as figures: what a check needs to know of an STL file. */
#ifndef FLOW_GEOMETRY_MESH_H
#define FLOW_GEOMETRY_MESH_H

#include "base/failure.h"

#include <stdbool.h>
#include <stdint.h>

struct mesh_facts {
    long triangles;
    double minimum[3], maximum[3]; /* mm */
    double volume_mm3;             /* signed: negative where the faces look inwards */
    long open_edges;    /* edges whose two directions do not balance: holes, flipped faces */
    long crowded_edges; /* edges of more than two faces: bodies that touch */
    long degenerate;    /* triangles without an area */
    bool closed;        /* every edge balanced and at least one triangle */
};

/* Reads an STL file, binary or ASCII, told apart by its content. Vertices are welded where they are equal to the bit.
   Linear in the file. False, with a failure that says what is wrong, where it is no STL or cannot be read. */
bool mesh_read(const char *path, struct mesh_facts *facts, struct failure *failure);

#endif
