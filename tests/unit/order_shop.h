/* A shop for the tests of orders: the desk hook, the signet ring, which asks for initials, a name plate, which asks for two
   lines and takes little to make, a badge, and one that has a SKU of the desk hook. Commands are
   decided and applied as the open shop would, without a journal. Include it after cmocka.h. */
#ifndef FLOW_TEST_ORDER_SHOP_H
#define FLOW_TEST_ORDER_SHOP_H

#include "engine/decide.h"
#include "orders/import.h"

#include <stdio.h>
#include <stdlib.h>

#include "compiled.h"

enum { SHOP_SPECS = 5 };

struct order_shop {
    struct compiled compiled[SHOP_SPECS];
    struct revision revisions[SHOP_SPECS];
    struct state state;
    struct arena arena;
    struct decision decision;
    struct import_result result;
    struct buffer said; /* the findings of the last import */
    int events;         /* of the last commands */
    int64_t time_ms;
};

static const struct revision *find_spec(const char *snapshot, const char *product, void *data)
{
    struct order_shop *shop = data;
    (void)product;
    for (int i = 0; i < SHOP_SPECS; i++)
        if (strcmp(snapshot, shop->revisions[i].snapshot) == 0)
            return &shop->revisions[i];
    return NULL;
}

/* Decides and applies; the texts need not be interned. */
static bool shop_does(struct order_shop *shop, const struct message *asked)
{
    struct message command = *asked;
    command.by = intern_text(&shop->state.names, "anna");
    for (int i = 0; i < message_rows[command.kind].field_count; i++)
        if (!message_rows[command.kind].fields[i].whole) {
            const char *text = command.cells[i].text;
            command.cells[i].text = intern_text(&shop->state.names, text ? text : "");
        }
    decide(&shop->state, &command, &shop->arena, &shop->decision);
    for (int i = 0; shop->decision.accepted && i < shop->decision.count; i++)
        apply(&shop->state, &shop->decision.events[i], ++shop->time_ms);
    shop->events += shop->decision.count;
    return shop->decision.accepted;
}

static void order_shop_open(struct order_shop *shop)
{
    static const char *const paths[SHOP_SPECS] = {
        "tests/contract/desk-hook/desk_hook.flow", "examples/resin-rings/signet.flow",
        "tests/orders/plate.flow", "tests/orders/plate.flow", "tests/orders/plate.flow"};
    static const int products[SHOP_SPECS] = {0, 0, 0, 1, 2};
    static const char *const snapshots[SHOP_SPECS] = {"snapshot-1", "snapshot-2", "snapshot-3",
                                                      "snapshot-4", "snapshot-5"};
    memset(shop, 0, sizeof *shop);
    shop->time_ms = 1795000000000; /* a day in November 2026 */
    state_open(&shop->state, find_spec, shop);
    struct message admit = {.kind = COMMAND_admit_person};
    admit.admit_person = (struct admit_person){"anna", "admin"};
    assert_true(shop_does(shop, &admit));
    for (int i = 0; i < SHOP_SPECS; i++) {
        compiled_open(&shop->compiled[i], paths[i]);
        const struct product *made = shop->compiled[i].spec->products[products[i]];
        shop->revisions[i] = (struct revision){
            .snapshot = intern_text(&shop->state.names, snapshots[i]),
            .product = intern_text(&shop->state.names, made->base.name),
            .number = intern_text(&shop->state.names, "1"),
            .fingerprint = intern_text(&shop->state.names, snapshots[i]),
            .spec = shop->compiled[i].spec,
            .made = made,
            .graphs = ARENA_ARRAY(&shop->compiled[i].arena, struct graph *, made->sku_count)};
        struct message adopt = {.kind = COMMAND_adopt_spec};
        adopt.adopt_spec = (struct adopt_spec){made->base.name, snapshots[i]};
        if (!shop_does(shop, &adopt))
            fail_msg("%s", shop->decision.refusal);
    }
}

static void order_shop_close(struct order_shop *shop)
{
    state_close(&shop->state);
    buffer_free(&shop->said);
    arena_free(&shop->arena);
    for (int i = 0; i < SHOP_SPECS; i++)
        compiled_close(&shop->compiled[i]);
}

/* Imports, and does all commands that it gave. */
static void take_file(struct order_shop *shop, const char *text, size_t length,
                      const struct import_options *options)
{
    static const struct import_options none;
    buffer_clear(&shop->said);
    shop->events = 0;
    orders_import(&shop->state, text, length, options ? options : &none, &shop->arena,
                  &shop->result);
    findings_print(&shop->said, &shop->result.findings, "f", 1000);
    for (int i = 0; i < shop->result.command_count; i++)
        if (!shop_does(shop, &shop->result.commands[i]))
            fail_msg("%s", shop->decision.refusal);
}

static void take_text(struct order_shop *shop, const char *text)
{
    take_file(shop, text, strlen(text), NULL);
}

static const struct order_line *line_of(struct order_shop *shop, const char *order,
                                        const char *line)
{
    return state_line(&shop->state, intern_text(&shop->state.names, order),
                      intern_text(&shop->state.names, line));
}

static const struct order *order_named(struct order_shop *shop, const char *name)
{
    return state_order(&shop->state, intern_text(&shop->state.names, name));
}

#endif
