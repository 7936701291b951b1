/* flowd status: the shop at a glance. */
#include "flowd/views.h"

struct owing {
    int open, held;         /* lines */
    int64_t units, waiting; /* that are owed; and in no batch yet */
};

static struct owing what_is_owed(const struct state *state)
{
    struct owing owing = {0};
    for (int i = 0; i < state->lines.count; i++) {
        const struct order_line *line = state->lines.things[i];
        if (!line_owed(line))
            continue;
        owing.open++;
        owing.held += line->held;
        owing.units += line_owed(line);
        owing.waiting += line_unmade(line);
    }
    return owing;
}

static int count_held_lots(const struct state *state)
{
    int held = 0;
    for (int i = 0; i < state->lots.count; i++)
        held += ((const struct lot *)state->lots.things[i])->held;
    return held;
}

static int say_status(struct desk *desk, const struct owing *owing, int held_lots,
                      const struct batch *const *batches, int count)
{
    struct buffer out = {0};
    struct arena arena = {0};
    int open = 0;
    buffer_addf(&out,
                "orders   %d lines open, %d of them held; %lld units owed, %lld in no batch yet\n",
                owing->open, owing->held, (long long)owing->units, (long long)owing->waiting);
    if (held_lots)
        buffer_addf(&out, "lots     %d on hold\n", held_lots);
    for (int i = 0; i < count; i++)
        if (!batches[i]->closed) {
            open++;
            buffer_addf(&out, "%-8s %s, %s: %s\n", batches[i]->name, batches[i]->product->name,
                        batch_word(batches[i]), where_units_are(batches[i], &arena));
        }
    if (!open)
        buffer_add_text(&out, "batches  none is open\n");
    char hash[JOURNAL_HASH_DIGITS + 1];
    int64_t last = journal_head(shop_journal(desk->shop), hash);
    buffer_addf(&out, "journal  %lld events, head %.12s\n", (long long)last, hash);
    bool written = print_out(&out);
    buffer_free(&out);
    arena_free(&arena);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static json_t *status_json(struct desk *desk, const struct owing *owing, int held_lots,
                           const struct batch *const *batches, int count)
{
    char hash[JOURNAL_HASH_DIGITS + 1];
    json_int_t last = journal_head(shop_journal(desk->shop), hash);
    json_t *open = json_array();
    for (int i = 0; i < count; i++)
        if (!batches[i]->closed)
            json_array_append_new(open, json_string(batches[i]->name));
    return json_pack("{s{si si sI sI} si so s{sI ss}}", "orders", "open_lines", owing->open,
                     "held_lines", owing->held, "owed_units", (json_int_t)owing->units,
                     "units_in_no_batch", (json_int_t)owing->waiting, "lots_on_hold", held_lots,
                     "open_batches", open, "journal", "events", last, "head", hash);
}

static int status_of(struct desk *desk)
{
    struct arena arena = {0};
    const struct state *state = shop_state(desk->shop);
    struct owing owing = what_is_owed(state);
    int count, held_lots = count_held_lots(state);
    const struct batch *const *batches =
        (const struct batch *const *)in_order(&state->batches, &arena, &count);
    int status = desk->json ? print_json(status_json(desk, &owing, held_lots, batches, count))
                            : say_status(desk, &owing, held_lots, batches, count);
    arena_free(&arena);
    return status;
}

int cmd_status(int argc, char **argv)
{
    const struct verb *verb = verb_find("status");
    struct desk desk = {0};
    const struct option_row options[] = {DESK_OPTIONS(&desk)};
    bool done;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count)
        return usage_error(verb, "it takes no argument; --shop says which shop");
    int status = desk_read(&desk) ? status_of(&desk) : EXIT_ENVIRONMENT;
    desk_close(&desk);
    return status;
}
