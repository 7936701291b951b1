/* A printer and its server that behave as the real ones do (docs/printers.md), on a clock of ours, with things that happen to
   them. The machine is the truth; what the server says of it is a face of each protocol. Pure: nothing is sent anywhere. */
#ifndef FLOW_SIM_TWIN_H
#define FLOW_SIM_TWIN_H

#include "printers/bambu.h"

#include "base/buffer.h"

enum { TWIN_NAME_SIZE = 40, TWIN_FILES_AT_MOST = 24, TWIN_PREPARES_MS = 3000 };

/* What the machine does with what it has in hand. */
enum twin_hand { HAND_IDLE, HAND_PRINTING, HAND_PAUSED, HAND_FINISHED, HAND_CANCELLED };

/* What the server keeps of a file's print. */
enum twin_row { ROW_NONE, ROW_RUNNING, ROW_GOOD, ROW_BAD, ROW_INTERRUPTED };

struct twin_file {
    char name[TWIN_NAME_SIZE];
    int64_t size;
    enum twin_row row;
    int starts, good, bad; /* the truth */
};

enum twin_incident_kind {
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
    ANSWER_LOST, /* the caller's to do, as the next: `losing` says how many */
    WE_RESTART,  /* restart_ms says how long we are away */
    INCIDENT_KIND_COUNT
};

struct twin_incident {
    enum twin_incident_kind kind;
    int64_t at_ms, length_ms;
};

struct twin {
    const struct protocol *protocol;
    int64_t now_ms;
    enum twin_hand hand;
    char file[TWIN_NAME_SIZE]; /* in hand, or last in hand */
    char shown
        [TWIN_NAME_SIZE]; /* what the server still names; OctoPrint forgets it, PrusaLink hides it */
    int64_t begun_ms, ended_ms; /* of that */
    int64_t ends_ms, left_ms;
    int job, others, destroyed;
    bool stuck, stopped; /* stopped: after an emergency stop, until it is restarted */
    int64_t network_until, server_until, machine_until;
    char late[TWIN_NAME_SIZE]; /* a start that waits inside */
    int64_t late_ms;
    int64_t print_ms;                           /* how long a print takes */
    int64_t breaks_ms;                          /* it breaks off after so long; 0: it does not */
    struct twin_file files[TWIN_FILES_AT_MOST]; /* the last of them */
    int file_count;
    const struct twin_incident *incidents; /* the caller's, in their order */
    int incident_count, incident_next;
    int losing;
    int64_t restart_ms;
    struct buffer body; /* of its last answer */
    /* of a Bambu Lab printer: the job that it names, our connection to it, and what we put together of what it said */
    char named[TWIN_NAME_SIZE];
    char said[2][200]; /* over that connection, last: what it names, what it does */
    bool linked, broke;
    int64_t begins_within_ms; /* of accepting a start */
    int hangs_one_in; /* of the starts that it accepts one in so many never begins; 0: none */
    struct bambu_view view;
};

/* All that happens until then, in its order. */
void twin_advance(struct twin *twin, int64_t to_ms);
/* When it will be otherwise than now, but for how far its print is; INT64_MAX: as far as is known never. */
int64_t twin_next_change(const struct twin *twin);
/* What the server does and says now, where it is in reach: a status, below zero where the call never left; what it says is in
   `body`. */
int twin_says(struct twin *twin, const struct call *call, const struct errand *errand);
/* An answer of anything between, in place of its own. */
int twin_answer(struct twin *twin, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A person ends what is in hand, and what it is stuck in. */
void twin_mend(struct twin *twin);
/* We were away for restart_ms: it went on, and what we had put together of what it said is gone. */
void twin_pass_restart(struct twin *twin);
void twin_close(struct twin *twin);

bool twin_is(const struct twin *twin, const struct protocol *protocol);
/* It prints, or stands in the middle of a print. */
bool twin_works(const struct twin *twin);
bool twin_server_is_up(const struct twin *twin);
bool twin_is_in_reach(const struct twin *twin);
bool twin_machine_is_ready(const struct twin *twin);
/* What it has of that name; NULL. */
struct twin_file *twin_file(struct twin *twin, const char *name);

/* ---- between the machine (twin.c) and its server (twin_servers.c) ---- */

void twin_keep(struct twin *twin, const char *name, int64_t size);
void twin_start(struct twin *twin, const char *name);
/* What is in hand ends; `row` is what a server that looks keeps of it. */
void twin_end(struct twin *twin, enum twin_hand hand, enum twin_row row);
/* A Bambu Lab printer tells what changed. */
void twin_bambu_says(struct twin *twin);

#endif
