/* Comma separated text: what shops and spreadsheets write is read as they meant it, what is wrong has a place, and what we
   write is read back as it was and is no formula. */
#include "orders/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* All rows as one text: cells parted by "|", rows by "/"; "!LINE:COLUMN" at a mistake. */
static char *read_all(const char *text, size_t length, struct csv *csv)
{
    struct buffer out = {0};
    enum csv_status status;
    csv_open(csv, text, length);
    while ((status = csv_next(csv)) == CSV_ROW) {
        for (int i = 0; i < csv->count; i++)
            buffer_addf(&out, "%s%s", i ? "|" : "", csv->cells[i].text);
        buffer_add_char(&out, '/');
    }
    if (status == CSV_WRONG)
        buffer_addf(&out, "!%d:%d", csv->error_line, csv->error_column);
    return out.text ? out.text : strdup("");
}

static void expect(const char *text, size_t length, const char *rows, const char *error)
{
    struct csv csv;
    char *all = read_all(text, length, &csv);
    assert_string_equal(all, rows);
    if (!strstr(csv.error, error) || (!*error && *csv.error))
        fail_msg("\"%s\" was said, not \"%s\"", csv.error, error);
    csv_close(&csv);
    free(all);
}

#define READS(text, rows) expect(text, sizeof text - 1, rows, "")
#define REFUSES(text, rows, error) expect(text, sizeof text - 1, rows, error)

static void files_are_read_as_they_were_meant(void **unused)
{
    (void)unused;
    READS("", "");
    READS("\n\r\n\r,,\n", "");
    READS("a,b\n1,2\n", "a|b/1|2/");
    READS("a,b\r\n1,2", "a|b/1|2/");
    READS("a,b\r1,2\r", "a|b/1|2/");
    READS("\xef\xbb\xbf"
          "a,b\n",
          "a|b/");
    READS("a,\"x,\"\"y\"\"\r\nz\"\r\n,3\r\n", "a|x,\"y\"\nz/|3/");
    READS("a;b\n1,5;2\n", "a|b/1,5|2/");
    READS("a\tb\n1\t\"2\"\n", "a|b/1|2/");
    READS("sep=;\r\na;b,c\r\n", "a|b,c/");
    READS("\"a;b\",c\n", "a;b|c/"); /* what stands in quotes says nothing about the separator */
    READS("a,5\" pin\n", "a|5\" pin/");
    READS("M\xc3\xbcller,\"\"\n", "M\xc3\xbcller|/");
    READS("a,", "a|/");
}

static void mistakes_have_a_place(void **unused)
{
    (void)unused;
    REFUSES("a,b\n1,\"2\n3", "a|b/!2:3", "not closed");
    REFUSES("a,b\n\"1\"x,2\n3,4\n", "a|b/!2:4", "closing quote");
    REFUSES("a,M\xfcller\n", "!1:4", "UTF-8");
    REFUSES("a,\xc3\xbc\xfc\n", "!1:4", "UTF-8"); /* columns are characters */
    REFUSES("a,b\n\0,2\n", "a|b/!2:1", "NUL");
    REFUSES("\xff\xfe"
            "a",
            "!1:1", "UTF-16");
    REFUSES("PK\x03\x04zip", "!1:1", "workbook");
}

static void a_cell_and_a_row_have_limits(void **unused)
{
    (void)unused;
    char *text = malloc(CSV_CELL_AT_MOST + 2);
    memset(text, 'x', CSV_CELL_AT_MOST + 2);
    struct csv csv;
    csv_open(&csv, text, CSV_CELL_AT_MOST);
    assert_int_equal(csv_next(&csv), CSV_ROW);
    assert_int_equal(csv.cells[0].length, CSV_CELL_AT_MOST);
    csv_close(&csv);
    text[0] = '"';
    csv_open(&csv, text, CSV_CELL_AT_MOST + 2);
    assert_int_equal(csv_next(&csv), CSV_WRONG);
    assert_int_equal(csv.error_column, 1); /* where the quote opened */
    assert_int_equal(csv_next(&csv), CSV_WRONG);
    csv_close(&csv);
    memset(text, ',', CSV_COLUMNS_AT_MOST);
    text[0] = 'x';
    csv_open(&csv, text, CSV_COLUMNS_AT_MOST);
    assert_int_equal(csv_next(&csv), CSV_ROW);
    assert_int_equal(csv.count, CSV_COLUMNS_AT_MOST);
    csv_close(&csv);
    text[CSV_COLUMNS_AT_MOST] = ',';
    csv_open(&csv, text, CSV_COLUMNS_AT_MOST + 1);
    assert_int_equal(csv_next(&csv), CSV_WRONG);
    csv_close(&csv);
    free(text);
}

static const char *const texts[] = {"plain", "",         "a,b",   "a\"b", "a\nb", " a",
                                    "a ",    "=1+1",     "+49 1", "-x",   "@x",   "'=x",
                                    "''=x",  "'t Hooft", "a;b",   "\tx",  "1e5"};
enum { TEXTS = sizeof texts / sizeof *texts };

static void what_is_written_is_read_back(void **unused)
{
    (void)unused;
    struct buffer out = {0};
    struct csv_writer writer = {.out = &out};
    for (int i = 0; i < TEXTS; i++) {
        csv_write(&writer, texts[i]);
        csv_write(&writer, texts[TEXTS - 1 - i]);
        csv_write_whole(&writer, -i);
        csv_end_row(&writer);
    }
    struct csv csv;
    csv_open(&csv, out.text, out.length);
    for (int i = 0; i < TEXTS; i++) {
        assert_int_equal(csv_next(&csv), CSV_ROW);
        assert_int_equal(csv.count, 3);
        assert_string_equal(csv_unguarded(csv.cells[0].text), texts[i]);
        assert_string_equal(csv_unguarded(csv.cells[1].text), texts[TEXTS - 1 - i]);
        assert_int_equal(atoi(csv.cells[2].text), -i);
        if (*csv.cells[0].text)
            assert_null(strchr("=+-@\t\r", *csv.cells[0].text)); /* none is a formula */
    }
    assert_int_equal(csv_next(&csv), CSV_END);
    csv_close(&csv);
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_as_they_were_meant),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(a_cell_and_a_row_have_limits),
        cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
