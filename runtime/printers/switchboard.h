/* The sockets below the printers: one epoll for all of them, and libcurl over it; nothing waits for another. In the module of
   the server (libcurl). */
#ifndef FLOW_PRINTERS_SWITCHBOARD_H
#define FLOW_PRINTERS_SWITCHBOARD_H

#include "base/failure.h"

#include <curl/curl.h>
#include <stdint.h>

struct switchboard;

struct switchboard *switchboard_open(struct failure *failure);
/* After all that is on it. */
void switchboard_close(struct switchboard *board);
/* The epoll: readable where there is something to do. */
int switchboard_descriptor(const struct switchboard *board);
/* How long one may wait for that, of so long: there are time-outs too. */
int switchboard_sooner(const struct switchboard *board, int wait_ms);
/* Does what can be done, waiting for at most so long. */
void switchboard_turn(struct switchboard *board, int wait_ms);

/* ---- what libcurl does ---- */

/* Connections that are kept, and may be used again by the next transfer of the same exchange. */
struct exchange;

struct exchange *exchange_open(struct switchboard *board);
void exchange_close(struct exchange *exchange);
/* The one that is there already. */
struct exchange *switchboard_exchange(struct switchboard *board);

struct transfer {
    CURL *easy;
    /* It came to its end. It stays in its exchange until it is dropped. */
    void (*over)(struct transfer *transfer, CURLcode code);
};

void transfer_begin(struct exchange *exchange, struct transfer *transfer);
void transfer_drop(struct exchange *exchange, struct transfer *transfer);

/* ---- what we do ---- */

struct watch {
    int socket;
    void (*ready)(struct watch *watch, uint32_t events); /* of epoll */
};

/* Waits for these events from now on, instead of others. */
void switchboard_watch(struct switchboard *board, struct watch *watch, uint32_t events);
void switchboard_unwatch(struct switchboard *board, struct watch *watch);

#define ALARM_NEVER INT64_MAX
struct alarm {
    int64_t due_ms; /* may be set at any time; never again once it rang */
    void (*rings)(struct alarm *alarm);
    struct alarm *next;
};

void switchboard_add_alarm(struct switchboard *board, struct alarm *alarm);
/* Not while it rings. */
void switchboard_remove_alarm(struct switchboard *board, struct alarm *alarm);

#endif
