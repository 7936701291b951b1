/* Announcements of printers as bytes: what is kept of sound ones, and that no other harms. tests/e2e/test_discover.py has them
   over sockets. */
#include "printers/discovery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct in_addr sender = {0x1402000a}; /* 10.0.2.20, in the order of the network */
static struct discovery discovery;

static int begin(void **state)
{
    (void)state;
    memset(&discovery, 0, sizeof discovery);
    return 0;
}

/* Hears a copy that ends where the bytes end, so that the sanitizer sees what is read behind it. */
static void hear(const char *bytes, size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    discovery_hear_dns(&discovery, copy, length, sender);
    free(copy);
}
#define HEAR(text) hear(text, sizeof(text) - 1)

#define HEAD(count) "\0\0\x84\0\0\0\0" count "\0\0\0\0"
#define OCTOPRINT "\12_octoprint\4_tcp\5local\0"
#define FIXED(type, length) "\0" type "\0\1\0\0\0\x78\0" length

static void a_whole_answer(void **state)
{
    static const char answer[] = HEAD("\3") OCTOPRINT FIXED(
        "\14", "\7") "\4Left\xc0\x0c"
                     /* the instance stands at 12 + 23 + 10 = 45 */
                     "\xc0\x2d" FIXED("\41", "\17") "\0\0\0\0\x13\x88\6octopi\xc0\x1c"
                                                    /* the host at 45 + 7 + 2 + 10 + 6 = 70 */
                                                    "\xc0\x46" FIXED("\1", "\4") "\xc0\0\2\7";
    (void)state;
    HEAR(answer);
    assert_int_equal(discovery.count, 1);
    const struct found *found = &discovery.found[0];
    assert_string_equal(found->announced, "Left");
    assert_string_equal(found->host, "octopi.local");
    assert_string_equal(found->address, "192.0.2.7");
    assert_int_equal(found->port, 5000);
    HEAR(answer); /* by another network */
    assert_int_equal(discovery.count, 1);
}

static void what_is_missing_is_asked_for(void **state)
{
    uint8_t query[DNS_QUERY_BYTES];
    (void)state;
    size_t first = discovery_ask(&discovery, query);
    assert_int_equal(first, 12 + 3 * (23 + 4));
    assert_int_equal(query[5], 3);
    HEAR(HEAD("\1") OCTOPRINT FIXED("\14", "\7") "\4Left\xc0\x0c");
    assert_string_equal(discovery.found[0].address,
                        "10.0.2.20"); /* who said it, until it is said */
    assert_int_equal(discovery_ask(&discovery, query), first + 28 + 4);
    assert_int_equal(query[5], 4);
}

static void words_of_a_server(void **state)
{
    (void)state;
    HEAR(HEAD("\1") OCTOPRINT FIXED("\14", "\7") "\4Left\xc0\x0c");
    HEAR(HEAD("\1") "\4left" OCTOPRINT FIXED("\20", "\23") "\13path=/o/1.0\7Model=X");
    assert_string_equal(discovery.found[0].path, "/o/1.0");
    assert_string_equal(discovery.found[0].model, ""); /* that word is longer than its record */
    HEAR(HEAD("\1") "\4left" OCTOPRINT FIXED("\20", "\24") "\13path=/o/1.0\7Model=X");
    assert_string_equal(discovery.found[0].model, "X");
}

static void texts_of_strangers(void **state)
{
    (void)state;
    HEAR(HEAD("\1")
             OCTOPRINT FIXED("\14", "\21") "\16\x1b[2J\xff\xc2\x85\xe2\x80\xaeL\nft\xc0\x0c");
    assert_int_equal(discovery.count, 1);
    assert_string_equal(discovery.found[0].announced, "[2JLft");
}

static void no_loop_goes_round(void **state)
{
    (void)state;
    HEAR(HEAD("\1") "\xc0\x0c");                                       /* at itself */
    HEAR(HEAD("\1") "\1a\xc0\x0c");                                    /* at its own beginning */
    HEAR(HEAD("\2") "\xc0\x0e\xc0\x0c" FIXED("\14", "\2") "\xc0\x0c"); /* at each other */
    HEAR(HEAD("\1") "\xff\xff");                                       /* far behind the end */
    HEAR(HEAD("\1") "\x40"
                    "aaaa"); /* no such kind of label */
    assert_int_equal(discovery.count, 0);
}

static void nothing_is_read_behind_the_end(void **state)
{
    static const char answer[] = HEAD("\2") OCTOPRINT FIXED(
        "\14", "\7") "\4Left\xc0\x0c"
                     "\xc0\x2d" FIXED("\41", "\17") "\0\0\0\0\x13\x88\6octopi\xc0\x1c";
    (void)state;
    for (size_t length = 0; length < sizeof answer - 1; length++) {
        hear(answer, length);
        assert_true(discovery.count == 0 || discovery.found[0].port == 0);
        discovery.count = 0;
    }
    hear(answer, sizeof answer - 1);
    assert_int_equal(discovery.found[0].port, 5000);
}

static void a_query_is_no_answer(void **state)
{
    (void)state;
    HEAR("\0\0\0\0\0\0\0\1\0\0\0\0" OCTOPRINT FIXED("\14", "\7") "\4Left\xc0\x0c");
    assert_int_equal(discovery.count, 0);
}

static void nobody_takes_all_the_room(void **state)
{
    char answer[] = HEAD("\1") OCTOPRINT FIXED("\14", "\7") "\4Left\xc0\x0c";
    char *label = answer + sizeof answer - 1 - 6;
    (void)state;
    for (int i = 0; i < 1000; i++) {
        label[0] = (char)('a' + i / 100);
        label[1] = (char)('a' + i / 10 % 10);
        label[2] = (char)('a' + i % 10);
        hear(answer, sizeof answer - 1);
    }
    assert_int_equal(discovery.count, FOUND_OF_ONE_SENDER);
    struct in_addr other = {sender.s_addr + 1};
    memcpy(label, "aaa", 3);
    discovery_hear_dns(&discovery, (const uint8_t *)answer, sizeof answer - 1, other);
    assert_int_equal(discovery.count, FOUND_OF_ONE_SENDER); /* known already */
    label[3] = 'z';
    discovery_hear_dns(&discovery, (const uint8_t *)answer, sizeof answer - 1, other);
    assert_int_equal(discovery.count, FOUND_OF_ONE_SENDER + 1);
}

static void a_note_of_bambu_lab(void **state)
{
    static const char note[] = "NOTIFY * HTTP/1.1\r\nLocation: 192.0.2.23\r\n"
                               "NT: urn:bambulab-com:device:3dprinter:1\r\nUSN: 01P00A000000001\r\n"
                               "DevModel.bambu.com: C12\r\ndevname.bambu.net:P1S\r\n";
    (void)state;
    discovery_hear_note(&discovery, note, sizeof note - 1, sender);
    discovery_hear_note(&discovery, note, sizeof note - 1, sender);
    assert_int_equal(discovery.count, 1);
    const struct found *found = &discovery.found[0];
    assert_string_equal(found->protocol, "bambu");
    assert_string_equal(found->serial, "01P00A000000001");
    assert_string_equal(found->announced, "P1S");
    assert_string_equal(found->model, "C12");
    assert_string_equal(found->address, "192.0.2.23");
    static const char other[] = "NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nUSN: 7\r\n";
    discovery_hear_note(&discovery, other, sizeof other - 1, sender);
    static const char odd[] = "NOTIFY * HTTP/1.1\r\nNT: urn:bambulab-com:device:3dprinter:1\r\n"
                              "USN: 01P00A00\" #: {\r\n";
    discovery_hear_note(&discovery, odd, sizeof odd - 1, sender);
    discovery_hear_note(&discovery, "NT", 2, sender);
    discovery_hear_note(&discovery, "", 0, sender);
    assert_int_equal(discovery.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_whole_answer, begin),
        cmocka_unit_test_setup(what_is_missing_is_asked_for, begin),
        cmocka_unit_test_setup(words_of_a_server, begin),
        cmocka_unit_test_setup(texts_of_strangers, begin),
        cmocka_unit_test_setup(no_loop_goes_round, begin),
        cmocka_unit_test_setup(nothing_is_read_behind_the_end, begin),
        cmocka_unit_test_setup(a_query_is_no_answer, begin),
        cmocka_unit_test_setup(nobody_takes_all_the_room, begin),
        cmocka_unit_test_setup(a_note_of_bambu_lab, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
