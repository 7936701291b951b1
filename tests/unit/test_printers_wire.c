/* Prints over real sockets, against the doubles of tests/doubles: the driver, the calls of each protocol, faults on the way. */
#include "printers/driver.h"
#include "printers/http.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "printer_bench.h"

static void ordered(void *data, int printer, const struct print_order *order)
{
    struct bench *bench = data;
    (void)printer;
    bench->orders++;
    bench->obeyed = order->stage;
    snprintf(bench->why, sizeof bench->why, "%s", order->why);
}

static void open_bench_polled(struct bench *bench, const char *protocol, const char *print_s,
                              bool digest, int poll_ms)
{
    struct failure failure;
    *bench = (struct bench){0};
    start_double(bench, (const char *[]){"python3", FLOW_SOURCE_FOLDER "/tests/doubles/printer.py",
                                         protocol, "--key", "secret", "--print-s", print_s, NULL});
    open_line(bench, bench->said);
    bench->printer = (struct farm_printer){.name = "p",
                                           .machine = "",
                                           .protocol = protocol_find(protocol),
                                           .address = bench->said,
                                           .key = digest ? NULL : "secret",
                                           .user = digest ? "maker" : NULL,
                                           .password = digest ? "secret" : NULL};
    bench->farm = (struct farm){.printers = &bench->printer, .count = 1};
    struct listener listener = {.intended = intend,
                                .moved = moved,
                                .ordered = ordered,
                                .chance = no_chance,
                                .hears_news = true,
                                .data = bench};
    bench->driver = driver_open(&bench->farm, &listener, poll_ms, &failure);
    assert_non_null(bench->driver);
}

static void open_bench(struct bench *bench, const char *protocol, const char *print_s, bool digest)
{
    open_bench_polled(bench, protocol, print_s, digest, POLL_MS);
}

static void turn_for(struct bench *bench, int wait_ms)
{
    struct timespec now, until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += wait_ms % 1000 * 1000000L;
    do {
        driver_turn(bench->driver, 20);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec < until.tv_sec ||
             (now.tv_sec == until.tv_sec && now.tv_nsec < until.tv_nsec));
}

static void print_once(struct bench *bench, const char *name)
{
    begin_print(bench, name);
    turn_until_over(bench);
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

/* ---- news ---- */

static void turn_until(struct bench *bench, enum printer_state state)
{
    for (int turns = 0; driver_report(bench->driver, 0)->state != state; turns++) {
        assert_true(turns < TURNS_AT_MOST);
        driver_turn(bench->driver, 100);
    }
}

static void wait_for_listeners(struct bench *bench, const char *said)
{
    for (int turns = 0; !strstr(ask_double(bench, "/double", NULL), said); turns++) {
        assert_true(turns < TURNS_AT_MOST);
        driver_turn(bench->driver, 100);
    }
}

/* Polled once an hour, a change is heard at once all the same; where nobody tells of it any more, polling goes on. */
static void test_news(void **unused)
{
    (void)unused;
    struct bench bench;
    open_bench_polled(&bench, "moonraker", "600", false, 3600000);
    wait_for_listeners(&bench, "\"listeners\": 1");
    ask_double(&bench, "/double/do", "{\"what\":\"start_other\"}");
    turn_until(&bench, PRINTER_PRINTING);
    ask_double(&bench, "/double/do", "{\"what\":\"pause\"}");
    turn_until(&bench, PRINTER_PAUSED);
    ask_double(&bench, "/double/do", "{\"what\":\"hang_up\"}");
    wait_for_listeners(&bench, "\"listeners\": 0");
    ask_double(&bench, "/double/do", "{\"what\":\"resume\"}");
    turn_for(&bench, 500);
    assert_int_equal(driver_report(bench.driver, 0)->state, PRINTER_PAUSED);
    close_bench(&bench);
}

/* ---- orders ---- */

static void order_one(struct bench *bench, enum printer_order what, const char *name,
                      enum print_order_stage wanted)
{
    struct failure failure;
    int before = bench->orders;
    assert_true(driver_order(bench->driver, 0, what, name, &failure));
    assert_false(driver_order(bench->driver, 0, what, name, &failure)); /* one at a time */
    for (int turns = 0; bench->orders == before && turns < TURNS_AT_MOST; turns++)
        driver_turn(bench->driver, 100);
    if (bench->obeyed != wanted)
        fail_msg("order %d ended as %d: %s", (int)what, (int)bench->obeyed, bench->why);
}

static void order_through(const char *protocol)
{
    struct bench bench;
    open_bench(&bench, protocol, "600", false);
    begin_print(&bench, "flow-1.gcode");
    turn_until(&bench, PRINTER_PRINTING);
    order_one(&bench, ORDER_RESUME, "flow-1.gcode", ORDER_OBEYED); /* it prints already */
    ask_double(&bench, "/double/fault", "{\"match\":\"pause\",\"fault\":\"drop_after\"}");
    order_one(&bench, ORDER_PAUSE, "flow-1.gcode", ORDER_OBEYED);
    assert_non_null(strstr(ask_double(&bench, "/double", NULL), "\"state\": \"paused\""));
    order_one(&bench, ORDER_CANCEL, "flow-2.gcode", ORDER_REFUSED); /* not what is in hand */
    assert_non_null(strstr(bench.why, "flow-2.gcode is not in hand: the printer is paused with "));
    assert_non_null(strstr(ask_double(&bench, "/double", NULL), "\"state\": \"paused\""));
    order_one(&bench, ORDER_RESUME, "flow-1.gcode", ORDER_OBEYED);
    assert_int_equal(bench.ends, 0);
    order_one(&bench, ORDER_CANCEL, "flow-1.gcode", ORDER_OBEYED);
    for (int turns = 0; !bench.ends && turns < TURNS_AT_MOST; turns++)
        driver_turn(bench.driver, 100);
    assert_int_equal(bench.end, RUN_FAILED);
    order_one(&bench, ORDER_CANCEL, "flow-1.gcode", ORDER_REFUSED); /* nothing is in hand */
    assert_non_null(
        strstr(ask_double(&bench, "/double", NULL), "\"starts\": {\"flow-1.gcode\": 1}"));
    close_bench(&bench);
    unlink(bench.file);
}

static void test_orders(void **unused)
{
    (void)unused;
    order_through("octoprint");
    order_through("moonraker");
    order_through("prusalink");
}

/* An order that nothing heard is given again, and none goes to what another started meanwhile. */
static void test_lost_orders(void **unused)
{
    (void)unused;
    struct bench bench;
    open_bench(&bench, "moonraker", "60", false);
    begin_print(&bench, "flow-1.gcode");
    turn_until(&bench, PRINTER_PRINTING);
    ask_double(&bench, "/double/fault", "{\"match\":\"cancel\",\"fault\":\"drop_before\"}");
    order_one(&bench, ORDER_CANCEL, "flow-1.gcode", ORDER_OBEYED);
    ask_double(&bench, "/double/do", "{\"what\":\"start_other\"}");
    order_one(&bench, ORDER_CANCEL, "flow-1.gcode", ORDER_REFUSED);
    assert_non_null(strstr(ask_double(&bench, "/double", NULL), "\"state\": \"printing\""));
    close_bench(&bench);
    unlink(bench.file);
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
    for (int turns = 0; turns < TURNS_AT_MOST && !driver_has_heard(bench.driver, 0); turns++)
        driver_turn(bench.driver, 50);
    turn_for(&bench, 2000);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prints), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_paused), cmocka_unit_test(test_floods),
        cmocka_unit_test(test_names),  cmocka_unit_test(test_news),
        cmocka_unit_test(test_orders), cmocka_unit_test(test_lost_orders)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
