/* The engine: the desk hook's run as a shop would make it, what is refused and by which line, and random commands that
   may do what they like and never lose a unit. FLOW_COMMANDS says how many of those (20000 if unsaid). */
#include "engine/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "compiled.h"

struct trial {
    struct compiled compiled;
    struct revision revision;
    struct state state;
    struct arena arena;
    const char *by;
    struct decision decision;
    struct buffer record; /* the events, a line each */
    int64_t time_ms;
};

static const struct revision *find_revision_of(const char *snapshot, const char *product,
                                               void *data)
{
    (void)product;
    struct trial *shop = data;
    return strcmp(snapshot, shop->revision.snapshot) == 0 ? &shop->revision : NULL;
}

static const char *name_in(struct state *state, const char *text)
{
    return intern_text(&state->names, text);
}

static void open_revision(struct trial *shop, struct state *state)
{
    const struct product *made = shop->compiled.spec->products[0];
    shop->revision = (struct revision){.snapshot = name_in(state, "snapshot-1"),
                                       .product = name_in(state, made->base.name),
                                       .number = name_in(state, "C"),
                                       .fingerprint = name_in(state, "fingerprint-1"),
                                       .spec = shop->compiled.spec,
                                       .made = made};
    shop->revision.graphs = ARENA_ARRAY(&shop->compiled.arena, struct graph *, made->sku_count);
}

static void open_shop(struct trial *shop, const char *path)
{
    *shop = (struct trial){.time_ms = 1000};
    compiled_open(&shop->compiled, path);
    state_open(&shop->state, find_revision_of, shop);
    open_revision(shop, &shop->state);
    shop->by = "anna";
}

static void close_shop(struct trial *shop)
{
    state_close(&shop->state);
    buffer_free(&shop->record);
    arena_free(&shop->arena);
    compiled_close(&shop->compiled);
}

/* Asks, and does what was decided; whether it was accepted. */
static bool ask(struct trial *shop, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool ask(struct trial *shop, const char *format, ...)
{
    struct buffer text = {0};
    struct message command;
    struct failure failure;
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(&text, format, arguments);
    va_end(arguments);
    for (char *c = text.text; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (!message_read(text.text, text.length, false, &shop->state.names, &command, &failure))
        fail_msg("%s\n%s", text.text, failure.message);
    buffer_free(&text);
    if (!*command.by)
        command.by = name_in(&shop->state, shop->by);
    decide(&shop->state, &command, &shop->arena, &shop->decision);
    for (int i = 0; shop->decision.accepted && i < shop->decision.count; i++) {
        apply(&shop->state, &shop->decision.events[i], ++shop->time_ms);
        message_write(&shop->record, &shop->decision.events[i]);
        buffer_add_char(&shop->record, '\n');
    }
    return shop->decision.accepted;
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

static const char hook[] = "tests/contract/desk-hook/desk_hook.flow";

/* Adopted, with its lots. */
static void prepare(struct trial *shop)
{
    static const char *const lots[][2] = {{"SP-1", "pla_black"},
                                          {"SP-2", "pla_white"},
                                          {"IN-1", "m3_insert"},
                                          {"MA-1", "magnet_10x3"}};
    assert_true(
        ask(shop, "{'command':'admit_person','by':'owner','person':'owner','roles':'admin'}"));
    assert_true(ask(shop, "{'command':'admit_person','by':'owner','person':'anna','roles':'planner,"
                          "quality,operator'}"));
    assert_true(
        ask(shop, "{'command':'adopt_spec','product':'desk_hook','snapshot':'snapshot-1'}"));
    for (size_t i = 0; i < sizeof lots / sizeof *lots; i++)
        assert_true(ask(shop, "{'command':'receive_lot','lot':'%s','what':'%s','amount':'1'}",
                        lots[i][0], lots[i][1]));
}

static void leave(struct trial *shop, const char *batch, const char *step, int first, int count,
                  const char *outcome)
{
    if (!ask(shop,
             "{'command':'leave_step','batch':'%s','step':'%s','first':%d,'count':%d,"
             "'outcome':'%s','reason':'%s'}",
             batch, step, first, count, outcome, strcmp(outcome, "pass") ? "seen" : ""))
        fail_msg("%s of %s: %s (%s)", step, batch, shop->decision.refusal, shop->decision.place);
}

static void judge(struct trial *shop, const char *batch, const char *step, int unit,
                  const char *check)
{
    if (!ask(shop,
             "{'command':'judge_check','batch':'%s','step':'%s','unit':%d,'check':'%s','good':1}",
             batch, step, unit, check))
        fail_msg("%s: %s (%s)", check, shop->decision.refusal, shop->decision.place);
}

static void measure(struct trial *shop, const char *batch, const char *step, int unit,
                    const char *part, const char *dimension, const char *value)
{
    if (!ask(shop,
             "{'command':'measure','batch':'%s','step':'%s','unit':%d,'part':'%s','dimension':'%s',"
             "'value':'%s'}",
             batch, step, unit, part, dimension, value))
        fail_msg("%s: %s (%s)", dimension, shop->decision.refusal, shop->decision.place);
}

static void use(struct trial *shop, const char *batch, const char *step, const char *lot)
{
    if (!ask(shop, "{'command':'use_lot','batch':'%s','step':'%s','lot':'%s','amount':'1'}", batch,
             step, lot))
        fail_msg("%s: %s (%s)", lot, shop->decision.refusal, shop->decision.place);
}

static void screen(struct trial *shop, const char *batch, int unit, const char *bore)
{
    judge(shop, batch, "screen", unit, "surface");
    measure(shop, batch, "screen", unit, "hook", "bore", bore);
}

/* From the batch step to behind the early screen's checks: all units stand at the screen, unchecked. */
static void print_all(struct trial *shop, const char *batch, int count)
{
    leave(shop, batch, "collect", 1, count, "pass");
    use(shop, batch, "plate", "SP-1");
    assert_true(
        ask(shop, "{'command':'begin_step','batch':'%s','step':'plate','machine':'mk4'}", batch));
    leave(shop, batch, "plate", 1, count, "pass");
    judge(shop, batch, "screen", 0, "count");
}

/* From behind the screen to the parcel. */
static void finish_all(struct trial *shop, const char *batch, int first, int count)
{
    leave(shop, batch, "cleanup", first, count, "pass");
    use(shop, batch, "inserts", "IN-1");
    use(shop, batch, "inserts", "MA-1");
    leave(shop, batch, "inserts", first, count, "pass");
    judge(shop, batch, "first_piece", first, "fit");
    leave(shop, batch, "first_piece", first, count, "pass");
    for (int i = first; i < first + count; i++) {
        measure(shop, batch, "final", i, "cap", "pocket", "10.1");
        measure(shop, batch, "final", i, "hook", "width", "30.2");
        judge(shop, batch, "final", i, "pull");
    }
    leave(shop, batch, "final", first, count, "pass");
    judge(shop, batch, "box", 0, "count");
    leave(shop, batch, "box", first, count, "pass");
    leave(shop, batch, "out", first, count, "pass");
}

static void sample_and_approve(struct trial *shop_at)
{
    struct trial *shop = shop_at;
    assert_true(ask(
        shop, "{'command':'open_batch','batch':'S-1','product':'desk_hook','purpose':'sample'}"));
    assert_true(
        ask(shop, "{'command':'add_units','batch':'S-1','sku':'DH-100-black-small','count':12}"));
    assert_true(ask(shop, "{'command':'start_batch','batch':'S-1'}"));
    print_all(shop, "S-1", 12);
    for (int i = 1; i <= 12; i++)
        screen(shop, "S-1", i, "4.3");
    leave(shop, "S-1", "screen", 1, 12, "pass");
    finish_all(shop, "S-1", 1, 12);
    assert_true(state_batch(&shop->state, name_in(&shop->state, "S-1"))->closed);
    assert_true(ask(shop, "{'command':'approve_sample','product':'desk_hook','name':'pp_sample','"
                          "meaning':'as drawn'}"));
}

static void a_batch_runs(void **unused)
{
    (void)unused;
    struct trial shop;
    open_shop(&shop, hook);
    prepare(&shop);
    DO("{'command':'take_line','order':'1001','line':'1','product':'desk_hook','sku':'DH-100-black-"
       "small','count':10}");
    DO("{'command':'take_line','order':'1001','line':'1','product':'desk_hook','sku':'DH-100-black-"
       "small','count':10}");
    assert_int_equal(shop.decision.count, 0); /* the same once more changes nothing */
    DO("{'command':'take_line','order':'1001','line':'2','product':'desk_hook','sku':'DH-100-blue',"
       "'count':1}");
    assert_int_equal(shop.decision.events[0].kind, EVENT_line_held);
    DO("{'command':'open_batch','batch':'B-1','product':'desk_hook','purpose':'production'}");
    DO("{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':10,'order':'1001','"
       "line':'1'}");
    REFUSED("are in batches already", "",
            "{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':1,'order':'"
            "1001','line':'1'}");
    REFUSED(
        "is held", "",
        "{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':1,'order':'1001','"
        "line':'2'}");
    REFUSED("grouped by material", "desk_hook.flow:42",
            "{'command':'add_units','batch':'B-1','sku':'DH-100-white-small','count':2}");
    REFUSED("at most 24", "desk_hook.flow:43",
            "{'command':'add_units','batch':'B-1','sku':'DH-100-black-large','count':15}");
    REFUSED("waits for the approval pp_sample", "desk_hook.flow:145",
            "{'command':'start_batch','batch':'B-1'}");
    REFUSED("0 are finished", "desk_hook.flow:144",
            "{'command':'approve_sample','product':'desk_hook','name':'pp_sample','meaning':'x'}");
    sample_and_approve(&shop);
    DO("{'command':'start_batch','batch':'B-1'}");
    print_all(&shop, "B-1", 10);
    for (int i = 1; i <= 8; i++)
        screen(&shop, "B-1", i, i == 7 ? "4.51" : "4.10");
    REFUSED("defective", "",
            "{'command':'leave_step','batch':'B-1','step':'screen','first':7,'count':1,'outcome':'"
            "pass'}");
    REFUSED("unit 9 is not inspected", "desk_hook.flow:65",
            "{'command':'leave_step','batch':'B-1','step':'screen','first':9,'count':1,'outcome':'"
            "pass'}");
    screen(&shop, "B-1", 9, "4.2");
    screen(&shop, "B-1", 10, "4.5");
    REFUSED("say why", "",
            "{'command':'leave_step','batch':'B-1','step':'screen','first':7,'count':1,'outcome':'"
            "rework'}");
    leave(&shop, "B-1", "screen", 7, 1, "rework");
    leave(&shop, "B-1", "touch_up", 7, 1, "pass");
    screen(&shop, "B-1", 7, "4.51");
    REFUSED("went by rework 1 times already", "desk_hook.flow:71",
            "{'command':'leave_step','batch':'B-1','step':'screen','first':7,'count':1,'outcome':'"
            "rework','reason':'x'}");
    leave(&shop, "B-1", "screen", 7, 1, "reject");
    assert_int_equal(state_batch(&shop.state, name_in(&shop.state, "B-1"))->units[6].at,
                     PLACE_SCRAP);
    leave(&shop, "B-1", "screen", 1, 6, "pass");
    leave(&shop, "B-1", "screen", 8, 3, "pass");
    leave(&shop, "B-1", "cleanup", 1, 6, "pass");
    leave(&shop, "B-1", "cleanup", 8, 3, "pass");
    REFUSED("which lot of m3_insert", "desk_hook.flow:89",
            "{'command':'leave_step','batch':'B-1','step':'inserts','first':1,'count':6,'outcome':'"
            "pass'}");
    use(&shop, "B-1", "inserts", "IN-1");
    use(&shop, "B-1", "inserts", "MA-1");
    DO("{'command':'hold_lot','lot':'IN-1','reason':'supplier calls'}");
    REFUSED("lot IN-1 is on hold", "",
            "{'command':'leave_step','batch':'B-1','step':'inserts','first':1,'count':6,'outcome':'"
            "pass'}");
    DO("{'command':'free_lot','lot':'IN-1','reason':'tested'}");
    leave(&shop, "B-1", "inserts", 1, 6, "pass");
    leave(&shop, "B-1", "inserts", 8, 3, "pass");
    REFUSED("0 of 1 are inspected", "desk_hook.flow:110",
            "{'command':'leave_step','batch':'B-1','step':'first_piece','first':1,'count':6,'"
            "outcome':'pass'}");
    judge(&shop, "B-1", "first_piece", 1, "fit");
    leave(&shop, "B-1", "first_piece", 1, 6, "pass");
    leave(&shop, "B-1", "first_piece", 8, 3, "pass");
    close_shop(&shop);
}

/* ---- random commands ---- */

static uint64_t chance_state = 88172645463325252u;

static int chance(int below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (int)((chance_state >> 11) % (uint64_t)below);
}

static const char *one_of(const char *const *words, int count)
{
    return words[chance(count)];
}
#define ONE_OF(...)                                                                                \
    one_of((const char *const[]){__VA_ARGS__},                                                     \
           (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static const char *any_step(void)
{
    return ONE_OF("collect", "plate", "screen", "touch_up", "cleanup", "inserts", "first_piece",
                  "final", "box", "out", "nowhere");
}

static bool any_command(struct trial *shop)
{
    char batch[16];
    snprintf(batch, sizeof batch, "B-%d", chance(6));
    int unit = chance(14), count = 1 + chance(12);
    const char *step = any_step();
    switch (chance(16)) {
    case 0:
        return ask(shop,
                   "{'command':'open_batch','batch':'%s','product':'desk_hook','purpose':'%s'}",
                   batch, ONE_OF("sample", "production"));
    case 1:
        return ask(shop, "{'command':'add_units','batch':'%s','sku':'DH-100-%s','count':%d}", batch,
                   ONE_OF("black-small", "black-large", "white-small", "blue"), count);
    case 2:
        return ask(shop, "{'command':'start_batch','batch':'%s'}", batch);
    case 3:
        return ask(shop, "{'command':'use_lot','batch':'%s','step':'%s','lot':'%s'}", batch, step,
                   ONE_OF("SP-1", "SP-2", "IN-1", "MA-1", "XX"));
    case 4:
        return ask(shop, "{'command':'%s','lot':'%s','reason':'%s'}",
                   ONE_OF("hold_lot", "free_lot", "free_lot"), ONE_OF("SP-1", "IN-1"),
                   ONE_OF("so", ""));
    case 5:
        return ask(shop,
                   "{'command':'dispose_unit','batch':'%s','unit':%d,'to':'%s','reason':'so'}",
                   batch, unit, ONE_OF("scrap", "screen", "cleanup", "done"));
    case 6:
        return ask(
            shop,
            "{'command':'approve_sample','product':'desk_hook','name':'pp_sample','meaning':'so'}");
    case 7:
    case 8:
        return ask(shop,
                   "{'command':'measure','batch':'%s','step':'%s','unit':%d,'part':'%s','dimension'"
                   ":'%s','value':'%s'}",
                   batch, ONE_OF("screen", "final"), unit, ONE_OF("hook", "cap"),
                   ONE_OF("bore", "width", "pocket"), ONE_OF("4.3", "30", "10.1", "4.6", "many"));
    case 9:
    case 10:
        return ask(shop,
                   "{'command':'judge_check','batch':'%s','step':'%s','unit':%d,'check':'%s','good'"
                   ":%d,'defect':'%s'}",
                   batch, step, chance(3) ? unit : 0, ONE_OF("surface", "count", "fit", "pull"),
                   chance(5) > 0, ONE_OF("warp", ""));
    default:
        return ask(shop,
                   "{'command':'leave_step','batch':'%s','step':'%s','first':%d,'count':%d,'"
                   "outcome':'%s','reason':'%s'}",
                   batch, step, unit, chance(3) ? 1 : count,
                   ONE_OF("pass", "pass", "pass", "failure", "rework", "reject"),
                   ONE_OF("so", "so", ""));
    }
}

/* What must hold whatever was asked. */
static void hold_invariants(struct trial *shop)
{
    for (int i = 0; i < shop->state.batches.count; i++) {
        const struct batch *batch = shop->state.batches.things[i];
        int32_t under_way = 0;
        const struct workflow *workflow = batch->revision->made->workflow;
        for (int32_t u = 0; u < batch->unit_count; u++) {
            const struct piece *unit = &batch->units[u];
            under_way += unit->at != PLACE_DONE && unit->at != PLACE_SCRAP;
            assert_true(unit->at == PLACE_WAITING ? !batch->started : batch->started);
            assert_true(unit->at < workflow->step_count);
            for (int s = 0; unit->passed && s < workflow->step_count; s++) {
                const struct route *rework = step_route(workflow->steps[s], OUTCOME_REWORK);
                if (rework->at_most)
                    assert_true(unit->passed[s * ROUTE_PLACES + (int)ROUTE_PLACE(OUTCOME_REWORK)] <=
                                1);
            }
        }
        assert_int_equal(under_way, batch->under_way);
        assert_true(!batch->closed || !under_way);
        assert_true(batch->purpose == PURPOSE_SAMPLE || !batch->started ||
                    batch->product->releases->approvals);
    }
}

/* Every figure of the state, as text. */
static void describe(struct buffer *out, const struct state *state)
{
    for (int b = 0; b < 6; b++) {
        char name[16];
        snprintf(name, sizeof name, "B-%d", b);
        const char *interned = intern_find(&state->names, name, strlen(name));
        const struct batch *batch = interned ? state_batch(state, interned) : NULL;
        if (!batch)
            continue;
        buffer_addf(out, "%s %d %d %d\n", name, batch->started, batch->closed, batch->under_way);
        for (int32_t u = 0; u < batch->unit_count; u++)
            buffer_addf(out, " %d:%d:%llx:%d", batch->units[u].at, batch->units[u].sku, 0ull, 0);
        for (int s = 0; s < batch->revision->made->workflow->step_count; s++)
            buffer_addf(out, " %d/%d/%d%d%d", batch->steps[s].lot.checked,
                        batch->steps[s].lot.defective, batch->steps[s].counted,
                        batch->steps[s].lot.judged, batch->steps[s].lot.accepted);
        buffer_add_char(out, '\n');
    }
}

/* The record read again gives the same state. */
static void replays(struct trial *shop)
{
    struct state again;
    struct buffer one = {0}, other = {0};
    int64_t time_ms = 1000;
    state_open(&again, find_revision_of, shop);
    struct revision kept = shop->revision;
    open_revision(shop, &again);
    for (char *line = shop->record.text, *end; line && *line; line = end + 1) {
        struct message event;
        struct failure failure;
        end = strchr(line, '\n');
        if (!message_read(line, (size_t)(end - line), true, &again.names, &event, &failure))
            fail_msg("%s", failure.message);
        apply(&again, &event, ++time_ms);
    }
    describe(&one, &shop->state);
    describe(&other, &again);
    assert_string_equal(buffer_text(&one), buffer_text(&other));
    buffer_free(&one);
    buffer_free(&other);
    state_close(&again);
    shop->revision = kept;
}

static void random_commands_lose_nothing(void **unused)
{
    (void)unused;
    const char *text = getenv("FLOW_COMMANDS");
    long commands = text ? strtol(text, NULL, 10) : 20000, accepted = 0;
    for (long done = 0; done < commands; done += 2000) {
        struct trial shop;
        open_shop(&shop, hook);
        prepare(&shop);
        if (done % 4000)
            sample_and_approve(&shop);
        for (long i = 0; i < 2000; i++) {
            accepted += any_command(&shop);
            if (i % 50 == 0)
                hold_invariants(&shop);
            arena_clear(&shop.arena);
        }
        replays(&shop);
        close_shop(&shop);
    }
    assert_true(accepted > commands / 40);
}

static void messages_are_read_as_written(void **unused)
{
    (void)unused;
    static const char *const wrong[] = {
        "",
        "[]",
        "{",
        "{}",
        "{\"event\":3}",
        "{\"event\":\"no_such\"}",
        "{\"event\":\"batch_started\",\"batch\":1}",
        "{\"event\":\"batch_started\",\"by\":1}",
        "{\"event\":\"batch_started\",\"batch\":\"a\",\"batch\":\"b\"}",
        "{\"event\":\"batch_started\",\"lot\":\"a\"}",
        "{\"event\":\"units_added\",\"count\":\"2\"}",
        "{\"event\":\"units_added\",\"count\":2.5}",
        "{\"command\":\"start_batch\",\"batch\":\"a\"}"};
    struct arena arena = {0};
    struct interner names;
    interner_open(&names, &arena);
    for (int kind = COMMAND_COUNT; kind < MESSAGE_COUNT; kind++) {
        struct message message = {.kind = (enum message_kind)kind, .by = "anna \"b\"\n"}, again;
        struct buffer text = {0};
        struct failure failure;
        for (int i = 0; i < message_rows[kind].field_count; i++)
            if (message_rows[kind].fields[i].whole)
                message.cells[i].whole = kind % 3 ? INT64_MAX - i : -i;
            else
                message.cells[i].text = i % 3 ? "\xc3\xa4\\" : "";
        message_write(&text, &message);
        assert_true(message_read(text.text, text.length, true, &names, &again, &failure));
        assert_int_equal(again.kind, kind);
        assert_string_equal(again.by, message.by);
        for (int i = 0; i < message_rows[kind].field_count; i++)
            if (message_rows[kind].fields[i].whole)
                assert_int_equal(again.cells[i].whole, message.cells[i].whole);
            else
                assert_string_equal(again.cells[i].text, message.cells[i].text);
        buffer_free(&text);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct message message;
        struct failure failure = {""};
        assert_false(message_read(wrong[i], strlen(wrong[i]), true, &names, &message, &failure));
        assert_true(failure.message[0] != '\0');
    }
    interner_close(&names);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_read_as_written),
        cmocka_unit_test(a_batch_runs),
        cmocka_unit_test(random_commands_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
