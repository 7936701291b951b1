/* Private to check/: model files, read once each. */
#ifndef FLOW_CHECK_MODELS_H
#define FLOW_CHECK_MODELS_H

#include "check/making.h"
#include "geometry/outline.h"
#include "geometry/overhang.h"
#include "geometry/walls.h"
#include "spec/spec.h"

/* What a model's shape is to a process; a limit of 0 is none. */
struct shape {
    struct shape *next;
    double limit_deg, layer_mm, wall_mm;
    struct overhang overhang; /* as it stands */
    enum side best_up;        /* the way to stand with the least overhang */
    double best_mm2;
    struct thin_walls thin;
};

struct model {
    struct model *next;
    struct arena *arena; /* where what is found out of it is kept */
    const char *path;    /* interned */
    char sha256[65];     /* "" where it could not be read */
    enum mesh_status status;
    char problem[160]; /* of MESH_MALFORMED */
    struct mesh_facts facts;
    struct shape *shapes;     /* for each process that asked */
    struct outline *outlines; /* seen along x, y and z; NULL while nobody asked; in the arena */
    struct fit *fits;         /* private to fit.c */
};

/* A model that was read while the spec was checked; NULL where none of that path was. */
const struct model *model_known(const struct spec *spec, const char *path);

/* Whether the part, standing on any side and turned by any angle, fits the machine's volume; yes where it has none. */
bool model_fits(struct model *model, const struct machine *machine);

/* The limits of the part's process, as a key of what is to be found out; all 0 where it has none. */
struct shape shape_asked(const struct making *making);
/* Finds out and keeps. The mesh must be a solid. */
void shape_add(struct model *model, const struct mesh *mesh, const struct shape *asked);

/* overhang and thin_wall. */
void check_shape(struct spec *spec, const struct making *making, struct model *model);

#endif
