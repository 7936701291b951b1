#include "printers/discover.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    NETWORKS_AT_MOST = 32,
    DNS_PORT = 5353,
    NOTE_PORT = 2021,
    PACKET_BYTES = 9000,   /* of multicast DNS, at most (RFC 6762, 17) */
    PACKETS_AT_ONCE = 64,  /* of one socket, before the clock is looked at */
    ASKED_EVERY_MS = 1000, /* what was lost, or found to be missing, is asked for again */
    ASKED_FIRST_AGAIN_MS = 250
};
static const uint32_t dns_group = 0xe00000fb; /* 224.0.0.251 */

struct listening {
    struct pollfd sockets[1 + NETWORKS_AT_MOST]; /* the first for the notes */
    int count;
};

static int open_socket(struct in_addr address, uint16_t port)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = address};
    int yes = 1, far = 255, handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle < 0)
        return -1;
    setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(handle, IPPROTO_IP, IP_MULTICAST_IF, &address, sizeof address);
    setsockopt(handle, IPPROTO_IP, IP_MULTICAST_TTL, &far, sizeof far);
    if (bind(handle, (struct sockaddr *)&own, sizeof own) == 0)
        return handle;
    close(handle);
    return -1;
}

static bool open_networks(struct listening *listening, struct failure *failure)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) < 0)
        return fail(failure, "the networks of this machine cannot be listed: %s", strerror(errno));
    for (struct ifaddrs *at = all; at && listening->count <= NETWORKS_AT_MOST; at = at->ifa_next) {
        if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET || !(at->ifa_flags & IFF_UP))
            continue;
        struct in_addr address = ((struct sockaddr_in *)(void *)at->ifa_addr)->sin_addr;
        int handle = open_socket(address, 0);
        if (handle >= 0)
            listening->sockets[listening->count++] = (struct pollfd){handle, POLLIN, 0};
    }
    freeifaddrs(all);
    return listening->count > 1 ||
           fail(failure, "this machine has no network with an IPv4 address that is up");
}

static void ask_all(const struct listening *listening, const struct discovery *discovery)
{
    uint8_t query[DNS_QUERY_BYTES];
    size_t length = discovery_ask(discovery, query);
    struct sockaddr_in group = {
        .sin_family = AF_INET, .sin_port = htons(DNS_PORT), .sin_addr = {htonl(dns_group)}};
    for (int i = 1; i < listening->count; i++) {
        /* A network without multicast is one without printers that could be found. */
        ssize_t sent = sendto(listening->sockets[i].fd, query, length, 0, (struct sockaddr *)&group,
                              sizeof group);
        (void)sent;
    }
}

static void hear(struct discovery *discovery, int handle, bool notes)
{
    uint8_t packet[PACKET_BYTES];
    struct sockaddr_in from = {.sin_family = AF_INET};
    for (int i = 0; i < PACKETS_AT_ONCE; i++) {
        socklen_t from_length = sizeof from;
        ssize_t length =
            recvfrom(handle, packet, sizeof packet, 0, (struct sockaddr *)&from, &from_length);
        if (length < 0)
            return;
        if (notes)
            discovery_hear_note(discovery, (const char *)packet, (size_t)length, from.sin_addr);
        else
            discovery_hear_dns(discovery, packet, (size_t)length, from.sin_addr);
    }
}

static void listen_until(struct listening *listening, struct discovery *discovery, int64_t until_ms)
{
    int64_t ask_ms = clock_steady_ms(), wait_ms = ASKED_FIRST_AGAIN_MS;
    for (int64_t now_ms = ask_ms; now_ms < until_ms; now_ms = clock_steady_ms()) {
        if (now_ms >= ask_ms) {
            ask_all(listening, discovery);
            ask_ms = now_ms + wait_ms;
            wait_ms = ASKED_EVERY_MS;
        }
        int64_t next_ms = ask_ms < until_ms ? ask_ms : until_ms;
        if (poll(listening->sockets, (nfds_t)listening->count, (int)(next_ms - now_ms)) <= 0)
            continue;
        for (int i = 0; i < listening->count; i++)
            if (listening->sockets[i].revents)
                hear(discovery, listening->sockets[i].fd, i == 0);
    }
}

bool discover(struct discovery *discovery, int seconds, struct heard *heard,
              struct failure *failure)
{
    struct listening listening = {.count = 1};
    struct in_addr any = {htonl(INADDR_ANY)};
    bool good;

    listening.sockets[0] = (struct pollfd){open_socket(any, NOTE_PORT), POLLIN, 0};
    good = open_networks(&listening, failure);
    *heard = (struct heard){listening.count - 1, listening.sockets[0].fd < 0};
    if (good)
        listen_until(&listening, discovery, clock_steady_ms() + seconds * 1000);
    for (int i = 0; i < listening.count; i++)
        if (listening.sockets[i].fd >= 0)
            close(listening.sockets[i].fd);
    discovery_sort(discovery);
    return good;
}
