/* Orders that come again: what is made as it was shipped is not asked about; what differs is said, and waits. */
#include "engine/lanes.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "replays.h"
#include "scratch.h"

enum { AS_IT_IS, TIGHTER, OTHER_FILE, SLOWER, SPECS };
static struct trial_spec clips[SPECS], signed_clips[SPECS];

/* The clip with one text instead of another, and, where wanted, a sample that somebody approves. */
static void write_clip(struct trial_spec *spec, int number, const char *old, const char *new,
                       bool is_signed)
{
    struct buffer out = {0};
    struct failure failure;
    char *text = NULL, name[32], snapshot[32];
    size_t length;

    assert_int_equal(file_read("tests/unit/specs/clip.flow", 1 << 20, &text, &length, &failure),
                     FILE_OK);
    const char *place = strstr(text, old), *end = strstr(text, "  void_on");
    assert_true(place && end && place < end);
    buffer_addf(&out, "%.*s%s%.*s%s%s", (int)(place - text), text, new,
                (int)(end - place) - (int)strlen(old), place + strlen(old),
                is_signed ? "  approve  sample by lead\n" : "", end);
    snprintf(name, sizeof name, "clip-%d-%d.flow", number, is_signed);
    snprintf(snapshot, sizeof snapshot, "snapshot-%d", number + 1);
    scratch_write(name, buffer_text(&out));
    trial_spec_open(spec, arena_printf(&scratch_arena, "%s", snapshot), scratch_path(name));
    buffer_free(&out);
    free(text);
}

static int open_specs(void **unused)
{
    static const char *const changes[SPECS][2] = {[AS_IT_IS] = {"edition 1", "edition 1"},
                                                  [TIGHTER] = {"0.4 mm  major", "0.3 mm  major"},
                                                  [OTHER_FILE] = {"clip.gcode", "other.gcode"},
                                                  [SLOWER] = {"time 15 s", "time 25 s"}};
    scratch_open(unused);
    scratch_write("clip.gcode", "G1 X1\n");
    scratch_write("other.gcode", "G1 X2\n");
    for (int i = 0; i < SPECS; i++) {
        write_clip(&clips[i], i, changes[i][0], changes[i][1], false);
        write_clip(&signed_clips[i], i, changes[i][0], changes[i][1], true);
    }
    return 0;
}

static int close_specs(void **unused)
{
    for (int i = 0; i < SPECS; i++) {
        compiled_close(&clips[i].compiled);
        compiled_close(&signed_clips[i].compiled);
    }
    return scratch_close(unused);
}

/* ---- a batch for an order ---- */

static void adopt(struct trial *at, int spec)
{
    if (!ask(at, "{'command':'adopt_spec','product':'clip','snapshot':'snapshot-%d'}", spec + 1))
        fail_msg("%s", at->decision.refusal);
}

static void begin_clips(struct trial *shop, struct trial_spec *specs)
{
    trial_open(shop, specs, SPECS);
    trial_people(shop);
    assert_true(ask(shop, "{'command':'admit_person','by':'owner','person':'anna',"
                          "'roles':'planner,quality,operator,lead'}"));
    adopt(shop, AS_IT_IS);
}

/* Batch B-n for order O-n, of two. */
static void fill(struct trial *shop, int number, const char *sku)
{
    assert_true(ask(shop,
                    "{'command':'take_line','order':'O-%d','line':'1','product':'clip','sku':'%s',"
                    "'count':2}",
                    number, sku));
    assert_true(ask(shop,
                    "{'command':'open_batch','batch':'B-%d','product':'clip',"
                    "'purpose':'production'}",
                    number));
    assert_true(ask(shop,
                    "{'command':'add_units','batch':'B-%d','sku':'%s','count':2,'order':'O-%d',"
                    "'line':'1'}",
                    number, sku, number));
}

static bool starts(struct trial *shop, int number)
{
    return ask(shop, "{'command':'start_batch','batch':'B-%d'}", number);
}

static void pass(struct trial *shop, int number, const char *step)
{
    if (!ask(shop,
             "{'command':'leave_step','batch':'B-%d','step':'%s','first':1,'count':2,"
             "'outcome':'pass'}",
             number, step))
        fail_msg("%s: %s", step, shop->decision.refusal);
}

/* From behind the print to the customer. */
static void ship(struct trial *shop, int number)
{
    assert_true(ask(shop,
                    "{'command':'measure','batch':'B-%d','step':'look','unit':1,'part':'body',"
                    "'dimension':'gap','value':'3.0'}",
                    number));
    pass(shop, number, "look");
    assert_true(ask(shop,
                    "{'command':'judge_check','batch':'B-%d','step':'bag','unit':0,"
                    "'check':'count','good':1}",
                    number));
    pass(shop, number, "bag");
    pass(shop, number, "out");
    assert_true(ask(shop,
                    "{'command':'pack_units','parcel':'P-%d','order':'O-%d','line':'1',"
                    "'batch':'B-%d','first':1,'count':2}",
                    number, number, number));
    assert_true(ask(shop, "{'command':'ship_parcel','parcel':'P-%d','carrier':'USPS'}", number));
}

/* All of it by hand. */
static void make(struct trial *shop, int number)
{
    fill(shop, number, "CL-1-small");
    if (!starts(shop, number))
        fail_msg("%s", shop->decision.refusal);
    assert_true(ask(shop, "{'command':'begin_step','batch':'B-%d','step':'plate','machine':'mk4'}",
                    number));
    pass(shop, number, "plate");
    ship(shop, number);
}

static enum repeat repeats(struct trial *shop, const char *sku)
{
    const struct product_state *product = state_product(&shop->state, name_in(shop, "clip"));
    return repeat_of(&shop->state, product->current, name_in(shop, sku));
}

static const struct proven_lane *lanes_of(struct trial *shop, const char *sku)
{
    return state_lanes(&shop->state, name_in(shop, "clip"), name_in(shop, sku));
}

/* Its events, read again, give the same state. */
static void ends_well(struct trial *shop)
{
    replays(shop);
    trial_close(shop);
}

/* ---- what is not asked about ---- */

static void the_same_again_is_not_asked_about(void **unused)
{
    (void)unused;
    struct trial shop;
    begin_clips(&shop, clips);
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_FIRST);
    make(&shop, 1);
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_PROVEN);
    assert_int_equal(repeats(&shop, "CL-1-large"), REPEAT_FIRST);
    assert_string_equal(lanes_of(&shop, "CL-1-small")->batch->name, "B-1");
    make(&shop, 2);
    adopt(&shop, SLOWER); /* neither in void_on nor in what is printed */
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_PROVEN);
    make(&shop, 3);
    const struct proven_lane *lane = lanes_of(&shop, "CL-1-small");
    assert_null(lane->next);
    assert_string_equal(lane->batch->name, "B-3");
    assert_int_equal(lane->unit, 1);
    assert_string_equal(lane->parcel, "P-3");
    assert_true(lane->since_ms < lane->shipped_ms);
    ends_well(&shop);
}

static void what_was_not_shipped_proves_nothing(void **unused)
{
    (void)unused;
    struct trial shop;
    begin_clips(&shop, clips);
    DO("{'command':'open_batch','batch':'S-1','product':'clip','purpose':'sample'}");
    fill(&shop, 1, "CL-1-small");
    assert_true(starts(&shop, 1));
    pass(&shop, 1, "plate");
    adopt(&shop, TIGHTER);
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_FIRST);
    fill(&shop, 2, "CL-1-small");
    assert_true(starts(&shop, 2));
    ends_well(&shop);
}

/* ---- what is ---- */

static void a_tolerance_waits_until_it_is_accepted(void **unused)
{
    (void)unused;
    struct trial shop;
    begin_clips(&shop, clips);
    make(&shop, 1);
    adopt(&shop, TIGHTER);
    const char *lane = state_product(&shop.state, name_in(&shop, "clip"))->current->lane;
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_DIFFERS);
    fill(&shop, 2, "CL-1-small");
    REFUSED("would differ from unit 1 of batch B-1, which was shipped: dimension gap of part body: "
            "3 mm (2.6 mm .. 3.4 mm) major Caliper -> 3 mm (2.7 mm .. 3.3 mm) major Caliper; "
            "`flowd reorder accept "
            "clip ",
            "clip-1-0.flow:12", "{'command':'start_batch','batch':'B-2'}");
    fill(&shop, 3, "CL-1-large"); /* nobody had one yet */
    assert_true(starts(&shop, 3));
    DO("{'command':'admit_person','by':'owner','person':'ben','roles':'operator,planner'}");
    REFUSED("is for quality", "",
            "{'command':'accept_lane','by':'ben','product':'clip','lane':'%s','reason':'so'}",
            lane);
    REFUSED("say why", "", "{'command':'accept_lane','product':'clip','lane':'%.8s'}", lane);
    REFUSED("8 digits of it", "",
            "{'command':'accept_lane','product':'clip','lane':'%.7s','reason':'so'}", lane);
    REFUSED("is to be made by 00000000", "",
            "{'command':'accept_lane','product':'clip','lane':'00000000','reason':'so'}");
    DO("{'command':'accept_lane','product':'clip','lane':'%.12s','reason':'customer asked'}", lane);
    assert_int_equal(shop.decision.count, 1);
    assert_string_equal(shop.decision.events[0].lane_accepted.lane, lane);
    assert_non_null(strstr(shop.decision.events[0].lane_accepted.differences, " -> "));
    DO("{'command':'accept_lane','product':'clip','lane':'%.12s','reason':'once more'}", lane);
    assert_int_equal(shop.decision.count, 0);
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_ACCEPTED);
    assert_true(starts(&shop, 2));
    pass(&shop, 2, "plate");
    ship(&shop, 2);
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_PROVEN);
    adopt(&shop, AS_IT_IS); /* back to what was shipped before */
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_PROVEN);
    make(&shop, 4);
    ends_well(&shop);
}

static void other_g_code_of_the_spec_waits(void **unused)
{
    (void)unused;
    struct trial shop;
    begin_clips(&shop, clips);
    make(&shop, 1);
    assert_string_equal(clips[AS_IT_IS].fields.hex, clips[OTHER_FILE].fields.hex);
    adopt(&shop, OTHER_FILE);
    fill(&shop, 2, "CL-1-small");
    REFUSED("gcode of print plate: ", "clip-2-0.flow:12",
            "{'command':'start_batch','batch':'B-2'}");
    assert_non_null(strstr(shop.decision.refusal, "clip.gcode (sha256:"));
    DO("{'command':'cancel_batch','batch':'B-2','reason':'the old file again'}");
    adopt(&shop, AS_IT_IS);
    make(&shop, 3);
    ends_well(&shop);
}

static void an_approval_is_enough(void **unused)
{
    (void)unused;
    struct trial shop;
    begin_clips(&shop, signed_clips);
    DO("{'command':'approve_sample','product':'clip','name':'sample','meaning':'as drawn'}");
    make(&shop, 1);
    adopt(&shop, TIGHTER);
    fill(&shop, 2, "CL-1-small");
    REFUSED("waits for the approval sample", "", "{'command':'start_batch','batch':'B-2'}");
    DO("{'command':'approve_sample','product':'clip','name':'sample','meaning':'as drawn'}");
    assert_int_equal(repeats(&shop, "CL-1-small"), REPEAT_APPROVED);
    assert_true(starts(&shop, 2));
    adopt(&shop, OTHER_FILE); /* the first approval holds: void_on does not name the file */
    fill(&shop, 3, "CL-1-small");
    REFUSED("gcode of print plate", "", "{'command':'start_batch','batch':'B-3'}");
    DO("{'command':'approve_sample','product':'clip','name':'sample','meaning':'as printed now'}");
    assert_true(starts(&shop, 3));
    ends_well(&shop);
}

/* ---- files of jobs ---- */

/* Queues a job of its file for a batch, and begins it at the printer, whose plate is empty. */
static void begin_print(struct trial *shop, const char *job, int batch, const char *sha256)
{
    assert_true(ask(shop,
                    "{'command':'queue_job','job':'%s','batch':'B-%d','step':'plate',"
                    "'file':'plate.gcode'}",
                    job, batch));
    assert_true(ask(shop, "{'command':'empty_plate','printer':'left'}"));
    if (!ask(shop,
             "{'command':'begin_attempt','by':'the farm','job':'%s','printer':'left',"
             "'machine':'mk4','name':'a.gcode','sha256':'%s'}",
             job, sha256))
        fail_msg("%s", shop->decision.refusal);
}

static void end_print(struct trial *shop, const char *job)
{
    assert_true(ask(shop, "{'command':'intend_start','by':'the farm','job':'%s'}", job));
    assert_true(ask(
        shop, "{'command':'end_attempt','by':'the farm','job':'%s','outcome':'finished'}", job));
}

static enum job_stage stage_of(struct trial *shop, const char *job)
{
    return state_job(&shop->state, name_in(shop, job))->stage;
}

static void another_file_of_a_job_is_set_aside(void **unused)
{
    (void)unused;
    static const char one[] = "1111111111111111", two[] = "2222222222222222";
    struct trial shop;
    begin_clips(&shop, clips);
    DO("{'command':'load_slot','printer':'left','slot':1,'material':'pla'}");
    fill(&shop, 1, "CL-1-small");
    assert_true(starts(&shop, 1));
    begin_print(&shop, "J-1", 1, one);
    end_print(&shop, "J-1");
    ship(&shop, 1);
    fill(&shop, 2, "CL-1-small");
    assert_true(starts(&shop, 2));
    begin_print(&shop, "J-2", 2, two);
    assert_int_equal(stage_of(&shop, "J-2"), JOB_ASIDE);
    const struct job *job = state_job(&shop.state, name_in(&shop, "J-2"));
    assert_non_null(
        strstr(job->reason, "other G-code when it was shipped: 111111111111 (job J-1)"));
    assert_int_equal(job->attempts, 0);
    assert_null(state_printer(&shop.state, name_in(&shop, "left"))->job);
    begin_print(&shop, "J-3", 2, one); /* the file that it was printed from */
    assert_int_equal(stage_of(&shop, "J-3"), JOB_SENDING);
    DO("{'command':'end_attempt','by':'the "
       "farm','job':'J-3','outcome':'not_started','reason':'x'}");
    DO("{'command':'accept_lane','product':'clip','lane':'%.8s','reason':'sliced anew'}", two);
    assert_int_equal(stage_of(&shop, "J-2"), JOB_WAITING);
    DO("{'command':'cancel_job','job':'J-3','reason':'the other one'}");
    DO("{'command':'begin_attempt','by':'the farm','job':'J-2','printer':'left','machine':'mk4',"
       "'name':'b.gcode','sha256':'%s'}",
       two);
    assert_int_equal(stage_of(&shop, "J-2"), JOB_SENDING);
    end_print(&shop, "J-2");
    ship(&shop, 2);
    assert_int_equal(lanes_of(&shop, "CL-1-small")->files->next != NULL, 1);
    ends_well(&shop);
}

/* What was accepted has no G-code yet that it could differ from. */
static void an_accepted_lane_is_printed_from_its_own_files(void **unused)
{
    (void)unused;
    struct trial shop;
    begin_clips(&shop, clips);
    DO("{'command':'load_slot','printer':'left','slot':1,'material':'pla'}");
    fill(&shop, 1, "CL-1-small");
    assert_true(starts(&shop, 1));
    begin_print(&shop, "J-1", 1, "1111111111111111");
    end_print(&shop, "J-1");
    ship(&shop, 1);
    adopt(&shop, TIGHTER);
    DO("{'command':'accept_lane','product':'clip','lane':'%s','reason':'so'}",
       state_product(&shop.state, name_in(&shop, "clip"))->current->lane);
    fill(&shop, 2, "CL-1-small");
    assert_true(starts(&shop, 2));
    begin_print(&shop, "J-2", 2, "2222222222222222");
    assert_int_equal(stage_of(&shop, "J-2"), JOB_SENDING);
    ends_well(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_again_is_not_asked_about),
        cmocka_unit_test(what_was_not_shipped_proves_nothing),
        cmocka_unit_test(a_tolerance_waits_until_it_is_accepted),
        cmocka_unit_test(other_g_code_of_the_spec_waits),
        cmocka_unit_test(an_approval_is_enough),
        cmocka_unit_test(another_file_of_a_job_is_set_aside),
        cmocka_unit_test(an_accepted_lane_is_printed_from_its_own_files),
    };
    return cmocka_run_group_tests(tests, open_specs, close_specs);
}
