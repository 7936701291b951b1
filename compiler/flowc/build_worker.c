/* Processes and no threads: Graphviz, and what pango and fontconfig keep to themselves, do not bear two at a time; and one
   that dies takes nothing along. */
#include "flowc/build_worker.h"

#include "flowc/ending.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- in the worker ---- */

struct inside {
    int descriptor;
    const char *const *paths;
    struct builder builder;
};

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* Whoever asked may be gone: nobody is left to work for. */
static void send_record(void *context, enum build_record record, const void *bytes, size_t length)
{
    const struct inside *inside = context;
    struct record_head head = {record, (uint32_t)length};
    if (!write_all(inside->descriptor, (const char *)&head, sizeof head) ||
        !write_all(inside->descriptor, bytes, length))
        _exit(EXIT_ENVIRONMENT);
}

static ssize_t send_out(void *context, const char *bytes, size_t length)
{
    send_record(context, RECORD_OUT, bytes, length);
    return (ssize_t)length;
}

static ssize_t send_error(void *context, const char *bytes, size_t length)
{
    send_record(context, RECORD_ERROR, bytes, length);
    return (ssize_t)length;
}

/* What is printed goes to whoever asked. A fault's last words (fault.c) go straight to the terminal. */
static void send_what_is_printed(struct inside *inside)
{
    FILE *out = fopencookie(inside, "w", (cookie_io_functions_t){.write = send_out});
    FILE *error = fopencookie(inside, "w", (cookie_io_functions_t){.write = send_error});
    if (!out || !error)
        _exit(EXIT_ENVIRONMENT);
    stdout = out;
    stderr = error;
}

static enum exit_status run(struct inside *inside, struct build_task task, int *has)
{
    const char *path = inside->paths[task.file];
    bool loads = task.product < 0 || *has != task.file;
    enum exit_status status = EXIT_CLEAN;
    if (loads)
        status = builder_load(&inside->builder, path, task.product >= 0);
    *has = task.file;
    if (task.product < 0)
        return status;
    if (status != EXIT_CLEAN) {
        complain("%s changed while its documents were made", path);
        return status;
    }
    return builder_make(&inside->builder, task.product);
}

static _Noreturn void work(struct inside *inside)
{
    struct build_task task;
    int has = -1;
    while (read(inside->descriptor, &task, sizeof task) == (ssize_t)sizeof task) {
        enum exit_status status = run(inside, task, &has);
        fflush(stdout);
        fflush(stderr);
        send_record(inside, RECORD_DONE, &status, sizeof status);
    }
    _exit(EXIT_CLEAN);
}

/* ---- outside ---- */

static _Noreturn void begin(pid_t parent, struct inside *inside)
{
    ending_forget();
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* by which unfinished files are removed */
    if (getppid() != parent)
        _exit(EXIT_ENVIRONMENT);
    send_what_is_printed(inside);
    inside->builder.tell = send_record;
    inside->builder.context = inside;
    work(inside);
}

bool worker_start(struct worker *worker, const struct build_request *request,
                  const char *const *paths, const struct worker *others, int other_count)
{
    int ends[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    fflush(NULL); /* else both would print it */
    pid_t pid = fork();
    if (pid == 0) {
        struct inside inside = {ends[1], paths, {.request = request}};
        close(ends[0]);
        for (int i = 0; i < other_count; i++)
            if (others[i].pid)
                close(others[i].descriptor);
        begin(parent, &inside);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    *worker = (struct worker){.pid = pid, .descriptor = ends[0], .at = {-1, -1}, .has = -1};
    return true;
}

bool worker_ask(struct worker *worker, struct build_task task)
{
    worker->at = task;
    worker->has = task.file;
    return send(worker->descriptor, &task, sizeof task, MSG_NOSIGNAL) == (ssize_t)sizeof task;
}

int worker_stop(struct worker *worker, int signal)
{
    int status = 0;
    close(worker->descriptor);
    if (signal)
        kill(worker->pid, signal);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    buffer_free(&worker->got);
    worker->pid = 0;
    return status;
}
