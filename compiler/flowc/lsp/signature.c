/* textDocument/signatureHelp: the phrase of the field that is being written. */
#include "flowc/lsp/completion.h"
#include "flowc/lsp/methods.h"

#include <string.h>

/* The slots of the phrase, as parts of the label: where each <...> or a|b stands in it. */
static json_t *parameters_of(const char *label, size_t phrase_begin)
{
    json_t *parameters = json_array();
    for (size_t at = phrase_begin; label[at]; at++) {
        if (label[at] != '<')
            continue;
        size_t end = at + strcspn(label + at, ">") + 1;
        json_array_append_new(parameters,
                              json_pack("{s:[I, I]}", "label", (json_int_t)at, (json_int_t)end));
        at = end - 1;
    }
    return parameters;
}

json_t *lsp_signature(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct document *document = asked_document(server, params, trouble);
    struct arena *scratch = &server->scratch;
    struct interner names;
    struct context context;
    if (!document)
        return NULL;
    uint32_t offset = offset_of(document_lines(document),
                                place_read(json_object_get(params, "position")), server->utf8);
    interner_open(&names, scratch);
    context_at(&context, buffer_text(&document->text), (uint32_t)document->text.length, offset,
               scratch, &names);
    interner_close(&names);
    const struct field_row *field = context.ahead.in_comment || is_yaml(document->path)
                                        ? NULL
                                        : context_field(&context, scratch);
    if (!field)
        return json_null();
    const char *name = field_name(field);
    const char *label = arena_printf(scratch, "%s %s", name, field_phrase(field));
    json_t *parameters = parameters_of(label, strlen(name));
    int slot = slot_at(&context, field);
    json_t *result =
        json_pack("{s:[{s:s, s:o, s:o}], s:i}", "signatures", "label", label, "documentation",
                  markdown(field->documentation), "parameters", parameters, "activeSignature", 0);
    if (slot >= 0 && slot < (int)json_array_size(parameters))
        json_object_set_new(result, "activeParameter", json_integer(slot));
    return result;
}
