/* Places, ranges and texts as the protocol writes them. */
#include "flowc/lsp/server.h"

#include <string.h>

static uint32_t count_read(const json_t *number)
{
    json_int_t value = json_integer_value(number);
    return value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

struct place place_read(const json_t *position)
{
    return (struct place){count_read(json_object_get(position, "line")),
                          count_read(json_object_get(position, "character"))};
}

json_t *place_json(struct place place)
{
    return json_pack("{s:I, s:I}", "line", (json_int_t)place.line, "character",
                     (json_int_t)place.character);
}

json_t *range_json(struct place begin, struct place end)
{
    return json_pack("{s:o, s:o}", "start", place_json(begin), "end", place_json(end));
}

json_t *lined_range(const struct server *server, const struct lined_text *lined, uint32_t begin,
                    uint32_t end)
{
    return range_json(place_of(lined, begin, server->utf8), place_of(lined, end, server->utf8));
}

json_t *span_range(struct server *server, struct span span)
{
    const struct source *source = source_of(&server->resident.session.sources, span.begin);
    if (!source)
        return range_json((struct place){0, 0}, (struct place){0, 0});
    return lined_range(server, resident_lines(&server->resident, source), span.begin - source->base,
                       span.end - source->base);
}

json_t *span_location(struct server *server, struct span span)
{
    const struct source *source = source_of(&server->resident.session.sources, span.begin);
    const char *path = source ? source->path : server->resident.path;
    return json_pack("{s:s, s:o}", "uri", uri_of(server, path), "range", span_range(server, span));
}

json_t *text_edit(json_t *range, const char *text)
{
    return json_pack("{s:o, s:s}", "range", range, "newText", text);
}

json_t *markdown(const char *text)
{
    return json_pack("{s:s, s:s}", "kind", "markdown", "value", text);
}

const char *uri_of(struct server *server, const char *path)
{
    const struct document *document = documents_find(&server->documents, path);
    return document ? document->uri : path_uri(&server->scratch, path);
}

struct document *asked_document(struct server *server, const json_t *params,
                                struct trouble *trouble)
{
    const char *uri =
        json_string_value(json_object_get(json_object_get(params, "textDocument"), "uri"));
    const char *path = uri_path(&server->scratch, uri);
    struct document *document = path ? documents_find(&server->documents, path) : NULL;
    if (!document)
        refuse(trouble, RPC_INVALID_PARAMS,
               uri ? "the document is not open" : "`textDocument.uri` is missing");
    return document;
}

bool asked_spec(struct server *server, const json_t *params, struct asked *asked,
                struct trouble *trouble)
{
    *asked = (struct asked){.document = asked_document(server, params, trouble)};
    if (!asked->document)
        return false;
    asked->resident = resident_of(server, asked->document->path);
    asked->source =
        asked->resident ? resident_source(asked->resident, asked->document->path) : NULL;
    return true;
}

bool asked_place(struct server *server, const json_t *params, struct asked *asked,
                 struct trouble *trouble)
{
    const json_t *position = json_object_get(params, "position");
    if (!json_is_object(position)) {
        refuse(trouble, RPC_INVALID_PARAMS, "`position` is missing");
        return false;
    }
    if (!asked_spec(server, params, asked, trouble))
        return false;
    asked->offset = offset_of(document_lines(asked->document), place_read(position), server->utf8);
    asked->position = asked->source ? asked->source->base + asked->offset : 0;
    return true;
}
