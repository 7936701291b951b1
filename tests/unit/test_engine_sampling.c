/* Inspection by sample as the engine does it: the lot is the batch, severities follow the lots, a correction turns one; and
   the bounds of routes, gates and retries. */
#include "engine/decide.h"
#include "engine/needs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "desk_hook_run.h"

static struct trial_spec lamp;

static int open_specs(void **unused)
{
    (void)unused;
    trial_spec_open(&lamp, "snapshot-1", "tests/unit/specs/all_rules.flow");
    return 0;
}

static int close_specs(void **unused)
{
    (void)unused;
    compiled_close(&lamp.compiled);
    return 0;
}

/* A batch of lamps that stands at the inspection by AQL, all its first pieces good. */
static void lamps_at_random(struct trial *shop, const char *batch, int count)
{
    assert_true(ask(shop,
                    "{'command':'open_batch','batch':'%s','product':'lamp',"
                    "'purpose':'production'}",
                    batch));
    assert_true(ask(shop, "{'command':'add_units','batch':'%s','sku':'L-1-red-plain','count':%d}",
                    batch, count));
    if (!ask(shop, "{'command':'start_batch','batch':'%s'}", batch))
        fail_msg("%s", shop->decision.refusal);
    leave(shop, batch, "fill", 1, count, "pass");
    use(shop, batch, "build", "R-1");
    assert_true(ask(shop,
                    "{'command':'record_parameter','batch':'%s','step':'build','name':'chamber',"
                    "'value':'60'}",
                    batch));
    leave(shop, batch, "build", 1, count, "pass");
    assert_true(ask(shop,
                    "{'command':'record_parameter','batch':'%s','step':'wash','name':'bath',"
                    "'value':'1'}",
                    batch));
    leave(shop, batch, "wash", 1, count, "pass");
    for (int i = 1; i <= 2; i++)
        measure(shop, batch, "first", i, "shade", "bore", "10");
    leave(shop, batch, "first", 1, count, "pass");
}

static void open_lamps(struct trial *shop)
{
    trial_open(shop, &lamp, 1);
    trial_people(shop);
    assert_true(
        ask(shop, "{'command':'admit_person','by':'owner','person':'anna','roles':'admin'}"));
    assert_true(ask(shop, "{'command':'adopt_spec','product':'lamp','snapshot':'snapshot-1'}"));
    assert_true(ask(shop, "{'command':'receive_lot','lot':'R-1','what':'red'}"));
    assert_true(ask(shop, "{'command':'receive_lot','lot':'S-1','what':'screw'}"));
}

/* Sample pieces through everything, and both signatures. */
static void release_lamps(struct trial *shop)
{
    assert_true(ask(shop, "{'command':'open_batch','batch':'S','product':'lamp',"
                          "'purpose':'sample'}"));
    assert_true(ask(shop, "{'command':'add_units','batch':'S','sku':'L-1-red-plain','count':4}"));
    assert_true(ask(shop, "{'command':'start_batch','batch':'S'}"));
    leave(shop, "S", "fill", 1, 4, "pass");
    use(shop, "S", "build", "R-1");
    assert_true(ask(shop, "{'command':'record_parameter','batch':'S','step':'build','name':"
                          "'chamber','value':'60'}"));
    leave(shop, "S", "build", 1, 4, "pass");
    assert_true(ask(shop, "{'command':'record_parameter','batch':'S','step':'wash','name':"
                          "'bath','value':'1'}"));
    leave(shop, "S", "wash", 1, 4, "pass");
    for (int i = 1; i <= 2; i++)
        measure(shop, "S", "first", i, "shade", "bore", "10");
    leave(shop, "S", "first", 1, 4, "pass");
    for (int i = 1; i <= 4; i++) {
        if (i <= 3)
            measure(shop, "S", "random", i, "shade", "rim", "2.5");
        if (i <= 3)
            judge(shop, "S", "random", i, "surface");
    }
    leave(shop, "S", "random", 1, 4, "pass");
    assert_true(ask(shop, "{'command':'sign_gate','batch':'S','step':'sign','outcome':'approve',"
                          "'meaning':'seen'}"));
    use(shop, "S", "fit", "S-1");
    leave(shop, "S", "fit", 1, 4, "pass");
    judge(shop, "S", "last", 0, "count");
    for (int i = 1; i <= 4; i++) {
        judge(shop, "S", "last", i, "surface");
        judge(shop, "S", "last", i, "light");
    }
    leave(shop, "S", "last", 1, 4, "pass");
    judge(shop, "S", "bag", 0, "count");
    leave(shop, "S", "bag", 1, 4, "pass");
    leave(shop, "S", "out", 1, 4, "pass");
    assert_true(ask(shop, "{'command':'approve_sample','product':'lamp','name':'sample_seen',"
                          "'meaning':'good'}"));
    assert_true(ask(shop, "{'command':'approve_sample','product':'lamp','name':'color_seen',"
                          "'meaning':'good'}"));
}

static void look_at(struct trial *shop, const char *batch, int unit, bool good)
{
    measure(shop, batch, "random", unit, "shade", "rim", good ? "2.5" : "3.5");
    judge(shop, batch, "random", unit, "surface");
}

static void severities_follow_the_lots(void **unused)
{
    (void)unused;
    struct trial shop;
    open_lamps(&shop);
    release_lamps(&shop);
    const struct inspection_state *state;
    for (int lot = 1; lot <= 2; lot++) { /* 8 of AQL 4.0: three, none may be bad */
        char batch[16];
        snprintf(batch, sizeof batch, "B-%d", lot);
        lamps_at_random(&shop, batch, 8);
        REFUSED("the sample is not whole: 0 of 3", "all_rules.flow:",
                "{'command':'leave_step','batch':'%s','step':'random','first':1,'count':8,"
                "'outcome':'pass'}",
                batch);
        look_at(&shop, batch, 1, true);
        look_at(&shop, batch, 2, false);
        leave(&shop, batch, "random", 2, 1, "reject"); /* it counts though it is gone */
        look_at(&shop, batch, 3, true);
        assert_int_equal(shop.decision.events[1].kind, EVENT_lot_judged);
        assert_int_equal(shop.decision.events[1].lot_judged.accepted, 0);
        assert_int_equal(shop.decision.events[1].lot_judged.size, 8);
        REFUSED("the lot was not accepted: sort it", "all_rules.flow:",
                "{'command':'leave_step','batch':'%s','step':'random','first':4,'count':1,"
                "'outcome':'pass'}",
                batch);
        leave(&shop, batch, "random", 1, 1, "pass"); /* it was looked at itself */
    }
    state = &state_product(&shop.state, name_in(&shop, "lamp"))
                 ->inspections[batch_step_index(batch_of(&shop, "B-1"), "random")];
    assert_int_equal(state->switching.severity, INSPECTION_TIGHTENED);
    REFUSED("was not discontinued", "",
            "{'command':'resume_sampling','product':'lamp','step':'random','reason':'x'}");
    REFUSED("is no inspection by AQL", "all_rules.flow:",
            "{'command':'want_reduced','product':'lamp','step':'first','wanted':1,'reason':'x'}");
    DO("{'command':'want_reduced','product':'lamp','step':'random','wanted':1,'reason':'steady'}");
    assert_true(state->reduced_wanted);
    trial_close(&shop);
}

static void a_correction_turns_a_lot(void **unused)
{
    (void)unused;
    struct trial shop;
    open_lamps(&shop);
    release_lamps(&shop);
    lamps_at_random(&shop, "B-1", 8);
    for (int i = 1; i <= 3; i++)
        look_at(&shop, "B-1", i, true);
    leave(&shop, "B-1", "random", 4, 2, "pass"); /* with the lot, not looked at */
    DO("{'command':'measure','batch':'B-1','step':'random','unit':1,'part':'shade',"
       "'dimension':'rim','value':'3.4','reason':'misread'}");
    const struct batch *batch = batch_of(&shop, "B-1");
    assert_int_equal(shop.decision.count, 3);
    assert_int_equal(shop.decision.events[1].kind, EVENT_lot_judged);
    assert_int_equal(shop.decision.events[1].lot_judged.accepted, 0);
    assert_int_equal(batch->units[3].at, PLACE_QUARANTINE);
    assert_int_equal(batch->units[4].at, PLACE_QUARANTINE);
    assert_int_equal(batch->units[5].at, batch_step_index(batch, "random"));
    trial_close(&shop);
}

static void bounds_and_gates(void **unused)
{
    (void)unused;
    struct trial shop;
    open_lamps(&shop);
    release_lamps(&shop);
    lamps_at_random(&shop, "B-1", 8);
    for (int i = 1; i <= 3; i++)
        look_at(&shop, "B-1", i, true);
    DO("{'command':'judge_check','batch':'B-1','step':'random','unit':4,'check':'surface',"
       "'good':0,'defect':'speck'}"); /* `then accept` */
    leave(&shop, "B-1", "random", 1, 8, "pass");
    REFUSED("is a gate: it is signed", "all_rules.flow:",
            "{'command':'leave_step','batch':'B-1','step':'sign','first':1,'count':1,"
            "'outcome':'approve'}");
    for (int i = 0; i < 2; i++) {
        DO("{'command':'sign_gate','batch':'B-1','step':'sign','outcome':'refuse','meaning':'no'}");
        for (int unit = 1; unit <= 8; unit++) /* what comes back is looked at by itself */
            measure(&shop, "B-1", "first", unit, "shade", "bore", "10");
        leave(&shop, "B-1", "first", 1, 8, "pass");
        for (int unit = 1; unit <= 8; unit++)
            look_at(&shop, "B-1", unit, true);
        leave(&shop, "B-1", "random", 1, 8, "pass");
    }
    REFUSED(
        "went by refuse 2 times already, and may at most 2", "all_rules.flow:",
        "{'command':'sign_gate','batch':'B-1','step':'sign','outcome':'refuse','meaning':'no'}");
    DO("{'command':'admit_person','by':'owner','person':'bob','roles':'operator'}");
    REFUSED("is signed by lead, and bob is not", "all_rules.flow:",
            "{'command':'sign_gate','by':'bob','batch':'B-1','step':'sign','outcome':'approve',"
            "'meaning':'yes'}");
    DO("{'command':'open_batch','batch':'B-2','product':'lamp','purpose':'production'}");
    DO("{'command':'add_units','batch':'B-2','sku':'L-1-red-plain','count':2}");
    DO("{'command':'start_batch','batch':'B-2'}");
    leave(&shop, "B-2", "fill", 1, 2, "pass");
    for (int i = 0; i < 2; i++) {
        leave(&shop, "B-2", "build", 1, 1, "failure");
        if (i == 0)
            DO("{'command':'dispose_unit','batch':'B-2','unit':1,'to':'build','reason':'again'}");
    }
    REFUSED("tried again at most 1 times", "all_rules.flow:",
            "{'command':'dispose_unit','batch':'B-2','unit':1,'to':'build','reason':'again'}");
    trial_close(&shop);
}

/* Nothing of the sample is whole, and nothing is to come: those that came back pass by their own inspection. */
static void all_of_a_sample_comes_back(void **unused)
{
    (void)unused;
    struct trial shop;
    struct sample_open sample;
    open_lamps(&shop);
    release_lamps(&shop);
    lamps_at_random(&shop, "B-1", 2);
    int random = batch_step_index(batch_of(&shop, "B-1"), "random");
    assert_true(sample_is_open(batch_of(&shop, "B-1"), random, &sample));
    assert_int_equal(sample.left, 2);
    assert_int_equal(sample.bears, 0);
    for (int unit = 1; unit <= 2; unit++) {
        measure(&shop, "B-1", "random", unit, "shade", "rim", "3.5");
        leave(&shop, "B-1", "random", unit, 1, "rework");
    }
    leave(&shop, "B-1", "wax_off", 1, 2, "pass");
    leave(&shop, "B-1", "wash", 1, 2, "pass");
    for (int unit = 1; unit <= 2; unit++)
        measure(&shop, "B-1", "first", unit, "shade", "bore", "10");
    leave(&shop, "B-1", "first", 1, 2, "pass");
    REFUSED("what comes back is inspected by itself", "all_rules.flow:",
            "{'command':'leave_step','batch':'B-1','step':'random','first':1,'count':1,"
            "'outcome':'pass'}");
    for (int unit = 1; unit <= 2; unit++)
        look_at(&shop, "B-1", unit, true);
    leave(&shop, "B-1", "random", 1, 2, "pass");
    trial_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(severities_follow_the_lots),
        cmocka_unit_test(a_correction_turns_a_lot),
        cmocka_unit_test(bounds_and_gates),
        cmocka_unit_test(all_of_a_sample_comes_back),
    };
    return cmocka_run_group_tests(tests, open_specs, close_specs);
}
