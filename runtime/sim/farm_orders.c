/* What is ordered of a simulated farm, and what is done of it. */
#include "sim/farm_private.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A demand that never ends keeps so many days of all printers waiting. */
enum { FULL_DAYS = 3 };

/* ---- what leaves ---- */

static void finish_line(struct farm *farm, const struct order_line *line,
                        const struct farm_sku *kind)
{
    struct farm_result *result = farm->result;
    int64_t lead_s = farm->now_s - line->came_ms / 1000, days = lead_s / DAY_S;

    farm->leads =
        farm_room(farm->leads, farm->lead_count, &farm->lead_capacity, sizeof *farm->leads);
    farm->leads[farm->lead_count++] = lead_s;
    result->lines_done++;
    result->late += farm->now_s > plan_due_s(line->due);
    result->lead_days[days > 31 ? 31 : days]++;
    result->revenue += kind->price * (double)line->count;
    result->fees += kind->fees * (double)line->count;
}

bool farm_pack(struct farm *farm, const struct batch *batch, int64_t first, int64_t count)
{
    const struct order_line *line = batch->units[first - 1].line;
    const struct farm_sku *kind = farm_kind(farm, batch, batch->units[first - 1].sku);
    const char *parcel = arena_printf(&farm->sim.arena, "P-%s-%s", line->order, line->line);
    struct message pack = {
        .kind = COMMAND_pack_units,
        .pack_units = {parcel, line->order, line->line, batch->name, first, count}};
    struct message ship = {.kind = COMMAND_ship_parcel,
                           .ship_parcel = {parcel, "Simulated Post", "ground", parcel}};
    if (!sim_do(&farm->sim, simulated_operator, &pack))
        return false;
    if (line->packed < line_owed(line))
        return true;
    finish_line(farm, line, kind);
    return sim_do(&farm->sim, simulated_operator, &ship);
}

/* ---- what comes ---- */

bool farm_order(struct farm *farm, const struct farm_sku *kind)
{
    time_t due_s = (time_t)(farm->now_s + farm->settings->lead_days * DAY_S - 1);
    struct farm_day *today = farm_today(farm);
    struct tm day;
    char due[16];

    gmtime_r(&due_s, &day);
    strftime(due, sizeof due, "%Y-%m-%d", &day);
    farm->result->ordered += kind->order_size;
    if (today)
        today->ordered += (int)kind->order_size;
    struct message line = {.kind = COMMAND_take_line,
                           .take_line = {arena_printf(&farm->sim.arena, "D-%d", ++farm->last_line),
                                         "1", kind->revision->product, kind->code, kind->order_size,
                                         NULL, due, NULL}};
    return sim_do(&farm->sim, simulated_planner, &line);
}

static const struct farm_sku *any_of(struct farm *farm, int revision)
{
    int first = farm->kinds.first[revision], count = farm->kinds.first[revision + 1] - first;
    return &farm->kinds.skus[first + (int)(sim_chance(&farm->sim) * count)];
}

/* Evenly over the day; what is no whole order yet is ordered on a later day. */
static void order_evenly(struct farm *farm, int revision)
{
    int64_t size = farm->kinds.skus[farm->kinds.first[revision]].order_size;
    double units = farm->carry[revision] + farm->settings->demand;
    int64_t orders = (int64_t)(units / (double)size);
    farm->carry[revision] = units - (double)(orders * size);
    for (int64_t i = 0; i < orders; i++)
        farm_later(farm, farm->now_s + i * DAY_S / orders, FARM_ORDER,
                   (int)(any_of(farm, revision) - farm->kinds.skus), NULL);
}

static bool order_full(struct farm *farm, int revision)
{
    const struct revision *of = &farm->specs->revisions[revision];
    const struct farm_sku *kind = &farm->kinds.skus[farm->kinds.first[revision]];
    const struct plan_group *group = &farm->problem.groups[kind->group];
    int64_t print_s = group->operation_count ? group->operations[0].print_s[kind->sku] : 0;
    int64_t waits = 0, wanted = (int64_t)FULL_DAYS * DAY_S * farm->problem.printer_count /
                                ((print_s > 60 ? print_s : 60) * farm->specs->revision_count);
    const struct chain_link *link = farm->specs->state.open_lines.first;
    for (; link; link = link->next)
        if (((const struct order_line *)link->thing)->product == of->product)
            waits += line_unmade(link->thing);
    for (; waits < wanted; waits += kind->order_size)
        if (!farm_order(farm, any_of(farm, revision)))
            return false;
    return true;
}

bool farm_order_day(struct farm *farm)
{
    for (int i = 0; i < farm->specs->revision_count; i++) {
        if (farm->settings->demand_is_full && !order_full(farm, i))
            return false;
        if (!farm->settings->demand_is_full && farm->settings->demand > 0)
            order_evenly(farm, i);
    }
    return true;
}
