/* RFC 6455, as much of it as a client needs that listens: bytes are written into a buffer and read from bytes; no sockets.
   https://www.rfc-editor.org/rfc/rfc6455 */
#ifndef FLOW_PRINTERS_WEBSOCKET_H
#define FLOW_PRINTERS_WEBSOCKET_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

enum { WEBSOCKET_NONCE = 16, WEBSOCKET_MESSAGE_AT_MOST = 1 << 20 };

enum websocket_kind {
    WEBSOCKET_MORE = 0, /* of the message before */
    WEBSOCKET_TEXT = 1,
    WEBSOCKET_CLOSE = 8,
    WEBSOCKET_PING = 9,
    WEBSOCKET_PONG = 10
};

struct websocket_frame {
    int kind;
    bool last;        /* of its message */
    const char *body; /* in the bytes that were read, not terminated */
    size_t length;
};

/* Asks a server for a websocket; the key is told as X-Api-Key, NULL for none. The nonce is of chance. */
void websocket_add_request(struct buffer *out, const char *host, const char *path, const char *key,
                           const uint8_t nonce[WEBSOCKET_NONCE]);
/* Reads its answer. How many bytes it takes; 0 where some are missing yet; negative where it is no. */
long websocket_read_answer(const char *bytes, size_t length, const uint8_t nonce[WEBSOCKET_NONCE]);
/* The mask is of chance. */
void websocket_add_frame(struct buffer *out, enum websocket_kind kind, const char *body,
                         size_t length, uint32_t mask);
/* Reads the first frame of what came, as websocket_read_answer does; negative too where it is too large. */
long websocket_read(const char *bytes, size_t length, struct websocket_frame *frame);

#endif
