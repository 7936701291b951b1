/* A trace for spreadsheets, and the table of formats. */
#include "trace/trace_write.h"

#include "orders/csv.h"
#include "trace/epcis.h"

#include <string.h>

/* ---- CSV ---- */

static void add_header(struct csv_writer *writer, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        csv_write(writer, names[i]);
    csv_end_row(writer);
}
#define ADD_HEADER(writer, ...)                                                                    \
    add_header(writer, (const char *const[]){__VA_ARGS__},                                         \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void write_time(struct csv_writer *writer, int64_t time_ms)
{
    struct buffer time = {0};
    if (time_ms)
        add_time_for_programs(&time, time_ms);
    csv_write(writer, buffer_text(&time));
    buffer_free(&time);
}

void add_delivery(struct csv_writer *writer, const struct unit_trace *unit)
{
    const struct line_trace *line = unit->line;
    const struct thing *parcel = unit->parcel;

    csv_write(writer, line ? line->order->name : "");
    csv_write(writer, line ? line->line : "");
    csv_write(writer, unit_customer(unit));
    csv_write(writer, parcel ? parcel->name : "");
    csv_write(writer, parcel ? parcel->carrier : "");
    csv_write(writer, parcel ? parcel->service : "");
    csv_write(writer, parcel ? parcel->tracking : "");
    write_time(writer, parcel ? parcel->shipped_ms : 0);
}

static void add_unit_row(struct csv_writer *writer, const struct trace *trace,
                         const struct batch_trace *batch, int32_t number)
{
    const struct unit_trace *unit = &batch->units[number - 1];
    const struct edition *edition =
        genealogy_edition(trace->model, batch->product, batch->snapshot);
    struct buffer name = {0};

    add_unit_name(&name, batch, number);
    csv_write(writer, name.text);
    buffer_free(&name);
    csv_write(writer, batch->thing.name);
    csv_write_whole(writer, number);
    csv_write(writer, batch->product);
    csv_write(writer, edition ? edition->revision : "");
    csv_write(writer, unit->sku);
    csv_write(writer, unit->at);
    add_delivery(writer, unit);
    csv_end_row(writer);
}

static void add_unit_rows(const struct trace *trace, struct buffer *out)
{
    struct csv_writer writer = {.out = out};
    ADD_HEADER(&writer, "unit", "batch", "number", "product", "revision", "sku", "at", "order",
               "line", "customer", "parcel", "carrier", "service", "tracking", "shipped_at");
    for (int32_t i = 0; i < trace->part_count; i++)
        for (int32_t first = 1, last; part_run(&trace->parts[i], &first, &last); first = last + 1)
            for (int32_t unit = first; unit <= last; unit++)
                add_unit_row(&writer, trace, trace->parts[i].batch, unit);
}

static void add_event_rows(const struct trace *trace, struct buffer *out)
{
    struct csv_writer writer = {.out = out};
    struct buffer text = {0};
    ADD_HEADER(&writer, "sequence", "time", "event", "by", "kind", "name", "step", "first", "count",
               "what");
    for (int32_t i = 0; i < trace->event_count; i++) {
        const struct trace_event *event = &trace->events[i];
        csv_write_whole(&writer, event->fact->sequence);
        write_time(&writer, event->fact->time_ms);
        csv_write(&writer, message_rows[event->fact->kind].name);
        csv_write(&writer, event->fact->by);
        csv_write(&writer, thing_kind_names[event->owner->kind]);
        csv_write(&writer, event->owner->name);
        csv_write(&writer, event->fact->step);
        csv_write_whole(&writer, event->fact->first);
        csv_write_whole(&writer, event->fact->count);
        buffer_clear(&text);
        add_fact(&text, event);
        csv_write(&writer, text.text);
        csv_end_row(&writer);
    }
    buffer_free(&text);
}

void trace_add_csv(const struct trace *trace, struct buffer *out)
{
    if (trace->subject.unit)
        add_event_rows(trace, out);
    else
        add_unit_rows(trace, out);
}

/* ---- formats ---- */

#define ALWAYS_WRITES(format)                                                                      \
    static bool write_##format(const struct trace *trace, const struct trace_options *options,     \
                               struct buffer *out, struct failure *failure)                        \
    {                                                                                              \
        (void)options, (void)failure;                                                              \
        trace_add_##format(trace, out);                                                            \
        return true;                                                                               \
    }
ALWAYS_WRITES(text)
ALWAYS_WRITES(json)
ALWAYS_WRITES(csv)

static bool write_dot(const struct trace *trace, const struct trace_options *options,
                      struct buffer *out, struct failure *failure)
{
    (void)options, (void)failure;
    trace_add_dot(trace, out);
    return true;
}

static bool write_svg(const struct trace *trace, const struct trace_options *options,
                      struct buffer *out, struct failure *failure)
{
    struct buffer dot = {0};
    int32_t things = trace_add_dot(trace, &dot);
    bool good = things <= TRACE_DRAWN_AT_MOST && options->draw
                    ? options->draw(dot.text, out, failure)
                    : fail(failure,
                           "a picture of %d things is too large to draw; take --format dot, or "
                           "csv, or trace a part of it",
                           things);
    buffer_free(&dot);
    return good;
}

static bool write_epcis(const struct trace *trace, const struct trace_options *options,
                        struct buffer *out, struct failure *failure)
{
    return epcis_add(trace, options->base ? options->base : EPCIS_BASE, out, failure);
}

const struct trace_format trace_formats[] = {
    {"text", "for people", write_text},
    {"json", "for programs", write_json},
    {"csv", "a row a unit; of one unit, a row an event", write_csv},
    {"dot", "a picture for Graphviz", write_dot},
    {"svg", "the picture", write_svg},
    {"epcis", "EPCIS 2.0 events (JSON-LD), for business partners", write_epcis},
};
const int trace_format_count = (int)(sizeof trace_formats / sizeof *trace_formats);

bool trace_write(const struct trace *trace, const char *format, const struct trace_options *options,
                 struct buffer *out, struct failure *failure)
{
    struct buffer names = {0};
    for (int i = 0; i < trace_format_count; i++)
        if (strcmp(trace_formats[i].name, format) == 0)
            return trace_formats[i].write(trace, options, out, failure);
    for (int i = 0; i < trace_format_count; i++)
        buffer_addf(&names, "%s%s", i ? ", " : "", trace_formats[i].name);
    fail(failure, "there is no format `%.60s`; there are %s", format, names.text);
    buffer_free(&names);
    return false;
}
