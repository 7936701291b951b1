/* Jobs and printers. */
#include "station/api.h"

#include "base/clock.h"
#include "engine/lanes.h"
#include "station/floor.h"
#include "station/json.h"

#include <string.h>

/* ---- jobs ---- */

static void write_parts(struct buffer *out, const struct job *job, struct arena *arena)
{
    struct sku sku;
    json_begin(out, "parts", '[');
    for (const struct job_part *row = job->parts; row; row = row->next) {
        sku_at(row->batch->revision->made, row->sku, &sku);
        json_begin(out, NULL, '{');
        json_text(out, "batch", row->batch->name);
        json_text(out, "step", row->step->base.name);
        json_text(out, "part", row->part->base.name);
        json_text(out, "sku", sku_code(row->batch->revision->spec, &sku, arena));
        json_whole(out, "count", row->count);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static bool has_parts_of(const struct job *job, const char *batch)
{
    const struct job_part *row = job->parts;
    while (row && strcmp(row->batch->name, batch) != 0)
        row = row->next;
    return row;
}

/* Of a job that is set aside for it: the other file from which the step was printed when it was shipped. */
static void write_other_file(struct buffer *out, const struct state *state, const struct job *job)
{
    struct other_file other = {NULL, NULL};
    if (job->stage == JOB_ASIDE && *job->sha256)
        other = job_prints_other(state, job, job->sha256);
    if (!other.was)
        return;
    json_begin(out, "other_file", '{');
    json_text(out, "product", other.part->batch->product->name);
    json_text(out, "step", other.part->step->base.name);
    json_text(out, "was", other.was->sha256);
    json_text(out, "was_job", other.was->job);
    json_text(out, "is", job->sha256);
    json_end(out, '}');
}

static bool write_job(struct buffer *out, const struct state *state, const void *thing,
                      struct inquiry *inquiry)
{
    const struct job *job = thing;
    const char *open = request_query(&inquiry->request, "open");
    const char *batch = request_query(&inquiry->request, "batch");
    bool over = job->stage == JOB_DONE || job->stage == JOB_CANCELLED;
    if ((over && open && strcmp(open, "true") == 0) || (batch && !has_parts_of(job, batch)))
        return false;
    json_begin(out, NULL, '{');
    json_text(out, "job", job->name);
    json_text(out, "stage", job_stage_words[job->stage]);
    json_said(out, "reason", job->reason);
    json_said(out, "printer", job->printer ? job->printer->name : "");
    json_said(out, "attempt", job->attempt);
    json_said(out, "file", job->file);
    json_whole(out, "attempts", job->attempts);
    json_whole(out, "failed", job->failed);
    json_flag(out, "by_hand", job->by_hand);
    json_time(out, "queued", job->queued_ms);
    json_time(out, "changed", job->changed_ms);
    write_parts(out, job, &inquiry->arena);
    write_other_file(out, state, job);
    json_end(out, '}');
    return true;
}

bool answer_jobs(const struct api *api, struct inquiry *inquiry)
{
    return answer_page(api, inquiry, TABLE(jobs), write_job);
}

/* ---- printers ---- */

static void write_slots(struct buffer *out, const struct printer *printer)
{
    json_begin(out, "loaded", '[');
    for (const struct loaded_slot *slot = printer ? printer->slots : NULL; slot;
         slot = slot->next) {
        json_begin(out, NULL, '{');
        json_whole(out, "slot", slot->slot);
        json_text(out, "material", slot->material);
        json_said(out, "lot", slot->lot);
        if (slot->left_mg >= 0)
            json_whole(out, "left_mg", slot->left_mg);
        json_end(out, '}');
    }
    json_end(out, ']');
}

/* What the journal knows of it; NULL where it never heard of it. */
static void write_known(struct buffer *out, const struct state *state,
                        const struct printer *printer)
{
    const struct job *lies = printer ? state_job(state, printer->plate) : NULL;
    struct arena arena = {0};
    const char *asks = printer ? printer_question(printer, &arena) : NULL;
    json_said(out, "asks", asks ? asks : "");
    arena_free(&arena);
    json_flag(out, "plate_empty", printer && printer->plate_empty);
    json_said(out, "plate", printer ? printer->plate : "");
    if (lies && lies != printer->job)
        json_time(out, "plate_since", lies->changed_ms);
    json_said(out, "job", printer && printer->job ? printer->job->name : "");
    json_flag(out, "out_of_use", printer && printer->out);
    json_said(out, "reason", printer ? printer->reason : "");
    write_slots(out, printer);
}

static void write_live(struct buffer *out, const struct printer_now *now)
{
    json_text(out, "state", now->state);
    json_said(out, "file", now->file);
    if (now->percent >= 0)
        json_whole(out, "percent", now->percent);
    if (now->remaining_s >= 0)
        json_whole(out, "remaining_s", now->remaining_s);
    json_flag(out, "heating", now->heating);
    json_said(out, "message", now->message);
}

/* People say what one without a wire does. */
static void write_by_hand(struct buffer *out, const struct printer *printer, int64_t *since_ms)
{
    bool works = printer && printer->job;
    json_text(out, "state", works ? "printing" : "idle");
    json_said(out, "file", works ? printer->job->attempt : "");
    if (works)
        *since_ms = printer->job->changed_ms;
}

static void write_printer(struct buffer *out, const struct state *state,
                          const struct printer_now *now, int64_t since_ms)
{
    const char *name = intern_find(&state->names, now->printer, strlen(now->printer));
    const struct printer *printer = name ? state_printer(state, name) : NULL;

    json_begin(out, NULL, '{');
    json_text(out, "printer", now->printer);
    json_text(out, "machine", now->machine);
    json_text(out, "protocol", now->protocol);
    if (now->by_hand)
        write_by_hand(out, printer, &since_ms);
    else
        write_live(out, now);
    json_time(out, "since", since_ms);
    write_known(out, state, printer);
    json_end(out, '}');
}

bool answer_printers(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);
    int count = api->floor ? floor_count(api->floor) : 0;

    json_begin(out, NULL, '{');
    json_whole(out, "last_event", last_event);
    json_time(out, "now", clock_wall_ms());
    json_whole(out, "total", count);
    json_begin(out, "items", '[');
    for (int i = 0; i < count; i++) {
        int64_t since_ms;
        struct printer_now now = floor_printer(api->floor, i, &since_ms);
        if (now.printer)
            write_printer(out, state, &now, since_ms);
    }
    json_end(out, ']');
    json_end(out, '}');
    view_end(api->view);
    return true;
}
