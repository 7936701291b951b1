/* Events that no engine would make: any kind, any names, any numbers, in any order. The genealogy takes them as far as they
   go, and everything it then knows can be traced in every format. FLOW_ROUNDS says how many shops (25 if unsaid). */
#include "trace/trace_hold.h"
#include "trace/trace_write.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static uint64_t chance_state = 2463534242123456789u;

static int chance(int below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (int)((chance_state >> 11) % (uint64_t)below);
}

static const char *any_text(struct interner *names)
{
    static const char *const texts[] = {
        "",           "a",      "b",    "b/1", "c\"\\\n\033[2J", "scrap",    "done",
        "quarantine", "reject", "=1+1", "{}",  "[1,2]",          "\xc3\xbc", "{\"city\":3}"};
    return intern_text(names, texts[chance((int)(sizeof texts / sizeof *texts))]);
}

static int64_t any_whole(const char *field)
{
    static const int64_t far[] = {-1, INT64_MIN, INT64_MAX, INT32_MAX, INT32_MIN, 1000000000};
    bool makes_units =
        strcmp(field, "count") == 0; /* a hundred million units are too many for a test */
    return chance(8) || makes_units ? chance(70) : far[chance(6)];
}

static struct message any_event(struct interner *names)
{
    struct message event = {
        .kind = (enum message_kind)(COMMAND_COUNT + chance(MESSAGE_COUNT - COMMAND_COUNT)),
        .by = any_text(names)};
    const struct message_row *row = &message_rows[event.kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].whole)
            event.cells[i].whole = any_whole(row->fields[i].name);
        else
            event.cells[i].text = any_text(names);
    return event;
}

static void write_all(const struct genealogy *model, struct trace_subject subject)
{
    struct trace trace;
    struct failure failure;
    trace_open(&trace, model, subject);
    for (int i = 0; i < trace_format_count; i++) {
        struct buffer out = {0};
        if (strcmp(trace_formats[i].name, "svg") == 0)
            continue; /* DOT, laid out: not for hundreds of times */
        assert_true(
            trace_write(&trace, trace_formats[i].name, &(struct trace_options){0}, &out, &failure));
        if (strcmp(trace_formats[i].name, "json") == 0 ||
            strcmp(trace_formats[i].name, "epcis") == 0) {
            json_t *json = json_loadb(out.text, out.length, JSON_REJECT_DUPLICATES, NULL);
            assert_non_null(json);
            json_decref(json);
        }
        buffer_free(&out);
    }
    if (subject.thing->kind == THING_LOT) {
        struct buffer out = {0};
        hold_add_text(&trace, &out);
        hold_add_csv(&trace, &out);
        buffer_clear(&out);
        hold_add_json(&trace, &out);
        json_t *json = json_loadb(out.text, out.length, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        json_decref(json);
        buffer_free(&out);
    }
    trace_close(&trace);
}

static void trace_all(const struct genealogy *model)
{
    for (int kind = 0; kind < THING_KINDS; kind++)
        for (int32_t i = 0; i < model->things[kind].count; i++) {
            const struct thing *thing = model->things[kind].all[i];
            write_all(model, (struct trace_subject){thing, 0});
            if (kind == THING_BATCH && ((const struct batch_trace *)thing)->unit_count)
                write_all(model, (struct trace_subject){thing, 1});
        }
}

static void anything_is_taken(void **unused)
{
    const char *text = getenv("FLOW_ROUNDS");
    long rounds = text ? strtol(text, NULL, 10) : 25;
    (void)unused;
    for (long round = 0; round < rounds; round++) {
        struct arena arena = {0};
        struct interner names;
        struct genealogy model;
        interner_open(&names, &arena);
        genealogy_open(&model, &names);
        for (int i = 1; i <= 20 + 5 * (round % 40); i++) {
            struct message event = any_event(&names);
            genealogy_apply(&model, i, 1000 * i, &event);
        }
        trace_all(&model);
        genealogy_close(&model);
        interner_close(&names);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(anything_is_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
