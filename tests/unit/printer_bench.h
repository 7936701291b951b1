/* A double of a printer's server, and a farm of it alone. Include it after cmocka.h, and the headers of printers/ before that. */
#ifndef FLOW_TEST_PRINTER_BENCH_H
#define FLOW_TEST_PRINTER_BENCH_H

#include "printers/driver.h"
#include "printers/http.h"

#include "base/buffer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than any machine needs, however busy: only what fails waits so long. */
enum { TURNS_AT_MOST = 40000, POLL_MS = 50 };

struct bench {
    pid_t process;
    char said[2000];           /* where it is, as it said */
    struct json_t *places;     /* the same where it is JSON */
    struct switchboard *board; /* for asking the double itself */
    struct line *line;
    struct buffer told; /* what it answered last */
    bool waits;
    struct farm farm;
    struct farm_printer printer;
    struct farm_slot slot;
    struct driver *driver;
    int intents, ends, orders;
    enum print_order_stage obeyed;
    enum run_stage end;
    char why[200], file[40];
};

/* Starts a double and hears where it is. */
static inline void start_double(struct bench *bench, const char *const arguments[])
{
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    bench->process = fork();
    if (bench->process == 0) {
        dup2(pipes[1], STDOUT_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        execvp("python3", (char *const *)arguments);
        _exit(1);
    }
    close(pipes[1]);
    FILE *from = fdopen(pipes[0], "r");
    assert_non_null(fgets(bench->said, sizeof bench->said, from));
    bench->said[strcspn(bench->said, "\n")] = 0;
    fclose(from);
}

/* The line over which the double itself is asked. */
static inline void open_line(struct bench *bench, const char *address)
{
    struct failure failure;
    bench->board = switchboard_open(&failure);
    bench->line = http_line_open(bench->board, &(struct http_line_options){.address = address});
}

static inline void take_answer(void *data, const struct reply *reply)
{
    struct bench *bench = data;
    buffer_clear(&bench->told);
    buffer_add(&bench->told, reply->body, reply->length);
    bench->waits = false;
}

static inline const char *ask_double(struct bench *bench, const char *path, const char *text)
{
    struct call call = {.method = text ? "POST" : "GET", .body = text ? BODY_JSON : BODY_NONE};
    snprintf(call.path, sizeof call.path, "%s", path);
    snprintf(call.text, sizeof call.text, "%s", text ? text : "");
    bench->waits = true;
    line_ask(bench->line, &call, NULL, NULL, take_answer, bench);
    for (int turns = 0; bench->waits && turns < TURNS_AT_MOST; turns++)
        switchboard_turn(bench->board, 100);
    assert_false(bench->waits);
    return buffer_text(&bench->told);
}

static inline uint64_t no_chance(void *data)
{
    (void)data;
    return 0;
}

static inline bool intend(void *data, int printer, const struct run *run)
{
    struct bench *bench = data;
    assert_int_equal(printer, 0);
    if (run->stage == RUN_LOOK) { /* nothing was sent yet */
        assert_int_equal(strlen(run->errand.sha256), 64);
        return true;
    }
    assert_int_equal(run->stage, RUN_INTEND);
    bench->intents++;
    return true;
}

static inline void moved(void *data, int printer, const struct run *run)
{
    struct bench *bench = data;
    (void)printer;
    if (!run_is_over(run))
        return;
    bench->ends++;
    bench->end = run->stage;
    snprintf(bench->why, sizeof bench->why, "%s", run->why);
}

static inline void begin_print(struct bench *bench, const char *name)
{
    struct failure failure;
    snprintf(bench->file, sizeof bench->file, "/tmp/flow-print-XXXXXX");
    int file = mkstemp(bench->file);
    assert_true(file >= 0);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(write(file, "G1 X10 Y10 ; a line of it, \xc3\xa4\n", 29), 29);
    close(file);
    bench->ends = 0;
    if (!driver_print(bench->driver, 0, bench->file, name, &failure))
        fail_msg("%s", failure.message);
}

static inline void turn_until_over(struct bench *bench)
{
    for (int turns = 0; !bench->ends && turns < TURNS_AT_MOST; turns++)
        driver_turn(bench->driver, 100);
    assert_int_equal(bench->ends, 1);
}

static inline void close_bench(struct bench *bench)
{
    driver_close(bench->driver);
    line_close(bench->line);
    switchboard_close(bench->board);
    buffer_free(&bench->told);
    kill(bench->process, SIGTERM);
    waitpid(bench->process, NULL, 0);
    unlink(bench->file);
}

#endif
