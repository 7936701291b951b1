/* What a product costs: visits against dense elimination, the contract's figures, and sums that must agree. */
#include "base/file.h"
#include "cost/cost.h"
#include "cost/visits.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <math.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

/* ---- visits ---- */

enum { NODES_AT_MOST = 8 };

static uint32_t state;

static int chance(int below)
{
    state = state * 1664525u + 1013904223u;
    return (int)((state >> 8) % (uint32_t)below);
}

/* Solves v = start + v P by Gauss on the full matrix; every node loses something, so it has a solution. */
static void solve_densely(const struct transition *transitions, int transition_count, int count,
                          struct rational *visits)
{
    struct rational m[NODES_AT_MOST][NODES_AT_MOST + 1];

    for (int i = 0; i < count; i++)
        for (int j = 0; j <= count; j++)
            m[i][j] = i == j || (i == 0 && j == count) ? RATIONAL_ONE : RATIONAL_ZERO;
    for (int t = 0; t < transition_count; t++) {
        struct rational *cell = &m[transitions[t].to][transitions[t].from];
        *cell = rational_subtract(*cell, transitions[t].ratio);
    }
    for (int k = 0; k < count; k++) {
        assert_false(rational_is_zero(m[k][k])); /* strictly dominant by columns: no pivoting */
        for (int i = 0; i < count; i++) {
            struct rational factor = rational_divide(m[i][k], m[k][k]);
            for (int j = k; i != k && j <= count; j++)
                m[i][j] = rational_subtract(m[i][j], rational_multiply(factor, m[k][j]));
        }
    }
    for (int i = 0; i < count; i++)
        visits[i] = rational_divide(m[i][count], m[i][i]);
}

static void visits_equal_dense_elimination(void **unused)
{
    (void)unused;
    state = 7;
    for (int round = 0; round < 500; round++) {
        struct arena arena = {0};
        int count = 1 + chance(NODES_AT_MOST);
        struct transition transitions[NODES_AT_MOST * 3];
        int used = 0;
        for (int i = 0; i < count; i++) {
            int left = 95;
            for (int e = chance(4); e > 0; e--) {
                int part = chance(left + 1);
                left -= part;
                transitions[used++] =
                    (struct transition){i, chance(count), rational_fraction(part, 100)};
            }
        }
        struct rational sparse[NODES_AT_MOST], dense[NODES_AT_MOST];
        assert_true(visits_solve(transitions, used, count, sparse, &arena));
        solve_densely(transitions, used, count, dense);
        for (int i = 0; i < count; i++)
            assert_true(rational_equal(sparse[i], dense[i]));
        arena_free(&arena);
    }
    rational_release_all();
}

/* Nine digits of each, and a refusal where the exact ones are refused. */
static void going_round_comes_near(void **unused)
{
    (void)unused;
    state = 11;
    for (int round = 0; round < 500; round++) {
        struct arena arena = {0};
        int count = 1 + chance(NODES_AT_MOST), used = 0;
        struct transition transitions[NODES_AT_MOST * 3];
        struct rational exact[NODES_AT_MOST];
        double near[NODES_AT_MOST];
        for (int i = 0; i < count; i++) {
            int left = round % 5 ? 95 : 100;
            for (int e = chance(4); e > 0; e--) {
                int part = chance(left + 1);
                left -= part;
                transitions[used++] =
                    (struct transition){i, chance(count), rational_fraction(part, 100)};
            }
        }
        if (visits_solve(transitions, used, count, exact, &arena)) {
            assert_true(visits_approach(transitions, used, count, near));
            for (int i = 0; i < count; i++) {
                double wanted = rational_to_double(exact[i]);
                assert_true(fabs(rational_to_double(visits_near(near[i])) - wanted) <=
                            2e-9 * wanted);
            }
        }
        arena_free(&arena);
    }
    assert_true(rational_equal(visits_near(1), RATIONAL_ONE));
    assert_true(rational_equal(visits_near(0.75), rational_fraction(3, 4)));
    assert_true(rational_equal(visits_near(123456789), rational_integer(123456789)));
    assert_true(rational_is_zero(visits_near(0)));
    rational_release_all();
}

static void endless_ways_are_refused(void **unused)
{
    struct arena arena = {0};
    struct rational visits[4];
    struct rational one = RATIONAL_ONE;
    struct rational half = rational_fraction(1, 2);
    struct transition trap[] = {{0, 1, half}, {1, 2, one}, {2, 1, one}};
    struct transition unreached[] = {{0, 3, half}, {1, 2, one}, {2, 1, one}};
    struct transition stays[] = {{0, 0, one}};

    (void)unused;
    assert_false(visits_solve(trap, 3, 4, visits, &arena));
    assert_false(visits_solve(stays, 1, 1, visits, &arena));
    assert_true(visits_solve(unreached, 3, 4, visits, &arena));
    assert_true(rational_is_zero(visits[1]));
    assert_true(rational_equal(visits[3], half));
    arena_free(&arena);
}

/* A line of so many steps, each of which sends a few back: to the one before, to the start, to one far behind. It is
   solved in a moment or never, so that a worse order of elimination shows. */
static void long_lines_with_ways_back(void **unused)
{
    enum { MANY = 2000 };
    struct arena arena = {0};
    struct transition *transitions = ARENA_ARRAY(&arena, struct transition, MANY * 4);
    struct rational *visits = ARENA_ARRAY(&arena, struct rational, MANY);
    int used = 0;

    (void)unused;
    for (int i = 0; i < MANY; i++) {
        bool back = i % 200 == 199;
        struct rational part = back ? rational_fraction(1, 4) : RATIONAL_ZERO;
        if (back) {
            transitions[used++] = (struct transition){i, i - 1, part};
            transitions[used++] = (struct transition){i, 0, part};
            transitions[used++] = (struct transition){i, i / 2, part};
        }
        if (i + 1 < MANY)
            transitions[used++] = (struct transition){i, i + 1, back ? part : RATIONAL_ONE};
    }
    assert_true(visits_solve(transitions, used, MANY, visits, &arena));
    struct rational done = rational_multiply(visits[MANY - 1], rational_fraction(1, 4));
    assert_true(rational_equal(done, RATIONAL_ONE)); /* nothing is lost on the way */
    rational_release_all();
    arena_free(&arena);
}

/* ---- the contract's figures ---- */

struct compilation {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct spec *spec;
};

static void compile(struct compilation *compilation, const char *path)
{
    struct failure failure = {""};

    memset(compilation, 0, sizeof *compilation);
    interner_open(&compilation->names, &compilation->arena);
    source_set_open(&compilation->sources, &compilation->arena);
    compilation->diagnostics.arena = &compilation->arena;
    compilation->spec = spec_load(path, &compilation->arena, &compilation->names,
                                  &compilation->sources, &compilation->diagnostics, &failure);
    assert_string_equal(failure.message, "");
    assert_non_null(compilation->spec);
    assert_int_equal(compilation->diagnostics.errors, 0);
}

static void release(struct compilation *compilation)
{
    spec_close(compilation->spec);
    source_set_close(&compilation->sources);
    interner_close(&compilation->names);
    arena_free(&compilation->arena);
    rational_release_all();
}

/* Everything expected is there and is the same. */
static void contains(const json_t *actual, const json_t *expected, const char *where)
{
    const char *key;
    json_t *value;

    if (json_is_object(expected)) {
        json_object_foreach((json_t *)(uintptr_t)expected, key, value)
            contains(json_object_get(actual, key), value, key);
    } else if (json_is_array(expected)) {
        assert_int_equal(json_array_size(actual), json_array_size(expected));
        for (size_t i = 0; i < json_array_size(expected); i++)
            contains(json_array_get(actual, i), json_array_get(expected, i), where);
    } else if (!json_equal(actual, expected)) {
        fail_msg("%s: %s, expected %s", where, actual ? json_string_value(actual) : "nothing",
                 json_is_null(expected) ? "null" : json_string_value(expected));
    }
}

static bool asked_for(const json_t *run, const char *key, const char *name)
{
    const json_t *asked = json_object_get(run, key);

    return !asked || strcmp(json_string_value(asked), name) == 0;
}

/* The amounts of the steps and what is paid once make the whole; the parts of a unit make its cost. */
static void sums_agree(const struct cost_sheet *sheet)
{
    struct rational whole = RATIONAL_ZERO;

    for (int kind = 0; kind < COST_KIND_COUNT; kind++) {
        struct rational sum = kind == COST_ONCE ? sheet->amounts[kind] : RATIONAL_ZERO;
        for (int i = 0; i < sheet->step_count; i++)
            sum = rational_add(sum, sheet->steps[i].amounts[kind]);
        assert_true(rational_equal(sum, sheet->amounts[kind]));
        assert_true(rational_equal(rational_multiply(sheet->per_unit[kind], sheet->made), sum));
        whole = rational_add(whole, sum);
    }
    assert_true(rational_equal(rational_multiply(sheet->unit_cost, sheet->made), whole));
}

static void judge_run(const struct spec *spec, const json_t *run)
{
    struct arena arena = {0};
    struct buffer text = {0};
    struct rational quantity =
        rational_integer(json_integer_value(json_object_get(run, "quantity")));

    buffer_add_char(&text, '[');
    for (int p = 0; p < spec->product_count; p++)
        for (long i = 0; i < spec->products[p]->sku_count; i++) {
            struct cost_sheet sheet;
            struct sku sku;
            sku_at(spec->products[p], i, &sku);
            if (!asked_for(run, "product", spec->products[p]->base.name) ||
                !asked_for(run, "sku", sku_code(spec, &sku, &arena)))
                continue;
            cost_reckon(spec, &sku, quantity, &arena, &sheet);
            assert_true(sheet.valid);
            sums_agree(&sheet);
            if (text.length > 1)
                buffer_add_char(&text, ',');
            cost_print_json(&text, spec, &sheet);
        }
    buffer_add_char(&text, ']');
    json_t *actual = json_loads(text.text, 0, NULL);
    assert_non_null(actual);
    contains(actual, json_object_get(run, "costs"), "costs");
    json_decref(actual);
    buffer_free(&text);
    arena_free(&arena);
}

static void figures_of_the_contract(void **unused)
{
    static const char folder[] = FLOW_SOURCE_FOLDER "/tests/contract/cases";
    static const char ending[] = ".cost.json";
    struct arena arena = {0};
    int count;
    int judged = 0;
    char **names = folder_list(&arena, folder, &count);

    (void)unused;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        if (length < sizeof ending || strcmp(names[i] + length + 1 - sizeof ending, ending) != 0)
            continue;
        struct compilation compilation;
        int stem = (int)(length + 1 - sizeof ending);
        json_t *expected = json_load_file(arena_printf(&arena, "%s/%s", folder, names[i]), 0, NULL);
        assert_non_null(expected);
        compile(&compilation, arena_printf(&arena, "%s/%.*s.flow", folder, stem, names[i]));
        size_t index;
        json_t *run;
        json_array_foreach(json_object_get(expected, "runs"), index, run)
            judge_run(compilation.spec, run);
        release(&compilation);
        json_decref(expected);
        judged++;
    }
    assert_true(judged >= 10);
    arena_free(&arena);
}

static void quantities_are_sorted_and_single(void **unused)
{
    struct compilation compilation;
    struct rational *quantities;

    (void)unused;
    compile(&compilation, FLOW_SOURCE_FOLDER "/tests/contract/cases/cost_06.flow");
    int count = cost_quantities(compilation.spec, compilation.spec->products[0], &quantities,
                                &compilation.arena);
    assert_int_equal(count, 2); /* 10 three times and once as the order's size, 40 */
    assert_int_equal(rational_to_int(quantities[0]), 10);
    assert_int_equal(rational_to_int(quantities[1]), 40);
    release(&compilation);
}

static void people_see_what_a_plan_catches(void **unused)
{
    struct compilation compilation;
    struct cost_sheet sheet;
    struct buffer text = {0};
    struct sku sku;

    (void)unused;
    compile(&compilation, FLOW_SOURCE_FOLDER "/tests/contract/cases/cost_04.flow");
    sku_at(compilation.spec->products[0], 0, &sku);
    cost_reckon(compilation.spec, &sku, rational_integer(500), &compilation.arena, &sheet);
    cost_print_human(&text, compilation.spec, &sheet, false);
    /* 0.9935^20 is 0.878; C(90, 20) / C(100, 20) is 0.0951, C(91, 20) / C(100, 20) is 0.122 */
    assert_non_null(strstr(text.text, "20 of a lot of 100 (letter F), Ac 0, Re 1\n"));
    assert_non_null(strstr(text.text, "accepts work that is 0.65% bad 88 times in 100, "
                                      "a lot with 10 bad (10%) 10 times in 100\n"));
    buffer_clear(&text);
    cost_print_json(&text, compilation.spec, &sheet);
    assert_non_null(strstr(text.text, "\"consumer\": {\"rate\": \"0.100000\", \"bad\": 10, "
                                      "\"accepted\": \"0.095116\"}"));
    assert_non_null(strstr(text.text, "\"producer_risk\": \"0.122277\""));
    buffer_free(&text);
    release(&compilation);
}

static void people_see_the_same_figures(void **unused)
{
    struct compilation compilation;
    struct cost_sheet sheet;
    struct buffer text = {0};
    struct sku sku;

    (void)unused;
    compile(&compilation, FLOW_SOURCE_FOLDER "/tests/contract/cases/cost_05.flow");
    sku_at(compilation.spec->products[0], 0, &sku);
    cost_reckon(compilation.spec, &sku, rational_integer(20), &compilation.arena, &sheet);
    cost_print_human(&text, compilation.spec, &sheet, false);
    assert_non_null(strstr(text.text, "20 units: 562.78 USD, 28.14 USD a unit"));
    assert_non_null(strstr(text.text, "1. machine, op1"));
    assert_non_null(strstr(text.text, "margin 43.2% (at least 20.0%: met)"));
    assert_null(strstr(text.text, "\033"));
    buffer_clear(&text);
    cost_print_batch_sizes(&text, compilation.spec, &sku, false);
    assert_non_null(strstr(text.text, "cheaper than one by one from 2"));
    buffer_free(&text);
    release(&compilation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visits_equal_dense_elimination),
        cmocka_unit_test(endless_ways_are_refused),
        cmocka_unit_test(going_round_comes_near),
        cmocka_unit_test(long_lines_with_ways_back),
        cmocka_unit_test(figures_of_the_contract),
        cmocka_unit_test(quantities_are_sorted_and_single),
        cmocka_unit_test(people_see_what_a_plan_catches),
        cmocka_unit_test(people_see_the_same_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
