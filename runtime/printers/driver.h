/* A farm at work: every printer is asked what it does, and runs go over. Everything happens inside driver_turn, in the thread
   that calls it. In the module of the server (libcurl). */
#ifndef FLOW_PRINTERS_DRIVER_H
#define FLOW_PRINTERS_DRIVER_H

#include "printers/farm.h"
#include "printers/run.h"

struct driver;

/* Who is told. Printers are numbered as in the farm. */
struct listener {
    /* A whole report; `before` is the one that was there. May be NULL. */
    void (*reported)(void *data, int printer, const struct printer_report *before,
                     const struct printer_report *now);
    /* Makes durable that this run's file is about to be started; false: it could not be, and is not started. */
    bool (*intended)(void *data, int printer, const struct run *run);
    /* The run went on to another stage, or came to its end (run_is_over); told once. May be NULL. */
    void (*moved)(void *data, int printer, const struct run *run);
    /* Any number: of chance, or in a test none. */
    uint64_t (*chance)(void *data);
    void *data;
};

/* The farm must outlive it. Reports are asked for every `poll_ms`, later and later from printers that are out of reach. */
struct driver *driver_open(const struct farm *farm, const struct listener *listener, int poll_ms,
                           struct failure *failure);
void driver_close(struct driver *driver);
/* Waits for at most so long, and does what there is to do. */
void driver_turn(struct driver *driver, int wait_ms);

/* What the printer last said; unknown before it was asked. */
const struct printer_report *driver_report(const struct driver *driver, int printer);
/* Whether it has said anything yet, good or bad. */
bool driver_has_heard(const struct driver *driver, int printer);

/* How the last call went: its status, 0 for no answer; -1 where nothing listens there. */
int driver_status(const struct driver *driver, int printer);

/* Has a file printed once, under a name that no other attempt ever had. False with a failure: it cannot be read, or that
   printer has a run already. The caller knows that the plate is empty. */
bool driver_print(struct driver *driver, int printer, const char *file, const char *name,
                  struct failure *failure);
/* Goes on with a run whose intent was durable before we were stopped. */
bool driver_resume(struct driver *driver, int printer, const char *file, const char *name,
                   struct failure *failure);

#endif
