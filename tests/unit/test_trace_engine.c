/* The genealogy beside the engine's own state: the desk hook's run, and random commands over several specs. Both are made
   of the same events; where units are, whose they are, in which parcel, and which lots are in them must be the same.
   FLOW_COMMANDS says how many commands (20000 if unsaid). */
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "desk_hook_run.h"
#include "random_commands.h"

static void read_record(struct genealogy *model, struct trial *shop)
{
    int64_t sequence = 0;
    struct failure failure;
    genealogy_open(model, &shop->state.names);
    for (const char *line = buffer_text(&shop->record), *end; *line; line = end + 1) {
        struct message event;
        end = strchr(line, '\n');
        if (!message_read(line, (size_t)(end - line), true, &shop->state.names, &event, &failure))
            fail_msg("%s", failure.message);
        sequence++;
        genealogy_apply(model, sequence, 1000 * sequence, &event);
    }
}

/* ---- the same ---- */

static const char *name_of_place(const struct batch *batch, int32_t place)
{
    return place == PLACE_DONE         ? "done"
           : place == PLACE_SCRAP      ? "scrap"
           : place == PLACE_QUARANTINE ? "quarantine"
           : place == PLACE_WAITING    ? "waiting"
                                       : batch->revision->made->workflow->steps[place]->base.name;
}

/* A unit that left nothing yet is at its first step, which events do not name. */
static void same_place(const struct batch *batch, int32_t place, const char *at)
{
    if (!(place >= 0 && strcmp(at, "started") == 0))
        assert_string_equal(at, name_of_place(batch, place));
}

static void same_units(const struct batch *batch, const struct batch_trace *traced)
{
    assert_int_equal(traced->unit_count, batch->cancelled ? 0 : batch->unit_count);
    for (int32_t i = 0; i < traced->unit_count; i++) {
        const struct piece *unit = &batch->units[i];
        const struct unit_trace *other = &traced->units[i];
        same_place(batch, unit->at, other->at);
        assert_int_equal(other->was_at != NULL, unit->stood != PLACE_NONE);
        if (other->was_at)
            same_place(batch, unit->stood, other->was_at);
        assert_int_equal(other->line != NULL, unit->line != NULL);
        assert_true(!unit->line || (other->line->order->name == unit->line->order &&
                                    other->line->line == unit->line->line));
        assert_int_equal(other->parcel != NULL, unit->parcel != NULL);
        assert_true(!unit->parcel || other->parcel->name == unit->parcel->name);
        assert_int_equal(unit_is_shipped(other), unit->parcel && unit->parcel->shipped);
    }
}

static const struct trace_part *part_in(const struct trace *trace, const char *batch)
{
    for (int32_t i = 0; i < trace->part_count; i++)
        if (trace->parts[i].batch->thing.name == batch)
            return &trace->parts[i];
    return NULL;
}

/* How many units something of the lot is in. */
static int64_t same_lot(const struct state *state, const struct genealogy *model,
                        const struct lot *lot)
{
    struct trace_subject subject;
    struct failure failure;
    struct trace trace;
    int64_t units = 0;

    assert_true(trace_find(model, "lot", lot->name, &subject, &failure));
    assert_int_equal(subject.thing->held, lot->held);
    trace_open(&trace, model, subject);
    for (int b = 0; b < state->batches.count; b++) {
        const struct batch *batch = state->batches.things[b];
        const struct lot_share *share = batch_share(batch, lot);
        const struct trace_part *part = part_in(&trace, batch->name);
        for (int32_t unit = 1; unit <= batch->unit_count; unit++)
            if ((share && share_has(share, unit)) != (part && part_has(part, unit)))
                fail_msg("lot %s in unit %s/%d: %s", lot->name, batch->name, unit,
                         part && part_has(part, unit) ? "the trace alone has it"
                                                      : "the engine alone has it");
    }
    units = trace.unit_count;
    trace_close(&trace);
    return units;
}

static int64_t same_shop(struct trial *shop)
{
    struct genealogy model;
    int64_t units = 0;
    read_record(&model, shop);
    for (int b = 0; b < shop->state.batches.count; b++) {
        const struct batch *batch = shop->state.batches.things[b];
        same_units(batch, genealogy_batch(&model, batch->name));
    }
    for (int i = 0; i < shop->state.lots.count; i++)
        units += same_lot(&shop->state, &model, shop->state.lots.things[i]);
    genealogy_close(&model);
    return units;
}

/* ---- the desk hook ---- */

static void the_desk_hook_is_traced_as_it_ran(void **unused)
{
    struct trial_spec spec;
    struct trial shop;
    (void)unused;
    trial_spec_open(&spec, "snapshot-1", "tests/contract/desk-hook/desk_hook.flow");
    trial_open(&shop, &spec, 1);
    prepare(&shop);
    DO("{'command':'receive_lot','lot':'IN-2','what':'m3_insert','amount':'1'}");
    sample_and_approve(&shop);
    DO("{'command':'open_batch','batch':'B-1','product':'desk_hook','purpose':'production'}");
    DO("{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':17}");
    DO("{'command':'start_batch','batch':'B-1'}");
    print_all(&shop, "B-1", 17);
    for (int i = 1; i <= 17; i++)
        screen(&shop, "B-1", i, i == 7 ? "4.51" : "4.10");
    leave(&shop, "B-1", "screen", 7, 1, "reject");
    leave(&shop, "B-1", "screen", 1, 6, "pass");
    leave(&shop, "B-1", "screen", 8, 10, "pass");
    leave(&shop, "B-1", "cleanup", 1, 6, "pass");
    leave(&shop, "B-1", "cleanup", 8, 10, "pass");
    use(&shop, "B-1", "inserts", "IN-1");
    use(&shop, "B-1", "inserts", "MA-1");
    leave(&shop, "B-1", "inserts", 1, 6, "pass");
    use(&shop, "B-1", "inserts", "IN-2");
    leave(&shop, "B-1", "inserts", 8, 10, "pass");
    assert_int_equal(same_shop(&shop), (12 + 17) + (12 + 6) + 10 + (12 + 16));
    DO("{'command':'hold_lot','lot':'IN-2','reason':'cracks'}");
    assert_int_equal(same_shop(&shop), (12 + 17) + (12 + 6) + 10 + (12 + 16));
    trial_close(&shop);
    compiled_close(&spec.compiled);
}

/* ---- random commands ---- */

static const char *const paths[] = {"tests/contract/desk-hook/desk_hook.flow",
                                    "tests/contract/bracket/bracket.flow",
                                    "tests/contract/figurine/figurine.flow"};
enum { PATH_COUNT = sizeof paths / sizeof *paths, SESSION = 4000 };

static int64_t run_session(struct trial_spec *spec, uint64_t seed)
{
    struct trial shop;
    struct commander on;
    trial_open(&shop, spec, 1);
    commander_open(&on, &shop, seed);
    trial_people(&shop);
    DO("{'command':'admit_person','by':'owner','person':'anna','roles':'admin'}");
    DO("{'command':'adopt_spec','product':'%s','snapshot':'snapshot-1'}",
       shop.revisions[0].product);
    for (int i = 0; i < 2 * on.tracked_count; i++)
        DO("{'command':'receive_lot','lot':'L-%d','what':'%s'}", i, on.tracked[i / 2]);
    for (long i = 0; i < SESSION; i++) {
        struct message command = any_command(&on);
        trial_do(&shop, &command);
        arena_clear(&shop.arena);
    }
    int64_t units = same_shop(&shop);
    trial_close(&shop);
    return units;
}

static void random_shops_are_traced_as_the_engine_has_them(void **unused)
{
    const char *text = getenv("FLOW_COMMANDS");
    long commands = text ? strtol(text, NULL, 10) : 20000;
    struct trial_spec specs[PATH_COUNT];
    int64_t units = 0;
    (void)unused;
    for (int i = 0; i < PATH_COUNT; i++)
        trial_spec_open(&specs[i], "snapshot-1", paths[i]);
    for (long done = 0, session = 0; done < commands; done += SESSION, session++) {
        const void *numbers = rational_mark();
        units += run_session(&specs[session % PATH_COUNT], 7046029254386353131u + (uint64_t)done);
        rational_release_since(numbers);
    }
    for (int i = 0; i < PATH_COUNT; i++)
        compiled_close(&specs[i].compiled);
    assert_true(units > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_desk_hook_is_traced_as_it_ran),
        cmocka_unit_test(random_shops_are_traced_as_the_engine_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
