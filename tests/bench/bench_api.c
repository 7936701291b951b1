/* The API under load: clients that poll and write at once, each waiting for its answer and then a while; and clients that
   follow the events. Says how long commands, polls and events took, and counts on a journal with a real disk sync.
   usage: bench_api [SECONDS [CLIENTS [PAUSE_MS [FOLLOWERS]]]]     in a folder on the disk that is meant; 10 200 100 200 */
#include "base/memory.h"
#include "program/program.h"
#include "shop/shop.h"
#include "shop/uuid.h"
#include "station/server.h"
#include "station/tokens.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READS_A_COMMAND = 3, ROOM = 1 << 16, EVENTS_AT_ONCE = 256 };
const struct program program = {.name = "bench_api"};
static const char folder[] = "bench-api-shop", owner[] = "bench";

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void give_up(const char *what)
{
    fprintf(stderr, "bench_api: %s\n", what);
    exit(3);
}

/* ---- the server, a process of its own ---- */

static void do_or_give_up(struct workshop *shop, const struct message *command)
{
    struct failure failure;
    struct answer answer;
    if (!shop_do(shop, NULL, owner, command, &answer, &failure))
        give_up(failure.message);
    if (!answer.accepted)
        give_up(answer.refusal);
}

static struct workshop *make_shop(const char *token)
{
    struct failure failure;
    char hash[TOKEN_HASH_DIGITS + 1];
    if (system("rm -rf bench-api-shop") != 0 || !shop_create(folder, owner, 0, &failure))
        give_up("no shop can be made here");
    struct workshop *shop = shop_open(folder, JOURNAL_WRITE, &failure);
    if (!shop)
        give_up(failure.message);
    token_hash(token, hash);
    struct message issue = {.kind = COMMAND_issue_token, .by = owner};
    issue.issue_token.person = owner;
    issue.issue_token.hash = hash;
    issue.issue_token.label = "bench";
    do_or_give_up(shop, &issue);
    return shop;
}

static pid_t start_server(const char *token, int *port)
{
    int ends[2];
    if (pipe(ends) != 0)
        give_up("no pipe");
    pid_t child = fork();
    if (child == 0) {
        struct failure failure;
        struct server_options options = {.listen = "127.0.0.1:0"};
        struct workshop *shop = make_shop(token);
        struct server *server = server_open(shop, &options, &failure);
        if (!server)
            give_up(failure.message);
        const char *address = server_address(server);
        if (write(ends[1], address, strlen(address) + 1) < 0)
            give_up("nobody listens");
        server_run(server);
        server_close(server);
        shop_close(shop);
        exit(0);
    }
    char address[64] = "";
    close(ends[1]);
    if (read(ends[0], address, sizeof address - 1) <= 0 ||
        sscanf(address, "http://127.0.0.1:%d/", port) != 1)
        give_up("the server does not start");
    return child;
}

/* ---- the clients ---- */

struct client {
    int descriptor;
    bool follows, asked, writes;
    int64_t begun_us, next_us;
    long asks;
    char *got;
    size_t length;
};

struct times {
    int64_t *us;
    long count, capacity;
};

static struct times commands, polls, events;
static const char *token_text;
static int server_port, poller;
static long lots;

static void keep_time(struct times *times, int64_t us)
{
    if (times->count == times->capacity) {
        times->capacity = times->capacity ? 2 * times->capacity : 4096;
        times->us = memory_resize(times->us, sizeof *times->us * (size_t)times->capacity);
    }
    times->us[times->count++] = us;
}

static void send_all(const struct client *client, const char *bytes, size_t length)
{
    if (send(client->descriptor, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
        give_up("the server takes no more");
}

static void open_client(struct client *client, bool follows)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)server_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *client = (struct client){.follows = follows, .got = memory_zeroed(1, ROOM + 1)};
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(client->descriptor, (struct sockaddr *)&to, sizeof to) != 0)
        give_up("no connection");
    fcntl(client->descriptor, F_SETFL, O_NONBLOCK);
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_ADD, client->descriptor, &wanted);
    if (!follows)
        return;
    char head[512];
    int length = snprintf(head, sizeof head,
                          "GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\n"
                          "Authorization: Bearer %s\r\n\r\n",
                          token_text);
    send_all(client, head, (size_t)length);
}

/* The name of a lot has the time in it, by which a follower knows how long the event was on its way. */
static void ask(struct client *client)
{
    char text[1024], body[256], id[UUID_LENGTH + 1];
    int length;

    client->writes = client->asks++ % (READS_A_COMMAND + 1) == 0;
    client->begun_us = now_us();
    client->asked = true;
    if (client->writes) {
        uuid_make(client->begun_us / 1000, id);
        int size = snprintf(body, sizeof body,
                            "{\"command\":\"receive_lot\",\"lot\":\"L-%ld-%lld\",\"what\":\"pla_"
                            "black\",\"id\":\"%s\"}",
                            ++lots, (long long)client->begun_us, id);
        length = snprintf(text, sizeof text,
                          "POST /api/v1/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                          "Bearer %s\r\nContent-Type: application/json\r\nContent-Length: "
                          "%d\r\n\r\n%s",
                          token_text, size, body);
    } else {
        length = snprintf(text, sizeof text,
                          "GET /api/v1/%s HTTP/1.1\r\nHost: localhost\r\n"
                          "Authorization: Bearer %s\r\n\r\n",
                          client->asks % 2 ? "status" : "batches?open=true", token_text);
    }
    send_all(client, text, (size_t)length);
}

/* Whether the answer is whole; it is then looked at. */
static bool take_answer(struct client *client)
{
    char *end = strstr(client->got, "\r\n\r\n");
    const char *length = end ? strcasestr(client->got, "Content-Length:") : NULL;
    if (!length ||
        client->length < (size_t)(end + 4 - client->got) + strtoul(length + 15, NULL, 10))
        return false;
    if (strncmp(client->got, "HTTP/1.1 200", 12) != 0)
        give_up(client->got);
    return true;
}

static void take_events(struct client *client, int64_t now)
{
    static const char mark[] = "\"lot\":\"L-";
    char *at = client->got, *end;
    while ((at = strstr(at, mark)) && (end = strchr(at, '\n'))) {
        const char *begun = strchr(at + sizeof mark - 1, '-');
        keep_time(&events, now - strtoll(begun + 1, NULL, 10));
        client->length = strlen(end);
        memmove(client->got, end, client->length + 1);
        at = client->got;
    }
}

static void hear(struct client *client, int64_t pause_us)
{
    ssize_t length =
        recv(client->descriptor, client->got + client->length, ROOM - client->length, 0);
    if (length <= 0 && errno != EAGAIN)
        give_up("the server left");
    int64_t now = now_us();
    client->length += length > 0 ? (size_t)length : 0;
    client->got[client->length] = '\0';
    if (client->follows) {
        take_events(client, now);
    } else if (take_answer(client)) {
        keep_time(client->writes ? &commands : &polls, now - client->begun_us);
        client->length = 0;
        client->asked = false;
        client->next_us = client->begun_us + pause_us;
    }
}

static void run(struct client *clients, int count, int64_t until_us, int64_t pause_us)
{
    struct epoll_event ready[EVENTS_AT_ONCE];
    while (now_us() < until_us) {
        for (int i = 0; i < count; i++)
            if (!clients[i].asked && !clients[i].follows && clients[i].next_us <= now_us())
                ask(&clients[i]);
        int found = epoll_wait(poller, ready, EVENTS_AT_ONCE, 1);
        for (int i = 0; i < found; i++)
            hear(ready[i].data.ptr, pause_us);
    }
}

/* ---- figures ---- */

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void say(const char *what, struct times *times, double seconds)
{
    if (!times->count)
        return;
    qsort(times->us, (size_t)times->count, sizeof *times->us, by_size);
    printf("%-9s %8ld %9.0f a second   median %7.2f ms   p99 %7.2f ms   worst %7.2f ms\n", what,
           times->count, (double)times->count / seconds, (double)times->us[times->count / 2] / 1000,
           (double)times->us[times->count * 99 / 100] / 1000,
           (double)times->us[times->count - 1] / 1000);
}

int main(int argc, char **argv)
{
    long seconds = argc > 1 ? atol(argv[1]) : 10, count = argc > 2 ? atol(argv[2]) : 200;
    long pause_ms = argc > 3 ? atol(argv[3]) : 100, followers = argc > 4 ? atol(argv[4]) : 200;
    char token[TOKEN_LENGTH + 1];
    struct rlimit limit = {4096, 4096};

    setrlimit(RLIMIT_NOFILE, &limit);
    token_make(token);
    token_text = token;
    pid_t server = start_server(token, &server_port);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct client *clients = memory_zeroed((size_t)(count + followers), sizeof *clients);
    for (long i = 0; i < count + followers; i++)
        open_client(&clients[i], i >= count);
    int64_t begun = now_us();
    for (long i = 0; i < count; i++) { /* not all in one moment */
        clients[i].next_us = begun + i * pause_ms * 1000 / count;
        clients[i].asks = i;
    }
    run(clients, (int)(count + followers), begun + seconds * 1000000, pause_ms * 1000);
    double took = (double)(now_us() - begun) / 1e6;
    say("commands", &commands, took);
    say("polls", &polls, took);
    say("events", &events, took);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    return system("rm -rf bench-api-shop") != 0;
}
