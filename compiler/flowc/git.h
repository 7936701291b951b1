/* git, run as a program: what a revision held, and what it says of its history. */
#ifndef FLOW_FLOWC_GIT_H
#define FLOW_FLOWC_GIT_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>

/* Runs git with these arguments (NULL ends them) in a folder (NULL: where we are), without a shell. Its standard output is
   added to `out` (NULL: it is thrown away). Returns its exit status; -1, with a failure that says what to do, where it
   could not be run or was ended by a signal. `said` gets its first line on standard error; it may be NULL. */
int git_run(const char *folder, const char *const *arguments, struct buffer *out,
            struct buffer *said, struct failure *failure);

/* A place where a revision of the repository is laid out, whole, so that a spec finds what it names. */
struct revision_tree {
    char folder[64];       /* temporary; "" while there is none */
    char repository[4096]; /* the top folder of the repository */
    char git_folder[4096];
};

/* Finds the repository that a file or folder is in. False where it is in none, or git is not there. */
bool revisions_open(struct revision_tree *tree, const char *path, struct failure *failure);
/* Lays out a revision, in place of the one before. */
bool revisions_lay_out(struct revision_tree *tree, const char *revision, struct failure *failure);
/* Removes what was laid out. */
void revisions_close(struct revision_tree *tree);

/* A file's path from the top of the repository; false where it is not in it. `relative` has 4096 bytes. */
bool revisions_path_of(const struct revision_tree *tree, const char *path, char *relative,
                       struct failure *failure);

#endif
