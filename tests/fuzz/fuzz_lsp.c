/* The language server: bytes on the wire as they come (an input that begins with 'C'); else a text, whose last quarter
   says what an editor does with it. After every session the server must have said what a fresh check says. */
#include "flowc/lsp/server.h"
#include "harness.h"

#include "base/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/program.h"

const struct program program = {.name = "fuzz"};

static const char uri[] = "file:///fuzz/fuzz.flow";

static void send(struct server *server, const char *method, json_t *params, bool request)
{
    static int id;
    struct buffer framed = {0};
    json_t *message = json_pack("{s:s, s:o}", "method", method, "params", params);
    if (request)
        json_object_set_new(message, "id", json_integer(++id));
    char *text = json_dumps(message, JSON_COMPACT);
    require(text != NULL);
    buffer_addf(&framed, "Content-Length: %zu\r\n\r\n", strlen(text));
    buffer_add_text(&framed, text);
    server_take(server, framed.text, framed.length);
    buffer_free(&framed);
    free(text);
    json_decref(message);
}

static void greet(struct server *server, bool utf8)
{
    send(server, "initialize",
         json_pack("{s:{s:{s:[s]}, s:{s:{s:{s:b}}}}}", "capabilities", "general",
                   "positionEncodings", utf8 ? "utf-8" : "utf-16", "textDocument", "completion",
                   "completionItem", "snippetSupport", utf8),
         true);
}

/* ---- bytes on the wire ---- */

static void fuzz_wire(const uint8_t *bytes, size_t length)
{
    struct server server = {.in = -1, .out = -1};
    size_t cut = length / 3; /* it comes in two pieces */
    if (length % 2)
        greet(&server, length % 4 == 1);
    server_take(&server, (const char *)bytes, cut);
    server_take(&server, (const char *)bytes + cut, length - cut);
    server_close(&server);
}

/* ---- an editor ---- */

struct session_of_editor {
    struct server server;
    const uint8_t *script;
    size_t left;
};

static uint32_t next_number(struct session_of_editor *session)
{
    uint32_t number = 0;
    for (int i = 0; i < 2 && session->left; i++, session->left--)
        number = number << 8 | *session->script++;
    return number;
}

static json_t *next_place(struct session_of_editor *session)
{
    const struct document *document = documents_find(&session->server.documents, "/fuzz/fuzz.flow");
    struct document *open = (struct document *)(uintptr_t)document;
    uint32_t offset = next_number(session), length = (uint32_t)document->text.length;
    if (offset % 17 == 0) /* nowhere */
        return json_pack("{s:i, s:i}", "line", (int)offset, "character", (int)offset * 3);
    return place_json(
        place_of(document_lines(open), length ? offset % (length + 1) : 0, session->server.utf8));
}

static json_t *next_range(struct session_of_editor *session)
{
    json_t *begin = next_place(session);
    return json_pack("{s:o, s:o}", "start", begin, "end", next_place(session));
}

static void change(struct session_of_editor *session)
{
    static const char *const pieces[] = {
        "{", "}", "\"", "\n",   " ",      "x",          "->",          "1", " mm", "by ",
        "#", ".", "é",  "\r\n", "\"\"\"", "part p {\n", "let a = a\n", ";", "(",   "😀"};
    uint32_t number = next_number(session);
    const char *text = pieces[number % (sizeof pieces / sizeof *pieces)];
    json_t *range = number % 3 ? next_range(session) : NULL;
    if (!range) {
        json_t *place = next_place(session);
        range = json_pack("{s:O, s:o}", "start", place, "end", place);
    }
    send(&session->server, "textDocument/didChange",
         json_pack("{s:{s:s, s:i}, s:[{s:o, s:s}]}", "textDocument", "uri", uri, "version",
                   (int)session->left, "contentChanges", "range", range, "text", text),
         false);
}

static void ask(struct session_of_editor *session, const struct method *method)
{
    json_t *params =
        json_pack("{s:{s:s}, s:o, s:o, s:s, s:s, s:{s:b}}", "textDocument", "uri", uri, "position",
                  next_place(session), "range", next_range(session), "newName", "renamed", "query",
                  "a", "context", "includeDeclaration", 1);
    send(&session->server, method->name, params, !method->notification);
}

static bool is_of_the_end(const char *name)
{
    return !strcmp(name, "initialize") || !strcmp(name, "shutdown") || strstr(name, "didClose") ||
           strstr(name, "didOpen") || strstr(name, "didChange");
}

/* What the server said last is what a check of the text says. */
static void compare(struct server *server)
{
    struct session fresh;
    const struct root *root = roots_find(&server->roots, "/fuzz/fuzz.flow");
    inputs_stand_in(server->documents.texts, server->documents.count);
    require(session_load(&fresh, "/fuzz/fuzz.flow"));
    inputs_stand_in(NULL, 0);
    diagnostics_sort(&fresh.diagnostics, &fresh.sources);
    require(root && !root->dirty && root->finding_count == fresh.diagnostics.count);
    for (int i = 0; i < root->finding_count; i++) {
        const json_t *said = root->findings[i].diagnostic;
        const struct diagnostic *expected = fresh.diagnostics.items[i];
        require(!strcmp(json_string_value(json_object_get(said, "code")),
                        rule_rows[expected->rule].name));
        require(!strncmp(json_string_value(json_object_get(said, "message")), expected->message,
                         strlen(expected->message)));
    }
    session_close(&fresh);
}

static void fuzz_editor(const uint8_t *bytes, size_t length)
{
    size_t script = length / 4 < 160 ? length / 4 : 160;
    struct session_of_editor session = {{.in = -1, .out = -1}, bytes + length - script, script};
    json_t *text = json_stringn((const char *)bytes, length - script);
    if (!text) /* an editor sends Unicode */
        return;
    greet(&session.server, script % 2);
    send(&session.server, "initialized", json_object(), false);
    send(&session.server, "textDocument/didOpen",
         json_pack("{s:{s:s, s:s, s:i, s:o}}", "textDocument", "uri", uri, "languageId", "flow",
                   "version", 1, "text", text),
         false);
    while (session.left) {
        uint32_t number = next_number(&session);
        const struct method *method = &methods[number % (uint32_t)method_count];
        if (number % 2 || is_of_the_end(method->name))
            change(&session);
        else
            ask(&session, method);
    }
    /* the last key is not yet followed by a pause */
    compare(&session.server);
    server_close(&session.server);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length && *bytes == 'C')
        fuzz_wire(bytes, length);
    else if (length < 8000)
        fuzz_editor(bytes, length);
    return 0;
}
