/* A file that is to be printed: its name on the printer, and its sums, which are reckoned bit by bit, since a hundred megabytes
   must not keep everybody else waiting. */
#ifndef FLOW_PRINTERS_PRINT_FILE_H
#define FLOW_PRINTERS_PRINT_FILE_H

#include "base/failure.h"

#include <stdint.h>

enum { PRINT_NAME_AT_MOST = 100, SHA1_DIGITS = 40, SHA256_DIGITS = 64, MD5_DIGITS = 32 };

struct print_file {
    char name[PRINT_NAME_AT_MOST];
    char sha1[SHA1_DIGITS + 1], sha256[SHA256_DIGITS + 1],
        md5[MD5_DIGITS + 1]; /* once it was read */
    int64_t size;            /* bytes */
    char *path;
    struct print_file_reading *reading; /* NULL when it is over */
};

/* Whether a name stays as it is on every server: letters, digits, -, _ and dots. */
bool print_name_is_plain(const char *name);

/* Begins to read it. False with a failure: it cannot be read, or its name is not plain. Close it in any case; one that was closed
   may be opened again. */
bool print_file_open(struct print_file *file, const char *path, const char *name,
                     struct failure *failure);
/* Reads on for a millisecond or two; whether there is more. False with a failure (failure->message is not "") where it cannot be
   read, or is not as long as it was. */
bool print_file_read(struct print_file *file, struct failure *failure);
void print_file_close(struct print_file *file);

#endif
