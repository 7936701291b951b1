/* flowd init, flowd adopt: a shop's folder, and the specs it goes by. */
#include "flowd/flowd.h"

#include "base/file.h"
#include "shop/snapshot.h"

#include <stdio.h>
#include <string.h>

int cmd_init(int argc, char **argv)
{
    const struct verb *verb = verb_find("init");
    struct desk desk = {0};
    const struct option_row options[] = {{"--owner", true, &desk.by, NULL}};
    struct failure failure;
    struct buffer said = {0};
    bool done;
    int count = options_read(argc, argv, verb, options, 1, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one folder at a time" : "where?");
    desk.folder = argv[1];
    desk_settle(&desk);
    if (!shop_create(desk.folder, desk.by, 0, &failure)) {
        complain("%s", failure.message);
        return EXIT_ENVIRONMENT;
    }
    buffer_addf(
        &said,
        "%s is a shop now, and %s may do everything in it.\n"
        "Next: cd %s; flowd adopt SPEC.flow; flowd orders import orders.csv; flowd status\n",
        desk.folder, desk.by, desk.folder);
    bool written = print_out(&said);
    buffer_free(&said);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* The names of a snapshot's products that have a workflow, in the arena; -1 after a message. */
static int products_of(const char *folder, const char *snapshot, struct arena *arena,
                       const char ***names)
{
    struct session session;
    struct failure failure;
    int count = -1;

    if (!snapshot_open(path_join(arena, folder, "specs"), snapshot, &session, &failure)) {
        complain("%s", failure.message);
    } else {
        count = 0;
        *names = ARENA_ARRAY(arena, const char *, session.spec->product_count + 1);
        for (int i = 0; i < session.spec->product_count; i++) {
            const struct product *product = session.spec->products[i];
            if (product->workflow && product->workflow->step_count)
                (*names)[count++] =
                    arena_copy_text(arena, product->base.name, strlen(product->base.name));
        }
    }
    session_close(&session);
    return count;
}

static int adopt(struct desk *desk, const char *path, const char *only)
{
    struct arena arena = {0};
    struct failure failure;
    char snapshot[65];
    const char **names;
    int status = EXIT_CLEAN, adopted = 0;

    bool refused;
    if (!snapshot_keep(path_join(&arena, desk->folder, "specs"), path, snapshot, &refused,
                       &failure)) {
        complain("%s", failure.message);
        arena_free(&arena);
        return refused ? EXIT_FINDINGS : EXIT_ENVIRONMENT;
    }
    int count = products_of(desk->folder, snapshot, &arena, &names);
    for (int i = 0; i < count && status == EXIT_CLEAN; i++) {
        struct message command = {.kind = COMMAND_adopt_spec, .adopt_spec = {names[i], snapshot}};
        if (only && strcmp(only, names[i]) != 0)
            continue;
        status = desk_do(desk, &command);
        adopted++;
    }
    if (count >= 0 && !adopted) {
        complain(only ? "%s has no product %s with a workflow"
                      : "%s has no product with a workflow",
                 path, only);
        status = EXIT_FINDINGS;
    }
    arena_free(&arena);
    return count < 0 ? EXIT_ENVIRONMENT : status;
}

int cmd_adopt(int argc, char **argv)
{
    const struct verb *verb = verb_find("adopt");
    struct desk desk = {0};
    const char *product = NULL;
    const struct option_row options[] = {DESK_OPTIONS(&desk), {"--product", true, &product, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT + 1, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one spec at a time" : "which spec?");
    int status = desk_write(&desk) ? adopt(&desk, argv[1], product) : EXIT_ENVIRONMENT;
    desk_close(&desk);
    return status;
}
