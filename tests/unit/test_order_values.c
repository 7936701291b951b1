/* What stands in the cells of an order file: read where it can only mean one thing, and told of where it cannot. */
#include "orders/formats.h"
#include "orders/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_date(const char *text, enum date_order order, enum date_reading reading,
                       const char *day)
{
    char read[11];
    enum date_reading got = date_read(text, order, read);
    if (got != reading || strcmp(read, day))
        fail_msg("%s: %d %s", text, (int)got, read);
}

static void dates_are_read_or_told_of(void **unused)
{
    (void)unused;
    static const char *const same[] = {"2027-02-15",
                                       "2027-02-15 14:09:02 -0500",
                                       "2027-02-15T14:09:02Z",
                                       "2027/2/15",
                                       "20270215",
                                       "20270215T1409",
                                       "15.02.2027",
                                       "15.2.27",
                                       "15. 2. 2027",
                                       "Feb 15, 2027",
                                       "February 15 2027",
                                       "15-Feb-27",
                                       "15 February 2027",
                                       "Mon, Feb 15, 2027",
                                       "02/15/2027",
                                       "02/15/27",
                                       "15/02/2027",
                                       "2/15/2027 2:09:02 PM",
                                       " 2027-02-15 "};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        check_date(same[i], DATES_UNKNOWN, DATE_READ, "2027-02-15");
    check_date("03/04/2027", DATES_UNKNOWN, DATE_AMBIGUOUS, "");
    check_date("03-04-27", DATES_CONTRADICT, DATE_AMBIGUOUS, "");
    check_date("03/04/2027", DATES_MONTH_FIRST, DATE_READ, "2027-03-04");
    check_date("03/04/2027", DATES_DAY_FIRST, DATE_READ, "2027-04-03");
    check_date("04/04/2027", DATES_UNKNOWN, DATE_READ, "2027-04-04");
    check_date("15/02/2027", DATES_MONTH_FIRST, DATE_READ, "2027-02-15"); /* it can be no other */
    check_date("2028-02-29", DATES_UNKNOWN, DATE_READ, "2028-02-29");
    check_date("", DATES_UNKNOWN, DATE_NONE, "");
    static const char *const wrong[] = {"2027-02-30",  "2027-13-01", "soon",         "1/2",
                                        "2027-02",     "02/15/1027", "2027-02-15-3", "31.02.2027",
                                        "99999999999", "0/0/0",      "Feb Feb 2027", "1.2/2027",
                                        "2027-2-15x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        check_date(wrong[i], DATES_UNKNOWN, DATE_WRONG, "");
}

static void a_column_tells_how_its_dates_are_written(void **unused)
{
    (void)unused;
    assert_int_equal(date_tells("02/15/2027"), DATES_MONTH_FIRST);
    assert_int_equal(date_tells("15/02/2027"), DATES_DAY_FIRST);
    assert_int_equal(date_tells("03/04/2027"), DATES_UNKNOWN);
    assert_int_equal(date_tells("04/04/2027"), DATES_UNKNOWN);
    assert_int_equal(date_tells("2027-02-15"), DATES_UNKNOWN);
    assert_int_equal(date_tells("15.02.2027"), DATES_UNKNOWN);
    assert_int_equal(date_tells("15-Feb-27"), DATES_UNKNOWN);
    assert_int_equal(dates_together(DATES_UNKNOWN, DATES_DAY_FIRST), DATES_DAY_FIRST);
    assert_int_equal(dates_together(DATES_DAY_FIRST, DATES_MONTH_FIRST), DATES_CONTRADICT);
}

static void counts_are_whole(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        enum number_reading reading;
        int64_t count;
    } rows[] = {{"3", NUMBER_READ, 3},
                {"3.0", NUMBER_READ, 3},
                {"1000000", NUMBER_READ, 1000000},
                {"1000001", NUMBER_TOO_LARGE, 0},
                {"99999999999999999999999", NUMBER_TOO_LARGE, 0},
                {"", NUMBER_NONE, 0},
                {"0", NUMBER_ZERO, 0},
                {"-2", NUMBER_NEGATIVE, 0},
                {"1.5", NUMBER_NOT_WHOLE, 0},
                {"1,000", NUMBER_AMBIGUOUS, 0},
                {"1,5", NUMBER_NOT_WHOLE, 0},
                {"two", NUMBER_WRONG, 0},
                {"2 pcs", NUMBER_WRONG, 0},
                {"-", NUMBER_WRONG, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t count;
        enum number_reading got = count_read(rows[i].text, &count);
        if (got != rows[i].reading || (got == NUMBER_READ && count != rows[i].count))
            fail_msg("%s: %d %lld", rows[i].text, (int)got, (long long)count);
    }
}

static void prices_are_read_in_any_notation(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        enum number_reading reading;
        const char *amount, *currency;
    } rows[] = {{"24.00", NUMBER_READ, "24.00", ""},
                {"24", NUMBER_READ, "24", ""},
                {"$24.00", NUMBER_READ, "24.00", ""},
                {"US$24.00", NUMBER_READ, "24.00", "USD"},
                {"24,50", NUMBER_READ, "24.50", ""},
                {"1,234.50", NUMBER_READ, "1234.50", ""},
                {"1.234,50 \xe2\x82\xac", NUMBER_READ, "1234.50", "EUR"},
                {"1,234,567", NUMBER_READ, "1234567", ""},
                {"USD 24", NUMBER_READ, "24", "USD"},
                {"24 eur", NUMBER_READ, "24", "EUR"},
                {"0.125", NUMBER_READ, "0.125", ""},
                {"24.", NUMBER_READ, "24", ""},
                {"", NUMBER_NONE, "", ""},
                {"1,234", NUMBER_AMBIGUOUS, "", ""},
                {"1.234", NUMBER_READ, "1.234", ""},
                {"-3.00", NUMBER_NEGATIVE, "", ""},
                {"free", NUMBER_WRONG, "", ""},
                {"1,23.50", NUMBER_WRONG, "", ""},
                {"1.2.3,4,5", NUMBER_WRONG, "", ""},
                {"24.00 a piece", NUMBER_WRONG, "", ""},
                {"11111111111111111111111111111111", NUMBER_TOO_LARGE, "", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct price_said price;
        enum number_reading got = price_read(rows[i].text, &price);
        if (got != rows[i].reading ||
            (got == NUMBER_READ &&
             (strcmp(price.amount, rows[i].amount) || strcmp(price.currency, rows[i].currency))))
            fail_msg("%s: %d %s %s", rows[i].text, (int)got, price.amount, price.currency);
    }
}

static void words_are_cleaned(void **unused)
{
    (void)unused;
    struct arena arena = {0};
    assert_string_equal(cell_text("  a b\n", &arena), "a b");
    assert_string_equal(cell_text("'=x", &arena), "=x");
    assert_string_equal(cell_text("'t Hooft", &arena), "'t Hooft");
    assert_string_equal(cell_text("=\"00501\"", &arena), "00501");
    assert_string_equal(cell_text("=\"", &arena), "=\"");
    assert_string_equal(cell_text("a\x1b[2Jb\tc\x7f\r", &arena), "a [2Jb c");
    assert_string_equal(cell_text("a\xc2\x9b"
                                  "2J\xc3\xa9",
                                  &arena),
                        "a  2J\xc3\xa9");
    assert_string_equal(line_text("a\nb\n\nc", &arena), "a, b, c");
    assert_true(same_words("Awaiting Shipment", "awaiting_shipment"));
    assert_true(same_words("", " - "));
    assert_false(same_words("paid", "unpaid"));
    assert_false(same_words("paid", "paid2"));
    assert_string_equal(text_unescaped("5&quot; &amp; &#39;x&#39; &y", &arena), "5\" & 'x' &y");
    assert_int_equal(text_characters("M\xc3\xbcller"), 6);
    arena_free(&arena);
}

static const char *recognised(const char *header, const char **nearest)
{
    struct csv csv;
    const struct order_format *near;
    csv_open(&csv, header, strlen(header));
    assert_int_equal(csv_next(&csv), CSV_ROW);
    const struct order_format *format = order_format_of(&csv, &near);
    csv_close(&csv);
    *nearest = near ? near->name : "";
    return format ? format->name : "";
}

static void formats_are_known_by_their_columns(void **unused)
{
    (void)unused;
    const char *near;
    assert_string_equal(recognised("order - number,ITEM - QTY,Item - SKU", &near), "shipstation");
    assert_string_equal(recognised("Name,Lineitem quantity,Lineitem sku", &near), "shopify");
    assert_string_equal(recognised("Order ID,Transaction ID,Quantity,SKU,x", &near), "etsy");
    assert_string_equal(recognised("Order ID,Number of Items,Full Name,SKU", &near), "etsy-orders");
    assert_string_equal(recognised("order;sku;quantity", &near), "own");
    assert_string_equal(recognised("Name,Lineitem quantity", &near), "");
    assert_string_equal(near, "shopify");
    assert_true(order_column_is_known(&order_formats[1], "Tax 3 Value"));
    assert_true(order_column_is_known(&order_formats[1], " lineitem SKU "));
    assert_false(order_column_is_known(&order_formats[1], "Lineitem skus"));
    assert_null(order_format_named("amazon"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_or_told_of),
        cmocka_unit_test(a_column_tells_how_its_dates_are_written),
        cmocka_unit_test(counts_are_whole),
        cmocka_unit_test(prices_are_read_in_any_notation),
        cmocka_unit_test(words_are_cleaned),
        cmocka_unit_test(formats_are_known_by_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
