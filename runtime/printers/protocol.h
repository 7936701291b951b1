/* A way to speak to a printer: pure functions that write calls and read replies. The state machine over them is
   printers/run.h, the sockets below are elsewhere. To add one: its file, its row in protocols.c, its double in the tests. */
#ifndef FLOW_PRINTERS_PROTOCOL_H
#define FLOW_PRINTERS_PROTOCOL_H

#include "printers/printer.h"

/* A file that is to be printed once. Its name is used for no other attempt, ever. */
struct errand {
    const char *name; /* "flow-01936f2e-5b00-7000.gcode" */
    int64_t size;     /* bytes */
    const char *sha1, *sha256;
};

enum deed {
    DEED_DONE,     /* it says so */
    DEED_NOT_DONE, /* it says that it did not, and may later */
    DEED_REFUSED,  /* it says that it never will: this file, this key */
    DEED_UNKNOWN   /* nobody knows; ask for evidence */
};

/* What is known of a start, from what the printer keeps of a file or a job. */
enum evidence {
    EVIDENCE_NONE, /* it was asked, and has none: not started yet */
    EVIDENCE_STARTED,
    EVIDENCE_ENDED_WELL,
    EVIDENCE_ENDED_BADLY,
    EVIDENCE_UNREADABLE /* no answer, or none that says */
};

enum printer_order { ORDER_PAUSE, ORDER_RESUME, ORDER_CANCEL };

enum { REPORT_CALLS_AT_MOST = 2 };

struct protocol {
    const char *name;
    /* Writes the call of that index of a report; false where there is no such. */
    bool (*ask_report)(int index, struct call *call);
    /* Reads its reply into the report; false where the rest need not be asked. */
    bool (*hear_report)(int index, const struct reply *reply, struct printer_report *report);

    void (*ask_upload)(const struct errand *errand, struct call *call);
    enum deed (*hear_upload)(const struct errand *errand, const struct reply *reply);
    /* Whether the file is there, whole. */
    void (*ask_stored)(const struct errand *errand, struct call *call);
    enum deed (*hear_stored)(const struct errand *errand, const struct reply *reply);

    void (*ask_start)(const struct errand *errand, struct call *call);
    enum deed (*hear_start)(const struct errand *errand, const struct reply *reply);
    void (*ask_evidence)(const struct errand *errand, struct call *call);
    enum evidence (*hear_evidence)(const struct errand *errand, const struct reply *reply);

    /* False where the printer must be asked for more first (the report says). */
    bool (*ask_order)(enum printer_order order, const struct printer_report *report,
                      struct call *call);

    int settle_s; /* how long a call without an answer may still be carried out */
};

extern const struct protocol protocol_octoprint, protocol_moonraker, protocol_prusalink;
/* NULL where there is none of that name. */
const struct protocol *protocol_find(const char *name);

/* ---- shared by them ---- */

/* Adds a name to a path, what is special escaped. */
void call_add_escaped(struct call *call, const char *name);
/* A part of a form, or a header. */
void call_part(struct call_part *parts, const char *name, const char *value);

#endif
