#include "flowc/watching.h"

#include "base/file.h"
#include "flowc/ending.h"
#include "flowc/flowc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    QUIET_MS = 50,         /* between two steps of an editor's saving */
    ROUNDS_OF_UNREST = 20, /* a second: a file that is written all the time must not stop us */
    LINKS_AT_MOST = 8,
};

bool watching_open(struct watching *watching, struct failure *failure)
{
    *watching = (struct watching){.descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    return watching->descriptor >= 0 ||
           fail(failure, "files cannot be watched: %s; see fs.inotify.max_user_instances",
                strerror(errno));
}

void watching_close(struct watching *watching)
{
    close(watching->descriptor);
}

static void watch_folder(struct watching *watching, const char *folder)
{
    const uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE |
                            IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR;
    if (inotify_add_watch(watching->descriptor, folder, events) >= 0 || errno == ENOENT ||
        errno == ENOTDIR || watching->complained)
        return;
    watching->complained = true;
    complain("%s cannot be watched: %s%s", folder, strerror(errno),
             errno == ENOSPC ? "; raise fs.inotify.max_user_watches" : "");
}

/* The folder that a path is in, or the nearest one above it that is there. */
static void watch_above(struct watching *watching, const char *path)
{
    struct arena arena = {0};
    const char *folder = path;
    struct stat status;
    do
        folder = path_join(&arena, folder, "..");
    while (stat(folder, &status) != 0 && strcmp(folder, "/") && strlen(folder) < 4000);
    watch_folder(watching, folder);
    arena_free(&arena);
}

void watching_add(struct watching *watching, const char *path)
{
    struct arena arena = {0};
    struct stat status;
    for (int links = 0; links < LINKS_AT_MOST; links++) {
        char target[4096];
        watch_above(watching, path);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length <= 0)
            break;
        target[length] = '\0';
        path = path_join(&arena, path_folder(&arena, path), target);
    }
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        watch_folder(watching, path);
    arena_free(&arena);
}

static void drain(const struct watching *watching)
{
    char events[8192];
    while (read(watching->descriptor, events, sizeof events) > 0)
        ;
}

bool watching_wait(struct watching *watching)
{
    struct pollfd descriptor = {watching->descriptor, POLLIN, 0};
    int ready;
    do
        ready = ending_poll(&descriptor, 1, -1);
    while (ready == 0);
    for (int i = 0; ready > 0 && i < ROUNDS_OF_UNREST; i++) {
        drain(watching);
        ready = ending_poll(&descriptor, 1, QUIET_MS);
    }
    return !ending_signal();
}
