/* flowc build PATH... -o DIR: every output of every product, a folder a product. */
#include "flowc/flowc.h"

#include "base/file.h"
#include "emit/emit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct request {
    const char *out;
    const bool *wanted; /* by row of emit_rows */
    enum paper paper;
};

#define OUTPUTS_AT_MOST 16

/* --only instructions,diagram: marks the rows; false after a message. */
static bool read_only(const struct verb *verb, const char *only, bool *wanted)
{
    for (int i = 0; i < emit_row_count && i < OUTPUTS_AT_MOST; i++)
        wanted[i] = !only;
    for (const char *at = only; at && *at;) {
        size_t length = strcspn(at, ",");
        int i = 0;
        while (i < emit_row_count &&
               (strlen(emit_rows[i].name) != length || strncmp(emit_rows[i].name, at, length)))
            i++;
        if (i == emit_row_count) {
            usage_error(verb, "there is no output `%.*s`", (int)length, at);
            fputs("the outputs are", stderr);
            for (i = 0; i < emit_row_count; i++)
                fprintf(stderr, " %s", emit_rows[i].name);
            fputc('\n', stderr);
            return false;
        }
        wanted[i] = true;
        at += length + (at[length] == ',');
    }
    return true;
}

static bool list_written(const struct emit_context *context)
{
    struct buffer out = {0};
    for (int i = 0; i < context->written_count; i++)
        buffer_addf(&out, "%s/%s\n", context->folder, context->written[i]);
    bool good = print_out(&out);
    buffer_free(&out);
    return good;
}

static bool build_product(struct session *session, const struct request *request,
                          const struct product *product)
{
    struct emit_context context = {.spec = session->spec,
                                   .product = product,
                                   .folder =
                                       path_join(&session->arena, request->out, product->base.name),
                                   .paper = request->paper,
                                   .arena = &session->arena,
                                   .failure = &session->failure};
    bool terminal = isatty(STDERR_FILENO);
    for (int i = 0; i < emit_row_count; i++) {
        if (!request->wanted[i])
            continue;
        if (terminal)
            fprintf(stderr, "\r\x1b[K%s: %s", product->base.name, emit_rows[i].name);
        if (!emit_rows[i].emit(&context)) {
            if (terminal)
                fputs("\r\x1b[K", stderr);
            complain("%s of %s: %s", emit_rows[i].name, product->base.name,
                     session->failure.message);
            return false;
        }
    }
    if (terminal)
        fputs("\r\x1b[K", stderr);
    return list_written(&context);
}

static enum exit_status build_file(const struct request *request, const char *path, bool *any)
{
    struct session session;
    enum exit_status status = EXIT_CLEAN;
    if (!session_open(&session, path))
        status = EXIT_ENVIRONMENT;
    else if (session_show(&session, false))
        status = EXIT_FINDINGS; /* the last good documents stay as they are */
    for (int i = 0; status == EXIT_CLEAN && i < session.spec->product_count; i++) {
        const struct product *product = session.spec->products[i];
        if (product->base.source != session.spec->main || !product->workflow)
            continue;
        *any = true;
        if (!build_product(&session, request, product))
            status = EXIT_ENVIRONMENT;
    }
    session_close(&session);
    return status;
}

int cmd_build(int argc, char **argv)
{
    const struct verb *verb = verb_find("build");
    const char *only = NULL, *paper = "a4";
    bool wanted[OUTPUTS_AT_MOST] = {false}, done, any = false;
    struct request request = {.wanted = wanted};
    const struct option_row options[] = {{"-o", true, &request.out, NULL},
                                         {"--output", true, &request.out, NULL},
                                         {"--only", true, &only, NULL},
                                         {"--paper", true, &paper, NULL}};
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!count)
        return usage_error(verb, "which file?");
    if (!request.out)
        return usage_error(verb, "where to? say `-o DIR`");
    if (strcmp(paper, "a4") && strcmp(paper, "letter"))
        return usage_error(verb, "--paper is a4 or letter, not `%s`", paper);
    request.paper = strcmp(paper, "letter") ? PAPER_A4 : PAPER_LETTER;
    if (!read_only(verb, only, wanted))
        return EXIT_USAGE;
    struct arena arena = {0};
    const char **paths;
    int files = expand_paths(&arena, count, argv, &paths);
    enum exit_status worst = files < 0 ? EXIT_ENVIRONMENT : EXIT_CLEAN;
    for (int i = 0; i < files; i++) {
        enum exit_status status = build_file(&request, paths[i], &any);
        worst = status > worst ? status : worst;
    }
    if (!any && worst == EXIT_CLEAN) {
        complain("there is no product with a workflow in what was given");
        worst = EXIT_FINDINGS;
    }
    arena_free(&arena);
    return worst;
}
