/* What the printers tell, written down; what people order, passed on. */
#include "dispatch/private.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static struct bay *bay_at(void *data, int printer)
{
    struct dispatch *dispatch = data;
    return &dispatch->bays[printer];
}

/* Whether what is in hand says that the plate is not as we know it. What was finished when it was last seen is no news. */
static bool fills_plate(const struct bay *bay, const struct printer_report *before,
                        const struct printer_report *now)
{
    bool ended = now->state == PRINTER_FINISHED || now->state == PRINTER_CANCELLED;
    bool was_ended = before->state == PRINTER_FINISHED || before->state == PRINTER_CANCELLED;
    bool another = strcmp(now->file, bay->file_seen) != 0;
    return printer_works(now->state) ||
           (ended && (another || (printer_answers(before->state) && !was_ended)));
}

/* ---- runs ---- */

/* Durable before anything is sent. After a restart it is already, under the same name. */
static bool intend_attempt(struct dispatch *dispatch, struct bay *bay, const struct run *run)
{
    const struct job *job = job_of_bay(dispatch, bay);
    if (job->stage == JOB_SENDING)
        return strcmp(job->attempt, run->errand.name) == 0;
    struct message command = {.kind = COMMAND_begin_attempt};
    command.begin_attempt = (struct begin_attempt){.job = job->name,
                                                   .printer = bay->name,
                                                   .machine = bay->printer->machine,
                                                   .name = run->errand.name,
                                                   .sha256 = run->errand.sha256,
                                                   .before = bay->file_seen};
    return farm_does(dispatch, &command) && job->stage == JOB_SENDING; /* not set aside */
}

static bool intended(void *data, int printer, const struct run *run)
{
    struct dispatch *dispatch = data;
    struct bay *bay = bay_at(data, printer);
    if (run->stage == RUN_LOOK)
        return intend_attempt(dispatch, bay, run);
    if (fills_plate(bay, driver_report(dispatch->driver, printer), &run->report))
        return false; /* somebody was faster; the next report says so */
    struct message command = {.kind = COMMAND_intend_start};
    command.intend_start.job = bay->job;
    return farm_does(dispatch, &command);
}

static void moved(void *data, int printer, const struct run *run)
{
    struct dispatch *dispatch = data;
    struct bay *bay = bay_at(data, printer);
    const struct job *job = job_of_bay(dispatch, bay);

    if (run->stage == RUN_UPLOAD && bay->free_ms && dispatch->counter.took)
        dispatch->counter.took((double)(clock_steady_ms() - bay->free_ms), dispatch->counter.data);
    if (run->stage == RUN_UPLOAD)
        bay->free_ms = 0;
    if (run->stage == RUN_PRINTING && job->stage == JOB_STARTING) {
        struct message command = {.kind = COMMAND_confirm_start};
        command.confirm_start.job = bay->job;
        farm_does(dispatch, &command);
    }
    if (!run_is_over(run))
        return;
    bay->ended = run_ending_words[run->stage];
    bay->percent = run_percent(run);
    snprintf(bay->why, sizeof bay->why, "%s", run_reason(run));
    write_end(dispatch, bay);
}

/* ---- reports ---- */

/* The file of our own last attempt there is no news either. */
static bool is_ours(const struct dispatch *dispatch, const struct bay *bay,
                    const struct printer_report *now)
{
    const struct state *state = shop_state(dispatch->shop);
    for (int i = state->jobs.count - 1; i >= 0 && *now->file; i--) {
        const struct job *job = state->jobs.things[i];
        if (job->printer && job->printer->name == bay->name && *job->attempt &&
            report_has(now, job->attempt))
            return true;
    }
    return false;
}

/* Of which lot the rest is, only a person knows. */
static void look_at_stop(struct dispatch *dispatch, const struct bay *bay,
                         const struct printer_report *now)
{
    const struct job *job = bay->job ? job_of_bay(dispatch, bay) : NULL;
    bool stands = now->state == PRINTER_PAUSED || now->state == PRINTER_ATTENTION;
    if (!stands || !job || job->stage != JOB_PRINTING || !report_has(now, job->attempt))
        return;
    struct message command = {.kind = COMMAND_report_stop};
    command.report_stop.printer = bay->name;
    command.report_stop.percent = now->progress > 0 ? (int)(100 * now->progress) : 0;
    farm_does(dispatch, &command);
}

static void reported(void *data, int printer, const struct printer_report *before,
                     const struct printer_report *now)
{
    struct dispatch *dispatch = data;
    struct bay *bay = bay_at(data, printer);

    if (!printer_answers(now->state))
        return;
    bool ours = !bay->heard && !printer_works(now->state) && is_ours(dispatch, bay, now);
    if (!bay->job && !ours && fills_plate(bay, before, now)) {
        struct message command = {.kind = COMMAND_fill_plate};
        command.fill_plate.printer = bay->name;
        command.fill_plate.holds = *now->file ? now->file : "a print of somebody else's";
        farm_does(dispatch, &command);
    }
    if (before->state != now->state || !bay->fresh)
        dispatch->looks = true;
    if (before->state != now->state || !bay->heard)
        look_at_stop(dispatch, bay, now);
    bay->heard = bay->fresh = true;
    snprintf(bay->file_seen, sizeof bay->file_seen, "%s", now->file);
}

static void ordered(void *data, int printer, const struct print_order *order)
{
    if (*order->why)
        fprintf(stderr, "flowd: %s: %s\n", bay_at(data, printer)->printer->name, order->why);
}

static uint64_t chance(void *data) /* xorshift64 */
{
    struct dispatch *dispatch = data;
    dispatch->chance ^= dispatch->chance << 13;
    dispatch->chance ^= dispatch->chance >> 7;
    dispatch->chance ^= dispatch->chance << 17;
    return dispatch->chance;
}

const struct listener dispatch_listener = {.reported = reported,
                                           .intended = intended,
                                           .moved = moved,
                                           .ordered = ordered,
                                           .chance = chance,
                                           .hears_news = true};

/* ---- the journal ---- */

static void pass_order(struct dispatch *dispatch, const struct printer_ordered *asked)
{
    static const char *const words[] = {
        [ORDER_PAUSE] = "pause", [ORDER_RESUME] = "resume", [ORDER_CANCEL] = "cancel"};
    const struct printer *printer = state_printer(shop_state(dispatch->shop), asked->printer);
    enum printer_order order = ORDER_PAUSE;
    struct failure failure;

    while (order < ORDER_CANCEL && strcmp(words[order], asked->order) != 0)
        order++;
    for (int i = 0; i < dispatch->farm.count && printer && printer->job; i++)
        if (dispatch->bays[i].name == asked->printer && dispatch->bays[i].job &&
            !driver_order(dispatch->driver, i, order, printer->job->attempt, &failure))
            fprintf(stderr, "flowd: %s: %s\n", asked->printer, failure.message);
}

void dispatch_hears_event(int64_t sequence, int64_t time_ms, const struct message *event,
                          void *data)
{
    struct dispatch *dispatch = data;
    (void)sequence, (void)time_ms;
    if (event->kind == EVENT_printer_ordered)
        pass_order(dispatch, &event->printer_ordered);
    dispatch->looks |= event->kind >= EVENT_job_queued;
}
