/* Which numbers of a spec are changed, and how they are written: literals in their units, sums, names, cases of an axis,
   what two products share, and ways nothing was expected of. */
#include "trace/actuals_change.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "actuals_trial.h"
#include "scratch.h"

/* SEVEN is timed at twice what it says, whatever that is. */
static const char spec[] =
    "edition 1\n"
    "shop s \"S\" { currency USD; week 40 h }\n"
    "station bench \"Bench\" { rate 24 USD/h }\n"
    "let slow = 40 s\n"
    "item lid \"Lid\" { cost 0.10 USD }\n"
    "standard polish \"Polish\" {\n"
    "  do \"Polish.\" { time 12 s }\n"
    "  accept \"It shines.\"\n"
    "}\n"
    "product cup \"Cup\" { number \"C\"; revision 1; contains lid x 1; variant size small, large "
    "}\n"
    "product mug \"Mug\" { number \"M\"; revision 1; contains lid x 1; variant size small, large "
    "}\n"
    "workflow cup {\n"
    "  finish plain \"Plain\"   { at bench; time 1.5 min per unit }\n"
    "  finish mixed \"Mixed\"   { at bench; time 1 min 30 s }\n"
    "  finish summed \"Summed\" { at bench; time 3 * 10 s }\n"
    "  finish named \"Named\"   { at bench; time slow }\n"
    "  finish cased \"Cased\"   { at bench; time by size: small -> 20 s, large -> 30 s }\n"
    "  finish lines \"Lines\"   { at bench; do \"One.\" { time 10 s }; do \"Two.\" { time 25 s } "
    "}\n"
    "  finish shared \"Shared\" { at bench; using polish }\n"
    "  finish twice \"Twice\"   { at bench; time 10 s; failure -> scrap }\n"
    "  inspect look \"Look\"    {\n"
    "    at bench\n"
    "    sample all\n"
    "    check clean \"No stain.\"\n"
    "    time 5 s\n"
    "    rework -> twice at most 1\n"
    "    reject -> scrap\n"
    "  }\n"
    "}\n"
    "workflow mug {\n"
    "  finish rub \"Rub\" { at bench; using polish }\n"
    "}\n"
    "price cup { sell 10 -> 9.00 USD }\n";

static struct arena arena;
static struct actuals_changes changes;
static double now; /* seconds */

static void open_cups(struct trial *trial)
{
    scratch_write("cup.flow", spec);
    open_trial(trial, scratch_path("cup.flow"), "cup", NULL);
    begin_batch(trial, now = 0, "B", "C-small", 60);
}

static void close_cups(struct trial *trial)
{
    arena_free(&arena);
    close_trial(trial);
}

/* Sixty units one by one, so many seconds each; those from `good` on leave by the other outcome. */
static void work(struct trial *trial, const char *step, int seconds, int good,
                 const char *otherwise)
{
    begin(trial, now, "anna", "B", step);
    for (int i = 1; i <= 60; i++)
        leave(trial, now += seconds, "anna", "B", step, i, 1, i <= good ? "pass" : otherwise);
}

static void list(struct trial *trial)
{
    actuals_reckon(&trial->actuals);
    actuals_list_changes(&trial->actuals, &arena, &changes);
}

static void assert_change(int i, const char *step, const char *before, const char *after,
                          const char *obstacle)
{
    if (i >= changes.count)
        fail_msg("only %d changes", changes.count);
    const struct actuals_change *change = &changes.items[i];
    assert_string_equal(change->step->step->base.name, step);
    assert_string_equal(change->before, before);
    assert_string_equal(change->after, after);
    assert_true(change->firm);
    assert_string_equal(change->obstacle ? change->obstacle : "", obstacle);
}

static void times_are_written_as_they_were(void **unused)
{
    struct trial trial;
    struct buffer patch = {0};
    (void)unused;
    open_cups(&trial);
    work(&trial, "plain", 180, 60, "");
    work(&trial, "mixed", 180, 60, "");
    work(&trial, "summed", 60, 60, "");
    work(&trial, "named", 80, 60, "");
    work(&trial, "cased", 40, 60, "");
    work(&trial, "lines", 70, 60, "");
    work(&trial, "shared", 24, 60, "");
    work(&trial, "look", 5, 60, ""); /* as said */
    list(&trial);
    assert_int_equal(changes.count, 8);
    assert_change(0, "plain", "1.5 min", "3 min", "");
    assert_change(1, "mixed", "1 min 30 s", "3 min", "");
    assert_change(2, "summed", "3 * 10 s", "60 s", "");
    assert_change(3, "named", "slow", "80 s", "");
    assert_change(4, "cased", "20 s", "40 s", ""); /* none of the large were made */
    assert_change(5, "lines", "10 s", "20 s", "");
    assert_change(6, "lines", "25 s", "50 s", "");
    assert_change(7, "shared", "12 s", "24 s", "it counts for mug too");
    assert_int_equal(actuals_patch(&trial.actuals, &changes, scratch, &patch), 7);
    assert_null(strstr(patch.text, "Polish"));
    assert_non_null(strstr(patch.text, "+++ b/cup.flow\n"));
    buffer_clear(&patch);
    assert_int_equal(actuals_patch(&trial.actuals, &changes, "elsewhere", &patch), 0);
    assert_int_equal(patch.length, 0);
    buffer_free(&patch);
    close_cups(&trial);
}

static void ways_get_an_expectation(void **unused)
{
    struct trial trial;
    (void)unused;
    open_cups(&trial);
    work(&trial, "twice", 10, 51, "failure");
    work(&trial, "look", 5, 57, "rework");
    work(&trial, "plain", 90, 57, "failure"); /* no line says where to */
    list(&trial);
    assert_int_equal(changes.count, 2);
    assert_change(0, "twice", "", " expect 15%", "");
    assert_change(1, "look", "", " expect 5%", "");
    close_cups(&trial);
}

/* What is put in compiles, and counts. */
static void what_is_put_in_compiles(void **unused)
{
    struct trial trial;
    struct actuals_price *prices;
    struct failure failure = {""};
    (void)unused;
    open_cups(&trial);
    work(&trial, "twice", 10, 30, "failure");
    list(&trial);
    assert_change(0, "twice", "", " expect 50%", "");
    assert_int_equal(actuals_prices(&trial.actuals, &changes, NULL, &arena, &prices, &failure), 2);
    assert_true(prices[0].spec.valid && prices[0].measured.valid && prices[0].patched.valid);
    /* what stands before and at the step is done twice for each good cup: 327 s of it, by 24 USD/h */
    struct buffer more = {0};
    rational_print_exact(&more,
                         rational_subtract(prices[0].measured.unit_cost, prices[0].spec.unit_cost));
    assert_string_equal(more.text, "2.18");
    buffer_free(&more);
    close_cups(&trial);
}

/* ---- the desk hook: its patch, its prices ---- */

/* Firm: the screen takes 27 s, the cleanup twice as long, a seventh is reworked. Not firm: ten plates' failures. */
static void make_changes(struct trial *trial)
{
    open_trial(trial, "tests/contract/desk-hook/desk_hook.flow", "desk_hook", NULL);
    begin_batch(trial, 0, "B-1", "DH-100-black-small", 100);
    begin(trial, 0, "anna", "B-1", "screen");
    begin(trial, 0, "ben", "B-1", "cleanup");
    for (int i = 1; i <= 100; i++) {
        leave(trial, 27 * i, "anna", "B-1", "screen", i, 1, i % 7 ? "pass" : "rework");
        leave(trial, 110 * i, "ben", "B-1", "cleanup", i, 1, "pass");
    }
    leave(trial, 50, "carl", "B-1", "plate", 1, 8, "pass");
    leave(trial, 50, "carl", "B-1", "plate", 9, 2, "failure");
    actuals_reckon(&trial->actuals);
}

static const char expected_patch[] =
    "--- a/desk_hook.flow\n"
    "+++ b/desk_hook.flow\n"
    "@@ -66,9 +66,9 @@\n"
    "     check   count \"Parts on the tray match the traveler.\"\n"
    "     check   surface none of stringing, layer_shift, warp\n"
    "     check   hook.bore\n"
    "-    time    20 s per unit\n"
    "+    time    27 s per unit\n"
    "     pass   -> cleanup\n"
    "-    rework -> touch_up at most 1 expect 5%\n"
    "+    rework -> touch_up at most 1 expect 14%\n"
    "     reject -> scrap expect 1.5%\n"
    "   }\n"
    " \n"
    "--- a/shop.flow\n"
    "+++ b/shop.flow\n"
    "@@ -69,11 +69,11 @@\n"
    " standard deburr_a \"Deburr, class A\" {\n"
    "   do \"Snap off the brim and any support; cut the nibs flush.\" {\n"
    "     tool  \"Flush cutter\"\n"
    "-    time  25 s\n"
    "+    time  50 s\n"
    "   }\n"
    "   do \"Break the sharp edges with two light passes of the scraper.\" {\n"
    "     tool  \"Deburring blade\"\n"
    "-    time  30 s\n"
    "+    time  60 s\n"
    "   }\n"
    "   accept  \"No burr catches a fingernail drawn along any edge.\"\n"
    "   reject  \"A scratch that can be seen at arm's length.\"\n";

static void the_patch_has_what_is_firm(void **unused)
{
    struct trial trial;
    struct buffer patch = {0};

    (void)unused;
    make_changes(&trial);
    actuals_list_changes(&trial.actuals, &arena, &changes);
    assert_int_equal(actuals_patch(&trial.actuals, &changes, "tests/contract/desk-hook", &patch),
                     4);
    assert_string_equal(buffer_text(&patch), expected_patch);
    buffer_free(&patch);
    close_cups(&trial);
}

/* Labour of the screen and the cleanup, by hand: what else they do to it, the end-to-end test reckons with flowc. */
static void prices_are_reckoned_anew(void **unused)
{
    struct trial trial;
    struct actuals_price *prices;
    struct failure failure = {""};

    (void)unused;
    make_changes(&trial);
    actuals_list_changes(&trial.actuals, &arena, &changes);
    int count = actuals_prices(&trial.actuals, &changes, NULL, &arena, &prices, &failure);
    assert_string_equal(failure.message, "");
    assert_int_equal(count, 4 * 3);
    assert_string_equal(prices[0].sku, "DH-100-black-small");
    assert_is(prices[0].quantity, "10");
    assert_is(prices[2].quantity, "250");
    for (int i = 0; i < count; i++) {
        assert_true(prices[i].spec.valid && prices[i].measured.valid && prices[i].patched.valid);
        assert_true(rational_compare(prices[i].spec.unit_cost, prices[i].patched.unit_cost) < 0);
        assert_true(rational_compare(prices[i].patched.unit_cost, prices[i].measured.unit_cost) <
                    0); /* the failures of the print count there, too */
        assert_true(rational_compare(prices[i].spec.margin, prices[i].measured.margin) > 0);
        assert_true(rational_equal(prices[i].spec.price, prices[i].measured.price));
    }
    close_cups(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_as_they_were),
        cmocka_unit_test(ways_get_an_expectation),
        cmocka_unit_test(what_is_put_in_compiles),
        cmocka_unit_test(the_patch_has_what_is_firm),
        cmocka_unit_test(prices_are_reckoned_anew),
    };
    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
