/* Which row of the table a request is for. */
#include "station/api.h"

#include <stdlib.h>
#include <string.h>

const char *pattern_name(const char *part, size_t length, size_t *name_length)
{
    if (length < 2 || part[0] != '{')
        return NULL;
    *name_length = length - 2;
    return part + 1;
}

/* Whether the path is the pattern's; what that leaves open goes into the arguments. */
static bool matches(const char *pattern, struct request *request)
{
    int argument = 0, i = 0;
    for (; *pattern == '/'; i++) {
        size_t length = strcspn(++pattern, "/"), name_length;
        if (i == request->part_count)
            return false;
        const char *part = request->parts[i];
        if (pattern_name(pattern, length, &name_length)) {
            if (!*part)
                return false;
            request->arguments[argument++] = part;
        } else if (strlen(part) != length || memcmp(part, pattern, length) != 0) {
            return false;
        }
        pattern += length;
    }
    return i == request->part_count;
}

static const struct endpoint *find_endpoint(struct inquiry *inquiry)
{
    struct request *request = &inquiry->request;
    const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
    bool gets = false, posts = false;

    for (int i = 0; i < endpoint_count; i++) {
        const struct endpoint *endpoint = &endpoint_rows[i];
        if (!matches(endpoint->pattern, request))
            continue;
        if (strcmp(endpoint->method, method) == 0)
            return endpoint;
        gets |= strcmp(endpoint->method, "GET") == 0;
        posts |= strcmp(endpoint->method, "POST") == 0;
    }
    if (gets || posts)
        inquiry->reply.allow = gets && posts ? "GET, HEAD, OPTIONS, POST"
                               : gets        ? "GET, HEAD, OPTIONS"
                                             : "OPTIONS, POST";
    return NULL;
}

static void answer_without_endpoint(struct inquiry *inquiry)
{
    struct reply *reply = &inquiry->reply;
    if (!reply->allow)
        problem(reply, 404,
                "There is nothing at this address; /api/v1/openapi.json says what there is.");
    else if (strcmp(inquiry->request.method, "OPTIONS") == 0)
        reply->status = 204;
    else
        problem(reply, 405, "This address understands %s.", reply->allow);
}

static bool takes_type(const struct endpoint *endpoint, const struct request *request)
{
    const char *wanted = strchr(endpoint->takes, '/') ? endpoint->takes : "application/json";
    size_t length = strcspn(request->type, "; \t");
    return !*endpoint->takes ||
           (strlen(wanted) == length && strncasecmp(request->type, wanted, length) == 0);
}

/* A trusted tablet at which nobody is signed in. */
bool is_bare_tablet(const struct request *request)
{
    return request->by_cookie && request->tablet && request->person &&
           strcmp(request->person, request->tablet) == 0;
}

void api_answer(const struct api *api, struct inquiry *inquiry)
{
    struct reply *reply = &inquiry->reply;
    const struct endpoint *endpoint = find_endpoint(inquiry);
    bool posts = endpoint && strcmp(endpoint->method, "POST") == 0;

    reply->version = -1;
    if (!endpoint && answer_asset(inquiry))
        return;
    if (!endpoint)
        answer_without_endpoint(inquiry);
    else if (endpoint->access == FOR_PERSONS && !inquiry->request.person)
        problem(reply, 401,
                "Say who asks: `Authorization: Bearer` and a token that `flowd token "
                "issue` made, and that was not revoked.");
    else if (endpoint->access == FOR_PERSONS && posts && is_bare_tablet(&inquiry->request))
        problem(reply, 401, "Somebody signs in first: a tablet by itself does nothing.");
    else if (inquiry->request.by_cookie && !inquiry->request.by_page && posts)
        problem(reply, 403,
                "A page of another site may be behind this: pages of this server say `Flow-Page`.");
    else if (!takes_type(endpoint, &inquiry->request))
        problem(reply, 415, "The body is %s, and its Content-Type says so.",
                strchr(endpoint->takes, '/') ? endpoint->takes : "application/json");
    else if (*endpoint->takes && !inquiry->request.body_length)
        problem(reply, 400, "The request has no body.");
    else {
        reply->status = 200;
        reply->type = strchr(endpoint->answers, '/') ? endpoint->answers : "application/json";
        endpoint->handle(api, inquiry);
    }
}

void inquiry_free(struct inquiry *inquiry)
{
    buffer_free(&inquiry->reply.body);
    if (inquiry->names.arena)
        interner_close(&inquiry->names);
    arena_free(&inquiry->arena);
}
