/* What the machine did wrong (no such folder, disk full): a text that names the file and says what to do. */
#ifndef FLOW_BASE_FAILURE_H
#define FLOW_BASE_FAILURE_H

#include <stdbool.h>

struct failure {
    char message[512];
};

/* Writes the message; returns false, so that `return fail(failure, ...)` reads well. */
bool fail(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
