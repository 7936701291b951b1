/* Interned names: one pointer for each text, through any growth. */
#include "base/intern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct arena arena;
static struct interner names;

static int open_names(void **state)
{
    (void)state;
    interner_open(&names, &arena);
    return 0;
}

static int close_names(void **state)
{
    (void)state;
    interner_close(&names);
    arena_free(&arena);
    return 0;
}

static void test_one_pointer(void **state)
{
    (void)state;
    const char text[] = "clip clipper";
    const char *clip = intern(&names, text, 4);
    assert_string_equal(clip, "clip");
    assert_ptr_not_equal(clip, text);
    assert_ptr_equal(clip, intern_text(&names, "clip"));
    assert_ptr_equal(clip, intern_find(&names, text, 4));
    assert_ptr_not_equal(clip, intern_text(&names, "clipper"));
    assert_ptr_not_equal(clip, intern_text(&names, "Clip"));
    assert_null(intern_find(&names, "cli", 3));
    assert_int_equal(names.count, 3);
}

static void test_empty_and_nul(void **state)
{
    (void)state;
    const char *empty = intern(&names, "", 0);
    assert_string_equal(empty, "");
    assert_ptr_equal(empty, intern(&names, "\0x", 2)); /* a name ends at a NUL */
    assert_ptr_equal(intern_text(&names, "ab"), intern(&names, "ab\0cd", 5));
    assert_ptr_equal(intern_text(&names, "ab"), intern_find(&names, "ab\0cd", 5));
}

static void test_many(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static const char *kept[COUNT];
    char text[32];
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "name_%d", i);
        assert_null(intern_find(&names, text, strlen(text)));
        kept[i] = intern_text(&names, text);
    }
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof text, "name_%d", i);
        assert_ptr_equal(intern_text(&names, text), kept[i]);
        assert_string_equal(kept[i], text);
    }
    assert_int_equal(names.count, COUNT);
    assert_true(names.count < names.capacity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_pointer, open_names, close_names),
        cmocka_unit_test_setup_teardown(test_empty_and_nul, open_names, close_names),
        cmocka_unit_test_setup_teardown(test_many, open_names, close_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
