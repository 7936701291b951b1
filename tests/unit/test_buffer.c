/* Growing texts, what JSON and XML must escape, and UTF-8. */
#include "base/buffer.h"
#include "base/utf8.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static void test_growing(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    assert_string_equal(buffer_text(&buffer), "");
    for (int i = 0; i < 1000; i++) {
        buffer_add_char(&buffer, 'a');
        buffer_add_text(&buffer, "bc");
        buffer_addf(&buffer, "%d;", i % 10);
        buffer_add(&buffer, "xyz", 1);
        assert_int_equal(buffer.length, strlen(buffer.text));
    }
    assert_int_equal(buffer.length, 6000);
    assert_memory_equal(buffer.text + 5994, "abc9;x", 6);
    buffer_clear(&buffer);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_addf(&buffer, "%*d", 100000, 1);
    assert_int_equal(buffer.length, 100000);
    buffer_free(&buffer);
    assert_null(buffer.text);
    buffer_add(&buffer, NULL, 0);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_free(&buffer);
}

static void json_is(const char *text, size_t length, const char *expected)
{
    struct buffer buffer = {0}, whole = {0};
    buffer_add_json(&buffer, text, length);
    assert_string_equal(buffer_text(&buffer), expected);
    buffer_addf(&whole, "\"%s\"", buffer_text(&buffer));
    json_t *read = json_loadb(whole.text, whole.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(read); /* a reader of JSON, and of its UTF-8, agrees */
    json_decref(read);
    buffer_free(&buffer);
    buffer_free(&whole);
}

static void test_json(void **state)
{
    (void)state;
    json_is("plain", 5, "plain");
    json_is("", 0, "");
    json_is("a\"b\\c\nd\te\rf", 11, "a\\\"b\\\\c\\nd\\te\\rf");
    json_is("\x01\x1b\x7f", 3, "\\u0001\\u001b\\u007f");
    json_is("a\0b", 3, "a\\u0000b");
    json_is("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\xA7", 9, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\xA7");
    json_is("a\xFF\x80z\xC3", 5, "a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD");
}

static void test_json_of_any_bytes(void **state)
{
    (void)state;
    uint32_t random = 20261121;
    for (int round = 0; round < 3000; round++) {
        char bytes[40];
        struct buffer text = {0};
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = (char)(random >> 24);
        }
        buffer_add_char(&text, '"');
        buffer_add_json(&text, bytes, sizeof bytes);
        buffer_add_char(&text, '"');
        json_t *read = json_loadb(text.text, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(read);
        json_decref(read);
        buffer_free(&text);
    }
}

static void xml_is(const char *text, const char *expected)
{
    struct buffer buffer = {0};
    buffer_add_xml(&buffer, text);
    assert_string_equal(buffer_text(&buffer), expected);
    buffer_free(&buffer);
}

static void test_xml(void **state)
{
    (void)state;
    xml_is("", "");
    xml_is("a<b>&\"c'\n\t", "a&lt;b&gt;&amp;&quot;c'\n\t");
    xml_is("a\r\n", "a&#13;\n");
    xml_is("\x02\x1b", "\xEF\xBF\xBD\xEF\xBF\xBD");
    xml_is("\xEF\xBF\xBE", "\xEF\xBF\xBD"); /* U+FFFE is no XML character */
    xml_is("d\xC3\xA9j\xC3", "d\xC3\xA9j\xEF\xBF\xBD");
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t code;
        size_t size;
    } rows[] = {
        {"a", 'a', 1},
        {"\x7F", 0x7F, 1},
        {"\xC2\x80", 0x80, 2},
        {"\xDF\xBF", 0x7FF, 2},
        {"\xE0\xA0\x80", 0x800, 3},
        {"\xED\x9F\xBF", 0xD7FF, 3},
        {"\xEE\x80\x80", 0xE000, 3},
        {"\xEF\xBF\xBF", 0xFFFF, 3},
        {"\xF0\x90\x80\x80", 0x10000, 4},
        {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
        {"\x80", UTF8_NONE, 1},             /* a continuation alone */
        {"\xC0\x80", UTF8_NONE, 1},         /* overlong */
        {"\xC1\xBF", UTF8_NONE, 1},         /* overlong */
        {"\xE0\x9F\xBF", UTF8_NONE, 1},     /* overlong */
        {"\xF0\x8F\xBF\xBF", UTF8_NONE, 1}, /* overlong */
        {"\xED\xA0\x80", UTF8_NONE, 1},     /* a surrogate */
        {"\xF4\x90\x80\x80", UTF8_NONE, 1}, /* beyond Unicode */
        {"\xF8\x88\x80\x80", UTF8_NONE, 1},
        {"\xFF", UTF8_NONE, 1},
        {"\xC3", UTF8_NONE, 1}, /* cut short */
        {"\xE2\x82", UTF8_NONE, 1},
        {"\xE2(\xA1", UTF8_NONE, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = 99;
        assert_int_equal(utf8_read(rows[i].bytes, strlen(rows[i].bytes), &size), rows[i].code);
        assert_int_equal(size, rows[i].size);
    }
}

/* What a terminal does of each, after Unicode's own tables. */
static void test_cells(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        int cells;
    } rows[] = {
        {'a', 1},      {0xE9, 1},    {0x301, 0},    {0x4E2D, 2},           {0xAC00, 2},
        {0x1F600, 2},  {0xFF21, 2},  {0x200D, 0},   {0x26A0, 1},           {0x26A1, 2},
        {0x3099, 0},   {0x309B, 2},  {0x1F321, 1},  {0x202E, UTF8_HIDDEN}, {0x9B, UTF8_HIDDEN},
        {0x2FFFF, 2},  {0xE0100, 0}, {0x10FFFF, 1}, {0x2019, 1},           {0x20AC, 1},
        {UTF8_NONE, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(utf8_cells(rows[i].code), rows[i].cells);
    assert_int_equal(utf8_width(""), 0);
    assert_int_equal(utf8_width("Jose\xCC\x81"), 4);
    assert_int_equal(utf8_width("\xE4\xB8\xAD\xE6\x96\x87 A"), 6);
    assert_int_equal(utf8_width("\xF0\x9F\x98\x80"), 2);
    assert_int_equal(utf8_width("\xFFx"), 2);
}

static void test_base64(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"},
                                          {"\xFF\xFE\xFB", "//77"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer out = {0};
        buffer_add_base64(&out, rows[i][0], strlen(rows[i][0]));
        assert_string_equal(buffer_text(&out), rows[i][1]);
        buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64), cmocka_unit_test(test_growing),
        cmocka_unit_test(test_json),   cmocka_unit_test(test_json_of_any_bytes),
        cmocka_unit_test(test_xml),    cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
