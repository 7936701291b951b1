#include "station/client.h"

#include "base/clock.h"
#include "base/memory.h"
#include "shop/uuid.h"

#include <ctype.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_AT_MOST_S = 120 };

struct client {
    CURL *curl;
    struct curl_slist *headers;
    int folder; /* by whose descriptor the socket is found: a socket's path is short */
    char socket[64];
    struct buffer got;
};

/* ---- opening ---- */

static bool open_folder(struct client *client, const char *folder, struct failure *failure)
{
    client->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    snprintf(client->socket, sizeof client->socket, "/proc/self/fd/%d/flowd.socket",
             client->folder);
    return client->folder >= 0 || fail(failure, "%s is no folder", folder);
}

static bool open_curl(struct client *client, const char *person)
{
    struct buffer header = {0};
    buffer_addf(&header, "Flow-Person: %s", person);
    client->headers = curl_slist_append(NULL, header.text);
    client->headers = curl_slist_append(client->headers, "Expect:");
    buffer_free(&header);
    client->curl = curl_easy_init();
    return client->curl && client->headers;
}

struct client *client_open(const char *folder, const char *person, struct failure *failure)
{
    struct client *client = memory_zeroed(1, sizeof *client);

    client->folder = -1;
    for (const char *at = person; *at; at++)
        if (iscntrl((unsigned char)*at)) {
            fail(failure, "a person's name has no control characters");
            client_close(client);
            return NULL;
        }
    if (open_folder(client, folder, failure)) {
        if (open_curl(client, person))
            return client;
        fail(failure, "libcurl cannot be used");
    }
    client_close(client);
    return NULL;
}

void client_close(struct client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    curl_slist_free_all(client->headers);
    if (client->folder >= 0)
        close(client->folder);
    buffer_free(&client->got);
    free(client);
}

/* ---- asking ---- */

static size_t take_bytes(char *bytes, size_t one, size_t count, void *data)
{
    struct buffer *got = data;
    buffer_add(got, bytes, one * count);
    return one * count;
}

/* Sends what was set; the answer is in `got`. The status, 0 with a failure. */
static long perform(struct client *client, const char *path, struct failure *failure)
{
    struct buffer address = {0};
    long status = 0;

    buffer_addf(&address, "http://localhost/api/v1%s", path);
    buffer_clear(&client->got);
    curl_easy_setopt(client->curl, CURLOPT_URL, address.text);
    curl_easy_setopt(client->curl, CURLOPT_UNIX_SOCKET_PATH, client->socket);
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT, (long)WAIT_AT_MOST_S);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &client->got);
    CURLcode code = curl_easy_perform(client->curl);
    buffer_free(&address);
    if (code != CURLE_OK) {
        fail(failure, "the server of this shop does not answer: %s", curl_easy_strerror(code));
        return 0;
    }
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* The server's own sentence, of a problem. */
static bool fail_as_told(const struct client *client, long status, struct failure *failure)
{
    json_t *problem = json_loadb(buffer_text(&client->got), client->got.length, 0, NULL);
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    if (detail)
        fail(failure, "%.500s", detail);
    else
        fail(failure, "the server of this shop answers with status %ld", status);
    json_decref(problem);
    return false;
}

static long post(struct client *client, const char *path, const char *type, const char *bytes,
                 size_t length, struct failure *failure)
{
    struct buffer header = {0};
    buffer_addf(&header, "Content-Type: %s", type);
    struct curl_slist own = {header.text, client->headers}; /* before those of every request */
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, &own);
    curl_easy_setopt(client->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, bytes);
    long status = perform(client, path, failure);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    buffer_free(&header);
    return status;
}

bool client_get(struct client *client, const char *path, struct buffer *body,
                struct failure *failure)
{
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    long status = perform(client, path, failure);
    if (status / 100 != 2)
        return status != 0 && fail_as_told(client, status, failure);
    buffer_add(body, buffer_text(&client->got), client->got.length);
    return true;
}

bool client_post(struct client *client, const char *path, const char *type, const char *bytes,
                 size_t length, struct buffer *body, struct answer *answer, struct failure *failure)
{
    long status = post(client, path, type, bytes, length, failure);
    if (status == 409 && answer_read(buffer_text(&client->got), client->got.length, answer))
        return true;
    *answer = (struct answer){.accepted = true, .last = -1};
    if (status / 100 != 2)
        return status != 0 && fail_as_told(client, status, failure);
    buffer_add(body, buffer_text(&client->got), client->got.length);
    return true;
}

/* ---- commands ---- */

void client_new_id(char id[COMMAND_ID_LENGTH + 1])
{
    uuid_make(clock_wall_ms(), id);
}

bool client_do(struct client *client, const char *id, const struct message *command,
               struct answer *answer, struct failure *failure)
{
    struct message nameless = *command;
    struct buffer body = {0};
    char own[COMMAND_ID_LENGTH + 1];

    if (!id)
        client_new_id(own);
    nameless.by = ""; /* the server knows whom we act for */
    message_write(&body, &nameless);
    body.length--; /* its closing brace */
    buffer_add_text(&body, ",\"id\":\"");
    buffer_add_json(&body, id ? id : own, strlen(id ? id : own));
    buffer_add_text(&body, "\"}");
    long status = post(client, "/commands", "application/json", body.text, body.length, failure);
    buffer_free(&body);
    if (status == 0)
        return false;
    if ((status == 200 || status == 409) &&
        answer_read(buffer_text(&client->got), client->got.length, answer))
        return true;
    return fail_as_told(client, status, failure);
}

void client_add_escaped(struct buffer *path, const char *name)
{
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (isalnum(c) || strchr("-._~", c))
            buffer_add_char(path, (char)c);
        else
            buffer_addf(path, "%%%02X", c);
    }
}
