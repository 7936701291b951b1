/* People at stations: those who set up printers, and those who work on what was printed. A seat is one person, who is there by
   the calendar. Printers come first, for a printer that stands still is lost. */
#include "sim/farm_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- queues ---- */

static void put(struct farm_tasks *tasks, struct farm_task task)
{
    if (tasks->first && tasks->first + tasks->count == tasks->capacity) {
        memmove(tasks->items, tasks->items + tasks->first,
                sizeof *tasks->items * (size_t)tasks->count);
        tasks->first = 0;
    }
    tasks->items = farm_room(tasks->items, tasks->count, &tasks->capacity, sizeof *tasks->items);
    tasks->items[tasks->first + tasks->count++] = task;
}

static struct farm_task take(struct farm_tasks *tasks)
{
    tasks->count--;
    return tasks->items[tasks->first++];
}

/* Where a task is done: station -1 is nobody's, behind the others. */
static int place_of(const struct farm *farm, int station)
{
    return station < 0 ? farm->problem.station_count : station;
}

/* Nobody works by the clock: a fifth more or less, evenly. */
static int64_t by_hand(struct farm *farm, double seconds)
{
    return (int64_t)(seconds * (0.8 + 0.4 * sim_chance(&farm->sim)) + 0.5);
}

/* ---- setting up ---- */

static bool has(const struct farm_printer *printer, int slots, int material)
{
    for (int i = 0; i < slots; i++)
        if (printer->materials[i] == material)
            return true;
    return false;
}

/* Loads what is missing, in place of what is not wanted; how long that takes. */
static bool change_over(struct farm *farm, int p, const struct plan_family *family,
                        int64_t *seconds)
{
    struct farm_printer *printer = &farm->printers[p];
    int slots = farm->problem.printers[p].slot_count, slot = 0;
    for (int i = 0; i < family->material_count; i++) {
        if (has(printer, slots, family->materials[i]))
            continue;
        for (bool wanted = true; wanted && slot < slots - 1; slot += wanted) {
            wanted = false;
            for (int k = 0; k < family->material_count; k++)
                wanted |= printer->materials[slot] == family->materials[k];
        }
        farm->result->changeovers += printer->materials[slot] >= 0;
        printer->materials[slot] = family->materials[i];
        *seconds += farm->problem.swap_s;
        if (!farm_load(farm, p, slot, family->materials[i]))
            return false;
    }
    if (family->nozzle_um && printer->nozzle_um && printer->nozzle_um != family->nozzle_um)
        *seconds += farm->problem.nozzle_s;
    if (family->nozzle_um)
        printer->nozzle_um = family->nozzle_um;
    return true;
}

static void look(struct farm *farm, int p, struct farm_station *station)
{
    enum { LOOK_S = 120 };
    int64_t hands_s = by_hand(farm, LOOK_S);
    farm->printers[p].asked = false;
    station->worked_s += hands_s;
    station->busy++;
    farm_later(farm, farm->now_s + hands_s, FARM_LOOKED, p, NULL);
}

/* Nobody has to where nothing more is planned for it. */
static bool set_up(struct farm *farm, int p, struct farm_station *station)
{
    struct farm_printer *printer = &farm->printers[p];
    if (printer->asked) {
        look(farm, p, station);
        return true;
    }
    printer->waits = false;
    if (!farm_next_plate(farm, printer)) {
        farm_want_plan(farm);
        return true;
    }
    const struct farm_plate *plate = &printer->plate;
    const struct farm_sku *kind = plate->pieces[0].kind;
    int64_t seconds = plate->hands_s;
    if (!change_over(farm, p, &farm->problem.families[plate->family], &seconds) ||
        !farm_begin_attempt(farm, p))
        return false;
    int64_t hands_s = by_hand(farm, (double)seconds);
    farm->result->labour += (double)hands_s * kind->nodes[plate->pieces[0].step->index].labour_a_s *
                            (1 + kind->overhead);
    station->worked_s += hands_s;
    station->busy++;
    printer->busy = true;
    farm_later(farm, farm->now_s + hands_s, FARM_SET_UP, p, NULL);
    return true;
}

bool farm_want_person(struct farm *farm, int p)
{
    struct farm_printer *printer = &farm->printers[p];
    if (printer->busy || printer->waits)
        return true;
    if (!printer->queued) {
        farm_want_plan(farm);
        return true;
    }
    int place = place_of(farm, farm->problem.families[printer->queue[0].family].station);
    printer->waits = true;
    put(&farm->stations[place].setups, (struct farm_task){.printer = p});
    return farm_serve(farm, place);
}

bool farm_want_look(struct farm *farm, int p)
{
    struct farm_printer *printer = &farm->printers[p];
    int place = place_of(farm, farm->problem.families[printer->plate.family].station);
    printer->asked = true;
    put(&farm->stations[place].setups, (struct farm_task){.printer = p});
    return farm_serve(farm, place);
}

/* ---- serving ---- */

static bool is_there(const struct farm *farm)
{
    return calendar_next(&farm->problem.calendar, farm->now_s) == farm->now_s;
}

static bool begin_work(struct farm *farm, struct farm_station *station, struct farm_task task)
{
    double hands_s;
    if (!farm_take_in_hand(farm, &task, &hands_s))
        return false;
    int64_t whole_s = by_hand(farm, hands_s);
    station->worked_s += whole_s;
    station->busy++;
    farm_later(farm, calendar_work(&farm->problem.calendar, farm->now_s, whole_s), FARM_WORKED, 0,
               &task);
    return true;
}

bool farm_serve(struct farm *farm, int place)
{
    struct farm_station *station = &farm->stations[place];
    bool good = true;
    /* who sets up last in the evening stays until the printer runs */
    while (good && station->busy < station->seats && station->setups.count && is_there(farm))
        good = set_up(farm, take(&station->setups).printer, station);
    while (good && station->busy < station->seats && station->works.count && is_there(farm))
        good = begin_work(farm, station, take(&station->works));
    return good;
}

bool farm_was_set_up(struct farm *farm, int p)
{
    int place = place_of(farm, farm->problem.families[farm->printers[p].plate.family].station);
    farm->stations[place].busy--;
    return farm_serve(farm, place);
}

bool farm_want_work(struct farm *farm, const struct farm_task *task)
{
    int place = place_of(farm, task->station);
    put(&farm->stations[place].works, *task);
    return farm_serve(farm, place);
}

/* The hands are free; the units go on when nothing is waited for any more. */
bool farm_worked(struct farm *farm, const struct farm_task *task)
{
    int64_t wait_s = farm_wait(farm, task);
    farm->stations[place_of(farm, task->station)].busy--;
    if (wait_s)
        farm_later(farm, farm->now_s + wait_s, FARM_WAITED, 0, task);
    else if (!farm_work_done(farm, task))
        return false;
    return farm_serve(farm, place_of(farm, task->station));
}
