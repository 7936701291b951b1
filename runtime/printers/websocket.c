#include "printers/websocket.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ANSWER_AT_MOST = 1 << 14, ENCODED_NONCE = 4 * ((WEBSOCKET_NONCE + 2) / 3) + 1 };

/* ---- becoming one ---- */

static void encode_nonce(const uint8_t nonce[WEBSOCKET_NONCE], char text[ENCODED_NONCE])
{
    EVP_EncodeBlock((unsigned char *)text, nonce, WEBSOCKET_NONCE);
}

void websocket_add_request(struct buffer *out, const char *host, const char *path, const char *key,
                           const uint8_t nonce[WEBSOCKET_NONCE])
{
    char encoded[ENCODED_NONCE];
    encode_nonce(nonce, encoded);
    buffer_addf(out,
                "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n",
                path, host, encoded);
    if (key)
        buffer_addf(out, "X-Api-Key: %s\r\n", key);
    buffer_add_text(out, "\r\n");
}

/* That it read the request, and is no server of something else that says 101 to anything. */
static void expected_proof(const uint8_t nonce[WEBSOCKET_NONCE], char proof[40])
{
    static const char made_known[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[ENCODED_NONCE + sizeof made_known];
    unsigned char digest[SHA_DIGEST_LENGTH];
    encode_nonce(nonce, text);
    strcat(text, made_known);
    SHA1((const unsigned char *)text, strlen(text), digest);
    EVP_EncodeBlock((unsigned char *)proof, digest, sizeof digest);
}

/* The line of a header in an answer that ends with an empty line; its value begins there. */
static const char *header(const char *head, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1 + strspn(line + length + 1, " \t");
    }
    return "";
}

long websocket_read_answer(const char *bytes, size_t length, const uint8_t nonce[WEBSOCKET_NONCE])
{
    char head[ANSWER_AT_MOST + 1], proof[40];
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    size_t size = end ? (size_t)(end - bytes) + 4 : length;
    if (size > ANSWER_AT_MOST || memchr(bytes, 0, size))
        return -1;
    if (!end)
        return 0;
    memcpy(head, bytes, size);
    head[size] = 0;
    expected_proof(nonce, proof);
    const char *said = header(head, "Sec-WebSocket-Accept");
    bool agreed = strncmp(head, "HTTP/1.1 101", 12) == 0 &&
                  strncmp(said, proof, strlen(proof)) == 0 &&
                  strspn(said + strlen(proof), " \t\r\n") > 0;
    return agreed ? (long)size : -1;
}

/* ---- frames ---- */

void websocket_add_frame(struct buffer *out, enum websocket_kind kind, const char *body,
                         size_t length, uint32_t mask)
{
    buffer_add_char(out, (char)(0x80 | kind));
    if (length < 126) {
        buffer_add_char(out, (char)(0x80 | length));
    } else {
        bool wide = length > 0xFFFF;
        buffer_add_char(out, (char)(0x80 | (wide ? 127 : 126)));
        for (int at = wide ? 56 : 8; at >= 0; at -= 8)
            buffer_add_char(out, (char)((uint64_t)length >> at & 0xFF));
    }
    for (int at = 24; at >= 0; at -= 8)
        buffer_add_char(out, (char)(mask >> at & 0xFF));
    for (size_t i = 0; i < length; i++)
        buffer_add_char(out, (char)((uint8_t)body[i] ^ (mask >> (24 - 8 * (i % 4)) & 0xFF)));
}

long websocket_read(const char *bytes, size_t length, struct websocket_frame *frame)
{
    const uint8_t *at = (const uint8_t *)bytes;
    if (length < 2)
        return 0;
    size_t head = at[1] < 126 ? 2 : at[1] == 126 ? 4 : 10;
    if (at[0] & 0x70 || at[1] & 0x80) /* what was not agreed on; a server does not mask */
        return -1;
    if (length < head)
        return 0;
    uint64_t size = head == 2 ? at[1] : 0;
    for (size_t i = 2; i < head; i++)
        size = size << 8 | at[i];
    if (size > WEBSOCKET_MESSAGE_AT_MOST)
        return -1;
    if (length - head < size)
        return 0;
    *frame = (struct websocket_frame){.kind = at[0] & 15,
                                      .last = (at[0] & 0x80) != 0,
                                      .body = bytes + head,
                                      .length = (size_t)size};
    return (long)(head + (size_t)size);
}
