/* A printer and its server that behave as the real ones do (docs/printers.md), on a clock of ours, with things that happen to
   them. The machine is the truth; what the server says of it is a face of each protocol. */
#ifndef FLOW_TEST_PRINTER_DOUBLE_H
#define FLOW_TEST_PRINTER_DOUBLE_H

#include "printers/protocol.h"

#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

enum hand { HAND_IDLE, HAND_PRINTING, HAND_PAUSED, HAND_FINISHED, HAND_CANCELLED };

enum row { ROW_NONE, ROW_RUNNING, ROW_GOOD, ROW_BAD, ROW_INTERRUPTED };

struct kept {
    char name[40];
    int64_t size;
    enum row row; /* what the server keeps of its print */
    /* the truth */
    int starts, good, bad;
};

enum incident_kind {
    PERSON_STARTS,
    PERSON_PAUSES,
    PERSON_RESUMES,
    PERSON_CANCELS,
    PERSON_DISMISSES,
    NETWORK_LOST,
    SERVER_KILLED,
    MACHINE_LOST,
    EMERGENCY_STOP,
    GETS_STUCK,
    WE_RESTART,
    INCIDENT_KIND_COUNT
};

struct incident {
    enum incident_kind kind;
    int64_t at_ms, length_ms;
};

enum { KEPT_AT_MOST = 24, INCIDENTS_AT_MOST = 8 };

struct twin {
    const struct protocol *protocol;
    int64_t now_ms;
    enum hand hand;
    char file[40];  /* in hand, or last in hand */
    char shown[40]; /* what the server still names; OctoPrint forgets it, PrusaLink hides it */
    int64_t ends_ms, left_ms;
    int job, others, destroyed;
    bool stuck, stopped; /* stopped: after an emergency stop, until it is restarted */
    int64_t network_until, server_until, machine_until;
    char late[40]; /* a start that waits inside */
    int64_t late_ms, print_ms;
    struct kept kept[KEPT_AT_MOST];
    int kept_count;
    struct incident incidents[INCIDENTS_AT_MOST];
    int incident_count, incident_next;
    int64_t restart_ms; /* of ours, to be done: how long we are away */
    struct buffer body;
};

/* ---- the machine ---- */

static bool is_kind(const struct twin *twin, const struct protocol *protocol)
{
    return twin->protocol == protocol;
}

static bool server_sees(const struct twin *twin)
{
    return twin->now_ms >= twin->server_until;
}

static struct kept *kept_of(struct twin *twin, const char *name)
{
    for (int i = 0; i < twin->kept_count; i++)
        if (strcmp(twin->kept[i].name, name) == 0)
            return &twin->kept[i];
    return NULL;
}

static struct kept *keep(struct twin *twin, const char *name, int64_t size)
{
    struct kept *kept = kept_of(twin, name);
    if (!kept && twin->kept_count < KEPT_AT_MOST)
        kept = &twin->kept[twin->kept_count++];
    if (kept) {
        snprintf(kept->name, sizeof kept->name, "%s", name);
        kept->size = size;
    }
    return kept;
}

static bool in_work(const struct twin *twin)
{
    return twin->hand == HAND_PRINTING || twin->hand == HAND_PAUSED;
}

/* What is in hand ends; `row` is what a server that looks keeps of it. */
static void end_print(struct twin *twin, enum hand hand, enum row row)
{
    struct kept *kept = kept_of(twin, twin->file);
    if (!in_work(twin))
        return;
    if (kept && hand == HAND_FINISHED)
        kept->good++;
    else if (kept)
        kept->bad++;
    if (kept && server_sees(twin) && kept->row == ROW_RUNNING)
        kept->row = row;
    twin->hand = hand;
    twin->ends_ms = 0;
}

static void start_print(struct twin *twin, const char *name)
{
    struct kept *kept = kept_of(twin, name);
    if (in_work(twin) && strcmp(twin->file, name) != 0)
        twin->destroyed++;
    end_print(twin, HAND_CANCELLED, ROW_BAD);
    snprintf(twin->file, sizeof twin->file, "%s", name);
    snprintf(twin->shown, sizeof twin->shown, "%s", name);
    twin->hand = HAND_PRINTING;
    twin->ends_ms = twin->stuck ? INT64_MAX : twin->now_ms + twin->print_ms;
    twin->job++;
    if (kept) {
        kept->starts++;
        if (server_sees(twin)) /* Moonraker, killed between the deed and its note of it */
            kept->row = ROW_RUNNING;
    }
}

static bool machine_ready(const struct twin *twin)
{
    return twin->now_ms >= twin->machine_until && !twin->stopped;
}

static void person(struct twin *twin, const struct incident *incident)
{
    bool near = server_sees(twin) && machine_ready(twin) && !*twin->late;
    if (!near)
        return;
    if (incident->kind == PERSON_STARTS && !in_work(twin)) {
        char name[40];
        snprintf(name, sizeof name, "other-%d.gcode", ++twin->others);
        keep(twin, name, 1);
        start_print(twin, name);
        twin->ends_ms = twin->now_ms + incident->length_ms;
    } else if (incident->kind == PERSON_PAUSES && twin->hand == HAND_PRINTING && !twin->stuck) {
        twin->hand = HAND_PAUSED;
        twin->left_ms = twin->ends_ms - twin->now_ms;
    } else if (incident->kind == PERSON_RESUMES && twin->hand == HAND_PAUSED) {
        twin->hand = HAND_PRINTING;
        twin->ends_ms = twin->now_ms + twin->left_ms;
    } else if (incident->kind == PERSON_CANCELS) {
        end_print(twin, HAND_CANCELLED, ROW_BAD);
    } else if (incident->kind == PERSON_DISMISSES && !in_work(twin)) {
        twin->hand = HAND_IDLE;
    }
}

/* OctoPrint feeds the machine, and forgets the print with itself; Klipper goes on without Moonraker; PrusaLink is the machine. */
static void kill_server(struct twin *twin, int64_t length_ms)
{
    struct kept *kept = kept_of(twin, twin->file);
    if (is_kind(twin, &protocol_moonraker)) {
        if (in_work(twin) && kept && kept->row == ROW_RUNNING)
            kept->row = ROW_INTERRUPTED;
    } else {
        *twin->late = 0;
        if (in_work(twin) && kept && kept->row == ROW_RUNNING)
            kept->row = ROW_NONE;
        end_print(twin, HAND_IDLE, ROW_NONE);
        twin->hand = HAND_IDLE;
        *twin->shown = 0;
        twin->stopped = false;
    }
    twin->server_until = twin->now_ms + length_ms;
}

static void lose_machine(struct twin *twin, int64_t length_ms, bool stop)
{
    if (is_kind(twin, &protocol_prusalink) && !stop)
        return;
    end_print(twin, HAND_IDLE, ROW_BAD);
    if (!stop ||
        !is_kind(twin, &protocol_moonraker)) { /* an emergency stop leaves the name there */
        twin->hand = HAND_IDLE;
        *twin->shown = 0;
    }
    *twin->late = 0;
    twin->stopped = stop;
    twin->machine_until = twin->now_ms + length_ms;
}

static void happen(struct twin *twin, const struct incident *incident)
{
    int64_t until = twin->now_ms + incident->length_ms;
    if (incident->kind <= PERSON_DISMISSES)
        person(twin, incident);
    else if (incident->kind == NETWORK_LOST)
        twin->network_until = until;
    else if (incident->kind == SERVER_KILLED)
        kill_server(twin, incident->length_ms);
    else if (incident->kind == WE_RESTART)
        twin->restart_ms = incident->length_ms;
    else if (incident->kind == GETS_STUCK) {
        twin->stuck = true;
        if (in_work(twin))
            twin->ends_ms = INT64_MAX;
    } else if (server_sees(twin) || is_kind(twin, &protocol_moonraker))
        lose_machine(twin, incident->length_ms, incident->kind == EMERGENCY_STOP);
}

static int64_t sooner(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* All that happens until then, in its order. */
static void advance(struct twin *twin, int64_t to_ms)
{
    for (;;) {
        int64_t end_at = twin->hand == HAND_PRINTING ? twin->ends_ms : INT64_MAX;
        int64_t late_at = *twin->late ? twin->late_ms : INT64_MAX;
        int64_t back_at = twin->stopped ? twin->machine_until : INT64_MAX;
        int64_t incident_at = twin->incident_next < twin->incident_count
                                  ? twin->incidents[twin->incident_next].at_ms
                                  : INT64_MAX;
        int64_t at = sooner(sooner(end_at, late_at), sooner(back_at, incident_at));
        if (at > to_ms)
            break;
        if (at > twin->now_ms)
            twin->now_ms = at;
        if (at == end_at) {
            end_print(twin, HAND_FINISHED, ROW_GOOD);
        } else if (at == late_at) {
            char name[40];
            memcpy(name, twin->late, sizeof name);
            *twin->late = 0;
            if (machine_ready(twin) && twin->hand != HAND_PRINTING &&
                (is_kind(twin, &protocol_moonraker) || !in_work(twin)))
                start_print(twin, name);
        } else if (at == back_at) { /* somebody restarted it */
            twin->stopped = false;
            twin->hand = HAND_IDLE;
            *twin->shown = 0;
        } else {
            happen(twin, &twin->incidents[twin->incident_next++]);
        }
    }
    if (to_ms > twin->now_ms)
        twin->now_ms = to_ms;
}

/* ---- what its servers say ---- */

static int answer(struct twin *twin, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int answer(struct twin *twin, int status, const char *format, ...)
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

static int progress_of(const struct twin *twin)
{
    int64_t left_ms = twin->hand == HAND_PAUSED ? twin->left_ms : twin->ends_ms - twin->now_ms;
    return twin->stuck || left_ms > twin->print_ms ? 99
                                                   : (int)(100 - left_ms * 100 / twin->print_ms);
}

static int octoprint_file(struct twin *twin, const struct kept *kept, const struct errand *errand)
{
    static const char *const prints[] = {
        [ROW_GOOD] = ",\"prints\":{\"success\":1,\"failure\":0,\"last\":{\"success\":true}}",
        [ROW_BAD] = ",\"prints\":{\"success\":0,\"failure\":1,\"last\":{\"success\":false}}",
        [ROW_INTERRUPTED] = ""};
    return !kept ? answer(twin, 404, "{\"error\":\"not found\"}")
                 : answer(twin, 200, "{\"hash\":\"%s\"%s}",
                          kept->size == errand->size ? errand->sha1 : "0",
                          prints[kept->row] ? prints[kept->row] : "");
}

static int octoprint_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    struct kept *kept = kept_of(twin, called_name(call->path));
    if (strcmp(call->path, "/api/job") == 0) {
        bool down = twin->now_ms < twin->machine_until;
        const char *state = down && twin->stopped         ? "Offline after error"
                            : down                        ? "Offline"
                            : twin->hand == HAND_PRINTING ? "Printing"
                            : twin->hand == HAND_PAUSED   ? "Paused"
                                                          : "Operational";
        const char *completion = twin->hand == HAND_FINISHED   ? "100.0"
                                 : twin->hand == HAND_PRINTING ? "42.5"
                                                               : "null";
        return *twin->shown ? answer(twin, 200,
                                     "{\"state\":\"%s\",\"progress\":{\"completion\":%s},"
                                     "\"job\":{\"file\":{\"path\":\"%s\"}}}",
                                     state, completion, twin->shown)
                            : answer(twin, 200, "{\"state\":\"%s\",\"job\":{}}", state);
    }
    if (call->body == BODY_FORM && kept_of(twin, errand->name))
        return answer(twin, 409, "{\"error\":\"File already exists and noOverwrite was set\"}");
    if (call->body == BODY_FORM) {
        keep(twin, errand->name, errand->size);
        return answer(twin, 201, "{\"done\":true,\"files\":{\"local\":{\"path\":\"%s\"}}}",
                      errand->name);
    }
    if (strcmp(call->method, "GET") == 0 || !kept)
        return octoprint_file(twin, kept, errand);
    if (in_work(twin) || !machine_ready(twin))
        return answer(twin, 409, "{\"error\":\"Printer is already printing\"}");
    start_print(twin, kept->name);
    return answer(twin, 204, " ");
}

static int moonraker_status(struct twin *twin)
{
    static const char *const words[] = {"standby", "printing", "paused", "complete", "cancelled"};
    const char *health = twin->stopped ? "shutdown" : "ready";
    const char *word = !*twin->shown                              ? "standby"
                       : twin->stopped && twin->hand == HAND_IDLE ? "printing" /* for ever */
                                                                  : words[twin->hand];
    bool doing = twin->hand == HAND_PRINTING || *twin->late;
    return answer(twin, 200,
                  "{\"result\":{\"status\":{\"webhooks\":{\"state\":\"%s\",\"state_message\":\"\"},"
                  "\"print_stats\":{\"state\":\"%s\",\"filename\":\"%s\",\"print_duration\":1},"
                  "\"virtual_sdcard\":{\"progress\":0.%02d},\"idle_timeout\":{\"state\":\"%s\"}}}}",
                  health, word, twin->shown, in_work(twin) ? progress_of(twin) % 100 : 0,
                  doing ? "Printing" : "Ready");
}

static int moonraker_history(struct twin *twin)
{
    static const char *const words[] = {[ROW_RUNNING] = "in_progress",
                                        [ROW_GOOD] = "completed",
                                        [ROW_BAD] = "cancelled",
                                        [ROW_INTERRUPTED] = "interrupted"};
    answer(twin, 200, "{\"result\":{\"jobs\":[");
    for (int i = 0, some = 0; i < twin->kept_count; i++)
        if (twin->kept[i].row != ROW_NONE)
            buffer_addf(&twin->body, "%s{\"filename\":\"%s\",\"status\":\"%s\"}", some++ ? "," : "",
                        twin->kept[i].name, words[twin->kept[i].row]);
    buffer_add_text(&twin->body, "]}}");
    return 200;
}

static int moonraker_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    struct kept *kept = kept_of(twin, called_name(call->path));
    bool gone = twin->now_ms < twin->machine_until && !twin->stopped;
    if (call->body == BODY_FORM) {
        keep(twin, errand->name, errand->size);
        return answer(twin, 201, "{\"item\":{\"path\":\"%s\"},\"print_started\":false}",
                      errand->name);
    }
    if (strstr(call->path, "/server/history"))
        return moonraker_history(twin);
    if (strstr(call->path, "/server/files/metadata"))
        return kept ? answer(twin, 200, "{\"result\":{\"size\":%d}}", (int)kept->size)
                    : answer(twin, 404, "{\"error\":{\"code\":404,\"message\":\"Metadata\"}}");
    if (gone)
        return answer(twin, 503, "{\"error\":{\"message\":\"Klippy Host not connected\"}}");
    if (strcmp(call->method, "GET") == 0)
        return moonraker_status(twin);
    if (twin->stopped)
        return answer(twin, 400, "{\"error\":{\"code\":400,\"message\":\"Unknown\"}}");
    if (twin->hand == HAND_PRINTING)
        return answer(twin, 400, "{\"error\":{\"code\":400,\"message\":\"SD busy\"}}");
    if (!kept)
        return answer(twin, 400, "{\"error\":{\"code\":400,\"message\":\"Unable to open file\"}}");
    start_print(twin, kept->name); /* over a paused one as well */
    return answer(twin, 200, "{\"result\":\"ok\"}");
}

static int prusalink_status(struct twin *twin)
{
    static const char *const words[] = {"IDLE", "PRINTING", "PAUSED", "FINISHED", "STOPPED"};
    const char *word = twin->stopped ? "ERROR" : words[twin->hand];
    return in_work(twin)
               ? answer(twin, 200,
                        "{\"job\":{\"id\":%d,\"progress\":%d},\"printer\":{\"state\":\"%s\"}}",
                        twin->job, progress_of(twin), word)
               : answer(twin, 200, "{\"printer\":{\"state\":\"%s\"}}", word);
}

static int prusalink_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    struct kept *kept = kept_of(twin, called_name(call->path));
    if (strcmp(call->path, "/api/v1/status") == 0)
        return prusalink_status(twin);
    if (strcmp(call->path, "/api/v1/job") == 0)
        return in_work(twin) ? answer(twin, 200,
                                      "{\"id\":%d,\"file\":{\"name\":\"SHORT~1.GCO\","
                                      "\"display_name\":\"%s\"}}",
                                      twin->job, twin->file)
                             : answer(twin, 204, " ");
    if (strcmp(call->method, "PUT") == 0 && kept)
        return answer(twin, 409, "{\"title\":\"File already exists\"}");
    if (strcmp(call->method, "PUT") == 0) {
        keep(twin, errand->name, errand->size);
        return answer(twin, 201, " ");
    }
    if (!kept)
        return answer(twin, 404, "{}");
    if (strcmp(call->method, "GET") == 0)
        return answer(twin, 200, "{\"size\":%d}", (int)kept->size);
    if (in_work(twin) || twin->stopped)
        return answer(twin, 409, "{\"title\":\"Can't print right now\"}");
    start_print(twin, kept->name);
    return answer(twin, 204, " ");
}

/* What the server does and says now, where it is in reach. */
static int twin_says(struct twin *twin, const struct call *call, const struct errand *errand)
{
    return is_kind(twin, &protocol_octoprint)   ? octoprint_says(twin, call, errand)
           : is_kind(twin, &protocol_moonraker) ? moonraker_says(twin, call, errand)
                                                : prusalink_says(twin, call, errand);
}

#endif
