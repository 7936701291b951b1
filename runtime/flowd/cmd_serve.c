/* `flowd serve`: the shop's server. */
#include "flowd/flowd.h"
#include "station/server.h"

#include <stdio.h>

static int serve(struct workshop *shop, const struct server_options *options, bool json)
{
    struct failure failure;
    struct buffer said = {0};
    struct server *server = server_open(shop, options, &failure);

    if (!server) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    buffer_addf(&said, json ? "{\"address\":\"%s\"}\n" : "%s\n", server_address(server));
    bool told = print_out(&said);
    buffer_free(&said);
    if (told)
        server_run(server);
    server_close(server);
    return told ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int cmd_serve(int argc, char **argv)
{
    struct desk desk = {0};
    struct server_options options = {0};
    struct failure failure;
    bool done = false;
    const struct verb *verb = verb_find("serve");
    const struct option_row rows[] = {
        {"--listen", true, &options.listen, NULL}, {"--cert", true, &options.certificate, NULL},
        {"--key", true, &options.key, NULL},       {"--names", true, &options.names, NULL},
        {"--plain", false, NULL, &options.plain},  {"--shop", true, &desk.folder, NULL},
        {"--json", false, NULL, &desk.json},
    };
    int count = options_read(argc, argv, verb, rows, sizeof rows / sizeof *rows, &done);

    if (done || count < 0)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count > 0)
        return usage_error(verb, "it takes no argument: %s", argv[1]);
    if (!options.listen)
        options.listen = "127.0.0.1:8420";
    desk_settle(&desk);
    struct workshop *shop = shop_open(desk.folder, JOURNAL_WRITE, &failure);
    if (!shop) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    int status = serve(shop, &options, desk.json);
    shop_close(shop);
    return status;
}
