/* Private to check/: model files, read once each. */
#ifndef FLOW_CHECK_MODELS_H
#define FLOW_CHECK_MODELS_H

#include "geometry/mesh.h"
#include "spec/spec.h"

struct model {
    struct model *next;
    const char *path;
    char sha256[65];
    bool is_stl; /* others (3MF, STEP) are hashed and not looked into */
    bool readable;
    const char *why; /* where it is not */
    struct mesh_facts facts;
};

/* The model of that path; kept with the spec. */
const struct model *model_of(struct spec *spec, const char *path);

#endif
