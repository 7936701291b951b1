/* Documents that open, change and close, and files that change behind the editor's back. */
#include "flowc/lsp/methods.h"

#include <string.h>

static void changed(struct server *server, const struct document *document)
{
    struct root *root = roots_find(&server->roots, document->path);
    roots_changed(&server->roots, document->path);
    if (root)
        server->edited = root->path;
}

json_t *lsp_did_open(struct server *server, const json_t *params, struct trouble *trouble)
{
    const json_t *item = json_object_get(params, "textDocument");
    const char *uri = json_string_value(json_object_get(item, "uri"));
    const json_t *text = json_object_get(item, "text");
    const char *path = uri_path(&server->scratch, uri);
    if (!path || !json_is_string(text))
        return refuse(trouble, RPC_INVALID_PARAMS, "a document has `uri` and `text`");
    struct document *document = documents_open(
        &server->documents, uri, path, json_string_value(text), json_string_length(text),
        json_integer_value(json_object_get(item, "version")));
    if (!is_yaml(path))
        roots_add(&server->roots, path)->dirty = true;
    inputs_stand_in(server->documents.texts, server->documents.count);
    changed(server, document);
    return NULL;
}

/* A change without a range is the whole text. */
static void change_one(struct server *server, struct document *document, const json_t *change)
{
    const json_t *range = json_object_get(change, "range"), *text = json_object_get(change, "text");
    uint32_t begin = 0, end = (uint32_t)document->text.length;
    if (!json_is_string(text))
        return;
    if (json_is_object(range)) {
        const struct lined_text *lined = document_lines(document);
        begin = offset_of(lined, place_read(json_object_get(range, "start")), server->utf8);
        end = offset_of(lined, place_read(json_object_get(range, "end")), server->utf8);
    }
    if (begin > end) {
        uint32_t swapped = begin;
        begin = end;
        end = swapped;
    }
    document_replace(&server->documents, document, begin, end, json_string_value(text),
                     json_string_length(text));
}

json_t *lsp_did_change(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct document *document = asked_document(server, params, trouble);
    size_t i;
    json_t *change;
    if (!document)
        return NULL;
    json_array_foreach(json_object_get(params, "contentChanges"), i, change)
        change_one(server, document, change);
    document->version =
        json_integer_value(json_object_get(json_object_get(params, "textDocument"), "version"));
    changed(server, document);
    return NULL;
}

/* What models and pictures are may have changed with it. */
json_t *lsp_did_save(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct document *document = asked_document(server, params, trouble);
    if (document)
        changed(server, document);
    return NULL;
}

json_t *lsp_did_close(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct document *document = asked_document(server, params, trouble);
    if (!document)
        return NULL;
    const char *path = arena_copy_text(&server->scratch, document->path, strlen(document->path));
    if (json_array_size(json_object_get(server->published, path))) {
        server_notify(server, "textDocument/publishDiagnostics",
                      json_pack("{s:s, s:[]}", "uri", document->uri, "diagnostics"));
    }
    json_object_del(server->published, path);
    json_object_del(server->versions, path);
    documents_shut(&server->documents, document);
    inputs_stand_in(server->documents.texts, server->documents.count);
    roots_changed(&server->roots, path); /* the file is what counts again */
    struct root *root = roots_find(&server->roots, path);
    if (root && !root->in_folder)
        drop_root(server, root);
    for (int i = 0; i < server->roots.count; i++)
        if (!root_is_wanted(server, server->roots.items[i]))
            forget_root(server, server->roots.items[i]);
    return NULL;
}

enum { FILE_CREATED = 1, FILE_DELETED = 3 };

json_t *lsp_did_change_files(struct server *server, const json_t *params, struct trouble *trouble)
{
    size_t i;
    json_t *change;
    (void)trouble;
    json_array_foreach(json_object_get(params, "changes"), i, change)
    {
        const char *path =
            uri_path(&server->scratch, json_string_value(json_object_get(change, "uri")));
        if (!path || documents_find(&server->documents, path))
            continue; /* the editor's text stands before it */
        json_int_t type = json_integer_value(json_object_get(change, "type"));
        roots_changed(&server->roots, path);
        struct root *root = roots_find(&server->roots, path);
        if (type == FILE_CREATED && path_ends(path, ".flow"))
            roots_add(&server->roots, path)->in_folder = true;
        if (type == FILE_DELETED && root)
            drop_root(server, root);
    }
    return NULL;
}

json_t *lsp_did_change_folders(struct server *server, const json_t *params, struct trouble *trouble)
{
    const json_t *event = json_object_get(params, "event");
    size_t i;
    json_t *folder;
    (void)trouble;
    json_array_foreach(json_object_get(event, "removed"), i, folder)
        folder_is_there(server, json_object_get(folder, "uri"), false);
    json_array_foreach(json_object_get(event, "added"), i, folder)
        folder_is_there(server, json_object_get(folder, "uri"), true);
    survey_folders(server);
    return NULL;
}
