/* Which orders go together, on which plate, on which printer, when. Pure: no clock, no chance, no I/O; the same problem gives
   the same plan. A plan is kept and changed where the shop changes. docs/plan.md says how it goes about it. */
#ifndef FLOW_PLAN_PLAN_H
#define FLOW_PLAN_PLAN_H

#include "plan/problem.h"

#include "base/buffer.h"

/* Indexes in an order. */
struct plan_queue {
    int *items;
    int count, capacity;
};

/* Units of one SKU of one line in a batch, and how many of them lie on a plate. */
struct plan_piece {
    int batch;
    int line; /* -1: for stock */
    int sku;
    int64_t count;
    bool there; /* was in the batch before */
};

enum plan_batch_state {
    PLAN_BATCH_STARTED, /* was there, and was started */
    PLAN_BATCH_OPENS,   /* may be started now */
    PLAN_BATCH_WAITS    /* is expected to be, at opens_s */
};

/* Of a plate: it may be on any printer, or is for one that is not there. */
enum { PLAN_ANY_PRINTER = -1, PLAN_NO_PRINTER = -2 };

struct plan_batch {
    const char *name;                /* of one that is there, NULL */
    const struct plan_existing *was; /* that one as the problem has it, NULL */
    int group;
    int operation; /* the first to plan */
    enum plan_batch_state state;
    int64_t opens_s; /* PLAN_NEVER: nobody knows */
    int64_t count;
    int64_t due_s;  /* the first of its orders' */
    int64_t rank;   /* the first of its lines', and its own; PLAN_NEVER: none */
    bool held_long; /* an order has waited as long as it may: it goes as it is */
    bool
        unreleased; /* it waits since no more, or too little more, of its product may be produced */
    struct plan_piece *pieces; /* in the order in which they are made */
    int piece_count;
    struct plan_queue plates; /* in the order in which they were made */
    bool live;                /* false: the place is free */
};

enum { BOOKINGS_AT_MOST = LEGS_AT_MOST + 1 };
/* Hands of a plate at a station, on a day of the plan. */
struct plan_booking {
    int station, day;
    int64_t hands_s;
};

struct plan_plate {
    int family, group, operation; /* group, operation: of its first piece */
    int piece_count;
    struct plan_piece *pieces;
    int64_t units; /* of all pieces */
    int64_t share;
    int64_t print_s, hands_s; /* the machine's time; a person's to set up, without changeovers */
    int64_t ready_s, due_s;
    int64_t must_out_s; /* what is made of it afterwards is planned for then */
    int64_t rank;       /* the first of what lies on it; PLAN_NEVER: none */
    int pin;            /* the printer that it is for */
    int printer;        /* -1: none can */
    bool is_mixed;      /* its pieces are of several groups */
    bool done;          /* printed and cleared, and of a batch that is not */
    bool fixed;         /* a person has begun with it */
    int swaps;          /* materials that are changed for it */
    bool nozzle_swapped;
    int64_t begin_s, print_begin_s, end_s,
        cleared_s;  /* a person comes; it prints; it is done; a person comes again */
    int64_t out_s;  /* the work after it is done */
    int64_t late_s; /* of all lines on it together: two late orders are worse than one */
    struct plan_booking bookings[BOOKINGS_AT_MOST];
    int booking_count;
    bool live;
    bool
        has_turn; /* somebody of its station's is spoken for from begin_s to print_begin_s: `seat` */
    int seat;
    int turn; /* about where that stands among the turns of its day */
};

struct plan {
    struct plan_problem
        problem; /* lines, printers, releases and families are the plan's own copies */
    struct plan_family
        *families; /* the problem's, and those of plates that several of a kind share */
    struct plan_line *lines;
    int line_count, line_capacity;
    struct plan_printer *printers;
    struct plan_release *releases;
    struct plan_batch *batches;
    int batch_count, batch_capacity;
    struct plan_plate *plates;
    int plate_count, plate_capacity;
    struct plan_queue *queues; /* by printer: its plates */
    struct plan_private *own;
};

struct plan_figures {
    int plates, unplaced, changeovers;
    int64_t makespan_s; /* from now until the last plate is cleared */
    int64_t printing_s;
    int64_t purge_mg;               /* lost on all plates together */
    int late_lines, promised_lines; /* of those with a due date, and of all */
    int64_t lateness_s;             /* of all lines together */
};

/* The problem's arrays must outlive the plan, but for lines, printers, releases and families, which are copied. Close it with
   plan_close. */
struct plan *plan_make(const struct plan_problem *problem);
void plan_close(struct plan *plan);

/* ---- changes: what they touch is planned anew, the rest stays ---- */
/* The time goes on: what has begun by then stays where it is. */
void plan_go_on(struct plan *plan, int64_t now_s);
/* A line comes; its index. */
int plan_add_line(struct plan *plan, const struct plan_line *line);
/* Of a line, so many are in no batch any more: cancelled, or more ordered. */
void plan_change_line(struct plan *plan, int line, int64_t count);
/* A printer is down, up again, or free at another time. */
void plan_change_printer(struct plan *plan, int printer, bool down, int64_t free_s);

/* ---- what it says ---- */
/* When the last unit of a line leaves; now where all are made, PLAN_NEVER where that is not known. */
int64_t plan_promise(const struct plan *plan, int line);
void plan_figures(const struct plan *plan, struct plan_figures *figures);
/* Why a line is not made yet: "3 of 8; opens at 8 or Thu 26 Nov 14:00". Nothing where it is. */
void plan_why_waits(const struct plan *plan, int line, struct buffer *out);
/* The same of a batch that waits. */
void plan_why_batch_waits(const struct plan *plan, int batch, struct buffer *out);
/* A time as people say it: "Thu 26 Nov 14:00", UTC. */
void plan_add_moment(struct buffer *out, int64_t time_s);
/* "12 x desk_hook": what lies on a plate, product by product. */
void plan_add_content(const struct plan *plan, int plate, struct buffer *out);

#endif
