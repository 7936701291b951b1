#include "flowc/lsp/server.h"

#include "base/memory.h"
#include "check/check.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- sending ---- */

void server_send(struct server *server, json_t *message)
{
    json_object_set_new(message, "jsonrpc", json_string("2.0"));
    char *text = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    if (text && server->out >= 0 && !wire_send(server->out, text, strlen(text)))
        server->ended = true; /* nobody is there any more */
    free(text);
}

void server_notify(struct server *server, const char *method, json_t *params)
{
    server_send(server, json_pack("{s:s, s:o}", "method", method, "params", params));
}

json_t *refuse(struct trouble *trouble, enum rpc_code code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(trouble->message, sizeof trouble->message, format, arguments);
    va_end(arguments);
    trouble->code = code;
    return NULL;
}

static void send_error(struct server *server, json_t *id, const struct trouble *trouble)
{
    /* a message may quote what the editor sent, cut at some byte */
    json_t *text = json_string(trouble->message);
    if (!text)
        text = json_string("the request cannot be answered");
    server_send(server, json_pack("{s:O, s:{s:i, s:o}}", "id", id ? id : json_null(), "error",
                                  "code", (int)trouble->code, "message", text));
}

/* ---- the queue ---- */

static void cancel(struct server *server, const json_t *id)
{
    for (struct message *at = server->first; at; at = at->next)
        if (id && json_object_get(at->json, "method") &&
            json_equal(json_object_get(at->json, "id"), id))
            at->cancelled = true;
}

static bool is_method(const json_t *message, const char *name)
{
    const char *method = json_string_value(json_object_get(message, "method"));
    return method && strcmp(method, name) == 0;
}

static void enqueue(struct server *server, json_t *json)
{
    if (is_method(json, "$/cancelRequest")) { /* now: what it means may be next */
        cancel(server, json_object_get(json_object_get(json, "params"), "id"));
        json_decref(json);
        return;
    }
    struct message *message = memory_zeroed(1, sizeof *message);
    message->json = json;
    if (server->last)
        server->last->next = message;
    else
        server->first = message;
    server->last = message;
}

/* Half of a character outside the basic plane, which an editor sends when it is torn, is no Unicode: it becomes a
   replacement character, which is as long. */
static json_t *load_with_halves(const char *body, size_t length)
{
    static const char replacement[] = "\\ufffd";
    char *copy = memory_alloc(length + 1);
    memcpy(copy, body, length);
    copy[length] = 0;
    for (size_t at = 0; at + 6 <= length; at++) {
        if (copy[at] != '\\')
            continue;
        if (copy[at + 1] != 'u') {
            at++;
            continue;
        }
        unsigned code = (unsigned)strtoul(
            (char[5]){copy[at + 2], copy[at + 3], copy[at + 4], copy[at + 5], 0}, NULL, 16);
        bool pair = code >= 0xD800 && code < 0xDC00 && at + 12 <= length &&
                    !strncmp(copy + at + 6, "\\u", 2) && strchr("dD", copy[at + 8]) &&
                    strchr("cdefCDEF", copy[at + 9]);
        if (pair)
            at += 11;
        else if (code >= 0xD800 && code <= 0xDFFF)
            memcpy(copy + at, replacement, 6);
    }
    json_t *json = json_loadb(copy, length, JSON_ALLOW_NUL, NULL);
    free(copy);
    return json;
}

static void parse_message(struct server *server, const char *body, size_t length)
{
    json_error_t error;
    struct trouble trouble;
    json_t *json = json_loadb(body, length, JSON_ALLOW_NUL, &error);
    if (!json)
        json = load_with_halves(body, length);
    if (json_is_object(json)) {
        enqueue(server, json);
        return;
    }
    refuse(&trouble, json ? RPC_INVALID_REQUEST : RPC_PARSE_ERROR, "%s",
           json ? "a message is an object" : error.text);
    json_decref(json);
    send_error(server, NULL, &trouble);
}

static void take_messages(struct server *server)
{
    const char *body;
    size_t length;
    enum wire_result result;
    struct trouble trouble;
    while ((result = wire_next(&server->wire, &body, &length)) != WIRE_MORE) {
        if (result == WIRE_MESSAGE) {
            parse_message(server, body, length);
            continue;
        }
        refuse(&trouble, RPC_PARSE_ERROR, "headers without a Content-Length that can be taken");
        send_error(server, NULL, &trouble);
    }
}

/* ---- one message ---- */

static const struct method *method_find(const char *name)
{
    for (int i = 0; i < method_count; i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    return NULL;
}

/* Why a message is not for its handler now; false where it is. */
static bool out_of_turn(const struct server *server, const struct message *message,
                        const struct method *method, const char *name, struct trouble *trouble)
{
    bool hello = strcmp(name, "initialize") == 0;
    if (message->cancelled)
        refuse(trouble, RPC_CANCELLED, "cancelled");
    else if (!server->initialized && !hello)
        refuse(trouble, RPC_NOT_INITIALIZED, "the first request is `initialize`");
    else if ((server->initialized && hello) || server->shut_down)
        refuse(trouble, RPC_INVALID_REQUEST,
               hello ? "`initialize` was asked already" : "the server is shut down");
    else if (!method)
        refuse(trouble, RPC_METHOD_NOT_FOUND, "there is no method `%.100s`", name);
    else
        return false;
    return true;
}

static void handle(struct server *server, const struct message *message)
{
    json_t *id = json_object_get(message->json, "id");
    const char *name = json_string_value(json_object_get(message->json, "method"));
    struct trouble trouble = {RPC_INVALID_REQUEST, "a request names its method"};
    if (!name) { /* the answer to a request of ours, or nothing we know */
        if (id && !json_object_get(message->json, "result") &&
            !json_object_get(message->json, "error"))
            send_error(server, id, &trouble);
        return;
    }
    const struct method *method = method_find(name);
    const json_t *params = json_object_get(message->json, "params");
    if (strcmp(name, "exit") == 0) { /* at any time */
        server->ended = true;
        return;
    }
    bool refused = out_of_turn(server, message, method, name, &trouble);
    json_t *result = refused ? NULL : method->handle(server, params, &trouble);
    if (!id)
        json_decref(result); /* nobody waits for it */
    else if (result)
        server_send(server, json_pack("{s:O, s:o}", "id", id, "result", result));
    else
        send_error(server, id, &trouble);
}

static void handle_first(struct server *server)
{
    struct message *message = server->first;
    server->first = message->next;
    if (!server->first)
        server->last = NULL;
    inputs_stand_in(server->documents.texts, server->documents.count);
    handle(server, message);
    inputs_stand_in(NULL, 0);
    arena_clear(&server->scratch);
    json_decref(message->json);
    free(message);
}

/* ---- the loop ---- */

enum { QUIET_MS = 40 }; /* of the editor, before what is not urgent is done */

/* Reads what is there, waiting at most so long (-1: until something comes). False where nothing came. */
static bool read_some(struct server *server, int wait_ms)
{
    struct pollfd ready = {.fd = server->in, .events = POLLIN};
    static char bytes[65536];
    int count = poll(&ready, 1, wait_ms);
    if (count <= 0)
        return count < 0 && errno == EINTR;
    ssize_t got = read(server->in, bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (got <= 0) {
        server->ended = true; /* the editor is gone */
        return true;
    }
    wire_feed(&server->wire, bytes, (size_t)got);
    take_messages(server);
    return true;
}

static void do_work(struct server *server)
{
    inputs_stand_in(server->documents.texts, server->documents.count);
    work_one(server);
    inputs_stand_in(NULL, 0);
    arena_clear(&server->scratch);
}

int server_run(struct server *server)
{
    bool quiet = false;
    models_remember(true); /* a mesh takes longer to examine than all the rest */
    while (!server->ended) {
        if (server->first) { /* a cancellation may stand behind it */
            while (!server->ended && read_some(server, 0))
                ;
            handle_first(server);
            quiet = false;
            continue;
        }
        enum work work = work_waiting(server);
        int wait_ms = work == WORK_NONE ? -1 : work == WORK_NOW || quiet ? 0 : QUIET_MS;
        if (read_some(server, wait_ms))
            continue;
        quiet |= work == WORK_SOON;
        if (work != WORK_NONE)
            do_work(server);
    }
    return server->shut_down || !server->initialized ? EXIT_CLEAN : EXIT_FINDINGS;
}

void server_take(struct server *server, const char *bytes, size_t length)
{
    wire_feed(&server->wire, bytes, length);
    take_messages(server);
    while (server->first && !server->ended)
        handle_first(server);
    while (!server->ended && work_waiting(server) != WORK_NONE)
        do_work(server);
}

void server_close(struct server *server)
{
    while (server->first) {
        struct message *next = server->first->next;
        json_decref(server->first->json);
        free(server->first);
        server->first = next;
    }
    models_remember(false);
    wire_close(&server->wire);
    resident_close(&server->resident);
    free(server->resident.inputs);
    free(server->resident.mentions);
    roots_close(&server->roots);
    documents_close(&server->documents);
    json_decref(server->published);
    json_decref(server->versions);
    free(server->pages);
    json_decref(server->folders);
    arena_free(&server->scratch);
}
