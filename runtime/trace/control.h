/* Control charts: whether a process is steady, from readings in the order the pieces were made. Exact: a point that lies
   on a line is on it, and on no side.

   Each chart is a pair: the readings one by one with their moving ranges, or the means of subgroups with their ranges.
   The deviation is the mean range over d2, as in capability.h, and so the limits are those of the process, whatever the
   spec says. Checked against: NIST/SEMATECH e-Handbook 6.3.2 (tests/unit/test_control.c). */
#ifndef FLOW_TRACE_CONTROL_H
#define FLOW_TRACE_CONTROL_H

#include "base/arena.h"
#include "base/rational.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CONTROL_GROUP_AT_MOST = 25, /* readings of a subgroup: beyond, its range says little */
    CONTROL_POINTS_NEEDED = 20  /* under it the limits are a first guess */
};

/* The zone rules of Western Electric (1956); each is looked for above and below the centre, by itself. A point breaks
   one when it lies there and the pattern is whole with it. Bits of control_point.broken. */
enum control_rule {
    CONTROL_BEYOND_THREE = 1, /* a point beyond three deviations */
    CONTROL_TWO_OF_THREE = 2, /* two of three in a row beyond two, on one side */
    CONTROL_FOUR_OF_FIVE = 4, /* four of five in a row beyond one, on one side */
    CONTROL_EIGHT_IN_ROW = 8  /* eight in a row on one side of the centre */
};
enum { CONTROL_RULE_COUNT = 4 };

struct control_rule_row {
    int rule; /* an enum control_rule */
    int wanted, of;
    int deviations;    /* beyond so many */
    const char *words; /* "2 of 3 beyond two deviations" */
};
extern const struct control_rule_row control_rules[CONTROL_RULE_COUNT];

struct control_point {
    struct rational value;
    struct rational centre, deviation; /* of what is plotted there: groups differ in size */
    struct rational lower, upper;      /* the control limits: three deviations away */
    int broken;                        /* the rules it breaks */
    int side;                          /* of the centre: -1 below, 1 above, 0 on it */
};

struct control_chart {
    struct control_point *points;
    int count;
    bool has_lower; /* what starts from zero, as a range, has none where it would be under it */
};

struct control {
    bool reckoned; /* two readings at least, and not all alike: what is below holds */
    bool grouped;  /* means and ranges of subgroups; else readings and moving ranges */
    bool indicative;
    struct rational deviation;   /* of a single reading */
    struct control_chart values; /* by all four rules */
    struct control_chart ranges; /* by the first alone: its points are not evenly spread, and moving
                                     ranges hang together. ranges[i] of moving ranges is from reading i
                                     to i + 1 */
    int broken;                  /* points of both charts that break a rule */
};

/* Readings one by one. `from_zero`: they cannot be under zero (a run-out), and a limit there is none. Everything lives in
   the arena. */
void control_of_readings(const struct rational *readings, int count, bool from_zero,
                         struct arena *arena, struct control *control);
/* Readings in subgroups, one behind the other, each of 2 to CONTROL_GROUP_AT_MOST; at least two groups. */
void control_of_groups(const struct rational *readings, const int *sizes, int group_count,
                       bool from_zero, struct arena *arena, struct control *control);

/* d2: the mean range of n readings from a normal distribution of deviation one. n from 2 to CONTROL_GROUP_AT_MOST. */
struct rational control_mean_range(int n);

#endif
