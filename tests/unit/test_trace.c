/* The genealogy: small runs told as events, what lots, units, people and orders lead to, and how names are found. */
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "telling.h"

/* "B-1/1-6 B-2/3": the units of what is asked about. */
static const char *units_of(struct telling *telling, const char *kind, const char *name)
{
    static struct buffer text;
    struct trace_subject subject;
    struct failure failure;
    struct trace trace;

    buffer_clear(&text);
    if (!trace_find(&telling->model, kind, name, &subject, &failure))
        fail_msg("%s", failure.message);
    trace_open(&trace, &telling->model, subject);
    for (int32_t i = 0; i < trace.part_count; i++)
        for (int32_t first = 1, last; part_run(&trace.parts[i], &first, &last); first = last + 1) {
            buffer_addf(&text, "%s%s/%d", text.length ? " " : "", trace.parts[i].batch->thing.name,
                        first);
            if (last > first)
                buffer_addf(&text, "-%d", last);
        }
    trace_close(&trace);
    return buffer_text(&text);
}

/* "IN-1@inserts IN-2@inserts": rows of a kind, with their steps. */
static const char *rows_of(struct telling *telling, const char *kind, const char *name,
                           enum thing_kind of)
{
    static struct buffer text;
    struct trace_subject subject;
    struct failure failure;
    struct trace trace;

    buffer_clear(&text);
    if (!trace_find(&telling->model, kind, name, &subject, &failure))
        fail_msg("%s", failure.message);
    trace_open(&trace, &telling->model, subject);
    for (int32_t i = 0; i < trace.rows[of].count; i++) {
        const struct trace_row *row = &trace.rows[of].rows[i];
        buffer_addf(&text, "%s%s%s%s", text.length ? " " : "", row->thing->name,
                    *row->step ? "@" : "", row->step);
    }
    trace_close(&trace);
    return buffer_text(&text);
}

/* ---- lots ---- */

static void a_lot_change_splits_the_units(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    open_batch(&t, "B-1", 10, "");
    use(&t, "B-1", "inserts", "IN-1", "m3_insert");
    use(&t, "B-1", "inserts", "MA-1", "magnet");
    leave(&t, "B-1", "inserts", 1, 6, "pass", "final");
    use(&t, "B-1", "inserts", "IN-2", "m3_insert");
    leave(&t, "B-1", "inserts", 7, 4, "pass", "final");
    assert_string_equal(units_of(&t, "lot", "IN-1"), "B-1/1-6");
    assert_string_equal(units_of(&t, "lot", "IN-2"), "B-1/7-10");
    assert_string_equal(units_of(&t, "lot", "MA-1"), "B-1/1-10");
    assert_string_equal(rows_of(&t, "unit", "B-1/7", THING_LOT), "MA-1@inserts IN-2@inserts");
    assert_string_equal(rows_of(&t, NULL, "B-1/6", THING_LOT), "IN-1@inserts MA-1@inserts");
    assert_string_equal(rows_of(&t, "lot", "IN-2", THING_BATCH), "B-1");
    close_telling(&t);
}

/* Two lots were said before anything left: which unit got which, nobody wrote down. */
static void what_nobody_can_tell_counts(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    open_batch(&t, "B-1", 10, "");
    use(&t, "B-1", "inserts", "IN-1", "m3_insert");
    use(&t, "B-1", "inserts", "IN-2", "m3_insert");
    leave(&t, "B-1", "inserts", 1, 3, "pass", "final"); /* one departure to two places */
    leave(&t, "B-1", "inserts", 4, 1, "pass", "quarantine");
    use(&t, "B-2", "inserts", "IN-1", "m3_insert");     /* another batch is another matter */
    leave(&t, "B-1", "inserts", 5, 2, "pass", "final"); /* nothing was said since */
    tell(&t, "{'event':'step_begun','by':'bea','batch':'B-1','step':'inserts'}");
    leave(&t, "B-1", "inserts", 7, 4, "pass", "final");
    assert_string_equal(units_of(&t, "lot", "IN-1"), "B-1/1-6");
    assert_string_equal(units_of(&t, "lot", "IN-2"), "B-1/1-10");
    close_telling(&t);
}

static void rework_takes_what_it_takes(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    open_batch(&t, "B-1", 4, "");
    use(&t, "B-1", "glue", "GL-1", "glue");
    leave(&t, "B-1", "glue", 1, 4, "pass", "look");
    leave(&t, "B-1", "look", 2, 1, "rework", "glue");
    leave(&t, "B-1", "look", 3, 1, "reject", "scrap");
    use(&t, "B-1", "glue", "GL-2", "glue");
    leave(&t, "B-1", "glue", 2, 1, "pass", "look");
    assert_string_equal(rows_of(&t, "unit", "B-1/2", THING_LOT), "GL-1@glue GL-2@glue");
    assert_string_equal(units_of(&t, "lot", "GL-2"), "B-1/2");
    assert_string_equal(units_of(&t, "lot", "GL-1"), "B-1/1-4"); /* scrap too held it */
    assert_string_equal(genealogy_batch(&t.model, "B-1")->units[2].at, "scrap");
    close_telling(&t);
}

/* ---- people, machines, orders, parcels ---- */

static void tell_a_sale(struct telling *t)
{
    tell(t, "{'event':'spec_adopted','by':'anna','product':'hook','snapshot':'s0','fingerprint':"
            "'f'}");
    tell(t, "{'event':'sample_approved','by':'quin','product':'hook','name':'pp','snapshot':'s0',"
            "'fingerprint':'f'}");
    tell(t, "{'event':'spec_adopted','by':'anna','product':'hook','snapshot':'s1','fingerprint':"
            "'f'}");
    tell(t, "{'event':'lot_received','by':'anna','lot':'SP-1','what':'pla','supplier':'Pellet "
            "Works'}");
    tell(t, "{'event':'order_described','by':'anna','order':'1001','channel':'shop','customer':"
            "'Ada','address':'{}'}");
    tell(t, "{'event':'line_ordered','by':'anna','order':'1001','line':'1','product':'hook','sku':"
            "'H-1','count':3,'customer':'Ada'}");
    open_batch(t, "B-1", 3, "1001");
    tell(t, "{'event':'units_added','by':'anna','batch':'B-1','sku':'H-1','count':2}");
    tell(t, "{'event':'step_begun','by':'bea','batch':'B-1','step':'plate','machine':'mk4'}");
    use(t, "B-1", "plate", "SP-1", "pla");
    leave(t, "B-1", "plate", 1, 3, "pass", "done");
    tell(t, "{'event':'step_begun','by':'bea','batch':'B-1','step':'plate','machine':'mk3'}");
    leave(t, "B-1", "plate", 4, 2, "pass", "done");
    tell(t, "{'event':'unit_measured','by':'dan','batch':'B-1','step':'plate','unit':2,'part':'p',"
            "'dimension':'bore','value':'4.21','within':1}");
    tell(t, "{'event':'units_packed','by':'eva','parcel':'P-1','order':'1001','line':'1','batch':"
            "'B-1','first':1,'count':3}");
    tell(t, "{'event':'units_unpacked','by':'eva','parcel':'P-1','batch':'B-1','first':3,'count':1,"
            "'reason':'scratched'}");
    tell(t, "{'event':'parcel_shipped','by':'eva','parcel':'P-1','carrier':'USPS','tracking':"
            "'9400'}");
}

static void both_ways_meet(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    assert_string_equal(units_of(&t, "machine", "mk4"), "B-1/1-3");
    assert_string_equal(units_of(&t, "machine", "mk3"), "B-1/4-5");
    assert_string_equal(units_of(&t, "operator", "dan"), "B-1/2");
    assert_string_equal(units_of(&t, "operator", "anna"), "B-1/1-5");
    assert_string_equal(units_of(&t, NULL, "1001"), "B-1/1-3");
    assert_string_equal(units_of(&t, NULL, "P-1"), "B-1/1-2");
    assert_string_equal(units_of(&t, NULL, "Ada"), "B-1/1-3");
    assert_string_equal(rows_of(&t, NULL, "SP-1", THING_CUSTOMER), "Ada");
    assert_string_equal(rows_of(&t, NULL, "SP-1", THING_PARCEL), "P-1");
    assert_string_equal(rows_of(&t, NULL, "P-1", THING_MACHINE), "mk4@plate");
    assert_string_equal(rows_of(&t, "unit", "B-1/5", THING_ORDER), "");
    assert_string_equal(rows_of(&t, "unit", "B-1/2", THING_PERSON), "anna bea cora dan eva");
    close_telling(&t);
}

static void what_left_the_house_is_counted(void **unused)
{
    struct telling t;
    struct trace trace;
    struct trace_subject subject;
    struct failure failure;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    assert_true(trace_find(&t.model, NULL, "SP-1", &subject, &failure));
    trace_open(&trace, &t.model, subject);
    assert_int_equal(trace.unit_count, 5);
    assert_int_equal(trace.shipped_count, 2);
    assert_int_equal(trace.rows[THING_ORDER].rows[0].units, 3);
    assert_int_equal(trace.rows[THING_ORDER].rows[0].shipped, 2);
    assert_string_equal(trace.rows[THING_PARCEL].rows[0].thing->tracking, "9400");
    assert_int_equal(trace.event_count, 2); /* received, used */
    trace_close(&trace);
    close_telling(&t);
}

/* A unit's story: what touched it and nothing that did not. */
static void a_unit_tells_its_story(void **unused)
{
    struct telling t;
    struct trace trace;
    struct trace_subject subject;
    struct failure failure;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    assert_true(trace_find(&t.model, NULL, "B-1/4", &subject, &failure));
    trace_open(&trace, &t.model, subject);
    int measured = 0, received = 0, left = 0, adopted = 0, approved = 0;
    for (int32_t i = 0; i < trace.event_count; i++) {
        measured += trace.events[i].fact->kind == EVENT_unit_measured;
        received += trace.events[i].fact->kind == EVENT_lot_received;
        left += trace.events[i].fact->kind == EVENT_units_left;
        adopted += trace.events[i].fact->kind == EVENT_spec_adopted;
        approved += trace.events[i].fact->kind == EVENT_sample_approved;
        assert_true(i == 0 || trace.events[i - 1].fact->sequence < trace.events[i].fact->sequence);
    }
    assert_int_equal(measured, 0);
    assert_int_equal(received, 1);
    assert_int_equal(left, 1);
    assert_int_equal(adopted, 1);  /* by what it was made */
    assert_int_equal(approved, 1); /* of the same fingerprint */
    trace_close(&trace);
    close_telling(&t);
}

/* ---- quarantine, corrections ---- */

static void a_hold_goes_and_comes(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    open_batch(&t, "B-1", 4, "");
    use(&t, "B-1", "glue", "GL-1", "glue");
    leave(&t, "B-1", "glue", 1, 2, "pass", "look");
    tell(&t, "{'event':'lot_held','by':'quin','lot':'GL-1','reason':'it never hardens'}");
    tell(&t, "{'event':'unit_quarantined','batch':'B-1','unit':1,'count':2,'lot':'GL-1'}");
    const struct batch_trace *batch = genealogy_batch(&t.model, "B-1");
    assert_true(genealogy_find(&t.model, THING_LOT, "GL-1")->held);
    assert_string_equal(batch->units[1].at, "quarantine");
    assert_string_equal(batch->units[2].at, "started");
    tell(&t, "{'event':'lot_freed','by':'quin','lot':'GL-1','reason':'it does'}");
    tell(&t, "{'event':'unit_returned','batch':'B-1','unit':1,'count':1,'lot':'GL-1'}");
    tell(&t, "{'event':'unit_disposed','by':'quin','batch':'B-1','unit':2,'to':'scrap','reason':"
             "'soft'}");
    assert_false(genealogy_find(&t.model, THING_LOT, "GL-1")->held);
    assert_string_equal(batch->units[0].at, "look");
    assert_string_equal(batch->units[1].at, "scrap");
    close_telling(&t);
}

static void a_correction_keeps_what_was_said(void **unused)
{
    struct telling t;
    struct trace trace;
    struct trace_subject subject;
    struct failure failure;
    (void)unused;
    open_telling(&t);
    open_batch(&t, "B-1", 2, "");
    tell(&t, "{'event':'unit_measured','by':'dan','batch':'B-1','step':'look','unit':1,'part':'p',"
             "'dimension':'bore','value':'42.1'}");
    tell(&t, "{'event':'unit_measured','by':'dan','batch':'B-1','step':'look','unit':1,'part':'p',"
             "'dimension':'bore','value':'4.21','within':1,'reason':'the point was forgotten'}");
    assert_true(trace_find(&t.model, NULL, "B-1/1", &subject, &failure));
    trace_open(&trace, &t.model, subject);
    const struct fact *before = trace.events[trace.event_count - 2].fact,
                      *after = trace.events[trace.event_count - 1].fact;
    assert_string_equal(fact_text(before, "value"), "42.1");
    assert_false(before->good);
    assert_string_equal(fact_text(after, "value"), "4.21");
    assert_string_equal(fact_text(after, "reason"), "the point was forgotten");
    assert_true(after->good);
    trace_close(&trace);
    close_telling(&t);
}

/* The label was misread: what left with the one lot may hold the other, and both are traced. */
static void a_corrected_lot_is_in_all_it_may_be_in(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    open_batch(&t, "B-1", 4, "");
    use(&t, "B-1", "glue", "GL-1", "glue");
    leave(&t, "B-1", "glue", 1, 2, "pass", "look");
    tell(&t, "{'event':'lot_used','by':'bea','batch':'B-1','step':'glue','lot':'GL-7','what':"
             "'glue','reason':'it was a 7'}");
    leave(&t, "B-1", "glue", 3, 2, "pass", "look");
    assert_string_equal(units_of(&t, "lot", "GL-1"), "B-1/1-2");
    assert_string_equal(units_of(&t, "lot", "GL-7"), "B-1/1-4");
    close_telling(&t);
}

static void an_issue_stands_where_it_was_found(void **unused)
{
    struct telling t;
    struct trace trace;
    struct trace_subject subject;
    struct failure failure;
    (void)unused;
    open_telling(&t);
    open_batch(&t, "B-1", 2, "");
    tell(&t, "{'event':'issue_opened','by':'dan','issue':'I-1','product':'hook','batch':'B-1',"
             "'step':'look','unit':2,'what':'a crack'}");
    tell(&t, "{'event':'issue_answered','by':'dan','issue':'I-1','cause':'cold','action':'heat'}");
    for (int unit = 1; unit <= 2; unit++) {
        char name[16];
        int issues = 0;
        snprintf(name, sizeof name, "B-1/%d", unit);
        assert_true(trace_find(&t.model, NULL, name, &subject, &failure));
        trace_open(&trace, &t.model, subject);
        for (int32_t i = 0; i < trace.event_count; i++)
            issues += *fact_text(trace.events[i].fact, "issue") != '\0';
        assert_int_equal(issues, unit == 2 ? 2 : 0);
        trace_close(&trace);
    }
    close_telling(&t);
}

/* ---- names ---- */

static void names_are_found_or_explained(void **unused)
{
    struct telling t;
    struct trace_subject subject;
    struct failure failure;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    tell(&t, "{'event':'lot_received','by':'anna','lot':'1001','what':'pla'}");
    tell(&t, "{'event':'units_left','by':'anna','batch':'B/2','step':'x','first':1,'count':1,"
             "'outcome':'pass','to':'done'}");
    assert_false(trace_find(&t.model, NULL, "1001", &subject, &failure));
    assert_non_null(strstr(failure.message, "--kind lot, --kind order"));
    assert_true(trace_find(&t.model, "lot", "1001", &subject, &failure));
    assert_int_equal(subject.thing->kind, THING_LOT);
    assert_true(trace_find(&t.model, NULL, "B/2", &subject, &failure));
    assert_int_equal(subject.unit, 0);
    assert_false(trace_find(&t.model, NULL, "SP1", &subject, &failure));
    assert_non_null(strstr(failure.message, "did you mean the lot `SP-1`?"));
    assert_false(trace_find(&t.model, NULL, "B-1/6", &subject, &failure));
    assert_non_null(strstr(failure.message, "units 1 to 5"));
    assert_false(trace_find(&t.model, NULL, "B-1/0x1", &subject, &failure));
    assert_false(trace_find(&t.model, "lott", "SP-1", &subject, &failure));
    assert_non_null(strstr(failure.message, "there are unit, batch, lot"));
    assert_false(trace_find(&t.model, NULL, "zzzzzzzzzz", &subject, &failure));
    assert_null(strstr(failure.message, "did you mean"));
    close_telling(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lot_change_splits_the_units),
        cmocka_unit_test(what_nobody_can_tell_counts),
        cmocka_unit_test(rework_takes_what_it_takes),
        cmocka_unit_test(both_ways_meet),
        cmocka_unit_test(what_left_the_house_is_counted),
        cmocka_unit_test(a_unit_tells_its_story),
        cmocka_unit_test(a_hold_goes_and_comes),
        cmocka_unit_test(a_correction_keeps_what_was_said),
        cmocka_unit_test(a_corrected_lot_is_in_all_it_may_be_in),
        cmocka_unit_test(an_issue_stands_where_it_was_found),
        cmocka_unit_test(names_are_found_or_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
