/* Roots: files that are checked as `flowc check` would, each with all it uses. What is said of a file is what all roots
   that matter to the editor say of it: those that are open, and those that use one that is. */
#ifndef FLOW_LSP_ROOTS_H
#define FLOW_LSP_ROOTS_H

#include "flowc/lsp/documents.h"
#include "flowc/lsp/resident.h"

#include <jansson.h>

/* Something said of a file, as the protocol writes it. */
struct finding {
    char *path;
    json_t *diagnostic;
    json_t *fixes; /* [{title, certain, edits: {path: [{range, newText}]}}], NULL */
};

struct root {
    char *path;
    char **inputs; /* what it asked for when it was last checked; sorted */
    int input_count;
    struct finding *findings;
    int finding_count;
    bool dirty;     /* something it asked for has changed, or it was never checked */
    bool in_folder; /* of the workspace: stays when its document is closed */
};

struct roots {
    struct root **items; /* sorted by path */
    int count, capacity;
};

struct root *roots_find(const struct roots *roots, const char *path);
/* Makes it, dirty, where it is not there. */
struct root *roots_add(struct roots *roots, const char *path);
void roots_remove(struct roots *roots, struct root *root);
void roots_close(struct roots *roots);

bool root_asks_for(const struct root *root, const char *path);
/* A file is not what it was: whoever asked for it is dirty. */
void roots_changed(struct roots *roots, const char *path);
void root_forget_findings(struct root *root);

#endif
