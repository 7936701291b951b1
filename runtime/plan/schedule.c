/* Where plates go and when: printers with their plates in order, and hands that are spoken for at the stations. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void schedule_open(struct plan *plan)
{
    const struct plan_problem *problem = &plan->problem;
    struct plan_private *own = plan->own;

    own->first_day = calendar_day(problem->now_s);
    own->room_s = memory_zeroed((size_t)problem->station_count * DAYS_AT_MOST + 1, sizeof(int64_t));
    own->open_day = memory_zeroed((size_t)problem->station_count + 1, sizeof(int));
    for (int s = 0; s < problem->station_count; s++)
        for (int day = 0; day < DAYS_AT_MOST; day++)
            if (calendar_day(calendar_morning(&problem->calendar, own->first_day + day)) ==
                own->first_day + day)
                own->room_s[s * DAYS_AT_MOST + day] =
                    problem->stations[s].seats * problem->calendar.length_s;
    turns_open(plan);
    for (int p = 0; p < problem->printer_count; p++)
        queue_retime(plan, p, 0);
}

/* ---- hands ---- */

static int day_of(const struct plan *plan, int64_t time_s)
{
    int64_t day = calendar_next_day(&plan->problem.calendar, time_s) - plan->own->first_day;
    return day < 0 ? 0 : day < DAYS_AT_MOST ? (int)day : DAYS_AT_MOST;
}

/* The first day from then on with so much room; DAYS_AT_MOST where there is none. A station's whole day is enough. */
static int day_with_room(const struct plan *plan, int station, int day, int64_t *hands_s)
{
    const struct plan_problem *problem = &plan->problem;
    const int64_t *room_s = plan->own->room_s + station * DAYS_AT_MOST;
    int64_t whole_s = problem->stations[station].seats * problem->calendar.length_s;
    if (*hands_s > whole_s)
        *hands_s = whole_s;
    if (day < plan->own->open_day[station])
        day = plan->own->open_day[station];
    while (day < DAYS_AT_MOST && room_s[day] < *hands_s)
        day++;
    return day;
}

static void book(struct plan *plan, struct plan_plate *plate, int station, int day, int64_t hands_s)
{
    int64_t *room_s = plan->own->room_s + station * DAYS_AT_MOST;
    int *open_day = &plan->own->open_day[station];
    int64_t little_s = plan->problem.stations[station].seats * plan->problem.calendar.length_s / 64;

    if (day >= DAYS_AT_MOST || hands_s <= 0 || plate->booking_count == BOOKINGS_AT_MOST)
        return;
    room_s[day] -= hands_s;
    plate->bookings[plate->booking_count++] = (struct plan_booking){station, day, hands_s};
    while (*open_day < DAYS_AT_MOST - 1 && room_s[*open_day] <= little_s)
        ++*open_day; /* so that a bench that is full for months is not looked through each time */
}

void book_release(struct plan *plan, struct plan_plate *plate)
{
    for (int i = 0; i < plate->booking_count; i++) {
        const struct plan_booking *booking = &plate->bookings[i];
        plan->own->room_s[booking->station * DAYS_AT_MOST + booking->day] += booking->hands_s;
        if (booking->day < plan->own->open_day[booking->station])
            plan->own->open_day[booking->station] = booking->day;
    }
    plate->booking_count = 0;
    turn_give_back(plan, plate);
}

/* ---- what a printer has loaded ---- */

static bool has_material(const struct printer_then *then, int material)
{
    for (int i = 0; i < then->slot_count; i++)
        if (then->materials[i] == material)
            return true;
    return false;
}

static int materials_missing(const struct plan_family *family, const struct printer_then *then)
{
    int missing = 0;
    for (int i = 0; i < family->material_count; i++)
        missing += !has_material(then, family->materials[i]);
    return missing;
}

static bool is_wanted(const struct plan_family *family, int material)
{
    for (int i = 0; i < family->material_count; i++)
        if (family->materials[i] == material)
            return true;
    return false;
}

/* Into an empty slot, else in place of the first that is not wanted. */
static void load(const struct plan_family *family, struct printer_then *then)
{
    for (int i = 0; i < family->material_count; i++) {
        int slot = 0;
        if (has_material(then, family->materials[i]))
            continue;
        while (slot < then->slot_count - 1 && then->materials[slot] >= 0)
            slot++;
        if (then->materials[slot] >= 0)
            for (slot = 0; slot < then->slot_count - 1 && is_wanted(family, then->materials[slot]);)
                slot++;
        then->materials[slot] = family->materials[i];
    }
    if (family->nozzle_um)
        then->nozzle_um = family->nozzle_um;
}

static bool needs_nozzle(const struct plan_family *family, const struct printer_then *then)
{
    return family->nozzle_um && then->nozzle_um && family->nozzle_um != then->nozzle_um;
}

static int64_t change_s(const struct plan *plan, const struct plan_family *family,
                        const struct printer_then *then)
{
    return plan->problem.swap_s * materials_missing(family, then) +
           (needs_nozzle(family, then) ? plan->problem.nozzle_s : 0);
}

static struct printer_then at_first(const struct plan *plan, int printer)
{
    const struct plan_printer *it = &plan->printers[printer];
    struct printer_then then = {
        .free_s = it->free_s, .nozzle_um = it->nozzle_um, .slot_count = it->slot_count};
    memcpy(then.materials, it->materials, sizeof then.materials);
    if (then.free_s < plan->problem.now_s)
        then.free_s = plan->problem.now_s;
    return then;
}

/* ---- the times of a plate ---- */

/* When the work on so many of its units is done that go the way of an operation. */
static int64_t book_legs(struct plan *plan, struct plan_plate *plate,
                         const struct plan_operation *operation, int64_t units)
{
    const struct plan_problem *problem = &plan->problem;
    int64_t out_s = plate->cleared_s;
    for (int k = 0; k < operation->leg_count; k++) {
        const struct plan_leg *leg = &operation->legs[k];
        int64_t hands_s = leg->hands_s + (leg->hands_ms * units + 999) / 1000;
        if (leg->station >= 0 && hands_s > 0) {
            int day = day_of(plan, out_s);
            int64_t booked_s = hands_s;
            int room_day = day_with_room(plan, leg->station, day, &booked_s);
            book(plan, plate, leg->station, room_day, booked_s);
            if (room_day > day)
                out_s = calendar_morning(&problem->calendar, plan->own->first_day + room_day);
            out_s = calendar_work(&problem->calendar, out_s, hands_s);
        }
        out_s += leg->wait_s;
    }
    return out_s;
}

/* The work after it, group by group of what lies on it. */
static void time_legs(struct plan *plan, struct plan_plate *plate)
{
    const struct plan_group *groups = plan->problem.groups;
    plate->out_s = plate->cleared_s;
    if (!plate->is_mixed)
        plate->out_s = book_legs(plan, plate, &groups[plate->group].operations[plate->operation],
                                 plate->units);
    for (int i = 0, next; plate->is_mixed && i < plate->piece_count; i = next) {
        int group = plan->batches[plate->pieces[i].batch].group;
        int64_t units = 0;
        for (next = i;
             next < plate->piece_count && plan->batches[plate->pieces[next].batch].group == group;
             next++)
            units += plate->pieces[next].count;
        int64_t out_s = book_legs(plan, plate, &groups[group].operations[plate->operation], units);
        if (out_s > plate->out_s)
            plate->out_s = out_s;
    }
}

/* How long what ends then waits for the bench in the morning of that day; days on which nobody works are no wait. */
static int64_t wait_for_bench(const struct calendar *calendar, int64_t end_s, int64_t day)
{
    return calendar_morning(calendar, day) - end_s -
           calendar_days_off(calendar, calendar_day(end_s), day) * DAY_S;
}

/* The first moment at which it is no use to begin earlier: the bench has no room for it before. */
static int64_t not_before(const struct plan *plan, const struct plan_plate *plate, int64_t begin_s)
{
    const struct plan_problem *problem = &plan->problem;
    const struct calendar *calendar = &problem->calendar;
    const struct plan_operation *operation =
        &problem->groups[plate->group].operations[plate->operation];
    int64_t busy_s = plate->hands_s + plate->print_s;

    if (problem->backlog_s == PLAN_NEVER)
        return begin_s;
    for (int k = 0; k < operation->leg_count; k++) {
        const struct plan_leg *leg = &operation->legs[k];
        int64_t hands_s = leg->hands_s + (leg->hands_ms * plate->units + 999) / 1000;
        if (leg->station < 0 || hands_s <= 0)
            continue;
        int day = day_with_room(plan, leg->station, day_of(plan, begin_s + busy_s), &hands_s);
        int64_t bench_day = plan->own->first_day + day;
        if (day < DAYS_AT_MOST &&
            wait_for_bench(calendar, begin_s + busy_s, bench_day) > problem->backlog_s) {
            int64_t end_s = calendar_morning(calendar, bench_day) - problem->backlog_s;
            end_s -= calendar_days_off(calendar, calendar_day(end_s), bench_day) * DAY_S;
            begin_s = end_s - busy_s;
        }
        break;
    }
    return begin_s;
}

/* Books a person to set it up, and says from when on: on a day with room for it, and where setups have turns, in a turn of that
   day. */
static int64_t book_setup(struct plan *plan, struct plan_plate *plate, int station, int64_t begin_s,
                          int64_t hands_s, bool *has_turn)
{
    int64_t booked_s = hands_s;
    int first = day_of(plan, begin_s), day = day_with_room(plan, station, first, &booked_s);
    for (; plan->own->turns && day < DAYS_AT_MOST;
         day = day_with_room(plan, station, day + 1, &booked_s)) {
        int64_t turn_s = turn_find(plan, plate, station, day, begin_s, hands_s);
        *has_turn = turn_s != PLAN_NEVER;
        if (!*has_turn)
            continue;
        book(plan, plate, station, day, booked_s);
        return turn_s;
    }
    book(plan, plate, station, day, booked_s);
    return day > first && day < DAYS_AT_MOST
               ? calendar_morning(&plan->problem.calendar, plan->own->first_day + day)
               : begin_s;
}

static int64_t lateness(const struct plan *plan, const struct plan_plate *plate)
{
    int64_t sum_s = 0;
    if (plate->out_s <= plate->due_s)
        return 0;
    for (int i = 0; i < plate->piece_count; i++) {
        int line = plate->pieces[i].line;
        if (line >= 0 && plate->out_s > plan->lines[line].due_s)
            sum_s += plate->out_s - plan->lines[line].due_s;
    }
    return sum_s;
}

/* The printer after a plate that has its times: what was begun keeps them. */
static void pass_plate(const struct plan *plan, const struct plan_plate *plate,
                       struct printer_then *then)
{
    if (then->free_s < plate->cleared_s)
        then->free_s = plate->cleared_s;
    then->late_s += plate->late_s;
    then->changes += plate->swaps + plate->nozzle_swapped;
    load(&plan->problem.families[plate->family], then);
}

/* Its times where the printer is as it then is. */
static void time_plate(struct plan *plan, struct plan_plate *plate, const struct printer_then *then)
{
    const struct plan_problem *problem = &plan->problem;
    const struct plan_family *family = &problem->families[plate->family];

    plate->swaps = materials_missing(family, then);
    plate->nozzle_swapped = needs_nozzle(family, then);
    int64_t hands_s = plate->hands_s + problem->swap_s * plate->swaps +
                      (plate->nozzle_swapped ? problem->nozzle_s : 0);
    int64_t begin_s = then->free_s > plate->ready_s ? then->free_s : plate->ready_s;
    begin_s = not_before(plan, plate, begin_s);
    begin_s = calendar_fit(&problem->calendar, begin_s, hands_s);
    bool has_turn = false;
    if (family->station >= 0 && hands_s > 0)
        begin_s = book_setup(plan, plate, family->station, begin_s, hands_s, &has_turn);
    plate->begin_s = begin_s;
    plate->print_begin_s = begin_s + hands_s;
    if (has_turn)
        turn_take(plan, plate);
    plate->end_s = plate->print_begin_s + plate->print_s;
    plate->cleared_s = calendar_next(&problem->calendar, plate->end_s);
    time_legs(plan, plate);
    plate->late_s = lateness(plan, plate);
}

bool queue_retime(struct plan *plan, int printer, int position)
{
    const struct plan_queue *queue = &plan->queues[printer];
    struct printer_then then = at_first(plan, printer);
    bool good = true;

    for (int i = 0; i < queue->count; i++) {
        struct plan_plate *plate = &plan->plates[queue->items[i]];
        if (i >= position && !plate->fixed) {
            book_release(plan, plate);
            time_plate(plan, plate, &then);
            good &= plate->out_s <= plate->must_out_s;
            good &= !plan->own->has_ranks || keeps_rank(plan, queue, i);
        }
        pass_plate(plan, plate, &then);
    }
    plan->own->tails[printer] = then;
    return good;
}

/* ---- putting and taking ---- */

int64_t next_begin(const struct plan *plan, int printer, int family, int64_t ready_s,
                   int64_t hands_s)
{
    const struct printer_then *tail = &plan->own->tails[printer];
    int64_t at_s = tail->free_s > ready_s ? tail->free_s : ready_s;
    hands_s += change_s(plan, &plan->problem.families[family], tail);
    return calendar_fit(&plan->problem.calendar, at_s, hands_s);
}

/* When it would print, if somebody were there. */
static int64_t print_at(const struct plan *plan, int printer, const struct plan_family *family,
                        int64_t ready_s, int64_t *changed_s)
{
    const struct printer_then *tail = &plan->own->tails[printer];
    *changed_s = change_s(plan, family, tail);
    return (tail->free_s > ready_s ? tail->free_s : ready_s) + *changed_s;
}

/* Of two that could begin at once: the sounder, or the one that is good for less else. */
static bool is_fitter(const struct plan *plan, int printer, int than)
{
    int failures = plan->printers[printer].failures - plan->printers[than].failures;
    int versatility = plan->own->versatility[printer] - plan->own->versatility[than];
    return failures < 0 || (failures == 0 && versatility < 0);
}

/* Of printers on which it is cleared at the same time, for nobody is there before, the one with least changes is taken, and of
   these the one that could begin last: whoever is free earlier has time for something else. */
int printer_for(const struct plan *plan, int family, int64_t ready_s, int64_t hands_s,
                int64_t print_s)
{
    const struct plan_family *it = &plan->problem.families[family];
    const struct plan_queue *eligible = &plan->own->eligible[family];
    const struct calendar *calendar = &plan->problem.calendar;
    int64_t first_s = PLAN_NEVER, change = 0, least_change = 0, latest_s = 0;
    int best = -1;

    for (int i = 0; i < eligible->count; i++) {
        int printer = eligible->items[i];
        int64_t at_s = print_at(plan, printer, it, ready_s, &change);
        if (at_s < first_s && !plan->printers[printer].down)
            first_s = at_s;
    }
    if (first_s == PLAN_NEVER)
        return -1;
    int64_t busy_s = hands_s + print_s;
    int64_t end_s = calendar_fit(calendar, first_s, hands_s) + busy_s;
    int64_t last_s = calendar_next(calendar, end_s) - busy_s;
    if (last_s < first_s)
        last_s = first_s;
    for (int i = 0; i < eligible->count; i++) {
        int printer = eligible->items[i];
        if (plan->printers[printer].down)
            continue;
        int64_t at_s = print_at(plan, printer, it, ready_s, &change);
        if (at_s > last_s)
            continue;
        if (best < 0 || change < least_change || (change == least_change && at_s > latest_s) ||
            (change == least_change && at_s == latest_s && is_fitter(plan, printer, best))) {
            best = printer;
            least_change = change;
            latest_s = at_s;
        }
    }
    return best;
}

void plate_append(struct plan *plan, int plate, int printer)
{
    struct plan_plate *it = &plan->plates[plate];
    queue_add(&plan->queues[printer], plate);
    it->printer = printer;
    time_plate(plan, it, &plan->own->tails[printer]);
    pass_plate(plan, it, &plan->own->tails[printer]);
}

void plate_remove(struct plan *plan, int plate)
{
    struct plan_plate *it = &plan->plates[plate];
    if (it->printer < 0)
        return;
    int position = queue_find(&plan->queues[it->printer], plate);
    book_release(plan, it);
    queue_take(&plan->queues[it->printer], position);
    queue_retime(plan, it->printer, position);
    it->printer = -1;
}

/* ---- inserting ---- */

static bool goes_before(const struct plan_plate *plate, const struct plan_plate *other)
{
    if (plate->rank != other->rank)
        return plate->rank < other->rank && plate->ready_s <= other->begin_s;
    return plate->due_s < other->due_s;
}

/* After all that goes first, or is due before. */
static int position_by_due(const struct plan *plan, int printer, const struct plan_plate *plate)
{
    const struct plan_queue *queue = &plan->queues[printer];
    int position = queue->count;
    while (position > 0) {
        const struct plan_plate *before = &plan->plates[queue->items[position - 1]];
        if (before->fixed || !goes_before(plate, before))
            break;
        position--;
    }
    return position;
}

static bool is_eligible(const struct plan *plan, int family, int printer)
{
    return !plan->printers[printer].down && plan->problem.families[family].printers[printer] &&
           plan->printers[printer].slot_count >= plan->problem.families[family].material_count;
}

int printer_pinned(const struct plan *plan, int family, int pin)
{
    return pin >= 0 && is_eligible(plan, family, pin) ? pin : -1;
}

static bool put(struct plan *plan, int plate, int printer, int position)
{
    queue_insert(&plan->queues[printer], position, plate);
    plan->plates[plate].printer = printer;
    return queue_retime(plan, printer, position);
}

void plate_insert(struct plan *plan, int plate, const struct plan_queue *near)
{
    struct plan_plate *it = &plan->plates[plate];
    int64_t best_late_s = PLAN_NEVER, best_s = PLAN_NEVER;
    int best = -1, best_position = -1;
    int last = it->pin == PLAN_ANY_PRINTER
                   ? printer_for(plan, it->family, it->ready_s, it->hands_s, it->print_s)
                   : printer_pinned(plan, it->family, it->pin);

    for (int i = -1; i < near->count; i++) {
        int printer = i < 0 ? last : near->items[i];
        if (printer < 0 || !is_eligible(plan, it->family, printer) ||
            (it->pin != PLAN_ANY_PRINTER && printer != it->pin))
            continue;
        int position = position_by_due(plan, printer, it);
        int64_t before_s = plan->own->tails[printer].late_s;
        bool good = put(plan, plate, printer, position);
        int64_t late_s = plan->own->tails[printer].late_s - before_s, cleared_s = it->cleared_s;
        plate_remove(plan, plate);
        if (good && (late_s < best_late_s || (late_s == best_late_s && cleared_s < best_s))) {
            best = printer;
            best_position = position;
            best_late_s = late_s;
            best_s = cleared_s;
        }
    }
    if (best >= 0)
        put(plan, plate, best, best_position);
    else if (last >= 0)
        plate_append(plan, plate, last);
}
