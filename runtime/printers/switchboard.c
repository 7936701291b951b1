#include "printers/switchboard.h"

#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_AT_MOST = 64, CONNECTIONS_KEPT = 2048 };

struct switchboard {
    int epoll;
    struct epoll_event events[EVENTS_AT_MOST]; /* of this turn */
    int event_count;
    struct alarm *alarms;
    struct exchange *exchange;
};

/* ---- sockets and alarms ---- */

void switchboard_watch(struct switchboard *board, struct watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    if (epoll_ctl(board->epoll, EPOLL_CTL_ADD, watch->socket, &event) != 0 && errno == EEXIST)
        epoll_ctl(board->epoll, EPOLL_CTL_MOD, watch->socket, &event);
}

void switchboard_unwatch(struct switchboard *board, struct watch *watch)
{
    epoll_ctl(board->epoll, EPOLL_CTL_DEL, watch->socket, NULL);
    for (int i = 0; i < board->event_count; i++) /* nor what is on its way to it */
        if (board->events[i].data.ptr == watch)
            board->events[i].data.ptr = NULL;
}

void switchboard_add_alarm(struct switchboard *board, struct alarm *alarm)
{
    alarm->next = board->alarms;
    board->alarms = alarm;
}

void switchboard_remove_alarm(struct switchboard *board, struct alarm *alarm)
{
    struct alarm **at = &board->alarms;
    while (*at && *at != alarm)
        at = &(*at)->next;
    if (*at)
        *at = alarm->next;
}

int switchboard_descriptor(const struct switchboard *board)
{
    return board->epoll;
}

int switchboard_sooner(const struct switchboard *board, int wait_ms)
{
    int64_t now_ms = clock_steady_ms();
    for (const struct alarm *alarm = board->alarms; alarm; alarm = alarm->next)
        if (alarm->due_ms <= now_ms)
            wait_ms = 0;
        else if (alarm->due_ms - now_ms < wait_ms)
            wait_ms = (int)(alarm->due_ms - now_ms);
    return wait_ms;
}

static void ring(struct switchboard *board)
{
    int64_t now_ms = clock_steady_ms();
    for (struct alarm *alarm = board->alarms; alarm; alarm = alarm->next)
        if (alarm->due_ms <= now_ms) {
            alarm->due_ms = ALARM_NEVER;
            alarm->rings(alarm);
        }
}

void switchboard_turn(struct switchboard *board, int wait_ms)
{
    board->event_count =
        epoll_wait(board->epoll, board->events, EVENTS_AT_MOST, switchboard_sooner(board, wait_ms));
    for (int i = 0; i < board->event_count; i++) {
        struct watch *watch = board->events[i].data.ptr;
        if (watch)
            watch->ready(watch, board->events[i].events);
    }
    board->event_count = 0;
    ring(board);
}

struct switchboard *switchboard_open(struct failure *failure)
{
    struct switchboard *board = memory_zeroed(1, sizeof *board);
    board->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (board->epoll < 0) {
        fail(failure, "no sockets can be waited for: %s", strerror(errno));
        free(board);
        return NULL;
    }
    board->exchange = exchange_open(board);
    return board;
}

void switchboard_close(struct switchboard *board)
{
    if (!board)
        return;
    exchange_close(board->exchange);
    close(board->epoll);
    free(board);
}

struct exchange *switchboard_exchange(struct switchboard *board)
{
    return board->exchange;
}

/* ---- libcurl over it ---- */

struct exchange {
    struct switchboard *board;
    CURLM *multi;
    struct alarm alarm;
};

struct curl_watch {
    struct watch watch;
    struct exchange *exchange;
};

static void hear_all(struct exchange *exchange)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(exchange->multi, &left))) {
        struct transfer *transfer = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        transfer->over(transfer, code);
    }
}

static void act(struct exchange *exchange, curl_socket_t socket, int what)
{
    int running;
    curl_multi_socket_action(exchange->multi, socket, what, &running);
    hear_all(exchange);
}

static void socket_is_ready(struct watch *watch, uint32_t events)
{
    struct exchange *exchange = ((struct curl_watch *)watch)->exchange;
    act(exchange, watch->socket,
        (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
            (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
}

static void time_is_up(struct alarm *alarm)
{
    act((struct exchange *)((char *)alarm - offsetof(struct exchange, alarm)), CURL_SOCKET_TIMEOUT,
        0);
}

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *data, void *known)
{
    struct exchange *exchange = data;
    struct curl_watch *watch = known;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (watch)
            switchboard_unwatch(exchange->board, &watch->watch);
        free(watch);
        return 0;
    }
    if (!watch) {
        watch = memory_zeroed(1, sizeof *watch);
        *watch = (struct curl_watch){{socket, socket_is_ready}, exchange};
        curl_multi_assign(exchange->multi, socket, watch);
    }
    switchboard_watch(exchange->board, &watch->watch,
                      (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
                          (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0));
    return 0;
}

static int set_timer(CURLM *multi, long wait_ms, void *data)
{
    struct exchange *exchange = data;
    (void)multi;
    exchange->alarm.due_ms = wait_ms < 0 ? ALARM_NEVER : clock_steady_ms() + wait_ms;
    return 0;
}

struct exchange *exchange_open(struct switchboard *board)
{
    struct exchange *exchange = memory_zeroed(1, sizeof *exchange);
    exchange->board = board;
    exchange->alarm = (struct alarm){ALARM_NEVER, time_is_up, NULL};
    exchange->multi = curl_multi_init();
    if (!exchange->multi)
        memory_exhausted();
    curl_multi_setopt(exchange->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(exchange->multi, CURLMOPT_SOCKETDATA, exchange);
    curl_multi_setopt(exchange->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(exchange->multi, CURLMOPT_TIMERDATA, exchange);
    curl_multi_setopt(exchange->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(exchange->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    switchboard_add_alarm(board, &exchange->alarm);
    return exchange;
}

void exchange_close(struct exchange *exchange)
{
    if (!exchange)
        return;
    curl_multi_cleanup(exchange->multi);
    switchboard_remove_alarm(exchange->board, &exchange->alarm);
    free(exchange);
}

void transfer_begin(struct exchange *exchange, struct transfer *transfer)
{
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    curl_multi_add_handle(exchange->multi, transfer->easy);
}

void transfer_drop(struct exchange *exchange, struct transfer *transfer)
{
    curl_multi_remove_handle(exchange->multi, transfer->easy);
}
