/* What each protocol makes of what a printer's server answers: states, outcomes, evidence. The bodies are our own, in the
   shape of the real ones; FLOW_RECORDED_PRINTERS names a folder of recorded exchanges, which are then read as well. */
#include "printers/answers.h"
#include "printers/run.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct errand errand = {
    .name = "part 1.gcode", .size = 1406, .sha1 = "c0ffee", .sha256 = "5ha", .md5 = "md5"};

static struct reply reply_of(int status, const char *body)
{
    return (struct reply){.status = status, .body = body, .length = strlen(body)};
}

/* ---- states ---- */

struct seen {
    const char *protocol;
    int status;
    const char *body, *second; /* of the second call, where there is one: "204" for none */
    enum printer_state state;
    const char *file, *message;
};

#define JOB(state, path, completion)                                                               \
    "{\"job\":{\"file\":{\"path\":" path "}},\"progress\":{\"completion\":" completion             \
    ",\"printTimeLeft\":7},\"state\":\"" state "\"}"
#define KLIPPER(health, state, file, doing)                                                        \
    "{\"result\":{\"status\":{\"webhooks\":{\"state\":\"" health                                   \
    "\",\"state_message\":\"as \\u001b[31mit\\nis\"},\"print_stats\":{\"state\":\"" state          \
    "\",\"filename\":\"" file "\",\"print_duration\":5},\"virtual_sdcard\":{\"progress\":0.5},"    \
    "\"idle_timeout\":{\"state\":\"" doing "\"}}}}"
#define PRUSA(state) "{\"printer\":{\"state\":\"" state "\"}}"
#define PRUSA_JOB(state) "{\"printer\":{\"state\":\"" state "\"},\"job\":{\"id\":7,\"progress\":3}}"
#define PRUSA_FILE "{\"id\":7,\"file\":{\"name\":\"P1~1.GCO\",\"display_name\":\"part 1.gcode\"}}"

#define HEATERS(bed) "{\"temperature\":{\"bed\":" bed ",\"tool0\":{\"actual\":21.3,\"target\":0}}}"

static const struct seen seen[] = {
    {"octoprint", 200, JOB("Operational", "null", "null"), NULL, PRINTER_IDLE, "", ""},
    {"octoprint", 200, JOB("Operational", "\"a\"", "100.0"), NULL, PRINTER_FINISHED, "a", ""},
    {"octoprint", 200, JOB("Operational", "\"a\"", "null"), NULL, PRINTER_IDLE, "a", ""},
    {"octoprint", 200, JOB("Printing from SD", "\"a\"", "3"), "{}", PRINTER_PRINTING, "a", ""},
    {"octoprint", 200, JOB("Pausing", "\"a\"", "3"), NULL, PRINTER_PAUSED, "a", ""},
    {"octoprint", 200, JOB("Cancelling", "\"a\"", "3"), HEATERS("[]"), PRINTER_PRINTING, "a", ""},
    {"octoprint", 200, JOB("Starting", "\"a\"", "0"), "204", PRINTER_STARTING, "a", ""},
    {"octoprint", 200, JOB("Offline", "null", "null"), NULL, PRINTER_OFFLINE, "", ""},
    {"octoprint", 200, "{\"state\":\"Offline after error\",\"error\":\"hot\"}", NULL, PRINTER_ERROR,
     "", "hot"},
    {"octoprint", 200, "{\"state\":7,\"job\":[],\"progress\":{\"completion\":1e308}}", NULL,
     PRINTER_UNKNOWN, "", ""},
    {"octoprint", 403, "{\"error\":\"no\"}", NULL, PRINTER_UNKNOWN, "",
     "the key is refused: make a user key in OctoPrint's settings"},
    {"octoprint", 0, "", NULL, PRINTER_OFFLINE, "", ""},
    {"octoprint", 502, "<html>", NULL, PRINTER_UNKNOWN, "", ""},
    {"moonraker", 200, KLIPPER("ready", "standby", "", "Idle"), NULL, PRINTER_IDLE, "",
     "as  [31mit is"},
    {"moonraker", 200, KLIPPER("ready", "printing", "a", "Printing"), NULL, PRINTER_PRINTING, "a",
     NULL},
    {"moonraker", 200, KLIPPER("ready", "paused", "a", "Printing"), NULL, PRINTER_PAUSED, "a",
     NULL},
    {"moonraker", 200, KLIPPER("ready", "complete", "a", "Ready"), NULL, PRINTER_FINISHED, "a",
     NULL},
    {"moonraker", 200, KLIPPER("ready", "cancelled", "a", "Ready"), NULL, PRINTER_CANCELLED, "a",
     NULL},
    /* health before the job, which stays "printing" for ever */
    {"moonraker", 200, KLIPPER("shutdown", "printing", "a", "Printing"), NULL, PRINTER_ERROR, "a",
     NULL},
    {"moonraker", 200, KLIPPER("startup", "standby", "", "Idle"), NULL, PRINTER_OFFLINE, "", NULL},
    {"moonraker", 503, "{\"error\":{\"code\":503,\"message\":\"Klippy gone\"}}", NULL,
     PRINTER_OFFLINE, "", "Klippy gone"},
    {"moonraker", 200, "[1e999]", NULL, PRINTER_UNKNOWN, "", ""},
    {"prusalink", 200, PRUSA("IDLE"), NULL, PRINTER_IDLE, "", ""},
    {"prusalink", 200, PRUSA("READY"), NULL, PRINTER_IDLE, "", ""},
    {"prusalink", 200, PRUSA("BUSY"), NULL, PRINTER_STARTING, "", ""},
    {"prusalink", 200, PRUSA("FINISHED"), NULL, PRINTER_FINISHED, "", ""},
    {"prusalink", 200, PRUSA("STOPPED"), NULL, PRINTER_CANCELLED, "", ""},
    {"prusalink", 200, PRUSA("ERROR"), NULL, PRINTER_ERROR, "", ""},
    {"prusalink", 200, PRUSA_JOB("PRINTING"), PRUSA_FILE, PRINTER_PRINTING, "part 1.gcode", ""},
    {"prusalink", 200, PRUSA_JOB("PAUSED"), PRUSA_FILE, PRINTER_PAUSED, "part 1.gcode", ""},
    {"prusalink", 200, PRUSA_JOB("ATTENTION"), PRUSA_FILE, PRINTER_ATTENTION, "part 1.gcode", ""},
    {"prusalink", 200, PRUSA_JOB("PRINTING"), "204", PRINTER_PRINTING, "", ""},
    {"prusalink", 200, PRUSA_JOB("PRINTING"), "", PRINTER_OFFLINE, "", ""},
    {"prusalink", 401, "", NULL, PRINTER_UNKNOWN, "",
     "the password is refused: it stands in the printer's menu"},
};

static struct printer_report report_of(const struct protocol *protocol, struct reply first,
                                       const char *second)
{
    struct printer_report report = {.state = PRINTER_UNKNOWN, .progress = -1, .remaining_s = -1};
    struct call call = {0};
    bool more = protocol->hear_report(0, &first, &report) && protocol->ask_report(1, &call);
    assert_int_equal(more, second != NULL);
    struct reply next = !second                      ? (struct reply){0}
                        : strcmp(second, "204") == 0 ? reply_of(204, "")
                        : *second                    ? reply_of(200, second)
                                                     : (struct reply){0};
    if (more)
        protocol->hear_report(1, &next, &report);
    return report;
}

static void test_states(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        const struct seen *row = &seen[i];
        struct printer_report report =
            report_of(protocol_find(row->protocol), reply_of(row->status, row->body), row->second);
        if (report.state != row->state)
            fail_msg("%s %s: %s", row->protocol, row->body, printer_state_words[report.state]);
        assert_string_equal(report.file, row->file);
        if (row->message)
            assert_string_equal(report.message, row->message);
        assert_true(report.progress <= 1 && report.remaining_s >= -1);
    }
}

struct heats {
    const char *protocol, *body, *second;
    bool heating;
};

#define HOT(has, wants) "{\"actual\":" has ",\"target\":" wants "}"
#define KLIPPER_HOT(bed)                                                                           \
    "{\"result\":{\"status\":{\"webhooks\":{\"state\":\"ready\"},\"extruder\":"                    \
    "{\"temperature\":20.9,\"target\":0},\"heater_bed\":" bed "}}}"
#define PRUSA_HOT(has, wants)                                                                      \
    "{\"printer\":{\"state\":\"IDLE\",\"temp_nozzle\":" has ",\"target_nozzle\":" wants "}}"

static const struct heats heats[] = {
    {"octoprint", JOB("Printing", "\"a\"", "3"), HEATERS(HOT("21", "60")), true},
    {"octoprint", JOB("Printing", "\"a\"", "3"), HEATERS(HOT("58", "60")), false},
    {"octoprint", JOB("Printing", "\"a\"", "3"), HEATERS(HOT("null", "60")), false},
    {"octoprint", JOB("Printing", "\"a\"", "3"), "", false},
    {"moonraker", KLIPPER_HOT("{\"temperature\":56.9,\"target\":60}"), NULL, true},
    {"moonraker", KLIPPER_HOT("{\"temperature\":57.1,\"target\":60}"), NULL, false},
    {"moonraker", KLIPPER_HOT("{\"temperature\":90,\"target\":0}"), NULL, false},
    {"moonraker", KLIPPER_HOT("{}"), NULL, false},
    {"prusalink", PRUSA_HOT("150", "215"), NULL, true},
    {"prusalink", PRUSA_HOT("215", "215"), NULL, false},
    {"prusalink", PRUSA_HOT("\"x\"", "[1]"), NULL, false},
};

static void test_heating(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof heats / sizeof *heats; i++) {
        struct printer_report report = report_of(protocol_find(heats[i].protocol),
                                                 reply_of(200, heats[i].body), heats[i].second);
        if (report.heating != heats[i].heating)
            fail_msg("row %zu: %s", i, heats[i].body);
    }
    /* late in a print OctoPrint is not asked for it */
    struct printer_report report =
        report_of(&protocol_octoprint,
                  reply_of(200, "{\"state\":\"Printing\",\"progress\":{\"printTime\":901}}"), NULL);
    assert_int_equal(report.state, PRINTER_PRINTING);
}

/* ---- outcomes and evidence ---- */

enum question { UPLOAD, STORED, START, EVIDENCE };

struct heard {
    const char *protocol;
    enum question question;
    int status;
    const char *body;
    int wanted;
};

static const struct heard heard[] = {
    {"octoprint", UPLOAD, 201, "{\"files\":{\"local\":{\"path\":\"part 1.gcode\"}}}", DEED_DONE},
    {"octoprint", UPLOAD, 201, "{\"files\":{\"local\":{\"path\":\"part.gcode\"}}}", DEED_REFUSED},
    {"octoprint", UPLOAD, 409, "", DEED_UNKNOWN},
    {"octoprint", UPLOAD, 415, "", DEED_REFUSED},
    {"octoprint", UPLOAD, 503, "", DEED_UNKNOWN},
    {"octoprint", STORED, 200, "{\"hash\":\"C0ffee\"}", DEED_DONE},
    {"octoprint", STORED, 200, "{\"hash\":\"c0\"}", DEED_REFUSED},
    {"octoprint", STORED, 200, "{}", DEED_UNKNOWN},
    {"octoprint", STORED, 404, "", DEED_NOT_DONE},
    {"octoprint", START, 204, "", DEED_DONE},
    {"octoprint", START, 409, "", DEED_NOT_DONE},
    {"octoprint", START, 403, "", DEED_REFUSED},
    {"octoprint", START, 0, "", DEED_UNKNOWN},
    {"octoprint", START, 502, "", DEED_UNKNOWN},
    {"octoprint", EVIDENCE, 200, "{\"hash\":\"c0ffee\"}", EVIDENCE_NONE},
    {"octoprint", EVIDENCE, 200, "{\"prints\":{\"last\":{\"success\":true}}}", EVIDENCE_ENDED_WELL},
    {"octoprint", EVIDENCE, 200, "{\"prints\":{\"last\":{\"success\":false}}}",
     EVIDENCE_ENDED_BADLY},
    {"octoprint", EVIDENCE, 404, "", EVIDENCE_UNREADABLE},
    {"octoprint", EVIDENCE, 200, "torn", EVIDENCE_UNREADABLE},
    {"moonraker", UPLOAD, 201, "{\"item\":{\"path\":\"part 1.gcode\"}}", DEED_DONE},
    {"moonraker", UPLOAD, 422, "", DEED_NOT_DONE},
    {"moonraker", STORED, 200, "{\"result\":{\"size\":1406}}", DEED_DONE},
    {"moonraker", STORED, 200, "{\"result\":{\"size\":1}}", DEED_NOT_DONE},
    {"moonraker", START, 200, "{\"result\":\"ok\"}", DEED_DONE},
    {"moonraker", START, 400, "{\"error\":{\"message\":\"SD busy\"}}", DEED_NOT_DONE},
    {"moonraker", START, 400, "{\"error\":{\"message\":\"Unable to open file\"}}", DEED_NOT_DONE},
    {"moonraker", START, 400, "{\"error\":{\"message\":\"Unknown\"}}", DEED_UNKNOWN},
    {"moonraker", EVIDENCE, 200, "{\"result\":{\"jobs\":[]}}", EVIDENCE_NONE},
    {"moonraker", EVIDENCE, 200, "{\"result\":{}}", EVIDENCE_UNREADABLE},
#define ROW(status)                                                                                \
    "{\"result\":{\"jobs\":[7,{\"filename\":\"part 1.gcode\",\"status\":\"" status "\"}]}}"
    {"moonraker", EVIDENCE, 200, ROW("in_progress"), EVIDENCE_STARTED},
    {"moonraker", EVIDENCE, 200, ROW("completed"), EVIDENCE_ENDED_WELL},
    {"moonraker", EVIDENCE, 200, ROW("cancelled"), EVIDENCE_ENDED_BADLY},
    {"moonraker", EVIDENCE, 200, ROW("klippy_shutdown"), EVIDENCE_ENDED_BADLY},
    {"moonraker", EVIDENCE, 200, ROW("interrupted"), EVIDENCE_STARTED},
    {"moonraker", EVIDENCE, 200, ROW("server_exit"), EVIDENCE_STARTED},
    {"prusalink", UPLOAD, 201, "", DEED_DONE},
    {"prusalink", UPLOAD, 409, "{\"text\":\"Another transfer in progress\"}", DEED_NOT_DONE},
    {"prusalink", UPLOAD, 409, "{\"text\":\"File already exists\"}", DEED_UNKNOWN},
    {"prusalink", UPLOAD, 507, "", DEED_REFUSED},
    {"prusalink", STORED, 200, "{\"size\":1406}", DEED_DONE},
    {"prusalink", STORED, 200, "{\"size\":14}", DEED_UNKNOWN},
    {"prusalink", START, 204, "", DEED_DONE},
    {"prusalink", START, 409, "", DEED_NOT_DONE},
    {"prusalink", START, 500, "", DEED_UNKNOWN},
    {"prusalink", EVIDENCE, 204, "", EVIDENCE_NONE},
    {"prusalink", EVIDENCE, 200, PRUSA_FILE, EVIDENCE_STARTED},
    {"prusalink", EVIDENCE, 200, "{\"file\":{\"name\":\"x\"}}", EVIDENCE_NONE},
    {"prusalink", EVIDENCE, 0, "", EVIDENCE_UNREADABLE},
};

static int hear(const struct protocol *protocol, enum question question, const struct reply *reply)
{
    return question == UPLOAD   ? (int)protocol->hear_upload(&errand, reply)
           : question == STORED ? (int)protocol->hear_stored(&errand, reply)
           : question == START  ? (int)protocol->hear_start(&errand, reply)
                                : (int)protocol->hear_evidence(&errand, reply);
}

static void test_outcomes(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) {
        const struct heard *row = &heard[i];
        struct reply reply = reply_of(row->status, row->body);
        int found = hear(protocol_find(row->protocol), row->question, &reply);
        if (found != row->wanted)
            fail_msg("%s %d %d %s: %d, not %d", row->protocol, row->question, row->status,
                     row->body, found, row->wanted);
    }
}

/* ---- what is asked ---- */

static void test_calls(void **unused)
{
    struct call call = {0};
    struct printer_report report = {.job = "7"};
    (void)unused;
    protocol_octoprint.ask_start(&errand, &call);
    assert_string_equal(call.path, "/api/files/local/part%201.gcode");
    assert_string_equal(call.text, "{\"command\":\"select\",\"print\":true}");
    call = (struct call){0};
    protocol_moonraker.ask_start(&errand, &call);
    assert_string_equal(call.path, "/printer/print/start?filename=part%201.gcode");
    call = (struct call){0};
    assert_true(protocol_prusalink.ask_order(ORDER_CANCEL, &report, &call));
    assert_string_equal(call.method, "DELETE");
    assert_string_equal(call.path, "/api/v1/job/7");
    *report.job = 0;
    assert_false(protocol_prusalink.ask_order(ORDER_CANCEL, &report, &call));
    assert_null(protocol_find("creality"));
}

static void test_words(void **unused)
{
    char words[10];
    struct reply reply = reply_of(500, "{\"error\":\"\\u001b]0;x\\u0007 12345\xc3\xa9\"}");
    (void)unused;
    reply_words(&reply, words, sizeof words);
    assert_string_equal(words, " ]0;x  12");
    char short_words[8];
    reply = reply_of(500, "{\"error\":\"123456\xc3\xa9\"}");
    reply_words(&reply, short_words, sizeof short_words);
    assert_string_equal(short_words, "123456");
    reply = reply_of(500, "plain\033[0m");
    reply_words(&reply, words, sizeof words);
    assert_string_equal(words, "plain");
}

/* ---- rules of a run, one by one ---- */

#define KLIPPER_IDLE KLIPPER("ready", "standby", "", "Ready")

static void answer_run(struct run *run, int64_t now_ms, int status, const char *body)
{
    struct call call;
    struct reply reply = reply_of(status, body);
    assert_int_equal(run_next(run, now_ms, &call), WISH_CALL);
    run_heard(run, now_ms, &reply);
}

static void run_to_intent(struct run *run)
{
    run_begin(run, &protocol_moonraker, &errand, 0);
    answer_run(run, 0, 200, KLIPPER_IDLE);
    answer_run(run, 1, 201, "{\"item\":{\"path\":\"part 1.gcode\"}}");
    answer_run(run, 2, 200, "{\"result\":{\"size\":1406}}");
    assert_int_equal(run->stage, RUN_LOOK_AGAIN);
}

/* What was seen holds for two seconds. */
static void test_slow_intent(void **unused)
{
    struct run run;
    struct call call;
    (void)unused;
    run_to_intent(&run);
    answer_run(&run, 3, 200, KLIPPER_IDLE);
    assert_int_equal(run_next(&run, 4, &call), WISH_INTENT);
    run_intended(&run, 5000);
    assert_int_equal(run_next(&run, 5000, &call), WISH_CALL);
    assert_string_equal(call.method, "GET");
    assert_int_equal(run.stage, RUN_LOOK_AGAIN);
}

/* A printer whose plate was used while the file went over, or in which commands wait, gets no start. */
static void test_used_meanwhile(void **unused)
{
    struct run run;
    (void)unused;
    run_to_intent(&run);
    answer_run(&run, 3, 200, KLIPPER("ready", "complete", "other.gcode", "Ready"));
    assert_int_equal(run.stage, RUN_NOT_STARTED);
    run_to_intent(&run);
    answer_run(&run, 3, 200, KLIPPER("ready", "standby", "", "Printing"));
    assert_int_equal(run.stage, RUN_LOOK_AGAIN);
}

/* Looks at a printer that shows nothing, every `pause_ms`, until the run has an end. */
static int64_t confirm_nothing(struct run *run, int64_t pause_ms, const char *status)
{
    struct call call;
    struct reply nothing = reply_of(200, "{\"result\":{\"jobs\":[]}}"),
                 shown = reply_of(200, status);
    int64_t now_ms = 10;
    run_to_intent(run);
    answer_run(run, 3, 200, KLIPPER_IDLE);
    assert_int_equal(run_next(run, 4, &call), WISH_INTENT);
    run_intended(run, 5);
    answer_run(run, 5, 0, "");
    for (enum run_wish wish; (wish = run_next(run, now_ms, &call)) != WISH_OVER;)
        if (wish == WISH_CALL)
            run_heard(run, now_ms, strstr(call.path, "history") ? &nothing : &shown);
        else
            now_ms += pause_ms;
    return now_ms;
}

/* No trace is a proof after the time in which a lost call may still be carried out, in sight all along, and quiet. */
static void test_no_trace(void **unused)
{
    struct run run;
    (void)unused;
    assert_true(confirm_nothing(&run, 1000, KLIPPER_IDLE) >= protocol_moonraker.settle_s * 1000);
    assert_int_equal(run.stage, RUN_NOT_STARTED);
    confirm_nothing(&run, 6000, KLIPPER_IDLE); /* a server comes up again in less */
    assert_int_equal(run.stage, RUN_UNKNOWN);
    confirm_nothing(&run, 1000, KLIPPER("ready", "standby", "", "Printing"));
    assert_int_equal(run.stage, RUN_UNKNOWN);
}

/* ---- recorded exchanges ---- */

struct recorded {
    const char *path; /* PROTOCOL/FILE */
    enum question question;
    int wanted; /* with no question, a state */
    const char *name;
};
#define STATE ((enum question)9)

static const struct recorded recorded[] = {
    {"octoprint/04-job-none.http", STATE, PRINTER_IDLE, ""},
    {"octoprint/06-job-printing.http", STATE, PRINTER_PRINTING, "j14373-1.gcode"},
    {"octoprint/13-job-paused.http", STATE, PRINTER_PAUSED, "j14373-1.gcode"},
    {"octoprint/18-job-cancelled.http", STATE, PRINTER_IDLE, "j14373-1.gcode"},
    {"octoprint/22-job-finished.http", STATE, PRINTER_FINISHED, "j14373-2.gcode"},
    {"octoprint/29-job-fault.http", STATE, PRINTER_ERROR, ""},
    {"octoprint/34-bad-key.http", STATE, PRINTER_UNKNOWN, ""},
    {"octoprint/05-upload-print.http", UPLOAD, DEED_DONE, "j14373-1.gcode"},
    {"octoprint/25-upload-again-nooverwrite.http", UPLOAD, DEED_UNKNOWN, "j14373-2.gcode"},
    {"octoprint/11-select-print-while-printing.http", START, DEED_NOT_DONE, "j14373-2.gcode"},
    {"octoprint/21-select-print.http", START, DEED_DONE, "j14373-2.gcode"},
    {"octoprint/19-file-cancelled.http", EVIDENCE, EVIDENCE_ENDED_BADLY, "j14373-1.gcode"},
    {"octoprint/24-file-finished.http", EVIDENCE, EVIDENCE_ENDED_WELL, "j14373-2.gcode"},
    {"moonraker/03-status-standby.http", STATE, PRINTER_IDLE, ""},
    {"moonraker/05-status-printing.http", STATE, PRINTER_PRINTING, "j14373-1.gcode"},
    {"moonraker/13-status-paused.http", STATE, PRINTER_PAUSED, "j14373-1.gcode"},
    {"moonraker/15-status-complete.http", STATE, PRINTER_FINISHED, "j14373-2.gcode"},
    {"moonraker/19-status-cancelled.http", STATE, PRINTER_CANCELLED, "j14373-1.gcode"},
    {"moonraker/25-status-after-estop.http", STATE, PRINTER_ERROR, "j14373-1.gcode"},
    {"moonraker/28-status-after-restart.http", STATE, PRINTER_IDLE, ""},
    {"moonraker/30-status-klippy-dead.http", STATE, PRINTER_OFFLINE, ""},
    {"moonraker/32-bad-key.http", STATE, PRINTER_UNKNOWN, ""},
    {"moonraker/04-upload-print.http", UPLOAD, DEED_DONE, "j14373-1.gcode"},
    {"moonraker/22-checksum-bad.http", UPLOAD, DEED_NOT_DONE, "j14373-5.gcode"},
    {"moonraker/06-metadata-started.http", STORED, DEED_DONE, "j14373-1.gcode"},
    {"moonraker/17-start-again.http", START, DEED_DONE, "j14373-1.gcode"},
    {"moonraker/09-start-while-printing.http", START, DEED_NOT_DONE, "j14373-2.gcode"},
    {"moonraker/21-start-missing.http", START, DEED_NOT_DONE, "nope.gcode"},
    {"moonraker/26-start-in-shutdown.http", START, DEED_UNKNOWN, "j14373-2.gcode"},
    {"moonraker/16-history.http", EVIDENCE, EVIDENCE_ENDED_WELL, "j14373-2.gcode"},
    {"moonraker/16-history.http", EVIDENCE, EVIDENCE_ENDED_BADLY, "j14373-1.gcode"},
    {"moonraker/16-history.http", EVIDENCE, EVIDENCE_NONE, "j14373-3.gcode"},
};

static void check_recorded(const char *folder, const struct recorded *row)
{
    char path[1000], protocol[20];
    char *text = NULL;
    size_t length = 0;
    struct failure failure;
    snprintf(path, sizeof path, "%s/%s", folder, row->path);
    snprintf(protocol, sizeof protocol, "%.*s", (int)strcspn(row->path, "/"), row->path);
    if (file_read(path, 1 << 20, &text, &length, &failure) != FILE_OK)
        fail_msg("%s", failure.message);
    const char *status = strstr(text, "HTTP/1.1 "), *body = NULL;
    assert_non_null(status);
    for (const char *at = status; *at && !body; at++)
        if (strncmp(at, "\n\n", 2) == 0 || strncmp(at, "\r\n\r\n", 4) == 0)
            body = at + (*at == '\r' ? 4 : 2);
    struct reply reply = reply_of(atoi(status + 9), body ? body : "");
    const struct protocol *spoken = protocol_find(protocol);
    struct errand its = {.name = row->name, .size = 1406};
    int found = row->question == UPLOAD     ? (int)spoken->hear_upload(&its, &reply)
                : row->question == STORED   ? (int)spoken->hear_stored(&its, &reply)
                : row->question == START    ? (int)spoken->hear_start(&its, &reply)
                : row->question == EVIDENCE ? (int)spoken->hear_evidence(&its, &reply)
                                            : -1;
    if (row->question == STATE) {
        struct printer_report report = {.state = PRINTER_UNKNOWN};
        spoken->hear_report(0, &reply, &report);
        found = (int)report.state;
        assert_string_equal(report.file, row->name);
    }
    if (found != row->wanted)
        fail_msg("%s: %d, not %d", row->path, found, row->wanted);
    free(text);
}

static void test_recorded(void **unused)
{
    const char *folder = getenv("FLOW_RECORDED_PRINTERS");
    (void)unused;
    if (!folder)
        skip();
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++)
        check_recorded(folder, &recorded[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),         cmocka_unit_test(test_heating),
        cmocka_unit_test(test_outcomes),       cmocka_unit_test(test_calls),
        cmocka_unit_test(test_words),          cmocka_unit_test(test_slow_intent),
        cmocka_unit_test(test_used_meanwhile), cmocka_unit_test(test_no_trace),
        cmocka_unit_test(test_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
