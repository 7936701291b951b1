/* What telemetry makes of events and of what the farm reports: prints, printers, their figures and spans.
   tests/e2e/test_metrics.py and test_otlp.py have the server around it. */
#include "engine/decide.h"
#include "telemetry/otlp.h"
#include "telemetry/prometheus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "desk_hook_run.h"
#include "scratch.h"

static struct trial_spec hooks[1];
static struct trial shop, told; /* what is done; what telemetry was told of it */
static size_t told_length;
static int64_t sequence;
static struct telemetry *telemetry;

static int open_specs(void **unused)
{
    scratch_open(unused);
    trial_spec_open(&hooks[0], "snapshot-1", "tests/contract/desk-hook/desk_hook.flow");
    return 0;
}

static int close_specs(void **unused)
{
    compiled_close(&hooks[0].compiled);
    return scratch_close(unused);
}

static int open_shops(void **unused)
{
    (void)unused;
    trial_open(&shop, hooks, 1);
    trial_open(&told, hooks, 1);
    told_length = 0;
    sequence = 0;
    telemetry = telemetry_open();
    return 0;
}

static int close_shops(void **unused)
{
    (void)unused;
    telemetry_close(telemetry);
    trial_close(&told);
    trial_close(&shop);
    return 0;
}

/* Tells of all that was done since: a millisecond from event to event. */
static void tell(void)
{
    for (const char *line = shop.record.text + told_length, *end; *line; line = end + 1) {
        struct message event;
        struct failure failure;
        end = strchr(line, '\n');
        assert_true(
            message_read(line, (size_t)(end - line), true, &told.state.names, &event, &failure));
        apply(&told.state, &event, ++told.time_ms);
        telemetry_event(telemetry, &told.state, ++sequence, told.time_ms, &event);
    }
    told_length = shop.record.length;
}

static char *page(enum exposition exposition, int64_t now_ms)
{
    struct buffer out = {0};
    prometheus_write(&out, exposition, telemetry, &told.state, now_ms);
    return out.text;
}

static void shows(const char *line)
{
    char *text = page(PROMETHEUS_TEXT, 0), wanted[300];
    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    if (!strstr(text, wanted))
        fail_msg("%s is not in\n%s", line, text);
    free(text);
}

static void shows_no(const char *part)
{
    char *text = page(PROMETHEUS_TEXT, 0);
    if (strstr(text, part))
        fail_msg("%s is in\n%s", part, text);
    free(text);
}

#define FARM_DOES(text)                                                                            \
    do {                                                                                           \
        shop.by = THE_FARM;                                                                        \
        DO(text);                                                                                  \
        shop.by = "anna";                                                                          \
    } while (0)

#define BEGIN(name)                                                                                \
    FARM_DOES("{'command':'begin_attempt','job':'J-1','printer':'left','machine':'mk4','name':'"   \
              "" name "'}")

static void prepare_print(void)
{
    prepare(&shop);
    DO("{'command':'open_batch','batch':'B-1','product':'desk_hook','purpose':'sample'}");
    DO("{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':12}");
    DO("{'command':'start_batch','batch':'B-1'}");
    leave(&shop, "B-1", "collect", 1, 12, "pass");
    DO("{'command':'load_slot','printer':'left','slot':1,'material':'pla_black','lot':'SP-1',"
       "'grams':'500'}");
    DO("{'command':'empty_plate','printer':'left'}");
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate','file':'a.gcode'}");
    tell();
}

static void prints_are_counted_by_how_they_end(void **unused)
{
    (void)unused;
    prepare_print();
    shows("flow_jobs{stage=\"waiting\"} 1");
    shows_no("flow_builds_total{");
    BEGIN("1");
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'unknown','reason':'no answer'}");
    tell();
    shows("flow_jobs{stage=\"asked\"} 1");
    shows("flow_builds_total{machine=\"mk4\",material=\"pla_black\",outcome=\"failed\"} 0");
    DO("{'command':'end_attempt','job':'J-1','outcome':'failed','reason':'it came off'}");
    tell();
    shows("flow_jobs{stage=\"asked\"} 0");
    shows("flow_builds_total{machine=\"mk4\",material=\"pla_black\",outcome=\"failed\"} 1");
    shows("flow_builds_total{machine=\"mk4\",material=\"pla_black\",outcome=\"finished\"} 0");
    DO("{'command':'empty_plate','printer':'left'}");
    BEGIN("2");
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    FARM_DOES("{'command':'confirm_start','job':'J-1'}");
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    tell();
    shows("flow_builds_total{machine=\"mk4\",material=\"pla_black\",outcome=\"failed\"} 1");
    shows("flow_builds_total{machine=\"mk4\",material=\"pla_black\",outcome=\"finished\"} 1");
    shows("flow_units_left_total{product=\"desk_hook\",step=\"plate\",outcome=\"pass\"} 12");
    shows("flow_units_standing{product=\"desk_hook\",step=\"screen\"} 12");
    shows("flow_printer_out{printer=\"left\",machine=\"mk4\"} 0");
    DO("{'command':'take_out','printer':'left','reason':'its belt'}");
    tell();
    shows("flow_printer_out{printer=\"left\",machine=\"mk4\"} 1");
}

static void times_go_into_buckets(void **unused)
{
    (void)unused;
    prepare(&shop);
    tell();
    telemetry_scheduled(telemetry, 7000);
    telemetry_scheduled(telemetry, 10000); /* a bound belongs to its bucket */
    telemetry_scheduled(telemetry, 10001);
    telemetry_scheduled(telemetry, 4000000000);
    shows("flow_scheduling_seconds_bucket{le=\"0.005\"} 0");
    shows("flow_scheduling_seconds_bucket{le=\"0.01\"} 2");
    shows("flow_scheduling_seconds_bucket{le=\"0.02\"} 3");
    shows("flow_scheduling_seconds_bucket{le=\"3600.0\"} 3");
    shows("flow_scheduling_seconds_bucket{le=\"+Inf\"} 4");
    shows("flow_scheduling_seconds_sum 4000.027001");
    shows("flow_scheduling_seconds_count 4");
}

static void a_print_is_a_span_of_its_batch(void **unused)
{
    struct buffer spans = {0};
    (void)unused;
    telemetry_keep_spans(telemetry);
    prepare_print();
    assert_int_equal(telemetry_take_spans(telemetry, &spans, 100),
                     0); /* of the past none is kept */
    telemetry_go_live(telemetry);
    BEGIN("1");
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    told.time_ms = 1999; /* the attempt begins at 2000 */
    tell();
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'failed','reason':'it came off'}");
    told.time_ms = 4999;
    tell();
    assert_int_equal(telemetry_take_spans(telemetry, &spans, 100), 1);
    for (const char *const *part =
             (const char *const[]){
                 "\"name\":\"print\"", "\"startTimeUnixNano\":\"2000000000\"",
                 "\"endTimeUnixNano\":\"5000000000\"",
                 "{\"key\":\"flow.printer\",\"value\":{\"stringValue\":\"left\"}}",
                 "\"status\":{\"code\":2,\"message\":\"it came off\"}", NULL};
         *part; part++)
        if (!strstr(spans.text, *part))
            fail_msg("%s is not in %s", *part, spans.text);
    buffer_free(&spans);
}

static void spans_have_an_end(void **unused)
{
    struct buffer spans = {0};
    int taken = 0, last;
    (void)unused;
    telemetry_keep_spans(telemetry);
    telemetry_go_live(telemetry);
    prepare(&shop);
    tell();
    for (int i = 0; i < 5000; i++) { /* two spans each: filling, and the whole */
        DO("{'command':'open_batch','batch':'X-%d','product':'desk_hook','purpose':'sample'}", i);
        DO("{'command':'cancel_batch','batch':'X-%d','reason':'too many'}", i);
    }
    tell();
    shows(
        "flow_otlp_spans_total{outcome=\"dropped\"} 1808"); /* of 10,000 there is room for 8,192 */
    while ((last = telemetry_take_spans(telemetry, &spans, 1000)) > 0) {
        taken += last;
        buffer_clear(&spans);
    }
    assert_int_equal(taken, 8192);
    buffer_free(&spans);
}

static void time_in_states_adds_up(void **unused)
{
    (void)unused;
    prepare(&shop);
    tell();
    telemetry_printer(telemetry, "a\"b\\c\nd", "mk4", "idle", 10000);
    telemetry_printer(telemetry, "a\"b\\c\nd", "mk4", "printing", 12500);
    telemetry_printer(telemetry, "a\"b\\c\nd", "mk4", "idle", 20000);
    char *text = page(PROMETHEUS_TEXT, 21000);
    const char *const lines[] = {
        "\nflow_printer_state{printer=\"a\\\"b\\\\c\\nd\",machine=\"mk4\",state=\"idle\"} 1\n",
        "machine=\"mk4\",state=\"idle\"} 3.5\n", "machine=\"mk4\",state=\"printing\"} 7.5\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_non_null(strstr(text, lines[i]));
    assert_null(strstr(text, "state=\"offline\""));
    free(text);
}

static void both_expositions(void **unused)
{
    (void)unused;
    assert_int_equal(exposition_wanted(NULL), PROMETHEUS_TEXT);
    assert_int_equal(exposition_wanted("*/*"), PROMETHEUS_TEXT);
    assert_int_equal(exposition_wanted("application/openmetrics-text;version=1.0.0;q=0.75"),
                     OPEN_METRICS);
    prepare(&shop);
    tell();
    char *open = page(OPEN_METRICS, 0), *plain = page(PROMETHEUS_TEXT, 0);
    assert_non_null(strstr(open, "# TYPE flow_events counter\n"));
    assert_non_null(strstr(open, "\nflow_events_total{event=\"lot_received\"} 4\n"));
    assert_string_equal(open + strlen(open) - 6, "# EOF\n");
    assert_non_null(strstr(plain, "# TYPE flow_events_total counter\n"));
    assert_null(strstr(plain, "# EOF"));
    free(open);
    free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prints_are_counted_by_how_they_end, open_shops,
                                        close_shops),
        cmocka_unit_test_setup_teardown(times_go_into_buckets, open_shops, close_shops),
        cmocka_unit_test_setup_teardown(a_print_is_a_span_of_its_batch, open_shops, close_shops),
        cmocka_unit_test_setup_teardown(spans_have_an_end, open_shops, close_shops),
        cmocka_unit_test_setup_teardown(time_in_states_adds_up, open_shops, close_shops),
        cmocka_unit_test_setup_teardown(both_expositions, open_shops, close_shops),
    };
    return cmocka_run_group_tests(tests, open_specs, close_specs);
}
