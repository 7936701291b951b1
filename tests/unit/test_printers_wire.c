/* Prints over real sockets, against the doubles of tests/doubles: the driver, the calls of each protocol, faults on the way. */
#include "printers/driver.h"
#include "printers/http.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { TURNS_AT_MOST = 4000, POLL_MS = 50 };

/* ---- a double, and a farm of it alone ---- */

struct bench {
    pid_t process;
    char address[100];
    struct switchboard *board; /* for asking the double itself */
    struct line *line;
    struct buffer told; /* what it answered last */
    bool waits;
    struct farm farm;
    struct farm_printer printer;
    struct driver *driver;
    int intents, ends;
    enum run_stage end;
    char why[200], file[40];
};

static void start_double(struct bench *bench, const char *protocol, const char *print_s)
{
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    bench->process = fork();
    if (bench->process == 0) {
        dup2(pipes[1], STDOUT_FILENO);
        close(pipes[0]);
        execlp("python3", "python3", FLOW_SOURCE_FOLDER "/tests/doubles/printer.py", protocol,
               "--key", "secret", "--print-s", print_s, (char *)NULL);
        _exit(1);
    }
    close(pipes[1]);
    FILE *said = fdopen(pipes[0], "r");
    assert_non_null(fgets(bench->address, sizeof bench->address, said));
    bench->address[strcspn(bench->address, "\n")] = 0;
    fclose(said);
}

static void take_answer(void *data, const struct reply *reply)
{
    struct bench *bench = data;
    buffer_clear(&bench->told);
    buffer_add(&bench->told, reply->body, reply->length);
    bench->waits = false;
}

static const char *ask_double(struct bench *bench, const char *path, const char *text)
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

static uint64_t no_chance(void *data)
{
    (void)data;
    return 0;
}

static bool intend(void *data, int printer, const struct run *run)
{
    struct bench *bench = data;
    assert_int_equal(printer, 0);
    assert_int_equal(run->stage, RUN_INTEND);
    bench->intents++;
    return true;
}

static void moved(void *data, int printer, const struct run *run)
{
    struct bench *bench = data;
    (void)printer;
    if (!run_is_over(run))
        return;
    bench->ends++;
    bench->end = run->stage;
    snprintf(bench->why, sizeof bench->why, "%s", run->why);
}

static void open_bench(struct bench *bench, const char *protocol, const char *print_s, bool digest)
{
    struct failure failure;
    *bench = (struct bench){0};
    start_double(bench, protocol, print_s);
    bench->board = switchboard_open(&failure);
    bench->line = line_open(bench->board, &(struct line_options){.address = bench->address});
    bench->printer = (struct farm_printer){.name = "p",
                                           .machine = "",
                                           .protocol = protocol_find(protocol),
                                           .address = bench->address,
                                           .key = digest ? NULL : "secret",
                                           .user = digest ? "maker" : NULL,
                                           .password = digest ? "secret" : NULL};
    bench->farm = (struct farm){.printers = &bench->printer, .count = 1};
    struct listener listener = {
        .intended = intend, .moved = moved, .chance = no_chance, .data = bench};
    bench->driver = driver_open(&bench->farm, &listener, POLL_MS, &failure);
    assert_non_null(bench->driver);
}

static void close_bench(struct bench *bench)
{
    driver_close(bench->driver);
    line_close(bench->line);
    switchboard_close(bench->board);
    buffer_free(&bench->told);
    kill(bench->process, SIGKILL);
    waitpid(bench->process, NULL, 0);
}

static void begin_print(struct bench *bench, const char *name)
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

static void print_once(struct bench *bench, const char *name)
{
    begin_print(bench, name);
    for (int turns = 0; !bench->ends && turns < TURNS_AT_MOST; turns++)
        driver_turn(bench->driver, 100);
    assert_int_equal(bench->ends, 1);
    unlink(bench->file);
}

/* ---- prints ---- */

static void print_through(const char *protocol, bool digest)
{
    struct bench bench;
    open_bench(&bench, protocol, "1", digest);
    print_once(&bench, "flow-1.gcode");
    if (bench.end != RUN_FINISHED)
        fail_msg("%s: %s: %s", protocol, run_stage_words[bench.end], bench.why);
    assert_int_equal(bench.intents, 1);
    assert_non_null(
        strstr(ask_double(&bench, "/double", NULL), "\"starts\": {\"flow-1.gcode\": 1}"));
    close_bench(&bench);
}

static void test_prints(void **unused)
{
    (void)unused;
    print_through("octoprint", false);
    print_through("moonraker", false);
    print_through("prusalink", false);
    print_through("prusalink", true);
}

/* ---- faults ---- */

struct trouble {
    const char *protocol, *fault;
    enum run_stage end;
    int starts;
};

static const struct trouble troubles[] = {
    {"octoprint", "{\"match\":\"select\",\"fault\":\"drop_after\"}", RUN_FINISHED, 1},
    {"octoprint", "{\"match\":\"select\",\"fault\":\"busy\"}", RUN_NOT_STARTED, 0},
    {"octoprint", "{\"match\":\"POST /api/files/local --\",\"fault\":\"drop_after\"}", RUN_FINISHED,
     1},
    {"octoprint", "{\"match\":\"POST /api/files/local \",\"fault\":\"5xx\"}", RUN_FINISHED, 1},
    {"octoprint", "{\"match\":\"GET /api/job\",\"fault\":\"retry\",\"seconds\":1}", RUN_FINISHED,
     1},
    {"moonraker", "{\"match\":\"print/start\",\"fault\":\"drop_after\"}", RUN_FINISHED, 1},
    {"moonraker", "{\"match\":\"files/upload\",\"fault\":\"drop_after\"}", RUN_FINISHED, 1},
    {"moonraker", "{\"match\":\"objects/query\",\"fault\":\"huge\"}", RUN_FINISHED, 1},
    {"moonraker", "{\"match\":\"objects/query\",\"fault\":\"garbage\"}", RUN_FINISHED, 1},
    {"prusalink", "{\"match\":\"PUT\",\"fault\":\"drop_after\"}", RUN_FINISHED, 1},
    {"prusalink", "{\"match\":\"POST\",\"fault\":\"drop_after\"}", RUN_FINISHED, 1},
    {"prusalink", "{\"match\":\"POST\",\"fault\":\"slow\",\"seconds\":1}", RUN_FINISHED, 1},
};

static void check_trouble(struct bench *bench, const struct trouble *trouble)
{
    char starts[60];
    if (bench->end != trouble->end)
        fail_msg("%s %s: %s: %s\n%s", trouble->protocol, trouble->fault,
                 run_stage_words[bench->end], bench->why, ask_double(bench, "/double", NULL));
    assert_int_equal(bench->ends, 1);
    snprintf(starts, sizeof starts, "\"starts\": {%s",
             trouble->starts ? "\"flow-1.gcode\": 1}" : "}");
    assert_non_null(strstr(ask_double(bench, "/double", NULL), starts));
}

/* All of them at once: a print takes seconds. */
static void test_faults(void **unused)
{
    enum { TROUBLES = sizeof troubles / sizeof *troubles };
    static struct bench benches[TROUBLES];
    int over = 0;
    (void)unused;
    for (int i = 0; i < TROUBLES; i++) {
        open_bench(&benches[i], troubles[i].protocol, "2", false);
        ask_double(&benches[i], "/double/fault", troubles[i].fault);
        begin_print(&benches[i], "flow-1.gcode");
    }
    for (int turns = 0; over < TROUBLES && turns < TURNS_AT_MOST; turns++) {
        over = 0;
        for (int i = 0; i < TROUBLES; i++) {
            driver_turn(benches[i].driver, 5);
            over += benches[i].ends;
        }
    }
    for (int i = 0; i < TROUBLES; i++) {
        check_trouble(&benches[i], &troubles[i]);
        close_bench(&benches[i]);
        unlink(benches[i].file);
    }
}

/* A paused job stands in the way: Moonraker would say "ok" and destroy it. */
static void test_paused(void **unused)
{
    (void)unused;
    struct bench bench;
    open_bench(&bench, "moonraker", "2", false);
    ask_double(&bench, "/double/do", "{\"what\":\"start_other\"}");
    ask_double(&bench, "/double/do", "{\"what\":\"pause\"}");
    print_once(&bench, "flow-1.gcode");
    assert_int_equal(bench.end, RUN_NOT_STARTED);
    assert_string_equal(bench.why, "the printer is paused: Printer is ready; nothing was started");
    assert_non_null(strstr(ask_double(&bench, "/double", NULL), "\"destroyed\": 0"));
    close_bench(&bench);
}

/* A printer that never ends harms itself only: its state is not known, and memory stays as it was. */
static void test_floods(void **unused)
{
    (void)unused;
    struct bench bench;
    struct rusage before, after;
    open_bench(&bench, "octoprint", "2", false);
    ask_double(&bench, "/double/fault",
               "{\"match\":\"GET /api/job\",\"fault\":\"huge\",\"count\":3}");
    getrusage(RUSAGE_SELF, &before);
    for (int turns = 0; turns < 40; turns++)
        driver_turn(bench.driver, 50);
    getrusage(RUSAGE_SELF, &after);
    assert_true(driver_has_heard(bench.driver, 0));
    assert_true(after.ru_maxrss - before.ru_maxrss < 20 * 1024);
    close_bench(&bench);
}

static void test_names(void **unused)
{
    (void)unused;
    struct bench bench;
    struct failure failure;
    open_bench(&bench, "octoprint", "2", false);
    assert_false(driver_print(bench.driver, 0, "/dev/null", "a b.gcode", &failure));
    assert_string_equal(failure.message,
                        "a print's name has letters, digits, -, _ and .; a b.gcode has not");
    assert_false(driver_print(bench.driver, 0, "/nowhere", "a.gcode", &failure));
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_prints), cmocka_unit_test(test_faults),
                                       cmocka_unit_test(test_paused), cmocka_unit_test(test_floods),
                                       cmocka_unit_test(test_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
