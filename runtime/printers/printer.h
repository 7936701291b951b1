/* What a printer says of itself, and the calls it is spoken to with: the same for every protocol. */
#ifndef FLOW_PRINTERS_PRINTER_H
#define FLOW_PRINTERS_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum printer_state {
    PRINTER_OFFLINE, /* it does not answer, or its machine is not connected */
    PRINTER_UNKNOWN, /* it answers what we do not understand */
    PRINTER_IDLE,
    PRINTER_STARTING,
    PRINTER_PRINTING,
    PRINTER_PAUSED,
    PRINTER_FINISHED, /* and nobody has told it that its plate is empty */
    PRINTER_CANCELLED,
    PRINTER_ERROR,
    PRINTER_ATTENTION, /* it waits for a person */
    PRINTER_STATE_COUNT
};
extern const char *const printer_state_words[PRINTER_STATE_COUNT];

struct printer_report {
    enum printer_state state;
    char file[256];    /* what it has in hand, as it names it; "" for nothing */
    char job[24];      /* the number of its job, where it has such */
    double progress;   /* 0 to 1, negative where it does not say */
    long remaining_s;  /* negative where it does not say */
    bool quiet;        /* nothing that was sent earlier can still be waiting inside it */
    bool heating;      /* a heater is not as hot as it is to be; false where it does not say */
    char message[200]; /* what it complains of */
};

/* What is known before anything was asked. */
extern const struct printer_report unreported;
/* Whether the file in hand has that name, in whatever folder. */
bool report_has(const struct printer_report *report, const char *name);
/* Whether there is a print in hand. */
bool printer_works(enum printer_state state);
/* Whether the printer said anything of itself. */
bool printer_answers(enum printer_state state);

/* What it is, as far as its server says. */
struct printer_traits {
    int64_t nozzle_um; /* 0: it does not say */
    int volume_mm[3];  /* what it can print in; 0: it does not say */
    bool pauses;
    char camera[600]; /* where its picture is: an address, or a path; "" for nowhere */
};

/* ---- calls ---- */

enum call_body {
    BODY_NONE,
    BODY_JSON, /* text */
    BODY_FILE, /* the bytes of the print file */
    BODY_FORM  /* multipart: the parts, and the print file as `file` */
};

struct call_part {
    const char *name;
    char value[80];
};

enum { CALL_PARTS_AT_MOST = 4 };

enum call_kind {
    CALL_ASKS, /* changes nothing: may go over a connection that was kept, and be lost */
    CALL_DOES, /* changes something: over a connection of its own, so that nothing sends it twice */
    CALL_SENDS, /* changes something, and takes as long as the file is */
};

struct call {
    const char *method;
    char path[600]; /* with its query, escaped */
    enum call_body body;
    char text[2800];
    struct call_part parts[CALL_PARTS_AT_MOST];   /* of a form; ended by a NULL name */
    struct call_part headers[CALL_PARTS_AT_MOST]; /* beside what identifies us */
};

static inline enum call_kind call_kind(const struct call *call)
{
    return call->body == BODY_FILE || call->body == BODY_FORM ? CALL_SENDS
           : call->method[0] == 'G'                           ? CALL_ASKS
                                                              : CALL_DOES;
}

/* What came back. A status of 0 is no answer, which says nothing about whether it was done, but where it never left. */
struct reply {
    int status;
    bool never_left;    /* the connection was refused: the printer cannot have heard it */
    long retry_after_s; /* it wants to be left alone so long; 0: it did not say */
    const char *body;
    size_t length;
};

#endif
