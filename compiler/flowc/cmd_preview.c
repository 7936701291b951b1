/* flowc preview PATH...: a page on this machine that shows every output, and shows it anew when a file is saved. Two
   processes: one serves, and can always answer; the other watches and makes. */
#include "flowc/check_files.h"
#include "flowc/ending.h"
#include "flowc/preview/preview.h"
#include "flowc/preview_state.h"
#include "program/modules.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static struct module server = {"flow_preview.so", "serves the preview", NULL};

bool preview_is_there(struct failure *failure)
{
    return module_open(&server, failure);
}

enum { OUTPUTS_AT_MOST = 16 };

struct request {
    struct build_request build;
    int argc, jobs, port;
    char **argv;
    bool open;
    char temporary[4096]; /* the folder that was made for it; "" for none */
};

/* ---- where the documents are ---- */

static bool make_folder(struct request *request)
{
    const char *place = getenv("TMPDIR");
    snprintf(request->temporary, sizeof request->temporary, "%s/flowc-preview-XXXXXX",
             place && *place ? place : "/tmp");
    if (!mkdtemp(request->temporary)) {
        complain("no folder for the documents can be made in %s: %s; say one with -o DIR",
                 place && *place ? place : "/tmp", strerror(errno));
        return false;
    }
    request->build.out = request->temporary;
    return true;
}

/* ---- who makes them ---- */

static _Noreturn void make(const struct request *request, pid_t parent, int states)
{
    ending_forget();
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_ENVIRONMENT);
    struct preview_state state = {.out = request->build.out, .states = states};
    enum exit_status status = watch_and_build(&(struct watch){.request = &request->build,
                                                              .argc = request->argc,
                                                              .argv = request->argv,
                                                              .jobs = request->jobs,
                                                              .begun = preview_begun,
                                                              .ended = preview_ended,
                                                              .context = &state});
    _exit(status);
}

/* ---- who serves ---- */

/* In a browser, if the desktop has one; without one the address is printed all the same. */
static void open_browser(const char *address)
{
    char opener[] = "xdg-open", place[64];
    char *arguments[] = {opener, place, NULL};
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    sigset_t none;
    pid_t pid;

    snprintf(place, sizeof place, "%s", address);
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0); /* Ctrl-C here does not end the browser */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&pid, opener, &files, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error)
        complain("xdg-open cannot be started: %s; open the address yourself", strerror(error));
}

static void say_where(void *context, int port)
{
    const struct request *request = context;
    struct buffer line = {0};
    char address[64];
    snprintf(address, sizeof address, "http://127.0.0.1:%d/", port);
    buffer_addf(&line, "%s\n", address);
    print_out(&line);
    buffer_free(&line);
    if (isatty(STDERR_FILENO))
        fputs("Ctrl-C ends it\n", stderr);
    if (request->open)
        open_browser(address);
}

static enum exit_status ended_as(pid_t maker)
{
    int status = 0;
    while (waitpid(maker, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status))
        return (enum exit_status)WEXITSTATUS(status);
    if (ending_is(WTERMSIG(status))) /* by us, or by who ends us too and was faster there */
        return EXIT_CLEAN;
    complain("the process that makes the documents died (%s)", strsignal(WTERMSIG(status)));
    return EXIT_OUR_FAULT;
}

static enum exit_status serve(struct request *request)
{
    bool (*preview_serve_it)(const struct preview *, struct failure *);
    struct failure failure;
    int states[2];
    pid_t self = getpid();

    if (!documents_are_there(&failure) ||
        !module_find(&server, "preview_serve", &preview_serve_it, &failure) ||
        (pipe2(states, O_CLOEXEC) != 0 && !fail(&failure, "no pipe: %s", strerror(errno)))) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    fflush(NULL);
    ending_begin();
    pid_t maker = fork();
    if (maker == 0) {
        close(states[0]);
        make(request, self, states[1]);
    }
    close(states[1]);
    struct preview preview = {
        .port = request->port, .states = states[0], .listening = say_where, .context = request};
    bool good = maker > 0 ? preview_serve_it(&preview, &failure)
                          : fail(&failure, "no process can be started: %s", strerror(errno));
    bool asked = ending_signal() != 0;
    if (maker > 0 && (asked || !good))
        kill(maker, SIGTERM);
    enum exit_status status = maker > 0 ? ended_as(maker) : EXIT_ENVIRONMENT;
    ending_end();
    close(states[0]);
    if (!good)
        complain("%s", failure.message);
    return !good ? EXIT_ENVIRONMENT : asked ? EXIT_CLEAN : status;
}

/* ---- the command line ---- */

static bool read_port(const char *text, int *port)
{
    char *end;
    long number = text ? strtol(text, &end, 10) : 0;
    *port = (int)number;
    return !text || (!*end && end != text && number >= 0 && number <= 65535);
}

/* EXIT_CLEAN where it is complete; *done where --help was all. */
static int read_request(int argc, char **argv, struct request *request, bool *done)
{
    const struct verb *verb = verb_find("preview");
    const char *paper = "a4", *jobs = NULL, *port = NULL;
    const struct option_row options[] = {
        {"-o", true, &request->build.out, NULL}, {"--output", true, &request->build.out, NULL},
        {"--paper", true, &paper, NULL},         {"--jobs", true, &jobs, NULL},
        {"--port", true, &port, NULL},           {"--open", false, NULL, &request->open}};
    request->argc = options_read(argc, argv, verb, options, sizeof options / sizeof *options, done);
    request->argv = argv;
    if (request->argc < 0 || *done)
        return *done ? EXIT_CLEAN : EXIT_USAGE;
    if (!request->argc)
        return usage_error(verb, "which file?");
    for (int i = 1; i <= request->argc; i++)
        if (strcmp(argv[i], "-") == 0)
            return usage_error(verb, "it wants files: standard input does not change");
    if (strcmp(paper, "a4") && strcmp(paper, "letter"))
        return usage_error(verb, "--paper is a4 or letter, not `%s`", paper);
    request->build.paper = strcmp(paper, "letter") ? PAPER_A4 : PAPER_LETTER;
    request->jobs = jobs_read(jobs);
    if (!request->jobs)
        return usage_error(verb, "--jobs wants a number from 1 to 64, not `%s`", jobs);
    if (!read_port(port, &request->port))
        return usage_error(verb, "--port wants a number from 0 to 65535, not `%s`", port);
    return EXIT_CLEAN;
}

int cmd_preview(int argc, char **argv)
{
    bool wanted[OUTPUTS_AT_MOST], done = false;
    struct request request = {
        .build = {.wanted = wanted, .quiet = true, .inputs = true, .preview = true}};
    for (int i = 0; i < OUTPUTS_AT_MOST; i++)
        wanted[i] = true;
    int status = read_request(argc, argv, &request, &done);
    if (done || status != EXIT_CLEAN)
        return status;
    if (!request.build.out && !make_folder(&request))
        return EXIT_ENVIRONMENT;
    status = (int)serve(&request);
    if (*request.temporary)
        folder_remove(request.temporary);
    return status;
}
