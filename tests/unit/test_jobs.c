/* Jobs in the engine: what is queued, begun, ended; what lies on a plate; which units pass, and of which lot they are. */
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

static struct trial_spec hooks[1];

static int open_specs(void **unused)
{
    scratch_open(unused);
    trial_spec_open(&hooks[0], "snapshot-1", "tests/contract/desk-hook/desk_hook.flow");
    return 0;
}

static int close_specs(void **unused)
{
    compiled_close(&hooks[0].compiled);
    return scratch_close(unused);
}

/* A batch of so many at the print step, a printer with 500 g and an empty plate. */
static void prepare_print(struct trial *shop, int count)
{
    static const char *const commands[] = {
        "{'command':'receive_lot','lot':'SP-3','what':'pla_black','amount':'1'}",
        "{'command':'open_batch','batch':'B-1','product':'desk_hook','purpose':'sample'}",
        "{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':%d}",
        "{'command':'start_batch','batch':'B-1'}",
        "{'command':'leave_step','batch':'B-1','step':'collect','first':1,'count':%d,'outcome':'"
        "pass'}",
        "{'command':'load_slot','printer':'left','slot':1,'material':'pla_black','lot':'SP-1','"
        "grams':'500'}",
        "{'command':'empty_plate','printer':'left'}"};
    trial_open(shop, hooks, 1);
    prepare(shop);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char command[200];
        const char *number = strstr(commands[i], "%d");
        if (number)
            snprintf(command, sizeof command, "%.*s%d%s", (int)(number - commands[i]), commands[i],
                     count, number + 2);
        else
            snprintf(command, sizeof command, "%s", commands[i]);
        assert_true(ask(shop, "%s", command));
    }
}

static const struct job *job_of(struct trial *shop, const char *name)
{
    return state_job(&shop->state, name_in(shop, name));
}

static const struct printer *printer_of(struct trial *shop, const char *name)
{
    return state_printer(&shop->state, name_in(shop, name));
}

#define FARM_DOES(text)                                                                            \
    do {                                                                                           \
        shop.by = THE_FARM;                                                                        \
        DO(text);                                                                                  \
        shop.by = "anna";                                                                          \
    } while (0)

#define BEGIN(job, printer)                                                                        \
    FARM_DOES("{'command':'begin_attempt','job':'" job "','printer':'" printer                     \
              "','machine':'mk4','name':'" job "-1.gcode'}")

static int32_t standing(struct trial *shop, const char *batch, const char *step)
{
    const struct batch *one = batch_of(shop, batch);
    return units_at(one, batch_step_index(one, step));
}

static void a_job_runs_to_its_end(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 12);
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate','file':'plates/a.gcode'}");
    assert_int_equal(job_of(&shop, "J-1")->parts->count, 12); /* as the step's `plate` says */
    assert_int_equal(job_of(&shop, "J-1")->parts->next->count, 24);
    assert_int_equal(job_takes_mg(job_of(&shop, "J-1"), "pla_white"), 0);
    assert_true(job_takes_mg(job_of(&shop, "J-1"), "pla_black") > 24 * 600);
    BEGIN("J-1", "left");
    assert_true(printer_of(&shop, "left")->plate_empty); /* nothing was started yet */
    assert_int_equal(batch_of(&shop, "B-1")->steps[1].runs, 1);
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    assert_false(printer_of(&shop, "left")->plate_empty);
    REFUSED("has job J-1", "", "{'command':'empty_plate','printer':'left'}");
    FARM_DOES("{'command':'confirm_start','job':'J-1'}");
    REFUSED("says itself how job J-1 goes", "",
            "{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    assert_int_equal(job_of(&shop, "J-1")->stage, JOB_DONE);
    assert_int_equal(standing(&shop, "B-1", "screen"), 12);
    const struct lot *lot = state_lot(&shop.state, name_in(&shop, "SP-1"));
    assert_true(share_has(lot->shares, 1) && share_has(lot->shares, 12));
    assert_true(printer_slot_of(printer_of(&shop, "left"), "pla_black")->left_mg < 500000);
    shop.by = THE_FARM;
    REFUSED("job J-1 is done", "", "{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    trial_close(&shop);
}

static void units_wait_for_all_their_parts(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 8);
    DO("{'command':'queue_job','job':'H','batch':'B-1','step':'plate','parts':'hook=5','file':'h'"
       "}");
    DO("{'command':'queue_job','job':'C','batch':'B-1','step':'plate','parts':'cap=12','file':'c'"
       "}");
    BEGIN("H", "left");
    FARM_DOES("{'command':'intend_start','job':'H'}");
    FARM_DOES("{'command':'end_attempt','job':'H','outcome':'finished'}");
    assert_int_equal(standing(&shop, "B-1", "plate"), 8); /* no cap yet */
    REFUSED("has H on its plate", "",
            "{'command':'begin_attempt','job':'C','printer':'left','machine':'mk4'}");
    DO("{'command':'empty_plate','printer':'left'}");
    BEGIN("C", "left");
    FARM_DOES("{'command':'intend_start','job':'C'}");
    FARM_DOES("{'command':'end_attempt','job':'C','outcome':'finished'}");
    assert_int_equal(standing(&shop, "B-1", "screen"), 5); /* two caps lie there for a sixth hook */
    DO("{'command':'queue_job','job':'H2','batch':'B-1','step':'plate','parts':'hook=1','file':'h'"
       "}");
    DO("{'command':'empty_plate','printer':'left'}");
    BEGIN("H2", "left");
    FARM_DOES("{'command':'intend_start','job':'H2'}");
    FARM_DOES("{'command':'end_attempt','job':'H2','outcome':'finished'}");
    assert_int_equal(standing(&shop, "B-1", "screen"), 6);
    trial_close(&shop);
}

/* Two printers, two lots, at the same time: each unit is of the lot that it was printed of. */
static void each_unit_is_of_its_own_lot(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 24);
    DO("{'command':'load_slot','printer':'right','slot':1,'material':'pla_black','lot':'SP-3'}");
    DO("{'command':'empty_plate','printer':'right'}");
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate','file':'a'}");
    DO("{'command':'queue_job','job':'J-2','batch':'B-1','step':'plate','file':'a'}");
    BEGIN("J-1", "left");
    BEGIN("J-2", "right");
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    FARM_DOES("{'command':'intend_start','job':'J-2'}");
    FARM_DOES("{'command':'end_attempt','job':'J-2','outcome':'finished'}");
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    const struct lot *left = state_lot(&shop.state, name_in(&shop, "SP-1"));
    const struct lot *right = state_lot(&shop.state, name_in(&shop, "SP-3"));
    for (int unit = 1; unit <= 24; unit++) {
        assert_int_equal(share_has(right->shares, unit), unit <= 12);
        assert_int_equal(share_has(left->shares, unit), unit > 12);
    }
    trial_close(&shop);
}

static void what_fails_is_tried_again_and_then_set_aside(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 12);
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate','file':'a'}");
    for (int i = 0; i < 3; i++) { /* `retry at most 2` */
        assert_int_equal(job_of(&shop, "J-1")->stage, JOB_WAITING);
        BEGIN("J-1", "left");
        FARM_DOES("{'command':'intend_start','job':'J-1'}");
        FARM_DOES("{'command':'confirm_start','job':'J-1'}");
        FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'failed','percent':40,'reason':'"
                  "warped'}");
        DO("{'command':'empty_plate','printer':'left'}");
    }
    assert_int_equal(job_of(&shop, "J-1")->stage, JOB_ASIDE);
    assert_int_equal(printer_failures(printer_of(&shop, "left"), 5), 3);
    assert_int_equal(standing(&shop, "B-1", "plate"), 12); /* a failed run counts for nothing */
    DO("{'command':'take_out','printer':'left','reason':'3 of its last 5'}");
    DO("{'command':'requeue_job','job':'J-1','reason':'glue on the plate'}");
    REFUSED("left is out of use: 3 of its last 5", "",
            "{'command':'begin_attempt','job':'J-1','printer':'left','machine':'mk4'}");
    DO("{'command':'put_back','printer':'left','reason':'new sheet'}");
    assert_int_equal(printer_failures(printer_of(&shop, "left"), 5), 0);
    BEGIN("J-1", "left");
    trial_close(&shop);
}

static void what_was_not_started_leaves_an_empty_plate(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 12);
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate','file':'a'}");
    BEGIN("J-1", "left");
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'not_started','reason':'refused'}");
    assert_true(printer_of(&shop, "left")->plate_empty);
    assert_int_equal(job_of(&shop, "J-1")->stage, JOB_WAITING);
    BEGIN("J-1", "left");
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'unknown','reason':'out of reach'}");
    assert_int_equal(job_of(&shop, "J-1")->stage, JOB_ASKED);
    assert_non_null(printer_of(&shop, "left")->job); /* nothing else is begun there */
    shop.by = THE_FARM;
    REFUSED("a person's to say", "", "{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    shop.by = "anna";
    DO("{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    assert_int_equal(standing(&shop, "B-1", "screen"), 12);
    assert_false(printer_of(&shop, "left")->plate_empty);
    trial_close(&shop);
}

static void a_person_prints_by_hand(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 12);
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate'}");
    DO("{'command':'begin_attempt','job':'J-1','printer':'left','machine':'mk4'}");
    assert_int_equal(job_of(&shop, "J-1")->stage, JOB_PRINTING);
    REFUSED("was begun by hand", "",
            "{'command':'order_printer','printer':'left','order':'pause'}");
    DO("{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    assert_int_equal(standing(&shop, "B-1", "screen"), 12);
    trial_close(&shop);
}

static void what_does_not_fit_is_refused(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 12);
    REFUSED("is not what lies on a plate", "desk_hook.flow",
            "{'command':'queue_job','job':'J','batch':'B-1','step':'plate','parts':'hok=1'}");
    REFUSED("is not what lies on a plate", "desk_hook.flow",
            "{'command':'queue_job','job':'J','batch':'B-1','step':'plate','parts':'hook=0'}");
    REFUSED("makes no parts", "desk_hook.flow",
            "{'command':'queue_job','job':'J','batch':'B-1','step':'screen','parts':'hook=1'}");
    DO("{'command':'queue_job','job':'J','batch':'B-1','step':'plate','file':'a'}");
    REFUSED("does not run on mill", "",
            "{'command':'begin_attempt','job':'J','printer':'left','machine':'mill'}");
    REFUSED("nobody has seen the plate of right empty", "",
            "{'command':'begin_attempt','job':'J','printer':'right','machine':'mk4'}");
    DO("{'command':'empty_plate','printer':'right'}");
    REFUSED("pla_black is not loaded in right; flowd printers load right SLOT pla_black says where "
            "it is",
            "", "{'command':'begin_attempt','job':'J','printer':'right','machine':'mk4'}");
    DO("{'command':'load_slot','printer':'right','slot':1,'material':'pla_black','lot':'SP-3','"
       "grams':'20'}");
    REFUSED("right has 20 g of pla_black, and job J takes", "",
            "{'command':'begin_attempt','job':'J','printer':'right','machine':'mk4'}");
    DO("{'command':'hold_lot','lot':'SP-1','reason':'wet'}");
    REFUSED("lot SP-1, which is loaded in left, is on hold", "",
            "{'command':'begin_attempt','job':'J','printer':'left','machine':'mk4'}");
    REFUSED(
        "is of pla_white", "",
        "{'command':'load_slot','printer':'left','slot':1,'material':'pla_black','lot':'SP-2'}");
    shop.by = "owner";
    REFUSED("speaks to the printers", "",
            "{'command':'admit_person','person':'the farm','roles':'operator'}");
    shop.by = THE_FARM;
    REFUSED("this is for people", "", "{'command':'cancel_job','job':'J','reason':'x'}");
    trial_close(&shop);
}

/* The lot is changed while it prints: both are in the units. */
static void a_run_out_takes_a_second_lot(void **unused)
{
    (void)unused;
    struct trial shop;
    prepare_print(&shop, 12);
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate','file':'a'}");
    BEGIN("J-1", "left");
    FARM_DOES("{'command':'intend_start','job':'J-1'}");
    REFUSED("this is for farm", "", "{'command':'report_stop','printer':'left','percent':40}");
    shop.by = THE_FARM;
    REFUSED("has no print of ours", "", "{'command':'report_stop','printer':'left','percent':40}");
    shop.by = "anna";
    FARM_DOES("{'command':'confirm_start','job':'J-1'}");
    assert_null(printer_question(printer_of(&shop, "left"), &shop.state.arena));
    FARM_DOES("{'command':'report_stop','printer':'left','percent':40}");
    assert_non_null(strstr(printer_question(printer_of(&shop, "left"), &shop.state.arena),
                           "J-1 stopped by itself. Did a spool run out (pla_black of lot SP-1)?"));
    DO("{'command':'load_slot','printer':'left','slot':1,'material':'pla_black','lot':'SP-3','"
       "grams':'900'}");
    assert_null(printer_question(printer_of(&shop, "left"), &shop.state.arena));
    DO("{'command':'order_printer','printer':'left','order':'pause'}");
    FARM_DOES("{'command':'report_stop','printer':'left','percent':50}");
    assert_null(printer_question(printer_of(&shop, "left"), &shop.state.arena)); /* we know why */
    DO("{'command':'order_printer','printer':'left','order':'resume'}");
    FARM_DOES("{'command':'end_attempt','job':'J-1','outcome':'finished'}");
    const char *const lots[] = {"SP-1", "SP-3"};
    for (int i = 0; i < 2; i++)
        assert_true(share_has(state_lot(&shop.state, name_in(&shop, lots[i]))->shares, 7));
    trial_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_runs_to_its_end),
        cmocka_unit_test(units_wait_for_all_their_parts),
        cmocka_unit_test(each_unit_is_of_its_own_lot),
        cmocka_unit_test(what_fails_is_tried_again_and_then_set_aside),
        cmocka_unit_test(what_was_not_started_leaves_an_empty_plate),
        cmocka_unit_test(a_person_prints_by_hand),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_run_out_takes_a_second_lot),
    };
    return cmocka_run_group_tests(tests, open_specs, close_specs);
}
