/* Bambu Lab printers in LAN mode: https://github.com/Doridian/OpenBambuAPI. What a printer says over MQTT is put together in
   bambu_view.c; calls go over a line of their own (bambu_line.c), files over FTPS (ftps.c). */
#include "printers/bambu.h"

#include "printers/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char suffix[] = ".gcode.3mf";

/* ---- names ---- */

/* Without what every such file ends in. */
static int stem_length(const char *name)
{
    size_t length = strlen(name), end = sizeof suffix - 1;
    return (int)(length > end && strcmp(name + length - end, suffix) == 0 ? length - end : length);
}

long bambu_job_number(const char *name)
{
    uint64_t sum = 0xCBF29CE484222325u; /* FNV-1a */
    for (; *name; name++)
        sum = (sum ^ (unsigned char)*name) * 0x100000001B3u;
    return (long)(sum % INT32_MAX) + 1;
}

static bool is_ours(const struct errand *errand, json_t *job, const char *id, const char *name)
{
    char number[24], stem[256];
    snprintf(number, sizeof number, "%ld", bambu_job_number(errand->name));
    snprintf(stem, sizeof stem, "%.*s", stem_length(errand->name), errand->name);
    const char *named = json_text_at(job, name);
    return strcmp(json_text_at(job, id), number) == 0 || strcmp(named, errand->name) == 0 ||
           strcmp(named, stem) == 0;
}

/* ---- report ---- */

static bool ask_report(int index, struct call *call)
{
    call->method = "GET";
    snprintf(call->path, sizeof call->path, BAMBU_REPORT);
    return index == 0;
}

static uint32_t word_at(json_t *object, const char *name)
{
    return (uint32_t)json_integer_value(json_object_get(object, name));
}

/* Its errors are 0xMMMMEEEE; with a low half below 0x4000 they are remarks. */
static uint32_t error_of(json_t *print)
{
    uint32_t error = word_at(print, "print_error");
    return (error & 0xFFFF) >= 0x4000 ? error : 0;
}

static enum printer_state state_of(json_t *print)
{
    static const struct state_word words[] = {
        {"IDLE", PRINTER_IDLE},        {"INIT", PRINTER_IDLE},        {"PREPARE", PRINTER_STARTING},
        {"SLICING", PRINTER_STARTING}, {"RUNNING", PRINTER_PRINTING}, {"PAUSE", PRINTER_PAUSED},
        {"FINISH", PRINTER_FINISHED},  {"FAILED", PRINTER_CANCELLED}};
    enum { CANCELLED_THERE = 0x0300400C, CANCELLED_BY_US = 0x0500400E };
    enum printer_state state =
        state_of_word(words, sizeof words / sizeof *words, json_text_at(print, "gcode_state"));
    uint32_t error = error_of(print);
    if (error && state == PRINTER_PAUSED)
        return PRINTER_ATTENTION;
    /* "Failed" stays until the next print; an error that nobody complains of any more does not stand in its way. */
    if (error && error != CANCELLED_THERE && error != CANCELLED_BY_US &&
        (state == PRINTER_CANCELLED || state == PRINTER_IDLE))
        return PRINTER_ERROR;
    return state;
}

/* It takes commands only of its maker: said beforehand by newer firmware, by all when a command came. */
static bool is_deaf(json_t *print)
{
    enum { ONLY_SIGNED = 0x20000000, NOT_VERIFIED_WHERE = 0x05000500, NOT_VERIFIED = 0x00010007 };
    json_t *errors = json_at(print, "hms"), *error;
    size_t at;
    json_array_foreach(errors, at, error) if (word_at(error, "attr") == NOT_VERIFIED_WHERE &&
                                              word_at(error, "code") == NOT_VERIFIED) return true;
    return (strtoull(json_text_at(print, "fun"), NULL, 16) & ONLY_SIGNED) != 0;
}

static void say_trouble(json_t *print, struct printer_report *report)
{
    json_t *first = json_array_get(json_at(print, "hms"), 0);
    uint32_t error = error_of(print);
    if (is_deaf(print)) {
        COPY_TEXT(report->message,
                  "it takes no commands: turn on LAN Only and Developer Mode in its "
                  "settings, and restart it");
    } else if (error) {
        snprintf(report->message, sizeof report->message,
                 "error %04X-%04X; its display says what to do", error >> 16, error & 0xFFFF);
    } else if (first) {
        uint32_t where = word_at(first, "attr"), what = word_at(first, "code");
        snprintf(report->message, sizeof report->message,
                 "HMS %04X-%04X-%04X-%04X; its display says what to do", where >> 16,
                 where & 0xFFFF, what >> 16, what & 0xFFFF);
    }
}

/* A job that is over and was not seen at work is named as no file is: it may be ours, accepted and not begun. Whether the end
   of one was seen. */
static bool name_job(json_t *answer, json_t *print, struct printer_report *report)
{
    const char *id = json_text_at(print, "subtask_id"), *name = json_text_at(print, "subtask_name");
    bool over = report->state == PRINTER_FINISHED || report->state == PRINTER_CANCELLED ||
                report->state == PRINTER_ERROR;
    bool seen = strcmp(json_text_at(answer, "ended.id"), id) == 0 &&
                strcmp(json_text_at(answer, "ended.name"), name) == 0;
    COPY_TEXT(report->job, id);
    if (report->state == PRINTER_IDLE || report->state == PRINTER_UNKNOWN)
        return false;
    if (over && !seen)
        snprintf(report->file, sizeof report->file, "%.180s (not seen: %.20s)", name, id);
    else if (*name)
        snprintf(report->file, sizeof report->file, "%.*s%s", stem_length(name), name, suffix);
    else
        COPY_TEXT(report->file, json_text_at(print, "gcode_file"));
    COPY_TEXT(report->file, report->file);
    return over && seen;
}

static void read_report(json_t *answer, struct printer_report *report)
{
    json_t *print = json_at(answer, "print");
    long minutes = json_seconds_at(print, "mc_remaining_time");
    report->state = state_of(print);
    bool ended_in_sight = name_job(answer, print, report);
    say_trouble(print, report);
    report->progress = json_share_at(print, "mc_percent", 100);
    report->remaining_s = minutes < 0 ? -1 : minutes * 60;
    report->quiet = report->state != PRINTER_STARTING;
    report->heating = json_heats_at(print, "nozzle_temper", "nozzle_target_temper") ||
                      json_heats_at(print, "bed_temper", "bed_target_temper");
    /* What it would not carry out is not sent: it needs a person first. How one ended is
       still said. */
    if (is_deaf(print) && !ended_in_sight &&
        (report->state == PRINTER_IDLE || report->state == PRINTER_FINISHED ||
         report->state == PRINTER_CANCELLED))
        report->state = PRINTER_ATTENTION;
}

static bool hear_report(int index, const struct reply *reply, struct printer_report *report)
{
    static const struct {
        int status;
        enum printer_state state;
        const char *message;
    } refusals[] = {
        {BAMBU_DENIED, PRINTER_UNKNOWN,
         "the access code is refused: it stands on its display, under Network, and is another "
         "after LAN mode was turned on"},
        {BAMBU_SILENT, PRINTER_OFFLINE, "it lets us in and says nothing; restart it"},
        {BAMBU_OTHER_PRINTER, PRINTER_UNKNOWN,
         "its certificate is not that of this serial number: check address, serial and "
         "certificate_file"},
    };
    (void)index;
    report->state = reply->status == 0 ? PRINTER_OFFLINE : PRINTER_UNKNOWN;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (reply->status == refusals[i].status) {
            report->state = refusals[i].state;
            COPY_TEXT(report->message, refusals[i].message);
        }
    if (reply->status == BAMBU_KNOWN) {
        json_t *answer = reply_json(reply);
        read_report(answer, report);
        json_decref(answer);
    }
    return false;
}

/* ---- the file ---- */

static void about_file(const struct errand *errand, const char *method, struct call *call)
{
    call->method = method;
    snprintf(call->path, sizeof call->path, "/");
    call_add_escaped(call, errand->name);
}

static void ask_upload(const struct errand *errand, struct call *call)
{
    about_file(errand, "PUT", call);
    call->body = BODY_FILE;
}

/* That it has the file comes late, or as an error of the connection: its size tells. */
static enum deed hear_upload(const struct errand *errand, const struct reply *reply)
{
    static const int never[] = {FTP_DENIED, BAMBU_OTHER_PRINTER, FTP_NO_FILE, 552, 553};
    (void)errand;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (reply->status == never[i])
            return DEED_REFUSED;
    return reply->status == FTP_STORED ? DEED_DONE : DEED_UNKNOWN;
}

static void ask_stored(const struct errand *errand, struct call *call)
{
    about_file(errand, "HEAD", call);
}

static enum deed hear_stored(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply->status == FTP_SIZE ? reply_json(reply) : NULL;
    bool whole = json_number_at(answer, "size", -1) == (double)errand->size;
    json_decref(answer);
    return reply->status == FTP_NO_FILE ? DEED_NOT_DONE
           : reply->status != FTP_SIZE  ? DEED_UNKNOWN
           : whole                      ? DEED_DONE
                                        : DEED_NOT_DONE; /* torn; the next one takes its place */
}

static void ask_tidy(const struct errand *errand, struct call *call)
{
    about_file(errand, "DELETE", call);
}

/* ---- starting ---- */

/* Each filament of the file, in its order: which tray has it, four to an AMS; -1 for the spool that hangs outside, and for one
   that this plate does not lay. */
static void add_trays(const struct errand *errand, json_t *print)
{
    json_t *trays = json_array(), *places = json_array();
    bool inside = false;
    for (int i = 0; i < errand->slot_count; i++) {
        enum { NO_AMS = 255, NO_TRAY = 255 };
        int slot = errand->slots[i], tray = slot == SLOT_OUTSIDE ? -1 : slot - 1;
        json_array_append_new(trays, json_integer(tray));
        json_array_append_new(places, json_pack("{s:i, s:i}", "ams_id",
                                                tray < 0 ? NO_AMS : tray / 4, "slot_id",
                                                slot == SLOT_NONE ? NO_TRAY
                                                : tray < 0        ? 0
                                                                  : tray % 4));
        inside = inside || tray >= 0;
    }
    json_object_set_new(print, "use_ams", json_boolean(inside));
    json_object_set_new(print, "ams_mapping", trays);
    json_object_set_new(print, "ams_mapping2", places);
}

static void set_request(struct call *call, const char *path, json_t *request)
{
    char *text = json_dumps(request, JSON_COMPACT);
    call->method = "POST";
    call->body = BODY_JSON;
    snprintf(call->path, sizeof call->path, "%s", path);
    snprintf(call->text, sizeof call->text, "%s", text ? text : "");
    free(text);
    json_decref(request);
}

static void ask_start(const struct errand *errand, struct call *call)
{
    char number[24], plate[60], address[300];
    snprintf(number, sizeof number, "%ld", bambu_job_number(errand->name));
    snprintf(plate, sizeof plate, "Metadata/plate_%d.gcode", errand->plate ? errand->plate : 1);
    snprintf(address, sizeof address, "ftp:///%.200s", errand->name);
    json_t *print = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:s%, s:s, s:s, s:s, s:s}",
        "sequence_id", "20000", "command", "project_file", "param", plate, "url", address, "file",
        errand->name, "md5", errand->md5, "bed_type", "auto", "timelapse", 0, "bed_leveling", 1,
        "flow_cali", 0, "vibration_cali", 0, "layer_inspect", 0, "subtask_name", errand->name,
        (size_t)stem_length(errand->name), "profile_id", "0", "project_id", number, "subtask_id",
        number, "task_id", number);
    add_trays(errand, print);
    set_request(call, BAMBU_START, json_pack("{s:o}", "print", print));
}

/* It was handed to the connection, or it was not: the printer says nothing that proves more. */
static enum deed hear_start(const struct errand *errand, const struct reply *reply)
{
    (void)errand;
    return reply->status == BAMBU_SENT ? DEED_DONE : DEED_UNKNOWN;
}

static void ask_evidence(const struct errand *errand, struct call *call)
{
    (void)errand;
    call->method = "GET";
    snprintf(call->path, sizeof call->path, BAMBU_REPORT_ANEW);
}

static enum evidence evidence_in(const struct errand *errand, json_t *answer)
{
    json_t *print = json_at(answer, "print");
    enum printer_state state = state_of(print);
    if (is_ours(errand, answer, "ended.id", "ended.name"))
        return json_is_true(json_at(answer, "ended.well")) ? EVIDENCE_ENDED_WELL
                                                           : EVIDENCE_ENDED_BADLY;
    if (!is_ours(errand, print, "subtask_id", "subtask_name"))
        return EVIDENCE_NONE;
    return state == PRINTER_STARTING || state == PRINTER_PRINTING || state == PRINTER_PAUSED ||
                   state == PRINTER_ATTENTION
               ? EVIDENCE_STARTED
               : EVIDENCE_UNREADABLE; /* accepted and not begun, or over and not seen */
}

static enum evidence hear_evidence(const struct errand *errand, const struct reply *reply)
{
    json_t *answer = reply->status == BAMBU_KNOWN ? reply_json(reply) : NULL;
    enum evidence found = answer ? evidence_in(errand, answer) : EVIDENCE_UNREADABLE;
    json_decref(answer);
    return found;
}

static bool ask_order(enum printer_order order, const struct printer_report *report,
                      struct call *call)
{
    static const char *const words[] = {
        [ORDER_PAUSE] = "pause", [ORDER_RESUME] = "resume", [ORDER_CANCEL] = "stop"};
    (void)report;
    set_request(call, BAMBU_REQUEST,
                json_pack("{s:{s:s, s:s, s:s}}", "print", "sequence_id", "0", "command",
                          words[order], "param", ""));
    return true;
}

static bool ask_traits(int index, struct call *call)
{
    return ask_report(index, call);
}

static void hear_traits(int index, const struct reply *reply, struct printer_traits *traits)
{
    json_t *answer = reply->status == BAMBU_KNOWN ? reply_json(reply) : NULL;
    double nozzle_mm = strtod(json_text_at(answer, "print.nozzle_diameter"), NULL);
    (void)index;
    traits->nozzle_um = nozzle_mm > 0 && nozzle_mm < 10 ? (int64_t)(nozzle_mm * 1000 + 0.5) : 0;
    traits->pauses = true;
    json_decref(answer);
}

const struct protocol protocol_bambu = {
    .name = "bambu",
    .suffix = suffix,
    .wants_slots = true,
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
    .ask_tidy = ask_tidy,
    .settle_s =
        180, /* an accepted file is begun up to a minute later, seen at one model; a busy one takes longer */
};
