/* Files of orders. */
#include "station/api.h"

#include "orders/import.h"
#include "station/json.h"

#include <string.h>

static bool is_true(const struct request *request, const char *name)
{
    const char *value = request_query(request, name);
    return value && strcmp(value, "true") == 0;
}

static bool read_options(const struct request *request, struct import_options *options,
                         struct reply *reply)
{
    const char *dates = request_query(request, "dates");
    *options = (struct import_options){.sheet = {.format = request_query(request, "format"),
                                                 .prefix = request_query(request, "prefix")},
                                       .update = is_true(request, "update")};
    if (dates && strcmp(dates, "mdy") && strcmp(dates, "dmy"))
        return problem(reply, 400, "`dates` is mdy (month first) or dmy.");
    if (dates)
        options->dates = *dates == 'm' ? DATES_MONTH_FIRST : DATES_DAY_FIRST;
    return true;
}

static void answer_import(struct inquiry *inquiry)
{
    struct reply *reply = &inquiry->reply;
    struct buffer import = {0};
    const char *refusal = NULL;
    int done = 0;

    for (int i = 0; i < inquiry->done_count; i++) {
        done += inquiry->commands[i].answer.accepted;
        if (!refusal && !inquiry->commands[i].answer.accepted)
            refusal = inquiry->commands[i].answer.refusal;
    }
    if (refusal && !done) {
        problem(reply, 409, "%s", refusal);
        reply->body.length--; /* its closing brace */
        json_flag(&reply->body, "accepted", false);
        json_text(&reply->body, "refusal", refusal);
        json_end(&reply->body, '}');
        return;
    }
    import_write(&import, inquiry->what);
    json_begin(&reply->body, NULL, '{');
    json_raw(&reply->body, "import", import.text, import.length);
    json_flag(&reply->body, "dry_run",
              inquiry->command_count == 0 && is_true(&inquiry->request, "dry_run"));
    json_whole(&reply->body, "done", done);
    json_begin(&reply->body, "refusals", '[');
    for (int i = 0; i < inquiry->done_count; i++)
        if (!inquiry->commands[i].answer.accepted)
            json_text(&reply->body, NULL, inquiry->commands[i].answer.refusal);
    json_end(&reply->body, ']');
    json_end(&reply->body, '}');
    buffer_free(&import);
}

/* The commands have no `id`: what is there already is known by its names. */
static void ask_for_all(struct inquiry *inquiry, const struct import_result *result)
{
    inquiry->commands = ARENA_ARRAY(&inquiry->arena, struct asked_command, result->command_count);
    inquiry->command_count = result->command_count;
    for (int i = 0; i < result->command_count; i++)
        inquiry->commands[i].message = result->commands[i];
    inquiry->reply.kind = REPLY_COMMANDS;
}

bool import_orders(const struct api *api, struct inquiry *inquiry)
{
    struct import_result *result = ARENA_NEW(&inquiry->arena, struct import_result);
    struct import_options options;
    int64_t last_event;

    if (!read_options(&inquiry->request, &options, &inquiry->reply))
        return false;
    const struct state *state = view_begin(api->view, &last_event);
    orders_import(state, inquiry->request.body, inquiry->request.body_length, &options,
                  &inquiry->arena, result);
    view_end(api->view);
    inquiry->finish = answer_import;
    inquiry->what = result;
    if (is_true(&inquiry->request, "dry_run") || !result->command_count)
        answer_import(inquiry);
    else
        ask_for_all(inquiry, result);
    return true;
}
