/* A farm and its orders by chance: the same seed, the same farm. Include it after cmocka.h. */
#ifndef FLOW_TEST_RANDOM_FARM_H
#define FLOW_TEST_RANDOM_FARM_H

#include "plan/plan.h"

#include <string.h>

enum {
    FARM_FAMILIES = 6,
    FARM_GROUPS = 24,
    FARM_SKUS = 3,
    FARM_PRINTERS = 12,
    FARM_LINES = 200,
    FARM_RELEASES = 3
};

struct random_farm {
    uint64_t chance;
    struct plan_problem problem;
    struct plan_family families[FARM_FAMILIES];
    int materials[FARM_FAMILIES][2];
    bool allowed[FARM_FAMILIES][FARM_PRINTERS];
    struct plan_group groups[FARM_GROUPS];
    struct plan_operation operations[FARM_GROUPS][2];
    int64_t print_s[FARM_GROUPS][2][FARM_SKUS], share[FARM_GROUPS][2][FARM_SKUS];
    struct plan_printer printers[FARM_PRINTERS];
    struct plan_station stations[2];
    struct plan_release releases[FARM_RELEASES];
    struct plan_line lines[FARM_LINES];
    struct plan_existing batches[4];
    struct plan_units units[4];
};

static const char *const farm_names[] = {"B-1", "B-2", "B-3", "B-4"};
static const int64_t farm_monday = 1795392000; /* 2026-11-23, midnight UTC */

static int64_t farm_any(struct random_farm *farm, int64_t from, int64_t to)
{
    farm->chance ^= farm->chance << 13;
    farm->chance ^= farm->chance >> 7;
    farm->chance ^= farm->chance << 17;
    return from + (int64_t)(farm->chance % (uint64_t)(to - from + 1));
}

static void random_family(struct random_farm *farm, int index, int printers)
{
    for (int p = 0; p < printers; p++)
        farm->allowed[index][p] = farm_any(farm, 0, 2) > 0;
    farm->materials[index][0] = (int)farm_any(farm, 0, 3);
    farm->materials[index][1] = 4;
    farm->families[index] = (struct plan_family){.name = "family",
                                                 .materials = farm->materials[index],
                                                 .material_count = farm_any(farm, 0, 5) ? 1 : 2,
                                                 .nozzle_um = farm_any(farm, 0, 3) ? 400 : 600,
                                                 .printers = farm->allowed[index],
                                                 .setup_s = farm_any(farm, 0, 1) * 360,
                                                 .run_s = farm_any(farm, 0, 5) ? 0 : 8 * 3600,
                                                 .purge_s = farm_any(farm, 0, 2) ? 0 : 4 * 3600,
                                                 .station = (int)farm_any(farm, -1, 0)};
}

static void random_operation(struct random_farm *farm, int group, int index, int families)
{
    struct plan_operation *it = &farm->operations[group][index];
    int64_t per_plate = farm_any(farm, 1, 24);
    bool alike = farm_any(farm, 0, 2) > 0;
    for (int k = 0; k < FARM_SKUS; k++) {
        farm->print_s[group][index][k] = farm_any(farm, 600, 4 * 3600);
        farm->share[group][index][k] = PLATE_FULL / (alike ? per_plate : farm_any(farm, 1, 24));
    }
    *it = (struct plan_operation){.family = (int)farm_any(farm, 0, families - 1),
                                  .print_s = farm->print_s[group][index],
                                  .share = farm->share[group][index],
                                  .leg_count = (int)farm_any(farm, 0, 2)};
    for (int k = 0; k < it->leg_count; k++)
        it->legs[k] = (struct plan_leg){.station = (int)farm_any(farm, -1, 1),
                                        .hands_ms = farm_any(farm, 0, 120000),
                                        .hands_s = farm_any(farm, 0, 600),
                                        .wait_s = farm_any(farm, 0, 1) * 7200};
}

static void random_group(struct random_farm *farm, int index, int families)
{
    int64_t least = farm_any(farm, 1, 10);
    farm->groups[index] = (struct plan_group){
        .product = "product",
        .name = "black",
        .blocked = farm_any(farm, 0, 19) ? NULL : "it waits for an approval",
        .least = least,
        .most = least + farm_any(farm, 0, 40),
        .fill = farm_any(farm, 0, 1) * farm_any(farm, 0, 9) * (PLATE_FULL / 10),
        .hold_s = farm_any(farm, 0, 2) ? farm_any(farm, 1, 100) * 3600 : PLAN_NEVER,
        .order_by = farm_any(farm, 0, 1) ? PLAN_BY_DUE : PLAN_BY_AGE,
        .has_stock = farm_any(farm, 0, 3) > 0,
        .release = farm_any(farm, 0, 2) ? 0 : (int)farm_any(farm, 1, FARM_RELEASES),
        .operations = farm->operations[index],
        .operation_count = farm_any(farm, 0, 3) ? 1 : 2};
    for (int k = 0; k < 2; k++)
        random_operation(farm, index, k, families);
}

static struct plan_line random_line(struct random_farm *farm, int groups)
{
    int64_t now_s = farm->problem.now_s;
    return (struct plan_line){.order = "1001",
                              .line = "1",
                              .group = (int)farm_any(farm, 0, groups - 1),
                              .sku = (int)farm_any(farm, 0, FARM_SKUS - 1),
                              .count = farm_any(farm, 1, farm_any(farm, 0, 4) ? 6 : 60),
                              .due_s = farm_any(farm, 0, 3) ? now_s + farm_any(farm, -1, 20) * DAY_S
                                                            : PLAN_NEVER,
                              .came_s = now_s - farm_any(farm, 0, 120) * 3600,
                              .rank = farm_any(farm, 0, 5) ? 0 : farm_any(farm, 1, 3),
                              .held = farm_any(farm, 0, 15) ? NULL : "held by anna: so"};
}

static void random_batches(struct random_farm *farm, int groups)
{
    for (int i = 0; i < farm->problem.batch_count; i++) {
        int group = (int)farm_any(farm, 0, groups - 1);
        bool started = farm_any(farm, 0, 1);
        int operation = (int)farm_any(farm, 0, farm->groups[group].operation_count - 1);
        farm->units[i] = (struct plan_units){.line = -1,
                                             .sku = (int)farm_any(farm, 0, FARM_SKUS - 1),
                                             .count = started ? farm_any(farm, 1, 30) : 1,
                                             .due_s = PLAN_NEVER};
        farm->batches[i] = (struct plan_existing){
            .name = farm_names[i],
            .group = group,
            .operation = started ? operation : -1,
            .units = &farm->units[i],
            .unit_count = 1,
            .rank = farm_any(farm, 0, 3) ? 0 : 2,
            .held = farm_any(farm, 0, 3) ? NULL : "held",
            .pinned = farm_any(farm, 0, 1) ? NULL : "mk4",
            .printer = (int)farm_any(farm, -1, farm->problem.printer_count - 1)};
    }
}

static void random_farm(struct random_farm *farm, uint64_t seed)
{
    memset(farm, 0, sizeof *farm);
    farm->chance = seed * 0x9e3779b97f4a7c15u + 1;
    int families = (int)farm_any(farm, 1, FARM_FAMILIES);
    int printers = (int)farm_any(farm, 1, FARM_PRINTERS);
    int groups = (int)farm_any(farm, 1, FARM_GROUPS);
    bool always = farm_any(farm, 0, 2) == 0;
    farm->problem = (struct plan_problem){
        .now_s = farm_monday + farm_any(farm, 0, 7 * DAY_S),
        .calendar = always ? (struct calendar){0, DAY_S, 7}
                           : (struct calendar){8 * 3600, farm_any(farm, 4, 10) * 3600,
                                               (int)farm_any(farm, 5, 7)},
        .swap_s = farm_any(farm, 0, 600),
        .nozzle_s = 900,
        .backlog_s = farm_any(farm, 0, 1) ? DAY_S : PLAN_NEVER,
        .material_count = 5,
        .stations = farm->stations,
        .station_count = 2,
        .in_turn = farm_any(farm, 0, 2) > 0,
        .families = farm->families,
        .family_count = families,
        .groups = farm->groups,
        .group_count = groups,
        .printers = farm->printers,
        .printer_count = printers,
        .lines = farm->lines,
        .line_count = (int)farm_any(farm, 0, FARM_LINES),
        .releases = farm->releases,
        .release_count = FARM_RELEASES,
        .batches = farm->batches,
        .batch_count = (int)farm_any(farm, 0, 4)};
    for (int r = 0; r < FARM_RELEASES; r++)
        farm->releases[r] = (struct plan_release){.most = 100, .left = farm_any(farm, 0, 100)};
    for (int s = 0; s < 2; s++)
        farm->stations[s] = (struct plan_station){"bench", farm_any(farm, 1, 3)};
    for (int f = 0; f < families; f++)
        random_family(farm, f, printers);
    if (families > 1 && farm_any(farm, 0, 2) == 0) { /* builds that differ in their printers only */
        const bool *printers_of = farm->families[1].printers;
        farm->families[0].run_s = 8 * 3600;
        farm->families[0].kind = 1;
        farm->families[1] = farm->families[0];
        farm->families[1].printers = printers_of;
    }
    for (int g = 0; g < groups; g++)
        random_group(farm, g, families);
    for (int p = 0; p < printers; p++)
        farm->printers[p] =
            (struct plan_printer){.name = "printer",
                                  .materials = {(int)farm_any(farm, -1, 4), -1, -1, -1},
                                  .slot_count = (int)farm_any(farm, 1, 4),
                                  .nozzle_um = farm_any(farm, 0, 1) * 400,
                                  .free_s = farm->problem.now_s + farm_any(farm, -5, 5) * 3600,
                                  .down = farm_any(farm, 0, 9) == 0};
    for (int i = 0; i < farm->problem.line_count; i++)
        farm->lines[i] = random_line(farm, groups);
    random_batches(farm, groups);
}

#endif
