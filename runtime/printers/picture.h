/* The picture of a printer's camera: where it is, and whether what came is one. Pure functions. */
#ifndef FLOW_PRINTERS_PICTURE_H
#define FLOW_PRINTERS_PICTURE_H

#include "printers/farm.h"

enum { PICTURE_ADDRESS_AT_MOST = 800 };

struct picture_place {
    char address[PICTURE_ADDRESS_AT_MOST]; /* "http://192.168.1.20:8080" */
    char path[600];                        /* "/?action=snapshot" */
    bool is_server; /* the printer's server itself, which is to know who we are */
};

/* Where the camera of that printer is, of which its server says `camera`, or farm.yaml (`stated`), which may name any host. A
   server's word counts only for its own host: a path is on it, and "127.0.0.1" is it. False with a failure where it is nowhere,
   or elsewhere. */
bool picture_place(const struct farm_printer *printer, const char *camera,
                   struct picture_place *place, struct failure *failure);

/* "jpg", "png", "webp"; NULL where it is no picture, whatever the server calls it. */
const char *picture_kind(const char *bytes, size_t length);

#endif
