/* What the events of jobs and printers change. */
#include "engine/applying.h"
#include "engine/printing.h"

#include <assert.h>
#include <string.h>

/* ---- jobs ---- */

struct filling {
    const struct applying *at;
    struct job_part **end;
    struct job_part row;
};

static void put_piece(const struct part *part, int64_t count, void *data)
{
    struct filling *filling = data;
    struct job_part *row = ARENA_NEW(&filling->at->state->arena, struct job_part);
    *row = filling->row;
    row->part = part;
    row->count = count;
    *filling->end = row;
    filling->end = &row->next;
}

static void put_on_plate(const struct applying *at, struct job *job,
                         const struct job_extended *from)
{
    struct batch *batch = state_batch(at->state, from->batch);
    int index = batch_step_index(batch, from->step);
    struct filling filling = {
        at, &job->parts, {.batch = batch, .step = batch->revision->made->workflow->steps[index]}};
    struct sku sku;

    state_sku(at->state, batch->revision, from->sku, &sku);
    filling.row.sku = (int32_t)sku.index;
    filling.row.code = from->sku;
    while (*filling.end)
        filling.end = &(*filling.end)->next;
    read_parts(batch, filling.row.step, filling.row.sku, from->parts, put_piece, &filling);
}

void apply_job_queued(const struct applying *at, const struct message *event)
{
    const struct job_queued *queued = &event->job_queued;
    const char *none = intern_text(&at->state->names, "");
    struct job *job = ARENA_NEW(&at->state->arena, struct job);
    *job = (struct job){.name = queued->job,
                        .file = queued->file,
                        .reason = none,
                        .attempt = none,
                        .sha256 = none,
                        .queued_ms = at->time_ms,
                        .changed_ms = at->time_ms};
    table_put(&at->state->jobs, job->name, NULL, job);
    chain_keep(&at->state->open_jobs, &job->open, job, true);
    put_on_plate(at, job,
                 &(struct job_extended){queued->job, queued->batch, queued->step, queued->sku,
                                        queued->parts});
}

void apply_job_extended(const struct applying *at, const struct message *event)
{
    put_on_plate(at, state_job(at->state, event->job_extended.job), &event->job_extended);
}

static struct job *move_job(const struct applying *at, const char *name, enum job_stage stage)
{
    struct job *job = state_job(at->state, name);
    job->stage = stage;
    job->changed_ms = at->time_ms;
    chain_keep(&at->state->open_jobs, &job->open, job, stage != JOB_DONE && stage != JOB_CANCELLED);
    return job;
}

static void add_lot(const struct applying *at, struct job *job, const struct loaded_slot *slot)
{
    struct lot *lot = *slot->lot ? state_lot(at->state, slot->lot) : NULL;
    struct job_lot **end = &job->lots;

    if (!lot || job_takes_mg(job, slot->material) == 0)
        return;
    for (; *end; end = &(*end)->next)
        if ((*end)->lot == lot)
            return;
    *end = ARENA_NEW(&at->state->arena, struct job_lot);
    (*end)->lot = lot;
}

/* ---- attempts ---- */

static struct printer *printer_of(const struct applying *at, const char *name)
{
    struct printer *printer = state_printer(at->state, name);
    if (!printer) {
        const char *none = intern_text(&at->state->names, "");
        printer = ARENA_NEW(&at->state->arena, struct printer);
        *printer = (struct printer){.name = name, .machine = none, .plate = none, .reason = none};
        table_put(&at->state->printers, name, NULL, printer);
    }
    return printer;
}

void apply_attempt_begun(const struct applying *at, const struct message *event)
{
    const struct attempt_begun *begun = &event->attempt_begun;
    struct job *job = move_job(at, begun->job, JOB_SENDING);
    struct printer *printer = printer_of(at, begun->printer);

    job->printer = printer;
    job->attempt = begun->name;
    job->sha256 = begun->sha256;
    job->by_hand = strcmp(at->by, THE_FARM) != 0;
    job->attempts++;
    job->lots = NULL;
    printer->job = job;
    printer->machine = begun->machine;
    for (const struct loaded_slot *slot = printer->slots; slot; slot = slot->next)
        if (slot == printer_slot_of(printer, slot->material))
            add_lot(at, job, slot);
}

static void cover_plate(struct job *job)
{
    job->printer->plate_empty = false;
    job->printer->plate = job->name;
}

void apply_start_intended(const struct applying *at, const struct message *event)
{
    cover_plate(move_job(at, event->start_intended.job, JOB_STARTING));
}

void apply_start_confirmed(const struct applying *at, const struct message *event)
{
    cover_plate(move_job(at, event->start_confirmed.job, JOB_PRINTING));
}

static void add_printed(const struct applying *at, const struct job_part *from)
{
    struct printed_pieces **end = &from->batch->steps[from->step->index].printed;
    while (*end && !((*end)->part == from->part && (*end)->sku == from->sku))
        end = &(*end)->next;
    if (!*end) {
        *end = ARENA_NEW(&at->state->arena, struct printed_pieces);
        **end = (struct printed_pieces){.part = from->part, .sku = from->sku};
    }
    (*end)->count += from->count;
}

/* Of what is loaded, as far as it is known how much there was. */
static void use_up(struct job *job, int64_t percent)
{
    for (struct loaded_slot *slot = job->printer->slots; slot; slot = slot->next) {
        if (slot->left_mg < 0 || slot != printer_slot_of(job->printer, slot->material))
            continue;
        int64_t taken_mg = job_takes_mg(job, slot->material);
        if (taken_mg > 0)
            slot->left_mg -= taken_mg / 100 * percent;
        if (slot->left_mg < 0)
            slot->left_mg = 0;
    }
}

static void keep_history(struct printer *printer, bool failed)
{
    printer->failures = printer->failures << 1 | failed;
    printer->ended += printer->ended < PRINTER_HISTORY;
}

void apply_attempt_ended(const struct applying *at, const struct message *event)
{
    const struct attempt_ended *ended = &event->attempt_ended;
    struct job *job = state_job(at->state, ended->job);
    struct printer *printer = job->printer;
    bool finished = strcmp(ended->outcome, "finished") == 0;
    bool unknown = strcmp(ended->outcome, "unknown") == 0;
    bool not_started = strcmp(ended->outcome, "not_started") == 0;

    if (job->stage >= JOB_PRINTING || finished) /* what is spent is spent, whatever came of it */
        use_up(job, ended->percent);
    move_job(at, ended->job, job_stage_named(ended->to));
    job->reason = ended->reason;
    if (unknown)
        return; /* it has the printer until a person said what became of it */
    keep_history(printer, !finished);
    printer->told_to_pause = printer->asks = false;
    if (not_started && printer->plate == job->name && !job->by_hand) {
        printer->plate_empty = true; /* nothing was started: it is as it was */
        printer->plate = intern_text(&at->state->names, "");
    }
    printer->job = NULL;
    job->failed += strcmp(ended->outcome, "failed") == 0;
    job->not_started = not_started ? job->not_started + 1 : 0;
    for (const struct job_part *row = finished ? job->parts : NULL; row; row = row->next) {
        add_printed(at, row);
        keep_printed_file(at, job, row);
    }
}

void apply_job_set_aside(const struct applying *at, const struct message *event)
{
    struct job *job = move_job(at, event->job_set_aside.job, JOB_ASIDE);
    job->sha256 = event->job_set_aside.sha256;
    job->reason = event->job_set_aside.reason;
}

void apply_job_requeued(const struct applying *at, const struct message *event)
{
    struct job *job = move_job(at, event->job_requeued.job, JOB_WAITING);
    job->reason = event->job_requeued.reason;
    job->failed = job->not_started = 0;
}

void apply_job_cancelled(const struct applying *at, const struct message *event)
{
    move_job(at, event->job_cancelled.job, JOB_CANCELLED)->reason = event->job_cancelled.reason;
}

/* ---- printers ---- */

void apply_plate_emptied(const struct applying *at, const struct message *event)
{
    struct printer *printer = printer_of(at, event->plate_emptied.printer);
    printer->plate_empty = true;
    printer->plate = intern_text(&at->state->names, "");
}

void apply_plate_filled(const struct applying *at, const struct message *event)
{
    struct printer *printer = printer_of(at, event->plate_filled.printer);
    printer->plate_empty = false;
    printer->plate = event->plate_filled.holds;
}

void apply_slot_loaded(const struct applying *at, const struct message *event)
{
    const struct slot_loaded *loaded = &event->slot_loaded;
    struct printer *printer = printer_of(at, loaded->printer);
    struct loaded_slot **end = &printer->slots;

    while (*end && (*end)->slot != loaded->slot)
        end = &(*end)->next;
    if (!*end)
        *end = ARENA_NEW(&at->state->arena, struct loaded_slot);
    (*end)->slot = (int32_t)loaded->slot;
    (*end)->material = loaded->material;
    (*end)->lot = loaded->lot;
    (*end)->left_mg = read_grams(loaded->grams);
    if (printer->job)
        add_lot(at, printer->job, *end);
    printer->asks = false;
}

void apply_printer_taken_out(const struct applying *at, const struct message *event)
{
    struct printer *printer = printer_of(at, event->printer_taken_out.printer);
    printer->out = true;
    printer->reason = event->printer_taken_out.reason;
}

void apply_printer_put_back(const struct applying *at, const struct message *event)
{
    struct printer *printer = printer_of(at, event->printer_put_back.printer);
    printer->out = false;
    printer->ended = 0; /* what it did before was looked into */
    printer->reason = event->printer_put_back.reason;
}

/* The farm hears it; what comes of it the printer says. */
void apply_printer_ordered(const struct applying *at, const struct message *event)
{
    struct printer *printer = printer_of(at, event->printer_ordered.printer);
    printer->told_to_pause = strcmp(event->printer_ordered.order, "pause") == 0;
    printer->asks = false; /* whoever orders it has seen it */
}

void apply_print_stopped(const struct applying *at, const struct message *event)
{
    printer_of(at, event->print_stopped.printer)->asks = true;
}
