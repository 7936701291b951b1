#include "station/api.h"

#include "station/json.h"

#include <string.h>

static const char *state_of(const struct batch *batch)
{
    return batch->cancelled ? "cancelled"
           : batch->closed  ? "closed"
           : batch->started ? "running"
                            : "filling";
}

static const char *place_of(const struct batch *batch, int32_t at)
{
    switch (at) {
    case PLACE_WAITING:
        return "waiting";
    case PLACE_DONE:
        return "done";
    case PLACE_SCRAP:
        return "scrap";
    case PLACE_QUARANTINE:
        return "quarantine";
    default:
        return batch->revision->made->workflow->steps[at]->base.name;
    }
}

static void write_head(struct buffer *out, const struct batch *batch)
{
    json_text(out, "batch", batch->name);
    json_text(out, "product", batch->product->name);
    json_said(out, "revision", batch->revision->number);
    json_text(out, "snapshot", batch->revision->snapshot);
    json_text(out, "purpose", batch->purpose == PURPOSE_SAMPLE ? "sample" : "production");
    json_text(out, "state", state_of(batch));
    json_whole(out, "units", batch->unit_count);
    json_whole(out, "under_way", batch->under_way);
}

/* `open=true` wants those that are not closed. */
static bool write_batch(struct buffer *out, const struct state *state, const void *thing,
                        struct inquiry *inquiry)
{
    const struct batch *batch = thing;
    const char *open = request_query(&inquiry->request, "open");
    (void)state;
    if (batch->closed && open && strcmp(open, "true") == 0)
        return false;
    json_begin(out, NULL, '{');
    write_head(out, batch);
    json_end(out, '}');
    return true;
}

bool answer_batches(const struct api *api, struct inquiry *inquiry)
{
    return answer_page(api, inquiry, TABLE(batches), write_batch);
}

/* ---- one batch ---- */

static void write_lots(struct buffer *out, const struct lot_use *use)
{
    json_begin(out, "lots", '[');
    for (; use; use = use->next) {
        if (!use->current)
            continue;
        json_begin(out, NULL, '{');
        json_text(out, "lot", use->lot->name);
        json_text(out, "what", use->lot->what);
        json_said(out, "amount", use->amount);
        json_end(out, '}');
    }
    json_end(out, ']');
}

/* Those of the run that goes on; the latest of a name comes first, the others were corrected. */
static void write_parameters(struct buffer *out, const struct batch_step *step)
{
    json_begin(out, "parameters", '[');
    for (const struct parameter_value *one = step->parameters; one; one = one->next) {
        const struct parameter_value *later = step->parameters;
        while (later != one && (later->name != one->name || later->run != one->run))
            later = later->next;
        if (later != one || one->run != step->runs)
            continue;
        json_begin(out, NULL, '{');
        json_text(out, "name", one->name);
        json_text(out, "value", one->value);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static void write_step(struct buffer *out, const struct step *step, const struct batch_step *so_far)
{
    json_begin(out, NULL, '{');
    json_text(out, "step", step->base.name);
    json_whole(out, "standing", so_far->standing);
    json_whole(out, "runs", so_far->runs);
    if (so_far->runs) {
        json_time(out, "begun", so_far->begun_ms);
        json_said(out, "station", so_far->station);
        json_said(out, "machine", so_far->machine);
    }
    write_lots(out, so_far->lots);
    write_parameters(out, so_far);
    json_end(out, '}');
}

static void write_places(struct buffer *out, const struct batch *batch)
{
    static const int32_t places[] = {PLACE_WAITING, PLACE_DONE, PLACE_SCRAP, PLACE_QUARANTINE};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        json_whole(out, place_of(batch, places[i]), units_at(batch, places[i]));
}

static bool no_such_batch(const struct api *api, struct inquiry *inquiry)
{
    view_end(api->view);
    return problem(&inquiry->reply, 404, "There is no batch %s.", inquiry->request.arguments[0]);
}

static const struct batch *asked_batch(const struct state *state, const struct inquiry *inquiry)
{
    const char *text = inquiry->request.arguments[0];
    const char *name = intern_find(&state->names, text, strlen(text));
    return name ? state_batch(state, name) : NULL;
}

bool answer_batch(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const struct state *state = view_begin(api->view, &inquiry->reply.version);
    const struct batch *batch = asked_batch(state, inquiry);

    if (!batch)
        return no_such_batch(api, inquiry);
    const struct workflow *workflow = batch->revision->made->workflow;
    json_begin(out, NULL, '{');
    write_head(out, batch);
    write_places(out, batch);
    json_begin(out, "steps", '[');
    for (int i = 0; i < workflow->step_count; i++)
        write_step(out, workflow->steps[i], &batch->steps[i]);
    json_end(out, ']');
    json_end(out, '}');
    view_end(api->view);
    return true;
}

/* ---- its units ---- */

static void write_unit(struct buffer *out, const struct batch *batch, int64_t number,
                       struct arena *arena)
{
    const struct piece *unit = &batch->units[number - 1];
    struct sku sku;

    sku_at(batch->revision->made, unit->sku, &sku);
    json_begin(out, NULL, '{');
    json_text(out, "unit", arena_printf(arena, "%s/%lld", batch->name, (long long)number));
    json_whole(out, "number", number);
    json_text(out, "sku", sku_code(batch->revision->spec, &sku, arena));
    json_text(out, "at", place_of(batch, unit->at));
    if (unit->line) {
        json_text(out, "order", unit->line->order);
        json_text(out, "line", unit->line->line);
    }
    if (unit->parcel) {
        json_text(out, "parcel", unit->parcel->name);
        json_flag(out, "shipped", unit->parcel->shipped);
    }
    json_end(out, '}');
}

bool answer_units(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    int64_t from, limit;

    if (!request_page(&inquiry->request, &from, &limit, &inquiry->reply))
        return false;
    const struct state *state = view_begin(api->view, &inquiry->reply.version);
    const struct batch *batch = asked_batch(state, inquiry);
    if (!batch)
        return no_such_batch(api, inquiry);
    json_begin(out, NULL, '{');
    json_whole(out, "last_event", inquiry->reply.version);
    json_whole(out, "total", batch->unit_count);
    json_begin(out, "items", '[');
    for (; from < batch->unit_count && limit > 0; limit--)
        write_unit(out, batch, ++from, &inquiry->arena);
    json_end(out, ']');
    if (from < batch->unit_count)
        json_whole(out, "next", from);
    json_end(out, '}');
    view_end(api->view);
    return true;
}
