/* What is to be said about an order file: each with a place and a way out. */
#ifndef FLOW_ORDERS_FINDINGS_H
#define FLOW_ORDERS_FINDINGS_H

#include "base/arena.h"
#include "base/buffer.h"

enum finding_level {
    FINDING_NOTE,    /* good to know */
    FINDING_WARNING, /* taken, and somebody should look */
    FINDING_ERROR    /* not taken */
};

struct order_finding {
    enum finding_level level;
    int line, column;            /* in the file; 0 where it is about the file or the shop */
    const char *order, *of_line; /* "" where it is about none */
    const char *text;            /* a sentence without its full stop */
    const char *help;            /* what to do, "" */
};

/* Zero-initialise, with an arena. */
struct findings {
    struct arena *arena;
    struct order_finding *list;
    int count, capacity;
    int errors, warnings;
};

/* Where in the file, and what it is about. */
struct about {
    int line, column;
    const char *order, *of_line; /* NULL: none */
};

/* Adds one: its text is made of the format, in the arena; `help` must live as long. */
struct order_finding *finding_add(struct findings *findings, enum finding_level level,
                                  struct about about, const char *help, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* "orders.csv:12:7: error: ...", with a line "help: ..." below; at most so many, then how many more there are. */
void findings_print(struct buffer *out, const struct findings *findings, const char *file,
                    int at_most);
/* A JSON array: level, line, column, order, order_line, message, help; what is not said is left out. */
void findings_write(struct buffer *out, const struct findings *findings);

#endif
