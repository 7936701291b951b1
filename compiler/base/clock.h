/* The two clocks, in whole milliseconds: one to measure how long something takes, one to say when it was. */
#ifndef FLOW_BASE_CLOCK_H
#define FLOW_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Goes on evenly, from no particular moment. */
static inline int64_t clock_steady_ms(void)
{
    return clock_of(CLOCK_MONOTONIC);
}

/* Since 1970, UTC; somebody may set it. */
static inline int64_t clock_wall_ms(void)
{
    return clock_of(CLOCK_REALTIME);
}

#endif
