/* flowd simulate: a shop that works by itself, to try specs before they cost filament. */
#include "flowd/trial.h"
#include "flowd/views.h"

#include "base/file.h"
#include "base/memory.h"
#include "orders/import.h"
#include "shop/snapshot.h"
#include "sim/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trying {
    const char *folder, *orders, *demand, *seed;
    struct workshop *shop;
    struct failure failure;
};

enum { FILE_AT_MOST = 64 << 20 };
static const int64_t first_morning_ms = 1767600000000; /* Monday, 2026-01-05, 8:00 UTC */
static int64_t first_morning(void *unused)
{
    (void)unused;
    return first_morning_ms;
}

static bool do_it(struct trying *trying, struct message *command)
{
    const struct message_row *row = &message_rows[command->kind];
    struct answer answer;
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole && !command->cells[i].text)
            command->cells[i].text = "";
    if (!shop_stage(trying->shop, NULL, "simulation", command, &answer, &trying->failure))
        return false;
    return answer.accepted || fail(&trying->failure, "%s", answer.refusal);
}

static bool adopt(struct trying *trying, const char *path)
{
    struct session session;
    char snapshot[65];
    struct arena arena = {0};
    if (!shop_keep_spec(trying->shop, path, snapshot, &trying->failure))
        return false;
    bool good = snapshot_open(path_join(&arena, trying->folder, "specs"), snapshot, &session,
                              &trying->failure);
    for (int i = 0; good && i < session.spec->product_count; i++) {
        const struct product *product = session.spec->products[i];
        struct message command = {.kind = COMMAND_adopt_spec,
                                  .adopt_spec = {product->base.name, snapshot}};
        if (product->workflow && product->workflow->step_count)
            good = do_it(trying, &command);
    }
    session_close(&session);
    arena_free(&arena);
    return good && (shop_state(trying->shop)->products.count ||
                    fail(&trying->failure, "%s has no product with a workflow", path));
}

/* ---- what is ordered ---- */

static bool take_file(struct trying *trying)
{
    char *text = NULL;
    size_t length;
    struct arena arena = {0};
    struct import_options options = {0};
    struct import_result result;

    if (file_read(trying->orders, FILE_AT_MOST, &text, &length, &trying->failure) != FILE_OK)
        return false;
    orders_import(shop_state(trying->shop), text, length, &options, &arena, &result);
    bool good =
        result.taken > 0 || fail(&trying->failure,
                                 "%s holds no order that can be taken; `flowd orders import "
                                 "--dry-run` says why",
                                 trying->orders);
    if (good)
        say_what_is_not_made(trying->orders, &result);
    for (int i = 0; i < result.command_count && good; i++)
        good = do_it(trying, &result.commands[i]);
    arena_free(&arena);
    free(text);
    return good;
}

/* An order of so many units for each product, its SKUs by turns. */
static bool take_demand(struct trying *trying, long units)
{
    struct arena arena = {0};
    const struct table *products = &shop_state(trying->shop)->products;
    bool good = true;
    for (int i = 0; i < products->count && good; i++) {
        const struct product_state *product = products->things[i];
        long skus = product->current->made->sku_count;
        for (long k = 0; k < skus && k < units && good; k++) {
            struct sku sku;
            sku_at(product->current->made, k, &sku);
            struct message command = {
                .kind = COMMAND_take_line,
                .take_line = {arena_printf(&arena, "SIM-%s", product->name),
                              arena_printf(&arena, "%ld", k + 1), product->name,
                              sku_code(product->current->spec, &sku, &arena),
                              units / skus + (k < units % skus), "simulated customer", NULL, NULL}};
            good = do_it(trying, &command);
        }
    }
    arena_free(&arena);
    return good;
}

/* ---- saying ---- */

static int say(const struct trial_options *options, const struct simulation_result *result)
{
    struct buffer out = {0};
    if (options->json)
        return print_json(
            json_pack("{sI sI sI sI sI sI sI sI ss}", "commands", (json_int_t)result->commands,
                      "batches", (json_int_t)result->batches, "parcels",
                      (json_int_t)result->parcels, "units_made", (json_int_t)result->units_made,
                      "units_scrapped", (json_int_t)result->units_scrapped, "units_shipped",
                      (json_int_t)result->units_shipped, "begun_ms", (json_int_t)result->begun_ms,
                      "ended_ms", (json_int_t)result->ended_ms, "waits", result->waits));
    buffer_addf(
        &out, "%lld units made in %lld batch%s, %lld scrapped; %lld shipped in %lld parcel%s\n",
        (long long)result->units_made, (long long)result->batches, result->batches == 1 ? "" : "es",
        (long long)result->units_scrapped, (long long)result->units_shipped,
        (long long)result->parcels, result->parcels == 1 ? "" : "s");
    if (*result->waits)
        buffer_addf(&out, "the rest waits: %s\n", result->waits);
    add_time(&out, result->begun_ms);
    buffer_add_text(&out, " to ");
    add_time(&out, result->ended_ms);
    buffer_addf(
        &out,
        ", one batch after the other\n%s is a shop like any other now: flowd status --shop %s\n",
        options->folder, options->folder);
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static bool run(struct trying *trying, char **specs, int count, long units, uint64_t seed,
                struct simulation_result *result)
{
    struct simulation simulation = {seed, first_morning_ms};
    if (!shop_create(trying->folder, "simulation", first_morning_ms, &trying->failure) ||
        !(trying->shop = shop_open(trying->folder, JOURNAL_WRITE, &trying->failure)))
        return false;
    shop_set_clock(trying->shop, first_morning, NULL);
    for (int i = 0; i < count; i++)
        if (!adopt(trying, specs[i]))
            return false;
    return (trying->orders ? take_file(trying) : take_demand(trying, units)) &&
           shop_commit(trying->shop, &trying->failure) &&
           simulate(trying->shop, &simulation, result, &trying->failure);
}

static bool whole(const char *text, long least, long *number)
{
    char *end;
    errno = 0;
    *number = strtol(text, &end, 10);
    return errno == 0 && end != text && !*end && *number >= least && *number <= 1000000;
}

/* Where a shop is tried that is to be in a folder which is not there yet: beside it, and it gets its name when it is whole. So half a
   shop never stands in the way of the next try, nor in that of another at the same time. */
static const char *place_of(const char *folder, struct arena *arena)
{
    struct stat status;
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return lstat(folder, &status) == 0
               ? folder
               : arena_printf(arena, "%.*s.unfinished-%ld", (int)length, folder, (long)getpid());
}

/* Gives the shop its name, where it is whole; else takes away what there is of it. What was there before is nobody's to remove. */
static bool settle(struct trying *trying, const char *folder, bool good, bool had_shop,
                   struct arena *arena)
{
    bool beside = trying->folder != folder;
    if (good && beside && rename(trying->folder, folder) != 0)
        good = fail(&trying->failure, "%s cannot be made: %s", folder, strerror(errno));
    if (good)
        return true;
    complain("%s", trying->failure.message);
    if (beside)
        folder_remove(trying->folder);
    else if (!had_shop && file_exists(path_join(arena, folder, "journal.db")))
        complain("half a shop stays in %s: remove journal.db there, and what is new in specs, "
                 "before the next try",
                 folder);
    return false;
}

static int run_a_shop(const struct trial_options *options, char **argv, int count)
{
    const struct verb *verb = verb_find("simulate");
    struct trying trying = {.orders = options->orders,
                            .demand = options->demand ? options->demand : "24",
                            .seed = options->seed ? options->seed : "1"};
    struct simulation_result result = {0};
    struct arena arena = {0};
    long units, seed;

    if (!options->folder || !*options->folder)
        return usage_error(verb, "-o says where the shop goes");
    if (!whole(trying.demand, 1, &units) || !whole(trying.seed, 0, &seed))
        return usage_error(verb, "--demand and --seed are whole numbers up to 1000000");
    trying.folder = place_of(options->folder, &arena);
    bool had_shop = file_exists(path_join(&arena, trying.folder, "journal.db"));
    bool good = run(&trying, argv + 1, count, units, (uint64_t)seed, &result);
    shop_close(trying.shop);
    good = settle(&trying, options->folder, good, had_shop, &arena);
    arena_free(&arena);
    return good ? say(options, &result) : EXIT_ENVIRONMENT;
}

/* ---- which specs ---- */

static bool same_file(const char *one, const char *other)
{
    char *first = realpath(one, NULL), *second = realpath(other, NULL);
    bool same = strcmp(one, other) == 0 || (first && second && strcmp(first, second) == 0);
    free(first);
    free(second);
    return same;
}

/* The name of a product that both have; NULL. What both take from one third file is no mistake of who asks. */
static const char *in_both(const struct spec *one, const struct spec *other)
{
    for (int i = 0; i < one->product_count; i++)
        for (int k = 0; k < other->product_count; k++) {
            const struct declaration *first = &one->products[i]->base,
                                     *second = &other->products[k]->base;
            if (strcmp(first->name, second->name) == 0 &&
                (first->source == one->main || second->source == other->main ||
                 !same_file(first->source->path, second->source->path)))
                return first->name;
        }
    return NULL;
}

/* A product that two specs have would be ordered twice as often as is said. A spec that cannot be read is told by whoever
   needs it. */
static bool anything_twice(const struct verb *verb, char **paths, int count)
{
    struct session *sessions = memory_zeroed((size_t)count, sizeof *sessions);
    bool twice = false;
    int loaded = 0;
    for (; loaded < count && !twice; loaded++) {
        session_load(&sessions[loaded], paths[loaded]);
        for (int i = 0; i < loaded && !twice; i++) {
            const struct spec *one = sessions[i].spec, *other = sessions[loaded].spec;
            const char *product = one && other ? in_both(one, other) : NULL;
            twice = product || same_file(paths[i], paths[loaded]);
            if (same_file(paths[i], paths[loaded]))
                usage_error(verb, "%s is given twice", paths[i]);
            else if (product)
                usage_error(verb, "%s and %s both have the product %s: leave one of them out",
                            paths[i], paths[loaded], product);
        }
    }
    while (loaded > 0)
        session_close(&sessions[--loaded]);
    free(sessions);
    return twice;
}

int cmd_simulate(int argc, char **argv)
{
    const struct verb *verb = verb_find("simulate");
    struct trial_options its = {0};
    const struct option_row options[] = {{"-o", true, &its.folder, NULL},
                                         {"--output", true, &its.folder, NULL},
                                         {"--orders", true, &its.orders, NULL},
                                         {"--demand", true, &its.demand, NULL},
                                         {"--seed", true, &its.seed, NULL},
                                         {"--days", true, &its.days, NULL},
                                         {"--set", true, &its.changes, NULL},
                                         {"--printers", true, &its.printers, NULL},
                                         {"--without", true, &its.without, NULL},
                                         {"--compare", false, NULL, &its.compare},
                                         {"--defects", true, &its.defects, NULL},
                                         {"--hours", true, &its.hours, NULL},
                                         {"--begins", true, &its.begins, NULL},
                                         {"--week", true, &its.week, NULL},
                                         {"--lead", true, &its.lead, NULL},
                                         {"--trouble", true, &its.trouble, NULL},
                                         {"--protocol", true, &its.protocols, NULL},
                                         {"--json", false, NULL, &its.json}};
    bool done;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!count)
        return usage_error(verb, "which spec?");
    if (count > 1 && anything_twice(verb, argv + 1, count))
        return EXIT_USAGE;
    if (its.days)
        return trial_of_farm(&its, (const char *const *)argv + 1, count);
    if (its.changes || its.printers || its.without || its.compare || its.defects || its.hours ||
        its.begins || its.week || its.lead || its.trouble || its.protocols)
        return usage_error(verb, "that goes with --days: a farm on a virtual clock");
    return run_a_shop(&its, argv, count);
}
