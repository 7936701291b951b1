/* A farm on a virtual clock: orders come, the planner (plan/plan.h) says what is printed where, printers print or fail, and
   people at stations do the rest. All of it is done by commands of the engine, on a state in memory: the farm is the world
   about it, its time and chance. docs/simulation.md says what it takes for granted.

   Same specs, settings and seed: the same figures, to the last digit. */
#ifndef FLOW_SIM_FARM_H
#define FLOW_SIM_FARM_H

#include "base/failure.h"
#include "plan/snapshot.h"

enum { HOURS_OF_WEEK = 168, FARM_SPECS_AT_MOST = 64 };

/* What a simulated shop goes without. */
enum farm_without {
    WITHOUT_BATCHING = 1,   /* every unit is a plate by itself */
    WITHOUT_SCREENS = 2,    /* only the last inspection looks */
    WITHOUT_VALIDATION = 4, /* faulty models are printed */
    WITHOUT_RETRIES = 8     /* what failed waits for a batch again */
};

/* A cause of failed builds. */
struct farm_defect {
    const char *name;
    double share;    /* of builds that have it */
    double found;    /* of these, validation finds so many before they print */
    double stops_at; /* the part of the print after which the others stop */
};

/* What befalls a printer by itself. */
struct farm_trouble {
    const char *name;
    double a_week; /* of each printer, on average */
    int64_t lasts_s;
};
bool farm_trouble_is_known(const char *name);

enum { PROTOCOLS_AT_MOST = 8, TROUBLES_AT_MOST = 32 };

struct farm_settings {
    uint64_t seed;
    int64_t start_s; /* midnight of a Monday, UTC */
    int days;
    double demand;       /* units a day of each product; 0: only what the file ordered */
    bool demand_is_full; /* there is always more ordered than can be made */
    int64_t lead_days;   /* from order to due */
    unsigned without;    /* of farm_without */
    struct calendar calendar;
    int64_t swap_s, nozzle_s;
    const struct farm_defect *defects;
    int defect_count;
    const struct farm_trouble *trouble;
    int trouble_count;
    const struct protocol *protocols[PROTOCOLS_AT_MOST]; /* of the printers by turns */
    int protocol_count;                                  /* 0: all there are */
};

/* ---- specs, compiled for a simulation ---- */
struct farm_specs;
/* With changes as "machine.mk4.count=6"; now_s: when it opens. NULL with a failure. */
struct farm_specs *farm_specs_open(const char *const *paths, int path_count,
                                   const char *const *changes, int change_count, int64_t now_s,
                                   struct failure *failure);
/* What an order file is read against; and a command of it. False with a failure where the engine refuses it. */
const struct state *farm_specs_state(const struct farm_specs *specs);
bool farm_does(struct farm_specs *specs, const struct message *command, struct failure *failure);
void farm_specs_close(struct farm_specs *specs);

/* ---- what came of it ---- */
struct farm_day {
    int ordered, done, failed_plates;
};
struct farm_bench {
    const char *name;
    int64_t seats, worked_s, there_s;
};
struct farm_machine {
    const char *name;
    int64_t printing_s, lost_s; /* lost: in builds that failed */
};

struct farm_result {
    int64_t events, plans;
    int64_t horizon_s;
    int64_t ordered, done, scrapped, escaped, open; /* units; escaped: bad, and delivered */
    int64_t plates, failed, caught, changeovers;
    int64_t calls, not_started,
        asked; /* of printers; attempts; those of which a person had to say how they ended */
    int64_t lines_done, late; /* order lines; late: done late, or not done and due */
    int64_t lead_median_s, lead_p95_s;
    int64_t printing_s, lost_s;
    double printed_g, wasted_g;
    double labour, machine, material, other, revenue, fees;
    const char *currency;
    struct farm_day *days;
    int day_count;
    struct farm_bench *benches;
    int bench_count;
    struct farm_machine *machines;
    int machine_count;
    char waits[400];            /* what a rule of the shop kept back in the end, "" for nothing */
    double busy[HOURS_OF_WEEK]; /* of the printers, by hour of the week from Monday 0:00 */
    int lead_days[32];          /* order lines by days from order to done; the last: more */
    struct arena arena;
};

double farm_utilization(const struct farm_result *result);
double farm_cost(const struct farm_result *result);

bool farm_simulate(struct farm_specs *specs, const struct farm_settings *settings,
                   struct farm_result *result, struct failure *failure);
void farm_result_free(struct farm_result *result);

#endif
