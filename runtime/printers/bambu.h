/* Private to printers/: what a Bambu Lab printer says over MQTT, put together. It sends what changed, and everything when it is
   asked to; the protocol itself (bambu.c) reads what is put together here as it reads a server's answer. */
#ifndef FLOW_PRINTERS_BAMBU_H
#define FLOW_PRINTERS_BAMBU_H

#include "printers/protocol.h"

#include <jansson.h>

/* A job as a printer names it. */
struct bambu_job {
    char id[24], name[256];
};

struct bambu_view {
    json_t *said; /* what we read of it, since the connection was made */
    /* Kept over connections. A printer may name a job that it has accepted while it still says that the one before is
       finished; so of a job only that end counts before which it was seen at work. */
    struct bambu_job at_work, ended;
    bool ended_well;
};

enum bambu_news {
    BAMBU_NOTHING, /* no report */
    BAMBU_CHANGES,
    BAMBU_ALL /* the whole state */
};

/* Takes one message in, whatever it is. What is not read is not kept: no printer can make it grow. */
enum bambu_news bambu_take(struct bambu_view *view, const char *text, size_t length);
/* The connection is another: what it said before does not hold. */
void bambu_forget(struct bambu_view *view);
/* Whether it has said everything since. */
bool bambu_is_whole(const struct bambu_view *view);
/* Whether it has a job in hand, as far as it has said. */
bool bambu_is_at_work(const struct bambu_view *view);
/* The body of an answer, as the protocol reads it; free it. */
char *bambu_body(const struct bambu_view *view);

/* The paths of its calls: what is known, once it is known to be of now; the same, asked for anew; a message to it; one that starts
   a print, which never leaves where something is in hand: one model ends that. */
#define BAMBU_REPORT "report"
#define BAMBU_REPORT_ANEW "report anew"
#define BAMBU_REQUEST "request"
#define BAMBU_START "start"

/* Statuses of its answers, beside those of FTP. */
enum bambu_status {
    BAMBU_KNOWN = 200,
    BAMBU_SENT = 202, /* handed to the connection, no more */
    BAMBU_DENIED = 401,
    BAMBU_SILENT = 408,        /* it lets us in and says nothing */
    BAMBU_NOT_IT = 400,        /* something else answers there */
    BAMBU_OTHER_PRINTER = 495, /* the certificate is not that of this serial number */
    FTP_SIZE = 213,
    FTP_STORED = 226,
    FTP_DELETED = 250,
    FTP_DENIED = 530,
    FTP_NO_FILE = 550
};

/* The number that a print of that name gets, the same after a restart of ours: from 1 to 2147483647, and as fresh as the name, for
   with an old one a printer goes on with the old job. */
long bambu_job_number(const char *name);

extern const char bambu_ask_all[];   /* everything it knows */
extern const char bambu_ask_alive[]; /* anything: its version */

#endif
