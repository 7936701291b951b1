/* initialize, initialized, shutdown: what the editor can do, and what we can. */
#include "flowc/lsp/methods.h"

#include "base/file.h"
#include "base/memory.h"

#include <string.h>

#ifndef FLOW_VERSION
#define FLOW_VERSION "0.0.0"
#endif

/* What the server can do, beside the encoding of positions. */
static const char capabilities[] =
    "{\"textDocumentSync\":{\"openClose\":true,\"change\":2,\"save\":true},"
    "\"completionProvider\":{\"triggerCharacters\":[\".\",\" \",\"\\\"\",\"{\",\"/\",\">\"]},"
    "\"hoverProvider\":true,\"definitionProvider\":true,\"referencesProvider\":true,"
    "\"documentHighlightProvider\":true,\"documentSymbolProvider\":true,"
    "\"workspaceSymbolProvider\":true,\"foldingRangeProvider\":true,\"inlayHintProvider\":true,"
    "\"documentFormattingProvider\":true,\"codeLensProvider\":{},"
    "\"renameProvider\":{\"prepareProvider\":true},"
    "\"signatureHelpProvider\":{\"triggerCharacters\":[\" \"]},"
    "\"codeActionProvider\":{\"codeActionKinds\":[\"quickfix\",\"source.fixAll.flowc\"]},"
    "\"semanticTokensProvider\":{\"full\":true,\"legend\":{\"tokenTypes\":[\"keyword\",\"type\","
    "\"class\",\"property\",\"function\",\"variable\",\"enumMember\",\"string\",\"number\","
    "\"comment\",\"operator\",\"event\"],\"tokenModifiers\":[\"declaration\",\"documentation\","
    "\"defaultLibrary\"]}},"
    "\"workspace\":{\"workspaceFolders\":{\"supported\":true,\"changeNotifications\":true}}}";

static bool offers_utf8(const json_t *capabilities_of_client)
{
    size_t i;
    json_t *encoding;
    json_t *encodings =
        json_object_get(json_object_get(capabilities_of_client, "general"), "positionEncodings");
    json_array_foreach(encodings, i,
                       encoding) if (json_is_string(encoding) &&
                                     strcmp(json_string_value(encoding), "utf-8") == 0) return true;
    return false;
}

static bool says(const json_t *object, const char *const path[])
{
    for (; *path; path++)
        object = json_object_get(object, *path);
    return json_is_true(object);
}

/* The folder of the rules' pages stands beside specs/: in the sources below docs/, installed next to it. */
static void find_pages(struct server *server)
{
    static const char *const places[] = {"../docs/rules", "../rules"};
    struct arena *arena = &server->scratch;
    const char *specs = specs_folder(arena);
    for (size_t i = 0; specs && i < sizeof places / sizeof *places && !server->pages; i++) {
        const char *path = path_join(arena, "/", path_join(arena, specs, places[i]));
        const char *uri = path_uri(arena, path);
        if (folder_exists(path))
            server->pages = strcpy(memory_alloc(strlen(uri) + 1), uri);
    }
}

json_t *lsp_initialize(struct server *server, const json_t *params, struct trouble *trouble)
{
    const json_t *client = json_object_get(params, "capabilities");
    const json_t *folders = json_object_get(params, "workspaceFolders");
    size_t i;
    json_t *folder;
    (void)trouble;
    server->utf8 = offers_utf8(client);
    server->snippets = says(client, (const char *[]){"textDocument", "completion", "completionItem",
                                                     "snippetSupport", NULL});
    server->watches = says(client, (const char *[]){"workspace", "didChangeWatchedFiles",
                                                    "dynamicRegistration", NULL});
    server->pictures = says(params, (const char *[]){"initializationOptions", "pictures", NULL});
    server->published = json_object();
    server->versions = json_object();
    server->folders = json_array();
    json_array_foreach(folders, i, folder)
        folder_is_there(server, json_object_get(folder, "uri"), true);
    if (!json_is_array(folders))
        folder_is_there(server, json_object_get(params, "rootUri"), true);
    find_pages(server);
    server->initialized = true;
    json_t *ours = json_loads(capabilities, 0, NULL);
    json_object_set_new(ours, "positionEncoding", json_string(server->utf8 ? "utf-8" : "utf-16"));
    return json_pack("{s:o, s:{s:s, s:s}}", "capabilities", ours, "serverInfo", "name", "flowc",
                     "version", FLOW_VERSION);
}

/* Files that change outside of the editor matter: what is used, and models and pictures. */
static void ask_for_watching(struct server *server)
{
    json_t *watchers = json_pack("[{s:s}]", "globPattern",
                                 "**/*.{flow,yaml,yml,stl,3mf,obj,gcode,sliced,pdf,png,jpg,ini}");
    server_send(server,
                json_pack("{s:i, s:s, s:{s:[{s:s, s:s, s:{s:o}}]}}", "id", ++server->next_id,
                          "method", "client/registerCapability", "params", "registrations", "id",
                          "files", "method", "workspace/didChangeWatchedFiles", "registerOptions",
                          "watchers", watchers));
}

json_t *lsp_initialized(struct server *server, const json_t *params, struct trouble *trouble)
{
    (void)params;
    (void)trouble;
    if (server->watches)
        ask_for_watching(server);
    survey_folders(server);
    return NULL;
}

json_t *lsp_shutdown(struct server *server, const json_t *params, struct trouble *trouble)
{
    (void)params;
    (void)trouble;
    server->shut_down = true;
    return json_null();
}

json_t *lsp_ignore(struct server *server, const json_t *params, struct trouble *trouble)
{
    (void)server;
    (void)params;
    (void)trouble;
    return NULL;
}
