/* `flowd serve`: the shop's server. */
#include "flowd/flowd.h"
#include "station/server.h"

#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Serves the shop in the desk's folder until the end; the exit status. */
static int serve_shop(const struct desk *desk, const struct server_options *options)
{
    struct failure failure;
    struct workshop *shop = shop_open(desk->folder, JOURNAL_WRITE, &failure);
    if (!shop)
        complain("%s", failure.message);
    int status = shop ? serve(shop, options, desk->json) : EXIT_ENVIRONMENT;
    shop_close(shop);
    return status;
}

/* A copy of the shop as it is now, which nobody keeps; no printer hears of it. */
static int serve_training(struct desk *desk, struct server_options *options, struct arena *arena)
{
    struct failure failure;
    const char *temporary = getenv("TMPDIR");
    char *place = path_join(arena, temporary && *temporary ? temporary : "/tmp", "flow-XXXXXX");
    if (!mkdtemp(place)) {
        complain("%s: %s", place, strerror(errno));
        return EXIT_ENVIRONMENT;
    }
    const char *copy = path_join(arena, place, "shop");
    bool copied = back_up(desk, copy, arena, &failure);
    if (!copied)
        complain("%s", failure.message);
    desk->folder = copy;
    options->farm = NULL;
    int status = copied ? serve_shop(desk, options) : EXIT_ENVIRONMENT;
    folder_remove(place);
    return status;
}

int cmd_serve(int argc, char **argv)
{
    struct desk desk = {0};
    struct server_options options = {0};
    bool done = false;
    const struct verb *verb = verb_find("serve");
    const struct option_row rows[] = {
        {"--listen", true, &options.listen, NULL},  {"--cert", true, &options.certificate, NULL},
        {"--key", true, &options.key, NULL},        {"--names", true, &options.names, NULL},
        {"--otlp", true, &options.collector, NULL}, {"--farm", true, &options.farm, NULL},
        {"--plain", false, NULL, &options.plain},   {"--training", false, NULL, &options.training},
        {"--shop", true, &desk.folder, NULL},       {"--json", false, NULL, &desk.json},
    };
    int count = options_read(argc, argv, verb, rows, sizeof rows / sizeof *rows, &done);

    if (done || count < 0)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count > 0)
        return usage_error(verb, "it takes no argument: %s", argv[1]);
    if (!options.listen)
        options.listen = "127.0.0.1:8420";
    desk_settle(&desk);
    struct arena arena = {0};
    const char *farm = path_join(&arena, desk.folder, "farm.yaml");
    if (!options.farm && file_exists(farm))
        options.farm = farm;
    int status =
        options.training ? serve_training(&desk, &options, &arena) : serve_shop(&desk, &options);
    arena_free(&arena);
    return status;
}
