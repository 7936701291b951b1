/* Diagnostics as data: their texts, their order, and that what is said twice is said once. */
#include "source/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct arena arena;
static struct source_set set;
static struct diagnostics list;
static const struct source *first, *second; /* read in this order; shown in that of their paths */

static int open_list(void **state)
{
    (void)state;
    source_set_open(&set, &arena);
    first = source_add(&set, "z.flow", ".", strdup("0123456789"), 10);
    second = source_add(&set, "a.flow", ".", strdup("0123456789"), 10);
    list = (struct diagnostics){.arena = &arena};
    return 0;
}

static int close_list(void **state)
{
    (void)state;
    source_set_close(&set);
    arena_free(&arena);
    return 0;
}

static struct span at(const struct source *source, uint32_t offset)
{
    return (struct span){source->base + offset, source->base + offset + 1};
}

static void test_report(void **state)
{
    (void)state;
    struct diagnostic *d = report(&list, RULE_unknown_name, at(first, 2), "no %s, %d", "name", 7);
    assert_string_equal(d->message, "no name, 7");
    assert_int_equal(d->severity, SEVERITY_ERROR);
    assert_null(d->help);
    add_label(&list, d, at(first, 3), "label %d", 1);
    add_label(&list, d, at(first, 4), "label %d", 2);
    add_note(&list, d, SPAN_NONE, "note %s", "a");
    set_help(&list, d, "write %c", 'x');
    char replacement[] = "replaced";
    add_fix(&list, d, FIX_LIKELY, at(first, 5), replacement, "replace %d", 5);
    memset(replacement, '!', sizeof replacement - 1); /* it was copied */
    assert_string_equal(d->labels->text, "label 1");
    assert_string_equal(d->labels->next->text, "label 2");
    assert_int_equal(d->labels->next->span.begin, first->base + 4);
    assert_null(d->labels->next->next);
    assert_string_equal(d->notes->text, "note a");
    assert_string_equal(d->help, "write x");
    assert_string_equal(d->fixes->title, "replace 5");
    assert_int_equal(d->fixes->certainty, FIX_LIKELY);
    assert_string_equal(d->fixes->edits->text, "replaced");
    assert_int_equal(d->fixes->edits->span.begin, first->base + 5);
    d = report(&list, RULE_unused_name, at(first, 2), "w");
    assert_int_equal(d->severity, SEVERITY_WARNING);
    assert_int_equal(list.errors, 1);
    assert_int_equal(list.warnings, 1);
}

static void test_long_texts(void **state)
{
    (void)state;
    for (int length = 250; length < 262; length++) { /* around what fits on the stack */
        struct diagnostic *d = report(&list, RULE_syntax, at(first, 0), "%*d", length, 5);
        assert_int_equal(strlen(d->message), length);
        assert_int_equal(d->message[length - 1], '5');
    }
    struct diagnostic *d = report(&list, RULE_syntax, at(first, 0), "%*d", 100000, 5);
    assert_int_equal(strlen(d->message), 100000);
}

static void order_is(const char *expected)
{
    char found[64] = "";
    assert_int_equal(list.count, strlen(expected));
    for (int i = 0; i < list.count; i++)
        strncat(found, list.items[i]->message, 1);
    assert_string_equal(found, expected);
}

static void test_order(void **state)
{
    (void)state;
    report(&list, RULE_unknown_name, at(first, 5), "f");
    report(&list, RULE_unused_name, at(second, 3), "d");
    report(&list, RULE_syntax, at(second, 3), "b");
    report(&list, RULE_unknown_name, at(first, 1), "e");
    report(&list, RULE_syntax, SPAN_NONE, "a"); /* nowhere comes first */
    report(&list, RULE_syntax, at(second, 3), "c");
    diagnostics_sort(&list, &set);
    order_is("abcdef");
    diagnostics_sort(&list, &set); /* and stays */
    order_is("abcdef");
}

static void test_same_place_keeps_its_order(void **state)
{
    (void)state;
    report(&list, RULE_syntax, at(first, 0), "z");
    report(&list, RULE_syntax, at(first, 0), "m");
    report(&list, RULE_syntax, at(first, 0), "a");
    diagnostics_sort(&list, &set);
    order_is("zma");
}

static void test_duplicates(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        report(&list, RULE_syntax, at(first, 0), "x");
        report(&list, RULE_syntax, at(first, 0), "y"); /* between two of the same */
        report(&list, RULE_unused_name, at(first, 0), "w");
        report(&list, RULE_syntax, SPAN_NONE, "n");
    }
    report(&list, RULE_syntax, at(first, 1), "x");       /* another place */
    report(&list, RULE_unknown_name, at(first, 1), "x"); /* another rule */
    report(&list, RULE_unused_name, at(second, 0), "w"); /* another file */
    diagnostics_sort(&list, &set);
    order_is("nwxywxx");
    assert_int_equal(list.errors, 5);
    assert_int_equal(list.warnings, 2);
}

static void test_empty(void **state)
{
    (void)state;
    diagnostics_sort(&list, &set);
    assert_int_equal(list.count, 0);
}

static void test_many(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        random = random * 1664525u + 1013904223u;
        const struct source *source = random >> 31 ? first : second;
        enum rule rule = (random >> 8) % 2 ? RULE_syntax : RULE_unused_name;
        report(&list, rule, at(source, (random >> 16) % 10), "message %d", i / 2);
    }
    diagnostics_sort(&list, &set);
    assert_int_equal(list.count, list.errors + list.warnings);
    for (int i = 1; i < list.count; i++) {
        const struct diagnostic *a = list.items[i - 1], *b = list.items[i];
        struct position one = position_of(&set, a->span.begin),
                        two = position_of(&set, b->span.begin);
        int order = strcmp(one.source->path, two.source->path);
        if (!order)
            order = (one.column > two.column) - (one.column < two.column);
        if (!order)
            order = (a->rule > b->rule) - (a->rule < b->rule);
        if (!order)
            order = a->order - b->order;
        assert_true(order < 0);
    }
}

#define WITH_LIST(test) cmocka_unit_test_setup_teardown(test, open_list, close_list)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIST(test_report),     WITH_LIST(test_long_texts),
        WITH_LIST(test_order),      WITH_LIST(test_same_place_keeps_its_order),
        WITH_LIST(test_duplicates), WITH_LIST(test_empty),
        WITH_LIST(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
