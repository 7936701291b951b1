/* A way to speak to a printer: pure functions that write calls and read replies. The state machine over them is
   printers/run.h, the sockets below are elsewhere. To add one: its file, its row in protocols.c, its double in the tests. */
#ifndef FLOW_PRINTERS_PROTOCOL_H
#define FLOW_PRINTERS_PROTOCOL_H

#include "printers/printer.h"

/* The slot of what hangs outside of all slots; that of a filament which is in the file and not on the plate. */
enum { SLOT_OUTSIDE = 64, SLOT_NONE = 0 };

/* A file that is to be printed once. Its name is used for no other attempt, ever. */
struct errand {
    const char *name; /* "flow-01936f2e-5b00-7000.gcode" */
    int64_t size;     /* bytes */
    const char *sha1, *sha256, *md5;
    int plate; /* of a file that has several, from 1; 0: the first */
    const int *
        slots; /* for each filament of the file, in its order, the slot that has it, from 1; or SLOT_NONE */
    int slot_count; /* 0: nobody chose */
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

/* What a server told by itself. */
enum news_of {
    NEWS_NONE,   /* nothing that we would ask for */
    NEWS_CHANGE, /* something changed */
    NEWS_ANEW    /* and it forgot whom to tell what */
};

enum printer_order { ORDER_PAUSE, ORDER_RESUME, ORDER_CANCEL };

enum { REPORT_CALLS_AT_MOST = 2 };

struct protocol {
    const char *name;
    const char *suffix; /* that a file's name must have; NULL: any */
    bool wants_slots;   /* it must be told which slots a print takes, where there are several */
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

    /* Where its server tells by itself what changes, over a websocket, and what is to be said to it first. NULL: nowhere. */
    const char *news, *news_hello;
    enum news_of (*hear_news)(const char *text, size_t length);

    /* What it is: as with reports, each of the calls once; what was not heard is not known. */
    bool (*ask_traits)(int index, struct call *call);
    void (*hear_traits)(int index, const struct reply *reply, struct printer_traits *traits);

    /* Takes the file away when its print is over, where a printer might print it again by itself. NULL: it need not be. */
    void (*ask_tidy)(const struct errand *errand, struct call *call);

    int settle_s; /* how long a call without an answer may still be carried out */
};

extern const struct protocol protocol_octoprint, protocol_moonraker, protocol_prusalink,
    protocol_bambu;
/* A mill, an old printer: it is never asked, people say what it does. */
extern const struct protocol protocol_manual;
/* All of them: first those that are spoken, PROTOCOLS_SPOKEN of them. */
enum { PROTOCOLS_SPOKEN = 4, PROTOCOLS };
extern const struct protocol *const protocols[PROTOCOLS];
/* NULL where there is none of that name. */
const struct protocol *protocol_find(const char *name);

/* ---- shared by them ---- */

/* Adds a name to a path, what is special escaped. */
void call_add_escaped(struct call *call, const char *name);
/* A part of a form, or a header. */
void call_part(struct call_part *parts, const char *name, const char *value);

#endif
