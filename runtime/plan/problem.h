/* What is planned: orders, what is known of how they are made, and the printers, as plain numbers. It is read from a shop
   (plan/snapshot.h), or made up by tests. Times are seconds since 1970, spans seconds; indexes are -1 for none. */
#ifndef FLOW_PLAN_PROBLEM_H
#define FLOW_PLAN_PROBLEM_H

#include "plan/calendar.h"

enum {
    PLATE_FULL = 1000000000, /* the share of a plate that is all of it */
    SLOTS_AT_MOST = 16,      /* materials that a printer has loaded at once */
    LEGS_AT_MOST = 8,        /* of an operation */
    OPERATIONS_AT_MOST = 16  /* of a group */
};
/* Of a batch rule that says no bound, of an order without a due date. */
#define PLAN_NEVER INT64_MAX

/* What may lie on one plate: the same materials, layer, slicer settings, nozzle, machines. */
struct plan_family {
    const char *name; /* "pla_black, 0.2 mm" */
    const int *materials;
    int material_count;
    int64_t nozzle_um;    /* 0: any */
    const bool *printers; /* by printer: whether the operation may be done there */
    int64_t setup_s;      /* a person's, before each plate starts */
    int64_t purge_mg;     /* of material that each plate loses where materials change on it */
    int64_t purge_s;      /* the machine's time that costs as much as that */
    int64_t run_s;        /* of a build, full or not; 0: the times of what lies on it add up */
    int station;          /* where the person stands who sets up, -1: not counted */
    int kind; /* the same of families that differ in their printers only, and may share a build; 0: shares with none */
};

/* Work on a plate's units after it, at one station, and then a time in which nobody stands there. */
struct plan_leg {
    int station;      /* -1: nobody's hands */
    int64_t hands_ms; /* a unit */
    int64_t hands_s;  /* besides, a plate */
    int64_t wait_s;
};

/* A print or cut of a workflow. By SKU of the group: how long one unit takes, and what of a plate. */
struct plan_operation {
    int family;
    const int64_t *print_s, *share;
    struct plan_leg legs[LEGS_AT_MOST]; /* until the next operation, or until it is shipped */
    int leg_count;
};

/* What of a product may be produced as it was approved: more is made of no batch, whatever is ordered. */
struct plan_release {
    int64_t most, left; /* units in all; those that no batch was started with yet */
};

enum plan_order_by { PLAN_BY_DUE, PLAN_BY_AGE };

/* Orders of one product that may share a batch, and the rule of its batch step. */
struct plan_group {
    const char *product, *name; /* "black, 0.2 mm": what they have in common */
    const char *blocked;        /* why none of it may be started, NULL */
    int64_t least, most;        /* units in a batch */
    int64_t fill;               /* the least share of a plate that starts */
    int64_t hold_s;             /* how long an order waits for others */
    enum plan_order_by order_by;
    bool
        has_stock; /* units may be made that nobody ordered yet: nothing on them is asked of a customer */
    int release; /* 1: the first of the problem's, which it has in common with its product's other groups; 0: no bound */
    const struct plan_operation *operations;
    int operation_count;
};

struct plan_line {
    const char *order, *line;
    int group, sku;
    int64_t count; /* in no batch yet */
    int64_t due_s; /* when it must be shipped */
    int64_t came_s;
    int64_t rank;     /* 1 is made first, before all that has none, whatever is due; 0: none */
    const char *held; /* why none of it is planned: "held by anna: ...", NULL */
};

/* Units that are in a batch already: one that fills, or one that was started and waits for a printer. */
struct plan_units {
    int line; /* -1: for stock */
    int sku;
    int64_t count;
    int64_t due_s;
};
struct plan_existing {
    const char *name;
    int group;
    int operation;   /* at which its units wait; -1: the batch was not started */
    int64_t ready_s; /* when they are there: what is before is being printed */
    const struct plan_units *units;
    int unit_count;     /* of the array */
    int64_t rank;       /* as of a line */
    const char *held;   /* likewise */
    const char *pinned; /* the printer that all its plates are for, NULL: any */
    int printer;        /* that one, -1: it is not there */
};

struct plan_printer {
    const char *name;
    int materials[SLOTS_AT_MOST]; /* loaded, -1: nothing */
    int slot_count;               /* at least 1 */
    int64_t nozzle_um;            /* 0: not known */
    int64_t free_s;               /* is in use until then */
    bool down;
    int failures; /* of its last prints, in a hundred: of equal printers the sounder is taken */
};

struct plan_station {
    const char *name;
    int64_t seats;
};

struct plan_problem {
    int64_t now_s;
    struct calendar calendar;
    int64_t swap_s, nozzle_s; /* a person's time to change a material, a nozzle */
    int64_t
        backlog_s; /* how much later than printed a plate may come to the bench; PLAN_NEVER: any */
    int64_t looks_a_plate; /* how much it is made better: so many are timed again; 0: a lot */
    const char *const *materials;
    int material_count;
    const struct plan_station *stations;
    int station_count;
    bool
        in_turn; /* a person sets up one printer after the other; false: setups are booked by the day, as other work */
    const struct plan_family *families;
    int family_count;
    const struct plan_group *groups;
    int group_count;
    const struct plan_release *releases;
    int release_count;
    const struct plan_printer *printers;
    int printer_count;
    const struct plan_line *lines;
    int line_count;
    const struct plan_existing *batches;
    int batch_count;
    /* Whether things of several products fit on a plate of the family together; NULL: where their shares do. `units` of the
       group's SKU, as many kinds as `count`. */
    bool (*fits)(int family, const int *groups, const int *skus, const int64_t *units, int count,
                 void *data);
    void *fits_data;
};

#endif
