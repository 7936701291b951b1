/* farm.yaml: which printer is which machine, how it is reached, and what is loaded. Secrets stand in files or in the
   environment, never in it. docs/printers.md has an example. */
#ifndef FLOW_PRINTERS_FARM_H
#define FLOW_PRINTERS_FARM_H

#include "printers/protocol.h"

#include "base/arena.h"
#include "base/failure.h"

enum { FARM_SLOTS_AT_MOST = SLOT_OUTSIDE };

struct farm_slot {
    int slot;                   /* from 1, or SLOT_OUTSIDE */
    const char *material, *lot; /* names in the shop; "" where unsaid */
    int64_t left_mg;            /* negative where unsaid */
};

/* What hangs on one fuse: not more than so many heat at a time. */
struct farm_circuit {
    const char *name;
    int heating_at_most;
};

struct farm_printer {
    const char *name;    /* of the shop: "mk4-left" */
    const char *machine; /* the machine of the specs that it is; "" where unsaid */
    const struct protocol *protocol;
    const char *address;  /* "http://192.168.1.20"; of a Bambu Lab printer "192.168.1.30" */
    int port, files_port; /* of a Bambu Lab printer, as is what follows */
    const char *serial, *certificate_file; /* NULL for others */
    const char *key;                       /* NULL: none is sent */
    const char *user, *password;           /* NULL: none */
    const char *key_file;                  /* where the key stands, or is to stand; NULL: in none */
    const char *camera;                    /* an address of its picture; NULL: its server knows */
    int64_t nozzle_um;                     /* 0 where unsaid */
    const struct farm_slot *slots;
    int slot_count;
    const struct farm_circuit *circuit; /* NULL: none */
    const char *circuit_name;           /* "" */
    bool by_hand;                       /* protocol manual: people begin and end its prints */
    bool ejects;                        /* its plate is empty when a print is finished */
    int line;                           /* where it stands */
};

struct farm {
    const char *path;
    struct farm_printer *printers; /* in their order there */
    int count;
    struct farm_circuit *circuits;
    int circuit_count;
    int out_failures, out_of_last; /* a printer is taken out of use after so many of its last */
    bool without_secrets;          /* they are not read: one of them is just being made */
    struct arena arena;
};

/* Reads it, with the secrets that it names. False with a failure that begins with FILE:LINE and ends with a way out. Close
   it in both cases. */
bool farm_open(struct farm *farm, const char *path, struct failure *failure);
/* The same without secrets: whether they are there does not matter, and none is in it. */
bool farm_open_without_secrets(struct farm *farm, const char *path, struct failure *failure);
void farm_close(struct farm *farm);
/* NULL where there is none of that name. */
const struct farm_printer *farm_find(const struct farm *farm, const char *name);

#endif
