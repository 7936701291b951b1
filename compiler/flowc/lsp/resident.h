/* The spec that was compiled last, kept for whoever asks about it: one at a time, for it is made in a millisecond. */
#ifndef FLOW_LSP_RESIDENT_H
#define FLOW_LSP_RESIDENT_H

#include "flowc/lsp/places.h"
#include "program/program.h"

struct resident {
    bool open;
    const char *path; /* in the session's arena */
    struct session session;
    struct lined_text *lined; /* by the index of the source, each made when first asked for */
    struct mention *mentions; /* sorted by place, each once */
    int mention_count, mention_capacity;
    char **inputs; /* every path that was asked for, sorted, each once */
    int input_count, input_capacity;
};

/* Loads and checks the file; what was resident before is closed. False where the file cannot be read. */
bool resident_open(struct resident *resident, const char *path);
void resident_close(struct resident *resident);

/* The source of that path, NULL if the spec does not use it. */
const struct source *resident_source(const struct resident *resident, const char *path);
const struct lined_text *resident_lines(struct resident *resident, const struct source *source);
/* What is named at a position, NULL. Behind a name's end counts too. */
const struct mention *resident_mention(const struct resident *resident, uint32_t position);
/* The declaration whose own name stands at a position, NULL. */
const struct declaration *resident_declared(const struct resident *resident, uint32_t position);

#endif
