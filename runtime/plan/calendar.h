/* When somebody is there: a printer prints day and night, but only a person starts and clears it. All times are seconds since
   1970, UTC. The planner asks for each plate that it times, so that most of it is inline. */
#ifndef FLOW_PLAN_CALENDAR_H
#define FLOW_PLAN_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum { DAY_S = 86400 };

struct calendar {
    int64_t begins_s; /* of a working day, after midnight */
    int64_t length_s; /* DAY_S, with begins_s 0: somebody is always there */
    int days;         /* worked of a week, from Monday on: 1 to 7 */
};

/* Days since 1970-01-01. */
static inline int64_t calendar_day(int64_t time_s)
{
    return time_s >= 0 ? time_s / DAY_S : -((DAY_S - 1 - time_s) / DAY_S);
}

/* 0: Monday. 1970-01-01 was a Thursday. */
static inline int calendar_weekday(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

static inline bool calendar_is_always(const struct calendar *calendar)
{
    return calendar->length_s >= DAY_S && calendar->days >= 7;
}

/* The first working day from this day on. */
static inline int64_t calendar_workday(const struct calendar *calendar, int64_t day)
{
    int at = calendar->days < 7 ? calendar_weekday(day) : 0;
    return at < calendar->days ? day : day + 7 - at;
}

/* When work begins on it. */
static inline int64_t calendar_morning(const struct calendar *calendar, int64_t day)
{
    return calendar_workday(calendar, day) * DAY_S + calendar->begins_s;
}

/* The first from then on at which somebody stays as long, or, where no day is as long, begins a day. */
static inline int64_t calendar_fit(const struct calendar *calendar, int64_t time_s, int64_t hands_s)
{
    if (calendar_is_always(calendar))
        return time_s;
    if (hands_s > calendar->length_s)
        hands_s = calendar->length_s;
    int64_t morning_s = calendar_morning(calendar, calendar_day(time_s));
    if (time_s <= morning_s)
        return morning_s;
    if (time_s + hands_s <= morning_s + calendar->length_s)
        return time_s;
    return calendar_morning(calendar, calendar_day(time_s) + 1);
}

/* The first moment from then on at which somebody is there. */
static inline int64_t calendar_next(const struct calendar *calendar, int64_t time_s)
{
    return calendar_fit(calendar, time_s, 0);
}

/* The day of that moment. */
static inline int64_t calendar_next_day(const struct calendar *calendar, int64_t time_s)
{
    int64_t day = calendar_day(time_s), workday = calendar_workday(calendar, day);
    int64_t evening_s = workday * DAY_S + calendar->begins_s + calendar->length_s;
    if (calendar_is_always(calendar))
        return day;
    return time_s <= evening_s ? workday : calendar_workday(calendar, day + 1);
}

/* How many of the days from the first on, before the other, nobody works. */
static inline int64_t calendar_days_off(const struct calendar *calendar, int64_t first,
                                        int64_t before)
{
    int64_t off = 0;
    if (calendar->days >= 7 || before <= first)
        return 0;
    off = (before - first) / 7 * (7 - calendar->days);
    for (int64_t day = before - (before - first) % 7; day < before; day++)
        off += calendar_weekday(day) >= calendar->days;
    return off;
}

/* When so much work of one person, begun then or as soon as somebody is there, is done. */
static inline int64_t calendar_work(const struct calendar *calendar, int64_t time_s,
                                    int64_t hands_s)
{
    if (calendar_is_always(calendar))
        return time_s + hands_s;
    for (;;) {
        int64_t morning_s = calendar_next_day(calendar, time_s) * DAY_S + calendar->begins_s;
        int64_t evening_s = morning_s + calendar->length_s;
        if (time_s < morning_s)
            time_s = morning_s;
        if (time_s + hands_s <= evening_s)
            return time_s + hands_s;
        hands_s -= evening_s - time_s;
        time_s = evening_s + 1;
    }
}

#endif
