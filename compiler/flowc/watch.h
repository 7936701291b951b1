/* Making documents again whenever something changes that they were made of. */
#ifndef FLOW_FLOWC_WATCH_H
#define FLOW_FLOWC_WATCH_H

#include "flowc/build.h"

/* One round: the files that were made just now. */
struct watch_round {
    int number; /* from 1 */
    struct built_file *fresh;
    int fresh_count;
    const struct built_file *all; /* those too */
    int count;
    double seconds; /* it took: for people, never for a document */
};

struct watch {
    const struct build_request *request; /* with `inputs` */
    int argc;                            /* paths to files and folders: argv[1] to argv[argc] */
    char **argv;
    int jobs;
    /* Hears that a round begins (may be NULL) and how it ended, also of one in which files went away. */
    void (*begun)(void *context, int files);
    void (*ended)(void *context, const struct watch_round *round);
    void *context;
};

/* Makes all, then goes on until SIGINT or SIGTERM: EXIT_CLEAN; or EXIT_ENVIRONMENT after a message. */
enum exit_status watch_and_build(const struct watch *watch);

/* The `ended` of flowc build --watch: errors, and a line a round, on standard error. The context is not used. */
void watch_say(void *context, const struct watch_round *round);

#endif
