/* The engine: the desk hook's run as a shop would make it, what is refused and by which line; people, orders, parcels,
   lots on hold, corrections, and the approval that a change voids. */
#include "engine/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "desk_hook_run.h"
#include "scratch.h"

static struct trial_spec hooks[2]; /* as it is in the contract, and with another bore */

static int open_specs(void **unused)
{
    scratch_open(unused);
    trial_spec_open(&hooks[0], "snapshot-1", "tests/contract/desk-hook/desk_hook.flow");
    char command[1000];
    snprintf(command, sizeof command,
             "cp -r tests/contract/desk-hook %s/hook && sed -i 's/4.10 mm .. 4.50 mm/4.05 mm .. "
             "4.55 mm/' %s/hook/desk_hook.flow",
             scratch, scratch);
    assert_int_equal(system(command), 0);
    trial_spec_open(&hooks[1], "snapshot-2", scratch_path("hook/desk_hook.flow"));
    return 0;
}

static int close_specs(void **unused)
{
    for (int i = 0; i < 2; i++)
        compiled_close(&hooks[i].compiled);
    return scratch_close(unused);
}

static void a_batch_runs(void **unused)
{
    (void)unused;
    struct trial shop;
    trial_open(&shop, hooks, 1);
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
    assert_int_equal(state_batch(&shop.state, name_in(&shop, "B-1"))->units[6].at, PLACE_SCRAP);
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
    trial_close(&shop);
}

/* ---- an approval that a change voids ---- */

static void another_bore_waits_for_approval(void **unused)
{
    (void)unused;
    struct trial shop;
    trial_open(&shop, hooks, 2);
    prepare(&shop);
    sample_and_approve(&shop);
    DO("{'command':'open_batch','batch':'B-1','product':'desk_hook','purpose':'production'}");
    DO("{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':8}");
    DO("{'command':'adopt_spec','product':'desk_hook','snapshot':'snapshot-2'}");
    DO("{'command':'start_batch','batch':'B-1'}"); /* it keeps the revision it was opened with */
    DO("{'command':'open_batch','batch':'B-2','product':'desk_hook','purpose':'production'}");
    DO("{'command':'add_units','batch':'B-2','sku':'DH-100-black-small','count':8}");
    REFUSED("bore of part hook: 4.2 mm (4.10 mm .. 4.50 mm) critical", "desk_hook.flow:145",
            "{'command':'start_batch','batch':'B-2'}");
    assert_non_null(strstr(shop.decision.refusal, "-> 4.2 mm (4.05 mm .. 4.55 mm) critical"));
    assert_non_null(strstr(shop.decision.refusal, "anna approved revision snapshot-1"));
    REFUSED("since anna approved revision snapshot-1: dimension bore of part hook", ":144",
            "{'command':'approve_sample','product':'desk_hook','name':'pp_sample','meaning':'x'}");
    trial_close(&shop);
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

/* ---- events from elsewhere ---- */

/* What names nothing that is there is refused, with a reason; the others begin something new. */
static void nonsense_does_not_fit(void **unused)
{
    (void)unused;
    static const enum message_kind beginnings[] = {
        EVENT_person_admitted, EVENT_lot_received, EVENT_order_described,
        EVENT_line_ordered,    EVENT_line_held,    EVENT_issue_opened,
        EVENT_plate_emptied,   EVENT_plate_filled, EVENT_slot_loaded};
    struct trial shop;
    trial_open(&shop, hooks, 1);
    for (int kind = COMMAND_COUNT; kind < MESSAGE_COUNT; kind++) {
        struct message event = {.kind = (enum message_kind)kind, .by = name_in(&shop, "")};
        struct failure failure = {""};
        bool begins = false;
        for (int i = 0; i < message_rows[kind].field_count; i++)
            if (message_rows[kind].fields[i].whole)
                event.cells[i].whole = 1;
            else
                event.cells[i].text = name_in(&shop, "nothing");
        for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
            begins |= (int)beginnings[i] == kind;
        bool fits = event_fits(&shop.state, &event, &failure);
        if (fits != begins || (!fits && !failure.message[0]))
            fail_msg("%s: %d %s", message_rows[kind].name, fits, failure.message);
    }
    trial_close(&shop);
}

/* ---- the page for colleagues ---- */

static void add_row(struct buffer *out, enum message_kind kind)
{
    const struct message_row *row = &message_rows[kind];
    buffer_addf(out, "| `%s` | %s | ", row->name, row->summary);
    if (!message_is_event(kind))
        buffer_addf(out, "%s | ", command_roles(kind));
    for (int i = 0; i < row->field_count; i++)
        buffer_addf(out, "%s%s%s", i ? ", " : "", row->fields[i].name,
                    row->fields[i].whole ? " #" : "");
    buffer_add_text(out, " |\n");
}

/* docs/engine.md ends with the messages as they are; FLOW_TABLES=FILE writes them there, to be put in its place. */
static void the_page_has_every_message(void **unused)
{
    (void)unused;
    struct buffer table = {0};
    char page[70000];
    FILE *file = fopen("docs/engine.md", "r");
    size_t length = file ? fread(page, 1, sizeof page - 1, file) : 0;
    const char *wanted = getenv("FLOW_TABLES");
    if (file)
        fclose(file);
    page[length] = '\0';
    buffer_add_text(&table,
                    "## Commands\n| command | what for | who | fields |\n|---|---|---|---|\n");
    for (int kind = 0; kind < COMMAND_COUNT; kind++)
        add_row(&table, (enum message_kind)kind);
    buffer_add_text(&table, "\n## Events\n| event | what happened | fields |\n|---|---|---|\n");
    for (int kind = COMMAND_COUNT; kind < MESSAGE_COUNT; kind++)
        add_row(&table, (enum message_kind)kind);
    if (wanted && (file = fopen(wanted, "w"))) {
        fputs(table.text, file);
        fclose(file);
    }
    if (!strstr(page, table.text))
        fail_msg("docs/engine.md does not end with the messages as they are");
    buffer_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_read_as_written),    cmocka_unit_test(a_batch_runs),
        cmocka_unit_test(another_bore_waits_for_approval), cmocka_unit_test(nonsense_does_not_fit),
        cmocka_unit_test(the_page_has_every_message),
    };
    return cmocka_run_group_tests(tests, open_specs, close_specs);
}
