/* Actuals: from events made directly, with times that are known, on the desk hook of the contract.
   `test_actuals FILE` reads events, a line each as "TIME_MS JSON", and prints what was measured, exactly, for
   tests/oracle/check_actuals.py. */
#include "trace/actuals_show.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "actuals_trial.h"

static const char hook[] = "tests/contract/desk-hook/desk_hook.flow";
static const char black[] = "DH-100-black-small";

static void measure(struct trial *trial, double second, const char *batch, int unit,
                    const char *value)
{
    at(trial, second,
       "{'event':'unit_measured','by':'anna','batch':'%s','step':'screen','unit':%d,'part':'hook','"
       "dimension':'bore','value':'%s','within':1}",
       batch, unit, value);
}

static const struct actuals_step *step_of(const struct trial *trial, const char *name)
{
    for (int i = 0; i < trial->actuals.step_count; i++)
        if (strcmp(trial->actuals.steps[i].step->base.name, name) == 0)
            return &trial->actuals.steps[i];
    fail_msg("no step %s", name);
    return NULL;
}

/* ---- times ---- */

/* The screen says 20 s a unit (and no `do` of its own). */
static void each_departure_is_an_observation(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 12);
    begin(&trial, 100, "anna", "B-1", "screen");
    leave(&trial, 130, "anna", "B-1", "screen", 1, 1, "pass");   /* 30 */
    leave(&trial, 150, "anna", "B-1", "screen", 2, 1, "rework"); /* 20 */
    leave(&trial, 240, "anna", "B-1", "screen", 3, 3, "pass");   /* 30, three times */
    leave(&trial, 280, "anna", "B-1", "screen", 6, 1, "reject"); /* 40 */
    actuals_reckon(&trial.actuals);
    const struct actuals_step *screen = step_of(&trial, "screen");
    assert_true(screen->has_time && screen->has_spec && !screen->firm);
    assert_string_equal(screen->basis, "unit");
    assert_int_equal(screen->time_count, 4);
    assert_int_equal(screen->timed_units, 6);
    assert_is(screen->spec_s, "20");
    assert_is(screen->median_s, "30"); /* 20 30 30 30 30 40 */
    assert_is(screen->low_s, "30");
    assert_is(screen->high_s, "30");
    assert_is(screen->factor, "1.5");
    assert_int_equal(trial.actuals.production_batches, 1);
    close_trial(&trial);
}

static void nights_and_other_work_are_no_time(void **unused)
{
    struct trial trial;
    double day = 24 * 3600;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 12);
    begin_batch(&trial, 0, "B-2", black, 12);
    begin(&trial, 100, "anna", "B-1", "screen");
    leave(&trial, 125, "anna", "B-1", "screen", 1, 1, "pass");      /* 25 */
    leave(&trial, day, "anna", "B-1", "screen", 2, 1, "pass");      /* a night: left out */
    leave(&trial, day + 24, "anna", "B-1", "screen", 3, 1, "pass"); /* 24 */
    begin(&trial, day + 60, "anna", "B-2", "screen");
    leave(&trial, day + 86, "anna", "B-2", "screen", 1, 1, "pass");   /* 26 */
    leave(&trial, day + 999, "anna", "B-1", "screen", 4, 1, "pass");  /* was elsewhere */
    leave(&trial, day + 1020, "anna", "B-1", "screen", 5, 1, "pass"); /* 21 */
    leave(&trial, day + 1030, "ben", "B-1", "screen", 6, 1, "pass");  /* never began */
    actuals_reckon(&trial.actuals);
    const struct actuals_step *screen = step_of(&trial, "screen");
    assert_int_equal(screen->time_count, 4);
    assert_int_equal(screen->paused, 1);
    assert_int_equal(screen->unmarked, 2);
    assert_is(screen->median_s, "24.5"); /* 21 24 25 26 */
    assert_is(screen->low_s, "22.5");
    assert_is(screen->high_s, "25.5");
    close_trial(&trial);
}

static void persons_are_timed_apart(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 12);
    begin(&trial, 100, "anna", "B-1", "cleanup");
    begin(&trial, 110, "ben", "B-1", "cleanup");
    leave(&trial, 200, "anna", "B-1", "cleanup", 1, 1, "pass"); /* 100 */
    leave(&trial, 230, "ben", "B-1", "cleanup", 2, 1, "pass");  /* 120 */
    leave(&trial, 310, "anna", "B-1", "cleanup", 3, 1, "pass"); /* 110 */
    actuals_reckon(&trial.actuals);
    const struct actuals_step *cleanup = step_of(&trial, "cleanup");
    assert_int_equal(cleanup->time_count, 3);
    assert_is(cleanup->spec_s, "55"); /* the lines of its standard */
    assert_is(cleanup->median_s, "110");
    assert_is(cleanup->factor, "2");
    close_trial(&trial);
}

/* Whoever works all of them and then sends them on one by one did not do the last in a second. */
static void what_leaves_together_was_timed_together(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 12);
    begin(&trial, 0, "anna", "B-1", "screen");
    for (int i = 1; i <= 10; i++)
        leave(&trial, 290 + i, "anna", "B-1", "screen", i, 1, "pass");
    leave(&trial, 360, "anna", "B-1", "screen", 11, 2, "pass");
    actuals_reckon(&trial.actuals);
    const struct actuals_step *screen = step_of(&trial, "screen");
    assert_int_equal(screen->time_count, 2);
    assert_int_equal(screen->timed_units, 12);
    assert_is(screen->median_s, "30");
    close_trial(&trial);
}

/* collect: 4 min per batch; first_piece: 2 min per sample; out: 45 s per order. */
static void other_bases_are_timed_by_the_batch(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 4);
    begin(&trial, 0, "anna", "B-1", "collect");
    leave(&trial, 300, "anna", "B-1", "collect", 1, 4, "pass");
    begin(&trial, 1000, "anna", "B-1", "first_piece");
    for (int i = 1; i <= 2; i++)
        at(&trial, 1000 + i,
           "{'event':'check_judged','by':'anna','batch':'B-1','step':'first_piece','unit':%d,'"
           "check':'fit','good':1}",
           i);
    leave(&trial, 1180, "anna", "B-1", "first_piece", 1, 4, "pass");
    at(&trial, 1500,
       "{'event':'unit_disposed','batch':'B-1','unit':3,'to':'box','reason':'found again'}");
    begin(&trial, 2000, "anna", "B-1", "out");
    leave(&trial, 2060, "anna", "B-1", "out", 1, 2, "pass"); /* one is still to come */
    actuals_reckon(&trial.actuals);
    const struct actuals_step *collect = step_of(&trial, "collect");
    assert_string_equal(collect->basis, "batch");
    assert_is(collect->spec_s, "240");
    assert_is(collect->median_s, "300");
    assert_is(collect->factor, "1.25");
    const struct actuals_step *first = step_of(&trial, "first_piece");
    assert_string_equal(first->basis, "sample");
    assert_is(first->spec_s, "120");
    assert_is(first->median_s, "90"); /* two pieces in three minutes */
    assert_false(step_of(&trial, "out")->has_time);
    assert_int_equal(step_of(&trial, "plate")->untimed, UNTIMED_KIND);
    close_trial(&trial);
}

/* Twelve observations of 27 s: material against 20 s, without spread. Ten of 21 s are not. */
static void firm_is_enough_and_material(void **unused)
{
    static const struct {
        int count;
        double second;
        bool firm;
    } rows[] = {{12, 27, true}, {9, 27, false}, {12, 21, false}, {12, 18, true}, {12, 19, false}};
    (void)unused;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct trial trial;
        open_trial(&trial, hook, "desk_hook", NULL);
        begin_batch(&trial, 0, "B-1", black, 12);
        begin(&trial, 0, "anna", "B-1", "screen");
        for (int i = 1; i <= rows[r].count; i++)
            leave(&trial, rows[r].second * i, "anna", "B-1", "screen", i, 1, "pass");
        actuals_reckon(&trial.actuals);
        assert_int_equal(step_of(&trial, "screen")->firm, rows[r].firm);
        close_trial(&trial);
    }
    struct trial trial; /* a median 50 % off, but of times that say anything */
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 12);
    begin(&trial, 0, "anna", "B-1", "screen");
    double second = 0;
    for (int i = 1; i <= 12; i++)
        leave(&trial, second += i % 2 ? 6 : 60, "anna", "B-1", "screen", i, 1, "pass");
    actuals_reckon(&trial.actuals);
    assert_is(step_of(&trial, "screen")->factor, "1.65");
    assert_false(step_of(&trial, "screen")->firm);
    close_trial(&trial);
}

/* ---- shares, reasons, lots ---- */

static void shares_and_reasons(void **unused)
{
    struct trial trial;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 100);
    leave(&trial, 10, "anna", "B-1", "screen", 1, 80, "pass");
    leave(&trial, 20, "anna", "B-1", "screen", 81, 17, "rework");
    leave(&trial, 30, "anna", "B-1", "screen", 98, 3, "reject");
    leave(&trial, 40, "anna", "B-1", "screen", 81, 17, "pass"); /* again: another visit */
    leave(&trial, 50, "anna", "B-1", "plate", 1, 10, "failure");
    at(&trial, 60,
       "{'event':'check_judged','by':'anna','batch':'B-1','step':'screen','unit':5,'check':'"
       "surface','defect':'warp'}");
    at(&trial, 61,
       "{'event':'check_judged','by':'anna','batch':'B-1','step':'screen','unit':6,'check':'"
       "surface','defect':'warp'}");
    at(&trial, 62,
       "{'event':'check_judged','by':'anna','batch':'B-1','step':'screen','unit':6,'check':'"
       "surface','good':1}");
    at(&trial, 70,
       "{'event':'lot_judged','batch':'B-1','step':'final','size':100,'sampled':13,'found':1}");
    actuals_reckon(&trial.actuals);
    const struct actuals_step *screen = step_of(&trial, "screen");
    assert_int_equal(screen->left, 117);
    assert_int_equal(screen->shares[OUTCOME_REWORK].count, 17);
    assert_is(screen->shares[OUTCOME_REWORK].expected, "0.05");
    assert_is(screen->shares[OUTCOME_REWORK].measured, "17/117");
    assert_true(screen->shares[OUTCOME_REWORK].firm);
    assert_is(screen->shares[OUTCOME_REJECT].expected, "0.015");
    assert_false(screen->shares[OUTCOME_REJECT].firm);
    assert_is(screen->shares[OUTCOME_PASS].expected, "0.935");
    assert_is(step_of(&trial, "plate")->shares[OUTCOME_FAILURE].expected, "0.04");
    assert_false(step_of(&trial, "plate")->shares[OUTCOME_FAILURE].firm); /* ten units */
    assert_string_equal(screen->reasons->what, "rework");
    assert_string_equal(screen->reasons->text, "stringy");
    assert_int_equal(screen->reasons->count, 17);
    assert_string_equal(screen->reasons->next->what, "reject");
    assert_string_equal(screen->reasons->next->next->text, "warp");
    assert_int_equal(screen->reasons->next->next->count, 1); /* the other was corrected */
    assert_null(screen->reasons->next->next->next);
    const struct actuals_step *final = step_of(&trial, "final");
    assert_true(final->lots == 1 && final->accepted == 0 && final->sampled == 13 &&
                final->found == 1);
    close_trial(&trial);
}

/* What somebody typed does not steer the terminal of who reads it. */
static void typed_texts_are_shown_safely(void **unused)
{
    struct trial trial;
    struct actuals_changes changes = {0};
    struct buffer out = {0};
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 10);
    at(&trial, 10,
       "{'event':'units_left','by':'anna','batch':'B-1','step':'screen','first':1,'count':3,'"
       "outcome':'reject','to':'scrap','reason':'hot\\u001b[2J\\nor \\u009bcold'}");
    actuals_reckon(&trial.actuals);
    actuals_print(&out, &(struct actuals_report){&trial.actuals, &changes, NULL, 0}, false);
    assert_non_null(strstr(out.text, "screen  reject      3  hot [2J or   cold\n"));
    assert_null(strchr(out.text, '\033'));
    assert_non_null(strstr(out.text, "none yet: a time runs from"));
    buffer_free(&out);
    close_trial(&trial);
}

static void options_choose(void **unused)
{
    struct actuals_options options = {.batch = "B-2", .since_ms = 100 * 1000};
    struct trial trial;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", &options);
    begin_batch(&trial, 0, "B-1", black, 4);
    begin_batch(&trial, 0, "B-2", black, 4);
    for (int i = 0; i < 2; i++) {
        leave(&trial, 50, "anna", i ? "B-2" : "B-1", "screen", 1, 1, "pass");
        leave(&trial, 150, "anna", i ? "B-2" : "B-1", "screen", 2, 2, "pass");
    }
    actuals_reckon(&trial.actuals);
    assert_int_equal(step_of(&trial, "screen")->left, 2);
    close_trial(&trial);
}

/* ---- readings ---- */

static void readings_make_a_series(void **unused)
{
    struct trial trial;
    struct failure failure;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    begin_batch(&trial, 0, "B-1", black, 10);
    for (int i = 1; i <= 9; i++)
        measure(&trial, i, "B-1", i, i == 3 ? "4.60" : i % 2 ? "4.30" : "4.32");
    measure(&trial, 20, "B-1", 3, "4.3"); /* a correction */
    leave(&trial, 30, "anna", "B-1", "screen", 4, 1, "rework");
    measure(&trial, 40, "B-1", 4, "4.2"); /* after the rework */
    measure(&trial, 41, "B-1", 10, "4.51");
    char endless[1000] = "4.3"; /* more digits than any gauge has, and than a double holds */
    memset(endless, '9', sizeof endless - 1);
    measure(&trial, 42, "B-1", 9, endless);
    measure(&trial, 43, "B-1", 9, "many");
    actuals_reckon(&trial.actuals);
    const struct actuals_series *bore = actuals_find_series(&trial.actuals, "bore", NULL, &failure);
    assert_non_null(bore);
    assert_string_equal(bore->title, "hook.bore");
    assert_string_equal(bore->unit, "mm");
    assert_int_equal(bore->count, 10);
    assert_int_equal(bore->again, 1);
    assert_int_equal(bore->outside, 1);
    assert_int_equal(bore->places, 2);
    assert_is(bore->lower, "4.1");
    assert_is(bore->upper, "4.5");
    assert_is(bore->readings[2].value, "4.3");
    assert_is(bore->readings[8].value, "4.3");
    assert_true(bore->control.reckoned && bore->control.indicative && !bore->control.grouped);
    assert_true(bore->capability.indicative);
    assert_int_equal(bore->capability.count, 10);
    struct buffer broken = {0};
    actuals_print_broken(&broken, bore);
    assert_non_null(strstr(broken.text, "point 10 (B-1/10), above: beyond three deviations\n"));
    assert_non_null(strstr(broken.text, "range 9 (from B-1/9 to B-1/10), above: beyond three"));
    assert_non_null(strstr(broken.text, "point 8 (B-1/8), below: 8 in a row on one side\n"));
    assert_null(strstr(broken.text, "point 7 "));
    buffer_free(&broken);
    assert_null(actuals_find_series(&trial.actuals, "width", NULL, &failure));
    assert_non_null(strstr(failure.message, "`hook.bore`"));
    close_trial(&trial);
}

/* Eight batches of four: their means, and the deviation within them. */
static void batches_are_subgroups(void **unused)
{
    struct trial trial;
    struct failure failure;
    (void)unused;
    open_trial(&trial, hook, "desk_hook", NULL);
    for (int b = 0; b < 9; b++) {
        char name[16];
        snprintf(name, sizeof name, "B-%d", b);
        begin_batch(&trial, b, name, black, 4);
        for (int i = 1; i <= (b == 4 ? 1 : 4); i++) {
            char value[16];
            snprintf(value, sizeof value, "4.%d", 20 + i + (b == 8 ? 10 : 0));
            measure(&trial, b, name, i, value);
        }
    }
    actuals_reckon(&trial.actuals);
    const struct actuals_series *bore =
        actuals_find_series(&trial.actuals, "hook.bore", "screen", &failure);
    assert_true(bore->control.reckoned && bore->control.grouped);
    assert_int_equal(bore->control.values.count, 8); /* one batch has a single reading */
    assert_is(bore->control.values.points[0].value, "4.225");
    assert_is(bore->control.ranges.points[0].value, "0.03");
    struct buffer broken = {0};
    actuals_print_broken(&broken, bore);
    assert_non_null(strstr(broken.text, "point 8 (mean of batch B-8), above: beyond three"));
    buffer_free(&broken);
    assert_true(fabs(bore->capability.within - 0.0129099) < 1e-6); /* of 1 2 3 4, in hundredths */
    close_trial(&trial);
}

/* ---- for the second reckoning ---- */

static void print_number(struct rational number)
{
    struct buffer text = {0};
    rational_print_exact(&text, number);
    printf(" %s", text.text);
    buffer_free(&text);
}

static void print_step(const struct actuals_step *step)
{
    printf("%s %lld %lld %lld %lld %d", step->step->base.name, (long long)step->time_count,
           (long long)step->timed_units, (long long)step->unmarked, (long long)step->paused,
           step->firm);
    print_number(step->spec_s);
    print_number(step->low_s);
    print_number(step->median_s);
    print_number(step->high_s);
    printf(" %lld", (long long)step->left);
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (step->shares[outcome].count)
            printf(" %s:%lld:%d", outcome_names[outcome], (long long)step->shares[outcome].count,
                   step->shares[outcome].firm);
    printf("\n");
}

static int print_actuals(const char *path)
{
    struct trial trial;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    FILE *file = fopen(path, "r");

    if (!file)
        return 3;
    open_trial(&trial, hook, "desk_hook", NULL);
    while ((length = getline(&line, &capacity, file)) > 0) {
        struct message event;
        struct failure failure;
        char *text;
        long long time_ms = strtoll(line, &text, 10);
        length -= text + 1 - line;
        if (!message_read(text + 1, (size_t)length, true, &trial.names, &event, &failure)) {
            fprintf(stderr, "%s%s\n", line, failure.message);
            return 2;
        }
        actuals_event(++trial.sequence, time_ms, &event, &trial.actuals);
    }
    actuals_reckon(&trial.actuals);
    for (int i = 0; i < trial.actuals.step_count; i++)
        print_step(&trial.actuals.steps[i]);
    free(line);
    fclose(file);
    close_trial(&trial);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_departure_is_an_observation),
        cmocka_unit_test(nights_and_other_work_are_no_time),
        cmocka_unit_test(persons_are_timed_apart),
        cmocka_unit_test(what_leaves_together_was_timed_together),
        cmocka_unit_test(other_bases_are_timed_by_the_batch),
        cmocka_unit_test(firm_is_enough_and_material),
        cmocka_unit_test(shares_and_reasons),
        cmocka_unit_test(typed_texts_are_shown_safely),
        cmocka_unit_test(options_choose),
        cmocka_unit_test(readings_make_a_series),
        cmocka_unit_test(batches_are_subgroups),
    };
    if (argc > 1)
        return print_actuals(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
