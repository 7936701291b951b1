/* Private to slicing/: a program that may hang, crash, or never stop talking. */
#ifndef FLOW_SLICING_CHILD_H
#define FLOW_SLICING_CHILD_H

#include <stdbool.h>
#include <stddef.h>

enum child_end {
    CHILD_EXITED,      /* number: its status */
    CHILD_SIGNALED,    /* number: the signal */
    CHILD_LATE,        /* it took longer than allowed, and was ended */
    CHILD_INTERRUPTED, /* number: the signal that we got; it was ended */
    CHILD_UNSTARTED    /* number: errno */
};

struct child {
    const char *const *arguments; /* the program first, then NULL at the end */
    long limit_s;
    /* Hears of each line on standard output, cut where it is longer than a line should be. May be NULL. */
    void (*line)(void *context, const char *text);
    void *context;
    int number;
    char said[2048]; /* the last of what it said on standard error */
};

/* Runs it in a group of its own, with nothing to read; when it returns, none of the group is left. Two of them at a time
   only in two processes: what signals end it is watched for. */
enum child_end child_run(struct child *child);

#endif
