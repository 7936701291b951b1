#include "sim/farm_private.h"

#include "base/memory.h"
#include "engine/decide.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_S = 3600, REPLAN_S = HOUR_S };

double farm_utilization(const struct farm_result *result)
{
    double there = (double)result->horizon_s * result->machine_count;
    return there > 0 ? (double)result->printing_s / there : 0;
}

double farm_cost(const struct farm_result *result)
{
    return result->labour + result->machine + result->material + result->other;
}

/* ---- small things ---- */

void *farm_room(void *array, int count, int *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? 2 * *capacity : 16;
    return memory_resize(array, size * (size_t)*capacity);
}

struct farm_day *farm_today(struct farm *farm)
{
    int64_t day = (farm->now_s - farm->settings->start_s) / DAY_S;
    return day < farm->result->day_count ? &farm->result->days[day] : NULL;
}

/* ---- events, the first on top of a heap ---- */

static bool is_before(const struct farm_event *a, const struct farm_event *b)
{
    return a->at_s != b->at_s ? a->at_s < b->at_s : a->order < b->order;
}

void farm_later(struct farm *farm, int64_t at_s, enum farm_event_kind kind, int index,
                const struct farm_task *task)
{
    struct farm_event event = {.at_s = at_s,
                               .order = ++farm->last_order,
                               .kind = kind,
                               .index = index,
                               .task = task ? *task : (struct farm_task){0}};
    farm->heap = farm_room(farm->heap, farm->heap_count, &farm->heap_capacity, sizeof *farm->heap);
    int at = farm->heap_count++;
    for (; at && is_before(&event, &farm->heap[(at - 1) / 2]); at = (at - 1) / 2)
        farm->heap[at] = farm->heap[(at - 1) / 2];
    farm->heap[at] = event;
}

static struct farm_event next_event(struct farm *farm)
{
    struct farm_event first = farm->heap[0], last = farm->heap[--farm->heap_count];
    int at = 0;
    for (int child; (child = 2 * at + 1) < farm->heap_count; at = child) {
        child +=
            child + 1 < farm->heap_count && is_before(&farm->heap[child + 1], &farm->heap[child]);
        if (!is_before(&farm->heap[child], &last))
            break;
        farm->heap[at] = farm->heap[child];
    }
    farm->heap[at] = last;
    return first;
}

/* ---- what happens ---- */

/* Not more often than people would look at it. */
void farm_want_plan(struct farm *farm)
{
    if (farm->plan_asked)
        return;
    int64_t at_s = farm->next_plan_s > farm->now_s ? farm->next_plan_s : farm->now_s;
    farm->plan_asked = true;
    farm_later(farm, calendar_next(&farm->problem.calendar, at_s), FARM_PLAN, 0, NULL);
}

static bool plan(struct farm *farm)
{
    farm->plan_asked = false;
    farm->next_plan_s = farm->now_s + REPLAN_S;
    return farm_plan(farm);
}

static bool begin_morning(struct farm *farm)
{
    for (int s = 0; s <= farm->problem.station_count; s++)
        if (!farm_serve(farm, s))
            return false;
    farm_want_plan(farm);
    farm_later(farm, calendar_morning(&farm->problem.calendar, calendar_day(farm->now_s) + 1),
               FARM_MORNING, 0, NULL);
    return true;
}

static bool happen(struct farm *farm, const struct farm_event *event)
{
    switch (event->kind) {
    case FARM_DAY:
        farm_later(farm, farm->now_s + DAY_S, FARM_DAY, 0, NULL);
        return farm_order_day(farm);
    case FARM_MORNING:
        return begin_morning(farm);
    case FARM_ORDER:
        return farm_order(farm, &farm->kinds.skus[event->index]);
    case FARM_PLAN:
        return plan(farm);
    case FARM_SET_UP:
        return farm_begin_print(farm, event->index) && farm_was_set_up(farm, event->index);
    case FARM_TURN:
        return farm_connection_turn(farm, event->index);
    case FARM_RETRY:
        return farm_try_again(farm, event->index);
    case FARM_CUT:
        return farm_end_cut(farm, event->index);
    case FARM_LOOK:
        return farm_want_look(farm, event->index);
    case FARM_LOOKED:
        return farm_was_set_up(farm, event->index) && farm_look(farm, event->index);
    case FARM_WORKED:
        return farm_worked(farm, &event->task);
    case FARM_WAITED:
        return farm_work_done(farm, &event->task);
    }
    return true;
}

/* ---- before and after ---- */

/* Each unit is a batch and a plate by itself, whatever the spec wants to have together. */
static void forget_batching(struct farm *farm)
{
    const struct plan_problem *problem = &farm->problem;
    for (int g = 0; g < problem->group_count; g++) {
        struct plan_group *group = (struct plan_group *)&problem->groups[g];
        group->least = group->most = 1;
        group->fill = 0;
    }
    for (int i = 0; i < farm->kinds.count; i++) {
        const struct plan_group *group = &problem->groups[farm->kinds.skus[i].group];
        for (int k = 0; k < group->operation_count; k++)
            ((int64_t *)group->operations[k].share)[farm->kinds.skus[i].sku] = PLATE_FULL;
    }
    for (int i = 0; i < farm->specs->revision_count; i++) {
        const struct step *rule = batch_rule(&farm->specs->revisions[i]);
        if (rule) /* the specs were compiled for this run alone */
            ((struct step *)(uintptr_t)rule)->size = NULL;
    }
}

static void open_printers(struct farm *farm)
{
    int count = farm->problem.printer_count;
    farm->printers = memory_zeroed((size_t)count + 1, sizeof *farm->printers);
    farm->seen = ARENA_ARRAY(&farm->arena, struct plan_seen, count + 1);
    for (int p = 0; p < count; p++) {
        const struct plan_printer *it = &farm->problem.printers[p];
        memcpy(farm->printers[p].materials, it->materials, sizeof it->materials);
        farm->printers[p].nozzle_um = it->nozzle_um;
        farm->seen[p] = (struct plan_seen){
            .name = it->name, .machine = farm->snapshot.machines[p], .slot_count = it->slot_count};
        farm_connection_open(farm, p);
    }
    farm->planning.printers = farm->seen;
    farm->planning.printer_count = count;
}

static void open_stations(struct farm *farm)
{
    const struct plan_problem *problem = &farm->problem;
    farm->stations = memory_zeroed((size_t)problem->station_count + 1, sizeof *farm->stations);
    for (int s = 0; s < problem->station_count; s++)
        farm->stations[s].seats = problem->stations[s].seats;
    farm->stations[problem->station_count].seats = INT64_MAX;
}

/* What a file ordered before the first day. */
static void count_orders(struct farm *farm)
{
    const struct chain_link *link = farm->specs->state.open_lines.first;
    for (; link; link = link->next) {
        const struct order_line *line = link->thing;
        farm->result->ordered += line_owed(line);
        if (farm->result->day_count)
            farm->result->days[0].ordered += (int)line_owed(line);
    }
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void reckon(struct farm *farm)
{
    struct farm_result *result = farm->result;
    const struct plan_problem *problem = &farm->problem;
    double share = (double)DAY_S * 7 / ((double)result->horizon_s * HOUR_S);

    if (farm->lead_count) {
        qsort(farm->leads, (size_t)farm->lead_count, sizeof *farm->leads, by_size);
        result->lead_median_s = farm->leads[farm->lead_count / 2];
        result->lead_p95_s = farm->leads[(int64_t)farm->lead_count * 95 / 100];
    }
    const struct chain_link *link = farm->specs->state.open_lines.first;
    for (; link; link = link->next) {
        const struct order_line *line = link->thing;
        result->late += plan_due_s(line->due) < farm->end_s;
        result->open += line_owed(line) - line->packed;
    }
    result->machine_count = problem->printer_count;
    result->machines = ARENA_ARRAY(&result->arena, struct farm_machine, problem->printer_count + 1);
    for (int p = 0; p < problem->printer_count; p++) {
        const struct farm_printer *it = &farm->printers[p];
        const char *name = problem->printers[p].name;
        result->machines[p] = (struct farm_machine){
            arena_copy_text(&result->arena, name, strlen(name)), it->printing_s, it->lost_s};
        result->printing_s += it->printing_s;
        result->lost_s += it->lost_s;
    }
    for (int h = 0; h < HOURS_OF_WEEK; h++)
        result->busy[h] *= problem->printer_count ? share / problem->printer_count : 0;
    int64_t worked_days = 0;
    for (int64_t day = calendar_day(farm->settings->start_s); day < calendar_day(farm->end_s);
         day++)
        worked_days += calendar_day(calendar_morning(&problem->calendar, day)) == day;
    result->bench_count = problem->station_count;
    result->benches = ARENA_ARRAY(&result->arena, struct farm_bench, problem->station_count + 1);
    for (int s = 0; s < problem->station_count; s++) {
        const char *name = problem->stations[s].name;
        const struct farm_station *it = &farm->stations[s];
        result->benches[s] =
            (struct farm_bench){arena_copy_text(&result->arena, name, strlen(name)), it->seats,
                                it->worked_s, it->seats * worked_days * problem->calendar.length_s};
    }
}

static void close_batches(struct farm *farm)
{
    const struct table *batches = &farm->specs->state.batches;
    for (int i = 0; i < batches->count; i++) {
        struct farm_batch *of = map_get(&farm->batches, NULL, batches->things[i]);
        if (!of)
            continue;
        free(of->work);
        free(of->bad);
        free(of->queued);
    }
    map_free(&farm->batches);
}

static void close_farm(struct farm *farm)
{
    close_batches(farm);
    for (int p = 0; p < farm->problem.printer_count; p++) {
        struct farm_printer *printer = &farm->printers[p];
        while (printer->queued)
            farm_plate_free(&printer->queue[--printer->queued]);
        free(printer->queue);
        farm_plate_free(&printer->plate);
        twin_close(&printer->connection.twin);
    }
    while (farm->again_count)
        farm_plate_free(&farm->again[--farm->again_count]);
    for (int s = 0; s <= farm->problem.station_count; s++) {
        free(farm->stations[s].works.items);
        free(farm->stations[s].setups.items);
    }
    free(farm->again);
    free(farm->printers);
    free(farm->stations);
    free(farm->heap);
    free(farm->leads);
    free(farm->carry);
    free(farm->wanted.needs);
    plan_snapshot_free(&farm->snapshot);
    arena_free(&farm->sim.arena);
    arena_free(&farm->arena);
}

enum { DELIVERY_S = 30 * DAY_S };

static bool run(struct farm *farm)
{
    farm_later(farm, farm->now_s, FARM_DAY, 0, NULL);
    farm_later(farm, calendar_morning(&farm->problem.calendar, calendar_day(farm->now_s)),
               FARM_MORNING, 0, NULL);
    while (farm->heap_count && farm->heap[0].at_s < farm->end_s) {
        struct farm_event event = next_event(farm);
        farm->now_s = event.at_s;
        farm->specs->now_ms = 1000 * event.at_s;
        farm->sim.delivery = (event.at_s - farm->settings->start_s) / DELIVERY_S + 1;
        farm->result->events++;
        bool good = happen(farm, &event);
        for (int p = 0; farm->printable && p < farm->problem.printer_count && good; p++)
            good = farm_want_person(farm, p);
        farm->printable = false;
        if (!good)
            return false;
    }
    return farm_none_stands_still(farm);
}

static bool ask_engine(struct simulated *sim, const char *by, const struct message *command,
                       struct answer *answer)
{
    farm_ask_engine(((struct farm *)sim)->specs, by, command, answer);
    return true;
}

static bool open_farm(struct farm *farm, struct failure *failure)
{
    const struct farm_settings *settings = farm->settings;
    farm->sim = (struct simulated){.ask = ask_engine,
                                   .state = &farm->specs->state,
                                   .chance = settings->seed * 0x9e3779b97f4a7c15u + 1,
                                   .failure = failure};
    farm->planning = (struct plan_settings){.now_s = settings->start_s,
                                            .calendar = settings->calendar,
                                            .swap_s = settings->swap_s,
                                            .nozzle_s = settings->nozzle_s,
                                            .backlog_s = DAY_S,
                                            .busy_s = DAY_S};
    farm->carry = memory_zeroed((size_t)farm->specs->revision_count + 1, sizeof *farm->carry);
    count_orders(farm);
    plan_snapshot_take(&farm->snapshot, &farm->specs->state, &farm->planning);
    farm_kinds_find(&farm->kinds, farm->specs, &farm->snapshot, &farm->planning, &farm->arena);
    farm->problem = farm->snapshot.problem;
    open_printers(farm);
    open_stations(farm);
    if (!farm->problem.printer_count)
        return fail(failure, "the specs have no machine that prints");
    if (settings->without & WITHOUT_BATCHING)
        forget_batching(farm);
    return sim_admit_people(&farm->sim);
}

bool farm_simulate(struct farm_specs *specs, const struct farm_settings *settings,
                   struct farm_result *result, struct failure *failure)
{
    struct farm farm = {.specs = specs,
                        .settings = settings,
                        .result = result,
                        .now_s = settings->start_s,
                        .end_s = settings->start_s + settings->days * (int64_t)DAY_S};

    *result =
        (struct farm_result){.horizon_s = farm.end_s - farm.now_s, .day_count = settings->days};
    result->days = ARENA_ARRAY(&result->arena, struct farm_day, settings->days + 1);
    const char *currency = shop_currency(specs->revisions[0].spec);
    result->currency = arena_copy_text(&result->arena, currency, strlen(currency));
    bool good = open_farm(&farm, failure) && run(&farm);
    if (good)
        reckon(&farm);
    close_farm(&farm);
    return good;
}

void farm_result_free(struct farm_result *result)
{
    arena_free(&result->arena);
    result->days = NULL;
}
