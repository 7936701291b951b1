/* When which file is checked: the document that changed at once, the others that matter when the editor is quiet, and then
   once each file of the workspace, to learn what it uses. */
#include "flowc/lsp/server.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool is_open(const struct server *server, const char *path)
{
    return documents_find(&server->documents, path) != NULL;
}

bool root_is_wanted(const struct server *server, const struct root *root)
{
    if (is_open(server, root->path))
        return true;
    for (int i = 0; i < root->input_count; i++)
        if (is_open(server, root->inputs[i]))
            return true;
    return false;
}

static void keep_inputs(struct root *root, const struct resident *resident)
{
    for (int i = 0; i < root->input_count; i++)
        free(root->inputs[i]);
    root->inputs =
        memory_resize(root->inputs, sizeof *root->inputs * (size_t)(resident->input_count + 1));
    root->input_count = resident->input_count;
    for (int i = 0; i < root->input_count; i++)
        root->inputs[i] =
            strcpy(memory_alloc(strlen(resident->inputs[i]) + 1), resident->inputs[i]);
}

static void check_root(struct server *server, struct root *root)
{
    bool loaded = resident_open(&server->resident, root->path);
    keep_inputs(root, &server->resident);
    root->dirty = false;
    if (loaded && root_is_wanted(server, root))
        take_findings(server, root);
    else
        forget_root(server, root);
    if (!loaded)
        resident_close(&server->resident);
}

/* What was said by it is taken back. */
void forget_root(struct server *server, struct root *root)
{
    struct finding *findings = root->findings;
    int count = root->finding_count;
    root->findings = NULL;
    root->finding_count = 0;
    for (int i = 0; i < count; i++)
        if (i == 0 || strcmp(findings[i].path, findings[i - 1].path))
            publish_all_of(server, findings[i].path);
    root->findings = findings;
    root->finding_count = count;
    root_forget_findings(root);
}

void drop_root(struct server *server, struct root *root)
{
    if (server->edited == root->path)
        server->edited = NULL;
    forget_root(server, root);
    roots_remove(&server->roots, root);
}

struct resident *resident_of(struct server *server, const char *path)
{
    struct root *root = roots_find(&server->roots, path);
    for (int i = 0; !root && i < server->roots.count; i++) /* YAML: by the eyes of who uses it */
        if (root_asks_for(server->roots.items[i], path))
            root = server->roots.items[i];
    if (!root)
        return NULL;
    bool there = server->resident.open && strcmp(server->resident.path, root->path) == 0;
    if (root->dirty || !there)
        check_root(server, root);
    return server->resident.open ? &server->resident : NULL;
}

/* ---- what is to be done ---- */

static struct root *next_root(const struct server *server, enum work *work)
{
    struct root *edited = server->edited ? roots_find(&server->roots, server->edited) : NULL,
                *any = NULL;
    *work = WORK_NOW;
    if (edited && edited->dirty)
        return edited;
    *work = WORK_SOON;
    for (int i = 0; i < server->roots.count; i++) {
        struct root *root = server->roots.items[i];
        if (root->dirty && root_is_wanted(server, root))
            return root;
        if (root->dirty && !any)
            any = root;
    }
    *work = any ? WORK_SOON : WORK_NONE;
    return any;
}

enum work work_waiting(struct server *server)
{
    enum work work;
    next_root(server, &work);
    return work;
}

void work_one(struct server *server)
{
    enum work work;
    struct root *root = next_root(server, &work);
    if (root)
        check_root(server, root);
}

void check_all_roots(struct server *server)
{
    for (int i = 0; i < server->roots.count; i++)
        if (server->roots.items[i]->dirty)
            check_root(server, server->roots.items[i]);
}

/* ---- the workspace ---- */

enum { FILES_AT_MOST = 5000, FOLDERS_DEEP = 12 };

static void survey(struct server *server, const char *folder, int depth)
{
    int count;
    char **names = folder_list(&server->scratch, folder, &count);
    for (int i = 0; i < count && server->roots.count < FILES_AT_MOST; i++) {
        bool hidden = names[i][0] == '.' || strcmp(names[i], "node_modules") == 0;
        const char *path = path_join(&server->scratch, folder, names[i]);
        if (!hidden && path_ends(names[i], ".flow"))
            roots_add(&server->roots, path)->in_folder = true;
        else if (!hidden && depth < FOLDERS_DEEP && folder_exists(path) && !path_is_link(path))
            survey(server, path, depth + 1);
    }
}

void folder_is_there(struct server *server, const json_t *uri, bool there)
{
    const char *path = uri_path(&server->scratch, json_string_value(uri));
    if (!path)
        return;
    for (size_t i = json_array_size(server->folders); i-- > 0;)
        if (strcmp(json_string_value(json_array_get(server->folders, i)), path) == 0)
            json_array_remove(server->folders, i);
    if (there)
        json_array_append_new(server->folders, json_string(path)); /* no Unicode: none */
}

void survey_folders(struct server *server)
{
    size_t i;
    json_t *folder;
    for (int k = 0; k < server->roots.count; k++)
        server->roots.items[k]->in_folder = false;
    json_array_foreach(server->folders, i, folder) survey(server, json_string_value(folder), 0);
    for (int k = server->roots.count; k-- > 0;)
        if (!server->roots.items[k]->in_folder && !is_open(server, server->roots.items[k]->path))
            drop_root(server, server->roots.items[k]);
}
