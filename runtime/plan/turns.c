/* Setups at a station are done one after the other, as many at once as there are seats: not all printers begin at eight. Other
   work at the bench is booked by the day, and needs no place in it. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void turns_open(struct plan *plan)
{
    size_t lists = (size_t)plan->problem.station_count * DAYS_AT_MOST;
    if (plan->problem.in_turn && lists)
        plan->own->turns = memory_zeroed(lists, sizeof *plan->own->turns);
}

void turns_close(struct plan *plan)
{
    size_t lists = (size_t)plan->problem.station_count * DAYS_AT_MOST;
    for (size_t i = 0; plan->own->turns && i < lists; i++)
        free(plan->own->turns[i].items);
    free(plan->own->turns);
}

static struct turns *turns_of(const struct plan *plan, int station, int64_t day)
{
    return &plan->own->turns[station * DAYS_AT_MOST + day];
}

/* How many of them begin before then: about so many, for what is timed again goes mostly where it was. */
static int turns_before(const struct turns *turns, int64_t time_s, int about)
{
    int before = about < turns->count ? about : turns->count;
    while (before < turns->count && turns->items[before].begin_s < time_s)
        before++;
    while (before > 0 && turns->items[before - 1].begin_s >= time_s)
        before--;
    return before;
}

/* The first moment from then on at which a seat is free for so long: its turns do not overlap. `next`: that many
   begin before it. */
static int64_t seat_free(const struct turns *turns, int seat, int next, int64_t from_s,
                         int64_t hands_s)
{
    int last = next - 1;
    while (last >= 0 && turns->items[last].seat != seat)
        last--;
    if (last >= 0 && turns->items[last].end_s > from_s)
        from_s = turns->items[last].end_s;
    for (; next < turns->count && turns->items[next].begin_s < from_s + hands_s; next++)
        if (turns->items[next].seat == seat)
            from_s = turns->items[next].end_s;
    return from_s;
}

int64_t turn_find(const struct plan *plan, struct plan_plate *plate, int station, int day,
                  int64_t from_s, int64_t hands_s)
{
    const struct plan_problem *problem = &plan->problem;
    const struct turns *turns = turns_of(plan, station, day);
    int64_t morning_s = calendar_morning(&problem->calendar, plan->own->first_day + day);
    int64_t first_s = PLAN_NEVER;

    if (from_s < morning_s)
        from_s = morning_s;
    int next = turns_before(turns, from_s, plate->turn);
    for (int i = 0; i < problem->stations[station].seats && first_s != from_s; i++) {
        int64_t free_s = seat_free(turns, i, next, from_s, hands_s);
        if (free_s < first_s) {
            first_s = free_s;
            plate->seat = i;
        }
    }
    bool ends = first_s + hands_s <= morning_s + problem->calendar.length_s;
    bool is_longest = hands_s > problem->calendar.length_s && first_s == morning_s;
    return ends || is_longest ? first_s : PLAN_NEVER;
}

static struct turns *turns_of_plate(const struct plan *plan, const struct plan_plate *plate)
{
    return turns_of(plan, plan->problem.families[plate->family].station,
                    calendar_day(plate->begin_s) - plan->own->first_day);
}

void turn_take(struct plan *plan, struct plan_plate *plate)
{
    struct turns *turns = turns_of_plate(plan, plate);
    int at = turns_before(turns, plate->begin_s, plate->turn);
    if (turns->count == turns->capacity) {
        turns->capacity = turns->capacity ? 2 * turns->capacity : 8;
        turns->items = memory_resize(turns->items, sizeof *turns->items * (size_t)turns->capacity);
    }
    memmove(turns->items + at + 1, turns->items + at,
            sizeof *turns->items * (size_t)(turns->count - at));
    turns->items[at] = (struct turn){plate->begin_s, plate->print_begin_s, plate->seat};
    turns->count++;
    plate->turn = at;
    plate->has_turn = true;
}

void turn_give_back(struct plan *plan, struct plan_plate *plate)
{
    if (!plate->has_turn)
        return;
    struct turns *turns = turns_of_plate(plan, plate);
    int at = turns_before(turns, plate->begin_s, plate->turn);
    while (turns->items[at].seat != plate->seat)
        at++;
    turns->count--;
    memmove(turns->items + at, turns->items + at + 1,
            sizeof *turns->items * (size_t)(turns->count - at));
    plate->has_turn = false;
}
