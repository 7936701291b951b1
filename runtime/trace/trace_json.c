/* A trace for programs. */
#include "trace/trace_write.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* An object in the making: texts that are not said are left out. */
struct object {
    struct buffer *out;
    bool begun;
};

static void add_name(struct object *object, const char *name)
{
    buffer_addf(object->out, "%s\"%s\":", object->begun ? "," : "{", name);
    object->begun = true;
}

static void add_text(struct object *object, const char *name, const char *text)
{
    if (!*text)
        return;
    add_name(object, name);
    add_quoted(object->out, text);
}

static void add_whole(struct object *object, const char *name, int64_t whole)
{
    add_name(object, name);
    buffer_addf(object->out, "%lld", (long long)whole);
}

static void add_truth(struct object *object, const char *name, bool truth)
{
    add_name(object, name);
    buffer_add_text(object->out, truth ? "true" : "false");
}

static void add_when(struct object *object, const char *name, int64_t time_ms)
{
    if (!time_ms)
        return;
    add_name(object, name);
    buffer_add_char(object->out, '"');
    add_time_for_programs(object->out, time_ms);
    buffer_add_char(object->out, '"');
}

/* An address is an object already, if it is what it should be. */
static void add_address(struct object *object, const char *address)
{
    json_t *parsed = *address ? json_loads(address, JSON_REJECT_DUPLICATES, NULL) : NULL;
    char *text =
        json_is_object(parsed) ? json_dumps(parsed, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    if (text) {
        add_name(object, "address");
        buffer_add_text(object->out, text);
    } else {
        add_text(object, "address", address);
    }
    free(text);
    json_decref(parsed);
}

static void end_object(struct object *object)
{
    buffer_add_text(object->out, object->begun ? "}" : "{}");
}

/* ---- things ---- */

static void describe_batch(struct object *object, const struct trace *trace,
                           const struct thing *thing)
{
    const struct batch_trace *batch = (const struct batch_trace *)thing;
    const struct edition *edition =
        genealogy_edition(trace->model, batch->product, batch->snapshot);
    add_text(object, "product", batch->product);
    if (edition) {
        add_text(object, "revision", edition->revision);
        add_text(object, "fingerprint", edition->fingerprint);
    }
    add_text(object, "snapshot", batch->snapshot);
    add_text(object, "purpose", batch->purpose);
    add_truth(object, "started", batch->started);
    add_truth(object, "closed", batch->closed);
    if (batch->cancelled)
        add_truth(object, "cancelled", true);
}

static void describe_lot(struct object *object, const struct trace *trace,
                         const struct thing *thing)
{
    (void)trace;
    add_text(object, "what", thing->what);
    add_text(object, "amount", thing->amount);
    add_text(object, "supplier", thing->supplier);
    add_truth(object, "held", thing->held);
    add_text(object, "reason", thing->held_reason);
}

static void describe_order(struct object *object, const struct trace *trace,
                           const struct thing *thing)
{
    (void)trace;
    add_text(object, "customer",
             *thing->customer ? thing->customer
             : thing->lines   ? thing->lines->customer
                              : "");
    add_text(object, "channel", thing->channel);
    add_address(object, thing->address);
    add_name(object, "lines");
    buffer_add_char(object->out, '[');
    for (const struct line_trace *line = thing->lines; line; line = line->next) {
        struct object row = {object->out, false};
        if (line != thing->lines)
            buffer_add_char(object->out, ',');
        add_text(&row, "line", line->line);
        add_text(&row, "product", line->product);
        add_text(&row, "sku", line->sku);
        add_whole(&row, "count", line->count);
        if (line->cancelled)
            add_whole(&row, "cancelled", line->cancelled);
        add_text(&row, "due", line->due);
        add_text(&row, "price", line->price);
        end_object(&row);
    }
    buffer_add_char(object->out, ']');
}

static void describe_parcel(struct object *object, const struct trace *trace,
                            const struct thing *thing)
{
    (void)trace;
    add_text(object, "carrier", thing->carrier);
    add_text(object, "service", thing->service);
    add_text(object, "tracking", thing->tracking);
    add_when(object, "shipped_at", thing->shipped_ms);
}

static void (*const describers[THING_KINDS])(struct object *object, const struct trace *trace,
                                             const struct thing *thing) = {
    [THING_BATCH] = describe_batch,
    [THING_LOT] = describe_lot,
    [THING_ORDER] = describe_order,
    [THING_PARCEL] = describe_parcel,
};

static void describe(struct object *object, const struct trace *trace, const struct thing *thing)
{
    add_text(object, thing_kind_names[thing->kind], thing->name);
    if (describers[thing->kind])
        describers[thing->kind](object, trace, thing);
}

/* ---- lists ---- */

static void add_unit(struct buffer *out, const struct trace_part *part, int32_t number)
{
    const struct unit_trace *unit = &part->batch->units[number - 1];
    struct object object = {out, false};

    add_name(&object, "unit");
    buffer_add_char(out, '"');
    buffer_add_json(out, part->batch->thing.name, strlen(part->batch->thing.name));
    buffer_addf(out, "/%d\"", number);
    add_text(&object, "batch", part->batch->thing.name);
    add_whole(&object, "number", number);
    add_text(&object, "sku", unit->sku);
    add_text(&object, "at", unit->at);
    if (unit->line) {
        add_text(&object, "order", unit->line->order->name);
        add_text(&object, "line", unit->line->line);
        add_text(&object, "customer", unit_customer(unit));
    }
    if (unit->parcel)
        add_text(&object, "parcel", unit->parcel->name);
    add_truth(&object, "shipped", unit_is_shipped(unit));
    end_object(&object);
}

static void add_units(struct object *object, const struct trace *trace)
{
    const char *before = "";
    add_name(object, "units");
    buffer_add_char(object->out, '[');
    for (int32_t i = 0; i < trace->part_count; i++)
        for (int32_t first = 1, last; part_run(&trace->parts[i], &first, &last); first = last + 1)
            for (int32_t unit = first; unit <= last; unit++) {
                buffer_add_text(object->out, before);
                add_unit(object->out, &trace->parts[i], unit);
                before = ",\n";
            }
    buffer_add_char(object->out, ']');
}

static void add_row(struct buffer *out, const struct trace *trace, const struct trace_row *row)
{
    struct object object = {out, false};
    describe(&object, trace, row->thing);
    add_text(&object, "step", row->step);
    if (row->thing->kind == THING_PERSON) {
        add_whole(&object, "event_count", row->facts);
    } else {
        add_whole(&object, "unit_count", row->units);
        add_whole(&object, "shipped_count", row->shipped);
    }
    add_when(&object, "first", row->first_ms);
    add_when(&object, "last", row->last_ms);
    end_object(&object);
}

static void add_rows(struct object *object, const struct trace *trace)
{
    static const char *const names[THING_KINDS] = {"batches",   "lots",    "orders",    "machines",
                                                   "operators", "parcels", "customers", "products"};
    for (int kind = 0; kind < THING_KINDS; kind++) {
        const struct trace_rows *rows = &trace->rows[kind];
        add_name(object, names[kind]);
        buffer_add_char(object->out, '[');
        for (int32_t i = 0; i < rows->count; i++) {
            if (i)
                buffer_add_text(object->out, ",\n");
            add_row(object->out, trace, &rows->rows[i]);
        }
        buffer_add_char(object->out, ']');
    }
}

void trace_add_json(const struct trace *trace, struct buffer *out)
{
    const struct trace_subject *subject = &trace->subject;
    struct object object = {out, false};

    add_text(&object, "kind", subject->unit ? "unit" : thing_kind_names[subject->thing->kind]);
    if (subject->unit) {
        struct buffer name = {0};
        add_unit_name(&name, (const struct batch_trace *)subject->thing, subject->unit);
        add_text(&object, "name", name.text);
        buffer_free(&name);
    } else {
        add_text(&object, "name", subject->thing->name);
    }
    describe(&object, trace, subject->thing);
    add_whole(&object, "unit_count", trace->unit_count);
    add_whole(&object, "shipped_count", trace->shipped_count);
    add_units(&object, trace);
    add_rows(&object, trace);
    add_name(&object, "events");
    buffer_add_char(out, '[');
    for (int32_t i = 0; i < trace->event_count; i++) {
        if (i)
            buffer_add_text(out, ",\n");
        add_fact_json(out, trace->model, &trace->events[i]);
    }
    buffer_add_char(out, ']');
    end_object(&object);
    buffer_add_char(out, '\n');
}
