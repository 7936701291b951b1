#include "flowc/lsp/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

void wire_feed(struct wire *wire, const char *bytes, size_t length)
{
    if (wire->taken) { /* what was handed out makes room */
        memmove(wire->bytes.text, wire->bytes.text + wire->taken,
                wire->bytes.length - wire->taken + 1);
        wire->bytes.length -= wire->taken;
        wire->taken = 0;
    }
    buffer_add(&wire->bytes, bytes, length);
}

/* The length of the headers with their empty line; 0 where that has not come. */
static size_t headers_length(const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    while ((at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        if (at < end && *at == '\n')
            return (size_t)(at + 1 - text);
        if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
            return (size_t)(at + 2 - text);
    }
    return 0;
}

static const char length_name[] = "Content-Length:";

/* One header's number; false where it is none. */
static bool length_value(const char *text, const char *end, size_t *value)
{
    *value = 0;
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    const char *digits = text;
    for (; text < end && *text >= '0' && *text <= '9' && text - digits < 15; text++)
        *value = *value * 10 + (size_t)(*text - '0');
    while (text < end && (*text == ' ' || *text == '\t' || *text == '\r'))
        text++;
    return text > digits && text == end && *digits >= '0' && *digits <= '9';
}

static bool content_length(const char *headers, size_t length, size_t *value)
{
    const char *at = headers, *end = headers + length;
    bool found = false;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if ((size_t)(line_end - at) >= sizeof length_name - 1 &&
            !strncasecmp(at, length_name, sizeof length_name - 1)) {
            if (!length_value(at + sizeof length_name - 1, line_end, value))
                return false;
            found = true;
        }
        at = line_end + 1;
    }
    return found;
}

/* Goes on at the next thing that looks like a header, or where one may still begin. */
static enum wire_result resynchronize(struct wire *wire)
{
    const char *begin = wire->bytes.text + wire->taken;
    size_t left = wire->bytes.length - wire->taken, name = sizeof length_name - 1;
    for (size_t at = 1; at < left; at++) {
        size_t most = left - at < name ? left - at : name;
        if (!strncasecmp(begin + at, length_name, most)) {
            wire->taken += at;
            return WIRE_MALFORMED;
        }
    }
    wire->taken = wire->bytes.length;
    return WIRE_MALFORMED;
}

static bool skip_refused(struct wire *wire)
{
    size_t left = wire->bytes.length - wire->taken;
    size_t now = wire->skip < left ? wire->skip : left;
    wire->taken += now;
    wire->skip -= now;
    return wire->skip == 0;
}

enum wire_result wire_next(struct wire *wire, const char **body, size_t *length)
{
    if (!skip_refused(wire))
        return WIRE_MORE;
    size_t left = wire->bytes.length - wire->taken;
    if (!left)
        return WIRE_MORE;
    const char *text = wire->bytes.text + wire->taken;
    size_t headers = headers_length(text, left < HEADER_AT_MOST ? left : HEADER_AT_MOST);
    if (!headers)
        return left < HEADER_AT_MOST ? WIRE_MORE : resynchronize(wire);
    if (!content_length(text, headers, length))
        return resynchronize(wire);
    if (*length > BODY_AT_MOST) {
        wire->taken += headers;
        wire->skip = *length;
        return WIRE_MALFORMED;
    }
    if (left - headers < *length)
        return WIRE_MORE;
    *body = text + headers;
    wire->taken += headers + *length;
    return WIRE_MESSAGE;
}

void wire_close(struct wire *wire)
{
    buffer_free(&wire->bytes);
    *wire = (struct wire){0};
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length) {
        ssize_t done = write(descriptor, bytes, length);
        if (done < 0 && errno == EAGAIN) { /* a client may have made our end non-blocking */
            struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
            poll(&ready, 1, -1);
            continue;
        }
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        length -= (size_t)done;
    }
    return true;
}

bool wire_send(int descriptor, const char *body, size_t length)
{
    char header[64];
    int header_length = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", length);
    return write_all(descriptor, header, (size_t)header_length) &&
           write_all(descriptor, body, length);
}
