/* Private to geometry/: one model part of a 3MF package, read from its XML. Lengths are in millimetres, whatever unit the
   part is in. */
#ifndef FLOW_GEOMETRY_THREEMF_MODEL_H
#define FLOW_GEOMETRY_THREEMF_MODEL_H

#include "base/arena.h"
#include "geometry/mesh.h"

/* A row vector times this, with 1 as its fourth place: three rows that turn, one that moves. */
struct transform {
    double rows[4][3];
};

/* An object put to a place: a component of another one, or an item of the build. */
struct placement {
    const char *part; /* the model part it is in, without the slash before it; NULL: this one */
    uint32_t object;
    struct transform transform;
    unsigned long line;
};

struct placements {
    struct placement *items;
    uint32_t count, capacity;
};

/* How much it is with all its components, and how deep these go. */
struct bulk {
    uint64_t faces, bodies;
    int height;
};

struct object {
    uint32_t id;
    bool is_model; /* and no support or modifier, which are no part of what is made */
    unsigned long line;
    uint64_t material; /* as mesh_volume's */
    float (*places)[3];
    uint32_t place_count, place_capacity;
    uint32_t (*faces)[3];
    uint32_t face_count, face_capacity;
    struct placements components;
    /* threemf.c's, while it follows components: */
    enum { NOT_MEASURED, IS_MEASURED, MEASURED } state;
    struct bulk bulk;
};

struct model {
    const char *part;
    struct object *objects; /* in order of their numbers */
    uint32_t object_count, object_capacity;
    struct placements build;
};

/* Reads a part as its bytes come. Names go to the arena; the mesh gets title, designer and problems. */
struct model_reader;
struct model_reader *model_reader_open(const char *part, struct arena *arena, struct mesh *mesh);
bool model_reader_take(void *reader, const char *bytes, int length);
/* The model, NULL with mesh->problem where the bytes were none. Closes the reader; `sound` is false where not all of them
   came. */
struct model *model_reader_close(struct model_reader *reader, bool sound);
void model_free(struct model *model);

/* NULL where there is none of that number. */
struct object *model_object(const struct model *model, uint32_t id);

#endif
