/* PrusaLink v1, of Buddy printers and of the MK3's: our own account of it stands in docs/printers.md. One transfer at a time; a
   wrong job id is 404, so that a cancel never hits somebody else's print. */
#include "printers/answers.h"
#include "printers/protocol.h"

#include <stdio.h>
#include <string.h>

static const char storage[] = "/api/v1/files/usb/";

static void about_file(const struct errand *errand, const char *method, struct call *call)
{
    call->method = method;
    snprintf(call->path, sizeof call->path, "%s", storage);
    call_add_escaped(call, errand->name);
}

/* ---- report ---- */

static bool ask_report(int index, struct call *call)
{
    static const char *const paths[] = {"/api/v1/status", "/api/v1/job"};
    if (index > 1)
        return false;
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "%s", paths[index]);
    return true;
}

static bool hear_status(const struct reply *reply, struct printer_report *report)
{
    static const struct state_word words[] = {
        {"IDLE", PRINTER_IDLE},           {"READY", PRINTER_IDLE},
        {"BUSY", PRINTER_STARTING},       {"PRINTING", PRINTER_PRINTING},
        {"PAUSED", PRINTER_PAUSED},       {"FINISHED", PRINTER_FINISHED},
        {"STOPPED", PRINTER_CANCELLED},   {"ERROR", PRINTER_ERROR},
        {"ATTENTION", PRINTER_ATTENTION},
    };
    json_t *answer = reply_json(reply);
    report->state = reply->status == 0      ? PRINTER_OFFLINE
                    : !reply_is_good(reply) ? PRINTER_UNKNOWN
                                            : state_of_word(words, sizeof words / sizeof *words,
                                                            json_text_at(answer, "printer.state"));
    if (reply->status == 401 || reply->status == 403)
        COPY_TEXT(report->message, "the password is refused: it stands in the printer's menu");
    report->progress = json_share_at(answer, "job.progress", 100);
    report->remaining_s = json_seconds_at(answer, "job.time_remaining");
    report->quiet = report->state != PRINTER_STARTING;
    report->heating = json_heats_at(json_at(answer, "printer"), "temp_nozzle", "target_nozzle") ||
                      json_heats_at(json_at(answer, "printer"), "temp_bed", "target_bed");
    bool has_job = json_at(answer, "job") != NULL;
    json_decref(answer);
    return has_job;
}

/* The job that it has in hand: without an answer to that, nothing is known of what it prints. 204: it ended just now. */
static bool hear_report(int index, const struct reply *reply, struct printer_report *report)
{
    if (index == 0)
        return hear_status(reply, report);
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL;
    const char *name = json_text_at(answer, "file.display_name");
    const json_t *job = json_at(answer, "id");
    COPY_TEXT(report->file, *name ? name : json_text_at(answer, "file.name"));
    if (json_is_integer(job))
        snprintf(report->job, sizeof report->job, "%lld", (long long)json_integer_value(job));
    if (!*report->file && reply->status != 204)
        report->state = reply->status == 0 ? PRINTER_OFFLINE : PRINTER_UNKNOWN;
    json_decref(answer);
    return false;
}

/* ---- the file ---- */

static void ask_upload(const struct errand *errand, struct call *call)
{
    about_file(errand, "PUT", call);
    call->body = BODY_FILE;
    call_part(call->headers, "Print-After-Upload", "?0");
    call_part(call->headers, "Overwrite", "?0");
}

static bool says(const struct reply *reply, const char *words)
{
    return reply->length && memmem(reply->body, reply->length, words, strlen(words));
}

static enum deed hear_upload(const struct errand *errand, const struct reply *reply)
{
    (void)errand;
    if (reply->status == 201)
        return DEED_DONE;
    if (reply->status == 409)
        return says(reply, "transfer") ? DEED_NOT_DONE : DEED_UNKNOWN; /* it may be ours */
    if (reply->status == 401 || reply->status == 403 || reply->status == 415 ||
        reply->status == 422 || reply->status == 507)
        return DEED_REFUSED;
    return DEED_UNKNOWN;
}

static void ask_stored(const struct errand *errand, struct call *call)
{
    about_file(errand, "GET", call);
}

static enum deed hear_stored(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply_json(reply);
    bool whole = json_number_at(answer, "size", -1) == (double)errand->size;
    json_decref(answer);
    return reply->status == 404   ? DEED_NOT_DONE
           : reply->status != 200 ? DEED_UNKNOWN
           : whole                ? DEED_DONE
                   : DEED_UNKNOWN; /* still on its way; or torn, which waiting tells */
}

/* ---- starting ---- */

static void ask_start(const struct errand *errand, struct call *call)
{
    about_file(errand, "POST", call);
}

static enum deed hear_start(const struct errand *errand, const struct reply *reply)
{
    (void)errand;
    return reply->status == 204                           ? DEED_DONE
           : reply->status == 409                         ? DEED_NOT_DONE
           : reply->status == 404 || reply->status == 401 ? DEED_REFUSED
                                                          : DEED_UNKNOWN;
}

static void ask_evidence(const struct errand *errand, struct call *call)
{
    (void)errand;
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "/api/v1/job");
}

static enum evidence hear_evidence(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL;
    bool ours = strcmp(json_text_at(answer, "file.display_name"), errand->name) == 0 ||
                strcmp(json_text_at(answer, "file.name"), errand->name) == 0;
    json_decref(answer);
    return reply->status == 204   ? EVIDENCE_NONE
           : reply->status != 200 ? EVIDENCE_UNREADABLE
           : ours                 ? EVIDENCE_STARTED
                                  : EVIDENCE_NONE;
}

static bool ask_order(enum printer_order order, const struct printer_report *report,
                      struct call *call)
{
    static const char *const methods[] = {"PUT", "PUT", "DELETE"};
    static const char *const ends[] = {"/pause", "/resume", ""};
    if (!*report->job)
        return false;
    call->method = methods[order];
    snprintf(call->path, sizeof call->path, "/api/v1/job/%.20s%s", report->job, ends[order]);
    return true;
}

static bool ask_traits(int index, struct call *call)
{
    call->method = "GET";
    snprintf(call->path, sizeof call->path, "/api/v1/info");
    return index == 0;
}

/* Whether there is a camera its server does not say: where there is none, its picture is not found. */
static void hear_traits(int index, const struct reply *reply, struct printer_traits *traits)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL;
    (void)index;
    traits->pauses = true;
    traits->nozzle_um = json_um_at(answer, "nozzle_diameter");
    COPY_TEXT(traits->camera, "/api/v1/cameras/snap");
    json_decref(answer);
}

const struct protocol protocol_prusalink = {
    .name = "prusalink",
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
    .settle_s = 20,
};
