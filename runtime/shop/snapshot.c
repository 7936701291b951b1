#include "shop/snapshot.h"

#include "base/file.h"
#include "base/inputs.h"
#include "base/sink.h"
#include "emit/emit.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Files of the shop and modules may not mix: a module is found by its name, whatever stands beside the spec. */
static const char in_shop[] = "spec", in_modules[] = "modules", manifest_name[] = "manifest.json";

struct kept_file {
    const char *from; /* an absolute path */
    const char *name; /* in the snapshot: "spec/shop.flow" */
    char sha256[65];
};

struct keeping {
    struct arena arena;
    const char *main; /* its absolute path */
    struct kept_file *files;
    int count, capacity;
    const char **module_folders; /* absolute, of specs/ and FLOW_PATH */
    int module_folder_count;
    bool refused; /* the spec is at fault */
};

/* ---- what was read ---- */

static const char *absolute(struct arena *arena, const char *path)
{
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here))
        strcpy(here, "/");
    return path_join(arena, here, path);
}

static void note(void *context, const char *path, const struct file_mark *mark)
{
    struct keeping *keeping = context;
    if (!mark->exists || mark->folder)
        return;
    const char *from = absolute(&keeping->arena, path);
    for (int i = 0; i < keeping->count; i++)
        if (strcmp(keeping->files[i].from, from) == 0)
            return;
    if (keeping->count == keeping->capacity) {
        keeping->capacity = keeping->capacity ? 2 * keeping->capacity : 16;
        struct kept_file *files = ARENA_ARRAY(&keeping->arena, struct kept_file, keeping->capacity);
        if (keeping->count)
            memcpy(files, keeping->files, sizeof *files * (size_t)keeping->count);
        keeping->files = files;
    }
    keeping->files[keeping->count++] = (struct kept_file){.from = from};
}

static bool errors_of(struct keeping *keeping, const struct session *session, const char *path,
                      struct failure *failure)
{
    int errors = session->diagnostics.errors;
    keeping->refused = errors > 0;
    return errors && !fail(failure, "%s has %d error%s; `flowc check` shows %s", path, errors,
                           errors == 1 ? "" : "s", errors == 1 ? "it" : "them");
}

/* Compiles, and takes the fingerprint of each product, since that reads the files that approvals stand on. */
static bool compile(struct keeping *keeping, struct session *session, const char *path,
                    struct failure *failure)
{
    char fingerprint[65];
    if (!session_load(session, path)) {
        *failure = session->failure;
        return false;
    }
    if (errors_of(keeping, session, path, failure))
        return false;
    for (int i = 0; i < session->spec->product_count; i++)
        if (!product_fingerprint(session->spec, session->spec->products[i], fingerprint, failure))
            return false;
    return true;
}

static bool compile_and_note(struct keeping *keeping, const char *path, struct failure *failure)
{
    struct session session;
    inputs_listen(note, keeping);
    bool good = compile(keeping, &session, path, failure);
    inputs_listen(NULL, NULL);
    session_close(&session);
    return good;
}

/* ---- where it goes ---- */

/* How much of the path is the folder and the '/' behind it, 0 if it stands elsewhere. */
static size_t inside(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    while (length && folder[length - 1] == '/')
        length--;
    return strncmp(path, folder, length) == 0 && path[length] == '/' ? length + 1 : 0;
}

static void add_module_folder(struct keeping *keeping, const char *folder)
{
    keeping->module_folders[keeping->module_folder_count++] = absolute(&keeping->arena, folder);
}

static void find_module_folders(struct keeping *keeping)
{
    const char *rest = getenv("FLOW_PATH"), *specs = specs_folder(&keeping->arena);
    size_t most = rest ? strlen(rest) + 2 : 2;
    keeping->module_folders = ARENA_ARRAY(&keeping->arena, const char *, most);
    if (specs)
        add_module_folder(keeping, specs);
    while (rest && *rest) {
        size_t length = strcspn(rest, ":");
        if (length)
            add_module_folder(keeping, arena_copy_text(&keeping->arena, rest, length));
        rest += length + (rest[length] == ':');
    }
}

static const char *module_name(const struct keeping *keeping, const char *path)
{
    for (int i = 0; i < keeping->module_folder_count; i++) {
        size_t length = inside(path, keeping->module_folders[i]);
        if (length && !inside(keeping->main, keeping->module_folders[i]))
            return path + length;
    }
    return NULL;
}

/* How much of the paths of the shop's files is the same folder. */
static size_t common_folder(const struct keeping *keeping)
{
    size_t length = strlen(keeping->main);
    for (int i = 0; i < keeping->count; i++) {
        const char *path = keeping->files[i].from;
        size_t same = 0;
        if (module_name(keeping, path))
            continue;
        while (same < length && path[same] == keeping->main[same])
            same++;
        length = same;
    }
    while (length && keeping->main[length - 1] != '/')
        length--;
    return length;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct kept_file *)a)->name, ((const struct kept_file *)b)->name);
}

/* Names every file within the snapshot, and the snapshot by all of them. */
static bool name_files(struct keeping *keeping, char name[65], struct failure *failure)
{
    size_t common = common_folder(keeping);
    struct buffer all = {0};

    for (int i = 0; i < keeping->count; i++) {
        struct kept_file *file = &keeping->files[i];
        const char *module = module_name(keeping, file->from);
        file->name = arena_printf(&keeping->arena, "%s/%s", module ? in_modules : in_shop,
                                  module ? module : file->from + common);
        if (!file_sha256(file->from, file->sha256, failure))
            return false;
    }
    qsort(keeping->files, (size_t)keeping->count, sizeof *keeping->files, by_name);
    buffer_addf(&all, "%s\n", keeping->main + common);
    for (int i = 0; i < keeping->count; i++)
        buffer_addf(&all, "%s  %s\n", keeping->files[i].sha256, keeping->files[i].name);
    sha256_hex(all.text, all.length, name);
    buffer_free(&all);
    return true;
}

/* ---- writing ---- */

static bool write_manifest(struct keeping *keeping, const char *folder, struct failure *failure)
{
    json_t *files = json_array(), *manifest = json_object();
    size_t common = common_folder(keeping);
    for (int i = 0; i < keeping->count; i++)
        json_array_append_new(files, json_pack("{ssss}", "name", keeping->files[i].name, "sha256",
                                               keeping->files[i].sha256));
    json_object_set_new(manifest, "main", json_sprintf("%s/%s", in_shop, keeping->main + common));
    json_object_set_new(manifest, "files", files);
    char *text = json_dumps(manifest, JSON_INDENT(2));
    bool good =
        file_write(path_join(&keeping->arena, folder, manifest_name), text, strlen(text), failure);
    free(text);
    json_decref(manifest);
    return good;
}

static bool write_files(struct keeping *keeping, const char *folder, struct failure *failure)
{
    for (int i = 0; i < keeping->count; i++)
        if (!file_copy(keeping->files[i].from,
                       path_join(&keeping->arena, folder, keeping->files[i].name), failure))
            return false;
    return write_manifest(keeping, folder, failure);
}

/* The copy must be whole: compiled, it asks for nothing that stands outside. */
static bool stands_alone(struct keeping *keeping, const char *shelf, const char *name,
                         struct failure *failure)
{
    struct keeping again = {0};
    struct session session;
    const char *folder = absolute(&keeping->arena, path_join(&keeping->arena, shelf, name));

    find_module_folders(&again);
    inputs_listen(note, &again);
    bool good = snapshot_open(shelf, name, &session, failure) &&
                !errors_of(keeping, &session, "its copy", failure);
    inputs_listen(NULL, NULL);
    session_close(&session);
    for (int i = 0; good && i < again.count; i++)
        if (!inside(again.files[i].from, folder) && !module_name(&again, again.files[i].from)) {
            keeping->refused = true;
            good = fail(failure,
                        "%s is named by its full path; a spec that is adopted names its files "
                        "from where it stands itself",
                        again.files[i].from);
        }
    arena_free(&again.arena);
    return good;
}

/* Under a name that is not yet its own: what is half there is no snapshot. */
static bool write_snapshot(struct keeping *keeping, const char *shelf, const char *name,
                           struct failure *failure)
{
    const char *unfinished = arena_printf(&keeping->arena, "unfinished-%ld", (long)getpid());
    const char *at = path_join(&keeping->arena, shelf, unfinished);
    const char *to = path_join(&keeping->arena, shelf, name);
    bool good = folder_create(at, failure) && write_files(keeping, at, failure) &&
                stands_alone(keeping, shelf, unfinished, failure);
    if (good && rename(at, to) != 0 && !folder_exists(to))
        good = fail(failure, "%s cannot be made: %s", to, strerror(errno));
    folder_remove(at); /* where it was never finished */
    return good;
}

bool snapshot_keep(const char *folder, const char *path, char name[65], bool *refused,
                   struct failure *failure)
{
    struct keeping keeping = {0};
    bool good = compile_and_note(&keeping, path, failure);

    keeping.main = absolute(&keeping.arena, path);
    find_module_folders(&keeping);
    good = good && name_files(&keeping, name, failure);
    if (good && !folder_exists(path_join(&keeping.arena, folder, name)))
        good = write_snapshot(&keeping, folder, name, failure);
    *refused = keeping.refused;
    arena_free(&keeping.arena);
    return good;
}

/* ---- reading ---- */

/* The main file's path in the arena; NULL with a failure where anything is not as it was kept. */
static const char *check_files(struct arena *arena, const char *folder, struct failure *failure)
{
    json_error_t error;
    const char *path = path_join(arena, folder, manifest_name), *main_name = NULL;
    json_t *manifest = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    json_t *files = json_object_get(manifest, "files"), *file;
    size_t i;
    bool good = json_is_string(json_object_get(manifest, "main")) && json_is_array(files);

    if (!good)
        fail(failure, "%s is missing or damaged: restore it from a backup", path);
    json_array_foreach(files, i, file)
    {
        const char *name = json_string_value(json_object_get(file, "name"));
        const char *expected = json_string_value(json_object_get(file, "sha256"));
        char found[65];
        if (!good)
            break;
        if (!name || !expected || strstr(name, ".."))
            good = fail(failure, "%s is damaged: restore it from a backup", path);
        else if (!file_sha256(path_join(arena, folder, name), found, failure))
            good = false;
        else if (strcmp(found, expected) != 0)
            good = fail(failure, "%s was changed since it was adopted: restore it from a backup",
                        path_join(arena, folder, name));
    }
    if (good)
        main_name = path_join(arena, folder, json_string_value(json_object_get(manifest, "main")));
    json_decref(manifest);
    return main_name;
}

bool snapshot_open(const char *folder, const char *name, struct session *session,
                   struct failure *failure)
{
    struct arena arena = {0};
    const char *kept = path_join(&arena, folder, name);
    const char *path = check_files(&arena, kept, failure);
    bool good = false;

    *session = (struct session){0};
    if (path) {
        spec_modules_from(path_join(&arena, kept, in_modules));
        good = session_load(session, path);
        spec_modules_from(NULL);
        if (!good)
            *failure = session->failure;
    }
    arena_free(&arena);
    return good;
}
