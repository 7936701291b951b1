/* Who makes what: files are handed out in order; when there are no more, whoever has nothing to do helps with the
   products of a file that another has loaded. */
#include "flowc/build_worker.h"

#include "base/memory.h"
#include "flowc/ending.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS_AT_MOST = 64 };

struct pool {
    const struct build_request *request;
    const char *const *paths;
    struct built_file *built;
    int count, jobs;
    struct worker workers[WORKERS_AT_MOST];
    int begun;  /* files that were handed out */
    int *asked; /* by file: products that were handed out */
    int open;   /* the first file with a product that may be left to hand out */
    int told;   /* files that `finished` heard of */
    void (*finished)(struct built_file *file, void *context);
    void *context;
    bool terminal;
    int made;
    time_t drawn_s;
};

/* ---- what is left to do ---- */

static bool has_product(const struct pool *pool, int file)
{
    return file >= 0 && pool->built[file].loaded &&
           pool->asked[file] < pool->built[file].product_count;
}

/* What a worker that has a file loaded should do next; false where there is nothing. */
static bool next_task(struct pool *pool, int has, struct build_task *task)
{
    int file = has;
    if (!has_product(pool, file) && pool->begun < pool->count) {
        *task = (struct build_task){pool->begun++, -1};
        return true;
    }
    if (!has_product(pool, file)) {
        while (pool->open < pool->begun && pool->built[pool->open].loaded &&
               !has_product(pool, pool->open))
            pool->open++;
        for (file = pool->open; file < pool->begun && !has_product(pool, file); file++)
            ;
        if (file == pool->begun)
            return false;
    }
    *task = (struct build_task){file, pool->asked[file]++};
    return true;
}

static bool file_is_done(const struct built_file *file)
{
    return file->loaded && file->done_count == file->product_count;
}

/* ---- what comes back ---- */

static void clear_progress(const struct pool *pool)
{
    if (pool->terminal)
        fputs("\r\x1b[K", stderr);
}

/* Where a line that is rewritten can be seen, and not oftener than eyes want it. */
static void draw_progress(struct pool *pool)
{
    time_t now_s = time(NULL);
    if (!pool->terminal || now_s == pool->drawn_s)
        return;
    pool->drawn_s = now_s;
    fprintf(stderr, "\r\x1b[K%d of %d file%s, %d product%s made", pool->told, pool->count,
            pool->count == 1 ? "" : "s", pool->made, pool->made == 1 ? "" : "s");
}

static void tell_finished(struct pool *pool)
{
    while (pool->told < pool->count && file_is_done(&pool->built[pool->told])) {
        clear_progress(pool);
        pool->drawn_s = 0;
        pool->finished(&pool->built[pool->told++], pool->context);
    }
    draw_progress(pool);
}

static void take(struct pool *pool, struct worker *worker, const struct record_head *head,
                 const char *bytes)
{
    struct build_task task = worker->at;
    built_take(&pool->built[task.file], task.product, head->record, bytes, head->length);
    if (head->record != RECORD_DONE)
        return;
    worker->at.file = -1;
    pool->made += task.product >= 0;
    tell_finished(pool);
}

static void take_all(struct pool *pool, struct worker *worker)
{
    struct buffer *got = &worker->got;
    size_t at = 0;
    struct record_head head;
    while (got->length - at >= sizeof head) {
        memcpy(&head, got->text + at, sizeof head);
        if (got->length - at - sizeof head < head.length)
            break;
        take(pool, worker, &head, got->text + at + sizeof head);
        at += sizeof head + head.length;
    }
    memmove(got->text, got->text + at, got->length - at);
    got->length -= at;
}

/* Whether it was told to end as we are: the signal goes to all of a group, and to either first. */
static bool ended_with_us(int ended)
{
    return WIFSIGNALED(ended) && ending_is(WTERMSIG(ended)) && ending_poll(NULL, 0, 500) < 0;
}

/* It died: what it was at is our fault, unless it said that the machine has no memory left. The others go on. */
static void bury(struct pool *pool, struct worker *worker)
{
    struct build_task task = worker->at;
    int ended = worker_stop(worker, 0);
    if (task.file < 0 || ended_with_us(ended))
        return;
    struct built_file *file = &pool->built[task.file];
    enum exit_status status = WIFEXITED(ended) && WEXITSTATUS(ended) == EXIT_ENVIRONMENT
                                  ? EXIT_ENVIRONMENT
                                  : EXIT_OUR_FAULT;
    struct buffer text = {0};
    buffer_addf(&text, "flowc: %s: the process that made its documents ", file->path);
    if (WIFSIGNALED(ended))
        buffer_addf(&text, "died (%s)", strsignal(WTERMSIG(ended)));
    else
        buffer_addf(&text, "ended with %d", WEXITSTATUS(ended));
    buffer_add_text(&text, "; the documents that stand are whole\n");
    built_take(file, task.product, RECORD_ERROR, text.text, text.length);
    buffer_free(&text);
    built_take(file, task.product, RECORD_DONE, (const char *)&status, sizeof status);
    tell_finished(pool);
}

static void hear(struct pool *pool, struct worker *worker)
{
    char bytes[65536];
    ssize_t length = recv(worker->descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
    if (length > 0) {
        buffer_add(&worker->got, bytes, (size_t)length);
        take_all(pool, worker);
    } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
        bury(pool, worker);
    }
}

/* ---- all of them ---- */

/* Gives everyone something to do; a worker is forked only when there is. False where none can be had. */
static bool hand_out(struct pool *pool)
{
    int working = 0;
    for (int i = 0; i < pool->jobs; i++) {
        struct worker *worker = &pool->workers[i];
        struct build_task task;
        if ((worker->pid && worker->at.file >= 0) ||
            !next_task(pool, worker->pid ? worker->has : -1, &task)) {
            working += worker->pid && worker->at.file >= 0;
            continue;
        }
        if (!worker->pid &&
            !worker_start(worker, pool->request, pool->paths, pool->workers, pool->jobs)) {
            pool->begun -= task.product < 0; /* fewer do it */
            pool->asked[task.file] -= task.product >= 0;
            break;
        }
        worker_ask(worker, task); /* where it is dead already, its end is heard */
        working++;
    }
    return working > 0;
}

static void wait_and_hear(struct pool *pool)
{
    struct pollfd descriptors[WORKERS_AT_MOST];
    for (int i = 0; i < pool->jobs; i++)
        descriptors[i] =
            (struct pollfd){pool->workers[i].pid ? pool->workers[i].descriptor : -1, POLLIN, 0};
    if (ending_poll(descriptors, pool->jobs, pool->terminal ? 1000 : -1) < 0)
        return;
    for (int i = 0; i < pool->jobs; i++)
        if (descriptors[i].fd >= 0 && descriptors[i].revents)
            hear(pool, &pool->workers[i]);
    draw_progress(pool);
}

bool pool_build(const struct build_request *request, const char *const *paths, int count, int jobs,
                struct built_file *built, void (*finished)(struct built_file *file, void *context),
                void *context)
{
    struct pool *pool = memory_zeroed(1, sizeof *pool);
    *pool = (struct pool){.request = request,
                          .paths = paths,
                          .built = built,
                          .count = count,
                          .jobs = jobs < WORKERS_AT_MOST ? jobs : WORKERS_AT_MOST,
                          .asked = memory_zeroed((size_t)count, sizeof *pool->asked),
                          .finished = finished,
                          .context = context,
                          .terminal = isatty(STDERR_FILENO),
                          .drawn_s = time(NULL)};
    for (int i = 0; i < count; i++)
        built[i].path = paths[i];
    while (pool->begun < count && built[pool->begun].loaded)
        pool->begun++;
    bool good = true;
    while (pool->told < count && !ending_signal() && (good = hand_out(pool)))
        wait_and_hear(pool);
    clear_progress(pool);
    if (!good)
        complain("no process can be started: the machine has too many already");
    for (int i = 0; i < pool->jobs; i++)
        if (pool->workers[i].pid)
            worker_stop(&pool->workers[i], ending_signal() ? SIGTERM : 0);
    for (int i = pool->told; !good && i < count; i++)
        built[i].status = EXIT_ENVIRONMENT;
    free(pool->asked);
    free(pool);
    return !ending_signal();
}
