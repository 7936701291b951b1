/* What all outputs share: the model's walk over every field, what sources are called, and the fingerprint. */
#include "emit/emit.h"
#include "emit/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "scratch.h"

#include <cmocka.h>

#include "compiled.h"

static void every_field_has_a_row_that_is_known(void **unused)
{
    (void)unused;
    for (int kind = KIND_none + 1; kind < KIND_COUNT; kind++)
        for (int i = 0; i < kind_rows[kind].field_count; i++)
            if (!model_knows_type(kind_rows[kind].fields[i].type))
                fail_msg("a row of type %s, of %s, is not in emit/model.c",
                         kind_rows[kind].fields[i].type, kind_rows[kind].fields[i].name);
}

static void a_product_uses_what_its_values_name(void **unused)
{
    static const char *const used[] = {"fdm",       "stringing", "bench_and_bed", "mk4",
                                       "pla_white", "m3_insert", "deburr_a",      "desk_hook",
                                       "cap",       "quality",   "screen"};
    struct compiled compiled;

    (void)unused;
    compiled_open(&compiled, FLOW_SOURCE_FOLDER "/tests/contract/desk-hook/desk_hook.flow");
    struct model_uses uses =
        model_uses_of(compiled.spec, compiled.spec->products[0], &compiled.arena);
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        int found = 0;
        for (int k = 0; k < uses.count; k++)
            found += uses.items[k]->name && strcmp(uses.items[k]->name, used[i]) == 0;
        assert_true(found >= 1);
    }
    for (int k = 0; k < uses.count; k++) {
        assert_string_not_equal(uses.items[k]->name ? uses.items[k]->name : "", "cnc_mill");
        for (int j = 0; j < k; j++)
            assert_ptr_not_equal(uses.items[j], uses.items[k]);
    }
    compiled_close(&compiled);
}

static void sources_are_named_from_the_main_file(void **unused)
{
    static const struct {
        const char *main, *path, *name;
        bool shared;
    } cases[] = {
        {"a.flow", "a.flow", "a.flow", false},
        {"shop/a.flow", "shop/b.flow", "b.flow", false},
        {"/x/y/a.flow", "/x/y/a.flow", "a.flow", false},
        {"/x/y/a.flow", "/x/z/b.flow", "../z/b.flow", false},
        {"one/a.flow", "two/b.flow", "../two/b.flow", false},
        {"a.flow", "../two/b.flow", "../two/b.flow", false},
        {"../one/a.flow", "../two/b.flow", "../two/b.flow", false},
        {"a.flow", "/opt/flow/specs/std/processes.flow", "std/processes.flow", true},
        {"a.flow", "/specs/x/specs/std/processes.flow", "std/processes.flow", true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source main_source = {.path = cases[i].main};
        struct source source = {.path = cases[i].path, .shared = cases[i].shared};
        struct spec spec = {.main = &main_source};
        assert_string_equal(emit_source_name(&spec, &source, &scratch_arena), cases[i].name);
    }
}

/* ---- the fingerprint ---- */

static const char shop[] = "shop s { currency USD; energy 0.2 USD/kWh }\n"
                           "station b { rate 20 USD/h }\n"
                           "process fdm { kind additive; holds 0.2 mm }\n"
                           "machine m { process fdm; volume 200 x 200 x 200 mm; rate 2 USD/h }\n";

static const char product[] =
    "material pla \"PLA\" { process fdm; cost 20 USD/kg; family PLA }\n"
    "product p \"A thing\" { number \"1\"; revision A; variant size small, large\n"
    " contains a x 1\n"
    " part a { model \"a.stl\"; process fdm; material pla; mass 3 g; print_time 10 min\n"
    "  dimension bore 4 mm +/- 0.1 mm critical gauge \"Pin\" } }\n"
    "workflow p {\n"
    " print go { makes a; on m; at b }\n"
    " finish trim { at b; do \"Trim the {a}.\" { tool \"Knife\"; time 20 s; torque 1 N*m } }\n"
    " pack last { at b; contains p x 1 }\n"
    "}\n"
    "price p { sell 1 -> 10 USD }\n";

/* The fingerprint of a spec written to the scratch folder. */
static const char *fingerprint(const char *text, const char *void_on)
{
    struct compiled compiled;
    struct failure failure = {""};
    char *hex = arena_printf(&scratch_arena, "%64s", "");

    scratch_write(
        "p.flow",
        arena_printf(&scratch_arena, "edition 1\n%s%s", text,
                     void_on ? arena_printf(&scratch_arena, "release p { void_on %s }\n", void_on)
                             : ""));
    compiled_open(&compiled, scratch_path("p.flow"));
    assert_true(product_fingerprint(compiled.spec, compiled.spec->products[0], hex, &failure));
    assert_int_equal(strlen(hex), 64);
    compiled_close(&compiled);
    return hex;
}

/* The text with one piece exchanged, which must be there. */
static const char *with(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    assert_non_null(at);
    return arena_printf(&scratch_arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static const char *whole(void)
{
    return arena_printf(&scratch_arena, "%s%s", shop, product);
}

static void layout_comments_and_place_do_not_count(void **unused)
{
    static const char *const words[] = {NULL, "model, material, process, dimension", "torque, tool",
                                        "finish"};

    (void)unused;
    scratch_write("a.stl", "solid a\nendsolid a\n");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *before = fingerprint(whole(), words[i]);
        const char *commented = with(whole(), "material pla", "# a note\nmaterial   pla");
        assert_string_equal(before, fingerprint(commented, words[i]));
        const char *units = with(whole(), "4 mm +/- 0.1 mm", "0.4 cm +/- 100 um");
        assert_string_equal(before, fingerprint(units, words[i]));
        const char *turned = arena_printf(&scratch_arena, "%s%s", product, shop);
        assert_string_equal(before, fingerprint(turned, words[i]));
        scratch_write("shop.flow", arena_printf(&scratch_arena, "edition 1\n%s", shop));
        const char *moved = arena_printf(&scratch_arena, "use \"shop.flow\"\n%s", product);
        assert_string_equal(before, fingerprint(moved, words[i]));
        scratch_write("moved.stl", "solid a\nendsolid a\n");
        assert_string_equal(before, fingerprint(with(whole(), "a.stl", "moved.stl"), words[i]));
        assert_string_equal(before, fingerprint(with(whole(), "20 USD/kg", "25 USD/kg"), words[i]));
        assert_string_equal(before, fingerprint(with(whole(), "10 USD }", "11 USD }"), words[i]));
    }
}

static void what_is_named_counts_and_nothing_else(void **unused)
{
    static const struct {
        const char *void_on, *from, *to;
        bool voids;
    } changes[] = {
        {"dimension", "0.1 mm", "0.2 mm", true},
        {"dimension", "critical", "major", true},
        {"dimension", "mass 3 g", "mass 4 g", false},
        {"model", "mass 3 g", "mass 4 g", false},
        {"mass", "mass 3 g", "mass 4 g", true},
        {"material", "family PLA", "family PETG", true},
        {"material", "20 USD/kg", "25 USD/kg", false},
        {"cost", "20 USD/kg", "25 USD/kg", true},
        {"process", "holds 0.2 mm", "holds 0.3 mm", true},
        {"size", "small, large", "small, huge", true},
        {"dimension", "small, large", "small, huge", false},
        {"torque", "1 N*m", "2 N*m", true},
        {"torque", "\"Knife\"", "\"Saw\"", false},
        {"torque", "Trim the", "Cut the", false},
        {"do", "Trim the", "Cut the", true},
        {"do", "\"Knife\"", "\"Saw\"", true},
        {"finish", "20 s", "30 s", true},
        {"print", "20 s", "30 s", false},
        {"title", "A thing", "Another thing", true},
        {"model", "A thing", "Another thing", false},
        {NULL, "20 s", "30 s", true},
        {NULL, "Trim the", "Cut the", true},
        {NULL, " finish trim {", " finish cut {", true},
    };

    (void)unused;
    scratch_write("a.stl", "solid a\nendsolid a\n");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const char *before = fingerprint(whole(), changes[i].void_on);
        const char *changed = with(whole(), changes[i].from, changes[i].to);
        const char *after = fingerprint(changed, changes[i].void_on);
        if ((strcmp(before, after) != 0) != changes[i].voids)
            fail_msg("void_on %s: `%s` to `%s`", changes[i].void_on ? changes[i].void_on : "-",
                     changes[i].from, changes[i].to);
    }
}

static void the_bytes_of_a_file_count(void **unused)
{
    (void)unused;
    scratch_write("a.stl", "solid a\nendsolid a\n");
    const char *model = fingerprint(whole(), "model"), *all = fingerprint(whole(), NULL);
    const char *mass = fingerprint(whole(), "mass");
    scratch_write("a.stl", "solid b\nendsolid b\n");
    assert_string_not_equal(model, fingerprint(whole(), "model"));
    assert_string_not_equal(all, fingerprint(whole(), NULL));
    assert_string_equal(mass, fingerprint(whole(), "mass"));
}

/* An approval given with one release of the tool must hold with the next: whoever changes this figure voids all. */
static void the_form_does_not_drift(void **unused)
{
    (void)unused;
    scratch_write("a.stl", "solid a\nendsolid a\n");
    assert_string_equal(fingerprint(whole(), "model, material, dimension"),
                        "f144de499baa6f5e99a18fb0464598113d1c2522a0fb82636ebbd63834f7c9bb");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_a_row_that_is_known),
        cmocka_unit_test(a_product_uses_what_its_values_name),
        cmocka_unit_test(sources_are_named_from_the_main_file),
        cmocka_unit_test(layout_comments_and_place_do_not_count),
        cmocka_unit_test(what_is_named_counts_and_nothing_else),
        cmocka_unit_test(the_bytes_of_a_file_count),
        cmocka_unit_test(the_form_does_not_drift),
    };
    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
