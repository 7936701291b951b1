/* The schema's table holds together: every phrase compiles and has as many slots as its row has members. */
#include "spec/phrase.h"
#include "spec/spec.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: its macro `fail` is a function of ours */

static void every_phrase_fits_its_row(void **state)
{
    (void)state;
    int fields = 0;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (int i = 0; i < kind_rows[kind].field_count; i++) {
            const struct field_row *field = &kind_rows[kind].fields[i];
            fields++;
            assert_int_equal(field->kind, kind);
            assert_true(strlen(field->documentation) > 5);
            if (field->special)
                continue;
            size_t members = (field->row_size - sizeof(struct row)) / sizeof(struct value);
            if ((size_t)phrase_of(field)->slot_count != members)
                fail_msg("%s.%s: %d slots, %zu members", kind_rows[kind].name, field->name,
                         phrase_of(field)->slot_count, members);
        }
    assert_true(fields > 150);
}

static void kinds_and_fields_are_found(void **state)
{
    (void)state;
    assert_int_equal(kind_find("inspect"), KIND_inspect);
    assert_int_equal(kind_find("inspection"), KIND_none);
    assert_non_null(field_find(KIND_standard, "do"));
    assert_null(field_find(KIND_finish, "sample"));
    assert_string_equal(field_suggest(KIND_material, "colour"), "color");
    assert_null(field_suggest(KIND_material, "zzz"));
    assert_string_equal(kind_suggest("machina", false), "machine");
    assert_string_equal(kind_suggest("finsh", true), "finish");
    assert_true(schema_knows_word("material"));
    assert_false(schema_knows_word("materail"));
}

static void check_unit(const char *text, struct dimension dimension, int64_t numerator,
                       int64_t denominator)
{
    struct unit unit;
    size_t begin, end;
    assert_true(unit_parse(text, strlen(text), rational_integer(28800), &unit, &begin, &end));
    assert_true(dimension_equal(unit.dimension, dimension));
    assert_true(rational_equal(unit.scale, rational_fraction(numerator, denominator)));
}

static void units_have_their_scale(void **state)
{
    (void)state;
    check_unit("mm", (struct dimension){.length = 1}, 1, 1);
    check_unit("in", (struct dimension){.length = 1}, 127, 5);
    check_unit("g/cm^3", (struct dimension){.mass = 1, .length = -3}, 1, 1000);
    check_unit("USD/kg", (struct dimension){.money = 1, .mass = -1}, 1, 1000);
    check_unit("EUR / h", (struct dimension){.money = 1, .time = -1}, 1, 3600);
    check_unit("kWh", (struct dimension){.length = 2, .mass = 1, .time = -2}, 3600000000000000, 1);
    check_unit("N*m", (struct dimension){.length = 2, .mass = 1, .time = -2}, 1000000000, 1);
    check_unit("workday", (struct dimension){.time = 1}, 28800, 1);
    check_unit("%", (struct dimension){0}, 1, 100);
    check_unit("lb", (struct dimension){.mass = 1}, 45359237, 100000);
}

static void units_that_are_none_are_named(void **state)
{
    (void)state;
    struct unit unit;
    size_t begin, end;
    assert_false(unit_parse("USD/hr", 6, rational_integer(1), &unit, &begin, &end));
    assert_int_equal(begin, 4);
    assert_int_equal(end, 6);
    assert_false(unit_parse("USD*EUR", 7, rational_integer(1), &unit, &begin, &end));
    assert_string_equal(unit_suggest("mins"), "min");
    assert_string_equal(unit_suggest("hr"), "h");
    assert_null(unit_suggest("furlong"));
    assert_false(unit_is_name("per", 3));
    assert_true(unit_is_name("CHF", 3));
}

static void currencies_have_their_decimals(void **state)
{
    (void)state;
    assert_int_equal(currency_decimals("USD"), 2);
    assert_int_equal(currency_decimals("JPY"), 0);
    assert_int_equal(currency_decimals("KWD"), 3);
    assert_int_equal(currency_decimals("XYZ"), -1);
    assert_int_equal(currency_decimals("usd"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phrase_fits_its_row),
        cmocka_unit_test(kinds_and_fields_are_found),
        cmocka_unit_test(units_have_their_scale),
        cmocka_unit_test(units_that_are_none_are_named),
        cmocka_unit_test(currencies_have_their_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
