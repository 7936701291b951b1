/* The sockets below the printers: calls over HTTP, none of which waits for another. One epoll for all of them; each printer is a
   line with at most one call on it, and so at most one connection. In the module of the server (libcurl). */
#ifndef FLOW_PRINTERS_HTTP_H
#define FLOW_PRINTERS_HTTP_H

#include "printers/printer.h"

#include "base/failure.h"

struct switchboard;
struct line;

struct line_options {
    const char
        *address; /* "http://192.168.1.20", with a path before the protocol's where there is one */
    const char *key;             /* sent as X-Api-Key; NULL: none */
    const char *user, *password; /* HTTP Digest; NULL: none */
    bool hangs_up; /* a connection is closed after each call: PrusaLink has three of them */
};

/* What came back; the body is NUL-terminated, and gone when this returns. It may call line_ask. */
typedef void line_heard(void *data, const struct reply *reply);

struct switchboard *switchboard_open(struct failure *failure);
void switchboard_close(struct switchboard *board);
/* Does what can be done, waiting for at most so long. */
void switchboard_turn(struct switchboard *board, int wait_ms);

struct line *line_open(struct switchboard *board, const struct line_options *options);
void line_close(struct line *line);
bool line_is_busy(const struct line *line);
/* Makes a call; `file` is the path of the print file, for bodies that have it. Heard exactly once, and never before this
   returns. */
void line_ask(struct line *line, const struct call *call, const char *file, const char *file_name,
              line_heard *heard, void *data);

#endif
