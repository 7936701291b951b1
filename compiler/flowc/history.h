/* What git knows of the files that a spec is made of. */
#ifndef FLOW_FLOWC_HISTORY_H
#define FLOW_FLOWC_HISTORY_H

#include "flowc/git.h"
#include "program/program.h"

struct commit {
    const char *hash, *parent; /* parent "" for the first */
    const char *date;          /* 2026-11-21, where the author was */
    const char *author, *subject;
};

struct history {
    struct arena arena;
    struct revision_tree before, after; /* where revisions are laid out */
    char path[4096];                    /* of the spec, from the top of the repository */
    const char **names;                 /* it had, newest first */
    int name_count;
    struct commit *commits; /* newest first */
    int count;
};

/* The commits that changed the spec or a file that it uses now, under the names that it had. At most `limit` (0: all).
   False with a failure: no git, no repository, nothing committed. */
bool history_open(struct history *history, const char *path, int limit, struct failure *failure);
void history_close(struct history *history);

/* Lays out a revision in one of the two trees: where the spec stands there, in the history's arena. NULL, without a
   failure's message, where it was not there then. */
const char *history_place(struct history *history, struct revision_tree *tree, const char *revision,
                          struct failure *failure);
/* Loads the spec as of a revision, laid out in one of the two trees. False, without a failure's message, where it was not
   there then; a session that was loaded is to be closed. */
bool history_load(struct history *history, struct revision_tree *tree, const char *revision,
                  struct session *session, struct failure *failure);

/* The file itself, or the one here that declares a product of that name, which is then noted; NULL after a message. */
const char *product_file(struct arena *arena, const char *what, const char **product);

#endif
