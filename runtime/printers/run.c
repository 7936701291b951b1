#include "printers/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const run_stage_words[RUN_STAGE_COUNT] = {
    "looking",    "uploading", "checking the file",   "looking again", "intending", "starting",
    "confirming", "printing",  "asking how it ended", "finished",      "failed",    "not started",
    "refused",    "unknown"};

enum {
    TRIES_AT_MOST = 3,   /* of what may be done again */
    CHECKS_AT_MOST = 20, /* of the file's arrival */
    FIRST_PAUSE_MS = 1000,
    LONGEST_PAUSE_MS = 30000,
    CONFIRM_PAUSE_MS =
        1000, /* shorter than any server takes to come up again, so that a gap is seen */
    WATCH_PAUSE_MS = 2000,
    QUIET_LOOKS_WANTED = 3,
    CONFIRM_AT_MOST_MS = 600000 /* after that a person is asked */
};

static void say(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->why, sizeof run->why, format, arguments);
    va_end(arguments);
}

static void enter(struct run *run, enum run_stage stage, int64_t wake_ms)
{
    run->stage = stage;
    run->wake_ms = wake_ms;
    run->tries = 0;
    run->report_call = 0;
    run->called = false;
}

/* Again at this stage, later each time. */
static void again(struct run *run, int64_t now_ms)
{
    int64_t pause_ms = (int64_t)FIRST_PAUSE_MS << (run->tries < 5 ? run->tries : 5);
    run->tries++;
    run->called = false;
    run->report_call = 0;
    run->wake_ms = now_ms + (pause_ms < LONGEST_PAUSE_MS ? pause_ms : LONGEST_PAUSE_MS);
}

static void end(struct run *run, enum run_stage stage)
{
    enter(run, stage, 0);
}

/* ---- what is asked ---- */

static void ask_report(struct run *run, struct call *call)
{
    if (run->report_call == 0)
        run->collecting =
            (struct printer_report){.state = PRINTER_UNKNOWN, .progress = -1, .remaining_s = -1};
    run->protocol->ask_report(run->report_call, call);
}

static bool is_report_stage(const struct run *run)
{
    return run->stage == RUN_LOOK || run->stage == RUN_LOOK_AGAIN || run->stage == RUN_PRINTING ||
           (run->stage == RUN_CONFIRM && run->report_call >= 0);
}

static void ask(struct run *run, struct call *call)
{
    switch (run->stage) {
    case RUN_UPLOAD:
        run->protocol->ask_upload(&run->errand, call);
        break;
    case RUN_CHECK_FILE:
        run->protocol->ask_stored(&run->errand, call);
        break;
    case RUN_START:
        run->protocol->ask_start(&run->errand, call);
        break;
    default:
        if (is_report_stage(run))
            ask_report(run, call);
        else
            run->protocol->ask_evidence(&run->errand, call);
    }
}

enum run_wish run_next(struct run *run, int64_t now_ms, struct call *call)
{
    if (run_is_over(run))
        return WISH_OVER;
    if (run->stage == RUN_INTEND)
        return WISH_INTENT;
    if (run->called || now_ms < run->wake_ms)
        return WISH_WAIT;
    *call = (struct call){.method = "GET"};
    if (run->stage == RUN_START)
        run->started_ms = now_ms;
    ask(run, call);
    run->called = true;
    return WISH_CALL;
}

/* ---- looking ---- */

static bool has_ours(const struct run *run)
{
    const char *slash = strrchr(run->report.file, '/');
    return strcmp(slash ? slash + 1 : run->report.file, run->errand.name) == 0;
}

static bool works(enum printer_state state)
{
    return state == PRINTER_STARTING || state == PRINTER_PRINTING || state == PRINTER_PAUSED ||
           state == PRINTER_ATTENTION;
}

/* Nothing starts while anything else is in hand: some servers answer "ok" and destroy it. */
static bool is_free(const struct run *run)
{
    return run->report.state == PRINTER_IDLE || run->report.state == PRINTER_FINISHED ||
           run->report.state == PRINTER_CANCELLED;
}

static void look(struct run *run, int64_t now_ms)
{
    bool again_now = run->stage == RUN_LOOK_AGAIN;
    if (is_free(run)) {
        enter(run, again_now ? RUN_INTEND : RUN_UPLOAD, now_ms);
    } else if (run->tries < TRIES_AT_MOST) {
        again(run, now_ms);
    } else {
        say(run, "the printer is %s%s%s; nothing was started",
            printer_state_words[run->report.state], *run->report.message ? ": " : "",
            run->report.message);
        end(run, RUN_NOT_STARTED);
    }
}

/* ---- confirming ---- */

/* Nothing shows it, and nothing can be on its way any more. Only where the printer was in reach all the time, or keeps
   what it did over a restart, is that a proof. */
static void nothing_shown(struct run *run, int64_t now_ms)
{
    bool settled = now_ms - run->started_ms >= (int64_t)run->protocol->settle_s * 1000;
    bool quiet = is_free(run) && run->report.quiet;
    run->quiet_looks = settled && quiet ? run->quiet_looks + 1 : 0;
    if (run->quiet_looks >= QUIET_LOOKS_WANTED && (!run->gap || run->protocol->evidence_lasts)) {
        say(run, "the printer is %s and has not begun the file",
            printer_state_words[run->report.state]);
        end(run, RUN_NOT_STARTED);
    } else if (run->quiet_looks >= QUIET_LOOKS_WANTED ||
               now_ms - run->started_ms > CONFIRM_AT_MOST_MS) {
        say(run, "whether %s was printed is not known: the printer was %s; look at its plate",
            run->errand.name, run->gap ? "out of reach in between" : "silent for too long");
        end(run, RUN_UNKNOWN);
    } else {
        enter(run, RUN_CONFIRM, now_ms + CONFIRM_PAUSE_MS);
    }
}

static void confirm_by_report(struct run *run, int64_t now_ms)
{
    if (run->report.state == PRINTER_OFFLINE || run->report.state == PRINTER_UNKNOWN)
        run->gap = true;
    if (has_ours(run) && (works(run->report.state) || run->report.state == PRINTER_FINISHED)) {
        run->shown = true;
        enter(run, RUN_PRINTING, now_ms);
        return;
    }
    run->report_call = -1; /* the evidence next, at once */
    run->called = false;
}

static void confirm_by_evidence(struct run *run, int64_t now_ms, enum evidence evidence)
{
    switch (evidence) {
    case EVIDENCE_ENDED_WELL:
        end(run, RUN_FINISHED);
        return;
    case EVIDENCE_ENDED_BADLY:
        say(run, "the print was stopped or failed");
        end(run, RUN_FAILED);
        return;
    case EVIDENCE_STARTED:
        run->shown = true;
        enter(run, RUN_PRINTING, now_ms);
        return;
    case EVIDENCE_UNREADABLE:
        run->gap = true;
        run->quiet_looks = 0;
        enter(run, RUN_CONFIRM, now_ms + CONFIRM_PAUSE_MS);
        if (now_ms - run->started_ms > CONFIRM_AT_MOST_MS) {
            say(run, "whether %s was printed is not known: the printer does not answer",
                run->errand.name);
            end(run, RUN_UNKNOWN);
        }
        return;
    case EVIDENCE_NONE:
        nothing_shown(run, now_ms);
    }
}

/* ---- watching ---- */

static void watch(struct run *run, int64_t now_ms)
{
    enum printer_state state = run->report.state;
    if (state == PRINTER_OFFLINE || state == PRINTER_UNKNOWN || (works(state) && has_ours(run)))
        enter(run, RUN_PRINTING, now_ms + WATCH_PAUSE_MS); /* out of reach is no end */
    else if (has_ours(run) && state == PRINTER_FINISHED)
        end(run, RUN_FINISHED);
    else if (has_ours(run) && (state == PRINTER_CANCELLED || state == PRINTER_ERROR)) {
        say(run,
            state == PRINTER_ERROR ? "the printer failed: %s" : "it was cancelled at the printer%s",
            state == PRINTER_ERROR ? run->report.message : "");
        end(run, RUN_FAILED);
    } else {
        enter(run, RUN_ASK_THE_END, now_ms);
    }
}

static void hear_the_end(struct run *run, int64_t now_ms, enum evidence evidence)
{
    if (evidence == EVIDENCE_ENDED_WELL) {
        end(run, RUN_FINISHED);
    } else if (evidence == EVIDENCE_ENDED_BADLY) {
        say(run, "the print was stopped or failed");
        end(run, RUN_FAILED);
    } else if (run->tries < TRIES_AT_MOST) {
        int tries = run->tries; /* once more from the report: it may have been between two states */
        enter(run, RUN_PRINTING, now_ms + WATCH_PAUSE_MS);
        run->tries = tries + 1;
    } else {
        say(run, "%s was started, and how it ended is not known; look at the plate",
            run->errand.name);
        end(run, RUN_UNKNOWN);
    }
}

/* ---- what is heard ---- */

/* Reads one reply of a report; true where the report is whole. */
static bool hear_report(struct run *run, const struct reply *reply)
{
    struct call next = {.method = "GET"};
    bool more = run->protocol->hear_report(run->report_call, reply, &run->collecting);
    run->called = false;
    run->report_call++;
    if (more && run->protocol->ask_report(run->report_call, &next))
        return false;
    run->report = run->collecting;
    run->report_call = 0;
    return true;
}

static void hear_upload(struct run *run, int64_t now_ms, const struct reply *reply)
{
    switch (run->protocol->hear_upload(&run->errand, reply)) {
    case OUTCOME_DONE:
    case OUTCOME_UNKNOWN:
        enter(run, RUN_CHECK_FILE, now_ms);
        break;
    case OUTCOME_REFUSED:
        say(run, "the printer refuses the file (%d): %.100s", reply->status,
            reply->body ? reply->body : "");
        end(run, RUN_REFUSED);
        break;
    case OUTCOME_NOT_DONE:
        if (run->tries < TRIES_AT_MOST) {
            again(run, now_ms);
        } else {
            say(run, "the file does not get over; nothing was started");
            end(run, RUN_NOT_STARTED);
        }
    }
}

static void hear_stored(struct run *run, int64_t now_ms, const struct reply *reply)
{
    enum outcome outcome = run->protocol->hear_stored(&run->errand, reply);
    if (outcome == OUTCOME_DONE) {
        enter(run, RUN_LOOK_AGAIN, now_ms);
    } else if (outcome == OUTCOME_REFUSED || run->tries >= CHECKS_AT_MOST) {
        say(run, "the file did not get over whole; nothing was started");
        end(run, RUN_NOT_STARTED);
    } else if (outcome == OUTCOME_NOT_DONE && run->tries < TRIES_AT_MOST) {
        int tries = run->tries;
        enter(run, RUN_UPLOAD, now_ms + FIRST_PAUSE_MS);
        run->tries = tries + 1;
    } else {
        again(run, now_ms);
    }
}

static void hear_start(struct run *run, int64_t now_ms, const struct reply *reply)
{
    enum outcome outcome = run->protocol->hear_start(&run->errand, reply);
    if (reply->never_left)
        outcome = OUTCOME_NOT_DONE;
    if (outcome == OUTCOME_NOT_DONE || outcome == OUTCOME_REFUSED) {
        if (reply->never_left)
            say(run, "the printer was not reached; nothing was started");
        else
            say(run, "the printer does not start it (%d): %.100s", reply->status,
                reply->body ? reply->body : "");
        end(run, outcome == OUTCOME_REFUSED ? RUN_REFUSED : RUN_NOT_STARTED);
        return;
    }
    run->gap = false;
    run->quiet_looks = 0;
    enter(run, RUN_CONFIRM, now_ms);
}

void run_heard(struct run *run, int64_t now_ms, const struct reply *reply)
{
    run->called = false;
    switch (run->stage) {
    case RUN_UPLOAD:
        hear_upload(run, now_ms, reply);
        return;
    case RUN_CHECK_FILE:
        hear_stored(run, now_ms, reply);
        return;
    case RUN_START:
        hear_start(run, now_ms, reply);
        return;
    case RUN_ASK_THE_END:
        hear_the_end(run, now_ms, run->protocol->hear_evidence(&run->errand, reply));
        return;
    case RUN_CONFIRM:
        if (run->report_call < 0)
            confirm_by_evidence(run, now_ms, run->protocol->hear_evidence(&run->errand, reply));
        else if (hear_report(run, reply))
            confirm_by_report(run, now_ms);
        return;
    default:
        break;
    }
    if (!hear_report(run, reply))
        return;
    if (run->stage == RUN_PRINTING)
        watch(run, now_ms);
    else
        look(run, now_ms);
}

/* ---- beginning ---- */

void run_begin(struct run *run, const struct protocol *protocol, const struct errand *errand,
               int64_t now_ms)
{
    *run = (struct run){.protocol = protocol, .errand = *errand};
    enter(run, RUN_LOOK, now_ms);
}

void run_resume(struct run *run, const struct protocol *protocol, const struct errand *errand,
                int64_t now_ms)
{
    run_begin(run, protocol, errand, now_ms);
    run->started_ms = now_ms;
    run->gap = true; /* we were away ourselves */
    enter(run, RUN_CONFIRM, now_ms);
}

void run_intended(struct run *run, int64_t now_ms)
{
    enter(run, RUN_START, now_ms);
}
