/* Websockets: what is written, and what is read of bytes that come in any pieces. RFC 6455's own examples are among them. */
#include "printers/protocol.h"
#include "printers/websocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t nonce[WEBSOCKET_NONCE] = "the sample nonce"; /* 1.3 */

#define ANSWER(first, proof)                                                                       \
    "HTTP/1.1 " first "\r\nupgrade: websocket\r\nConnection: Upgrade\r\n"                          \
    "sec-websocket-accept:  " proof "\r\n\r\n"
#define PROOF "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

static void test_request(void **unused)
{
    (void)unused;
    struct buffer out = {0};
    websocket_add_request(&out, "h:7125", "/websocket", "secret", nonce);
    assert_non_null(strstr(buffer_text(&out), "GET /websocket HTTP/1.1\r\nHost: h:7125\r\n"));
    assert_non_null(strstr(buffer_text(&out), "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    assert_non_null(strstr(buffer_text(&out), "X-Api-Key: secret\r\n\r\n"));
    buffer_clear(&out);
    websocket_add_request(&out, "h", "/", NULL, nonce);
    assert_null(strstr(buffer_text(&out), "X-Api-Key"));
    buffer_free(&out);
}

static void test_answers(void **unused)
{
    static const struct {
        const char *bytes;
        bool agreed;
    } rows[] = {{ANSWER("101 Switching Protocols", PROOF), true},
                {ANSWER("200 OK", PROOF), false},
                {ANSWER("101 Yes", "s3pPLMBiTxaQ9kYGzzhZRbK+xOa="), false},
                {ANSWER("101 Yes", PROOF "x"), false},
                {ANSWER("401 Unauthorized", ""), false},
                {"HTTP/1.1 101 Yes\r\n\r\n", false}};
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t length = strlen(rows[i].bytes);
        for (size_t part = 0; part < length; part++)
            assert_int_equal(websocket_read_answer(rows[i].bytes, part, nonce), 0);
        assert_int_equal(websocket_read_answer(rows[i].bytes, length, nonce),
                         rows[i].agreed ? (long)length : -1);
    }
    char endless[20000];
    memset(endless, 'x', sizeof endless);
    assert_int_equal(websocket_read_answer(endless, sizeof endless, nonce), -1);
}

static void test_frames(void **unused)
{
    (void)unused;
    struct buffer out = {0};
    struct websocket_frame frame;
    websocket_add_frame(&out, WEBSOCKET_TEXT, "Hello", 5, 0x37FA213D); /* 5.7 */
    assert_int_equal(out.length, 11);
    assert_memory_equal(out.text, "\x81\x85\x37\xFA\x21\x3D\x7F\x9F\x4D\x51\x58", 11);
    assert_int_equal(websocket_read("\x81\x05Hello", 7, &frame), 7); /* 5.7 */
    assert_true(frame.kind == WEBSOCKET_TEXT && frame.last && frame.length == 5);
    assert_memory_equal(frame.body, "Hello", 5);
    for (size_t part = 0; part < 7; part++)
        assert_int_equal(websocket_read("\x81\x05Hello", part, &frame), 0);
    assert_int_equal(websocket_read("\x01\x03Hel", 5, &frame), 5);
    assert_false(frame.last);
    assert_int_equal(websocket_read("\x89\x00", 2, &frame), 2);
    assert_int_equal(frame.kind, WEBSOCKET_PING);
    assert_int_equal(websocket_read("\x81\x85....Hello", 11, &frame), -1); /* masked */
    assert_int_equal(websocket_read("\xC1\x05Hello", 7, &frame), -1);      /* squeezed */
    assert_int_equal(websocket_read("\x81\x7F\0\0\0\0\x7F\xFF\xFF\xFF", 10, &frame), -1);
    assert_int_equal(websocket_read("\x81\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10, &frame), -1);
    buffer_free(&out);
}

/* What is written with each width of length is read again, its mask taken off as a server does. */
static void test_lengths(void **unused)
{
    static const size_t lengths[] = {0, 1, 125, 126, 65535, 65536, 200000};
    static char body[200000], read[200020];
    (void)unused;
    memset(body, 'b', sizeof body);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct buffer out = {0};
        struct websocket_frame frame;
        size_t length = lengths[i], head = length < 126 ? 2 : length < 65536 ? 4 : 10;
        websocket_add_frame(&out, WEBSOCKET_PONG, body, length, 0x01020304);
        assert_int_equal(out.length, head + 4 + length);
        memcpy(read, out.text, head);
        read[1] = (char)(read[1] & 0x7F);
        for (size_t at = 0; at < length; at++)
            read[head + at] = (char)(out.text[head + 4 + at] ^ out.text[head + at % 4]);
        assert_int_equal(websocket_read(read, head + length, &frame), (long)(head + length));
        assert_int_equal(frame.length, length);
        assert_memory_equal(frame.body, body, length);
        buffer_free(&out);
    }
}

static void test_news(void **unused)
{
    static const struct {
        const char *text;
        enum news_of of;
    } rows[] = {{"{\"method\":\"notify_status_update\",\"params\":[{\"print_stats\":{\"state\":"
                 "\"printing\"}},7.1]}",
                 NEWS_CHANGE},
                {"{\"method\":\"notify_klippy_ready\"}", NEWS_ANEW},
                {"{\"method\":\"notify_klippy_disconnected\"}", NEWS_CHANGE},
                {"{\"method\":\"notify_proc_stat_update\",\"params\":[]}", NEWS_NONE},
                {"{\"id\":1,\"result\":{}}", NEWS_NONE},
                {"{\"method\":[7]}", NEWS_NONE},
                {"[", NEWS_NONE}};
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(protocol_moonraker.hear_news(rows[i].text, strlen(rows[i].text)),
                         rows[i].of);
    assert_true(strlen(protocol_moonraker.news_hello) < 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request), cmocka_unit_test(test_answers),
        cmocka_unit_test(test_frames), cmocka_unit_test(test_lengths), cmocka_unit_test(test_news)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
