/* Files on a printer, over FTP with TLS from the first byte: sent, asked for their size, taken away. One at a time, each over a
   connection of its own. */
#ifndef FLOW_PRINTERS_FTPS_H
#define FLOW_PRINTERS_FTPS_H

#include "printers/printer.h"
#include "printers/stream.h"

struct ftps;

/* What came back: the status is FTP's own, FTP_SIZE with a body {"size": BYTES}; BAMBU_OTHER_PRINTER; 0 for no answer. */
typedef void ftps_heard(void *data, const struct reply *reply);

struct ftps_options {
    struct peer peer; /* the texts are the caller's, as are these */
    int port;
    const char *user, *password;
};

struct ftps *ftps_open(struct switchboard *board, const struct ftps_options *options,
                       ftps_heard *heard, void *data);
void ftps_close(struct ftps *ftps);
/* PUT with the file's bytes, HEAD for its size, DELETE; the path begins with a slash. Heard once, never before this returns. */
void ftps_ask(struct ftps *ftps, const struct call *call, const char *file);

#endif
