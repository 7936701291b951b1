/* Inside plan/: a plan and what it is changed by. */
#ifndef FLOW_PLAN_PRIVATE_H
#define FLOW_PLAN_PRIVATE_H

#include "plan/plan.h"

enum { DAYS_AT_MOST = 1000 }; /* of the plan; later nobody's hands are counted */

/* When somebody sets up: the seat at the station, from when to when. */
struct turn {
    int64_t begin_s, end_s;
    int seat;
};
struct turns {
    struct turn *items; /* by their begin */
    int count, capacity;
};

/* A printer as it stands after some plates. */
struct printer_then {
    int64_t free_s, nozzle_um;
    int materials[SLOTS_AT_MOST];
    int slot_count;
    int changes;    /* for these plates */
    int64_t late_s; /* of them together */
};

struct plan_private {
    struct plan_queue *lines;    /* by group, in the order in which they are taken */
    struct plan_queue *batches;  /* by group, all that live */
    struct plan_queue *eligible; /* by family: printers */
    struct plan_queue *seeds;    /* by group: of problem.batches those that fill */
    int families_given;          /* the problem's: those after them are the plan's */
    int *versatility;            /* by printer: how many families it can print */
    struct plan_queue *alike;    /* by family: the groups whose only operation is of it */
    struct plan_queue *released; /* by release: the groups that have it */
    struct plan_queue *of_line;  /* by line: the batches that have units of it */
    int64_t *in_batches;         /* by line: of its count, units in batches that were not started */
    struct plan_queue free_batches, free_plates;
    struct printer_then *tails; /* by printer, after its last plate */
    int64_t *room_s;            /* by station and day: hands that are not spoken for */
    int *open_day;              /* by station: before it there is no room worth a look */
    struct turns *turns;        /* by station and day; NULL where setups have no turns */
    int64_t first_day;
    bool has_sequences; /* some group has more than one operation */
    bool has_ranks;     /* somebody said what goes first */
};

/* ---- lists of indexes ---- */
void queue_add(struct plan_queue *queue, int item);
void queue_insert(struct plan_queue *queue, int position, int item);
void queue_take(struct plan_queue *queue, int position);
/* Its first place, -1. */
int queue_find(const struct plan_queue *queue, int item);

/* ---- batches and plates as things (things.c) ---- */
int batch_new(struct plan *plan, int group);
void batch_add(struct plan *plan, int batch, const struct plan_piece *piece);
/* One that is there: its name, its units, what was wished of it. */
void batch_be(struct plan *plan, int batch, const struct plan_existing *existing);
/* A batch without plates is gone. */
void batch_free(struct plan *plan, int batch);
int plate_new(struct plan *plan, int family, int group, int operation);
void plate_add(struct plan *plan, int plate, const struct plan_piece *piece);
/* A plate on no printer is gone. */
void plate_free(struct plan *plan, int plate);

/* ---- batching (batches.c) ---- */
/* What of the group is in no batch is put into some; those that there are stay. So is what of the groups is that share its
   release, for what is left of that goes to what is due first. */
void group_form(struct plan *plan, int group);
/* What of a family is too little for a plate by itself and fills one together: is opened, and lies on one. Those batches
   are noted, and the printers on which they were planned apart. */
void family_pool(struct plan *plan, int family, struct plan_queue *batches,
                 struct plan_queue *near);
/* Takes the plates of a batch off their printers, which are noted; they are gone. */
void batch_unplate(struct plan *plan, int batch, struct plan_queue *near);
/* Whether units of such a share can be cut into plates of which each is full enough; the SKUs' own shares make how finely. */
bool can_be_cut(int64_t share, int64_t fill, int64_t finest, int64_t coarsest);

/* ---- what may be produced (release.c) ---- */
void releases_open(struct plan *plan);
void releases_close(struct plan *plan);
/* The groups that share the release of this one; only *group where it has none. They are the plan's. */
struct plan_queue release_groups(const struct plan *plan, int *group);
/* How many units may be put into batches that open, besides those that are in some; PLAN_NEVER where nothing bounds that. */
int64_t release_room(const struct plan *plan, int group);
/* Whether so many more units of the group, and a batch, would come near what is left, or something waits for more already. */
bool release_binds(const struct plan *plan, int group, int64_t more);
/* So many of the room of its release a batch takes that was not started. */
int64_t release_taken(const struct plan *plan, const struct plan_batch *batch);

/* ---- kinds of families (kinds.c) ---- */
/* The families as the problem has them, and who may print what. */
void families_open(struct plan *plan);
void families_close(struct plan *plan);
/* When the first of its printers is free; PLAN_NEVER where all are down. */
int64_t family_waits_until(const struct plan *plan, int family);
/* Of what lies on a plate with both: the one of them, or another, that has the printers that both have; -1 where there are none,
   or they are not of one kind. */
int family_of_both(struct plan *plan, int a, int b);

/* ---- where plates go (schedule.c) ---- */
void schedule_open(struct plan *plan);
/* The printer that has it done first, and of those the one that is changed least; -1 where none can. */
int printer_for(const struct plan *plan, int family, int64_t ready_s, int64_t hands_s,
                int64_t print_s);
/* The same of what is for one printer, where it is: -1 where that cannot. */
int printer_pinned(const struct plan *plan, int family, int pin);
/* When a person would begin with it as the printer's next. */
int64_t next_begin(const struct plan *plan, int printer, int family, int64_t ready_s,
                   int64_t hands_s);
void plate_append(struct plan *plan, int plate, int printer);
/* Reckons the printer's plates anew from a position on. False where one that others wait for comes too late. */
bool queue_retime(struct plan *plan, int printer, int position);
/* Off its printer; what comes after it there is reckoned anew. */
void plate_remove(struct plan *plan, int plate);
/* Where it does least harm: at the end, or before what is due later. */
void plate_insert(struct plan *plan, int plate, const struct plan_queue *near);
void book_release(struct plan *plan, struct plan_plate *plate);

/* ---- one setup after the other (turns.c) ---- */
void turns_open(struct plan *plan);
void turns_close(struct plan *plan);
/* The first moment from then on, on that day of the plan, at which somebody of the station is free for so long and stays as long,
   and the plate's seat then; PLAN_NEVER where there is none. */
int64_t turn_find(const struct plan *plan, struct plan_plate *plate, int station, int day,
                  int64_t from_s, int64_t hands_s);
void turn_take(struct plan *plan, struct plan_plate *plate);
void turn_give_back(struct plan *plan, struct plan_plate *plate);

/* ---- cutting (cut.c): a batch's units onto plates, and these onto printers ---- */
void batch_dispatch(struct plan *plan, int batch, const struct plan_queue *near);

/* ---- the whole (plan.c) ---- */
/* Whether a line is taken before another. */
bool line_is_before(const struct plan *plan, int a, int b);
/* Its place among its group's lines, or where it would stand. */
int line_place(const struct plan *plan, int line);
/* A line among its group's, at its place, where some of it is in no batch that was started; else out of them. */
void line_file(struct plan *plan, int line);
/* The batches of a group that were not started, added to a list. */
void add_planned(const struct plan *plan, int group, struct plan_queue *batches);
/* All of them, what may start first and is due first before the others. */
void dispatch_all(struct plan *plan, const struct plan_queue *batches,
                  const struct plan_queue *near);

/* Puts behind one another what of a batch's operations is not, and on a printer what is on none. */
void put_all_in_order(struct plan *plan);

/* ---- what goes first (rank.c) ---- */
/* Whether no plate before this one, by its place in the printer's queue, has to come after it. */
bool keeps_rank(const struct plan *plan, const struct plan_queue *queue, int position);
/* Ranks, and one operation after the other. */
void put_right(struct plan *plan);

/* ---- improvement (improve.c, rebalance.c) ---- */
/* How one printer does, or two together. */
struct standing {
    int64_t late_s, end_s, sum_s;
    int changes;
};
struct standing standing_of(const struct plan *plan, int a, int b);
bool standing_is_better(const struct standing *now, const struct standing *before);
/* Divides what two have to do last in another way, where that is better. */
bool plan_rebalance(struct plan *plan, int a, int b, int64_t *looks);
/* `looks`: how many plates may be timed again for it. */
void plan_improve(struct plan *plan, int64_t looks);

#endif
