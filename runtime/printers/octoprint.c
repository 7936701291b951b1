/* OctoPrint (1.11; its REST API under /api): https://docs.octoprint.org/en/master/api/. It has no state "finished" and no
   identity of a job; what it keeps of a file is the best evidence there is. */
#include "printers/answers.h"
#include "printers/protocol.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char files[] = "/api/files/local/";

static void about_file(const struct errand *errand, const char *method, struct call *call)
{
    call->method = method;
    snprintf(call->path, sizeof call->path, "%s", files);
    call_add_escaped(call, errand->name);
}

/* ---- report ---- */

/* Temperatures have a call of their own: later in a print it is not made. */
enum { HEATS_AT_MOST_S = 900 };

static bool ask_report(int index, struct call *call)
{
    static const char *const paths[] = {"/api/job", "/api/printer?exclude=state,sd"};
    if (index > 1)
        return false;
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "%s", paths[index]);
    return true;
}

/* Of what it can say; a text that begins so ("Offline (Error: ...)", "Error: ..."). */
static enum printer_state state_of_text(const char *text)
{
    static const struct state_word beginnings[] = {
        {"Offline after error", PRINTER_ERROR},
        {"Offline", PRINTER_OFFLINE},
        {"Error", PRINTER_ERROR},
        {"Opening serial", PRINTER_OFFLINE},
        {"Detecting serial", PRINTER_OFFLINE},
        {"Connecting", PRINTER_OFFLINE},
        {"Starting", PRINTER_STARTING},
        {"Printing", PRINTER_PRINTING},
        {"Sending file", PRINTER_PRINTING},
        {"Transferring", PRINTER_PRINTING},
        {"Finishing", PRINTER_PRINTING},
        {"Resuming", PRINTER_PRINTING},
        {"Pausing", PRINTER_PAUSED},
        {"Paused", PRINTER_PAUSED},
        {"Cancelling", PRINTER_PRINTING},
        {"Operational", PRINTER_IDLE},
    };
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncmp(text, beginnings[i].word, strlen(beginnings[i].word)) == 0)
            return beginnings[i].state;
    return PRINTER_UNKNOWN;
}

static bool hear_temperatures(const struct reply *reply, struct printer_report *report)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL, *heater;
    const char *name;
    json_object_foreach(json_at(answer, "temperature"), name, heater)
    {
        report->heating = report->heating || json_heats_at(heater, "actual", "target");
    }
    json_decref(answer);
    return false;
}

static bool hear_report(int index, const struct reply *reply, struct printer_report *report)
{
    if (index == 1)
        return hear_temperatures(reply, report);
    json_t *answer = reply_json(reply);
    if (reply->status == 403)
        COPY_TEXT(report->message, "the key is refused: make a user key in OctoPrint's settings");
    report->state = reply->status == 0      ? PRINTER_OFFLINE
                    : !reply_is_good(reply) ? PRINTER_UNKNOWN
                                            : state_of_text(json_text_at(answer, "state"));
    COPY_TEXT(report->file, json_text_at(answer, "job.file.path"));
    report->progress = json_share_at(answer, "progress.completion", 100);
    report->remaining_s = json_seconds_at(answer, "progress.printTimeLeft");
    if (report->state == PRINTER_ERROR)
        COPY_TEXT(report->message, json_text_at(answer, "error"));
    if (report->state == PRINTER_IDLE && *report->file && report->progress >= 1)
        report->state = PRINTER_FINISHED;
    report->quiet = report->state == PRINTER_IDLE || report->state == PRINTER_FINISHED;
    bool may_heat = (report->state == PRINTER_STARTING || report->state == PRINTER_PRINTING) &&
                    json_number_at(answer, "progress.printTime", 0) < HEATS_AT_MOST_S;
    json_decref(answer);
    return may_heat;
}

/* ---- the file ---- */

static void ask_upload(const struct errand *errand, struct call *call)
{
    call->method = "POST";
    snprintf(call->path, sizeof call->path, "/api/files/local");
    call->body = BODY_FORM;
    call_part(call->parts, "noOverwrite", "true");
    call_part(call->parts, "print", "false");
    (void)errand;
}

static enum deed hear_upload(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply_json(reply);
    bool kept = strcmp(json_text_at(answer, "files.local.path"), errand->name) == 0;
    json_decref(answer);
    if (reply->status == 201)
        return kept ? DEED_DONE : DEED_REFUSED; /* another name would lose what makes it ours */
    if (reply->status == 400 || reply->status == 403 || reply->status == 413 ||
        reply->status == 415)
        return DEED_REFUSED;
    return DEED_UNKNOWN; /* 409: it is there already, perhaps from an answer that was lost */
}

static void ask_stored(const struct errand *errand, struct call *call)
{
    about_file(errand, "GET", call);
}

static enum deed hear_stored(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply_json(reply);
    const char *hash = json_text_at(answer, "hash");
    enum deed outcome = reply->status == 404                  ? DEED_NOT_DONE
                        : reply->status != 200 || !*hash      ? DEED_UNKNOWN
                        : strcasecmp(hash, errand->sha1) == 0 ? DEED_DONE
                                                              : DEED_REFUSED; /* torn */
    json_decref(answer);
    return outcome;
}

/* ---- starting ---- */

static void ask_start(const struct errand *errand, struct call *call)
{
    about_file(errand, "POST", call);
    call->body = BODY_JSON;
    snprintf(call->text, sizeof call->text, "{\"command\":\"select\",\"print\":true}");
}

static enum deed hear_start(const struct errand *errand, const struct reply *reply)
{
    (void)errand;
    return reply->status == 204                           ? DEED_DONE
           : reply->status == 409                         ? DEED_NOT_DONE
           : reply->status == 403 || reply->status == 404 ? DEED_REFUSED
                                                          : DEED_UNKNOWN;
}

static void ask_evidence(const struct errand *errand, struct call *call)
{
    about_file(errand, "GET", call);
}

static enum evidence hear_evidence(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL;
    const json_t *last = json_at(answer, "prints.last.success");
    enum evidence found = !answer                                           ? EVIDENCE_UNREADABLE
                          : json_is_true(last)                              ? EVIDENCE_ENDED_WELL
                          : json_is_false(last)                             ? EVIDENCE_ENDED_BADLY
                          : json_number_at(answer, "prints.failure", 0) > 0 ? EVIDENCE_ENDED_BADLY
                                                                            : EVIDENCE_NONE;
    (void)errand;
    json_decref(answer);
    return found;
}

static bool ask_order(enum printer_order order, const struct printer_report *report,
                      struct call *call)
{
    static const char *const texts[] = {
        [ORDER_PAUSE] = "{\"command\":\"pause\",\"action\":\"pause\"}",
        [ORDER_RESUME] = "{\"command\":\"pause\",\"action\":\"resume\"}",
        [ORDER_CANCEL] = "{\"command\":\"cancel\"}",
    };
    (void)report;
    call->method = "POST";
    snprintf(call->path, sizeof call->path, "/api/job");
    call->body = BODY_JSON;
    snprintf(call->text, sizeof call->text, "%s", texts[order]);
    return true;
}

/* ---- what it is ---- */

static bool ask_traits(int index, struct call *call)
{
    static const char *const paths[] = {"/api/settings", "/api/printerprofiles"};
    if (index > 1)
        return false;
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "%s", paths[index]);
    return true;
}

static void hear_traits(int index, const struct reply *reply, struct printer_traits *traits)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL, *profile;
    const char *name;
    traits->pauses = true;
    if (index == 0)
        COPY_TEXT(traits->camera, json_text_at(answer, "webcam.snapshotUrl"));
    json_object_foreach(json_at(answer, "profiles"), name, profile)
    {
        static const char *const sides[] = {"volume.width", "volume.depth", "volume.height"};
        if (!json_is_true(json_at(profile, "current")))
            continue;
        traits->nozzle_um = json_um_at(profile, "extruder.nozzleDiameter");
        for (int i = 0; i < 3; i++)
            traits->volume_mm[i] = (int)(json_um_at(profile, sides[i]) / 1000);
    }
    json_decref(answer);
}

const struct protocol protocol_octoprint = {
    .name = "octoprint",
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
    .ask_traits = ask_traits,
    .hear_traits = hear_traits,
    .settle_s = 30,
};
