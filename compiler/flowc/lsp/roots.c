#include "flowc/lsp/roots.h"

#include "base/memory.h"
#include "base/sorted.h"

#include <stdlib.h>
#include <string.h>

static const char *path_of(const void *list, int index)
{
    return ((const struct roots *)list)->items[index]->path;
}

static int place_among(const struct roots *roots, const char *path, bool *there)
{
    return sorted_place(roots, roots->count, path_of, path, there);
}

struct root *roots_find(const struct roots *roots, const char *path)
{
    bool there;
    int at = place_among(roots, path, &there);
    return there ? roots->items[at] : NULL;
}

struct root *roots_add(struct roots *roots, const char *path)
{
    bool there;
    int at = place_among(roots, path, &there);
    if (there)
        return roots->items[at];
    if (roots->count == roots->capacity) {
        roots->capacity = roots->capacity ? roots->capacity * 2 : 64;
        roots->items = memory_resize(roots->items, sizeof *roots->items * (size_t)roots->capacity);
    }
    memmove(roots->items + at + 1, roots->items + at,
            sizeof *roots->items * (size_t)(roots->count - at));
    roots->count++;
    struct root *root = roots->items[at] = memory_zeroed(1, sizeof *root);
    root->path = memcpy(memory_alloc(strlen(path) + 1), path, strlen(path) + 1);
    root->dirty = true;
    return root;
}

void root_forget_findings(struct root *root)
{
    for (int i = 0; i < root->finding_count; i++) {
        free(root->findings[i].path);
        json_decref(root->findings[i].diagnostic);
        json_decref(root->findings[i].fixes);
    }
    free(root->findings);
    root->findings = NULL;
    root->finding_count = 0;
}

static void root_free(struct root *root)
{
    root_forget_findings(root);
    for (int i = 0; i < root->input_count; i++)
        free(root->inputs[i]);
    free(root->inputs);
    free(root->path);
    free(root);
}

void roots_remove(struct roots *roots, struct root *root)
{
    bool there;
    int at = place_among(roots, root->path, &there);
    memmove(roots->items + at, roots->items + at + 1,
            sizeof *roots->items * (size_t)(roots->count - at - 1));
    roots->count--;
    root_free(root);
}

void roots_close(struct roots *roots)
{
    for (int i = 0; i < roots->count; i++)
        root_free(roots->items[i]);
    free(roots->items);
    *roots = (struct roots){0};
}

static int by_text(const void *key, const void *item)
{
    return strcmp(key, *(char *const *)item);
}

bool root_asks_for(const struct root *root, const char *path)
{
    return strcmp(root->path, path) == 0 ||
           (root->input_count &&
            bsearch(path, root->inputs, (size_t)root->input_count, sizeof *root->inputs, by_text));
}

void roots_changed(struct roots *roots, const char *path)
{
    for (int i = 0; i < roots->count; i++)
        if (!roots->items[i]->dirty && root_asks_for(roots->items[i], path))
            roots->items[i]->dirty = true;
}
