/* flowd orders: files of orders in, what is owed, papers out. */
#include "flowd/orders.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word;
    orders_word *run;
} words[] = {{"list", orders_list},
             {"import", orders_import_files},
             {"show", orders_show},
             {"mend", orders_mend},
             {"cancel", orders_cancel},
             {"export", orders_export},
             {"packing-list", orders_packing_list},
             {"invoice", orders_invoice}};
enum { WORDS = sizeof words / sizeof *words };

int orders_usage(const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return usage_error(verb_find("orders"), "%s", text);
}

const struct order *order_asked(struct orders_desk *at, const char *name)
{
    const char *known = shop_name(at->desk.shop, name + (*name == '#'));
    const struct order *order = state_order(shop_state(at->desk.shop), known);
    if (!order)
        complain("there is no order %s; `flowd orders` lists them", name);
    return order;
}

static int run_word(struct orders_desk *at, int count, char **arguments)
{
    if (!count)
        return orders_list(at, 0, arguments);
    for (int i = 0; i < WORDS; i++)
        if (strcmp(arguments[0], words[i].word) == 0)
            return words[i].run(at, count - 1, arguments + 1);
    return orders_usage("there is no `%s`", arguments[0]);
}

int cmd_orders(int argc, char **argv)
{
    struct orders_desk at = {0};
    const struct option_row options[] = {DESK_OPTIONS(&at.desk),
                                         {"--format", true, &at.format, NULL},
                                         {"--dates", true, &at.dates, NULL},
                                         {"--prefix", true, &at.prefix, NULL},
                                         {"--sku", true, &at.sku, NULL},
                                         {"--ask", true, &at.ask, NULL},
                                         {"--count", true, &at.count, NULL},
                                         {"--reason", true, &at.reason, NULL},
                                         {"--parcel", true, &at.parcel, NULL},
                                         {"--paper", true, &at.paper, NULL},
                                         {"--incoterm", true, &at.customs.incoterm, NULL},
                                         {"--hs-code", true, &at.customs.hs_code, NULL},
                                         {"--origin", true, &at.customs.origin, NULL},
                                         {"--date", true, &at.customs.day, NULL},
                                         {"-o", true, &at.out, NULL},
                                         {"--dry-run", false, NULL, &at.dry_run},
                                         {"--update", false, NULL, &at.update},
                                         {"--open", false, NULL, &at.open},
                                         {"--held", false, NULL, &at.held}};
    bool done;
    int count = options_read(argc, argv, verb_find("orders"), options,
                             (int)(sizeof options / sizeof *options), &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    int status = run_word(&at, count, argv + 1);
    desk_close(&at.desk);
    return status;
}
