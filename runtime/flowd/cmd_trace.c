/* flowd trace: what a unit is made of and who touched it; where a lot went. */
#include "flowd/flowd.h"

#include "trace/trace_journal.h"
#include "trace/trace_pages.h"
#include "trace/trace_write.h"

#include <string.h>

struct request {
    struct desk desk;
    const char *kind, *format, *base, *output;
};

static int answer(const struct request *request, const struct genealogy *model, const char *name)
{
    const struct trace_options options = {request->base, trace_draw};
    struct trace_subject subject;
    struct failure failure;
    struct buffer out = {0};
    struct trace trace;
    int status = EXIT_FINDINGS;

    if (!trace_find(model, request->kind, name, &subject, &failure)) {
        complain("%s", failure.message);
        return EXIT_FINDINGS;
    }
    trace_open(&trace, model, subject);
    if (trace_write(&trace, request->format, &options, &out, &failure))
        status = desk_put(request->output, &out);
    else
        complain("%s", failure.message);
    trace_close(&trace);
    buffer_free(&out);
    return status;
}

static bool format_is_known(const char *format)
{
    for (int i = 0; i < trace_format_count; i++)
        if (strcmp(trace_formats[i].name, format) == 0)
            return true;
    return false;
}

int cmd_trace(int argc, char **argv)
{
    struct request request = {0};
    const struct verb *verb = verb_find("trace");
    const struct option_row options[] = {DESK_OPTIONS(&request.desk),
                                         {"--kind", true, &request.kind, NULL},
                                         {"--format", true, &request.format, NULL},
                                         {"--base", true, &request.base, NULL},
                                         {"-o", true, &request.output, NULL},
                                         {"--output", true, &request.output, NULL}};
    struct shop_genealogy shop;
    struct failure failure;
    bool done;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT + 5, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, "trace what? One name");
    if (!request.format)
        request.format = request.desk.json ? "json" : "text";
    if (!format_is_known(request.format))
        return usage_error(verb, "there is no format `%s`", request.format);
    desk_settle(&request.desk);
    int status = EXIT_ENVIRONMENT;
    if (shop_genealogy_open(&shop, request.desk.folder, &failure))
        status = answer(&request, &shop.model, argv[1]);
    else
        complain("%s", failure.message);
    shop_genealogy_close(&shop);
    return status;
}
