/* The server of flowc preview: a module of its own, because libmicrohttpd brings GnuTLS, and starting flowc must not pay
   for that. It knows nothing of specs: it hands out what it is told, to this machine only. */
#ifndef FLOW_FLOWC_PREVIEW_PREVIEW_H
#define FLOW_FLOWC_PREVIEW_PREVIEW_H

#include "base/asset.h"
#include "base/failure.h"

struct preview {
    int port; /* 0: a free one */
    /* Where states come from, each as a uint32_t length and so many bytes: JSON for the page and a NUL, then for every
       file that may be asked for its address and a NUL, its path and a NUL. */
    int states;
    void (*listening)(void *context, int port); /* called once it can be asked */
    void *context;
};

/* Serves until a signal ends it (flowc/ending.h) or no more states can come. False with a failure where it cannot. */
bool preview_serve(const struct preview *preview, struct failure *failure);

/* ---- inside: the files of the page itself, in the module ---- */

extern const struct asset preview_assets[];

#endif
