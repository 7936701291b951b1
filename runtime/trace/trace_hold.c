#include "trace/trace_hold.h"

#include "base/memory.h"
#include "orders/csv.h"
#include "trace/trace_write.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

const char *const hold_status_names[HOLD_STATUSES] = {"held", "shipped", "scrap", "here"};

enum hold_status hold_status(const struct unit_trace *unit)
{
    return unit_is_shipped(unit)                 ? HOLD_SHIPPED
           : strcmp(unit->at, "scrap") == 0      ? HOLD_SCRAP
           : strcmp(unit->at, "quarantine") == 0 ? HOLD_WAITING
                                                 : HOLD_HERE;
}

/* ---- groups: units of a batch that fared alike ---- */

struct group {
    enum hold_status status;
    struct trace_part part;
    const struct line_trace *line;
    const struct thing *parcel;
};

struct groups {
    struct arena arena;
    struct group *all; /* as their first units come */
    int32_t count, capacity;
    int64_t units[HOLD_STATUSES];
};

static struct group *group_of(struct groups *groups, struct batch_trace *batch,
                              const struct unit_trace *unit)
{
    enum hold_status status = hold_status(unit);
    for (int32_t i = groups->count - 1; i >= 0; i--) {
        struct group *group = &groups->all[i];
        if (group->part.batch != batch)
            break; /* batch by batch */
        if (group->status == status && group->line == unit->line && group->parcel == unit->parcel)
            return group;
    }
    if (groups->count == groups->capacity) {
        groups->capacity = groups->capacity ? 2 * groups->capacity : 64;
        groups->all = memory_resize(groups->all, (size_t)groups->capacity * sizeof *groups->all);
    }
    size_t words = ((size_t)batch->unit_count + 63) / 64;
    groups->all[groups->count] =
        (struct group){status,
                       {.batch = batch, .units = ARENA_ARRAY(&groups->arena, uint64_t, words)},
                       unit->line,
                       unit->parcel};
    return &groups->all[groups->count++];
}

static void open_groups(struct groups *groups, const struct trace *trace)
{
    *groups = (struct groups){0};
    for (int32_t i = 0; i < trace->part_count; i++)
        for (int32_t first = 1, last; part_run(&trace->parts[i], &first, &last); first = last + 1)
            for (int32_t number = first; number <= last; number++) {
                struct batch_trace *batch = trace->parts[i].batch;
                struct group *group = group_of(groups, batch, &batch->units[number - 1]);
                group->part.units[(number - 1) / 64] |= UINT64_C(1) << (number - 1) % 64;
                group->part.count++;
                groups->units[group->status]++;
            }
}

static void close_groups(struct groups *groups)
{
    free(groups->all);
    arena_free(&groups->arena);
}

static const char *customer_of(const struct line_trace *line)
{
    const struct unit_trace unit = {.line = (struct line_trace *)(uintptr_t)line};
    return unit_customer(&unit);
}

/* ---- for people ---- */

static void add_group_cells(struct grid *grid, const struct group *group)
{
    struct buffer text = {0};
    buffer_addf(&text, "%s/", group->part.batch->thing.name);
    add_runs(&text, &group->part);
    grid_row(grid, false);
    add_grid_cell(grid, "%s", text.text);
    add_grid_cell(grid, "%s%s%s%s", group->line ? "order " : "for stock",
                  group->line ? group->line->order->name : "", group->line ? " line " : "",
                  group->line ? group->line->line : "");
    add_grid_cell(grid, "%s", group->line ? customer_of(group->line) : "");
    if (group->parcel) {
        add_grid_cell(grid, "parcel %s", group->parcel->name);
        buffer_clear(&text);
        if (group->parcel->shipped_ms)
            add_time_for_people(&text, group->parcel->shipped_ms);
        add_grid_cell(grid, "%s", buffer_text(&text));
        add_grid_cell(grid, "%s%s%s%s%s", group->parcel->carrier,
                      *group->parcel->service ? " " : "", group->parcel->service,
                      *group->parcel->tracking ? " " : "", group->parcel->tracking);
    }
    buffer_free(&text);
}

static void add_groups(const struct groups *groups, enum hold_status status, const char *title,
                       struct buffer *out)
{
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    int64_t count = groups->units[status];

    if (!count)
        return;
    buffer_addf(out, "\n%lld unit%s %s\n", (long long)count, count == 1 ? "" : "s", title);
    for (int32_t i = 0; i < groups->count; i++)
        if (groups->all[i].status == status)
            add_group_cells(&grid, &groups->all[i]);
    grid_print(out, &grid, false);
    arena_free(&arena);
}

static const char *const address_fields[] = {"name",  "company",     "street1", "street2", "city",
                                             "state", "postal_code", "country", "phone",   "email"};
enum { ADDRESS_FIELDS = sizeof address_fields / sizeof *address_fields };

static const char *address_text(const json_t *address, const char *field)
{
    const char *text = json_string_value(json_object_get(address, field));
    return text ? text : "";
}

/* Each order that something of was shipped, with where it went: the letter's address. */
static void add_addresses(const struct trace *trace, struct buffer *out)
{
    const struct trace_rows *orders = &trace->rows[THING_ORDER];
    const char *title = "\nwrite to\n";
    for (int32_t i = 0; i < orders->count; i++) {
        const struct thing *order = orders->rows[i].thing;
        json_t *address = *order->address ? json_loads(order->address, 0, NULL) : NULL;
        size_t begin = out->length;
        if (!orders->rows[i].shipped || !address) {
            json_decref(address);
            continue;
        }
        buffer_addf(out, "%s  order %s:", title, order->name);
        title = "";
        for (int field = 0; field < ADDRESS_FIELDS; field++)
            if (*address_text(address, address_fields[field]))
                buffer_addf(out, " %s,", address_text(address, address_fields[field]));
        out->length--; /* the last comma, or the colon */
        blank_controls(out, begin + strlen(title), "\n");
        buffer_add_char(out, '\n');
        json_decref(address);
    }
}

void hold_add_text(const struct trace *trace, struct buffer *out)
{
    const struct thing *lot = trace->subject.thing;
    struct groups groups;
    size_t begin = out->length;

    open_groups(&groups, trace);
    buffer_addf(out, "lot %s%s%s%s%s is %s%s%s", lot->name, *lot->what ? " of " : "", lot->what,
                *lot->supplier ? " from " : "", lot->supplier, lot->held ? "on hold" : "free",
                *lot->held_reason ? ": " : "", lot->held_reason);
    blank_controls(out, begin, "");
    buffer_add_char(out, '\n');
    if (!trace->unit_count)
        buffer_add_text(out, "nothing of it is in any unit\n");
    add_groups(&groups, HOLD_SHIPPED, "shipped", out);
    add_addresses(trace, out);
    add_groups(&groups, HOLD_WAITING, "held in quarantine", out);
    add_groups(&groups, HOLD_HERE, "here and not held", out);
    add_groups(&groups, HOLD_SCRAP, "scrap", out);
    close_groups(&groups);
}

/* ---- for programs ---- */

static void add_member(struct buffer *out, const char *name, const char *text)
{
    if (!*text)
        return;
    buffer_addf(out, ",\"%s\":", name);
    add_quoted(out, text);
}

static void add_address(struct buffer *out, const char *text)
{
    json_t *address = *text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    char *compact =
        json_is_object(address) ? json_dumps(address, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
    if (compact)
        buffer_addf(out, ",\"address\":%s", compact);
    free(compact);
    json_decref(address);
}

static void add_group_json(struct buffer *out, const struct group *group)
{
    const struct thing *parcel = group->parcel;
    const char *before = "";

    buffer_addf(out, "{\"status\":\"%s\"", hold_status_names[group->status]);
    add_member(out, "batch", group->part.batch->thing.name);
    if (group->line) {
        add_member(out, "order", group->line->order->name);
        add_member(out, "line", group->line->line);
        add_member(out, "customer", customer_of(group->line));
        add_address(out, group->line->order->address);
    }
    if (parcel) {
        add_member(out, "parcel", parcel->name);
        add_member(out, "carrier", parcel->carrier);
        add_member(out, "service", parcel->service);
        add_member(out, "tracking", parcel->tracking);
        if (parcel->shipped_ms) {
            buffer_add_text(out, ",\"shipped_at\":\"");
            add_time_for_programs(out, parcel->shipped_ms);
            buffer_add_char(out, '"');
        }
    }
    buffer_add_text(out, ",\"units\":[");
    for (int32_t first = 1, last; part_run(&group->part, &first, &last); first = last + 1)
        for (int32_t unit = first; unit <= last; unit++) {
            struct buffer name = {0};
            add_unit_name(&name, group->part.batch, unit);
            buffer_add_text(out, before);
            add_quoted(out, name.text);
            buffer_free(&name);
            before = ",";
        }
    buffer_add_text(out, "]}");
}

void hold_add_json(const struct trace *trace, struct buffer *out)
{
    const struct thing *lot = trace->subject.thing;
    struct groups groups;

    open_groups(&groups, trace);
    buffer_add_text(out, "{\"lot\":");
    add_quoted(out, lot->name);
    add_member(out, "what", lot->what);
    add_member(out, "supplier", lot->supplier);
    buffer_addf(out, ",\"on_hold\":%s", lot->held ? "true" : "false");
    add_member(out, "reason", lot->held_reason);
    buffer_add_text(out, ",\"counts\":{");
    for (int i = 0; i < HOLD_STATUSES; i++)
        buffer_addf(out, "%s\"%s\":%lld", i ? "," : "", hold_status_names[i],
                    (long long)groups.units[i]);
    buffer_add_text(out, "},\n\"groups\":[");
    for (int32_t i = 0; i < groups.count; i++) {
        buffer_add_text(out, i ? ",\n" : "");
        add_group_json(out, &groups.all[i]);
    }
    buffer_add_text(out, "]}\n");
    close_groups(&groups);
}

/* ---- for spreadsheets, and letters made by them ---- */

static void add_unit_row(struct csv_writer *writer, const struct batch_trace *batch, int32_t number,
                         const json_t *address)
{
    const struct unit_trace *unit = &batch->units[number - 1];
    struct buffer text = {0};

    add_unit_name(&text, batch, number);
    csv_write(writer, text.text);
    csv_write(writer, hold_status_names[hold_status(unit)]);
    csv_write(writer, unit->sku);
    add_delivery(writer, unit);
    for (int i = 0; i < ADDRESS_FIELDS; i++)
        csv_write(writer, address_text(address, address_fields[i]));
    csv_end_row(writer);
    buffer_free(&text);
}

void hold_add_csv(const struct trace *trace, struct buffer *out)
{
    static const char *const names[] = {"unit",    "status",   "sku",       "order",
                                        "line",    "customer", "parcel",    "carrier",
                                        "service", "tracking", "shipped_at"};
    struct csv_writer writer = {.out = out};
    const char *parsed = "";
    json_t *address = NULL;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        csv_write(&writer, names[i]);
    for (int i = 0; i < ADDRESS_FIELDS; i++)
        csv_write(&writer, address_fields[i]);
    csv_end_row(&writer);
    for (int32_t i = 0; i < trace->part_count; i++)
        for (int32_t first = 1, last; part_run(&trace->parts[i], &first, &last); first = last + 1)
            for (int32_t number = first; number <= last; number++) {
                const struct unit_trace *unit = &trace->parts[i].batch->units[number - 1];
                const char *text = unit->line ? unit->line->order->address : "";
                if (text != parsed) { /* neighbours mostly are one order's */
                    json_decref(address);
                    address = *text ? json_loads(text, 0, NULL) : NULL;
                    parsed = text;
                }
                add_unit_row(&writer, trace->parts[i].batch, number, address);
            }
    json_decref(address);
}
