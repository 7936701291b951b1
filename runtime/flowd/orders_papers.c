/* flowd orders export, packing-list, invoice: orders as files and on paper. */
#include "flowd/orders.h"

#include "base/sink.h"
#include "orders/papers_pages.h"
#include "orders/values.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), end = strlen(ending);
    return length >= end && strcasecmp(text + length - end, ending) == 0;
}

/* To the file that was named, or to standard output. */
static int put(const struct orders_desk *at, const struct buffer *text)
{
    struct failure failure;
    if (!at->out || strcmp(at->out, "-") == 0)
        return print_out(text) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    if (file_write(at->out, buffer_text(text), text->length, &failure))
        return EXIT_CLEAN;
    complain("%s", failure.message);
    return EXIT_ENVIRONMENT;
}

/* ---- export ---- */

static bool is_open(const struct order *order, const void *data)
{
    (void)data;
    return order_is_open(order);
}

int orders_export(struct orders_desk *at, int count, char **arguments)
{
    struct arena arena = {0};
    struct owed_book book;
    struct buffer out = {0};
    bool own = at->format && strcmp(at->format, "own") == 0;

    if (count)
        return orders_usage("`export` takes nothing, not `%s`", arguments[0]);
    if (!own && (!at->format || strcmp(at->format, "shipstation") != 0))
        return orders_usage("--format is own or shipstation");
    if (!desk_read(&at->desk))
        return EXIT_ENVIRONMENT;
    owed_open(&book, shop_state(at->desk.shop), &arena);
    (own ? export_own : export_shipstation)(&out, &book, at->open ? is_open : NULL, NULL);
    int status = put(at, &out);
    owed_close(&book);
    buffer_free(&out);
    arena_free(&arena);
    return status;
}

/* ---- papers ---- */

/* The order, and the parcel if one was named; EXIT_CLEAN, or the status after a message. */
static int find_order(struct orders_desk *at, int count, char **arguments,
                      const struct order **order, const struct parcel **parcel)
{
    if (count != 1)
        return orders_usage(count ? "one order at a time" : "which order?");
    if (at->paper && strcmp(at->paper, "a4") != 0 && strcmp(at->paper, "letter") != 0)
        return orders_usage("--paper is a4 or letter, not `%s`", at->paper);
    if (!desk_read(&at->desk))
        return EXIT_ENVIRONMENT;
    if (!(*order = order_asked(at, arguments[0])))
        return EXIT_FINDINGS;
    *parcel = NULL;
    if (!at->parcel)
        return EXIT_CLEAN;
    *parcel = state_parcel(shop_state(at->desk.shop), shop_name(at->desk.shop, at->parcel));
    if (*parcel && (*parcel)->order == *order)
        return EXIT_CLEAN;
    complain("order %s has no parcel %s", (*order)->name, at->parcel);
    return EXIT_FINDINGS;
}

static int write_pages(const struct orders_desk *at, const struct papers *papers,
                       bool (*write)(const struct papers *, bool, const char *, struct failure *))
{
    struct failure failure;
    bool letter = at->paper && strcmp(at->paper, "letter") == 0;
    if (write(papers, letter, at->out, &failure))
        return EXIT_CLEAN;
    complain("%s", failure.message);
    return EXIT_ENVIRONMENT;
}

int orders_packing_list(struct orders_desk *at, int count, char **arguments)
{
    struct arena arena = {0};
    struct papers papers;
    struct buffer out = {0};
    const struct order *order = NULL;
    const struct parcel *parcel = NULL;
    int status = find_order(at, count, arguments, &order, &parcel);

    if (!order || status != EXIT_CLEAN)
        return status;
    packing_list_make(&papers, shop_state(at->desk.shop), order, parcel, &arena);
    if (at->out && ends_with(at->out, ".pdf")) {
        status = write_pages(at, &papers, packing_list_pages);
    } else {
        (at->desk.json ? packing_list_write : packing_list_print)(&out, &papers);
        status = put(at, &out);
    }
    buffer_free(&out);
    arena_free(&arena);
    return status;
}

/* The day of the invoice: the one that was said, the parcel's, or today. */
static const char *invoice_day(const struct orders_desk *at, const struct parcel *parcel,
                               char day[11])
{
    time_t seconds = parcel && parcel->shipped ? (time_t)(parcel->shipped_ms / 1000) : time(NULL);
    struct tm parts;
    if (at->customs.day)
        return date_read(at->customs.day, DATES_UNKNOWN, day) == DATE_READ ? day : NULL;
    gmtime_r(&seconds, &parts);
    strftime(day, 11, "%Y-%m-%d", &parts);
    return day;
}

/* A term and a named place; two letters of a country; six to ten digits. */
static int check_customs(const struct customs *customs)
{
    static const char terms[] = "EXW FCA CPT CIP DAP DPU DDP FAS FOB CFR CIF";
    const char *term = customs->incoterm, *origin = customs->origin, *code = customs->hs_code;
    size_t digits = 0;

    for (const char *c = code ? code : ""; *c; c++)
        digits += isdigit((unsigned char)*c) != 0;
    if (code && (digits < 6 || digits > 10 || code[strspn(code, "0123456789. ")]))
        return orders_usage("--hs-code has six to ten digits, like 3926.90, not `%s`", code);
    if (origin && (strlen(origin) != 2 || !isupper((unsigned char)origin[0]) ||
                   !isupper((unsigned char)origin[1])))
        return orders_usage("--origin is a country's two letters, like DE, not `%s`", origin);
    char word[5] = "";
    if (term && strlen(term) > 4 && term[3] == ' ')
        snprintf(word, sizeof word, "%.3s", term);
    if (term && (!*word || !strstr(terms, word)))
        return orders_usage("--incoterm is one of %s with its place, like \"DAP London\"", terms);
    return EXIT_CLEAN;
}

int orders_invoice(struct orders_desk *at, int count, char **arguments)
{
    struct arena arena = {0};
    struct papers papers;
    struct buffer out = {0};
    const struct order *order = NULL;
    const struct parcel *parcel = NULL;
    char day[11];
    int status = find_order(at, count, arguments, &order, &parcel);

    if (!order || status != EXIT_CLEAN)
        return status;
    struct customs customs = at->customs;
    if ((status = check_customs(&customs)) != EXIT_CLEAN)
        return status;
    if (!(customs.day = invoice_day(at, parcel, day)))
        return orders_usage("--date is a day like 2027-02-15, not `%s`", at->customs.day);
    invoice_make(&papers, shop_state(at->desk.shop), order, parcel, &customs, &arena);
    if (at->out && ends_with(at->out, ".pdf")) {
        status = write_pages(at, &papers, invoice_pages);
    } else {
        invoice_write(&out, &papers);
        status = put(at, &out);
    }
    if (*papers.missing)
        complain("a customs declaration also wants: %s", papers.missing);
    buffer_free(&out);
    arena_free(&arena);
    return status;
}
