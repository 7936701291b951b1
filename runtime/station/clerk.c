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

enum { WITHIN_MS = 50 * 1000, OUTPUT_AT_MOST = 64 << 20, NICENESS = 5, KEPT_FOR_MS = 60 * 1000 };

bool clerk_take(struct server *server, struct visit *visit)
{
    pthread_mutex_lock(&server->waiting_lock);
    bool room = server->chores_waiting_count < CHORES_WAITING_AT_MOST;
    if (room) {
        MHD_suspend_connection(visit->connection);
        visit->next = NULL;
        *server->chores_waiting_end = visit;
        server->chores_waiting_end = &visit->next;
        server->chores_waiting_count++;
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
    struct visit *visit = server->chores_waiting;
    if (visit) {
        server->chores_waiting = visit->next;
        server->chores_waiting_count--;
        if (!server->chores_waiting)
            server->chores_waiting_end = &server->chores_waiting;
    }
    pthread_mutex_unlock(&server->waiting_lock);
    return visit;
}

/* ---- a process ---- */

/* Of ours it has nothing open but its output; what it complains of is kept in memory. */
static bool spawn(struct chore *chore, char *const *arguments, int output)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;

    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, chore->complaints, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    bool good = posix_spawn(&chore->process, "/proc/self/exe", &files, &attributes, arguments,
                            environ) == 0;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return good;
}

static void close_job(struct chore *chore)
{
    if (chore->output >= 0)
        close(chore->output);
    if (chore->complaints >= 0)
        close(chore->complaints);
    buffer_free(&chore->got);
    *chore = (struct chore){.output = -1, .complaints = -1};
}

static void answer(struct chore *chore)
{
    struct visit *visit = chore->visit;
    close_job(chore);
    visit->inquiry.reply.kind = REPLY_BODY;
    MHD_resume_connection(visit->connection);
}

/* Answers with what was kept, where that is still good. */
static bool is_kept(struct chore *chore, const struct inquiry *inquiry)
{
    const struct kept *kept = inquiry->kept;
    struct buffer *body = &chore->visit->inquiry.reply.body;
    if (!kept || !kept->body.length || kept->last_event < inquiry->kept_event ||
        monotonic_ms() > kept->until_ms)
        return false;
    buffer_free(body);
    buffer_add(body, kept->body.text, kept->body.length);
    answer(chore);
    return true;
}

static void keep(const struct inquiry *inquiry)
{
    struct kept *kept = inquiry->kept;
    if (!kept)
        return;
    buffer_free(&kept->body);
    *kept =
        (struct kept){.last_event = inquiry->kept_event, .until_ms = monotonic_ms() + KEPT_FOR_MS};
    buffer_add(&kept->body, inquiry->reply.body.text, inquiry->reply.body.length);
}

static void begin(struct chore *chore, struct visit *visit)
{
    int ends[2] = {-1, -1};
    *chore = (struct chore){.visit = visit, .output = -1, .complaints = -1};
    if (is_kept(chore, &visit->inquiry))
        return;
    chore->until_ms = monotonic_ms() + WITHIN_MS;
    chore->complaints = memfd_create("complaints", MFD_CLOEXEC);
    bool good = chore->complaints >= 0 && pipe2(ends, O_CLOEXEC) == 0 &&
                spawn(chore, visit->inquiry.verb, ends[1]);
    if (ends[1] >= 0)
        close(ends[1]);
    chore->output = ends[0];
    if (good) {
        fcntl(chore->output, F_SETFL, O_NONBLOCK);
        setpriority(PRIO_PROCESS, (id_t)chore->process, NICENESS); /* the bench comes first */
        return;
    }
    problem(&visit->inquiry.reply, 503, "It cannot be made now: %s.", strerror(errno));
    answer(chore);
}

/* The first line that it complained of, without the program's name. */
static void read_complaint(const struct chore *chore, char *text, size_t size)
{
    static const char ours[] = "flowd: ";
    ssize_t length = pread(chore->complaints, text, size - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (strncmp(text, ours, sizeof ours - 1) == 0)
        memmove(text, text + sizeof ours - 1, strlen(text + sizeof ours - 1) + 1);
}

static void finish(struct chore *chore)
{
    struct reply *reply = &chore->visit->inquiry.reply;
    char complaint[400];
    int status = 0;

    while (waitpid(chore->process, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        buffer_free(&reply->body);
        reply->body = chore->got;
        chore->got = (struct buffer){0};
        keep(&chore->visit->inquiry);
    } else {
        read_complaint(chore, complaint, sizeof complaint);
        fprintf(stderr, "flowd: %s ends with %#x: %s\n", chore->visit->inquiry.verb[1],
                (unsigned)status, complaint);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
            problem(reply, 409, "%s.", complaint);
        else
            problem(reply, 503, "It could not be made; what flowd says on the server tells why.");
    }
    answer(chore);
}

static void hear(struct chore *chore)
{
    char bytes[65536];
    ssize_t length;
    while ((length = read(chore->output, bytes, sizeof bytes)) > 0) {
        buffer_add(&chore->got, bytes, (size_t)length);
        if (chore->got.length > OUTPUT_AT_MOST)
            kill(chore->process, SIGKILL);
    }
    if (length == 0)
        finish(chore);
    else if (monotonic_ms() > chore->until_ms)
        kill(chore->process, SIGKILL); /* and its output ends */
}

/* ---- all of them ---- */

void clerk_work(struct server *server)
{
    for (int i = 0; i < CHORES_AT_ONCE; i++) {
        struct chore *chore = &server->chores[i];
        if (chore->visit)
            hear(chore);
        struct visit *visit = chore->visit ? NULL : next_waiting(server);
        if (visit)
            begin(chore, visit);
    }
}

void clerk_end(struct server *server)
{
    struct visit *visit;
    for (int i = 0; i < CHORES_AT_ONCE; i++) {
        struct chore *chore = &server->chores[i];
        if (!chore->visit)
            continue;
        kill(chore->process, SIGKILL);
        finish(chore);
    }
    while ((visit = next_waiting(server))) {
        problem(&visit->inquiry.reply, 503, "The server is being stopped.");
        visit->inquiry.reply.kind = REPLY_BODY;
        MHD_resume_connection(visit->connection);
    }
}
