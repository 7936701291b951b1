/* The bench: which work waits at which station, and what a step of a batch is and wants. */
#include "station/api.h"

#include "engine/needs.h"
#include "station/json.h"
#include "station/read_bench.h"
#include "station/read_work.h"

#include <string.h>

enum {
    UNITS_SHOWN = 500,  /* of those that stand at a step */
    NEEDS_SHOWN = 1000, /* of what they want */
    KINDS_OF_NEED = 40, /* of a queue's entry */
    LOTS_OFFERED = 40,
    WORKS_SHOWN = 16 /* SKUs that stand at a step */
};

static const char *const need_words[] = {
    [NEED_LOT] = "lot",         [NEED_PARAMETER] = "parameter", [NEED_COUNT] = "count",
    [NEED_READING] = "reading", [NEED_JUDGEMENT] = "judgement", [NEED_SIGNATURE] = "signature"};

static const struct station *station_of(const struct step *step)
{
    return step->at ? value_station(&step->at->value, NULL) : NULL;
}

static const struct step *step_at(const struct batch *batch, int index)
{
    return batch->revision->made->workflow->steps[index];
}

static bool is_running(const struct batch *batch)
{
    return batch->started && !batch->closed;
}

/* ---- stations ---- */

struct found_station {
    const char *name, *title;
    int64_t standing;
};

struct stations {
    struct found_station *items;
    int count, capacity;
    struct arena *arena;
};

/* The one of that name. The newest spec's title is the one that is shown. */
static struct found_station *station_named(struct stations *stations, const struct spec *spec,
                                           const struct station *station)
{
    for (int i = 0; i < stations->count; i++)
        if (strcmp(stations->items[i].name, station->base.name) == 0)
            return &stations->items[i];
    if (stations->count == stations->capacity) {
        int capacity = 2 * stations->capacity + 8;
        struct found_station *more = ARENA_ARRAY(stations->arena, struct found_station, capacity);
        if (stations->count)
            memcpy(more, stations->items, sizeof *more * (size_t)stations->count);
        stations->items = more;
        stations->capacity = capacity;
    }
    struct found_station *found = &stations->items[stations->count++];
    *found = (struct found_station){
        station->base.name, declaration_title(spec, &station->base, NULL, stations->arena), 0};
    return found;
}

static void add_stations(struct stations *stations, const struct revision *revision,
                         const struct batch *batch)
{
    const struct workflow *workflow = revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++) {
        const struct station *station = station_of(workflow->steps[i]);
        if (station)
            station_named(stations, revision->spec, station)->standing +=
                batch ? batch->steps[i].standing : 0;
    }
}

static void write_stations(struct buffer *out, const struct state *state, struct arena *arena)
{
    struct stations stations = {.arena = arena};
    for (int i = 0; i < state->products.count; i++) {
        const struct product_state *product = state->products.things[i];
        if (product->current)
            add_stations(&stations, product->current, NULL);
    }
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        if (is_running(batch))
            add_stations(&stations, batch->revision, batch);
    }
    json_begin(out, "stations", '[');
    for (int i = 0; i < stations.count; i++) {
        json_begin(out, NULL, '{');
        json_text(out, "station", stations.items[i].name);
        json_text(out, "title", stations.items[i].title);
        json_whole(out, "standing", stations.items[i].standing);
        json_end(out, '}');
    }
    json_end(out, ']');
}

/* ---- needs ---- */

struct wanting {
    struct buffer *out;
    const struct batch *batch;
    const struct step *step;
    struct arena *arena;
    int count;
    struct need kinds[KINDS_OF_NEED]; /* with `unit` counting how many */
};

/* Of a material, an item, a role: as the spec calls it. */
static const char *thing_title(const struct batch *batch, const char *name, struct arena *arena)
{
    const struct spec *spec = batch->revision->spec;
    const struct declaration *what = spec_find(spec, name);
    return what ? declaration_title(spec, what, NULL, arena) : readable_name(name, arena);
}

/* As it is called where it is entered. */
static const char *wanted_title(const struct wanting *at, const struct need *need)
{
    if (need->kind == NEED_LOT || need->kind == NEED_SIGNATURE)
        return thing_title(at->batch, need->name, at->arena);
    if (need->kind == NEED_PARAMETER)
        return record_title(at->batch->revision->spec, at->step, need->name, at->arena);
    return readable_name(need->name, at->arena);
}

/* What is wanted, without of which unit. */
static void write_wanted(const struct wanting *at, const struct need *need)
{
    json_text(at->out, "need", need_words[need->kind]);
    json_text(at->out, "name", need->name);
    json_text(at->out, "title", wanted_title(at, need));
    json_said(at->out, "part", need->part);
}

static bool count_need(const struct need *need, void *data)
{
    struct wanting *at = data;
    int i = 0;
    while (i < at->count &&
           (at->kinds[i].kind != need->kind || strcmp(at->kinds[i].name, need->name) != 0 ||
            strcmp(at->kinds[i].part, need->part) != 0))
        i++;
    if (i == at->count && at->count < KINDS_OF_NEED) {
        at->kinds[at->count] = *need;
        at->kinds[at->count++].unit = 0;
    }
    if (i < at->count)
        at->kinds[i].unit++;
    return true;
}

static void write_waits(struct buffer *out, const struct batch *batch, int step,
                        struct arena *arena)
{
    struct wanting at = {.out = out, .batch = batch, .step = step_at(batch, step), .arena = arena};
    step_needs(batch, step, count_need, &at);
    json_begin(out, "waits", '[');
    for (int i = 0; i < at.count; i++) {
        json_begin(out, NULL, '{');
        write_wanted(&at, &at.kinds[i]);
        json_whole(out, "count", at.kinds[i].unit);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static bool write_need(const struct need *need, void *data)
{
    struct wanting *at = data;
    json_begin(at->out, NULL, '{');
    write_wanted(at, need);
    json_whole(at->out, "unit", need->unit);
    json_end(at->out, '}');
    return ++at->count < NEEDS_SHOWN;
}

/* ---- the queue ---- */

/* The first day on which something of what stands there is due; "" where none is said. */
static const char *due_of(const struct batch *batch, int step)
{
    const char *due = "";
    for (int32_t i = 0; i < batch->unit_count; i++) {
        const struct order_line *line = batch->units[i].line;
        if (batch->units[i].at == step && line && *line->due &&
            (!*due || strcmp(line->due, due) < 0))
            due = line->due;
    }
    return due;
}

static void write_step_head(struct buffer *out, const struct batch *batch, int index,
                            struct arena *arena)
{
    const struct spec *spec = batch->revision->spec;
    const struct step *step = step_at(batch, index);
    const struct batch_step *done = &batch->steps[index];
    const struct station *station = station_of(step);
    json_text(out, "batch", batch->name);
    json_text(out, "product", batch->product->name);
    json_text(out, "title", declaration_title(spec, &batch->revision->made->base, NULL, arena));
    json_text(out, "purpose", batch->purpose == PURPOSE_SAMPLE ? "sample" : "production");
    json_text(out, "step", step->base.name);
    json_text(out, "step_title", declaration_title(spec, &step->base, NULL, arena));
    json_text(out, "kind", kind_rows[step->base.kind].name);
    if (station)
        json_text(out, "station", station->base.name);
    json_whole(out, "standing", done->standing);
    json_said(out, "due", due_of(batch, index));
    if (done->runs) {
        json_time(out, "begun", done->begun_ms);
        json_said(out, "machine", done->machine);
    }
}

void write_task(struct buffer *out, const struct batch *batch, int step, struct arena *arena)
{
    json_begin(out, NULL, '{');
    write_step_head(out, batch, step, arena);
    write_waits(out, batch, step, arena);
    json_end(out, '}');
}

/* Whether the step's work is asked for: at that station, or everywhere; what has no station is everybody's. */
static bool is_asked(const struct step *step, const char *asked)
{
    const struct station *station = station_of(step);
    return !asked || !station || strcmp(station->base.name, asked) == 0;
}

/* What waits elsewhere, of batches that are under way. */
static void write_desks(struct buffer *out, const struct state *state)
{
    int64_t quarantined = 0, approvals = 0;
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        quarantined += is_running(batch) ? units_at(batch, PLACE_QUARANTINE) : 0;
    }
    for (int i = 0; i < state->products.count; i++) {
        const struct product_state *product = state->products.things[i];
        approvals += product->current && missing_approval(product, product->current);
    }
    json_whole(out, "quarantine", quarantined);
    json_whole(out, "approvals", approvals);
}

bool answer_bench(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const char *asked = request_query(&inquiry->request, "station");
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);

    json_begin(out, NULL, '{');
    json_whole(out, "last_event", last_event);
    write_stations(out, state, &inquiry->arena);
    write_desks(out, state);
    json_begin(out, "queue", '[');
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        int count = is_running(batch) ? batch->revision->made->workflow->step_count : 0;
        for (int step = 0; step < count; step++) {
            if (batch->steps[step].standing && is_asked(step_at(batch, step), asked))
                write_task(out, batch, step, &inquiry->arena);
        }
    }
    json_end(out, ']');
    json_end(out, '}');
    view_end(api->view);
    inquiry->reply.version = last_event;
    return true;
}

/* ---- a step: what stands there ---- */

static const char *check_name(const struct check *check, struct arena *arena)
{
    const struct value *name = &check->name;
    return name->kind == VALUE_MEMBER
               ? arena_printf(arena, "%s.%s", name->member->declaration->name, name->member->name)
               : name->word;
}

static void write_findings(struct buffer *out, const struct step *step,
                           const struct finding *finding, struct arena *arena)
{
    static const char *const names[] = {"good", "bad"};
    for (int bad = 0; bad < 2; bad++) {
        json_begin(out, names[bad], '[');
        for (const struct check *check = step->check; finding && check; check = check->next) {
            uint64_t bit = check_bit(step, check);
            if (finding->judged & bit && !(finding->bad & bit) == !bad)
                json_text(out, NULL, check_name(check, arena));
        }
        json_end(out, ']');
    }
}

static const char *ask_title(const struct batch *batch, const char *name, struct arena *arena)
{
    for (const struct ask *ask = batch->revision->made->asks; ask; ask = ask->next)
        if (ask->name.kind == VALUE_WORD && strcmp(ask->name.word, name) == 0 &&
            ask->title.kind == VALUE_TEXT)
            return value_string(batch->revision->spec, &ask->title, NULL, arena);
    return readable_name(name, arena);
}

static void write_unit(struct buffer *out, const struct batch *batch, const struct step *step,
                       int32_t number, struct arena *arena)
{
    const struct piece *unit = &batch->units[number - 1];
    struct sku sku;
    sku_at(batch->revision->made, unit->sku, &sku);
    json_begin(out, NULL, '{');
    json_whole(out, "unit", number);
    json_text(out, "sku", sku_code(batch->revision->spec, &sku, arena));
    if (unit->line) {
        json_text(out, "order", unit->line->order);
        json_said(out, "customer", unit->line->customer);
    }
    json_begin(out, "asks", '[');
    for (const struct answered_ask *ask = unit->line ? unit->line->asks : NULL; ask;
         ask = ask->next) {
        json_begin(out, NULL, '{');
        json_text(out, "name", ask_title(batch, ask->name, arena));
        json_text(out, "value", ask->value);
        json_end(out, '}');
    }
    json_end(out, ']');
    const struct finding *finding = unit_finding(batch, number, step->index);
    if (finding && finding->alone)
        json_flag(out, "alone", true);
    write_findings(out, step, finding, arena);
    json_end(out, '}');
}

static void write_units(struct buffer *out, const struct batch *batch, const struct step *step,
                        struct arena *arena)
{
    int shown = 0;
    json_begin(out, "units", '[');
    for (int32_t i = 1; i <= batch->unit_count && shown < UNITS_SHOWN; i++)
        if (batch->units[i - 1].at == step->index) {
            write_unit(out, batch, step, i, arena);
            shown++;
        }
    json_end(out, ']');
}

/* What is done, for each SKU that stands there. */
static void write_works(struct buffer *out, const struct batch *batch, const struct step *step,
                        struct arena *arena)
{
    int32_t seen[WORKS_SHOWN];
    int count = 0;
    json_begin(out, "work", '[');
    for (int32_t i = 0; i < batch->unit_count && count < WORKS_SHOWN; i++) {
        const struct piece *unit = &batch->units[i];
        struct sku sku;
        int k = 0;
        while (k < count && seen[k] != unit->sku)
            k++;
        if (unit->at != step->index || k < count)
            continue;
        seen[count++] = unit->sku;
        sku_at(batch->revision->made, unit->sku, &sku);
        write_work(&(struct work){.out = out,
                                  .arena = arena,
                                  .spec = batch->revision->spec,
                                  .snapshot = batch->revision->snapshot,
                                  .step = step,
                                  .sku = &sku});
    }
    json_end(out, ']');
}

/* ---- a step: where its units go ---- */

static void write_route(struct buffer *out, const struct batch *batch, const struct route *route,
                        struct arena *arena)
{
    static const char *const places[] = {
        [TARGET_SCRAP] = "scrap", [TARGET_QUARANTINE] = "quarantine", [TARGET_DONE] = "done"};
    const struct spec *spec = batch->revision->spec;
    json_begin(out, NULL, '{');
    json_text(out, "outcome", outcome_names[route->outcome]);
    if (route->target == TARGET_STEP) {
        json_text(out, "to", route->step->base.name);
        json_text(out, "title", declaration_title(spec, &route->step->base, NULL, arena));
    } else {
        json_text(out, "to", places[route->target]);
    }
    if (route->at_most)
        json_text(out, "at_most", value_string(spec, route->at_most, NULL, arena));
    json_end(out, '}');
}

static void write_routes(struct buffer *out, const struct batch *batch, const struct step *step,
                         struct arena *arena)
{
    json_begin(out, "routes", '[');
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (step_route(step, i)->present)
            write_route(out, batch, step_route(step, i), arena);
    json_end(out, ']');
}

/* ---- a step: what it wants ---- */

struct offering {
    struct buffer *out;
    const struct state *state;
    const struct batch *batch;
    const struct batch_step *done;
    struct arena *arena;
    const char *said[LOTS_OFFERED]; /* things whose lots were offered */
    int said_count, offered;
};

static void write_lot(struct offering *at, const struct lot *lot, const struct lot_use *use)
{
    json_begin(at->out, NULL, '{');
    json_text(at->out, "lot", lot->name);
    json_text(at->out, "what", lot->what);
    json_text(at->out, "title", thing_title(at->batch, lot->what, at->arena));
    json_flag(at->out, "held", lot->held);
    json_flag(at->out, "used", use != NULL);
    json_end(at->out, '}');
}

/* The lots of a thing, latest first; those on hold only where they are in use. */
static bool offer_lots(const struct declaration *what, void *data)
{
    struct offering *at = data;
    for (int i = 0; i < at->said_count; i++)
        if (strcmp(at->said[i], what->name) == 0)
            return true;
    if (at->said_count < LOTS_OFFERED)
        at->said[at->said_count++] = what->name;
    for (int i = at->state->lots.count; i-- > 0 && at->offered < LOTS_OFFERED;) {
        const struct lot *lot = at->state->lots.things[i];
        const struct lot_use *use = at->done->lots;
        if (strcmp(lot->what, what->name) != 0)
            continue;
        while (use && !(use->current && use->lot == lot))
            use = use->next;
        if (use || !lot->held) {
            write_lot(at, lot, use);
            at->offered++;
        }
    }
    return true;
}

static void write_lots(struct buffer *out, const struct state *state, const struct batch *batch,
                       const struct step *step, struct arena *arena)
{
    struct offering at = {.out = out,
                          .state = state,
                          .batch = batch,
                          .done = &batch->steps[step->index],
                          .arena = arena};
    int32_t last = -1;
    json_begin(out, "lots", '[');
    for (int32_t i = 0; i < batch->unit_count; i++) {
        struct sku sku;
        if (batch->units[i].at != step->index || batch->units[i].sku == last)
            continue;
        last = batch->units[i].sku;
        sku_at(batch->revision->made, last, &sku);
        for_each_tracked(step, &sku, offer_lots, &at);
    }
    json_end(out, ']');
}

static const char *recorded_value(const struct batch_step *done, const char *name)
{
    const struct parameter_value *value = done->parameters;
    while (value && (value->run != done->runs || strcmp(value->name, name) != 0))
        value = value->next;
    return value ? value->value : "";
}

static void write_records(struct buffer *out, const struct batch *batch, const struct step *step,
                          struct arena *arena)
{
    const struct spec *spec = batch->revision->spec;
    json_begin(out, "records", '[');
    for (const struct parameter *row = step->record; row; row = row->next) {
        json_begin(out, NULL, '{');
        json_text(out, "name", row->name.word);
        json_text(out, "title", record_title(spec, step, row->name.word, arena));
        if (row->unit >= 0) {
            const char *unit = spec->units[row->unit]->text;
            json_text(out, "unit", unit + strspn(unit, " "));
        }
        json_said(out, "value", recorded_value(&batch->steps[step->index], row->name.word));
        json_end(out, '}');
    }
    json_end(out, ']');
}

static void write_machines(struct buffer *out, const struct batch *batch, const struct step *step,
                           struct arena *arena)
{
    json_begin(out, "machines", '[');
    for (const struct simple *row = step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, NULL);
        if (!machine)
            continue;
        json_begin(out, NULL, '{');
        json_text(out, "name", machine->base.name);
        json_text(out, "title",
                  declaration_title(batch->revision->spec, &machine->base, NULL, arena));
        json_end(out, '}');
    }
    json_end(out, ']');
}

static void write_gate(struct buffer *out, const struct batch *batch, const struct step *step,
                       struct arena *arena)
{
    const struct spec *spec = batch->revision->spec;
    if (step->by) {
        const struct declaration *role = value_declaration(&step->by->value, NULL);
        json_text(out, "role", role->name);
        json_text(out, "role_title", declaration_title(spec, role, NULL, arena));
    }
    json_begin(out, "requires", '[');
    for (const struct simple *row = step->requires; row; row = row->next)
        json_text(out, NULL, value_string(spec, &row->value, NULL, arena));
    json_end(out, ']');
    if (step->reaction)
        json_text(out, "reaction", value_string(spec, &step->reaction->value, NULL, arena));
}

static void write_step(struct buffer *out, const struct state *state, const struct batch *batch,
                       const struct step *step, struct arena *arena)
{
    const struct batch_step *done = &batch->steps[step->index];
    struct wanting wanting = {.out = out, .batch = batch, .step = step, .arena = arena};
    write_step_head(out, batch, step->index, arena);
    json_said(out, "revision", batch->revision->number);
    json_whole(out, "number", step->index + 1);
    json_whole(out, "steps", batch->revision->made->workflow->step_count);
    json_whole(out, "runs", done->runs);
    json_flag(out, "counted", done->counted);
    if (step_judges_lots(step) && done->lot.judged)
        json_flag(out, "lot_accepted", done->lot.accepted);
    struct sample_open sample;
    if (sample_is_open(batch, step->index, &sample)) {
        json_whole(out, "sample_left", sample.left);
        json_whole(out, "sample_bears", sample.bears);
    }
    write_gate(out, batch, step, arena);
    write_machines(out, batch, step, arena);
    write_records(out, batch, step, arena);
    write_lots(out, state, batch, step, arena);
    write_routes(out, batch, step, arena);
    write_units(out, batch, step, arena);
    write_works(out, batch, step, arena);
    json_begin(out, "needs", '[');
    step_needs(batch, step->index, write_need, &wanting);
    json_end(out, ']');
}

bool answer_step(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const char *const *asked = inquiry->request.arguments;
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);
    const char *name = intern_find(&state->names, asked[0], strlen(asked[0]));
    const struct batch *batch = name ? state_batch(state, name) : NULL;
    int index = batch && batch->started ? batch_step_index(batch, asked[1]) : -1;

    if (index >= 0) {
        json_begin(out, NULL, '{');
        json_whole(out, "last_event", last_event);
        write_step(out, state, batch, step_at(batch, index), &inquiry->arena);
        json_end(out, '}');
        inquiry->reply.version = last_event;
    }
    view_end(api->view);
    return index >= 0 ||
           problem(&inquiry->reply, 404, "There is no batch %s that was started and has a step %s.",
                   asked[0], asked[1]);
}
