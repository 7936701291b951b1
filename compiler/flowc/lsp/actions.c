/* codeAction and formatting: edits. The fixes are those of `flowc check --fix`, and those it does not dare. */
#include "flowc/lsp/methods.h"
#include "flowc/lsp/parsed.h"
#include "syntax/format.h"

#include <string.h>

/* ---- fixes ---- */

/* The editor's edit from edits by path. */
static json_t *workspace_edit(struct server *server, const json_t *by_path)
{
    json_t *changes = json_object(), *edits;
    const char *path;
    json_object_foreach((json_t *)(uintptr_t)by_path, path, edits)
        json_object_set(changes, uri_of(server, path), edits);
    return json_pack("{s:o}", "changes", changes);
}

static bool before(struct place a, struct place b)
{
    return a.line != b.line ? a.line < b.line : a.character < b.character;
}

static bool overlap(const json_t *a, const json_t *b)
{
    struct place a_begin = place_read(json_object_get(a, "start"));
    struct place a_end = place_read(json_object_get(a, "end"));
    struct place b_begin = place_read(json_object_get(b, "start"));
    struct place b_end = place_read(json_object_get(b, "end"));
    return !before(a_end, b_begin) && !before(b_end, a_begin);
}

/* Whether the editor asked for actions of this kind: it names them, or what they are below. */
static bool wants(const json_t *context, const char *kind)
{
    const json_t *only = json_object_get(context, "only");
    size_t i;
    json_t *wanted;
    if (!json_is_array(only))
        return true;
    json_array_foreach(only, i, wanted)
    {
        const char *name = json_string_value(wanted);
        size_t length = name ? strlen(name) : 0;
        if (name && !strncmp(kind, name, length) && (!kind[length] || kind[length] == '.'))
            return true;
    }
    return false;
}

static void add_fixes(struct server *server, const struct finding *finding, json_t *actions)
{
    size_t i;
    json_t *fix;
    json_array_foreach(finding->fixes, i, fix)
    {
        json_t *action = json_pack("{s:O, s:s, s:[O], s:o}", "title", json_object_get(fix, "title"),
                                   "kind", "quickfix", "diagnostics", finding->diagnostic, "edit",
                                   workspace_edit(server, json_object_get(fix, "edits")));
        if (json_is_true(json_object_get(fix, "certain")))
            json_object_set_new(action, "isPreferred", json_true());
        json_array_append_new(actions, action);
    }
}

/* All edits that are certain, of this document; of two at one place the first. */
static void add_certain(const struct finding *finding, const char *path, json_t *all)
{
    size_t i, k, n;
    json_t *fix, *edit, *other;
    json_array_foreach(finding->fixes, i, fix)
    {
        if (!json_is_true(json_object_get(fix, "certain")))
            continue;
        json_array_foreach(json_object_get(json_object_get(fix, "edits"), path), k, edit)
        {
            bool free_place = true;
            json_array_foreach(all, n, other) free_place &=
                !overlap(json_object_get(other, "range"), json_object_get(edit, "range"));
            if (free_place)
                json_array_append(all, edit);
        }
    }
}

static void add_fix_all(struct server *server, const struct document *document, json_t *all,
                        json_t *actions)
{
    json_t *by_path = json_pack("{s:O}", document->path, all);
    json_array_append_new(
        actions, json_pack("{s:s, s:s, s:o}", "title", "Apply all fixes that are certain", "kind",
                           "source.fixAll.flowc", "edit", workspace_edit(server, by_path)));
    json_decref(by_path);
}

json_t *lsp_code_action(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    const json_t *range = json_object_get(params, "range");
    const json_t *context = json_object_get(params, "context");
    if (!asked_spec(server, params, &asked, trouble))
        return NULL;
    json_t *actions = json_array(), *all = json_array();
    for (int i = 0; i < server->roots.count; i++) {
        const struct root *root = server->roots.items[i];
        for (int k = 0; !root->dirty && k < root->finding_count; k++) {
            const struct finding *finding = &root->findings[k];
            if (strcmp(finding->path, asked.document->path))
                continue;
            add_certain(finding, finding->path, all);
            if (wants(context, "quickfix") && json_is_object(range) &&
                overlap(json_object_get(finding->diagnostic, "range"), range))
                add_fixes(server, finding, actions);
        }
    }
    if (json_array_size(all) && wants(context, "source.fixAll.flowc"))
        add_fix_all(server, asked.document, all, actions);
    json_decref(all);
    return actions;
}

/* ---- formatting ---- */

/* One edit of the lines that differ. */
static json_t *difference(struct server *server, struct document *document,
                          const struct buffer *laid)
{
    const char *old = buffer_text(&document->text), *new = buffer_text(laid);
    size_t old_length = document->text.length, new_length = laid->length, same = 0, tail = 0;
    while (same < old_length && same < new_length && old[same] == new[same])
        same++;
    if (same == old_length && same == new_length)
        return json_array();
    while (same && old[same - 1] != '\n')
        same--;
    while (tail < old_length - same && tail < new_length - same &&
           old[old_length - 1 - tail] == new[new_length - 1 - tail])
        tail++;
    while (tail && old[old_length - tail - 1] != '\n')
        tail--;
    json_t *text = json_stringn(new + same, new_length - same - tail);
    json_t *range = lined_range(server, document_lines(document), (uint32_t)same,
                                (uint32_t)(old_length - tail));
    return json_pack("[{s:o, s:o}]", "range", range, "newText", text);
}

json_t *lsp_formatting(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct document *document = asked_document(server, params, trouble);
    struct buffer laid = {0};
    struct parsed parsed;
    json_t *edits = NULL;
    if (!document)
        return NULL;
    if (is_yaml(document->path))
        return json_null();
    parsed_open(&parsed, document);
    parsed.unheard = (struct diagnostics){.arena = &parsed.arena}; /* it is read once more */
    if (format_source(parsed.source, &parsed.arena, &parsed.names, &parsed.unheard, &laid))
        edits = difference(server, document, &laid);
    parsed_close(&parsed);
    buffer_free(&laid);
    return edits ? edits
                 : refuse(trouble, RPC_REQUEST_FAILED, "a file with syntax errors is not laid out");
}
