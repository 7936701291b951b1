/* flowc graph PATH [--product P] [--sku S] [--format F] [--group-by station] [--explain RULE] */
#include "flowc/flowc.h"

#include "emit/emit.h"

#include <string.h>

struct graph_request {
    const char *product, *sku, *format, *group_by;
    enum rule explained; /* RULE_COUNT: none */
};

/* Mistakes that leave the workflow a graph that can be drawn. */
static bool can_be_drawn(enum rule rule)
{
    return strcmp(rule_rows[rule].family, "graph") == 0 ||
           strcmp(rule_rows[rule].family, "order") == 0;
}

static bool has_hindrance(const struct diagnostics *list)
{
    for (int i = 0; i < list->count; i++)
        if (list->items[i]->severity == SEVERITY_ERROR && !can_be_drawn(list->items[i]->rule))
            return true;
    return false;
}

static void find_witnesses(struct session *session, enum rule rule, struct diagram_options *options)
{
    const struct diagnostics *list = &session->diagnostics;
    const struct diagnostic **found =
        ARENA_ARRAY(&session->arena, const struct diagnostic *, list->count);
    for (int i = 0; i < list->count; i++)
        if (list->items[i]->rule == rule && list->items[i]->way)
            found[options->witness_count++] = list->items[i];
    options->witnesses = found;
    if (!options->witness_count)
        complain("no way breaks `%s`", rule_rows[rule].name);
}

static enum exit_status draw(struct session *session, const struct verb *verb,
                             const struct graph_request *request)
{
    const struct product *product = session_product(session, request->product);
    struct sku sku;
    struct buffer picture = {0};
    struct diagram_options options = {.lanes = request->group_by != NULL};

    if (!product)
        return EXIT_USAGE;
    if (request->sku && !sku_find(session->spec, product, request->sku, &sku))
        return usage_error(verb, "%s has no SKU `%s`", product->base.name, request->sku);
    options.sku = request->sku ? &sku : NULL;
    if (request->explained != RULE_COUNT)
        find_witnesses(session, request->explained, &options);
    bool good = diagram_render_with(session->spec, product, &options, request->format, &picture,
                                    &session->failure);
    if (!good)
        complain("%s", session->failure.message);
    else
        good = print_out(&picture);
    buffer_free(&picture);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int cmd_graph(int argc, char **argv)
{
    static const char *const formats[] = {"dot", "svg", "pdf", "png"};
    const struct verb *verb = verb_find("graph");
    struct graph_request request = {.format = "dot", .explained = RULE_COUNT};
    const char *explain = NULL;
    const struct option_row options[] = {{"--product", true, &request.product, NULL},
                                         {"--sku", true, &request.sku, NULL},
                                         {"--format", true, &request.format, NULL},
                                         {"--group-by", true, &request.group_by, NULL},
                                         {"--explain", true, &explain, NULL}};
    bool done, known = false;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);
    struct session session;

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one file at a time" : "which file?");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        known |= strcmp(formats[i], request.format) == 0;
    if (!known)
        return usage_error(verb, "--format is dot, svg, pdf or png, not `%s`", request.format);
    if (request.group_by && strcmp(request.group_by, "station") != 0)
        return usage_error(verb, "--group-by is station, not `%s`", request.group_by);
    if (explain && (request.explained = rule_find(explain)) == RULE_COUNT)
        return usage_error(verb, "there is no rule `%s`; `flowc explain` names all", explain);
    enum exit_status status = EXIT_ENVIRONMENT;
    if (session_open(&session, argv[1])) {
        bool drawn = explain ? !has_hindrance(&session.diagnostics) : !session.diagnostics.errors;
        if (!explain || !drawn)
            session_show(&session, true);
        status = drawn ? draw(&session, verb, &request) : EXIT_FINDINGS;
        if (status == EXIT_CLEAN && session.diagnostics.errors)
            status = EXIT_FINDINGS;
    }
    session_close(&session);
    return status;
}
