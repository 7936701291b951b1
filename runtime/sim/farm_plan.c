/* The planner in a simulated farm: it reads the shop as `flowd plan` does, its batches are started as by `--apply`, and its
   plates are the printers' queues. Plates that were not begun are planned anew each time. */
#include "sim/farm_private.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most of a plan is planned again before it prints; twenty times as many looks print 1 to 2 % more, and take ten times as long. */
enum { LOOKS_A_PLATE = 100 };

/* ---- what is started ---- */

static bool ask(struct message *command, struct answer *answer, void *data)
{
    struct farm *farm = data;
    return sim_ask(&farm->sim, simulated_planner, command, answer);
}

static struct batch *batch_named(const struct farm *farm, const char *name)
{
    return state_batch(&farm->specs->state,
                       intern_find(&farm->specs->state.names, name, strlen(name)));
}

/* The plan keeps to the rules: what is refused is our fault. */
static void told_batch(const struct plan_batch *planned, const char *name,
                       const struct answer *answer, void *data)
{
    struct farm *farm = data;
    if (answer->accepted)
        farm->of_plan[planned - farm->applying.plan->batches] =
            farm_batch(farm, batch_named(farm, name));
    else
        farm->refused =
            !fail(farm->sim.failure, "the simulation cannot go on: %s is refused: %s%s%s", name,
                  answer->refusal, *answer->place ? ", because of " : "", answer->place);
}

static void told_stock(const struct plan_stock *stock, const struct answer *answer, void *data)
{
    struct farm *farm = data;
    if (answer->accepted && !farm_pack(farm, stock->batch, stock->first, stock->count))
        farm->refused = true;
}

static bool start_batches(struct farm *farm, struct plan *plan)
{
    farm->applying = (struct plan_applying){.state = &farm->specs->state,
                                            .snapshot = &farm->snapshot,
                                            .plan = plan,
                                            .names = &farm->sim.arena,
                                            .ask = ask,
                                            .told_stock = told_stock,
                                            .told_batch = told_batch,
                                            .data = farm,
                                            .last_name = farm->applying.last_name};
    farm->of_plan = ARENA_ARRAY(&farm->sim.arena, struct farm_batch *, plan->batch_count + 1);
    farm->refused = false;
    if (!plan_apply(&farm->applying) || farm->refused)
        return false;
    for (int b = 0; b < plan->batch_count; b++) {
        const struct plan_batch *batch = &plan->batches[b];
        if (farm->of_plan[b] && !farm_see_units(farm, farm->of_plan[b]))
            return false;
        if (batch->live && batch->state == PLAN_BATCH_STARTED)
            farm->of_plan[b] = farm_batch(farm, batch_named(farm, batch->name));
    }
    return true;
}

/* ---- the printers' queues ---- */

static void forget_queue(struct farm_printer *printer)
{
    while (printer->queued)
        farm_plate_free(&printer->queue[--printer->queued]);
    free(printer->queue);
    printer->queue = NULL;
}

/* The lines of a plate's pieces are no matter any more: units of one batch and SKU are printed together. */
static void add_piece(struct farm *farm, struct farm_plate *to, const struct plan_piece *piece,
                      int operation)
{
    struct farm_batch *of = farm->of_plan[piece->batch];
    const struct revision *revision = of->batch->revision;
    struct sku sku;
    for (int i = 0; i < to->piece_count; i++)
        if (to->pieces[i].of == of && to->pieces[i].kind->sku == piece->sku) {
            to->pieces[i].count += piece->count;
            return;
        }
    sku_at(revision->made, piece->sku, &sku);
    to->pieces[to->piece_count++] =
        (struct farm_piece){.of = of,
                            .step = plan_step(revision, &sku, operation),
                            .kind = farm_kind(farm, of->batch, piece->sku),
                            .count = piece->count};
}

static bool is_started(const struct farm *farm, const struct plan_plate *plate)
{
    for (int i = 0; i < plate->piece_count; i++)
        if (!farm->of_plan[plate->pieces[i].batch])
            return false;
    return plate->live && !plate->done;
}

static void take_queue(struct farm *farm, const struct plan *plan, int p)
{
    struct farm_printer *printer = &farm->printers[p];
    const struct plan_queue *queue = &plan->queues[p];
    forget_queue(printer);
    printer->queue = memory_zeroed((size_t)queue->count + 1, sizeof *printer->queue);
    for (int i = 0; i < queue->count; i++) {
        const struct plan_plate *plate = &plan->plates[queue->items[i]];
        if (!is_started(farm, plate))
            continue;
        struct farm_plate *it = &printer->queue[printer->queued++];
        *it = (struct farm_plate){
            .family = plate->family,
            .print_s = plate->print_s,
            .hands_s = plate->hands_s,
            .pieces = memory_zeroed((size_t)plate->piece_count + 1, sizeof *it->pieces)};
        for (int k = 0; k < plate->piece_count; k++)
            add_piece(farm, it, &plate->pieces[k], plate->operation);
    }
}

/* ---- all of it ---- */

/* Those that wait are set up one after the other, as many at a time as there are people for it: what would end just before the
   evening if it began now must not be put on the last of them. */
static void see_printers(struct farm *farm)
{
    const struct plan_family *family = farm->problem.families;
    int64_t seats = family->station < 0 ? farm->problem.printer_count
                                        : farm->problem.stations[family->station].seats;
    int64_t waiting = 0;
    for (int p = 0; p < farm->problem.printer_count; p++) {
        farm->seen[p].nozzle_um = farm->printers[p].nozzle_um;
        farm->seen[p].free_s =
            farm->printers[p].busy ? 0 : farm->now_s + waiting++ / seats * family->setup_s;
    }
}

/* What the release says no to now: what it said yes to since is forgotten. */
static void see_release(struct farm *farm, const struct plan *plan)
{
    struct buffer why = {0};
    for (int g = 0; g < plan->problem.group_count && !why.length; g++)
        if (plan->problem.groups[g].blocked)
            buffer_add_text(&why, plan->problem.groups[g].blocked);
    for (int b = 0; b < plan->batch_count && !why.length; b++)
        if (plan->batches[b].live && plan->batches[b].unreleased)
            plan_why_batch_waits(plan, b, &why);
    snprintf(farm->result->waits, sizeof farm->result->waits, "%s", buffer_text(&why));
    buffer_free(&why);
}

bool farm_plan(struct farm *farm)
{
    if (!farm_release(farm))
        return false;
    see_printers(farm);
    farm->planning.now_s = farm->now_s;
    plan_snapshot_again(&farm->snapshot, &farm->planning);
    struct plan_problem problem = farm->snapshot.problem;
    problem.looks_a_plate = LOOKS_A_PLATE;
    struct plan *plan = plan_make(&problem);
    see_release(farm, plan);
    bool good = start_batches(farm, plan);
    for (int p = 0; p < problem.printer_count && good; p++)
        take_queue(farm, plan, p);
    plan_close(plan);
    farm->result->plans++;
    for (int p = 0; p < problem.printer_count && good; p++)
        good = farm_want_person(farm, p);
    return good;
}
