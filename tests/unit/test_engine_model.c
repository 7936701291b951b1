/* Random commands over specs of the contract, one that has every rule, and random ones, beside a second reckoning: units are
   conserved, none passes what it has not passed, bounds are kept, production waits for its release, and a repeat that would be
   made otherwise until that is accepted; nothing of a held lot is packed or goes out, no more is shipped than was ordered, and
   the events read again give the same state. FLOW_COMMANDS says how many commands (100000 if unsaid). */
#include "engine/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "random_commands.h"
#include "replays.h"
#include "scratch.h"
#include "shadow.h"

#define state random_state /* it calls its own so */
#include "random_workflow.h"
#undef state

static const char *const paths[] = {
    "tests/unit/specs/all_rules.flow",     "tests/contract/desk-hook/desk_hook.flow",
    "tests/contract/bracket/bracket.flow", "tests/contract/figurine/figurine.flow",
    "tests/contract/cases/ok_13.flow",     "tests/contract/cases/ok_25.flow",
    "tests/contract/cases/cost_04.flow",
};
enum { PATH_COUNT = sizeof paths / sizeof *paths, GENERATED = 13, SESSION = 5000 };
enum { SPEC_COUNT = PATH_COUNT + GENERATED };

/* ---- what must hold of the state by itself, and beside the second reckoning ---- */

static void hold_batch(const struct batch *batch, const struct shadow_batch *shadow)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    int32_t under_way = 0, spare = 0, standing[SHADOW_STEPS] = {0};

    assert_int_equal(batch->unit_count, shadow->count); /* conserved: none more, none less */
    assert_int_equal(batch->started, shadow->started);
    for (int32_t u = 1; u <= batch->unit_count; u++) {
        const struct piece *unit = &batch->units[u - 1];
        const struct shadow_unit *other = &shadow->units[u - 1];
        int32_t holds = 0;
        assert_int_equal(unit->at, other->at);
        assert_int_equal(unit->stood, other->stood);
        assert_true(!unit->parcel == !other->parcel);
        assert_true(unit->at == PLACE_WAITING ? !batch->started : batch->started);
        under_way += unit->at != PLACE_DONE && unit->at != PLACE_SCRAP;
        spare += unit->at == PLACE_DONE && !unit->line && batch->purpose == PURPOSE_PRODUCTION;
        if (unit->at >= 0)
            standing[unit->at]++;
        for (const struct lot_share *share = batch->shares; share; share = share->next_of_batch)
            holds += share->lot->held && share_has(share, u);
        assert_int_equal(unit->holds, holds);
        assert_true(!unit->holds || unit->at != PLACE_DONE ||
                    (unit->parcel && unit->parcel->shipped));
    }
    if (!batch->cancelled)
        assert_int_equal(under_way, batch->under_way);
    assert_true(!batch->closed || !batch->under_way);
    assert_int_equal(batch->spare, spare);
    assert_int_equal(batch->open.thing == batch, !batch->closed || spare);
    for (int s = 0; s < workflow->step_count; s++) {
        const struct batch_lot *lot = &batch->steps[s].lot;
        int32_t came = 0, unchecked = 0;
        for (int32_t u = 1; batch->started && u <= batch->unit_count; u++) {
            const struct finding *finding = unit_finding(batch, u, s);
            const struct piece *unit = &batch->units[u - 1];
            came += unit_was_at(batch, u, s);
            unchecked += finding && !finding->alone &&
                         finding->judged != check_bits(workflow->steps[s]) &&
                         (unit->at == s || unit->stood == s);
        }
        assert_int_equal(batch->steps[s].standing, standing[s]);
        assert_int_equal(lot->came, came);
        assert_int_equal(lot->unchecked, unchecked);
        assert_true(lot->to_come >= 0 && lot->defective >= 0 && lot->checked >= 0);
    }
}

static void hold_lines(const struct state *state, struct shadow *shadow)
{
    for (int i = 0; i < state->lines.count; i++) {
        const struct order_line *line = state->lines.things[i];
        const struct shadow_line *other = shadow_line(shadow, line->order, line->line);
        int64_t in_batches = 0, packed = 0;
        for (int b = 0; b < state->batches.count; b++) {
            const struct batch *batch = state->batches.things[b];
            for (int32_t u = 0; !batch->cancelled && u < batch->unit_count; u++) {
                const struct piece *unit = &batch->units[u];
                in_batches += unit->line == line && unit->at != PLACE_SCRAP;
                packed += unit->line == line && unit->parcel && !unit->parcel->shipped;
            }
        }
        assert_int_equal(line->in_batches, in_batches);
        assert_int_equal(line->packed, packed);
        assert_int_equal(line->shipped, other->shipped);
        assert_true(line->packed + line->shipped <= line->count - line->cancelled);
        assert_true(line_owed(line) >= 0);
        assert_int_equal(line->open.thing == line, line_owed(line) > 0);
    }
}

static void hold_invariants(const struct trial *shop, struct shadow *shadow)
{
    for (int i = 0; i < shop->state.batches.count; i++) {
        const struct batch *batch = shop->state.batches.things[i];
        hold_batch(batch, shadow_batch(shadow, batch->name));
    }
    hold_lines(&shop->state, shadow);
    for (int i = 0; i < shop->state.jobs.count; i++) {
        const struct job *job = shop->state.jobs.things[i];
        bool over = job->stage == JOB_DONE || job->stage == JOB_CANCELLED;
        assert_int_equal(job->open.thing == job, !over);
    }
}

/* ---- the run ---- */

static void see(struct trial *shop, struct shadow *shadow)
{
    for (int i = 0; i < shop->decision.count; i++)
        shadow_see(shadow, &shop->decision.events[i], shop);
}

struct totals {
    long accepted, passed, shipped, quarantined, judged, split, waited;
};

static void prepare_shop(struct trial *shop, struct shadow *shadow, struct commander *on)
{
    trial_people(shop); /* anna signs as whoever the spec asks for */
    assert_true(
        ask(shop, "{'command':'admit_person','by':'owner','person':'anna','roles':'admin'}"));
    assert_true(ask(shop, "{'command':'adopt_spec','product':'%s','snapshot':'snapshot-1'}",
                    shop->revisions[0].product));
    for (int i = 0; i < 2 * on->tracked_count; i++) {
        assert_true(
            ask(shop, "{'command':'receive_lot','lot':'L-%d','what':'%s'}", i, on->tracked[i / 2]));
        see(shop, shadow);
    }
    for (int i = 0; i < 8; i++) {
        assert_true(ask(shop,
                        "{'command':'take_line','order':'O-%d','line':'%d','product':'%s',"
                        "'sku':'%s','count':%d}",
                        i % 5, i / 5, shop->revisions[0].product, any_sku(on), 5 + 3 * i));
        see(shop, shadow);
    }
    assert_true(ask(shop,
                    "{'command':'open_batch','batch':'B-0','product':'%s',"
                    "'purpose':'sample'}",
                    shop->revisions[0].product));
    see(shop, shadow);
}

static void run_session(struct trial_spec *spec, uint64_t seed, long commands,
                        struct totals *totals)
{
    struct trial_spec two[] = {*spec, *spec};
    struct trial shop;
    struct commander on;
    struct shadow shadow = {.batches = calloc(SHADOW_BATCHES, sizeof *shadow.batches)};
    two[1].snapshot = "snapshot-2"; /* the same, said to be another lane */
    two[1].lane.hex[0] = spec->lane.hex[0] == '0' ? '1' : '0';
    trial_open(&shop, two, 2);
    commander_open(&on, &shop, seed);
    prepare_shop(&shop, &shadow, &on);
    for (long i = 0; i < commands; i++) {
        struct message command = any_command(&on);
        bool accepted = trial_do(&shop, &command);
        if (accepted)
            see(&shop, &shadow);
        assert_true(accepted || shop.decision.refusal[0]);
        totals->waited += !accepted && strstr(shop.decision.refusal, "would differ from unit");
        totals->accepted += accepted && shop.decision.count;
        if (i % 100 == 0)
            hold_invariants(&shop, &shadow);
        arena_clear(&shop.arena);
    }
    hold_invariants(&shop, &shadow);
    replays(&shop);
    totals->passed += shadow.passed;
    totals->shipped += shadow.shipped;
    totals->quarantined += shadow.quarantined;
    totals->judged += shadow.judged;
    totals->split += shadow.split;
    free(shadow.batches);
    trial_close(&shop);
}

/* A workflow at random that can be read, whatever the checker would say of it; with its ends missing, as it may be. */
static void generate(struct trial_spec *spec, int number)
{
    char name[32];
    struct buffer text = {0};
    snprintf(name, sizeof name, "random-%d.flow", number);
    random_state = 0x9e3779b97f4a7c15u + 31337 * (uint64_t)number;
    struct random_workflow workflow = random_workflow();
    for (int i = 0; i < workflow.count; i++) /* what must be said */
        for (int o = 0; o < OUTCOME_COUNT; o++)
            if ((o == OUTCOME_REJECT || o == OUTCOME_REFUSE) && workflow.steps[i].to[o] == UNSAID &&
                kind_rows[workflow.steps[i].kind].outcomes & 1u << o)
                workflow.steps[i].to[o] = SCRAP;
    write_workflow(&text, &workflow);
    scratch_write(name, text.text);
    buffer_free(&text);
    trial_spec_open(spec, "snapshot-1", scratch_path(name));
}

static void random_commands_break_nothing(void **unused)
{
    (void)unused;
    const char *text = getenv("FLOW_COMMANDS");
    long commands = text ? strtol(text, NULL, 10) : 100000;
    struct trial_spec specs[SPEC_COUNT];
    struct totals totals = {0};
    for (int i = 0; i < PATH_COUNT; i++)
        trial_spec_open(&specs[i], "snapshot-1", paths[i]);
    for (int i = 0; i < GENERATED; i++)
        generate(&specs[PATH_COUNT + i], i);
    for (long done = 0, session = 0; done < commands; done += SESSION, session++) {
        const void *numbers = rational_mark();
        run_session(&specs[session % SPEC_COUNT], 88172645463325252u + 7919 * (uint64_t)session,
                    SESSION, &totals);
        rational_release_since(numbers);
    }
    for (int i = 0; i < SPEC_COUNT; i++)
        compiled_close(&specs[i].compiled);
    print_message(
        "of %ld commands %ld did something: %ld units passed a step, %ld lots were judged, "
        "%ld units came into quarantine by a hold or a correction, %ld were shipped; %ld batches "
        "were split, and %ld times a repeat waited\n",
        commands, totals.accepted, totals.passed, totals.judged, totals.quarantined, totals.shipped,
        totals.split, totals.waited);
    assert_true(totals.accepted > commands / 10);
    assert_true(totals.passed > commands / 30 && totals.judged && totals.quarantined &&
                totals.shipped && totals.split && totals.waited);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_commands_break_nothing)};
    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
