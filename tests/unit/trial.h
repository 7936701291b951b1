/* A shop for tests of the engine: a state, the specs it goes by, and commands as text. Include it after cmocka.h. */
#ifndef FLOW_TEST_TRIAL_H
#define FLOW_TEST_TRIAL_H

#include "emit/emit.h"
#include "engine/decide.h"

#include "compiled.h"
#include "message_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A spec with the name of its snapshot, and what the fingerprint of its first product is of. */
struct trial_spec {
    struct compiled compiled;
    const char *snapshot;
    struct fingerprint_fields fields, lane;
};

static void trial_spec_open(struct trial_spec *spec, const char *snapshot, const char *path)
{
    struct failure failure;
    compiled_open(&spec->compiled, path);
    spec->snapshot = snapshot;
    assert_true(product_fingerprint_fields(spec->compiled.spec, spec->compiled.spec->products[0],
                                           &spec->compiled.arena, &spec->fields, &failure));
    assert_true(product_lane_fields(spec->compiled.spec, spec->compiled.spec->products[0],
                                    &spec->compiled.arena, &spec->lane, &failure));
}

enum { TRIAL_SPECS_AT_MOST = 4 };

struct trial {
    struct trial_spec *specs; /* more than one trial may go by them */
    int spec_count;
    struct revision revisions[TRIAL_SPECS_AT_MOST]; /* of the first product of each */
    struct state state;
    struct arena arena; /* of the last decision: emptied by whoever asks much */
    const char *by;     /* who asks where the command does not say */
    struct decision decision;
    struct buffer record; /* the events, a line each, where it is kept */
    bool keeps_record;
    int64_t time_ms;
};

static inline const char *name_in(struct trial *shop, const char *text)
{
    return intern_text(&shop->state.names, text);
}

static const struct revision *trial_find(const char *snapshot, const char *product, void *data)
{
    struct trial *shop = data;
    for (int i = 0; i < shop->spec_count; i++)
        if (shop->revisions[i].snapshot == snapshot && shop->revisions[i].product == product)
            return &shop->revisions[i];
    return NULL;
}

static void trial_open(struct trial *shop, struct trial_spec *specs, int count)
{
    *shop = (struct trial){
        .specs = specs, .spec_count = count, .by = "anna", .keeps_record = true, .time_ms = 1000};
    state_open(&shop->state, trial_find, shop);
    for (int i = 0; i < count; i++) {
        const struct product *made = specs[i].compiled.spec->products[0];
        shop->revisions[i] = (struct revision){.snapshot = name_in(shop, specs[i].snapshot),
                                               .product = name_in(shop, made->base.name),
                                               .number = name_in(shop, specs[i].snapshot),
                                               .fingerprint = name_in(shop, specs[i].fields.hex),
                                               .spec = specs[i].compiled.spec,
                                               .made = made,
                                               .fields = &specs[i].fields,
                                               .lane = name_in(shop, specs[i].lane.hex),
                                               .lane_fields = &specs[i].lane};
        shop->revisions[i].graphs =
            ARENA_ARRAY(&shop->state.arena, struct graph *, made->sku_count);
    }
}

static void trial_close(struct trial *shop)
{
    state_close(&shop->state);
    buffer_free(&shop->record);
    arena_free(&shop->arena);
}

/* Asks, and does what was decided; whether it was accepted. */
static bool trial_do(struct trial *shop, struct message *command)
{
    if (!*command->by)
        command->by = name_in(shop, shop->by);
    decide(&shop->state, command, &shop->arena, &shop->decision);
    for (int i = 0; shop->decision.accepted && i < shop->decision.count; i++) {
        struct failure failure;
        if (!event_fits(&shop->state, &shop->decision.events[i], &failure))
            fail_msg("%s", failure.message);
        apply(&shop->state, &shop->decision.events[i], ++shop->time_ms);
        if (!shop->keeps_record)
            continue;
        message_write(&shop->record, &shop->decision.events[i]);
        buffer_add_char(&shop->record, '\n');
    }
    return shop->decision.accepted;
}

/* The same from JSON, with ' for ". */
static bool ask(struct trial *shop, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool ask(struct trial *shop, const char *format, ...)
{
    struct message command;
    va_list arguments;
    va_start(arguments, format);
    read_message(&shop->state.names, false, &command, format, arguments);
    va_end(arguments);
    return trial_do(shop, &command);
}

#define DO(...)                                                                                    \
    do {                                                                                           \
        if (!ask(&shop, __VA_ARGS__))                                                              \
            fail_msg("line %d: %s (%s)", __LINE__, shop.decision.refusal, shop.decision.place);    \
    } while (0)

#define REFUSED(words, place_part, ...)                                                            \
    do {                                                                                           \
        if (ask(&shop, __VA_ARGS__))                                                               \
            fail_msg("line %d: it was accepted", __LINE__);                                        \
        if (!strstr(shop.decision.refusal, words) || !strstr(shop.decision.place, place_part))     \
            fail_msg("line %d: %s (%s)", __LINE__, shop.decision.refusal, shop.decision.place);    \
    } while (0)

/* An owner, and anna, who may do everything but admit people. */
static void trial_people(struct trial *shop)
{
    assert_true(
        ask(shop, "{'command':'admit_person','by':'owner','person':'owner','roles':'admin'}"));
    assert_true(ask(shop, "{'command':'admit_person','by':'owner','person':'anna',"
                          "'roles':'planner,quality,operator'}"));
}

/* Reads the record into a shop that was opened with the same specs. */
static inline void trial_replay(struct trial *again, const struct buffer *record)
{
    for (const char *line = record->text, *end; line && *line; line = end + 1) {
        struct message event;
        struct failure failure;
        end = strchr(line, '\n');
        if (!message_read(line, (size_t)(end - line), true, &again->state.names, &event, &failure))
            fail_msg("%s", failure.message);
        apply(&again->state, &event, ++again->time_ms);
    }
}

#endif
