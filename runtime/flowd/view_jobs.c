/* flowd job list, job show: plates that are to be printed, and why one waits. */
#include "flowd/views.h"

#include "engine/decide.h"
#include "printers/farm.h"

#include "base/file.h"
#include "cost/grid.h"

#include <stdio.h>
#include <string.h>

/* "hook 12, cap 24 of B-1/plate" */
static const char *what_lies_there(const struct job *job, struct arena *arena)
{
    struct buffer out = {0};
    for (const struct job_part *row = job->parts; row; row = row->next) {
        buffer_addf(&out, "%s%s %lld", row == job->parts ? "" : ", ", row->part->base.name,
                    (long long)row->count);
        if (!row->next || row->next->batch != row->batch || row->next->step != row->step)
            buffer_addf(&out, " of %s/%s", row->batch->name, row->step->base.name);
    }
    const char *text = arena_printf(arena, "%s", buffer_text(&out));
    buffer_free(&out);
    return text;
}

static json_t *job_json(const struct job *job)
{
    json_t *parts = json_array();
    for (const struct job_part *row = job->parts; row; row = row->next)
        json_array_append_new(parts, json_pack("{ss ss ss sI}", "batch", row->batch->name, "step",
                                               row->step->base.name, "part", row->part->base.name,
                                               "count", (json_int_t)row->count));
    return json_pack("{ss ss ss ss ss ss si si sb so}", "job", job->name, "stage",
                     job_stage_words[job->stage], "reason", job->reason, "printer",
                     job->printer ? job->printer->name : "", "attempt", job->attempt, "file",
                     job->file, "attempts", (int)job->attempts, "failed", (int)job->failed,
                     "by_hand", (int)job->by_hand, "parts", parts);
}

/* ---- job list ---- */

int list_jobs(struct desk *desk, int count, char **arguments)
{
    static const char *const words[] = {"job", "plate", "stage", "printer", "said"};
    enum { COLUMNS = sizeof words / sizeof *words };
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    if (count)
        return usage_error(verb_find("job"), "`list` takes nothing, not `%s`", arguments[0]);
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    const struct table *jobs = &shop_state(desk->shop)->jobs; /* in the order in which they wait */
    json_t *list = json_array();
    grid_row(&grid, false);
    for (int i = 0; i < COLUMNS; i++)
        grid_cell(&grid, words[i]);
    for (int i = 0; i < jobs->count; i++) {
        const struct job *job = jobs->things[i];
        const char *const cells[COLUMNS] = {job->name, what_lies_there(job, &arena),
                                            job_stage_words[job->stage],
                                            job->printer ? job->printer->name : "", job->reason};
        grid_row(&grid, false);
        for (int k = 0; k < COLUMNS; k++)
            grid_cell(&grid, cells[k]);
        json_array_append_new(list, job_json(job));
    }
    int status = desk->json ? print_json(list) : print_grid(&grid, "no job was queued yet");
    if (!desk->json)
        json_decref(list);
    arena_free(&arena);
    return status;
}

/* ---- job show ---- */

/* Why the job is not begun at a printer: what the engine would say if one asked. */
static const char *why_not(const struct state *state, const struct job *job,
                           const struct farm_printer *printer, struct arena *arena)
{
    int64_t wanted_um = job_nozzle_um(job, printer->machine);
    struct decision decision;
    struct message command = {.kind = COMMAND_begin_attempt, .by = THE_FARM};
    struct interner *names = (struct interner *)(uintptr_t)&state->names;
    const char *none = intern_text(names, "");
    command.begin_attempt = (struct begin_attempt){job->name,
                                                   intern_text(names, printer->name),
                                                   intern_text(names, printer->machine),
                                                   none,
                                                   none,
                                                   none};
    if (wanted_um && printer->nozzle_um && wanted_um != printer->nozzle_um)
        return arena_printf(arena, "it has another nozzle (%lld um) than %s in the spec (%lld um)",
                            (long long)printer->nozzle_um, printer->machine, (long long)wanted_um);
    decide(state, &command, arena, &decision);
    return decision.accepted ? NULL : arena_printf(arena, "%s", decision.refusal);
}

static void add_printers(struct buffer *out, const struct desk *desk, const struct job *job,
                         struct arena *arena)
{
    struct farm farm;
    struct failure failure;
    const char *path = path_join(arena, desk->folder, "farm.yaml");

    if (!farm_open(&farm, path, &failure)) {
        buffer_addf(out, "  its printers cannot be said: %s\n", failure.message);
        farm_close(&farm);
        return;
    }
    for (int i = 0; i < farm.count; i++) {
        const struct farm_printer *printer = &farm.printers[i];
        const char *why = why_not(shop_state(desk->shop), job, printer, arena);
        buffer_addf(out, "  %-16s %s\n", printer->name,
                    why                ? why
                    : printer->by_hand ? "fits; begin it there, then `flowd job start`"
                                       : "fits");
    }
    farm_close(&farm);
}

static void describe(struct buffer *out, const struct desk *desk, const struct job *job,
                     struct arena *arena)
{
    buffer_addf(out, "job %s: %s\n%s, from %s\n", job->name, job_stage_words[job->stage],
                what_lies_there(job, arena),
                *job->file ? job->file : "what the spec's `gcode` says");
    if (job->printer)
        buffer_addf(out, "attempt %d at %s%s%s\n", (int)job->attempts, job->printer->name,
                    *job->attempt ? " as " : "", job->attempt);
    if (*job->reason)
        buffer_addf(out, "%s\n", job->reason);
    if (job->stage == JOB_WAITING)
        add_printers(out, desk, job, arena);
    else if (job->stage == JOB_ASKED)
        buffer_addf(out, "look at %s, then: flowd job end %s finished|failed|not_started\n",
                    job->printer->name, job->name);
    else if (job->stage == JOB_ASIDE)
        buffer_addf(out, "when it is mended: flowd job requeue %s REASON\n", job->name);
}

int show_job(struct desk *desk, int count, char **arguments)
{
    struct arena arena = {0};
    struct buffer out = {0};
    if (count != 1)
        return usage_error(verb_find("job"), "`show` takes one job");
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    const struct job *job = state_job(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    if (!job) {
        complain("there is no job %s; `flowd job list` shows which there are", arguments[0]);
        return EXIT_FINDINGS;
    }
    int status = EXIT_CLEAN;
    if (desk->json) {
        status = print_json(job_json(job));
    } else {
        describe(&out, desk, job, &arena);
        status = print_out(&out) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    }
    buffer_free(&out);
    arena_free(&arena);
    return status;
}
