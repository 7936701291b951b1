/* A folder of its own for a test, and gone with it. */
#ifndef FLOW_TEST_SCRATCH_H
#define FLOW_TEST_SCRATCH_H

#include "base/arena.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char scratch[256];
static struct arena scratch_arena;

static int scratch_open(void **state)
{
    (void)state;
    const char *folder = getenv("TMPDIR");
    snprintf(scratch, sizeof scratch, "%s/flow-test-XXXXXX", folder ? folder : "/tmp");
    return mkdtemp(scratch) ? 0 : -1;
}

static int scratch_remove(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

static int scratch_close(void **state)
{
    (void)state;
    arena_free(&scratch_arena);
    return nftw(scratch, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the folder. */
static const char *scratch_path(const char *name)
{
    return arena_printf(&scratch_arena, "%s/%s", scratch, name);
}

static inline void scratch_write(const char *name, const char *text)
{
    FILE *file = fopen(scratch_path(name), "w");
    fputs(text, file);
    fclose(file);
}

#endif
