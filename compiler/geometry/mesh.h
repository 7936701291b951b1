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

/* A body of a file that says which there are: its triangles, up to those of the next one. */
struct mesh_volume {
    uint32_t first; /* triangle */
    uint64_t
        material; /* a number of the file's own, the same for the same one; 0 where it says none */
};

/* Corners at one place are one vertex; of a file that says which bodies there are, within a body. */
struct mesh {
    uint32_t triangle_count, vertex_count;
    uint32_t (*triangles)[3]; /* vertices, counter-clockwise seen from outside */
    float (*vertices)[3];
    struct mesh_volume *volumes; /* of 3MF, in the order in which it is built */
    uint32_t volume_count;
    char problem[160];  /* of MESH_MALFORMED, with the line or the byte */
    const char *format; /* "binary STL", "ASCII STL", "OBJ", "3MF"; NULL where it is not known */
    char title[128], designer[128]; /* as the file says, cut where too long; "" where it does not */
};

/* What may be wrong with a mesh (flaws.h has the words). Those before FLAW_WITHIN keep it from being a solid. */
enum flaw {
    FLAW_OPEN,       /* an edge with one face */
    FLAW_FLIPPED,    /* an edge whose two faces do not agree what is outside */
    FLAW_UNEVEN,     /* an edge with three faces or more that is not passed as often up as down */
    FLAW_INSIDE_OUT, /* a shell that looks the wrong way: a body inward, or a cavity outward */
    FLAW_COLLAPSED,  /* a face of which two corners are one vertex */
    FLAW_FLAT,       /* a face whose three corners are in a line */
    FLAW_WITHIN,     /* a shell that is a body within a body */
    FLAW_CROWDED,    /* an edge with more than two faces, uneven or not */
    FLAW_DUPLICATE,  /* a face with the same corners as an earlier one */
    FLAW_COUNT
};

/* What a mesh is, and what keeps it from being a solid. */
struct mesh_facts {
    double low[3], high[3]; /* the bounding box; 0 where nothing is */
    double
        volume_mm3; /* negative where the faces look inward; of an open mesh, seen from its first corner */
    double area_mm2;
    uint32_t triangles;
    uint32_t vertices; /* corners that are equal in every bit are one */
    uint32_t edges;
    uint32_t shells; /* faces connected over edges */
    uint32_t pieces; /* faces connected over vertices */
    struct {
        uint32_t count;
        double at[3]; /* the first: an edge's middle, a face's centre */
    } flaws[FLAW_COUNT];
    uint32_t
        joined; /* vertices that only a rounding left apart, and without which it would not be closed */
    bool closed;       /* triangles, and every edge balanced: the volume means something */
    bool two_manifold; /* besides, every edge has two faces */
    bool nested; /* which shell lies in which was found out: of closed ones, and not too many */
};

/* Reads STL, binary or ASCII, OBJ and 3MF, by what the bytes say and not by the name; a name that ends as that of a format
   we read, and bytes that are of none, is malformed. Corners are welded where they are equal. Linear in the file; takes
   memory for what the file holds, not for what it claims. mesh_free() frees, whatever the status. */
enum mesh_status mesh_read(const char *path, struct mesh *mesh);
/* The same of bytes that are there already; the name's ending is looked at, nothing else of it. */
enum mesh_status mesh_read_bytes(const char *name, const unsigned char *bytes, size_t length,
                                 struct mesh *mesh);
/* Joins vertices on open edges that only a rounding of the writer left apart: within a few steps of a float at the mesh's
   farthest corner. Returns how many were joined to another one; the triangles then no longer name these. */
uint32_t mesh_join_near(struct mesh *mesh);
void mesh_free(struct mesh *mesh);
/* The materials of the volumes, numbered from 0 in the order of the file's own numbers; where it has none, each volume is of
   its own. How many there are, at least 1. numbers: by volume; may be NULL. */
uint32_t mesh_materials(const struct mesh *mesh, uint32_t *numbers);

/* All of that as the mesh stands (solid.h has the single shells as well). Linear in the triangles; n log n in those around
   one corner. */
void mesh_examine(const struct mesh *mesh, struct mesh_facts *facts);

#endif
