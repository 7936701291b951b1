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

#include "compiled.h"
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

struct trial {
    struct compiled compiled;
    struct arena arena;
    struct interner names;
    struct revision revision;
    struct actuals actuals;
    struct actuals_changes changes;
    int64_t sequence, time_ms;
};

static void happens(struct trial *trial, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void happens(struct trial *trial, const char *format, ...)
{
    struct buffer text = {0};
    struct message event;
    struct failure failure;
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(&text, format, arguments);
    va_end(arguments);
    for (char *c = text.text; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (!message_read(text.text, text.length, true, &trial->names, &event, &failure))
        fail_msg("%s\n%s", text.text, failure.message);
    buffer_free(&text);
    actuals_event(++trial->sequence, trial->time_ms, &event, &trial->actuals);
}

static void open_trial(struct trial *trial)
{
    static const struct actuals_options all;
    memset(trial, 0, sizeof *trial);
    scratch_write("cup.flow", spec);
    compiled_open(&trial->compiled, scratch_path("cup.flow"));
    interner_open(&trial->names, &trial->arena);
    trial->revision = (struct revision){.snapshot = intern_text(&trial->names, "one"),
                                        .product = intern_text(&trial->names, "cup"),
                                        .spec = trial->compiled.spec,
                                        .made = trial->compiled.spec->products[0]};
    actuals_open(&trial->actuals, &trial->revision, &all);
    happens(trial, "{'event':'batch_opened','batch':'B','product':'cup','snapshot':'one','purpose':"
                   "'production'}");
    happens(trial, "{'event':'units_added','batch':'B','sku':'C-small','count':60}");
    happens(trial, "{'event':'batch_started','batch':'B'}");
}

static void close_trial(struct trial *trial)
{
    actuals_close(&trial->actuals);
    interner_close(&trial->names);
    arena_free(&trial->arena);
    compiled_close(&trial->compiled);
}

/* Sixty units one by one, so many seconds each; those from `good` on leave by the other outcome. */
static void work(struct trial *trial, const char *step, int seconds, int good,
                 const char *otherwise)
{
    happens(trial, "{'event':'step_begun','by':'anna','batch':'B','step':'%s'}", step);
    for (int i = 1; i <= 60; i++) {
        trial->time_ms += seconds * 1000;
        happens(trial,
                "{'event':'units_left','by':'anna','batch':'B','step':'%s','first':%d,'count':1,"
                "'outcome':'%s','to':'done','reason':'stain'}",
                step, i, i <= good ? "pass" : otherwise);
    }
}

static void list(struct trial *trial)
{
    actuals_reckon(&trial->actuals);
    actuals_list_changes(&trial->actuals, &trial->arena, &trial->changes);
}

static void assert_change(const struct trial *trial, int i, const char *step, const char *before,
                          const char *after, const char *obstacle)
{
    if (i >= trial->changes.count)
        fail_msg("only %d changes", trial->changes.count);
    const struct actuals_change *change = &trial->changes.items[i];
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
    open_trial(&trial);
    work(&trial, "plain", 180, 60, "");
    work(&trial, "mixed", 180, 60, "");
    work(&trial, "summed", 60, 60, "");
    work(&trial, "named", 80, 60, "");
    work(&trial, "cased", 40, 60, "");
    work(&trial, "lines", 70, 60, "");
    work(&trial, "shared", 24, 60, "");
    work(&trial, "look", 5, 60, ""); /* as said */
    list(&trial);
    assert_int_equal(trial.changes.count, 8);
    assert_change(&trial, 0, "plain", "1.5 min", "3 min", "");
    assert_change(&trial, 1, "mixed", "1 min 30 s", "3 min", "");
    assert_change(&trial, 2, "summed", "3 * 10 s", "60 s", "");
    assert_change(&trial, 3, "named", "slow", "80 s", "");
    assert_change(&trial, 4, "cased", "20 s", "40 s", ""); /* none of the large were made */
    assert_change(&trial, 5, "lines", "10 s", "20 s", "");
    assert_change(&trial, 6, "lines", "25 s", "50 s", "");
    assert_change(&trial, 7, "shared", "12 s", "24 s", "it counts for mug too");
    assert_int_equal(actuals_patch(&trial.actuals, &trial.changes, scratch, &patch), 7);
    assert_null(strstr(patch.text, "Polish"));
    assert_non_null(strstr(patch.text, "+++ b/cup.flow\n"));
    buffer_clear(&patch);
    assert_int_equal(actuals_patch(&trial.actuals, &trial.changes, "elsewhere", &patch), 0);
    assert_int_equal(patch.length, 0);
    buffer_free(&patch);
    close_trial(&trial);
}

static void ways_get_an_expectation(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial);
    work(&trial, "twice", 10, 51, "failure");
    work(&trial, "look", 5, 57, "rework");
    work(&trial, "plain", 90, 57, "failure"); /* no line says where to */
    list(&trial);
    assert_int_equal(trial.changes.count, 2);
    assert_change(&trial, 0, "twice", "", " expect 15%", "");
    assert_change(&trial, 1, "look", "", " expect 5%", "");
    close_trial(&trial);
}

/* What is put in compiles, and counts. */
static void what_is_put_in_compiles(void **unused)
{
    struct trial trial;
    struct actuals_price *prices;
    struct failure failure = {""};
    (void)unused;
    open_trial(&trial);
    work(&trial, "twice", 10, 30, "failure");
    list(&trial);
    assert_change(&trial, 0, "twice", "", " expect 50%", "");
    assert_int_equal(
        actuals_prices(&trial.actuals, &trial.changes, NULL, &trial.arena, &prices, &failure), 2);
    assert_true(prices[0].spec.valid && prices[0].measured.valid && prices[0].patched.valid);
    /* what stands before and at the step is done twice for each good cup: 327 s of it, by 24 USD/h */
    struct buffer more = {0};
    rational_print_exact(&more,
                         rational_subtract(prices[0].measured.unit_cost, prices[0].spec.unit_cost));
    assert_string_equal(more.text, "2.18");
    buffer_free(&more);
    close_trial(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_as_they_were),
        cmocka_unit_test(ways_get_an_expectation),
        cmocka_unit_test(what_is_put_in_compiles),
    };
    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
