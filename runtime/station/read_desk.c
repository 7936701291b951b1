/* What waits for a person besides the steps: units in quarantine and lots on hold, samples to approve, units to pack. */
#include "station/api.h"

#include "base/memory.h"
#include "engine/needs.h"
#include "station/json.h"
#include "station/read_work.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_SHOWN = 500, ORDERS_SHOWN = 200, BATCHES_SHOWN = 5 };

/* The product as the unit's SKU is called, and its code. */
static void write_variant(struct buffer *out, const struct batch *batch, int32_t index,
                          struct arena *arena)
{
    struct sku sku;
    sku_at(batch->revision->made, index, &sku);
    json_text(out, "title",
              declaration_title(batch->revision->spec, &batch->revision->made->base, &sku, arena));
    json_text(out, "sku", sku_code(batch->revision->spec, &sku, arena));
}

/* ---- quarantine ---- */

static void write_way(struct buffer *out, const struct batch *batch, int64_t number, const char *to,
                      const char *title)
{
    if (!unit_may_go_to(batch, number, to))
        return;
    json_begin(out, NULL, '{');
    json_text(out, "to", to);
    json_said(out, "title", title);
    json_end(out, '}');
}

static void write_ways(struct buffer *out, const struct batch *batch, int64_t number,
                       struct arena *arena)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    json_begin(out, "ways", '[');
    write_way(out, batch, number, "done", NULL);
    for (int i = 0; i < workflow->step_count; i++)
        write_way(out, batch, number, workflow->steps[i]->base.name,
                  declaration_title(batch->revision->spec, &workflow->steps[i]->base, NULL, arena));
    write_way(out, batch, number, "scrap", NULL);
    json_end(out, ']');
}

static const struct lot *held_in(const struct batch *batch, int64_t number)
{
    const struct lot_share *share = batch->shares;
    while (share && !(share->lot->held && share_has(share, number)))
        share = share->next_of_batch;
    return share ? share->lot : NULL;
}

static void write_waiting_unit(struct buffer *out, const struct batch *batch, int64_t number,
                               struct arena *arena)
{
    const struct piece *unit = &batch->units[number - 1];
    const struct lot *held = held_in(batch, number);
    json_begin(out, NULL, '{');
    json_text(out, "batch", batch->name);
    json_whole(out, "unit", number);
    write_variant(out, batch, unit->sku, arena);
    if (unit->line) {
        json_text(out, "order", unit->line->order);
        json_said(out, "customer", unit->line->customer);
    }
    json_said(out, "reason", unit->reason);
    json_said(out, "held_lot", held ? held->name : "");
    if (unit->stood >= 0) {
        const struct step *step = batch->revision->made->workflow->steps[unit->stood];
        json_text(out, "stood", declaration_title(batch->revision->spec, &step->base, NULL, arena));
    }
    write_ways(out, batch, number, arena);
    json_end(out, '}');
}

static void write_held_lots(struct buffer *out, const struct state *state, struct arena *arena)
{
    json_begin(out, "lots", '[');
    for (int i = 0; i < state->lots.count; i++) {
        const struct lot *lot = state->lots.things[i];
        int64_t units = 0;
        if (!lot->held)
            continue;
        for (const struct lot_share *share = lot->shares; share; share = share->next_of_lot)
            for (int32_t u = 1; u <= share->batch->unit_count; u++)
                units += share_has(share, u);
        json_begin(out, NULL, '{');
        json_text(out, "lot", lot->name);
        json_text(out, "what", lot->what);
        json_text(out, "title", readable_name(lot->what, arena));
        json_said(out, "reason", lot->reason);
        json_whole(out, "units", units);
        json_end(out, '}');
    }
    json_end(out, ']');
}

bool answer_quarantine(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const struct state *state = view_begin(api->view, &inquiry->reply.version);
    int shown = 0;

    json_begin(out, NULL, '{');
    json_whole(out, "last_event", inquiry->reply.version);
    json_begin(out, "units", '[');
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        for (int32_t u = 1; u <= batch->unit_count && batch->under_way && shown < UNITS_SHOWN; u++)
            if (batch->units[u - 1].at == PLACE_QUARANTINE) {
                write_waiting_unit(out, batch, u, &inquiry->arena);
                shown++;
            }
    }
    json_end(out, ']');
    write_held_lots(out, state, &inquiry->arena);
    json_end(out, '}');
    view_end(api->view);
    return true;
}

/* ---- samples to approve ---- */

static void write_approvals(struct buffer *out, const struct product_state *product,
                            struct arena *arena)
{
    const struct revision *revision = product->current;
    json_begin(out, "approvals", '[');
    for (const struct approval *row = revision->made->release->approve; row; row = row->next) {
        if (row->name.kind != VALUE_WORD)
            continue;
        const struct approval_given *given = approval_of(product, revision, row->name.word);
        const struct declaration *role = value_declaration(&row->role, NULL);
        json_begin(out, NULL, '{');
        json_text(out, "name", row->name.word);
        json_text(out, "title", readable_name(row->name.word, arena));
        json_text(out, "role", role->name);
        json_text(out, "role_title", declaration_title(revision->spec, role, NULL, arena));
        if (given) {
            json_text(out, "by", given->by);
            json_time(out, "time", given->time_ms);
        }
        json_end(out, '}');
    }
    json_end(out, ']');
}

/* Where the pieces of the sample came from: their records are looked at before anybody signs. */
static void write_sample_batches(struct buffer *out, const struct state *state,
                                 const struct product_state *product)
{
    int shown = 0;
    json_begin(out, "batches", '[');
    for (int i = state->batches.count; i-- > 0 && shown < BATCHES_SHOWN;) {
        const struct batch *batch = state->batches.things[i];
        if (batch->product != product || batch->purpose != PURPOSE_SAMPLE || !batch->started ||
            strcmp(batch->revision->fingerprint, product->current->fingerprint) != 0)
            continue;
        json_text(out, NULL, batch->name);
        shown++;
    }
    json_end(out, ']');
}

static void write_sampled(struct buffer *out, const struct state *state,
                          const struct product_state *product, struct arena *arena)
{
    const struct revision *revision = product->current;
    const struct release_state *made = product_release(product, revision->fingerprint);
    const struct simple *sample = revision->made->release->sample;
    json_begin(out, NULL, '{');
    json_text(out, "product", product->name);
    json_text(out, "title", declaration_title(revision->spec, &revision->made->base, NULL, arena));
    json_said(out, "revision", revision->number);
    json_whole(out, "finished", made ? made->samples : 0);
    json_whole(
        out, "wanted",
        sample ? rational_to_int(value_number(revision->spec, &sample->value, NULL, RATIONAL_ZERO))
               : 0);
    write_sample_batches(out, state, product);
    write_approvals(out, product, arena);
    json_end(out, '}');
}

bool answer_approvals(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const struct state *state = view_begin(api->view, &inquiry->reply.version);

    json_begin(out, NULL, '{');
    json_whole(out, "last_event", inquiry->reply.version);
    json_begin(out, "products", '[');
    for (int i = 0; i < state->products.count; i++) {
        const struct product_state *product = state->products.things[i];
        if (product->current && missing_approval(product, product->current))
            write_sampled(out, state, product, &inquiry->arena);
    }
    json_end(out, ']');
    json_end(out, '}');
    view_end(api->view);
    return true;
}

/* ---- packing ---- */

struct finished {
    const struct order_line *line;
    const struct batch *batch;
    int32_t number, came; /* `came`: in the order of batches and units */
};

static bool is_to_pack(const struct piece *unit)
{
    return unit->at == PLACE_DONE && unit->line && !(unit->parcel && unit->parcel->shipped);
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(*a ? a : "~", *b ? b : "~"); /* what is not said comes last */
}

static int compare_finished(const void *left, const void *right)
{
    const struct finished *a = left, *b = right;
    int order = strcmp(a->line->order, b->line->order);
    int line = strcmp(a->line->line, b->line->line);
    return order ? order : line ? line : a->came - b->came;
}

/* All units that are finished for an order and have not left, by order and line. Freed by the caller. */
static struct finished *find_finished(const struct state *state, int *count)
{
    struct finished *all = NULL;
    int room = 0;
    *count = 0;
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        for (int32_t u = 1; batch->started && u <= batch->unit_count; u++) {
            if (!is_to_pack(&batch->units[u - 1]))
                continue;
            if (*count == room)
                all = memory_resize(all, sizeof *all * (size_t)(room = 2 * room + 64));
            all[*count] = (struct finished){batch->units[u - 1].line, batch, u, *count};
            ++*count;
        }
    }
    if (all)
        qsort(all, (size_t)*count, sizeof *all, compare_finished);
    return all;
}

static void write_finished(struct buffer *out, const struct finished *one)
{
    const struct piece *unit = &one->batch->units[one->number - 1];
    json_begin(out, NULL, '{');
    json_text(out, "batch", one->batch->name);
    json_whole(out, "unit", one->number);
    if (unit->parcel)
        json_text(out, "parcel", unit->parcel->name);
    json_end(out, '}');
}

static int write_packing_line(struct buffer *out, const struct finished *first, int count,
                              struct arena *arena)
{
    const struct order_line *line = first->line;
    int of_line = 0;
    json_begin(out, NULL, '{');
    json_text(out, "line", line->line);
    json_text(out, "product", line->product);
    write_variant(out, first->batch, first->batch->units[first->number - 1].sku, arena);
    json_whole(out, "owed", line_owed(line));
    json_whole(out, "packed", line->packed);
    json_begin(out, "units", '[');
    for (; of_line < count && first[of_line].line == line; of_line++)
        if (of_line < UNITS_SHOWN)
            write_finished(out, &first[of_line]);
    json_end(out, ']');
    json_end(out, '}');
    return of_line;
}

/* What was packed for the order so far: names that are taken, and what is open. */
static void write_parcels(struct buffer *out, const struct state *state, const struct order *order)
{
    json_begin(out, "parcels", '[');
    for (int i = 0; i < state->parcels.count; i++) {
        const struct parcel *parcel = state->parcels.things[i];
        if (parcel->order != order || !parcel->count)
            continue;
        json_begin(out, NULL, '{');
        json_text(out, "parcel", parcel->name);
        json_whole(out, "units", parcel->count);
        json_flag(out, "shipped", parcel->shipped);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static int write_packing_order(struct buffer *out, const struct state *state,
                               const struct finished *first, int count, struct arena *arena)
{
    const struct order *order = first->line->of;
    const char *due = "";
    int of_order = 0;
    json_begin(out, NULL, '{');
    json_text(out, "order", order->name);
    json_said(out, "customer", *order->customer ? order->customer : first->line->customer);
    json_begin(out, "lines", '[');
    while (of_order < count && first[of_order].line->of == order) {
        const struct order_line *line = first[of_order].line;
        if (compare_text(line->due, due) < 0)
            due = line->due;
        of_order += write_packing_line(out, &first[of_order], count - of_order, arena);
    }
    json_end(out, ']');
    json_said(out, "due", due);
    write_parcels(out, state, order);
    json_end(out, '}');
    return of_order;
}

bool answer_packing(const struct api *api, struct inquiry *inquiry)
{
    struct buffer *out = &inquiry->reply.body;
    const struct state *state = view_begin(api->view, &inquiry->reply.version);
    int count, orders = 0;
    struct finished *all = find_finished(state, &count);

    json_begin(out, NULL, '{');
    json_whole(out, "last_event", inquiry->reply.version);
    json_begin(out, "orders", '[');
    for (int i = 0; i < count && orders < ORDERS_SHOWN; orders++)
        i += write_packing_order(out, state, &all[i], count - i, &inquiry->arena);
    json_end(out, ']');
    json_end(out, '}');
    free(all);
    view_end(api->view);
    return true;
}
