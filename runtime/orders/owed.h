/* What an order still owes. */
#ifndef FLOW_ORDERS_OWED_H
#define FLOW_ORDERS_OWED_H

#include "engine/state.h"

/* Where the units of a line are: each unit that is not cancelled counts once in waiting to shipped, while no more are made
   than were ordered. */
struct line_counts {
    int64_t ordered, cancelled;
    int64_t waiting;  /* in no batch yet */
    int64_t in_batch; /* in one, and not finished */
    int64_t finished; /* in no parcel yet */
    int64_t packed;   /* in a parcel that has not left */
    int64_t shipped;
    int64_t owed; /* ordered, neither cancelled nor shipped */
};

/* The units of all batches, counted once for however many lines. In the arena, as long as the state stays as it is. */
struct owed_book {
    const struct state *state;
    struct arena *arena;
    struct table finished; /* by order and line: finished units that are in no parcel */
};
void owed_open(struct owed_book *book, const struct state *state, struct arena *arena);
void owed_close(struct owed_book *book);

struct line_counts line_counts(const struct owed_book *book, const struct order_line *line);
struct line_counts order_counts(const struct owed_book *book, const struct order *order);

/* Whether something of it is owed; whether a line of it is held. */
bool order_is_open(const struct order *order);
bool order_is_held(const struct order *order);
/* The earliest day that something of it is due that is still owed, "" where none is said. */
const char *order_due(const struct order *order);

#endif
