/* The API without a network: addresses, routes, bodies of commands, problems, tokens, its document. */
#include "program/program.h"
#include "station/api.h"
#include "station/json.h"
#include "station/shapes.h"
#include "station/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include <jansson.h>

const struct program program = {.name = "test_api"};

/* ---- addresses ---- */

static void addresses_are_taken_apart(void **unused)
{
    static const struct {
        const char *target, *parts, *queries; /* "" and NULL: refused */
    } cases[] = {
        {"/", "[]", ""},
        {"/api/v1/status", "[api][v1][status]", ""},
        {"/a%2Fb/%C3%A4?x=1&y=%26+z", "[a/b][\xc3\xa4]", "(x=1)(y=& z)"},
        {"/a?x", "[a]", "(x=)"},
        {"/a?x=&y==", "[a]", "(x=)(y==)"},
        {"/a?", "[a]", ""},
        {"", NULL, NULL},
        {"a", NULL, NULL},
        {"*", NULL, NULL},
        {"http://host/a", NULL, NULL},
        {"/a/../b", NULL, NULL},
        {"/%2e%2e/b", NULL, NULL},
        {"/.", NULL, NULL},
        {"/%0a", NULL, NULL},
        {"/%00", NULL, NULL},
        {"/%7f", NULL, NULL},
        {"/%c2%85", NULL, NULL},
        {"/%4", NULL, NULL},
        {"/%g0", NULL, NULL},
        {"/%", NULL, NULL},
        {"/%ff", NULL, NULL},
        {"/%ed%a0%80", NULL, NULL},
        {"/%c0%af", NULL, NULL},
        {"/1/2/3/4/5/6/7/8/9", NULL, NULL},
        {"/a?x=%ff", NULL, NULL},
        {"/a?x=1&x=2", NULL, NULL},
        {"/a?a&b&c&d&e&f&g&h&i", NULL, NULL},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inquiry inquiry = {0};
        struct buffer got = {0};
        bool good =
            request_read_target(&inquiry.request, cases[i].target, &inquiry.arena, &inquiry.reply);
        for (int k = 0; k < inquiry.request.part_count; k++)
            buffer_addf(&got, "[%s]", inquiry.request.parts[k]);
        if (good != (cases[i].parts != NULL) ||
            (good && strcmp(buffer_text(&got), cases[i].parts) != 0))
            fail_msg("%s: %s", cases[i].target, buffer_text(&got));
        buffer_clear(&got);
        for (int k = 0; k < inquiry.request.query_count; k++)
            buffer_addf(&got, "(%s=%s)", inquiry.request.queries[k].name,
                        inquiry.request.queries[k].value);
        if (good)
            assert_string_equal(buffer_text(&got), cases[i].queries);
        else
            assert_true(inquiry.reply.status == 400 || inquiry.reply.status == 404);
        buffer_free(&got);
        inquiry_free(&inquiry);
    }
}

static void whole_numbers_of_a_query(void **unused)
{
    static const struct {
        const char *target;
        int64_t value; /* -1: refused */
    } cases[] = {
        {"/a", 7},      {"/a?n=0", 0},   {"/a?n=100", 100}, {"/a?n=101", -1},
        {"/a?n=", -1},  {"/a?n=-1", -1}, {"/a?n=1x", -1},   {"/a?n=9999999999999999999", -1},
        {"/a?n=+1", -1}};
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inquiry inquiry = {0};
        int64_t value;
        assert_true(
            request_read_target(&inquiry.request, cases[i].target, &inquiry.arena, &inquiry.reply));
        bool good = request_whole(&inquiry.request, "n", 7, 100, &value, &inquiry.reply);
        assert_int_equal(good ? value : -1, cases[i].value);
        assert_int_equal(inquiry.reply.status, good ? 0 : 400);
        inquiry_free(&inquiry);
    }
}

/* ---- routes ---- */

static unsigned ask(const char *method, const char *target, const char *person, const char *type,
                    const char *body, struct inquiry *inquiry)
{
    static const struct api api;
    *inquiry = (struct inquiry){.request = {.method = method,
                                            .type = type,
                                            .body = body,
                                            .body_length = strlen(body),
                                            .person = person,
                                            .last_event = -1}};
    if (request_read_target(&inquiry->request, target, &inquiry->arena, &inquiry->reply))
        api_answer(&api, inquiry);
    return inquiry->reply.status;
}

static void routes_are_found(void **unused)
{
    static const char command[] = "{}", json[] = "application/json";
    static const struct {
        const char *method, *target, *person, *type, *body;
        unsigned status;
        const char *allow;
    } cases[] = {
        {"GET", "/api/v1/health", NULL, "", "", 200, NULL},
        {"HEAD", "/api/v1/health", NULL, "", "", 200, NULL},
        {"GET", "/api/v1/openapi.json", NULL, "", "", 200, NULL},
        {"GET", "/api/v1/status", NULL, "", "", 401, NULL},
        {"POST", "/api/v1/commands", NULL, json, command, 401, NULL},
        {"POST", "/api/v1/commands", "anna", json, command, 400, NULL},
        {"POST", "/api/v1/commands", "anna", "APPLICATION/JSON; charset=utf-8", command, 400, NULL},
        {"POST", "/api/v1/commands", "anna", "application/jsonx", command, 415, NULL},
        {"POST", "/api/v1/commands", "anna", "", command, 415, NULL},
        {"POST", "/api/v1/commands", "anna", json, "", 400, NULL},
        {"GET", "/api/v1/commands", "anna", "", "", 405, "OPTIONS, POST"},
        {"PUT", "/api/v1/batches/x", "anna", "", "", 405, "GET, HEAD, OPTIONS"},
        {"OPTIONS", "/api/v1/batches/x/units", NULL, "", "", 204, "GET, HEAD, OPTIONS"},
        {"OPTIONS", "/nothing", NULL, "", "", 404, NULL},
        {"GET", "/api/v1/batches//units", "anna", "", "", 404, NULL},
        {"GET", "/api/v1/batches/x/units/", "anna", "", "", 404, NULL},
        {"GET", "/api/v1", "anna", "", "", 404, NULL},
        {"get", "/api/v1/health", NULL, "", "", 405, "GET, HEAD, OPTIONS"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inquiry inquiry;
        unsigned status = ask(cases[i].method, cases[i].target, cases[i].person, cases[i].type,
                              cases[i].body, &inquiry);
        if (status != cases[i].status)
            fail_msg("%s %s: %u", cases[i].method, cases[i].target, status);
        if (cases[i].allow)
            assert_string_equal(inquiry.reply.allow, cases[i].allow);
        inquiry_free(&inquiry);
    }
}

/* ---- commands ---- */

#define ID "01936F2E-5b00-7000-8000-0000000000aB"

/* The detail of the problem that a body is, "" where it is fine; up to the next call. */
static const char *wrong(const char *body, struct inquiry *inquiry)
{
    static char detail[600];
    unsigned status = ask("POST", "/api/v1/commands", "anna", "application/json", body, inquiry);
    detail[0] = '\0';
    if (status == 200) {
        assert_int_equal(inquiry->reply.kind, REPLY_COMMANDS);
        return detail;
    }
    json_t *problem = json_loadb(inquiry->reply.body.text, inquiry->reply.body.length, 0, NULL);
    assert_string_equal(inquiry->reply.type, "application/problem+json");
    assert_int_equal(json_integer_value(json_object_get(problem, "status")), status);
    strcpy(detail, json_string_value(json_object_get(problem, "detail")));
    json_decref(problem);
    return detail;
}

static void bodies_of_commands(void **unused)
{
    static const struct {
        const char *body, *words; /* "": it is fine */
    } cases[] = {
        {"{\"command\":\"start_batch\",\"batch\":\"B\",\"id\":\"" ID "\"}", ""},
        {"[{\"command\":\"start_batch\",\"batch\":\"B\",\"id\":\"" ID "\"}]", ""},
        {" \n[ {\"id\":\"" ID "\",\"command\":\"free_lot\",\"reason\":\"a\\nb\"} ]", ""},
        {"{\"command\":\"start_batch\",\"batch\":\"B\"}", "UUID"},
        {"{\"command\":\"start_batch\",\"id\":7}", "UUID"},
        {"{\"command\":\"start_batch\",\"id\":\"" ID "0\"}", "UUID"},
        {"{\"command\":\"start_batch\",\"by\":\"eve\",\"id\":\"" ID "\"}", "`by`"},
        {"{\"command\":\"started_batch\",\"id\":\"" ID "\"}", "no command `started_batch`"},
        {"{\"event\":\"batch_started\",\"id\":\"" ID "\"}", "which `command`"},
        {"{\"command\":\"start_batch\",\"b\":\"B\",\"id\":\"" ID "\"}", "has no `b`"},
        {"{\"command\":\"start_batch\",\"batch\":1,\"id\":\"" ID "\"}", "`batch`"},
        {"{\"command\":\"hold_lot\",\"lot\":\"a\\u0007\",\"id\":\"" ID "\"}", "control"},
        {"{\"command\":\"hold_lot\",\"lot\":\"a\\u0000\",\"id\":\"" ID "\"}", "No JSON"},
        {"{\"command\":\"hold_lot\",\"lot\":\"a\",\"lot\":\"b\",\"id\":\"" ID "\"}", "No JSON"},
        {"[]", "1 to 1000"},
        {"[1]", "Command 1"},
        {"[[]]", "Command 1"},
        {"7", "JSON"},
        {"[[[[[[[[[0]]]]]]]]]", "deeper"},
        {"[\"[[[[[[[[[[[[\"]", "Command 1"},
        {"[\"\\\"[[[[[[[[[[\"]", "Command 1"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inquiry inquiry;
        const char *said = wrong(cases[i].body, &inquiry);
        if (*cases[i].words ? !strstr(said, cases[i].words) : *said)
            fail_msg("%s: %s", cases[i].body, said);
        if (!*cases[i].words)
            assert_string_equal(inquiry.commands->id, "01936f2e-5b00-7000-8000-0000000000ab");
        inquiry_free(&inquiry);
    }
}

static void answers_of_commands(void **unused)
{
    struct inquiry inquiry;
    (void)unused;
    assert_string_equal(wrong("[{\"command\":\"start_batch\",\"id\":\"" ID
                              "\"},{\"command\":\"start_batch\",\"id\":\"" ID "\"}]",
                              &inquiry),
                        "");
    inquiry.commands[0].answer = (struct answer){.accepted = true, .first = 3, .last = 4};
    inquiry.commands[1].answer = (struct answer){.refusal = "no \"x\"", .place = "a.flow:7"};
    inquiry.finish(&inquiry);
    assert_int_equal(inquiry.reply.status, 200);
    assert_string_equal(inquiry.reply.body.text,
                        "[{\"accepted\":true,\"first\":3,\"last\":4},{\"accepted\":false,"
                        "\"refusal\":\"no \\\"x\\\"\",\"place\":\"a.flow:7\"}]");
    inquiry_free(&inquiry);

    assert_string_equal(wrong("{\"command\":\"start_batch\",\"id\":\"" ID "\"}", &inquiry), "");
    inquiry.commands->answer = (struct answer){.refusal = "no", .place = "a.flow:7"};
    inquiry.finish(&inquiry);
    assert_int_equal(inquiry.reply.status, 409);
    assert_string_equal(inquiry.reply.body.text,
                        "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"no\",\"accepted\":"
                        "false,\"refusal\":\"no\",\"place\":\"a.flow:7\"}");
    struct failure failure = {"the disk is full"};
    api_answer_failure(&inquiry, &failure);
    assert_int_equal(inquiry.reply.status, 503);
    assert_non_null(strstr(inquiry.reply.body.text, "the disk is full. Nothing was done"));
    inquiry_free(&inquiry);
}

/* ---- the rest ---- */

static void tokens_are_random_and_hashed(void **unused)
{
    char one[TOKEN_LENGTH + 1], other[TOKEN_LENGTH + 1], hash[TOKEN_HASH_DIGITS + 1];
    (void)unused;
    token_make(one);
    token_make(other);
    assert_int_equal(strlen(one), TOKEN_LENGTH);
    assert_memory_equal(one, "flow_", 5);
    assert_string_not_equal(one, other);
    token_hash("abc", hash); /* BLAKE2b-256, RFC 7693's message */
    assert_string_equal(hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void json_has_its_commas(void **unused)
{
    struct buffer out = {0};
    (void)unused;
    json_begin(&out, NULL, '{');
    json_text(&out, "a", "\"[{");
    json_begin(&out, "b", '[');
    json_whole(&out, NULL, -1);
    json_begin(&out, NULL, '{');
    json_end(&out, '}');
    json_flag(&out, NULL, true);
    json_end(&out, ']');
    json_said(&out, "c", "");
    json_said(&out, "d", NULL);
    json_time(&out, "e", 1792000000007);
    json_raw(&out, "f", "[]", 2);
    json_end(&out, '}');
    assert_string_equal(out.text,
                        "{\"a\":\"\\\"[{\",\"b\":[-1,{},true],\"e\":\"2026-10-14T17:46:40."
                        "007Z\",\"f\":[]}");
    buffer_free(&out);
}

/* Every shape that an endpoint or another shape names is there, and every query. */
static void names_of_tables_lead_somewhere(void **unused)
{
    struct buffer out = {0};
    json_error_t error;
    (void)unused;
    openapi_write(&out);
    json_t *document = json_loadb(out.text, out.length, JSON_REJECT_DUPLICATES, &error);
    if (!document)
        fail_msg("%s", error.text);
    json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
    for (int i = 0; i < endpoint_count; i++) {
        const struct endpoint *endpoint = &endpoint_rows[i];
        const char *const names[] = {endpoint->takes, endpoint->answers};
        for (int k = 0; k < 2; k++)
            if (*names[k] && !strchr(names[k], '/'))
                assert_non_null(json_object_get(schemas, names[k]));
        for (const char *word = endpoint->queries; *word; word += strspn(word, " ")) {
            size_t length = strcspn(word, " ");
            int found = 0;
            for (int k = 0; k < query_count; k++)
                found += strlen(query_rows[k].name) == length &&
                         memcmp(query_rows[k].name, word, length) == 0;
            assert_int_equal(found, 1);
            word += length;
        }
    }
    json_decref(document);
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(whole_numbers_of_a_query),
        cmocka_unit_test(routes_are_found),
        cmocka_unit_test(bodies_of_commands),
        cmocka_unit_test(answers_of_commands),
        cmocka_unit_test(tokens_are_random_and_hashed),
        cmocka_unit_test(json_has_its_commas),
        cmocka_unit_test(names_of_tables_lead_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
