/* flowd hold: a lot is put on hold, with every unit of it that has not left the house; and who has the others. */
#include "flowd/flowd.h"

#include "trace/trace_hold.h"
#include "trace/trace_journal.h"

#include <string.h>

struct request {
    struct desk desk;
    const char *reason, *format, *output;
    bool free;
};

static const struct {
    const char *name;
    void (*add)(const struct trace *trace, struct buffer *out);
} formats[] = {{"text", hold_add_text}, {"json", hold_add_json}, {"csv", hold_add_csv}};
enum { FORMATS = sizeof formats / sizeof *formats };

static int format_of(const struct request *request)
{
    const char *name = request->format ? request->format : request->desk.json ? "json" : "text";
    int format = 0;
    while (format < FORMATS && strcmp(formats[format].name, name) != 0)
        format++;
    return format;
}

static int show(const struct request *request, const struct genealogy *model, const char *name)
{
    struct trace_subject subject;
    struct failure failure;
    struct buffer out = {0};
    struct trace trace;

    if (!trace_find(model, thing_kind_names[THING_LOT], name, &subject, &failure)) {
        complain("%s", failure.message);
        return EXIT_FINDINGS;
    }
    trace_open(&trace, model, subject);
    formats[format_of(request)].add(&trace, &out);
    int status = desk_put(request->output, &out);
    trace_close(&trace);
    buffer_free(&out);
    return status;
}

/* Whether the lot is known, and held; a message where not known. */
static int look_up(const char *folder, const char *name, bool *held)
{
    struct shop_genealogy shop;
    struct trace_subject subject;
    struct failure failure;
    int status = EXIT_ENVIRONMENT;

    if (shop_genealogy_open(&shop, folder, &failure)) {
        status = EXIT_FINDINGS;
        if (trace_find(&shop.model, thing_kind_names[THING_LOT], name, &subject, &failure)) {
            status = EXIT_CLEAN;
            *held = subject.thing->held;
        }
    }
    if (status != EXIT_CLEAN)
        complain("%s", failure.message);
    shop_genealogy_close(&shop);
    return status;
}

static int act(struct request *request, const char *name)
{
    struct message command = {.kind = request->free ? COMMAND_free_lot : COMMAND_hold_lot};
    struct answer answer;

    if (!desk_write(&request->desk))
        return EXIT_ENVIRONMENT;
    command.cells[0].text = name; /* both are (lot, reason) */
    command.cells[1].text = request->reason;
    bool asked = desk_ask(&request->desk, &command, &answer);
    desk_close(&request->desk);
    return !asked            ? EXIT_ENVIRONMENT
           : answer.accepted ? EXIT_CLEAN
                             : desk_refused(&request->desk, &answer);
}

static int hold(struct request *request, const char *name)
{
    struct shop_genealogy shop;
    struct failure failure;
    bool held = false;

    desk_settle(&request->desk);
    int status = look_up(request->desk.folder, name, &held);
    if (status == EXIT_CLEAN && request->reason)
        status = act(request, name);
    else if (status == EXIT_CLEAN && (request->free || !held)) /* a held one is told of once more */
        status = usage_error(verb_find("hold"), "say why, with --reason: the record keeps it");
    if (status != EXIT_CLEAN)
        return status;
    if (shop_genealogy_open(&shop, request->desk.folder, &failure)) {
        status = show(request, &shop.model, name);
    } else {
        complain("%s", failure.message);
        status = EXIT_ENVIRONMENT;
    }
    shop_genealogy_close(&shop);
    return status;
}

int cmd_hold(int argc, char **argv)
{
    struct request request = {0};
    const struct verb *verb = verb_find("hold");
    const struct option_row options[] = {DESK_OPTIONS(&request.desk),
                                         {"--reason", true, &request.reason, NULL},
                                         {"--free", false, NULL, &request.free},
                                         {"--format", true, &request.format, NULL},
                                         {"-o", true, &request.output, NULL},
                                         {"--output", true, &request.output, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT + 5, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, "which lot?");
    if (format_of(&request) == FORMATS)
        return usage_error(verb, "there is no format `%s`", request.format);
    return hold(&request, argv[1]);
}
