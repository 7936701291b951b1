#include "station/api.h"

#include "engine/lanes.h"
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
                        struct inquiry *inquiry)
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

static void write_difference(const char *name, const char *before, const char *after, void *data)
{
    struct buffer *out = data;
    json_begin(out, NULL, '{');
    json_text(out, "what", name);
    json_text(out, "was", before);
    json_text(out, "is", after);
    json_end(out, '}');
}

/* What of the SKU was shipped, and what would be made otherwise now. */
static void write_repeat(struct buffer *out, const struct state *state,
                         const struct order_line *line)
{
    const struct product_state *product = state_product(state, line->product);
    const struct revision *is = product ? product->current : NULL;
    const struct proven_lane *lanes = state_lanes(state, line->product, line->sku);
    const struct proven_lane *same = is ? lane_proven_by(lanes, is) : NULL;
    const struct proven_lane *was = same ? same : lanes;
    const struct approval *missing = is ? missing_approval(product, is) : NULL;

    json_flag(out, "differs", line_differs(state, line));
    json_said(out, "lane", is ? is->lane : NULL);
    json_said(out, "wants_approval", missing ? missing->name.word : "");
    if (was) {
        json_begin(out, "proven", '{');
        json_text(out, "batch", was->batch->name);
        json_whole(out, "unit", was->unit);
        json_text(out, "parcel", was->parcel);
        json_text(out, "lane", was->revision->lane);
        json_time(out, "since", was->since_ms);
        json_time(out, "shipped", was->shipped_ms);
        json_end(out, '}');
    }
    json_begin(out, "differences", '[');
    if (was && !same && is)
        fingerprint_visit_changes(was->revision->lane_fields, is->lane_fields, write_difference,
                                  out);
    json_end(out, ']');
}

static void write_line(struct buffer *out, const struct state *state, const struct order_line *line)
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
    write_repeat(out, state, line);
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
            write_line(out, state, line);
        json_end(out, ']');
        json_end(out, '}');
    }
    view_end(api->view);
    return order || problem(&inquiry->reply, 404, "There is no order %s.", text);
}
