/* What is made of what a Bambu Lab printer says bit by bit, what it is told, and the packets that carry it. */
#include "printers/answers.h"
#include "printers/bambu.h"
#include "printers/mqtt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct reply reply_of(int status, const char *body)
{
    return (struct reply){.status = status, .body = body, .length = strlen(body)};
}

#define SAYS(fields) "{\"print\":{\"command\":\"push_status\"," fields "}}"
#define JOB_IS(id, name)                                                                           \
    "\"gcode_file\":\"x\",\"subtask_id\":\"" id "\",\"subtask_name\":\"" name "\","

static void say(struct bambu_view *view, const char *text)
{
    bambu_take(view, text, strlen(text));
}

static struct reply say_all(const struct bambu_view *view, char **body)
{
    *body = bambu_body(view);
    return reply_of(BAMBU_KNOWN, *body);
}

static void expect_bambu(struct bambu_view *view, enum printer_state state, const char *file,
                         const char *message, enum evidence evidence)
{
    char *body;
    struct reply reply = say_all(view, &body);
    struct printer_report report = unreported;
    protocol_bambu.hear_report(0, &reply, &report);
    struct errand ours = {.name = "ours.gcode.3mf", .size = 1406};
    if (report.state != state || strcmp(report.file, file) != 0 ||
        strcmp(report.message, message) != 0)
        fail_msg("%s with `%s`: %s, of %s", printer_state_words[report.state], report.file,
                 report.message, body);
    assert_int_equal(protocol_bambu.hear_evidence(&ours, &reply), evidence);
    free(body);
}

static void test_bambu_view(void **unused)
{
    struct bambu_view view = {0};
    char ours[200];
    (void)unused;
    /* Until everything was said once, nothing is known. */
    say(&view, SAYS("\"gcode_state\":\"IDLE\""));
    assert_false(bambu_is_whole(&view));
    say(&view, SAYS(JOB_IS("7", "old") "\"gcode_state\":\"FINISH\""));
    assert_true(bambu_is_whole(&view));
    expect_bambu(&view, PRINTER_FINISHED, "old (not seen: 7)", "", EVIDENCE_NONE);
    /* It names the new job, and is finished with the old one: neither begun nor over. */
    snprintf(ours, sizeof ours, SAYS("\"subtask_id\":\"%ld\",\"subtask_name\":\"ours\""),
             bambu_job_number("ours.gcode.3mf"));
    say(&view, ours);
    say(&view, "{\"print\":{\"command\":\"project_file\",\"gcode_state\":\"RUNNING\"}}");
    snprintf(ours, sizeof ours, "ours (not seen: %ld)", bambu_job_number("ours.gcode.3mf"));
    expect_bambu(&view, PRINTER_FINISHED, ours, "", EVIDENCE_UNREADABLE);
    say(&view, SAYS("\"gcode_state\":\"PREPARE\""));
    expect_bambu(&view, PRINTER_STARTING, "ours.gcode.3mf", "", EVIDENCE_STARTED);
    say(&view, SAYS("\"gcode_state\":\"PAUSE\",\"print_error\":50364420"));
    expect_bambu(&view, PRINTER_ATTENTION, "ours.gcode.3mf",
                 "error 0300-8004; its display says what to do", EVIDENCE_STARTED);
    say(&view, SAYS("\"gcode_state\":\"FINISH\",\"print_error\":16"));
    expect_bambu(&view, PRINTER_FINISHED, "ours.gcode.3mf", "", EVIDENCE_ENDED_WELL);
    /* How it ended is known over a lost connection, and when another job is in hand. */
    bambu_forget(&view);
    assert_false(bambu_is_whole(&view));
    say(&view, SAYS(JOB_IS("8", "next") "\"gcode_state\":\"RUNNING\""));
    expect_bambu(&view, PRINTER_PRINTING, "next.gcode.3mf", "", EVIDENCE_ENDED_WELL);
    bambu_forget(&view);
}

static void test_bambu_ends(void **unused)
{
    struct bambu_view view = {0};
    (void)unused;
    say(&view, SAYS(JOB_IS("9", "ours") "\"gcode_state\":\"RUNNING\""));
    say(&view, SAYS("\"gcode_state\":\"FAILED\",\"print_error\":50348044"));
    expect_bambu(&view, PRINTER_CANCELLED, "ours.gcode.3mf",
                 "error 0300-400C; its display says what to do", EVIDENCE_ENDED_BADLY);
    say(&view, SAYS("\"print_error\":0"));
    expect_bambu(&view, PRINTER_CANCELLED, "ours.gcode.3mf", "", EVIDENCE_ENDED_BADLY);
    say(&view, SAYS("\"print_error\":50364420"));
    expect_bambu(&view, PRINTER_ERROR, "ours.gcode.3mf",
                 "error 0300-8004; its display says what to do", EVIDENCE_ENDED_BADLY);
    /* Switched off and on: it takes commands of its maker only. */
    say(&view, SAYS(JOB_IS(
                   "0", "") "\"gcode_state\":\"IDLE\",\"print_error\":0,\"fun\":\"3EC1AFFF9CFF\""));
    expect_bambu(&view, PRINTER_ATTENTION, "",
                 "it takes no commands: turn on LAN Only and Developer Mode in its settings, and "
                 "restart it",
                 EVIDENCE_ENDED_BADLY);
    /* Wrong types, and what is none of ours, leave it as it was. */
    say(&view,
        SAYS("\"gcode_state\":7,\"subtask_name\":[],\"hms\":{},\"fun\":\"0\",\"big\":[1,2,3]"));
    say(&view, "[1e999]");
    say(&view, "{\"print\":[]}");
    say(&view, SAYS("\"hms\":[{\"attr\":50331904,\"code\":65543},7]"));
    expect_bambu(&view, PRINTER_IDLE, "", "HMS 0300-0100-0001-0007; its display says what to do",
                 EVIDENCE_ENDED_BADLY);
    assert_null(json_object_get(view.said, "big"));
    bambu_forget(&view);
}

static void test_bambu_start(void **unused)
{
    struct call call = {.method = "GET"};
    int slots[] = {6, SLOT_NONE, SLOT_OUTSIDE};
    struct errand two = {
        .name = "ours.gcode.3mf", .md5 = "c0ffee", .plate = 2, .slots = slots, .slot_count = 3};
    (void)unused;
    protocol_bambu.ask_start(&two, &call);
    json_t *request = json_loads(call.text, 0, NULL), *print = json_object_get(request, "print");
    assert_non_null(print);
    assert_string_equal(json_text_at(print, "param"), "Metadata/plate_2.gcode");
    assert_string_equal(json_text_at(print, "url"), "ftp:///ours.gcode.3mf");
    assert_string_equal(json_text_at(print, "subtask_name"), "ours");
    assert_int_equal(strtol(json_text_at(print, "task_id"), NULL, 10),
                     bambu_job_number("ours.gcode.3mf"));
    assert_non_null(strstr(call.text,
                           "\"use_ams\":true,\"ams_mapping\":[5,-1,-1],\"ams_mapping2\":"
                           "[{\"ams_id\":1,\"slot_id\":1},{\"ams_id\":255,\"slot_id\":255},"
                           "{\"ams_id\":255,\"slot_id\":0}]"));
    int many[SLOT_OUTSIDE];
    for (int i = 0; i < SLOT_OUTSIDE; i++)
        many[i] = i ? SLOT_NONE : SLOT_OUTSIDE;
    two.slots = many;
    two.slot_count = SLOT_OUTSIDE;
    protocol_bambu.ask_start(&two, &call);
    json_decref(request);
    request =
        json_loads(call.text, 0, NULL); /* whole: there is room for as many as a file can have */
    assert_non_null(request);
    assert_non_null(strstr(call.text, "\"use_ams\":false"));
    for (int i = 0; i < 1000; i++) {
        char name[40];
        snprintf(name, sizeof name, "flow-%d.gcode.3mf", i);
        assert_in_range(bambu_job_number(name), 1, INT32_MAX);
    }
    json_decref(request);
}

/* ---- MQTT ---- */

static void test_mqtt(void **unused)
{
    static const char came[] = "\x20\x02\x00\x05\xd0\x00\x32\x09\x00\x03"
                               "a/b\x00\x07hi";
    struct buffer out = {0};
    struct mqtt_packet packet;
    size_t length = sizeof came - 1;
    (void)unused;
    mqtt_add_publish(&out, 7, "a/b", "hi");
    assert_int_equal(out.length, 11);
    assert_memory_equal(out.text, came + 6, 11);
    buffer_clear(&out);
    mqtt_add_connect(&out, "me", "bblp", "12345678", 60);
    assert_memory_equal(out.text,
                        "\x10\x1e\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02me\x00\x04"
                        "bblp",
                        22);
    buffer_free(&out);
    assert_int_equal(mqtt_read(came, length, &packet), 4);
    assert_int_equal(packet.kind, MQTT_GREETED);
    assert_int_equal(packet.code, 5);
    assert_int_equal(mqtt_read(came + 4, length - 4, &packet), 2);
    assert_int_equal(packet.kind, MQTT_PONG);
    assert_int_equal(mqtt_read(came + 6, length - 6, &packet), 11);
    assert_int_equal(packet.kind, MQTT_NEWS);
    assert_memory_equal(packet.topic, "a/b", packet.topic_length);
    assert_int_equal(packet.length, 2);
    for (size_t cut = 0; cut < 11; cut++) /* some of it is missing yet */
        assert_int_equal(mqtt_read(came + 6, cut, &packet), 0);
    assert_true(mqtt_read("\x30\xff\xff\xff\x7f", 5, &packet) < 0); /* 256 MB */
    assert_true(mqtt_read("\x30\xff\xff\xff\xff\x7f", 6, &packet) < 0);
    assert_true(mqtt_read("\x30\x03\x00\x09x", 5, &packet) < 0); /* a topic beyond its end */
    assert_true(mqtt_read("\x20\x00", 2, &packet) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bambu_view), cmocka_unit_test(test_bambu_ends),
        cmocka_unit_test(test_bambu_start), cmocka_unit_test(test_mqtt)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
