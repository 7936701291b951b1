/* A connection over which we speak ourselves: libcurl opens it and looks at the certificate, if any, of a printer that is known by
   its serial number, or of a server. It may be opened again after it was hung up. */
#ifndef FLOW_PRINTERS_STREAM_H
#define FLOW_PRINTERS_STREAM_H

#include "printers/switchboard.h"

#include <stdbool.h>
#include <stddef.h>

/* Whom we speak to, whatever we speak; the texts are the caller's. */
struct peer {
    const char *host;   /* where it is */
    const char *serial; /* the name in its certificate */
    const char *
        authorities; /* the file of the certificates that we trust: the maker's, or its own alone */
};

/* Has libcurl speak to that printer, at that port, and to no other. What is returned is to be freed after the transfer. */
struct curl_slist *peer_set(const struct peer *peer, int port, CURL *easy);
/* Whether that is how it ends where another one is there. */
bool is_other_peer(CURLcode code);

struct stream;

struct stream_listener {
    void (*opened)(void *data, CURLcode code);
    void (*ready)(void *data); /* bytes came, or there is room for more, or it broke */
    void *data;
};

struct stream *stream_open(struct switchboard *board, const struct peer *peer, int port,
                           const struct stream_listener *listener);
/* To a server: "http://host:port", or https; the text is the caller's. */
struct stream *stream_open_server(struct switchboard *board, const char *address,
                                  const struct stream_listener *listener);
void stream_close(struct stream *stream);

/* Opens the connection; told in the end, never before this returns. */
void stream_connect(struct stream *stream, int connect_ms);
/* At once: what was not sent yet is never sent. */
void stream_hang_up(struct stream *stream);
/* How many bytes went; 0: no room now; negative: it broke. */
long stream_send(struct stream *stream, const char *bytes, size_t length);
/* How many bytes came; 0: none now; negative: it broke, or ended. */
long stream_receive(struct stream *stream, char *bytes, size_t size);
/* Whether `ready` is to be told of room too. */
void stream_want_room(struct stream *stream, bool wanted);

#endif
