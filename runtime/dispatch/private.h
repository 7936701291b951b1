/* Private to dispatch/. */
#ifndef FLOW_DISPATCH_PRIVATE_H
#define FLOW_DISPATCH_PRIVATE_H

#include "dispatch/dispatch.h"
#include "printers/driver.h"
#include "printers/farm.h"

/* A printer of the farm, and what we have to do with it. */
struct bay {
    const struct farm_printer *printer;
    const char *name;    /* interned */
    const char *job;     /* that the driver runs for us; NULL: none */
    const char *ended;   /* how it ended, while that is not written down yet; NULL */
    int percent;         /* how far it had come */
    char why[200];       /* it ended */
    int64_t begun_ms;    /* it was begun */
    int64_t free_ms;     /* since when it has been free; 0: it is not */
    char file_seen[256]; /* what it had in hand when it last answered */
    bool heard;          /* it answered since we began */
    bool fresh;          /* it answered since its last run ended: what it says is how it is */
};

struct dispatch {
    struct workshop *shop;
    struct farm farm;
    struct driver *driver;
    struct bay *bays;   /* as in the farm */
    struct arena arena; /* of one turn */
    uint64_t chance;
    bool looks;      /* something changed: a job may go to a printer */
    int64_t look_ms; /* when to look in any case */
    struct dispatch_counter counter;
};

/* Does a command as the farm. False where it was refused, or, after a message, could not be made durable. */
bool farm_does(struct dispatch *dispatch, struct message *command);
const struct job *job_of_bay(const struct dispatch *dispatch, const struct bay *bay);
/* Writes down how a job ended; where that cannot be, it is tried again in later turns. */
void write_end(struct dispatch *dispatch, struct bay *bay);

/* ---- hear.c: what the driver and the journal tell ---- */
extern const struct listener dispatch_listener; /* its data is the dispatch */
shop_listener dispatch_hears_event;

/* ---- begin.c: what waits ---- */
/* Begins what can be begun. */
void dispatch_begin_jobs(struct dispatch *dispatch);
/* Where a job's file is, in the arena; NULL with a failure. */
const char *job_file(struct dispatch *dispatch, const struct job *job, struct failure *failure);
/* Has the printer know, where it wants to, from which of its slots each filament of the job's file comes. False with a failure
   where the file is not of what the job is, or no G-code: a model, or a secret, is not sent to a printer. In slots.c. */
bool choose_slots(struct dispatch *dispatch, const struct job *job, int index, const char *path,
                  struct failure *failure);
/* Takes up what was under way when we were stopped. */
void dispatch_take_up(struct dispatch *dispatch);

#endif
