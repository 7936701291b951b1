#include "printers/run.h"

#include "printers/answers.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const run_stage_words[RUN_STAGE_COUNT] = {
    "looking",    "uploading", "checking the file",   "looking again", "intending", "starting",
    "confirming", "printing",  "asking how it ended", "finished",      "failed",    "not started",
    "refused",    "unknown"};
const char *const run_ending_words[RUN_STAGE_COUNT] = {[RUN_FINISHED] = "finished",
                                                       [RUN_FAILED] = "failed",
                                                       [RUN_NOT_STARTED] = "not_started",
                                                       [RUN_REFUSED] = "refused",
                                                       [RUN_UNKNOWN] = "unknown"};

enum {
    TRIES_AT_MOST = 3,   /* of what may be done again */
    CHECKS_AT_MOST = 20, /* of the file's arrival; of a record that cannot be read */
    CHECKS_BEFORE_UPLOAD = 2,
    FIRST_PAUSE_MS = 1000,
    LONGEST_PAUSE_MS = 30000,
    LOOK_HOLDS_MS = 2000,    /* nobody starts a print and pauses it in less */
    CONFIRM_PAUSE_MS = 1000, /* several looks within a blink */
    BLINK_MS = 3000,         /* no server is killed, started and answering again in less */
    WATCH_PAUSE_MS = 2000,
    FOLLOW_MS = 20000, /* nobody cancels a print, starts another and has it finished in less */
    AWAY_LOOKS = 8,    /* out of reach, before what the server keeps is asked for */
    QUIET_LOOKS_WANTED = 3,
    CONFIRM_AT_MOST_MS = 600000, /* after that a person is asked */
    STILL_AT_MOST_MS = 12 * 3600 * 1000
};

static void say(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->why, sizeof run->why, format, arguments);
    va_end(arguments);
}

static void say_reply(struct run *run, const char *what, const struct reply *reply)
{
    char words[120];
    reply_words(reply, words, sizeof words);
    say(run, "%s (%d%s%s)", what, reply->status, *words ? ": " : "", words);
}

static void enter(struct run *run, enum run_stage stage, int64_t wake_ms)
{
    run->stage = stage;
    run->wake_ms = wake_ms;
    run->tries = 0;
    run->report_call = 0;
    run->called = false;
}

static int64_t longer(int64_t pause_ms, int tries)
{
    pause_ms <<= tries < 5 ? tries : 5;
    return pause_ms < LONGEST_PAUSE_MS ? pause_ms : LONGEST_PAUSE_MS;
}

/* Again at this stage, later each time. */
static void again(struct run *run, int64_t now_ms)
{
    run->wake_ms = now_ms + longer(FIRST_PAUSE_MS, run->tries++);
    run->called = false;
    run->report_call = 0;
}

static void end(struct run *run, enum run_stage stage)
{
    enter(run, stage, 0);
}

/* ---- what is asked ---- */

static void ask_report(struct run *run, struct call *call)
{
    if (run->report_call == 0)
        run->collecting = unreported;
    run->protocol->ask_report(run->report_call, call);
}

static bool is_report_stage(const struct run *run)
{
    return run->stage == RUN_LOOK || run->stage == RUN_LOOK_AGAIN || run->stage == RUN_PRINTING ||
           (run->stage == RUN_CONFIRM && run->report_call >= 0);
}

static void ask(struct run *run, struct call *call)
{
    if (run->stage == RUN_UPLOAD)
        run->protocol->ask_upload(&run->errand, call);
    else if (run->stage == RUN_CHECK_FILE)
        run->protocol->ask_stored(&run->errand, call);
    else if (run->stage == RUN_START)
        run->protocol->ask_start(&run->errand, call);
    else if (is_report_stage(run))
        ask_report(run, call);
    else
        run->protocol->ask_evidence(&run->errand, call);
}

enum run_wish run_next(struct run *run, int64_t now_ms, struct call *call)
{
    if (run_is_over(run))
        return WISH_OVER;
    if (run->stage == RUN_INTEND)
        return WISH_INTENT;
    if (run->called || now_ms < run->wake_ms)
        return WISH_WAIT;
    /* The intent took long, or we slept: what was seen then does not hold any more. */
    if (run->stage == RUN_START && now_ms - run->looked_ms > LOOK_HOLDS_MS)
        enter(run, RUN_LOOK_AGAIN, now_ms);
    *call = (struct call){.method = "GET"};
    if (run->stage == RUN_START)
        run->started_ms = run->heard_ms = now_ms;
    ask(run, call);
    run->called = true;
    return WISH_CALL;
}

/* ---- looking ---- */

static bool has_ours(const struct run *run)
{
    return report_has(&run->report, run->errand.name);
}

/* Nothing starts while anything else is in hand: some servers answer "ok" and destroy it. Nor while commands wait inside:
   the start would wait behind them, and what was seen would not hold when its turn comes. */
static bool is_free(const struct run *run)
{
    return run->report.quiet &&
           (run->report.state == PRINTER_IDLE || run->report.state == PRINTER_FINISHED ||
            run->report.state == PRINTER_CANCELLED);
}

/* Something else was in hand since the plate was known to be empty: it ended, or another file is in its place. */
static bool was_used(const struct run *run)
{
    const struct printer_report *now = &run->report, *then = &run->before;
    return (now->state != then->state &&
            (now->state == PRINTER_FINISHED || now->state == PRINTER_CANCELLED)) ||
           (*now->file && !has_ours(run) && strcmp(now->file, then->file) != 0);
}

static void look(struct run *run, int64_t now_ms)
{
    bool first = run->stage == RUN_LOOK;
    if (is_free(run) && !first && was_used(run)) {
        say(run, "somebody used the printer meanwhile; nothing was started: empty its plate");
        end(run, RUN_NOT_STARTED);
    } else if (is_free(run)) {
        if (first)
            run->before = run->report;
        run->looked_ms = now_ms;
        enter(run, first ? RUN_UPLOAD : RUN_INTEND, now_ms);
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

/* A server that was killed and came up again may have forgotten that it started our file. So a time out of reach since the
   start, or a silence long enough for it, takes from "there is no trace of it" what makes it a proof. */
static void note_presence(struct run *run, int64_t now_ms, bool answered)
{
    if (!answered || now_ms - run->heard_ms > BLINK_MS)
        run->gap = true;
    if (answered)
        run->heard_ms = now_ms;
}

static void confirm_later(struct run *run, int64_t now_ms)
{
    if (now_ms - run->started_ms > CONFIRM_AT_MOST_MS) {
        say(run, "whether %s was printed is not known: the printer is %s; look at its plate",
            run->errand.name, printer_state_words[run->report.state]);
        end(run, RUN_UNKNOWN);
    } else {
        enter(run, RUN_CONFIRM, now_ms + CONFIRM_PAUSE_MS);
    }
}

/* It was asked and has no trace of our file. That is a proof only where it was in sight all the time, long enough for a call
   that waits inside it, and nothing else was in hand meanwhile. */
static void nothing_shown(struct run *run, int64_t now_ms)
{
    bool settled = now_ms - run->started_ms >= (int64_t)run->protocol->settle_s * 1000;
    run->quiet_looks = settled && is_free(run) ? run->quiet_looks + 1 : 0;
    if (run->turned_down && !run->gap) { /* why stands already */
        end(run, RUN_NOT_STARTED);
    } else if (run->quiet_looks < QUIET_LOOKS_WANTED) {
        confirm_later(run, now_ms);
    } else if (!run->gap && !was_used(run)) {
        say(run, "the printer is %s and has not begun the file",
            printer_state_words[run->report.state]);
        end(run, RUN_NOT_STARTED);
    } else {
        say(run, "whether %s was printed is not known: the printer was %s meanwhile; look at it",
            run->errand.name, run->gap ? "out of reach" : "used");
        end(run, RUN_UNKNOWN);
    }
}

static void confirm_by_report(struct run *run, int64_t now_ms)
{
    note_presence(run, now_ms, printer_answers(run->report.state));
    /* Idle with our file is OctoPrint with the file selected: printed or not, its record says. */
    if (has_ours(run) && printer_answers(run->report.state) && run->report.state != PRINTER_IDLE) {
        run->shown = run->followed = true;
        run->moved_ms = now_ms;
        enter(run, RUN_PRINTING, now_ms);
        return;
    }
    run->report_call = -1; /* the evidence next, at once */
    run->called = false;
}

static void confirm_by_evidence(struct run *run, int64_t now_ms, enum evidence evidence)
{
    note_presence(run, now_ms, evidence != EVIDENCE_UNREADABLE);
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
        run->moved_ms = now_ms;
        enter(run, RUN_PRINTING, now_ms);
        return;
    case EVIDENCE_UNREADABLE:
        run->quiet_looks = 0;
        confirm_later(run, now_ms);
        return;
    case EVIDENCE_NONE:
        nothing_shown(run, now_ms);
    }
}

/* ---- watching ---- */

static void watch_on(struct run *run, int64_t now_ms, int64_t pause_ms)
{
    enter(run, RUN_PRINTING, now_ms + pause_ms);
}

/* Out of reach is no end. Its server may still be there, and know that the print is over. */
static void watch_for_return(struct run *run, int64_t now_ms)
{
    run->away++;
    if (run->away % AWAY_LOOKS == 0)
        enter(run, RUN_ASK_THE_END, now_ms);
    else
        watch_on(run, now_ms, longer(WATCH_PAUSE_MS, run->away));
}

/* What is still known to be ours where the printer names no file any more: it was followed from our print into this. */
static void note_in_sight(struct run *run, int64_t now_ms)
{
    if (now_ms - run->heard_ms > FOLLOW_MS || (*run->report.file && !has_ours(run)))
        run->followed = false;
    if (has_ours(run)) {
        run->followed = true;
        run->shown = true;
    }
    run->heard_ms = now_ms;
    run->away = 0;
}

/* A printer that says "printing" for ever, or is never there again, is a person's to look at. */
static bool is_still(struct run *run, int64_t now_ms)
{
    const struct printer_report *report = &run->report;
    if (printer_answers(report->state) && (report->state != run->moved_state ||
                                           fabs(report->progress - run->moved_progress) > 1e-9)) {
        run->moved_state = report->state;
        run->moved_progress = report->progress;
        run->moved_ms = now_ms;
    }
    return now_ms - run->moved_ms > STILL_AT_MOST_MS;
}

static void watch(struct run *run, int64_t now_ms)
{
    enum printer_state state = run->report.state;
    if (is_still(run, now_ms)) {
        say(run, "nothing has moved for 12 hours: the printer is %s; look at it",
            printer_state_words[state]);
        end(run, RUN_UNKNOWN);
        return;
    }
    if (!printer_answers(state)) {
        watch_for_return(run, now_ms);
        return;
    }
    note_in_sight(run, now_ms);
    bool ours = has_ours(run) || (run->followed && !*run->report.file);
    if (state == PRINTER_STARTING || (printer_works(state) && has_ours(run))) {
        run->ends_asked = 0;
        watch_on(run, now_ms, WATCH_PAUSE_MS);
    } else if (ours && state == PRINTER_FINISHED) {
        end(run, RUN_FINISHED);
    } else if (ours && state == PRINTER_CANCELLED) {
        say(run, "it was cancelled at the printer");
        end(run, RUN_FAILED);
    } else {
        enter(run, RUN_ASK_THE_END, now_ms);
    }
}

/* A printer in trouble may have finished before: what it keeps comes first. Between two states it shows neither: the report
   and the record are asked some times before a person is. */
static void hear_the_end(struct run *run, int64_t now_ms, enum evidence evidence)
{
    int rounds = evidence == EVIDENCE_UNREADABLE ? CHECKS_AT_MOST : TRIES_AT_MOST;
    if (evidence == EVIDENCE_ENDED_WELL) {
        end(run, RUN_FINISHED);
    } else if (evidence == EVIDENCE_ENDED_BADLY) {
        say(run, "the print was stopped or failed");
        end(run, RUN_FAILED);
    } else if (run->away) {
        watch_on(run, now_ms, longer(WATCH_PAUSE_MS, run->away));
    } else if (run->ends_asked++ < rounds) {
        watch_on(run, now_ms, WATCH_PAUSE_MS);
    } else if (run->report.state == PRINTER_ERROR && has_ours(run) && run->followed) {
        say(run, "the printer failed: %.150s", run->report.message);
        end(run, RUN_FAILED);
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
    enum deed outcome = run->protocol->hear_upload(&run->errand, reply);
    if (outcome == DEED_DONE || outcome == DEED_UNKNOWN) {
        enter(run, RUN_CHECK_FILE, now_ms);
    } else if (outcome == DEED_REFUSED) {
        say_reply(run, "the printer refuses the file", reply);
        end(run, RUN_REFUSED);
    } else if (run->uploads++ < TRIES_AT_MOST) {
        again(run, now_ms);
    } else {
        say_reply(run, "the file does not get over; nothing was started", reply);
        end(run, RUN_NOT_STARTED);
    }
}

static void hear_stored(struct run *run, int64_t now_ms, const struct reply *reply)
{
    enum deed outcome = run->protocol->hear_stored(&run->errand, reply);
    bool spent = run->tries >= CHECKS_AT_MOST || run->uploads >= TRIES_AT_MOST;
    if (outcome == DEED_DONE) {
        enter(run, RUN_LOOK_AGAIN, now_ms);
    } else if (outcome == DEED_REFUSED || spent) {
        say_reply(run, "the file did not get over whole; nothing was started", reply);
        end(run, RUN_NOT_STARTED);
    } else if (outcome == DEED_NOT_DONE && run->tries >= CHECKS_BEFORE_UPLOAD) {
        run->uploads++;
        enter(run, RUN_UPLOAD, now_ms + FIRST_PAUSE_MS);
    } else {
        again(run, now_ms);
    }
}

/* "No" is looked into as well: something between us may have asked twice, and the second "no" hides the first "yes". */
static void hear_start(struct run *run, int64_t now_ms, const struct reply *reply)
{
    enum deed outcome = run->protocol->hear_start(&run->errand, reply);
    if (reply->never_left) {
        say(run, "the printer was not reached; nothing was started");
        end(run, RUN_NOT_STARTED);
    } else if (outcome == DEED_REFUSED) {
        say_reply(run, "the printer does not start it", reply);
        end(run, RUN_REFUSED);
    } else {
        run->turned_down = outcome == DEED_NOT_DONE;
        if (run->turned_down)
            say_reply(run, "the printer does not start it", reply);
        run->gap = now_ms - run->started_ms > BLINK_MS && reply->status == 0;
        run->heard_ms = now_ms;
        run->quiet_looks = 0;
        enter(run, RUN_CONFIRM, now_ms);
    }
}

static void hear_for_report(struct run *run, int64_t now_ms, const struct reply *reply)
{
    if (!hear_report(run, reply))
        return;
    if (run->stage == RUN_CONFIRM)
        confirm_by_report(run, now_ms);
    else if (run->stage == RUN_PRINTING)
        watch(run, now_ms);
    else
        look(run, now_ms);
}

void run_heard(struct run *run, int64_t now_ms, const struct reply *reply)
{
    run->called = false;
    if (is_report_stage(run))
        hear_for_report(run, now_ms, reply);
    else if (run->stage == RUN_UPLOAD)
        hear_upload(run, now_ms, reply);
    else if (run->stage == RUN_CHECK_FILE)
        hear_stored(run, now_ms, reply);
    else if (run->stage == RUN_START)
        hear_start(run, now_ms, reply);
    else if (run->stage == RUN_ASK_THE_END)
        hear_the_end(run, now_ms, run->protocol->hear_evidence(&run->errand, reply));
    else if (run->stage == RUN_CONFIRM)
        confirm_by_evidence(run, now_ms, run->protocol->hear_evidence(&run->errand, reply));
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
    run->started_ms = run->heard_ms = now_ms;
    run->gap = true; /* we were away ourselves */
    enter(run, RUN_CONFIRM, now_ms);
}

void run_rejoin(struct run *run, const struct protocol *protocol, const struct errand *errand,
                int64_t now_ms)
{
    run_resume(run, protocol, errand, now_ms);
    run->shown = true;
    run->moved_ms = now_ms;
    enter(run, RUN_PRINTING, now_ms);
}

void run_hurry(struct run *run, int64_t at_ms)
{
    if (run->stage == RUN_PRINTING && at_ms < run->wake_ms)
        run->wake_ms = at_ms;
}

int run_percent(const struct run *run)
{
    double progress = run->report.progress;
    return progress > 0 && progress <= 1 ? (int)(100 * progress) : 0;
}

const char *run_reason(const struct run *run)
{
    return *run->why ? run->why : run_stage_words[run->stage];
}

void run_skip_looks(struct run *run, int64_t until_ms, bool moves)
{
    int64_t still_ms = run->moved_ms + STILL_AT_MOST_MS;
    if (run->stage != RUN_PRINTING || run->away || run->report_call ||
        !printer_works(run->report.state) || !has_ours(run))
        return;
    if (!moves && until_ms > still_ms)
        until_ms = still_ms;
    int64_t looks = (until_ms - run->wake_ms) / WATCH_PAUSE_MS;
    if (looks <= 0)
        return;
    run->wake_ms += looks * WATCH_PAUSE_MS;
    run->heard_ms = run->wake_ms - WATCH_PAUSE_MS;
    if (moves)
        run->moved_ms = run->heard_ms;
}

void run_intended(struct run *run, int64_t now_ms)
{
    enter(run, RUN_START, now_ms);
}

void run_not_intended(struct run *run)
{
    say(run, "that %s is to be started could not be written down; nothing was started",
        run->errand.name);
    end(run, RUN_NOT_STARTED);
}

void run_refuse(struct run *run, const char *why)
{
    say(run, "%s", why);
    end(run, RUN_REFUSED);
}
