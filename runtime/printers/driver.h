/* A farm at work: every printer is asked what it does, and runs go over. Everything happens inside driver_turn, in the thread
   that calls it. In the module of the server (libcurl). */
#ifndef FLOW_PRINTERS_DRIVER_H
#define FLOW_PRINTERS_DRIVER_H

#include "printers/farm.h"
#include "printers/print_order.h"
#include "printers/run.h"

struct driver;

/* Who is told. Printers are numbered as in the farm. */
struct listener {
    /* A whole report; `before` is the one that was there. May be NULL. */
    void (*reported)(void *data, int printer, const struct printer_report *before,
                     const struct printer_report *now);
    /* Makes durable that this run's file is about to be sent (its stage is RUN_LOOK; not after driver_resume), and then that it is
       about to be started (RUN_INTEND); false: it could not be, and is not. */
    bool (*intended)(void *data, int printer, const struct run *run);
    /* The run went on to another stage, or came to its end (run_is_over); told once. May be NULL. */
    void (*moved)(void *data, int printer, const struct run *run);
    /* An order came to its end (order.stage); told once. May be NULL. */
    void (*ordered)(void *data, int printer, const struct print_order *order);
    /* Any number: of chance, or in a test none. */
    uint64_t (*chance)(void *data);
    bool
        hears_news; /* servers that tell by themselves what changes are listened to: a connection more each */
    void *data;
};

/* The farm must outlive it. Reports are asked for every `poll_ms`, later and later from printers that are out of reach. */
struct driver *driver_open(const struct farm *farm, const struct listener *listener, int poll_ms,
                           struct failure *failure);
void driver_close(struct driver *driver);
/* Waits for at most so long, and does what there is to do. Returns when it wants to be called again at the latest, in ms. */
int driver_turn(struct driver *driver, int wait_ms);
/* For who waits elsewhere: readable when there is something to do before that. */
int driver_descriptor(const struct driver *driver);

/* What the printer last said; unknown before it was asked. */
const struct printer_report *driver_report(const struct driver *driver, int printer);
/* Whether it has said anything yet, good or bad. */
bool driver_has_heard(const struct driver *driver, int printer);

/* How the last call went: its status, 0 for no answer; -1 where nothing listens there. */
int driver_status(const struct driver *driver, int printer);

/* Of the next file that it prints: which plate, and for each filament of it, in their order, the slot that has it. Where nothing was said it is the first plate, and the slot that is loaded where it is the only one. */
void driver_choose(struct driver *driver, int printer, int plate, const int *slots, int count);

/* Has a file printed once, under a name that no other attempt ever had; its sums are reckoned first, in later turns. False with a
   failure: it cannot be read, or that printer has a run already. The caller knows that the plate is empty. */
bool driver_print(struct driver *driver, int printer, const char *file, const char *name,
                  struct failure *failure);
/* Goes on with a run whose intent was durable before we were stopped. */
bool driver_resume(struct driver *driver, int printer, const char *file, const char *name,
                   struct failure *failure);
/* Goes on with one that was seen started before we were stopped. */
bool driver_rejoin(struct driver *driver, int printer, const char *file, const char *name,
                   struct failure *failure);

/* Has the print of that name paused, resumed or cancelled where it is in hand; the end is told to `ordered`. A run that watches
   that print goes on watching. False with a failure where the printer has an order already. */
bool driver_order(struct driver *driver, int printer, enum printer_order what, const char *name,
                  struct failure *failure);

#endif
