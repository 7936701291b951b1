/* flowd orders mend, cancel: what somebody decides about an order. */
#include "flowd/orders.h"

#include "orders/catalogue.h"
#include "orders/values.h"

#include <stdio.h>
#include <string.h>

/* To write, and to look at what is the case, which a server may have. */
static bool open_both(struct orders_desk *at)
{
    return desk_write(&at->desk) && desk_read(&at->desk);
}

static const struct order_line *line_asked(struct orders_desk *at, const struct order *order,
                                           const char *name)
{
    const struct order_line *line =
        state_line(shop_state(at->desk.shop), order->name, shop_name(at->desk.shop, name));
    if (!line)
        complain("order %s has no line %s; `flowd orders show %s` lists them", order->name, name,
                 order->name);
    return line;
}

/* ---- mend ---- */

/* What waits for somebody to say what was meant. */
static int list_held(struct orders_desk *at)
{
    struct arena arena = {0};
    struct catalogue catalogue;
    struct buffer out = {0};
    const struct state *state = shop_state(at->desk.shop);

    catalogue_open(&catalogue, state, &arena);
    for (int i = 0; i < state->lines.count; i++) {
        const struct order_line *line = state->lines.things[i];
        if (!line->held || !line_owed(line))
            continue;
        const struct catalogue_entry *near = catalogue_suggest(&catalogue, line->sku, "");
        buffer_addf(&out, "order %s, line %s: %lld x %s\n  flowd orders mend %s %s --sku %s\n",
                    line->order, line->line, (long long)line_owed(line), line->sku, line->order,
                    line->line, near ? near->sku : "SKU");
    }
    if (!out.length)
        buffer_add_text(&out, "no line is held\n");
    int status = print_out(&out) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    buffer_free(&out);
    arena_free(&arena);
    return status;
}

static int mend_sku(struct orders_desk *at, const struct order_line *line)
{
    struct arena arena = {0};
    struct catalogue catalogue;
    bool many;
    int status = EXIT_FINDINGS;

    catalogue_open(&catalogue, shop_state(at->desk.shop), &arena);
    const struct catalogue_entry *entry = catalogue_find(&catalogue, at->sku, &many);
    const struct catalogue_entry *near =
        entry || many ? NULL : catalogue_suggest(&catalogue, at->sku, "");
    if (entry) {
        struct message command = {.kind = COMMAND_mend_line};
        command.mend_line = (struct mend_line){
            line->order, line->line, entry->product, entry->sku,
            at->reason ? at->reason : arena_printf(&arena, "it said %s", line->asked_sku)};
        status = desk_do(&at->desk, &command);
    } else if (many) {
        complain("two products have the SKU %s", at->sku);
    } else {
        complain("no product has the SKU %s%s%s", at->sku, near ? "; did you mean " : "",
                 near ? near->sku : "");
    }
    arena_free(&arena);
    return status;
}

static int mend_ask(struct orders_desk *at, const struct order_line *line)
{
    struct arena arena = {0};
    const char *equals = strchr(at->ask, '=');
    if (!equals || equals == at->ask)
        return orders_usage("--ask NAME=TEXT, not `%s`", at->ask);
    struct message command = {.kind = COMMAND_answer_ask};
    command.answer_ask = (struct answer_ask){
        line->order, line->line, arena_copy_text(&arena, at->ask, (size_t)(equals - at->ask)),
        equals + 1};
    int status = desk_do(&at->desk, &command);
    arena_free(&arena);
    return status;
}

int orders_mend(struct orders_desk *at, int count, char **arguments)
{
    if (!count && !at->sku && !at->ask)
        return desk_read(&at->desk) ? list_held(at) : EXIT_ENVIRONMENT;
    if (count != 2 || (!at->sku && !at->ask))
        return orders_usage("mend ORDER LINE --sku SKU, or --ask NAME=TEXT");
    if (at->desk.id && at->sku && at->ask)
        return orders_usage("--id is for one command: --sku or --ask");
    if (!open_both(at))
        return EXIT_ENVIRONMENT;
    const struct order *order = order_asked(at, arguments[0]);
    const struct order_line *line = order ? line_asked(at, order, arguments[1]) : NULL;
    if (!line)
        return EXIT_FINDINGS;
    int status = at->sku ? mend_sku(at, line) : EXIT_CLEAN;
    return at->ask && status == EXIT_CLEAN ? mend_ask(at, line) : status;
}

/* ---- cancel ---- */

static int cancel_line(struct orders_desk *at, const struct order_line *line, int64_t count)
{
    struct message command = {.kind = COMMAND_cancel_line};
    command.cancel_line = (struct cancel_line){line->order, line->line, count, at->reason};
    return desk_do(&at->desk, &command);
}

/* Of each line what is in no parcel. */
static int cancel_order(struct orders_desk *at, const struct order *order)
{
    int lines = 0;
    for (const struct order_line *line = order->lines; line; line = line->next) {
        int64_t open = line_owed(line) - line->packed;
        if (open < 1)
            continue;
        int status = cancel_line(at, line, open);
        if (status != EXIT_CLEAN)
            return status;
        lines++;
    }
    if (lines)
        return EXIT_CLEAN;
    complain("order %s owes nothing that is in no parcel", order->name);
    return EXIT_FINDINGS;
}

int orders_cancel(struct orders_desk *at, int count, char **arguments)
{
    int64_t units = 0;
    if (count < 1 || count > 2 || (at->count && count < 2))
        return orders_usage("cancel ORDER [LINE [--count N]] --reason TEXT");
    if (at->desk.id && count < 2)
        return orders_usage("--id is for one command: name the line");
    if (!at->reason || !*at->reason)
        return orders_usage("say why with --reason: the record keeps it");
    if (at->count && count_read(at->count, &units) != NUMBER_READ)
        return orders_usage("--count is a whole number, not `%s`", at->count);
    if (!open_both(at))
        return EXIT_ENVIRONMENT;
    const struct order *order = order_asked(at, arguments[0]);
    if (order && count == 1)
        return cancel_order(at, order);
    const struct order_line *line = order ? line_asked(at, order, arguments[1]) : NULL;
    if (!line)
        return EXIT_FINDINGS;
    return cancel_line(at, line, units ? units : line_owed(line) - line->packed);
}
