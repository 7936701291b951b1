/* The planner's board: what is owed, the batches and where their units are, parcels that have not left; and the day in figures. */
#include "station/api.h"

#include "base/clock.h"
#include "engine/lanes.h"
#include "station/json.h"
#include "station/read_bench.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINES_SHOWN = 200, /* of orders, what is due first */
    ORDERS_NAMED = 5,  /* of those that a batch is for */
    DAY_MS = 24 * 3600 * 1000
};

/* ---- lines of orders ---- */

static int compare_lines(const void *a, const void *b)
{
    const struct order_line *one = *(struct order_line *const *)a;
    const struct order_line *other = *(struct order_line *const *)b;
    int order = strcmp(*one->due ? one->due : "~", *other->due ? other->due : "~");
    if (!order)
        order = (one->came_ms > other->came_ms) - (one->came_ms < other->came_ms);
    if (!order)
        order = strcmp(one->order, other->order);
    return order ? order : strcmp(one->line, other->line);
}

static const char *product_title(const struct state *state, const char *name, struct arena *arena)
{
    const struct product_state *product = state_product(state, name);
    const struct revision *revision = product ? product->current : NULL;
    return revision ? declaration_title(revision->spec, &revision->made->base, NULL, arena) : name;
}

/* What a planner said of it. */
static void write_wish(struct buffer *out, const struct wish *wish)
{
    json_said(out, "on_hold", wish->held);
    json_said(out, "on_hold_by", wish->held_by);
    if (wish->rank)
        json_whole(out, "rank", wish->rank);
}

static void write_line(struct buffer *out, const struct state *state, const struct order_line *line,
                       struct arena *arena)
{
    json_begin(out, NULL, '{');
    json_text(out, "order", line->order);
    json_text(out, "line", line->line);
    json_text(out, "product", line->product);
    json_text(out, "title", product_title(state, line->product, arena));
    json_text(out, "sku", line->sku);
    json_said(out, "customer", *line->customer ? line->customer : line->of->customer);
    json_said(out, "due", line->due);
    json_time(out, "came", line->came_ms);
    json_whole(out, "owed", line_owed(line));
    json_whole(out, "unmade", line_unmade(line));
    json_whole(out, "packed", line->packed);
    json_flag(out, "held", line->held);
    json_said(out, "reason", line->reason);
    json_flag(out, "differs", line_differs(state, line));
    write_wish(out, &line->wish);
    json_end(out, '}');
}

static void write_lines(struct buffer *out, const struct state *state, struct arena *arena)
{
    const struct order_line **open =
        ARENA_ARRAY(arena, const struct order_line *, state->lines.count + 1);
    int count = 0;
    for (int i = 0; i < state->lines.count; i++)
        if (line_owed(state->lines.things[i]))
            open[count++] = state->lines.things[i];
    qsort(open, (size_t)count, sizeof *open, compare_lines);
    json_whole(out, "lines_total", count);
    json_begin(out, "lines", '[');
    for (int i = 0; i < count && i < LINES_SHOWN; i++)
        write_line(out, state, open[i], arena);
    json_end(out, ']');
}

/* ---- batches ---- */

/* Of the units of a batch. */
struct whereabouts {
    int64_t waiting, done, scrap, quarantine, to_pack;
    const char *due;                  /* the first day; "" */
    const char *orders[ORDERS_NAMED]; /* the first of them */
    int order_count;
};

static void note_line(struct whereabouts *where, const struct order_line *line)
{
    int i = 0;
    if (*line->due && (!*where->due || strcmp(line->due, where->due) < 0))
        where->due = line->due;
    while (i < where->order_count && where->orders[i] != line->order)
        i++;
    if (i == where->order_count && i < ORDERS_NAMED)
        where->orders[where->order_count++] = line->order;
}

static struct whereabouts find_units(const struct batch *batch)
{
    struct whereabouts where = {.due = ""};
    for (int32_t i = 0; i < batch->unit_count; i++) {
        const struct piece *unit = &batch->units[i];
        where.waiting += unit->at == PLACE_WAITING;
        where.done += unit->at == PLACE_DONE;
        where.scrap += unit->at == PLACE_SCRAP;
        where.quarantine += unit->at == PLACE_QUARANTINE;
        where.to_pack += unit->at == PLACE_DONE && unit->line && !unit->parcel;
        if (unit->line && unit->at != PLACE_SCRAP && !(unit->parcel && unit->parcel->shipped))
            note_line(&where, unit->line);
    }
    return where;
}

static void write_batch(struct buffer *out, const struct batch *batch,
                        const struct whereabouts *where, struct arena *arena)
{
    const struct revision *revision = batch->revision;
    json_begin(out, NULL, '{');
    json_text(out, "batch", batch->name);
    json_text(out, "product", batch->product->name);
    json_text(out, "title", declaration_title(revision->spec, &revision->made->base, NULL, arena));
    json_text(out, "purpose", batch->purpose == PURPOSE_SAMPLE ? "sample" : "production");
    json_text(out, "state", batch->closed ? "closed" : batch->started ? "running" : "filling");
    json_whole(out, "units", batch->unit_count);
    json_whole(out, "waiting", where->waiting);
    json_whole(out, "done", where->done);
    json_whole(out, "scrap", where->scrap);
    json_whole(out, "quarantine", where->quarantine);
    json_whole(out, "to_pack", where->to_pack);
    json_said(out, "due", where->due);
    write_wish(out, &batch->wish);
    json_said(out, "pinned", batch->pinned);
    json_begin(out, "orders", '[');
    for (int i = 0; i < where->order_count; i++)
        json_text(out, NULL, where->orders[i]);
    json_end(out, ']');
    json_begin(out, "at", '[');
    for (int i = 0; batch->started && i < revision->made->workflow->step_count; i++)
        if (batch->steps[i].standing)
            write_task(out, batch, i, arena);
    json_end(out, ']');
    json_end(out, '}');
}

static void write_batches(struct buffer *out, const struct state *state, struct arena *arena)
{
    json_begin(out, "batches", '[');
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        if (batch->cancelled)
            continue;
        struct whereabouts where = find_units(batch);
        if (!batch->closed || where.to_pack)
            write_batch(out, batch, &where, arena);
    }
    json_end(out, ']');
}

/* ---- parcels ---- */

static void write_parcels(struct buffer *out, const struct state *state)
{
    json_begin(out, "parcels", '[');
    for (int i = 0; i < state->parcels.count; i++) {
        const struct parcel *parcel = state->parcels.things[i];
        if (parcel->shipped || !parcel->count)
            continue;
        json_begin(out, NULL, '{');
        json_text(out, "parcel", parcel->name);
        json_text(out, "order", parcel->order->name);
        json_said(out, "customer", parcel->order->customer);
        json_whole(out, "count", parcel->count);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static void write_held_lots(struct buffer *out, const struct state *state)
{
    json_begin(out, "held_lots", '[');
    for (int i = 0; i < state->lots.count; i++) {
        const struct lot *lot = state->lots.things[i];
        if (!lot->held)
            continue;
        json_begin(out, NULL, '{');
        json_text(out, "lot", lot->name);
        json_text(out, "what", lot->what);
        json_said(out, "reason", lot->reason);
        json_end(out, '}');
    }
    json_end(out, ']');
}

bool answer_board(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);

    json_begin(out, NULL, '{');
    json_whole(out, "last_event", last_event);
    write_lines(out, state, &inquiry->arena);
    write_batches(out, state, &inquiry->arena);
    write_parcels(out, state);
    write_held_lots(out, state);
    json_end(out, '}');
    view_end(api->view);
    inquiry->reply.version = last_event;
    return true;
}

/* ---- the day ---- */

static void write_owed(struct buffer *out, const struct state *state, const char *day)
{
    int64_t owed = 0, late = 0, due = 0;
    for (int i = 0; i < state->lines.count; i++) {
        const struct order_line *line = state->lines.things[i];
        int64_t units = line_owed(line);
        int order = *line->due ? strcmp(line->due, day) : 1;
        owed += units;
        late += order < 0 ? units : 0;
        due += order ? 0 : units;
    }
    json_whole(out, "owed", owed);
    json_whole(out, "late", late);
    json_whole(out, "due", due);
}

bool answer_today(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const char *day = request_query(&inquiry->request, "day");
    int64_t last_event, since;

    if (!request_whole(&inquiry->request, "since", clock_wall_ms() - DAY_MS, INT64_MAX / 2, &since,
                       &inquiry->reply))
        return false;
    const struct state *state = view_begin(api->view, &last_event);
    struct output output = tally_since(view_tally(api->view), since);
    json_begin(out, NULL, '{');
    json_whole(out, "last_event", last_event);
    write_owed(out, state, day ? day : "");
    json_whole(out, "done", output.done);
    json_whole(out, "scrap", output.scrap);
    json_whole(out, "shipped", output.shipped);
    json_whole(out, "failed_prints", output.failed_prints);
    json_end(out, '}');
    view_end(api->view);
    inquiry->reply.version = last_event;
    return true;
}
