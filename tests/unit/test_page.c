/* The page kit: what flows stays on its page, nothing is cut off, the same calls give the same bytes. */
#include "base/file.h"
#include "page/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "scratch.h"

#include <cmocka.h>

static const struct page_setup a4 = {.width_pt = 595.28,
                                     .height_pt = 841.89,
                                     .margin_pt = 40,
                                     .title = "A test",
                                     .head_right = "T-1"};

struct drawing {
    int lines;
    const char *text;
    int pages;     /* after the last pass */
    int last_rows; /* of the table, on its last page */
    double lowest; /* of all that was drawn, on any page */
    double bottom;
};

static void note(struct drawing *drawing, const struct document *page)
{
    drawing->pages = page->page;
    drawing->bottom = page->bottom;
    if (page->y > drawing->lowest)
        drawing->lowest = page->y;
}

static void draw_everything(struct document *page, void *of)
{
    static const struct column columns[] = {{"One", 1, false}, {"Two", 2, true}};
    static const char *const blanks[] = {"Name", "Date"};
    static const char *const pairs[][2] = {{"A", "b"}, {"C", "d"}, {"Long", "a value"}};
    struct drawing *drawing = of;
    page_qr(page, "T-1;0123456789abcdef", 80);
    page_heading(page, 1, "A heading");
    page_pairs(page, pairs, 3);
    for (int i = 0; i < drawing->lines; i++) {
        const char *const cells[] = {"left", drawing->text};
        page_heading(page, 2, "A section");
        page_paragraph(page, drawing->text);
        page_remark(page, drawing->text);
        page_caution(page, drawing->text);
        page_step(page, i + 1, drawing->text, "Tool: none");
        page_table_begin(page, columns, 2);
        page_table_row(page, cells);
        page_table_row(page, cells);
        page_table_end(page);
        page_blanks(page, blanks, 2);
        note(drawing, page);
    }
}

static void the_same_calls_give_the_same_bytes(void **unused)
{
    (void)unused;
    struct drawing drawing = {
        .lines = 20,
        .text = "\316\221\316\262\316\263, \327\251\327\234\327\225\327\235, 5 < 6 & 7"};
    struct failure failure = {""};
    char first[65], second[65];
    assert_true(document_write(scratch_path("1.pdf"), &a4, draw_everything, &drawing, &failure));
    assert_true(document_write(scratch_path("2.pdf"), &a4, draw_everything, &drawing, &failure));
    assert_true(file_sha256(scratch_path("1.pdf"), first, &failure));
    assert_true(file_sha256(scratch_path("2.pdf"), second, &failure));
    assert_string_equal(first, second);
    assert_true(drawing.pages > 3);
}

static void nothing_is_below_the_foot(void **unused)
{
    (void)unused;
    struct failure failure = {""};
    struct buffer text = {0};
    for (int words = 1; words <= 4096; words *= 8) {
        buffer_clear(&text);
        for (int i = 0; i < words; i++)
            buffer_addf(&text, "word%d ", i);
        struct drawing drawing = {.lines = 3, .text = buffer_text(&text)};
        assert_true(
            document_write(scratch_path("long.pdf"), &a4, draw_everything, &drawing, &failure));
        assert_true(drawing.lowest <= drawing.bottom + 20); /* the gap after the last line */
    }
    buffer_free(&text);
}

static void draw_table(struct document *page, void *of)
{
    static const struct column columns[] = {{"One", 1, false}, {"Two", 2, true}};
    static const char *const cells[] = {"left", "right"}, *const blanks[] = {"Name", "Date"};
    struct drawing *drawing = of;
    page_table_begin(page, columns, 2);
    for (int i = 0; i < drawing->lines; i++)
        page_table_row(page, cells);
    page_table_end_signed(page);
    drawing->last_rows = page->rows_on_page;
    page_blanks(page, blanks, 2);
    note(drawing, page);
}

static void neither_a_row_nor_a_signature_goes_to_the_next_page_alone(void **unused)
{
    (void)unused;
    struct failure failure = {""};
    int pages = 1;
    for (int lines = 2; lines < 120; lines++) {
        struct drawing drawing = {.lines = lines};
        assert_true(document_write(scratch_path("table.pdf"), &a4, draw_table, &drawing, &failure));
        assert_true(drawing.last_rows >= 1); /* a signature has a row above it */
        assert_true(drawing.lowest <= drawing.bottom + 20);
        assert_true(drawing.pages >= pages && drawing.pages <= pages + 1);
        pages = drawing.pages;
    }
    assert_true(pages > 2);
}

static void draw_continued(struct document *page, void *of)
{
    page_paragraph(page, "The first page has what is continued.");
    page_continued(page, "1  A step, continued");
    page_break(page);
    page_break(page); /* that it goes on makes no page */
    assert_true(page->y > page->setup->margin_pt + 35);
    page_paragraph(page, "The rest.");
    page_continued(page, NULL);
    page_break(page);
    note(of, page);
}

static void a_page_says_what_goes_on_there(void **unused)
{
    (void)unused;
    struct drawing drawing = {0};
    struct failure failure = {""};
    assert_true(document_write(scratch_path("on.pdf"), &a4, draw_continued, &drawing, &failure));
    assert_int_equal(drawing.pages, 3);
    assert_true(drawing.lowest < 40 + 35);
}

static void draw_nothing(struct document *page, void *of)
{
    page_break(page); /* an empty page is not followed by another */
    page_break(page);
    note(of, page);
}

static void an_empty_document_is_one_page(void **unused)
{
    (void)unused;
    struct drawing drawing = {0};
    struct failure failure = {""};
    assert_true(document_write(scratch_path("empty.pdf"), &a4, draw_nothing, &drawing, &failure));
    assert_int_equal(drawing.pages, 1);
}

static void a_place_that_cannot_be_written_is_named(void **unused)
{
    (void)unused;
    struct drawing drawing = {.lines = 1, .text = "x"};
    struct failure failure = {""};
    scratch_write("file", "");
    assert_false(
        document_write(scratch_path("file/x.pdf"), &a4, draw_everything, &drawing, &failure));
    assert_non_null(strstr(failure.message, "file"));
}

static void draw_torn_heading(struct document *page, void *of)
{
    while (page->y + 60 < page->bottom)
        page_gap(page, 10), page_remark(page, "x");
    int before = page->page;
    page_heading(page, 2, "Stays with what follows");
    page_paragraph(page, "What follows.");
    *(int *)of = page->page - before;
}

static void a_heading_goes_over_with_what_follows(void **unused)
{
    (void)unused;
    int turned = 0;
    struct failure failure = {""};
    assert_true(
        document_write(scratch_path("torn.pdf"), &a4, draw_torn_heading, &turned, &failure));
    assert_int_equal(turned, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
        cmocka_unit_test(nothing_is_below_the_foot),
        cmocka_unit_test(neither_a_row_nor_a_signature_goes_to_the_next_page_alone),
        cmocka_unit_test(a_page_says_what_goes_on_there),
        cmocka_unit_test(an_empty_document_is_one_page),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
        cmocka_unit_test(a_heading_goes_over_with_what_follows),
    };
    return cmocka_run_group_tests(tests, scratch_open, scratch_close);
}
