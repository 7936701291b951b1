/* Private to station/: the server's parts. */
#ifndef FLOW_STATION_PRIVATE_H
#define FLOW_STATION_PRIVATE_H

#include "dispatch/dispatch.h"
#include "station/api.h"
#include "station/floor.h"
#include "station/server.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    THREADS_AT_MOST = 4,
    CONNECTIONS_AT_MOST = 1024,
    CONNECTIONS_OF_ONE_ADDRESS = 512, /* a shop's tablets may all come through one proxy */
    FOLLOWERS_AT_MOST = 512,
    WAITING_AT_MOST = 1024, /* requests that wait for the writer */
    CHORES_AT_ONCE = 2,     /* processes that make documents */
    CHORES_WAITING_AT_MOST = 32,
    MEMORY_OF_CONNECTION = 32 << 10,
    HEAD_WITHIN_MS = 15 * 1000, /* from the connection, or the request before, to a whole head */
    BODY_WITHIN_MS = 15 * 1000,
    ANSWER_WITHIN_MS = 60 * 1000,
    IDLE_S = 60,
    PING_MS = 10 * 1000,
    FINISH_WITHIN_MS = 10 * 1000
};

/* One of the two ways in. */
struct door {
    struct server *server;
    struct MHD_Daemon *daemon;
    int listener;
    bool local; /* flowd.socket: whoever came in owns the folder */
};

/* A connection, and until when what it does now must be done. */
struct guest {
    struct guest *next, *previous;
    int descriptor;
    int64_t until_ms;
};

/* A request as it is carried. */
struct visit {
    struct inquiry inquiry; /* first */
    struct door *door;
    struct MHD_Connection *connection;
    char *target;
    struct buffer body;
    size_t body_at_most;
    bool head_read, too_large, asked;
    bool counted;       /* among the visits of the server */
    struct visit *next; /* of those that wait for the writer */
};

/* Who is told of events as they happen. */
struct follower {
    struct follower *next, *previous;
    struct server *server;
    struct MHD_Connection *connection;
    int64_t told;          /* the last event that is in `pending` or was sent */
    struct buffer pending; /* sent up to `sent` */
    size_t sent;
    bool waits, pinged;
};

/* A verb of this program that makes an answer. */
struct chore {
    struct visit *visit; /* NULL: none */
    int process;
    int output, complaints; /* descriptors */
    int64_t until_ms;
    struct buffer got;
};

/* Those who sign in. */
struct porter {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t rings;
    struct visit *first, **end;
    int count;
    bool there, leaves;
};

struct server {
    struct api api;
    struct workshop *shop;
    struct dispatch *dispatch; /* NULL: there are no printers */
    struct door outside, inside;
    char address[300];
    const char *names; /* with commas around and between */
    struct arena arena;
    char *certificate, *key;
    bool socket_there;
    int folder; /* descriptor of the shop's */
    int signals, wakeup;
    _Atomic bool ending;
    _Atomic int visits; /* under way, but for followers */

    pthread_mutex_t waiting_lock;
    struct visit *waiting, **waiting_end;
    int waiting_count;
    struct visit *chores_waiting, **chores_waiting_end;
    int chores_waiting_count;
    struct chore chores[CHORES_AT_ONCE]; /* the writer's thread's */
    struct kept kept[KEPT_COUNT];        /* likewise */
    struct porter porter;

    pthread_mutex_t guests_lock;
    struct guest *guests;

    struct exporter *exporter; /* NULL: none */

    pthread_mutex_t followers_lock;
    struct follower *followers;
    int follower_count;
};

int64_t monotonic_ms(void);
int64_t monotonic_us(void);

/* ---- listen.c ---- */
/* Binds and listens; the address is written as it turned out. */
bool listen_outside(struct server *server, const struct server_options *options,
                    struct failure *failure);
bool listen_inside(struct server *server, struct failure *failure);

/* ---- server.c ---- */
/* From here on nobody comes in any more. */
void server_stop_listening(struct server *server);

/* ---- http.c ---- */
bool http_open(struct server *server, struct failure *failure);

/* ---- guests.c: deadlines ---- */
void guest_came(struct server *server, struct MHD_Connection *connection, void **context);
void guest_left(struct server *server, void **context);
void guest_has(struct server *server, struct MHD_Connection *connection, int64_t ms);
/* Ends the connections that are past their deadlines. */
void guests_sweep(struct server *server);

/* ---- writer.c ---- */
/* Hands a request whose commands were read to the writer and suspends it; false with a reply where too many wait. */
bool writer_take(struct server *server, struct visit *visit);

/* The writer looks what there is to do. */
void writer_wake(struct server *server);

/* ---- clerk.c ---- */
/* Hands a request to the clerk and suspends it; false with a reply where too many wait. */
bool clerk_take(struct server *server, struct visit *visit);
/* Begins what waits, hears what is made, answers what is ready. */
void clerk_work(struct server *server);
void clerk_end(struct server *server);

/* ---- porter.c ---- */
bool porter_begin(struct server *server, struct failure *failure);
/* Hands a request to the porter and suspends it; false with a reply where too many wait. */
bool porter_take(struct server *server, struct visit *visit);
/* Sees those who wait already, and leaves. */
void porter_end(struct server *server);

/* ---- follow.c ---- */
/* NULL with a problem in the reply where there are too many. */
struct MHD_Response *follow_open(struct server *server, struct MHD_Connection *connection,
                                 struct reply *reply);
/* Tells those who wait that there is something: events, the end; a sign of life where `ping`. */
void followers_wake(struct server *server, bool ping);

#endif
