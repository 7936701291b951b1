#include "station/api.h"

#include "station/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static int64_t owed_of(const struct order *order)
{
    int64_t owed = 0;
    for (const struct order_line *line = order->lines; line; line = line->next)
        owed += line_owed(line);
    return owed;
}

static void write_head(struct buffer *out, const struct order *order)
{
    json_text(out, "order", order->name);
    json_said(out, "channel", order->channel);
    json_said(out, "customer", order->customer);
    json_said(out, "currency", order->currency);
    json_whole(out, "owed", owed_of(order));
}

/* `owed=true` wants those that still owe something. */
static bool write_order(struct buffer *out, const struct state *state, const void *thing,
                        const struct inquiry *inquiry)
{
    const struct order *order = thing;
    const char *owed = request_query(&inquiry->request, "owed");
    (void)state;
    if (owed && strcmp(owed, "true") == 0 && !owed_of(order))
        return false;
    json_begin(out, NULL, '{');
    write_head(out, order);
    json_end(out, '}');
    return true;
}

bool answer_orders(const struct api *api, struct inquiry *inquiry)
{
    return answer_page(api, inquiry, TABLE(orders), write_order);
}

/* ---- one order ---- */

static void write_asks(struct buffer *out, const struct order_line *line)
{
    json_begin(out, "asks", '[');
    for (const struct answered_ask *ask = line->asks; ask; ask = ask->next) {
        json_begin(out, NULL, '{');
        json_text(out, "name", ask->name);
        json_text(out, "value", ask->value);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static void write_line(struct buffer *out, const struct order_line *line)
{
    json_begin(out, NULL, '{');
    json_text(out, "line", line->line);
    json_text(out, "product", line->product);
    json_text(out, "sku", line->sku);
    json_said(out, "due", line->due);
    json_said(out, "price", line->price);
    json_whole(out, "count", line->count);
    json_whole(out, "cancelled", line->cancelled);
    json_whole(out, "in_batches", line->in_batches);
    json_whole(out, "packed", line->packed);
    json_whole(out, "shipped", line->shipped);
    json_whole(out, "owed", line_owed(line));
    json_flag(out, "held", line->held);
    json_said(out, "reason", line->reason);
    write_asks(out, line);
    json_end(out, '}');
}

/* It was kept as a text; what is no JSON object is left out. */
static void write_address(struct buffer *out, const char *address)
{
    json_t *object = address ? json_loads(address, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (json_is_object(object)) {
        char *text = json_dumps(object, JSON_COMPACT);
        json_raw(out, "address", text, strlen(text));
        free(text);
    }
    json_decref(object);
}

bool answer_order(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const char *text = inquiry->request.arguments[0];
    const struct state *state = view_begin(api->view, &inquiry->reply.version);
    const char *name = intern_find(&state->names, text, strlen(text));
    const struct order *order = name ? state_order(state, name) : NULL;

    if (order) {
        json_begin(out, NULL, '{');
        write_head(out, order);
        write_address(out, order->address);
        json_begin(out, "lines", '[');
        for (const struct order_line *line = order->lines; line; line = line->next)
            write_line(out, line);
        json_end(out, ']');
        json_end(out, '}');
    }
    view_end(api->view);
    return order || problem(&inquiry->reply, 404, "There is no order %s.", text);
}
