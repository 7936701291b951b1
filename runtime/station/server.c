#include "station/server.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "station/exporter.h"
#include "station/private.h"
#include "station/sessions.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* ---- opening ---- */

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

static void on_scheduled(double took_ms, void *telemetry)
{
    telemetry_scheduled(telemetry, (int64_t)(took_ms * 1000));
}

static void on_answered(enum message_kind command, const struct answer *answer, void *telemetry)
{
    telemetry_answered(telemetry, command, answer);
}

static bool open_floor(struct server *server, const struct server_options *options,
                       struct failure *failure)
{
    if (!options->farm)
        return true;
    const struct dispatch_counter counter = {on_scheduled, on_answered,
                                             view_telemetry(server->api.view)};
    server->dispatch = dispatch_open(server->shop, options->farm, &counter, failure);
    if (server->dispatch)
        server->api.floor = floor_open(dispatch_count(server->dispatch));
    view_publish(server->api.view); /* what was loaded, what was taken up */
    return server->dispatch != NULL;
}

struct server *server_open(struct workshop *shop, const struct server_options *options,
                           struct failure *failure)
{
    struct server *server = memory_zeroed(1, sizeof *server);

    *server = (struct server){.shop = shop, .folder = -1, .signals = -1, .wakeup = -1};
    server->outside = (struct door){.server = server, .listener = -1};
    server->inside = (struct door){.server = server, .listener = -1, .local = true};
    server->waiting_end = &server->waiting;
    server->chores_waiting_end = &server->chores_waiting;
    for (int i = 0; i < CHORES_AT_ONCE; i++)
        server->chores[i].output = -1;
    server->api.folder = shop_folder(shop);
    server->api.farm = options->farm;
    server->api.kept = server->kept;
    server->api.training = options->training;
    server->api.begun_ms = clock_wall_ms();
    pthread_mutex_init(&server->waiting_lock, NULL);
    pthread_mutex_init(&server->guests_lock, NULL);
    pthread_mutex_init(&server->followers_lock, NULL);
    want_descriptors();
    name_ourselves(server, options->names);
    if (read_certificate(server, options, failure) && open_descriptors(server, failure) &&
        listen_outside(server, options, failure) && (server->api.view = view_open(shop, failure)) &&
        open_floor(server, options, failure) && (server->api.sessions = sessions_open()) &&
        listen_inside(server, failure) && porter_begin(server, failure) &&
        (!options->collector ||
         (server->exporter = exporter_open(server->api.view, options->collector, failure))) &&
        http_open(server, failure))
        return server;
    server_close(server);
    return NULL;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

/* ---- ending ---- */

void server_stop_listening(struct server *server)
{
    server->ending = true;
    if (server->socket_there)
        unlinkat(server->folder, "flowd.socket", 0);
    server->socket_there = false;
}

static void close_door(struct door *door)
{
    if (door->daemon)
        MHD_stop_daemon(door->daemon); /* and its listener */
    else if (door->listener >= 0)
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
    porter_end(server);
    close_door(&server->outside);
    close_door(&server->inside);
    exporter_close(server->exporter);
    floor_close(server->api.floor);
    dispatch_close(server->dispatch);
    if (server->api.view)
        view_close(server->api.view);
    for (int i = 0; i < KEPT_COUNT; i++)
        buffer_free(&server->kept[i].body);
    sessions_close(server->api.sessions);
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
