/* Events as they happen, to whoever listens: server-sent events, without a thread for any of them. */
#include "station/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_AT_ONCE = 100, BLOCK_BYTES = 8 << 10 };

static ssize_t send_pending(struct follower *follower, char *bytes, size_t room)
{
    size_t length = follower->pending.length - follower->sent;
    if (length > room)
        length = room;
    memcpy(bytes, follower->pending.text + follower->sent, length);
    follower->sent += length;
    return (ssize_t)length;
}

/* Under the lock: nothing is pending. 0: it waits from now on. */
static bool must_wait(struct follower *follower)
{
    if (follower->server->ending || follower->pinged ||
        follower->told < view_last_event(follower->server->api.view))
        return false;
    follower->waits = true;
    MHD_suspend_connection(follower->connection);
    return true;
}

static ssize_t send_events(void *context, uint64_t position, char *bytes, size_t room)
{
    struct follower *follower = context;
    struct server *server = follower->server;
    struct failure failure;

    (void)position;
    if (follower->sent < follower->pending.length)
        return send_pending(follower, bytes, room);
    buffer_clear(&follower->pending);
    follower->sent = 0;
    pthread_mutex_lock(&server->followers_lock);
    bool waits = must_wait(follower), pinged = follower->pinged;
    follower->pinged = false;
    pthread_mutex_unlock(&server->followers_lock);
    if (waits)
        return 0;
    if (server->ending)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (!view_events(server->api.view, follower->told, EVENTS_AT_ONCE, event_as_message,
                     &follower->pending, &follower->told, &failure))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!follower->pending.length && pinged) /* whoever left is found out by it */
        buffer_add_text(&follower->pending, ":\n\n");
    return send_pending(follower, bytes, room);
}

static void forget(void *context)
{
    struct follower *follower = context;
    struct server *server = follower->server;

    pthread_mutex_lock(&server->followers_lock);
    if (follower->previous)
        follower->previous->next = follower->next;
    else
        server->followers = follower->next;
    if (follower->next)
        follower->next->previous = follower->previous;
    server->follower_count--;
    pthread_mutex_unlock(&server->followers_lock);
    buffer_free(&follower->pending);
    free(follower);
}

static bool welcome(struct server *server, struct follower *follower)
{
    pthread_mutex_lock(&server->followers_lock);
    bool room = server->follower_count < FOLLOWERS_AT_MOST;
    if (room) {
        follower->next = server->followers;
        if (follower->next)
            follower->next->previous = follower;
        server->followers = follower;
        server->follower_count++;
    }
    pthread_mutex_unlock(&server->followers_lock);
    return room;
}

struct MHD_Response *follow_open(struct server *server, struct MHD_Connection *connection,
                                 struct reply *reply)
{
    struct follower *follower = memory_zeroed(1, sizeof *follower);
    follower->server = server;
    follower->connection = connection;
    follower->told = reply->follow_after;
    buffer_add_text(&follower->pending, "retry: 2000\n\n"); /* and the head goes out at once */
    if (welcome(server, follower))
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, send_events,
                                                 follower, forget);
    buffer_free(&follower->pending);
    free(follower);
    problem(reply, 503, "Too many follow the events already.");
    reply->retry_s = 30;
    return NULL;
}

void followers_wake(struct server *server, bool ping)
{
    pthread_mutex_lock(&server->followers_lock);
    for (struct follower *follower = server->followers; follower; follower = follower->next) {
        follower->pinged |= ping;
        if (follower->waits)
            MHD_resume_connection(follower->connection);
        follower->waits = false;
    }
    pthread_mutex_unlock(&server->followers_lock);
}
