#include "station/client.h"

#include "base/memory.h"
#include "shop/uuid.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWER_AT_MOST = 256 << 20, LONGEST_S = 60 };

struct client {
    CURL *curl;
    char *person; /* a header */
};

struct client *client_open(const char *folder, const char *person, struct failure *failure)
{
    struct client *client = memory_zeroed(1, sizeof *client);
    struct buffer text = {0};
    client->curl = curl_easy_init();
    if (!client->curl || strpbrk(person, "\r\n")) {
        fail(failure, client->curl ? "a person's name has no line end" : "libcurl does not start");
        client_close(client);
        return NULL;
    }
    buffer_addf(&text, "%s/flowd.socket", folder);
    curl_easy_setopt(client->curl, CURLOPT_UNIX_SOCKET_PATH, buffer_text(&text));
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT, (long)LONGEST_S);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_PROXY, "");
    text.length = 0;
    buffer_addf(&text, "X-Flow-Person: %s", person);
    client->person = strdup(buffer_text(&text));
    buffer_free(&text);
    return client;
}

void client_close(struct client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    free(client->person);
    free(client);
}

static size_t take(char *bytes, size_t size, size_t count, void *data)
{
    struct buffer *body = data;
    if (body->length + size * count > ANSWER_AT_MOST)
        return 0;
    buffer_add(body, bytes, size * count);
    return size * count;
}

/* The server's own words: `detail` of an application/problem+json, else all of it. */
static bool fail_as_said(const struct buffer *body, long status, struct failure *failure)
{
    json_t *problem = json_loadb(buffer_text(body), body->length, 0, NULL);
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    fail(failure, "the server answered %ld: %.400s", status, detail ? detail : buffer_text(body));
    json_decref(problem);
    return false;
}

static bool perform(struct client *client, const char *path, const char *type, const char *bytes,
                    size_t length, struct buffer *body, long *status, struct failure *failure)
{
    struct buffer address = {0}, content = {0};
    struct curl_slist *headers = curl_slist_append(NULL, client->person);
    buffer_addf(&address, "http://localhost/api/v1%s", path);
    buffer_addf(&content, "Content-Type: %s", type ? type : "");
    curl_easy_setopt(client->curl, CURLOPT_URL, buffer_text(&address));
    if (bytes) {
        headers = curl_slist_append(headers, buffer_text(&content));
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, bytes);
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    } else {
        curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, body);
    CURLcode code = curl_easy_perform(client->curl);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, status);
    curl_slist_free_all(headers);
    buffer_free(&address);
    buffer_free(&content);
    return code == CURLE_OK ||
           fail(failure, "the server of this shop does not answer: %s", curl_easy_strerror(code));
}

static bool successful(struct client *client, const char *path, const char *type, const char *bytes,
                       size_t length, struct buffer *body, struct failure *failure)
{
    long status = 0;
    struct buffer answer = {0};
    bool good = perform(client, path, type, bytes, length, &answer, &status, failure);
    if (good && (status < 200 || status > 299))
        good = fail_as_said(&answer, status, failure);
    else if (good)
        buffer_add(body, buffer_text(&answer), answer.length);
    buffer_free(&answer);
    return good;
}

bool client_get(struct client *client, const char *path, struct buffer *body,
                struct failure *failure)
{
    return successful(client, path, NULL, NULL, 0, body, failure);
}

bool client_post(struct client *client, const char *path, const char *type, const char *bytes,
                 size_t length, struct buffer *body, struct failure *failure)
{
    return successful(client, path, type, bytes, length, body, failure);
}

void client_new_id(char id[COMMAND_ID_LENGTH + 1])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uuid_make((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, id);
}

/* The command as an object with its id in front; a refusal is an answer too, whatever its status. */
bool client_do(struct client *client, const char *id, const struct message *command,
               struct answer *answer, struct failure *failure)
{
    char own[COMMAND_ID_LENGTH + 1];
    struct buffer text = {0}, whole = {0}, body = {0};
    long status = 0;

    client_new_id(own);
    message_write(&text, command);
    buffer_addf(&whole, "{\"id\":\"%s\",%s", id ? id : own, buffer_text(&text) + 1);
    bool good = perform(client, "/commands", "application/json", buffer_text(&whole), whole.length,
                        &body, &status, failure);
    if (good && !answer_read(buffer_text(&body), body.length, answer))
        good = fail_as_said(&body, status, failure);
    buffer_free(&text);
    buffer_free(&whole);
    buffer_free(&body);
    return good;
}

void client_add_escaped(struct buffer *path, const char *name)
{
    for (; *name; name++)
        if (strchr("/?#%&+ \"<>", *name) || (unsigned char)*name < 0x21 ||
            (unsigned char)*name > 0x7e)
            buffer_addf(path, "%%%02X", (unsigned char)*name);
        else
            buffer_add_char(path, *name);
}
