/* What an order owes at each stage, and what then stands on its papers and in the files that go out. */
#include "orders/csv.h"
#include "orders/export.h"
#include "orders/papers_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "order_shop.h"

#define DO(name, ...)                                                                              \
    do {                                                                                           \
        struct message command = {.kind = COMMAND_##name};                                         \
        command.name = (struct name){__VA_ARGS__};                                                 \
        if (!shop_does(shop, &command))                                                            \
            fail_msg("line %d: %s", __LINE__, shop->decision.refusal);                             \
    } while (0)

static const char orders[] =
    "order,line,sku,quantity,price,customer,company,street1,city,state,postal_code,country,"
    "ask:first_line,ask:second_line\n"
    "7,1,NP-1-none,5,12.345 USD,Ada,=Byron & Co,1 Main St,Springfield,IL,62701,US,Ada,Lovelace\n"
    "7,2,NP-1-two,2,14.00 USD,,,,,,,,Bob,\n"
    "8,1,NP-1-none,1,12.00 USD,Eve,,2 Main St,Springfield,IL,62701,US,Eve,B\n";

static void assert_counts(struct order_shop *shop, const struct line_counts *expected)
{
    struct owed_book book;
    owed_open(&book, &shop->state, &shop->arena);
    struct line_counts got = line_counts(&book, line_of(shop, "7", "1"));
    owed_close(&book);
    assert_int_equal(got.ordered, expected->ordered);
    assert_int_equal(got.cancelled, expected->cancelled);
    assert_int_equal(got.waiting, expected->waiting);
    assert_int_equal(got.in_batch, expected->in_batch);
    assert_int_equal(got.finished, expected->finished);
    assert_int_equal(got.packed, expected->packed);
    assert_int_equal(got.shipped, expected->shipped);
    assert_int_equal(got.owed, expected->owed);
    if (!got.cancelled)
        assert_int_equal(got.waiting + got.in_batch + got.finished + got.packed + got.shipped,
                         got.ordered);
}

/* Of line 1's five plates three are made: two leave in P-1 with one of line 2, one waits in P-2. */
static void make_some(struct order_shop *shop)
{
    take_text(shop, orders);
    assert_counts(shop, &(struct line_counts){.ordered = 5, .waiting = 5, .owed = 5});
    DO(open_batch, "B-1", "plate", "production");
    DO(add_units, "B-1", "NP-1-none", 3, "7", "1");
    DO(add_units, "B-1", "NP-1-two", 1, "7", "2");
    assert_counts(shop,
                  &(struct line_counts){.ordered = 5, .waiting = 2, .in_batch = 3, .owed = 5});
    DO(start_batch, "B-1");
    DO(leave_step, "B-1", "collect", 1, 4, "pass", "");
    DO(leave_step, "B-1", "engrave", 1, 4, "pass", "");
    assert_counts(shop,
                  &(struct line_counts){.ordered = 5, .waiting = 2, .finished = 3, .owed = 5});
    DO(pack_units, "P-1", "7", "1", "B-1", 1, 2);
    DO(pack_units, "P-1", "7", "2", "B-1", 4, 1);
    DO(pack_units, "P-2", "7", "1", "B-1", 3, 1);
    assert_counts(shop, &(struct line_counts){.ordered = 5, .waiting = 2, .packed = 3, .owed = 5});
    DO(ship_parcel, "P-1", "UPS", "Ground", "1Z999");
    assert_counts(shop, &(struct line_counts){
                            .ordered = 5, .waiting = 2, .packed = 1, .shipped = 2, .owed = 3});
}

static void an_order_knows_what_it_owes(void **unused)
{
    (void)unused;
    struct order_shop opened, *shop = &opened;
    order_shop_open(shop);
    make_some(shop);
    DO(cancel_line, "7", "1", 1, "changed their mind");
    assert_counts(
        shop,
        &(struct line_counts){
            .ordered = 5, .cancelled = 1, .waiting = 1, .packed = 1, .shipped = 2, .owed = 2});
    assert_true(order_is_open(order_named(shop, "7")));
    DO(cancel_line, "7", "1", 1, "all of it");
    DO(cancel_line, "7", "2", 1, "all of it");
    DO(ship_parcel, "P-2", "UPS", "Ground", "1Z998");
    assert_counts(shop, &(struct line_counts){.ordered = 5, .cancelled = 2, .shipped = 3});
    assert_false(order_is_open(order_named(shop, "7")));
    order_shop_close(shop);
}

/* ---- files that go out ---- */

static char *exported(struct order_shop *shop,
                      void (*export)(struct buffer *, const struct owed_book *, order_filter *,
                                     const void *))
{
    struct owed_book book;
    struct buffer out = {0};
    owed_open(&book, &shop->state, &shop->arena);
    export(&out, &book, NULL, NULL);
    owed_close(&book);
    return out.text;
}

static void shipstation_hears_of_tracking(void **unused)
{
    (void)unused;
    struct order_shop opened, *shop = &opened;
    order_shop_open(shop);
    make_some(shop);
    char *text = exported(shop, export_shipstation);
    static const char *const rows[] = {
        "\r\n7,Awaiting Shipment,,2026-11-18,NP-1-none,Name plate,2,12.345,UPS,Ground,1Z999,Ada,"
        "'=Byron & Co,1 Main St,,Springfield,IL,62701,US,,\r\n",
        "\r\n7,Awaiting Shipment,,,NP-1-none,Name plate,3,12.345,,,,Ada,",
        "\r\n7,Awaiting Shipment,,2026-11-18,NP-1-two,Name plate,1,14.00,UPS,Ground,1Z999,Ada,",
        "\r\n7,Awaiting Shipment,,,NP-1-two,Name plate,1,14.00,,,,Ada,"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strstr(text, rows[i]))
            fail_msg("%s is not in\n%s", rows[i], text);
    free(text);
    order_shop_close(shop);
}

/* Our own file says all that the import asks for: the shop it came from learns nothing, another one everything. */
static void our_own_file_comes_back(void **unused)
{
    (void)unused;
    struct order_shop opened, *shop = &opened, other;
    order_shop_open(shop);
    order_shop_open(&other);
    make_some(shop);
    char *text = exported(shop, export_own);
    take_text(shop, text);
    assert_int_equal(shop->result.command_count, 0);
    assert_int_equal(shop->result.known, 3);
    assert_string_equal(buffer_text(&shop->said), "");
    take_text(&other, text);
    /* nothing was given for a second line on the plate of line 2 */
    assert_int_equal(other.result.findings.warnings, 1);
    assert_int_equal(other.result.findings.count, 1);
    for (int i = 0; i < shop->state.lines.count; i++) {
        const struct order_line *line = shop->state.lines.things[i];
        const struct order_line *same = line_of(&other, line->order, line->line);
        assert_string_equal(same->sku, line->sku);
        assert_string_equal(same->price, line->price);
        assert_int_equal(same->count, line->count);
        assert_string_equal(line_answer(same, "first_line"), line_answer(line, "first_line"));
        assert_string_equal(line_answer(same, "second_line"), line_answer(line, "second_line"));
        assert_string_equal(same->of->address, line->of->address);
    }
    free(text);
    order_shop_close(shop);
    order_shop_close(&other);
}

/* ---- papers ---- */

static void a_packing_list_says_what_is_here(void **unused)
{
    (void)unused;
    struct order_shop opened, *shop = &opened;
    struct papers papers;
    struct buffer out = {0};
    order_shop_open(shop);
    make_some(shop);
    const struct order *order = order_named(shop, "7");
    const struct parcel *parcel =
        state_parcel(&shop->state, intern_text(&shop->state.names, "P-1"));
    packing_list_make(&papers, &shop->state, order, parcel, &shop->arena);
    assert_int_equal(papers.line_count, 2);
    assert_int_equal(papers.lines[0].here, 2);
    assert_int_equal(papers.lines[0].to_follow, 2); /* one more waits in P-2 */
    assert_string_equal(papers.lines[0].units, "B-1/1-2");
    assert_string_equal(papers.lines[0].answers, "first_line: Ada, second_line: Lovelace");
    assert_string_equal(papers.lines[1].units, "B-1/4");
    packing_list_print(&out, &papers);
    assert_non_null(
        strstr(out.text, "Packing list, order 7, parcel P-1\nSigns & Plates\nto  Ada\n"));
    assert_non_null(strstr(out.text, "    Springfield, IL 62701\n    US\n"));
    buffer_clear(&out);
    packing_list_make(&papers, &shop->state, order, NULL, &shop->arena);
    assert_string_equal(papers.lines[0].units, "B-1/1-3");
    packing_list_write(&out, &papers);
    assert_non_null(strstr(out.text, "\"to_follow\": 2"));
    buffer_free(&out);
    order_shop_close(shop);
}

static void an_invoice_adds_up(void **unused)
{
    (void)unused;
    static const struct customs said = {"DAP Springfield", "8310.00", "DE", "2026-12-01"};
    static const struct customs unsaid = {.day = "2026-12-01"};
    struct order_shop opened, *shop = &opened;
    struct papers papers;
    struct buffer out = {0};
    order_shop_open(shop);
    make_some(shop);
    const struct order *order = order_named(shop, "7");
    invoice_make(&papers, &shop->state, order, NULL, &said, &shop->arena);
    assert_string_equal(papers.missing, "");
    assert_string_equal(papers.lines[0].price, "12.345");
    assert_string_equal(papers.lines[0].value, "61.72"); /* 61.725, half to even */
    assert_string_equal(papers.lines[1].value, "28.00");
    assert_string_equal(papers.total, "89.72"); /* of the lines as they are printed */
    assert_string_equal(papers.currency, "USD");
    assert_string_equal(papers.mass, "283.5"); /* seven brass blanks */
    invoice_write(&out, &papers);
    assert_non_null(strstr(out.text, "\"hs_code\": \"8310.00\""));
    assert_non_null(strstr(out.text, "\"incoterm\": \"DAP Springfield\""));
    buffer_free(&out);
    invoice_make(&papers, &shop->state, order, NULL, &unsaid, &shop->arena);
    assert_string_equal(papers.missing,
                        "the HS code (--hs-code), the country of origin (--origin), "
                        "the incoterm (--incoterm)");
    take_text(shop, "order,sku,quantity,ask:first_line,ask:second_line\n9,NP-1-none,1,a,b\n");
    invoice_make(&papers, &shop->state, order_named(shop, "9"), NULL, &said, &shop->arena);
    assert_string_equal(papers.total, "");
    assert_string_equal(papers.missing, "the price of line 1, the address");
    order_shop_close(shop);
}

static size_t size_of(const char *path)
{
    size_t size = file_size(path);
    assert_int_equal(unlink(path), 0);
    return size;
}

static void papers_are_drawn(void **unused)
{
    (void)unused;
    static const struct customs said = {"DAP Springfield", "8310.00", "DE", "2026-12-01"};
    char folder[] = "/tmp/flow-papers-XXXXXX", path[100];
    struct order_shop opened, *shop = &opened;
    struct papers papers;
    struct failure failure = {""};
    order_shop_open(shop);
    make_some(shop);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/paper.pdf", folder);
    packing_list_make(&papers, &shop->state, order_named(shop, "7"), NULL, &shop->arena);
    assert_true(packing_list_pages(&papers, false, path, &failure));
    assert_true(size_of(path) > 1000);
    invoice_make(&papers, &shop->state, order_named(shop, "7"), NULL, &said, &shop->arena);
    assert_true(invoice_pages(&papers, true, path, &failure));
    assert_true(size_of(path) > 1000);
    snprintf(path, sizeof path, "%s/none/paper.pdf", "/dev/null");
    assert_false(invoice_pages(&papers, false, path, &failure));
    assert_string_not_equal(failure.message, "");
    assert_int_equal(rmdir(folder), 0);
    order_shop_close(shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_knows_what_it_owes),
        cmocka_unit_test(shipstation_hears_of_tracking),
        cmocka_unit_test(our_own_file_comes_back),
        cmocka_unit_test(a_packing_list_says_what_is_here),
        cmocka_unit_test(an_invoice_adds_up),
        cmocka_unit_test(papers_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
