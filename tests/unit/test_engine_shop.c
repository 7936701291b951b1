/* The engine around the workflow: people, orders and stock, parcels, lots on hold, corrections, issues. */
#include "engine/decide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "desk_hook_run.h"

static struct trial_spec hook, lamp;

static int open_specs(void **unused)
{
    (void)unused;
    trial_spec_open(&hook, "snapshot-1", "tests/contract/desk-hook/desk_hook.flow");
    trial_spec_open(&lamp, "snapshot-1", "tests/unit/specs/all_rules.flow");
    return 0;
}

static int close_specs(void **unused)
{
    (void)unused;
    compiled_close(&hook.compiled);
    compiled_close(&lamp.compiled);
    return 0;
}

static void make_all(struct trial *shop, int count)
{
    assert_true(ask(shop, "{'command':'start_batch','batch':'B-1'}"));
    print_all(shop, "B-1", count);
    for (int i = 1; i <= count; i++)
        screen(shop, "B-1", i, "4.3");
    leave(shop, "B-1", "screen", 1, count, "pass");
    finish_all(shop, "B-1", 1, count);
}

/* ---- people ---- */

static void people_do_what_they_may(void **unused)
{
    (void)unused;
    struct trial shop;
    trial_open(&shop, &hook, 1);
    REFUSED("anna is nobody", "", "{'command':'receive_lot','lot':'SP-1','what':'pla_black'}");
    REFUSED("nobody would be admin", "",
            "{'command':'admit_person','person':'anna','roles':'quality'}");
    DO("{'command':'admit_person','by':'owner','person':'owner','roles':'admin'}");
    REFUSED("anna is nobody", "", "{'command':'admit_person','person':'anna','roles':'admin'}");
    REFUSED("are no roles", "",
            "{'command':'admit_person','by':'owner','person':'b','roles':'oper ator'}");
    DO("{'command':'admit_person','by':'owner','person':'anna','roles':'planner'}");
    DO("{'command':'receive_lot','lot':'SP-1','what':'pla_black'}");
    REFUSED("this is for quality, and anna is not", "",
            "{'command':'hold_lot','lot':'SP-1','reason':'x'}");
    REFUSED("this is for admin", "", "{'command':'admit_person','person':'anna','roles':'admin'}");
    DO("{'command':'admit_person','by':'owner','person':'anna','roles':'planner,quality'}");
    DO("{'command':'hold_lot','lot':'SP-1','reason':'x'}");
    REFUSED("nobody would be admin", "",
            "{'command':'dismiss_person','by':'owner','person':'owner','reason':'left'}");
    REFUSED("say why", "", "{'command':'dismiss_person','by':'owner','person':'anna'}");
    DO("{'command':'dismiss_person','by':'owner','person':'anna','reason':'left'}");
    REFUSED("anna was dismissed", "", "{'command':'free_lot','lot':'SP-1','reason':'x'}");
    trial_close(&shop);
}

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void tokens_are_hashes(void **unused)
{
    (void)unused;
    struct trial shop;
    trial_open(&shop, &hook, 1);
    trial_people(&shop);
    REFUSED("64 digits", "", "{'command':'issue_token','person':'anna','hash':'secret'}");
    REFUSED("for owner and an admin", "",
            "{'command':'issue_token','person':'owner','hash':'" HASH "'}");
    DO("{'command':'issue_token','person':'anna','hash':'" HASH "','label':'bench'}");
    DO("{'command':'issue_token','person':'anna','hash':'" HASH "','label':'bench'}");
    assert_int_equal(shop.decision.count, 0);
    const struct token *token = state_token(&shop.state, name_in(&shop, HASH));
    assert_string_equal(token->person->name, "anna");
    DO("{'command':'revoke_token','by':'owner','hash':'" HASH "','reason':'lost'}");
    assert_true(token->revoked);
    REFUSED("was revoked", "", "{'command':'issue_token','person':'anna','hash':'" HASH "'}");
    trial_close(&shop);
}

#define SECRET SECRET_HASH_BEGIN "$c29tZXNhbHQ$AAAA"

static void secrets_are_hashes(void **unused)
{
    (void)unused;
    struct trial shop;
    trial_open(&shop, &hook, 1);
    trial_people(&shop);
    REFUSED("begins with $argon2id", "", "{'command':'set_pin','person':'anna','hash':'1234'}");
    REFUSED("begins with $argon2id", "",
            "{'command':'set_pin','person':'anna','hash':'$argon2id$v=19$m=4194304,t=9,p=1$x$y'}");
    REFUSED("for owner and an admin", "",
            "{'command':'set_password','person':'owner','hash':'" SECRET "'}");
    REFUSED("nobody of this shop", "", "{'command':'set_pin','person':'x','hash':'" SECRET "'}");
    DO("{'command':'set_pin','person':'anna','hash':'" SECRET "'}");
    DO("{'command':'set_pin','person':'anna','hash':'" SECRET "'}");
    assert_int_equal(shop.decision.count, 0);
    const struct person *anna = state_person(&shop.state, name_in(&shop, "anna"));
    assert_string_equal(anna->pin, SECRET);
    assert_string_equal(anna->password, "");
    DO("{'command':'admit_person','by':'owner','person':'anna','roles':'operator'}");
    assert_string_equal(anna->pin, SECRET); /* other roles, the same PIN */
    DO("{'command':'set_pin','by':'owner','person':'anna','hash':''}");
    assert_string_equal(anna->pin, "");
    trial_close(&shop);
}

/* ---- orders ---- */

static void orders_know_what_they_owe(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 10, 10);
    REFUSED("is no price", "",
            "{'command':'take_line','order':'1001','line':'9','product':'desk_hook','sku':'x',"
            "'count':1,'price':'24'}");
    DO("{'command':'describe_order','order':'1001','channel':'etsy','customer':'Jo',"
       "'address':'{}','currency':'USD'}");
    DO("{'command':'describe_order','order':'1001','channel':'etsy','customer':'Jo',"
       "'address':'{}','currency':'USD'}");
    assert_int_equal(shop.decision.count, 0);
    DO("{'command':'take_line','order':'1001','line':'2','product':'desk_hook','sku':'DH-100-blu',"
       "'count':2}");
    REFUSED("has no SKU DH-100-red; the line stays held", "",
            "{'command':'mend_line','order':'1001','line':'2','product':'desk_hook',"
            "'sku':'DH-100-red','reason':'typed wrong'}");
    DO("{'command':'mend_line','order':'1001','line':'2','product':'desk_hook',"
       "'sku':'DH-100-white-small','reason':'asked the customer'}");
    DO("{'command':'take_line','order':'1001','line':'2','product':'desk_hook','sku':'DH-100-blu',"
       "'count':2}"); /* the same file once more */
    assert_int_equal(shop.decision.count, 0);
    const struct order_line *line = line_of(&shop, "1001", "1");
    make_all(&shop, 10);
    DO("{'command':'pack_units','parcel':'P-1','order':'1001','line':'1','batch':'B-1','first':1,"
       "'count':6}");
    REFUSED("4 can be cancelled", "",
            "{'command':'cancel_line','order':'1001','line':'1','count':5,'reason':'x'}");
    DO("{'command':'ship_parcel','parcel':'P-1','carrier':'USPS','tracking':'T1'}");
    assert_int_equal(line_owed(line), 4);
    DO("{'command':'cancel_line','order':'1001','line':'1','count':3,'reason':'changed mind'}");
    REFUSED("is owed 1 more", "",
            "{'command':'pack_units','parcel':'P-2','order':'1001','line':'1','batch':'B-1',"
            "'first':7,'count':2}");
    DO("{'command':'pack_units','parcel':'P-2','order':'1001','line':'1','batch':'B-1',"
       "'first':7,'count':1}");
    DO("{'command':'ship_parcel','parcel':'P-2','carrier':'USPS','tracking':'T2'}");
    assert_int_equal(line_owed(line), 0);
    /* what was made for it and is not owed any more serves another line */
    DO("{'command':'take_line','order':'1002','line':'1','product':'desk_hook',"
       "'sku':'DH-100-black-small','count':5}");
    REFUSED(
        "is for line 1 of order 1001", "",
        "{'command':'assign_units','batch':'B-1','first':7,'count':1,'order':'1002','line':'1'}");
    DO("{'command':'assign_units','batch':'B-1','first':8,'count':3,'order':'1002','line':'1'}");
    assert_int_equal(line_unmade(line_of(&shop, "1002", "1")), 2);
    trial_close(&shop);
}

static void scrap_is_made_again(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 8, 8);
    DO("{'command':'start_batch','batch':'B-1'}");
    assert_int_equal(line_unmade(line_of(&shop, "1001", "1")), 0);
    print_all(&shop, "B-1", 8);
    leave(&shop, "B-1", "screen", 3, 1, "reject");
    assert_int_equal(line_unmade(line_of(&shop, "1001", "1")), 1);
    DO("{'command':'open_batch','batch':'B-2','product':'desk_hook','purpose':'production'}");
    DO("{'command':'add_units','batch':'B-2','sku':'DH-100-black-small','count':1,'order':'1001',"
       "'line':'1'}");
    REFUSED("say why", "", "{'command':'cancel_batch','batch':'B-2'}");
    DO("{'command':'cancel_batch','batch':'B-2','reason':'too few'}");
    assert_int_equal(line_unmade(line_of(&shop, "1001", "1")), 1);
    REFUSED("was cancelled", "", "{'command':'start_batch','batch':'B-2'}");
    REFUSED("was started", "", "{'command':'cancel_batch','batch':'B-1','reason':'x'}");
    trial_close(&shop);
}

static void an_answer_has_its_length(void **unused)
{
    (void)unused;
    struct trial shop;
    trial_open(&shop, &lamp, 1);
    trial_people(&shop);
    DO("{'command':'adopt_spec','product':'lamp','snapshot':'snapshot-1'}");
    DO("{'command':'take_line','order':'1','line':'1','product':'lamp','sku':'L-1-red-plain',"
       "'count':1}");
    REFUSED(
        "at most 5 characters, and this 6", "all_rules.flow:",
        "{'command':'answer_ask','order':'1','line':'1','name':'name','value':'J\xc3\xb8rgen'}");
    REFUSED("asks for no color", "all_rules.flow:",
            "{'command':'answer_ask','order':'1','line':'1','name':'color','value':'x'}");
    DO("{'command':'answer_ask','order':'1','line':'1','name':'name','value':'J\xc3\xb8rge'}");
    trial_close(&shop);
}

/* ---- where units are ---- */

static void leaves_not(struct trial *shop, int unit, const char *step, const char *where)
{
    assert_false(ask(shop,
                     "{'command':'leave_step','batch':'B-1','step':'%s','first':%d,'count':1,"
                     "'outcome':'pass'}",
                     step, unit));
    if (!strstr(shop->decision.refusal, where))
        fail_msg("%s: %s", where, shop->decision.refusal);
}

static void who_looks_for_a_unit_is_told_where_it_is(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 10, 10);
    DO("{'command':'start_batch','batch':'B-1'}");
    print_all(&shop, "B-1", 10);
    leaves_not(&shop, 1, "plate", "unit 1 of batch B-1 is not at plate: it is at screen");
    REFUSED("unit 2 of batch B-1 is not at final: it is at screen", "",
            "{'command':'measure','batch':'B-1','step':'final','unit':2,'part':'cap',"
            "'dimension':'pocket','value':'10.1'}");
    for (int i = 1; i <= 10; i++)
        screen(&shop, "B-1", i, "4.3");
    leave(&shop, "B-1", "screen", 1, 10, "pass");
    bring_to_box(&shop, "B-1", 1, 10);
    leave(&shop, "B-1", "box", 1, 9, "pass");
    leave(&shop, "B-1", "out", 1, 9, "pass");
    leaves_not(&shop, 9, "out", "is not at out: it is finished");
    DO("{'command':'pack_units','parcel':'P-1','order':'1001','line':'1','batch':'B-1','first':1,"
       "'count':3}");
    leaves_not(&shop, 1, "out", "is not at out: it is finished");
    DO("{'command':'ship_parcel','parcel':'P-1','carrier':'USPS','tracking':'T1'}");
    leaves_not(&shop, 1, "out", "is not at out: it was shipped in parcel P-1");
    DO("{'command':'hold_lot','lot':'IN-1','reason':'brittle'}");
    leaves_not(&shop, 4, "box", "is not at box: it is in quarantine");
    DO("{'command':'dispose_unit','batch':'B-1','unit':4,'to':'scrap','reason':'cracked'}");
    leaves_not(&shop, 4, "box", "is not at box: it is scrap");
    trial_close(&shop);
}

/* ---- lots on hold ---- */

static void a_held_lot_keeps_what_was_made_of_it(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 10, 10);
    make_all(&shop, 10);
    const struct batch *batch = batch_of(&shop, "B-1");
    assert_true(batch->closed);
    DO("{'command':'pack_units','parcel':'P-1','order':'1001','line':'1','batch':'B-1','first':1,"
       "'count':3}");
    DO("{'command':'ship_parcel','parcel':'P-1','carrier':'USPS','tracking':'T1'}");
    DO("{'command':'pack_units','parcel':'P-2','order':'1001','line':'1','batch':'B-1','first':4,"
       "'count':2}");
    DO("{'command':'hold_lot','lot':'IN-1','reason':'brittle'}");
    assert_int_equal(units_at(batch, PLACE_QUARANTINE), 7); /* but for the three that are gone */
    assert_false(batch->closed);
    REFUSED("lot IN-1, which is in unit 4", "",
            "{'command':'ship_parcel','parcel':'P-2','carrier':'USPS','tracking':'T2'}");
    REFUSED("lot IN-1, which is in unit 6", "",
            "{'command':'pack_units','parcel':'P-3','order':'1001','line':'1','batch':'B-1',"
            "'first':6,'count':1}");
    REFUSED("unpack it first", "",
            "{'command':'dispose_unit','batch':'B-1','unit':4,'to':'scrap','reason':'x'}");
    REFUSED("is on hold", "",
            "{'command':'dispose_unit','batch':'B-1','unit':6,'to':'done','reason':'x'}");
    DO("{'command':'dispose_unit','batch':'B-1','unit':6,'to':'scrap','reason':'cracked'}");
    DO("{'command':'hold_lot','lot':'SP-1','reason':'moist'}");
    DO("{'command':'free_lot','lot':'IN-1','reason':'sorted'}");
    assert_int_equal(units_at(batch, PLACE_QUARANTINE), 6); /* of the other lot still */
    DO("{'command':'free_lot','lot':'SP-1','reason':'dried'}");
    assert_int_equal(units_at(batch, PLACE_QUARANTINE), 0);
    assert_true(batch->closed);
    DO("{'command':'ship_parcel','parcel':'P-2','carrier':'USPS','tracking':'T2'}");
    trial_close(&shop);
}

static void another_lot_is_in_what_comes_after(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 10, 10);
    DO("{'command':'receive_lot','lot':'IN-2','what':'m3_insert'}");
    DO("{'command':'start_batch','batch':'B-1'}");
    print_all(&shop, "B-1", 10);
    for (int i = 1; i <= 10; i++)
        screen(&shop, "B-1", i, "4.3");
    leave(&shop, "B-1", "screen", 1, 10, "pass");
    leave(&shop, "B-1", "cleanup", 1, 10, "pass");
    use(&shop, "B-1", "inserts", "IN-1");
    use(&shop, "B-1", "inserts", "MA-1");
    leave(&shop, "B-1", "inserts", 1, 6, "pass");
    use(&shop, "B-1", "inserts", "IN-2");
    REFUSED("a correction says why", "",
            "{'command':'use_lot','batch':'B-1','step':'inserts','lot':'IN-2','amount':'2'}");
    leave(&shop, "B-1", "inserts", 7, 4, "pass");
    const struct batch *batch = batch_of(&shop, "B-1");
    const struct lot *first = state_lot(&shop.state, name_in(&shop, "IN-1")),
                     *second = state_lot(&shop.state, name_in(&shop, "IN-2"));
    for (int i = 1; i <= 10; i++) {
        assert_int_equal(share_has(batch_share(batch, first), i), i <= 6);
        assert_int_equal(share_has(batch_share(batch, second), i), i > 6);
    }
    DO("{'command':'hold_lot','lot':'IN-2','reason':'brittle'}");
    assert_int_equal(units_at(batch, PLACE_QUARANTINE), 4);
    assert_int_equal(units_at(batch, batch_step_index(batch, "first_piece")), 6);
    REFUSED("was never at box", "desk_hook.flow:",
            "{'command':'dispose_unit','batch':'B-1','unit':8,'to':'box','reason':'x'}");
    DO("{'command':'dispose_unit','batch':'B-1','unit':8,'to':'inserts','reason':'take them out'}");
    DO("{'command':'free_lot','lot':'IN-2','reason':'tested'}");
    assert_int_equal(units_at(batch, batch_step_index(batch, "first_piece")), 9);
    trial_close(&shop);
}

/* Of the processor: the machine may be busy. */
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void a_lot_of_100000_units_is_held_at_once(void **unused)
{
    (void)unused;
    struct trial shop;
    trial_open(&shop, &hook, 1);
    prepare(&shop);
    DO("{'command':'open_batch','batch':'S-1','product':'desk_hook','purpose':'sample'}");
    for (int i = 0; i < 4167; i++) { /* 24 a batch: the spec's most */
        DO("{'command':'open_batch','batch':'B-%d','product':'desk_hook','purpose':'sample'}", i);
        DO("{'command':'add_units','batch':'B-%d','sku':'DH-100-black-small','count':24}", i);
        DO("{'command':'start_batch','batch':'B-%d'}", i);
        DO("{'command':'leave_step','batch':'B-%d','step':'collect','first':1,'count':24,"
           "'outcome':'pass'}",
           i);
        DO("{'command':'use_lot','batch':'B-%d','step':'plate','lot':'SP-1','amount':'1'}", i);
        DO("{'command':'leave_step','batch':'B-%d','step':'plate','first':1,'count':24,"
           "'outcome':'pass'}",
           i);
    }
    double begun = seconds();
    DO("{'command':'hold_lot','lot':'SP-1','reason':'moist'}");
    double held = seconds() - begun;
    assert_int_equal(shop.decision.count, 4168); /* the lot, and a run of units in each batch */
    assert_int_equal(units_at(batch_of(&shop, "B-4166"), PLACE_QUARANTINE), 24);
    begun = seconds();
    DO("{'command':'free_lot','lot':'SP-1','reason':'dried'}");
    double freed = seconds() - begun;
    assert_int_equal(units_at(batch_of(&shop, "B-4166"), PLACE_QUARANTINE), 0);
    print_message("100008 units held in %.0f ms, freed in %.0f ms\n", 1e3 * held, 1e3 * freed);
    assert_true(held < 2 && freed < 2); /* with sanitizers; a fraction of it without */
    trial_close(&shop);
}

/* ---- corrections ---- */

static void a_correction_says_why(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 10, 10);
    DO("{'command':'start_batch','batch':'B-1'}");
    print_all(&shop, "B-1", 10);
    for (int i = 1; i <= 10; i++)
        screen(&shop, "B-1", i, "4.3");
    REFUSED("bore of unit 2 was judged already; a correction says why", "",
            "{'command':'measure','batch':'B-1','step':'screen','unit':2,'part':'hook',"
            "'dimension':'bore','value':'4.6'}");
    DO("{'command':'measure','batch':'B-1','step':'screen','unit':2,'part':'hook',"
       "'dimension':'bore','value':'4.6','reason':'misread'}");
    REFUSED("unit 2 was found defective", "desk_hook.flow:68",
            "{'command':'leave_step','batch':'B-1','step':'screen','first':2,'count':1,"
            "'outcome':'pass'}");
    DO("{'command':'measure','batch':'B-1','step':'screen','unit':2,'part':'hook',"
       "'dimension':'bore','value':'4.2','reason':'the gauge was dirty'}");
    REFUSED("counted already", "",
            "{'command':'judge_check','batch':'B-1','step':'screen','check':'count','good':0}");
    leave(&shop, "B-1", "screen", 1, 10, "pass");
    leave(&shop, "B-1", "cleanup", 1, 10, "pass");
    DO("{'command':'measure','batch':'B-1','step':'screen','unit':5,'part':'hook',"
       "'dimension':'bore','value':'4.7','reason':'misread'}");
    assert_int_equal(shop.decision.count, 2);
    assert_int_equal(shop.decision.events[1].kind, EVENT_unit_quarantined);
    const struct batch *batch = batch_of(&shop, "B-1");
    assert_int_equal(batch->units[4].at, PLACE_QUARANTINE);
    DO("{'command':'hold_lot','lot':'SP-1','reason':'moist'}");
    DO("{'command':'free_lot','lot':'SP-1','reason':'dried'}");
    assert_int_equal(batch->units[4].at, PLACE_QUARANTINE); /* not for the lot */
    DO("{'command':'dispose_unit','batch':'B-1','unit':5,'to':'screen','reason':'look again'}");
    judge(&shop, "B-1", "screen", 0, "count");
    REFUSED("unit 5 is not inspected yet", "desk_hook.flow:65",
            "{'command':'leave_step','batch':'B-1','step':'screen','first':5,'count':1,"
            "'outcome':'pass'}");
    trial_close(&shop);
}

/* ---- issues ---- */

static void issues_are_answered_and_closed(void **unused)
{
    (void)unused;
    struct trial shop;
    open_with_batch(&shop, &hook, 8, 8);
    REFUSED("there is no product", "", "{'command':'open_issue','issue':'I-1','what':'late'}");
    DO("{'command':'open_issue','issue':'I-1','batch':'B-1','step':'plate','what':'warped "
       "corner'}");
    assert_string_equal(shop.decision.events[0].issue_opened.product, "desk_hook");
    REFUSED("the cause, and what is done", "",
            "{'command':'answer_issue','issue':'I-1','cause':'draught'}");
    DO("{'command':'answer_issue','issue':'I-1','cause':'draught','action':'a screen'}");
    DO("{'command':'close_issue','issue':'I-1','reason':'no more since'}");
    REFUSED("is closed", "", "{'command':'answer_issue','issue':'I-1','cause':'x','action':'y'}");
    const struct product_state *product = state_product(&shop.state, name_in(&shop, "desk_hook"));
    assert_true(product->issues->closed && !product->issues->older_of_product);
    trial_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_do_what_they_may),
        cmocka_unit_test(tokens_are_hashes),
        cmocka_unit_test(secrets_are_hashes),
        cmocka_unit_test(orders_know_what_they_owe),
        cmocka_unit_test(scrap_is_made_again),
        cmocka_unit_test(an_answer_has_its_length),
        cmocka_unit_test(who_looks_for_a_unit_is_told_where_it_is),
        cmocka_unit_test(a_held_lot_keeps_what_was_made_of_it),
        cmocka_unit_test(another_lot_is_in_what_comes_after),
        cmocka_unit_test(a_lot_of_100000_units_is_held_at_once),
        cmocka_unit_test(a_correction_says_why),
        cmocka_unit_test(issues_are_answered_and_closed),
    };
    return cmocka_run_group_tests(tests, open_specs, close_specs);
}
