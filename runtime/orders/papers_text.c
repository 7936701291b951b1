/* Papers as text and JSON. */
#include "orders/papers.h"

#include "cost/grid.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

static const char *whole(const struct papers *papers, int64_t number)
{
    return number ? arena_printf(papers->arena, "%lld", (long long)number) : "-";
}

void packing_list_print(struct buffer *out, const struct papers *papers)
{
    struct grid grid = {.arena = papers->arena,
                        .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(2) | GRID_LEFT(6) |
                                GRID_LEFT(7)};
    static const char *const titles[] = {"line", "SKU",       "what",  "ordered",
                                         "here", "to follow", "units", "answers"};
    const char *lines[ADDRESS_LINES_AT_MOST];
    int count = address_lines(&papers->to, lines, papers->arena);

    buffer_addf(out, "Packing list, order %s", papers->order->name);
    if (papers->parcel)
        buffer_addf(out, ", parcel %s", papers->parcel->name);
    buffer_addf(out, "\n%s%s", papers->shop, *papers->shop ? "\n" : "");
    for (int i = 0; i < count; i++)
        buffer_addf(out, "%s%s\n", i ? "    " : "to  ", lines[i]);
    grid_row(&grid, false);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        grid_cell(&grid, titles[i]);
    for (int i = 0; i < papers->line_count; i++) {
        const struct paper_line *line = &papers->lines[i];
        grid_row(&grid, false);
        grid_cell(&grid, line->line->line);
        grid_cell(&grid, line->line->sku);
        grid_cell(&grid, line->title);
        grid_cell(&grid, whole(papers, line->line->count - line->line->cancelled));
        grid_cell(&grid, whole(papers, line->here));
        grid_cell(&grid, whole(papers, line->to_follow));
        grid_cell(&grid, line->units);
        grid_cell(&grid, line->answers);
    }
    grid_print(out, &grid, false);
}

/* ---- JSON ---- */

static void set(json_t *object, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_new(object, name, json_string(text));
}

static json_t *address_json(const struct postal_address *address)
{
    json_t *object = json_object();
    set(object, "name", address->name);
    set(object, "company", address->company);
    set(object, "street1", address->street1);
    set(object, "street2", address->street2);
    set(object, "city", address->city);
    set(object, "state", address->state);
    set(object, "postal_code", address->postal_code);
    set(object, "country", address->country);
    set(object, "phone", address->phone);
    set(object, "email", address->email);
    return object;
}

static json_t *head_json(const struct papers *papers)
{
    json_t *object = json_object(), *from = json_object();
    set(object, "order", papers->order->name);
    set(object, "parcel", papers->parcel ? papers->parcel->name : "");
    set(from, "name", papers->shop);
    set(from, "contact", papers->contact);
    json_object_set_new(object, "from", from);
    json_object_set_new(object, "to", address_json(&papers->to));
    return object;
}

static void put(struct buffer *out, json_t *object)
{
    char *text = json_dumps(object, JSON_INDENT(2));
    buffer_addf(out, "%s\n", text);
    free(text);
    json_decref(object);
}

void packing_list_write(struct buffer *out, const struct papers *papers)
{
    json_t *object = head_json(papers), *lines = json_array();
    for (int i = 0; i < papers->line_count; i++) {
        const struct paper_line *line = &papers->lines[i];
        json_t *row = json_pack("{ss ss ss sI sI sI}", "line", line->line->line, "sku",
                                line->line->sku, "title", line->title, "ordered",
                                (json_int_t)(line->line->count - line->line->cancelled), "here",
                                (json_int_t)line->here, "to_follow", (json_int_t)line->to_follow);
        set(row, "units", line->units);
        set(row, "answers", line->answers);
        json_array_append_new(lines, row);
    }
    json_object_set_new(object, "lines", lines);
    put(out, object);
}

void invoice_write(struct buffer *out, const struct papers *papers)
{
    json_t *object = head_json(papers), *lines = json_array();
    set(object, "date", papers->customs.day);
    set(object, "currency", papers->currency);
    set(object, "incoterm", papers->customs.incoterm);
    for (int i = 0; i < papers->line_count; i++) {
        const struct paper_line *line = &papers->lines[i];
        json_t *row = json_pack("{ss ss ss sI}", "line", line->line->line, "sku", line->line->sku,
                                "description", line->title, "quantity", (json_int_t)line->here);
        set(row, "hs_code", papers->customs.hs_code);
        set(row, "origin", papers->customs.origin);
        set(row, "unit_value", line->price);
        set(row, "value", line->value);
        set(row, "net_mass_g", line->mass);
        json_array_append_new(lines, row);
    }
    json_object_set_new(object, "lines", lines);
    set(object, "total", papers->total);
    set(object, "net_mass_g", papers->mass);
    set(object, "missing", papers->missing);
    put(out, object);
}
