/* What a spec's diagnostics are in the protocol, and telling the editor. */
#include "flowc/lsp/server.h"

#include "base/memory.h"
#include "source/gather.h"

#include <stdlib.h>
#include <string.h>

enum { TAG_UNNECESSARY = 1 };

/* ---- one diagnostic ---- */

static void add_related(struct server *server, json_t *related, struct span span, const char *text)
{
    json_array_append_new(
        related, json_pack("{s:o, s:s}", "location", span_location(server, span), "message", text));
}

static json_t *related_of(struct server *server, const struct diagnostic *diagnostic)
{
    json_t *related = json_array();
    for (const struct remark *label = diagnostic->labels; label; label = label->next)
        if (label->span.begin)
            add_related(server, related, label->span, label->text);
    for (const struct remark *note = diagnostic->notes; note; note = note->next)
        if (note->span.begin)
            add_related(server, related, note->span, note->text);
    for (int i = 0; i < diagnostic->way_length; i++)
        if (diagnostic->way[i].begin)
            add_related(server, related, diagnostic->way[i],
                        arena_printf(&server->scratch, "step %d of the way that shows it", i + 1));
    return related;
}

/* The message in its first line, then what has no place of its own. */
static const char *message_of(struct server *server, const struct diagnostic *diagnostic)
{
    struct buffer text = {0};
    buffer_add_text(&text, diagnostic->message);
    for (const struct remark *note = diagnostic->notes; note; note = note->next)
        if (!note->span.begin)
            buffer_addf(&text, "\nnote: %s", note->text);
    if (diagnostic->help)
        buffer_addf(&text, "\nhelp: %s", diagnostic->help);
    const char *copy = arena_copy_text(&server->scratch, text.text, text.length);
    buffer_free(&text);
    return copy;
}

static json_t *diagnostic_json(struct server *server, const struct diagnostic *diagnostic)
{
    enum rule rule = diagnostic->rule;
    json_t *json = json_pack(
        "{s:o, s:i, s:s, s:s, s:s}", "range", span_range(server, diagnostic->span), "severity",
        diagnostic->severity == SEVERITY_ERROR ? 1 : 2, "code", rule_rows[rule].name, "source",
        "flowc", "message", message_of(server, diagnostic));
    json_t *related = related_of(server, diagnostic);
    if (server->pages) {
        const char *page =
            arena_printf(&server->scratch, "%s/%s.md", server->pages, rule_rows[rule].name);
        json_object_set_new(json, "codeDescription", json_pack("{s:s}", "href", page));
    }
    if (json_array_size(related))
        json_object_set(json, "relatedInformation", related);
    if (rule == RULE_unused_name || rule == RULE_unused_allow)
        json_object_set_new(json, "tags", json_pack("[i]", TAG_UNNECESSARY));
    json_decref(related);
    return json;
}

/* ---- its fixes ---- */

/* The edits by path. NULL where one is in a file that is not the user's. */
static json_t *edits_json(struct server *server, const struct fix *fix)
{
    const struct source_set *sources = &server->resident.session.sources;
    json_t *by_path = json_object();
    for (const struct edit *edit = fix->edits; edit; edit = edit->next) {
        const struct source *source = source_of(sources, edit->span.begin);
        if (!source || source->shared) {
            json_decref(by_path);
            return NULL;
        }
        json_t *edits = json_object_get(by_path, source->path);
        if (!edits) {
            edits = json_array();
            json_object_set_new(by_path, source->path, edits);
        }
        json_array_append_new(edits, text_edit(span_range(server, edit->span), edit->text));
    }
    return by_path;
}

static json_t *fixes_json(struct server *server, const struct diagnostic *diagnostic)
{
    json_t *fixes = NULL;
    for (const struct fix *fix = diagnostic->fixes; fix; fix = fix->next) {
        json_t *edits = edits_json(server, fix);
        if (!edits)
            continue;
        if (!fixes)
            fixes = json_array();
        json_array_append_new(fixes, json_pack("{s:s, s:b, s:o}", "title", fix->title, "certain",
                                               fix->certainty == FIX_CERTAIN, "edits", edits));
    }
    return fixes;
}

/* ---- a root's findings ---- */

enum { FINDINGS_AT_MOST = 1000 }; /* no one reads more, and editors go slow by them */

static void collect(struct server *server, struct root *root)
{
    const struct diagnostics *list = &server->resident.session.diagnostics;
    const struct source_set *sources = &server->resident.session.sources;
    int count = list->count < FINDINGS_AT_MOST ? list->count : FINDINGS_AT_MOST;
    root->findings = memory_zeroed((size_t)count + 1, sizeof *root->findings);
    for (int i = 0; i < count; i++) {
        const struct source *source = source_of(sources, list->items[i]->span.begin);
        const char *path = source ? source->path : root->path;
        root->findings[root->finding_count++] =
            (struct finding){.path = strcpy(memory_alloc(strlen(path) + 1), path),
                             .diagnostic = diagnostic_json(server, list->items[i]),
                             .fixes = fixes_json(server, list->items[i])};
    }
}

void take_findings(struct server *server, struct root *root)
{
    struct root before = *root;
    root->findings = NULL;
    root->finding_count = 0;
    collect(server, root);
    if (documents_find(&server->documents, root->path))
        publish_all_of(server, root->path); /* said even where nothing is wrong */
    struct root *const both[] = {root, &before};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < both[k]->finding_count; i++) {
            const char *path = both[k]->findings[i].path;
            bool again = i > 0 && strcmp(path, both[k]->findings[i - 1].path) == 0;
            if (!again && strcmp(path, root->path))
                publish_all_of(server, path);
        }
    if (!documents_find(&server->documents, root->path))
        publish_all_of(server, root->path);
    root_forget_findings(&before);
}

/* ---- telling ---- */

static int roots_that_speak_of(const struct server *server, const char *path)
{
    int count = 0;
    for (int i = 0; i < server->roots.count; i++) {
        const struct root *root = server->roots.items[i];
        for (int k = 0; k < root->finding_count; k++)
            if (strcmp(root->findings[k].path, path) == 0) {
                count++;
                break;
            }
    }
    return count;
}

/* What two roots say alike is said once. */
static json_t *all_of(const struct server *server, const char *path)
{
    json_t *all = json_array();
    json_t *seen = roots_that_speak_of(server, path) > 1 ? json_object() : NULL;
    for (int i = 0; i < server->roots.count; i++) {
        const struct root *root = server->roots.items[i];
        for (int k = 0; k < root->finding_count; k++) {
            if (strcmp(root->findings[k].path, path))
                continue;
            char *key = seen ? json_dumps(root->findings[k].diagnostic, JSON_COMPACT) : NULL;
            if (!key || !json_object_get(seen, key))
                json_array_append(all, root->findings[k].diagnostic);
            if (key)
                json_object_set_new(seen, key, json_true());
            free(key);
        }
    }
    json_decref(seen);
    return all;
}

/* The editor hears of an open document whenever it was checked, of others where something changed. */
void publish_all_of(struct server *server, const char *path)
{
    const struct document *document = documents_find(&server->documents, path);
    json_t *all = all_of(server, path), *last = json_object_get(server->published, path);
    bool same = last ? json_equal(all, last) : json_array_size(all) == 0;
    bool told = document && json_integer_value(json_object_get(server->versions, path)) ==
                                document->version + 1;
    if (same && (told || !document)) {
        json_decref(all);
        return;
    }
    json_t *params = json_pack("{s:s, s:O}", "uri", uri_of(server, path), "diagnostics", all);
    if (document) {
        json_object_set_new(params, "version", json_integer(document->version));
        json_object_set_new(server->versions, path, json_integer(document->version + 1));
    }
    json_object_set_new(server->published, path, all);
    server_notify(server, "textDocument/publishDiagnostics", params);
}
