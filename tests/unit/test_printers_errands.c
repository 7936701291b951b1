/* What a printer is, where its camera's picture is, whether what comes is one, and how a key is come by. */
#include "printers/appkey.h"
#include "printers/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct reply reply_of(int status, const char *body)
{
    return (struct reply){.status = status, .body = body, .length = strlen(body)};
}

/* ---- traits ---- */

struct known {
    const struct protocol *protocol;
    int index;
    const char *body;
    struct printer_traits traits;
};

#define OCTOPRINT_PROFILES                                                                         \
    "{\"profiles\":{\"old\":{\"current\":false,\"extruder\":{\"nozzleDiameter\":1.2}},"            \
    "\"_default\":{\"current\":true,\"extruder\":{\"nozzleDiameter\":0.25},"                       \
    "\"volume\":{\"width\":200.0,\"depth\":210,\"height\":180.9}}}}"
#define KLIPPER_STATUS                                                                             \
    "{\"result\":{\"status\":{\"pause_resume\":{\"is_paused\":false},\"toolhead\":{"               \
    "\"axis_minimum\":[-5.0,0,0,0],\"axis_maximum\":[250,210.0,220,0]},\"configfile\":{"           \
    "\"settings\":{\"extruder\":{\"nozzle_diameter\":0.4}}}}}}"

static const struct known known[] = {
    {&protocol_octoprint,
     0,
     "{\"webcam\":{\"snapshotUrl\":\"http://localhost/s\"}}",
     {.pauses = true, .camera = "http://localhost/s"}},
    {&protocol_octoprint,
     1,
     OCTOPRINT_PROFILES,
     {.pauses = true, .nozzle_um = 250, .volume_mm = {200, 210, 180}}},
    {&protocol_octoprint, 1, "{\"profiles\":[{\"current\":true}]}", {.pauses = true}},
    {&protocol_moonraker,
     0,
     "{\"result\":{\"webcams\":[{\"enabled\":false,\"snapshot_url\":\"/a\"},{\"enabled\":true,"
     "\"snapshot_url\":\"/b\"},{\"snapshot_url\":\"/c\"}]}}",
     {.camera = "/b"}},
    {&protocol_moonraker,
     1,
     KLIPPER_STATUS,
     {.pauses = true, .nozzle_um = 400, .volume_mm = {255, 210, 220}}},
    {&protocol_moonraker,
     1,
     "{\"result\":{\"status\":{\"pause_resume\":{},\"toolhead\":{\"axis_maximum\":[1e308,\"\"]}}}}",
     {.pauses = false}},
    {&protocol_prusalink,
     0,
     "{\"nozzle_diameter\":0.4,\"serial\":\"CZ\"}",
     {.pauses = true, .nozzle_um = 400, .camera = "/api/v1/cameras/snap"}},
    {&protocol_prusalink,
     0,
     "{\"nozzle_diameter\":-1e99}",
     {.pauses = true, .camera = "/api/v1/cameras/snap"}},
};

static void test_traits(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct known *row = &known[i];
        struct printer_traits traits = {0};
        struct call call = {0};
        assert_true(row->protocol->ask_traits(row->index, &call));
        assert_false(row->protocol->ask_traits(2, &call));
        struct reply reply = reply_of(200, row->body);
        row->protocol->hear_traits(row->index, &reply, &traits);
        assert_int_equal(traits.nozzle_um, row->traits.nozzle_um);
        assert_memory_equal(traits.volume_mm, row->traits.volume_mm, sizeof traits.volume_mm);
        assert_int_equal(traits.pauses, row->traits.pauses);
        assert_string_equal(traits.camera, row->traits.camera);
    }
}

/* ---- places ---- */

struct place {
    const struct protocol *protocol;
    const char *address, *stated, *camera;
    const char *at, *path; /* NULL: nowhere, and `path` is in what is said of it */
    bool is_server;
};

#define OCTO &protocol_octoprint
#define MOON &protocol_moonraker
static const struct place places[] = {
    {OCTO, "http://pi", NULL, "/webcam/?action=snapshot", "http://pi", "/webcam/?action=snapshot",
     true},
    {OCTO, "http://pi:5000", NULL, "http://127.0.0.1:8080/?action=snapshot", "http://pi:8080",
     "/?action=snapshot", false},
    {OCTO, "http://[fe80::1]:5000", NULL, "http://localhost:8080", "http://[fe80::1]:8080", "/",
     false},
    {OCTO, "http://pi:5000", NULL, "http://pi:5000/snap", "http://pi:5000", "/snap", true},
    {OCTO, "http://pi", NULL, "http://10.0.0.9/snap", NULL, "camera: http://10.0.0.9/snap", false},
    {OCTO, "http://pi", NULL, "http://pi@10.0.0.9/snap", NULL, "another machine", false},
    {OCTO, "http://pi", NULL, "file:///etc/passwd", NULL, "which is no address", false},
    {OCTO, "http://pi", NULL, "", NULL, "no camera is known of p", false},
    {OCTO, "http://pi", "http://10.0.0.9/snap", "", "http://10.0.0.9", "/snap", false},
    {OCTO, "http://pi", "http://127.0.0.1:81/s", "/x", "http://127.0.0.1:81", "/s", false},
    {&protocol_manual, "", "http://10.0.0.9/snap", "", "http://10.0.0.9", "/snap", false},
    {&protocol_manual, "", NULL, "", NULL, "no camera is known of p", false},
    {MOON, "http://pi:7125", NULL, "/webcam?action=snapshot", "http://pi",
     "/webcam?action=snapshot", false},
    {MOON, "http://[::1]:7125", NULL, "/webcam", "http://[::1]", "/webcam", false},
    {MOON, "http://pi:7125", NULL, "https://pi:8443?x", "https://pi:8443", "/?x", false},
};

static void test_places(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const struct place *row = &places[i];
        struct failure failure;
        struct picture_place place;
        struct farm_printer printer = {
            .name = "p", .protocol = row->protocol, .address = row->address, .camera = row->stated};
        bool found = picture_place(&printer, row->camera, &place, &failure);
        if (found != (row->at != NULL))
            fail_msg("%s: %s", row->camera, found ? place.address : failure.message);
        if (!found) {
            assert_non_null(strstr(failure.message, row->path));
            continue;
        }
        assert_string_equal(place.address, row->at);
        assert_string_equal(place.path, row->path);
        assert_int_equal(place.is_server, row->is_server);
    }
}

static void test_kinds(void **unused)
{
    (void)unused;
    assert_string_equal(picture_kind("\xFF\xD8\xFF\xE0", 4), "jpg");
    assert_string_equal(picture_kind("\x89PNG\r\n\x1A\n.", 9), "png");
    assert_string_equal(picture_kind("RIFF....WEBPV", 13), "webp");
    assert_null(picture_kind("RIFF....WAVEV", 13));
    assert_null(picture_kind("<html>", 6));
    assert_null(picture_kind("\xFF\xD8", 2));
    assert_null(picture_kind("", 0));
}

/* ---- a key ---- */

static void test_key(void **unused)
{
    (void)unused;
    struct appkey_request request = {0};
    struct call call;
    struct reply reply = reply_of(201, "{\"app_token\":\"A7/..\",\"auth_dialog\":\"http://x\"}");
    appkey_ask(&call);
    assert_int_equal(call_kind(&call), CALL_DOES);
    assert_int_equal(appkey_hear(&reply, &request), APPKEY_WAITING);
    appkey_ask_again(&request, &call);
    assert_string_equal(call.path, "/plugin/appkeys/request/A7%2F..");
    static const struct {
        int status;
        const char *body;
        enum appkey wanted;
    } polls[] = {{202, "{\"message\":\"Awaiting decision\"}", APPKEY_WAITING},
                 {404, "{}", APPKEY_DENIED},
                 {0, "", APPKEY_UNHEARD},
                 {502, "<html>", APPKEY_UNHEARD},
                 {200, "{\"api_key\":\"\"}", APPKEY_UNHEARD},
                 {200, "{\"api_key\":\"a\\nb\"}", APPKEY_UNHEARD},
                 {200, "{\"api_key\":\"F00\"}", APPKEY_GIVEN}};
    for (size_t i = 0; i < sizeof polls / sizeof *polls; i++) {
        reply = reply_of(polls[i].status, polls[i].body);
        assert_int_equal(appkey_hear_again(&reply, &request), polls[i].wanted);
    }
    assert_string_equal(request.key, "F00");
    reply = reply_of(404, "");
    assert_int_equal(appkey_hear(&reply, &request), APPKEY_REFUSED);
    reply = reply_of(201, "[7]");
    assert_int_equal(appkey_hear(&reply, &request), APPKEY_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_traits), cmocka_unit_test(test_places),
                                       cmocka_unit_test(test_kinds), cmocka_unit_test(test_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
