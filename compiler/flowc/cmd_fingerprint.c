/* flowc fingerprint PATH [--product P]: a line a product, as sha256sum prints its own. */
#include "flowc/flowc.h"

#include "emit/emit.h"

static enum exit_status print_fingerprints(struct session *session, const char *name)
{
    const struct spec *spec = session->spec;
    const struct product *only = name ? session_product(session, name) : NULL;
    struct buffer out = {0};
    bool good = true, any = false;

    if (name && !only)
        return EXIT_USAGE;
    for (int i = 0; i < spec->product_count && good; i++) {
        const struct product *product = spec->products[i];
        char hex[65];
        if (only ? product != only : product->base.source != spec->main)
            continue;
        any = true;
        good = product_fingerprint(spec, product, hex, &session->failure);
        if (good)
            buffer_addf(&out, "%s  %s\n", hex, product->base.name);
    }
    if (!good)
        complain("%s", session->failure.message);
    else if (!any)
        complain("%s has no product", spec->main->path);
    else
        good = print_out(&out);
    buffer_free(&out);
    return !good ? EXIT_ENVIRONMENT : any ? EXIT_CLEAN : EXIT_USAGE;
}

int cmd_fingerprint(int argc, char **argv)
{
    const struct verb *verb = verb_find("fingerprint");
    const char *product = NULL;
    const struct option_row options[] = {{"--product", true, &product, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, 1, &done);
    struct session session;

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one file at a time" : "which file?");
    enum exit_status status = EXIT_ENVIRONMENT;
    if (session_open(&session, argv[1]))
        status =
            session_show(&session, true) ? EXIT_FINDINGS : print_fingerprints(&session, product);
    session_close(&session);
    return status;
}
