/* flowd simulate: a shop that works by itself, to try specs before they cost filament. */
#include "flowd/views.h"

#include "base/file.h"
#include "orders/import.h"
#include "shop/snapshot.h"
#include "sim/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trying {
    const char *folder, *orders, *demand, *seed;
    bool json;
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

static int say(const struct trying *trying, const struct simulation_result *result)
{
    struct buffer out = {0};
    if (trying->json)
        return print_json(
            json_pack("{sI sI sI sI sI sI sI sI ss}", "commands", (json_int_t)result->commands,
                      "batches", (json_int_t)result->batches, "parcels",
                      (json_int_t)result->parcels, "units_made", (json_int_t)result->units_made,
                      "units_scrapped", (json_int_t)result->units_scrapped, "units_shipped",
                      (json_int_t)result->units_shipped, "begun_ms", (json_int_t)result->begun_ms,
                      "ended_ms", (json_int_t)result->ended_ms, "waits", result->waits));
    buffer_addf(&out,
                "%lld units made in %lld batches, %lld scrapped; %lld shipped in %lld parcels\n",
                (long long)result->units_made, (long long)result->batches,
                (long long)result->units_scrapped, (long long)result->units_shipped,
                (long long)result->parcels);
    if (*result->waits)
        buffer_addf(&out, "the rest waits: %s\n", result->waits);
    add_time(&out, result->begun_ms);
    buffer_add_text(&out, " to ");
    add_time(&out, result->ended_ms);
    buffer_addf(
        &out,
        ", one batch after the other\n%s is a shop like any other now: flowd status --shop %s\n",
        trying->folder, trying->folder);
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

int cmd_simulate(int argc, char **argv)
{
    const struct verb *verb = verb_find("simulate");
    struct trying trying = {.demand = "24", .seed = "1"};
    const struct option_row options[] = {
        {"-o", true, &trying.folder, NULL},       {"--output", true, &trying.folder, NULL},
        {"--orders", true, &trying.orders, NULL}, {"--demand", true, &trying.demand, NULL},
        {"--seed", true, &trying.seed, NULL},     {"--json", false, NULL, &trying.json}};
    struct simulation_result result;
    long units, seed;
    bool done;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!count || !trying.folder)
        return usage_error(verb, count ? "-o says where the shop goes" : "which spec?");
    if (!whole(trying.demand, 1, &units) || !whole(trying.seed, 0, &seed))
        return usage_error(verb, "--demand and --seed are whole numbers up to 1000000");
    bool good = run(&trying, argv + 1, count, units, (uint64_t)seed, &result);
    shop_close(trying.shop);
    if (!good) {
        complain("%s", trying.failure.message);
        return EXIT_ENVIRONMENT;
    }
    return say(&trying, &result);
}
