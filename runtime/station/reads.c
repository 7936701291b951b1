/* What is read besides batches and orders. */
#include "station/api.h"

#include "station/json.h"

#include <string.h>

/* ---- pages of a table ---- */

bool answer_page(const struct api *api, struct inquiry *inquiry, size_t table, write_thing *write)
{
    struct buffer *out = &inquiry->reply.body;
    int64_t from, limit, last_event;

    if (!request_page(&inquiry->request, &from, &limit, &inquiry->reply))
        return false;
    const struct state *state = view_begin(api->view, &last_event);
    const struct table *things = (const struct table *)((const char *)state + table);
    json_begin(out, NULL, '{');
    json_whole(out, "last_event", last_event);
    json_whole(out, "total", things->count);
    json_begin(out, "items", '[');
    for (; from < things->count && limit > 0; from++)
        limit -= write(out, state, things->things[from], inquiry);
    json_end(out, ']');
    if (from < things->count)
        json_whole(out, "next", from);
    json_end(out, '}');
    view_end(api->view);
    inquiry->reply.version = last_event;
    return true;
}

/* ---- people, lots, products ---- */

static void write_tokens(struct buffer *out, const struct state *state, const struct person *person)
{
    json_begin(out, "tokens", '[');
    for (int i = 0; i < state->tokens.count; i++) {
        const struct token *token = state->tokens.things[i];
        if (token->person != person)
            continue;
        json_begin(out, NULL, '{');
        json_text(out, "hash", token->hash);
        json_text(out, "label", token->label);
        json_flag(out, "revoked", token->revoked);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static bool write_person(struct buffer *out, const struct state *state, const void *thing,
                         struct inquiry *inquiry)
{
    const struct person *person = thing;
    (void)inquiry;
    json_begin(out, NULL, '{');
    json_text(out, "person", person->name);
    json_text(out, "roles", person->roles);
    json_flag(out, "dismissed", person->dismissed);
    write_tokens(out, state, person);
    json_end(out, '}');
    return true;
}

bool answer_people(const struct api *api, struct inquiry *inquiry)
{
    return answer_page(api, inquiry, TABLE(persons), write_person);
}

static bool write_lot(struct buffer *out, const struct state *state, const void *thing,
                      struct inquiry *inquiry)
{
    const struct lot *lot = thing;
    (void)state, (void)inquiry;
    json_begin(out, NULL, '{');
    json_text(out, "lot", lot->name);
    json_text(out, "what", lot->what);
    json_flag(out, "held", lot->held);
    json_said(out, "reason", lot->reason);
    json_end(out, '}');
    return true;
}

bool answer_lots(const struct api *api, struct inquiry *inquiry)
{
    return answer_page(api, inquiry, TABLE(lots), write_lot);
}

static bool write_product(struct buffer *out, const struct state *state, const void *thing,
                          struct inquiry *inquiry)
{
    const struct product_state *product = thing;
    (void)state, (void)inquiry;
    json_begin(out, NULL, '{');
    json_text(out, "product", product->name);
    if (product->current) {
        const struct release_state *release =
            product_release(product, product->current->fingerprint);
        json_said(out, "revision", product->current->number);
        json_text(out, "fingerprint", product->current->fingerprint);
        json_text(out, "snapshot", product->current->snapshot);
        json_whole(out, "skus", product->current->made->sku_count);
        json_whole(out, "samples", release ? release->samples : 0);
        json_flag(out, "approved", release && release->approvals);
    }
    json_end(out, '}');
    return true;
}

bool answer_products(const struct api *api, struct inquiry *inquiry)
{
    return answer_page(api, inquiry, TABLE(products), write_product);
}

/* ---- the whole ---- */

static int64_t running_batches(const struct state *state)
{
    int64_t running = 0;
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        running += batch->started && !batch->closed;
    }
    return running;
}

static void count_lines(const struct state *state, int64_t *owed, int64_t *held)
{
    for (int i = 0; i < state->lines.count; i++) {
        const struct order_line *line = state->lines.things[i];
        *owed += line_owed(line);
        *held += line->held;
    }
}

bool answer_status(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    int64_t last_event, owed = 0, held_lines = 0, held_lots = 0, open_issues = 0;
    const struct state *state = view_begin(api->view, &last_event);

    count_lines(state, &owed, &held_lines);
    for (int i = 0; i < state->lots.count; i++)
        held_lots += ((const struct lot *)state->lots.things[i])->held;
    for (int i = 0; i < state->issues.count; i++)
        open_issues += !((const struct issue *)state->issues.things[i])->closed;
    json_begin(out, NULL, '{');
    json_text(out, "version", FLOW_VERSION);
    json_time(out, "begun", api->begun_ms);
    json_whole(out, "last_event", last_event);
    json_whole(out, "orders", state->orders.count);
    json_whole(out, "units_owed", owed);
    json_whole(out, "lines_held", held_lines);
    json_whole(out, "batches", state->batches.count);
    json_whole(out, "batches_running", running_batches(state));
    json_whole(out, "lots_held", held_lots);
    json_whole(out, "issues_open", open_issues);
    json_end(out, '}');
    view_end(api->view);
    inquiry->reply.version = last_event;
    return true;
}

bool answer_health(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    (void)api;
    json_begin(out, NULL, '{');
    json_text(out, "status", "ok");
    json_end(out, '}');
    return true;
}

bool answer_openapi(const struct api *api, struct inquiry *inquiry)
{
    (void)api;
    openapi_write(&inquiry->reply.body);
    return true;
}

/* ---- events ---- */

/* Where the hash of a PIN or password begins and ends: a few digits are soon tried out, so it never leaves. A body that has
   none: both are its length. A `"` inside a text has a backslash before it, so that no text looks like this. */
static void find_secret(const char *body, size_t length, size_t *begin, size_t *end)
{
    static const char *const kinds[] = {"{\"event\":\"pin_set\"", "{\"event\":\"password_set\""};
    static const char field[] = ",\"hash\":\"";
    *begin = *end = length;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *at = length > strlen(kinds[i]) && strncmp(body, kinds[i], strlen(kinds[i])) == 0
                             ? memmem(body, length, field, sizeof field - 1)
                             : NULL;
        if (!at)
            continue;
        *begin = (size_t)(at - body);
        *end = *begin + sizeof field - 1;
        while (*end < length && body[(*end)++] != '"')
            ;
    }
}

void event_as_json(struct buffer *out, int64_t sequence, int64_t time_ms, const char *body,
                   size_t length)
{
    size_t begin, end;
    find_secret(body, length, &begin, &end);
    json_begin(out, NULL, '{');
    json_whole(out, "sequence", sequence);
    json_time(out, "time", time_ms);
    buffer_add_char(out, ',');
    buffer_add(out, body + 1, begin - 1); /* without its opening brace */
    buffer_add(out, body + end, length - end);
}

/* As server-sent events have it: lines, then an empty one. JSON of the journal has no line ends. */
void event_as_message(struct buffer *out, int64_t sequence, int64_t time_ms, const char *body,
                      size_t length)
{
    static const char before[] = "{\"event\":\"";
    const char *name = body + sizeof before - 1;
    int name_length = (int)strcspn(name, "\"");
    buffer_addf(out, "id: %lld\nevent: %.*s\ndata: ", (long long)sequence, name_length, name);
    struct buffer data = {0};
    event_as_json(&data, sequence, time_ms, body, length);
    buffer_add(out, data.text, data.length);
    buffer_free(&data);
    buffer_add_text(out, "\n\n");
}

bool answer_events(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    struct failure failure;
    int64_t after, limit, last;

    if (!request_whole(&inquiry->request, "after", 0, INT64_MAX / 2, &after, &inquiry->reply) ||
        !request_whole(&inquiry->request, "limit", ITEMS_UNSAID, ITEMS_AT_MOST, &limit,
                       &inquiry->reply))
        return false;
    int64_t head = view_last_event(api->view);
    json_begin(out, NULL, '{');
    json_whole(out, "last_event", head);
    json_begin(out, "items", '[');
    if (!view_events(api->view, after, (int)limit, event_as_json, out, &last, &failure))
        return problem(&inquiry->reply, 503, "%s.", failure.message);
    json_end(out, ']');
    if (last < head)
        json_whole(out, "next", last);
    json_end(out, '}');
    return true;
}

bool follow_events(const struct api *api, struct inquiry *inquiry)
{
    int64_t after, unsaid = inquiry->request.last_event;
    if (unsaid < 0)
        unsaid = view_last_event(api->view);
    if (!request_whole(&inquiry->request, "after", unsaid, INT64_MAX / 2, &after, &inquiry->reply))
        return false;
    if (inquiry->request.last_event > after) /* a browser that comes back to the same address */
        after = inquiry->request.last_event;
    if (after > view_last_event(api->view)) /* of a shop that was since restored from a backup */
        return problem(&inquiry->reply, 400,
                       "There is no event %lld, the last is %lld: read the state anew.",
                       (long long)after, (long long)view_last_event(api->view));
    inquiry->reply.kind = REPLY_FOLLOW;
    inquiry->reply.follow_after = after;
    return true;
}
