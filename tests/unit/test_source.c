/* Places: lines and columns of every kind of text, against walking it; files side by side on one line of positions. */
#include "base/buffer.h"
#include "base/utf8.h"
#include "source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct arena arena;
static struct source_set set;

static int open_set(void **state)
{
    (void)state;
    source_set_open(&set, &arena);
    return 0;
}

static int close_set(void **state)
{
    (void)state;
    source_set_close(&set);
    arena_free(&arena);
    return 0;
}

static struct source *add(const char *path, const char *text, size_t length)
{
    char *copy = malloc(length + 2);
    memcpy(copy, text, length);
    copy[length] = copy[length + 1] = 0;
    return source_add(&set, path, ".", copy, length);
}

static void place_is(const struct source *source, uint32_t offset, uint32_t line, uint32_t column)
{
    struct position at = position_of(&set, source->base + offset);
    assert_ptr_equal(at.source, source);
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
    assert_int_equal(source_line_number(source, source->base + offset), line);
}

static void line_is(const struct source *source, uint32_t line, const char *expected)
{
    uint32_t length;
    const char *text = source_line(source, line, &length);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(text, expected, length);
}

static void test_lines(void **state)
{
    (void)state;
    struct source *source = add("a", "one\ntwo\n\nfour", 13);
    place_is(source, 0, 1, 1);
    place_is(source, 3, 1, 4); /* the line's end belongs to it */
    place_is(source, 4, 2, 1);
    place_is(source, 8, 3, 1);
    place_is(source, 9, 4, 1);
    place_is(source, 13, 4, 5);
    line_is(source, 1, "one");
    line_is(source, 2, "two");
    line_is(source, 3, "");
    line_is(source, 4, "four");
    line_is(source, 0, "");
    line_is(source, 5, "");
}

static void test_carriage_returns(void **state)
{
    (void)state;
    struct source *source = add("a", "one\r\ntw\ro\r\n\r\n", 13);
    line_is(source, 1, "one");
    line_is(source, 2, "tw\ro"); /* alone it ends no line */
    line_is(source, 3, "");
    line_is(source, 4, "");
    place_is(source, 5, 2, 1);
    place_is(source, 8, 2, 4);
    place_is(source, 11, 3, 1);
    place_is(source, 13, 4, 1);
}

static void test_empty_file(void **state)
{
    (void)state;
    struct source *source = add("a", "", 0);
    place_is(source, 0, 1, 1);
    line_is(source, 1, "");
    line_is(source, 2, "");
}

static void test_characters(void **state)
{
    (void)state;
    /* e-acute (2 bytes), euro (3), a wrench (4), then an x. */
    struct source *source = add("a", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\xA7x", 10);
    place_is(source, 2, 1, 2);
    place_is(source, 5, 1, 3);
    place_is(source, 9, 1, 4);
    place_is(source, 10, 1, 5);
    /* Bytes that are no character count one each. */
    source = add("b", "\x80\x80x\xC3y\xE2\x82z\xF0\x9Fq", 11);
    place_is(source, 1, 1, 2);
    place_is(source, 2, 1, 3);
    place_is(source, 4, 1, 5);
    place_is(source, 7, 1, 8);
    place_is(source, 10, 1, 11);
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    struct source *source = add("a", "\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo\n", 14);
    place_is(source, 0, 1, 1);
    place_is(source, 3, 1, 1);
    place_is(source, 5, 1, 3);
    line_is(source, 1, "one");
    place_is(source, 10, 2, 2); /* elsewhere it is a character */
    line_is(source, 2, "\xEF\xBB\xBFtwo");
    source = add("b", "\xEF\xBB\xBF", 3);
    place_is(source, 3, 1, 1);
    line_is(source, 1, "");
}

static void test_files(void **state)
{
    (void)state;
    assert_null(source_of(&set, 1)); /* no file yet */
    struct source *a = add("a", "abc", 3), *empty = add("e", "", 0), *b = add("b", "\nxyz", 4);
    assert_int_equal(a->base, 1); /* 0 is nowhere */
    assert_null(source_of(&set, 0));
    assert_null(position_of(&set, 0).source);
    assert_ptr_equal(source_of(&set, a->base + 3), a); /* its end belongs to it */
    assert_ptr_equal(source_of(&set, empty->base), empty);
    assert_ptr_equal(source_of(&set, b->base), b);
    assert_ptr_equal(source_of(&set, b->base + 4), b);
    assert_null(source_of(&set, b->base + 5));
    place_is(b, 4, 2, 4);
    struct span span = {b->base + 1, b->base + 4};
    assert_memory_equal(span_text(&set, span), "xyz", 3);
    assert_string_equal(span_text(&set, SPAN_NONE), "");
    for (int i = 0; i < 100; i++)
        add("more", "m\n", 2);
    for (int i = 0; i < set.count; i++)
        assert_ptr_equal(source_of(&set, set.files[i]->base), set.files[i]);
}

static void test_full(void **state)
{
    (void)state;
    set.next_base = UINT32_MAX - 4;
    assert_non_null(add("a", "", 0));
    char *text = calloc(1, 8);
    assert_null(source_add(&set, "b", ".", text, 4));
    free(text);
}

static void test_join(void **state)
{
    (void)state;
    struct span a = {5, 8}, b = {7, 12}, joined = span_join(a, b);
    assert_int_equal(joined.begin, 5);
    assert_int_equal(joined.end, 12);
    joined = span_join(SPAN_NONE, b);
    assert_int_equal(joined.begin, 7);
    joined = span_join(a, SPAN_NONE);
    assert_int_equal(joined.end, 8);
}

/* Any text, in lines short and of many KiB: each place is what walking from the start says. */
static void test_against_walking(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x94\xA7", "\x80", "\xE2", "\t", "\r", "word "};
    static const uint32_t pieces_a_line[] = {1u << 20, 3000, 1000, 30, 3};
    uint32_t random = 7;
    for (size_t round = 0; round < sizeof pieces_a_line / sizeof *pieces_a_line; round++) {
        struct buffer text = {0};
        while (text.length < 30000) {
            random = random * 1664525u + 1013904223u;
            bool ends = (random >> 8) % pieces_a_line[round] == 0;
            buffer_add_text(&text, ends ? "\n" : pieces[(random >> 16) % 9]);
        }
        struct source *source = add("a", text.text, text.length);
        uint32_t line = 1, column = 1;
        for (uint32_t at = 0; at < source->length;) {
            size_t size;
            uint32_t c = utf8_read(source->text + at, source->length - at, &size);
            place_is(source, at, line, column);
            at += (uint32_t)size;
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n';
        }
        place_is(source, source->length, line, column);
        buffer_free(&text);
    }
}

#define IN_SET(test) cmocka_unit_test_setup_teardown(test, open_set, close_set)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SET(test_lines),
        IN_SET(test_carriage_returns),
        IN_SET(test_empty_file),
        IN_SET(test_characters),
        IN_SET(test_byte_order_mark),
        IN_SET(test_files),
        IN_SET(test_full),
        IN_SET(test_join),
        IN_SET(test_against_walking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
