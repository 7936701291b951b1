/* What a name stands for, told apart over several compilations: by where it is declared. */
#ifndef FLOW_LSP_TARGET_H
#define FLOW_LSP_TARGET_H

#include "flowc/lsp/server.h"

enum target_kind {
    TARGET_DECLARATION,
    TARGET_DIMENSION,
    TARGET_AXIS, /* or what the customer gives */
    TARGET_CASE  /* of an axis */
};

struct target {
    enum target_kind kind;
    const char *path;    /* of the file it is declared in */
    uint32_t begin, end; /* of its name there, offsets */
    const char *name;
    const char *owner; /* the product or, for a dimension, the part it belongs to; NULL */
    bool shared;       /* in specs/ or FLOW_PATH: not the user's */
};

/* What is named or declared at the place; false where nothing is. Texts are in the scratch arena. */
bool target_at(struct server *server, const struct asked *asked, struct target *target);
/* All places that name it, its declaration first if `declaration`: an array of {uri, range}, each once. Goes through the
   roots that use its file. */
json_t *target_places(struct server *server, const struct target *target, bool declaration);
/* The same by the eyes of the resident spec alone. */
json_t *target_places_here(struct server *server, const struct target *target);
/* Its declaration: {uri, range} of the resident spec it was found in. */
json_t *target_location(struct server *server, const struct target *target);

#endif
