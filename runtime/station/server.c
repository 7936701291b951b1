#include "station/server.h"

#include "base/file.h"
#include "base/memory.h"
#include "station/private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/* ---- opening ---- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A descriptor a connection, and a few more. */
static void want_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void name_ourselves(struct server *server, const char *names)
{
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    server->names =
        arena_printf(&server->arena, ",localhost,%s,%s.local,%s,", host, host, names ? names : "");
}

static bool open_descriptors(struct server *server, struct failure *failure)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);            /* its terminal is closed */
    sigprocmask(SIG_BLOCK, &ends, NULL); /* before there are threads, which inherit it */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is a full disk: refused, and said */
    server->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    server->wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->folder = open(shop_folder(server->shop), O_PATH | O_DIRECTORY | O_CLOEXEC);
    return (server->signals >= 0 && server->wakeup >= 0 && server->folder >= 0) ||
           fail(failure, "%s: %s", shop_folder(server->shop), strerror(errno));
}

static bool read_certificate(struct server *server, const struct server_options *options,
                             struct failure *failure)
{
    enum { PEM_AT_MOST = 1 << 20 };
    size_t length;
    if (!options->certificate != !options->key)
        return fail(failure, "a certificate and its key come together: --cert FILE --key FILE");
    return !options->certificate ||
           (file_read(options->certificate, PEM_AT_MOST, &server->certificate, &length, failure) ==
                FILE_OK &&
            file_read(options->key, PEM_AT_MOST, &server->key, &length, failure) == FILE_OK);
}

struct server *server_open(struct workshop *shop, const struct server_options *options,
                           struct failure *failure)
{
    struct server *server = memory_zeroed(1, sizeof *server);

    *server = (struct server){.shop = shop, .folder = -1, .signals = -1, .wakeup = -1};
    server->outside = (struct door){.server = server, .listener = -1};
    server->inside = (struct door){.server = server, .listener = -1, .local = true};
    server->waiting_end = &server->waiting;
    server->jobs_waiting_end = &server->jobs_waiting;
    for (int i = 0; i < JOBS_AT_ONCE; i++)
        server->jobs[i].output = -1;
    server->api.folder = shop_folder(shop);
    server->api.begun_ms = now_ms();
    pthread_mutex_init(&server->waiting_lock, NULL);
    pthread_mutex_init(&server->guests_lock, NULL);
    pthread_mutex_init(&server->followers_lock, NULL);
    want_descriptors();
    name_ourselves(server, options->names);
    if (read_certificate(server, options, failure) && open_descriptors(server, failure) &&
        listen_outside(server, options, failure) && (server->api.view = view_open(shop, failure)) &&
        listen_inside(server, failure) && http_open(server, failure))
        return server;
    server_close(server);
    return NULL;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

/* ---- ending ---- */

static void quiesce(struct door *door)
{
    if (door->daemon)
        MHD_quiesce_daemon(door->daemon); /* the listener is ours to close */
}

void server_stop_listening(struct server *server)
{
    server->ending = true;
    quiesce(&server->outside);
    quiesce(&server->inside);
    if (server->socket_there)
        unlinkat(server->folder, "flowd.socket", 0);
    server->socket_there = false;
}

static void close_door(struct door *door)
{
    if (door->daemon)
        MHD_stop_daemon(door->daemon);
    if (door->listener >= 0)
        close(door->listener);
}

static void close_descriptor(int descriptor)
{
    if (descriptor >= 0)
        close(descriptor);
}

void server_close(struct server *server)
{
    server_stop_listening(server);
    followers_wake(server, false); /* MHD ends no connection that is suspended */
    close_door(&server->outside);
    close_door(&server->inside);
    if (server->api.view)
        view_close(server->api.view);
    close_descriptor(server->folder);
    close_descriptor(server->signals);
    close_descriptor(server->wakeup);
    free(server->certificate);
    free(server->key);
    pthread_mutex_destroy(&server->waiting_lock);
    pthread_mutex_destroy(&server->guests_lock);
    pthread_mutex_destroy(&server->followers_lock);
    arena_free(&server->arena);
    free(server);
}
