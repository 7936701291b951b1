/* An order to a printer about the print that it has in hand: a pure state machine over a protocol, with time and answers from
   outside. It looks first which file is in hand, gives the order only where it is that one, and looks again until the printer
   shows that it obeyed; "yes" is no proof, and a lost answer no failure. An order that shows no effect is given again: twice
   the same to the same print does no harm. */
#ifndef FLOW_PRINTERS_PRINT_ORDER_H
#define FLOW_PRINTERS_PRINT_ORDER_H

#include "printers/protocol.h"

enum print_order_stage {
    ORDER_LOOKS,
    ORDER_GIVES,   /* the next call gives it */
    ORDER_OBEYED,  /* the print is paused, goes on, or is over */
    ORDER_REFUSED, /* it was not given: another file is in hand, or none; or the key is refused */
    ORDER_UNKNOWN  /* it was given, or may have been, and nothing shows it */
};

struct print_order {
    const struct protocol *protocol;
    enum printer_order what;
    const char *name; /* of the file */
    enum print_order_stage stage;
    struct printer_report report, collecting;
    int report_call;
    bool called;      /* a call is on its way */
    int given;        /* so many times */
    int refusals;     /* of them, in a row */
    int64_t again_ms; /* when it may be given again */
    int64_t wake_ms, end_ms;
    char why[200]; /* a sentence, where it was not obeyed */
};

/* The name must outlive it. */
void print_order_begin(struct print_order *order, const struct protocol *protocol,
                       enum printer_order what, const char *name, int64_t now_ms);
/* Whether the call that was written is to be made now; else it waits until order.wake_ms, or is over. */
bool print_order_next(struct print_order *order, int64_t now_ms, struct call *call);
void print_order_heard(struct print_order *order, int64_t now_ms, const struct reply *reply);

static inline bool print_order_is_over(const struct print_order *order)
{
    return order->stage >= ORDER_OBEYED;
}

#endif
