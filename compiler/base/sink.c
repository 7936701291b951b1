#include "base/sink.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Unfinished files, so that they can be removed however the program ends. Only unlink() is called on them. */
#define SINKS_AT_MOST 32
static char unfinished[SINKS_AT_MOST][sizeof((struct sink *)0)->temporary];

static void remove_unfinished(void)
{
    for (int i = 0; i < SINKS_AT_MOST; i++)
        if (unfinished[i][0])
            unlink(unfinished[i]);
}

static void on_signal(int number)
{
    remove_unfinished();
    signal(number, SIG_DFL);
    raise(number);
}

static void watch_once(void)
{
    static bool watching;
    if (watching)
        return;
    watching = true;
    memory_at_exhaustion(remove_unfinished);
    atexit(remove_unfinished);
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (signal(signals[i], on_signal) == SIG_IGN)
            signal(signals[i], SIG_IGN);
}

static void forget(const struct sink *sink)
{
    for (int i = 0; i < SINKS_AT_MOST; i++)
        if (strcmp(unfinished[i], sink->temporary) == 0)
            unfinished[i][0] = 0;
}

static void note(const struct sink *sink)
{
    watch_once();
    for (int i = 0; i < SINKS_AT_MOST; i++)
        if (!unfinished[i][0]) {
            memcpy(unfinished[i], sink->temporary, sizeof unfinished[i]);
            return;
        }
}

bool sink_open(struct sink *sink, const char *path, struct failure *failure)
{
    struct arena arena = {0};
    *sink = (struct sink){.descriptor = -1};
    bool folder = folder_create(path_folder(&arena, path), failure);
    arena_free(&arena);
    if (!folder)
        return false;
    int length = snprintf(sink->path, sizeof sink->path, "%s", path);
    if (length < 0 || (size_t)length >= sizeof sink->path)
        return fail(failure, "the name of %.60s... is too long", path);
    snprintf(sink->temporary, sizeof sink->temporary, "%s.XXXXXX", path);
    sink->descriptor = mkstemp(sink->temporary);
    if (sink->descriptor < 0)
        return fail(failure, "%s cannot be written: %s", path, strerror(errno));
    mode_t mask = umask(0);
    umask(mask);
    fchmod(sink->descriptor, 0666 & ~mask);
    sink->open = true;
    note(sink);
    return true;
}

bool sink_write(struct sink *sink, const void *bytes, size_t length, struct failure *failure)
{
    const char *at = bytes;
    while (length) {
        ssize_t written = write(sink->descriptor, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            fail(failure, "%s cannot be written: %s", sink->path, strerror(errno));
            sink_abandon(sink);
            return false;
        }
        at += written;
        length -= (size_t)written;
    }
    return true;
}

bool sink_commit(struct sink *sink, struct failure *failure)
{
    if (!sink->open)
        return fail(failure, "%s was given up", sink->path);
    bool good = close(sink->descriptor) == 0;
    sink->descriptor = -1;
    if (good)
        good = rename(sink->temporary, sink->path) == 0;
    if (!good) {
        fail(failure, "%s cannot be written: %s", sink->path, strerror(errno));
        sink_abandon(sink);
        return false;
    }
    forget(sink);
    sink->open = false;
    return true;
}

void sink_abandon(struct sink *sink)
{
    if (!sink->open)
        return;
    if (sink->descriptor >= 0)
        close(sink->descriptor);
    unlink(sink->temporary);
    forget(sink);
    sink->open = false;
}

bool file_write(const char *path, const void *bytes, size_t length, struct failure *failure)
{
    struct sink sink;
    return sink_open(&sink, path, failure) && sink_write(&sink, bytes, length, failure) &&
           sink_commit(&sink, failure);
}
