/* Listens in the networks of this machine for printers that announce themselves (printers/discovery.h). */
#ifndef FLOW_PRINTERS_DISCOVER_H
#define FLOW_PRINTERS_DISCOVER_H

#include "printers/discovery.h"

#include "base/failure.h"

struct heard {
    int networks;      /* addresses of this machine that were asked from */
    bool notes_missed; /* another program has the port of Bambu Lab's notes to itself */
};

/* Asks three times, and listens so many seconds. False with a failure where there is no network. */
bool discover(struct discovery *discovery, int seconds, struct heard *heard,
              struct failure *failure);

#endif
