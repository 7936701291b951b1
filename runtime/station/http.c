/* Carries requests between libmicrohttpd and the API: limits, who asks, headers. */
#include "station/private.h"
#include "station/tokens.h"

#include "base/memory.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* ---- who asks, and by which name of ours ---- */

/* A page of another host whose name was made to lead here (DNS rebinding) asks for that name; an address in digits is nobody's to
   turn. */
static bool is_ours(const struct server *server, const char *host)
{
    char name[256], listed[260];
    unsigned char address[16];
    bool bracket = host && *host == '[';
    size_t length = host ? strcspn(host + bracket, bracket ? "]" : ":") : 0;

    if (!length || length >= sizeof name)
        return false;
    memcpy(name, host + bracket, length);
    name[length] = '\0';
    snprintf(listed, sizeof listed, ",%s,", name);
    return inet_pton(bracket ? AF_INET6 : AF_INET, name, address) == 1 ||
           strcasestr(server->names, listed);
}

/* The name in the request's arena; NULL where nobody is known. */
static const char *person_by_token(struct visit *visit)
{
    static const char scheme[] = "Bearer ";
    const char *value = header(visit->connection, "Authorization"), *person = NULL;
    struct view *view = visit->door->server->api.view;
    int64_t last_event;

    if (!value || strncasecmp(value, scheme, sizeof scheme - 1) != 0)
        return NULL;
    const struct person *found =
        token_person(view_begin(view, &last_event), value + sizeof scheme - 1);
    if (found)
        person = arena_copy_text(&visit->inquiry.arena, found->name, strlen(found->name));
    view_end(view);
    return person;
}

static const char *person_inside(struct visit *visit)
{
    const char *name = header(visit->connection, "Flow-Person");
    return name && *name && is_plain_text(name, strlen(name)) ? name : NULL;
}

static const char *cookie(struct visit *visit, const char *name)
{
    const char *value = MHD_lookup_connection_value(visit->connection, MHD_COOKIE_KIND, name);
    return value ? value : "";
}

static const char *copy_name(struct visit *visit, const struct person *person)
{
    return person ? arena_copy_text(&visit->inquiry.arena, person->name, strlen(person->name))
                  : NULL;
}

/* What a browser has: a session, and what makes its tablet one that is trusted. A tablet that nobody works at looks. */
static const char *person_by_cookie(struct visit *visit)
{
    const struct api *api = &visit->door->server->api;
    struct request *request = &visit->inquiry.request;
    const char *tablet = cookie(visit, "flow_tablet");
    const char *mark = header(visit->connection, "Flow-Page");
    int64_t last_event;

    request->session = cookie(visit, session_cookie(api));
    if (!*tablet && !*request->session)
        return NULL;
    const struct state *state = view_begin(api->view, &last_event);
    request->tablet = copy_name(visit, tablet_person(state, tablet));
    const char *person = copy_name(visit, session_person(api, state, request->session, mark));
    view_end(api->view);
    request->by_cookie = person || request->tablet;
    return person ? person : request->tablet;
}

static const char *known_person(struct visit *visit)
{
    return visit->door->local                           ? person_inside(visit)
           : header(visit->connection, "Authorization") ? person_by_token(visit)
                                                        : person_by_cookie(visit);
}

/* Another site's page can make a browser send much, but no header of this name; and the browser says whose page it is. */
static bool is_by_page(const struct visit *visit)
{
    const char *origin = header(visit->connection, "Origin");
    const char *host = header(visit->connection, "Host");
    const char *name = origin ? strstr(origin, "://") : NULL;
    return header(visit->connection, "Flow-Page") &&
           (!origin || (name && host && strcasecmp(name + 3, host) == 0));
}

static bool says(const struct visit *visit, const char *name, const char *word)
{
    const char *value = header(visit->connection, name);
    return value && strstr(value, word);
}

static const char *address_of(struct visit *visit)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(visit->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[128] = "";
    if (info && info->client_addr && info->client_addr->sa_family != AF_UNIX)
        getnameinfo(info->client_addr, sizeof(struct sockaddr_storage), text, sizeof text, NULL, 0,
                    NI_NUMERICHOST);
    return arena_printf(&visit->inquiry.arena, "%s", text);
}

static int64_t whole_header(struct MHD_Connection *connection, const char *name, int64_t unsaid)
{
    const char *text = header(connection, name);
    size_t digits = text ? strspn(text, "0123456789") : 0;
    return digits && digits <= 18 && !text[digits] ? strtoll(text, NULL, 10) : unsaid;
}

/* The same state was read before: "BEGUN-EVENT" is still its mark. False where it has none. */
static bool write_mark(const struct visit *visit, char mark[80])
{
    const struct reply *reply = &visit->inquiry.reply;
    if (reply->mark)
        snprintf(mark, 80, "\"%.70s\"", reply->mark);
    else
        snprintf(mark, 80, "\"%llx-%llx\"", (unsigned long long)visit->door->server->api.begun_ms,
                 (unsigned long long)reply->version);
    return reply->mark || reply->version >= 0;
}

static bool is_known(const struct visit *visit)
{
    char mark[80];
    const char *known = header(visit->connection, "If-None-Match");
    return write_mark(visit, mark) && known && strcmp(known, mark) == 0;
}

/* ---- answering ---- */

static void add_headers(struct MHD_Response *response, const struct visit *visit)
{
    static const char *const always[][2] = {
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
    };
    const struct reply *reply = &visit->inquiry.reply;
    char text[64], mark[80];

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        MHD_add_response_header(response, always[i][0], always[i][1]);
    MHD_add_response_header(response, "Content-Security-Policy",
                            reply->policy ? reply->policy
                                          : "default-src 'none'; frame-ancestors 'none'");
    MHD_add_response_header(response, "Cache-Control",
                            reply->lasts ? "private, max-age=31536000, immutable"
                            : reply->version >= 0 || reply->mark ? "private, no-cache"
                                                                 : "no-store");
    for (int i = 0; i < reply->cookie_count; i++)
        MHD_add_response_header(response, "Set-Cookie", reply->cookies[i]);
    if (reply->type && reply->status != 304)
        MHD_add_response_header(response, "Content-Type", reply->type);
    if (reply->packed)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (reply->mark && !reply->lasts)
        MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (reply->allow)
        MHD_add_response_header(response, "Allow", reply->allow);
    if (reply->status == 401)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"flowd\"");
    if (reply->retry_s) {
        snprintf(text, sizeof text, "%d", reply->retry_s);
        MHD_add_response_header(response, "Retry-After", text);
    }
    if (write_mark(visit, mark))
        MHD_add_response_header(response, "ETag", mark);
    if (visit->door->server->ending)
        MHD_add_response_header(response, "Connection", "close");
}

static struct MHD_Response *body_response(struct reply *reply)
{
    struct buffer body = reply->body;
    reply->body = (struct buffer){0}; /* the response frees it */
    if (!body.text)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_buffer(body.length, body.text, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result send_reply(struct visit *visit)
{
    struct reply *reply = &visit->inquiry.reply;
    struct server *server = visit->door->server;
    struct MHD_Response *response = NULL;
    bool follows = reply->kind == REPLY_FOLLOW;

    if (reply->status == 200 && is_known(visit)) {
        reply->status = 304;
        buffer_clear(&reply->body);
    }
    if (follows && strcmp(visit->inquiry.request.method, "HEAD") != 0) {
        response = follow_open(server, visit->connection, reply);
        follows = response != NULL;
    }
    if (!response)
        response = body_response(reply);
    add_headers(response, visit);
    /* A stream has no end; whoever leaves it is found out by the pings. */
    guest_has(server, visit->connection, follows ? INT64_MAX : ANSWER_WITHIN_MS);
    if (follows)
        server->visits--;
    visit->counted = !follows;
    enum MHD_Result queued = MHD_queue_response(visit->connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result refuse(struct visit *visit, unsigned status, const char *why)
{
    problem(&visit->inquiry.reply, status, "%s", why);
    return send_reply(visit);
}

/* ---- asking ---- */

/* Hands it to whoever has to do with it next; it comes back here. */
static enum MHD_Result go_on(struct visit *visit)
{
    static bool (*const take[])(struct server *, struct visit *) = {[REPLY_COMMANDS] = writer_take,
                                                                    [REPLY_VERB] = clerk_take,
                                                                    [REPLY_SECRET] = porter_take,
                                                                    [REPLY_FOLLOW] = NULL};
    struct server *server = visit->door->server;
    enum reply_kind kind = visit->inquiry.reply.kind;
    if (!take[kind] || !take[kind](server, visit))
        return send_reply(visit);
    guest_has(server, visit->connection, ANSWER_WITHIN_MS);
    return MHD_YES;
}

static enum MHD_Result ask(struct visit *visit, const char *method)
{
    struct inquiry *inquiry = &visit->inquiry;
    struct request *request = &inquiry->request;
    struct door *door = visit->door;
    const char *type = header(visit->connection, "Content-Type");

    visit->asked = true;
    request->method = method;
    request->type = type ? type : "";
    request->accept = header(visit->connection, "Accept");
    request->body = buffer_text(&visit->body);
    request->body_length = visit->body.length;
    request->last_event = whole_header(visit->connection, "Last-Event-ID", -1);
    if (visit->too_large)
        return refuse(visit, 413, "A body has at most 1 MiB, a file of orders 16 MiB.");
    if (door->server->ending)
        return refuse(visit, 503, "The server is being stopped.");
    if (!door->local && !is_ours(door->server, header(visit->connection, "Host")))
        return refuse(visit, 421,
                      "This server does not go by that name; `flowd serve --names` gives it one.");
    if (!request_read_target(request, visit->target, &inquiry->arena, &inquiry->reply))
        return send_reply(visit);
    request->session = "";
    request->person = known_person(visit);
    request->by_page = is_by_page(visit);
    request->secure = !door->local && door->server->certificate;
    request->unpacks = says(visit, "Accept-Encoding", "gzip");
    request->address = address_of(visit);
    api_answer(&door->server->api, inquiry);
    return go_on(visit);
}

/* Nobody unknown makes the server keep a file. */
static size_t body_at_most(struct visit *visit)
{
    const char *type = header(visit->connection, "Content-Type");
    bool file = type && strncasecmp(type, "text/csv", 8) == 0;
    return file && known_person(visit) ? FILE_AT_MOST : BODY_AT_MOST;
}

static void take_body(struct visit *visit, const char *bytes, size_t length)
{
    visit->too_large |= visit->body.length + length > visit->body_at_most;
    if (visit->too_large)
        buffer_free(&visit->body);
    else
        buffer_add(&visit->body, bytes, length);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *address, const char *method, const char *version,
                                  const char *upload, size_t *upload_size, void **state)
{
    struct door *door = context;
    struct visit *visit = *state;

    (void)address, (void)version;
    if (!visit->head_read) {
        visit->head_read = true;
        visit->door = door;
        visit->connection = connection;
        visit->counted = true;
        door->server->visits++;
        guest_has(door->server, connection, BODY_WITHIN_MS);
        visit->body_at_most = body_at_most(visit);
        if (whole_header(connection, "Content-Length", 0) <= (int64_t)visit->body_at_most)
            return MHD_YES;
        visit->too_large = true; /* answered before it is sent */
        return ask(visit, method);
    }
    if (*upload_size) {
        take_body(visit, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    return visit->asked ? go_on(visit) : ask(visit, method);
}

/* ---- connections and requests come and go ---- */

static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct visit *visit = memory_zeroed(1, sizeof *visit);
    (void)context, (void)connection;
    visit->target = memory_alloc(strlen(target) + 1);
    strcpy(visit->target, target);
    return visit;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    struct door *door = context;
    struct visit *visit = *state;
    (void)how;
    if (!visit)
        return;
    door->server->visits -= visit->counted;
    guest_has(door->server, connection, HEAD_WITHIN_MS);
    inquiry_free(&visit->inquiry);
    buffer_free(&visit->body);
    free(visit->target);
    free(visit);
    *state = NULL;
}

/* While the server ends nobody comes in any more. MHD_quiesce_daemon() would say so too, but with threads and epoll it races with them
   for the listener, and ends the program where it loses (0.9.75). */
static enum MHD_Result may_come(void *context, const struct sockaddr *address, socklen_t length)
{
    const struct door *door = context;
    (void)address, (void)length;
    return door->server->ending ? MHD_NO : MHD_YES;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **guest,
                          enum MHD_ConnectionNotificationCode what)
{
    struct door *door = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        guest_came(door->server, connection, guest);
    else
        guest_left(door->server, guest);
}

/* What MHD complains of is a client that left: nobody can do anything about it. */
static void swallow(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

static unsigned thread_count(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 2 ? 2 : cores > THREADS_AT_MOST ? THREADS_AT_MOST : (unsigned)cores;
}

static bool open_door(struct door *door, unsigned threads, struct failure *failure)
{
    struct server *server = door->server;
    bool tls = !door->local && server->certificate;
    struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (char[]){"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"}},
        {MHD_OPTION_END, 0, NULL}};

    door->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG |
            (tls ? MHD_USE_TLS : 0),
        0, may_come, door, on_request, door, MHD_OPTION_EXTERNAL_LOGGER, swallow, NULL,
        MHD_OPTION_LISTEN_SOCKET, door->listener, MHD_OPTION_URI_LOG_CALLBACK, on_target, door,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, door, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, door, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_AT_MOST,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, door->local ? 0u : (unsigned)CONNECTIONS_OF_ONE_ADDRESS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MEMORY_OF_CONNECTION, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_ARRAY,
        tls ? secure : &secure[3], MHD_OPTION_END);
    if (!door->daemon)
        return tls ? fail(failure, "the server cannot be started; do the certificate and the key "
                                   "belong together, and are they PEM?")
                   : fail(failure, "the server cannot be started");
    return true;
}

bool http_open(struct server *server, struct failure *failure)
{
    return open_door(&server->outside, thread_count(), failure) &&
           open_door(&server->inside, 0, failure);
}
