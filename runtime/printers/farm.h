/* farm.yaml: which printer is which machine, how it is reached, and what is loaded. Secrets stand in files or in the
   environment, never in it. docs/printers.md has an example. */
#ifndef FLOW_PRINTERS_FARM_H
#define FLOW_PRINTERS_FARM_H

#include "printers/protocol.h"

#include "base/arena.h"
#include "base/failure.h"

enum { FARM_SLOTS_AT_MOST = 64 };

struct farm_slot {
    int slot;                   /* from 1 */
    const char *material, *lot; /* names in the shop; "" where unsaid */
    int64_t left_mg;            /* negative where unsaid */
};

struct farm_printer {
    const char *name;    /* of the shop: "mk4-left" */
    const char *machine; /* the machine of the specs that it is; "" where unsaid */
    const struct protocol *protocol;
    const char *address;         /* "http://192.168.1.20" */
    const char *key;             /* NULL: none is sent */
    const char *user, *password; /* NULL: none */
    int64_t nozzle_um;           /* 0 where unsaid */
    const struct farm_slot *slots;
    int slot_count;
    int line; /* where it stands */
};

struct farm {
    const char *path;
    struct farm_printer *printers; /* in their order there */
    int count;
    struct arena arena;
};

/* Reads it, with the secrets that it names. False with a failure that begins with FILE:LINE and ends with a way out. Close
   it in both cases. */
bool farm_open(struct farm *farm, const char *path, struct failure *failure);
void farm_close(struct farm *farm);
/* NULL where there is none of that name. */
const struct farm_printer *farm_find(const struct farm *farm, const char *name);

#endif
