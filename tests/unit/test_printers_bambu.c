/* Prints on a Bambu Lab printer that is not there: a real mosquitto and a real vsftpd, and tests/doubles/bambu.py between them.
   They want root and the packages of tests/packages.txt; without, these tests are left out. */
#include "printers/driver.h"
#include "printers/http.h"

#include "base/buffer.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "printer_bench.h"

#define NAME "flow-1.gcode.3mf"
static bool can_be_run(void)
{
    return geteuid() == 0 && access("/usr/sbin/mosquitto", X_OK) == 0 &&
           access("/usr/sbin/vsftpd", X_OK) == 0 && access("/usr/bin/mosquitto_pub", X_OK) == 0;
}

static void start_bambu(struct bench *bench, const char *option)
{
    start_double(bench, (const char *[]){"python3", FLOW_SOURCE_FOLDER "/tests/doubles/bambu.py",
                                         "--print-s", "1", option, NULL});
    bench->places = json_loads(bench->said, 0, NULL);
    assert_non_null(bench->places);
}

static const char *place(const struct bench *bench, const char *name)
{
    return json_string_value(json_object_get(bench->places, name));
}

static int port(const struct bench *bench, const char *name)
{
    return (int)json_integer_value(json_object_get(bench->places, name));
}

static void open_driver(struct bench *bench)
{
    struct failure failure;
    struct listener listener = {
        .intended = intend, .moved = moved, .chance = no_chance, .data = bench};
    bench->driver = driver_open(&bench->farm, &listener, POLL_MS, &failure);
    assert_non_null(bench->driver);
}

static void open_bench(struct bench *bench, const char *option)
{
    *bench = (struct bench){0};
    start_bambu(bench, option);
    open_line(bench, place(bench, "address"));
    bench->slot = (struct farm_slot){.slot = 3, .material = "pla_black", .lot = "", .left_mg = -1};
    bench->printer = (struct farm_printer){.name = "p",
                                           .machine = "",
                                           .protocol = &protocol_bambu,
                                           .address = place(bench, "host"),
                                           .port = port(bench, "port"),
                                           .files_port = port(bench, "files_port"),
                                           .serial = "01P00A000000001",
                                           .user = "bblp",
                                           .password = "12345678",
                                           .certificate_file = place(bench, "certificate_file"),
                                           .slots = &bench->slot,
                                           .slot_count = 1};
    bench->farm = (struct farm){.printers = &bench->printer, .count = 1};
    open_driver(bench);
}

static void close_bambu(struct bench *bench)
{
    json_decref(bench->places);
    close_bench(bench);
}

static void expect(struct bench *bench, enum run_stage end, const char *in_the_double)
{
    const char *told = ask_double(bench, "/double", NULL);
    if (bench->end != end || !strstr(told, in_the_double))
        fail_msg("%s: %s; %s is not in %s", run_stage_words[bench->end], bench->why, in_the_double,
                 told);
}

/* ---- prints ---- */

static void test_prints(void **unused)
{
    struct bench bench;
    (void)unused;
    if (!can_be_run())
        skip();
    open_bench(&bench, NULL);
    begin_print(&bench, NAME);
    turn_until_over(&bench);
    expect(&bench, RUN_FINISHED, "\"starts\": {\"" NAME "\": 1}");
    assert_int_equal(bench.intents, 1);
    expect(&bench, RUN_FINISHED, "\\\"ams_mapping\\\": [2]");
    expect(&bench, RUN_FINISHED, "\\\"use_ams\\\": true");
    /* A file that stays is printed again by some models when they are switched on. */
    for (int turns = 0; !strstr(ask_double(&bench, "/double", NULL), "\"files\": []"); turns++) {
        assert_true(turns < TURNS_AT_MOST);
        driver_turn(bench.driver, 20);
    }
    close_bambu(&bench);
}

static void test_cancels(void **unused)
{
    struct bench bench;
    struct failure failure;
    (void)unused;
    if (!can_be_run())
        skip();
    open_bench(&bench, "--print-s=600");
    begin_print(&bench, NAME);
    for (int turns = 0;
         turns < TURNS_AT_MOST && driver_report(bench.driver, 0)->state != PRINTER_PRINTING;
         turns++)
        driver_turn(bench.driver, 20);
    assert_true(driver_order(bench.driver, 0, ORDER_CANCEL, NAME, &failure));
    turn_until_over(&bench);
    expect(&bench, RUN_FAILED, "\"state\": \"cancelled\"");
    close_bambu(&bench);
}

/* ---- faults ---- */

struct trouble {
    const char *fault, *option;
    enum run_stage end;
    int starts;
};

static const struct trouble troubles[] = {
    {"{\"fault\":\"late\",\"seconds\":3}", NULL, RUN_FINISHED, 1},
    {"{\"fault\":\"kill_after\",\"seconds\":0.3}", NULL, RUN_FINISHED, 1},
    {"{\"fault\":\"cut_upload\"}", "--slow-files", RUN_FINISHED, 1},
    {"{\"fault\":\"none\"}", "--accept-s=4", RUN_FINISHED, 1},
};

/* All of them at once: a print takes seconds. */
static void test_faults(void **unused)
{
    enum { TROUBLES = sizeof troubles / sizeof *troubles };
    static struct bench benches[TROUBLES];
    int over = 0;
    (void)unused;
    if (!can_be_run())
        skip();
    for (int i = 0; i < TROUBLES; i++) {
        open_bench(&benches[i], troubles[i].option);
        ask_double(&benches[i], "/double/fault", troubles[i].fault);
        begin_print(&benches[i], NAME);
    }
    for (int turns = 0; over < TROUBLES && turns < TURNS_AT_MOST; turns++) {
        over = 0;
        for (int i = 0; i < TROUBLES; i++) {
            driver_turn(benches[i].driver, 5);
            over += benches[i].ends;
        }
    }
    for (int i = 0; i < TROUBLES; i++) {
        if (!benches[i].ends)
            fail_msg("%s does not end: it is %s: %s\n%s", troubles[i].fault,
                     printer_state_words[driver_report(benches[i].driver, 0)->state],
                     driver_report(benches[i].driver, 0)->message,
                     ask_double(&benches[i], "/double", NULL));
        expect(&benches[i], troubles[i].end,
               troubles[i].starts ? "\"starts\": {\"" NAME "\": 1}" : "\"starts\": {}");
        close_bambu(&benches[i]);
    }
}

/* A paused job stands in the way: the smallest model would end it. */
static void test_paused(void **unused)
{
    struct bench bench;
    (void)unused;
    if (!can_be_run())
        skip();
    open_bench(&bench, "--print-s=600");
    ask_double(&bench, "/double/do", "{\"what\":\"start_other\"}");
    ask_double(&bench, "/double/do", "{\"what\":\"pause\"}");
    begin_print(&bench, NAME);
    turn_until_over(&bench);
    expect(&bench, RUN_NOT_STARTED, "\"destroyed\": 0");
    close_bambu(&bench);
}

/* A broken printer is shown as it is; a person who cancels has not broken it. */
static void wait_for_state(struct bench *bench, enum printer_state state, const char *message)
{
    const struct printer_report *report = driver_report(bench->driver, 0);
    bool so = false;
    for (int turns = 0; turns < TURNS_AT_MOST && !so; turns++) {
        driver_turn(bench->driver, 20);
        so = report->state == state && strstr(report->message, message);
    }
    if (!so)
        fail_msg("%s, not %s: %s", printer_state_words[report->state], printer_state_words[state],
                 report->message);
}

static void test_states(void **unused)
{
    struct bench bench;
    (void)unused;
    if (!can_be_run())
        skip();
    open_bench(&bench, "--print-s=600");
    wait_for_state(&bench, PRINTER_IDLE, "");
    ask_double(&bench, "/double/do", "{\"what\":\"start_other\"}");
    wait_for_state(&bench, PRINTER_PRINTING, "");
    assert_string_equal(driver_report(bench.driver, 0)->file, "other-1.gcode.3mf");
    ask_double(&bench, "/double/do", "{\"what\":\"pause\"}");
    wait_for_state(&bench, PRINTER_PAUSED, "");
    ask_double(&bench, "/double/do", "{\"what\":\"garbage\"}");
    ask_double(&bench, "/double/do", "{\"what\":\"cancel\"}");
    wait_for_state(&bench, PRINTER_CANCELLED, "error 0300-400C");
    ask_double(&bench, "/double/do", "{\"what\":\"start_other\"}");
    ask_double(&bench, "/double/do", "{\"what\":\"error\"}");
    wait_for_state(&bench, PRINTER_ERROR, "error 0300-8004");
    ask_double(&bench, "/double/do", "{\"what\":\"stop_brokers\"}");
    wait_for_state(&bench, PRINTER_OFFLINE, "");
    ask_double(&bench, "/double/do", "{\"what\":\"start_brokers\"}");
    wait_for_state(&bench, PRINTER_ERROR, "");
    ask_double(&bench, "/double/do", "{\"what\":\"flood\"}");
    wait_for_state(&bench, PRINTER_OFFLINE, "");
    wait_for_state(&bench, PRINTER_ERROR, "");
    close_bambu(&bench);
}

/* ---- who is there ---- */

static void expect_alone(struct bench *bench, enum printer_state state, const char *message)
{
    driver_close(bench->driver);
    open_driver(bench);
    wait_for_state(bench, state, message);
}

static void test_identity(void **unused)
{
    struct bench bench;
    (void)unused;
    if (!can_be_run())
        skip();
    open_bench(&bench, NULL);
    expect_alone(&bench, PRINTER_IDLE, "");
    bench.printer.certificate_file = place(&bench, "own_certificate"); /* which is enough */
    expect_alone(&bench, PRINTER_IDLE, "");
    bench.printer.certificate_file = place(&bench, "certificate_file");
    bench.printer.serial = "01P00A000000002";
    expect_alone(&bench, PRINTER_UNKNOWN, "its certificate is not that of this serial number");
    bench.printer.serial = "01P00A000000001";
    bench.printer.certificate_file = "/etc/ssl/certs/ca-certificates.crt";
    expect_alone(&bench, PRINTER_UNKNOWN, "its certificate is not that of this serial number");
    bench.printer.certificate_file = place(&bench, "certificate_file");
    bench.printer.password = "87654321";
    expect_alone(&bench, PRINTER_UNKNOWN, "the access code is refused");
    bench.printer.password = "12345678";
    ask_double(&bench, "/double/do", "{\"what\":\"signed_only\"}");
    expect_alone(&bench, PRINTER_ATTENTION, "Developer Mode");
    bench.printer.port = 1;
    driver_close(bench.driver);
    open_driver(&bench);
    for (int turns = 0; turns < TURNS_AT_MOST && !driver_has_heard(bench.driver, 0); turns++)
        driver_turn(bench.driver, 20);
    assert_int_equal(driver_status(bench.driver, 0), -1);
    close_bambu(&bench);
}

static void test_names(void **unused)
{
    struct bench bench;
    struct failure failure;
    (void)unused;
    if (!can_be_run())
        skip();
    open_bench(&bench, NULL);
    assert_false(driver_print(bench.driver, 0, "/dev/null", "flow-1.gcode", &failure));
    assert_string_equal(failure.message,
                        "that printer wants a file .gcode.3mf; flow-1.gcode is none");
    close_bambu(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prints), cmocka_unit_test(test_cancels),
        cmocka_unit_test(test_faults), cmocka_unit_test(test_paused),
        cmocka_unit_test(test_states), cmocka_unit_test(test_identity),
        cmocka_unit_test(test_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
