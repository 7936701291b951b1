/* A process that makes what it is told: private to build_pool.c. */
#ifndef FLOW_FLOWC_BUILD_WORKER_H
#define FLOW_FLOWC_BUILD_WORKER_H

#include "flowc/build.h"

#include <sys/types.h>

/* What is asked of a worker: to load a file (product -1), or to make one of its products. */
struct build_task {
    int file, product;
};

struct record_head {
    enum build_record record;
    uint32_t length; /* of the bytes that follow */
};

struct worker {
    pid_t pid;            /* 0: none */
    int descriptor;       /* ours; tasks go in, records come out */
    struct build_task at; /* file -1: idle */
    int has;              /* the file that it has loaded, -1 */
    struct buffer got;    /* the beginning of a record */
};

/* Forks it. Descriptors of others that it must not hold are given. False where the system has no process to give. */
bool worker_start(struct worker *worker, const struct build_request *request,
                  const char *const *paths, const struct worker *others, int other_count);
bool worker_ask(struct worker *worker, struct build_task task);
/* Waits for its end: how it ended, as waitpid(2) says. */
int worker_stop(struct worker *worker, int signal);

#endif
