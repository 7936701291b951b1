/* A trace for people. */
#include "trace/trace_write.h"

#include "cost/grid.h"

#include <string.h>

/* ---- cells ---- */

static void print_grid(struct buffer *out, struct grid *grid)
{
    grid_print(out, grid, false);
    arena_free(grid->arena);
    *grid = (struct grid){.arena = grid->arena, .left = ~0u};
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

static void add_batches(struct grid *grid, const struct trace *trace)
{
    for (int32_t i = 0; i < trace->part_count; i++) {
        const struct trace_part *part = &trace->parts[i];
        struct buffer runs = {0};
        add_runs(&runs, part);
        grid_row(grid, false);
        add_grid_cell(grid, "%s", part->batch->thing.name);
        add_grid_cell(grid, "%s", part->batch->product);
        add_grid_cell(grid, "%s", part->batch->purpose);
        add_grid_cell(grid, "%s%s", part->count == 1 ? "unit " : "units ", buffer_text(&runs));
        buffer_free(&runs);
    }
}

static void add_counts(struct grid *grid, const struct trace_row *row)
{
    add_grid_cell(grid, "%lld unit%s", (long long)row->units, row->units == 1 ? "" : "s");
}

static void add_when(struct grid *grid, const struct trace_row *row)
{
    struct buffer when = {0};
    if (row->first_ms)
        add_time_for_people(&when, row->first_ms);
    if (row->last_ms / 1000 > row->first_ms / 1000) {
        buffer_add_text(&when, " to ");
        add_time_for_people(&when, row->last_ms);
    }
    add_grid_cell(grid, "%s", buffer_text(&when));
    buffer_free(&when);
}

static void row_of_lot(struct grid *grid, const struct trace_row *row)
{
    add_grid_cell(grid, "%s%s", row->thing->what, row->thing->held ? ", on hold" : "");
    add_grid_cell(grid, "%s%s", *row->thing->supplier ? "from " : "", row->thing->supplier);
    add_grid_cell(grid, "at %s", row->step);
    add_counts(grid, row);
    add_when(grid, row);
}

static void row_of_machine(struct grid *grid, const struct trace_row *row)
{
    add_grid_cell(grid, "at %s", row->step);
    add_counts(grid, row);
    add_when(grid, row);
}

static void row_of_person(struct grid *grid, const struct trace_row *row)
{
    add_grid_cell(grid, "%lld event%s", (long long)row->facts, row->facts == 1 ? "" : "s");
    add_when(grid, row);
}

static void row_of_customer(struct grid *grid, const struct trace_row *row)
{
    add_counts(grid, row);
    add_grid_cell(grid, "%lld shipped", (long long)row->shipped);
}

static void row_of_order(struct grid *grid, const struct trace_row *row)
{
    const struct thing *order = row->thing;
    add_grid_cell(grid, "%s",
                  *order->customer ? order->customer
                  : order->lines   ? order->lines->customer
                                   : "");
    row_of_customer(grid, row);
}

static void row_of_parcel(struct grid *grid, const struct trace_row *row)
{
    const struct trace parcel = {.subject.thing = row->thing};
    struct buffer text = {0};
    title_parcel(&text, &parcel);
    add_counts(grid, row);
    add_grid_cell(grid, "%s", text.text + 2);
    buffer_free(&text);
}

static const struct {
    enum thing_kind kind;
    const char *title;
    void (*add)(struct grid *grid, const struct trace_row *row);
} sections[] = {
    {THING_LOT, "lots", row_of_lot},
    {THING_MACHINE, "machines", row_of_machine},
    {THING_PERSON, "operators", row_of_person},
    {THING_ORDER, "orders", row_of_order},
    {THING_CUSTOMER, "customers", row_of_customer},
    {THING_PARCEL, "parcels", row_of_parcel},
};

static void add_sections(struct buffer *out, const struct trace *trace)
{
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};

    if (trace->subject.thing->kind != THING_BATCH && trace->part_count) {
        buffer_add_text(out, "\nbatches\n");
        add_batches(&grid, trace);
        print_grid(out, &grid);
    }
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const struct trace_rows *rows = &trace->rows[sections[i].kind];
        if (!rows->count || sections[i].kind == trace->subject.thing->kind)
            continue;
        buffer_addf(out, "\n%s\n", sections[i].title);
        for (int32_t n = 0; n < rows->count; n++) {
            grid_row(&grid, false);
            add_grid_cell(&grid, "%s", rows->rows[n].thing->name);
            sections[i].add(&grid, &rows->rows[n]);
        }
        print_grid(out, &grid);
    }
}

/* ---- the events ---- */

static void add_events(struct buffer *out, const struct trace *trace)
{
    bool one_batch = trace->subject.thing->kind == THING_BATCH;
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    struct buffer text = {0};

    if (!trace->event_count)
        return;
    buffer_add_text(out, "\nevents (UTC)\n");
    for (int32_t i = 0; i < trace->event_count; i++) {
        const struct trace_event *event = &trace->events[i];
        grid_row(&grid, false);
        buffer_clear(&text);
        add_time_for_people(&text, event->fact->time_ms);
        add_grid_cell(&grid, "%s", text.text);
        if (!one_batch)
            add_grid_cell(&grid, "%s", event->owner->kind == THING_BATCH ? event->owner->name : "");
        add_grid_cell(&grid, "%s", event->fact->step);
        buffer_clear(&text);
        add_fact(&text, event);
        add_grid_cell(&grid, "%s", text.text);
        add_grid_cell(&grid, "%s", event->fact->by);
    }
    buffer_free(&text);
    print_grid(out, &grid);
}

void trace_add_text(const struct trace *trace, struct buffer *out)
{
    size_t begin = out->length;
    add_title(out, trace);
    blank_controls(out, begin, "\n");
    add_sections(out, trace);
    add_events(out, trace);
}
