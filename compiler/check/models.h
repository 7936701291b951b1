/* Private to check/: model files, read once each. */
#ifndef FLOW_CHECK_MODELS_H
#define FLOW_CHECK_MODELS_H

#include "geometry/mesh.h"
#include "spec/spec.h"

struct model {
    struct model *next;
    const char *path; /* interned */
    char sha256[65];  /* "" where it could not be read */
    enum mesh_status status;
    char problem[160]; /* of MESH_MALFORMED */
    struct mesh_facts facts;
};

#endif
