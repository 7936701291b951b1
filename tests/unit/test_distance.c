/* How near two words are, and whether that is near enough to be meant. */
#include "source/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static void test_distance(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int distance;
    } rows[] = {
        {"", "", 0},
        {"a", "", 1},
        {"", "abc", 3},
        {"a", "b", 1},
        {"same", "same", 0},
        {"Same", "sAME", 0}, /* case is no difference */
        {"kitten", "sitting", 3},
        {"saturday", "sunday", 3},
        {"teh", "the", 1}, /* a transposition is one slip */
        {"ab", "ba", 1},
        {"ca", "abc", 3}, /* no edit within a transposition */
        {"material", "matreial", 1},
        {"process", "proces", 1},
        {"pla_gray", "pla_grey", 1},
        {"flaw", "lawn", 2},
        {"gauge", "guage", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(edit_distance(rows[i].a, rows[i].b), rows[i].distance);
        assert_int_equal(edit_distance(rows[i].b, rows[i].a), rows[i].distance);
    }
}

static void test_long_words(void **state)
{
    (void)state;
    char a[201], b[201];
    memset(a, 'a', 200);
    memset(b, 'a', 200);
    a[200] = b[200] = 0;
    assert_int_equal(edit_distance(a, b), 0);
    b[0] = 'b';
    assert_false(close_enough(a, edit_distance(a, b))); /* no misspellings of each other */
    a[64] = b[64] = 0;
    assert_int_equal(edit_distance(a, b), 1);
}

static void test_close_enough(void **state)
{
    (void)state;
    assert_true(close_enough("x", 1));
    assert_true(close_enough("abc", 1));
    assert_false(close_enough("abc", 2));
    assert_false(close_enough("abcde", 2));
    assert_true(close_enough("abcdef", 2));
    assert_false(close_enough("abcdef", 3));
    assert_true(close_enough("abcdefghi", 3));
    assert_true(close_enough("", 0));
}

static void test_rules(void **state)
{
    (void)state;
    for (int i = 0; i < RULE_COUNT; i++) {
        const struct rule_row *row = &rule_rows[i];
        assert_int_equal(rule_find(row->name), i); /* no name twice */
        assert_true(*row->family && *row->summary);
        assert_true(row->severity == SEVERITY_ERROR || row->severity == SEVERITY_WARNING);
    }
    assert_int_equal(rule_find("no_such_rule"), RULE_COUNT);
    assert_string_equal(rule_rows[RULE_syntax].name, "syntax");
    assert_true(rule_rows[RULE_late_screen].allowable);
    assert_false(rule_rows[RULE_unknown_name].allowable);
    assert_int_equal(rule_rows[RULE_unused_name].severity, SEVERITY_WARNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_close_enough),
        cmocka_unit_test(test_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
