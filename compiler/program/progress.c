#include "program/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 40 };

bool progress_is_seen(void)
{
    return isatty(STDERR_FILENO);
}

void progress_draw(void *label, int percent)
{
    int filled = percent * WIDTH / 100;
    fprintf(stderr, "\r\x1b[K[%.*s%.*s] %3d%% %s", filled,
            "########################################", WIDTH - filled,
            "                                        ", percent, (const char *)label);
}

void progress_clear(void)
{
    if (progress_is_seen())
        fputs("\r\x1b[K", stderr);
}
