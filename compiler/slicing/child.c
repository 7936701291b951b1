#include "slicing/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- signals that end us end it first ---- */

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING = sizeof ending / sizeof *ending };
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

/* Without SA_RESTART, so that poll() returns; one that somebody ignores stays ignored. */
static void watch(struct sigaction before[ENDING])
{
    struct sigaction action = {.sa_handler = on_signal};
    interrupted = 0;
    for (int i = 0; i < ENDING; i++) {
        sigaction(ending[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            sigaction(ending[i], &action, NULL);
    }
}

static void unwatch(const struct sigaction before[ENDING])
{
    for (int i = 0; i < ENDING; i++)
        sigaction(ending[i], &before[i], NULL);
}

/* ---- starting ---- */

static _Noreturn void become(const struct child *child, const int ends[2], int error_end)
{
    int nothing = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* should we be killed */
    for (int i = 0; i < ENDING; i++)
        signal(ending[i], SIG_DFL);
    if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(ends[0], STDOUT_FILENO) >= 0 &&
        dup2(ends[1], STDERR_FILENO) >= 0)
        execv(child->arguments[0], (char *const *)child->arguments);
    int error = errno;
    (void)!write(error_end, &error, sizeof error);
    _exit(127);
}

/* A pipe that closes when the program begins tells of one that cannot. */
static pid_t start(struct child *child, const int ends[2])
{
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        child->number = errno;
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0)
        become(child, ends, report[1]);
    child->number = errno;
    close(report[1]);
    if (pid > 0 &&
        read(report[0], &child->number, sizeof child->number) == (ssize_t)sizeof child->number) {
        waitpid(pid, NULL, 0);
        pid = -1;
    }
    close(report[0]);
    return pid;
}

/* ---- listening ---- */

struct listening {
    struct child *child;
    struct pollfd pipes[2];
    char line[512];
    size_t line_length;
};

static void hear_output(struct listening *listening, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\n') {
            if (listening->line_length + 1 < sizeof listening->line)
                listening->line[listening->line_length++] = bytes[i];
            continue;
        }
        listening->line[listening->line_length] = '\0';
        listening->line_length = 0;
        if (listening->child->line)
            listening->child->line(listening->child->context, listening->line);
    }
}

/* Keeps the last of it. */
static void hear_errors(struct child *child, const char *bytes, size_t length)
{
    size_t room = sizeof child->said - 1, held = strlen(child->said);
    if (length > room) {
        bytes += length - room;
        length = room;
    }
    if (held + length > room) {
        size_t lost = held + length - room;
        memmove(child->said, child->said + lost, held - lost);
        held -= lost;
    }
    for (size_t i = 0; i < length; i++)
        child->said[held + i] = bytes[i] ? bytes[i] : ' ';
    child->said[held + length] = '\0';
}

/* False where the pipe is at its end, or has nothing to read. */
static bool hear(struct listening *listening, int which)
{
    char bytes[16384];
    ssize_t got = read(listening->pipes[which].fd, bytes, sizeof bytes);
    if (got > 0 && which == 0)
        hear_output(listening, bytes, (size_t)got);
    else if (got > 0)
        hear_errors(listening->child, bytes, (size_t)got);
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
        listening->pipes[which].fd = -1;
    return got > 0;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Until it has ended; a grandchild may hold the pipes longer, and is not waited for. */
static enum child_end attend(struct listening *listening, pid_t pid, int *status)
{
    enum { GLANCE_MS = 50 };
    double until = now_s() + (double)listening->child->limit_s;
    for (;;) {
        pid_t ended = waitpid(pid, status, WNOHANG);
        if (ended == pid)
            return CHILD_EXITED;
        if (interrupted)
            return CHILD_INTERRUPTED;
        if (now_s() > until)
            return CHILD_LATE;
        poll(listening->pipes, 2, GLANCE_MS);
        for (int which = 0; which < 2; which++)
            if (listening->pipes[which].fd >= 0 && listening->pipes[which].revents)
                hear(listening, which);
    }
}

/* What stands in the pipes when it has ended; one that others go on filling is left after a while. */
static void hear_rest(struct listening *listening)
{
    enum { READS_AT_MOST = 64 };
    for (int which = 0; which < 2; which++)
        for (int i = 0; i < READS_AT_MOST && listening->pipes[which].fd >= 0; i++)
            if (!hear(listening, which))
                break;
}

static enum child_end end_of(struct child *child, enum child_end end, pid_t pid, int status)
{
    kill(-pid, SIGKILL); /* whatever it started, too */
    if (end != CHILD_EXITED)
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
    if (end == CHILD_INTERRUPTED)
        child->number = interrupted;
    else if (end == CHILD_EXITED && WIFSIGNALED(status)) {
        end = CHILD_SIGNALED;
        child->number = WTERMSIG(status);
    } else
        child->number = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return end;
}

enum child_end child_run(struct child *child)
{
    int out[2], err[2];
    child->said[0] = '\0';
    if (pipe2(out, O_CLOEXEC | O_NONBLOCK) != 0) {
        child->number = errno;
        return CHILD_UNSTARTED;
    }
    if (pipe2(err, O_CLOEXEC | O_NONBLOCK) != 0) {
        child->number = errno;
        close(out[0]);
        close(out[1]);
        return CHILD_UNSTARTED;
    }
    /* it shall not see our ends as ones that do not block */
    fcntl(out[1], F_SETFL, 0);
    fcntl(err[1], F_SETFL, 0);
    struct sigaction before[ENDING];
    struct listening listening = {.child = child,
                                  .pipes = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}}};
    int status = 0;
    watch(before);
    pid_t pid = start(child, (const int[2]){out[1], err[1]});
    close(out[1]);
    close(err[1]);
    enum child_end end = CHILD_UNSTARTED;
    if (pid > 0) {
        setpgid(pid, pid); /* whoever of the two comes first */
        end = attend(&listening, pid, &status);
        end = end_of(child, end, pid, status);
        hear_rest(&listening);
    }
    unwatch(before);
    close(out[0]);
    close(err[0]);
    return end;
}
