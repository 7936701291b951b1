/* Many files checked in one run. */
#ifndef FLOW_FLOWC_CHECK_FILES_H
#define FLOW_FLOWC_CHECK_FILES_H

#include "flowc/flowc.h"
#include "source/gather.h"

struct checked {
    struct gathering said; /* sorted, over all files */
    int files, products;
    enum exit_status
        status; /* EXIT_ENVIRONMENT where a file could not be read, which has been complained of */
};

/* Checks each path as a compilation of its own, `jobs` at a time; the same bytes whatever their number and order of
   ending. Shows how far it is where standard error is a terminal. Close it with checked_close. */
void check_all(const char **paths, int count, int jobs, struct checked *checked);
void checked_close(struct checked *checked);

/* The cores of the machine that this process may use. */
int cores(void);
/* What --jobs says, from 1 to 64; NULL is as many as there are cores; 0 where it is no such number. */
int jobs_read(const char *text);

#endif
