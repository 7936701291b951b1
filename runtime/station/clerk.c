/* What takes long (a record's pages, figures over a whole journal) is made by a verb of this same program, as a process of its
   own: it reads the journal beside us, and neither its time nor its faults are the bench's. */
#include "station/private.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WITHIN_MS = 50 * 1000, OUTPUT_AT_MOST = 64 << 20, NICENESS = 5 };

bool clerk_take(struct server *server, struct visit *visit)
{
    pthread_mutex_lock(&server->waiting_lock);
    bool room = server->jobs_waiting_count < JOBS_WAITING_AT_MOST;
    if (room) {
        MHD_suspend_connection(visit->connection);
        visit->next = NULL;
        *server->jobs_waiting_end = visit;
        server->jobs_waiting_end = &visit->next;
        server->jobs_waiting_count++;
    }
    pthread_mutex_unlock(&server->waiting_lock);
    if (room) {
        writer_wake(server);
        return true;
    }
    problem(&visit->inquiry.reply, 429, "Too many documents are being made already; come again.");
    visit->inquiry.reply.retry_s = 5;
    return false;
}

static struct visit *next_waiting(struct server *server)
{
    pthread_mutex_lock(&server->waiting_lock);
    struct visit *visit = server->jobs_waiting;
    if (visit) {
        server->jobs_waiting = visit->next;
        server->jobs_waiting_count--;
        if (!server->jobs_waiting)
            server->jobs_waiting_end = &server->jobs_waiting;
    }
    pthread_mutex_unlock(&server->waiting_lock);
    return visit;
}

/* ---- a process ---- */

/* Of ours it has nothing open but its output; what it complains of is kept in memory. */
static bool spawn(struct job *job, char *const *arguments, int output)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;

    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, job->complaints, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    bool good =
        posix_spawn(&job->process, "/proc/self/exe", &files, &attributes, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return good;
}

static void close_job(struct job *job)
{
    if (job->output >= 0)
        close(job->output);
    if (job->complaints >= 0)
        close(job->complaints);
    buffer_free(&job->got);
    *job = (struct job){.output = -1, .complaints = -1};
}

static void answer(struct job *job)
{
    struct visit *visit = job->visit;
    close_job(job);
    visit->inquiry.reply.kind = REPLY_BODY;
    MHD_resume_connection(visit->connection);
}

static void begin(struct job *job, struct visit *visit)
{
    int ends[2] = {-1, -1};
    *job = (struct job){.visit = visit, .output = -1};
    job->until_ms = monotonic_ms() + WITHIN_MS;
    job->complaints = memfd_create("complaints", MFD_CLOEXEC);
    bool good = job->complaints >= 0 && pipe2(ends, O_CLOEXEC) == 0 &&
                spawn(job, visit->inquiry.verb, ends[1]);
    if (ends[1] >= 0)
        close(ends[1]);
    job->output = ends[0];
    if (good) {
        fcntl(job->output, F_SETFL, O_NONBLOCK);
        setpriority(PRIO_PROCESS, (id_t)job->process, NICENESS); /* the bench comes first */
        return;
    }
    problem(&visit->inquiry.reply, 503, "It cannot be made now: %s.", strerror(errno));
    answer(job);
}

/* The first line that it complained of, without the program's name. */
static void read_complaint(const struct job *job, char *text, size_t size)
{
    static const char ours[] = "flowd: ";
    ssize_t length = pread(job->complaints, text, size - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (strncmp(text, ours, sizeof ours - 1) == 0)
        memmove(text, text + sizeof ours - 1, strlen(text + sizeof ours - 1) + 1);
}

static void finish(struct job *job)
{
    struct reply *reply = &job->visit->inquiry.reply;
    char complaint[400];
    int status = 0;

    while (waitpid(job->process, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        buffer_free(&reply->body);
        reply->body = job->got;
        job->got = (struct buffer){0};
    } else {
        read_complaint(job, complaint, sizeof complaint);
        fprintf(stderr, "flowd: %s ends with %#x: %s\n", job->visit->inquiry.verb[1],
                (unsigned)status, complaint);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
            problem(reply, 409, "%s.", complaint);
        else
            problem(reply, 503, "It could not be made; what flowd says on the server tells why.");
    }
    answer(job);
}

static void hear(struct job *job)
{
    char bytes[65536];
    ssize_t length;
    while ((length = read(job->output, bytes, sizeof bytes)) > 0) {
        buffer_add(&job->got, bytes, (size_t)length);
        if (job->got.length > OUTPUT_AT_MOST)
            kill(job->process, SIGKILL);
    }
    if (length == 0)
        finish(job);
    else if (monotonic_ms() > job->until_ms)
        kill(job->process, SIGKILL); /* and its output ends */
}

/* ---- all of them ---- */

void clerk_work(struct server *server)
{
    for (int i = 0; i < JOBS_AT_ONCE; i++) {
        struct job *job = &server->jobs[i];
        if (job->visit)
            hear(job);
        struct visit *visit = job->visit ? NULL : next_waiting(server);
        if (visit)
            begin(job, visit);
    }
}

void clerk_end(struct server *server)
{
    struct visit *visit;
    for (int i = 0; i < JOBS_AT_ONCE; i++) {
        struct job *job = &server->jobs[i];
        if (!job->visit)
            continue;
        kill(job->process, SIGKILL);
        finish(job);
    }
    while ((visit = next_waiting(server))) {
        problem(&visit->inquiry.reply, 503, "The server is being stopped.");
        visit->inquiry.reply.kind = REPLY_BODY;
        MHD_resume_connection(visit->connection);
    }
}
