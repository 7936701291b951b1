/* The sockets: where the server is found. */
#include "station/private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 512 };

/* ---- to programs, here and elsewhere ---- */

/* "HOST:PORT", "[ADDRESS]:PORT" */
static bool split(const char *listen, char host[256], char port[16])
{
    const char *colon = strrchr(listen, ':');
    bool bracket = *listen == '[';
    size_t length = colon ? (size_t)(colon - listen) : 0;

    if (bracket && (length < 2 || listen[length - 1] != ']'))
        return false;
    if (bracket)
        listen++, length -= 2;
    if (!colon || !length || length > 255 || (!bracket && memchr(listen, ':', length)))
        return false;
    size_t digits = strspn(colon + 1, "0123456789");
    if (digits == 0 || digits > 5 || colon[1 + digits] || atoi(colon + 1) > UINT16_MAX)
        return false;
    memcpy(host, listen, length);
    host[length] = '\0';
    strcpy(port, colon + 1);
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24) == 127;
    return address->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

static bool bind_to(struct server *server, const struct addrinfo *found)
{
    int one = 1;
    server->outside.listener =
        socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->outside.listener < 0)
        return false;
    setsockopt(server->outside.listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    return bind(server->outside.listener, found->ai_addr, found->ai_addrlen) == 0 &&
           listen(server->outside.listener, BACKLOG) == 0;
}

static void write_address(struct server *server, bool tls)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    char host[128] = "", port[16] = "";

    getsockname(server->outside.listener, (struct sockaddr *)&bound, &size);
    getnameinfo((struct sockaddr *)&bound, size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    bool six = bound.ss_family == AF_INET6;
    snprintf(server->address, sizeof server->address, "http%s://%s%s%s:%s/", tls ? "s" : "",
             six ? "[" : "", host, six ? "]" : "", port);
}

bool listen_outside(struct server *server, const struct server_options *options,
                    struct failure *failure)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char host[256], port[16];

    if (!split(options->listen, host, port))
        return fail(failure, "`%.200s` is nowhere to listen; say HOST:PORT, like 127.0.0.1:8420",
                    options->listen);
    int wrong = getaddrinfo(host, port, &wanted, &found);
    if (wrong)
        return fail(failure, "%s: %s", host, gai_strerror(wrong));
    bool tls = options->certificate != NULL, good = true;
    if (!is_loopback(found->ai_addr) && !tls && !options->plain)
        good = fail(failure,
                    "other machines would send their tokens to %s for everybody to read: give "
                    "--cert and --key, or --plain where something before it does TLS",
                    host);
    else if (!bind_to(server, found))
        good =
            fail(failure, "%s cannot be listened at: %s; --listen says another, port 0 a free one",
                 options->listen, strerror(errno));
    else
        write_address(server, tls);
    freeaddrinfo(found);
    return good;
}

/* ---- to the folder's owner ---- */

/* By the descriptor of the folder, whose own path may be longer than a socket's may. */
bool listen_inside(struct server *server, struct failure *failure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/flowd.socket",
             server->folder);
    unlinkat(server->folder, "flowd.socket",
             0); /* of a server that was killed: we have the journal */
    server->inside.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(0177);
    bool good = server->inside.listener >= 0 &&
                bind(server->inside.listener, (struct sockaddr *)&address, sizeof address) == 0 &&
                listen(server->inside.listener, BACKLOG) == 0;
    int why = errno;
    umask(mask);
    server->socket_there = good;
    return good || fail(failure, "%s/flowd.socket cannot be made: %s", shop_folder(server->shop),
                        strerror(why));
}
