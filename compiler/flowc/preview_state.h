/* What a preview shows: of every file the last good documents, and what is wrong with it now. */
#ifndef FLOW_FLOWC_PREVIEW_STATE_H
#define FLOW_FLOWC_PREVIEW_STATE_H

#include "flowc/watch.h"

/* The last good products of a file. */
struct previewed {
    char *path;
    struct buffer products;  /* JSON objects with commas between */
    struct buffer addresses; /* what may be asked for: an address, NUL, a path, NUL, ... */
};

struct preview_state {
    const char *out; /* where the documents are */
    struct previewed *files;
    int count;
    int states;         /* where states go: see preview/preview.h */
    struct buffer said; /* JSON of the files, of the last round */
    double seconds;
};

/* The context of both is the preview_state: what a struct watch calls. */
void preview_begun(void *context, int files);
void preview_ended(void *context, const struct watch_round *round);

#endif
