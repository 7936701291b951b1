/* Plates on simulated printers: each is a job, with the stages that the farm's own would have. */
#include "sim/farm_private.h"

#include "base/memory.h"
#include "engine/printing.h"
#include "plan/apply.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_S = 3600 };

void farm_plate_free(struct farm_plate *plate)
{
    free(plate->pieces);
    *plate = (struct farm_plate){0};
}

/* ---- the next plate ---- */

/* Units that stand at the print and that no job is there for. */
static bool are_there(const struct farm *farm, const struct farm_piece *piece)
{
    const struct batch *batch = piece->of->batch;
    int64_t count = -units_in_jobs(&farm->specs->state, batch, piece->step, piece->kind->sku);
    for (int32_t i = 0; i < batch->unit_count && count < piece->count; i++)
        count +=
            batch->units[i].at == piece->step->index && batch->units[i].sku == piece->kind->sku;
    return count >= piece->count;
}

static bool is_ready(const struct farm *farm, const struct farm_plate *plate)
{
    for (int i = 0; i < plate->piece_count; i++)
        if (!are_there(farm, &plate->pieces[i]))
            return false;
    return true;
}

static struct farm_plate take(struct farm_plate *plates, int *count, int at)
{
    struct farm_plate plate = plates[at];
    memmove(&plates[at], &plates[at + 1], sizeof *plates * (size_t)(--*count - at));
    return plate;
}

/* What failed goes first, on a printer that is for the like of it now. */
bool farm_next_plate(struct farm *farm, struct farm_printer *printer)
{
    for (int i = 0; i < printer->queued; i++) {
        for (int k = 0; k < farm->again_count; k++)
            if (farm->again[k].family == printer->queue[i].family) {
                printer->plate = take(farm->again, &farm->again_count, k);
                return true;
            }
        if (is_ready(farm, &printer->queue[i])) {
            printer->plate = take(printer->queue, &printer->queued, i);
            return true;
        }
    }
    return false;
}

/* ---- as a job ---- */

bool farm_load(struct farm *farm, int p, int slot, int material)
{
    const char *what = farm->problem.materials[material];
    const char *lot = sim_lot_of(&farm->sim, what);
    struct message load = {.kind = COMMAND_load_slot,
                           .load_slot = {farm->seen[p].name, slot + 1, what, lot, NULL}};
    return lot && sim_do(&farm->sim, simulated_operator, &load);
}

static bool queue(struct farm *farm, struct farm_plate *plate)
{
    const char *name = arena_printf(&farm->sim.arena, "J-%d", ++farm->last_job);
    for (int i = 0; i < plate->piece_count; i++) {
        const struct farm_piece *piece = &plate->pieces[i];
        struct message first = {
            .kind = COMMAND_queue_job,
            .queue_job = {name, piece->of->batch->name, piece->step->base.name, piece->kind->code,
                          plan_parts(piece->kind->revision, piece->kind->sku, piece->step,
                                     piece->count, &farm->sim.arena),
                          "simulated.gcode"}};
        struct message more = {.kind = COMMAND_add_to_job,
                               .add_to_job = {name, piece->of->batch->name, piece->step->base.name,
                                              piece->kind->code, first.queue_job.parts}};
        if (!sim_do(&farm->sim, simulated_planner, i ? &more : &first))
            return false;
    }
    const struct table *jobs = &farm->specs->state.jobs;
    plate->job = jobs->things[jobs->count - 1];
    return true;
}

bool farm_plate_is_by_hand(const struct farm_plate *plate)
{
    return plate->pieces[0].step->base.kind == KIND_cut;
}

bool farm_begin_attempt(struct farm *farm, int p)
{
    struct farm_plate *plate = &farm->printers[p].plate;
    const char *printer = farm->seen[p].name,
               *suffix = farm->printers[p].connection.twin.protocol->suffix;
    bool by_hand = farm_plate_is_by_hand(plate);
    struct message empty = {.kind = COMMAND_empty_plate, .empty_plate = {printer}};
    if (!sim_do(&farm->sim, simulated_operator, &empty) || (!plate->job && !queue(farm, plate)))
        return false;
    struct message begin = {
        .kind = COMMAND_begin_attempt,
        .begin_attempt = {plate->job->name, printer, farm->seen[p].machine,
                          arena_printf(&farm->sim.arena, "%s-%d%s", plate->job->name,
                                       plate->job->attempts + 1, suffix ? suffix : ".gcode"),
                          NULL, NULL}};
    return sim_do(&farm->sim, by_hand ? simulated_operator : THE_FARM, &begin);
}

/* Whether a build has a defect that nobody found, or fails as often as its units are expected to; and when it stops then. */
static double chance_of_build(struct farm *farm, struct farm_printer *printer)
{
    const struct farm_settings *settings = farm->settings;
    const struct farm_piece *piece = &printer->plate.pieces[0];
    double at = sim_chance(&farm->sim), finding = sim_chance(&farm->sim), stops_at = 1;

    printer->fails = sim_chance(&farm->sim) < piece->kind->nodes[piece->step->index].bad;
    for (int i = 0; i < settings->defect_count && at >= 0; i++) {
        const struct farm_defect *defect = &settings->defects[i];
        at -= defect->share;
        if (at >= 0)
            continue;
        bool found = !(settings->without & WITHOUT_VALIDATION) && finding < defect->found;
        farm->result->caught += found;
        printer->fails |= !found;
        stops_at = found ? 1 : defect->stops_at;
    }
    return stops_at;
}

bool farm_begin_print(struct farm *farm, int p)
{
    struct farm_printer *printer = &farm->printers[p];
    double stops_at = chance_of_build(farm, printer);
    int64_t print_s = printer->plate.print_s, stops_s = (int64_t)((double)print_s * stops_at);

    if (!farm_plate_is_by_hand(&printer->plate)) {
        farm_connection_begin(farm, p, 1000 * print_s, printer->fails ? 1000 * stops_s + 1 : 0);
        return true;
    }
    printer->begin_s = farm->now_s;
    printer->stops_s = farm->now_s + stops_s;
    farm_later(farm, printer->stops_s, FARM_CUT, p, NULL);
    return true;
}

bool farm_try_again(struct farm *farm, int p)
{
    if (!farm_begin_attempt(farm, p))
        return false;
    farm_connection_begin_again(farm, p);
    return true;
}

/* ---- its end ---- */

static void note_busy(struct farm *farm, int64_t from_s, int64_t to_s)
{
    from_s -= farm->settings->start_s;
    to_s -= farm->settings->start_s;
    while (from_s < to_s) {
        int64_t hour_end_s = (from_s / HOUR_S + 1) * HOUR_S;
        int64_t until_s = hour_end_s < to_s ? hour_end_s : to_s;
        farm->result->busy[from_s / HOUR_S % HOURS_OF_WEEK] += (double)(until_s - from_s);
        from_s = until_s;
    }
}

static void find_time(struct farm *farm, int p)
{
    struct farm_printer *printer = &farm->printers[p];
    if (!farm_plate_is_by_hand(&printer->plate))
        printer->stops_s = farm_connection_printed_s(farm, p, &printer->begin_s) + printer->begin_s;
}

static void count_print(struct farm *farm, struct farm_printer *printer)
{
    const struct farm_plate *plate = &printer->plate;
    struct farm_result *result = farm->result;
    int64_t took_s = printer->stops_s - printer->begin_s;
    double part = plate->print_s ? (double)took_s / (double)plate->print_s : 1;

    result->plates++;
    printer->printing_s += took_s;
    printer->lost_s += printer->fails ? took_s : 0;
    note_busy(farm, printer->begin_s, printer->stops_s);
    for (int i = 0; i < plate->piece_count; i++) {
        const struct farm_sku *kind = plate->pieces[i].kind;
        const struct farm_node *node = &kind->nodes[plate->pieces[i].step->index];
        double units = (double)plate->pieces[i].count * part;
        result->printed_g += units * node->grams;
        result->wasted_g += printer->fails ? units * node->grams : 0;
        result->material += units * node->material;
        if (!i)
            result->machine += (double)took_s * node->machine_a_s * (1 + kind->overhead);
        if (!printer->fails)
            farm_visit(farm, kind, node, plate->pieces[i].count);
    }
}

/* Its units leave as failures, as far as the spec lets them, and are scrap where they wait for a decision. */
static bool give_up(struct farm *farm, const struct farm_piece *piece)
{
    const struct batch *batch = piece->of->batch;
    int64_t left = piece->count;
    for (int32_t i = 0; i < batch->unit_count && left; i++) {
        const struct piece *unit = &batch->units[i];
        struct message end = {.kind = COMMAND_dispose_unit,
                              .dispose_unit = {batch->name, i + 1, "scrap", "the build failed"}};
        bool goes = false;
        if (unit->at != piece->step->index || unit->sku != piece->kind->sku)
            continue;
        if (!sim_leave(&farm->sim, batch, piece->step, i + 1, 1, "failure", &goes) ||
            (unit->at == PLACE_QUARANTINE && !sim_do(&farm->sim, simulated_inspector, &end)))
            return false;
        if (unit->at == PLACE_SCRAP)
            piece->of->work[i] = WORK_IS_OVER; /* what it took was counted with the build */
        left--;
    }
    return farm_see_units(farm, piece->of);
}

static bool can_fail(const struct farm_plate *plate)
{
    for (int i = 0; i < plate->piece_count; i++)
        if (!step_route(plate->pieces[i].step, OUTCOME_FAILURE)->present)
            return false;
    return true;
}

static void put_by(struct farm *farm, struct farm_plate *plate)
{
    farm->again =
        farm_room(farm->again, farm->again_count, &farm->again_capacity, sizeof *farm->again);
    farm->again[farm->again_count++] = *plate;
    *plate = (struct farm_plate){0};
}

static bool requeue(struct farm *farm, const struct job *job)
{
    struct message command = {.kind = COMMAND_requeue_job,
                              .requeue_job = {job->name, "looked after"}};
    return job->stage != JOB_ASIDE || sim_do(&farm->sim, simulated_operator, &command);
}

/* It is tried again as often as the engine lets it; then a person gives it up. */
static bool fail_plate(struct farm *farm, struct farm_plate *plate)
{
    struct farm_day *today = farm_today(farm);
    const struct job *job = plate->job;
    struct message cancel = {.kind = COMMAND_cancel_job,
                             .cancel_job = {job->name, "it does not work"}};

    farm->result->failed++;
    if (today)
        today->failed_plates++;
    farm_want_plan(farm);
    bool again = job->stage != JOB_ASIDE && !(farm->settings->without & WITHOUT_RETRIES);
    if (again || !can_fail(plate)) {
        put_by(farm, plate);
        return requeue(farm, job);
    }
    bool good = sim_do(&farm->sim, simulated_planner, &cancel);
    for (int i = 0; i < plate->piece_count && good; i++)
        good = give_up(farm, &plate->pieces[i]);
    farm_plate_free(plate);
    return good;
}

/* Whether all that was printed passed its step: what keeps it is our fault. */
static bool finish_plate(struct farm *farm, struct farm_plate *plate)
{
    for (int i = 0; i < plate->piece_count; i++) {
        const struct farm_piece *piece = &plate->pieces[i];
        const struct printed_pieces *row = piece->of->batch->steps[piece->step->index].printed;
        for (; row; row = row->next)
            if (row->count)
                return fail(farm->sim.failure,
                            "the simulation cannot go on: units of %s do not pass %s, though job "
                            "%s is finished",
                            piece->of->batch->name, piece->step->base.name, plate->job->name);
        if (!farm_see_units(farm, piece->of))
            return false;
    }
    farm_plate_free(plate);
    return true;
}

/* Of what was not begun nothing lies there: it is tried again by and by, as the dispatcher of a shop does; after some times a person
   looks after it, and it waits among those that failed. */
static bool was_not_begun(struct farm *farm, int p)
{
    struct farm_printer *printer = &farm->printers[p];
    const struct job *job = printer->plate.job;

    farm->result->not_started++;
    if (job->stage == JOB_WAITING) {
        farm_later(farm, farm->now_s + job_pause_ms(job) / 1000, FARM_RETRY, p, NULL);
        return true;
    }
    printer->busy = false;
    put_by(farm, &printer->plate);
    return requeue(farm, job) && farm_want_person(farm, p);
}

static bool was_printed(struct farm *farm, int p, const char *by, struct message *end)
{
    struct farm_printer *printer = &farm->printers[p];
    find_time(farm, p);
    count_print(farm, printer);
    struct farm_plate plate = printer->plate;
    printer->busy = false;
    printer->plate = (struct farm_plate){0};
    for (int i = 0; i < plate.piece_count && !printer->fails; i++)
        if (!farm_do_needs(farm, plate.pieces[i].of, plate.pieces[i].step, plate.job))
            return false;
    return sim_do(&farm->sim, by, end) &&
           (printer->fails ? fail_plate(farm, &plate) : finish_plate(farm, &plate)) &&
           farm_want_person(farm, p);
}

bool farm_end_print(struct farm *farm, int p, const char *by, const char *ending, int percent,
                    const char *why)
{
    struct farm_printer *printer = &farm->printers[p];
    bool finished = strcmp(ending, "finished") == 0;
    struct message end = {
        .kind = COMMAND_end_attempt,
        .end_attempt = {printer->plate.job->name, ending, percent, finished ? NULL : why}};

    printer->fails = !finished;
    if (finished || strcmp(ending, "failed") == 0)
        return was_printed(farm, p, by, &end);
    if (!sim_do(&farm->sim, by, &end))
        return false;
    if (strcmp(ending, "unknown") != 0)
        return was_not_begun(farm, p);
    farm->result->asked++;
    return farm_want_look(farm, p);
}

bool farm_end_cut(struct farm *farm, int p)
{
    const struct farm_printer *printer = &farm->printers[p];
    int64_t took_s = printer->stops_s - printer->begin_s, whole_s = printer->plate.print_s;
    return farm_end_print(farm, p, simulated_operator, printer->fails ? "failed" : "finished",
                          whole_s ? (int)(100 * took_s / whole_s) : 100, "it stopped");
}

bool farm_look(struct farm *farm, int p)
{
    int64_t wait_s;
    const char *ending = farm_connection_look(farm, p, &wait_s);
    if (ending)
        return farm_end_print(farm, p, simulated_operator, ending, 0, "seen by who looked");
    farm_later(farm, farm->now_s + wait_s, FARM_LOOK, p, NULL);
    return true;
}
