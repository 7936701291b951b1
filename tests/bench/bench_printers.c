/* One process that asks 1,000 printers every 2 s what they do: the share of a core, memory, and how long it takes from "print
   this" to the upload's beginning. The printers are one process that answers as OctoPrint does.

     bench_printers [PRINTERS [SECONDS]] */
#include "printers/driver.h"

#include <arpa/inet.h>
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

enum { POLL_MS = 2000, PRINTS = 200, CONNECTIONS = 8192 };

static const char idle[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 261\r\n\r\n"
    "{\"job\":{\"file\":{\"date\":null,\"name\":null,\"origin\":null,\"path\":null,\"size\":null},"
    "\"estimatedPrintTime\":null,\"lastPrintTime\":null,\"user\":null},\"progress\":{"
    "\"completion\":"
    "null,\"filepos\":null,\"printTime\":null,\"printTimeLeft\":null},\"state\":\"Operational\"    "
    "            }";

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the printers ---- */

static int listen_anywhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 4096) != 0)
        abort();
    getsockname(listener, (struct sockaddr *)&address, &length);
    *port = ntohs(address.sin_port);
    return listener;
}

static void answer_all(int listener)
{
    static char request[1 << 16];
    struct epoll_event events[64], event = {.events = EPOLLIN, .data.fd = listener};
    int epoll = epoll_create1(0);
    signal(SIGPIPE, SIG_IGN);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            int from = events[i].data.fd;
            if (from == listener) {
                event.data.fd = accept(listener, NULL, NULL);
                epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
            } else if (read(from, request, sizeof request) <= 0) {
                close(from);
            } else if (write(from, idle, sizeof idle - 1) < 0) {
                close(from);
            }
        }
    }
}

/* ---- the driver ---- */

struct timing {
    double asked[PRINTS], took_ms[PRINTS];
    int begun;
};

static uint64_t chance(void *data)
{
    static uint64_t state = 88172645463325252u;
    (void)data;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static bool intended(void *data, int printer, const struct run *run)
{
    (void)data;
    (void)printer;
    return run->stage == RUN_LOOK; /* sent, and not started */
}

static void moved(void *data, int printer, const struct run *run)
{
    struct timing *timing = data;
    if (run->stage == RUN_UPLOAD && printer < PRINTS && timing->took_ms[printer] <= 0) {
        timing->took_ms[printer] = (seconds() - timing->asked[printer]) * 1000;
        timing->begun++;
    }
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return a < b ? -1 : a > b;
}

static void turn_until(struct driver *driver, double until)
{
    while (seconds() < until)
        driver_turn(driver, 20);
}

static void measure_uploads(struct driver *driver, struct timing *timing, int printers)
{
    struct failure failure;
    char path[] = "/tmp/flow-bench-XXXXXX";
    int file = mkstemp(path), count = printers < PRINTS ? printers : PRINTS;
    if (file < 0 || ftruncate(file, 100000) != 0)
        abort();
    for (int i = 0; i < count; i++) {
        timing->asked[i] = seconds();
        if (!driver_print(driver, i, path, "flow-1.gcode", &failure))
            abort();
        turn_until(driver, seconds() + 0.01);
    }
    for (double until = seconds() + 20; timing->begun < count && seconds() < until;)
        driver_turn(driver, 20);
    qsort(timing->took_ms, (size_t)count, sizeof *timing->took_ms, by_size);
    printf("from `print` to the upload's beginning: %d of %d; median %.1f ms, p99 %.1f ms, most "
           "%.1f ms\n",
           timing->begun, count, timing->took_ms[count / 2], timing->took_ms[count * 99 / 100],
           timing->took_ms[count - 1]);
    unlink(path);
}

int main(int argc, char **argv)
{
    int printers = argc > 1 ? atoi(argv[1]) : 1000, lasts_s = argc > 2 ? atoi(argv[2]) : 20, port;
    struct rlimit files = {CONNECTIONS, CONNECTIONS};
    struct failure failure;
    struct timing *timing = calloc(1, sizeof *timing);
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = listen_anywhere(&port);
    pid_t server = fork();
    if (server == 0)
        answer_all(listener);
    struct farm farm = {.printers = calloc((size_t)printers, sizeof *farm.printers)};
    for (farm.count = 0; farm.count < printers; farm.count++) {
        char *address = malloc(64);
        snprintf(address, 64, "http://127.0.%d.%d:%d", farm.count / 250, farm.count % 250 + 1,
                 port);
        farm.printers[farm.count] = (struct farm_printer){
            .name = "p", .machine = "", .protocol = &protocol_octoprint, .address = address};
    }
    struct listener told = {.intended = intended, .moved = moved, .chance = chance, .data = timing};
    struct driver *driver = driver_open(&farm, &told, POLL_MS, &failure);
    if (!driver)
        return 3;
    turn_until(driver, seconds() + 4);
    struct rusage before, after;
    double begun = seconds();
    getrusage(RUSAGE_SELF, &before);
    turn_until(driver, begun + lasts_s);
    getrusage(RUSAGE_SELF, &after);
    int idle_printers = 0;
    for (int i = 0; i < printers; i++)
        idle_printers += driver_report(driver, i)->state == PRINTER_IDLE;
    double used = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec -
                           before.ru_stime.tv_sec) +
                  (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec +
                           after.ru_stime.tv_usec - before.ru_stime.tv_usec) /
                      1e6;
    printf("%d printers every %d ms: %.1f %% of a core, %ld MB; %d answered\n", printers, POLL_MS,
           used / (seconds() - begun) * 100, after.ru_maxrss / 1024, idle_printers);
    measure_uploads(driver, timing, printers);
    driver_close(driver);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    return idle_printers == printers ? 0 : 1;
}
