/* flowd actuals PRODUCT: what was measured against what the spec says, and the patch that brings the spec up to it. */
#include "flowd/views.h"
#include "trace/actuals_show.h"

#include "base/file.h"
#include "base/sink.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct request {
    const char *product, *batch, *since, *chart, *step, *output;
    int64_t since_ms;
    bool patch;
};

/* ---- the command line ---- */

/* A day as "2026-11-01", from its first moment in UTC. */
static bool read_day(const char *text, int64_t *time_ms)
{
    struct tm parts = {0}, same;
    int length = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &length) !=
            3 ||
        text[length] || length != 10)
        return false;
    parts.tm_year -= 1900;
    parts.tm_mon--;
    same = parts;
    time_t seconds = timegm(&same);
    *time_ms = (int64_t)seconds * 1000;
    return same.tm_mday == parts.tm_mday && same.tm_mon == parts.tm_mon;
}

/* EXIT_USAGE after a message; *done where --help was all. */
static int read_request(int argc, char **argv, struct request *request, struct desk *desk,
                        bool *done)
{
    const struct verb *verb = verb_find("actuals");
    const struct option_row options[] = {DESK_OPTIONS(desk),
                                         {"--batch", true, &request->batch, NULL},
                                         {"--since", true, &request->since, NULL},
                                         {"--chart", true, &request->chart, NULL},
                                         {"--step", true, &request->step, NULL},
                                         {"-o", true, &request->output, NULL},
                                         {"--patch", false, NULL, &request->patch}};
    int count =
        options_read(argc, argv, verb, options, (int)(sizeof options / sizeof *options), done);

    if (count < 0 || *done)
        return count < 0 ? EXIT_USAGE : EXIT_CLEAN;
    if (count != 1)
        return usage_error(verb, count ? "one product at a time" : "which product?");
    request->product = argv[1];
    if (request->since && !read_day(request->since, &request->since_ms))
        return usage_error(verb, "--since wants a day as 2026-11-01, not `%s`", request->since);
    if (request->patch + (request->chart != NULL) + desk->json > 1)
        return usage_error(verb, "--patch, --chart and --json are three different answers");
    if ((request->output || request->step) && !request->chart)
        return usage_error(verb, "-o and --step go with --chart");
    return EXIT_CLEAN;
}

/* ---- what is measured against ---- */

static const struct revision *revision_of(struct desk *desk, const struct request *request)
{
    const struct state *state = shop_state(desk->shop);
    const struct product_state *product =
        state_product(state, shop_name(desk->shop, request->product));

    if (product && product->current)
        return product->current;
    complain("no spec of a product `%s` was adopted; `flowd product list` shows which were",
             request->product);
    return NULL;
}

static bool batch_is_there(struct desk *desk, const struct request *request)
{
    const struct batch *batch =
        request->batch ? state_batch(shop_state(desk->shop), shop_name(desk->shop, request->batch))
                       : NULL;
    if (!request->batch || (batch && strcmp(batch->product->name, request->product) == 0))
        return true;
    complain(batch ? "batch %s is not of %s" : "there is no batch %s of %s", request->batch,
             request->product);
    return false;
}

/* A folder of the snapshot that the revision was adopted as. */
static const char *snapshot_folder(struct desk *desk, const struct revision *revision,
                                   const char *name, struct arena *arena)
{
    const char *path =
        arena_printf(arena, "%s/specs/%s/%s", shop_folder(desk->shop), revision->snapshot, name);
    return path_join(arena, ".", path);
}

/* ---- answers ---- */

static int say_chart(const struct actuals *actuals, const struct request *request)
{
    struct buffer out = {0};
    struct failure failure = {""};
    const struct actuals_series *series =
        actuals_find_series(actuals, request->chart, request->step, &failure);
    bool written = false;

    if (!series) {
        complain("%s", failure.message);
        return EXIT_FINDINGS;
    }
    actuals_draw(&out, series, actuals->product->base.name);
    if (!request->output)
        written = print_out(&out);
    else if (!(written = file_write(request->output, out.text, out.length, &failure)))
        complain("%s", failure.message);
    buffer_free(&out);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* The patch on standard output; what else must be seen to on standard error. */
static int say_patch(struct desk *desk, const struct actuals *actuals,
                     const struct actuals_changes *changes, struct arena *arena)
{
    const char *root = snapshot_folder(desk, actuals->revision, "spec", arena);
    const char *modules = snapshot_folder(desk, actuals->revision, "modules", arena);
    struct buffer out = {0}, errors = {0};
    struct failure failure;
    bool good = true;

    if (!actuals_patch(actuals, changes, root, &out)) {
        fprintf(stderr, "nothing is firmly measured otherwise than the spec says\n");
    } else {
        int count = actuals_patch_errors(actuals, changes, modules, &errors, &failure);
        if (count < 0)
            complain("%s", failure.message);
        else if (count)
            fprintf(stderr, "with it, `flowc check` finds:\n%s", errors.text);
        good = count >= 0 && print_out(&out);
    }
    buffer_free(&out);
    buffer_free(&errors);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int say_report(const struct actuals_report *report, bool json)
{
    struct buffer out = {0};

    if (json)
        return print_json(actuals_json(report));
    actuals_print(&out, report, color_wanted(false));
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int answer(struct desk *desk, const struct request *request, const struct actuals *actuals)
{
    struct arena arena = {0};
    struct actuals_changes changes;
    struct actuals_price *prices;
    struct failure failure;
    int status;

    if (request->chart)
        return say_chart(actuals, request);
    actuals_list_changes(actuals, &arena, &changes);
    if (request->patch) {
        status = say_patch(desk, actuals, &changes, &arena);
    } else {
        const char *modules = snapshot_folder(desk, actuals->revision, "modules", &arena);
        int count = actuals_prices(actuals, &changes, modules, &arena, &prices, &failure);
        struct actuals_report report = {actuals, &changes, prices, count};
        if (count < 0)
            complain("%s", failure.message);
        status = count < 0 ? EXIT_ENVIRONMENT : say_report(&report, desk->json);
    }
    arena_free(&arena);
    return status;
}

static int measure_and_answer(struct desk *desk, const struct request *request)
{
    const struct revision *revision = revision_of(desk, request);
    const struct state *state = shop_state(desk->shop);
    struct actuals_options options = {request->batch, request->since_ms, state->find_revision,
                                      state->find_data};
    struct failure failure;
    struct actuals actuals;

    if (!revision || !batch_is_there(desk, request))
        return EXIT_FINDINGS;
    actuals_open(&actuals, revision, &options);
    bool read = shop_replay(desk->shop, actuals_event, &actuals, &failure);
    if (read)
        actuals_reckon(&actuals);
    else
        complain("%s", failure.message);
    int status = read ? answer(desk, request, &actuals) : EXIT_ENVIRONMENT;
    actuals_close(&actuals);
    return status;
}

int cmd_actuals(int argc, char **argv)
{
    struct desk desk = {0};
    struct request request = {0};
    bool done = false;
    int status = read_request(argc, argv, &request, &desk, &done);

    if (status != EXIT_CLEAN || done)
        return status;
    status = desk_read(&desk) ? measure_and_answer(&desk, &request) : EXIT_ENVIRONMENT;
    desk_close(&desk);
    return status;
}
