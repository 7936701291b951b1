/* The one who writes: all commands that wait are staged, made durable by one sync, and only then answered. */
#include "station/private.h"

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Under the lock. */
static void add_waiting(struct server *server, struct visit *visit)
{
    visit->next = NULL;
    *server->waiting_end = visit;
    server->waiting_end = &visit->next;
    server->waiting_count++;
}

void writer_wake(struct server *server)
{
    uint64_t one = 1;
    ssize_t written = write(server->wakeup, &one, sizeof one);
    (void)written; /* none: it was woken so often already that it cannot sleep */
}

bool writer_take(struct server *server, struct visit *visit)
{
    pthread_mutex_lock(&server->waiting_lock);
    bool room = server->waiting_count < WAITING_AT_MOST;
    if (room) {
        /* Before the writer sees it, who would otherwise wake what does not sleep yet. */
        MHD_suspend_connection(visit->connection);
        add_waiting(server, visit);
    }
    pthread_mutex_unlock(&server->waiting_lock);
    if (!room) {
        problem(&visit->inquiry.reply, 429, "Too many commands wait already; come again.");
        visit->inquiry.reply.retry_s = 1;
        return false;
    }
    writer_wake(server);
    return true;
}

static void wait_again(struct server *server, struct visit *visit)
{
    pthread_mutex_lock(&server->waiting_lock);
    add_waiting(server, visit);
    pthread_mutex_unlock(&server->waiting_lock);
    writer_wake(server);
}

static struct visit *take_waiting(struct server *server)
{
    pthread_mutex_lock(&server->waiting_lock);
    struct visit *first = server->waiting;
    server->waiting = NULL;
    server->waiting_end = &server->waiting;
    server->waiting_count = 0;
    pthread_mutex_unlock(&server->waiting_lock);
    return first;
}

/* ---- a round: from the staging to the answers ---- */

/* How far a request gets in one round: a file of orders must not keep a bench waiting. */
static int end_of_slice(const struct inquiry *inquiry)
{
    enum { COMMANDS_A_ROUND = 200 };
    int left = inquiry->command_count - inquiry->done_count;
    return inquiry->done_count + (left < COMMANDS_A_ROUND ? left : COMMANDS_A_ROUND);
}

static bool stage(struct server *server, struct visit *visit, struct failure *failure)
{
    struct inquiry *inquiry = &visit->inquiry;
    for (int i = inquiry->done_count; i < end_of_slice(inquiry); i++) {
        struct asked_command *asked = &inquiry->commands[i];
        if (!shop_stage(server->shop, *asked->id ? asked->id : NULL, inquiry->request.person,
                        &asked->message, &asked->answer, failure))
            return false;
    }
    return true;
}

static void count_answers(const struct server *server, const struct inquiry *inquiry, bool good)
{
    for (int i = inquiry->done_count; i < end_of_slice(inquiry); i++)
        telemetry_answered(view_telemetry(server->api.view), inquiry->commands[i].message.kind,
                           good ? &inquiry->commands[i].answer : NULL);
}

static bool commit(struct server *server, struct failure *failure)
{
    int64_t begun_us = monotonic_us();
    bool good = shop_commit(server->shop, failure);
    telemetry_committed(view_telemetry(server->api.view), monotonic_us() - begun_us);
    return good;
}

/* From the first to the one before the end. Those that are answered are no longer ours; those that have more to do wait
   again, behind the others. */
static void answer_all(struct server *server, struct visit *first, const struct visit *end,
                       const struct failure *failure)
{
    while (first != end) {
        struct visit *visit = first;
        first = first->next;
        count_answers(server, &visit->inquiry, !failure);
        if (failure) {
            api_answer_failure(&visit->inquiry, failure);
        } else {
            visit->inquiry.done_count = end_of_slice(&visit->inquiry);
            if (visit->inquiry.done_count < visit->inquiry.command_count) {
                wait_again(server, visit);
                continue;
            }
            visit->inquiry.reply.kind = REPLY_BODY;
            visit->inquiry.finish(&visit->inquiry);
        }
        MHD_resume_connection(visit->connection);
    }
}

static void do_waiting(struct server *server)
{
    struct visit *first = take_waiting(server), *visit;
    struct failure failure;

    while (first) {
        bool good = true;
        for (visit = first; good && visit; visit = visit->next)
            good = stage(server, visit, &failure);
        /* Where the staging failed none of what was staged happened, but what comes behind may yet. */
        good = good && commit(server, &failure);
        if (!good)
            fprintf(stderr, "flowd: %s\n", failure.message);
        if (view_publish(server->api.view))
            followers_wake(server, false);
        answer_all(server, first, visit, good ? NULL : &failure);
        first = visit;
    }
}

/* ---- the loop ---- */

static void take_wakeups(struct server *server)
{
    uint64_t count;
    ssize_t length = read(server->wakeup, &count, sizeof count);
    (void)length; /* none: it was somebody else's turn */
}

/* Finishes what was accepted: those under way get their answers, those who follow are told the end. */
static bool is_finished(struct server *server, int64_t since_ms)
{
    return server->visits == 0 || monotonic_ms() - since_ms > FINISH_WITHIN_MS;
}

enum { SWEEP_MS = 1000, ENDING_MS = 20, WATCHED = 3 + CHORES_AT_ONCE };

static void watch(const struct server *server, struct pollfd descriptors[WATCHED], int wait_ms)
{
    descriptors[0] = (struct pollfd){server->wakeup, POLLIN, 0};
    descriptors[1] = (struct pollfd){server->signals, POLLIN, 0};
    descriptors[2] =
        (struct pollfd){server->dispatch ? dispatch_descriptor(server->dispatch) : -1, POLLIN, 0};
    for (int i = 0; i < CHORES_AT_ONCE; i++)
        descriptors[3 + i] = (struct pollfd){server->chores[i].output, POLLIN, 0};
    poll(descriptors, WATCHED, server->ending && wait_ms > ENDING_MS ? ENDING_MS : wait_ms);
}

/* Speaks to the printers; returns when it wants to again. Who reads is let in after each turn. */
static int turn_dispatch(struct server *server)
{
    if (!server->dispatch ||
        server->ending) /* what is printed goes on; the next server takes it up */
        return SWEEP_MS;
    int wait_ms = dispatch_turn(server->dispatch);
    floor_take(server->api.floor, server->dispatch, view_telemetry(server->api.view),
               monotonic_ms());
    if (view_publish(server->api.view))
        followers_wake(server, false);
    return wait_ms;
}

void server_run(struct server *server)
{
    struct pollfd descriptors[WATCHED];
    int wait_ms = 0;
    int64_t swept_ms = monotonic_ms(), pinged_ms = swept_ms, ending_ms = 0;

    while (!server->ending || !is_finished(server, ending_ms)) {
        watch(server, descriptors, wait_ms);
        if (descriptors[0].revents)
            take_wakeups(server);
        do_waiting(server);
        clerk_work(server);
        wait_ms = turn_dispatch(server);
        int64_t now_ms = monotonic_ms();
        if (descriptors[1].revents && !server->ending) {
            ending_ms = now_ms;
            server_stop_listening(server);
            followers_wake(server, false);
        }
        if (now_ms - swept_ms >= SWEEP_MS) {
            swept_ms = now_ms;
            guests_sweep(server);
        }
        if (now_ms - pinged_ms >= PING_MS) {
            pinged_ms = now_ms;
            followers_wake(server, true);
        }
    }
    do_waiting(server);
    clerk_end(server);
}
