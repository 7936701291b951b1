/* A mesh examined: its shells, which way they look, and which lies in which. */
#ifndef FLOW_GEOMETRY_SOLID_H
#define FLOW_GEOMETRY_SOLID_H

#include "geometry/edges.h"

enum { NO_SHELL = UINT32_MAX };

/* Faces connected over edges, numbered by their first face. */
struct shell {
    uint32_t triangles;
    double low[3], high[3];
    double volume_mm3; /* negative where it looks inward; meaningless where it is not closed */
    double area_mm2;
    uint32_t inside; /* the innermost shell around it, NO_SHELL */
    uint32_t depth;  /* how many shells are around it */
    bool closed;     /* its edges are balanced */
    bool inside_out; /* closed, and it looks the wrong way: a body inward, a cavity outward */
};

struct solid {
    struct mesh_facts facts;
    struct shell *shells; /* facts.shells of them */
    uint32_t *shell_of;   /* of each face; of a collapsed face, NO_SHELL */
};

/* Free it. Shells lie in one another where they are closed and all of one another's surface is on one side: of shells that
   cross, what is said follows one point of each. */
void solid_examine(const struct mesh *mesh, struct solid *solid);
/* The same; but where edges are open that mesh_join_near() closes, all of them, the mesh is left joined, and the facts are
   of it so. `exact`, if not NULL, gets the facts before. Collapsed faces that joining made are none of the writer's, and
   are not counted. */
void solid_examine_joined(struct mesh *mesh, struct solid *solid, struct mesh_facts *exact);
void solid_free(struct solid *solid);

#endif
