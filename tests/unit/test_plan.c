/* Plans: random farms, each plan and each change of it checked by another reckoning; batching said by hand. */
#include "plan/plan.h"
#include "plan/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_farm.h"

#include <stdio.h>
#include <stdlib.h>

static void must_hold(const struct plan *plan, uint64_t seed, const char *after)
{
    struct failure failure = {""};
    if (!plan_verify(plan, &failure))
        fail_msg("seed %llu, %s: %s", (unsigned long long)seed, after, failure.message);
}

static long rounds(long unsaid)
{
    const char *said = getenv("FLOW_ROUNDS");
    return said ? atol(said) : unsaid;
}

static void change(struct random_farm *farm, struct plan *plan, uint64_t seed)
{
    int printer = (int)farm_any(farm, 0, farm->problem.printer_count - 1);
    switch (farm_any(farm, 0, 4)) {
    case 0: {
        struct plan_line line = random_line(farm, farm->problem.group_count);
        line.due_s = farm_any(farm, 0, 1) ? line.due_s : PLAN_NEVER;
        plan_add_line(plan, &line);
        must_hold(plan, seed, "a line came");
        return;
    }
    case 1:
        if (plan->line_count) {
            int line = (int)farm_any(farm, 0, plan->line_count - 1);
            plan_change_line(plan, line, plan->lines[line].count ? plan->lines[line].count - 1 : 2);
            must_hold(plan, seed, "a line changed");
        }
        return;
    case 2:
        plan_change_printer(plan, printer, true, plan->printers[printer].free_s);
        must_hold(plan, seed, "a printer is down");
        return;
    case 3:
        plan_change_printer(plan, printer, false, plan->problem.now_s + 3600);
        must_hold(plan, seed, "a printer is up");
        return;
    default:
        farm->problem.now_s = plan->problem.now_s + farm_any(farm, 1, 12 * 3600);
        plan_go_on(plan, farm->problem.now_s);
        must_hold(plan, seed, "time went on");
    }
}

static void test_random_farms(void **unused)
{
    (void)unused;
    long count = rounds(300);
    const char *first = getenv("FLOW_SEED");
    uint64_t seed = first ? strtoull(first, NULL, 10) : 1;
    for (; count > 0; count--, seed++) {
        struct random_farm *farm = malloc(sizeof *farm);
        random_farm(farm, seed);
        struct plan *plan = plan_make(&farm->problem);
        must_hold(plan, seed, "as made");
        for (int i = 0; i < 12; i++)
            change(farm, plan, seed);
        plan_close(plan);
        free(farm);
    }
}

/* ---- the other reckoning notices what is wrong ---- */

typedef bool harm(struct plan *plan);

static struct plan_plate *some_plate(struct plan *plan)
{
    for (int p = 0; p < plan->problem.printer_count; p++)
        if (plan->queues[p].count > 1)
            return &plan->plates[plan->queues[p].items[1]];
    return NULL;
}

static struct plan_batch *some_batch(struct plan *plan, enum plan_batch_state state)
{
    for (int i = 0; i < plan->batch_count; i++)
        if (plan->batches[i].live && plan->batches[i].state == state && plan->batches[i].count &&
            !plan->batches[i].name)
            return &plan->batches[i];
    return NULL;
}

static bool begins_too_early(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    if (plate)
        plate->begin_s = plan->problem.now_s - 60;
    return plate != NULL;
}

static bool prints_too_short(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    if (plate)
        plate->end_s -= 1;
    return plate != NULL;
}

static bool has_no_time_to_change(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    if (!plate || plate->print_begin_s == plate->begin_s)
        return false;
    plate->end_s -= plate->print_begin_s - plate->begin_s;
    plate->print_begin_s = plate->begin_s;
    return true;
}

static bool is_more_than_full(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    if (plate)
        plate->pieces[0].count += 1000;
    return plate != NULL;
}

static bool is_on_a_printer_that_cannot(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    if (plate)
        ((bool *)plan->problem.families[plate->family].printers)[plate->printer] = false;
    return plate != NULL;
}

static bool nobody_is_there(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    if (plate && plan->problem.calendar.length_s < DAY_S)
        plate->cleared_s =
            calendar_morning(&plan->problem.calendar, calendar_day(plate->cleared_s) + 9) - 60;
    return plate && plan->problem.calendar.length_s < DAY_S;
}

static bool opens_too_small(struct plan *plan)
{
    struct plan_batch *batch = some_batch(plan, PLAN_BATCH_OPENS);
    if (batch)
        ((struct plan_group *)plan->problem.groups)[batch->group].least = batch->count + 1;
    return batch != NULL;
}

static bool opens_too_large(struct plan *plan)
{
    struct plan_batch *batch = some_batch(plan, PLAN_BATCH_OPENS);
    if (batch)
        ((struct plan_group *)plan->problem.groups)[batch->group].most = batch->count - 1;
    return batch != NULL;
}

static bool opens_more_than_released(struct plan *plan)
{
    struct plan_batch *batch = some_batch(plan, PLAN_BATCH_OPENS);
    int release = batch ? plan->problem.groups[batch->group].release : 0;
    if (release)
        plan->releases[release - 1].left = batch->count - 1;
    return release != 0;
}

static bool waits_for_no_release(struct plan *plan)
{
    for (int i = 0; i < plan->batch_count; i++)
        if (plan->batches[i].live && plan->batches[i].unreleased) {
            plan->releases[plan->problem.groups[plan->batches[i].group].release - 1].left += 100000;
            return true;
        }
    return false;
}

static bool opens_though_blocked(struct plan *plan)
{
    struct plan_batch *batch = some_batch(plan, PLAN_BATCH_OPENS);
    if (batch)
        ((struct plan_group *)plan->problem.groups)[batch->group].blocked = "it waits";
    return batch != NULL;
}

static bool waits_too_long(struct plan *plan)
{
    struct plan_batch *batch = some_batch(plan, PLAN_BATCH_WAITS);
    if (batch && batch->opens_s != PLAN_NEVER)
        batch->opens_s += 3600;
    return batch && batch->opens_s != PLAN_NEVER;
}

static bool loses_a_unit(struct plan *plan)
{
    struct plan_batch *batch = some_batch(plan, PLAN_BATCH_OPENS);
    if (batch && batch->pieces[0].line >= 0)
        plan->lines[batch->pieces[0].line].count++;
    return batch && batch->pieces[0].line >= 0;
}

static bool has_no_hands(struct plan *plan)
{
    for (int i = 0; i < plan->plate_count; i++)
        if (plan->plates[i].live && plan->plates[i].booking_count) {
            plan->plates[i].bookings[0].hands_s += 4 * DAY_S;
            return true;
        }
    return false;
}

static bool sets_up_too_many_at_once(struct plan *plan)
{
    struct plan_plate *before = NULL;
    for (int i = 0; plan->problem.in_turn && i < plan->plate_count; i++) {
        struct plan_plate *plate = &plan->plates[i];
        const struct plan_family *family = &plan->problem.families[plate->family];
        if (!plate->live || plate->printer < 0 || family->station != 0 ||
            plate->booking_count < 1 || plate->print_begin_s == plate->begin_s)
            continue;
        if (before && before->printer != plate->printer &&
            before->print_begin_s <= plate->begin_s) {
            ((struct plan_station *)plan->problem.stations)[0].seats = 1;
            before->print_begin_s = plate->begin_s + 1;
            before->end_s = before->print_begin_s + before->print_s;
            return true;
        }
        before = plate;
    }
    return false;
}

static bool makes_what_is_held(struct plan *plan)
{
    struct plan_batch *batch = some_batch(plan, PLAN_BATCH_OPENS);
    if (batch && batch->pieces[0].line >= 0)
        plan->lines[batch->pieces[0].line].held = "held by anna";
    return batch && batch->pieces[0].line >= 0;
}

static bool is_on_another_printer(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    struct plan_existing *batches = (struct plan_existing *)plan->problem.batches;
    if (!plate || !plan->problem.batch_count)
        return false;
    plan->batches[plate->pieces[0].batch].name = batches[0].name;
    batches[0].pinned = "mk4";
    batches[0].printer = plate->printer + 1;
    batches[0].held = NULL;
    return true;
}

static bool comes_after_what_it_goes_before(struct plan *plan)
{
    struct plan_plate *plate = some_plate(plan);
    if (!plate || plate->pieces[0].line < 0 ||
        plan->plates[plan->queues[plate->printer].items[0]].begin_s < plate->ready_s)
        return false;
    for (int i = 0; i < plan->line_count; i++)
        plan->lines[i].rank = 0;
    for (int b = 0; b < plan->problem.batch_count; b++)
        ((struct plan_existing *)plan->problem.batches)[b].rank = 0;
    const struct plan_plate *first = &plan->plates[plan->queues[plate->printer].items[0]];
    for (int i = 0; i < first->piece_count; i++)
        if (first->pieces[i].line == plate->pieces[0].line)
            return false;
    plan->lines[plate->pieces[0].line].rank = 1;
    return true;
}

static void test_harm_is_noticed(void **unused)
{
    static harm *const harms[] = {begins_too_early,
                                  prints_too_short,
                                  has_no_time_to_change,
                                  is_more_than_full,
                                  is_on_a_printer_that_cannot,
                                  nobody_is_there,
                                  opens_too_small,
                                  opens_too_large,
                                  opens_more_than_released,
                                  waits_for_no_release,
                                  opens_though_blocked,
                                  waits_too_long,
                                  loses_a_unit,
                                  has_no_hands,
                                  sets_up_too_many_at_once,
                                  makes_what_is_held,
                                  is_on_another_printer,
                                  comes_after_what_it_goes_before};
    enum { HARMS = sizeof harms / sizeof *harms };
    int done[HARMS] = {0};
    (void)unused;
    for (uint64_t seed = 1; seed <= 40; seed++)
        for (int i = 0; i < HARMS; i++) {
            struct random_farm *farm = malloc(sizeof *farm);
            struct failure failure;
            random_farm(farm, seed);
            struct plan *plan = plan_make(&farm->problem);
            if (harms[i](plan)) {
                done[i]++;
                if (plan_verify(plan, &failure))
                    fail_msg("seed %llu: harm %d is not noticed", (unsigned long long)seed, i);
            }
            plan_close(plan);
            free(farm);
        }
    for (int i = 0; i < HARMS; i++)
        assert_true(done[i] > 0);
}

/* ---- a group of many batches: a change of one line touches few of them ---- */

enum { MANY_LINES = 500, MARKED_PLATES = 256 };

/* Lines of three units, an hour apart; sixteen units fill a plate, and less waits. */
static void large_group(struct random_farm *farm, struct plan_line *lines)
{
    random_farm(farm, 1);
    farm->allowed[0][0] = farm->allowed[0][1] = true;
    farm->families[0] = (struct plan_family){.name = "family",
                                             .materials = farm->materials[0],
                                             .material_count = 1,
                                             .printers = farm->allowed[0],
                                             .station = -1};
    farm->print_s[0][0][0] = 600;
    farm->share[0][0][0] = PLATE_FULL / 16;
    farm->operations[0][0] =
        (struct plan_operation){.print_s = farm->print_s[0][0], .share = farm->share[0][0]};
    farm->groups[0] = (struct plan_group){.product = "product",
                                          .name = "black",
                                          .least = 1,
                                          .most = 48,
                                          .fill = PLATE_FULL / 16 * 16,
                                          .hold_s = PLAN_NEVER,
                                          .operations = farm->operations[0],
                                          .operation_count = 1};
    for (int p = 0; p < 2; p++)
        farm->printers[p] = (struct plan_printer){.name = "printer", .slot_count = 1};
    farm->problem.family_count = farm->problem.group_count = 1;
    farm->problem.printer_count = 2;
    farm->problem.batch_count = 0;
    farm->problem.line_count = MANY_LINES;
    farm->problem.lines = lines;
    for (int i = 0; i < MANY_LINES; i++)
        lines[i] = (struct plan_line){.order = "1001",
                                      .line = "1",
                                      .count = 3,
                                      .due_s = farm->problem.now_s + (i + 1) * 3600,
                                      .came_s = farm->problem.now_s};
}

/* Whatever waits is due after all that does not. */
static void what_is_due_last_waits(const struct plan *plan)
{
    int64_t last_s = 0, first_waits_s = PLAN_NEVER;
    for (int b = 0; b < plan->batch_count; b++) {
        const struct plan_batch *batch = &plan->batches[b];
        for (int i = 0; i < batch->piece_count; i++) {
            int64_t due_s = plan->lines[batch->pieces[i].line].due_s;
            if (batch->state == PLAN_BATCH_OPENS && due_s > last_s)
                last_s = due_s;
            if (batch->state == PLAN_BATCH_WAITS && due_s < first_waits_s)
                first_waits_s = due_s;
        }
    }
    assert_true(last_s > 0 && last_s <= first_waits_s);
}

static void test_few_of_many_batches_change(void **unused)
{
    static struct plan_line lines[MANY_LINES];
    struct random_farm *farm = malloc(sizeof *farm);
    const struct plan_piece *before[MARKED_PLATES];
    (void)unused;
    large_group(farm, lines);
    struct plan *plan = plan_make(&farm->problem);
    what_is_due_last_waits(plan);
    for (int turn = 0; turn < 100; turn++) {
        int plates = plan->plate_count, kept = 0;
        assert_in_range(plates, 90, MARKED_PLATES);
        for (int i = 0; i < plates; i++)
            before[i] = plan->plates[i].pieces;
        struct plan_line line = lines[farm_any(farm, 0, MANY_LINES - 1)];
        if (turn % 2)
            plan_add_line(plan, &line);
        else
            plan_change_line(plan, turn * 4 + 3, 0);
        must_hold(plan, (uint64_t)turn, "one of many lines changed");
        what_is_due_last_waits(plan);
        for (int i = 0; i < plates; i++)
            kept += plan->plates[i].live && plan->plates[i].pieces == before[i];
        assert_true(kept >= plates - 20);
    }
    plan_close(plan);
    free(farm);
}

/* A line of one unit that may take its time. */
static struct plan_line single(int group)
{
    return (struct plan_line){.order = "1001",
                              .line = "1",
                              .group = group,
                              .count = 1,
                              .due_s = PLAN_NEVER,
                              .came_s = farm_monday};
}

/* ---- builds that differ in their printers only ---- */

enum { BUILD_PRINTERS = 3, BUILDS = 2 };

/* Two products of a third of a build each, the first for printers 0 and 1, the second for 1 and 2; how many builds they make. */
static int builds_of(const bool allowed[BUILDS][BUILD_PRINTERS], int kind, int64_t free_s,
                     int *printer)
{
    static const int material = 0;
    static const int64_t share = PLATE_FULL / 3, print_s = 600;
    struct plan_family families[BUILDS];
    struct plan_operation operations[BUILDS];
    struct plan_group groups[BUILDS];
    struct plan_line lines[BUILDS];
    struct plan_printer printers[BUILD_PRINTERS];
    int builds = 0;
    for (int i = 0; i < BUILDS; i++) {
        families[i] = (struct plan_family){.name = "powder",
                                           .materials = &material,
                                           .material_count = 1,
                                           .printers = allowed[i],
                                           .run_s = 8 * 3600,
                                           .station = -1,
                                           .kind = kind};
        operations[i] = (struct plan_operation){.family = i, .print_s = &print_s, .share = &share};
        groups[i] = (struct plan_group){.product = "product",
                                        .name = "",
                                        .least = 1,
                                        .most = 9,
                                        .fill = PLATE_FULL,
                                        .operations = &operations[i],
                                        .operation_count = 1};
        lines[i] = single(i);
    }
    for (int p = 0; p < BUILD_PRINTERS; p++)
        printers[p] = (struct plan_printer){
            .name = "printer", .slot_count = 1, .free_s = p == 1 ? free_s : 0};
    struct plan_problem problem = {.now_s = farm_monday,
                                   .calendar = {0, DAY_S, 7},
                                   .backlog_s = PLAN_NEVER,
                                   .material_count = 1,
                                   .families = families,
                                   .family_count = BUILDS,
                                   .groups = groups,
                                   .group_count = BUILDS,
                                   .printers = printers,
                                   .printer_count = BUILD_PRINTERS,
                                   .lines = lines,
                                   .line_count = BUILDS};
    struct plan *plan = plan_make(&problem);
    must_hold(plan, 0, "builds");
    for (int i = 0; i < plan->plate_count; i++)
        if (plan->plates[i].live) {
            builds++;
            *printer = plan->plates[i].printer;
        }
    plan_close(plan);
    return builds;
}

/* Together on the printer that both may be on; apart where there is none, or it is in use while others are free. */
static void test_builds_are_shared_across_printers(void **unused)
{
    static const bool overlap[BUILDS][BUILD_PRINTERS] = {{true, true, false}, {false, true, true}};
    static const bool apart[BUILDS][BUILD_PRINTERS] = {{true, false, false}, {false, true, true}};
    int printer = -1;
    (void)unused;
    assert_int_equal(builds_of(overlap, 1, 0, &printer), 1);
    assert_int_equal(printer, 1);
    assert_int_equal(builds_of(overlap, 0, 0, &printer), 2);
    assert_int_equal(builds_of(apart, 1, 0, &printer), 2);
    assert_int_equal(builds_of(overlap, 1, farm_monday + DAY_S, &printer), 2);
}

/* ---- for tests/oracle/check_plan.py ---- */

/* An instance: families, printers, plates, swap_s, plates that a release has left; of each printer its family loaded; of each
   family whether each printer may print it; of each plate its family, time and whether it is of the release. Its plan's makespan
   is printed. */
static bool plan_instance(FILE *file)
{
    enum { PLATES = 64 };
    static struct random_farm farm;
    static struct plan_group groups[PLATES];
    static struct plan_operation operations[PLATES];
    static struct plan_line lines[PLATES];
    static int64_t print_s[PLATES];
    static const int64_t whole = PLATE_FULL;
    int families, printers, plates, swap_s, left, allowed, family, seconds, released;

    if (fscanf(file, "%d %d %d %d %d", &families, &printers, &plates, &swap_s, &left) != 5)
        return false;
    assert_in_range(families, 1, FARM_FAMILIES);
    assert_in_range(printers, 1, FARM_PRINTERS);
    assert_in_range(plates, 1, PLATES);
    memset(&farm, 0, sizeof farm);
    for (int p = 0; p < printers; p++) {
        farm.printers[p] = (struct plan_printer){.name = "printer", .slot_count = 1};
        assert_int_equal(fscanf(file, "%d", &farm.printers[p].materials[0]), 1);
    }
    for (int f = 0; f < families; f++) {
        for (int p = 0; p < printers; p++) {
            assert_int_equal(fscanf(file, "%d", &allowed), 1);
            farm.allowed[f][p] = allowed;
        }
        farm.materials[f][0] = f;
        farm.families[f] = (struct plan_family){.name = "family",
                                                .materials = farm.materials[f],
                                                .material_count = 1,
                                                .printers = farm.allowed[f],
                                                .station = -1};
    }
    for (int i = 0; i < plates; i++) {
        assert_int_equal(fscanf(file, "%d %d %d", &family, &seconds, &released), 3);
        print_s[i] = seconds;
        operations[i] =
            (struct plan_operation){.family = family, .print_s = &print_s[i], .share = &whole};
        groups[i] = (struct plan_group){.product = "product",
                                        .name = "",
                                        .least = 1,
                                        .most = 1,
                                        .hold_s = PLAN_NEVER,
                                        .release = released,
                                        .operations = &operations[i],
                                        .operation_count = 1};
        lines[i] = single(i);
    }
    struct plan_release release = {.most = left, .left = left};
    struct plan_problem problem = {.now_s = farm_monday,
                                   .calendar = {0, DAY_S, 7},
                                   .swap_s = swap_s,
                                   .backlog_s = PLAN_NEVER,
                                   .material_count = families,
                                   .families = farm.families,
                                   .family_count = families,
                                   .groups = groups,
                                   .group_count = plates,
                                   .releases = &release,
                                   .release_count = 1,
                                   .printers = farm.printers,
                                   .printer_count = printers,
                                   .lines = lines,
                                   .line_count = plates};
    struct plan *plan = plan_make(&problem);
    struct plan_figures figures;
    must_hold(plan, 0, "an instance");
    plan_figures(plan, &figures);
    assert_int_equal(figures.unplaced, 0);
    printf("%lld\n", (long long)figures.makespan_s);
    plan_close(plan);
    return true;
}

static int plan_instances(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return 1;
    while (plan_instance(file))
        ;
    return fclose(file);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return plan_instances(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_farms),
        cmocka_unit_test(test_harm_is_noticed),
        cmocka_unit_test(test_few_of_many_batches_change),
        cmocka_unit_test(test_builds_are_shared_across_printers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
