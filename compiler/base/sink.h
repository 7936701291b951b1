/* Writing a file so that a reader sees the old one or the whole new one: a temporary file beside it,
   then a rename. Unfinished ones are removed at exit, also when memory runs out or a signal comes. The permissions of
   the old file stay, a link stays a link, and a device or FIFO (/dev/stdout) is written as it is. At most 32 files are
   unfinished at a time. */
#ifndef FLOW_BASE_SINK_H
#define FLOW_BASE_SINK_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>

struct sink {
    char path[4096];      /* where the file will be */
    char temporary[4128]; /* where it is written; give this to libraries that write by themselves */
    int descriptor;
    bool open;
};

bool sink_open(struct sink *sink, const char *path,
               struct failure *failure); /* makes the folder too */
bool sink_write(struct sink *sink, const void *bytes, size_t length, struct failure *failure);
/* Flushes and renames. After a failure the temporary is gone and the old file is as it was. */
bool sink_commit(struct sink *sink, struct failure *failure);
void sink_abandon(struct sink *sink);

/* All in one: the bytes become the file. */
bool file_write(const char *path, const void *bytes, size_t length, struct failure *failure);

/* Likewise the bytes of another file, of at most 1 GB. */
bool file_copy(const char *from, const char *to, struct failure *failure);

#endif
