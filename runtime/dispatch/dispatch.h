/* The jobs of the shop on the printers of the farm: what waits goes to a printer that is free and fits, what becomes of it is
   written down, and after a restart it goes on where it was. Everything happens inside dispatch_turn, in the thread that
   owns the shop. In the module of the server (libcurl). */
#ifndef FLOW_DISPATCH_DISPATCH_H
#define FLOW_DISPATCH_DISPATCH_H

#include "shop/shop.h"

struct dispatch;

/* Who counts what happens here, for metrics; all NULL where nobody does. */
struct dispatch_counter {
    /* From a printer being free for a job to the file's way to it. */
    void (*took)(double ms, void *data);
    /* A command of the farm was answered; NULL: the machine was in the way of it. */
    void (*answered)(enum message_kind command, const struct answer *answer, void *data);
    void *data;
};

/* What farm.yaml says is loaded and the journal knows nothing of is taken over. The shop is open to write and outlives it. NULL with a
   failure. */
struct dispatch *dispatch_open(struct workshop *shop, const char *farm_path,
                               const struct dispatch_counter *counter, struct failure *failure);
/* What is under way goes on at the printers; the next one that opens takes it up. NULL is fine. */
void dispatch_close(struct dispatch *dispatch);

/* Does what there is to do without waiting. Returns when it wants to be called again at the latest, in ms. */
int dispatch_turn(struct dispatch *dispatch);
/* Readable when there is something to do before that. */
int dispatch_descriptor(const struct dispatch *dispatch);

/* ---- for who shows it ---- */

/* A printer of the farm as it is now. The names live as long as the dispatch. */
struct printer_now {
    const char *printer, *machine, *protocol;
    const char *state; /* a word: "printing" */
    bool by_hand;      /* people say what it does; the state says nothing then */
    bool heating;
    int percent;       /* -1 where it does not say */
    long remaining_s;  /* negative where it does not say */
    char file[256];    /* in hand; "" */
    char message[200]; /* what it complains of; "" */
};
int dispatch_count(const struct dispatch *dispatch);
struct printer_now dispatch_printer(const struct dispatch *dispatch, int index);

#endif
