/* The record of a batch: a desk hook's run with all that can happen to it, and one of 500 units with names from right to
   left. What the record says is compared with what was done. FLOW_KEEP, a folder, keeps the pages to look at. */
#include "base/file.h"
#include "engine/decide.h"
#include "trace/record_json.h"
#include "trace/record_pages.h"
#include "trace/record_zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "compiled.h"
#include "recorded.h"
#include "scratch.h"

static const char hook[] = "tests/contract/desk-hook/desk_hook.flow";

static bool lacks(const struct record *record, const char *text)
{
    for (int i = 0; i < record->lacks.count; i++)
        if (strstr(record->lacks.rows[i].text, text))
            return true;
    return false;
}

static void keep_pages(struct record *record, enum paper paper, const char *name)
{
    struct failure failure;
    char path[512];
    if (!getenv("FLOW_KEEP"))
        return;
    snprintf(path, sizeof path, "%s/%s.pdf", getenv("FLOW_KEEP"), name);
    assert_true(record_write_pages(record, paper, path, &failure));
}

static struct record_step *step_of(struct trial *shop, const char *name)
{
    struct record_step *step = record_step_of(&shop->record, name);
    assert_non_null(step);
    return step;
}

static void went(struct trial *shop, const char *name, int64_t good, int64_t again, int64_t held,
                 int64_t scrapped)
{
    const struct record_yield *yield = &step_of(shop, name)->yield;
    assert_int_equal(yield->ways[WAY_GOOD], good);
    assert_int_equal(yield->ways[WAY_AGAIN], again);
    assert_int_equal(yield->ways[WAY_HELD], held);
    assert_int_equal(yield->ways[WAY_SCRAPPED], scrapped);
    assert_int_equal(yield->entered, good + again + held + scrapped + yield->there);
}

static void is_percent(struct rational ratio, const char *text)
{
    struct buffer out = {0};
    rational_print_fixed(&out, rational_multiply(ratio, rational_integer(100)), 2);
    assert_string_equal(buffer_text(&out), text);
    buffer_free(&out);
}

static bool has_unit(const struct record_ranges *ranges, int64_t unit)
{
    for (int i = 0; i < ranges->count; i++)
        if (unit >= ranges->rows[i].first && unit < ranges->rows[i].first + ranges->rows[i].count)
            return true;
    return false;
}

/* Which lot went into which unit is the engine's to say: the record says the same. */
static void lots_are_the_engines(struct trial *shop)
{
    const struct batch *batch = state_batch(&shop->state, shop->record.name);
    for (const struct lot_share *share = batch->shares; share; share = share->next_of_batch)
        for (int64_t unit = 1; unit <= shop->record.unit_count; unit++) {
            bool has = false;
            for (int i = 0; i < shop->record.step_count; i++)
                for (int j = 0; j < shop->record.steps[i].lots.count; j++) {
                    const struct record_lot *lot = &shop->record.steps[i].lots.rows[j];
                    has |= lot->lot->lot == share->lot->name && has_unit(&lot->units, unit);
                }
            if (has != share_has(share, unit))
                fail_msg("lot %s, unit %lld", share->lot->name, (long long)unit);
        }
}

static void units_are_where_the_engine_has_them(struct trial *shop)
{
    static const struct {
        int at;
        const char *name;
    } places[] = {{PLACE_DONE, "done"}, {PLACE_SCRAP, "scrap"}, {PLACE_QUARANTINE, "quarantine"}};
    const struct batch *batch = state_batch(&shop->state, shop->record.name);
    assert_int_equal(shop->record.unit_count, batch->unit_count);
    for (int32_t i = 0; i < batch->unit_count; i++) {
        const char *name = "waiting";
        if (batch->units[i].at >= 0)
            name = batch->revision->made->workflow->steps[batch->units[i].at]->base.name;
        for (int j = 0; j < 3; j++)
            if (places[j].at == batch->units[i].at)
                name = places[j].name;
        assert_string_equal(shop->record.units[i].place, name);
    }
}

static void check_hooks(struct trial *shop)
{
    struct record *record = &shop->record;
    assert_string_equal(record_state(record), "closed");
    assert_string_equal(record_number(record), "DH-100");
    went(shop, "plate", 24, 0, 0, 0);
    went(shop, "screen", 23, 1, 0, 1);
    went(shop, "touch_up", 1, 0, 0, 0);
    went(shop, "inserts", 22, 0, 1, 0);
    went(shop, "out", 22, 0, 0, 0);
    is_percent(step_of(shop, "screen")->yield.good_expected, "93.50");
    is_percent(step_of(shop, "inserts")->yield.good_expected, "99.00");
    assert_int_equal(record->yield.ways[WAY_GOOD], 22);
    assert_int_equal(record->yield.ways[WAY_SCRAPPED], 2);
    assert_int_equal(record->orders.count, 1);
    assert_int_equal(record->orders.rows[0]->here, 20);
    assert_string_equal(record->orders.rows[0]->customer, "Bench and Bed");
    assert_int_equal(record->parcels.count, 1);
    assert_string_equal(record->parcels.rows[0]->tracking, "9400100000000000000000");
    assert_int_equal(record->people.count, 2);
    /* what was corrected, and what stood behind the start */
    assert_int_equal(record->corrections.count, 1);
    assert_string_equal(record->corrections.rows[0].before, "4.02");
    assert_string_equal(record->corrections.rows[0].after, "4.20");
    assert_string_equal(record->corrections.rows[0].reason, "digits turned round");
    assert_int_equal(record->corrections.rows[0].unit, 3);
    assert_int_equal(record->signatures.count, 1);
    assert_string_equal(record->signatures.rows[0].role, "quality");
    assert_int_equal(record->trials.count, 1);
    assert_true(record->trials.rows[0]->stands);
    assert_int_equal(record->trials.rows[0]->finished, 12);
    assert_int_equal(record->held.count, 1);
    assert_string_equal(record->held.rows[0].to, "scrap");
}

static void check_results(struct trial *shop)
{
    const struct record_check *bore = &step_of(shop, "screen")->checks.rows[2];
    assert_string_equal(bore->name, "hook.bore");
    assert_int_equal(bore->limits.count, 1);
    assert_string_equal(bore->limits.rows[0].lower, "4.1");
    assert_string_equal(bore->limits.rows[0].upper, "4.5");
    assert_string_equal(bore->limits.rows[0].unit, "mm");
    assert_int_equal(bore->results.count, 26); /* 24, a correction, and 7 once more */
    const struct record_result *third = &bore->results.rows[bore->latest[3] - 1];
    assert_string_equal(third->value, "4.20");
    assert_true(third->good);
    assert_int_equal(bore->results.rows[bore->latest[7] - 1].round, 2);
    const struct record_sample *sample = &step_of(shop, "final")->samples.rows[0];
    assert_int_equal(step_of(shop, "final")->samples.count, 1);
    assert_int_equal(sample->size, 22);
    assert_int_equal(sample->n, 13); /* AQL 1.0, level II, a lot of 22: the arrow leads to 13 */
    assert_int_equal(sample->ac, 0);
    assert_true(sample->accepted);
}

static void check_lacks(const struct record *record)
{
    static const char *const there[] = {"no machine recorded for Print",
                                        "nobody said when Print was begun",
                                        "how much of lot IN-2 went in is not said",
                                        "who supplied lot IN-2 is not said",
                                        "issue I-1 is answered and not closed",
                                        "no lot of Tissue sheet is kept"};
    static const char *const none[] = {"no lot of PLA", "Early screen was begun",
                                       "approval",      "was not judged",
                                       "quarantine",    "not shipped"};
    for (int i = 0; i < 6; i++) {
        if (!lacks(record, there[i]))
            fail_msg("it does not say: %s", there[i]);
        if (lacks(record, none[i]))
            fail_msg("it says: %s", none[i]);
    }
    assert_int_equal(record_lacks_of(record, CLAUSE_EQUIPMENT), 1);
    assert_int_equal(record_lacks_of(record, CLAUSE_CONTAINERS), 0);
}

/* The same record twice gives the same bytes, as JSON and as pages; the JSON can be read. */
static void check_bytes(struct record *record)
{
    struct buffer once = {0}, again = {0};
    struct failure failure;
    char *pages[2];
    size_t lengths[2];
    record_print_json(&once, record);
    record_print_json(&again, record);
    assert_string_equal(once.text, again.text);
    assert_non_null(strstr(once.text, "\"state\":\"closed\""));
    for (int i = 0; i < 2; i++) {
        const char *path = scratch_path(i ? "b.pdf" : "a.pdf");
        assert_true(record_write_pages(record, PAPER_A4, path, &failure));
        assert_int_equal(file_read(path, 10000000, &pages[i], &lengths[i], &failure), FILE_OK);
    }
    assert_int_equal(lengths[0], lengths[1]);
    assert_memory_equal(pages[0], pages[1], lengths[0]);
    assert_memory_equal(pages[0], "%PDF", 4);
    assert_false(record_write_pages(record, PAPER_A4, "/dev/full", &failure));
    free(pages[0]);
    free(pages[1]);
    buffer_free(&once);
    buffer_free(&again);
}

static void the_record_says_what_happened(void **unused)
{
    (void)unused;
    struct trial shop;
    open_shop(&shop, hook, "B-1");
    run_hooks(&shop);
    keep_pages(&shop.record, PAPER_A4, "hooks");
    check_hooks(&shop);
    check_results(&shop);
    check_lacks(&shop.record);
    lots_are_the_engines(&shop);
    units_are_where_the_engine_has_them(&shop);
    check_bytes(&shop.record);
    close_shop(&shop);
}

/* ---- what is held, given up, or not there ---- */

static void a_held_lot_takes_units_and_gives_them_back(void **unused)
{
    (void)unused;
    struct trial shop;
    open_shop(&shop, hook, "S-1");
    admit_all(&shop);
    bring_in(&shop);
    print_and_count(&shop, "S-1", 12, "mk4");
    ask(&shop, "'hold_lot','lot':'SP-1','reason':'brittle'");
    ask(&shop, "'dispose_unit','batch':'S-1','unit':5,'to':'scrap','reason':'it broke'");
    ask(&shop, "'free_lot','lot':'SP-1','reason':'only this spool end'");
    assert_true(record_settle(&shop.record));
    went(&shop, "screen", 0, 0, 1, 0);
    assert_int_equal(step_of(&shop, "screen")->yield.there, 11);
    units_are_where_the_engine_has_them(&shop);
    lots_are_the_engines(&shop);
    assert_int_equal(shop.record.held.count, 12);
    assert_string_equal(shop.record.held.rows[4].to, "scrap");
    assert_string_equal(shop.record.held.rows[0].to, "screen");
    assert_int_equal(step_of(&shop, "plate")->lots.rows[0].lot->holds.count, 2);
    assert_true(lacks(&shop.record, "11 units are still on their way"));
    keep_pages(&shop.record, PAPER_A4, "held");
    close_shop(&shop);
}

static void a_batch_may_be_empty_cancelled_or_unknown(void **unused)
{
    (void)unused;
    struct trial shop;
    struct failure failure;
    open_shop(&shop, hook, "B-2");
    admit_all(&shop);
    bring_in(&shop);
    assert_false(record_settle(&shop.record));
    ask(&shop, "'open_batch','batch':'B-2','product':'desk_hook','purpose':'production'");
    ask(&shop, "'cancel_batch','batch':'B-2','reason':'the customer changed it'");
    assert_true(record_settle(&shop.record));
    assert_string_equal(record_state(&shop.record), "cancelled");
    assert_true(record_write_pages(&shop.record, PAPER_LETTER, scratch_path("c.pdf"), &failure));
    close_shop(&shop);
}

/* ---- whatever happens ---- */

static uint64_t chance_state = 88172645463325252u;

static int chance(int below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (int)((chance_state >> 11) % (uint64_t)below);
}

/* A step that units stand at, mostly. */
static const char *likely_step(struct trial *shop, int *unit)
{
    const struct batch *batch = state_batch(&shop->state, shop->record.name);
    const struct workflow *workflow = shop->revision.made->workflow;
    *unit = 1 + chance(12);
    if (batch && *unit <= batch->unit_count && batch->units[*unit - 1].at >= 0 && chance(8))
        return workflow->steps[batch->units[*unit - 1].at]->base.name;
    return workflow->steps[chance(workflow->step_count)]->base.name;
}

/* What may be said at a step: a dimension with a good and a bad value, a check, a lot. */
static const struct {
    const char *step, *part, *name, *good, *bad;
} sayings[] = {{"plate", "lot", "SP-1", "", ""},
               {"plate", "lot", "SP-2", "", ""},
               {"screen", "", "count", "", ""},
               {"screen", "", "surface", "", "warp"},
               {"screen", "hook", "bore", "4.3", "4.6"},
               {"inserts", "lot", "IN-1", "", ""},
               {"inserts", "lot", "IN-2", "", ""},
               {"inserts", "lot", "MA-1", "", ""},
               {"first_piece", "", "fit", "", ""},
               {"final", "cap", "pocket", "10.1", "9"},
               {"final", "hook", "width", "30.1", "31"},
               {"final", "", "pull", "", ""},
               {"box", "", "count", "", ""}};
enum { SAYINGS = sizeof sayings / sizeof *sayings };

static void say(struct trial *shop, const char *step, int unit)
{
    const char *reason = chance(3) ? "" : "misread";
    bool good = chance(12) > 0;
    int i = chance(SAYINGS), tries = 0;
    while (strcmp(sayings[i].step, step) != 0 && tries++ < 50)
        i = chance(SAYINGS);
    if (strcmp(sayings[i].part, "lot") == 0)
        attempt(shop, "'use_lot','batch':'S-1','step':'%s','lot':'%s','amount':'%d','reason':'%s'",
                step, sayings[i].name, chance(3), reason);
    else if (*sayings[i].part)
        attempt(shop,
                "'measure','batch':'S-1','step':'%s','unit':%d,'part':'%s','dimension':'%s',"
                "'value':'%s','reason':'%s'",
                step, unit, sayings[i].part, sayings[i].name,
                good ? sayings[i].good : sayings[i].bad, reason);
    else
        attempt(shop,
                "'judge_check','batch':'S-1','step':'%s','unit':%d,'check':'%s','good':%d,"
                "'defect':'%s','reason':'%s'",
                step, strcmp(sayings[i].name, "count") ? unit : 0, sayings[i].name, good,
                good ? "" : sayings[i].bad, reason);
}

static void any_command(struct trial *shop)
{
    static const char *const lots[] = {"SP-1", "SP-2", "IN-1", "IN-2", "MA-1"};
    static const char *const outcomes[] = {"pass", "pass", "pass",   "pass",   "pass",
                                           "pass", "pass", "rework", "reject", "failure"};
    int unit, what = chance(40);
    const char *step = likely_step(shop, &unit);
    if (what == 0)
        attempt(shop, "'hold_lot','lot':'%s','reason':'because'", lots[chance(5)]);
    else if (what < 3)
        attempt(shop, "'free_lot','lot':'%s','reason':'because'", lots[chance(5)]);
    else if (what < 5)
        attempt(shop, "'begin_step','batch':'S-1','step':'%s','machine':'%s'", step,
                strcmp(step, "plate") ? "" : "mk4");
    else if (what < 7)
        attempt(shop, "'dispose_unit','batch':'S-1','unit':%d,'to':'%s','reason':'because'", unit,
                chance(9) ? "screen" : "scrap");
    else if (what < 20)
        attempt(shop,
                "'leave_step','batch':'S-1','step':'%s','first':%d,'count':%d,'outcome':'%s',"
                "'reason':'seen'",
                step, unit, 1 + (chance(2) ? 0 : chance(6)), outcomes[chance(10)]);
    else
        say(shop, step, unit);
}

static void ways_add_up(const struct trial *shop)
{
    for (int i = 0; i < shop->record.step_count; i++) {
        const struct record_yield *yield = &shop->record.steps[i].yield;
        int64_t sum = yield->there;
        for (int way = 0; way < WAY_COUNT; way++)
            sum += yield->ways[way];
        assert_int_equal(yield->entered, sum);
    }
}

static void records_agree_with_the_engine(void **unused)
{
    (void)unused;
    int64_t corrections = 0, held = 0, ended = 0, lots = 0;
    for (int run = 0; run < 30; run++) {
        struct trial shop;
        struct failure failure;
        struct buffer out = {0};
        open_shop(&shop, hook, "S-1");
        admit_all(&shop);
        bring_in(&shop);
        for (int i = 0; i < 1500; i++)
            any_command(&shop);
        assert_true(record_settle(&shop.record));
        units_are_where_the_engine_has_them(&shop);
        lots_are_the_engines(&shop);
        ways_add_up(&shop);
        record_print_json(&out, &shop.record);
        record_print_text(&out, &shop.record);
        if (run % 10 == 0)
            assert_true(
                record_write_pages(&shop.record, PAPER_A4, scratch_path("x.pdf"), &failure));
        corrections += shop.record.corrections.count;
        held += shop.record.held.count;
        ended += shop.record.yield.ways[WAY_GOOD] + shop.record.yield.ways[WAY_SCRAPPED];
        lots += step_of(&shop, "inserts")->lots.count;
        buffer_free(&out);
        close_shop(&shop);
    }
    assert_true(corrections > 100 && held > 100 && ended > 50 &&
                lots > 30); /* it is no idle test */
}

/* ---- times ---- */

static void is_time(const char *zone, int64_t time_ms, enum zone_form form, const char *expected)
{
    struct failure failure;
    struct buffer text = {0};
    assert_true(zone_set(zone, &failure));
    zone_print(&text, time_ms, form);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void times_say_their_distance_from_utc(void **unused)
{
    (void)unused;
    struct failure failure = {""};
    is_time("UTC", 1795266000345, ZONE_EXACT, "2026-11-21T13:00:00.345+00:00");
    is_time("+05:30", 1795266000345, ZONE_EXACT, "2026-11-21T18:30:00.345+05:30");
    is_time("+05:30", 1795266000345, ZONE_SECONDS, "2026-11-21 18:30:00 +05:30");
    is_time("-03", 1795266000345, ZONE_MINUTES, "2026-11-21 10:00 -03");
    is_time("UTC", -1, ZONE_EXACT, "1969-12-31T23:59:59.999+00:00");
    is_time("UTC", 1795266000345, ZONE_DAY, "2026-11-21");
    if (file_exists("/usr/share/zoneinfo/Europe/Berlin")) { /* the hour that comes twice */
        is_time("Europe/Berlin", 1792889999000, ZONE_SECONDS, "2026-10-25 02:59:59 +02");
        is_time("Europe/Berlin", 1792890000000, ZONE_SECONDS, "2026-10-25 02:00:00 +01");
    }
    static const char *const wrong[] = {"",   "Nowhere", "../etc/passwd", "/etc/passwd",
                                        "+1", "+01:0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(zone_set(wrong[i], &failure));
        assert_non_null(strstr(failure.message, "time zone"));
    }
    assert_true(zone_set("UTC", &failure));
}

/* How many pages a PDF has, as its own tree of pages says. */
static int pages_of(const char *path)
{
    char *bytes;
    size_t length;
    struct failure failure;
    int pages = 0;
    assert_int_equal(file_read(path, 10000000, &bytes, &length, &failure), FILE_OK);
    for (size_t i = 0; i + 11 < length; i++)
        pages += memcmp(bytes + i, "/Type /Page ", 12) == 0;
    free(bytes);
    return pages;
}

static void five_hundred_are_a_few_pages(void **unused)
{
    (void)unused;
    struct trial shop;
    struct failure failure;
    scratch_write("rings.flow", rings);
    open_shop(&shop, scratch_path("rings.flow"), "R-1");
    run_rings(&shop);
    keep_pages(&shop.record, PAPER_LETTER, "rings");
    went(&shop, "all", 495, 0, 0, 5);
    const struct record_step *all = step_of(&shop, "all"), *plate = step_of(&shop, "plate");
    assert_int_equal(all->checks.rows[0].limits.count, 1);
    assert_int_equal(all->checks.rows[1].limits.count, 2); /* low and high are asked otherwise */
    assert_string_equal(all->checks.rows[1].limits.rows[1].skus, "RG-1-high");
    assert_int_equal(plate->lots.count, 2);
    assert_true(plate->lots.rows[0].replaced);
    assert_int_equal(plate->lots.rows[1].units.rows[0].count, 500);
    assert_int_equal(shop.record.corrections.count, 2); /* the lot, and the nozzle */
    assert_int_equal(plate->settings.count, 3);
    assert_true(plate->settings.rows[0].replaced);
    assert_string_equal(plate->settings.rows[0].unit, "degC");
    assert_string_equal(plate->settings.rows[2].title, "Humidity in the dry box");
    assert_int_equal(shop.record.signatures.count, 1);
    assert_true(lacks(&shop.record, "nobody checked at Measure all who had not done Print"));
    units_are_where_the_engine_has_them(&shop);
    lots_are_the_engines(&shop);
    assert_true(record_write_pages(&shop.record, PAPER_LETTER, scratch_path("r.pdf"), &failure));
    assert_in_range(pages_of(scratch_path("r.pdf")), 5, 12);
    close_shop(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_record_says_what_happened),
        cmocka_unit_test(a_held_lot_takes_units_and_gives_them_back),
        cmocka_unit_test(a_batch_may_be_empty_cancelled_or_unknown),
        cmocka_unit_test(records_agree_with_the_engine),
        cmocka_unit_test(times_say_their_distance_from_utc),
        cmocka_unit_test(five_hundred_are_a_few_pages),
    };
    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
