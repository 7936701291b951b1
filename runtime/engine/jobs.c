/* Plates that are to be printed: queued, attempted, ended. A printer's word is only what the farm found out; what becomes of the
   job and of the units is decided here. */
#include "engine/deciding.h"
#include "engine/printing.h"

#include <string.h>

enum { RETRIES_UNLESS_SAID = 2, COME_TO_NOTHING_AT_MOST = 3 };

static struct job *job_named(struct deciding *at, const char *name)
{
    struct job *job = state_job(at->state, name);
    if (!job)
        refuse(at, "there is no job %s", name);
    return job;
}

static bool is_farm(const struct deciding *at)
{
    return strcmp(at->command->by, THE_FARM) == 0;
}

/* ---- what lies on the plate ---- */

static void look_at_piece(const struct part *part, int64_t count, void *data)
{
    (void)part, (void)count, (void)data;
}

/* The only SKU of a batch, NULL where it has several. */
static const char *only_sku(struct deciding *at, const struct batch *batch)
{
    for (int32_t i = 1; i < batch->unit_count; i++)
        if (batch->units[i].sku != batch->units[0].sku)
            return NULL;
    struct sku sku;
    sku_at(batch->revision->made, batch->units[0].sku, &sku);
    return name_of(at, sku_code(batch->revision->spec, &sku, at->decision->arena));
}

/* Reads the fields that say what lies there; refuses where they do not. NULL then, else the SKU that is meant. */
static const char *plate_of(struct deciding *at, const struct add_to_job *asked)
{
    const struct batch *batch = running_batch(at, asked->batch);
    const struct step *step = batch ? step_in(at, batch, asked->step) : NULL;
    struct sku sku;

    if (!step)
        return NULL;
    if (!step_parts(step)) {
        refuse_by(at, batch->revision, step->base.span, "%s makes no parts: it has no plates",
                  asked->step);
        return NULL;
    }
    const char *code = *asked->sku ? asked->sku : only_sku(at, batch);
    if (!code) {
        refuse(at, "batch %s has several SKUs; say of which the plate is", batch->name);
        return NULL;
    }
    if (!state_sku(at->state, batch->revision, code, &sku)) {
        refuse(at, "%s has no SKU %s", batch->product->name, code);
        return NULL;
    }
    if (!units_at(batch, step->index)) {
        refuse(at, "no unit of batch %s is at %s", batch->name, asked->step);
        return NULL;
    }
    if (read_parts(batch, step, (int32_t)sku.index, asked->parts, look_at_piece, NULL))
        return code;
    if (*asked->parts)
        refuse_by(at, batch->revision, step->base.span,
                  "`%s` is not what lies on a plate of %s; write hook=12,cap=24", asked->parts,
                  asked->step);
    else
        refuse_by(at, batch->revision, step->base.span,
                  "%s has no `plate`; say what lies on it: hook=12,cap=24", asked->step);
    return NULL;
}

bool decide_queue_job(struct deciding *at)
{
    const struct queue_job *asked = &at->command->queue_job;
    const struct add_to_job plate = {asked->job, asked->batch, asked->step, asked->sku,
                                     asked->parts};

    if (!is_name(at, "a job", asked->job))
        return false;
    if (state_job(at->state, asked->job))
        return refuse(at, "job %s is there already", asked->job);
    const char *sku = plate_of(at, &plate);
    if (!sku)
        return false;
    happens_as_asked(at, EVENT_job_queued)->job_queued.sku = sku;
    return true;
}

bool decide_add_to_job(struct deciding *at)
{
    const struct add_to_job *asked = &at->command->add_to_job;
    const struct job *job = job_named(at, asked->job);

    if (!job)
        return false;
    if (job->attempts)
        return refuse(at, "job %s was sent to a printer already; queue another", job->name);
    if (!*job->file)
        return refuse(at, "job %s prints what the step's `gcode` says; a mixed plate has a file",
                      job->name);
    const char *sku = plate_of(at, asked);
    if (!sku)
        return false;
    happens_as_asked(at, EVENT_job_extended)->job_extended.sku = sku;
    return true;
}

/* ---- an attempt ---- */

/* Whether there is enough loaded of a material that the job takes, and not on hold; refuses where not. */
static bool material_is_loaded(struct deciding *at, const struct job *job,
                               const struct printer *printer, const struct material *material)
{
    const char *name = material->base.name;
    const struct loaded_slot *slot = printer_slot_of(printer, name);
    if (!slot)
        return refuse(at, "%s is not loaded in %s; flowd printers load %s SLOT %s says where it is",
                      name, printer->name, printer->name, name);
    int64_t takes_mg = job_takes_mg(job, name);
    if (takes_mg >= 0 && slot->left_mg >= 0 && takes_mg > slot->left_mg)
        return refuse(at, "%s has %lld g of %s, and job %s takes %lld g", printer->name,
                      (long long)(slot->left_mg / 1000), name, job->name,
                      (long long)((takes_mg + 999) / 1000));
    const struct lot *lot = *slot->lot ? state_lot(at->state, slot->lot) : NULL;
    if (lot && lot->held)
        return refuse(at, "lot %s, which is loaded in %s, is on hold", lot->name, printer->name);
    return !material->tracked || lot ||
           refuse(at, "of which lot the %s in %s is was not said", name, printer->name);
}

static bool is_loaded(struct deciding *at, const struct job *job, const struct printer *printer)
{
    const struct material *material;
    for (const struct job_part *row = job->parts; row; row = row->next)
        for (int slot = 0; (material = job_part_material(row, slot)); slot++)
            if (!material_is_loaded(at, job, printer, material))
                return false;
    return true;
}

static bool printer_is_free(struct deciding *at, const struct printer *printer)
{
    if (printer->job)
        return refuse(at, "%s has job %s", printer->name, printer->job->name);
    if (printer->out)
        return refuse(at, "%s is out of use: %s", printer->name, printer->reason);
    if (!printer->plate_empty && *printer->plate)
        return refuse(at, "%s has %s on its plate; say when it is empty", printer->name,
                      printer->plate);
    return printer->plate_empty ||
           refuse(at, "nobody has seen the plate of %s empty yet", printer->name);
}

/* A job's first attempt begins its steps, where nobody did. */
static void begin_steps(struct deciding *at, const struct job *job, const char *machine)
{
    for (const struct job_part *row = job->parts; row; row = row->next) {
        bool again = row->batch->steps[row->step->index].runs > 0;
        for (const struct job_part *one = job->parts; one != row; one = one->next)
            again |= one->batch == row->batch && one->step == row->step;
        if (again)
            continue;
        struct message *event = happens(at, EVENT_step_begun);
        event->step_begun.batch = row->batch->name;
        event->step_begun.step = name_of(at, row->step->base.name);
        event->step_begun.machine = machine;
    }
}

/* Whether no batch of it is held, or pinned to another printer; refuses where one is. */
static bool is_planned(struct deciding *at, const struct job *job)
{
    const char *printer = at->command->begin_attempt.printer;
    for (const struct job_part *row = job->parts; row; row = row->next) {
        const struct batch *batch = row->batch;
        if (batch->wish.held)
            return refuse(at, "batch %s is held by %s: %s", batch->name, batch->wish.held_by,
                          batch->wish.held);
        if (batch->pinned && batch->pinned != printer)
            return refuse(at, "batch %s is pinned to %s", batch->name, batch->pinned);
    }
    return true;
}

bool decide_begin_attempt(struct deciding *at)
{
    const struct begin_attempt *asked = &at->command->begin_attempt;
    const struct job *job = job_named(at, asked->job);
    const struct printer *printer = state_printer(at->state, asked->printer);

    if (!job)
        return false;
    if (job->stage != JOB_WAITING)
        return refuse(at, "job %s is %s", job->name, job_stage_words[job->stage]);
    if (!is_planned(at, job))
        return false;
    if (!printer)
        return refuse(at, "nobody has seen the plate of %s empty yet", asked->printer);
    if (!job_runs_on(job, asked->machine))
        return refuse(at, "job %s does not run on %s", job->name,
                      *asked->machine ? asked->machine : "a machine that is not said");
    if (!printer_is_free(at, printer) || !is_loaded(at, job, printer))
        return false;
    if (sets_other_aside(at, job, asked->sha256))
        return true;
    happens_as_asked(at, EVENT_attempt_begun);
    begin_steps(at, job, asked->machine);
    if (!is_farm(at)) /* a person who began it by hand has seen it start */
        happens(at, EVENT_start_confirmed)->start_confirmed.job = job->name;
    return true;
}

/* Whether the farm may say this of an attempt that is in a stage; refuses where not. */
static const struct job *job_in(struct deciding *at, const char *name, enum job_stage stage)
{
    const struct job *job = job_named(at, name);
    if (!job || job->stage == stage)
        return job;
    refuse(at, "job %s is %s, not %s", job->name, job_stage_words[job->stage],
           job_stage_words[stage]);
    return NULL;
}

bool decide_intend_start(struct deciding *at)
{
    if (!job_in(at, at->command->intend_start.job, JOB_SENDING))
        return false;
    happens_as_asked(at, EVENT_start_intended);
    return true;
}

bool decide_confirm_start(struct deciding *at)
{
    if (!job_in(at, at->command->confirm_start.job, JOB_STARTING))
        return false;
    happens_as_asked(at, EVENT_start_confirmed);
    return true;
}

/* ---- its end ---- */

enum ending {
    ENDED_FINISHED,
    ENDED_FAILED,
    ENDED_NOT_STARTED,
    ENDED_REFUSED,
    ENDED_UNKNOWN,
    ENDINGS
};
static const char *const ending_words[ENDINGS] = {"finished", "failed", "not_started", "refused",
                                                  "unknown"};

static int64_t retries_of(const struct job *job)
{
    int64_t least = INT64_MAX;
    for (const struct job_part *row = job->parts; row; row = row->next) {
        const struct spec *spec = row->batch->revision->spec;
        struct sku sku;
        sku_at(row->batch->revision->made, row->sku, &sku);
        int64_t retries = row->step->retry
                              ? rational_to_int(value_number(spec, &row->step->retry->value, &sku,
                                                             rational_integer(RETRIES_UNLESS_SAID)))
                              : RETRIES_UNLESS_SAID;
        least = retries < least ? retries : least;
    }
    return least;
}

static enum job_stage stage_after(const struct job *job, enum ending ending)
{
    switch (ending) {
    case ENDED_FINISHED:
        return JOB_DONE;
    case ENDED_FAILED:
        return job->failed + 1 > retries_of(job) ? JOB_ASIDE : JOB_WAITING;
    case ENDED_NOT_STARTED:
        return job->not_started + 1 >= COME_TO_NOTHING_AT_MOST ? JOB_ASIDE : JOB_WAITING;
    case ENDED_UNKNOWN:
        return JOB_ASKED;
    default:
        return JOB_ASIDE;
    }
}

/* Who may say how it ended: the farm of its own attempts, a person of their own, and of what the farm asks. */
static bool may_say_the_end(struct deciding *at, const struct job *job, enum ending ending)
{
    if (!job_is_under_way(job))
        return refuse(at, "job %s is %s", job->name, job_stage_words[job->stage]);
    bool is_persons = job->by_hand || job->stage == JOB_ASKED;
    if (is_farm(at))
        return !is_persons || refuse(at, "how job %s ended is a person's to say", job->name);
    if (!is_persons)
        return refuse(at, "%s says itself how job %s goes; order it to cancel", job->printer->name,
                      job->name);
    return ending <= ENDED_NOT_STARTED || refuse(at, "it finished, failed, or was not_started");
}

bool decide_end_attempt(struct deciding *at)
{
    const struct end_attempt *asked = &at->command->end_attempt;
    const struct job *job = job_named(at, asked->job);
    enum ending ending = ENDED_FINISHED;

    while (ending < ENDINGS && strcmp(ending_words[ending], asked->outcome) != 0)
        ending++;
    if (!job)
        return false;
    if (ending == ENDINGS)
        return refuse(at, "an attempt ends as finished, failed, not_started, refused or unknown");
    if (!may_say_the_end(at, job, ending))
        return false;
    if (asked->percent < 0 || asked->percent > 100)
        return refuse(at, "how far it came is 0 to 100 percent");
    if (ending != ENDED_FINISHED && !*asked->reason)
        return refuse(at, "say why: the record keeps it");
    struct message *event = happens_as_asked(at, EVENT_attempt_ended);
    event->attempt_ended.to = name_of(at, job_stage_words[stage_after(job, ending)]);
    if (ending == ENDED_FINISHED) {
        event->attempt_ended.percent = 100;
        take_printed_along(at, job);
    }
    return true;
}

/* ---- a person's ---- */

bool decide_requeue_job(struct deciding *at)
{
    const struct requeue_job *asked = &at->command->requeue_job;
    if (!job_in(at, asked->job, JOB_ASIDE))
        return false;
    if (!*asked->reason)
        return refuse(at, "say what was mended: the record keeps it");
    happens_as_asked(at, EVENT_job_requeued);
    return true;
}

bool decide_cancel_job(struct deciding *at)
{
    const struct cancel_job *asked = &at->command->cancel_job;
    const struct job *job = job_named(at, asked->job);

    if (!job)
        return false;
    if (job->stage == JOB_CANCELLED)
        return true;
    if (job->stage == JOB_DONE)
        return refuse(at, "job %s is done", job->name);
    if (job->stage == JOB_ASKED)
        return refuse(at, "say first what became of job %s", job->name);
    if (job_is_under_way(job))
        return refuse(at, "job %s is under way; order %s to cancel it", job->name,
                      job->printer->name);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    happens_as_asked(at, EVENT_job_cancelled);
    return true;
}
