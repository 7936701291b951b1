#include "flowc/check_files.h"

#include "base/memory.h"
#include "base/rational.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    JOBS_AT_MOST = 64,
    AHEAD_AT_MOST = 256 /* files that are done and wait for one before them: bounds the memory */
};

/* A file that was checked. */
struct file_outcome {
    bool done, loaded;
    int products;
    struct session *session; /* what it said; NULL where it said nothing */
    struct failure failure;
};

struct run {
    const char **paths;
    int count;
    struct checked *checked;
    pthread_mutex_t lock; /* guards all below, and checked */
    pthread_cond_t moved;
    int next;     /* the first that nobody has begun */
    int gathered; /* all before it are in checked */
    struct file_outcome outcomes[AHEAD_AT_MOST];
    bool terminal;
    time_t drawn_s;
};

int cores(void)
{
    cpu_set_t allowed;
    int count = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
    return count < 1 ? 1 : count < JOBS_AT_MOST ? count : JOBS_AT_MOST;
}

int jobs_read(const char *text)
{
    char *end;
    long jobs = text ? strtol(text, &end, 10) : cores();
    return text && (*end || end == text || jobs < 1 || jobs > JOBS_AT_MOST) ? 0 : (int)jobs;
}

/* ---- one file ---- */

static int own_products(const struct spec *spec)
{
    int count = 0;
    for (int i = 0; i < spec->product_count; i++)
        count += spec->products[i]->base.source == spec->main;
    return count;
}

static void check_one(const char *path, struct file_outcome *outcome)
{
    struct session *session = memory_alloc(sizeof *session);
    outcome->loaded = session_load(session, path);
    if (outcome->loaded)
        outcome->products = own_products(session->spec);
    outcome->failure = session->failure;
    if (outcome->loaded && session->diagnostics.count) {
        outcome->session = session; /* texts alone are asked of it from here on */
        rational_release_all();
        return;
    }
    session_close(session);
    free(session);
}

/* ---- all of them ---- */

/* Where a line that is rewritten can be seen, and not oftener than eyes want it. */
static void draw_progress(struct run *run)
{
    time_t now_s = time(NULL);
    if (!run->terminal || now_s == run->drawn_s)
        return;
    run->drawn_s = now_s;
    fprintf(stderr, "\r\x1b[K%d of %d files checked", run->gathered, run->count);
}

static void gather_one(struct run *run, struct file_outcome *outcome)
{
    struct checked *checked = run->checked;
    checked->products += outcome->products;
    bool good = outcome->loaded;
    if (good && outcome->session)
        good = gather(&checked->said, &outcome->session->diagnostics, &outcome->session->sources,
                      &outcome->failure);
    if (!good) {
        if (run->terminal)
            fputs("\r\x1b[K", stderr);
        complain("%s", outcome->failure.message);
        checked->status = EXIT_ENVIRONMENT;
    }
    if (outcome->session)
        session_close(outcome->session);
    free(outcome->session);
    *outcome = (struct file_outcome){0};
}

/* In the order of the paths, so that what is shown does not depend on who was faster. */
static void gather_done(struct run *run)
{
    while (run->outcomes[run->gathered % AHEAD_AT_MOST].done) {
        gather_one(run, &run->outcomes[run->gathered % AHEAD_AT_MOST]);
        run->gathered++;
    }
    draw_progress(run);
    pthread_cond_broadcast(&run->moved);
}

static void *work(void *argument)
{
    struct run *run = argument;
    pthread_mutex_lock(&run->lock);
    while (run->next < run->count) {
        if (run->next - run->gathered >= AHEAD_AT_MOST) {
            pthread_cond_wait(&run->moved, &run->lock);
            continue;
        }
        int index = run->next++;
        struct file_outcome outcome = {0};
        pthread_mutex_unlock(&run->lock);
        check_one(run->paths[index], &outcome);
        pthread_mutex_lock(&run->lock);
        outcome.done = true;
        run->outcomes[index % AHEAD_AT_MOST] = outcome;
        gather_done(run);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

void check_all(const char **paths, int count, int jobs, struct checked *checked)
{
    struct run *run = memory_zeroed(1, sizeof *run);
    pthread_t threads[JOBS_AT_MOST];
    int started = 0;

    *checked = (struct checked){.files = count};
    gathering_open(&checked->said);
    run->paths = paths;
    run->count = count;
    run->checked = checked;
    run->terminal = count > 1 && isatty(STDERR_FILENO);
    run->drawn_s = time(NULL);
    pthread_mutex_init(&run->lock, NULL);
    pthread_cond_init(&run->moved, NULL);
    while (started + 1 < jobs && started + 1 < count && started < JOBS_AT_MOST &&
           pthread_create(&threads[started], NULL, work, run) == 0)
        started++; /* where no thread is to be had, fewer do it */
    work(run);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (run->terminal)
        fputs("\r\x1b[K", stderr);
    pthread_mutex_destroy(&run->lock);
    pthread_cond_destroy(&run->moved);
    free(run);
    diagnostics_sort(&checked->said.diagnostics, &checked->said.sources);
}

void checked_close(struct checked *checked)
{
    gathering_close(&checked->said);
}
