/* Events become the record. What needs all of them is reckoned at the end (record_settle.c). */
#include "trace/record_private.h"

#include <stdlib.h>
#include <string.h>

const char *const record_way_names[WAY_COUNT] = {"good", "again", "held", "scrap"};

/* ---- lists ---- */

void *record_new_row(struct arena *arena, void **rows, int *count, int *capacity, size_t size)
{
    if (*count == *capacity) {
        int larger = *capacity ? 2 * *capacity : 4;
        void *room = arena_alloc(arena, size * (size_t)larger);
        if (*count && *rows)
            memcpy(room, *rows, size * (size_t)*count);
        *rows = room;
        *capacity = larger;
    }
    return (char *)*rows + size * (size_t)(*count)++;
}

void record_add_range(struct arena *arena, struct record_ranges *list, int64_t first, int64_t count)
{
    struct record_range *last = list->count ? &list->rows[list->count - 1] : NULL;
    if (last && last->first + last->count == first)
        last->count += count;
    else
        *RECORD_ADD(arena, list) = (struct record_range){first, count};
}

static int by_first(const void *a, const void *b)
{
    int64_t one = ((const struct record_range *)a)->first;
    int64_t other = ((const struct record_range *)b)->first;
    return (one > other) - (one < other);
}

void record_sort_ranges(struct record_ranges *list)
{
    int kept = 0;
    if (list->count)
        qsort(list->rows, (size_t)list->count, sizeof *list->rows, by_first);
    for (int i = 1; i < list->count; i++) {
        struct record_range *last = &list->rows[kept];
        int64_t end = list->rows[i].first + list->rows[i].count;
        if (last->first + last->count < list->rows[i].first)
            list->rows[++kept] = list->rows[i];
        else if (last->first + last->count < end)
            last->count = end - last->first;
    }
    list->count = list->count ? kept + 1 : 0;
}

/* ---- whose it is, and where ---- */

struct record_step *record_step_of(const struct record *record, const char *name)
{
    for (int i = 0; i < record->step_count; i++)
        if (strcmp(record->steps[i].step->base.name, name) == 0)
            return &record->steps[i];
    return NULL;
}

static struct record_person *person_of(struct record *record, const char *name)
{
    struct record_person *person = table_get(&record->person_table, name, NULL);
    if (!person) {
        person = ARENA_NEW(&record->arena, struct record_person);
        *person = (struct record_person){name, "", false};
        table_put(&record->person_table, name, NULL, person);
    }
    return person;
}

/* Whoever did something of the batch stands among its people. */
static void note_person(const struct reading *at)
{
    struct record *record = at->record;
    struct record_person *person = *at->mark.by ? person_of(record, at->mark.by) : NULL;
    if (!person || person->listed)
        return;
    person->listed = true;
    *RECORD_ADD(&record->arena, &record->people) = person;
}

static void note_step(const struct reading *at)
{
    struct record_step *step = at->step;
    int i = 0;
    if (!step->first.sequence)
        step->first = at->mark;
    step->last = at->mark;
    while (i < step->people.count && strcmp(step->people.rows[i], at->mark.by) != 0)
        i++;
    if (i == step->people.count && *at->mark.by)
        *RECORD_ADD(&at->record->arena, &step->people) = at->mark.by;
    for (i = step->begins.count - 1; i >= 0; i--)
        if (strcmp(step->begins.rows[i].mark.by, at->mark.by) == 0) {
            step->begins.rows[i].until = at->mark;
            return;
        }
}

/* ---- of the shop: what a batch may come to stand on ---- */

static void said_spec_adopted(const struct reading *at, const struct message *event)
{
    const struct spec_adopted *said = &event->spec_adopted;
    *RECORD_ADD(&at->record->arena, &at->record->adoptions) = (struct record_adoption){
        said->product, said->snapshot, said->revision, said->fingerprint, at->mark};
}

struct record_received *record_lot_of(struct record *record, const char *name, const char *what)
{
    struct record_received *lot = table_get(&record->lot_table, name, NULL);
    if (!lot) {
        lot = ARENA_NEW(&record->arena, struct record_received);
        *lot = (struct record_received){.lot = name, .what = what, .amount = "", .supplier = ""};
        table_put(&record->lot_table, name, NULL, lot);
    }
    return lot;
}

static void said_lot_received(const struct reading *at, const struct message *event)
{
    const struct lot_received *said = &event->lot_received;
    struct record_received *lot = record_lot_of(at->record, said->lot, said->what);
    lot->amount = said->amount;
    lot->supplier = said->supplier;
    lot->mark = at->mark;
}

static void said_lot_held(const struct reading *at, const struct message *event)
{
    const struct lot_held *said = &event->lot_held; /* lot_freed has the same fields */
    struct record_received *lot = record_lot_of(at->record, said->lot, "");
    *RECORD_ADD(&at->record->arena, &lot->holds) =
        (struct record_hold){at->mark, event->kind == EVENT_lot_held, said->reason};
}

static void said_line_ordered(const struct reading *at, const struct message *event)
{
    const struct line_ordered *said = &event->line_ordered; /* line_held begins with these fields */
    struct record *record = at->record;
    struct record_order *line = ARENA_NEW(&record->arena, struct record_order);
    *line = (struct record_order){.order = said->order,
                                  .line = said->line,
                                  .sku = said->sku,
                                  .customer = said->customer,
                                  .due = said->due,
                                  .ordered = said->count,
                                  .channel = "",
                                  .address = ""};
    if (!table_get(&record->line_table, said->order, said->line))
        table_put(&record->line_table, said->order, said->line, line);
}

static void said_line_mended(const struct reading *at, const struct message *event)
{
    const struct line_mended *said = &event->line_mended;
    struct record_order *line = table_get(&at->record->line_table, said->order, said->line);
    if (line)
        line->sku = said->sku;
}

/* What an order says of itself, whether before its lines or after; the latest counts. */
static void said_order_described(const struct reading *at, const struct message *event)
{
    struct record *record = at->record;
    struct order_described *kept =
        table_get(&record->order_table, event->order_described.order, NULL);
    if (!kept) {
        kept = ARENA_NEW(&record->arena, struct order_described);
        table_put(&record->order_table, event->order_described.order, NULL, kept);
    }
    *kept = event->order_described;
}

static void said_person_admitted(const struct reading *at, const struct message *event)
{
    person_of(at->record, event->person_admitted.person)->roles = event->person_admitted.roles;
}

static void said_parcel_shipped(const struct reading *at, const struct message *event)
{
    const struct parcel_shipped *said = &event->parcel_shipped;
    struct record_parcel *parcel = table_get(&at->record->parcel_table, said->parcel, NULL);
    if (!parcel)
        return;
    parcel->shipped = at->mark;
    parcel->carrier = said->carrier;
    parcel->service = said->service;
    parcel->tracking = said->tracking;
    at->record->last = at->mark;
    note_person(at);
}

static void said_sample_approved(const struct reading *at, const struct message *event)
{
    const struct sample_approved *said = &event->sample_approved;
    *RECORD_ADD(&at->record->arena, &at->record->approvals) = (struct record_approval){
        said->product, said->name, said->fingerprint, said->role, said->meaning, at->mark, false};
}

static void said_lane_accepted(const struct reading *at, const struct message *event)
{
    const struct lane_accepted *said = &event->lane_accepted;
    *RECORD_ADD(&at->record->arena, &at->record->acceptances) = (struct record_acceptance){
        said->product, said->lane, said->jobs, said->reason, said->differences, at->mark, false};
}

static void said_job_queued(const struct reading *at, const struct message *event)
{
    const struct job_queued *said = &event->job_queued; /* job_extended begins with these fields */
    if (strcmp(said->batch, at->record->name) == 0)
        *RECORD_ADD(&at->record->arena, &at->record->jobs) = said->job;
}

/* ---- a batch comes to be ---- */

const char *record_title_of(struct record *record, const struct declaration *declaration)
{
    return declaration_title(record->revision->spec, declaration, NULL, &record->arena);
}

const char *record_value_of(struct record *record, const struct value *value)
{
    return value_string(record->revision->spec, value, NULL, &record->arena);
}

static void lay_out_check(struct record *record, struct record_step *step,
                          const struct check *check)
{
    struct record_check *to = RECORD_ADD(&record->arena, &step->checks);
    *to = (struct record_check){.check = check, .gauge = "", .class = ""};
    if (check->form == CHECK_DIMENSION) {
        const struct dimension_row *row = check->name.member->dimension;
        const char *class = value_word(&row->class, NULL);
        to->measured = true;
        to->name = arena_printf(&record->arena, "%s.%s", check->name.member->declaration->name,
                                check->name.member->name);
        to->title =
            arena_printf(&record->arena, "%s: %s",
                         record_title_of(record, check->name.member->declaration), row->name.word);
        to->class = class ? class : "";
        to->gauge = row->gauge.kind == VALUE_TEXT ? record_value_of(record, &row->gauge) : "";
        return;
    }
    const char *class = value_word(&check->class, NULL), *name = value_word(&check->name, NULL);
    to->name = check->form == CHECK_COUNT ? "count" : name ? name : "";
    to->title = check->form == CHECK_COUNT ? "Count" : to->name;
    to->class = class ? class : "";
}

static void said_batch_opened(const struct reading *at, const struct message *event)
{
    const struct batch_opened *said = &event->batch_opened;
    struct record *record = at->record;
    record->opened = at->mark;
    record->product = said->product;
    record->purpose = said->purpose;
    record->snapshot = said->snapshot;
    record->revision = record->find(said->snapshot, said->product, record->find_data);
    if (!record->revision)
        return;
    const struct workflow *workflow = record->revision->made->workflow;
    record->step_count = workflow->step_count;
    record->steps = ARENA_ARRAY(&record->arena, struct record_step, workflow->step_count);
    for (int i = 0; i < workflow->step_count; i++) {
        struct record_step *step = &record->steps[i];
        step->step = workflow->steps[i];
        step->title = record_title_of(record, &step->step->base);
        for (const struct check *check = step->step->check; check; check = check->next)
            lay_out_check(record, step, check);
    }
}

/* Another batch: a sample may come to stand behind an approval. */
static void note_trial(const struct reading *at, const struct message *event)
{
    const struct batch_opened *said = &event->batch_opened;
    struct record *record = at->record;
    if (strcmp(said->purpose, "sample") != 0)
        return;
    struct record_trial *trial = ARENA_NEW(&record->arena, struct record_trial);
    *trial = (struct record_trial){said->batch, said->product, said->snapshot, 0, at->mark, false};
    table_put(&record->trial_table, said->batch, NULL, trial);
    *RECORD_ADD(&record->arena, &record->trials) = trial;
}

static struct record_order *order_of(const struct reading *at, const char *order, const char *line)
{
    struct record *record = at->record;
    struct record_order *found = *order ? table_get(&record->line_table, order, line) : NULL;
    int i = 0;
    while (i < record->orders.count && record->orders.rows[i] != found)
        i++;
    if (found && i == record->orders.count)
        *RECORD_ADD(&record->arena, &record->orders) = found;
    return found;
}

static void make_room(struct record *record, int32_t count)
{
    if (count <= record->unit_capacity)
        return;
    int32_t capacity = count > 2 * record->unit_capacity ? count : 2 * record->unit_capacity;
    struct record_unit *units = ARENA_ARRAY(&record->arena, struct record_unit, capacity);
    if (record->unit_count)
        memcpy(units, record->units, sizeof *units * (size_t)record->unit_count);
    record->units = units;
    record->unit_capacity = capacity;
}

static void said_units_added(const struct reading *at, const struct message *event)
{
    const struct units_added *said = &event->units_added;
    struct record *record = at->record;
    struct record_order *order = order_of(at, said->order, said->line);
    struct sku sku;
    if (!sku_find(record->revision->spec, record->revision->made, said->sku, &sku))
        return;
    make_room(record, record->unit_count + (int32_t)said->count);
    for (int64_t i = 0; i < said->count; i++)
        record->units[record->unit_count++] =
            (struct record_unit){.sku = (int32_t)sku.index, .order = order, .place = "waiting"};
}

static void said_units_taken_out(const struct reading *at, const struct message *event)
{
    int64_t count = event->units_taken_out.count;
    at->record->unit_count -= count < at->record->unit_count ? (int32_t)count : 0;
}

static void said_batch_started(const struct reading *at, const struct message *event)
{
    struct record *record = at->record;
    (void)event;
    record->started = at->mark;
    for (int32_t i = 0; i < record->unit_count; i++) {
        const struct graph *graph = revision_graph(record->revision, record->units[i].sku);
        record->units[i].place =
            graph->start >= 0 ? graph->nodes[graph->start].step->base.name : "done";
    }
}

static void said_batch_cancelled(const struct reading *at, const struct message *event)
{
    at->record->cancelled = at->mark;
    at->record->cancelled_reason = event->batch_cancelled.reason;
    for (int32_t i = 0; i < at->record->unit_count; i++)
        at->record->units[i].place = "cancelled";
}

static void said_batch_closed(const struct reading *at, const struct message *event)
{
    (void)event;
    at->record->closed = at->mark;
}

/* ---- afterwards ---- */

static bool are_units(const struct record *record, int64_t first, int64_t count)
{
    return first >= 1 && count >= 1 && first - 1 + count <= record->unit_count;
}

static void said_units_assigned(const struct reading *at, const struct message *event)
{
    const struct units_assigned *said = &event->units_assigned;
    struct record_order *order = order_of(at, said->order, said->line);
    for (int64_t i = said->first;
         are_units(at->record, said->first, said->count) && i < said->first + said->count; i++)
        at->record->units[i - 1].order = order;
}

static void said_units_packed(const struct reading *at, const struct message *event)
{
    const struct units_packed *said = &event->units_packed;
    struct record *record = at->record;
    struct record_parcel *parcel = table_get(&record->parcel_table, said->parcel, NULL);
    if (!parcel) {
        parcel = ARENA_NEW(&record->arena, struct record_parcel);
        *parcel = (struct record_parcel){.parcel = said->parcel,
                                         .order = said->order,
                                         .packed = at->mark,
                                         .carrier = "",
                                         .service = "",
                                         .tracking = ""};
        table_put(&record->parcel_table, said->parcel, NULL, parcel);
        *RECORD_ADD(&record->arena, &record->parcels) = parcel;
    }
    for (int64_t i = said->first;
         are_units(record, said->first, said->count) && i < said->first + said->count; i++)
        record->units[i - 1].parcel = parcel;
}

static void said_units_unpacked(const struct reading *at, const struct message *event)
{
    const struct units_unpacked *said = &event->units_unpacked;
    for (int64_t i = said->first;
         are_units(at->record, said->first, said->count) && i < said->first + said->count; i++)
        at->record->units[i - 1].parcel = NULL;
}

/* A sample's units that were finished. */
static void note_finished(const struct reading *at, const struct message *event)
{
    struct record_trial *trial = table_get(&at->record->trial_table, event->units_left.batch, NULL);
    if (trial && strcmp(event->units_left.to, "done") == 0)
        trial->finished += event->units_left.count;
}

/* ---- all of them ---- */

/* Of the batch: which field names the batch, and which the step (0 where none does). */
static const struct {
    sayer *say;
    int batch, step;
} own_rows[MESSAGE_COUNT] = {
    [EVENT_batch_opened] = {said_batch_opened, 0, 0},
    [EVENT_units_added] = {said_units_added, 0, 0},
    [EVENT_units_taken_out] = {said_units_taken_out, 0, 0},
    [EVENT_batch_started] = {said_batch_started, 0, 0},
    [EVENT_batch_cancelled] = {said_batch_cancelled, 0, 0},
    [EVENT_step_begun] = {record_said_step_begun, 0, 1},
    [EVENT_lot_used] = {record_said_lot_used, 0, 1},
    [EVENT_parameter_recorded] = {record_said_parameter_recorded, 0, 1},
    [EVENT_unit_measured] = {record_said_unit_measured, 0, 1},
    [EVENT_check_judged] = {record_said_check_judged, 0, 1},
    [EVENT_lot_judged] = {record_said_lot_judged, 0, 1},
    [EVENT_units_left] = {record_said_units_left, 0, 1},
    [EVENT_gate_signed] = {record_said_gate_signed, 0, 1},
    [EVENT_unit_quarantined] = {record_said_unit_quarantined, 0, 0},
    [EVENT_unit_returned] = {record_said_unit_returned, 0, 0},
    [EVENT_unit_disposed] = {record_said_unit_disposed, 0, 0},
    [EVENT_batch_closed] = {said_batch_closed, 0, 0},
    [EVENT_units_assigned] = {said_units_assigned, 0, 0},
    [EVENT_units_packed] = {said_units_packed, 3, 0},
    [EVENT_units_unpacked] = {said_units_unpacked, 1, 0},
};

/* Of the shop, and of other batches. */
static sayer *const other_rows[MESSAGE_COUNT] = {
    [EVENT_spec_adopted] = said_spec_adopted,
    [EVENT_lot_received] = said_lot_received,
    [EVENT_lot_held] = said_lot_held,
    [EVENT_lot_freed] = said_lot_held,
    [EVENT_line_ordered] = said_line_ordered,
    [EVENT_line_held] = said_line_ordered,
    [EVENT_line_mended] = said_line_mended,
    [EVENT_order_described] = said_order_described,
    [EVENT_person_admitted] = said_person_admitted,
    [EVENT_parcel_shipped] = said_parcel_shipped,
    [EVENT_sample_approved] = said_sample_approved,
    [EVENT_lane_accepted] = said_lane_accepted,
    [EVENT_job_queued] = said_job_queued,
    [EVENT_job_extended] = said_job_queued,
    [EVENT_batch_opened] = note_trial,
    [EVENT_units_left] = note_finished,
};

void record_open(struct record *record, const char *batch, find_revision *find, void *data)
{
    *record = (struct record){.name = batch, .find = find, .find_data = data};
}

void record_feed(struct record *record, int64_t sequence, int64_t time_ms,
                 const struct message *event)
{
    struct reading at = {record, {sequence, time_ms, event->by}, NULL};
    bool own = own_rows[event->kind].say &&
               strcmp(event->cells[own_rows[event->kind].batch].text, record->name) == 0;
    issues_feed(&record->issues, sequence, time_ms, event);
    if (!own && other_rows[event->kind])
        other_rows[event->kind](&at, event);
    if (!own || (event->kind != EVENT_batch_opened && !record->revision))
        return;
    int step = own_rows[event->kind].step;
    if (step) {
        at.step = record_step_of(record, event->cells[step].text);
        if (!at.step)
            return;
    }
    record->last = at.mark;
    record->event_count++;
    note_person(&at);
    own_rows[event->kind].say(&at, event);
    if (at.step)
        note_step(&at);
}

void record_close(struct record *record)
{
    struct table *const tables[] = {&record->lot_table,    &record->line_table,
                                    &record->order_table,  &record->parcel_table,
                                    &record->person_table, &record->trial_table};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        table_free(tables[i]);
    issues_free(&record->issues);
    arena_free(&record->arena);
    *record = (struct record){0};
}

const char *record_state(const struct record *record)
{
    return record->cancelled.sequence ? "cancelled"
           : record->closed.sequence  ? "closed"
           : record->started.sequence ? "running"
                                      : "open";
}
