/* Moonraker in front of Klipper: https://moonraker.readthedocs.io/en/latest/external_api/. The health of Klipper (`webhooks`) comes
   before the state of a print, which stays "printing" for ever after a shutdown. */
#include "printers/answers.h"
#include "printers/protocol.h"

#include <stdio.h>
#include <string.h>

/* ---- report ---- */

static bool ask_report(int index, struct call *call)
{
    call->method = "GET";
    snprintf(call->path, sizeof call->path,
             "/printer/objects/query?webhooks&print_stats&virtual_sdcard&display_status"
             "&idle_timeout&extruder=temperature,target&heater_bed=temperature,target");
    return index == 0;
}

static enum printer_state state_of(json_t *status)
{
    static const struct state_word health[] = {
        {"startup", PRINTER_OFFLINE}, {"shutdown", PRINTER_ERROR}, {"error", PRINTER_ERROR}};
    static const struct state_word prints[] = {
        {"standby", PRINTER_IDLE},        {"printing", PRINTER_PRINTING},
        {"paused", PRINTER_PAUSED},       {"complete", PRINTER_FINISHED},
        {"cancelled", PRINTER_CANCELLED}, {"error", PRINTER_ERROR}};
    const char *klipper = json_text_at(status, "webhooks.state");
    if (strcmp(klipper, "ready") != 0)
        return state_of_word(health, sizeof health / sizeof *health, klipper);
    return state_of_word(prints, sizeof prints / sizeof *prints,
                         json_text_at(status, "print_stats.state"));
}

static void read_status(json_t *status, struct printer_report *report)
{
    const char *doing = json_text_at(status, "idle_timeout.state");
    double printed_s = (double)json_seconds_at(status, "print_stats.print_duration");

    report->state = state_of(status);
    /* In trouble, the file of a print that was over before is not what the trouble is with. */
    const char *print = json_text_at(status, "print_stats.state");
    bool over = strcmp(print, "complete") == 0 || strcmp(print, "cancelled") == 0;
    COPY_TEXT(report->file, report->state == PRINTER_ERROR && over
                                ? ""
                                : json_text_at(status, "print_stats.filename"));
    report->progress = json_share_at(status, "virtual_sdcard.progress", 1);
    if (report->progress > 0.01 && printed_s >= 0)
        report->remaining_s = (long)(printed_s / report->progress - printed_s);
    report->quiet = strcmp(doing, "Idle") == 0 || strcmp(doing, "Ready") == 0;
    report->heating = json_heats_at(json_at(status, "extruder"), "temperature", "target") ||
                      json_heats_at(json_at(status, "heater_bed"), "temperature", "target");
    COPY_TEXT(report->message,
              json_text_at(status, report->state == PRINTER_ERROR &&
                                           *json_text_at(status, "print_stats.message")
                                       ? "print_stats.message"
                                       : "webhooks.state_message"));
}

static bool hear_report(int index, const struct reply *reply, struct printer_report *report)
{
    json_t *answer = reply_json(reply);
    (void)index;
    if (reply_is_good(reply)) {
        read_status(json_at(answer, "result.status"), report);
    } else {
        report->state =
            reply->status == 0 || reply->status == 503 ? PRINTER_OFFLINE : PRINTER_UNKNOWN;
        COPY_TEXT(report->message, reply->status == 401
                                       ? "the key is refused: it stands in Moonraker's settings"
                                       : json_text_at(answer, "error.message"));
    }
    json_decref(answer);
    return false;
}

/* ---- the file ---- */

static void ask_upload(const struct errand *errand, struct call *call)
{
    call->method = "POST";
    snprintf(call->path, sizeof call->path, "/server/files/upload");
    call->body = BODY_FORM;
    call_part(call->parts, "root", "gcodes");
    call_part(call->parts, "checksum", errand->sha256);
}

static enum deed hear_upload(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply_json(reply);
    bool kept = strcmp(json_text_at(answer, "item.path"), errand->name) == 0;
    json_decref(answer);
    if (reply->status == 201)
        return kept ? DEED_DONE : DEED_REFUSED;
    if (reply->status == 422) /* torn on the way */
        return DEED_NOT_DONE;
    if (reply->status == 400 || reply->status == 401 || reply->status == 413)
        return DEED_REFUSED;
    return DEED_UNKNOWN;
}

static void ask_stored(const struct errand *errand, struct call *call)
{
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "/server/files/metadata?filename=");
    call_add_escaped(call, errand->name);
}

static enum deed hear_stored(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply_json(reply);
    bool whole = json_number_at(answer, "result.size", -1) == (double)errand->size;
    json_decref(answer);
    return reply->status == 404   ? DEED_NOT_DONE
           : reply->status != 200 ? DEED_UNKNOWN
           : whole                ? DEED_DONE
                                  : DEED_NOT_DONE; /* the next one takes its place */
}

/* ---- starting ---- */

static void ask_start(const struct errand *errand, struct call *call)
{
    call->method = "POST";
    snprintf(call->path, sizeof call->path, "/printer/print/start?filename=");
    call_add_escaped(call, errand->name);
}

/* A 400 comes of whatever fails in Klipper while the call waits for it. Only these two say that it came to nothing. */
static enum deed hear_start(const struct errand *errand, const struct reply *reply)
{
    char words[64];
    (void)errand;
    reply_words(reply, words, sizeof words);
    if (reply->status == 401)
        return DEED_REFUSED;
    return reply_is_good(reply) ? DEED_DONE
           : reply->status == 400 &&
                   (strcmp(words, "SD busy") == 0 || strcmp(words, "Unable to open file") == 0)
               ? DEED_NOT_DONE
               : DEED_UNKNOWN;
}

/* The history has a row of every file that was begun while Moonraker looked. "interrupted" and "server_exit" tell of
   Moonraker's own end: the print may have gone on. */
static void ask_evidence(const struct errand *errand, struct call *call)
{
    (void)errand;
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "/server/history/list?limit=50&order=desc");
}

static enum evidence evidence_of_row(json_t *row)
{
    static const char *const badly[] = {"cancelled", "error", "klippy_shutdown",
                                        "klippy_disconnect"};
    const char *status = json_text_at(row, "status");
    for (size_t i = 0; i < sizeof badly / sizeof *badly; i++)
        if (strcmp(status, badly[i]) == 0)
            return EVIDENCE_ENDED_BADLY;
    return strcmp(status, "completed") == 0 ? EVIDENCE_ENDED_WELL : EVIDENCE_STARTED;
}

static enum evidence hear_evidence(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL;
    json_t *jobs = json_at(answer, "result.jobs"), *row;
    enum evidence found = json_is_array(jobs) ? EVIDENCE_NONE : EVIDENCE_UNREADABLE;
    size_t at;
    json_array_foreach(jobs, at, row) if (strcmp(json_text_at(row, "filename"), errand->name) == 0)
        found = evidence_of_row(row);
    json_decref(answer);
    return found;
}

static bool ask_order(enum printer_order order, const struct printer_report *report,
                      struct call *call)
{
    static const char *const paths[] = {[ORDER_PAUSE] = "/printer/print/pause",
                                        [ORDER_RESUME] = "/printer/print/resume",
                                        [ORDER_CANCEL] = "/printer/print/cancel"};
    (void)report;
    call->method = "POST";
    snprintf(call->path, sizeof call->path, "%s", paths[order]);
    return true;
}

/* ---- what changes ---- */

static const char news_hello[] =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"printer.objects.subscribe\",\"params\":{"
    "\"objects\":{"
    "\"webhooks\":[\"state\"],\"print_stats\":[\"state\",\"filename\"]}}}";

/* Klipper forgets whom to tell what when it starts again. */
static enum news_of hear_news(const char *text, size_t length)
{
    static const struct {
        const char *method;
        enum news_of of;
    } rows[] = {{"notify_status_update", NEWS_CHANGE},
                {"notify_klippy_ready", NEWS_ANEW},
                {"notify_klippy_shutdown", NEWS_CHANGE},
                {"notify_klippy_disconnected", NEWS_CHANGE}};
    json_t *told = json_loadb(text, length, 0, NULL);
    const char *method = json_text_at(told, "method");
    enum news_of of = NEWS_NONE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].method, method) == 0)
            of = rows[i].of;
    json_decref(told);
    return of;
}

/* ---- what it is ---- */

static bool ask_traits(int index, struct call *call)
{
    static const char *const paths[] = {
        "/server/webcams/list",
        "/printer/objects/query?pause_resume&toolhead=axis_minimum,axis_maximum"
        "&configfile=settings"};
    if (index > 1)
        return false;
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "%s", paths[index]);
    return true;
}

/* The camera that is on; a path of it is the host's, at the port of its pages, which is not Moonraker's. */
static void hear_cameras(json_t *cameras, struct printer_traits *traits)
{
    size_t at;
    json_t *camera;
    json_array_foreach(cameras, at, camera)
    {
        if (!*traits->camera && !json_is_false(json_at(camera, "enabled")))
            COPY_TEXT(traits->camera, json_text_at(camera, "snapshot_url"));
    }
}

static void hear_traits(int index, const struct reply *reply, struct printer_traits *traits)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL;
    json_t *status = json_at(answer, "result.status");
    if (index == 0)
        hear_cameras(json_at(answer, "result.webcams"), traits);
    traits->pauses = json_at(status, "pause_resume.is_paused") != NULL;
    traits->nozzle_um = json_um_at(status, "configfile.settings.extruder.nozzle_diameter");
    for (size_t i = 0; i < 3; i++) {
        const json_t *low = json_array_get(json_at(status, "toolhead.axis_minimum"), i);
        const json_t *high = json_array_get(json_at(status, "toolhead.axis_maximum"), i);
        double side = json_number_value(high) - json_number_value(low);
        traits->volume_mm[i] = side > 0 && side < 1e5 ? (int)side : 0;
    }
    json_decref(answer);
}

const struct protocol protocol_moonraker = {
    .name = "moonraker",
    .ask_report = ask_report,
    .hear_report = hear_report,
    .ask_upload = ask_upload,
    .hear_upload = hear_upload,
    .ask_stored = ask_stored,
    .hear_stored = hear_stored,
    .ask_start = ask_start,
    .hear_start = hear_start,
    .ask_evidence = ask_evidence,
    .hear_evidence = hear_evidence,
    .ask_order = ask_order,
    .news = "/websocket",
    .news_hello = news_hello,
    .hear_news = hear_news,
    .ask_traits = ask_traits,
    .hear_traits = hear_traits,
    .settle_s = 120, /* a start waits behind heating; giving up on it does not undo it */
};
