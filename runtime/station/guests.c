/* Deadlines: libmicrohttpd's own timeout begins anew with each byte, so that a byte now and then would hold a connection for
   ever. */
#include "station/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}

void guest_came(struct server *server, struct MHD_Connection *connection, void **context)
{
    struct guest *guest = memory_zeroed(1, sizeof *guest);
    guest->descriptor =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    guest->until_ms = monotonic_ms() + HEAD_WITHIN_MS;
    pthread_mutex_lock(&server->guests_lock);
    guest->next = server->guests;
    if (guest->next)
        guest->next->previous = guest;
    server->guests = guest;
    pthread_mutex_unlock(&server->guests_lock);
    *context = guest;
}

/* Called before the descriptor is closed, so that a sweep never meets another's. */
void guest_left(struct server *server, void **context)
{
    struct guest *guest = *context;
    if (!guest)
        return;
    pthread_mutex_lock(&server->guests_lock);
    if (guest->previous)
        guest->previous->next = guest->next;
    else
        server->guests = guest->next;
    if (guest->next)
        guest->next->previous = guest->previous;
    pthread_mutex_unlock(&server->guests_lock);
    free(guest);
    *context = NULL;
}

void guest_has(struct server *server, struct MHD_Connection *connection, int64_t ms)
{
    struct guest *guest =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (!guest)
        return;
    pthread_mutex_lock(&server->guests_lock);
    guest->until_ms = ms == INT64_MAX ? ms : monotonic_ms() + ms;
    pthread_mutex_unlock(&server->guests_lock);
}

void guests_sweep(struct server *server)
{
    int64_t now = monotonic_ms();
    pthread_mutex_lock(&server->guests_lock);
    for (struct guest *guest = server->guests; guest; guest = guest->next)
        if (guest->until_ms < now)
            shutdown(guest->descriptor, SHUT_RDWR);
    pthread_mutex_unlock(&server->guests_lock);
}
