/* flowd orders list, show: what was ordered, where it is, what is still owed. */
#include "flowd/orders.h"

#include "cost/grid.h"
#include "engine/lanes.h"
#include "flowd/views.h"
#include "orders/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- counts ---- */

static const struct {
    const char *title, *name; /* for people; in JSON */
    size_t offset;
} count_columns[] = {
#define COUNT(title, name)                                                                         \
    {                                                                                              \
        title, #name, offsetof(struct line_counts, name)                                           \
    }
    COUNT("ordered", ordered),     COUNT("waiting", waiting), COUNT("in batch", in_batch),
    COUNT("finished", finished),   COUNT("packed", packed),   COUNT("shipped", shipped),
    COUNT("cancelled", cancelled), COUNT("owed", owed)
#undef COUNT
};
enum { COUNT_COLUMNS = sizeof count_columns / sizeof *count_columns };

static int64_t count_at(const struct line_counts *counts, int column)
{
    int64_t value;
    memcpy(&value, (const char *)counts + count_columns[column].offset, sizeof value);
    return value;
}

static void add_count_titles(struct grid *grid)
{
    for (int i = 0; i < COUNT_COLUMNS; i++)
        grid_cell(grid, count_columns[i].title);
}

static void add_count_cells(struct grid *grid, const struct line_counts *counts)
{
    for (int i = 0; i < COUNT_COLUMNS; i++) {
        long long value = (long long)count_at(counts, i);
        grid_cell(grid, value ? arena_printf(grid->arena, "%lld", value) : "-");
    }
}

static void set_counts(json_t *object, const struct line_counts *counts)
{
    for (int i = 0; i < COUNT_COLUMNS; i++)
        json_object_set_new(object, count_columns[i].name, json_integer(count_at(counts, i)));
}

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_new(object, name, json_string(text));
}

/* ---- the list ---- */

static bool is_wanted(const struct orders_desk *at, const struct order *order)
{
    return (!at->open || order_is_open(order)) && (!at->held || order_is_held(order));
}

static void list_order(struct grid *grid, const struct owed_book *book, const struct order *order)
{
    struct line_counts counts = order_counts(book, order);
    grid_row(grid, false);
    grid_cell(grid, order->name);
    grid_cell(grid, order->channel);
    grid_cell(grid, order->customer);
    grid_cell(grid, order_due(order));
    add_count_cells(grid, &counts);
    grid_cell(grid, order_is_held(order) ? "held" : "");
}

static json_t *order_head_json(const struct owed_book *book, const struct order *order)
{
    struct line_counts counts = order_counts(book, order);
    json_t *object = json_pack("{ss sb}", "order", order->name, "held", order_is_held(order));
    set_text(object, "channel", order->channel);
    set_text(object, "customer", order->customer);
    set_text(object, "currency", order->currency);
    set_text(object, "due", order_due(order));
    set_counts(object, &counts);
    return object;
}

static int print_list(struct orders_desk *at, const struct owed_book *book, struct arena *arena)
{
    struct grid grid = {.arena = arena,
                        .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(2) | GRID_LEFT(3) |
                                GRID_LEFT(4 + COUNT_COLUMNS)};
    json_t *list = json_array();
    struct buffer out = {0};
    grid_row(&grid, false);
    grid_cell(&grid, "order");
    grid_cell(&grid, "from");
    grid_cell(&grid, "customer");
    grid_cell(&grid, "due");
    add_count_titles(&grid);
    for (int i = 0; i < book->state->orders.count; i++) {
        const struct order *order = book->state->orders.things[i];
        if (!is_wanted(at, order))
            continue;
        if (at->desk.json)
            json_array_append_new(list, order_head_json(book, order));
        else
            list_order(&grid, book, order);
    }
    if (at->desk.json)
        return print_json(list);
    json_decref(list);
    if (grid.row_count > 1)
        grid_print(&out, &grid, color_wanted(false));
    else
        buffer_add_text(&out,
                        at->open || at->held
                            ? "there is none\n"
                            : "nothing is ordered; `flowd orders import FILE` takes orders\n");
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int orders_list(struct orders_desk *at, int count, char **arguments)
{
    struct arena arena = {0};
    struct owed_book book;
    if (count)
        return orders_usage("`list` takes nothing, not `%s`", arguments[0]);
    if (!desk_read(&at->desk))
        return EXIT_ENVIRONMENT;
    owed_open(&book, shop_state(at->desk.shop), &arena);
    int status = print_list(at, &book, &arena);
    owed_close(&book);
    arena_free(&arena);
    return status;
}

/* ---- one order ---- */

static json_t *line_json(const struct owed_book *book, const struct order_line *line)
{
    struct line_counts counts = line_counts(book, line);
    json_t *asks = json_object(), *object = json_pack("{ss ss sb}", "line", line->line, "sku",
                                                      line->sku, "held", line->held);
    if (line_differs(book->state, line))
        json_object_set_new(object, "differs", json_true());
    set_text(object, "product", line->product);
    set_text(object, "reason", line->held ? line->reason : "");
    set_text(object, "due", line->due);
    set_text(object, "price", line->price);
    set_counts(object, &counts);
    for (const struct answered_ask *ask = line->asks; ask; ask = ask->next)
        if (is_latest_answer(line, ask))
            json_object_set_new(asks, ask->name, json_string(ask->value));
    json_object_set_new(object, "asks", asks);
    return object;
}

static json_t *parcel_json(const struct parcel *parcel)
{
    json_t *object = json_pack("{ss sI sb}", "parcel", parcel->name, "units",
                               (json_int_t)parcel->count, "is_shipped", parcel->shipped);
    set_text(object, "carrier", parcel->carrier);
    set_text(object, "service", parcel->service);
    set_text(object, "tracking", parcel->tracking);
    if (parcel->shipped)
        json_object_set_new(object, "shipped_ms", json_integer(parcel->shipped_ms));
    return object;
}

static int show_json(const struct owed_book *book, const struct order *order)
{
    json_t *object = order_head_json(book, order), *lines = json_array(), *parcels = json_array();
    json_t *address = *order->address ? json_loads(order->address, 0, NULL) : NULL;
    if (address)
        json_object_set_new(object, "address", address);
    for (const struct order_line *line = order->lines; line; line = line->next)
        json_array_append_new(lines, line_json(book, line));
    for (int i = 0; i < book->state->parcels.count; i++) {
        const struct parcel *parcel = book->state->parcels.things[i];
        if (parcel->order == order && parcel->count)
            json_array_append_new(parcels, parcel_json(parcel));
    }
    json_object_set_new(object, "lines", lines);
    json_object_set_new(object, "parcels", parcels);
    return print_json(object);
}

static void add_lines(struct buffer *out, const struct owed_book *book, const struct order *order)
{
    struct grid grid = {.arena = book->arena,
                        .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(2) |
                                GRID_LEFT(4 + COUNT_COLUMNS)};
    grid_row(&grid, false);
    grid_cell(&grid, "line");
    grid_cell(&grid, "SKU");
    grid_cell(&grid, "due");
    grid_cell(&grid, "price");
    add_count_titles(&grid);
    for (const struct order_line *line = order->lines; line; line = line->next) {
        struct line_counts counts = line_counts(book, line);
        grid_row(&grid, false);
        grid_cell(&grid, line->line);
        grid_cell(&grid, line->sku);
        grid_cell(&grid, line->due);
        grid_cell(&grid, line->price);
        add_count_cells(&grid, &counts);
        grid_cell(&grid, line->held ? "held" : "");
    }
    grid_print(out, &grid, color_wanted(false));
}

/* What of a line is no count: why it is held or waits, what its customer gave. */
static void add_notes(struct buffer *out, const struct state *state, const struct order *order)
{
    for (const struct order_line *line = order->lines; line; line = line->next) {
        if (line->held)
            buffer_addf(out, "line %s is held: %s; flowd orders mend %s %s --sku SKU\n", line->line,
                        line->reason, order->name, line->line);
        if (line_differs(state, line))
            buffer_addf(out,
                        "line %s would differ from what was shipped before, and waits; flowd "
                        "reorder check %s %s\n",
                        line->line, order->name, line->line);
        for (const struct answered_ask *ask = line->asks; ask; ask = ask->next)
            if (is_latest_answer(line, ask))
                buffer_addf(out, "line %s, %s: %s\n", line->line, ask->name, ask->value);
    }
}

static void add_parcels(struct buffer *out, const struct owed_book *book, const struct order *order)
{
    for (int i = 0; i < book->state->parcels.count; i++) {
        const struct parcel *parcel = book->state->parcels.things[i];
        if (parcel->order != order || !parcel->count)
            continue;
        buffer_addf(out, "parcel %s: %lld %s", parcel->name, (long long)parcel->count,
                    parcel->count == 1 ? "unit" : "units");
        if (parcel->shipped) {
            buffer_add_text(out, ", shipped ");
            add_time(out, parcel->shipped_ms);
            buffer_addf(out, " %s %s %s", parcel->carrier, parcel->service, parcel->tracking);
        }
        buffer_add_char(out, '\n');
    }
}

/* "Ada Lovelace, 12 St James's Square, London": the address in one line. */
static void add_address(struct buffer *out, const char *text)
{
    json_t *address = *text ? json_loads(text, 0, NULL) : NULL;
    const char *key, *between = "to      ";
    json_t *value;
    json_object_foreach(address, key, value)
    {
        buffer_addf(out, "%s%s", between, json_string_value(value));
        between = ", ";
    }
    if (address)
        buffer_add_char(out, '\n');
    json_decref(address);
}

int orders_show(struct orders_desk *at, int count, char **arguments)
{
    struct arena arena = {0};
    struct owed_book book;
    struct buffer out = {0};
    const struct order *order;

    if (count != 1)
        return orders_usage(count ? "one order at a time" : "which order?");
    if (!desk_read(&at->desk))
        return EXIT_ENVIRONMENT;
    if (!(order = order_asked(at, arguments[0])))
        return EXIT_FINDINGS;
    owed_open(&book, shop_state(at->desk.shop), &arena);
    int status = EXIT_CLEAN;
    if (at->desk.json) {
        status = show_json(&book, order);
    } else {
        buffer_addf(&out, "order   %s%s%s\n", order->name, *order->channel ? ", from " : "",
                    order->channel);
        add_address(&out, order->address);
        add_lines(&out, &book, order);
        add_notes(&out, book.state, order);
        add_parcels(&out, &book, order);
        status = print_out(&out) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    }
    owed_close(&book);
    buffer_free(&out);
    arena_free(&arena);
    return status;
}
