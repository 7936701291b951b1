/* The server of a shop: its API over HTTP, to programs by token, and to the folder's owner over flowd.socket. The thread that
   runs it is the one that writes: it takes all commands that wait, stages them, commits them together, and only then are
   they answered. A few other threads carry requests and read (view.h); none of them waits for a disk. */
#ifndef FLOW_STATION_SERVER_H
#define FLOW_STATION_SERVER_H

#include "shop/shop.h"

struct server;

struct server_options {
    const char *listen;      /* "127.0.0.1:8420", "[::]:8420"; port 0 for a free one */
    const char *certificate; /* files in PEM; NULL: no TLS */
    const char *key;
    const char *
        names; /* host names by which it is asked, with commas between; NULL: only this machine's own */
    const char *collector; /* of OTLP: its address; NULL: none */
    const char *farm;      /* farm.yaml: its printers are driven; NULL: none */
    bool training;         /* the shop is a copy that is thrown away: pages say so */
    bool plain;            /* to other machines without TLS too: something before it has that */
};

/* Listens, and answers what is read; commands wait for server_run. NULL with a failure. The shop was opened to write by the
   calling thread, which blocks SIGTERM, SIGINT and SIGHUP from here on. */
struct server *server_open(struct workshop *shop, const struct server_options *options,
                           struct failure *failure);
/* "http://127.0.0.1:8420/" */
const char *server_address(const struct server *server);
/* Does what is asked until SIGTERM, SIGINT or SIGHUP comes; then finishes what was accepted, and returns. */
void server_run(struct server *server);
void server_close(struct server *server);

#endif
