/* Which job goes to which printer next: the first that waits, to the first printer that is free and fits. */
#include "dispatch/private.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/map.h"
#include "engine/decide.h"
#include "shop/uuid.h"

#include <stdio.h>
#include <string.h>

enum { HEATS_AT_MOST_MS = 600000 };

/* ---- files ---- */

const char *job_file(struct dispatch *dispatch, const struct job *job, struct failure *failure)
{
    const struct job_part *row = job->parts;
    struct sku sku;

    if (*job->file)
        return path_join(&dispatch->arena, shop_folder(dispatch->shop), job->file);
    if (!row->step->gcode) {
        fail(failure, "job %s has no file, and %s names no `gcode`", job->name,
             row->step->base.name);
        return NULL;
    }
    sku_at(row->batch->revision->made, row->sku, &sku);
    const char *path = file_path(row->batch->revision->spec, &row->step->base,
                                 value_for(&row->step->gcode->value, &sku), &sku, &dispatch->arena);
    if (!path)
        fail(failure, "job %s: its `gcode` names no file for this SKU", job->name);
    return path;
}

/* "flow-0198...-2.gcode": a name that no other attempt ever has, with the ending by which the printer knows what it is. */
static void name_attempt(const struct job *job, const char *path, char name[100])
{
    static const char *const endings[] = {".gcode.3mf", ".bgcode", ".3mf", ".g", ".gco"};
    const char *ending = ".gcode";
    char id[UUID_LENGTH + 1];

    uuid_make(clock_wall_ms(), id);
    for (size_t i = sizeof endings / sizeof *endings; i-- > 0;)
        if (strlen(path) > strlen(endings[i]) &&
            strcmp(path + strlen(path) - strlen(endings[i]), endings[i]) == 0)
            ending = endings[i];
    snprintf(name, 100, "flow-%s-%d%s", id, job->attempts + 1, ending);
}

/* ---- what fits ---- */

/* So that not all of a circuit heat at once. What was begun counts until it was seen hot. */
static bool circuit_bears_it(const struct dispatch *dispatch, const struct bay *bay, int64_t now_ms)
{
    const struct farm_circuit *circuit = bay->printer->circuit;
    int heating = 0;
    for (int i = 0; circuit && i < dispatch->farm.count; i++) {
        const struct bay *other = &dispatch->bays[i];
        const struct printer_report *report = driver_report(dispatch->driver, i);
        if (other->printer->circuit != circuit)
            continue;
        const struct job *job = other->job ? job_of_bay(dispatch, other) : NULL;
        bool begins = job && (job->stage < JOB_PRINTING || !(report->progress > 0)) &&
                      now_ms - other->begun_ms < HEATS_AT_MOST_MS;
        heating += begins || report->heating;
    }
    return !circuit || heating < circuit->heating_at_most;
}

static bool is_free(const struct dispatch *dispatch, int index)
{
    const struct bay *bay = &dispatch->bays[index];
    const struct printer *printer = state_printer(shop_state(dispatch->shop), bay->name);
    enum printer_state is = driver_report(dispatch->driver, index)->state;

    return !bay->job && !bay->ended && bay->fresh && !bay->printer->by_hand && printer &&
           printer->plate_empty && !printer->job && !printer->out &&
           (is == PRINTER_IDLE || is == PRINTER_FINISHED || is == PRINTER_CANCELLED);
}

/* What came to nothing waits before it is tried again at the same printer. */
static bool may_try(const struct job *job, const struct bay *bay, int64_t time_ms)
{
    int64_t pause_ms = job->printer && job->printer->name == bay->name ? job_pause_ms(job) : 0;
    return !pause_ms || time_ms - job->changed_ms >= pause_ms;
}

/* Asked of the engine, which knows the rules: as if it were begun. */
static bool fits(struct dispatch *dispatch, const struct job *job, const struct bay *bay)
{
    struct decision decision;
    int64_t wanted_um = job_nozzle_um(job, bay->printer->machine),
            there_um = bay->printer->nozzle_um;
    struct message command = {.kind = COMMAND_begin_attempt, .by = THE_FARM};
    command.begin_attempt =
        (struct begin_attempt){job->name, bay->name, bay->printer->machine, "", "", ""};
    if (wanted_um && there_um && wanted_um != there_um)
        return false;
    decide(shop_state(dispatch->shop), &command, &dispatch->arena, &decision);
    return decision.accepted;
}

/* ---- beginning ---- */

static void set_aside(struct dispatch *dispatch, const struct job *job, struct bay *bay,
                      const char *why)
{
    struct message begin = {.kind = COMMAND_begin_attempt}, end = {.kind = COMMAND_end_attempt};
    begin.begin_attempt =
        (struct begin_attempt){job->name, bay->name, bay->printer->machine, "", "", ""};
    end.end_attempt = (struct end_attempt){job->name, "refused", 0, why};
    if (farm_does(dispatch, &begin))
        farm_does(dispatch, &end);
}

static void begin_at(struct dispatch *dispatch, const struct job *job, int index)
{
    struct bay *bay = &dispatch->bays[index];
    struct failure failure;
    char name[100];
    const char *path = job_file(dispatch, job, &failure);

    if (path) {
        name_attempt(job, path, name);
        bay->job = job->name;
        bay->begun_ms = clock_steady_ms();
    }
    if (path && choose_slots(dispatch, job, index, path, &failure) &&
        driver_print(dispatch->driver, index, path, name, &failure))
        return;
    bay->job = NULL;
    set_aside(dispatch, job, bay, failure.message);
}

static bool begin_somewhere(struct dispatch *dispatch, const struct job *job, bool elsewhere,
                            int64_t now_ms)
{
    int64_t time_ms = clock_wall_ms();
    for (int i = 0; i < dispatch->farm.count; i++) {
        struct bay *bay = &dispatch->bays[i];
        bool same = job->printer && job->printer->name == bay->name;
        if (!bay->free_ms || bay->job || (elsewhere && same) || !may_try(job, bay, time_ms) ||
            !circuit_bears_it(dispatch, bay, now_ms) || !fits(dispatch, job, bay))
            continue;
        begin_at(dispatch, job, i);
        return true;
    }
    return false;
}

static int free_bays(struct dispatch *dispatch, int64_t now_ms)
{
    int count = 0;
    for (int i = 0; i < dispatch->farm.count; i++) {
        struct bay *bay = &dispatch->bays[i];
        bool is = is_free(dispatch, i);
        if (!is)
            bay->free_ms = bay->job ? bay->free_ms : 0;
        else if (!bay->free_ms)
            bay->free_ms = now_ms;
        count += is;
    }
    return count;
}

/* Whether a printer has it already, though that is not in the journal yet: its file is being read. */
static bool is_taken(const struct dispatch *dispatch, const struct job *job)
{
    int i = 0;
    while (i < dispatch->farm.count && dispatch->bays[i].job != job->name)
        i++;
    return i < dispatch->farm.count;
}

/* ---- those that wait ---- */

struct passed_over {
    struct passed_over *next; /* that begins with the same part of the same step */
    const struct job *job;
};

/* Whether what is asked of a printer for the one is what is asked of it for the other. */
static bool are_alike(const struct job *one, const struct job *other)
{
    const struct job_part *a = one->parts, *b = other->parts;
    while (a && b && a->step == b->step && a->part == b->part && a->sku == b->sku &&
           a->count == b->count && a->batch->pinned == b->batch->pinned &&
           a->batch->wish.held == b->batch->wish.held)
        a = a->next, b = b->next;
    return !a && !b;
}

/* Thousands of plates may wait for a material that is nowhere: of those that are alike the first one speaks for all. */
static bool is_passed_over(const struct map *passed, const struct job *job)
{
    const struct passed_over *row = map_get(passed, job->parts->step, job->parts->part);
    while (row && !are_alike(row->job, job))
        row = row->next;
    return row != NULL;
}

static void pass_over(struct dispatch *dispatch, struct map *passed, const struct job *job)
{
    struct passed_over *row = ARENA_NEW(&dispatch->arena, struct passed_over);
    row->job = job;
    row->next = map_get(passed, job->parts->step, job->parts->part);
    map_put(passed, job->parts->step, job->parts->part, row);
}

static bool begin_job(struct dispatch *dispatch, struct map *passed, const struct job *job,
                      int64_t now_ms)
{
    if (job->failed || job->not_started) /* another printer is tried first */
        return begin_somewhere(dispatch, job, true, now_ms) ||
               begin_somewhere(dispatch, job, false, now_ms);
    if (is_passed_over(passed, job))
        return false;
    if (begin_somewhere(dispatch, job, false, now_ms))
        return true;
    pass_over(dispatch, passed, job);
    return false;
}

void dispatch_begin_jobs(struct dispatch *dispatch)
{
    struct map passed = {0};
    const struct table *jobs = &shop_state(dispatch->shop)->jobs;
    int64_t now_ms = clock_steady_ms();
    int left = free_bays(dispatch, now_ms);

    for (int i = 0; i < jobs->count && left > 0; i++) {
        const struct job *job = jobs->things[i];
        if (job->stage == JOB_WAITING && !is_taken(dispatch, job))
            left -= begin_job(dispatch, &passed, job, now_ms);
    }
    map_free(&passed);
}

/* ---- after a restart ---- */

static int bay_of(const struct dispatch *dispatch, const char *printer)
{
    int i = 0;
    while (i < dispatch->farm.count && dispatch->bays[i].name != printer)
        i++;
    return i;
}

typedef bool begin_print(struct driver *driver, int printer, const char *file, const char *name,
                         struct failure *failure);

static void take_up(struct dispatch *dispatch, const struct job *job)
{
    static begin_print *const ways[JOB_STAGE_COUNT] = {[JOB_SENDING] = driver_print,
                                                       [JOB_STARTING] = driver_resume,
                                                       [JOB_PRINTING] = driver_rejoin};
    int index = bay_of(dispatch, job->printer->name);
    bool there = index < dispatch->farm.count && !dispatch->bays[index].printer->by_hand;
    struct failure failure = {"the printer is in farm.yaml no longer"};
    const char *path = there ? job_file(dispatch, job, &failure) : NULL;

    if (path) {
        dispatch->bays[index].job = job->name;
        bool known =
            job->stage != JOB_SENDING || choose_slots(dispatch, job, index, path, &failure);
        if (known && ways[job->stage](dispatch->driver, index, path, job->attempt, &failure))
            return;
        dispatch->bays[index].job = NULL;
    }
    struct message end = {.kind = COMMAND_end_attempt};
    end.end_attempt = (struct end_attempt){
        job->name, job->stage == JOB_SENDING ? "not_started" : "unknown", 0, failure.message};
    farm_does(dispatch, &end);
}

void dispatch_take_up(struct dispatch *dispatch)
{
    const struct table *jobs = &shop_state(dispatch->shop)->jobs;
    for (int i = 0; i < jobs->count; i++) {
        const struct job *job = jobs->things[i];
        if (job_is_under_way(job) && job->stage != JOB_ASKED && !job->by_hand)
            take_up(dispatch, job);
    }
}
