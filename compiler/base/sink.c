#include "base/sink.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- unfinished files, so that they can be removed however the program ends ---- */

#define SINKS_AT_MOST 32
static char unfinished[SINKS_AT_MOST][sizeof((struct sink *)0)->temporary];

/* Runs in signal handlers and without memory: it calls unlink() and nothing else. */
static void remove_unfinished(void)
{
    for (int i = 0; i < SINKS_AT_MOST; i++)
        if (unfinished[i][0])
            unlink(unfinished[i]);
}

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
#define ENDING_SIGNALS (sizeof ending_signals / sizeof *ending_signals)

/* The signal's own end comes when this returns: SA_RESETHAND has put its default back. */
static void on_signal(int number)
{
    remove_unfinished();
    raise(number);
}

/* Signals that someone ignores (nohup) or handles already stay theirs. */
static void watch_once(void)
{
    static bool watching;
    if (watching)
        return;
    watching = true;
    memory_at_exhaustion(remove_unfinished);
    atexit(remove_unfinished);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND}, before;
    for (size_t i = 0; i < ENDING_SIGNALS; i++)
        if (sigaction(ending_signals[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(ending_signals[i], &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file over its limit is a failure to be said, not an end */
}

static char *slot_of(const char *name)
{
    for (int i = 0; i < SINKS_AT_MOST; i++)
        if (strcmp(unfinished[i], name) == 0)
            return unfinished[i];
    return NULL;
}

static void forget(const struct sink *sink)
{
    char *slot = slot_of(sink->temporary);
    if (slot && *sink->temporary)
        *slot = 0;
}

/* Makes the temporary file and notes its name, with no signal in between to leave it behind. */
static bool make_temporary(struct sink *sink, struct failure *failure)
{
    watch_once();
    char *slot = slot_of("");
    if (!slot)
        return fail(failure, "%s cannot be written: %d files are unfinished", sink->path,
                    SINKS_AT_MOST);
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    snprintf(sink->temporary, sizeof sink->temporary, "%s.XXXXXX", sink->path);
    sink->descriptor = mkostemp(sink->temporary, O_CLOEXEC);
    int error = errno;
    if (sink->descriptor >= 0)
        memcpy(slot, sink->temporary, sizeof sink->temporary);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return sink->descriptor >= 0 ||
           fail(failure, "%s cannot be written: %s", sink->path, strerror(error));
}

/* ---- one file ---- */

/* A link keeps being one: what it points at is written. */
static bool resolve(struct sink *sink, const char *path, struct failure *failure)
{
    char *target = realpath(path, NULL);
    struct stat status;
    bool link = target && lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    int length = snprintf(sink->path, sizeof sink->path, "%s", link ? target : path);
    free(target);
    return (length > 0 && (size_t)length < sizeof sink->path) ||
           fail(failure, "%.60s... is too long for a name", path);
}

/* Devices and FIFOs (/dev/full, /dev/stdout) are written as they are: none may be put in their place. */
static bool open_special(struct sink *sink, struct failure *failure)
{
    strcpy(sink->temporary, sink->path);
    sink->descriptor = open(sink->path, O_WRONLY | O_CLOEXEC);
    sink->open = sink->descriptor >= 0;
    return sink->open || fail(failure, "%s cannot be written: %s", sink->path, strerror(errno));
}

static bool is_special(const struct sink *sink)
{
    return strcmp(sink->temporary, sink->path) == 0;
}

/* The permissions of the file that stands there, else those of any new file. */
static mode_t permissions(bool exists, const struct stat *status)
{
    mode_t mask = umask(0);
    umask(mask);
    return exists ? status->st_mode & 07777 : 0666 & ~mask;
}

bool sink_open(struct sink *sink, const char *path, struct failure *failure)
{
    struct arena arena = {0};
    struct stat status;
    *sink = (struct sink){.descriptor = -1};
    bool folder = folder_create(path_folder(&arena, path), failure);
    arena_free(&arena);
    if (!folder || !resolve(sink, path, failure))
        return false;
    bool exists = stat(sink->path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return fail(failure, "%s cannot be written: it is a folder", path);
    if (exists && !S_ISREG(status.st_mode))
        return open_special(sink, failure);
    if (!make_temporary(sink, failure))
        return false;
    sink->open = true;
    if (fchmod(sink->descriptor, permissions(exists, &status)) != 0) {
        fail(failure, "%s cannot be written: %s", path, strerror(errno));
        sink_abandon(sink);
        return false;
    }
    return true;
}

bool sink_write(struct sink *sink, const void *bytes, size_t length, struct failure *failure)
{
    const char *at = bytes;
    if (!sink->open)
        return fail(failure, "%s was given up", sink->path);
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

/* Where an old file is replaced, the new one is on the disk first: a power cut must not leave neither. */
static bool finish(struct sink *sink)
{
    bool replaces = !is_special(sink) && access(sink->path, F_OK) == 0;
    bool flushed = !replaces || fsync(sink->descriptor) == 0;
    int error = errno;
    bool closed = close(sink->descriptor) == 0;
    sink->descriptor = -1;
    if (!flushed)
        errno = error;
    return flushed && closed && (is_special(sink) || rename(sink->temporary, sink->path) == 0);
}

bool sink_commit(struct sink *sink, struct failure *failure)
{
    if (!sink->open)
        return fail(failure, "%s was given up", sink->path);
    if (!finish(sink)) {
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
    if (!is_special(sink))
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

bool file_copy(const char *from, const char *to, struct failure *failure)
{
    enum { FILE_AT_MOST = 1 << 30 };
    char *content = NULL;
    size_t length;
    bool good = file_read(from, FILE_AT_MOST, &content, &length, failure) == FILE_OK &&
                file_write(to, content, length, failure);
    free(content);
    return good;
}
