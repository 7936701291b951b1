/* One print on one printer, started exactly once: a pure state machine over a protocol, with time and answers from outside.

   The file has a name that no other attempt ever has. Before the call that starts it, the intent is made durable (WISH_INTENT);
   afterwards an answer that is lost, a time-out, or a printer that says "yes" proves nothing: only what the printer then
   shows of that file does. The end is one of
     started and watched to its end: RUN_FINISHED, RUN_FAILED;
     certainly not started: RUN_NOT_STARTED, which may be tried again under another name, or RUN_REFUSED, which may not;
     nobody knows: RUN_UNKNOWN, a question to a person, with what is known.
   After a restart of our own, run_resume goes on from what was durable; where that is no intent, run_begin does, under the
   same name. That the plate is empty is the caller's to know; the run sees to it that nothing else is printed in between. */
#ifndef FLOW_PRINTERS_RUN_H
#define FLOW_PRINTERS_RUN_H

#include "printers/protocol.h"

enum run_stage {
    RUN_LOOK,        /* is the printer free? */
    RUN_UPLOAD,      /* the file goes over */
    RUN_CHECK_FILE,  /* is it there, whole? */
    RUN_LOOK_AGAIN,  /* is it still free? */
    RUN_INTEND,      /* the intent is to be made durable */
    RUN_START,       /* the one call */
    RUN_CONFIRM,     /* what does the printer show? */
    RUN_PRINTING,    /* it was started: how does it end? */
    RUN_ASK_THE_END, /* it prints no more: what does it keep of the file? */
    RUN_FINISHED,
    RUN_FAILED,
    RUN_NOT_STARTED,
    RUN_REFUSED,
    RUN_UNKNOWN,
    RUN_STAGE_COUNT
};
extern const char *const run_stage_words[RUN_STAGE_COUNT];
/* An end as the journal has it: "finished", "not_started"; NULL for what is none. */
extern const char *const run_ending_words[RUN_STAGE_COUNT];

enum run_wish {
    WISH_CALL,   /* make the call that was written, and say with run_heard what came back */
    WISH_WAIT,   /* nothing until run.wake_ms */
    WISH_INTENT, /* make durable that this file is about to be started, then run_intended */
    WISH_OVER    /* it came to an end */
};

struct run {
    const struct protocol *protocol;
    struct errand errand;
    enum run_stage stage;
    int64_t wake_ms;
    struct printer_report report;     /* the last whole one */
    struct printer_report collecting; /* the one that is being asked for */
    struct printer_report before;     /* when it was free, before the file went over */
    int report_call;
    bool called; /* a call is on its way */
    int tries;   /* at this stage, that came to nothing */
    int uploads, ends_asked, away;
    int64_t looked_ms;  /* when it was last seen free */
    int64_t started_ms; /* when the starting call was made; when we came back, after a restart */
    int64_t heard_ms;   /* when the printer last answered, since then */
    int64_t moved_ms;   /* when its report last changed; silence in between is no change */
    enum printer_state moved_state;
    double moved_progress;
    bool gap;         /* since the start it was out of reach: it may have begun, ended, forgotten */
    bool turned_down; /* it said that it does not start the file */
    bool shown;       /* the printer showed our file in hand */
    bool followed;    /* and has been in sight ever since, with nothing else in hand */
    int quiet_looks;  /* in a row, with nothing to show for the start */
    char why[200];    /* of the end, or of waiting: a sentence */
};

/* The errand's texts must outlive the run. */
void run_begin(struct run *run, const struct protocol *protocol, const struct errand *errand,
               int64_t now_ms);
/* After a restart: the intent was durable, so the start may or may not have been sent. */
void run_resume(struct run *run, const struct protocol *protocol, const struct errand *errand,
                int64_t now_ms);

/* After a restart: the file was seen started before. */
void run_rejoin(struct run *run, const struct protocol *protocol, const struct errand *errand,
                int64_t now_ms);

enum run_wish run_next(struct run *run, int64_t now_ms, struct call *call);
void run_heard(struct run *run, int64_t now_ms, const struct reply *reply);
void run_intended(struct run *run, int64_t now_ms);
/* It could not be made durable: the run ends, and nothing was started. */
void run_not_intended(struct run *run);
/* Nothing was sent yet, and nothing will be. */
void run_refuse(struct run *run, const char *why);

/* While it prints, it is looked at then, if not sooner. */
void run_hurry(struct run *run, int64_t at_ms);
/* For who has a printer on a clock of his own, and knows that before then it would show what it showed when it was last looked at, only
   further on where it `moves`: while it prints, the looks until then are taken for made. */
void run_skip_looks(struct run *run, int64_t until_ms, bool moves);

/* How far it came, in percent; 0 where the printer does not say. */
int run_percent(const struct run *run);
/* Why it is where it is: a sentence, or the stage. */
const char *run_reason(const struct run *run);

static inline bool run_is_over(const struct run *run)
{
    return run->stage >= RUN_FINISHED;
}

#endif
