/* One thread, one loop: what browsers ask, and what the builder tells. */
#include "flowc/preview/preview.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "flowc/ending.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_AT_MOST = 64, LISTENERS_AT_MOST = 32, PING_S = 10, IDLE_S = 60 };

/* Who waits for news. */
struct listener {
    struct server *server;
    struct MHD_Connection *connection;
    unsigned long heard; /* states it was told of */
    bool waits, pinged;
};

struct server {
    struct MHD_Daemon *daemon;
    int port, states;
    struct buffer got;   /* the beginning of a state */
    struct buffer state; /* the last one whole; empty before the first */
    unsigned long state_count;
    struct listener *listeners[LISTENERS_AT_MOST];
    time_t pinged_s;
};

/* ---- answers ---- */

/* The page loads nothing from elsewhere, and neither does what it shows; documents run no script at all. */
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
static const char document_policy[] = "default-src 'none'; style-src 'unsafe-inline'; img-src "
                                      "data:; font-src data:; base-uri 'none'; "
                                      "form-action 'none'; frame-ancestors 'self'";
static const char paper_policy[] = "frame-ancestors 'self'"; /* a browser's own PDF reader */

static const struct kind {
    const char *ending, *type, *policy;
    bool shown; /* else it is saved */
} kinds[] = {
    {".html", "text/html; charset=utf-8", document_policy, true},
    {".svg", "image/svg+xml", document_policy, true},
    {".pdf", "application/pdf", paper_policy, true},
    {".png", "image/png", document_policy, true},
    {".json", "application/json", document_policy, false},
    {".dot", "text/vnd.graphviz; charset=utf-8", document_policy, false},
    {".zip", "application/zip", document_policy, false},
    {".zpl", "text/plain; charset=utf-8", document_policy, false},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", document_policy,
     false},
    {"", "application/octet-stream", document_policy, false},
};

static const struct kind *kind_of(const char *address)
{
    const struct kind *kind = kinds;
    for (size_t length = strlen(address);; kind++) {
        size_t ending = strlen(kind->ending);
        if (length >= ending && strcmp(address + length - ending, kind->ending) == 0)
            return kind;
    }
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
                              struct MHD_Response *response, const char *type, const char *policy)
{
    static const char *const always[][2] = {
        {"Cache-Control", "no-store"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
    };
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        MHD_add_response_header(response, always[i][0], always[i][1]);
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Content-Security-Policy", policy);
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "GET, HEAD");
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result answer_bytes(struct MHD_Connection *connection, unsigned status,
                                    const char *type, const char *bytes, size_t length)
{
    void *copy = memory_alloc(length);
    memcpy(copy, bytes, length);
    return answer(connection, status,
                  MHD_create_response_from_buffer(length, copy, MHD_RESPMEM_MUST_FREE), type,
                  page_policy);
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *why)
{
    return answer_bytes(connection, status, "text/plain; charset=utf-8", why, strlen(why));
}

/* ---- files: only those that were told of, looked up by their whole address ---- */

/* The path of an address; NULL where there is no such file. What was asked never becomes part of a path. */
static const char *path_of(const struct server *server, const char *address)
{
    const char *at = server->state.text;
    if (!at)
        return NULL;
    const char *end = at + server->state.length;
    for (at += strlen(at) + 1; at < end;) {
        const char *path = at + strlen(at) + 1;
        if (strcmp(at, address) == 0)
            return path;
        at = path + strlen(path) + 1;
    }
    return NULL;
}

static enum MHD_Result answer_file(const struct server *server, struct MHD_Connection *connection,
                                   const char *address)
{
    const char *path = path_of(server, address);
    struct stat status;
    int descriptor = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        if (descriptor >= 0)
            close(descriptor);
        return refuse(connection, MHD_HTTP_NOT_FOUND, "There is no such document.\n");
    }
    const struct kind *kind = kind_of(address);
    struct MHD_Response *response =
        MHD_create_response_from_fd64((uint64_t)status.st_size, descriptor);
    MHD_add_response_header(response, "Content-Disposition", kind->shown ? "inline" : "attachment");
    return answer(connection, MHD_HTTP_OK, response, kind->type, kind->policy);
}

/* ---- news: server-sent events ---- */

static ssize_t send_news(void *context, uint64_t position, char *bytes, size_t length)
{
    struct listener *listener = context;
    (void)position;
    if (listener->heard < listener->server->state_count) {
        listener->heard = listener->server->state_count;
        return snprintf(bytes, length, "data: %lu\n\n", listener->heard);
    }
    if (listener->pinged) { /* whoever left is found out by it */
        listener->pinged = false;
        return snprintf(bytes, length, ": still here\n\n");
    }
    listener->waits = true;
    MHD_suspend_connection(listener->connection);
    return 0;
}

static void forget_listener(void *context)
{
    struct listener *listener = context;
    struct listener **slot = listener->server->listeners;
    while (*slot != listener)
        slot++;
    *slot = NULL;
    free(listener);
}

static enum MHD_Result answer_news(struct server *server, struct MHD_Connection *connection)
{
    int slot = 0;
    while (slot < LISTENERS_AT_MOST && server->listeners[slot])
        slot++;
    if (slot == LISTENERS_AT_MOST)
        return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "Too many pages are open.\n");
    struct listener *listener = memory_zeroed(1, sizeof *listener);
    *listener = (struct listener){.server = server, .connection = connection};
    server->listeners[slot] = listener;
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
    return answer(connection, MHD_HTTP_OK,
                  MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 256, send_news, listener,
                                                    forget_listener),
                  "text/event-stream", page_policy);
}

static void wake_listeners(struct server *server, bool ping)
{
    for (int i = 0; i < LISTENERS_AT_MOST; i++) {
        struct listener *listener = server->listeners[i];
        if (!listener)
            continue;
        listener->pinged |= ping;
        if (listener->waits)
            MHD_resume_connection(listener->connection);
        listener->waits = false;
    }
}

/* ---- what is asked ---- */

/* A page of another host whose name was made to lead here (DNS rebinding) asks for that name. */
static bool is_ours(const struct server *server, const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost"};
    char ours[64];
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        snprintf(ours, sizeof ours, "%s:%d", names[i], server->port);
        if (strcmp(host, ours) == 0)
            return true;
    }
    return false;
}

/* A browser says who asks: another site may lead here, but not load from here. */
static bool is_foreign(struct MHD_Connection *connection)
{
    const char *site = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Sec-Fetch-Site");
    const char *mode = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Sec-Fetch-Mode");
    return site && (strcmp(site, "cross-site") == 0 || strcmp(site, "same-site") == 0) &&
           !(mode && strcmp(mode, "navigate") == 0);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *address, const char *method, const char *version,
                                  const char *upload, size_t *upload_size, void **state)
{
    static char begun;
    struct server *server = context;
    (void)version, (void)upload;
    if (!*state) { /* the head is read; what follows is not wanted, but must be taken */
        *state = &begun;
        return MHD_YES;
    }
    if (*upload_size) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (!is_ours(server, MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host")) ||
        is_foreign(connection))
        return refuse(connection, MHD_HTTP_FORBIDDEN,
                      "Ask for it by the address that flowc preview printed.\n");
    if (strcmp(method, "GET") && strcmp(method, "HEAD"))
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "It can only be looked at.\n");
    for (const struct asset *asset = preview_assets; asset->address; asset++)
        if (strcmp(asset->address, address) == 0)
            return answer_bytes(connection, MHD_HTTP_OK, asset->type, (const char *)asset->bytes,
                                asset->length);
    if (strcmp(address, "/events") == 0)
        return answer_news(server, connection);
    if (strcmp(address, "/state.json") == 0) {
        const char *json = server->state_count ? server->state.text : "null";
        return answer_bytes(connection, MHD_HTTP_OK, "application/json", json, strlen(json));
    }
    return answer_file(server, connection, address);
}

/* ---- what the builder tells ---- */

static void take_states(struct server *server)
{
    uint32_t length;
    while (server->got.length >= sizeof length) {
        memcpy(&length, server->got.text, sizeof length);
        size_t whole = sizeof length + length;
        if (server->got.length < whole)
            break;
        buffer_clear(&server->state);
        buffer_add(&server->state, server->got.text + sizeof length, length);
        server->state_count++;
        server->got.length -= whole;
        memmove(server->got.text, server->got.text + whole, server->got.length);
    }
}

/* False where nothing more can come. */
static bool hear_states(struct server *server)
{
    char bytes[65536];
    ssize_t length = read(server->states, bytes, sizeof bytes);
    if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR))
        return false;
    unsigned long before = server->state_count;
    if (length > 0)
        buffer_add(&server->got, bytes, (size_t)length);
    take_states(server);
    if (server->state_count != before)
        wake_listeners(server, false);
    return true;
}

/* ---- the loop ---- */

/* What MHD complains of is a browser that left: nobody can do anything about it. */
static void swallow(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

static bool start(struct server *server, const struct preview *preview, struct failure *failure)
{
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)preview->port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, (uint16_t)preview->port, NULL,
        NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, swallow, NULL, MHD_OPTION_SOCK_ADDR,
        &here, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_AT_MOST,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    if (!server->daemon)
        return fail(failure, "port %d cannot be used: %s; say another, --port 0 for a free one",
                    preview->port, strerror(errno ? errno : EADDRINUSE));
    server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return true;
}

static int wait_ms(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG asked;
    bool some = MHD_get_timeout(server->daemon, &asked) == MHD_YES;
    return some && asked < PING_S * 1000 ? (int)asked : PING_S * 1000;
}

static void serve(struct server *server)
{
    struct pollfd descriptors[] = {
        {server->states, POLLIN, 0},
        {MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, POLLIN, 0}};
    while (ending_poll(descriptors, 2, wait_ms(server)) >= 0) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        bool ping = now.tv_sec - server->pinged_s >= PING_S;
        if (ping) {
            server->pinged_s = now.tv_sec;
            wake_listeners(server, true);
        }
        if (descriptors[0].revents && !hear_states(server))
            return;
        MHD_run(server->daemon);
    }
}

bool preview_serve(const struct preview *preview, struct failure *failure)
{
    struct server server = {.states = preview->states};
    if (!start(&server, preview, failure))
        return false;
    fcntl(server.states, F_SETFL, O_NONBLOCK);
    preview->listening(preview->context, server.port);
    serve(&server);
    wake_listeners(&server, false); /* MHD ends no connection that is suspended */
    MHD_stop_daemon(server.daemon);
    buffer_free(&server.got);
    buffer_free(&server.state);
    return true;
}
