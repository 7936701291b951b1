/* Plans what stands on its input, one problem after the other, and says what begins at once: for published.py, which knows the
   published instances, and reckons the schedules itself. A problem is numbers:
       now swap printers families lines
       of each printer: until when it is in use, the material loaded
       of each family: its kind, material, setup, run, and of each printer whether it may be done there
       of each line, which is a product of its own: its family, how long it takes, what of a plate, its due date (-1: none)
   The answer: of each plate that begins now its printer, how many lines lie on it, and which; then -1 and the processor's
   microseconds that the plan took. */
#include "plan/plan.h"
#include "plan/verify.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static bool next(int64_t *number)
{
    long long read;
    if (scanf("%lld", &read) != 1)
        return false;
    *number = read;
    return true;
}

static int64_t number(void)
{
    int64_t read;
    if (!next(&read)) {
        fputs("a problem ends in the middle\n", stderr);
        exit(1);
    }
    return read;
}

static int whole(void)
{
    return (int)number();
}

struct given {
    struct plan_problem problem;
    struct plan_printer *printers;
    struct plan_family *families;
    int *materials;
    bool *allowed;
    struct plan_group *groups;
    struct plan_operation *operations;
    struct plan_line *lines;
    int64_t *numbers;
};

static void read_printers(struct given *it, int count)
{
    it->printers = memory_zeroed((size_t)count + 1, sizeof *it->printers);
    for (int p = 0; p < count; p++) {
        it->printers[p] = (struct plan_printer){.name = "printer", .slot_count = 1};
        it->printers[p].free_s = number();
        it->printers[p].materials[0] = whole();
    }
}

static void read_families(struct given *it, int count, int printers)
{
    it->families = memory_zeroed((size_t)count + 1, sizeof *it->families);
    it->materials = memory_zeroed((size_t)count + 1, sizeof *it->materials);
    it->allowed = memory_zeroed((size_t)(count * printers) + 1, sizeof *it->allowed);
    for (int f = 0; f < count; f++) {
        struct plan_family *family = &it->families[f];
        int kind = whole();
        it->materials[f] = whole();
        *family = (struct plan_family){.name = "family",
                                       .materials = &it->materials[f],
                                       .material_count = 1,
                                       .printers = it->allowed + f * printers,
                                       .station = -1,
                                       .kind = kind};
        family->setup_s = number();
        family->run_s = number();
        for (int p = 0; p < printers; p++)
            it->allowed[f * printers + p] = whole();
    }
}

/* Whoever waits goes at once, on a plate as full as it gets. */
static void read_lines(struct given *it, int count, int64_t now_s)
{
    it->groups = memory_zeroed((size_t)count + 1, sizeof *it->groups);
    it->operations = memory_zeroed((size_t)count + 1, sizeof *it->operations);
    it->lines = memory_zeroed((size_t)count + 1, sizeof *it->lines);
    it->numbers = memory_zeroed(2 * (size_t)count + 1, sizeof *it->numbers);
    for (int i = 0; i < count; i++) {
        it->operations[i] = (struct plan_operation){
            .family = whole(), .print_s = &it->numbers[2 * i], .share = &it->numbers[2 * i + 1]};
        it->numbers[2 * i] = number();
        it->numbers[2 * i + 1] = number();
        it->groups[i] = (struct plan_group){.product = "product",
                                            .name = "",
                                            .least = 1,
                                            .most = 1,
                                            .fill = PLATE_FULL,
                                            .operations = &it->operations[i],
                                            .operation_count = 1};
        int64_t due_s = number();
        it->lines[i] = (struct plan_line){.order = "order",
                                          .line = "1",
                                          .group = i,
                                          .count = 1,
                                          .due_s = due_s < 0 ? PLAN_NEVER : due_s,
                                          .came_s = now_s};
    }
}

static bool read_problem(struct given *it)
{
    int64_t now_s;
    if (!next(&now_s))
        return false;
    int64_t swap_s = number();
    int printers = whole(), families = whole(), lines = whole();
    read_printers(it, printers);
    read_families(it, families, printers);
    read_lines(it, lines, now_s);
    it->problem = (struct plan_problem){.now_s = now_s,
                                        .calendar = {0, DAY_S, 7},
                                        .swap_s = swap_s,
                                        .backlog_s = PLAN_NEVER,
                                        .material_count = families,
                                        .families = it->families,
                                        .family_count = families,
                                        .groups = it->groups,
                                        .group_count = lines,
                                        .printers = it->printers,
                                        .printer_count = printers,
                                        .lines = it->lines,
                                        .line_count = lines};
    return true;
}

static void forget(struct given *it)
{
    free(it->printers);
    free(it->families);
    free(it->materials);
    free(it->allowed);
    free(it->groups);
    free(it->operations);
    free(it->lines);
    free(it->numbers);
}

static void say_what_begins(const struct plan *plan)
{
    for (int p = 0; p < plan->problem.printer_count; p++) {
        const struct plan_plate *plate =
            plan->queues[p].count ? &plan->plates[plan->queues[p].items[0]] : NULL;
        if (!plate || plate->begin_s > plan->problem.now_s)
            continue;
        printf("%d %d", p, plate->piece_count);
        for (int i = 0; i < plate->piece_count; i++)
            printf(" %d", plate->pieces[i].line);
        putchar('\n');
    }
}

int main(void)
{
    struct given given;
    struct failure failure = {""};
    while (read_problem(&given)) {
        clock_t before = clock();
        struct plan *plan = plan_make(&given.problem);
        long long took_us = (long long)(clock() - before) * 1000000 / CLOCKS_PER_SEC;
        if (!plan_verify(plan, &failure)) {
            fprintf(stderr, "a plan breaks a rule: %s\n", failure.message);
            return 1;
        }
        say_what_begins(plan);
        printf("-1 %lld\n", took_us);
        fflush(stdout);
        plan_close(plan);
        forget(&given);
    }
    return 0;
}
