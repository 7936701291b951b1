/* Order files become lines of orders: those of each shop, every trap that such files have, and the same file twice. The
   files of tests/orders are made by make_fixtures.py with the real headers. */
#include "orders/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "order_shop.h"

#define SAYS(words)                                                                                \
    do {                                                                                           \
        if (!strstr(buffer_text(&shop.said), words))                                               \
            fail_msg("line %d: \"%s\" is not in\n%s", __LINE__, words, buffer_text(&shop.said));   \
    } while (0)

#define COUNTS(taken_lines, held_lines, known_lines, orders_passed, orders_left)                   \
    do {                                                                                           \
        const struct import_result *got = &shop.result;                                            \
        if (got->taken != (taken_lines) || got->held != (held_lines) ||                            \
            got->known != (known_lines) || got->passed_over != (orders_passed) ||                  \
            got->left_out != (orders_left))                                                        \
            fail_msg("line %d: taken %d, held %d, known %d, passed over %d, left out %d\n%s",      \
                     __LINE__, got->taken, got->held, got->known, got->passed_over, got->left_out, \
                     buffer_text(&shop.said));                                                     \
    } while (0)

static void take_fixture(struct order_shop *shop, const char *name)
{
    char path[200], *content;
    size_t length;
    struct failure failure;
    snprintf(path, sizeof path, "tests/orders/%s", name);
    if (file_read(path, CSV_BYTES_AT_MOST, &content, &length, &failure) != FILE_OK)
        fail_msg("%s", failure.message);
    take_file(shop, content, length, NULL);
    free(content);
}

static void assert_line(const struct order_line *line, const char *sku, int64_t count,
                        const char *due, const char *price)
{
    assert_non_null(line);
    assert_string_equal(line->sku, sku);
    assert_int_equal(line->count, count);
    assert_string_equal(line->due, due);
    assert_string_equal(line->price, price);
}

static void assert_answer(const struct order_line *line, const char *name, const char *value)
{
    assert_non_null(line->asks);
    assert_string_equal(line->asks->name, name);
    assert_string_equal(line->asks->value, value);
}

/* ---- each shop's file ---- */

static void shopify_is_taken(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_fixture(&shop, "shopify.csv");
    COUNTS(3, 1, 0, 1, 0);
    assert_line(line_of(&shop, "1001", "1"), "DH-100-black-small", 2, "", "18.00 GBP");
    assert_line(line_of(&shop, "1001", "2"), "AR-12-onyx_black-18.2-engraved", 1, "", "64.00 GBP");
    assert_answer(line_of(&shop, "1001", "2"), "initials", "AL");
    assert_null(line_of(&shop, "1002", "1")); /* refunded */
    assert_true(line_of(&shop, "1003", "1")->held);
    SAYS("f:7:"); /* rows have newlines in them */
    SAYS("did you mean DH-100-black-small? flowd orders mend 1003 1 --sku DH-100-black-small");
    const struct order *order = order_named(&shop, "1001");
    assert_string_equal(order->channel, "shopify");
    assert_string_equal(order->customer, "Ada Lovelace");
    assert_string_equal(order->currency, "GBP");
    assert_string_equal(order->address,
                        "{\"name\":\"Ada Lovelace\",\"street1\":\"12 St James's Square\","
                        "\"street2\":\"Flat 2\",\"city\":\"London\",\"postal_code\":\"SW1Y 4JH\","
                        "\"country\":\"GB\",\"phone\":\"+44 20 7946 0000\","
                        "\"email\":\"ada@example.com\"}");
    order_shop_close(&shop);
}

static void etsy_is_taken(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_fixture(&shop, "etsy.csv");
    COUNTS(2, 0, 0, 0, 0); /* 3990 was shipped */
    assert_line(line_of(&shop, "3312345678", "4001"), "AR-12-ivory_white-19-engraved", 1, "",
                "64.00 USD");
    assert_answer(line_of(&shop, "3312345678", "4001"), "initials", "R&D");
    assert_line(line_of(&shop, "3312345678", "4002"), "DH-100-white-small", 4, "", "18.00 USD");
    assert_null(order_named(&shop, "3312340000"));
    SAYS("1 line is shipped there");
    take_fixture(&shop, "etsy_orders.csv");
    COUNTS(0, 0, 0, 0, 0);
    SAYS("this is Etsy's sold orders");
    SAYS("Order Items");
    order_shop_close(&shop);
}

static void shipstation_is_taken(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_fixture(&shop, "shipstation.csv");
    COUNTS(2, 0, 0, 1, 0);
    /* 11/20/2026 in another column tells that 12/01/2026 is in December; the price has the spec's currency */
    assert_line(line_of(&shop, "SS-7", "1"), "AR-12-onyx_black-17.3-engraved", 1, "2026-12-01",
                "64.00 EUR");
    assert_answer(line_of(&shop, "SS-7", "1"), "initials", "KJ");
    SAYS("1 order is on hold or not paid there");
    order_shop_close(&shop);
}

static void our_own_file_is_taken(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_fixture(&shop, "own.csv");
    COUNTS(2, 0, 0, 0, 0);
    assert_line(line_of(&shop, "W-1", "a"), "DH-100-black-small", 10, "2026-12-15", "15.00 USD");
    assert_line(line_of(&shop, "W-1", "b"), "AR-12-onyx_black-19-engraved", 1, "2026-12-15",
                "60 USD");
    assert_answer(line_of(&shop, "W-1", "b"), "initials", "BC");
    assert_non_null(strstr(order_named(&shop, "W-1")->address, "=HYPERLINK(1)"));
    order_shop_close(&shop);
}

static void the_same_file_twice_changes_nothing(void **unused)
{
    (void)unused;
    static const char *const names[] = {"shopify.csv", "etsy.csv", "shipstation.csv", "own.csv"};
    struct order_shop shop;
    order_shop_open(&shop);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        take_fixture(&shop, names[i]);
        int taken = shop.result.taken;
        assert_true(shop.events > taken);
        take_fixture(&shop, names[i]);
        assert_int_equal(shop.result.command_count, 0);
        assert_int_equal(shop.result.known, taken);
        assert_int_equal(shop.result.findings.errors, 0);
        assert_int_equal(shop.result.findings.warnings, 0);
    }
    order_shop_close(&shop);
}

/* ---- what is said differently the second time ---- */

static void a_second_file_changes_nothing_that_is_here(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_text(&shop, "order,sku,quantity,due,street1\n"
                     "7,DH-100-black-small,3,2026-12-01,Old St\n7,DH-100-black-large,1,,\n");
    COUNTS(2, 0, 0, 0, 0);
    take_text(&shop, "order,sku,quantity,due,street1\n"
                     "7,DH-100-black-small,4,2026-12-02,New St\n7,DH-100-white-large,1,,\n"
                     "7,DH-100-white-small,2,,\n");
    COUNTS(1, 0, 2, 0, 0); /* the third line is new */
    SAYS("it asks for 3 here, and the file says 4");
    SAYS("it is DH-100-black-large here, and the file says DH-100-white-large");
    SAYS("it is due 2026-12-01 here, and the file says 2026-12-02");
    SAYS("its address is another one here");
    assert_int_equal(line_of(&shop, "7", "1")->count, 3);
    assert_non_null(strstr(order_named(&shop, "7")->address, "Old St"));
    const struct import_options update = {.update = true};
    const char *changed = "order,sku,quantity,street1\n7,DH-100-black-small,3,New St\n";
    take_file(&shop, changed, strlen(changed), &update);
    assert_non_null(strstr(order_named(&shop, "7")->address, "New St"));
    take_text(&shop, "order,sku,quantity\n7,DH-100-black-small,0\n");
    SAYS("it asks for 3 here, and the file says 0");
    order_shop_close(&shop);
}

static void a_mended_line_stays_mended(void **unused)
{
    (void)unused;
    static const char file[] =
        "order,sku,quantity,ask:initials\n8,AR-12-onix_black-19-plain,1,XY\n";
    struct order_shop shop;
    order_shop_open(&shop);
    take_text(&shop, file);
    COUNTS(1, 1, 0, 0, 0);
    SAYS("did you mean AR-12-onyx_black-19-plain?");
    struct message mend = {.kind = COMMAND_mend_line};
    mend.mend_line =
        (struct mend_line){"8", "1", "signet", "AR-12-onyx_black-19-plain", "a slip of the pen"};
    assert_true(shop_does(&shop, &mend));
    take_text(&shop, file); /* now it is known what the answer belongs to */
    COUNTS(0, 0, 1, 0, 0);
    assert_answer(line_of(&shop, "8", "1"), "initials", "XY");
    take_text(&shop, file);
    assert_int_equal(shop.result.command_count, 0);
    assert_int_equal(shop.result.findings.count, 0);
    order_shop_close(&shop);
}

static void what_is_cancelled_there_is_told_of(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_text(&shop, "order,sku,quantity,status\n9,DH-100-black-small,3,paid\n");
    take_text(&shop, "order,sku,quantity,status\n9,DH-100-black-small,3,cancelled\n"
                     "10,DH-100-black-small,3,Canceled\n");
    COUNTS(0, 0, 0, 2, 0);
    SAYS("order 9: it is cancelled there, and 3 are still owed here");
    SAYS("help: flowd orders cancel 9 --reason TEXT");
    SAYS("2 orders are cancelled there and not taken");
    take_text(&shop, "order,sku,quantity,status\n11,DH-100-black-small,3,partially_refunded\n");
    COUNTS(1, 0, 0, 0, 0);
    SAYS("some of it was refunded");
    order_shop_close(&shop);
}

static void orders_of_two_shops_are_not_mixed(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_text(&shop, "order,sku,quantity,channel\n1001,DH-100-black-small,3,fair\n");
    take_fixture(&shop, "shopify.csv");
    COUNTS(1, 1, 0, 1, 1);
    SAYS("there is one of this number already, and it came from fair");
    const struct import_options options = {.sheet = {.prefix = "S-"}};
    const char *file = "Name,Lineitem quantity,Lineitem sku\n#1001,1,DH-100-black-small\n";
    take_file(&shop, file, strlen(file), &options);
    COUNTS(1, 0, 0, 0, 0);
    assert_non_null(order_named(&shop, "S-1001"));
    order_shop_close(&shop);
}

/* ---- traps ---- */

/* A file of our own, what becomes of it, and words that are said. */
static const struct trap {
    const char *file;
    int taken, held, left_out;
    const char *words;
} traps[] = {
    {"order,sku,quantity\n1,DH-100-black-small,1.5\n2,DH-100-black-small,1\n", 1, 0, 1,
     "f:2:22: error: order 1, line 1: the quantity 1.5 is not whole"},
    {"order,sku,quantity\n1,DH-100-black-small,-1\n", 0, 0, 1, "is negative"},
    {"order,sku,quantity\n1,DH-100-black-small,two\n", 0, 0, 1, "is no number"},
    {"order,sku,quantity\n1,DH-100-black-small,\n", 0, 0, 1, "says no quantity"},
    {"order,sku,quantity\n1,DH-100-black-small,9999999\n", 0, 0, 1, "is over 1,000,000"},
    {"order,sku,quantity\n1,DH-100-black-small,\"1,000\"\n", 0, 0, 1, "may be a thousand"},
    {"order,sku,quantity\n1,DH-100-black-small,0\n", 0, 0, 0, "there is nothing to make"},
    /* an order is taken whole or not at all */
    {"order,sku,quantity\n1,DH-100-black-small,1\n1,DH-100-black-large,x\n", 0, 0, 1,
     "is no number"},
    {"order,sku,quantity\n1,dh-100-BLACK-small,1\n", 1, 0, 0, ""},
    {"order,sku,quantity\n1,DH-100,1\n", 1, 1, 0,
     "no product has the SKU DH-100: the line is held"},
    {"order,sku,quantity\n1,BD-7,1\n", 1, 1, 0, "did you mean BD-7-GOLD-2026?"},
    {"order,sku,quantity,name\n1,,1,badge of HONOUR\n", 1, 1, 0, "did you mean BD-7-GOLD-2026?"},
    {"order,sku,quantity\n1,DH-100-white-large,1\n", 1, 1, 0,
     "two products have the SKU DH-100-white-large"},
    {"order,sku,quantity,customer\n1,DH-100-black-small,1,\"A\nB\"\n1,DH-100-black-small,1,C\n", 2,
     0, 0, "line 2 \"A, B\""},
    {"order,sku,quantity,name\n1,,1,Desk hook\n", 1, 1, 0, "no product has the SKU Desk hook"},
    {"order,sku,quantity\n1,,1\n", 1, 1, 0, "it says no SKU"},
    {"order,sku,quantity,due\n1,DH-100-black-small,1,03/04/2027\n", 0, 0, 1,
     "03/04/2027 may be one of two days"},
    {"order,sku,quantity,due\n1,DH-100-black-small,1,03/04/2027\n2,DH-100-black-small,1,03/14/"
     "2027\n",
     2, 0, 0, ""},
    {"order,sku,quantity,due\n1,DH-100-black-small,1,03/04/2027\n2,DH-100-black-small,1,"
     "03/14/2027\n3,DH-100-black-small,1,14/03/2027\n",
     2, 0, 1, "03/04/2027 may be one of two days"},
    {"order,sku,quantity,due\n1,DH-100-black-small,1,soon\n", 0, 0, 1, "soon is no date"},
    {"order,sku,quantity,price\n1,DH-100-black-small,1,free\n", 1, 0, 0, "cannot be understood"},
    {"order,sku,quantity,price\n1,XX,1,5.00\n", 1, 1, 0, "the price 5.00 has no currency"},
    {"order,sku,quantity,colour\n1,DH-100-black-small,1,red\n", 1, 0, 0,
     "f:1:20: note: the column \"colour\" is not known in our own order file"},
    {"order,sku,quantity,sku\n1,DH-100-black-small,1,x\n", 0, 0, 0, "\"sku\" is there twice"},
    {"order,sku,amount\n1,DH-100-black-small,1\n", 0, 0, 0,
     "which also has \"quantity\"; this one has \"order\", \"sku\", \"amount\""},
    {"order,sku,quantity\n,DH-100-black-small,1\n", 0, 0, 0, "no order is above it"},
    {"order,sku,quantity\n\"1\n2\",DH-100-black-small,1\n", 0, 0, 0,
     "one line of at most 60 bytes"},
    {"order,sku,quantity\n1,DH-100-black-small,1,oh, no\n", 0, 0, 0, "the header names 3 columns"},
    {"order,sku,quantity\n1,DH-100-black-small,1,,\n", 1, 0, 0, ""},
    {"order,sku,quantity\n1,DH-100-black-small,1\norder,sku,quantity\n1,DH-100-black-small,1\n", 0,
     0, 0, "the header is here once more"},
    {"order,sku,quantity\n1,DH-100-black-small,1\n2,DH-100-black-small,1\n1,DH-100-black-large,1\n",
     1, 0, 1, "its rows do not stand together"},
    {"order,line,sku,quantity\n1,a,DH-100-black-small,1\n2,a,DH-100-black-small,1\n"
     "1,b,DH-100-black-large,1\n",
     3, 0, 0, ""},
    {"order,line,sku,quantity\n1,a,DH-100-black-small,1\n1,a,DH-100-black-small,2\n", 0, 0, 1,
     "there is another line of that number, in line 2 of the file"},
    {"order,line,sku,quantity\n1,a,DH-100-black-small,1\n1,a,DH-100-black-small,1\n", 1, 0, 0, ""},
    {"order,sku,quantity,customer\n1,DH-100-black-small,1,Ada\n1,DH-100-black-large,1,Bob\n", 2, 0,
     0, "this row says \"Bob\", and line 2 \"Ada\""},
    {"order,sku,quantity\n1,AR-12-onyx_black-19-engraved,1\n", 1, 0, 0,
     "signet asks for initials, and the file does not say it"},
    {"order,sku,quantity,ask:initials\n1,AR-12-onyx_black-19-engraved,1,ABCD\n", 1, 0, 0,
     "initials has 4 characters, and signet takes 3"},
    {"order,sku,quantity,ask:Initials to "
     "engrave\n1,AR-12-onyx_black-19-engraved,1,\xc3\x84\xc3\x96\xc3\x9c\n",
     1, 0, 0, ""},
    {"order,sku,quantity,ask:motto\n1,DH-100-black-small,1,Onward\n", 1, 0, 0,
     "desk_hook does not ask for motto"},
    {"order,line,sku,quantity\n1,\"a\nb\",DH-100-black-small,1\n", 0, 0, 1,
     "a line's number is one line of at most 60 bytes"},
    {"", 0, 0, 0, "the file is empty"},
    {"order,sku,quantity\n1,\"DH,1\n", 0, 0, 0, "f:2:3: error: the quote that opens here"},
};

static void traps_are_told_of(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        const struct trap *trap = &traps[i];
        struct order_shop shop;
        order_shop_open(&shop);
        take_text(&shop, trap->file);
        const char *said = buffer_text(&shop.said);
        if (shop.result.taken != trap->taken || shop.result.held != trap->held ||
            shop.result.left_out != trap->left_out || !strstr(said, trap->words) ||
            (!*trap->words && *said))
            fail_msg("%s\ntaken %d, held %d, left out %d, and not \"%s\" but\n%s", trap->file,
                     shop.result.taken, shop.result.held, shop.result.left_out, trap->words, said);
        order_shop_close(&shop);
    }
}

/* ---- what customers give ---- */

static void check_options(const char *options, const char *initials, const char *words)
{
    struct order_shop shop;
    struct buffer file = {0};
    order_shop_open(&shop);
    buffer_add_text(&file, "Name,Lineitem quantity,Lineitem sku,Lineitem properties\n"
                           "#1,1,AR-12-onyx_black-19-engraved,\"");
    buffer_addf(&file, "%s\"\n", options);
    take_text(&shop, file.text);
    COUNTS(1, 0, 0, 0, 0);
    SAYS(words);
    if (*initials)
        assert_answer(line_of(&shop, "1", "1"), "initials", initials);
    else
        assert_null(line_of(&shop, "1", "1")->asks);
    buffer_free(&file);
    order_shop_close(&shop);
}

static void options_answer_what_is_asked(void **unused)
{
    (void)unused;
    check_options("Initials: AB", "AB", "");
    check_options("Color: onyx black, Initials: AB", "AB", "");
    check_options("Initials to engrave:AB,Size:19", "AB", "");
    check_options("Initials: A,B", "A,B", "");
    check_options("Gift: yes\nInitials: AB\nPersonalization: CD", "AB", "");
    check_options("Personalization: CD", "CD", "");
    check_options("Personalization: Not requested on this item.", "", "does not say it");
    check_options("Initials: A, born: 1815", "", "what is initials: \"A\" alone");
    check_options("AB", "", "does not say it");
    check_options("Initials: ABCD", "", "has 4 characters");
}

static void what_the_order_says_once_is_for_one_line(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_text(&shop, "Name,Lineitem quantity,Lineitem sku,Note Attributes\n"
                     "#1,1,AR-12-onyx_black-19-engraved,initials: AB\n"
                     "#1,1,AR-12-onyx_black-19-engraved,\n");
    COUNTS(2, 0, 0, 0, 0);
    assert_null(line_of(&shop, "1", "1")->asks);
    SAYS("more than one line asks for it");
    order_shop_close(&shop);
}

static void a_changed_answer_is_told_of(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_text(&shop, "order,sku,quantity,ask:initials\n1,AR-12-onyx_black-19-engraved,1,AB\n");
    take_text(&shop, "order,sku,quantity,ask:initials\n1,AR-12-onyx_black-19-engraved,1,AC\n");
    assert_int_equal(shop.result.command_count, 0);
    SAYS("initials is \"AB\" here, and the file says \"AC\"");
    order_shop_close(&shop);
}

static void what_is_shipped_there_in_part_is_told_of(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    take_text(&shop, "Name,Lineitem quantity,Lineitem sku,Lineitem fulfillment status\n"
                     "#1,3,DH-100-black-small,partial\n#1,1,DH-100-black-large,fulfilled\n"
                     "#2,1,DH-100-black-large,fulfilled\n");
    COUNTS(1, 0, 0, 0, 0);
    SAYS("order 1, line 1: some of it is shipped there");
    SAYS("2 lines are shipped there and not taken");
    assert_null(order_named(&shop, "2"));
    take_text(&shop, "Name,Lineitem quantity,Lineitem sku,Lineitem fulfillment status\n"
                     "#1,3,DH-100-black-small,fulfilled\n");
    SAYS("it is shipped there, and 3 are still owed here");
    order_shop_close(&shop);
}

static void the_format_and_the_dates_can_be_said(void **unused)
{
    (void)unused;
    struct order_shop shop;
    order_shop_open(&shop);
    const char *file = "order,sku,quantity,due\n1,DH-100-black-small,1,03/04/2027\n";
    struct import_options options = {.dates = DATES_DAY_FIRST};
    take_file(&shop, file, strlen(file), &options);
    assert_string_equal(line_of(&shop, "1", "1")->due, "2027-04-03");
    options = (struct import_options){.sheet = {.format = "amazon"}};
    take_file(&shop, file, strlen(file), &options);
    SAYS("there is no format amazon");
    options.sheet.format = "shopify";
    take_file(&shop, file, strlen(file), &options);
    SAYS("nearest is Shopify's order export, which also has \"Name\"");
    order_shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shopify_is_taken),
        cmocka_unit_test(etsy_is_taken),
        cmocka_unit_test(shipstation_is_taken),
        cmocka_unit_test(our_own_file_is_taken),
        cmocka_unit_test(the_same_file_twice_changes_nothing),
        cmocka_unit_test(a_second_file_changes_nothing_that_is_here),
        cmocka_unit_test(a_mended_line_stays_mended),
        cmocka_unit_test(what_is_cancelled_there_is_told_of),
        cmocka_unit_test(orders_of_two_shops_are_not_mixed),
        cmocka_unit_test(traps_are_told_of),
        cmocka_unit_test(options_answer_what_is_asked),
        cmocka_unit_test(what_the_order_says_once_is_for_one_line),
        cmocka_unit_test(a_changed_answer_is_told_of),
        cmocka_unit_test(what_is_shipped_there_in_part_is_told_of),
        cmocka_unit_test(the_format_and_the_dates_can_be_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
