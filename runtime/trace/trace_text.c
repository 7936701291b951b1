/* A trace for people. */
#include "trace/trace_write.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- tables ---- */

enum { COLUMNS_AT_MOST = 12 };

/* What customers typed must not move the cursor of whoever reads it. */
static void blank_controls(struct buffer *text, size_t from, const char *kept)
{
    for (size_t i = from; i < text->length; i++)
        if (((unsigned char)text->text[i] < ' ' && !strchr(kept, text->text[i])) ||
            text->text[i] == 0x7f)
            text->text[i] = ' ';
}

void text_table_add(struct text_table *table, const char *format, ...)
{
    size_t begin = table->cells.length;
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(&table->cells, format, arguments);
    va_end(arguments);
    blank_controls(&table->cells, begin, "");
    buffer_add_char(&table->cells, '\0');
}

/* Characters, which is what stands in a column; bytes would part "Müller" from the rest. */
static int width_of(const char *text)
{
    int width = 0;
    for (size_t left = strlen(text), size; left; left -= size, text += size, width++)
        utf8_read(text, left, &size);
    return width;
}

void text_table_end(struct text_table *table, const char *indent, struct buffer *out)
{
    const char *end = buffer_text(&table->cells) + table->cells.length;
    int widths[COLUMNS_AT_MOST] = {0}, column = 0;

    for (const char *cell = buffer_text(&table->cells); cell < end; cell += strlen(cell) + 1) {
        widths[column] = width_of(cell) > widths[column] ? width_of(cell) : widths[column];
        column = (column + 1) % table->columns;
    }
    for (const char *cell = buffer_text(&table->cells); cell < end;) {
        size_t begin = out->length;
        buffer_add_text(out, indent);
        for (column = 0; column < table->columns && cell < end; column++) {
            bool number = table->numbers && table->numbers[column] == 'n';
            int blanks = widths[column] - width_of(cell);
            buffer_addf(out, "%s%*s%s%*s", column && widths[column] ? "  " : "",
                        number ? blanks : 0, "", cell, number ? 0 : blanks, "");
            cell += strlen(cell) + 1;
        }
        while (out->length > begin && out->text[out->length - 1] == ' ')
            out->text[--out->length] = '\0';
        buffer_add_char(out, '\n');
    }
    buffer_free(&table->cells);
}

/* ---- names ---- */

void add_unit_name(struct buffer *out, const struct batch_trace *batch, int32_t number)
{
    buffer_addf(out, "%s/%d", batch->thing.name, number);
}

void add_runs(struct buffer *out, const struct trace_part *part)
{
    const char *before = "";
    for (int32_t first = 1, last; part_run(part, &first, &last); first = last + 1) {
        buffer_addf(out, "%s%d", before, first);
        if (last > first)
            buffer_addf(out, "-%d", last);
        before = ", ";
    }
}

/* ---- what it is ---- */

static void add_product(struct buffer *out, const struct trace *trace,
                        const struct batch_trace *batch)
{
    const struct edition *edition =
        genealogy_edition(trace->model, batch->product, batch->snapshot);
    buffer_add_text(out, batch->product);
    if (edition && *edition->revision)
        buffer_addf(out, " revision %s", edition->revision);
}

static void title_batch(struct buffer *out, const struct trace *trace)
{
    const struct batch_trace *batch = (const struct batch_trace *)trace->subject.thing;
    buffer_add_text(out, ": ");
    add_product(out, trace, batch);
    buffer_addf(out, ", %s%s", batch->purpose,
                batch->cancelled  ? ", given up"
                : batch->closed   ? ", closed"
                : !batch->started ? ", not started"
                                  : "");
}

static void title_lot(struct buffer *out, const struct trace *trace)
{
    const struct thing *lot = trace->subject.thing;
    buffer_addf(out, ": %s", *lot->what ? lot->what : "not received");
    if (*lot->amount)
        buffer_addf(out, ", %s", lot->amount);
    if (*lot->supplier)
        buffer_addf(out, ", from %s", lot->supplier);
    if (lot->held)
        buffer_addf(out, "; on hold: %s", lot->held_reason);
}

static void title_order(struct buffer *out, const struct trace *trace)
{
    const struct thing *order = trace->subject.thing;
    const char *customer = *order->customer ? order->customer
                           : order->lines   ? order->lines->customer
                                            : "";
    if (*customer)
        buffer_addf(out, ": for %s", customer);
    if (*order->channel)
        buffer_addf(out, ", by %s", order->channel);
}

static void title_parcel(struct buffer *out, const struct trace *trace)
{
    const struct thing *parcel = trace->subject.thing;
    if (!parcel->shipped_ms) {
        buffer_add_text(out, ": not shipped");
        return;
    }
    buffer_add_text(out, ": shipped ");
    add_time_for_people(out, parcel->shipped_ms);
    buffer_addf(out, "%s%s%s%s%s%s", *parcel->carrier ? " by " : "", parcel->carrier,
                *parcel->service ? " " : "", parcel->service, *parcel->tracking ? ", " : "",
                parcel->tracking);
}

static void (*const titles[THING_KINDS])(struct buffer *out, const struct trace *trace) = {
    [THING_BATCH] = title_batch,
    [THING_LOT] = title_lot,
    [THING_ORDER] = title_order,
    [THING_PARCEL] = title_parcel,
};

static void add_unit(struct buffer *out, const struct trace *trace)
{
    const struct batch_trace *batch = (const struct batch_trace *)trace->subject.thing;
    const struct unit_trace *unit = &batch->units[trace->subject.unit - 1];

    buffer_addf(out, "unit %s/%d: %s, ", batch->thing.name, trace->subject.unit, unit->sku);
    add_product(out, trace, batch);
    buffer_addf(out, ", %s\n  now    %s\n", batch->purpose, unit->at);
    if (unit->line)
        buffer_addf(out, "  order  %s line %s%s%s\n", unit->line->order->name, unit->line->line,
                    *unit_customer(unit) ? ", for " : "", unit_customer(unit));
    else
        buffer_add_text(out, "  order  none: it is for stock\n");
    if (unit->parcel) {
        const struct trace parcel = {.subject.thing = unit->parcel};
        buffer_addf(out, "  parcel %s", unit->parcel->name);
        title_parcel(out, &parcel);
        buffer_add_char(out, '\n');
    }
}

static void add_title(struct buffer *out, const struct trace *trace)
{
    const struct thing *thing = trace->subject.thing;

    if (trace->subject.unit) {
        add_unit(out, trace);
        return;
    }
    buffer_addf(out, "%s %s", thing_kind_names[thing->kind], thing->name);
    if (titles[thing->kind])
        titles[thing->kind](out, trace);
    buffer_addf(out, "\n  %lld unit%s in %d batch%s, %lld shipped\n", (long long)trace->unit_count,
                trace->unit_count == 1 ? "" : "s", trace->part_count,
                trace->part_count == 1 ? "" : "es", (long long)trace->shipped_count);
}

/* ---- what has to do with it ---- */

static void add_batches(struct text_table *table, const struct trace *trace)
{
    table->columns = 4;
    for (int32_t i = 0; i < trace->part_count; i++) {
        const struct trace_part *part = &trace->parts[i];
        struct buffer runs = {0};
        add_runs(&runs, part);
        text_table_add(table, "%s", part->batch->thing.name);
        text_table_add(table, "%s", part->batch->product);
        text_table_add(table, "%s", part->batch->purpose);
        text_table_add(table, "%s%s", part->count == 1 ? "unit " : "units ", buffer_text(&runs));
        buffer_free(&runs);
    }
}

static void add_counts(struct text_table *table, const struct trace_row *row)
{
    text_table_add(table, "%lld unit%s", (long long)row->units, row->units == 1 ? "" : "s");
}

static void add_when(struct text_table *table, const struct trace_row *row)
{
    struct buffer when = {0};
    if (row->first_ms)
        add_time_for_people(&when, row->first_ms);
    if (row->last_ms / 1000 > row->first_ms / 1000) {
        buffer_add_text(&when, " to ");
        add_time_for_people(&when, row->last_ms);
    }
    text_table_add(table, "%s", buffer_text(&when));
    buffer_free(&when);
}

static void row_of_lot(struct text_table *table, const struct trace_row *row)
{
    text_table_add(table, "%s%s", row->thing->what, row->thing->held ? ", on hold" : "");
    text_table_add(table, "%s%s", *row->thing->supplier ? "from " : "", row->thing->supplier);
    text_table_add(table, "at %s", row->step);
    add_counts(table, row);
    add_when(table, row);
}

static void row_of_machine(struct text_table *table, const struct trace_row *row)
{
    text_table_add(table, "at %s", row->step);
    add_counts(table, row);
    add_when(table, row);
}

static void row_of_person(struct text_table *table, const struct trace_row *row)
{
    text_table_add(table, "%lld event%s", (long long)row->facts, row->facts == 1 ? "" : "s");
    add_when(table, row);
}

static void row_of_customer(struct text_table *table, const struct trace_row *row)
{
    add_counts(table, row);
    text_table_add(table, "%lld shipped", (long long)row->shipped);
}

static void row_of_order(struct text_table *table, const struct trace_row *row)
{
    const struct thing *order = row->thing;
    text_table_add(table, "%s",
                   *order->customer ? order->customer
                   : order->lines   ? order->lines->customer
                                    : "");
    row_of_customer(table, row);
}

static void row_of_parcel(struct text_table *table, const struct trace_row *row)
{
    const struct trace parcel = {.subject.thing = row->thing};
    struct buffer text = {0};
    title_parcel(&text, &parcel);
    add_counts(table, row);
    text_table_add(table, "%s", text.text + 2);
    buffer_free(&text);
}

static const struct {
    enum thing_kind kind;
    const char *title;
    int columns; /* behind the name */
    void (*add)(struct text_table *table, const struct trace_row *row);
} sections[] = {
    {THING_LOT, "lots", 5, row_of_lot},
    {THING_MACHINE, "machines", 3, row_of_machine},
    {THING_PERSON, "operators", 2, row_of_person},
    {THING_ORDER, "orders", 3, row_of_order},
    {THING_CUSTOMER, "customers", 2, row_of_customer},
    {THING_PARCEL, "parcels", 2, row_of_parcel},
};

static void add_sections(struct buffer *out, const struct trace *trace)
{
    struct text_table table = {0};

    if (trace->subject.thing->kind != THING_BATCH && trace->part_count) {
        buffer_add_text(out, "\nbatches\n");
        add_batches(&table, trace);
        text_table_end(&table, "  ", out);
    }
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const struct trace_rows *rows = &trace->rows[sections[i].kind];
        if (!rows->count || sections[i].kind == trace->subject.thing->kind)
            continue;
        buffer_addf(out, "\n%s\n", sections[i].title);
        table = (struct text_table){.columns = sections[i].columns + 1};
        for (int32_t n = 0; n < rows->count; n++) {
            text_table_add(&table, "%s", rows->rows[n].thing->name);
            sections[i].add(&table, &rows->rows[n]);
        }
        text_table_end(&table, "  ", out);
    }
}

/* ---- the events ---- */

static void add_events(struct buffer *out, const struct trace *trace)
{
    bool one_batch = trace->subject.thing->kind == THING_BATCH;
    struct text_table table = {.columns = one_batch ? 4 : 5};
    struct buffer text = {0};

    if (!trace->event_count)
        return;
    buffer_add_text(out, "\nevents (UTC)\n");
    for (int32_t i = 0; i < trace->event_count; i++) {
        const struct trace_event *event = &trace->events[i];
        buffer_clear(&text);
        add_time_for_people(&text, event->fact->time_ms);
        text_table_add(&table, "%s", text.text);
        if (!one_batch)
            text_table_add(&table, "%s",
                           event->owner->kind == THING_BATCH ? event->owner->name : "");
        text_table_add(&table, "%s", event->fact->step);
        buffer_clear(&text);
        add_fact(&text, event);
        text_table_add(&table, "%s", text.text);
        text_table_add(&table, "%s", event->fact->by);
    }
    buffer_free(&text);
    text_table_end(&table, "  ", out);
}

void trace_add_text(const struct trace *trace, struct buffer *out)
{
    size_t begin = out->length;
    add_title(out, trace);
    blank_controls(out, begin, "\n");
    add_sections(out, trace);
    add_events(out, trace);
}
