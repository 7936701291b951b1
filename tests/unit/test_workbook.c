/* The workbook: its sheets, the same bytes at another hour, texts that are no formulas. That its formulas reckon right is
   held by tests/check_workbook.py. */
#include "emit/emit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "scratch.h"

#include <time.h>
#include <unistd.h>
#include <zip.h>

#include <cmocka.h>

#include "compiled.h"

static void write_workbook(const char *spec, const char *folder)
{
    struct compiled compiled;
    struct failure failure = {""};

    compiled_open(&compiled, spec);
    struct emit_context context = {
        .spec = compiled.spec,
        .product = compiled.spec->products[compiled.spec->product_count - 1],
        .folder = folder,
        .arena = &compiled.arena,
        .failure = &failure,
    };
    assert_true(emit_workbook(&context));
    assert_int_equal(context.written_count, 1);
    assert_string_equal(context.written[0], "workbook.xlsx");
    compiled_close(&compiled);
}

static char *read_bytes(const char *path, size_t *length)
{
    struct failure failure = {""};
    char *bytes;

    assert_int_equal(file_read(path, 1u << 30, &bytes, length, &failure), FILE_OK);
    return bytes;
}

/* A file inside the workbook. */
static char *member_of(const char *path, const char *name)
{
    int error;
    zip_stat_t status;
    zip_t *archive = zip_open(path, ZIP_RDONLY, &error);

    assert_non_null(archive);
    assert_int_equal(zip_stat(archive, name, 0, &status), 0);
    char *text = calloc(1, status.size + 1);
    zip_file_t *file = zip_fopen(archive, name, 0);
    assert_non_null(file);
    assert_int_equal(zip_fread(file, text, status.size), (zip_int64_t)status.size);
    zip_fclose(file);
    zip_discard(archive);
    return text;
}

static const char desk_hook[] = FLOW_SOURCE_FOLDER "/tests/contract/desk-hook/desk_hook.flow";

static void another_hour_gives_the_same_bytes(void **unused)
{
    size_t length, again_length;

    (void)unused;
    write_workbook(desk_hook, scratch_path("a"));
    sleep(2); /* the times in an archive are even seconds */
    write_workbook(desk_hook, scratch_path("another/folder"));
    char *bytes = read_bytes(scratch_path("a/workbook.xlsx"), &length);
    char *again = read_bytes(scratch_path("another/folder/workbook.xlsx"), &again_length);
    assert_int_equal(length, again_length);
    assert_memory_equal(bytes, again, length);
    free(bytes);
    free(again);
}

static void it_has_the_sheets_an_owner_expects(void **unused)
{
    static const char *const names[] = {
        "Inputs",          "Bench time and labor", "Shipping and packaging",
        "Order scorecard", "Price breaks",         "Batch size",
        "Sensitivity",     "Step by step",         "Expected losses"};

    (void)unused;
    write_workbook(desk_hook, scratch_path("b"));
    char *book = member_of(scratch_path("b/workbook.xlsx"), "xl/workbook.xml");
    const char *at = book;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        at = strstr(at, arena_printf(&scratch_arena, "<sheet name=\"%s\"", names[i]));
        assert_non_null(at); /* in this order */
    }
    assert_non_null(strstr(book, "<definedName name=\"bench_rate\">Inputs!$C$"));
    free(book);
}

/* Money is reckoned from names, and its value stands beside the formula. */
static void figures_are_formulas_with_their_values(void **unused)
{
    (void)unused;
    write_workbook(desk_hook, scratch_path("c"));
    char *prices = member_of(scratch_path("c/workbook.xlsx"), "xl/worksheets/sheet5.xml");
    const char *cost = strstr(prices, "<f>SUM($F$5:$N$5)</f><v>6.");
    assert_non_null(cost);
    free(prices);
    char *steps = member_of(scratch_path("c/workbook.xlsx"), "xl/worksheets/sheet8.xml");
    assert_non_null(strstr(steps, "/60*printing_rate</f><v>"));
    assert_non_null(strstr(steps, "(1+pla_black_waste)"));
    assert_non_null(strstr(steps, "LOOKUP("));
    free(steps);
    char *losses = member_of(scratch_path("c/workbook.xlsx"), "xl/worksheets/sheet9.xml");
    assert_non_null(strstr(losses, "MINVERSE("));
    assert_non_null(strstr(losses, "plate_yield"));
    free(losses);
}

/* A title may look like a formula; and names of the spec may look like cells. */
static void a_text_is_never_a_formula(void **unused)
{
    (void)unused;
    scratch_write("hard.flow",
                  "edition 1\n"
                  "shop R1C1 \"=1+1\" { currency JPY; overhead 5% }\n"
                  "station A1 \"=HYPERLINK(\\\"x\\\")\" { rate 2000 JPY/h }\n"
                  "station a1 \"+cmd|' /C calc'!A0\" { rate 3000 JPY/h }\n"
                  "item BC22 \"@SUM(A1)\" { cost 100 JPY }\n"
                  "product p \"=2+2\" { number \"=3\"; revision A; contains BC22 x 1 }\n"
                  "workflow p {\n"
                  " assemble A1 \"-1\" { at A1; consume BC22 x 1; time 10 s }\n"
                  " assemble _ \"=4\" { at a1; time 10 s }\n"
                  " pack last { at A1; contains p x 1 }\n"
                  "}\n"
                  "price p { sell 1 -> 1000 JPY; fee market 3% + 5 JPY per order }\n");
    write_workbook(scratch_path("hard.flow"), scratch_path("d"));
    char *texts = member_of(scratch_path("d/workbook.xlsx"), "xl/sharedStrings.xml");
    assert_non_null(strstr(texts, "<t>=HYPERLINK(\"x\")</t>"));
    assert_non_null(strstr(texts, "<t>=2+2: inputs</t>"));
    free(texts);
    for (int i = 1; i <= 11; i++) {
        char *sheet = member_of(scratch_path("d/workbook.xlsx"),
                                arena_printf(&scratch_arena, "xl/worksheets/sheet%d.xml", i));
        assert_null(strstr(sheet, "<f>HYPERLINK"));
        assert_null(strstr(sheet, "<f>2+2"));
        free(sheet);
    }
    char *book = member_of(scratch_path("d/workbook.xlsx"), "xl/workbook.xml");
    assert_non_null(strstr(book, "name=\"A1_rate\""));
    assert_non_null(strstr(book, "name=\"a1_rate_2\"")); /* names know no case */
    free(book);
}

/* Thousands of SKUs do not fit on a sheet: the first ones do, and it says so. */
static void many_skus_are_cut_and_said(void **unused)
{
    struct buffer text = {0};

    (void)unused;
    buffer_add_text(&text, "edition 1\nshop s { currency USD }\nstation b { rate 20 USD/h }\n"
                           "item thing { cost 1 USD }\n"
                           "product p { number \"1\"; revision A; contains thing x 1\n variant a ");
    for (int i = 0; i < 60; i++)
        buffer_addf(&text, "%sa%d", i ? ", " : "", i);
    buffer_add_text(&text, "\n variant b ");
    for (int i = 0; i < 60; i++)
        buffer_addf(&text, "%sb%d", i ? ", " : "", i);
    buffer_add_text(&text, "\n}\nworkflow p {\n assemble first { at b; consume thing x 1 }\n"
                           " finish second { at b; time 5 s }\n finish third { at b; time 5 s }\n"
                           " pack last { at b; contains p x 1 }\n}\n"
                           "price p { sell 1 -> 10 USD, 10 -> 9 USD, 20 -> 8 USD }\n");
    scratch_write("many.flow", text.text);
    write_workbook(scratch_path("many.flow"), scratch_path("e"));
    char *texts = member_of(scratch_path("e/workbook.xlsx"), "xl/sharedStrings.xml");
    assert_non_null(strstr(texts, "of 3600 SKUs"));
    free(texts);
    buffer_free(&text);
}

/* Two thousand steps would be a matrix of four million cells: the visits are numbers, and a note says so. */
static void a_long_workflow_has_its_losses_as_values(void **unused)
{
    enum { STEPS = 2000, ROOM = 12 << 20 };
    struct buffer text = {0};
    size_t length;

    (void)unused;
    buffer_add_text(&text, "edition 1\nshop s { currency USD }\nstation b { rate 20 USD/h }\n"
                           "item thing { cost 1 USD }\n"
                           "product p { number \"1\"; revision A; contains thing x 1 }\n"
                           "workflow p {\n assemble first { at b; consume thing x 1 }\n");
    for (int i = 0; i < STEPS; i++)
        buffer_addf(&text, " finish f%d { at b; time 5 s; failure -> scrap; yield 99.9%% }\n", i);
    buffer_add_text(&text,
                    " pack last { at b; contains p x 1 }\n}\nprice p { sell 1 -> 90 USD }\n");
    scratch_write("long.flow", text.text);
    write_workbook(scratch_path("long.flow"), scratch_path("f"));
    char *losses = member_of(scratch_path("f/workbook.xlsx"), "xl/worksheets/sheet9.xml");
    assert_null(strstr(losses, "MINVERSE("));
    free(losses);
    char *texts = member_of(scratch_path("f/workbook.xlsx"), "xl/sharedStrings.xml");
    assert_non_null(strstr(texts, "Values, not formulas: the ways of 2002 steps"));
    assert_non_null(strstr(texts, "Too many steps to try every input here"));
    free(texts);
    free(read_bytes(scratch_path("f/workbook.xlsx"), &length));
    assert_true(length < ROOM);
    buffer_free(&text);
}

/* An owner's own sheet asks for results by name; a station that is called so has another. */
static void results_have_names_of_their_own(void **unused)
{
    static const char *const names[] = {"shown_unit_cost", "shown_margin", "shown_left_over",
                                        "price_breaks_margin", "sensitivity_change"};

    (void)unused;
    scratch_write("names.flow",
                  "edition 1\nshop s { currency USD; overhead 5% }\n"
                  "station shown { rate 20 USD/h }\nstation sensitivity { rate 30 USD/h }\n"
                  "item thing { cost 1 USD }\n"
                  "product p { number \"1\"; revision A; contains thing x 1 }\n"
                  "workflow p {\n assemble first { at shown; consume thing x 1; time 10 s }\n"
                  " pack last { at sensitivity; contains p x 1; time 5 s }\n}\n"
                  "price p { sell 1 -> 10 USD; margin at least 10% }\n");
    write_workbook(scratch_path("names.flow"), scratch_path("g"));
    char *book = member_of(scratch_path("g/workbook.xlsx"), "xl/workbook.xml");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null(
            strstr(book, arena_printf(&scratch_arena, "<definedName name=\"%s\">", names[i])));
    assert_non_null(strstr(book, "name=\"n_shown_rate\""));
    assert_null(strstr(book, "name=\"shown_rate\""));
    free(book);
    char *sheet = member_of(scratch_path("g/workbook.xlsx"), "xl/worksheets/sheet7.xml");
    assert_non_null(strstr(sheet, "MATCH("));
    free(sheet);
    char *trials = member_of(scratch_path("g/workbook.xlsx"), "xl/worksheets/sheet10.xml");
    assert_non_null(strstr(trials, "n_shown_rate*(1+sensitivity_change)"));
    free(trials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_hour_gives_the_same_bytes),
        cmocka_unit_test(it_has_the_sheets_an_owner_expects),
        cmocka_unit_test(figures_are_formulas_with_their_values),
        cmocka_unit_test(a_text_is_never_a_formula),
        cmocka_unit_test(many_skus_are_cut_and_said),
        cmocka_unit_test(a_long_workflow_has_its_losses_as_values),
        cmocka_unit_test(results_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
