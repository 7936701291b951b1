/* flowc mesh FILE...: is each model a solid, how large is it, and what is wrong with it? On all cores; what is printed does
   not depend on who was faster. */
#include "flowc/check_files.h"
#include "flowc/mesh_report.h"

#include "base/memory.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_AT_MOST = 64, BAR_WIDTH = 40 };

struct request {
    const char **paths;
    int count;
    long jobs;
    bool json, use_cache, crossings, repair;
    const char *output; /* of a repair */
};

struct run {
    const struct request *request;
    struct mesh_report *reports;
    pthread_mutex_t lock; /* guards what is below */
    int next, done, drawn;
    bool terminal;
};

/* ---- all files ---- */

/* A bar, redrawn where it grows. */
static void draw_progress(struct run *run)
{
    int filled = (int)((long)run->done * BAR_WIDTH / run->request->count);
    if (!run->terminal || filled == run->drawn)
        return;
    run->drawn = filled;
    fprintf(stderr, "\r\x1b[K[%.*s%.*s] %d of %d models", filled,
            "########################################", BAR_WIDTH - filled,
            "                                        ", run->done, run->request->count);
}

static void *work(void *argument)
{
    struct run *run = argument;
    pthread_mutex_lock(&run->lock);
    while (run->next < run->request->count) {
        int index = run->next++;
        pthread_mutex_unlock(&run->lock);
        mesh_report_make(run->request->paths[index], run->request->use_cache,
                         run->request->crossings, &run->reports[index]);
        pthread_mutex_lock(&run->lock);
        run->done++;
        draw_progress(run);
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

static struct mesh_report *make_reports(const struct request *request)
{
    struct run run = {.request = request, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[JOBS_AT_MOST];
    int started = 0;
    run.reports = memory_alloc((size_t)request->count * sizeof *run.reports);
    run.terminal = request->count > 1 && isatty(STDERR_FILENO);
    while (started + 1 < request->jobs && started + 1 < request->count &&
           pthread_create(&threads[started], NULL, work, &run) == 0)
        started++; /* where no thread is to be had, fewer do it */
    work(&run);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (run.terminal)
        fputs("\r\x1b[K", stderr);
    pthread_mutex_destroy(&run.lock);
    return run.reports;
}

/* ---- what is said ---- */

static void add_summary(struct buffer *out, const struct request *request,
                        const struct mesh_report *reports)
{
    int good = 0, broken = 0;
    for (int i = 0; i < request->count; i++) {
        good += mesh_report_is_good(&reports[i]);
        broken += reports[i].status == MESH_READ && !mesh_report_is_good(&reports[i]);
    }
    buffer_addf(out, "\n%d models: %d solid, %d broken, %d that cannot be read\n", request->count,
                good, broken, request->count - good - broken);
}

static void print_reports(struct buffer *out, const struct request *request,
                          const struct mesh_report *reports)
{
    if (request->json)
        buffer_add_text(out, "{\"format_version\":\"1.0\",\"meshes\":[");
    for (int i = 0; i < request->count; i++) {
        if (request->json) {
            buffer_add_text(out, i ? ",\n" : "\n");
            mesh_report_print_json(out, request->paths[i], &reports[i]);
        } else {
            mesh_report_print(out, request->paths[i], &reports[i], color_wanted(false));
        }
    }
    if (request->json)
        buffer_add_text(out, "\n]}\n");
    else if (request->count > 1)
        add_summary(out, request, reports);
}

static enum exit_status status_of(const struct request *request, const struct mesh_report *reports)
{
    enum exit_status status = EXIT_CLEAN;
    for (int i = 0; i < request->count; i++)
        if (reports[i].status == MESH_ABSENT)
            status = EXIT_ENVIRONMENT;
        else if (!mesh_report_is_good(&reports[i]) && status == EXIT_CLEAN)
            status = EXIT_FINDINGS;
    return status;
}

static enum exit_status report_all(const struct request *request)
{
    /* what one model needed serves the next; to give it back and touch it again took a tenth of the time */
    mallopt(M_MMAP_THRESHOLD, 1 << 28);
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    struct buffer out = {0};
    struct mesh_report *reports = make_reports(request);
    print_reports(&out, request, reports);
    enum exit_status status = print_out(&out) ? status_of(request, reports) : EXIT_ENVIRONMENT;
    buffer_free(&out);
    free(reports);
    return status;
}

/* ---- the command line ---- */

/* EXIT_USAGE after a message; *done where --help was all. Returns the number of arguments in *count. */
static enum exit_status read_request(int argc, char **argv, struct request *request, int *count,
                                     bool *done)
{
    const struct verb *verb = verb_find("mesh");
    const char *format = "human", *jobs = NULL;
    bool no_cache = false;
    const struct option_row options[] = {{"--format", true, &format, NULL},
                                         {"--no-cache", false, NULL, &no_cache},
                                         {"--jobs", true, &jobs, NULL},
                                         {"--crossings", false, NULL, &request->crossings},
                                         {"--repair", false, NULL, &request->repair},
                                         {"--output", true, &request->output, NULL},
                                         {"-o", true, &request->output, NULL}};
    *count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, done);
    if (*count < 0 || *done)
        return *done ? EXIT_CLEAN : EXIT_USAGE;
    char none[] = "", *end = none;
    request->jobs = jobs ? strtol(jobs, &end, 10) : cores();
    request->json = strcmp(format, "json") == 0;
    request->use_cache = !no_cache;
    if (!*count)
        return usage_error(verb, "which file?");
    if (!request->json && strcmp(format, "human") != 0)
        return usage_error(verb, "there is no format `%s`; it is human or json", format);
    if (*end || end == jobs || request->jobs < 1 || request->jobs > JOBS_AT_MOST)
        return usage_error(verb, "--jobs wants a number from 1 to %d, not `%s`", JOBS_AT_MOST,
                           jobs);
    if (request->repair && (*count != 1 || !request->output || request->json))
        return usage_error(verb, !request->output ? "where to? --repair wants -o NEW"
                                 : request->json  ? "--repair says what it did for people only"
                                                  : "--repair mends one file at a time");
    if (request->output && !request->repair)
        return usage_error(verb, "-o goes with --repair");
    return EXIT_CLEAN;
}

int cmd_mesh(int argc, char **argv)
{
    struct request request = {0};
    struct arena arena = {0};
    int count;
    bool done;
    enum exit_status status = read_request(argc, argv, &request, &count, &done);
    if (status != EXIT_CLEAN || done)
        return status;
    if (request.repair)
        return mesh_repair_file(argv[1], request.output);
    request.count = expand_models(&arena, count, argv, &request.paths);
    status = request.count < 0 ? EXIT_ENVIRONMENT : report_all(&request);
    arena_free(&arena);
    return status;
}
