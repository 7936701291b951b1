/* Messages over a stream, as LSP frames them: headers, an empty line, a body of Content-Length bytes. */
#ifndef FLOW_LSP_WIRE_H
#define FLOW_LSP_WIRE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define HEADER_AT_MOST 4096
#define BODY_AT_MOST ((size_t)256 << 20)

struct wire {
    struct buffer bytes; /* what came in */
    size_t taken;        /* how much of it was handed out */
    size_t skip;         /* bytes of a refused body that are still to come */
};

enum wire_result { WIRE_MESSAGE, WIRE_MORE, WIRE_MALFORMED };

void wire_feed(struct wire *wire, const char *bytes, size_t length);
/* The next message's body, which stays until wire_feed; WIRE_MORE where it is not there yet. After WIRE_MALFORMED what
   could not be understood is behind us, and the next call goes on. */
enum wire_result wire_next(struct wire *wire, const char **body, size_t *length);
void wire_close(struct wire *wire);

/* Writes a message to a descriptor; false where the other end is gone. */
bool wire_send(int descriptor, const char *body, size_t length);

#endif
