/* The planner against first come first served and round robin: makespan, changeovers, lateness, and how long it takes.
   usage: bench_plan            a table of all of it
          bench_plan farm N     only the farm of 20 printers, N plates */
#include "plan/plan.h"
#include "plan/verify.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double ms_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Of the processor, for others run beside. */
static double now_ms(void)
{
    return ms_of(CLOCK_PROCESS_CPUTIME_ID);
}

static uint64_t chance = 1;
static int64_t any(int64_t from, int64_t to)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return from + (int64_t)(chance % (uint64_t)(to - from + 1));
}

/* Of the process, as it is now. */
static long memory_kb(void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* ---- a problem that is made up ---- */

struct made_up {
    struct plan_problem problem;
    struct plan_family *families;
    struct plan_group *groups;
    struct plan_operation *operations;
    struct plan_printer *printers;
    struct plan_line *lines;
    struct plan_station stations[1];
    int *materials;
    bool *allowed;
    int64_t *numbers;
};

enum { HOUR = 3600, SWAP = 300 };
static const int64_t monday = 1795420800; /* 2026-11-23, midnight UTC */

static void make_up(struct made_up *it, int families, int printers, int groups, int lines)
{
    size_t all = (size_t)families * (size_t)printers;
    *it = (struct made_up){.families = memory_zeroed((size_t)families, sizeof *it->families),
                           .groups = memory_zeroed((size_t)groups, sizeof *it->groups),
                           .operations = memory_zeroed((size_t)groups, sizeof *it->operations),
                           .printers = memory_zeroed((size_t)printers, sizeof *it->printers),
                           .lines = memory_zeroed((size_t)lines, sizeof *it->lines),
                           .materials = memory_zeroed((size_t)families, sizeof *it->materials),
                           .allowed = memory_zeroed(all, sizeof *it->allowed),
                           .numbers = memory_zeroed(2 * (size_t)groups, sizeof *it->numbers)};
    for (int f = 0; f < families; f++) {
        it->materials[f] = f;
        it->families[f] = (struct plan_family){.name = "family",
                                               .materials = &it->materials[f],
                                               .material_count = 1,
                                               .printers = it->allowed + f * printers,
                                               .station = -1};
    }
    it->problem = (struct plan_problem){.now_s = monday + 8 * HOUR,
                                        .calendar = {0, DAY_S, 7},
                                        .swap_s = SWAP,
                                        .nozzle_s = 2 * SWAP,
                                        .backlog_s = PLAN_NEVER,
                                        .material_count = families,
                                        .families = it->families,
                                        .family_count = families,
                                        .groups = it->groups,
                                        .group_count = groups,
                                        .printers = it->printers,
                                        .printer_count = printers,
                                        .lines = it->lines,
                                        .line_count = lines};
}

static void set_group(struct made_up *it, int group, int family, int64_t print_s, int64_t per_plate)
{
    it->numbers[2 * group] = print_s;
    it->numbers[2 * group + 1] = PLATE_FULL / per_plate;
    it->operations[group] = (struct plan_operation){
        .family = family, .print_s = &it->numbers[2 * group], .share = &it->numbers[2 * group + 1]};
    it->groups[group] = (struct plan_group){.product = "product",
                                            .name = "",
                                            .least = 1,
                                            .most = 1000000,
                                            .hold_s = PLAN_NEVER,
                                            .has_stock = true,
                                            .operations = &it->operations[group],
                                            .operation_count = 1};
}

static void forget(struct made_up *it)
{
    free(it->families);
    free(it->groups);
    free(it->operations);
    free(it->printers);
    free(it->lines);
    free(it->materials);
    free(it->allowed);
    free(it->numbers);
}

/* ---- others' ways: plates in the order in which they came ---- */

struct way {
    int64_t makespan_s, lateness_s;
    int changeovers, late;
};

/* Round robin gives each the next printer that may do it; first come first served the one that is free first. */
static struct way others_way(const struct made_up *it, bool round_robin)
{
    const struct plan_problem *problem = &it->problem;
    int printers = problem->printer_count;
    int *turns = memory_zeroed((size_t)problem->family_count, sizeof *turns);
    int64_t *free_s = memory_zeroed((size_t)printers, sizeof *free_s);
    int *loaded = memory_zeroed((size_t)printers, sizeof *loaded);
    struct way way = {0};

    for (int p = 0; p < printers; p++)
        loaded[p] = problem->printers[p].materials[0];
    for (int i = 0; i < problem->line_count; i++) {
        const struct plan_line *line = &problem->lines[i];
        const struct plan_operation *operation = problem->groups[line->group].operations;
        const bool *allowed = problem->families[operation->family].printers;
        int64_t left = line->count, end_s = 0, per_plate = PLATE_FULL / operation->share[0];
        for (; left > 0; left -= per_plate) {
            int64_t units = left < per_plate ? left : per_plate;
            int best = -1;
            if (round_robin) {
                int *turn = &turns[operation->family];
                while (!allowed[*turn % printers])
                    ++*turn;
                best = (*turn)++ % printers;
            } else {
                for (int p = 0; p < printers; p++)
                    if (allowed[p] && (best < 0 || free_s[p] < free_s[best]))
                        best = p;
            }
            bool change = loaded[best] != operation->family;
            loaded[best] = operation->family;
            way.changeovers += change;
            free_s[best] += units * operation->print_s[0] + (change ? problem->swap_s : 0);
            if (free_s[best] > end_s)
                end_s = free_s[best];
        }
        if (end_s > way.makespan_s)
            way.makespan_s = end_s;
        if (line->due_s != PLAN_NEVER && problem->now_s + end_s > line->due_s) {
            way.late++;
            way.lateness_s += problem->now_s + end_s - line->due_s;
        }
    }
    free(turns);
    free(free_s);
    free(loaded);
    return way;
}

/* No plan ends sooner: the work of each set of families over the printers that may do any of it, and the longest plate. */
static int64_t lower_bound(const struct made_up *it)
{
    const struct plan_problem *problem = &it->problem;
    int64_t bound_s = 0;
    for (unsigned set = 1; set < 1u << problem->family_count; set++) {
        int64_t work_s = 0, longest_s = 0;
        int printers = 0;
        for (int i = 0; i < problem->line_count; i++) {
            const struct plan_line *line = &problem->lines[i];
            const struct plan_operation *operation = problem->groups[line->group].operations;
            if (!(set >> operation->family & 1))
                continue;
            work_s += line->count * operation->print_s[0];
            if (operation->print_s[0] > longest_s)
                longest_s = operation->print_s[0];
        }
        for (int p = 0; p < problem->printer_count; p++)
            for (int f = 0; f < problem->family_count; f++)
                if ((set >> f & 1) && problem->families[f].printers[p]) {
                    printers++;
                    break;
                }
        int64_t each_s = (work_s + printers - 1) / printers;
        if (each_s > bound_s)
            bound_s = each_s;
        if (longest_s > bound_s)
            bound_s = longest_s;
    }
    return bound_s;
}

/* ---- a farm of 20, plates of 1.2 to 17 h, three families of which each printer may do some ---- */

static void make_farm(struct made_up *it, int plates)
{
    make_up(it, 3, 20, plates, plates);
    for (int p = 0; p < 20; p++) {
        it->printers[p] = (struct plan_printer){
            .name = "printer", .materials = {p % 3}, .slot_count = 1, .free_s = 0};
        it->allowed[p] = p < 14;
        it->allowed[20 + p] = p >= 6;
        it->allowed[40 + p] = p % 2 == 0;
    }
    for (int i = 0; i < plates; i++) {
        set_group(it, i, (int)any(0, 2), any(12 * HOUR / 10, 17 * HOUR), 1);
        it->lines[i] = (struct plan_line){.order = "order",
                                          .line = "1",
                                          .group = i,
                                          .count = 1,
                                          .due_s = PLAN_NEVER,
                                          .came_s = it->problem.now_s};
    }
}

static double over(int64_t makespan_s, int64_t bound_s)
{
    return 100 * ((double)makespan_s / (double)bound_s - 1);
}

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void say_times(const char *what, double *ms, int count)
{
    qsort(ms, (size_t)count, sizeof *ms, by_time);
    printf("  %-34s %7.2f ms in the middle, %7.2f at the 99th percentile, %7.2f at most\n", what,
           ms[count / 2], ms[count * 99 / 100], ms[count - 1]);
}

static void must_hold(const struct plan *plan, const char *after)
{
    struct failure failure = {""};
    if (!plan_verify(plan, &failure)) {
        printf("%s: %s\n", after, failure.message);
        exit(1);
    }
}

/* Sums over rounds, of one way of planning. */
struct tally {
    double over, worst, changes, late, late_h;
};

static void count_in(struct tally *tally, const struct way *way, int64_t bound_s)
{
    double beyond = over(way->makespan_s, bound_s);
    tally->over += beyond;
    tally->worst = beyond > tally->worst ? beyond : tally->worst;
    tally->changes += way->changeovers;
    tally->late += way->late;
    tally->late_h += (double)way->lateness_s / HOUR;
}

static void say_tally(const char *name, const struct tally *tally, int rounds, bool due)
{
    printf("  %-12s ends %6.2f %% over the bound (worst %6.2f %%), %4.1f changes", name,
           tally->over / rounds, tally->worst, tally->changes / rounds);
    if (due)
        printf(", %4.1f plates late, by %6.1f h together", tally->late / rounds,
               tally->late_h / rounds);
    putchar('\n');
}

static void bench_farm(int plates, bool due)
{
    enum { ROUNDS = 20 };
    struct tally ours = {0}, first = {0}, robin = {0};
    double ms[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        struct made_up it;
        struct plan_figures figures;
        chance = 77u + (uint64_t)round * 1000003u;
        make_farm(&it, plates);
        for (int i = 0; due && i < plates; i++)
            it.lines[i].due_s = it.problem.now_s + any(12, 60) * HOUR;
        int64_t bound_s = lower_bound(&it);
        struct way way = others_way(&it, true);
        count_in(&robin, &way, bound_s);
        way = others_way(&it, false);
        count_in(&first, &way, bound_s);
        double before = now_ms();
        struct plan *plan = plan_make(&it.problem);
        ms[round] = now_ms() - before;
        must_hold(plan, "a farm");
        plan_figures(plan, &figures);
        way = (struct way){figures.makespan_s, figures.lateness_s, figures.changeovers,
                           figures.late_lines};
        count_in(&ours, &way, bound_s);
        plan_close(plan);
        forget(&it);
    }
    printf("20 printers, %d plates%s\n", plates, due ? ", with due dates" : "");
    say_tally("planner", &ours, ROUNDS, due);
    say_tally("first come", &first, ROUNDS, due);
    say_tally("round robin", &robin, ROUNDS, due);
    say_times("the planner takes", ms, ROUNDS);
}

/* ---- 100,000 order lines of 1,000 products in four colors each, 1,000 printers of five kinds; people by day ---- */

enum { COLORS = 4, LAYERS = 2, KINDS = 5, PRODUCTS = 1000, LINES = 100000, MANY_PRINTERS = 1000 };

/* Of the products, evenly; or as shops sell: the second half as often as the first, the third a third as often. */
static int any_product(bool skewed)
{
    double share = (double)any(0, 999999999) / 1e9, sum = 0, whole = 0;
    if (!skewed)
        return (int)any(0, PRODUCTS - 1);
    for (int i = 1; i <= PRODUCTS; i++)
        whole += 1.0 / i;
    for (int i = 1; i <= PRODUCTS; i++)
        if ((sum += 1.0 / i) >= share * whole)
            return i - 1;
    return PRODUCTS - 1;
}

static struct plan_line any_line(bool skewed, int64_t came_s)
{
    return (struct plan_line){.order = "order",
                              .line = "1",
                              .group = any_product(skewed) * COLORS + (int)any(0, COLORS - 1),
                              .count = any(1, 5),
                              .due_s = monday + any(3, 40) * DAY_S,
                              .came_s = came_s};
}

static void make_large(struct made_up *it, bool skewed)
{
    int families = COLORS * LAYERS * KINDS;
    make_up(it, families, MANY_PRINTERS, PRODUCTS * COLORS, LINES);
    it->problem.calendar = (struct calendar){8 * HOUR, 9 * HOUR, 5};
    for (int f = 0; f < families; f++) {
        it->materials[f] = f % COLORS;
        it->families[f].setup_s = 240;
        for (int p = 0; p < MANY_PRINTERS; p++)
            it->allowed[f * MANY_PRINTERS + p] = p % KINDS == f / (COLORS * LAYERS);
    }
    for (int p = 0; p < MANY_PRINTERS; p++)
        it->printers[p] = (struct plan_printer){
            .name = "printer", .materials = {(int)any(0, COLORS - 1)}, .slot_count = 1};
    for (int product = 0; product < PRODUCTS; product++) {
        int kind = (int)any(0, KINDS - 1), layer = (int)any(0, LAYERS - 1);
        int64_t print_s = any(1200, 5400), per_plate = any(6, 40);
        for (int color = 0; color < COLORS; color++) {
            int group = product * COLORS + color;
            set_group(it, group, (kind * LAYERS + layer) * COLORS + color, print_s, per_plate);
            it->groups[group].least = 8;
            it->groups[group].most = 48;
            it->groups[group].fill = PLATE_FULL / 10 * 7 - 1000;
            it->groups[group].hold_s = 24 * HOUR;
        }
    }
    for (int i = 0; i < LINES; i++)
        it->lines[i] = any_line(skewed, it->problem.now_s - any(0, 30 * HOUR));
}

enum change { ORDER_COMES, ORDER_IS_CANCELLED, PRINTER_GOES, TIME_GOES_ON, CHANGE_COUNT };
static const char *const change_names[CHANGE_COUNT] = {
    "an order comes", "an order is cancelled", "a printer is down, or up again", "a minute later"};

static void change(struct plan *plan, enum change what, int turn, bool skewed)
{
    struct plan_line line;
    switch (what) {
    case ORDER_COMES:
        line = any_line(skewed, plan->problem.now_s);
        plan_add_line(plan, &line);
        return;
    case ORDER_IS_CANCELLED:
        plan_change_line(plan, (int)any(0, plan->line_count - 1), 0);
        return;
    case PRINTER_GOES: /* down, and up again at the next turn */
        plan_change_printer(plan, turn / 2 * 3 % MANY_PRINTERS, turn % 2 == 0, 0);
        return;
    case TIME_GOES_ON:
        plan_go_on(plan, plan->problem.now_s + 60);
        return;
    case CHANGE_COUNT:
        return;
    }
}

static void bench_changes(struct plan *plan, bool skewed)
{
    enum { CHANGES = 1000 };
    static double ms[CHANGES], wall_ms[CHANGES];
    for (int what = 0; what < CHANGE_COUNT; what++) {
        for (int i = 0; i < CHANGES; i++) {
            double before = now_ms(), wall_before = ms_of(CLOCK_MONOTONIC);
            change(plan, (enum change)what, i, skewed);
            ms[i] = now_ms() - before;
            wall_ms[i] = ms_of(CLOCK_MONOTONIC) - wall_before;
        }
        say_times(change_names[what], ms, CHANGES);
        say_times("  by the clock on the wall", wall_ms, CHANGES);
        must_hold(plan, change_names[what]);
    }
}

static void bench_large(bool skewed)
{
    struct made_up it;
    struct plan_figures figures;
    chance = 4711;
    make_large(&it, skewed);
    long before_kb = memory_kb();
    double before = now_ms();
    struct plan *plan = plan_make(&it.problem);
    double took = now_ms() - before;
    long plan_kb = memory_kb() - before_kb;
    must_hold(plan, "the large plan");
    plan_figures(plan, &figures);
    printf("%d order lines of %d products%s, %d printers: %.0f ms, %ld MB; %d plates, cleared "
           "after %.1f days, %d lines late, %d changes\n",
           LINES, PRODUCTS, skewed ? " (few sell most)" : "", MANY_PRINTERS, took, plan_kb / 1024,
           figures.plates, (double)figures.makespan_s / DAY_S, figures.late_lines,
           figures.changeovers);
    bench_changes(plan, skewed);
    printf("  after these changes: %ld MB\n", (memory_kb() - before_kb) / 1024);
    plan_close(plan);
    forget(&it);
}

/* ---- a year of 20 printers: orders come, the plan goes on ---- */

static void bench_year(void)
{
    enum { PRINTERS = 20, GROUPS = 40, DAYS = 364, ORDERS = 80 };
    struct made_up it;
    chance = 11;
    make_up(&it, COLORS, PRINTERS, GROUPS, 0);
    it.problem.calendar = (struct calendar){8 * HOUR, 9 * HOUR, 5};
    for (int p = 0; p < PRINTERS; p++) {
        it.printers[p] =
            (struct plan_printer){.name = "printer", .materials = {p % COLORS}, .slot_count = 1};
        for (int f = 0; f < COLORS; f++)
            it.allowed[f * PRINTERS + p] = true;
    }
    for (int g = 0; g < GROUPS; g++) {
        set_group(&it, g, g % COLORS, any(1200, 5400), any(6, 30));
        it.groups[g].least = 4;
        it.groups[g].most = 48;
        it.groups[g].fill = PLATE_FULL / 2;
        it.groups[g].hold_s = 24 * HOUR;
    }
    double before = now_ms();
    struct plan *plan = plan_make(&it.problem);
    int64_t step_s = DAY_S / ORDERS;
    for (int i = 0; i < DAYS * ORDERS; i++) {
        plan_go_on(plan, it.problem.now_s + i * step_s);
        struct plan_line line = {.order = "order",
                                 .line = "1",
                                 .group = (int)any(0, GROUPS - 1),
                                 .count = any(1, 5),
                                 .due_s = plan->problem.now_s + any(3, 10) * DAY_S,
                                 .came_s = plan->problem.now_s};
        plan_add_line(plan, &line);
    }
    double took = now_ms() - before;
    must_hold(plan, "a year");
    printf("a year of 20 printers, %d orders: %.0f ms, %.0f us an order and the time until it\n",
           DAYS * ORDERS, took, 1000 * took / (DAYS * ORDERS));
    plan_close(plan);
    forget(&it);
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        bench_farm(atoi(argv[2]), false);
        return 0;
    }
    bench_farm(40, false);
    bench_farm(60, false);
    bench_farm(100, false);
    bench_farm(100, true);
    bench_large(false);
    bench_large(true);
    bench_year();
    return 0;
}
