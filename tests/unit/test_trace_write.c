/* What a trace and a hold are written as: texts, JSON, CSV, pictures, and EPCIS held by what its schema asks for. */
#include "trace/epcis.h"
#include "trace/trace_hold.h"
#include "trace/trace_pages.h"
#include "trace/trace_write.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "telling.h"

/* A sale of which two units are out, one is packed, one scrap, one held; with names that would like to be something else. */
static void tell_a_sale(struct telling *t)
{
    tell(t, "{'event':'spec_adopted','by':'anna','product':'hook','snapshot':'s1','revision':'C',"
            "'fingerprint':'f1'}");
    tell(t, "{'event':'lot_received','by':'anna','lot':'IN/1','what':'insert','amount':'100',"
            "'supplier':'Müller & Sons'}");
    tell(t, "{'event':'order_described','by':'anna','order':'1001','channel':'shop','customer':"
            "'=cmd()','address':'{\\'name\\':\\'Ada\\',\\'city\\':\\'Bath\\'}'}");
    tell(t, "{'event':'line_ordered','by':'anna','order':'1001','line':'1','product':'hook','sku':"
            "'H-1','count':3,'customer':'=cmd()'}");
    open_batch(t, "B-1", 3, "1001");
    tell(t, "{'event':'units_added','by':'anna','batch':'B-1','sku':'H-1','count':2}");
    tell(t, "{'event':'step_begun','by':'bea','batch':'B-1','step':'glue','machine':"
            "'m\\\\k\\u0022 ]; x'}");
    use(t, "B-1", "glue", "IN/1", "insert");
    leave(t, "B-1", "glue", 1, 4, "pass", "look");
    leave(t, "B-1", "glue", 5, 1, "failure", "scrap");
    tell(t, "{'event':'unit_measured','by':'dan','batch':'B-1','step':'look','unit':4,'part':'p',"
            "'dimension':'bore','value':'4.61'}");
    leave(t, "B-1", "look", 1, 3, "pass", "done");
    tell(t, "{'event':'units_packed','by':'eva','parcel':'P-1','order':'1001','line':'1','batch':"
            "'B-1','first':1,'count':2}");
    tell(t, "{'event':'parcel_shipped','by':'eva','parcel':'P-1','carrier':'USPS','tracking':"
            "'9400'}");
    tell(t, "{'event':'units_packed','by':'eva','parcel':'P-2','order':'1001','line':'1','batch':"
            "'B-1','first':3,'count':1}");
    tell(t, "{'event':'lot_held','by':'quin','lot':'IN/1','reason':'it\\u001b[2J cracks'}");
    tell(t, "{'event':'unit_quarantined','by':'quin','batch':'B-1','unit':3,'count':2,'lot':"
            "'IN/1','reason':'it cracks'}");
}

static void open_trace(struct trace *trace, struct telling *t, const char *name)
{
    struct trace_subject subject;
    struct failure failure;
    if (!trace_find(&t->model, NULL, name, &subject, &failure))
        fail_msg("%s", failure.message);
    trace_open(trace, &t->model, subject);
}

/* The answer in a format; the caller frees it. */
static struct buffer written(struct telling *t, const char *name, const char *format)
{
    struct buffer out = {0};
    struct failure failure;
    struct trace trace;
    open_trace(&trace, t, name);
    if (!trace_write(&trace, format, &(struct trace_options){NULL, trace_draw}, &out, &failure))
        fail_msg("%s", failure.message);
    trace_close(&trace);
    return out;
}

static void has(const struct buffer *text, const char *part)
{
    if (!strstr(buffer_text(text), part))
        fail_msg("`%s` is not in\n%s", part, buffer_text(text));
}

static void has_not(const struct buffer *text, const char *part)
{
    if (strstr(buffer_text(text), part))
        fail_msg("`%s` is in\n%s", part, buffer_text(text));
}

/* ---- for people ---- */

static void people_read_it(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    struct buffer lot = written(&t, "IN/1", "text"), unit = written(&t, "B-1/4", "text");
    has(&lot, "lot IN/1: insert, 100, from Müller & Sons; on hold: it [2J cracks\n");
    has(&lot, "5 units in 1 batch, 2 shipped");
    has(&lot, "  B-1  hook  production  units 1-5\n");
    has(&lot, "  P-1  2 units  shipped 1970-01-01 00:00:16 by USPS, 9400\n");
    has_not(&lot, "\033");
    has(&unit, "unit B-1/4: H-1, hook revision C, production\n  now    quarantine\n");
    has(&unit, "for stock");
    has(&unit, "unit 4: p.bore is 4.61, outside its limits");
    has(&unit, "units 3-4 put in quarantine for lot IN/1: it cracks");
    has_not(&unit, "units 1-3 left");
    buffer_free(&lot);
    buffer_free(&unit);
    close_telling(&t);
}

/* ---- for programs and spreadsheets ---- */

static json_t *parsed(const struct buffer *text)
{
    json_error_t error;
    json_t *json = json_loadb(text->text, text->length, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg("%s at %d in\n%s", error.text, error.position, text->text);
    return json;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void programs_read_it(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    struct buffer text = written(&t, "IN/1", "json");
    json_t *json = parsed(&text);
    const json_t *units = json_object_get(json, "units"),
                 *order = json_array_get(json_object_get(json, "orders"), 0),
                 *event = json_array_get(json_object_get(json, "events"), 0);
    assert_string_equal(text_of(json, "kind"), "lot");
    assert_int_equal(json_integer_value(json_object_get(json, "shipped_count")), 2);
    assert_int_equal(json_array_size(units), 5);
    assert_string_equal(text_of(json_array_get(units, 4), "at"), "scrap");
    assert_string_equal(text_of(json_array_get(units, 0), "parcel"), "P-1");
    assert_string_equal(text_of(json_object_get(order, "address"), "city"), "Bath");
    assert_string_equal(text_of(event, "event"), "lot_received");
    assert_string_equal(text_of(event, "time"), "1970-01-01T00:00:02.000Z");
    json_decref(json);
    buffer_free(&text);
    close_telling(&t);
}

static void spreadsheets_read_it(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    struct buffer lot = written(&t, "IN/1", "csv"), unit = written(&t, "B-1/4", "csv");
    has(&lot, "B-1/1,B-1,1,hook,C,H-1,done,1001,1,'=cmd(),P-1,USPS,,9400,1970-01-01T00:00:16");
    has(&lot, "\r\nB-1/5,B-1,5,hook,C,H-1,scrap,,,,,,,,\r\n");
    has(&unit, "sequence,time,event,by,kind,name,step,first,count,what\r\n");
    has(&unit, ",unit_measured,dan,batch,B-1,look,4,1,");
    buffer_free(&lot);
    buffer_free(&unit);
    close_telling(&t);
}

/* ---- pictures ---- */

static void what_was_typed_stays_text_in_a_picture(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    struct buffer dot = written(&t, "B-1", "dot"), svg = written(&t, "B-1", "svg"),
                  again = written(&t, "B-1", "svg");
    has(&dot, "machine m\\\\k\\\" ]; x\"");
    has(&svg, "machine m\\k&quot; ]; x</text>");
    has(&svg, "Müller &amp; Sons</text>");
    assert_string_equal(svg.text, again.text);
    buffer_free(&dot);
    buffer_free(&svg);
    buffer_free(&again);
    close_telling(&t);
}

/* ---- EPCIS: the checks its JSON schema makes, written anew ---- */

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(word, ...)                                                                       \
    is_one_of(word, (const char *const[]){__VA_ARGS__},                                            \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A scheme, a colon, and nothing behind it that a URI must not have. */
static void is_uri(const json_t *value)
{
    const char *text = json_string_value(value), *colon = text ? strchr(text, ':') : NULL;
    if (!colon || colon == text || !colon[1])
        fail_msg("`%s` is no URI", text ? text : "");
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c >= 0x7f || strchr("\"<>\\^`{|}", *c) ||
            (*c == '%' && strspn(c + 1, "0123456789ABCDEF") < 2))
            fail_msg("`%s` is no URI", text);
}

static void are_uris(const json_t *list, bool may_be_empty)
{
    const json_t *value;
    size_t i;
    assert_true(json_is_array(list));
    assert_true(may_be_empty || json_array_size(list) > 0);
    json_array_foreach((json_t *)(uintptr_t)list, i, value) is_uri(value);
}

static void is_time(const char *text)
{
    static const char form[] = "0000-00-00T00:00:00.000Z";
    assert_int_equal(strlen(text), strlen(form));
    for (size_t i = 0; form[i]; i++)
        assert_true(form[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i]);
}

static void has_only(const json_t *event, const char *const *names, size_t count)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)event, key, value)
    {
        (void)value;
        if (!is_one_of(key, names, count) &&
            !IS_ONE_OF(key, "type", "eventTime", "eventTimeZoneOffset", "eventID", "bizStep",
                       "disposition", "readPoint", "bizTransactionList"))
            fail_msg("`%s` is nothing that a %s has", key, text_of(event, "type"));
    }
}
#define HAS_ONLY(event, ...)                                                                       \
    has_only(event, (const char *const[]){__VA_ARGS__},                                            \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void check_transactions(const json_t *list)
{
    const json_t *one;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
    {
        is_uri(json_object_get(one, "bizTransaction"));
        assert_true(!json_object_get(one, "type") ||
                    IS_ONE_OF(text_of(one, "type"), "po", "prodorder"));
    }
}

static void check_event(const json_t *event)
{
    const char *type = text_of(event, "type"), *action = text_of(event, "action");
    is_time(text_of(event, "eventTime"));
    assert_string_equal(text_of(event, "eventTimeZoneOffset"), "+00:00");
    is_uri(json_object_get(event, "eventID"));
    assert_true(!json_object_get(event, "bizStep") ||
                IS_ONE_OF(text_of(event, "bizStep"), "accepting", "assembling", "commissioning",
                          "destroying", "holding", "inspecting", "packing", "receiving",
                          "repairing", "shipping", "storing", "unpacking"));
    assert_true(IS_ONE_OF(text_of(event, "disposition"), "active", "available", "conformant",
                          "destroyed", "in_progress", "in_transit", "non_conformant",
                          "unavailable"));
    if (json_object_get(event, "readPoint"))
        is_uri(json_object_get(json_object_get(event, "readPoint"), "id"));
    check_transactions(json_object_get(event, "bizTransactionList"));
    if (strcmp(type, "TransformationEvent") == 0) {
        HAS_ONLY(event, "inputEPCList", "outputEPCList");
        are_uris(json_object_get(event, "inputEPCList"), false);
        are_uris(json_object_get(event, "outputEPCList"), false);
        return;
    }
    assert_true(IS_ONE_OF(action, "ADD", "OBSERVE", "DELETE"));
    if (strcmp(type, "ObjectEvent") == 0) {
        HAS_ONLY(event, "action", "epcList");
        are_uris(json_object_get(event, "epcList"), false);
        return;
    }
    assert_string_equal(type, "AggregationEvent");
    HAS_ONLY(event, "action", "parentID", "childEPCs");
    is_uri(json_object_get(event, "parentID")); /* ADD and DELETE need it */
    are_uris(json_object_get(event, "childEPCs"), false);
}

/* Checks the whole document; returns the number of its events. */
static size_t check_document(const json_t *document)
{
    const json_t *event,
        *events = json_object_get(json_object_get(document, "epcisBody"), "eventList");
    size_t i;
    assert_string_equal(text_of(document, "type"), "EPCISDocument");
    assert_string_equal(text_of(document, "schemaVersion"), "2.0");
    is_time(text_of(document, "creationDate"));
    are_uris(json_object_get(document, "@context"), false);
    assert_true(json_is_array(events));
    json_array_foreach((json_t *)(uintptr_t)events, i, event)
    {
        check_event(event);
        for (size_t n = 0; n < i; n++)
            assert_string_not_equal(text_of(event, "eventID"),
                                    text_of(json_array_get(events, n), "eventID"));
    }
    return json_array_size(events);
}

static void partners_read_it(void **unused)
{
    struct telling t;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    static const char *const names[] = {"IN/1", "B-1", "B-1/1", "B-1/5", "1001", "P-1", "dan"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buffer text = written(&t, names[i], "epcis");
        json_t *document = parsed(&text);
        assert_true(check_document(document) > 2);
        json_decref(document);
        buffer_free(&text);
    }
    struct buffer unit = written(&t, "B-1/5", "epcis"), lot = written(&t, "IN/1", "epcis");
    has(&unit, "\"inputEPCList\":[\"urn:flow:lot:IN%2F1\"],\"outputEPCList\":[\"urn:flow:unit:B-1/5"
               "\"]");
    has(&unit, "\"action\":\"DELETE\",\"epcList\":[\"urn:flow:unit:B-1/5\"]");
    has_not(&unit, "unit:B-1/4"); /* others are no business of who reads this */
    has(&lot, "\"AggregationEvent\",\"action\":\"ADD\",\"parentID\":\"urn:flow:parcel:P-1\","
              "\"childEPCs\":[\"urn:flow:unit:B-1/1\",\"urn:flow:unit:B-1/2\"]");
    has(&lot, "\"bizStep\":\"holding\",\"disposition\":\"unavailable\"");
    buffer_free(&unit);
    buffer_free(&lot);
    close_telling(&t);
}

static void names_begin_as_one_says(void **unused)
{
    struct telling t;
    struct trace trace;
    struct buffer out = {0};
    struct failure failure;
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    open_trace(&trace, &t, "B-1/1");
    assert_true(epcis_add(&trace, "https://id.example.com/", &out, &failure));
    has(&out, "\"https://id.example.com/unit/B-1/1\"");
    buffer_free(&out);
    static const char *const bad[] = {
        "",         "urn:",     "urn:flow",          "hooks:", "https://x.com",   "ftp://x.com/",
        "https://", "urn:a b:", "https://x.com/\"/", "urn:é:", "https://x.com/%/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(epcis_add(&trace, bad[i], &out, &failure));
    assert_int_equal(out.length, 0);
    trace_close(&trace);
    close_telling(&t);
}

/* ---- a hold ---- */

static void a_recall_can_be_written_from_it(void **unused)
{
    struct telling t;
    struct trace trace;
    struct buffer text = {0}, json_text = {0}, csv = {0};
    (void)unused;
    open_telling(&t);
    tell_a_sale(&t);
    open_trace(&trace, &t, "IN/1");
    hold_add_text(&trace, &text);
    hold_add_json(&trace, &json_text);
    hold_add_csv(&trace, &csv);
    has(&text, "lot IN/1 of insert from Müller & Sons is on hold: it [2J cracks\n");
    has(&text, "2 units shipped\n  B-1/1-2  order 1001 line 1  =cmd()  parcel P-1  1970-01-01 "
               "00:00:16  USPS 9400\n");
    has(&text, "write to\n  order 1001: Ada, Bath\n");
    has(&text, "2 units held in quarantine\n");
    has(&text, "B-1/4  for stock");
    has(&text, "1 unit scrap\n");
    has_not(&text, "\033");
    json_t *json = parsed(&json_text);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "counts"), "held")),
                     2);
    assert_int_equal(json_array_size(json_object_get(json, "groups")), 4);
    json_decref(json);
    has(&csv,
        "B-1/1,shipped,H-1,1001,1,'=cmd(),P-1,USPS,,9400,1970-01-01T00:00:16.000Z,Ada,,,,Bath,"
        ",,,,\r\n");
    has(&csv, "B-1/4,held,H-1,,,,,,,,,,,,,,,,,,\r\n");
    buffer_free(&text);
    buffer_free(&json_text);
    buffer_free(&csv);
    trace_close(&trace);
    close_telling(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_read_it),
        cmocka_unit_test(programs_read_it),
        cmocka_unit_test(spreadsheets_read_it),
        cmocka_unit_test(what_was_typed_stays_text_in_a_picture),
        cmocka_unit_test(partners_read_it),
        cmocka_unit_test(names_begin_as_one_says),
        cmocka_unit_test(a_recall_can_be_written_from_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
