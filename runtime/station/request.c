#include "station/request.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- problems ---- */

static const struct title {
    unsigned status;
    const char *text;
} titles[] = {
    {400, "Bad Request"},         {401, "Unauthorized"},
    {403, "Forbidden"},           {404, "Not Found"},
    {405, "Method Not Allowed"},  {409, "Conflict"},
    {413, "Content Too Large"},   {415, "Unsupported Media Type"},
    {421, "Misdirected Request"}, {422, "Unprocessable Content"},
    {429, "Too Many Requests"},   {500, "Internal Server Error"},
    {503, "Service Unavailable"}, {507, "Insufficient Storage"},
};

const char *status_title(unsigned status)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].text;
    return "Error";
}

bool problem(struct reply *reply, unsigned status, const char *format, ...)
{
    struct buffer detail = {0};
    va_list arguments;

    va_start(arguments, format);
    buffer_vaddf(&detail, format, arguments);
    va_end(arguments);
    reply->kind = REPLY_BODY;
    reply->status = status;
    reply->type = "application/problem+json";
    reply->version = -1;
    buffer_clear(&reply->body);
    buffer_addf(&reply->body, "{\"title\":\"%s\",\"status\":%u,\"detail\":\"", status_title(status),
                status);
    buffer_add_json(&reply->body, buffer_text(&detail), detail.length);
    buffer_add_text(&reply->body, "\"}");
    buffer_free(&detail);
    return false;
}

/* ---- targets ---- */

bool is_plain_text(const char *text, size_t length)
{
    size_t size;
    for (size_t i = 0; i < length; i += size) {
        uint32_t point = utf8_read(text + i, length - i, &size);
        if (point == UTF8_NONE || point < 0x20 || (point >= 0x7f && point < 0xa0))
            return false;
    }
    return true;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Decodes text[0..length); NULL where it is broken. `+` is a blank in a query only. */
static const char *decode(const char *text, size_t length, bool query, struct arena *arena)
{
    char *out = arena_alloc(arena, length + 1), *at = out;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
            int low = high >= 0 ? hex_value(text[i + 2]) : -1;
            if (low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && query) {
            c = ' ';
        }
        *at++ = c;
    }
    return is_plain_text(out, (size_t)(at - out)) ? out : NULL;
}

static bool read_path(struct request *request, const char *path, size_t length, struct arena *arena,
                      struct reply *reply)
{
    const char *end = path + length;
    if (path == end || *path != '/')
        return problem(reply, 400, "An address begins with a `/`.");
    while (path < end) {
        const char *next = memchr(path + 1, '/', (size_t)(end - path - 1));
        if (!next)
            next = end;
        const char *part = decode(path + 1, (size_t)(next - path - 1), false, arena);
        if (!part || strcmp(part, ".") == 0 || strcmp(part, "..") == 0)
            return problem(reply, 400,
                           "The address has a part that is no name: names are UTF-8, "
                           "and what is special in them is written as %%XX.");
        if (request->part_count == PATH_PARTS_AT_MOST)
            return problem(reply, 404, "There is nothing at so long an address.");
        request->parts[request->part_count++] = part;
        path = next;
    }
    return true;
}

static bool read_queries(struct request *request, const char *text, struct arena *arena,
                         struct reply *reply)
{
    for (const char *end; *text; text = *end ? end + 1 : end) {
        end = text + strcspn(text, "&");
        const char *equals = memchr(text, '=', (size_t)(end - text));
        const char *name_end = equals ? equals : end, *value = equals ? equals + 1 : end;
        struct query query = {decode(text, (size_t)(name_end - text), true, arena),
                              decode(value, (size_t)(end - value), true, arena)};
        if (!query.name || !query.value)
            return problem(reply, 400,
                           "The query has a part that is no text: texts are UTF-8, "
                           "and what is special in them is written as %%XX.");
        if (request_query(request, query.name))
            return problem(reply, 400, "The query says `%.60s` twice.", query.name);
        if (request->query_count == QUERIES_AT_MOST)
            return problem(reply, 400, "The query says too much.");
        request->queries[request->query_count++] = query;
    }
    return true;
}

bool request_read_target(struct request *request, const char *target, struct arena *arena,
                         struct reply *reply)
{
    size_t path_length = strcspn(target, "?");
    if (strlen(target) > TARGET_AT_MOST)
        return problem(reply, 400, "An address has at most %d bytes.", TARGET_AT_MOST);
    return read_path(request, target, path_length, arena, reply) &&
           (!target[path_length] || read_queries(request, target + path_length + 1, arena, reply));
}

const char *request_query(const struct request *request, const char *name)
{
    for (int i = 0; i < request->query_count; i++)
        if (strcmp(request->queries[i].name, name) == 0)
            return request->queries[i].value;
    return NULL;
}

bool request_whole(const struct request *request, const char *name, int64_t unsaid, int64_t most,
                   int64_t *value, struct reply *reply)
{
    const char *text = request_query(request, name);
    *value = unsaid;
    if (!text)
        return true;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18 || text[digits] || (*value = strtoll(text, NULL, 10)) > most)
        return problem(reply, 400, "`%s` is a whole number from 0 to %lld.", name, (long long)most);
    return true;
}

bool request_page(const struct request *request, int64_t *from, int64_t *limit, struct reply *reply)
{
    return request_whole(request, "from", 0, INT32_MAX, from, reply) &&
           request_whole(request, "limit", ITEMS_UNSAID, ITEMS_AT_MOST, limit, reply);
}
