/* Calls over HTTP: each printer is a line with at most one call on it, and so at most one connection. In the module of the server
   (libcurl). */
#ifndef FLOW_PRINTERS_HTTP_H
#define FLOW_PRINTERS_HTTP_H

#include "printers/line.h"
#include "printers/switchboard.h"

struct http_line_options {
    const char
        *address; /* "http://192.168.1.20", with a path before the protocol's where there is one */
    const char *key;             /* sent as X-Api-Key; NULL: none */
    const char *user, *password; /* HTTP Digest; NULL: none */
    size_t body_at_most;         /* of an answer; 0: as much as servers say of themselves */
    bool hangs_up; /* a connection is closed after each call: PrusaLink has three of them */
};

struct line *http_line_open(struct switchboard *board, const struct http_line_options *options);

#endif
