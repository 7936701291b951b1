/* What a planner wishes: held, ranked, pinned, split; and what the engine refuses in the meantime. */
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
#include "replays.h"

static struct trial_spec hook;

static int open_specs(void **unused)
{
    (void)unused;
    trial_spec_open(&hook, "snapshot-1", "tests/contract/desk-hook/desk_hook.flow");
    return 0;
}

static int close_specs(void **unused)
{
    (void)unused;
    compiled_close(&hook.compiled);
    return 0;
}

static void what_is_held_is_not_begun(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 16, 12);
    DO("{'command':'hold_work','batch':'B-1','reason':'the customer rings back'}");
    assert_string_equal(batch_of(&shop, "B-1")->wish.held_by, "anna");
    REFUSED("held by anna: the customer rings back", "", "{'command':'start_batch','batch':'B-1'}");
    DO("{'command':'free_work','batch':'B-1'}");
    DO("{'command':'hold_work','order':'1001','line':'1','reason':'not paid'}");
    DO("{'command':'hold_work','order':'1001','line':'1','reason':'not paid'}");
    assert_int_equal(shop.decision.count, 0); /* once more changes nothing */
    REFUSED("held by anna: not paid", "", "{'command':'start_batch','batch':'B-1'}");
    REFUSED("held by anna: not paid", "",
            "{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':1,"
            "'order':'1001','line':'1'}");
    DO("{'command':'free_work','order':'1001','line':'1','reason':'paid'}");
    DO("{'command':'start_batch','batch':'B-1'}");
    REFUSED("not both", "",
            "{'command':'hold_work','order':'1001','line':'1','batch':'B-1','reason':'so'}");
    REFUSED("say why", "", "{'command':'hold_work','batch':'B-1'}");
    REFUSED("there is no batch B-9", "", "{'command':'rank_work','batch':'B-9','rank':1}");
    REFUSED("0 is none", "", "{'command':'rank_work','batch':'B-1','rank':-1}");
    DO("{'command':'rank_work','batch':'B-1','rank':2}");
    assert_int_equal(batch_of(&shop, "B-1")->wish.rank, 2);
    replays(&shop);
    trial_close(&shop);
}

static void a_job_goes_where_it_is_pinned(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 16, 12);
    DO("{'command':'start_batch','batch':'B-1'}");
    leave(&shop, "B-1", "collect", 1, 12, "pass");
    DO("{'command':'queue_job','job':'J-1','batch':'B-1','step':'plate','file':'plate.gcode'}");
    for (int i = 1; i <= 2; i++) {
        DO("{'command':'empty_plate','printer':'mk4-%d'}", i);
        DO("{'command':'load_slot','printer':'mk4-%d','slot':1,'material':'pla_black',"
           "'lot':'SP-1','grams':'900'}",
           i);
    }
    DO("{'command':'pin_batch','batch':'B-1','printer':'mk4-2'}");
    REFUSED("pinned to mk4-2", "",
            "{'command':'begin_attempt','job':'J-1','printer':'mk4-1','machine':'mk4'}");
    DO("{'command':'hold_work','batch':'B-1','reason':'so'}");
    REFUSED("held by anna", "",
            "{'command':'begin_attempt','job':'J-1','printer':'mk4-2','machine':'mk4'}");
    DO("{'command':'free_work','batch':'B-1'}");
    REFUSED("12 x hook are printed or queued", "",
            "{'command':'split_batch','batch':'B-1','into':'B-2','count':4}");
    DO("{'command':'pin_batch','batch':'B-1','printer':''}");
    assert_null(batch_of(&shop, "B-1")->pinned);
    DO("{'command':'begin_attempt','job':'J-1','printer':'mk4-1','machine':'mk4'}");
    replays(&shop);
    trial_close(&shop);
}

static void a_batch_is_split_while_nothing_has_begun(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 24, 20);
    int64_t produced = batch_of(&shop, "B-1")->product->produced;
    DO("{'command':'pin_batch','batch':'B-1','printer':'mk4-2'}");
    DO("{'command':'split_batch','batch':'B-1','into':'B-2','count':3}");
    assert_int_equal(batch_of(&shop, "B-1")->unit_count, 17);
    assert_int_equal(batch_of(&shop, "B-2")->unit_count, 3);
    assert_string_equal(batch_of(&shop, "B-2")->pinned, "mk4-2");
    assert_int_equal(line_of(&shop, "1001", "1")->in_batches, 20);
    REFUSED("some stay and some go", "",
            "{'command':'split_batch','batch':'B-1','into':'B-3','count':17}");
    DO("{'command':'start_batch','batch':'B-1'}");
    REFUSED("at least 8 units", "desk_hook.flow:43",
            "{'command':'split_batch','batch':'B-1','into':'B-3','count':5}");
    leave(&shop, "B-1", "collect", 1, 17, "pass"); /* where nothing is made yet */
    DO("{'command':'split_batch','batch':'B-1','into':'B-3','count':8}");
    const struct batch *kept = batch_of(&shop, "B-1"), *taken = batch_of(&shop, "B-3");
    assert_int_equal(taken->product->produced, produced + 17);
    assert_int_equal(units_at(kept, batch_step_index(kept, "plate")), 9);
    assert_int_equal(units_at(taken, batch_step_index(taken, "collect")), 8);
    use(&shop, "B-1", "plate", "SP-1");
    leave(&shop, "B-1", "plate", 9, 1, "pass");
    REFUSED("something was done with unit 9", "",
            "{'command':'split_batch','batch':'B-1','into':'B-4','count':1}");
    replays(&shop);
    trial_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_is_not_begun),
        cmocka_unit_test(a_job_goes_where_it_is_pinned),
        cmocka_unit_test(a_batch_is_split_while_nothing_has_begun),
    };
    return cmocka_run_group_tests(tests, open_specs, close_specs);
}
