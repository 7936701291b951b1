/* The binder: values, texts, likes, workflows, as a spec written into a file gives them. */
#include "base/file.h"
#include "base/sink.h"
#include "spec/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: its macro `fail` is a function of ours */

struct loaded {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct spec *spec;
};

static void load(struct loaded *loaded, const char *text)
{
    char path[] = "/tmp/flow_test_XXXXXX";
    int descriptor = mkstemp(path);
    struct failure failure;
    assert_true(descriptor >= 0);
    close(descriptor);
    assert_true(file_write(path, text, strlen(text), &failure));
    memset(loaded, 0, sizeof *loaded);
    interner_open(&loaded->names, &loaded->arena);
    source_set_open(&loaded->sources, &loaded->arena);
    loaded->diagnostics.arena = &loaded->arena;
    loaded->spec = spec_load(path, &loaded->arena, &loaded->names, &loaded->sources,
                             &loaded->diagnostics, &failure);
    unlink(path);
    assert_non_null(loaded->spec);
}

static void unload(struct loaded *loaded)
{
    spec_close(loaded->spec);
    source_set_close(&loaded->sources);
    interner_close(&loaded->names);
    arena_free(&loaded->arena);
    rational_release_all();
}

#define HEAD "edition 1\nshop s { currency USD; exchange EUR 1.25 USD }\n"

/* What a let prints as. */
static void check_let(const char *expression, const char *expected)
{
    struct loaded loaded;
    char text[512];
    snprintf(text, sizeof text, HEAD "let v = %s\n", expression);
    load(&loaded, text);
    const struct let *let = (const struct let *)spec_find(loaded.spec, "v");
    assert_non_null(let);
    assert_string_equal(value_string(loaded.spec, &let->value, NULL, &loaded.arena), expected);
    assert_int_equal(loaded.diagnostics.count, 0);
    unload(&loaded);
}

static void values_print_as_written_or_reckoned(void **state)
{
    (void)state;
    check_let("22 min", "22 min");
    check_let("0.50 mm", "0.50 mm");
    check_let("1 h 5 min", "1 h 5 min");
    check_let("0.1 mm + 0.2 mm", "0.3 mm");
    check_let("1 h + 30 min", "1.5 h");
    check_let("3 USD + 2 EUR", "5.50 USD");
    check_let("10 USD / 3", "3.33 USD");
    check_let("1 mm / 3", "0.3333 mm");
    check_let("2 * 3 mm", "6 mm");
    check_let("30 USD/h * 20 min", "10.00 USD");
    check_let("60 degC - 20 degC", "40 K");
    check_let("ceil(10 / 3)", "4");
    check_let("ceil(90 s / 1 min)", "2");
    check_let("max(1 min, 90 s)", "90 s");
    check_let("-(2 mm - 5 mm)", "3 mm");
    check_let("4%", "4%");
    check_let("(100% - 4%)", "96%");
    check_let("\"plain \\{x} \\\"q\\\"\"", "plain {x} \"q\"");
    check_let("\"{2 mm + 1 mm} and {3 USD}\"", "3 mm and 3 USD");
    check_let("2027-02-15", "2027-02-15");
}

/* The rule of the only diagnostic. */
static void check_rule(const char *text, enum rule rule)
{
    struct loaded loaded;
    load(&loaded, text);
    if (loaded.diagnostics.count != 1 || loaded.diagnostics.items[0]->rule != rule)
        fail_msg("%d diagnostics, the first is %s: %s", loaded.diagnostics.count,
                 loaded.diagnostics.count ? rule_rows[loaded.diagnostics.items[0]->rule].name
                                          : "none",
                 text);
    unload(&loaded);
}

static void one_mistake_gives_one_message(void **state)
{
    (void)state;
    check_rule(HEAD "let v = 20 degC + 30 degC\n", RULE_unit_mismatch);
    check_rule(HEAD "let v = 3 mm + 2 s\nlet w = v * 2\n", RULE_unit_mismatch);
    check_rule(HEAD "let v = 3 mm / 0\n", RULE_out_of_range);
    check_rule(HEAD "let v = 3 USD + 2 GBP\n", RULE_currency_mismatch);
    check_rule(HEAD "let v = w\nlet w = v\n", RULE_let_cycle);
    check_rule(HEAD "let v = 2027-02-30\n", RULE_out_of_range);
    check_rule(HEAD "item a { cost 3 GBP }\n", RULE_currency_mismatch);
    check_rule(HEAD "item a { cost -3 USD }\n", RULE_out_of_range);
    check_rule(HEAD "item a { cost 3 USD; size 3 x 4 kg x 5 mm }\n", RULE_unit_mismatch);
    check_rule(HEAD "item a { cost 3 USD; cots 4 USD }\n", RULE_unknown_field);
    check_rule(HEAD "item a { cost \"3 USD\" }\n", RULE_bad_phrase);
    check_rule(HEAD "item a { cost 3 }\n", RULE_unit_mismatch);
    check_rule(HEAD "item a { cost 3 USD { } }\n", RULE_bad_phrase);
    check_rule(HEAD "item a { like a; cost 3 USD }\n", RULE_like_cycle);
    check_rule(HEAD "station a { rate 3 USD/h; seats 4 5 }\n", RULE_bad_phrase);
    check_rule(HEAD "process p { kind additive }\n", RULE_missing_field);
    check_rule(HEAD "item { cost 3 USD }\n", RULE_bad_phrase);
}

static void like_fills_in_what_is_not_said(void **state)
{
    (void)state;
    struct loaded loaded;
    load(&loaded, HEAD "process p { kind additive; holds 0.2 mm }\n"
                       "material a { like b; color \"red\" }\n"
                       "material b \"Bee\" { like c; waste 5% }\n"
                       "material c { process p; cost 20 USD/kg; color \"grey\"; tracked lot }\n");
    const struct material *a = (const struct material *)spec_find(loaded.spec, "a");
    assert_int_equal(loaded.diagnostics.count, 0);
    assert_string_equal(value_string(loaded.spec, &a->color->value, NULL, &loaded.arena), "red");
    assert_string_equal(value_string(loaded.spec, &a->waste->value, NULL, &loaded.arena), "5%");
    assert_non_null(a->tracked);
    unload(&loaded);
}

static const char workflow_text[] =
    HEAD "process p { kind additive; holds 0.2 mm }\n"
         "station room { rate 20 USD/h }\n"
         "machine m { process p; volume 100 x 100 x 100 mm; rate 1 USD/h }\n"
         "material pla { process p; cost 20 USD/kg }\n"
         "item screw { cost 0.05 USD }\n"
         "part body { process p; material pla }\n"
         "product one { number \"1\"; revision A; contains body x 1, screw x 2 }\n"
         "product two { number \"2\"; revision A; contains body x 1 }\n"
         "workflow one {\n"
         "  print run { makes body; on m; at room }\n"
         "  inspect look { sample all; check count \"All.\"; reject -> join; pass -> join }\n"
         "  assemble join { do \"Drive.\" { consume screw x 2, body x 1 }; pass -> bag }\n"
         "  pack bag { contains one x 1; consume screw x 1 }\n"
         "  ship out { }\n"
         "}\n"
         "workflow two {\n"
         "  like one\n"
         "  skip join\n"
         "  finish brush { do \"Brush.\" }\n"
         "  pack bag { contains two x 1 }\n"
         "  inspect last { sample all; check ok \"Ok.\"; reject -> scrap }\n"
         "}\n";

static void workflows_are_taken_along(void **state)
{
    (void)state;
    struct loaded loaded;
    load(&loaded, workflow_text);
    const struct product *two = (const struct product *)spec_find(loaded.spec, "two");
    const struct workflow *workflow = two->workflow;
    static const char *const order[] = {"brush", "run", "look", "bag", "last", "out"};
    assert_int_equal(loaded.diagnostics.count, 0);
    assert_int_equal(workflow->step_count, 6);
    for (int i = 0; i < 6; i++)
        assert_string_equal(workflow->steps[i]->base.name, order[i]);
    const struct step *look = workflow->steps[2], *bag = workflow->steps[3];
    assert_int_equal(step_route(look, OUTCOME_REJECT)->target,
                     TARGET_STEP); /* past the skipped step, along its pass */
    assert_ptr_equal(step_route(look, OUTCOME_REJECT)->step, bag);
    assert_ptr_equal(step_route(bag, OUTCOME_PASS)->step,
                     workflow->steps[4]); /* the new step stands behind */
    assert_null(bag->consume);            /* the screw is not in this product */
    assert_ptr_equal(value_declaration(&bag->contains->what, NULL), &two->base);
    assert_int_equal(step_route(workflow->steps[5], OUTCOME_PASS)->target, TARGET_DONE);
    unload(&loaded);
}

static void variants_are_counted_and_resolved(void **state)
{
    (void)state;
    struct loaded loaded;
    load(&loaded, HEAD "process p { kind additive; holds 0.2 mm }\n"
                       "material pla { process p; cost 20 USD/kg }\n"
                       "product ring \"Ring {size}\" { number \"R\"; revision 1; variant size 15, "
                       "16.50, \"extra\"\n"
                       "  variant face plain, engraved; contains body x 1 }\n"
                       "part body { process p; material pla; mass by size: 15 -> 2 g, 16.5 -> 3 g, "
                       "extra -> 4 g * 2 }\n");
    const struct product *ring = (const struct product *)spec_find(loaded.spec, "ring");
    struct sku sku;
    assert_int_equal(loaded.diagnostics.count, 0);
    assert_int_equal(ring->sku_count, 6);
    assert_true(sku_find(loaded.spec, ring, "R-16.5-engraved", &sku));
    assert_int_equal(sku.index, 3);
    const struct part *body = value_part(&ring->contains->what, &sku);
    assert_string_equal(value_string(loaded.spec, &body->mass->value, &sku, &loaded.arena), "3 g");
    assert_string_equal(declaration_title(loaded.spec, &ring->base, &sku, &loaded.arena),
                        "Ring 16.5");
    sku_at(ring, 4, &sku);
    assert_string_equal(value_string(loaded.spec, &body->mass->value, &sku, &loaded.arena), "8 g");
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_print_as_written_or_reckoned),
        cmocka_unit_test(one_mistake_gives_one_message),
        cmocka_unit_test(like_fills_in_what_is_not_said),
        cmocka_unit_test(workflows_are_taken_along),
        cmocka_unit_test(variants_are_counted_and_resolved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
