#include "station/api.h"

#include "trace/trace_write.h"

#include <string.h>

static const struct written {
    const char *format, *type;
} written[] = {
    {"json", "application/json"},       {"text", "text/plain; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"}, {"dot", "text/vnd.graphviz; charset=utf-8"},
    {"epcis", "application/ld+json"},
};

bool answer_trace(const struct api *api, struct inquiry *inquiry)
{
    struct reply *reply = &inquiry->reply;
    const char *format = request_query(&inquiry->request, "as");
    const struct written *row = written, *end = written + sizeof written / sizeof *written;
    struct trace_options options = {0};
    struct trace_subject subject;
    struct failure failure;
    struct trace trace;

    while (format && row < end && strcmp(row->format, format) != 0)
        row++;
    if (row == end)
        return problem(reply, 400, "`as` is json, text, csv, dot or epcis.");
    view_begin(api->view, &reply->version);
    const struct genealogy *model = view_genealogy(api->view);
    bool found = trace_find(model, request_query(&inquiry->request, "kind"),
                            inquiry->request.arguments[0], &subject, &failure);
    bool good = found;
    if (found) {
        trace_open(&trace, model, subject);
        good = trace_write(&trace, row->format, &options, &reply->body, &failure);
        trace_close(&trace);
    }
    view_end(api->view);
    reply->type = row->type;
    return good || problem(reply, found ? 503 : 404, "%s.", failure.message);
}
