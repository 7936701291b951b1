/* PrusaSlicer, called as a program: a plate and settings in, G-code out. What it answered once is kept by content. */
#ifndef FLOW_SLICING_SLICER_H
#define FLOW_SLICING_SLICER_H

#include "base/failure.h"
#include "slicing/gcode.h"

/* The one that is looked for where nobody names another. */
#define SLICER_USUAL "prusa-slicer"
/* How long it may be at it. */
enum { SLICER_LIMIT_USUAL_S = 900, SLICER_LIMIT_AT_MOST_S = 86400 };

struct slicer {
    char path[4096];
    char version[128]; /* its first line of --help */
};

/* By a name that PATH is searched for, or by its path; runs it to learn its version. False with what to do. */
bool slicer_find(const char *name, struct slicer *slicer, struct failure *failure);

struct slicing_request {
    const char *plate; /* the bytes of a 3MF; things lie where they are to be printed */
    size_t plate_length;
    const char *settings; /* a file of slicer settings */
    const char *output;   /* where the G-code goes */
    bool use_cache;
    long limit_s;
    /* Hears how far it is; may be NULL. */
    void (*progress)(void *context, int percent);
    void *context;
};

/* False with what to do, and with nothing of it left behind; *slicer_said (2 KiB) then has the slicer's own words, ""
   where it had none. facts are those of the output, in the arena; *from_cache: nothing was sliced. */
bool slicer_run(const struct slicer *slicer, const struct slicing_request *request,
                struct arena *arena, const struct gcode_facts **facts, bool *from_cache,
                char slicer_said[2048], struct failure *failure);

/* Takes the answer out of the cache: it is of no use, and the next run slices anew. */
void slicer_forget(const struct slicer *slicer, const struct slicing_request *request);

/* What a whole job says; NULL with its problem where it is not there, or does not say its time and its filament. */
const struct gcode_facts *slicer_facts(const char *path, struct arena *arena, char problem[160]);

#endif
