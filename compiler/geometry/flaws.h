/* The words for what may be wrong with a mesh, and the places. */
#ifndef FLOW_GEOMETRY_FLAWS_H
#define FLOW_GEOMETRY_FLAWS_H

#include "base/buffer.h"
#include "geometry/mesh.h"

struct flaw_row {
    const char *name;       /* for programs: "open_edges" */
    const char *one, *more; /* "edge is open", "edges are open" */
    const char *remedy;     /* what to do */
};
extern const struct flaw_row flaw_rows[FLAW_COUNT];

/* The first flaw that keeps the mesh from being a solid, FLAW_COUNT where none does. A closed mesh without flaws may still
   enclose nothing. */
enum flaw flaw_worst(const struct mesh_facts *facts);
bool mesh_is_solid(const struct mesh_facts *facts);

/* "3 edges are open, the first at (1.5, 0, 20)". */
void flaw_describe(struct buffer *out, const struct mesh_facts *facts, enum flaw flaw);
/* A place in millimetres, with three decimals at most: "(1.5, 0, 20)". */
void place_describe(struct buffer *out, const double at[3]);

/* What keeps it from being a solid, in one line; adds nothing for a solid. */
void mesh_describe_flaws(struct buffer *out, const struct mesh_facts *facts);
/* What to do about that; NULL for a solid. */
const char *mesh_remedy(const struct mesh_facts *facts);

#endif
