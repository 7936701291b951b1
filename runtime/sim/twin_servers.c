/* What the servers of a simulated printer do and say: each protocol's face of it. */
#include "sim/twin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int twin_answer(struct twin *twin, int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_clear(&twin->body);
    buffer_vaddf(&twin->body, format, arguments);
    va_end(arguments);
    return status;
}

static const char *called_name(const char *path)
{
    const char *cut = strrchr(path, strchr(path, '=') ? '=' : '/');
    return cut ? cut + 1 : path;
}

/* In percent, of the whole that it would be. */
static int progress_of(const struct twin *twin)
{
    int64_t left_ms = twin->hand == HAND_PAUSED ? twin->left_ms : twin->ends_ms - twin->now_ms;
    if (twin->breaks_ms)
        left_ms += twin->print_ms - twin->breaks_ms;
    return twin->stuck || left_ms > twin->print_ms ? 99
                                                   : (int)(100 - left_ms * 100 / twin->print_ms);
}

static int octoprint_file(struct twin *twin, const struct twin_file *kept,
                          const struct errand *errand)
{
    static const char *const prints[] = {
        [ROW_GOOD] = ",\"prints\":{\"success\":1,\"failure\":0,\"last\":{\"success\":true}}",
        [ROW_BAD] = ",\"prints\":{\"success\":0,\"failure\":1,\"last\":{\"success\":false}}",
        [ROW_INTERRUPTED] = ""};
    return !kept ? twin_answer(twin, 404, "{\"error\":\"not found\"}")
                 : twin_answer(twin, 200, "{\"hash\":\"%s\"%s}",
                               kept->size == errand->size ? errand->sha1 : "0",
                               prints[kept->row] ? prints[kept->row] : "");
}

static int octoprint_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    struct twin_file *kept = twin_file(twin, called_name(call->path));
    if (strcmp(call->path, "/api/job") == 0) {
        bool down = twin->now_ms < twin->machine_until;
        const char *state = down && twin->stopped         ? "Offline after error"
                            : down                        ? "Offline"
                            : twin->hand == HAND_PRINTING ? "Printing"
                            : twin->hand == HAND_PAUSED   ? "Paused"
                                                          : "Operational";
        char completion[24] = "null";
        if (twin->hand == HAND_FINISHED || twin->hand == HAND_PRINTING)
            snprintf(completion, sizeof completion, "%d.0",
                     twin->hand == HAND_FINISHED ? 100 : progress_of(twin));
        return *twin->shown ? twin_answer(twin, 200,
                                          "{\"state\":\"%s\",\"progress\":{\"completion\":%s},"
                                          "\"job\":{\"file\":{\"path\":\"%s\"}}}",
                                          state, completion, twin->shown)
                            : twin_answer(twin, 200, "{\"state\":\"%s\",\"job\":{}}", state);
    }
    if (strncmp(call->path, "/api/printer?", 13) == 0)
        return twin_answer(twin, 200, "{\"temperature\":{\"bed\":{\"actual\":21,\"target\":60}}}");
    if (call->body == BODY_FORM && twin_file(twin, errand->name))
        return twin_answer(twin, 409,
                           "{\"error\":\"File already exists and noOverwrite was set\"}");
    if (call->body == BODY_FORM) {
        twin_keep(twin, errand->name, errand->size);
        return twin_answer(twin, 201, "{\"done\":true,\"files\":{\"local\":{\"path\":\"%s\"}}}",
                           errand->name);
    }
    if (strcmp(call->method, "GET") == 0 || !kept)
        return octoprint_file(twin, kept, errand);
    if (twin_works(twin) || !twin_machine_is_ready(twin))
        return twin_answer(twin, 409, "{\"error\":\"Printer is already printing\"}");
    twin_start(twin, kept->name);
    return twin_answer(twin, 204, " ");
}

static int moonraker_status(struct twin *twin)
{
    static const char *const words[] = {"standby", "printing", "paused", "complete", "cancelled"};
    const char *health = twin->stopped ? "shutdown" : "ready";
    const char *word = !*twin->shown                              ? "standby"
                       : twin->stopped && twin->hand == HAND_IDLE ? "printing" /* for ever */
                                                                  : words[twin->hand];
    bool doing = twin->hand == HAND_PRINTING || *twin->late;
    return twin_answer(
        twin, 200,
        "{\"result\":{\"status\":{\"webhooks\":{\"state\":\"%s\",\"state_message\":\"\"},"
        "\"print_stats\":{\"state\":\"%s\",\"filename\":\"%s\",\"print_duration\":1},"
        "\"virtual_sdcard\":{\"progress\":0.%02d},\"idle_timeout\":{\"state\":\"%s\"}}}}",
        health, word, twin->shown, twin_works(twin) ? progress_of(twin) % 100 : 0,
        doing ? "Printing" : "Ready");
}

static int moonraker_history(struct twin *twin)
{
    static const char *const words[] = {[ROW_RUNNING] = "in_progress",
                                        [ROW_GOOD] = "completed",
                                        [ROW_BAD] = "cancelled",
                                        [ROW_INTERRUPTED] = "interrupted"};
    twin_answer(twin, 200, "{\"result\":{\"jobs\":[");
    for (int i = 0, some = 0; i < twin->file_count; i++)
        if (twin->files[i].row != ROW_NONE)
            buffer_addf(&twin->body, "%s{\"filename\":\"%s\",\"status\":\"%s\"}", some++ ? "," : "",
                        twin->files[i].name, words[twin->files[i].row]);
    buffer_add_text(&twin->body, "]}}");
    return 200;
}

static int moonraker_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    struct twin_file *kept = twin_file(twin, called_name(call->path));
    bool gone = twin->now_ms < twin->machine_until && !twin->stopped;
    if (call->body == BODY_FORM) {
        twin_keep(twin, errand->name, errand->size);
        return twin_answer(twin, 201, "{\"item\":{\"path\":\"%s\"},\"print_started\":false}",
                           errand->name);
    }
    if (strstr(call->path, "/server/history"))
        return moonraker_history(twin);
    if (strstr(call->path, "/server/files/metadata"))
        return kept ? twin_answer(twin, 200, "{\"result\":{\"size\":%d}}", (int)kept->size)
                    : twin_answer(twin, 404, "{\"error\":{\"code\":404,\"message\":\"Metadata\"}}");
    if (gone)
        return twin_answer(twin, 503, "{\"error\":{\"message\":\"Klippy Host not connected\"}}");
    if (strcmp(call->method, "GET") == 0)
        return moonraker_status(twin);
    if (twin->stopped)
        return twin_answer(twin, 400, "{\"error\":{\"code\":400,\"message\":\"Unknown\"}}");
    if (twin->hand == HAND_PRINTING)
        return twin_answer(twin, 400, "{\"error\":{\"code\":400,\"message\":\"SD busy\"}}");
    if (!kept)
        return twin_answer(twin, 400,
                           "{\"error\":{\"code\":400,\"message\":\"Unable to open file\"}}");
    twin_start(twin, kept->name); /* over a paused one as well */
    return twin_answer(twin, 200, "{\"result\":\"ok\"}");
}

static int prusalink_status(struct twin *twin)
{
    static const char *const words[] = {"IDLE", "PRINTING", "PAUSED", "FINISHED", "STOPPED"};
    const char *word = twin->stopped ? "ERROR" : words[twin->hand];
    return twin_works(twin)
               ? twin_answer(twin, 200,
                             "{\"job\":{\"id\":%d,\"progress\":%d},\"printer\":{\"state\":\"%s\"}}",
                             twin->job, progress_of(twin), word)
               : twin_answer(twin, 200, "{\"printer\":{\"state\":\"%s\"}}", word);
}

static int prusalink_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    struct twin_file *kept = twin_file(twin, called_name(call->path));
    if (strcmp(call->path, "/api/v1/status") == 0)
        return prusalink_status(twin);
    if (strcmp(call->path, "/api/v1/job") == 0)
        return twin_works(twin) ? twin_answer(twin, 200,
                                              "{\"id\":%d,\"file\":{\"name\":\"SHORT~1.GCO\","
                                              "\"display_name\":\"%s\"}}",
                                              twin->job, twin->file)
                                : twin_answer(twin, 204, " ");
    if (strcmp(call->method, "PUT") == 0 && kept)
        return twin_answer(twin, 409, "{\"title\":\"File already exists\"}");
    if (strcmp(call->method, "PUT") == 0) {
        twin_keep(twin, errand->name, errand->size);
        return twin_answer(twin, 201, " ");
    }
    if (!kept)
        return twin_answer(twin, 404, "{}");
    if (strcmp(call->method, "GET") == 0)
        return twin_answer(twin, 200, "{\"size\":%d}", (int)kept->size);
    if (twin_works(twin) || twin->stopped)
        return twin_answer(twin, 409, "{\"title\":\"Can't print right now\"}");
    twin_start(twin, kept->name);
    return twin_answer(twin, 204, " ");
}

/* It sends what changed as it changes, where we are connected: in one message, or what is named apart from what is done. */
static void bambu_names(const struct twin *twin, char *text, size_t size)
{
    snprintf(text, size, "\"gcode_file\":\"\",\"subtask_name\":\"%.*s\",\"subtask_id\":\"%ld\"",
             (int)strcspn(twin->named, "."), twin->named,
             *twin->named ? bambu_job_number(twin->named) : 0);
}

static void bambu_does(const struct twin *twin, char *text, size_t size)
{
    static const char *const words[] = {"IDLE", "RUNNING", "PAUSE", "FINISH", "FAILED"};
    bool begins = twin->hand == HAND_PRINTING && twin->now_ms - twin->begun_ms < TWIN_PREPARES_MS;
    snprintf(text, size, "\"gcode_state\":\"%s\",\"mc_percent\":%d,\"print_error\":%d",
             begins ? "PREPARE" : words[twin->hand], twin_works(twin) ? progress_of(twin) : 0,
             twin->stopped                  ? 0x03008004
             : twin->hand == HAND_CANCELLED ? (twin->now_ms / 1000 % 2 ? 0x0300400C : 0)
                                            : 0);
}

void twin_bambu_says(struct twin *twin)
{
    static void (*const says[])(const struct twin *, char *, size_t) = {bambu_names, bambu_does};
    if (!twin_is(twin, &protocol_bambu) || !twin->linked || twin->now_ms < twin->network_until)
        return;
    for (int i = 0, first = (int)(twin->now_ms % 2); i < 2; i++) {
        char text[sizeof *twin->said], message[sizeof text + 60];
        says[i ^ first](twin, text, sizeof text);
        if (strcmp(text, twin->said[i ^ first]) == 0)
            continue;
        memcpy(twin->said[i ^ first], text, sizeof text);
        int length =
            snprintf(message, sizeof message, "{\"print\":{\"command\":\"push_status\",%s}}", text);
        bambu_take(&twin->view, message, (size_t)length);
    }
}

static int bambu_starts(struct twin *twin, const struct call *call, const struct errand *errand)
{
    enum { SOON_MS = 4000 };
    if (!strstr(call->text, "project_file") || !twin_file(twin, errand->name) || twin->stopped)
        return BAMBU_SENT;
    if (twin_works(twin) || *twin->late) { /* one model ends what it prints */
        if (strcmp(twin->file, errand->name) != 0 && twin_works(twin))
            twin->destroyed++;
        twin_end(twin, HAND_CANCELLED, ROW_BAD);
        return BAMBU_SENT;
    }
    int64_t chance = twin->now_ms * 7919 % 1000003;
    snprintf(twin->named, sizeof twin->named, "%s", errand->name);
    if (!twin->hangs_one_in ||
        chance % twin->hangs_one_in) /* else it accepts it, and never begins */
        snprintf(twin->late, sizeof twin->late, "%s", errand->name);
    twin->late_ms =
        twin->now_ms + (chance % 3 ? chance % SOON_MS : chance % twin->begins_within_ms);
    return BAMBU_SENT;
}

/* The line and the printer together. A status below zero: the call never left. */
static int bambu_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    struct twin_file *kept = twin_file(twin, errand->name);
    twin_answer(twin, 0, " ");
    if (call->path[0] == '/' && call->method[0] == 'P') {
        twin_keep(twin, errand->name, errand->size);
        return FTP_STORED;
    }
    if (call->path[0] == '/')
        return kept ? twin_answer(twin, FTP_SIZE, "{\"size\":%d}", (int)kept->size)
                    : twin_answer(twin, FTP_NO_FILE, "550 no such file");
    bool broke = twin->broke;
    twin->broke = false;
    if (call->method[0] == 'P')
        return twin->linked && !broke && !bambu_is_at_work(&twin->view)
                   ? bambu_starts(twin, call, errand)
                   : -1;
    if (broke)
        return 0;
    if (!twin->linked) {
        bambu_forget(&twin->view);
        *twin->said[0] = *twin->said[1] = 0;
    }
    twin->linked = true;
    twin_bambu_says(twin);
    char *body = bambu_body(&twin->view);
    twin_answer(twin, BAMBU_KNOWN, "%s", body);
    free(body);
    return BAMBU_KNOWN;
}

int twin_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    return twin_is(twin, &protocol_octoprint)   ? octoprint_says(twin, call, errand)
           : twin_is(twin, &protocol_moonraker) ? moonraker_says(twin, call, errand)
           : twin_is(twin, &protocol_bambu)     ? bambu_says(twin, call, errand)
                                                : prusalink_says(twin, call, errand);
}
