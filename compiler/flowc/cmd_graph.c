/* flowc graph PATH [--product P] [--sku S] [--format F] */
#include "flowc/flowc.h"

#include "emit/emit.h"

#include <string.h>

struct graph_request {
    const char *product, *sku, *format;
};

static enum exit_status draw(struct session *session, const struct verb *verb,
                             const struct graph_request *request)
{
    const struct product *product = session_product(session, request->product);
    struct sku sku;
    struct buffer picture = {0};

    if (!product)
        return EXIT_USAGE;
    if (request->sku && !sku_find(session->spec, product, request->sku, &sku))
        return usage_error(verb, "%s has no SKU `%s`", product->base.name, request->sku);
    bool good = diagram_render_sku(session->spec, product, request->sku ? &sku : NULL,
                                   request->format, &picture, &session->failure);
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
    struct graph_request request = {.format = "dot"};
    const struct option_row options[] = {{"--product", true, &request.product, NULL},
                                         {"--sku", true, &request.sku, NULL},
                                         {"--format", true, &request.format, NULL}};
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
    enum exit_status status = EXIT_ENVIRONMENT;
    if (session_open(&session, argv[1]))
        status = session_show(&session, true) ? EXIT_FINDINGS : draw(&session, verb, &request);
    session_close(&session);
    return status;
}
