/* flowd step needs: what a step of a batch still wants before its units may go on. */
#include "flowd/views.h"

#include "engine/needs.h"

#include <string.h>

struct listing {
    const struct batch *batch;
    const char *step;
    struct buffer said;
    json_t *list;
};

/* What a need is called, and the action that satisfies it. */
static const struct {
    const char *word, *action;
} rows[] = {[NEED_LOT] = {"lot", "use"},
            [NEED_PARAMETER] = {"parameter", "record"},
            [NEED_COUNT] = {"count", "check"},
            [NEED_READING] = {"reading", "measure"},
            [NEED_JUDGEMENT] = {"judgement", "check"},
            [NEED_SIGNATURE] = {"signature", "sign"}};

static void add_command(struct listing *listing, const struct need *need)
{
    struct buffer *out = &listing->said;
    buffer_addf(out, "flowd step %s %s %s", rows[need->kind].action, listing->batch->name,
                listing->step);
    switch (need->kind) {
    case NEED_LOT:
        buffer_addf(out, " LOT    (of %s)", need->name);
        break;
    case NEED_PARAMETER:
        buffer_addf(out, " %s VALUE", need->name);
        break;
    case NEED_COUNT:
        buffer_addf(out, " 0 %s good|bad", need->name);
        break;
    case NEED_READING:
        buffer_addf(out, " %lld %s %s VALUE", (long long)need->unit, need->part, need->name);
        break;
    case NEED_JUDGEMENT:
        buffer_addf(out, " %lld %s good|bad", (long long)need->unit, need->name);
        break;
    case NEED_SIGNATURE:
        buffer_addf(out, " approve --meaning TEXT    (by %s)", need->name);
        break;
    }
    buffer_add_char(out, '\n');
}

/* A material is wanted of each SKU and part that is made of it, and given once for all of them. */
static bool is_listed(const struct listing *listing, const struct need *need)
{
    size_t i;
    json_t *row;
    json_array_foreach(listing->list, i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "need")), rows[need->kind].word) == 0 &&
            strcmp(json_string_value(json_object_get(row, "name")), need->name) == 0)
            return true;
    }
    return false;
}

static bool add_need(const struct need *need, void *data)
{
    struct listing *listing = data;
    if (need->kind == NEED_LOT && is_listed(listing, need))
        return true;
    add_command(listing, need);
    json_array_append_new(listing->list, json_pack("{ss ss ss sI}", "need", rows[need->kind].word,
                                                   "name", need->name, "part", need->part, "unit",
                                                   (json_int_t)need->unit));
    return true;
}

int list_needs(struct desk *desk, int count, char **arguments)
{
    struct listing listing = {0};
    if (count != 2)
        return usage_error(verb_find("step"), "which batch, and which step?");
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    listing.batch = state_batch(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    int step = listing.batch ? batch_step_index(listing.batch, arguments[1]) : -1;
    if (step < 0 || !listing.batch->started) {
        complain(!listing.batch            ? "there is no batch %s"
                 : !listing.batch->started ? "batch %s was not started"
                                           : "batch %s has no step %s",
                 arguments[0], arguments[1]);
        return EXIT_FINDINGS;
    }
    listing.step = arguments[1];
    listing.list = json_array();
    step_needs(listing.batch, step, add_need, &listing);
    if (desk->json) {
        buffer_free(&listing.said);
        return print_json(listing.list);
    }
    if (!listing.said.length)
        buffer_addf(&listing.said, "nothing more: the %d units there may go on\n",
                    (int)units_at(listing.batch, step));
    bool written = print_out(&listing.said);
    buffer_free(&listing.said);
    json_decref(listing.list);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}
