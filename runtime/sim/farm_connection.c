/* Between the simulated farm and a printer of it: the state machine that drives the real ones (printers/run.h), in the words of a
   real protocol, on the farm's clock. At the other end is a twin of a printer. What the dispatcher of a shop writes down of a
   run is written down here. */
#include "sim/farm_private.h"

#include <string.h>

enum {
    BEGINS_MS = 4000,
    ANSWER_MS = 30,
    SENDING_MS = 10000,
    SILENT_MS = 8000,
    SILENT_SENDING_MS = 40000
};

void farm_connection_open(struct farm *farm, int p)
{
    const struct farm_settings *settings = farm->settings;
    struct farm_connection *it = &farm->printers[p].connection;
    int count = settings->protocol_count;
    it->twin.protocol = count ? settings->protocols[p % count] : protocols[p % PROTOCOLS_SPOKEN];
    it->twin.begins_within_ms = BEGINS_MS;
    it->twin.now_ms = 1000 * farm->now_s;
    farm_trouble_begin(farm, p);
}

void farm_connection_begin(struct farm *farm, int p, int64_t print_ms, int64_t breaks_ms)
{
    struct farm_connection *it = &farm->printers[p].connection;
    it->twin.print_ms = print_ms > 0 ? print_ms : 1;
    it->twin.breaks_ms = breaks_ms;
    farm_connection_begin_again(farm, p);
}

void farm_connection_begin_again(struct farm *farm, int p)
{
    enum { BYTES = 20 * 1000 * 1000 };
    struct farm_connection *it = &farm->printers[p].connection;
    const struct errand errand = {.name = farm->printers[p].plate.job->attempt,
                                  .size = BYTES,
                                  .sha1 = "simulated",
                                  .sha256 = "simulated",
                                  .md5 = "simulated"};
    it->calling = false;
    it->due_ms = 1000 * farm->now_s;
    farm_trouble_advance(farm, it, it->due_ms);
    it->twin.restart_ms = 0;
    run_begin(&it->run, it->twin.protocol, &errand, it->due_ms);
    farm_later(farm, farm->now_s, FARM_TURN, p, NULL);
}

/* ---- calls ---- */

static void call_it(struct farm_connection *it, const struct call *call)
{
    struct twin *twin = &it->twin;
    int64_t silent_ms = call_kind(call) == CALL_ASKS ? SILENT_MS : SILENT_SENDING_MS;
    int64_t answer_ms = call_kind(call) == CALL_SENDS ? SENDING_MS : ANSWER_MS;
    bool loses = twin_is_in_reach(twin) && twin->losing > 0;
    /* By turns what comes back is lost, with its connection, and the call, in silence. */
    bool arrives = twin_is_in_reach(twin) && (!loses || twin->losing-- % 2);
    int status = arrives ? twin_says(twin, call, &it->run.errand) : 0;

    it->reply = (struct reply){.never_left = !twin_server_is_up(twin) || status < 0, .body = ""};
    if (!loses && status > 0)
        it->reply = (struct reply){
            .status = status, .body = buffer_text(&twin->body), .length = twin->body.length};
    it->calling = true;
    it->same_until_ms = twin_next_change(twin);
    it->server_until_ms = twin->server_until;
    it->due_ms = twin->now_ms + (arrives || it->reply.never_left ? answer_ms : silent_ms);
}

/* One that is killed with our call in hand does not answer it. */
static void hear(struct farm_connection *it)
{
    if (it->twin.server_until != it->server_until_ms)
        it->reply = (struct reply){.body = ""};
    if (!it->reply.status) /* a connection over which an answer did not come is left */
        it->twin.linked = false;
    it->calling = false;
    run_heard(&it->run, it->twin.now_ms, &it->reply);
}

/* ---- turns ---- */

/* We were killed: what is in the journal is all we know. */
static void come_back(struct farm_connection *it, const struct job *job)
{
    struct twin *twin = &it->twin;
    const struct errand errand = it->run.errand;
    it->calling = false;
    twin_pass_restart(twin);
    it->due_ms = twin->now_ms;
    (job->stage == JOB_SENDING    ? run_begin
     : job->stage == JOB_STARTING ? run_resume
                                  : run_rejoin)(&it->run, twin->protocol, &errand, twin->now_ms);
}

/* What there is to do at its due time, which becomes that of the next; false with a failure where the engine refuses it. */
static bool take_step(struct farm *farm, struct farm_connection *it, const struct job *job)
{
    struct message intend = {.kind = COMMAND_intend_start, .intend_start = {job->name}};
    struct message confirm = {.kind = COMMAND_confirm_start, .confirm_start = {job->name}};
    struct call call;

    farm_trouble_advance(farm, it, it->due_ms);
    if (it->twin.restart_ms) {
        come_back(it, job);
        return true;
    }
    if (it->calling)
        hear(it);
    enum run_wish wish = run_next(&it->run, it->twin.now_ms, &call);
    if (it->run.stage == RUN_PRINTING && job->stage == JOB_STARTING &&
        !sim_do(&farm->sim, THE_FARM, &confirm))
        return false;
    it->due_ms = it->twin.now_ms;
    if (wish == WISH_INTENT) {
        run_intended(&it->run, it->twin.now_ms);
        return sim_do(&farm->sim, THE_FARM, &intend);
    }
    if (wish == WISH_CALL) {
        farm->result->calls++;
        call_it(it, &call);
    } else if (wish == WISH_WAIT) {
        run_skip_looks(&it->run, it->same_until_ms,
                       it->twin.hand == HAND_PRINTING && !it->twin.stuck);
        it->due_ms = it->run.wake_ms;
    }
    return true;
}

/* What we found out, beside what the twin knows. */
static bool is_true(struct farm *farm, struct farm_connection *it)
{
    const struct run *run = &it->run;
    const struct twin_file *file = twin_file(&it->twin, run->errand.name);
    struct twin_file none = {0};
    file = file ? file : &none;
    bool right = file->starts <= 1 && !it->twin.destroyed &&
                 (run->stage != RUN_FINISHED || file->good == 1) &&
                 (run->stage != RUN_FAILED || file->bad == 1) &&
                 ((run->stage != RUN_NOT_STARTED && run->stage != RUN_REFUSED) || !file->starts);
    return right ||
           fail(farm->sim.failure,
                "the simulation cannot go on: %s is %s, and was begun %d times, done %d "
                "times, and failed %d times",
                run->errand.name, run_stage_words[run->stage], file->starts, file->good, file->bad);
}

bool farm_connection_turn(struct farm *farm, int p)
{
    struct farm_connection *it = &farm->printers[p].connection;
    const struct job *job = farm->printers[p].plate.job;
    const struct run *run = &it->run;

    while (!run_is_over(run) && it->due_ms < 1000 * (farm->now_s + 1))
        if (!take_step(farm, it, job))
            return false;
    if (!run_is_over(run)) {
        farm_later(farm, it->due_ms / 1000, FARM_TURN, p, NULL);
        return true;
    }
    return is_true(farm, it) && farm_end_print(farm, p, THE_FARM, run_ending_words[run->stage],
                                               run_percent(run), run_reason(run));
}

/* ---- for a person who looks at it ---- */

const char *farm_connection_look(struct farm *farm, int p, int64_t *wait_s)
{
    struct farm_connection *it = &farm->printers[p].connection;
    struct twin *twin = &it->twin;
    const char *name = it->run.errand.name;

    farm_trouble_advance(farm, it, 1000 * farm->now_s);
    bool prints = twin->hand == HAND_PRINTING && strcmp(twin->file, name) == 0 && !twin->stuck;
    *wait_s = prints ? (twin->ends_ms - twin->now_ms) / 1000 + 1 : 0;
    if (prints)
        return NULL;
    twin_mend(twin);
    const struct twin_file *file = twin_file(twin, name);
    return !file || !file->starts ? "not_started" : file->good ? "finished" : "failed";
}

int64_t farm_connection_printed_s(struct farm *farm, int p, int64_t *begin_s)
{
    struct farm_connection *it = &farm->printers[p].connection;
    const struct twin_file *file = twin_file(&it->twin, it->run.errand.name);
    if (!file || !file->starts)
        return 0;
    *begin_s = it->twin.begun_ms / 1000;
    return (it->twin.ended_ms - it->twin.begun_ms) / 1000;
}
