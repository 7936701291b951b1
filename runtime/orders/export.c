#include "orders/export.h"

#include "orders/csv.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- what an order says ---- */

struct postal_address order_address_of(const struct order *order, struct arena *arena)
{
    struct postal_address address;
    const struct {
        const char *name;
        const char **to;
    } fields[] = {{"name", &address.name},
                  {"company", &address.company},
                  {"street1", &address.street1},
                  {"street2", &address.street2},
                  {"city", &address.city},
                  {"state", &address.state},
                  {"postal_code", &address.postal_code},
                  {"country", &address.country},
                  {"phone", &address.phone},
                  {"email", &address.email}};
    json_t *object = *order->address ? json_loads(order->address, 0, NULL) : NULL;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = json_string_value(json_object_get(object, fields[i].name));
        *fields[i].to = text ? arena_copy_text(arena, text, strlen(text)) : "";
    }
    json_decref(object);
    return address;
}

int64_t parcel_count_of(const struct parcel *parcel, const struct order_line *line)
{
    int64_t count = 0;
    for (int64_t i = 0; i < parcel->count; i++)
        count += parcel->units[i].batch->units[parcel->units[i].number - 1].line == line;
    return count;
}

const char *line_answer(const struct order_line *line, const char *name)
{
    for (const struct answered_ask *ask = line->asks; ask; ask = ask->next)
        if (strcmp(ask->name, name) == 0)
            return ask->value;
    return "";
}

bool is_latest_answer(const struct order_line *line, const struct answered_ask *ask)
{
    for (const struct answered_ask *newer = line->asks; newer != ask; newer = newer->next)
        if (strcmp(newer->name, ask->name) == 0)
            return false;
    return true;
}

/* "24.00 USD" as "24.00". */
static const char *amount_of(const char *price, struct arena *arena)
{
    return arena_copy_text(arena, price, strcspn(price, " "));
}

const char *line_title(const struct catalogue *catalogue, const struct order_line *line)
{
    bool many;
    const struct catalogue_entry *entry = catalogue_find(catalogue, line->sku, &many);
    return entry
               ? declaration_title(entry->spec, &entry->made->base, &entry->cases, catalogue->arena)
               : line->sku;
}

/* ---- ShipStation ---- */

static const char *const shipstation_titles[] = {"Order - Number",
                                                 "Order - Status",
                                                 "Date - Ship By Date",
                                                 "Date - Shipped Date",
                                                 "Item - SKU",
                                                 "Item - Name",
                                                 "Item - Qty",
                                                 "Item - Price",
                                                 "Carrier - Carrier Selected",
                                                 "Carrier - Service Selected",
                                                 "Shipment - Tracking Number",
                                                 "Ship To - Name",
                                                 "Ship To - Company",
                                                 "Ship To - Address 1",
                                                 "Ship To - Address 2",
                                                 "Ship To - City",
                                                 "Ship To - State",
                                                 "Ship To - Postal Code",
                                                 "Ship To - Country",
                                                 "Ship To - Phone",
                                                 "Customer Email"};

struct exporting {
    const struct owed_book *book;
    struct catalogue catalogue;
    struct csv_writer writer;
    struct table parcels; /* by order: struct order_parcels */
};

struct shipstation_row {
    const struct order *order;
    const struct order_line *line;
    const struct parcel *parcel; /* NULL: what is still owed */
    int64_t count;
};

static void add_row(struct exporting *at, const struct shipstation_row *row,
                    const struct postal_address *to)
{
    struct csv_writer *writer = &at->writer;
    char shipped[16] = "";
    if (row->parcel) {
        time_t seconds = (time_t)(row->parcel->shipped_ms / 1000);
        struct tm parts;
        gmtime_r(&seconds, &parts);
        strftime(shipped, sizeof shipped, "%Y-%m-%d", &parts);
    }
    csv_write(writer, row->order->name);
    csv_write(writer, order_is_open(row->order) ? "Awaiting Shipment" : "Shipped");
    csv_write(writer, row->line->due);
    csv_write(writer, shipped);
    csv_write(writer, row->line->sku);
    csv_write(writer, line_title(&at->catalogue, row->line));
    csv_write_whole(writer, row->count);
    csv_write(writer, amount_of(row->line->price, at->book->arena));
    csv_write(writer, row->parcel ? row->parcel->carrier : "");
    csv_write(writer, row->parcel ? row->parcel->service : "");
    csv_write(writer, row->parcel ? row->parcel->tracking : "");
    const char *const address[] = {to->name,  to->company,     to->street1, to->street2, to->city,
                                   to->state, to->postal_code, to->country, to->phone,   to->email};
    for (size_t i = 0; i < sizeof address / sizeof *address; i++)
        csv_write(writer, address[i]);
    csv_end_row(writer);
}

/* The parcels of each order, in the order in which they were begun. */
struct order_parcels {
    struct order_parcels *next;
    const struct parcel *parcel;
};

static struct table sort_parcels(const struct owed_book *book)
{
    struct table sorted = {0};
    const struct state *state = book->state;
    for (int i = state->parcels.count - 1; i >= 0; i--) {
        const struct parcel *parcel = state->parcels.things[i];
        if (!parcel->shipped || !parcel->count)
            continue;
        /* a table does not replace: its thing is a list's head */
        struct order_parcels *head = table_get(&sorted, parcel->order->name, NULL);
        if (!head) {
            head = ARENA_NEW(book->arena, struct order_parcels);
            table_put(&sorted, parcel->order->name, NULL, head);
        }
        struct order_parcels *one = ARENA_NEW(book->arena, struct order_parcels);
        *one = (struct order_parcels){head->next, parcel};
        head->next = one;
    }
    return sorted;
}

static void add_order(struct exporting *at, const struct order *order)
{
    const struct order_parcels *head = table_get(&at->parcels, order->name, NULL);
    struct postal_address to = order_address_of(order, at->book->arena);

    for (const struct order_line *line = order->lines; line; line = line->next) {
        for (const struct order_parcels *one = head ? head->next : NULL; one; one = one->next) {
            struct shipstation_row row = {order, line, one->parcel,
                                          parcel_count_of(one->parcel, line)};
            if (row.count)
                add_row(at, &row, &to);
        }
        struct shipstation_row owed = {order, line, NULL, line_owed(line)};
        if (owed.count)
            add_row(at, &owed, &to);
    }
}

void export_shipstation(struct buffer *out, const struct owed_book *book, order_filter *filter,
                        const void *data)
{
    struct exporting at = {.book = book, .writer = {.out = out}, .parcels = sort_parcels(book)};

    catalogue_open(&at.catalogue, book->state, book->arena);
    for (size_t i = 0; i < sizeof shipstation_titles / sizeof *shipstation_titles; i++)
        csv_write(&at.writer, shipstation_titles[i]);
    csv_end_row(&at.writer);
    for (int i = 0; i < book->state->orders.count; i++) {
        const struct order *order = book->state->orders.things[i];
        if (!filter || filter(order, data))
            add_order(&at, order);
    }
    table_free(&at.parcels);
}

/* ---- our own ---- */

static const char *const own_titles[] = {
    "order",       "line",     "sku",     "quantity",  "price",   "due",  "channel",
    "currency",    "customer", "company", "street1",   "street2", "city", "state",
    "postal_code", "country",  "phone",   "email",     "product", "held", "in_batches",
    "finished",    "packed",   "shipped", "cancelled", "owed"};

/* The names of all answers that were given, each once, as they came. */
static struct table answer_names(const struct state *state)
{
    struct table names = {0};
    for (int i = 0; i < state->lines.count; i++) {
        const struct order_line *line = state->lines.things[i];
        for (const struct answered_ask *ask = line->asks; ask; ask = ask->next)
            if (!table_get(&names, ask->name, NULL))
                table_put(&names, ask->name, NULL, (void *)(uintptr_t)ask->name);
    }
    return names;
}

static void add_own_row(struct csv_writer *writer, const struct owed_book *book,
                        const struct table *asks, const struct order_line *line)
{
    const struct order *order = line->of;
    struct line_counts counts = line_counts(book, line);
    struct postal_address to = order_address_of(order, book->arena);
    const char *const said[] = {line->price,
                                line->due,
                                order->channel,
                                order->currency,
                                *to.name ? to.name : line->customer,
                                to.company,
                                to.street1,
                                to.street2,
                                to.city,
                                to.state,
                                to.postal_code,
                                to.country,
                                to.phone,
                                to.email,
                                line->product,
                                line->held ? line->reason : ""};

    csv_write(writer, order->name);
    csv_write(writer, line->line);
    csv_write(writer, line->sku);
    csv_write_whole(writer, line->count);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        csv_write(writer, said[i]);
    csv_write_whole(writer, line->in_batches);
    csv_write_whole(writer, counts.finished);
    csv_write_whole(writer, counts.packed);
    csv_write_whole(writer, counts.shipped);
    csv_write_whole(writer, counts.cancelled);
    csv_write_whole(writer, counts.owed);
    for (int i = 0; i < asks->count; i++)
        csv_write(writer, line_answer(line, asks->things[i]));
    csv_end_row(writer);
}

void export_own(struct buffer *out, const struct owed_book *book, order_filter *filter,
                const void *data)
{
    struct csv_writer writer = {.out = out};
    struct table asks = answer_names(book->state);

    for (size_t i = 0; i < sizeof own_titles / sizeof *own_titles; i++)
        csv_write(&writer, own_titles[i]);
    for (int i = 0; i < asks.count; i++)
        csv_write(&writer, arena_printf(book->arena, "ask:%s", (const char *)asks.things[i]));
    csv_end_row(&writer);
    for (int i = 0; i < book->state->orders.count; i++) {
        const struct order *order = book->state->orders.things[i];
        if (filter && !filter(order, data))
            continue;
        for (const struct order_line *line = order->lines; line; line = line->next)
            add_own_row(&writer, book, &asks, line);
    }
    table_free(&asks);
}
